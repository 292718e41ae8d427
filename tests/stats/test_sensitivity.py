"""Sobol indices against printed estimates and known functions; bounds of what is missing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from multivector.errors import InputError
from multivector.stats import aggregation as agg
from multivector.stats.bounds import balance_bounds, departure_bounds, score_bounds
from multivector.stats.composition import balance, departure
from multivector.stats.sensitivity import (
    bootstrap,
    design,
    first_order,
    pick,
    pooled,
    rank_draws,
    rank_shift,
    total_order,
)

NAN = float("nan")


def ishigami(u: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * u - 1)
    return np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])


def outputs() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    k = np.arange(1, 65)[:, None]
    points = np.modf(k * np.sqrt([2, 3, 5, 7, 11, 13]))[0]
    a, b = points[:, :3], points[:, 3:]
    mixed = np.repeat(a[None], 3, axis=0)
    for i in range(3):
        mixed[i, :, i] = b[:, i]
    return ishigami(a), ishigami(b), ishigami(mixed)


def test_printed_estimates_of_the_ishigami_function() -> None:
    """Worked out before this code, with N = 64 and A|B from frac(k·√p)."""
    a, b, ab = outputs()
    assert_allclose(np.concatenate([a, b]).var(ddof=1), 14.3647609530806, atol=5e-13)
    assert_allclose(first_order(a, b, ab), [0.232706, 0.494399, -0.083175], atol=5e-7)
    jansen = first_order(a, b, ab, "jansen")
    assert_allclose(jansen, [0.400064, 0.563373, -0.025493], atol=1e-6)  # the second is cut off
    total = [0.268676272257, 0.418987478713, 0.215064286598]
    assert_allclose(total_order(a, b, ab), total, atol=5e-13)


def test_the_estimator_without_centring_is_not_ours() -> None:
    """Its value on the same points is known, and a large mean makes it worse still."""
    a, b, ab = outputs()
    uncentred = (b * (ab - a)).mean(axis=-1) / np.concatenate([a, b]).var(ddof=1)
    assert_allclose(uncentred, [0.226623, 0.497737, -0.110622], atol=5e-7)
    assert np.abs(first_order(a, b, ab) - uncentred).max() > 0.005
    for estimate in (first_order, total_order):
        assert_allclose(estimate(a + 1e4, b + 1e4, ab + 1e4), estimate(a, b, ab), atol=1e-7)


def test_indices_of_the_ishigami_function_are_found_in_a_large_design() -> None:
    """V₁ = ½(1 + bπ⁴/5)², V₂ = a²/8, V₁₃ = 8b²π⁸/225 (Ishigami & Homma 1990)."""
    parts = [0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8, 8 * 0.01 * np.pi**8 / 225]
    variance = sum(parts)
    x = design(4096, 3, seed=1)
    a, b, ab = ishigami(x.a), ishigami(x.b), ishigami(x.mixed([[0], [1], [2]]))
    assert_allclose(first_order(a, b, ab), np.array([*parts[:2], 0]) / variance, atol=0.02)
    total = np.array([parts[0] + parts[2], parts[1], parts[2]]) / variance
    assert_allclose(total_order(a, b, ab), total, atol=0.02)
    drawn = bootstrap(a, b, ab, draws=200, seed=1)
    low, high = np.quantile(drawn.total, [0.005, 0.995], axis=-1)
    assert ((low <= total) & (total <= high)).all()


def test_columns_of_one_source_move_together() -> None:
    x = design(16, 3, seed=2)
    mixed = x.mixed([[0, 2], [1]])
    assert_array_equal(mixed[0][:, [0, 2]], x.b[:, [0, 2]])
    assert_array_equal(mixed[0][:, 1], x.a[:, 1])
    assert_array_equal(mixed[1][:, [0, 2]], x.a[:, [0, 2]])
    assert not np.array_equal(x.a, x.b)
    assert_array_equal(design(16, 3, seed=2).a, x.a)
    with pytest.raises(InputError, match="such as 16"):
        design(18, 3, seed=2)


def test_an_input_that_plays_no_part_has_none() -> None:
    x = design(64, 2, seed=3)
    f = x.a[:, 0], x.b[:, 0], x.mixed([[0], [1]])[..., 0]
    assert first_order(*f)[1] == total_order(*f)[1] == 0
    assert_allclose(total_order(*f)[0], 1, atol=0.1)
    flat = np.full(64, 0.1), np.full(64, 0.1), np.full((2, 64), 0.1)
    assert np.isnan(first_order(*flat)).all()
    assert np.isnan(total_order(*flat)).all()
    assert np.isnan(first_order(*flat, "jansen")).all()


@given(st.integers(0, 1000))
def test_undefined_replays_are_left_out_of_a_b_and_ab(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b, ab = rng.random((2, 32)), rng.random((2, 32)), rng.random((2, 3, 32))
    a[0, 3] = b[0, 5] = ab[0, 1, 7] = NAN
    keep = [n for n in range(32) if n not in (3, 5, 7)]
    for estimate in (first_order, total_order):
        found = estimate(a, b, ab)
        assert_allclose(found[0], estimate(a[0, keep], b[0, keep], ab[0][:, keep]))
        assert_allclose(found[1], estimate(a[1], b[1], ab[1]))


def test_resampling_rows_is_what_a_loop_does() -> None:
    a, b, ab = outputs()
    found = bootstrap(a, b, ab, draws=5, seed=9)
    times = np.random.default_rng(9).multinomial(64, np.full(64, 1 / 64), size=5)
    for draw, row in enumerate(times):
        rows = np.repeat(np.arange(64), row)
        one = a[rows], b[rows], ab[:, rows]
        assert_allclose(found.first[:, draw], first_order(*one), atol=1e-10)
        assert_allclose(found.total[:, draw], total_order(*one), atol=1e-10)


def test_alternatives_are_equally_likely() -> None:
    counts = np.bincount(pick(design(1024, 1, seed=1).a[:, 0], 4), minlength=4)
    assert_allclose(counts, 256, atol=2)
    assert pick([0.0, 1.0], 3).tolist() == [0, 2]


def test_pooled_shares_ranks_and_shifts() -> None:
    assert_allclose(pooled([[0.8, 0.2], [NAN, NAN]], [3.0, 0.0]), [0.8, 0.2])
    scores = np.array([[3.0, 1.0, NAN], [2.0, 2.0, 1.0], [2.0, 3.0, 2.0]])
    assert_array_equal(rank_draws(scores), [[1, 3, NAN], [2, 2, 2], [2, 1, 1]])
    assert_allclose(rank_shift([[1, 2, 3], [3, NAN, 1]], [1, 2, 3]), [0, 2])


# bounds ------------------------------------------------------------------------------------------


@st.composite
def gappy(draw: st.DrawFn) -> tuple[np.ndarray, float, np.ndarray]:
    n = draw(st.integers(2, 6))
    whole = np.array(draw(st.lists(st.floats(0.01, 10), min_size=n, max_size=n)))
    gap = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    return np.where(gap, NAN, whole), float(whole.sum()), whole


@given(gappy(), st.integers(0, 100))
def test_bounds_of_balance_and_departure_hold_every_completion(
    case: tuple[np.ndarray, float, np.ndarray], seed: int
) -> None:
    amounts, total, whole = case
    rng = np.random.default_rng(seed)
    target = rng.dirichlet(np.ones(len(whole))) + 0.01
    gap = np.isnan(amounts)
    rest = total - np.nansum(amounts)
    even, far = balance_bounds(amounts, total), departure_bounds(amounts, target, total)
    fills = [whole[gap], *(rest * rng.dirichlet(np.ones(max(int(gap.sum()), 1)), size=20))]
    for fill in fills if gap.any() else fills[:1]:
        done = amounts.copy()
        done[gap] = fill[: int(gap.sum())]
        b, d = balance(done), departure(done, target)
        assert even.lower - 1e-9 <= b <= even.upper + 1e-9
        assert far.lower - 1e-9 <= d <= far.upper + 1e-9
    if not gap.any():
        return
    attained = {"even": [], "far": []}
    corners = [rest * row for row in np.eye(int(gap.sum()))]
    spread = [np.full(int(gap.sum()), rest / gap.sum()), rest * target[gap] / target[gap].sum()]
    for fill in (*corners, *spread):
        done = amounts.copy()
        done[gap] = fill
        attained["even"].append(float(balance(done)))
        attained["far"].append(float(departure(done, target)))
    assert_allclose([even.lower, even.upper], [min(attained["even"]), max(attained["even"])])
    close = {"atol": 1e-9}
    assert_allclose([far.lower, far.upper], [min(attained["far"]), max(attained["far"])], **close)


def test_bounds_without_a_total_are_unknown() -> None:
    assert np.isnan(departure_bounds([1.0, NAN], [1.0, 1.0], NAN).upper)
    assert np.isnan(balance_bounds([1.0, NAN], NAN).upper)
    with pytest.raises(InputError, match="above zero for each"):
        departure_bounds([1.0, NAN], [1.0, 0.0], 3.0)
    with pytest.raises(InputError, match="add up"):
        departure_bounds([1.0, 1.0], [1.0, 1.0], 3.0)


RULES = {
    "arithmetic": lambda v: agg.arithmetic(v, [1, 2, 3]),
    "geometric": lambda v: agg.geometric(v, [1, 2, 3]),
    "harmonic": lambda v: agg.harmonic(v, [1, 2, 3]),
    "copeland": lambda v: agg.copeland(v, [1, 2, 3]),
    "doubt": agg.benefit_of_the_doubt,
}


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_bounds_of_scores_hold_every_completion_and_are_attained(rule: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    score = RULES[rule]
    whole = rng.integers(1, 6, size=(4, 3)).astype(float)
    gap = np.zeros(12, dtype=bool)
    gap[rng.choice(12, size=3, replace=False)] = True
    gap = gap.reshape(4, 3)
    found = score_bounds(score, np.where(gap, NAN, whole), 1.0, 5.0)
    completed = []
    for fill in itertools.product((1.0, 2.5, 5.0), repeat=3):
        done = whole.copy()
        done[gap] = fill
        completed.append(score(done))
    completed = np.array(completed)
    assert_allclose(found.lower, completed.min(axis=0), atol=1e-9)
    assert_allclose(found.upper, completed.max(axis=0), atol=1e-9)
