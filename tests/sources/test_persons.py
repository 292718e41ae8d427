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


def test_summit_with_the_united_states_and_the_offices_list() -> None:
    """News agencies of the day have 19 September 2023; the Office dates the five visits 21."""
    visits = shipped(VisitsToUs()).filter(pl.col("remarks").str.contains(r"C5\+1"))
    assert set(visits["start"]) == {date(2023, 9, 21)}
    ours = shipped(Formats()).filter(counterpart="USA", level="leaders").row(0, named=True)
    assert ours["date"] == date(2023, 9, 19)
    assert "the Office of the Historian dates the visits 21 September" in ours["basis"]


@pytest.mark.parametrize("source", [Offices(), Formats()])
def test_every_row_names_a_page_or_says_that_none_was_seen(source: Source) -> None:
    frame = shipped(source)
    page = pl.col("basis").str.contains(r"https?://\S+")
    said = pl.col("basis").str.contains("not compared with any page|not established")
    assert frame.filter(~page, ~said).is_empty()
    assert frame.filter(pl.col("confidence") < 3, ~page).is_empty()
    assert frame.filter(pl.col("confidence") == 3, ~said).is_empty()
    assert len(frame.filter(pl.col("confidence") < 3)) > 0.8 * len(frame)


def test_life_dates_name_a_page_and_agree_with_reign() -> None:
    frame = shipped(Persons())
    assert frame.filter(pl.col("born").is_not_null(), pl.col("life_basis").is_null()).is_empty()
    assert frame.drop_nulls("died").filter(pl.col("died") <= pl.col("born")).is_empty()
    theirs = shipped(ReignLeaders())
    for person, name in (("nazarbayev", "Nazarbaev"), ("tokayev", "Tokayev"), ("xi", "Xi Jinping")):
        year = theirs.filter(leader=name)["born"].unique().item()
        assert frame.filter(person=person)["born"].item().startswith(str(year))


def test_deputy_prime_minister_and_foreign_minister_from_the_first_day() -> None:
    """RBC of 3 April 2023 and 24.kg of 26 September 2025 say so."""
    nurtleu = shipped(Offices()).filter(person="nurtleu")
    assert nurtleu.select("began", "ended").rows() == [("2023-04-03", "2025-09-26")]
    assert dict(RANKS)[nurtleu["rank"].item()] == "deputy_prime_minister"
