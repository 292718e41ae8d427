"""Excess distance against a twin that goes vote by vote, and what it says of whom."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import norm

from multivector.errors import InputError
from multivector.measures.conflict_votes import ConflictDistance
from multivector.measures.excess_distance import (
    ConflictExcess,
    ConflictExcessPercentile,
    SplitExcess,
    SplitExcessPercentile,
)
from multivector.measures.ideal_point_mode import IdealPointMode
from multivector.measures.split_votes import SplitDistance, SplitLean
from multivector.panels.bridged_votes import BridgedVotes
from multivector.registry import find
from multivector.runner import Runner
from tests.measures.conftest import Book

YEARS = (2015, 2016)
MODE = IdealPointMode(BridgedVotes(years=YEARS), q=0.0127)
ASKED: dict[str, Any] = {"mode": MODE, "years": YEARS, "by": "period", "draws": 0}
STATES = ("KAZ", "FRA", "BLR", "AUS", "TON")


@pytest.fixture(scope="module")
def expected(run: Runner) -> dict[tuple[str, str], float]:
    """P(abstain) by roll call and state, from the published definition of the model."""
    frame = run(MODE).frame.filter(pl.col("state").is_in(STATES))
    seen: dict[str, set[int]] = {}
    for item, vote in run(MODE).frame.select("item", "vote").unique().iter_rows():
        seen.setdefault(item, set()).add(vote)
    points = {(s, t): x for s, t, x in frame.select("state", "session", "ideal_point").iter_rows()}
    columns = ("rcid", "date", "session", "item", "discrimination", "lower", "upper")
    found: dict[tuple[str, str], float] = {}
    for rcid, day, session, item, beta, lower, upper in (
        run(MODE).frame.select(columns).unique().iter_rows()
    ):
        for state in STATES:
            if (state, session) in points:
                eta = beta * points[state, session]
                if 2 not in seen[item]:
                    p = 0.0
                elif 3 not in seen[item]:
                    p = norm.cdf(upper - eta)
                elif 1 not in seen[item]:
                    p = 1 - norm.cdf(lower - eta)
                else:
                    p = norm.cdf(upper - eta) - norm.cdf(lower - eta)
                found[f"{rcid} {day}", state] = float(p)
    return found


def _twin(
    calls: list[str], book: Book, expected: dict[tuple[str, str], float], state: str, absent: int
) -> float | None:
    """Abstentions less those expected, over positions; ``absent`` is the code that it counts as."""
    beyond = [
        (vote == 2) - expected[call, state]
        for call in calls
        if (call, state) in expected
        and (vote := absent if book.votes[call].get(state) == 8 else book.votes[call].get(state))
        in (1, 2, 3)
    ]
    return sum(beyond) / len(beyond) if beyond else None


@pytest.mark.parametrize(("rule", "absent"), [("apart", 0), ("abstains", 2), ("sides", 1)])
def test_split_excess_vote_by_vote(
    run: Runner, book: Book, expected: dict[tuple[str, str], float], rule: str, absent: int
) -> None:
    inside = [c for c, d in book.days.items() if YEARS[0] <= d.year <= YEARS[1]]
    split = [c for c in inside if {book.votes[c].get("USA"), book.votes[c].get("RUS")} == {1, 3}]
    powers = {"power_a": "USA", "power_b": "RUS", "others": STATES[1:], "absence": rule}
    found = run(SplitExcess(**ASKED, focal="KAZ", **powers))
    for state in STATES:
        twin = _twin(split, book, expected, state, absent)
        assert found.at(state=state).value == pytest.approx(twin, abs=1e-9)
    assert "have no model" in found.at(state="KAZ").note  # parts of texts


def test_conflict_excess_vote_by_vote(
    run: Runner, book: Book, expected: dict[tuple[str, str], float]
) -> None:
    asked = {**ASKED, "focal": "KAZ", "vote_set": "human-rights-situations"}
    found = run(ConflictExcess(**asked, others=STATES[1:]))
    within = find("vote_sets", "human-rights-situations").holds()
    table = run(find("panels", "assembly_roll_calls")()).frame.filter(within)
    table = table.filter(pl.col("date").dt.year().is_between(*YEARS))
    calls = [f"{rcid} {day}" for rcid, day in table.select("rcid", "date").iter_rows()]
    assert len(calls) > 3
    for state in STATES:
        twin = _twin(calls, book, expected, state, 0)
        assert found.at(state=state).value == pytest.approx(twin, abs=1e-9)


def test_percentile_is_that_among_all_states(run: Runner) -> None:
    everyone = tuple(s for s in run(MODE).frame["state"].unique() if s not in ("USA", "RUS"))
    powers = {"power_a": "USA", "power_b": "RUS"}
    table = run(SplitExcess(**ASKED, focal="KAZ", others=everyone, **powers))
    values = table.draws[:, 0]
    known = values[np.isfinite(values)]
    mine = table.at(state="KAZ").value
    twin = 100 * ((known < mine).sum() + (known == mine).sum() / 2) / known.size
    found = run(SplitExcessPercentile(**ASKED, focal="KAZ", **powers))
    assert found.at().value == pytest.approx(twin)
    same = {**ASKED, "focal": "KAZ", "vote_set": "crimea"}
    rank = run(ConflictExcessPercentile(**same)).at().value
    excess = run(ConflictExcess(**same)).at().value
    assert excess is not None
    assert 0 < rank < 100


def test_intervals_are_those_of_families(run: Runner) -> None:
    powers = {"power_a": "USA", "power_b": "RUS"}
    found = run(SplitExcess(**{**ASKED, "draws": 100}, focal="KAZ", **powers))
    cell = found.at()
    assert found.draw_kind == "bootstrap"
    assert cell.low < cell.value < cell.high
    record = run(SplitExcess(**ASKED, focal="KAZ", **powers)).at().value
    assert cell.value == pytest.approx(record)


def test_over_all_splits_the_abstentions_of_european_allies_are_their_position(
    run: Runner,
) -> None:
    """2007 to 2019: France abstains on a fifth, as a state at its ideal point does."""
    asked: dict[str, Any] = {
        "power_a": "USA", "power_b": "RUS", "focal": "FRA", "others": ("KAZ",),
        "years": (2015, 2016), "by": "period", "draws": 0,
    }  # fmt: skip
    distance = run(SplitDistance(**asked)).at(state="FRA").value
    excess = run(SplitExcess(**asked, mode=MODE)).at(state="FRA").value
    assert distance > 0.15
    assert abs(excess) < 0.08


def test_absence_as_a_side_bounds_the_distance_from_below(run: Runner) -> None:
    asked: dict[str, Any] = {"focal": "UZB", "vote_set": "crimea", "draws": 0}
    step = ConflictDistance(**asked)
    low, plain, high = (
        run(replace(step, absence=rule)).at().value for rule in ("sides", "apart", "abstains")
    )
    assert low < plain < high
    powers: dict[str, Any] = {"power_a": "USA", "power_b": "RUS", "years": (2015, 2016)}
    split = SplitDistance(focal="UZB", by="period", draws=0, **powers)
    low, plain, high = (
        run(replace(split, absence=rule)).at().value for rule in ("sides", "apart", "abstains")
    )
    assert low < plain < high
    with pytest.raises(InputError, match="cannot count an absence as a side"):
        SplitLean(focal="UZB", absence="sides", **powers)
