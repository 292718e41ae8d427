"""Where two powers vote opposite: counted reference figures, a plain twin, and the rules.

The reference counts are Kazakhstan's on votes dated 2007 to 2019 in the files of the R package
unvotes 0.3.0, paragraphs and amendments included and left out, counted apart from this package.
"""

from __future__ import annotations

from datetime import date
from statistics import median

import numpy as np
import pytest

from multivector import states
from multivector.errors import InputError
from multivector.measures.split_votes import (
    SplitAdjustedLean,
    SplitDistance,
    SplitEvenness,
    SplitLean,
    SplitPercentile,
    SplitSides,
    SplitVotes,
)
from multivector.runner import Runner
from multivector.sources.un_roll_calls import UNRollCalls
from multivector.sources.un_votes import UNVotes
from tests.measures.conftest import EU27, Book
from tests.measures.toys import Calls, Votes

PERIOD = {"focal": "KAZ", "years": (2007, 2019), "by": "period", "draws": 0}
COUNTED = {
    ("RUS", "USA", "all"): (539, 33, 36),
    ("CHN", "USA", "all"): (631, 33, 41),
    ("RUS", "CHN", "all"): (10, 34, 2),
    ("RUS", "USA", "final-passage"): (506, 24, 24),
    ("CHN", "USA", "final-passage"): (599, 23, 32),
    ("RUS", "CHN", "final-passage"): (8, 32, 2),
}
FILES = (UNVotes(layout="unvotes wide"), UNRollCalls(layout="unvotes wide"))


@pytest.mark.parametrize("where", ["casebook", "unvotes files"])
def test_reference_counts(where: str, request: pytest.FixtureRequest) -> None:
    run: Runner = request.getfixturevalue("run" if where == "casebook" else "full")
    inputs = () if where == "casebook" else FILES
    for (a, b, vote_set), (with_a, with_b, abstaining) in COUNTED.items():
        asked = {**PERIOD, "power_a": a, "power_b": b, "vote_set": vote_set}
        n = run(SplitVotes(*inputs, **asked)).at().value
        assert n == with_a + with_b + abstaining
        assert run(SplitSides(*inputs, **asked)).at().value == pytest.approx(with_a / n)
        assert run(SplitDistance(*inputs, **asked)).at().value == pytest.approx(abstaining / n)
        lean = (with_a - with_b) / (with_a + with_b)
        assert run(SplitLean(*inputs, **asked)).at().value == pytest.approx(lean)
        evenness = 1 - abs(with_a - with_b) / n
        assert run(SplitEvenness(*inputs, **asked)).at().value == pytest.approx(evenness)


@pytest.mark.parametrize("where", ["casebook", "unvotes files"])
def test_distance_over_all_splits_is_agenda_and_not_neutrality(
    where: str, request: pytest.FixtureRequest
) -> None:
    """Kazakhstan .059, median .094, France .228; the highest are Cameroon, South Sudan, Tonga."""
    run: Runner = request.getfixturevalue("run" if where == "casebook" else "full")
    inputs = () if where == "casebook" else FILES
    members = tuple(sorted(set(states.members("UN", date(2019, 12, 31))) - {"USA", "RUS"}))
    asked = {**PERIOD, "power_a": "RUS", "power_b": "USA", "others": members}
    found = run(SplitDistance(*inputs, **asked))
    values = {dict(q.cell)["state"]: q.value for q in found.quantities() if q.known}
    assert values["KAZ"] == pytest.approx(0.059, abs=5e-4)
    assert median(values.values()) == pytest.approx(0.094, abs=5e-4)
    assert values["FRA"] == pytest.approx(0.228, abs=5e-4)
    ranked = sorted(values, key=lambda s: -values[s])
    assert ranked[:4] == ["CMR", "SSD", "TON", "AUS"]
    assert len([s for s in ranked if values[s] > values["KAZ"]]) > len(ranked) / 2


def _splits(book: Book, a: str, b: str, first: int, last: int) -> list[dict[str, int]]:
    opposed = ({1, 3},)
    return [v for v in book.between(first, last) if {v.get(a), v.get(b)} in opposed]


def _distances(splits: list[dict[str, int]], parties: set[str]) -> dict[str, float]:
    names = {s for votes in splits for s in votes} - parties
    found: dict[str, float] = {}
    for s in names:
        cast = [v[s] for v in splits if v.get(s) in (1, 2, 3)]
        if cast:
            found[s] = cast.count(2) / len(cast)
    return found


def test_percentile_equals_a_plain_twin(run: Runner, book: Book) -> None:
    """Midrank among all states that are no party: the share below, and half of the ties."""
    d = _distances(_splits(book, "USA", "RUS", 2018, 2018), {"USA", "RUS"})
    asked = {**PERIOD, "years": (2018, 2018), "power_a": "USA", "power_b": "RUS"}
    found = run(SplitPercentile(**asked, others=("BLR", "FRA", "MNG")))
    for state in ("KAZ", "BLR", "FRA", "MNG"):
        below = sum(x < d[state] for x in d.values())
        same = sum(x == d[state] for x in d.values())
        twin = 100 * (below + same / 2) / len(d)
        assert found.at(state=state).value == pytest.approx(twin, abs=1e-9)


def test_adjusted_lean_equals_a_plain_twin(run: Runner, book: Book) -> None:
    """The share with A, less the mean share of all other non-parties on the same votes."""
    splits = _splits(book, "USA", "RUS", 2018, 2018)
    own = [v for v in splits if v.get("KAZ") in (1, 3)]
    names = {s for v in own for s in v} - {"KAZ", "USA", "RUS"}
    shares = []
    for s in names:
        sides = [v[s] == v["USA"] for v in own if v.get(s) in (1, 3)]
        if sides:
            shares.append(sum(sides) / len(sides))
    twin = sum(v["KAZ"] == v["USA"] for v in own) / len(own) - sum(shares) / len(shares)
    asked = {**PERIOD, "years": (2018, 2018), "power_a": "USA", "power_b": "RUS"}
    assert run(SplitAdjustedLean(**asked)).at().value == pytest.approx(twin, abs=1e-12)


def test_a_bloc_can_be_a_power_and_its_members_are_parties(run: Runner, book: Book) -> None:
    def common(votes: dict[str, int]) -> int | None:
        cast = [votes[m] for m in EU27 if votes.get(m) in (1, 2, 3)]
        return next((c for c in (1, 2, 3) if cast and cast.count(c) >= 0.9 * len(cast)), None)

    splits = [v for v in book.between(2016, 2016) if {common(v), v.get("RUS")} == {1, 3}]
    twin = sum(v.get("KAZ") in (1, 2, 3) for v in splits)
    assert twin > 0
    asked = {**PERIOD, "years": (2016, 2016), "power_a": "EU27_2020", "power_b": "RUS"}
    found = run(SplitVotes(**asked, others=("DEU", "RUS")))
    assert found.at(state="KAZ").value == twin
    for party in ("DEU", "RUS"):
        assert not found.at(state=party).known
        assert not run(SplitDistance(**asked, others=("DEU", "RUS"))).at(state=party).known


def test_sides_and_distance_add_up_and_swapping_the_powers_mirrors(run: Runner) -> None:
    asked = {"focal": "KAZ", "years": (2000, 2019), "draws": 0}
    ab = {**asked, "power_a": "USA", "power_b": "RUS"}
    ba = {**asked, "power_a": "RUS", "power_b": "USA"}
    total = (
        run(SplitSides(**ab)).draws + run(SplitSides(**ba)).draws + run(SplitDistance(**ab)).draws
    )
    np.testing.assert_allclose(total, 1)
    np.testing.assert_allclose(run(SplitLean(**ab)).draws, -run(SplitLean(**ba)).draws)
    adjusted = run(SplitAdjustedLean(**ab)).draws + run(SplitAdjustedLean(**ba)).draws
    np.testing.assert_allclose(adjusted, 0, atol=1e-12)


def test_the_invasion_is_a_declared_conflict_set(run: Runner) -> None:
    """ES-11/1: Kazakhstan abstained, Belarus voted no, Uzbekistan did not vote (GA/12407)."""
    asked = {"focal": "KAZ", "years": (2022, 2022), "vote_set": "ukraine-emergency", "draws": 50}
    powers = {"power_a": "USA", "power_b": "RUS", "others": ("BLR", "UZB", "FRA")}
    found = run(SplitDistance(**asked, **powers))
    assert [found.at(state=s).value for s in ("KAZ", "BLR", "UZB", "FRA")] == [1, 0, None, 0]
    assert found.at(state="KAZ").low is None  # one vote has no interval
    lean = run(SplitLean(**asked, **powers))
    assert [lean.at(state=s).value for s in ("KAZ", "BLR", "FRA")] == [None, -1, 1]


def test_intervals_hold_the_record_and_notes_travel(run: Runner) -> None:
    asked = {"focal": "KAZ", "power_a": "USA", "power_b": "RUS", "years": (2010, 2024)}
    found = run(SplitDistance(**asked, others=("TUR",), draws=100))
    table = found.summary()
    held = (table["low"] <= table["value"]) & (table["value"] <= table["high"])
    assert held.drop_nulls().mean() >= 0.95
    assert not found.at(state="TUR", year=2023).known
    assert "Türkiye" in found.at(state="TUR", year=2023).note
    assert "4 June only" in found.at(state="KAZ", year=2024).note
    assert found.draw_kind == "bootstrap"
    assert "USA and RUS are opposed" in found.variant


def test_no_split_is_no_figure(run: Runner) -> None:
    day = date(2010, 10, 1)
    votes = Votes(tuple((r, day, s, 1) for r in "ab" for s in ("KAZ", "USA", "RUS")))
    calls = Calls((("a", day, "A"), ("b", day, "B")))
    asked = {**PERIOD, "years": (2010, 2010), "power_a": "USA", "power_b": "RUS"}
    assert run(SplitVotes(votes, calls, **asked)).at().value == 0
    for measure in (SplitDistance, SplitLean, SplitEvenness, SplitSides, SplitAdjustedLean):
        assert not run(measure(votes, calls, **asked)).at().known


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"power_b": "USA"}, "USA cannot split with itself"),
        ({"others": ("EU27_2020",)}, "EU27_2020 is a group"),
    ],
)
def test_what_cannot_be_placed_is_refused(choice: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        SplitVotes(**{**PERIOD, "power_a": "USA", "power_b": "RUS", **choice})
