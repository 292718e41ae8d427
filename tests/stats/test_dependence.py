from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector.errors import InputError
from multivector.stats import dependence as d

NAN = float("nan")


def world(seed: int, n: int = 6) -> np.ndarray:
    rng = np.random.default_rng(seed)
    x = rng.lognormal(0, 2, (n, n))
    x[rng.random((n, n)) < 0.2] = NAN
    np.fill_diagonal(x, NAN)
    return x


def test_trade_is_missing_only_if_both_flows_are() -> None:
    x = np.array([[NAN, 2.0, NAN], [3.0, NAN, NAN], [4.0, NAN, NAN]])
    expected = [[NAN, 5.0, 4.0], [5.0, NAN, NAN], [4.0, NAN, NAN]]
    np.testing.assert_array_equal(d.two_way(x), expected)
    both_years = d.two_way(np.stack([x, x]))
    np.testing.assert_array_equal(both_years[1], expected)


@given(st.integers(0, 500))
def test_pairs_by_loops(seed: int) -> None:
    x, n = world(seed), 6
    gdp = np.random.default_rng(seed).lognormal(3, 1, n)
    trade = d.two_way(x)
    s = d.sensitivity(trade, gdp)
    asymmetry, lower = d.asymmetry(s), d.lower_dependence(s)
    total = d.recorded_total(trade)
    share = trade / total[:, None]
    bond = d.interdependence(share)
    for i in range(n):
        for j in range(n):
            known = [v for v in (x[i, j], x[j, i]) if np.isfinite(v)]
            if i == j or not known:
                for table in (trade, s, asymmetry, lower, bond.salience, bond.interdependence):
                    assert np.isnan(table[i, j])
                continue
            t = sum(known)
            assert trade[i, j] == pytest.approx(t)
            ours, theirs = t / gdp[i], t / gdp[j]
            assert s[i, j] == pytest.approx(ours)
            assert asymmetry[i, j] == pytest.approx((ours - theirs) / (ours + theirs))
            assert asymmetry[i, j] == -asymmetry[j, i]
            assert lower[i, j] == pytest.approx(min(ours, theirs))
            a, b = t / total[i], t / total[j]
            assert bond.salience[i, j] == pytest.approx((a * b) ** 0.5)
            assert bond.symmetry[i, j] == pytest.approx(1 - abs(a - b))
            assert bond.interdependence[i, j] == pytest.approx((a * b) ** 0.5 * (1 - abs(a - b)))


def test_intensity_is_one_where_trade_follows_size() -> None:
    """x_ij = x_i m_j/(m_w − m_i): everybody buys in proportion to the others' imports."""
    imports = np.array([10.0, 20.0, 70.0])
    exports = np.array([30.0, 30.0, 40.0])
    flow = exports[:, None] * imports / (imports.sum() - imports[:, None])
    found = d.intensity(flow, exports[:, None], imports, imports[:, None], imports.sum())
    np.testing.assert_allclose(found, 1.0)
    assert np.isnan(d.intensity(1.0, 0.0, 1.0, 1.0, 5.0))


def test_openness() -> None:
    np.testing.assert_allclose(d.openness([3.0, NAN], [1.0, 1.0], [8.0, 8.0]), [0.5, NAN])
    assert np.isnan(d.openness(1.0, 1.0, 0.0))


@given(st.integers(0, 200), st.floats(-3, 3), st.floats(0.1, 5))
def test_exposure_shifts_and_scales_with_the_attribute(seed: int, a: float, b: float) -> None:
    rng = np.random.default_rng(seed)
    share = rng.random(8)
    attribute = rng.normal(size=8)
    share[0] = NAN
    attribute[1] = NAN
    one, two = d.exposure(share, attribute), d.exposure(share, a + b * attribute)
    assert two.mean == pytest.approx(a + b * one.mean, abs=1e-9)
    assert two.spread == pytest.approx(b * one.spread, abs=1e-9)
    weights = share[2:] / share[2:].sum()
    assert one.mean == pytest.approx((weights * attribute[2:]).sum(), abs=1e-12)
    assert one.known == pytest.approx(share[2:].sum() / np.nansum(share))


def test_exposure_needs_shares() -> None:
    with pytest.raises(InputError, match="negative"):
        d.exposure([-0.1, 1.1], [0.0, 1.0])
    empty = d.exposure([0.0, NAN], [1.0, 1.0])
    assert np.isnan(empty.mean)
    assert np.isnan(empty.known)
