"""Universes of states and dyads, against the published lists and against loops over days.

The counts of whole universes follow from the published lists alone: spells open at the end of a
list run to 2023; the state-years joined by year give all ordered pairs, from which the published
lists of pairs that share a year but no day (60 and 40; S. Miller's peacesciencer) are taken.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import permutations
from pathlib import Path

import polars as pl
import pytest

from multivector.errors import InputError
from multivector.panels.universes import DyadYears, StateSystem, StateYears, dyad_years, spells
from multivector.runner import run
from tests.panels.toys import value

KAZ = 705
LISTS = {"cow": ("cw_system", "ccode"), "gw": ("gw_system", "gwcode")}
FALSE = {"cow": "false_cow_dyads", "gw": "false_gw_dyads"}


@pytest.mark.parametrize(("system", "rows"), [("cow", 17_316), ("gw", 20_455)])
def test_state_years_to_2023(system: StateSystem, rows: int) -> None:
    frame = value(StateYears(system)).frame
    assert len(frame) == rows
    assert frame.equals(frame.unique().sort("state", "year"))
    assert frame["year"].max() == 2023


@pytest.mark.parametrize(("system", "rows"), [("cow", 2_177_100), ("gw", 2_560_854)])
def test_directed_dyad_years_to_2023(system: StateSystem, rows: int) -> None:
    panel = value(DyadYears(system))
    assert len(panel.frame) == rows
    assert panel.frame.equals(panel.frame.unique().sort("state", "partner", "year"))
    assert str(panel.key) == f"directed dyad-year (state, partner, year; {system} codes)"
    assert len(value(DyadYears(system, directed=False)).frame) * 2 == rows


def test_one_year_and_one_state() -> None:
    assert len(value(DyadYears("cow", (1991, 1991))).frame) == 31_152
    assert len(value(DyadYears("cow", (1992, 1992))).frame) == 32_580
    assert value(StateYears("cow")).frame.filter(pl.col("state") == KAZ).height == 33
    assert value(DyadYears("cow")).frame.filter(pl.col("state") == KAZ).height == 6_289


@pytest.mark.real
@pytest.mark.parametrize("system", ["cow", "gw"])
def test_spells_are_those_of_the_published_list(system: StateSystem, real_data: Path) -> None:
    name, code = LISTS[system]
    listed = pl.read_parquet(real_data / f"ties/states/{name}.parquet")
    last = listed["end"].max()
    expected = [
        (c, start, date(2025, 12, 31) if end == last else end)
        for c, start, end in listed.select(code, "start", "end").iter_rows()
    ]
    assert sorted(map(tuple, spells(system))) == sorted(expected)
    assert last == {"cow": date(2016, 12, 31), "gw": date(2020, 12, 31)}[system]


@pytest.mark.real
@pytest.mark.parametrize(("system", "count"), [("cow", 60), ("gw", 40)])
def test_pairs_that_share_a_year_but_no_day_are_left_out(
    system: StateSystem, count: int, real_data: Path
) -> None:
    false = pl.read_parquet(real_data / f"ties/states/{FALSE[system]}.parquet")
    assert len(false) == count
    keys = false.select(pl.all().exclude("^(micro|in_).*$").cast(pl.Int64))
    keys.columns = ["state", "partner", "year"]
    dyads = value(DyadYears(system)).frame
    years = value(StateYears(system)).frame
    assert keys.join(dyads, on=keys.columns, how="semi").is_empty()
    met = years.join(years, on="year").filter(pl.col("state") != pl.col("state_right"))
    assert len(met) - count == len(dyads)
    for side in ("state", "partner"):
        alive = keys.select(pl.col(side).alias("state"), "year").join(
            years, on=["state", "year"], how="anti"
        )
        assert alive.is_empty()


@pytest.mark.parametrize("system", ["cow", "gw"])
@pytest.mark.parametrize("years", [(1828, 1832), (1938, 1946), (1989, 1993), (2005, 2012)])
def test_against_a_loop_over_days(system: StateSystem, years: tuple[int, int]) -> None:
    expected: Counter[tuple[int, int, int]] = Counter()
    for a, b in permutations(spells(system), 2):
        for year in range(years[0], years[1] + 1):
            first = max(a.start, b.start, date(year, 1, 1))
            if a.code != b.code and first <= min(a.end, b.end, date(year, 12, 31)):
                expected[a.code, b.code, year] += 1
    frame = dyad_years(system, years, directed=True)
    assert Counter(frame.iter_rows()) == expected
    assert set(expected.values()) == {1}


def test_germany_and_yemen_in_1990() -> None:
    """West Germany ends, and Germany begins, in one year; they never meet."""
    frame = value(StateYears("cow", (1990, 1990))).frame
    assert {255, 260, 265, 678, 679, 680} <= set(frame["state"])
    dyads = value(DyadYears("cow", (1990, 1990))).frame
    assert dyads.filter(pl.col("state") == 255, pl.col("partner").is_in([260, 265])).is_empty()
    assert len(dyads.filter(pl.col("state") == 260, pl.col("partner") == 265)) == 1


def test_years_outside_the_lists_are_refused() -> None:
    with pytest.raises(InputError, match="does not speak of 1815–2023"):
        StateYears("cow", (1815, 2023))
    with pytest.raises(InputError, match="1816 to 2025 are possible"):
        DyadYears("gw", (1990, 2030))
    with pytest.raises(InputError, match="runs backwards"):
        DyadYears("gw", (1999, 1990))


def test_the_list_is_cited() -> None:
    panel = run(StateYears("gw", (2020, 2020)))
    (origin,) = panel.provenance
    assert origin.citation is not None
    assert origin.citation.key == "gleditsch1999"
    assert len(origin.sha256) == 64
