from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from multivector.errors import InputError
from multivector.stats.concentration import (
    effective_number_shannon,
    effective_number_simpson,
    entropy,
    entropy_bounds,
    hhi,
    hhi_bounds,
    normalised_hhi,
    theil,
)

# Three portfolios over five partners, with their HHI and effective number exp H worked out by hand.
PORTFOLIOS = [
    [0.30, 0.25, 0.35, 0.05, 0.05],
    [0.80, 0.05, 0.05, 0.08, 0.02],
    [0.10, 0.15, 0.45, 0.25, 0.05],
]
EVERY = (hhi, normalised_hhi, entropy, effective_number_shannon, effective_number_simpson, theil)

amount = st.floats(1e-3, 1e3) | st.just(0.0)
amounts = st.integers(2, 8).flatmap(lambda n: arrays(np.float64, (n,), elements=amount))


def test_golden_portfolios() -> None:
    assert_allclose(hhi(PORTFOLIOS), [0.28, 0.6518, 0.30], atol=1e-12)
    assert_allclose(effective_number_shannon(PORTFOLIOS), [3.954192, 2.134830, 3.937379], atol=5e-7)


@given(amounts)
def test_twins(x: np.ndarray) -> None:
    """Loops over the definitions; the entropy also against scipy's."""
    from scipy import stats

    assume(x.sum() > 0)
    n, p = len(x), [v / sum(x) for v in x.tolist()]
    h = -sum(v * math.log(v) for v in p if v)
    index = sum(v * v for v in p)
    mean = sum(x) / n
    inequality = sum(v / mean * math.log(v / mean) for v in x.tolist() if v) / n
    assert_allclose(hhi(x), index)
    assert_allclose(normalised_hhi(x), (n * index - 1) / (n - 1), atol=1e-12)
    assert_allclose(entropy(x), h, atol=1e-12)
    assert_allclose(entropy(x), stats.entropy(x), atol=1e-12)
    assert_allclose(effective_number_shannon(x), math.exp(h))
    assert_allclose(effective_number_simpson(x), 1 / index)
    assert_allclose(theil(x), inequality, atol=1e-12)


@given(amounts, st.floats(1e-3, 1e3))
def test_scale_order_and_range(x: np.ndarray, factor: float) -> None:
    assume(x.sum() > 0)
    n = len(x)
    for measure in EVERY:
        assert_allclose(measure(x * factor), measure(x), atol=1e-9)
        assert_allclose(measure(x[::-1]), measure(x), atol=1e-9)
    assert 1 / n - 1e-12 <= hhi(x) <= 1 + 1e-12
    assert -1e-12 <= normalised_hhi(x) <= 1 + 1e-12
    assert -1e-12 <= entropy(x) <= math.log(n) + 1e-12
    assert effective_number_simpson(x) <= effective_number_shannon(x) + 1e-9
    assert 0 <= theil(x) <= math.log(n) + 1e-12


@pytest.mark.parametrize("n", [2, 5, 30])
def test_extremes(n: int) -> None:
    equal, one = np.ones(n), np.eye(n)[0]
    assert_allclose([hhi(equal), normalised_hhi(equal), theil(equal)], [1 / n, 0, 0], atol=1e-12)
    assert_allclose(effective_number_shannon(equal), n)
    assert_allclose(effective_number_simpson(equal), n)
    for measure, value in ((hhi, 1), (normalised_hhi, 1), (entropy, 0), (theil, math.log(n))):
        assert_allclose(measure(one), value, atol=1e-12)


def test_missing_and_empty_are_undefined_row_by_row() -> None:
    x = [[1, 2, 3], [1, np.nan, 3], [0, 0, 0]]
    for measure in EVERY:
        assert_array_equal(np.isnan(measure(x)), [False, True, True])
    assert np.isnan(normalised_hhi([[5.0]])).all()


def test_negative_amounts_are_refused() -> None:
    for measure in EVERY:
        with pytest.raises(InputError, match="Negative"):
            measure([1.0, -0.1])


@given(amounts)
def test_bounds_contain_the_truth_and_are_attained(x: np.ndarray) -> None:
    assume(x.sum() > 0)
    total = x.sum()
    for k in range(len(x) + 1):
        seen = x.copy()
        seen[:k] = np.nan
        rest = x[:k].sum()
        even, single = x.copy(), x.copy()
        even[:k], single[:k] = rest / max(k, 1), 0.0
        single[: min(k, 1)] = rest
        for measure, bounds, ends in (
            (hhi, hhi_bounds, (even, single)),
            (entropy, entropy_bounds, (single, even)),
        ):
            b = bounds(seen, total)
            assert b.lower - 1e-9 <= measure(x) <= b.upper + 1e-9
            assert_allclose([b.lower, b.upper], [measure(end) for end in ends], atol=1e-9)


def test_bounds_undefined_without_a_total() -> None:
    x = [[1.0, np.nan], [1.0, np.nan], [0.0, np.nan]]
    for bounds in (hhi_bounds, entropy_bounds):
        b = bounds(x, [4.0, np.nan, 0.0])
        assert_array_equal(np.isnan(b.lower), [False, True, True])
        assert_array_equal(np.isnan(b.upper), [False, True, True])


def test_totals_that_do_not_fit() -> None:
    with pytest.raises(InputError, match="more than the total"):
        hhi_bounds([3.0, 2.0, np.nan], 4.0)
    with pytest.raises(InputError, match="less than the total"):
        entropy_bounds([3.0, 2.0], 6.0)
