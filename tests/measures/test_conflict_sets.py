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
from multivector.sources.un_votes import UNVotes
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


TITLES = {
    "crimea": {
        "Militarization": "militarization of",
        "Human rights": "human rights in the",
        "Territorial integrity": "Territorial integrity of Ukraine",
    },
    "georgia": {"Right of the displaced": "displaced persons and refugees from Abkhazia"},
    "human-rights-situations": {
        "Belarus": "human rights in Belarus",
        "Iran": "Iran",
        "Myanmar": "Myanmar",
        "North Korea": "Democratic People's Republic of Korea",
        "Syria": "Syrian Arab Republic",
    },
    "nuclear-weapons": {
        "Negotiations": "multilateral nuclear disarmament negotiations",
        "Humanitarian consequences": "Humanitarian consequences of nuclear weapons",
        "Pledge": "Humanitarian pledge",
        "Treaty": "Treaty on the Prohibition of Nuclear Weapons",
    },
    "palestine": {
        "fact-finding mission": "report of the United Nations Fact-Finding Mission",
        "Second follow-up": "Second follow-up",
        "observer State": "Status of Palestine in the United Nations",
        "Jerusalem": "Status of Jerusalem",
        "Protection of Palestinian": "Protection of the Palestinian civilian population",
        "access to aid": "upholding legal and humanitarian obligations",
        "by video": "Participation by the State of Palestine",
    },
    "ukraine": {
        "withdraw three years": "lasting peace in Ukraine",
        "deported children": "Return of Ukrainian children",
    },
}
"""What the Digital Library calls a resolution whose reason for membership holds certain words."""
NAMELESS = {"62/249", "66/230"}
"""Roll calls that the Digital Library's records here do not hold under their day."""
GAP = (date(2022, 1, 1), date(2025, 2, 23))
"""Days of which no list here has titles."""


@pytest.mark.parametrize("name", TITLES)
def test_the_title_of_every_entry_says_what_the_reason_says(
    real_data: Path, tmp_path: Path, name: str
) -> None:
    settings = Settings(cache=tmp_path, data=real_data)
    titles: dict[str, str] = {}
    for layout in ("undl by name", "undl by code"):
        source = UNRollCalls(layout=layout)
        table = source.load(source.found(settings)).frame.filter(SETS[name].holds())
        titles |= dict(table.select("symbol", "title").iter_rows())
    for entry in SETS[name].resolutions:
        title = titles.get(f"A/RES/{entry.symbol}")
        if GAP[0] <= date.fromisoformat(entry.date) <= GAP[1] or entry.symbol in NAMELESS:
            assert title is None, entry
            continue
        words = [w for key, w in TITLES[name].items() if key in entry.reason]
        assert words, entry
        assert title is not None, entry
        assert words[-1].lower() in title.lower(), (entry, title)


LIKE = [
    ("nuclear-weapons", "77/53", "76/30"),
    ("nuclear-weapons", "77/54", "76/34"),
    ("nuclear-weapons", "78/34", "80/50"),
    ("nuclear-weapons", "78/35", "80/54"),
    ("human-rights-situations", "77/228", "76/178"),
    ("human-rights-situations", "77/230", "76/228"),
    ("human-rights-situations", "78/220", "76/178"),
    ("human-rights-situations", "78/222", "76/228"),
]


@pytest.fixture(scope="module")
def cast(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    settings = Settings(cache=tmp_path_factory.mktemp("cache"), data=real_data)
    made = {}
    for layout in ("iso3 wide", "undl by name", "undl by code"):
        source = UNVotes(layout=layout)
        table = source.load(source.found(settings)).frame
        made[layout] = table.filter(pl.col("vote") < 4, pl.col("date") > date(2021, 10, 1))
    return made


@pytest.mark.parametrize(("name", "symbol", "known"), LIKE)
def test_what_no_list_names_is_told_by_the_votes(
    lists: dict[str, pl.DataFrame],
    cast: dict[str, pl.DataFrame],
    name: str,
    symbol: str,
    known: str,
) -> None:
    """No roll call of the autumn is as like the same resolution under its name two years off."""
    layout = "undl by code" if known.startswith("80/") else "undl by name"
    named = lists[layout].filter(pl.col("symbol") == f"A/RES/{known}")
    theirs = cast[layout].join(named.select("rcid", "date"), on=["rcid", "date"])
    theirs = theirs.select("state", theirs="vote")
    (entry,) = [r for r in SETS[name].resolutions if r.symbol == symbol]
    day = date.fromisoformat(entry.date)
    autumn = pl.col("date").is_between(date(day.year, 10, 1), date(day.year + 1, 1, 31))
    alike = (
        cast["iso3 wide"].filter(autumn).join(theirs, on="state").group_by("rcid", "date")
        .agg((pl.col("vote") == pl.col("theirs")).mean().alias("share"), pl.len())
        .filter(pl.col("len") > 100)
        .sort("share", descending=True)
    )  # fmt: skip
    assert alike.row(0)[:2] == (entry.rcid, day)
    assert alike["share"][0] - alike["share"][1] > 0.06
