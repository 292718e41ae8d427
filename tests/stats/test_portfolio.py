"""Portfolios of several domains: the axioms, against loops and exact identities."""

from __future__ import annotations

from itertools import permutations
from math import log
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from scipy.special import betainc

from multivector.errors import InputError
from multivector.stats.composition import balance, compartmentalisation, departure, merge
from multivector.stats.portfolio import dirichlet, marginal, named, pool, split

# The worked example of the measures' definition: partners RU, CN, EU, US, TR and no rest of the
# world; trade, security, investment with equal weights. Its figures were worked out beforehand.
EXAMPLE = np.array(
    [
        [0.30, 0.25, 0.35, 0.05, 0.05, 0.0],
        [0.80, 0.05, 0.05, 0.08, 0.02, 0.0],
        [0.10, 0.15, 0.45, 0.25, 0.05, 0.0],
    ]
)
EQUAL = np.full(3, 1 / 3)
amount = st.floats(1e-3, 1e3)


@st.composite
def cases(draw: st.DrawFn, least: int = 1) -> tuple[Any, Any, Any]:
    """Shares (domains × partners + rest, zeros allowed), domain weights, target."""
    d, n = draw(st.integers(least, 4)), draw(st.integers(2, 5))
    x = draw(arrays(np.float64, (d, n + 1), elements=amount | st.just(0.0)))
    assume((x[:, :-1].sum(axis=1) > 0).all())
    w = draw(arrays(np.float64, (d,), elements=amount))
    tau = draw(arrays(np.float64, (n,), elements=amount))
    return x / x.sum(axis=1, keepdims=True), w / w.sum(), tau / tau.sum()


def kl(p: list[float], q: list[float]) -> float:
    return sum(a * log(a / b) for a, b in zip(p, q, strict=True) if a > 0)


def test_golden_split() -> None:
    found = split(EXAMPLE, EQUAL, np.ones(5))
    printed = (0.210560 + 0.230985, 0.210560, 0.230985, 0.210252)
    values = (found.domains, found.overall, found.between, found.index)
    assert_allclose([float(v) for v in values], printed, rtol=0, atol=1.1e-6)
    assert_allclose(pool(EXAMPLE, EQUAL)[:-1], [0.40, 0.15, 0.283333, 0.126667, 0.04], atol=5e-7)


@given(cases())
def test_the_split_is_exact_and_its_overall_part_is_the_departure_of_the_pool(case: Any) -> None:
    p, w, tau = case
    found = split(p, w, tau)
    assert_allclose(found.domains, found.overall + found.between, rtol=1e-9, atol=1e-12)
    assert_allclose(found.overall, departure(pool(p, w)[:-1], tau), rtol=1e-9, atol=1e-12)
    assert 0 <= found.index <= 1 + 1e-9 or np.isnan(found.index)


@given(cases())
def test_split_by_a_loop(case: Any) -> None:
    p, w, tau = case
    inside = [w[d] * sum(p[d, :-1]) for d in range(len(w))]
    v = [m / sum(inside) for m in inside]
    q = [[x / sum(row) for x in row] for row in p[:, :-1].tolist()]
    twin = sum(v[d] * kl(q[d], tau.tolist()) for d in range(len(v)))
    assert_allclose(split(p, w, tau).domains, twin, rtol=1e-9, atol=1e-12)


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_partners_and_domains_does_not_matter(case: Any, random: Any) -> None:
    p, w, tau = case
    d, n = list(range(len(w))), list(range(len(tau)))
    random.shuffle(d)
    random.shuffle(n)
    moved = split(p[d][:, [*n, len(n)]], w[d], tau[n])
    there = split(p, w, tau)
    for a, b in ((moved.domains, there.domains), (moved.between, there.between)):
        assert_allclose(a, b, rtol=1e-9, atol=1e-12)


@given(cases())
def test_merging_two_partners_raises_neither_part(case: Any) -> None:
    p, w, tau = case
    assume(len(tau) > 2)
    blocs = [0, 0, *range(1, len(tau) - 1)]
    before = split(p, w, tau)
    after = split(merge(p, [*blocs, len(tau) - 1]), w, merge(tau, blocs))
    assert after.overall <= before.overall + 1e-9
    assert after.between <= before.between + 1e-9


@given(cases())
def test_without_a_rest_of_the_world_it_is_the_split_of_plain_compositions(case: Any) -> None:
    p, w, tau = case
    q = named(p)
    found = split(np.column_stack([q, np.zeros(len(q))]), w, tau)
    assert_allclose(found.index, compartmentalisation(q, w), rtol=1e-9, atol=1e-12)


@given(cases())
def test_equal_domains_have_no_compartments(case: Any) -> None:
    p, w, tau = case
    found = split(np.repeat(p[:1], len(w), axis=0), w, tau)
    assert_allclose(found.between, 0, atol=1e-12)


def test_a_domain_without_the_named_partners_has_no_say() -> None:
    p = np.array([[0.6, 0.2, 0.2], [0.0, 0.0, 1.0]])
    found, alone = split(p, [0.5, 0.5], [0.5, 0.5]), split(p[:1], [1.0], [0.5, 0.5])
    assert_allclose(found.domains, alone.domains)
    assert_allclose(found.between, 0, atol=1e-12)
    missing = split(np.array([[0.6, np.nan, 0.4], [0.5, 0.3, 0.2]]), [0.5, 0.5], [0.5, 0.5])
    assert np.isnan(missing.domains)
    assert np.isfinite(
        split(np.array([[0.6, np.nan, 0.4], [0.5, 0.3, 0.2]]), [0, 1], [1, 1]).domains
    )


# shifts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("overall", [False, True])
@given(case=cases(), step=st.floats(0.001, 0.2))
def test_a_marginal_shift_is_the_difference_of_two_departures(
    overall: bool, case: Any, step: float
) -> None:
    p, w, tau = case
    found = marginal(p, w, tau, step, overall)
    field = "overall" if overall else "domains"
    base = getattr(split(p, w, tau), field)
    for d in range(len(w)):
        for a, b in permutations(range(len(tau)), 2):
            if p[d, a] < step:
                assert np.isnan(found[d, a, b]) or p[d, a] > step - 1e-9
                continue
            moved = p.copy()
            moved[d, a] -= step
            moved[d, b] += step
            twin = getattr(split(moved, w, tau), field) - base
            assert_allclose(found[d, a, b], twin, rtol=1e-7, atol=1e-10)


def test_giving_from_the_largest_to_the_smallest_evens_out() -> None:
    found = marginal(EXAMPLE, EQUAL, np.ones(5), 0.01)
    best = np.unravel_index(np.nanargmin(found), found.shape)
    assert best == (1, 0, 4)  # security, from Russia (.80) to Türkiye (.02)


# counts -----------------------------------------------------------------------------------------


def test_posterior_margins_are_beta() -> None:
    """A cell of Dirichlet(a) is Beta(a_j, Σa − a_j): distribution function at three points."""
    counts, n = np.array([3.0, 0.5, 2.0]), 3
    p = dirichlet(counts, 20_000, seed=3)
    total = counts.sum() + 1
    for j in range(n):
        a = counts[j] + 1 / n
        for x in (0.1, 0.3, 0.6):
            assert (p[j] <= x).mean() == pytest.approx(betainc(a, total - a, x), abs=0.012)
    assert_allclose(p.sum(axis=0), 1)


def test_years_with_equal_counts_have_equal_draws() -> None:
    p = dirichlet([[2.0, 1.0], [2.0, 1.0], [0.0, 0.0]], 50, seed=1)
    assert_allclose(p[0], p[1])
    assert np.isnan(p[2]).all()  # a total of zero is undefined
    assert_allclose(dirichlet([3.0, 1.0], 0, seed=1)[:, 0], [0.75, 0.25])


def test_what_is_refused() -> None:
    with pytest.raises(InputError, match="zero or more"):
        dirichlet([-1.0, 2.0], 5, seed=1)
    with pytest.raises(InputError, match="one weight a domain"):
        split(EXAMPLE, [0.5, 0.5], np.ones(5))


def test_balance_and_departure_of_leading_axes() -> None:
    many = np.stack([EXAMPLE, EXAMPLE[::-1]])
    assert split(many, EQUAL, np.ones(5)).domains.shape == (2,)
    assert marginal(many, EQUAL, np.ones(5), 0.01).shape == (2, 3, 5, 5)
    assert_allclose(balance(named(EXAMPLE)), [0.854197, 0.471212, 0.851549], atol=5e-7)
