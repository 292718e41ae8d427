"""Leader-years: spells of office as years, only where the state is a member of its system."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from multivector.errors import InputError, OutOfCoverage
from multivector.panels.leader_years import LeaderYears
from multivector.panels.together import With
from multivector.panels.universes import spells
from multivector.settings import Settings
from multivector.sources.leaders import Archigos, ReignLeaders
from multivector.variable import Coverage, Key, Variable, span
from tests.panels.toys import COW_STATES, TABLES, Toy, toy, value

SPELLS = Key("spell of a leader", ("state", "leader", "began"), system="cow")
COVER = Coverage(span(1985, 2005))
ENDED = Variable("ended", "Ended", "text", COVER)
LEADERS = [
    (705, "Nazarbaev", "1990-04-24", None),  # before the state: its first year is 1991
    (365, "Yeltsin", "1990-05-29", "1999-12"),
    (365, "Putin", "1999-12-31", None),
    (703, "Akaev", "1990-10-28", "2005-03"),
    (703, "Bakiyev", "2005-03-25", None),
]
held = toy("held", SPELLS, LEADERS, ENDED)


def test_years_of_leaders() -> None:
    panel = value(LeaderYears(held, (1990, 2005)))
    rows = {(s, leader, y): v for s, leader, y, *v in panel.frame.rows()}
    assert (705, "Nazarbaev", 1990) not in rows
    assert rows[705, "Nazarbaev", 1991] == ["1990-04-24", 1, 1]
    assert rows[365, "Yeltsin", 1999] == ["1990-05-29", 0, 9]
    assert rows[365, "Putin", 1999] == ["1999-12-31", 1, 0]
    assert rows[703, "Akaev", 2005] == ["1990-10-28", 0, 15]
    assert rows[703, "Bakiyev", 2005] == ["2005-03-25", 1, 0]


def test_state_year_tables_join_leader_years() -> None:
    gdp = Variable("gdp", "GDP", "USD", COVER)
    panel = value(
        With(LeaderYears(held, (2005, 2005)), (toy("g", COW_STATES, [(703, 2005, 2.5)], gdp),))
    )
    found = {leader: g for _, leader, _, *_, g in panel.frame.rows()}
    assert found == {"Nazarbaev": None, "Putin": None, "Akaev": 2.5, "Bakiyev": 2.5}


def test_years_beyond_the_list_are_refused() -> None:
    with pytest.raises(OutOfCoverage, match="2006"):
        value(LeaderYears(held, (2000, 2006)))
    with pytest.raises(InputError, match="runs backwards"):
        LeaderYears(held, (2006, 2000))


@pytest.mark.real
@pytest.mark.parametrize(
    ("source", "years"), [(ReignLeaders(), (1950, 2020)), (Archigos(), (1870, 2015))]
)
def test_against_a_loop_over_spells(
    source: ReignLeaders | Archigos, years: tuple[int, int], real_data: Path, tmp_path: Path
) -> None:
    settings = Settings(data=real_data, cache=tmp_path, offline=True)
    TABLES[source.name] = panel = source.load(source.found(settings))
    frame = value(LeaderYears(Toy(source.name), years)).frame
    alive = {
        (s.code, y)
        for s in spells(panel.key.system)  # type: ignore[arg-type]
        for y in range(s.start.year, s.end.year + 1)
    }
    expected = {
        (state, leader, year)
        for state, leader, began, ended in panel.frame.select(
            "state", "leader", "began", "ended"
        ).iter_rows()
        for year in range(
            date.fromisoformat(began).year, int(ended[:4]) + 1 if ended else years[1] + 1
        )
        if (state, year) in alive and years[0] <= year <= years[1]
    }
    assert set(frame.select("state", "leader", "year").iter_rows()) == expected
    at_end = frame.group_by("state", "year").agg(pl.col("at_year_end").sum())["at_year_end"]
    assert at_end.mean() > 0.95  # type: ignore[operator]
    assert (at_end > 1).mean() < 0.01
