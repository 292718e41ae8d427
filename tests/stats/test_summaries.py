from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import beta

from multivector.errors import InputError
from multivector.stats.summaries import (
    family_weights,
    half_families,
    midrank_percentile,
    probability_of_direction,
    quantile,
    rank,
    ratio,
    summarise,
)

numbers = st.floats(-1e6, 1e6)
with_gaps = arrays(
    np.float64, array_shapes(min_dims=1, max_dims=3), elements=numbers | st.just(np.nan)
)
coarse = arrays(np.float64, (2, 7), elements=st.integers(0, 4).map(float) | st.just(np.nan))


def test_ratio() -> None:
    assert_array_equal(ratio([[1, 0, np.nan]], [[2], [0]]), [[0.5, 0, np.nan], [np.nan] * 3])


@given(with_gaps, st.floats(0, 1))
def test_quantile_is_numpys(draws: np.ndarray, q: float) -> None:
    defined = ~np.isnan(draws).all(axis=-1)
    found = quantile(draws, q)
    assert np.isnan(found[~defined]).all()
    if defined.any():
        expected = np.nanquantile(draws[defined], q, axis=-1)
        assert_allclose(found[defined], expected, rtol=1e-9, atol=1e-6)


def test_quantile_of_infinite_draws() -> None:
    draws = [-np.inf, -np.inf, 0.0, 1.0, np.inf]
    assert [float(quantile(draws, q)) for q in (0, 0.1, 0.5, 0.75, 1)] == [
        -np.inf,
        -np.inf,
        0,
        1,
        np.inf,
    ]
    assert quantile(draws, 0.4) == -np.inf


def test_interval_of_equally_spaced_draws() -> None:
    """Of 0, 1, ..., 1000 the p quantile is 1000 p."""
    s = summarise(np.random.default_rng(5).permutation(1001.0 * np.ones(1001)).cumsum() / 1001 - 1)
    assert_allclose([s.median, s.lower, s.upper], [500, 50, 950])
    s = summarise(np.arange(1001.0), level=0.5)
    assert_allclose([s.lower, s.upper], [250, 750])


def test_too_many_undefined_draws() -> None:
    draws = np.ones((3, 100))
    draws[1, :5] = np.nan
    draws[2, :6] = np.nan
    s = summarise(draws, max_undefined=0.05)
    assert_array_equal(s.undefined, [0, 0.05, 0.06])
    for values in (s.median, s.lower, s.upper):
        assert_array_equal(values, [1, 1, np.nan])
    assert_array_equal(probability_of_direction(draws), [1, 1, np.nan])
    assert_array_equal(summarise(draws, max_undefined=0.06).median, [1, 1, 1])


def test_one_draw_has_no_interval() -> None:
    s = summarise([[2.0], [np.nan]])
    assert_array_equal(s.median, [2, np.nan])
    assert np.isnan([s.lower, s.upper]).all()


@given(arrays(np.float64, (50,), elements=numbers))
def test_direction(draws: np.ndarray) -> None:
    p = probability_of_direction(draws)
    up = sum(1.0 if x > 0 else 0.5 if x == 0 else 0.0 for x in draws) / 50
    assert_allclose(p, max(up, 1 - up))
    assert 0.5 <= p <= 1
    assert_allclose(p, probability_of_direction(-draws), atol=1e-12)


def test_direction_of_nothing() -> None:
    assert np.isnan(probability_of_direction([np.nan, np.nan], max_undefined=1))


@given(
    st.lists(st.integers(-3, 9), min_size=1, max_size=30), st.integers(1, 20), st.integers(0, 99)
)
def test_families_are_taken_whole(labels: list[int], draws: int, seed: int) -> None:
    w = family_weights(labels, draws, seed)
    assert w.shape == (draws, len(labels))
    assert_array_equal(w, family_weights(labels, draws, seed))
    names, first = np.unique(labels, return_index=True)
    assert_array_equal(w[:, first].sum(axis=1), len(names))
    for name in names:
        members = w[:, np.array(labels) == name]
        assert (members == members[:, :1]).all()


def test_bootstrap_variance_is_that_of_families() -> None:
    """The mean of F family values, resampled, has variance s²/F (divisor F), as theory says."""
    rng = np.random.default_rng(3)
    families = np.repeat(np.arange(40), rng.integers(1, 9, 40))
    value = rng.normal(size=40)
    first = np.unique(families, return_index=True)[1]
    w = family_weights(families, 20_000, seed=11)[:, first]
    means = w @ value / 40
    assert_allclose(means.mean(), value.mean(), atol=4 * means.std() / 20_000**0.5)
    assert_allclose(means.var(), value.var() / 40, rtol=0.04)
    assert_allclose(w.var(axis=0), 1 - 1 / 40, rtol=0.06)


@pytest.mark.parametrize("labels", [[0.5, 1.0], [], [[1], [2]]])
def test_strange_families(labels: list[object]) -> None:
    with pytest.raises(InputError, match="label"):
        family_weights(np.array(labels), 5, 0)


def test_no_draws() -> None:
    with pytest.raises(InputError, match="1 or more"):
        family_weights([1, 2], 0, 0)
    with pytest.raises(InputError, match="0 to 1"):
        summarise([1.0, 2.0], level=90)


@given(coarse)
def test_ranks_are_scipys(values: np.ndarray) -> None:
    from scipy import stats

    percentile, down, up = midrank_percentile(values), rank(values), rank(values, descending=False)
    for row in range(len(values)):
        known = ~np.isnan(values[row])
        x = values[row][known]
        assert np.isnan([percentile[row][~known], down[row][~known], up[row][~known]]).all()
        assert_array_equal(up[row][known], stats.rankdata(x, "min"))
        assert_array_equal(down[row][known], stats.rankdata(-x, "min"))
        expected = [stats.percentileofscore(x, v, kind="mean") for v in x]
        assert_allclose(percentile[row][known], expected, atol=1e-9)
        if known.any():
            assert_allclose(percentile[row][known].mean(), 50)


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5])
@pytest.mark.parametrize("items", [7, 25])
def test_half_families_mend_the_coverage_of_shares_of_few_votes(share: float, items: int) -> None:
    """On simulated independent items a 90 % interval holds the true share in at least 85 %."""
    records = np.random.default_rng(3).random((2000, items)) < share
    families = np.arange(items)
    counts = family_weights(families, 500, 1) @ records.T.astype(np.float64)
    extra = half_families(np.ones_like(records), families, 2, 500, 1)
    found = summarise(((counts + extra[0]) / (items + extra.sum(axis=0))).T)
    covered = np.mean((found.lower <= share) & (share <= found.upper))
    assert covered >= 0.85
    none = ~records.any(axis=1)
    if none.any():  # 0 of n: the interval begins at 0 and ends where Jeffreys' about does
        assert_allclose(found.lower[none], 0, atol=1e-3)
        assert_allclose(found.upper[none].mean(), beta(0.5, items + 0.5).ppf(0.95), rtol=0.25)
    plain = summarise((counts / items).T)
    if share == 0.02:  # resampling alone: a record of one kind has no spread
        assert np.mean((plain.lower <= share) & (share <= plain.upper)) < 0.5


def test_half_families_count_in_the_size_of_a_family() -> None:
    families = np.repeat([4, 9, 2], 5)
    taken = np.ones((1, 15), dtype=bool)
    taken[0, :3] = False  # 12 items in 3 families
    extra = half_families(taken, families, 3, 20_000, seed=2)
    assert_allclose(extra.mean(axis=(1, 2)), 0.5 * 12 / 3, rtol=0.05)
