"""Emergency-session votes on Ukraine: one full list, four partial ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from multivector import states
from multivector.errors import FactNotReproduced
from multivector.panel import Panel
from multivector.settings import Settings
from multivector.sources.un_emergency import UNEmergencyVotes

ABSENT = "AZE BFA CMR ETH GIN GNB MAR SWZ TGO TKM UZB VEN"
"""Members that took no part in the vote on ES-11/1 (A/ES-11/PV.5, those not named in the lists)."""


@pytest.fixture(scope="module", params=["vote list", "casebook"])
def panel(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Panel:
    data = request.getfixturevalue("real_data") if request.param == "vote list" else None
    settings = Settings(cache=tmp_path_factory.mktemp("cache"), data=data)
    source = UNEmergencyVotes(layout=request.param)
    return source.load(source.found(settings))


def test_published_tallies(panel: Panel) -> None:
    assert UNEmergencyVotes().check_facts(panel.frame, "vote list") == 7


def test_the_full_list_has_every_member_once(panel: Panel) -> None:
    full = panel.frame.filter(pl.col("rcid") == "ES-11/1")
    assert sorted(full["state"]) == list(states.members("UN", date(2022, 3, 2)))
    absent = full.filter(pl.col("vote") == 8)["state"]
    assert sorted(absent) == ABSENT.split()


def test_partial_lists_are_marked(panel: Panel) -> None:
    by_call = panel.frame.group_by("rcid").agg(pl.col("complete").unique(), pl.len())
    marks = {rcid: (marks, n) for rcid, marks, n in by_call.iter_rows()}
    assert marks == {
        "ES-11/1": ([1], 193),
        "ES-11/3": ([0], 24),
        "ES-11/4": ([0], 8),
        "ES-11/5": ([0], 16),
        "ES-11/6": ([0], 1),
    }


def test_kazakhstan_abstained_or_voted_no_in_the_press(panel: Panel) -> None:
    """ES-11/1, /4, /5, /6: abstained; ES-11/3, Human Rights Council: no (GA/12414)."""
    kazakhstan = panel.frame.filter(pl.col("state") == "KAZ").sort("rcid")
    assert kazakhstan["vote"].to_list() == [2, 3, 2, 2, 2]


def test_a_lost_vote_is_noticed(panel: Panel) -> None:
    short = panel.frame.filter(pl.col("state") != "KAZ")
    with pytest.raises(FactNotReproduced, match="ES-11/1"):
        UNEmergencyVotes().check_facts(short, "vote list")


def test_two_states_called_congo(real_data: Path) -> None:
    file = real_data / "unga" / "ukraine_es11_votes.csv"
    frame = UNEmergencyVotes().read("vote list", [file])
    full = frame.filter(pl.col("rcid") == "ES-11/1")
    votes = dict(full.select("state", "vote").iter_rows())
    assert (votes["COD"], votes["COG"]) == (1, 2)  # A/ES-11/PV.5
