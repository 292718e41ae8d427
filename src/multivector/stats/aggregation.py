"""Aggregation of normalised indicators into one score a unit.

Values have shape (…, units, k), higher is better, and weights (…, k), not negative; both broadcast
over replays. Weights are closed to sum 1 here. A missing value (NaN) leaves the score missing
unless ``least`` allows the weight of the known ones to stand for the whole. Formulas: OECD & JRC
(2008, step 7, doi:10.1787/9789264043466-en).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from multivector.errors import ComputeError, InputError
from multivector.stats.summaries import Floats, ratio

TIE = 1e-12
"""Difference of weights below which two units tie in a pairwise comparison."""


def arithmetic(values: ArrayLike, weights: ArrayLike, least: float = 1.0) -> Floats:
    """Weighted arithmetic mean, Σ w v: a loss in one indicator is made up by a gain in another.

    Parameters
    ----------
    values
        Shape (…, units, k); NaN = missing.
    weights
        Shape (…, k), not negative, any sum above zero.
    least
        Smallest share of the weight, 0 to 1, that known values must carry; the others' weight is
        then spread over these in proportion.

    Returns
    -------
    array, shape (…, units), in the unit of the values.

    >>> arithmetic([[1.0, 3.0], [2.0, float("nan")]], [3.0, 1.0], least=0.5).tolist()
    [1.5, 2.0]
    """
    return _weighted_mean(*_given(values, weights), least)


def geometric(values: ArrayLike, weights: ArrayLike, least: float = 1.0) -> Floats:
    """Weighted geometric mean, Π v^w: losses are made up the less, the lower the value is.

    Arguments as in :func:`arithmetic`; values above zero.

    Raises
    ------
    InputError
        Values of zero or below: one zero would set the score to zero whatever the others are.

    >>> geometric([[1.0, 4.0]], [1.0, 1.0]).tolist()
    [2.0]
    """
    v, w = _given(values, weights)
    return np.exp(_weighted_mean(np.log(_above_zero(v, "A geometric mean")), w, least))


def harmonic(values: ArrayLike, weights: ArrayLike, least: float = 1.0) -> Floats:
    """Weighted harmonic mean, 1/Σ(w/v): harsher on low values than the geometric mean.

    Arguments and errors as in :func:`geometric`.

    >>> harmonic([[1.0, 3.0]], [1.0, 1.0]).tolist()
    [1.5]
    """
    v, w = _given(values, weights)
    return 1 / _weighted_mean(1 / _above_zero(v, "A harmonic mean"), w, least)


def generalised(values: ArrayLike, weights: ArrayLike, power: float, least: float = 1.0) -> Floats:
    """Generalised (power) mean, (Σ w v^p)^(1/p); p = 1 arithmetic, 0 geometric, −1 harmonic.

    Arguments and errors as in :func:`geometric`; p any number, smaller is harsher on low values.

    >>> round(float(generalised([[1.0, 7.0]], [1.0, 1.0], power=2.0)[0]), 6)
    5.0
    """
    if power == 0:
        return geometric(values, weights, least)
    v, w = _given(values, weights)
    return _weighted_mean(_above_zero(v, "A generalised mean") ** power, w, least) ** (1 / power)


def copeland(values: ArrayLike, weights: ArrayLike, least: float = 1.0) -> Floats:
    """Copeland score: how many units one beats by weight of indicators, less how many beat it.

    Unit a beats b if the indicators in which a is ahead weigh more than those in which b is; a tie
    counts for neither. No gain makes up for a loss, only order counts (Munda & Nardo 2009,
    doi:10.1080/00036840601019364).

    Parameters
    ----------
    values, weights
        As in :func:`arithmetic`.
    least
        Smallest share of the weight in which both units of a pair must be known.

    Returns
    -------
    array, shape (…, units), 1 − n to n − 1. NaN for a unit of which less is known, and for the two
    of a pair of which less is known in common; units without a score are no opponents.

    >>> copeland([[1.0, 2.0, 3.0], [2.0, 1.0, 1.0], [0.0, 0.0, 0.0]], [1.0, 1.0, 1.0]).tolist()
    [2.0, 0.0, -2.0]
    """
    v, w = _given(values, weights)
    lead = known = np.zeros((1, 1))
    for k in range(v.shape[-1]):
        a, b = v[..., :, None, k], v[..., None, :, k]
        ahead = np.sign(a - b)
        both = ~np.isnan(ahead)
        lead = lead + w[..., k, None, None] * np.where(both, ahead, 0.0)
        known = known + w[..., k, None, None] * both
    wins = np.where(np.abs(lead) > TIE, np.sign(lead), 0.0)
    blank = np.diagonal(known, axis1=-2, axis2=-1) < max(least, TIE) - TIE
    pair = known < max(least, TIE) - TIE
    unknown = (pair & ~blank[..., None, :]).any(axis=-1) | blank
    score = np.where(blank[..., None, :], 0.0, wins).sum(axis=-1)
    return np.where(unknown, np.nan, score)


def benefit_of_the_doubt(
    values: ArrayLike, least_share: float = 0.0, most_share: float = 1.0
) -> Floats:
    """Benefit of the doubt: each unit's score under the weights that favour it most.

    max Σ w_k v_k subject to Σ w_k v_jk ≤ 1 for every unit j and w ≥ 0, a linear programme a unit;
    1 is the best that any weights allow (Cherchye et al. 2007, doi:10.1007/s11205-006-9029-7).
    With ``least_share`` ≤ w_k v_k / Σ w v ≤ ``most_share`` no unit can rest on one indicator.

    Parameters
    ----------
    values
        Shape (…, units, k), zero or above; a unit with a missing value has no score, and is no
        peer of the others.
    least_share, most_share
        Bounds of every indicator's part in the unit's score, 0 to 1.

    Returns
    -------
    array, shape (…, units), 0 to 1.

    Raises
    ------
    InputError
        Negative values, or bounds that no shares can meet.
    ComputeError
        A linear programme without a solution.

    >>> benefit_of_the_doubt([[2.0, 1.0], [1.0, 2.0], [1.0, 1.0]]).round(6).tolist()
    [1.0, 1.0, 0.666667]
    """
    v = np.asarray(values, dtype=np.float64)
    k = v.shape[-1]
    if (v < 0).any():
        raise InputError("Benefit of the doubt needs values of zero or above.")
    if not (0 <= least_share <= 1 / k + TIE and 1 / k - TIE <= most_share <= 1):
        raise InputError(
            f"No {k} parts of a score lie between {least_share} and {most_share}.",
            f"Possible: at least 0 and at most {1 / k:.3g}; at least that and at most 1.",
        )
    tables = v.reshape(-1, *v.shape[-2:])
    return np.stack([_doubt(t, least_share, most_share) for t in tables]).reshape(v.shape[:-1])


def _doubt(table: Floats, least_share: float, most_share: float) -> Floats:
    """Scores of one table, units × k."""
    from scipy.optimize import linprog

    whole = ~np.isnan(table).any(axis=1)
    peers = table[whole]
    scores = np.full(len(table), np.nan)
    for unit in np.flatnonzero(whole):
        own = table[unit]
        rows = [peers]
        if least_share > 0:
            rows.append(least_share * own[None, :] - np.diag(own))
        if most_share < 1:
            rows.append(np.diag(own) - most_share * own[None, :])
        limit = np.concatenate([np.ones(len(peers)), np.zeros(sum(map(len, rows[1:])))])
        if not own.any():
            scores[unit] = 0.0
            continue
        found = linprog(-own, A_ub=np.vstack(rows), b_ub=limit, bounds=(0, None), method="highs")
        if not found.success:
            raise ComputeError(f"The weights that favour a unit most: {found.message}")
        scores[unit] = -found.fun
    return scores


def _given(values: ArrayLike, weights: ArrayLike) -> tuple[Floats, Floats]:
    v, w = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    total = w.sum(axis=-1, keepdims=True)
    if v.ndim < 2 or w.shape[-1:] != v.shape[-1:]:
        raise InputError(
            f"Values have shape {v.shape} and weights {w.shape}.",
            "Possible: (…, units, k) and (…, k).",
        )
    if not ((w >= 0).all() and (total > 0).all()):
        raise InputError("Weights are negative, or all zero.", "Possible: 0 or more, one above 0.")
    return v, w / total


def _weighted_mean(v: Floats, w: Floats, least: float) -> Floats:
    gaps = np.isnan(v)
    if not gaps.any():
        return np.matmul(v, w[..., None])[..., 0]
    known = np.matmul(~gaps, w[..., None])[..., 0]
    mean = ratio(np.matmul(np.where(gaps, 0.0, v), w[..., None])[..., 0], known)
    return np.where(known >= least - TIE, mean, np.nan)


def _above_zero(v: Floats, what: str) -> Floats:
    if (v <= 0).any():
        raise InputError(
            f"{what} needs values above zero; {int((v <= 0).sum())} are zero or negative.",
            remedy="Normalise to a scale that starts above zero, such as 1 to 100.",
        )
    return v
