"""Sharp bounds: the smallest and the largest value that missing cells allow.

A bound is sharp if some completion of the missing cells attains it; no completion lies outside.
Bounds of HHI and of entropy are in ``stats.concentration``.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import rel_entr

from multivector.errors import InputError
from multivector.stats.composition import departure, shares
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


def mixed_departure_bounds(known: ArrayLike, rest: ArrayLike, target: ArrayLike) -> Bounds:
    """Sharp bounds of the departure of a pooled portfolio of which some mass is not measured.

    The portfolio is x = a + t with a known, t ≥ 0 and Σ t ≤ r, since what is not measured may fall
    to any partner or to none of them; the departure is that of x closed, KL(x/Σx ‖ τ). It is
    quasi-convex in x, so it is largest at a vertex, t = 0 or t = r e_j, and least where t fills up
    the partners that are furthest below the target: x_j = max(a_j, λ τ_j) with Σ t = r, that is
    λ = min over sets S of (r + Σ_S a)/Σ_S τ.

    Parameters
    ----------
    known
        a, shape (…, n), not negative; NaN = unknown.
    rest
        r, shape (…), not negative.
    target
        τ, shape (…, n), above zero, any sum.

    Returns
    -------
    Bounds of shape (…), nats; NaN where a is unknown, or no partner can have any mass.

    >>> b = mixed_departure_bounds([0.6, 0.1], 0.3, [0.5, 0.5])
    >>> round(float(b.lower), 6), round(float(b.upper), 6)
    (0.020136, 0.368064)
    """
    a, r = np.asarray(known, dtype=np.float64), np.asarray(rest, dtype=np.float64)
    tau = np.broadcast_to(np.asarray(target, dtype=np.float64), a.shape)
    order = np.argsort(ratio(a, tau), axis=-1)
    filled, width = (np.take_along_axis(v, order, -1).cumsum(axis=-1) for v in (a, tau))
    level = ((r[..., None] + filled) / width).min(axis=-1)
    lower = departure(np.maximum(a, level[..., None] * tau), tau)
    n = a.shape[-1]
    ends = [departure(a, tau)]
    ends += [departure(a + r[..., None] * np.eye(n)[j], tau) for j in range(n)]
    upper = np.fmax.reduce(ends)
    return Bounds(np.where(np.isnan(upper), np.nan, lower), upper)


def mixed_partition_bounds(
    parts: tuple[Floats, Floats, Floats], rest: ArrayLike
) -> dict[str, Bounds]:
    """Sharp bounds of the four parts of a partition when whole domains are not measured.

    With L = Σ w ℓ, A = Σ w|ℓ| and M = Σ w m over the measured domains and R = Σ r_k the weight of
    the others, each of which may be anything: net lean from max(|L| − R, 0) to |L| + R; evenness
    from M − A to M − A + R; outside from 1 − M − R to 1 − M; offset from A − |L| to
    A + max over sets S of unmeasured domains of min(2 r_S − |L|, |L| + 2 (R − r_S)). Each bound is
    attained, not all of them at once, so they do not add up to one.

    Parameters
    ----------
    parts
        L, A and M, each of shape (…).
    rest
        r_k, shape (…, domains), zero for a domain that is measured.

    Returns
    -------
    Bounds of shape (…) of each part, under its name.

    >>> one = np.array(0.1), np.array(0.3), np.array(0.4)
    >>> found = mixed_partition_bounds(one, [0.2, 0.1])
    >>> {k: (round(float(b.lower), 6), round(float(b.upper), 6)) for k, b in found.items()}
    {'net lean': (0.0, 0.4), 'offset': (0.2, 0.6), 'evenness': (0.1, 0.4), 'outside': (0.3, 0.6)}
    """
    lean, apart, both = (np.asarray(p, dtype=np.float64) for p in parts)
    r = np.asarray(rest, dtype=np.float64)
    total, size = r.sum(axis=-1), np.abs(lean)
    most = -size
    free = [k for k in range(r.shape[-1]) if r[..., k].any()]
    for count in range(len(free) + 1):
        for chosen in combinations(free, count):
            against = r[..., list(chosen)].sum(axis=-1)
            gained = np.minimum(2 * against - size, size + 2 * (total - against))
            most = np.maximum(most, gained)
    inside = apart - size, apart + most
    return {
        "net lean": Bounds(np.maximum(size - total, 0.0), size + total),
        "offset": Bounds(np.maximum(inside[0], 0.0), inside[1]),
        "evenness": Bounds(np.maximum(both - apart, 0.0), both - apart + total),
        "outside": Bounds(np.maximum(1 - both - total, 0.0), 1 - both),
    }


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
