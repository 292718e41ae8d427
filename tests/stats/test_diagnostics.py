"""Convergence diagnostics against their definitions written out and against known chains."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm, rankdata

from multivector.errors import InputError
from multivector.stats.diagnostics import bulk_ess, effective_size, split_rhat, tail_ess

Floats = NDArray[np.float64]


def halves(x: Floats) -> Floats:
    n = x.shape[1] // 2
    return np.array([part for chain in x for part in (chain[:n], chain[-n:])])


def normal_scores(x: Floats) -> Floats:
    return norm.ppf((rankdata(x).reshape(x.shape) - 3 / 8) / (x.size + 1 / 4))


def rhat(x: Floats) -> float:
    """Vehtari et al. (2021), equations 1 to 4."""
    m, n = x.shape
    means = [chain.mean() for chain in x]
    between = n / (m - 1) * sum((mean - np.mean(means)) ** 2 for mean in means)
    within = np.mean([((c - c.mean()) ** 2).sum() / (n - 1) for c in x])
    return float(np.sqrt(((n - 1) / n * within + between / n) / within))


def ess(x: Floats) -> float:
    """Vehtari et al. (2021), equations 10 to 13, with autocovariances by sums."""
    m, n = x.shape

    def covariance(chain: Floats, lag: int) -> float:
        d = chain - chain.mean()
        return float((d[: n - lag] * d[lag:]).sum() / n)

    within = np.mean([c.var(ddof=1) for c in x])
    total = within * (n - 1) / n + np.var([c.mean() for c in x], ddof=1)
    lagged = [1 - (within - np.mean([covariance(c, t) for c in x])) / total for t in range(n)]
    lagged[0] = 1.0
    time, before = -1.0, np.inf
    for k in range(n // 2):
        pair = lagged[2 * k] + lagged[2 * k + 1]
        if pair <= 0:
            break
        before = min(before, pair)
        time += 2 * before
    return m * n / max(time, 1 / np.log10(m * n))


def autoregressive(rho: float, chains: int, draws: int, seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    x = np.empty((chains, draws))
    x[:, 0] = rng.normal(size=chains)
    for t in range(1, draws):
        x[:, t] = rho * x[:, t - 1] + np.sqrt(1 - rho**2) * rng.normal(size=chains)
    return x


@pytest.mark.parametrize("draws", [40, 41])
@pytest.mark.parametrize("rho", [-0.4, 0.0, 0.8])
def test_definitions(rho: float, draws: int) -> None:
    x = autoregressive(rho, 3, draws, seed=7)
    x[0, 3] = x[1, 9]  # a tie
    split = halves(x)
    folded = np.abs(split - np.median(split))
    expected = max(rhat(normal_scores(split)), rhat(normal_scores(folded)))
    assert split_rhat(x) == pytest.approx(expected, abs=1e-12)
    assert bulk_ess(x) == pytest.approx(ess(normal_scores(split)), rel=1e-9)
    tails = [ess((split <= np.quantile(split, p)).astype(float)) for p in (0.05, 0.95)]
    assert tail_ess(x) == pytest.approx(min(tails), rel=1e-9)


@pytest.mark.parametrize("rho", [-0.3, 0.0, 0.5, 0.9])
def test_autoregressive_chains_have_the_size_of_theory(rho: float) -> None:
    """S (1 − ρ)/(1 + ρ) for the mean of an AR(1) process."""
    x = autoregressive(rho, 4, 20_000, seed=1)
    assert effective_size(x) == pytest.approx(80_000 * (1 - rho) / (1 + rho), rel=0.1)
    assert bulk_ess(x) == pytest.approx(80_000 * (1 - rho) / (1 + rho), rel=0.1)
    assert split_rhat(x) < 1.01


def test_ranks_make_it_indifferent_to_a_change_of_scale() -> None:
    x = autoregressive(0.5, 4, 200, seed=2)
    assert bulk_ess(np.exp(3 * x)) == pytest.approx(bulk_ess(x), rel=1e-12)
    heavy = np.tan(np.pi * (norm.cdf(x) - 0.5))
    assert split_rhat(heavy) < 1.05


def test_chains_of_other_place_or_width_are_found() -> None:
    x = np.random.default_rng(3).normal(size=(4, 400))
    wider = x * np.array([[1], [1], [1], [3]])
    trending = x + np.linspace(0, 2, 400)
    assert split_rhat(x) < 1.01
    assert split_rhat(wider) > 1.1
    assert split_rhat(trending) > 1.1


def test_many_quantities_at_once() -> None:
    x = np.random.default_rng(4).normal(size=(2, 3, 4, 50))
    for function in (split_rhat, bulk_ess, tail_ess):
        together = function(x)
        assert together.shape == (2, 3)
        assert together[1, 2] == pytest.approx(function(x[1, 2]))


@pytest.mark.parametrize("value", [np.nan, 1.0])
def test_missing_or_constant_draws_have_no_diagnostics(value: float) -> None:
    x = np.full((2, 8), value)
    for function in (split_rhat, bulk_ess, tail_ess):
        assert np.isnan(function(x))


def test_too_few_draws() -> None:
    with pytest.raises(InputError, match="at least 4"):
        split_rhat(np.zeros((4, 3)))
