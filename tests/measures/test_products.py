"""Products: concentration and complementarity against loops, on a table made by hand."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector.errors import InputError
from multivector.measures.products import ProductConcentration, TradeComplementarity
from multivector.panel import Panel
from multivector.runner import Runner
from multivector.stats.dependence import complementarity
from multivector.step import Inputs, Step
from multivector.variable import Coverage, Key, Variable

from .trade_toys import origin

Rows = tuple[tuple[str, str, float | None, float | None], ...]
TOY: Rows = (  # state, product, exports, imports
    ("KAZ", "2709", 60.0, None),
    ("KAZ", "7403", 30.0, 1.0),
    ("KAZ", "8703", 10.0, 39.0),
    ("CHN", "2709", None, 50.0),
    ("CHN", "8703", 80.0, 20.0),
    ("CHN", "8471", 20.0, 30.0),
    ("DEU", "8703", 5.0, 2.0),
    ("FRA", "2709", None, 8.0),
)


@dataclass(frozen=True)
class Products(Step[Panel]):
    """Exports and imports by state, product and year."""

    rows: tuple[tuple[str, str, float | None, float | None], ...] = TOY

    def compute(self, get: Inputs) -> Panel:
        names = ("exports_product_kusd", "imports_product_kusd")
        frame = pl.DataFrame(
            [(s, k, 2019, x, m) for s, k, x, m in self.rows],
            {"state": pl.String, "product": pl.String, "year": pl.Int64}
            | dict.fromkeys(names, pl.Float64),
            orient="row",
        )
        return Panel(
            frame,
            Key("state-product-year", ("state", "product", "year")),
            tuple(
                Variable(n, n, "thousand current USD", Coverage((2019,)), origins=(origin("hs"),))
                for n in names
            ),
        )


def shares(state: str, side: int) -> dict[str, float]:
    values = {k: (x, m)[side - 2] for s, k, x, m in TOY if s == state}
    known = {k: v for k, v in values.items() if v is not None}
    return {k: v / sum(known.values()) for k, v in known.items()}


@pytest.mark.parametrize(("flow", "side"), [("exports", 2), ("imports", 3)])
def test_concentration_by_loops(run: Runner, flow: str, side: int) -> None:
    step = ProductConcentration(products=Products(), focal="KAZ", flow=flow)  # type: ignore[arg-type]
    found = run(step)
    p = shares("KAZ", side)
    n = len({row[1] for row in TOY})
    entropy = -sum(v * math.log(v) for v in p.values())
    assert found.at(figure="hhi").value == pytest.approx(sum(v * v for v in p.values()))
    assert found.at(figure="theil").value == pytest.approx((math.log(n) - entropy) / math.log(n))


def test_complementarity_by_loops(run: Runner) -> None:
    """Michaely's index in both directions, also with a bloc, which is the sum over its members."""
    step = TradeComplementarity(
        products=Products(), focal="KAZ", partners=("CHN", "EU27_2020", "UZB")
    )
    found = run(step)
    europe = {"2709": 8 / 10, "8703": 2 / 10}
    for partner, flow, x, m in (
        ("CHN", "exports", shares("KAZ", 2), shares("CHN", 3)),
        ("CHN", "imports", shares("CHN", 2), shares("KAZ", 3)),
        ("EU27_2020", "exports", shares("KAZ", 2), europe),
        ("EU27_2020", "imports", {"8703": 1.0}, shares("KAZ", 3)),
    ):
        apart = sum(abs(m.get(k, 0.0) - x.get(k, 0.0)) for k in {*x, *m})
        assert found.at(partner=partner, flow=flow).value == pytest.approx(1 - apart / 2)
    assert found.at(partner="UZB", flow="exports").value is None  # no record, not zero


def test_groups_and_overlaps_are_refused() -> None:
    with pytest.raises(InputError, match="is a group"):
        ProductConcentration(products=Products(), focal="EU27_2020")
    with pytest.raises(InputError, match="overlap"):
        TradeComplementarity(products=Products(), focal="KAZ", partners=("DEU", "EU27_2020"))


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), min_size=1, max_size=12))
def test_complementarity_is_the_overlap_of_the_two_mixes(values: list[tuple[float, float]]) -> None:
    x, m = np.array(values).T
    if x.sum() < 1e-3 or m.sum() < 1e-3:
        return
    found = complementarity(x, m).item()
    assert found == pytest.approx(np.minimum(x / x.sum(), m / m.sum()).sum(), abs=1e-9)
    assert found == pytest.approx(complementarity(m, x).item(), abs=1e-9)
    assert complementarity(7 * x, m).item() == pytest.approx(found, abs=1e-9)
    assert complementarity(x, x).item() == pytest.approx(1.0)
