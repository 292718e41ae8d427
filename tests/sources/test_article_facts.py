"""Small tables for claims: against other tables of this package, and within themselves."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from multivector.settings import Settings
from multivector.source import Source
from multivector.sources.article_facts import (
    Biographies,
    Census,
    ChineseInvestment,
    Chronology,
    HeadTrips,
    StatedTrade,
)
from multivector.sources.baci import Baci
from multivector.sources.offices import Offices
from multivector.states import exists

OFFLINE = Settings(offline=True)
TABLES = (Biographies(), Census(), ChineseInvestment(), Chronology(), HeadTrips(), StatedTrade())


def shipped(source: Source) -> pl.DataFrame:
    return source.load(source.found(OFFLINE)).frame


@pytest.mark.parametrize("source", TABLES, ids=lambda s: s.name)
def test_the_shipped_table_is_that_of_the_file(source: Source) -> None:
    own = type(source)(layout="own table")
    assert own.load(own.found(OFFLINE)).frame.equals(shipped(source))


@pytest.mark.parametrize("source", TABLES, ids=lambda s: s.name)
def test_every_row_says_what_it_rests_on(source: Source) -> None:
    frame = shipped(source)
    assert frame["basis"].null_count() == 0
    assert frame["confidence"].null_count() == 0


def test_days_agree_with_offices_and_states() -> None:
    days = dict(shipped(Chronology()).select(pl.concat_str("event", "stage", separator="/"), "day"
                ).iter_rows())  # fmt: skip
    assert exists("KAZ", date.fromisoformat(days["independence/declared"]))
    assert not exists("KAZ", date(1991, 12, 15))
    order = [days[f"epca/{s}"] for s in ("initialled", "signed", "provisionally applied")]
    assert [*order, days["epca/in force"]] == sorted([*order, days["epca/in force"]])
    term = shipped(Offices()).filter(office="president", person="tokayev")["began"].item()
    assert days["presidential_election_2019/held"] > term


def test_lives_agree_with_offices() -> None:
    lives = shipped(Biographies())
    chair = shipped(Offices()).filter(office="senate_chair", person="tokayev").sort("began")
    un = lives.filter(post="Under-Secretary-General of the United Nations").row(0, named=True)
    assert chair["ended"][0][:7] < un["ended"] <= chair["began"][1][:7]
    assert chair["began"][0][:4] < un["began"][:4] == chair["ended"][0][:4]
    for row in lives.iter_rows(named=True):
        days = [row[c] for c in ("born", "began", "ended", "died") if row[c] is not None]
        assert [d[:4] for d in days] == sorted(d[:4] for d in days), row["person"]


def test_parts_of_a_census_are_less_than_the_whole() -> None:
    frame = shipped(Census()).filter(pl.col("group").str.starts_with("ethnic"))
    assert frame.group_by("year").agg(pl.col("share").sum())["share"].max() < 1
    both = frame.pivot("year", index="group", values="share").sort("group")
    assert both["2021"][1] < both["2009"][1]  # Russians
    assert both["2021"][0] > both["2009"][0]  # Kazakhs


def test_stated_trade_is_near_the_reconciled_data() -> None:
    """BACI reconciles two reports, the statement is one: the same size, not the same figure."""
    baci = shipped(Baci()).filter(pl.col("year") == 2020)
    stated = shipped(StatedTrade()).filter(year=2020, teller="KAZ")
    for partner, told in stated.select("partner", "billion_usd").iter_rows():
        pair = pl.col("state").is_in(["KAZ", partner]) & pl.col("partner").is_in(["KAZ", partner])
        value = baci.filter(pair)[baci.columns[3]].sum() / 1e6
        assert told == pytest.approx(value, rel=0.35), partner


def test_trips_are_in_order_and_kazakhstan_leads() -> None:
    frame = shipped(HeadTrips()).sort("start")
    after = frame.filter(pl.col("start") > date(2020, 3, 11))
    assert set(after.filter(pl.col("start") == after["start"].min())["destination"]) == {
        "KAZ",
        "UZB",
    }
