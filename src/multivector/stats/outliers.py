"""Outliers: indicators with long tails, found by skewness and kurtosis and drawn in.

Arrays have shape (…, units, indicators); leading axes are replays, each treated by itself. NaN is
missing: left out and kept. A heavy tail lets one unit set the scale of an indicator for all the
others (OECD & JRC 2008, step 4, doi:10.1787/9789264043466-en).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multivector.errors import InputError
from multivector.stats.normalisation import lowest, mean
from multivector.stats.summaries import Floats, ratio

_GOLDEN = (np.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class Treated:
    """Values after treatment, and what was done.

    ``values`` has shape (…, units, indicators); ``points`` (…, indicators) counts the values that
    winsorising moved, or is 1 where a transformation was applied; ``remaining`` says where skewness
    and kurtosis are still both beyond their limits.
    """

    values: Floats
    points: NDArray[np.int64]
    remaining: NDArray[np.bool_]


def skewness(x: ArrayLike) -> Floats:
    """Sample skewness G₁ of each indicator, √(n(n − 1))/(n − 2) · m₃/m₂^1.5.

    m_r is the r-th central moment with divisor n; G₁ is what most statistical packages print
    (Joanes & Gill 1998, doi:10.1111/1467-9884.00122). Shape (…, units, indicators) to
    (…, indicators); NaN with fewer than 3 known values, or where an indicator does not vary.

    >>> round(float(skewness([[1.0], [2.0], [6.0]])[0]), 6)
    1.457863
    """
    n, m2, m3, _ = _moments(np.asarray(x, dtype=np.float64))
    factor = ratio(np.sqrt(np.maximum(n * (n - 1), 0)), np.where(n > 2, n - 2, 0))
    return factor * ratio(m3, m2**1.5)


def kurtosis(x: ArrayLike) -> Floats:
    """Sample excess kurtosis G₂, (n − 1)/((n − 2)(n − 3)) · ((n + 1)(m₄/m₂² − 3) + 6).

    0 for a normal distribution (Joanes & Gill 1998, doi:10.1111/1467-9884.00122). Shape
    (…, units, indicators) to (…, indicators); NaN with fewer than 4 known values, or where an
    indicator does not vary.

    >>> round(float(kurtosis([[1.0], [2.0], [4.0], [9.0]])[0]), 6)
    1.5
    """
    n, m2, _, m4 = _moments(np.asarray(x, dtype=np.float64))
    factor = ratio(n - 1, np.where(n > 3, (n - 2) * (n - 3), 0))
    return factor * ((n + 1) * (ratio(m4, m2**2) - 3) + 6)


def beyond(x: ArrayLike, skew: float = 2.0, kurt: float = 3.5) -> NDArray[np.bool_]:
    """Whether |G₁| and G₂ of an indicator both exceed their limits; shape (…, indicators).

    >>> beyond([[1.0], [2.0], [3.0], [4.0], [100.0]]).tolist()
    [True]
    """
    with np.errstate(invalid="ignore"):
        return (np.abs(skewness(x)) > skew) & (kurtosis(x) > kurt)


def winsorise(x: ArrayLike, most: int = 5, skew: float = 2.0, kurt: float = 3.5) -> Treated:
    """Winsorise indicators with a heavy tail until skewness or kurtosis is within its limit.

    As long as |G₁| > skew and G₂ > kurt, the k most extreme values on the side of the tail are set
    to the next one, k = 1, 2, …, at most ``most`` (OECD & JRC 2008). Other indicators stay as they
    are.

    Parameters
    ----------
    x
        Shape (…, units, indicators); NaN = missing.
    most
        Largest number of values that may be moved in one indicator.
    skew, kurt
        Limits of |G₁| and of G₂.

    Returns
    -------
    Treated; where ``remaining`` is true, ``most`` values were not enough.

    >>> winsorise([[1.0], [2.0], [3.0], [4.0], [100.0]]).values.ravel().tolist()
    [1.0, 2.0, 3.0, 4.0, 4.0]
    """
    if most < 1:
        raise InputError(f"At most {most} values are to be winsorised.", "Possible: 1 or more.")
    given = np.asarray(x, dtype=np.float64)
    columns = np.ascontiguousarray(np.swapaxes(given, -1, -2)).reshape(-1, given.shape[-2])
    points = np.zeros(len(columns), dtype=np.int64)
    open_ = np.flatnonzero(beyond(given, skew, kurt).ravel())
    if open_.size:
        tails = columns[open_]
        up = skewness(tails[..., None])[..., 0] > 0
        ordered = np.sort(np.where(up[:, None], -tails, tails), axis=-1)  # the tail comes first
        known = (~np.isnan(tails)).sum(axis=-1)
        for k in range(1, most + 1):
            limit = np.where(up, -1.0, 1.0) * ordered[:, min(k, ordered.shape[1] - 1)]
            moved = np.where(
                up[:, None], np.minimum(tails, limit[:, None]), np.maximum(tails, limit[:, None])
            )
            possible = k < known
            columns[open_[possible]] = moved[possible]
            points[open_[possible]] = k
            still = beyond(moved[..., None], skew, kurt)[..., 0] & possible
            if not still.any():
                break
            open_, tails, up = open_[still], tails[still], up[still]
            ordered, known = ordered[still], known[still]
    shape = (*given.shape[:-2], given.shape[-1])
    values = np.swapaxes(columns.reshape(*shape, given.shape[-2]), -1, -2)
    return Treated(values, points.reshape(shape), beyond(values, skew, kurt))


def log_transform(x: ArrayLike, skew: float = 2.0, kurt: float = 3.5) -> Treated:
    """Natural logarithm of indicators with a heavy tail; the others stay as they are.

    Shape (…, units, indicators) to Treated.

    Raises
    ------
    InputError
        Values of such an indicator that are not above zero.

    >>> log_transform([[1.0], [1.0], [1.0], [1.0], [np.e]]).values.ravel().round(6).tolist()
    [0.0, 0.0, 0.0, 0.0, 1.0]
    """
    given = np.asarray(x, dtype=np.float64)
    heavy = beyond(given, skew, kurt)
    values = given.copy()
    chosen = np.broadcast_to(heavy[..., None, :], given.shape)
    values[chosen] = np.log(_positive(given[chosen], "A logarithm"))
    return Treated(values, heavy.astype(np.int64), beyond(values, skew, kurt))


def box_cox(x: ArrayLike, skew: float = 2.0, kurt: float = 3.5) -> Treated:
    """Box–Cox transformation of indicators with a heavy tail; the others stay as they are.

    y = (x^λ − 1)/λ, ln x for λ = 0, with λ in [−5, 5] of greatest profile likelihood,
    −n/2 · ln var(y) + (λ − 1) Σ ln x (Box & Cox 1964, doi:10.1111/j.2517-6161.1964.tb00553.x).
    It keeps the order of the units.

    Shape (…, units, indicators) to Treated.

    Raises
    ------
    InputError
        Values of such an indicator that are not above zero.

    >>> t = box_cox([[1.0], [2.0], [3.0], [4.0], [100.0]])
    >>> bool(t.points[0]), bool(t.remaining[0])
    (True, False)
    """
    given = np.asarray(x, dtype=np.float64)
    heavy = beyond(given, skew, kurt)
    columns = np.swapaxes(given, -1, -2).copy()
    if heavy.any():
        chosen = _positive(columns[heavy], "A Box–Cox transformation")
        logs = np.log(chosen)
        columns[heavy] = _power(logs, _best_power(logs))
    values = np.swapaxes(columns, -1, -2)
    return Treated(values, heavy.astype(np.int64), beyond(values, skew, kurt))


def _power(logs: Floats, power: Floats) -> Floats:
    """Box–Cox of exp(logs), shape (columns, units), by one power a column."""
    p = power[:, None]
    small = np.abs(p) < 1e-8
    return np.where(small, logs, np.expm1(p * logs) / np.where(small, 1.0, p))


def _best_power(logs: Floats) -> Floats:
    """Power of greatest profile likelihood for each column, by golden-section search."""
    known = ~np.isnan(logs)
    n = known.sum(axis=-1)
    total = np.sum(logs, axis=-1, where=known)
    centred = logs - ratio(total, n)[:, None]  # a change of unit leaves the power as it is

    def likelihood(power: Floats) -> Floats:
        y = _power(centred, power)[..., None]
        spread = np.sum((y - mean(y)) ** 2, axis=(-1, -2), where=known[..., None])
        return -n / 2 * np.log(spread)

    low, high = np.full(len(logs), -5.0), np.full(len(logs), 5.0)
    for _ in range(60):
        a, b = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        left = likelihood(a) > likelihood(b)
        low, high = np.where(left, low, a), np.where(left, b, high)
    return (low + high) / 2


def _positive(x: Floats, what: str) -> Floats:
    if (x <= 0).any():
        raise InputError(
            f"{what} needs values above zero; some are zero or negative.",
            remedy="Winsorise instead, or add a constant to the indicator before.",
        )
    return x


def _moments(x: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the number of known values and central moments 2, 3, 4; each (…, indicators)."""
    known = ~np.isnan(x)
    n = known.sum(axis=-2).astype(np.float64)
    d = np.where(known, x - mean(x), 0.0)
    span = np.abs(d).max(axis=-2, keepdims=True)
    floor = 1e-12 * np.maximum(np.abs(lowest(x)), span)
    d = np.where(span > floor, ratio(d, span), 0.0)  # scaled, so that no power overflows
    square = d * d
    return (
        n,
        ratio(square.sum(axis=-2), n),
        ratio((square * d).sum(axis=-2), n),
        ratio((square * square).sum(axis=-2), n),
    )
