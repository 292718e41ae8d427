"""Vote sets: which roll calls count, against the flags as they were released."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from multivector.measures.similarity import VotesInCommon
from multivector.registry import everything
from multivector.runner import Runner
from multivector.vote_set import VoteSet
from tests.measures.conftest import Book, shipped

SETS: dict[str, VoteSet] = everything("vote_sets")
FLAGS = {
    "colonialism": "co",
    "development": "ec",
    "disarmament": "di",
    "human-rights": "hr",
    "important": "important",
    "middle-east": "me",
    "nuclear": "nu",
}


@pytest.fixture(scope="module")
def calls() -> dict[str, dict[str, object]]:
    rows = shipped("un_roll_calls").iter_rows(named=True)
    return {f"{row['rcid']} {row['date']}": row for row in rows}


def test_every_issue_has_its_set() -> None:
    assert {name: s.issue for name, s in SETS.items() if s.issue} == FLAGS


@pytest.mark.parametrize("name", [*FLAGS, "all", "final-passage"])
def test_a_set_holds_what_its_rule_says(
    run: Runner, book: Book, calls: dict[str, dict[str, object]], name: str
) -> None:
    def member(row: dict[str, object]) -> bool:
        if name == "final-passage":
            return row["paragraph"] != 1 and row["amendment"] != 1
        return name == "all" or row[FLAGS[name]] == 1

    chosen = [k for k, d in book.days.items() if 2008 <= d.year <= 2018 and member(calls[k])]
    twin = sum({book.votes[k].get(s) for s in ("KAZ", "RUS")} <= {1, 2, 3} for k in chosen)
    assert twin > 0
    step = VotesInCommon(
        focal="KAZ", partners=("RUS",), years=(2008, 2018), by="period", vote_set=name
    )
    assert run(step).at().value == twin


def test_an_unknown_flag_is_in_no_set_that_asks_for_it(run: Runner) -> None:
    """Important votes are known to 2017: later years have no data, they are not unimportant."""
    step = VotesInCommon(focal="KAZ", partners=("RUS",), years=(2017, 2022), vote_set="important")
    found = run(step)
    assert found.at(year=2017).known
    assert not found.at(year=2022).known


def test_a_declared_resolution_is_found_under_the_symbols_of_every_layout() -> None:
    day, other = date(2022, 3, 2), date(2022, 3, 3)
    rows = [
        ("ES-11/1", day, None),
        ("undl:7", day, "A/RES/ES-11/1"),
        ("1", day, "A/RES/ES-11/11"),
        ("2", other, "A/RES/ES-11/1"),
        ("3", day, None),
    ]
    frame = pl.DataFrame(rows, ["rcid", "date", "symbol"], orient="row")
    chosen = frame.filter(SETS["ukraine-emergency"].holds())["rcid"].to_list()
    assert chosen == ["ES-11/1", "undl:7"]


def test_only_declared_conflicts_name_their_resolutions() -> None:
    for vote_set in SETS.values():
        assert vote_set.conflict == bool(vote_set.resolutions)
        assert all(r.reason and date.fromisoformat(r.date) for r in vote_set.resolutions)
