"""Sharp bounds: the smallest and the largest value that missing cells allow.

A bound is sharp if some completion of the missing cells attains it; no completion lies outside.
Bounds of HHI and of entropy are in ``stats.concentration``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import rel_entr

from multivector.errors import InputError
from multivector.stats.composition import shares
from multivector.stats.concentration import Bounds, entropy_bounds
from multivector.stats.summaries import Floats, ratio


def balance_bounds(amounts: ArrayLike, total: ArrayLike) -> Bounds:
    """Sharp bounds of balance, H(p)/ln n, when cells are missing but their total is known.

    Parameters
    ----------
    amounts
        Shape (…, n), not negative; NaN = missing.
    total
        Total over all cells in the same unit, shape (…); NaN = unknown.

    Returns
    -------
    Bounds of shape (…), 0 to 1, equal where nothing is missing; NaN where the total is zero or
    unknown, or n = 1.

    >>> b = balance_bounds([2.0, float("nan"), float("nan")], 4.0)
    >>> round(float(b.lower), 6), round(float(b.upper), 6)
    (0.63093, 0.946395)
    """
    found = entropy_bounds(amounts, total)
    most = np.log(np.shape(amounts)[-1])
    return Bounds(ratio(found.lower, most), ratio(found.upper, most))


def departure_bounds(amounts: ArrayLike, target: ArrayLike, total: ArrayLike) -> Bounds:
    """Sharp bounds of the departure KL(p ‖ τ) when cells are missing but their total is known.

    With the rest r = 1 − Σ known shares over the missing cells M, the departure is least where r is
    spread in proportion to τ, Σ p ln(p/τ) + r ln(r/Σ_M τ), and largest where all of it falls to the
    cell of M with the smallest target, Σ p ln(p/τ) + r ln(r/min_M τ).

    Parameters
    ----------
    amounts, total
        As in :func:`balance_bounds`.
    target
        Shape (n,), above zero, any sum.

    Returns
    -------
    Bounds of shape (…), nats.

    >>> b = departure_bounds([2.0, float("nan"), float("nan")], [1.0, 1.0, 1.0], 4.0)
    >>> round(float(b.lower), 6), round(float(b.upper), 6)
    (0.058892, 0.405465)
    """
    tau = np.asarray(target, dtype=np.float64)
    if tau.shape != np.shape(amounts)[-1:] or not (tau > 0).all():
        raise InputError(f"Target {tau.tolist()}.", "Possible: a value above zero for each cell.")
    tau = tau / tau.sum()
    entropy_bounds(amounts, total)  # refuses what does not add up
    p = shares(amounts, total)
    gap = np.isnan(np.asarray(amounts, dtype=np.float64))
    known = np.where(gap, 0.0, p)
    rest = np.where(gap.any(axis=-1), np.maximum(1 - known.sum(axis=-1), 0.0), 0.0)
    base = np.where(gap, 0.0, rel_entr(known, tau)).sum(axis=-1)
    undefined = np.isnan(ratio(1.0, total))
    together = np.where(gap, tau, 0.0).sum(axis=-1)
    alone = np.where(gap, tau, np.inf).min(axis=-1)
    none = ~gap.any(axis=-1)
    low = base + rel_entr(rest, np.where(none, 1.0, together))
    high = base + rel_entr(rest, np.where(none, 1.0, alone))
    return Bounds(
        np.where(undefined, np.nan, np.maximum(low, 0.0)),
        np.where(undefined, np.nan, np.maximum(high, 0.0)),
    )


def score_bounds(
    score: Callable[[Floats], Floats], values: ArrayLike, low: ArrayLike, high: ArrayLike
) -> Bounds:
    """Sharp bounds of composite scores when normalised values are missing.

    The score of a unit is taken to rise (not strictly) with its own values and to fall, if it
    depends on them at all, with those of others; this holds for every mean, for Copeland's score
    and for benefit of the doubt. So the lower bound has the unit's own gaps at the low end and
    the others' at the high end, the upper bound the reverse, and both are attained.

    Parameters
    ----------
    score
        Function from complete values (units, k) to scores (units,).
    values
        Shape (units, k), normalised, higher is better; NaN = missing.
    low, high
        Ends between which a missing value lies, broadcasting to the values.

    Returns
    -------
    Bounds of shape (units,), equal for a unit without gaps where no score depends on others.

    >>> mean = lambda v: v.mean(axis=1)
    >>> b = score_bounds(mean, [[1.0, float("nan")], [0.5, 0.5]], 0.0, 1.0)
    >>> b.lower.tolist(), b.upper.tolist()
    ([0.5, 0.5], [1.0, 0.5])
    """
    v = np.asarray(values, dtype=np.float64)
    gap = np.isnan(v)
    bottom, top = np.where(gap, low, v), np.where(gap, high, v)
    lower, upper = score(bottom).astype(np.float64), score(top).astype(np.float64)
    for unit in range(len(v)):
        if np.delete(gap, unit, axis=0).any():
            own = np.arange(len(v))[:, None] == unit
            lower[unit] = score(np.where(own, bottom, top))[unit]
            upper[unit] = score(np.where(own, top, bottom))[unit]
    return Bounds(lower, upper)
