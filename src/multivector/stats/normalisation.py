"""Normalisation: indicators of different units made comparable before they are combined.

Arrays have shape (…, units, indicators); leading axes are replays. Every function looks down the
column of one indicator over the units that are handed over, so a panel normalised over all of its
years at once is comparable through time. NaN is missing: it is left out of the column's moments
and stays NaN. Formulas follow the handbook of the OECD and the JRC (2008, step 5,
doi:10.1787/9789264043466-en). ``higher_is_better`` holds one bool an indicator; after
normalisation a higher value is better everywhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multivector.errors import InputError
from multivector.stats.summaries import Floats, midrank_percentile, rank, ratio

Directions = bool | NDArray[np.bool_]


def lowest(x: Floats) -> Floats:
    """Smallest known value of each indicator, shape (…, 1, indicators); NaN if none is known."""
    found = np.fmin.reduce(x, axis=-2, keepdims=True)
    return np.asarray(found, dtype=np.float64)


def highest(x: Floats) -> Floats:
    """Largest known value of each indicator, shape (…, 1, indicators); NaN if none is known."""
    found = np.fmax.reduce(x, axis=-2, keepdims=True)
    return np.asarray(found, dtype=np.float64)


def mean(x: Floats) -> Floats:
    """Mean of the known values of each indicator, shape (…, 1, indicators)."""
    known = ~np.isnan(x)
    total = np.sum(x, axis=-2, keepdims=True, where=known)
    return ratio(total, known.sum(axis=-2, keepdims=True))


def deviation(x: Floats) -> Floats:
    """Sample standard deviation (n − 1) of each indicator, shape (…, 1, indicators)."""
    known = ~np.isnan(x)
    square = np.sum((x - mean(x)) ** 2, axis=-2, keepdims=True, where=known)
    return np.sqrt(ratio(square, np.maximum(known.sum(axis=-2, keepdims=True) - 1, 0)))


def oriented(x: ArrayLike, higher_is_better: Directions = True) -> Floats:
    """Values with the sign turned where lower is better, so that higher is better everywhere.

    >>> oriented([[1.0, 2.0]], np.array([True, False])).tolist()
    [[1.0, -2.0]]
    """
    values = np.asarray(x, dtype=np.float64)
    return np.where(higher_is_better, values, -values)


def min_max(
    x: ArrayLike, higher_is_better: Directions = True, scale: tuple[float, float] = (0.0, 100.0)
) -> Floats:
    """Min–max normalisation, a + (b − a)·(x − min x)/(max x − min x).

    Parameters
    ----------
    x
        Shape (…, units, indicators), any unit an indicator; NaN = missing.
    higher_is_better
        One bool an indicator; if not, (max x − x) stands in the numerator.
    scale
        The ends a and b: what the worst and the best unit get.

    Returns
    -------
    array of the same shape, a to b; NaN where missing, and where an indicator does not vary.

    >>> min_max([[1.0], [2.0], [5.0]]).ravel().tolist()
    [0.0, 25.0, 100.0]
    """
    value = oriented(x, higher_is_better)
    low = lowest(value)
    return scale[0] + (scale[1] - scale[0]) * ratio(value - low, highest(value) - low)


def z_score(x: ArrayLike, higher_is_better: Directions = True) -> Floats:
    """z-score, (x − mean x)/s with s the sample standard deviation (n − 1).

    Shape (…, units, indicators) to the same; mean 0, deviation 1. NaN where missing, and where an
    indicator does not vary. It knows no bounds, so a geometric mean cannot follow.

    >>> z_score([[1.0], [2.0], [3.0]]).ravel().tolist()
    [-1.0, 0.0, 1.0]
    """
    value = oriented(x, higher_is_better)
    return ratio(value - mean(value), deviation(value))


def rank_score(x: ArrayLike, higher_is_better: Directions = True) -> Floats:
    """Rank of each unit counted from the worst, 1 to n; tied units share their mean rank.

    Shape (…, units, indicators) to the same; NaN where missing.

    >>> rank_score([[10.0], [30.0], [20.0], [20.0]]).ravel().tolist()
    [1.0, 4.0, 2.5, 2.5]
    """
    return borda(x, higher_is_better) + 1


def borda(x: ArrayLike, higher_is_better: Directions = True) -> Floats:
    """Borda score: how many of the other units are worse, ties counted half; 0 to n − 1.

    Summed over indicators it is the Borda count (de Borda 1781). Shape (…, units, indicators) to
    the same; NaN where missing, and missing units beat nobody.

    >>> borda([[10.0], [30.0], [20.0], [20.0]], higher_is_better=False).ravel().tolist()
    [3.0, 0.0, 1.5, 1.5]
    """
    rows = np.swapaxes(oriented(x, higher_is_better), -1, -2)
    known = (~np.isnan(rows)).sum(axis=-1, keepdims=True)
    worse = rank(rows, descending=False) - 1
    better = rank(rows, descending=True) - 1
    return np.swapaxes((worse + known - 1 - better) / 2, -1, -2)


def percentile(x: ArrayLike, higher_is_better: Directions = True) -> Floats:
    """Percentile of each unit, 100·(number worse + ½·number equal, itself included)/n.

    Shape (…, units, indicators) to the same, above 0 and below 100; NaN where missing.

    >>> percentile([[10.0], [30.0]]).ravel().tolist()
    [25.0, 75.0]
    """
    rows = np.swapaxes(oriented(x, higher_is_better), -1, -2)
    return np.swapaxes(midrank_percentile(rows), -1, -2)


def distance_to_reference(
    x: ArrayLike, reference: ArrayLike, higher_is_better: Directions = True
) -> Floats:
    """Ratio to a reference, x/r, or r/x where lower is better; 1 is on a level with it.

    Parameters
    ----------
    x
        Shape (…, units, indicators), above zero; NaN = missing.
    reference
        Value of the reference (a unit, a mean, a target) that broadcasts to x, above zero.

    Returns
    -------
    array of the shape of x, above 0; NaN where x or the reference is missing.

    Raises
    ------
    InputError
        Values that are not above zero, of which no ratio speaks.

    >>> distance_to_reference([[2.0, 2.0]], [[4.0, 4.0]], np.array([True, False])).tolist()
    [[0.5, 2.0]]
    """
    value, base = np.asarray(x, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    if (value <= 0).any() or (base <= 0).any():
        raise InputError(
            "A ratio to a reference needs values above zero; some are zero or negative.",
            remedy="Use another normalisation, such as min-max, or goalposts.",
        )
    return np.where(higher_is_better, value / base, base / value)


def distance_to_maximum(x: ArrayLike, higher_is_better: Directions = True) -> Floats:
    """Ratio to the best unit: x/max x, or min x/x where lower is better; above 0, at most 1.

    Shape (…, units, indicators) to the same, values above zero; NaN where missing.

    >>> distance_to_maximum([[1.0], [4.0]]).ravel().tolist()
    [0.25, 1.0]
    """
    value = np.asarray(x, dtype=np.float64)
    best = np.where(higher_is_better, highest(value), lowest(value))
    return distance_to_reference(value, best, higher_is_better)


def distance_to_target(
    x: ArrayLike, target: ArrayLike, higher_is_better: Directions = True
) -> Floats:
    """Share of the way from the worst unit to a target, min(1, (x − worst)/(target − worst)).

    Shape (…, units, indicators), the target broadcasting to it; 0 to 1, and 1 once it is reached.
    NaN where missing; also where the worst unit has reached the target, since then there is no way
    to go and the indicator tells units apart no longer.

    >>> distance_to_target([[1.0], [3.0], [9.0]], 5.0).ravel().tolist()
    [0.0, 0.5, 1.0]
    """
    value, goal = oriented(x, higher_is_better), oriented(target, higher_is_better)
    worst = lowest(value)
    way = np.where(goal > worst, goal - worst, np.nan)
    return np.minimum(1.0, (value - worst) / way)


def goalposts(
    x: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    higher_is_better: Directions = True,
    scale: tuple[float, float] = (0.0, 100.0),
) -> Floats:
    """Min–max between fixed ends, a + (b − a)·clip((x − low)/(high − low), 0, 1).

    The ends do not depend on the units compared, so scores of different years, or of another set
    of units, remain comparable; values beyond an end count as the end.

    Parameters
    ----------
    x
        Shape (…, units, indicators); NaN = missing.
    low, high
        Ends in the indicator's own unit, broadcasting to x, low < high.
    higher_is_better, scale
        As in :func:`min_max`.

    >>> goalposts([[20.0], [50.0], [90.0]], 20.0, 80.0, scale=(0.0, 1.0)).ravel().tolist()
    [0.0, 0.5, 1.0]
    """
    first, last = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    if not (first < last).all():
        raise InputError(
            f"Goalposts run from {first.tolist()} to {last.tolist()}.",
            "Possible: a low end below the high end for every indicator.",
        )
    share = np.clip((np.asarray(x, dtype=np.float64) - first) / (last - first), 0.0, 1.0)
    return scale[0] + (scale[1] - scale[0]) * np.where(higher_is_better, share, 1 - share)
