"""Designs for causal claims, against slow twins that count every placebo by hand."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector.stats.claim_designs import break_effect, lag_effect, rank_effect

values = st.lists(st.integers(-9, 9).map(float), min_size=10, max_size=16)


@given(values)
def test_break_against_a_twin(y: list[float]) -> None:
    years = list(range(2000, 2000 + len(y)))
    found = break_effect(years, y, 2004)
    changes = [np.mean(y[k:]) - np.mean(y[:k]) for k in range(3, len(y) - 2)]
    own = np.mean(y[4:]) - np.mean(y[:4])
    assert found.effect == pytest.approx(own)
    assert found.p == pytest.approx(np.mean([abs(c) >= abs(own) - 1e-12 for c in changes]))


def test_a_break_needs_three_years_on_either_side() -> None:
    assert np.isnan(break_effect(range(2000, 2010), [0.0] * 8 + [1.0] * 2, 2008).effect)
    assert np.isfinite(break_effect(range(2000, 2011), [0.0] * 8 + [1.0] * 3, 2008).effect)


def test_missing_years_do_not_count() -> None:
    y = [0.0, 0, 0, np.nan, 1, 1, 1]
    assert break_effect(range(2000, 2007), y, 2004).n == 6


@given(values, st.randoms(use_true_random=False))
def test_lag_against_least_squares(x: list[float], random: object) -> None:
    rng = np.random.default_rng(len(x))
    y = rng.normal(size=len(x))
    found = lag_effect(x, y)
    dx, dy = np.diff(x)[:-1], np.diff(y)[1:]
    if len(dx) < 8 or np.ptp(dx) == 0:
        assert np.isnan(found.effect)
        return
    slopes = [np.polyfit(np.roll(dx, k), dy, 1)[0] for k in range(len(dx))]
    assert found.effect == pytest.approx(slopes[0], abs=1e-9)
    larger = [abs(s) >= abs(slopes[0]) - 1e-9 for s in slopes]
    assert found.p == pytest.approx(np.mean(larger), abs=1.01 / len(dx))


@given(st.lists(st.integers(0, 4).map(float), min_size=5, max_size=6))
def test_ranks_against_every_permutation(x: list[float]) -> None:
    y = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0][: len(x)]
    found = rank_effect(x, y)
    if np.ptp(x) == 0:
        assert np.isnan(found.effect)
        return

    def midrank(v: list[float]) -> np.ndarray:
        return np.array([sum(w < u for w in v) + (sum(w == u for w in v) + 1) / 2 for u in v])

    b = midrank(y)
    own = np.corrcoef(midrank(x), b)[0, 1]
    every = [np.corrcoef(midrank(list(p)), b)[0, 1] for p in permutations(x)]
    assert found.effect == pytest.approx(own)
    assert found.p == pytest.approx(np.mean([abs(r) >= abs(own) - 1e-9 for r in every]))


def test_few_units_tell_nothing() -> None:
    assert np.isnan(rank_effect([1, 2, 3, 4], [1, 2, 3, 4]).effect)
    assert np.isnan(lag_effect([1, 2, 3], [1, 2, 3]).effect)
