"""All dyads of one year, twelve measures of similarity, against the same loops."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.cases.similarity_all_years import scores
from benchmarks.run import Case
from multivector.stats.agreement import ABSENT, ABSTAIN, NO, YES
from multivector.stats.similarity import Dyads, all_dyads

STATES, ITEMS, EVERY = 193, 90, 50


@dataclass(frozen=True)
class Year:
    """Positions (states × items)."""

    votes: NDArray[np.int8]


def prepare() -> Year:
    """Random positions of the size of a year of the General Assembly."""
    codes = np.array([YES, ABSTAIN, NO, ABSENT], dtype=np.int8)
    rng = np.random.default_rng(2015)
    return Year(rng.choice(codes, size=(STATES, ITEMS), p=[0.68, 0.14, 0.08, 0.10]))


def fast(year: Year) -> Dyads:
    """Count common bits of every pair."""
    return all_dyads(year.votes)


def slow(year: Year) -> list[list[float]]:
    """Every measure of one dyad in 50, item by item."""
    rows = year.votes.tolist()
    pairs = list(zip(*np.triu_indices(STATES, 1), strict=True))[::EVERY]
    return [scores(rows[i], rows[j]) for i, j in pairs]


def equal(result: Dyads, twin: list[list[float]]) -> None:
    """Agree to twelve digits on the dyads that the twin did."""
    np.testing.assert_allclose(result.values[::EVERY], twin, rtol=0, atol=1e-12)


CASE = Case(
    "similarity, one year",
    prepare,
    fast,
    slow,
    equal,
    floor=100.0,
    ceiling=0.003,
    slow_share=1 / EVERY,
    size=f"{STATES} states x {ITEMS} roll calls, 12 measures",
)
