"""Convergence of Markov chains: split-R̂ and effective sample size of rank-normalised draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from multivector.errors import InputError
from multivector.stats.summaries import Floats


def split_rhat(draws: ArrayLike) -> Floats:
    """Rank-normalised split-R̂: 1 when chains agree with each other and with their own past.

    R̂ = √((W (n − 1)/n + B/n)/W), with W the mean variance within half-chains of n draws and B/n
    the variance of their means; taken once for normal scores of the draws' ranks and once for
    those of their distances from the median, of which the larger counts (Vehtari et al. 2021,
    doi:10.1214/20-BA1221). At most 1.01 is taken as converged.

    Parameters
    ----------
    draws
        Shape (…, chains, draws), any unit, at least 4 draws a chain.

    Returns
    -------
    array, shape (…), dimensionless, about 1 or more; NaN where a draw is missing or all are equal.

    >>> x = np.random.default_rng(1).normal(size=(4, 500))
    >>> bool(split_rhat(x) < 1.01), bool(split_rhat(x + [[0], [0], [0], [1]]) > 1.1)
    (True, True)
    """
    halves = _halves(draws)
    middle = np.median(halves, axis=(-1, -2), keepdims=True)
    return np.fmax(_rhat(_scores(halves)), _rhat(_scores(np.abs(halves - middle))))


def bulk_ess(draws: ArrayLike) -> Floats:
    """Effective number of independent draws for the centre of a distribution.

    The effective sample size of normal scores of the ranks of half-chains (Vehtari et al. 2021,
    doi:10.1214/20-BA1221), with Geyer's initial monotone sequence of autocorrelations.

    Parameters
    ----------
    draws
        Shape (…, chains, draws), any unit, at least 4 draws a chain.

    Returns
    -------
    array, shape (…), in draws; at most the number of draws times its decimal logarithm; NaN where
    a draw is missing or all are equal.

    >>> x = np.random.default_rng(1).normal(size=(4, 1000))
    >>> bool(3000 < bulk_ess(x) < 5000)
    True
    """
    return effective_size(_scores(_halves(draws)))


def tail_ess(draws: ArrayLike) -> Floats:
    """Effective number of independent draws for the ends of a 90 % interval.

    The smaller effective sample size of the two indicators x ≤ 5 % and x ≤ 95 % quantile (Vehtari
    et al. 2021, doi:10.1214/20-BA1221).

    Parameters
    ----------
    draws
        Shape (…, chains, draws), any unit, at least 4 draws a chain.

    Returns
    -------
    array, shape (…), in draws; NaN where a draw is missing or all are equal.

    >>> x = np.random.default_rng(1).normal(size=(4, 1000))
    >>> bool(2000 < tail_ess(x) < 6000)
    True
    """
    halves = _halves(draws)
    low, high = np.quantile(halves, [0.05, 0.95], axis=(-1, -2), keepdims=True)
    missing = np.isnan(halves)
    sizes = [effective_size(np.where(missing, np.nan, halves <= q)) for q in (low, high)]
    return np.minimum(*sizes)


def effective_size(chains: ArrayLike) -> Floats:
    """Effective sample size of chains as they are: neither split nor rank-normalised.

    S/τ with S all draws and τ = −1 + 2 Σ P_k, where P_k = ρ_2k + ρ_2k+1 are pairs of
    autocorrelations estimated from all chains together, summed while positive and made
    non-increasing (Geyer 1992, doi:10.1214/ss/1177011137; Vehtari et al. 2021, section 3.2).

    Parameters
    ----------
    chains
        Shape (…, chains, draws).

    Returns
    -------
    array, shape (…), in draws; NaN where a draw is missing or all are equal.

    >>> bool(np.isnan(effective_size([[1.0, 1.0, 1.0, 1.0]])))
    True
    """
    x = np.asarray(chains, dtype=np.float64)
    m, n = x.shape[-2:]
    centred = x - x.mean(axis=-1, keepdims=True)
    spectrum = np.fft.rfft(centred, 2 * n, axis=-1)
    covariance = np.fft.irfft(np.abs(spectrum) ** 2, 2 * n, axis=-1)[..., :n] / n
    within = covariance[..., 0].mean(axis=-1) * n / (n - 1)
    between = x.mean(axis=-1).var(axis=-1, ddof=1) if m > 1 else 0.0
    total = within * (n - 1) / n + between
    with np.errstate(invalid="ignore", divide="ignore"):
        lagged = 1 - (within[..., None] - covariance.mean(axis=-2)) / total[..., None]
    lagged[..., 0] = 1.0
    pairs = lagged[..., : n // 2 * 2].reshape(*lagged.shape[:-1], n // 2, 2).sum(axis=-1)
    positive = np.logical_and.accumulate(pairs > 0, axis=-1)
    falling = np.minimum.accumulate(pairs, axis=-1)
    time = -1 + 2 * np.where(positive, falling, 0.0).sum(axis=-1)
    size = m * n / np.maximum(time, 1 / np.log10(m * n))
    return np.where((total > 0) & np.isfinite(total), size, np.nan)


def _halves(draws: ArrayLike) -> Floats:
    """First and last half of every chain (a middle draw is left out) as chains of their own."""
    x = np.asarray(draws, dtype=np.float64)
    if x.ndim < 2 or x.shape[-1] < 4:
        raise InputError(
            f"Draws came with shape {x.shape}.",
            "Possible: (…, chains, draws) with at least 4 draws a chain.",
        )
    half = x.shape[-1] // 2
    return np.concatenate([x[..., :half], x[..., -half:]], axis=-2)


def _scores(x: Floats) -> Floats:
    """Return normal scores Φ⁻¹((r − 3/8)/(S + 1/4)) of the ranks r of S draws, ties averaged."""
    flat = x.reshape(*x.shape[:-2], -1)
    order = np.argsort(flat, axis=-1)
    ordered = np.take_along_axis(flat, order, axis=-1)
    place = np.broadcast_to(np.arange(1.0, flat.shape[-1] + 1), flat.shape)
    new = np.ones(flat.shape, dtype=bool)
    new[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    last = np.ones(flat.shape, dtype=bool)
    last[..., :-1] = new[..., 1:]
    first = np.maximum.accumulate(np.where(new, place, 0.0), axis=-1)
    final = np.minimum.accumulate(np.where(last, place, np.inf)[..., ::-1], axis=-1)[..., ::-1]
    ranks = np.empty_like(flat)
    np.put_along_axis(ranks, order, (first + final) / 2, axis=-1)
    ranks[np.isnan(flat).any(axis=-1)] = np.nan
    return ndtri((ranks - 0.375) / (flat.shape[-1] + 0.25)).reshape(x.shape)


def _rhat(x: Floats) -> Floats:
    n = x.shape[-1]
    within = x.var(axis=-1, ddof=1).mean(axis=-1)
    between = x.mean(axis=-1).var(axis=-1, ddof=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt((within * (n - 1) / n + between) / within)
