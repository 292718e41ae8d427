"""Concentration of a whole over its cells, and what can be said when cells are missing.

Amounts hold the cells on the last axis and are closed to shares, so any unit will do; all cells of
the whole must be there, a rest of the world included. A missing cell (NaN) or a total of zero makes
the result NaN. Where the total is known although cells are missing, the bounds are sharp: some
completion of the missing cells attains each of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import entr

from multivector.errors import InputError
from multivector.stats.composition import TOLERANCE, shares
from multivector.stats.summaries import Floats, ratio


@dataclass(frozen=True)
class Bounds:
    """Smallest and largest value that the missing cells allow; each of shape (…)."""

    lower: Floats
    upper: Floats


def hhi(amounts: ArrayLike) -> Floats:
    """Herfindahl–Hirschman index of concentration, Σ p².

    Range 1/n (equal shares) to 1 (one cell holds all); on the scale of 0 to 1, not 10,000
    (Hirschman 1964, American Economic Review 54(5):761).

    Parameters
    ----------
    amounts
        Shape (…, n), any unit, not negative; NaN = missing.

    Returns
    -------
    array, shape (…); NaN if a cell is missing or the total is zero.

    >>> round(float(hhi([0.30, 0.25, 0.35, 0.05, 0.05])), 6)
    0.28
    """
    return (shares(amounts) ** 2).sum(axis=-1)


def normalised_hhi(amounts: ArrayLike) -> Floats:
    """Herfindahl–Hirschman index rescaled to the number of cells, (HHI − 1/n)/(1 − 1/n).

    Range 0 (equal shares) to 1 (one cell holds all). Shape (…, n) to (…); NaN if a cell is
    missing, the total is zero, or n = 1. Unlike HHI it changes when empty cells are added.

    >>> round(float(normalised_hhi([0.30, 0.25, 0.35, 0.05, 0.05])), 6)
    0.1
    """
    n = np.shape(amounts)[-1]
    return ratio(hhi(amounts) - 1 / n, 1 - 1 / n)


def entropy(amounts: ArrayLike) -> Floats:
    """Shannon entropy of the shares, H = −Σ p ln p, in nats.

    Range 0 (one cell holds all) to ln n (equal shares), with 0 ln 0 = 0 (Shannon 1948,
    doi:10.1002/j.1538-7305.1948.tb01338.x). Shape (…, n) to (…); NaN if a cell is missing or the
    total is zero.

    >>> round(float(entropy([1, 1, 1, 1])), 6)
    1.386294
    """
    return entr(shares(amounts)).sum(axis=-1)


def effective_number_shannon(amounts: ArrayLike) -> Floats:
    """Effective number of cells by entropy, exp H: as many equal cells have the same entropy.

    Range 1 to n, Hill's number of order 1 (Hill 1973, doi:10.2307/1934352). Shape (…, n) to (…);
    NaN if a cell is missing or the total is zero.

    >>> round(float(effective_number_shannon([0.30, 0.25, 0.35, 0.05, 0.05])), 6)
    3.954192
    """
    return np.exp(entropy(amounts))


def effective_number_simpson(amounts: ArrayLike) -> Floats:
    """Effective number of cells by concentration, 1/HHI: as many equal cells have the same HHI.

    Range 1 to n, Hill's number of order 2, never above that of order 1 (Hill 1973,
    doi:10.2307/1934352). Shape (…, n) to (…); NaN if a cell is missing or the total is zero.

    >>> round(float(effective_number_simpson([0.30, 0.25, 0.35, 0.05, 0.05])), 6)
    3.571429
    """
    return 1 / hhi(amounts)


def theil(amounts: ArrayLike) -> Floats:
    """Theil index of inequality T between the cells, in nats.

    T = (1/n) Σ (x/μ) ln(x/μ) = ln n − H, with μ the mean cell: 0 (equal) to ln n (one cell holds
    all) (Theil 1967, Economics and Information Theory). Shape (…, n) to (…); NaN if a cell is
    missing or the total is zero.

    >>> round(float(theil([0.30, 0.25, 0.35, 0.05, 0.05])), 6)
    0.234662
    """
    return np.maximum(np.log(np.shape(amounts)[-1]) - entropy(amounts), 0.0)


def hhi_bounds(amounts: ArrayLike, total: ArrayLike) -> Bounds:
    """Sharp bounds of HHI when some cells are missing but their total is known.

    With the rest r = 1 − Σ known shares spread over k missing cells, HHI lies between
    Σ p² + r²/k (spread evenly) and Σ p² + r² (all in one cell).

    Parameters
    ----------
    amounts
        Shape (…, n), not negative; NaN = missing.
    total
        Total over all cells in the same unit, shape (…); NaN = unknown.

    Returns
    -------
    Bounds of shape (…), equal where nothing is missing; NaN where the total is zero or unknown.

    Raises
    ------
    InputError
        Known cells that exceed the total, or a total that complete cells do not add up to.

    >>> b = hhi_bounds([3.0, 1.0, float("nan"), float("nan")], 8.0)
    >>> float(b.lower), float(b.upper)
    (0.28125, 0.40625)
    """
    known, rest, missing = _known_and_rest(amounts, total)
    base = (known**2).sum(axis=-1)
    return Bounds(base + rest**2 / np.maximum(missing, 1), base + rest**2)


def entropy_bounds(amounts: ArrayLike, total: ArrayLike) -> Bounds:
    """Sharp bounds of Shannon entropy when some cells are missing but their total is known.

    With the rest r = 1 − Σ known shares spread over k missing cells, H lies between
    −Σ p ln p − r ln r (all in one cell) and r ln k more (spread evenly), in nats.

    Parameters
    ----------
    amounts, total
        As in :func:`hhi_bounds`.

    Returns
    -------
    Bounds as in :func:`hhi_bounds`; exp of both bounds the effective number.

    >>> b = entropy_bounds([2.0, float("nan"), float("nan")], 4.0)
    >>> round(float(b.lower), 6), round(float(b.upper), 6)
    (0.693147, 1.039721)
    """
    known, rest, missing = _known_and_rest(amounts, total)
    base = entr(known).sum(axis=-1) + entr(rest)
    return Bounds(base, base + rest * np.log(np.maximum(missing, 1)))


def _known_and_rest(amounts: ArrayLike, total: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Known shares with 0 in the missing cells, the share of the rest, the number missing."""
    p = shares(amounts, total)
    gap = np.isnan(np.asarray(amounts, dtype=np.float64))
    known = np.where(gap, 0.0, p)
    missing = gap.sum(axis=-1).astype(np.float64)
    rest = np.where(np.isnan(ratio(1.0, total)), np.nan, np.maximum(1 - known.sum(axis=-1), 0.0))
    if ((missing == 0) & (rest > TOLERANCE)).any():
        raise InputError(
            "Cells without a gap add up to less than the total given.",
            "Possible: a total equal to the sum of complete cells.",
            "Add the rest of the world as a cell, NaN if it is unknown.",
        )
    return known, rest, missing
