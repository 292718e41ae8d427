"""Sanctions exposure: sides of cases by hand, groups, kinds, years outside, and real cases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from multivector.errors import InputError
from multivector.measures.dependence import TradeShare
from multivector.measures.sanctions_exposure import SanctionsExposure
from multivector.panel import Panel
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.step import Inputs, Step
from multivector.variable import Coverage, Key, Variable, span

from .trade_toys import Exports, Totals, origin

TRADE = Exports(
    tuple(
        row
        for year in (2013, 2014, 2024)
        for row in (
            ("KAZ", "RUS", year, 40.0),
            ("KAZ", "DEU", year, 30.0),
            ("KAZ", "FRA", year, 10.0),
            ("KAZ", "CHN", year, 15.0),
            ("KAZ", "USA", year, 5.0),
            ("RUS", "DEU", year, 7.0),
            ("DEU", "FRA", year, 7.0),
            ("FRA", "KAZ", year, 0.0),
        )
    )
)
TOTALS = Totals((("KAZ", 2014, 100.0, 0.0),))
CASES = (  # case, sender, target, began, ended, trade, financial, travel
    (1, "USA", "RUS", 2014, 2023, 0, 1, 0),
    (2, "EU", "RUS", 2014, 2023, 1, 0, 0),
    (3, "RUS", "EU", 2014, 2023, 1, 0, 0),
    (4, "USA", "CHN", 1990, 2013, 1, 0, 0),
    (5, "CHN", "USA", 2014, 2023, 0, 0, 1),
    (6, "UN", "PRK", 2006, 2023, 1, 0, 0),
    (7, None, "CHN", 2014, 2014, 1, 0, 0),
)
KINDS = ("trade", "financial", "travel")


@dataclass(frozen=True)
class Cases(Step[Panel]):
    """Cases of sanctions made by hand."""

    def compute(self, get: Inputs) -> Panel:
        cover = Coverage(span(1949, 2023))
        schema: dict[str, Any] = {"case": pl.Int64, "sender_id": pl.String, "target_id": pl.String}
        schema |= dict.fromkeys(("began", "ended", *KINDS), pl.Int64)
        frame = pl.DataFrame(list(CASES), schema, orient="row").with_columns(
            sender=pl.col("sender_id").fill_null("a club"), target=pl.col("target_id")
        )
        texts = [Variable(c, c, "text", cover) for c in ("sender_id", "target_id")]
        rest = [Variable(c, c, "year", cover) for c in ("began", "ended")]
        flags = [Variable(c, c, "flag", cover, range=(0, 1)) for c in KINDS]
        made = tuple(replace(v, origins=(origin("gsdb"),)) for v in (*texts, *rest, *flags))
        return Panel(frame, Key("case", ("case", "sender", "target")), made)


def asked(**more: Any) -> SanctionsExposure:
    return SanctionsExposure(
        trade=TRADE, totals=TOTALS, sanctions=Cases(), focal="KAZ", flow="exports", **more
    )


def shares(run: Runner, year: int, **more: Any) -> tuple[float | None, ...]:
    found = run(asked(**more))
    return tuple(found.at(year=year, figure=f).value for f in ("sanctioned", "sanctioning", "both"))


@pytest.mark.parametrize(
    ("year", "more", "wanted"),
    [  # exports: RUS .40, EU members .40, CHN .15, USA .05
        (2014, {"targets": ("RUS",)}, (0.4, 0.45, 0.0)),
        (2014, {}, (0.95, 0.85, 0.8)),  # targets RUS, EU, CHN (by a club); senders USA, EU, RUS
        (2014, {"senders": ("USA",)}, (0.4, 0.05, 0.0)),
        (2014, {"kinds": ("travel",)}, (0.05, 0.15, 0.0)),
        (2013, {}, (0.15, 0.05, 0.0)),  # of the UN's case the target only
        (2013, {"targets": ("RUS",)}, (0.0, 0.0, 0.0)),  # nobody on a side: zero
        (2014, {"targets": ("PRK",)}, (None, 0.0, 0.0)),  # a side without a record: missing
        (2024, {}, (None, None, None)),
    ],
)
def test_sides_by_hand(
    run: Runner, year: int, more: dict[str, Any], wanted: tuple[float | None, ...]
) -> None:
    found = shares(run, year, **more)
    for ours, theirs in zip(found, wanted, strict=True):
        assert ours == (None if theirs is None else pytest.approx(theirs))


def test_years_outside_say_why(run: Runner) -> None:
    assert "1949–2023" in run(asked()).at(year=2024, figure="both").note


def test_no_kind_is_refused() -> None:
    with pytest.raises(InputError, match="No kind"):
        asked(kinds=())


def test_real_cases_put_russia_s_trade_on_one_side(real_data: Path, tmp_path: Path) -> None:
    """Of 2019, with Russia as the target: Kazakhstan's trade with Russia, which nobody else is."""
    run = Runner(Settings(data=real_data, cache=tmp_path, offline=True))
    found = run(SanctionsExposure(focal="KAZ", targets=("RUS",), years=(2013, 2019)))
    russia = run(TradeShare(focal="KAZ", partners=("RUS",), years=(2019, 2019)))
    one = found.at(year=2019, figure="sanctioned").value
    assert one == pytest.approx(russia.at().value)
    west = run(
        TradeShare(focal="KAZ", partners=("EU", "USA", "JPN", "CHE"), years=(2019, 2019))
    ).quantities()
    assert (found.at(year=2019, figure="sanctioning").value or 0) >= sum(q.value or 0 for q in west)
