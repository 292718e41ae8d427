"""Breaks of yearly series against pyfixest, loops and published adjusted p-values."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector.errors import InputError
from multivector.stats.breaks import (
    benjamini_hochberg,
    break_at,
    hac,
    holm,
    placebo_dates,
    placebo_p,
    trend,
)

BH_1995 = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
]
"""The fifteen p-values of Benjamini & Hochberg (1995, section 4, on thrombolysis)."""


def walk(n: int = 26, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=n).cumsum()


@pytest.mark.parametrize("lag", [0, 1, 3])
def test_errors_are_those_of_another_package(lag: int) -> None:
    import pyfixest

    y, time = walk(), np.arange(26.0)
    after = (time >= 17).astype(float)
    frame = pd.DataFrame({"y": y, "t": time, "d": after, "g": after * (time - 17)})
    kind = {"vcov": "NW", "vcov_kwargs": {"lag": lag, "time_id": "t"}} if lag else {"vcov": "HC1"}
    theirs = pyfixest.feols("y ~ t + d + g", frame, **kind)
    b, v, df = hac(y, np.column_stack([np.ones(26), time, after, after * (time - 17)]), lag)
    assert df == 22
    np.testing.assert_allclose(b, theirs.coef().to_numpy(), rtol=1e-8)
    np.testing.assert_allclose(np.sqrt(np.diag(v)), theirs.se().to_numpy(), rtol=1e-6)


def test_a_missing_year_keeps_the_distance_between_the_others() -> None:
    """Against the double sum over pairs of years, each weighted by its distance in time."""
    y = walk()
    y[[6, 19]] = np.nan
    x = np.column_stack([np.ones(26), np.arange(26.0)])
    known = np.flatnonzero(np.isfinite(y))
    b, *_ = np.linalg.lstsq(x[known], y[known], rcond=None)
    e = y - x @ b
    middle = np.zeros((2, 2))
    for s in known:
        for t in known:
            middle += max(0, 1 - abs(s - t) / 3) * e[s] * e[t] * np.outer(x[s], x[t])
    bread = np.linalg.inv(x[known].T @ x[known])
    ours = hac(y, x, lag=2)
    np.testing.assert_allclose(ours[0], b)
    np.testing.assert_allclose(ours[1], 24 / 22 * bread @ middle @ bread)


@given(st.floats(-5, 5), st.floats(-2, 2), st.floats(-3, 3))
def test_breaks_without_noise_are_found_exactly(start: float, slope: float, jump: float) -> None:
    time = np.arange(20.0)
    line = start + slope * time
    assert break_at(line + jump * (time >= 12), 12).value == pytest.approx(jump, abs=1e-9)
    bent = line + jump * (time >= 12) + 0.7 * (time - 12) * (time >= 12)
    assert break_at(bent, 12, "trend").value == pytest.approx(0.7, abs=1e-9)
    assert trend(line).value == pytest.approx(slope, abs=1e-9)


def test_too_few_years_give_no_break() -> None:
    y = walk()
    assert np.isnan(break_at(y, 4).value)
    assert np.isfinite(break_at(y, 24).value)
    assert np.isnan(break_at(y, 24, "trend").value)
    y[25] = np.nan
    assert np.isnan(break_at(y, 24).value)
    assert np.isnan(break_at(y, -3).value)
    assert np.isnan(break_at(y, 24).draws(5)).all()


def test_the_interval_is_that_of_the_t_distribution() -> None:
    fit = break_at(walk(), 17)
    low, high = np.quantile(fit.draws(4001), [0.05, 0.95])
    t95 = 1.7138715277  # 95 % point of t with 23 degrees of freedom, tables
    assert (high - low) / 2 == pytest.approx(t95 * fit.error, rel=1e-3)
    assert (high + low) / 2 == pytest.approx(fit.value, abs=1e-9)


def test_placebo_dates_leave_out_the_tested_ones() -> None:
    y = walk()
    every = [break_at(y, k).t for k in range(5, 25)]
    np.testing.assert_allclose(
        placebo_dates(y, [17, 20]), [*every[:12], *every[13:15], *every[16:]]
    )
    assert placebo_p(1e9, every) == pytest.approx(1 / 21)
    assert np.isnan(placebo_p(np.nan, every))
    assert np.isnan(placebo_p(1.0, []))


def test_a_series_of_noise_has_a_uniform_rank() -> None:
    """Each date of a series takes each rank: the p-values of all dates are 1/n, 2/n … 1."""
    y = walk()
    dates = range(5, 25)
    found = sorted(placebo_p(break_at(y, k).t, placebo_dates(y, [k])) for k in dates)
    np.testing.assert_allclose(found, np.arange(1, 21) / 20)


def test_false_discoveries_of_the_published_example() -> None:
    """At 5 % Benjamini & Hochberg (1995) reject the four smallest, Holm's procedure three."""
    assert (benjamini_hochberg(BH_1995) <= 0.05).sum() == 4
    assert (holm(BH_1995) <= 0.05).sum() == 3
    assert benjamini_hochberg(BH_1995)[0] == pytest.approx(0.0015)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_adjusted_values_agree_with_their_definitions(p: list[float]) -> None:
    order, m = np.argsort(p, kind="stable"), len(p)
    ranked = np.array(p)[order]
    by_holm = [max(min(1, (m - j) * ranked[j]) for j in range(i + 1)) for i in range(m)]
    by_bh = [min(min(1, m * ranked[j] / (j + 1)) for j in range(i, m)) for i in range(m)]
    np.testing.assert_allclose(holm(p)[order], by_holm)
    np.testing.assert_allclose(benjamini_hochberg(p)[order], by_bh)
    assert (benjamini_hochberg(p) <= holm(p) + 1e-12).all()


def test_what_is_no_probability_is_refused() -> None:
    with pytest.raises(InputError, match="no p-values"):
        holm([0.5, 1.5])
