"""Own tables of persons, offices and formats: gaps, overlaps, ids, and what others list."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import polars as pl
import pytest

from multivector import states
from multivector.settings import Settings
from multivector.source import Source
from multivector.sources.formats import Formats
from multivector.sources.leaders import ReignLeaders
from multivector.sources.offices import OFFICES, RANKS, Offices
from multivector.sources.persons import Persons
from multivector.sources.us_visits import VisitsToUs

OFFLINE = Settings(offline=True)


def shipped(source: Source) -> pl.DataFrame:
    return source.load(source.found(OFFLINE)).frame


@pytest.mark.parametrize("office", OFFICES)
def test_one_holder_at_a_time_and_one_still_in_office(office: str) -> None:
    frame = shipped(Offices()).filter(office=office).sort("began")
    spells = frame.select("person", "began", "ended").rows()
    assert frame["ended"].null_count() == 1
    assert spells[-1][2] is None
    for (_, began, ended), (_, later, _) in pairwise(spells):
        assert ended is not None
        width = min(len(ended), len(later))
        assert began <= ended
        assert ended[:width] <= later[:width]


def test_presidents_are_those_of_reign() -> None:
    theirs = shipped(ReignLeaders()).filter(state=705).sort("began")
    ours = shipped(Offices()).filter(office="president").sort("began")
    assert ours["began"].to_list() == theirs["began"].to_list()
    assert ours["ended"][0].startswith(theirs["ended"][0])


def test_rank_belongs_to_foreign_ministers_and_changes_over_time() -> None:
    frame = shipped(Offices())
    ministers = frame.filter(pl.col("office") == "foreign_minister").sort("began")
    assert ministers["rank"].null_count() == 0
    assert frame.filter(pl.col("office") != "foreign_minister")["rank"].is_null().all()
    names = dict(RANKS)
    tileuberdi = ministers.filter(person="tileuberdi")["rank"].to_list()
    assert [names[r] for r in tileuberdi] == ["minister", "deputy_prime_minister"]


def test_every_holder_is_a_person_of_the_table() -> None:
    assert set(shipped(Offices())["person"]) <= set(shipped(Persons())["person"])


def test_everyone_that_the_article_names() -> None:
    frame = shipped(Persons()).filter(in_article=1)
    assert {"tokayev", "nazarbayev", "xi", "tileuberdi", "kalashnikov", "zatulin"} <= set(
        frame["person"]
    )
    doubtful = frame.filter(person="safronchuk").row(0, named=True)
    assert doubtful["name_en"] is None
    assert "different persons" in doubtful["note"]


def test_formats_have_the_articles_six_partners_at_two_levels() -> None:
    frame = shipped(Formats())
    assert set(frame["counterpart"]) == {"USA", "JPN", "CHN", "IND", "RUS", "EU"}
    assert frame.group_by("counterpart").len()["len"].unique().to_list() == [2]
    first = {(c, v): d for c, v, d in frame.select("counterpart", "level", "date").iter_rows()}
    for partner in set(frame["counterpart"]):
        assert states.is_group(partner) or states.exists(partner, 2020)
        assert first[partner, "ministers"] < first[partner, "leaders"]
    assert frame.filter(pl.col("remote") == 1)["place"].is_null().all()


def test_summit_with_the_united_states_is_the_offices() -> None:
    """The US list of visits has the same day for the presidents of Central Asia."""
    visits = shipped(VisitsToUs()).filter(pl.col("remarks").str.contains(r"C5\+1"))
    assert set(visits["start"]) == {date(2023, 9, 21)}
    ours = shipped(Formats()).filter(counterpart="USA", level="leaders")
    assert ours["date"].item() == date(2023, 9, 21)
