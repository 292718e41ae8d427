"""All dyads, all years, twelve measures of similarity, against loops over dyads and items.

The votes are drawn at random in the size and with the gaps of the General Assembly's record: 200
states, of which 51 to 193 have a seat, 6,200 roll calls in 79 years, about 865,000 dyad-years. The
twin works item by item in plain Python from the definitions, on one dyad-year in 2,000.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from benchmarks.run import Case
from multivector.stats.agreement import ABSENT, ABSTAIN, NO, NOT_MEMBER, YES
from multivector.stats.similarity import MEASURES, Dyads, all_dyads

STATES, ITEMS, YEARS, EVERY = 200, 6_200, 79, 2_000


@dataclass(frozen=True)
class Record:
    """Positions (states × items) and the year of each item."""

    votes: NDArray[np.int8]
    year: NDArray[np.intp]


def prepare() -> Record:
    """Random positions of the size of the General Assembly's record."""
    codes = np.array([YES, ABSTAIN, NO, ABSENT], dtype=np.int8)
    rng = np.random.default_rng(1946)
    votes = rng.choice(codes, size=(STATES, ITEMS), p=[0.68, 0.14, 0.08, 0.10])
    year = np.sort(rng.integers(0, YEARS, ITEMS))
    seats = np.minimum(51 + year * 3, 193)  # the Assembly's growth, roughly
    votes[np.arange(STATES)[:, None] >= seats] = NOT_MEMBER
    return Record(votes, year)


def fast(record: Record) -> Dyads:
    """Count common bits of every pair in every year."""
    return all_dyads(record.votes, record.year)


def slow(record: Record) -> list[list[float]]:
    """Every measure of one dyad-year in 2,000, item by item."""
    found: list[list[float]] = []
    number = 0
    for year in range(YEARS):
        votes = record.votes[:, record.year == year]
        rows = [row.tolist() for row in votes if (np.abs(row) <= 1).any()]
        pairs = len(rows) * (len(rows) - 1) // 2
        wanted = set(range(-number % EVERY, pairs, EVERY))
        for place, (x, y) in enumerate(combinations(rows, 2)):
            if place in wanted:
                found.append(scores(x, y))
        number += pairs
    return found


def scores(x: list[int], y: list[int]) -> list[float]:
    """Every measure of one dyad from the definitions, in the order of the kernel's columns."""
    both = [(r, c) for r, c in zip(x, y, strict=True) if abs(r) <= 1 and abs(c) <= 1]
    n = len(both)
    nan = float("nan")
    if n == 0:
        return [0.0] + [nan] * 12

    def apart(r: int, c: int) -> tuple[float, float, float]:
        return float(r != c), abs(r - c) / 2, (r - c) ** 2 / 4

    def mean(pairs: list[tuple[int, int, float]]) -> list[float]:
        return [sum(w * apart(r, c)[k] for r, c, w in pairs) for k in range(3)]

    p = {v: sum(r == v for r, _ in both) / n for v in (-1, 0, 1)}
    q = {v: sum(c == v for _, c in both) / n for v in (-1, 0, 1)}
    cells = [(r, c) for r in p for c in p]
    d = mean([(r, c, 1 / n) for r, c in both])
    own = mean([(r, c, p[r] * q[c]) for r, c in cells])
    pooled = mean([(r, c, (p[r] + q[r]) * (p[c] + q[c]) / 4) for r, c in cells])
    kappa = [1 - o / e if e else nan for o, e in zip(d, own, strict=True)]
    pi = [1 - o / e if e else nan for o, e in zip(d, pooled, strict=True)]
    joined = untied_x = untied_y = 0
    for (r, c), (s, e) in combinations(both, 2):
        joined += ((r > s) - (r < s)) * ((c > e) - (c < e))
        untied_x += r != s
        untied_y += c != e
    tau = joined / (untied_x * untied_y) ** 0.5 if untied_x and untied_y else nan
    s_scores = [1 - 2 * d[1], 1 - 2 * d[2]]
    return [n, 1 - d[0], 1 - d[1], *s_scores, *kappa, *pi, tau, 2 * (own[1] - d[1])]


def equal(result: Dyads, twin: list[list[float]]) -> None:
    """Agree to twelve digits on the dyad-years that the twin did."""
    assert 800_000 < len(result.values) < 1_000_000
    assert result.values.shape[1] == len(MEASURES)
    np.testing.assert_allclose(result.values[::EVERY], twin, rtol=0, atol=1e-12)


CASE = Case(
    "similarity, all years",
    prepare,
    fast,
    slow,
    equal,
    floor=100.0,
    ceiling=0.2,
    slow_share=1 / EVERY,
    size=f"{STATES} states x {ITEMS} roll calls x {YEARS} years, 12 measures",
)
