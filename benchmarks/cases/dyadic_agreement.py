"""Agreement of all dyads over the whole roll-call history, against loops over dyads and items.

The votes are drawn at random in the size and with the gaps of the General Assembly's record
(about 200 states, 6,000 roll calls, a third without a position), since the cost depends on the
size only. The twin counts every item of every dyad in plain Python; it does one dyad in 200, and
its time is scaled to all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from benchmarks.run import Case
from multivector.stats.agreement import (
    ABSENT,
    ABSTAIN,
    NO,
    NOT_MEMBER,
    YES,
    Agreement,
    agreement,
    crosstab,
)

STATES, ITEMS, EVERY = 200, 6_000, 200
DYADS = list(combinations_with_replacement(range(STATES), 2))[::EVERY]


@dataclass(frozen=True)
class Scores:
    """Number of co-present items, exact agreement, S and κ (absolute distances) of one dyad."""

    n: int
    exact: float
    s: float
    kappa: float


def prepare() -> NDArray[np.int8]:
    """Random positions of the size of the General Assembly's record."""
    codes = np.array([YES, ABSTAIN, NO, ABSENT, NOT_MEMBER], dtype=np.int8)
    rng = np.random.default_rng(1946)
    return rng.choice(codes, size=(STATES, ITEMS), p=[0.45, 0.12, 0.10, 0.08, 0.25])


def fast(votes: NDArray[np.int8]) -> Agreement:
    """All dyads by one matrix product."""
    return agreement(crosstab(votes))


def slow(votes: NDArray[np.int8]) -> list[Scores]:
    """One dyad in 200, item by item."""
    rows = votes.tolist()
    return [_scores(rows[i], rows[j]) for i, j in DYADS]


def _scores(x: list[int], y: list[int]) -> Scores:
    n = same = apart = 0
    first, second = {-1: 0, 0: 0, 1: 0}, {-1: 0, 0: 0, 1: 0}
    for left, right in zip(x, y, strict=True):
        if abs(left) <= 1 and abs(right) <= 1:
            n += 1
            same += left == right
            apart += abs(left - right)
            first[left] += 1
            second[right] += 1
    by_chance = sum(first[r] * second[c] * abs(r - c) for r in first for c in second) / n
    return Scores(n, same / n, 1 - apart / n, 1 - apart / by_chance)


def equal(result: Agreement, twin: list[Scores]) -> None:
    """Agree to twelve digits on the dyads that the twin did."""
    for (i, j), scores in zip(DYADS, twin, strict=True):
        found = (result.n[i, j], result.exact[i, j], result.s[i, j], result.kappa[i, j])
        expected = (scores.n, scores.exact, scores.s, scores.kappa)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


CASE = Case(
    "dyadic agreement",
    prepare,
    fast,
    slow,
    equal,
    floor=50.0,
    slow_share=len(DYADS) / (STATES * (STATES + 1) // 2),
    size=f"{STATES} states x {ITEMS} roll calls; twin on {len(DYADS)} dyads, scaled",
)
