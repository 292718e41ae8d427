"""Votes on declared conflicts: measures by loops, the verdict on made-up votes, face validity."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from scipy import stats

from multivector import states
from multivector.errors import Problems
from multivector.measures.conflict_votes import (
    ConflictAbsence,
    ConflictDistance,
    ConflictMeasure,
    ConflictPercentile,
    ConflictSupport,
    ConflictVotes,
)
from multivector.measures.neutrality import face_validity, sentence, verdicts
from multivector.measures.split_votes import SplitDistance
from multivector.registry import find
from multivector.runner import Runner
from multivector.sources.un_roll_calls import UNRollCalls
from multivector.sources.un_votes import UNVotes
from tests.measures.conftest import Book, shipped
from tests.measures.toys import Calls, Votes


def _georgia(book: Book) -> list[dict[str, int]]:
    """Votes on Georgia in the casebook, found by the symbols and numbers of the set."""
    members = find("vote_sets", "georgia").resolutions
    found = []
    for row in shipped("un_roll_calls").iter_rows(named=True):
        for r in members:
            numbered = bool(r.rcid) and row["rcid"] == r.rcid
            named = not r.rcid and (row["symbol"] or "").endswith(f"/{r.symbol}")
            if (numbered and str(row["date"])[:4] == r.date[:4]) or (
                named and str(row["date"]) == r.date
            ):
                found.append(book.votes[f"{row['rcid']} {row['date']}"])
    return found


@pytest.mark.parametrize("state", ["KAZ", "KGZ", "ARM", "TUR", "UZB"])
def test_measures_by_loops(run: Runner, book: Book, state: str) -> None:
    cast = [v.get(state) for v in _georgia(book)]
    if state == "TUR":  # its votes of 2023 and 2024 are lost, and known to be
        cast = cast[: len(cast) - 2]
    yes, abstain, no, absent = (cast.count(v) for v in (1, 2, 3, 8))
    asked: dict[str, Any] = {"focal": state, "vote_set": "georgia", "draws": 0}
    positions = yes + abstain + no
    assert positions > 0
    assert run(ConflictVotes(**asked)).at().value == positions
    assert run(ConflictDistance(**asked)).at().value == pytest.approx(abstain / positions)
    assert run(ConflictSupport(**asked)).at().value == pytest.approx(yes / positions)
    share = absent / (positions + absent)
    assert run(ConflictAbsence(**asked)).at().value == pytest.approx(share)
    other = run(ConflictDistance(**asked, absence="abstains")).at().value
    assert other == pytest.approx((abstain + absent) / (positions + absent))


def test_percentile_by_sorting(run: Runner) -> None:
    others = tuple(s for s in states.all_states() if s != "KAZ")
    asked: dict[str, Any] = {"focal": "KAZ", "vote_set": "crimea", "draws": 0}
    table = run(ConflictDistance(**asked, others=others)).draws[:, 0]
    known = table[~np.isnan(table)]
    rank = (known < table[0]).sum() + (known == table[0]).sum() / 2
    found = run(ConflictPercentile(**asked)).at().value
    assert found == pytest.approx(100 * rank / len(known))


def test_only_declared_conflicts_are_taken() -> None:
    with pytest.raises(Problems) as caught:
        ConflictAbsence(focal="EU", vote_set="nuclear", absence="abstains")
    text = str(caught.value)
    for part in ("EU is a group", "nuclear is no declared conflict", "georgia", "counts as"):
        assert part in text


# the verdict ------------------------------------------------------------------------------------

DAYS = {"68/262": date(2014, 3, 27), "71/205": date(2016, 12, 19), "72/190": date(2017, 12, 19)}


def _toy(**cast: tuple[int, int, int]) -> ConflictDistance:
    """Votes of states on three resolutions on Crimea, the roll call numbered by its symbol."""
    rows = tuple(
        (symbol, day, state, vote)
        for state, votes in cast.items()
        for (symbol, day), vote in zip(DAYS.items(), votes, strict=True)
    )
    calls = Calls(tuple((symbol, day, "Title") for symbol, day in DAYS.items()))
    return ConflictDistance(Votes(rows), calls, focal="KAZ", vote_set="crimea")


def test_a_state_that_always_abstains_is_maximal(run: Runner) -> None:
    step = _toy(KAZ=(2, 2, 2), USA=(1, 1, 1), RUS=(3, 3, 3), BRA=(2, 1, 2))
    (found,) = verdicts(run, "KAZ", ("crimea",), (2014, 2017), step)
    assert (found.votes.value, found.distance.value, found.further.value) == (3, 1, 0)
    assert (found.maximal, found.since) == (True, 2014)
    text = sentence("KAZ", [found])
    assert "holds on votes on Crimea" in text
    assert "(3 votes, since 2014)" in text


def test_one_family_of_resolutions_is_not_resampled(run: Runner) -> None:
    step = _toy(KAZ=(2, 2, 1), USA=(1, 1, 1), RUS=(3, 3, 3), BRA=(2, 2, 2))
    cell = run(replace(step, draws=20, years=(2014, 2017))).at()
    assert cell.value == pytest.approx(2 / 3)
    assert cell.low is None


def test_since_when_and_absence_under_each_rule(run: Runner) -> None:
    step = _toy(KAZ=(3, 2, 2), USA=(1, 1, 1), RUS=(3, 3, 3), BRA=(8, 1, 8))
    (found,) = verdicts(run, "KAZ", ("crimea",), (2014, 2017), step)
    assert found.distance.value == pytest.approx(2 / 3)
    assert (found.maximal, found.since) == (True, 2016)
    (brazil,) = verdicts(run, "BRA", ("crimea",), (2014, 2017), step)
    assert (brazil.votes.value, brazil.distance.value, brazil.maximal) == (1, 0, False)
    assert brazil.as_abstentions.value == pytest.approx(2 / 3)
    assert brazil.as_sides.value == 0
    assert brazil.absent.value == pytest.approx(2 / 3)


def test_more_distant_states_refute_the_claim(run: Runner) -> None:
    step = _toy(KAZ=(2, 2, 1), USA=(1, 1, 1), RUS=(3, 3, 3), BRA=(2, 2, 2))
    (found,) = verdicts(run, "KAZ", ("crimea",), (2014, 2017), step)
    assert found.further.value == pytest.approx(1 / 3)
    assert not found.maximal
    assert "none of the conflicts examined" in sentence("KAZ", [found])


def test_without_a_position_nothing_is_said(run: Runner) -> None:
    (found,) = verdicts(run, "KAZ", ("xinjiang",))
    assert not found.spoken
    assert "nothing can be said" in str(found)
    assert "nothing can be said" in sentence("KAZ", [found])


def test_a_side_known_from_a_partial_list_is_told(run: Runner) -> None:
    """Kazakhstan voted against ES-11/3, of which only the votes against are known (GA/12414)."""
    (found,) = verdicts(run, "KAZ", ("ukraine",))
    assert (found.votes.value, found.maximal, found.since) == (1, True, 2022)
    assert found.besides == ("ES-11/3 (no)",)
    assert "but it took a side on ES-11/3" in sentence("KAZ", [found])
    (mongolia,) = verdicts(run, "MNG", ("ukraine",))
    assert mongolia.besides == ()


def test_the_claim_is_not_true_of_kazakhstan_in_general(run: Runner) -> None:
    """It votes for Palestine and for the ban on nuclear weapons, and against Crimea's texts."""
    found = {v.conflict: v for v in verdicts(run, "KAZ")}
    assert not found["crimea"].maximal
    assert not found["palestine"].maximal
    assert not found["nuclear-weapons"].maximal
    text = sentence("KAZ", list(found.values()))
    assert "does not hold in general" in text
    assert "Nothing can be said on votes on Xinjiang" in text


# face validity ----------------------------------------------------------------------------------


def _top(run: Runner, step: ConflictMeasure) -> set[str]:
    """Return the states in the top decile of distance, by sorting."""
    everyone = tuple(s for s in states.all_states() if s != step.focal)
    found = run(replace(step, others=everyone, draws=0))
    table = dict(zip(found.cells["state"], found.draws[:, 0], strict=True))
    known = {s: d for s, d in table.items() if not np.isnan(d)}
    edge = np.quantile(list(known.values()), 0.9)
    return {s for s, d in known.items() if d >= edge > 0}


def test_both_checks_as_they_are_printed(run: Runner) -> None:
    """Allies of the United States are distant over all votes, and on Ukraine they are not."""
    conflict = ConflictDistance(focal="KAZ", vote_set="ukraine")
    splits = SplitDistance(focal="KAZ", power_a="USA", power_b="RUS", years=(2007, 2019))
    found = face_validity(run, conflict, splits)
    assert set(found.conflict) == _top(run, conflict)
    assert found.holds
    assert {"CMR", "SSD", "TON", "AUS"} <= set(found.overall)
    assert "FRA" in found.european
    assert not {"USA", "CAN", "TUR"} & set(found.european)


def test_no_ally_but_turkiye_and_hungary_is_distant_on_ukraine(run: Runner) -> None:
    """Votes of 2022: the word neutral must not fall on a member of NATO."""
    top = _top(run, ConflictDistance(focal="KAZ", vote_set="ukraine"))
    assert "KAZ" in top
    assert not top & (set(states.members("NATO", date(2022, 3, 2))) - {"TUR", "HUN"})


def test_the_same_in_2025_without_the_united_states(full: Runner) -> None:
    """Votes of 2025: the United States voted with Russia against ES-11/7."""
    inputs = UNVotes(layout="undl by code"), UNRollCalls(layout="undl by code")
    step = ConflictDistance(*inputs, focal="KAZ", vote_set="ukraine", draws=0)
    assert full(replace(step, focal="USA")).at().value < 1
    top = _top(full, step)
    assert "KAZ" in top
    assert not top & (set(states.members("NATO", date(2025, 2, 24))) - {"TUR", "HUN"})


def test_over_all_split_votes_european_allies_abstain_most(full: Runner) -> None:
    """2007 to 2019, Russia and the USA opposed: Kazakhstan .059, France .23, not neutrality."""
    votes, calls = UNVotes(layout="unvotes wide"), UNRollCalls(layout="unvotes wide")
    found = full(
        SplitDistance(
            votes,
            calls,
            focal="KAZ",
            others=("FRA", "AUS"),
            power_a="USA",
            power_b="RUS",
            years=(2007, 2019),
            by="period",
            draws=0,
        )
    )
    assert found.at(state="KAZ").value == pytest.approx(0.059, abs=5e-4)
    assert found.at(state="FRA").value == pytest.approx(0.23, abs=5e-3)
    assert "neutral" not in found.label.lower()


def test_a_record_of_one_kind_is_not_certainty(run: Runner) -> None:
    """Kazakhstan never abstained on Palestine; seven votes leave room, about as Jeffreys says."""
    asked: dict[str, Any] = {"focal": "KAZ", "vote_set": "palestine", "years": (1992, 2023)}
    votes = run(ConflictVotes(**asked)).at().value
    found = run(ConflictDistance(**asked, draws=500)).at()
    assert (found.value, found.low) == (0, 0)
    assert votes is not None
    assert found.high == pytest.approx(stats.beta(0.5, votes + 0.5).ppf(0.95), rel=0.4)
