from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from multivector.errors import InputError
from multivector.stats.composition import (
    aitchison_distance,
    balance,
    chain_rule,
    compartmentalisation,
    departure,
    footprint,
    jensen_shannon,
    merge,
    partition,
    relative_engagement,
    shares,
)
from multivector.stats.concentration import effective_number_shannon

# The worked example of the measures' definition: partners RU, CN, EU, US, TR; trade, security,
# investment with equal weights. The figures in the tests were worked out beforehand.
EXAMPLE = np.array(
    [
        [0.30, 0.25, 0.35, 0.05, 0.05],
        [0.80, 0.05, 0.05, 0.08, 0.02],
        [0.10, 0.15, 0.45, 0.25, 0.05],
    ]
)
EQUAL = np.full(3, 1 / 3)
UNIFORM = np.ones(5)
PRINTED = {"rtol": 0, "atol": 5e-7}

amount = st.floats(1e-3, 1e3)
holding = amount | st.just(0.0)


@st.composite
def portfolios(draw: st.DrawFn, domains: int | None = None) -> tuple[Any, Any, Any, Any]:
    """Amounts (domains × partners, zeros allowed), domain weights, target, blocs."""
    d, n = domains or draw(st.integers(1, 4)), draw(st.integers(2, 6))
    x = draw(arrays(np.float64, (d, n), elements=holding))
    assume((x.sum(axis=1) > 0).all())
    w = draw(arrays(np.float64, (d,), elements=amount))
    target = draw(arrays(np.float64, (n,), elements=amount))
    labels = draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    return x, w / w.sum(), target, np.unique(labels, return_inverse=True)[1]


def kl(p: np.ndarray, q: np.ndarray) -> float:
    """Kullback-Leibler divergence by a loop."""
    pairs = zip((p / p.sum()).tolist(), (q / q.sum()).tolist(), strict=True)
    return sum(a * math.log(a / b) for a, b in pairs if a)


def test_golden_balance_and_departure() -> None:
    assert_allclose(balance(EXAMPLE), [0.854197, 0.471212, 0.851549], **PRINTED)
    assert_allclose(departure(EXAMPLE, UNIFORM), [0.234662, 0.851051, 0.238923], **PRINTED)


def test_golden_pooled_footprint() -> None:
    pooled = footprint(EXAMPLE, EQUAL)
    assert_allclose(pooled, [0.40, 0.15, 0.283333, 0.126667, 0.04], **PRINTED)
    assert_allclose(balance(pooled), 0.869172, **PRINTED)
    assert_allclose(departure(pooled, UNIFORM), 0.210560, **PRINTED)


def test_golden_compartmentalisation() -> None:
    assert_allclose(jensen_shannon(EXAMPLE, EQUAL), 0.230985, **PRINTED)
    assert_allclose(compartmentalisation(EXAMPLE, EQUAL), 0.210252, **PRINTED)


def test_golden_partition_between_russia_and_the_west() -> None:
    parts = partition(EXAMPLE, EQUAL, a=[0], b=[2, 3])
    assert_allclose(parts.net_lean, -0.01, **PRINTED)  # to the West
    assert_allclose(parts.offset, 0.446667, **PRINTED)
    assert_allclose(parts.evenness, 0.353333, **PRINTED)
    assert_allclose(parts.outside, 0.19, **PRINTED)


@given(portfolios())
def test_twins(case: tuple[Any, Any, Any, Any]) -> None:
    x, w, target, _ = case
    p = [row / row.sum() for row in x]
    pooled = sum(v * row for v, row in zip(w, p, strict=True))
    assert_allclose(departure(x, target), [kl(row, target) for row in p], atol=1e-9)
    assert_allclose(footprint(x, w), pooled, atol=1e-12)
    expected = sum(v * kl(row, pooled) for v, row in zip(w, p, strict=True))
    assert_allclose(jensen_shannon(x, w), expected, atol=1e-9)


@given(portfolios(), st.randoms(use_true_random=False))
def test_permutation(case: tuple[Any, Any, Any, Any], random: Any) -> None:
    x, w, target, _ = case
    d, n = x.shape
    rows, columns = random.sample(range(d), d), random.sample(range(n), n)
    y, v, tau = x[rows][:, columns], w[rows], target[columns]
    assert_allclose(balance(y), balance(x)[rows], atol=1e-9)
    assert_allclose(departure(y, tau), departure(x, target)[rows], atol=1e-9)
    assert_allclose(footprint(y, v), footprint(x, w)[columns], atol=1e-9)
    assert_allclose(jensen_shannon(y, v), jensen_shannon(x, w), atol=1e-9)
    assert_allclose(compartmentalisation(y, v), compartmentalisation(x, w), atol=1e-9)
    before = partition(x, w, [columns[0]], [columns[1]])
    after = partition(y, v, [0], [1])
    for name in ("net_lean", "offset", "evenness", "outside"):
        assert_allclose(getattr(after, name), getattr(before, name), atol=1e-9)


@given(portfolios(), st.lists(st.floats(1e-3, 1e3), min_size=4, max_size=4))
def test_scale_invariance_of_each_domain(case: tuple[Any, Any, Any, Any], factors: Any) -> None:
    x, w, target, blocs = case
    y = x * np.array(factors)[: len(x), None]
    assert_allclose(shares(y), shares(x), atol=1e-12)
    assert_allclose(departure(y, 7 * target), departure(x, target), atol=1e-9)
    assert_allclose(compartmentalisation(y, w), compartmentalisation(x, w), atol=1e-9)
    assert_allclose(
        partition(y, w, [0], [1]).evenness, partition(x, w, [0], [1]).evenness, atol=1e-9
    )
    between = chain_rule(x, blocs, target).between
    assert_allclose(chain_rule(y, blocs, target).between, between, atol=1e-9)


@given(portfolios())
def test_departure_is_zero_only_on_target(case: tuple[Any, Any, Any, Any]) -> None:
    x, _, target, _ = case
    assert_allclose(departure(target, target), 0, atol=1e-12)
    apart = np.abs(shares(x) - shares(target)).sum(axis=-1)
    # Pinsker: KL is at least half the squared L1 distance, hence positive off target.
    assert (departure(x, target) >= apart**2 / 2 - 1e-12).all()


@given(portfolios())
def test_uniform_balance_is_zero_only_with_one_partner(case: tuple[Any, Any, Any, Any]) -> None:
    x, *_ = case
    n = x.shape[1]
    b = balance(x)
    assert ((b >= 0) & (b <= 1 + 1e-12)).all()
    assert_array_equal(b == 0, (x > 0).sum(axis=1) == 1)
    assert_array_equal(balance(np.eye(n)), 0)
    assert_allclose(b, 1 - departure(x, np.ones(n)) / np.log(n), atol=1e-9)
    assert_allclose(b, np.log(effective_number_shannon(x)) / np.log(n), atol=1e-9)


@given(arrays(np.float64, (5,), elements=amount), st.floats(0, 1))
def test_transfer_from_larger_to_smaller_never_lowers_balance(x: np.ndarray, part: float) -> None:
    big, small = int(np.argmax(x)), int(np.argmin(x))
    moved = part * (x[big] - x[small]) / 2
    y = x.copy()
    y[big], y[small] = x[big] - moved, x[small] + moved
    assert balance(y) >= balance(x) - 1e-12


@given(portfolios())
def test_merging_partners(case: tuple[Any, Any, Any, Any]) -> None:
    """Merging commutes with pooling and never raises the departure or the JSD."""
    x, w, target, blocs = case
    merged, tau = merge(x, blocs), merge(target, blocs)
    assert_allclose(footprint(merged, w), merge(footprint(x, w), blocs), atol=1e-12)
    assert (departure(merged, tau) <= departure(x, target) + 1e-9).all()
    assert jensen_shannon(merged, w) <= jensen_shannon(x, w) + 1e-9


def test_merging_can_move_balance_either_way() -> None:
    assert balance(merge([1, 1, 2], [0, 0, 1])) > balance([1, 1, 2])
    assert balance(merge([1, 1, 1], [0, 0, 1])) < balance([1, 1, 1])


@given(portfolios())
def test_chain_rule_is_exact(case: tuple[Any, Any, Any, Any]) -> None:
    x, _, target, blocs = case
    parts = chain_rule(x, blocs, target)
    assert_allclose(parts.between + parts.within.sum(axis=-1), departure(x, target), atol=1e-9)
    assert_allclose(parts.between, departure(merge(x, blocs), merge(target, blocs)), atol=1e-9)
    for d, row in enumerate(x):
        for g in range(blocs.max() + 1):
            inside = blocs == g
            held = row[inside].sum()
            expected = held / row.sum() * kl(row[inside], target[inside]) if held else 0.0
            assert_allclose(parts.within[d, g], expected, atol=1e-9)


@given(portfolios())
def test_domain_imbalance_is_overall_imbalance_plus_jsd(case: tuple[Any, Any, Any, Any]) -> None:
    x, w, target, _ = case
    total = departure(footprint(x, w), target) + jensen_shannon(x, w)
    assert_allclose((w * departure(x, target)).sum(), total, atol=1e-9)


@given(portfolios())
def test_jsd_range(case: tuple[Any, Any, Any, Any]) -> None:
    x, w, *_ = case
    h = compartmentalisation(x, w)
    if len(w) == 1:
        assert np.isnan(h)
        assert_allclose(jensen_shannon(x, w), 0, atol=1e-12)
    else:
        assert 0 <= h <= 1 + 1e-9
    assert_allclose(jensen_shannon(np.tile(x[0], (len(w), 1)), w), 0, atol=1e-12)


@given(portfolios(), st.booleans())
def test_partition_sums_to_one(case: tuple[Any, Any, Any, Any], bloc: bool) -> None:
    x, w, *_ = case
    a, b = [0], list(range(1, x.shape[1])) if bloc else [1]
    parts, swapped = partition(x, w, a, b), partition(x, w, b, a)
    offset = 0.0 if len(w) == 1 else parts.offset
    assert np.isnan(parts.offset) == (len(w) == 1)
    total = np.abs(parts.net_lean) + offset + parts.evenness + parts.outside
    assert_allclose(total, 1, atol=1e-9)
    assert (np.array([offset, parts.evenness, parts.outside]) >= 0).all()
    assert_allclose(swapped.net_lean, -parts.net_lean, atol=1e-12)
    for name in ("offset", "evenness", "outside"):
        assert_allclose(getattr(swapped, name), getattr(parts, name), atol=1e-12)
    if bloc:
        assert_allclose(parts.outside, 0, atol=1e-12)


def test_partition_separates_offset_from_evenness() -> None:
    """Half and half in each domain is evenness; all of one domain each is offset."""
    even = partition([[1, 1], [1, 1]], [0.5, 0.5], [0], [1])
    assert (even.net_lean, even.offset, even.evenness, even.outside) == (0, 0, 1, 0)
    hedge = partition([[1, 0], [0, 1]], [0.5, 0.5], [0], [1])
    assert (hedge.net_lean, hedge.offset, hedge.evenness, hedge.outside) == (0, 1, 0, 0)


positive = arrays(np.float64, (4,), elements=st.floats(1e-2, 1e2))


@given(positive, positive, positive, st.floats(1e-2, 1e2))
def test_aitchison_distance(x: Any, y: Any, z: Any, factor: float) -> None:
    """A metric, unmoved by scale and perturbation; by all pairwise log ratios (Aitchison 1992)."""
    d = aitchison_distance(x, y)
    pairs = [(i, j) for i in range(4) for j in range(4)]
    squares = sum((math.log(x[i] / x[j]) - math.log(y[i] / y[j])) ** 2 for i, j in pairs)
    assert_allclose(d, math.sqrt(squares / (2 * 4)), atol=1e-9)
    assert_allclose(aitchison_distance(factor * x, y), d, atol=1e-9)
    assert_allclose(aitchison_distance(z * x, z * y), d, atol=1e-9)
    assert_allclose(aitchison_distance(y, x), d, atol=1e-12)
    assert d <= aitchison_distance(x, z) + aitchison_distance(z, y) + 1e-9


def test_aitchison_distance_with_a_zero_is_undefined() -> None:
    assert_array_equal(
        np.isnan(aitchison_distance([[1.0, 0.0], [1.0, np.nan], [1.0, 1.0]], [1.0, 2.0])),
        [True, True, False],
    )


def test_relative_engagement_tells_none_from_no_data() -> None:
    e = relative_engagement([0.4, 0.1, 0.0, np.nan, 0.2, 0.0], [0.2, 0.2, 0.1, 0.1, np.nan, np.nan])
    nan = np.nan
    assert_allclose(e.log_ratio, [math.log(2), -math.log(2), -np.inf, nan, nan, nan])
    assert_array_equal(e.none, [False, False, True, False, False, False])
    assert_array_equal(e.no_data, [False, False, False, True, True, True])


def test_shares_of_a_known_total() -> None:
    assert_array_equal(shares([[2, np.nan, 1], [0, 0, 0]]), np.full((2, 3), np.nan))
    known = shares([[2, np.nan, 1], [1, 1, 2]], total=[4, 4])
    assert_array_equal(known, [[0.5, np.nan, 0.25], [0.25, 0.25, 0.5]])


def test_an_undefined_domain_is_not_zero() -> None:
    x = np.array([[1.0, 1.0], [0.0, 0.0]])
    half, first = [0.5, 0.5], [1.0, 0.0]
    assert_array_equal(np.isnan(balance(x)), [False, True])
    for measure in (footprint, jensen_shannon, compartmentalisation):
        assert np.isnan(measure(x, half)).all()
    assert np.isnan(partition(x, half, [0], [1]).net_lean)
    assert_array_equal(footprint(x, first), [0.5, 0.5])
    assert np.isnan(partition(x, first, [0], [1]).offset)


def test_a_missing_partner_leaves_other_blocs_alone() -> None:
    assert_array_equal(merge([1, np.nan, 4], [0, 1, 0]), [5, np.nan])


def test_leading_axes() -> None:
    draws = np.stack([EXAMPLE, EXAMPLE[::-1]])
    assert_allclose(jensen_shannon(draws, EQUAL), [0.230985] * 2, **PRINTED)
    assert_allclose(partition(draws, EQUAL, [0], [2, 3]).outside, [0.19] * 2, **PRINTED)
    assert chain_rule(draws, [0, 1, 1, 1, 2], UNIFORM).within.shape == (2, 3, 3)


def test_what_is_refused() -> None:
    for wrong in ([-1.0, 2.0], [np.inf, 1.0]):
        with pytest.raises(InputError, match="Negative or infinite"):
            balance(wrong)
    with pytest.raises(InputError, match="target"):
        departure([1, 1], [1, 0])
    with pytest.raises(InputError, match="more than the total"):
        shares([3, 2], total=4)
    with pytest.raises(InputError, match="summing to 1"):
        footprint(EXAMPLE, [1, 1, 1])
    with pytest.raises(InputError, match="partners"):
        footprint(EXAMPLE, [0.5, 0.5])
    with pytest.raises(InputError, match="without overlap"):
        partition(EXAMPLE, EQUAL, [0], [0, 2])
    with pytest.raises(InputError, match="without overlap"):
        partition(EXAMPLE, EQUAL, [0], [5])
    with pytest.raises(InputError, match="each used"):
        merge([1, 2, 3], [0, 2, 2])
    with pytest.raises(InputError, match="shares"):
        relative_engagement([2.0], [1.0])
    with pytest.raises(InputError, match="benchmark"):
        relative_engagement([0.5], [0.0])
