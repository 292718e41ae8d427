"""Trends and breaks of series by year, and their ranks among placebos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl
import pytest

from multivector.choices import Actor
from multivector.errors import InputError, KeyMismatch
from multivector.estimate import Estimate
from multivector.measures._series import for_state, series_of
from multivector.measures.continuity import Continuity, SeriesBreak, SeriesTrend, break_years
from multivector.measures.trade import HHI, PartnerShare
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.stats.breaks import break_at
from multivector.step import Inputs, Step


@dataclass(frozen=True)
class Wave(Step[Estimate]):
    """A wave from 1995 to 2024, with a jump in 2014 where one is asked for."""

    name: ClassVar[str] = ""
    focal: Actor
    jump: float = 0.0
    label: str = "Wave"

    def compute(self, get: Inputs) -> Estimate:
        years = np.arange(1995, 2025)
        seed = sum(map(ord, self.focal))
        noise = np.random.default_rng(seed).normal(size=len(years)) / 10
        values = np.where(years == 2003, np.nan, noise + self.jump * (years >= 2014))
        cells = pl.DataFrame({"state": [self.focal] * len(years), "year": years})
        return Estimate(cells, values[:, None], self.label, "index 0–1")


PEERS = ("UZB", "KGZ", "TJK", "MNG")


@pytest.fixture
def run(tmp_path: object) -> Runner:
    return Runner(Settings(cache=tmp_path))  # type: ignore[arg-type]


def test_events_belong_to_the_first_year_mostly_after_them() -> None:
    events = ("2022-02-24", "2014-07-17", "2022-01-05", "2014-03-18")
    assert break_years(events) == {
        2014: "2014-03-18",
        2015: "2014-07-17",
        2022: "2022-01-05 and 2022-02-24",
    }


def test_a_planted_jump_is_found_and_a_quiet_year_is_not(run: Runner) -> None:
    planted = SeriesBreak(Wave(focal="KAZ", jump=2.0), events=("2014-03-18", "2019-03-20"))
    found = run(planted)
    jump = found.at(year=2014)
    assert jump.low is not None
    assert jump.high is not None
    assert jump.low < 2.0 < jump.high
    assert jump.value == pytest.approx(2.0, abs=0.2)
    assert found.unit == "index 0–1, change"
    assert found.draw_kind == "sampling"


def test_ranks_are_those_of_a_plain_loop(run: Runner) -> None:
    others = tuple(Wave(focal=s) for s in PEERS)
    asked = Continuity(
        focal="KAZ", series=(Wave(focal="KAZ", jump=2.0), *others), events=("2014-03-18",)
    )
    found = run(asked).select(**{"break": "level"})
    own = run(asked.series[0]).summary()["value"].to_numpy()
    t = abs(break_at(own, 19).t)
    elsewhere = [abs(break_at(own, k).t) for k in range(5, 29) if k != 19]
    theirs = [abs(break_at(run(o).summary()["value"].to_numpy(), 19).t) for o in others]
    dates = (1 + sum(x >= t for x in elsewhere)) / (1 + len(elsewhere))
    states = (1 + sum(x >= t for x in theirs)) / 5
    assert found.at(figure="dates").value == pytest.approx(dates)
    assert found.at(figure="states").value == pytest.approx(states)
    assert states == pytest.approx(0.2)
    note = found.at(figure="both").note
    assert f"{len(elsewhere)} other dates (p at least {1 / (1 + len(elsewhere)):.3f})" in note
    assert "4 other states (p at least 0.200)" in note


def test_a_family_is_adjusted_as_a_whole(run: Runner) -> None:
    waves = tuple(
        Wave(focal=s, jump=2.0 * (s == "KAZ"), label=f"Wave {k}")
        for s in ("KAZ", *PEERS)
        for k in range(3)
    )
    found = run(Continuity(focal="KAZ", series=waves, events=("2014-03-18", "2019-03-20")))
    raw, holm, bh = (found.select(figure=f).draws[:, 0] for f in ("both", "Holm", "BH"))
    assert raw.size == 12
    assert holm.min() == pytest.approx(min(12 * raw.min(), 1))
    assert (raw <= bh + 1e-12).all()
    assert (bh <= holm + 1e-12).all()
    assert "12 breaks tested together" in found.variant
    assert "no person" in found.variant


def test_yearly_data_do_not_separate_january_from_february(run: Runner) -> None:
    found = run(SeriesBreak(Wave(focal="KAZ")))
    cell = found.at(year=2022)
    assert dict(cell.cell)["event"] == "2022-01-05 and 2022-02-24"
    assert "cannot tell 2022-01-05 and 2022-02-24 apart" in cell.note


def test_too_short_a_series_is_missing_and_says_so(run: Runner) -> None:
    found = run(SeriesBreak(HHI(focal="KAZ"), events=("2022-01-05",)))
    assert not any(q.known for q in found.quantities())
    assert "2000–2020" in found.quantities()[0].note


def test_a_trend_is_that_of_least_squares(run: Runner) -> None:
    share = PartnerShare(focal="KAZ", partners=("CHN",))
    values = run(share).select(partner="CHN")
    known = np.isfinite(values.draws[:, 0])
    slope = np.polyfit(values.cells["year"].to_numpy()[known], values.draws[known, 0], 1)[0]
    found = run(SeriesTrend(share)).at(partner="CHN")
    assert found.value == pytest.approx(10 * slope)
    assert found.unit == "share 0–1, change per decade"


def test_a_gap_stays_a_gap(run: Runner) -> None:
    (series,) = series_of(run(Wave(focal="KAZ")))
    assert np.flatnonzero(np.isnan(series.values)).tolist() == [8]
    assert series.first == 1995


def test_a_state_is_put_in_everywhere() -> None:
    tree = SeriesTrend(Wave(focal="KAZ"))
    assert for_state(tree, "KAZ", "UZB") == SeriesTrend(Wave(focal="UZB"))
    with pytest.raises(InputError, match="does not name"):
        for_state(tree, "MNG", "UZB")


def test_cells_without_years_are_refused(run: Runner) -> None:
    @dataclass(frozen=True)
    class Still(Step[Estimate]):
        def compute(self, get: Inputs) -> Estimate:
            return Estimate(pl.DataFrame({"state": ["KAZ"]}), np.ones((1, 1)), "Still", "count")

    with pytest.raises(KeyMismatch, match="no series of years"):
        run(SeriesTrend(Still()))
    with pytest.raises(InputError, match="needs a series"):
        Continuity(focal="KAZ", series=())
