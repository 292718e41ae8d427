"""Screening, denomination and imputation of a table of units by indicators.

Arrays have shape (…, units, indicators); leading axes are replays. NaN is missing. What is imputed
is a guess: count it (:func:`availability`), draw it (:func:`hot_deck`), or bound it
(``stats.bounds``). Steps 3 and 4 of the handbook (OECD & JRC 2008,
doi:10.1787/9789264043466-en).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multivector.errors import InputError
from multivector.stats.normalisation import mean
from multivector.stats.summaries import Floats, quantile

Groups = NDArray[np.intp]


@dataclass(frozen=True)
class Screened:
    """Which units stay, shape (…, units), and the share of indicators known for each, 0 to 1."""

    kept: NDArray[np.bool_]
    known: Floats


def availability(x: ArrayLike, axis: Literal[-1, -2] = -2) -> Floats:
    """Share of known cells, of each indicator (axis −2) or of each unit (axis −1); 0 to 1.

    >>> availability([[1.0, float("nan")], [2.0, 5.0]]).tolist()
    [1.0, 0.5]
    """
    return (~np.isnan(np.asarray(x, dtype=np.float64))).mean(axis=axis)


def screen(x: ArrayLike, least: float) -> Screened:
    """Units for which at least a given share of the indicators is known.

    Parameters
    ----------
    x
        Shape (…, units, indicators).
    least
        Smallest share of indicators, 0 to 1.

    >>> screen([[1.0, float("nan")], [2.0, 5.0]], 0.6).kept.tolist()
    [False, True]
    """
    if not 0 <= least <= 1:
        raise InputError(f"A share of {least} is asked of every unit.", "Possible: 0 to 1.")
    known = availability(x, axis=-1)
    return Screened(known >= least, known)


def denominate(x: ArrayLike, denominator: ArrayLike) -> Floats:
    """Value per unit of a denominator, x/d, as in trade per inhabitant.

    Shapes broadcast to (…, units, indicators). NaN where either is missing.

    Raises
    ------
    InputError
        A denominator that is zero or negative.

    >>> denominate([[6.0], [1.0]], [[2.0], [4.0]]).ravel().tolist()
    [3.0, 0.25]
    """
    size = np.asarray(denominator, dtype=np.float64)
    if (size <= 0).any():
        raise InputError(
            "A denominator is zero or negative.",
            "Possible: values above zero; empty where it is not known.",
        )
    return np.asarray(x, dtype=np.float64) / size


def impute(
    x: ArrayLike, groups: ArrayLike | None = None, by: Literal["mean", "median"] = "median"
) -> Floats:
    """Missing cells replaced by the mean or the median of the known ones of their group.

    Parameters
    ----------
    x
        Shape (…, units, indicators).
    groups
        Group of each unit, shape (units,), whole numbers from 0; None means one group.
    by
        Mean or median.

    Returns
    -------
    array of the same shape; NaN where a whole group is missing, since nobody like it is known.

    >>> impute([[1.0], [float("nan")], [4.0], [9.0]]).ravel().tolist()
    [1.0, 4.0, 4.0, 9.0]
    """
    result = np.array(x, dtype=np.float64)
    for members in _members(groups, result.shape[-2]):
        part = result[..., members, :]
        middle = (
            mean(part) if by == "mean" else quantile(np.swapaxes(part, -1, -2), 0.5)[..., None, :]
        )
        result[..., members, :] = np.where(np.isnan(part), middle, part)
    return result


def hot_deck(
    x: ArrayLike, groups: ArrayLike | None = None, *, draws: int = 100, seed: int = 1
) -> Floats:
    """Multiple imputation by the approximate Bayesian bootstrap within groups.

    For each draw, indicator and group, the known values are resampled with replacement, and the
    missing cells are drawn from that resample, so that the draws also carry the uncertainty of
    the donors (Rubin & Schenker 1986, doi:10.1080/01621459.1986.10478280). It takes cells to be
    missing at random within a group.

    Parameters
    ----------
    x
        Shape (units, indicators).
    groups
        As in :func:`impute`.
    draws
        Number of completed tables.
    seed
        Seed of numpy's default generator.

    Returns
    -------
    array, shape (draws, units, indicators); NaN where a whole group is missing.

    >>> t = hot_deck([[1.0], [float("nan")], [4.0]], draws=50, seed=1)
    >>> t.shape, sorted(set(t[:, 1, 0].tolist()))
    ((50, 3, 1), [1.0, 4.0])
    """
    table = np.asarray(x, dtype=np.float64)
    if table.ndim != 2 or draws < 1:
        raise InputError(
            f"{draws} imputations of an array of shape {table.shape} were asked for.",
            "Possible: 1 or more, of units × indicators.",
        )
    rng = np.random.default_rng(seed)
    result = np.repeat(table[None], draws, axis=0)
    for members in _members(groups, len(table)):
        for k in range(table.shape[1]):
            gaps = members[np.isnan(table[members, k])]
            donors = table[members, k][~np.isnan(table[members, k])]
            if gaps.size and donors.size:
                pool = rng.choice(donors, size=(draws, donors.size))
                taken = rng.integers(donors.size, size=(draws, gaps.size))
                result[:, gaps, k] = np.take_along_axis(pool, taken, axis=1)
    return result


def carry_forward(x: ArrayLike) -> Floats:
    """Missing cells replaced by the unit's last known value before them.

    Shape (…, units, years, indicators) with the years in order; cells before the first known value
    stay missing. Nothing says that a value has held since it was last measured.

    >>> carry_forward([[[1.0], [float("nan")], [3.0]]]).ravel().tolist()
    [1.0, 1.0, 3.0]
    """
    values = np.asarray(x, dtype=np.float64)
    place = np.arange(values.shape[-2])[:, None]
    last = np.maximum.accumulate(np.where(np.isnan(values), -1, place), axis=-2)
    filled = np.take_along_axis(values, np.maximum(last, 0), axis=-2)
    return np.where(last < 0, np.nan, filled)


def interpolate(x: ArrayLike, years: ArrayLike) -> Floats:
    """Missing cells between two known years replaced by the straight line between them.

    Parameters
    ----------
    x
        Shape (…, units, years, indicators).
    years
        Year of each entry of the axis, ascending.

    Returns
    -------
    array of the same shape; before the first and after the last known year cells stay missing.

    >>> interpolate([[[1.0], [float("nan")], [4.0]]], [2000, 2001, 2003]).ravel().tolist()
    [1.0, 2.0, 4.0]
    """
    values, time = np.asarray(x, dtype=np.float64), np.asarray(years, dtype=np.float64)
    if time.shape != values.shape[-2:-1] or (np.diff(time) <= 0).any():
        raise InputError(
            f"Years {time.tolist()} do not fit an axis of {values.shape[-2]}.",
            "Possible: one year an entry, ascending.",
        )
    place, n = np.arange(len(time))[:, None], len(time)
    gap = np.isnan(values)
    before = np.maximum.accumulate(np.where(gap, -1, place), axis=-2)
    after = np.flip(np.minimum.accumulate(np.flip(np.where(gap, n, place), -2), axis=-2), -2)
    inside = gap & (before >= 0) & (after < n)
    left, right = np.maximum(before, 0), np.minimum(after, n - 1)
    start = np.take_along_axis(values, left, axis=-2)
    end = np.take_along_axis(values, right, axis=-2)
    way = np.where(right > left, time[right] - time[left], 1.0)
    line = start + (end - start) * (time[:, None] - time[left]) / way
    return np.where(inside, line, values)


def _members(groups: ArrayLike | None, units: int) -> list[Groups]:
    label = np.zeros(units, dtype=np.intp) if groups is None else np.asarray(groups)
    if label.shape != (units,):
        raise InputError(f"Groups of shape {label.shape} for {units} units.", "One group a unit.")
    return [np.flatnonzero(label == g) for g in np.unique(label)]
