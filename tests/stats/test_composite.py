"""The steps of a composite index: a synthetic reference set to its printed digits, and twins.

The reference set was drawn up with its results before this code: 12 units and
x_kj = round(100·frac(k·√p_j), 2), with two outliers and a gap put in.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from multivector.errors import InputError
from multivector.stats import aggregation as agg
from multivector.stats import normalisation as norm
from multivector.stats.imputation import (
    availability,
    carry_forward,
    denominate,
    hot_deck,
    impute,
    interpolate,
    screen,
)
from multivector.stats.multivariate import (
    correlation,
    cronbach_alpha,
    principal_components,
    redundancy,
)
from multivector.stats.outliers import beyond, box_cox, kurtosis, log_transform, skewness, winsorise
from multivector.stats.weighting import (
    budget_allocation,
    dirichlet,
    effective_weights,
    importance,
    optimised_weights,
    pca_weights,
)

NAN = float("nan")
UP = np.array([True, True, True, True, True, False])
ARITHMETIC = [
    31.003086268, 53.406362372, 63.331028502, 44.958120209, 50.376056995, 55.071281131,
    45.578055734, 36.591273580, 58.857857990, 35.465579779, 27.256555410, 72.812891931,
]  # fmt: skip
GEOMETRIC = [
    28.133945387, 45.065739970, 36.305086102, 37.235799382, 28.286769472, 43.410852762,
    26.342546506, 14.711758003, 40.472653197, 13.188914743, 12.841190317, 67.193087161,
]  # fmt: skip
Z_SCORES = [
    -0.484652325346, 0.154606385866, 0.443927764610, -0.074650827748, 0.067517230806,
    0.212622404429, -0.052866902913, -0.352236999665, 0.324662092820, -0.359411320133,
    -0.614181093145, 0.734663590418,
]  # fmt: skip
COPELAND = [-6, 5, 6, -2, 4, 3, -1, -9, 4, -4, -9, 9]


def raw() -> np.ndarray:
    k = np.arange(1, 13)[:, None]
    x = np.round(100 * np.modf(k * np.sqrt([2, 3, 5, 7, 11, 13]))[0], 2)
    x[2, 1], x[7, 1], x[4, 3] = 900, 400, NAN
    return x


def treated() -> np.ndarray:
    return winsorise(impute(raw()), most=2).values


def index(z: np.ndarray, mean: object = agg.arithmetic) -> np.ndarray:
    assert callable(mean)
    pillars = [
        mean(z[:, :2], [1.0, 1.0]), mean(z[:, 2:4], [1.0, 2.0]), mean(z[:, 4:], [1.0, 1.0])
    ]  # fmt: skip
    return mean(np.stack(pillars, axis=1), [1.0, 1.0, 2.0])


def test_reference_set_is_imputed_and_winsorised() -> None:
    before = impute(raw())
    assert before[4, 3] == 58.3
    assert_allclose(skewness(before)[1], 2.70101298566, atol=5e-12)
    assert_allclose(kurtosis(before)[1], 7.40999726135, atol=5e-12)
    found = winsorise(before, most=2)
    assert found.points.tolist() == [0, 1, 0, 0, 0, 0]
    assert found.values[2, 1] == 400
    assert_allclose(skewness(found.values)[1], 1.8937209333, atol=5e-11)
    assert_allclose(kurtosis(found.values)[1], 2.25439453904, atol=5e-12)
    assert not found.remaining.any()


def test_reference_scores() -> None:
    x = treated()
    hundred = norm.min_max(x, UP)
    assert_allclose(index(hundred), ARITHMETIC, atol=5e-10)
    one = norm.min_max(x, UP, scale=(1, 100))
    assert_allclose(index(one, agg.geometric), GEOMETRIC, atol=5e-10)
    assert_allclose(index(norm.z_score(x, UP)), Z_SCORES, atol=5e-13)


def test_reference_copeland_and_effective_weights() -> None:
    z = norm.min_max(treated(), UP)
    mean = agg.arithmetic
    pillars = np.stack(
        [mean(z[:, :2], [1, 1]), mean(z[:, 2:4], [1, 2]), mean(z[:, 4:], [1, 1])], axis=1
    )
    assert agg.copeland(pillars, [1, 1, 2]).tolist() == COPELAND
    own = [0.5, 0.5, 1 / 3, 2 / 3, 0.5, 0.5]
    above = [0.25, 0.25, 0.25, 0.25, 0.5, 0.5]
    assert_allclose(
        effective_weights([own, above]), [0.125, 0.125, 1 / 12, 1 / 6, 0.25, 0.25], atol=1e-12
    )


number = st.floats(-1e3, 1e3).map(lambda v: round(v, 3))
cell = number | st.just(NAN)
tables = st.tuples(st.integers(3, 9), st.integers(1, 4)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=cell)
)
whole = st.tuples(st.integers(4, 9), st.integers(1, 4)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=number)
)


# normalisation -----------------------------------------------------------------------------------

METHODS = (norm.min_max, norm.z_score, norm.rank_score, norm.borda, norm.percentile)


@given(tables)
def test_normalisation_twins(x: np.ndarray) -> None:
    """Column by column, value by value, in plain Python."""
    for j in range(x.shape[1]):
        column = [v for v in x[:, j].tolist() if not math.isnan(v)]
        n = len(column)
        for i, v in enumerate(x[:, j].tolist()):
            found = [f(x)[i, j] for f in METHODS]
            if math.isnan(v):
                assert all(math.isnan(f) for f in found)
                continue
            worse = sum(c < v for c in column)
            equal = sum(c == v for c in column)
            assert_allclose(found[2:4], [worse + (equal + 1) / 2, worse + (equal - 1) / 2])
            assert_allclose(found[4], 100 * (worse + equal / 2) / n)
            if max(column) > min(column):
                share = (v - min(column)) / (max(column) - min(column))
                assert_allclose(found[0], 100 * share, atol=1e-9)
                mean = sum(column) / n
                spread = math.sqrt(sum((c - mean) ** 2 for c in column) / (n - 1))
                assert_allclose(found[1], (v - mean) / spread, atol=1e-9)
            else:
                assert math.isnan(found[0])


@given(tables)
def test_turning_a_direction_turns_the_order_only(x: np.ndarray) -> None:
    for method in METHODS:
        assert_allclose(method(x, False), method(-x), atol=1e-9)
    assert_array_equal(np.isnan(norm.oriented(x, False)), np.isnan(x))


@given(tables, st.floats(0.1, 10), number)
def test_an_affine_change_of_unit_changes_nothing(x: np.ndarray, a: float, b: float) -> None:
    spread = np.fmax.reduce(x, axis=0) - np.fmin.reduce(x, axis=0)
    assume(bool((np.isnan(spread) | (spread > 0.1)).all()))
    for method in (norm.min_max, norm.z_score):
        assert_allclose(method(a * x + b), method(x), atol=1e-6)


def test_replays_are_normalised_each_by_itself() -> None:
    x = np.random.default_rng(1).gamma(1, size=(5, 7, 3))
    for method in (*METHODS, norm.distance_to_maximum):
        assert_allclose(method(x), np.stack([method(t) for t in x]))


def test_ratios_goalposts_and_targets() -> None:
    x = np.array([[1.0, 8.0], [4.0, 2.0], [NAN, 4.0]])
    up = np.array([True, False])
    assert_allclose(norm.distance_to_maximum(x, up), [[0.25, 0.25], [1.0, 1.0], [NAN, 0.5]])
    assert_allclose(norm.distance_to_target(x, [3.0, 4.0], up), [[0, 0], [1, 1], [NAN, 1]])
    assert_allclose(norm.goalposts(x, [0, 0], [2, 16], up), [[50, 50], [100, 87.5], [NAN, 75]])
    with pytest.raises(InputError, match="above zero"):
        norm.distance_to_reference([[0.0]], [[1.0]])
    with pytest.raises(InputError, match="low end below"):
        norm.goalposts(x, [2, 0], [2, 16])
    nobody_to_go = norm.distance_to_target([[5.0], [6.0]], 4.0)
    assert np.isnan(nobody_to_go).all()


# outliers ----------------------------------------------------------------------------------------


@given(whole)
def test_skewness_and_kurtosis_agree_with_scipy(x: np.ndarray) -> None:
    assume(bool((np.ptp(x, axis=0) > 0.01 * np.abs(x).max(axis=0)).all()))
    assert_allclose(skewness(x), stats.skew(x, bias=False), atol=1e-8)
    assert_allclose(kurtosis(x), stats.kurtosis(x, bias=False), atol=1e-7)


def slow_winsorise(column: list[float], most: int) -> tuple[list[float], int]:
    """Move one value more at a time, judged by scipy."""
    known = sorted(v for v in column if not math.isnan(v))
    done, k = list(column), 0
    while k < most and k < len(known) - 1:
        now = [v for v in done if not math.isnan(v)]
        if len(set(now)) < 2 or len(now) < 4:
            break
        skew = float(stats.skew(now, bias=False))
        if not (abs(skew) > 2 and stats.kurtosis(now, bias=False) > 3.5):
            break
        k += 1
        up = stats.skew(known, bias=False) > 0
        limit = known[-1 - k] if up else known[k]
        done = [min(v, limit) if up else max(v, limit) for v in column]
    return done, k


@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(8, 25))
def test_winsorising_twin(seed: int, most: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.standard_t(1.2, size=(n, 3)).round(3) * np.array([1, -1, 1])
    x[rng.random(x.shape) < 0.1] = NAN
    assume(bool(((~np.isnan(x)).sum(axis=0) > 5).all()))
    found = winsorise(x, most)
    for j in range(3):
        values, points = slow_winsorise(x[:, j].tolist(), most)
        assert_array_equal(found.values[:, j], values)
        assert found.points[j] == points


def test_treatment_of_many_replays_is_treatment_of_each() -> None:
    x = np.exp(np.random.default_rng(2).standard_normal((20, 30, 4)) * 1.5)
    for method in (winsorise, log_transform, box_cox):
        found = method(x)
        for one, values, points in zip(x, found.values, found.points, strict=True):
            assert_allclose(values, method(one).values, atol=1e-9)
            assert_array_equal(points, method(one).points)
    assert winsorise(x).points.any()


def test_box_cox_finds_the_power_that_scipy_finds() -> None:
    x = np.exp(np.random.default_rng(3).standard_normal((40, 6)) * np.linspace(1.2, 2, 6))
    heavy = beyond(x)
    assert heavy.sum() >= 2
    found = box_cox(x)
    for j in np.flatnonzero(heavy):
        power = stats.boxcox_normmax(x[:, j], method="mle")
        assert_allclose(stats.skew(found.values[:, j]), stats.skew(stats.boxcox(x[:, j], power)),
                        atol=1e-3)  # fmt: skip
        assert_allclose(found.values[:, j], stats.boxcox(x[:, j], power), atol=1e-3)
    assert_array_equal(found.values[:, ~heavy], x[:, ~heavy])
    assert_array_equal(np.argsort(found.values, axis=0), np.argsort(x, axis=0))


def test_logarithms_need_values_above_zero() -> None:
    heavy = np.array([[0.0], [1.0], [2.0], [3.0], [900.0]])
    for method in (log_transform, box_cox):
        with pytest.raises(InputError, match="above zero"):
            method(heavy)
        assert_array_equal(method(heavy[:-1]).values, heavy[:-1])  # not heavy: left alone
    with pytest.raises(InputError, match="1 or more"):
        winsorise(heavy, most=0)


# missing -----------------------------------------------------------------------------------------


@given(tables, st.integers(0, 1000))
def test_imputation_keeps_what_is_known(x: np.ndarray, seed: int) -> None:
    groups = np.random.default_rng(seed).integers(2, size=len(x))
    known = ~np.isnan(x)
    drawn = hot_deck(x, groups, draws=5, seed=seed)
    for filled in (impute(x, groups), impute(x, groups, "mean"), *drawn):
        assert_array_equal(filled[known], x[known])
        for g, j in itertools.product((0, 1), range(x.shape[1])):
            part = x[groups == g, j]
            new = filled[groups == g, j][np.isnan(part)]
            some = bool((~np.isnan(part)).any())
            assert np.isnan(new).all() if not some else not np.isnan(new).any()
            if some and len(new):
                assert np.nanmin(part) - 1e-9 <= new.min() <= new.max() <= np.nanmax(part) + 1e-9


def test_the_hot_deck_has_the_variance_of_the_approximate_bayesian_bootstrap() -> None:
    """Mean over draws is the donors' mean; variance s²(1 + 1/n)·(n − 1)/n, by enumeration."""
    donors = [1.0, 2.0, 6.0]
    pools = list(itertools.product(donors, repeat=3))
    exact = np.var([v for pool in pools for v in pool])
    drawn = hot_deck([[d] for d in [*donors, NAN]], draws=40_000, seed=4)[:, 3, 0]
    assert_allclose(drawn.mean(), 3.0, atol=0.05)
    assert_allclose(drawn.var(), exact, rtol=0.03)
    mean_of_two = hot_deck([[d] for d in [*donors, NAN, NAN]], draws=40_000, seed=4)[:, 3:, 0]
    both = [np.mean(p) for pool in pools for p in itertools.product(pool, repeat=2)]
    assert_allclose(mean_of_two.mean(axis=1).var(), np.var(both), rtol=0.03)


def test_panel_imputation() -> None:
    x = np.array([NAN, 1.0, NAN, NAN, 7.0, NAN])[None, :, None]
    years = [2000, 2001, 2002, 2005, 2007, 2008]
    assert_array_equal(carry_forward(x).ravel(), [NAN, 1, 1, 1, 7, 7])
    assert_allclose(interpolate(x, years).ravel(), [NAN, 1, 2, 5, 7, NAN])
    with pytest.raises(InputError, match="ascending"):
        interpolate(x, years[::-1])


def test_screening_and_denomination() -> None:
    x = [[1.0, NAN, NAN], [1.0, 2.0, NAN]]
    assert screen(x, 0.5).kept.tolist() == [False, True]
    assert_allclose(availability(x), [1.0, 0.5, 0.0])
    assert_allclose(denominate(x, [[2.0], [NAN]]), [[0.5, NAN, NAN], [NAN, NAN, NAN]])
    with pytest.raises(InputError, match="denominator"):
        denominate(x, [[0.0], [1.0]])


# weights -----------------------------------------------------------------------------------------


def test_optimised_weights_reach_the_importance_and_are_never_negative() -> None:
    rng = np.random.default_rng(5)
    base = rng.standard_normal((60, 1))
    x = base * [1.0, 0.6, 0.2, -0.1] + rng.standard_normal((60, 4))
    for asked in (None, [0.4, 0.3, 0.2, 0.1]):
        found = optimised_weights(x, asked)
        assert (found.weights >= 0).all()
        assert_allclose(found.weights.sum(), 1)
        assert_allclose(found.importance, importance(x, x @ found.weights), atol=1e-9)
        assert_allclose(found.importance, np.array(asked or [0.25] * 4), atol=1e-3)
        assert found.gap < 1e-3


def test_weights_that_cannot_reach_the_target_stay_on_the_simplex_and_say_so() -> None:
    """Where two indicators are opposed, a tool without constraints gives one a negative weight."""
    rng = np.random.default_rng(6)
    one = rng.standard_normal(50)
    x = np.stack([one, one, -one], axis=1) + rng.standard_normal((50, 3)) * [0, 0.3, 0.5]
    found = optimised_weights(x, [0.9, 0.05, 0.05])
    assert (found.weights >= 0).all()
    grid = [(i / 60, j / 60, 1 - i / 60 - j / 60) for i in range(61) for j in range(61 - i)]
    asked = np.array([0.9, 0.05, 0.05])
    best = min(float(((importance(x, x @ w) - asked) ** 2).sum()) for w in grid if any(x @ w))
    assert ((found.importance - asked) ** 2).sum() <= best + 1e-6
    assert found.gap > 0.01


def test_pca_weights_are_squared_loadings_of_the_correlation_matrix() -> None:
    x = np.random.default_rng(7).standard_normal((30, 4)) @ np.diag([1, 2, 3, 4.0])
    x[:, 1] += 3 * x[:, 0]
    vector = np.linalg.svd((x - x.mean(0)) / x.std(0), full_matrices=False)[2][0]
    assert_allclose(pca_weights(x), vector**2, atol=1e-12)
    parts = principal_components(x)
    assert_allclose(parts.explained.sum(), 1)
    assert_allclose(parts.variances, np.linalg.eigvalsh(np.corrcoef(x.T))[::-1], atol=1e-12)
    assert np.isnan(pca_weights(np.ones((5, 2)))).all()


def test_dirichlet_draws_have_the_mean_and_the_variance_of_the_distribution() -> None:
    rng = np.random.default_rng(8)
    w0 = np.array([0.5, 0.3, 0.2, 0.0])
    w = dirichlet(rng.random((50_000, 4)), w0, concentration=9)
    assert_allclose(w.sum(axis=1), 1)
    assert (w >= 0).all()
    assert_allclose(w.mean(axis=0), w0, atol=0.003)
    assert_allclose(w.var(axis=0), w0 * (1 - w0) / 10, rtol=0.03)
    with pytest.raises(InputError, match="cannot be drawn"):
        dirichlet([[0.5]], [0.0], 1)


def test_budgets() -> None:
    assert_allclose(budget_allocation([[10, 30], [1, 0]]), [0.625, 0.375])
    with pytest.raises(InputError, match="negative points, or none"):
        budget_allocation([[0, 0]])


# aggregation -------------------------------------------------------------------------------------

positive = st.integers(1, 6).flatmap(
    lambda k: st.tuples(
        arrays(np.float64, (5, k), elements=st.floats(0.1, 100)),
        arrays(np.float64, (k,), elements=st.floats(0.01, 10)),
    )
)


@given(positive)
def test_means_are_ordered_and_lie_within_the_values(given_: tuple[np.ndarray, np.ndarray]) -> None:
    v, w = given_
    found = [
        agg.harmonic(v, w), agg.geometric(v, w), agg.generalised(v, w, 0.5), agg.arithmetic(v, w),
        agg.generalised(v, w, 3.0),
    ]  # fmt: skip
    assert_allclose(agg.generalised(v, w, -1.0), found[0], rtol=1e-9)
    assert_allclose(agg.generalised(v, w, 0), found[1])
    assert_allclose(agg.generalised(v, w, 1.0), found[3], rtol=1e-9)
    share = w / w.sum()
    assert_allclose(found[1], [math.prod(r**s for r, s in zip(row, share, strict=True))
                               for row in v.tolist()])  # fmt: skip
    for lower, higher in itertools.pairwise(found):
        assert (lower <= higher * (1 + 1e-9)).all()
    assert (v.min(axis=1) <= found[0] * (1 + 1e-9)).all()
    assert (found[-1] <= v.max(axis=1) * (1 + 1e-9)).all()


def test_a_missing_value_leaves_the_score_missing_unless_allowed() -> None:
    v = np.array([[1.0, 4.0, NAN], [2.0, 2.0, 2.0]])
    for mean in (agg.arithmetic, agg.geometric, agg.harmonic):
        assert np.isnan(mean(v, [1, 1, 2])[0])
        assert np.isnan(mean(v, [1, 1, 2], least=0.6)[0])
        assert_allclose(mean(v, [1, 1, 2], least=0.5), mean(v[:, :2], [1, 1]))
        assert_allclose(mean(v, [1, 1, 0])[0], mean(v[:1, :2], [1, 1])[0])  # weight 0: not needed
        with pytest.raises(InputError, match=r"negative|zero"):
            mean(v, [1, -1, 1])
    for mean in (agg.geometric, agg.harmonic):
        with pytest.raises(InputError, match="starts above zero"):
            mean([[0.0, 1.0]], [1, 1])


@given(st.integers(0, 10_000), st.integers(1, 4))
def test_copeland_twin(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    v = rng.integers(4, size=(6, k)).astype(float)
    w = rng.integers(1, 4, size=k).astype(float)
    expected = []
    for a in range(6):
        score = 0
        for b in range(6):
            ahead = sum(w[j] for j in range(k) if v[a, j] > v[b, j])
            behind = sum(w[j] for j in range(k) if v[a, j] < v[b, j])
            score += int(ahead > behind) - int(ahead < behind)
        expected.append(score)
    assert agg.copeland(v, w).tolist() == expected
    assert agg.copeland(np.stack([v, -v]), w).tolist() == [expected, [-s for s in expected]]


def test_copeland_with_gaps() -> None:
    v = np.array([[3.0, 1.0], [2.0, NAN], [1.0, 0.0], [NAN, NAN]])
    assert_array_equal(agg.copeland(v, [1, 1]), [1, NAN, -1, NAN])
    assert_array_equal(agg.copeland(v, [1, 1], least=0.5), [2, 0, -2, NAN])
    apart = np.array([[1.0, NAN], [NAN, 1.0], [0.0, 0.0]])
    assert_array_equal(agg.copeland(apart, [1, 1], least=0.5), [NAN, NAN, -2])


def test_benefit_of_the_doubt_is_the_best_over_all_weights() -> None:
    """Twin: with two indicators, search all directions of weight."""
    v = np.random.default_rng(9).random((8, 2))
    angle = np.linspace(0, np.pi / 2, 20_001)
    w = np.stack([np.cos(angle), np.sin(angle)])
    best = (v @ w / (v @ w).max(axis=0)).max(axis=1)
    assert_allclose(agg.benefit_of_the_doubt(v), best, atol=1e-7)
    gap = np.vstack([v, [NAN, 5.0]])
    assert_allclose(agg.benefit_of_the_doubt(gap)[:-1], best, atol=1e-7)
    assert np.isnan(agg.benefit_of_the_doubt(gap)[-1])
    bound = agg.benefit_of_the_doubt(v, least_share=0.3, most_share=0.7)
    share = w[0] * v[:, :1] / (v @ w)
    inside = (share >= 0.3) & (share <= 0.7)
    limited = np.where(inside, v @ w / (v @ w).max(axis=0), 0).max(axis=1)
    assert_allclose(bound, limited, atol=1e-4)
    assert (bound <= best + 1e-9).all()
    with pytest.raises(InputError, match="parts of a score"):
        agg.benefit_of_the_doubt(v, least_share=0.6)
    with pytest.raises(InputError, match="zero or above"):
        agg.benefit_of_the_doubt(-v)


# how indicators hang together --------------------------------------------------------------------


@given(tables)
def test_correlation_twin(x: np.ndarray) -> None:
    found = correlation(x)
    for i, j in itertools.product(range(x.shape[1]), repeat=2):
        both = ~np.isnan(x[:, i]) & ~np.isnan(x[:, j])
        a, b = x[both, i], x[both, j]
        if both.sum() < 2 or min(np.ptp(a), np.ptp(b)) == 0:
            assert both.sum() > 1 or np.isnan(found[i, j])
        elif min(np.ptp(a), np.ptp(b)) > 0.1:
            assert_allclose(found[i, j], np.corrcoef(a, b)[0, 1], atol=1e-6)


def test_correlation_of_what_does_not_vary_is_undefined() -> None:
    assert np.isnan(correlation([[1.1, 2.0], [1.1, 3.0], [1.1, 5.0]])[0]).all()


def test_alpha_and_redundancy() -> None:
    """Alpha from the mean covariance; R² from a regression by least squares."""
    x = np.random.default_rng(10).standard_normal((25, 4))
    x[:, 1:] += x[:, :1]
    cov = np.cov(x.T)
    off = cov[~np.eye(4, dtype=bool)].mean()
    mean_alpha = 4 * off / (np.diag(cov).mean() + 3 * off)
    assert_allclose(cronbach_alpha(x), mean_alpha)
    for j in range(4):
        design = np.column_stack([np.ones(25), np.delete(x, j, axis=1)])
        rest = x[:, j] - design @ np.linalg.lstsq(design, x[:, j], rcond=None)[0]
        assert_allclose(redundancy(x)[j], 1 - rest.var() / x[:, j].var())
    twice = np.column_stack([x, x[:, 0]])
    assert_allclose(redundancy(twice)[[0, 4]], 1)
    assert redundancy(twice)[1] < 0.9
    gap = np.vstack([x, [NAN, 1, 2, 3]])
    assert_allclose(cronbach_alpha(gap), mean_alpha)
    assert_allclose(redundancy(gap), redundancy(x))
