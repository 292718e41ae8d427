"""Exposure to a commodity's price, by hand; vulnerability to losing a partner, by hand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from statistics import stdev
from typing import Any

import polars as pl
import pytest

from multivector.errors import InputError, UnknownName
from multivector.measures.commodity import CommodityExposure
from multivector.measures.dependence import TradeVulnerability
from multivector.panel import Panel
from multivector.runner import Runner
from multivector.step import Inputs, Step
from multivector.variable import Coverage, Key, Variable, span

from .trade_toys import Exports, Sizes, Totals, origin

PRICES = {1996: 20.0, 1997: 19.0, 1998: 13.0, 1999: 18.0, 2000: 28.0}
TRADE = Exports(
    (
        ("KAZ", "RUS", 2000, 30.0),
        ("RUS", "KAZ", 2000, 50.0),
        ("KAZ", "CHN", 2000, 20.0),
        ("CHN", "RUS", 2000, 100.0),
        ("RUS", "CHN", 2000, 40.0),
    )
)
TOTALS = Totals((("KAZ", 2000, 50.0, 50.0), ("RUS", 2000, 90.0, 130.0), ("CHN", 2000, 100.0, 60.0)))
KAZ: dict[str, Any] = {
    "focal": "KAZ",
    "trade": TRADE,
    "totals": TOTALS,
    "output": Sizes((("KAZ", 2000, 1e6),)),
}


@dataclass(frozen=True)
class Prices(Step[Panel]):
    """Annual prices of oil."""

    def compute(self, get: Inputs) -> Panel:
        price = Variable(
            "price_usd", "Price", "current USD per unit", Coverage(span(1996, 2000)),
            origins=(origin("prices"),),
        )  # fmt: skip
        rows = [("Crude oil, average", y, p) for y, p in PRICES.items()]
        schema = {"commodity": pl.String, "year": pl.Int64, "price_usd": pl.Float64}
        frame = pl.DataFrame(rows, schema, orient="row")
        return Panel(frame, Key("commodity-year", ("commodity", "year")), (price,))


def exposure(**more: Any) -> CommodityExposure:
    return CommodityExposure(**KAZ, prices=Prices(), window=4, **more)


def test_exposure_by_hand(run: Runner) -> None:
    """SD of four log changes; half of exports (50 thousand USD) of a GDP of a million."""
    series = list(PRICES.values())
    swing = stdev(math.log(b / a) for a, b in pairwise(series))
    found = run(exposure(share=(0.4, 0.5, 0.6), share_source="a yearbook"))
    assert found.at(figure="price").value == pytest.approx(swing)
    assert found.at(figure="exports").value == pytest.approx(0.5 * swing)
    assert found.at(figure="output").value == pytest.approx(0.5 * swing * 0.05)
    cell = found.at(figure="exports")
    assert cell.low is not None
    assert cell.high is not None
    assert 0.4 * swing < cell.low < cell.high < 0.6 * swing
    (choice,) = (o for o in found.origins if o.kind == "assumption")
    assert "a yearbook" in choice.version


def test_without_a_share_only_the_price_is_known(run: Runner) -> None:
    found = run(exposure())
    assert found.at(figure="price").known
    assert not found.at(figure="exports").known
    assert "not stated" in found.at(figure="output").note
    longer = run(CommodityExposure(**KAZ, prices=Prices(), window=5, share=(0.5, 0.5, 0.5)))
    assert not longer.at(figure="price").known  # no price of 1995


def test_bad_choices_are_refused(run: Runner) -> None:
    with pytest.raises(InputError, match="from 0 to 1"):
        exposure(share=(0.5, 0.4, 0.6))
    with pytest.raises(InputError, match="at least 3"):
        CommodityExposure(focal="KAZ", window=2)
    with pytest.raises(UnknownName, match="Crude oil, average"):
        run(exposure(commodity="Crude oil, averages"))


def test_vulnerability_by_hand(run: Runner) -> None:
    """Exports to Russia 30 of 240 traded; GDP 1,000 (thousand USD)."""
    found = run(TradeVulnerability(**KAZ, partners=("RUS", "CHN")))
    sold = 30 / 1000 * 130 / (240 - 50)  # Russia buys 130 of what others than Kazakhstan buy
    bought = 50 / 1000 * 90 / (240 - 50)
    assert found.at(partner="RUS", flow="exports").value == pytest.approx(sold)
    assert found.at(partner="RUS", flow="imports").value == pytest.approx(bought)
    assert found.at(partner="CHN", flow="imports").value is None  # not recorded, not zero
