from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import pytest

from multivector.errors import InputError, OutOfCoverage
from multivector.measures.sanctions_signal import ReexportSignal
from multivector.panel import Panel
from multivector.runner import Runner
from multivector.step import Inputs, Step
from multivector.variable import Coverage, Key, Variable, span

from .trade_toys import Exports, Reports

YEARS = range(2016, 2024)
CAME = (10.0, 10.0, 10.0, 11.0, 10.0, 12.0, 25.0, 30.0)
WENT = (4.0, 4.0, 4.0, 4.0, 3.0, 5.0, 12.0, 30.0)


@dataclass(frozen=True)
class Rates(Step[Panel]):
    usd_per_eur: float = 1.1

    def compute(self, get: Inputs) -> Panel:
        frame = pl.DataFrame({"year": [*YEARS], "usd_per_eur": [self.usd_per_eur] * len(YEARS)})
        rate = Variable("usd_per_eur", "Rate", "USD per EUR", Coverage(span(2016, 2023)))
        return Panel(frame, Key("year", ("year",)), (rate,))


def signal(came: tuple[float, ...] = CAME, **choices: object) -> ReexportSignal:
    supplied = Exports(
        tuple(("EU27_2020", "KGZ", y, v) for y, v in zip(YEARS, came, strict=True)),
        unit="million current EUR",
    )
    delivered = Reports(
        tuple(("RUS", "KGZ", y, -1.0, v) for y, v in zip(YEARS, WENT, strict=True)),
        years=(2016, 2023),
    )
    return ReexportSignal(supplied, delivered, Rates(), focal="KGZ", **choices)  # type: ignore[arg-type]


def test_by_hand(run: Runner) -> None:
    """2022: imports up by 15 × 1.1 million USD, exports by 8: 8/11. 2023: 22/11 against 26."""
    found = run(signal())
    assert found.at(figure="signal", year=2022).value == pytest.approx(8 / 11)
    assert found.at(figure="signal", year=2023).value == pytest.approx(22 / 11)
    assert found.at(figure="signal", year=2020).value == 0
    assert found.at(figure="excess exports", year=2020).value == pytest.approx(-0.25)
    assert found.at(figure="excess imports", year=2023).value == pytest.approx(2.0)
    period = dict(found.cells.select("year", "period").iter_rows())
    assert period == {
        2016: "base",
        2017: "base",
        2018: "base",
        2019: "placebo",
        2020: "placebo",
        2021: "placebo",
        2022: "after",
        2023: "after",
    }
    assert "target reports" in found.variant


def test_only_what_both_flows_show_counts(run: Runner) -> None:
    flat = run(signal(came=(10.0,) * 8))
    assert (flat.select(figure="signal").draws == 0).all()


def test_base_years_that_are_not_there_are_refused(run: Runner) -> None:
    with pytest.raises(OutOfCoverage, match="2016–2023"):
        run(signal(base=(2014, 2018)))
    with pytest.raises(InputError, match="does not end before"):
        signal(base=(2016, 2022))
    with pytest.raises(InputError):
        signal(told_by="nobody")
