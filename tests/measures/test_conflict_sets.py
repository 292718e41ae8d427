"""Declared conflict sets: every resolution is one roll call of the files, or is said not to be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from multivector.registry import everything
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.sources.un_emergency import UNEmergencyVotes
from multivector.sources.un_roll_calls import UNRollCalls
from multivector.vote_set import Resolution, VoteSet

NAMES = (
    "crimea",
    "georgia",
    "human-rights-situations",
    "nuclear-weapons",
    "palestine",
    "ukraine",
    "ukraine-emergency",
    "xinjiang",
)
SETS: dict[str, VoteSet] = {n: s for n, s in everything("vote_sets").items() if s.conflict}
LAYOUTS = ("iso3 wide", "unvotes wide", "undl by name", "undl by code")


@pytest.fixture(scope="module")
def lists(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    settings = Settings(cache=tmp_path_factory.mktemp("cache"), data=real_data)
    made = {}
    for layout in LAYOUTS:
        source = UNRollCalls(layout=layout)
        made[layout] = source.load(source.found(settings)).frame.select("rcid", "date", "symbol")
    votes = Runner(settings)(UNEmergencyVotes()).frame.filter(pl.col("complete") == 1)
    made["emergency"] = votes.select("rcid", "date", symbol="rcid").unique()
    return made


def _alone(vote_set: VoteSet, entry: Resolution) -> pl.Expr:
    one = VoteSet("one", "", "", resolutions=(entry,), conflict=vote_set.conflict)
    return one.holds()


def test_the_sets_are_all_here() -> None:
    assert tuple(SETS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_is_one_roll_call_or_is_declared_unmatched(
    lists: dict[str, pl.DataFrame], name: str
) -> None:
    """In no list twice, in one of them at least; an unmatched one in none."""
    for entry in SETS[name].resolutions:
        found = {where: len(t.filter(_alone(SETS[name], entry))) for where, t in lists.items()}
        assert max(found.values()) == (0 if entry.unmatched else 1), (entry, found)


@pytest.mark.parametrize("name", NAMES)
def test_a_set_holds_its_entries_and_nothing_else(
    lists: dict[str, pl.DataFrame], name: str
) -> None:
    for table in lists.values():
        entries = [table.filter(_alone(SETS[name], e)) for e in SETS[name].resolutions]
        assert set(table.filter(SETS[name].holds())["rcid"]) == set(pl.concat(entries)["rcid"])


@pytest.mark.parametrize("name", NAMES)
def test_no_resolution_is_declared_twice(name: str) -> None:
    entries = SETS[name].resolutions
    assert len({e.symbol for e in entries}) == len(entries)
    numbers = [e.rcid for e in entries if e.rcid]
    assert len(set(numbers)) == len(numbers)
    assert all(date.fromisoformat(e.date) > date(2005, 1, 1) for e in entries)


@pytest.mark.parametrize(
    ("name", "symbol", "title"),
    [
        ("crimea", "68/262", "Territorial integrity of Ukraine"),
        ("georgia", "71/290", "Abkhazia"),
        ("palestine", "67/19", "Status of Palestine"),
        ("human-rights-situations", "70/172", "Democratic People's Republic of Korea"),
        ("nuclear-weapons", "73/48", "Treaty on the Prohibition of Nuclear Weapons"),
        ("ukraine", "ES-11/7", "lasting peace in Ukraine"),
    ],
)
def test_titles_say_what_the_set_is_about(
    real_data: Path, tmp_path: Path, name: str, symbol: str, title: str
) -> None:
    settings = Settings(cache=tmp_path, data=real_data)
    titles: list[str] = []
    for layout in ("undl by name", "undl by code"):
        source = UNRollCalls(layout=layout)
        table = source.load(source.found(settings)).frame.filter(SETS[name].holds())
        titles += table.filter(pl.col("symbol") == f"A/RES/{symbol}")["title"].to_list()
    assert len(titles) == 1
    assert title in titles[0]
