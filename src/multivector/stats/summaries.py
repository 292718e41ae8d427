"""Summaries of draws, bootstrap weights by family, ranks and percentiles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multivector.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Summary:
    """Median and equal-tailed interval of draws; every field has the shape of the cells.

    ``undefined`` is the share of draws that are NaN, 0 to 1. The other fields are NaN where that
    share exceeds the one allowed; the interval also where fewer than two draws are defined.
    """

    median: Floats
    lower: Floats
    upper: Floats
    undefined: Floats


def ratio(numerator: ArrayLike, denominator: ArrayLike) -> Floats:
    """Quotient of two arrays, undefined (NaN) where the denominator is zero.

    Shapes broadcast. NaN in either argument gives NaN.

    >>> ratio([1.0, 0.0], [4.0, 0.0]).tolist()
    [0.25, nan]
    """
    top, bottom = np.broadcast_arrays(
        np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    )
    return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)


def quantile(draws: ArrayLike, q: float) -> Floats:
    """Sample quantile of the defined draws of each cell, by linear interpolation.

    With the m defined draws sorted, the value at position (m − 1)·q counted from 0 (type 7 of
    Hyndman & Fan 1996, doi:10.1080/00031305.1996.10473566). Infinite draws are allowed: next to
    one the quantile is that infinity, between −∞ and ∞ it is NaN.

    Parameters
    ----------
    draws
        Shape (…, draws), any unit; NaN = an undefined draw, which is left out.
    q
        Probability, 0 to 1.

    Returns
    -------
    array, shape (…), in the unit of the draws; NaN where no draw is defined.

    >>> float(quantile([3.0, 1.0, float("nan"), 2.0], 0.25))
    1.5
    """
    _check_probability("The probability of a quantile", q)
    return _quantile(np.sort(np.asarray(draws, dtype=np.float64), axis=-1), q)


def _quantile(ordered: Floats, q: float) -> Floats:
    """Return the quantile of draws in ascending order, NaN last."""
    defined = ordered.shape[-1] - np.isnan(ordered).sum(axis=-1)
    position = np.maximum(defined - 1, 0) * q
    below = np.floor(position).astype(np.intp)
    above = np.ceil(position).astype(np.intp)
    low = np.take_along_axis(ordered, below[..., None], axis=-1)[..., 0]
    high = np.take_along_axis(ordered, above[..., None], axis=-1)[..., 0]
    fraction = position - below
    with np.errstate(invalid="ignore"):  # between −∞ and ∞
        between = (1 - fraction) * low + fraction * high
    return np.where((fraction == 0) | (low == high), low, between)


def summarise(draws: ArrayLike, level: float = 0.90, max_undefined: float = 0.05) -> Summary:
    """Median and equal-tailed interval of draws, undefined where too many draws are.

    The interval runs from the (1 − level)/2 to the (1 + level)/2 quantile.

    Parameters
    ----------
    draws
        Shape (…, draws), any unit; NaN = undefined.
    level
        Probability inside the interval, 0 to 1.
    max_undefined
        Largest share of undefined draws, 0 to 1, that still gives a result. Leaving out more
        would present the cases where the quantity exists as if they were all cases.

    Returns
    -------
    Summary with fields of shape (…), in the unit of the draws.

    >>> s = summarise(np.arange(101.0))
    >>> [float(v) for v in (s.median, s.lower, s.upper)]
    [50.0, 5.0, 95.0]
    """
    _check_probability("The level of an interval", level)
    _check_probability("The largest undefined share", max_undefined)
    values = np.sort(np.asarray(draws, dtype=np.float64), axis=-1)  # once for three quantiles
    undefined = np.asarray(np.isnan(values).mean(axis=-1))
    kept = undefined <= max_undefined
    interval = kept & ((~np.isnan(values)).sum(axis=-1) >= 2)

    def at(q: float, where: NDArray[np.bool_]) -> Floats:
        return np.where(where, _quantile(values, q), np.nan)

    tail = (1 - level) / 2
    return Summary(at(0.5, kept), at(tail, interval), at(1 - tail, interval), undefined)


def triangular(u: ArrayLike, ends: tuple[float, float, float]) -> Floats:
    """Quantiles of the triangular distribution with lowest value, mode and highest value *ends*.

    Shape as ``u``, which lies in [0, 1]; with equal ends the distribution is one point.

    >>> triangular([0.0, 0.5, 1.0], (3.0, 4.0, 5.0)).tolist()
    [3.0, 4.0, 5.0]
    """
    at = np.asarray(u, dtype=np.float64)
    low, mode, high = ends
    if low == high:
        return np.full(at.shape, mode)
    left = low + np.sqrt(at * (high - low) * (mode - low))
    right = high - np.sqrt((1 - at) * (high - low) * (high - mode))
    return np.where(at < (mode - low) / (high - low), left, right)


def probability_of_direction(draws: ArrayLike, max_undefined: float = 0.05) -> Floats:
    """Probability that the quantity has its more probable sign.

    max(P(x > 0), P(x < 0)) over the defined draws, with draws of exactly zero shared evenly
    between the signs (Makowski et al. 2019, doi:10.3389/fpsyg.2019.02767, for the continuous
    case). Range 0.5 to 1.

    Parameters
    ----------
    draws
        Shape (…, draws), any unit; NaN = undefined.
    max_undefined
        As in :func:`summarise`.

    Returns
    -------
    array, shape (…); NaN where no draw, or less than 1 − max_undefined of them, is defined.

    >>> float(probability_of_direction([-1.0, 2.0, 3.0, 0.0]))
    0.625
    """
    _check_probability("The largest undefined share", max_undefined)
    values = np.asarray(draws, dtype=np.float64)
    missing = np.isnan(values)
    defined = (~missing).sum(axis=-1)
    positive = ratio((values > 0).sum(axis=-1) + (values == 0).sum(axis=-1) / 2, defined)
    kept = missing.mean(axis=-1) <= max_undefined
    return np.where(kept, np.maximum(positive, 1 - positive), np.nan)


def family_weights(families: ArrayLike, draws: int, seed: int) -> NDArray[np.int16]:
    """Bootstrap weights of items when whole families of items are resampled.

    Each draw takes F families with replacement out of the F there are, and an item's weight is
    the number of times its family was taken. Resampling families keeps the dependence inside
    them, as with resolutions that recur every year (Davison & Hinkley 1997, section 3.8,
    doi:10.1017/CBO9780511802843; Field & Welsh 2007, doi:10.1111/j.1467-9868.2007.00593.x).

    Parameters
    ----------
    families
        Integer label of the family of each item, shape (items,). An item without relatives
        carries a label of its own.
    draws
        Number of draws, at least 1.
    seed
        Seed of numpy's default generator; the same seed gives the same weights.

    Returns
    -------
    int16 array, shape (draws, items). The weights of one draw, taken once per family, sum to F.

    >>> w = family_weights([7, 7, 3], draws=2, seed=1)
    >>> w.shape, bool((w[:, 0] == w[:, 1]).all()), (w[:, 0] + w[:, 2]).tolist()
    ((2, 3), True, [2, 2])
    """
    labels = np.asarray(families)
    if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer) or labels.size == 0:
        raise InputError(
            f"Families came as {labels.dtype} of shape {labels.shape}.",
            "Possible: one integer label per item, at least one item.",
            "Number the families, giving items without relatives a label of their own.",
        )
    if draws < 1:
        raise InputError(f"{draws} draws were asked for.", "Possible: 1 or more.")
    names, member_of = np.unique(labels, return_inverse=True)
    share = np.full(names.size, 1 / names.size)
    taken = np.random.default_rng(seed).multinomial(names.size, share, size=draws)
    return taken.astype(np.int16)[:, member_of]


def half_families(
    taken: ArrayLike, families: ArrayLike, outcomes: int, draws: int, seed: int
) -> Floats:
    """Draw counts that stand for what was not seen, to add to resampled counts of outcomes.

    A record in which every item went one way resamples to itself, and would claim certainty from
    seven votes. So each draw adds, to each outcome, g·h: h is the mean number of a state's items
    in a family, and g a draw of Gamma(½, 1). That is Jeffreys' prior for shares, half a family for
    each outcome (Jeffreys 1946, doi:10.1098/rspa.1946.0056), in the manner of the Bayesian
    bootstrap (Rubin 1981, doi:10.1214/aos/1176345338); with many families it vanishes. A g below
    0.005, one draw in thirteen, is 0, so that a 90 % interval of 0 in n begins at 0 (as in Brown,
    Cai & DasGupta 2001, doi:10.1214/ss/1009213286).

    Parameters
    ----------
    taken
        Whether the state has an outcome on the item, shape (states, items).
    families
        Integer label of the family of each item, shape (items,).
    outcomes
        Number of outcomes.
    draws, seed
        Number of draws, and the seed of numpy's default generator.

    Returns
    -------
    array, shape (outcomes, draws, states), 0 or more, in items; 0 for a state without an item.

    >>> extra = half_families([[True] * 8, [False] * 8], np.arange(8), 2, draws=4000, seed=1)
    >>> extra.shape, extra.mean(axis=1).round(1).tolist()
    ((2, 4000, 2), [[0.5, 0.0], [0.5, 0.0]])
    """
    has = np.asarray(taken, dtype=bool)
    labels = np.unique(np.asarray(families), return_inverse=True)[1]
    held = np.zeros((has.shape[0], labels.max(initial=-1) + 1), dtype=bool)
    row, item = np.nonzero(has)
    held[row, labels[item]] = True
    size = np.nan_to_num(ratio(has.sum(axis=1), held.sum(axis=1)))
    g = np.random.default_rng([seed, outcomes]).gamma(0.5, size=(outcomes, draws, has.shape[0]))
    return size * np.where(g < 0.005, 0.0, g)


def midrank_percentile(values: ArrayLike) -> Floats:
    """Percentile of each value among all defined values of its row, ties counted half.

    100·(number below + ½·number equal, itself included)/n, so that the percentiles of a row
    average 50 and swapping the sign of the values swaps p with 100 − p.

    Parameters
    ----------
    values
        Shape (…, n), any unit; NaN = undefined, not counted among the n.

    Returns
    -------
    array, shape (…, n), per cent, above 0 and below 100; NaN where the value is.

    >>> midrank_percentile([10.0, 20.0, 20.0, float("nan"), 30.0]).tolist()
    [12.5, 50.0, 50.0, nan, 87.5]
    """
    below, equal, defined = _order(values)
    return 100 * ratio(below + equal / 2, defined)


def rank(values: ArrayLike, descending: bool = True) -> Floats:
    """Rank of each value in its row, 1 for the largest; ties share the better rank.

    1 + the number of values strictly ahead ("1, 2, 2, 4").

    Parameters
    ----------
    values
        Shape (…, n), any unit; NaN = undefined, holds no rank.
    descending
        Rank 1 is the largest value; if false, the smallest.

    Returns
    -------
    array, shape (…, n), whole numbers from 1; NaN where the value is.

    >>> rank([10.0, 30.0, 30.0, float("nan"), 40.0]).tolist()
    [4.0, 2.0, 2.0, nan, 1.0]
    """
    below, equal, defined = _order(values)
    return 1 + (defined - below - equal if descending else below)


def _order(values: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """For each value the number below, the number equal to it, and the number defined."""
    x = np.asarray(values, dtype=np.float64)
    order = np.argsort(x, axis=-1)  # NaN last
    ordered = np.take_along_axis(x, order, axis=-1)
    place = np.broadcast_to(np.arange(x.shape[-1]), x.shape)
    starts = np.ones(x.shape, dtype=bool)
    starts[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    ends = np.ones(x.shape, dtype=bool)
    ends[..., :-1] = starts[..., 1:]
    first = np.maximum.accumulate(np.where(starts, place, 0), axis=-1)
    after = np.where(ends, place + 1, x.shape[-1])[..., ::-1]
    last = np.minimum.accumulate(after, axis=-1)[..., ::-1]
    below, equal = np.empty_like(x), np.empty_like(x)
    np.put_along_axis(below, order, first.astype(np.float64), axis=-1)
    np.put_along_axis(equal, order, (last - first).astype(np.float64), axis=-1)
    below[np.isnan(x)] = np.nan
    defined = (~np.isnan(x)).sum(axis=-1, keepdims=True).astype(np.float64)
    return below, equal, np.where(np.isnan(x), np.nan, defined)


def _check_probability(what: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise InputError(f"{what} is {value}.", "Possible: 0 to 1.")
