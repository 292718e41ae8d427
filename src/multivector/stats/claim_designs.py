"""Designs for causal claims: what a sign and a placebo can tell, and no more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
FEWEST = 3
"""Fewest observations on each side of a break."""
EXACT = 8
"""Largest number of units for which every permutation is tried."""
DRAWS = 5000


@dataclass(frozen=True)
class Effect:
    """An effect, the share of placebos that are at least as large, and what it rests on.

    ``p`` is NaN where there are too few observations to tell.
    """

    effect: float
    p: float
    n: int


NONE = Effect(float("nan"), float("nan"), 0)


def break_effect(years: ArrayLike, values: ArrayLike, at: int) -> Effect:
    """Return the change of the mean at a year, against breaks put at every other year.

    effect = mean(values from *at* on) − mean(values before). The placebos are all other years with
    at least three observations on either side; p is the share of breaks, this one included, whose
    change is at least as large in absolute value. A trend makes every break large: p says so.

    >>> break_effect(range(2010, 2020), [0, 0, 0, 0, 0, 1, 1, 1, 1, 1], 2015).effect
    1.0
    """
    when, what = _known(years, values)
    splits = [y for y in when if (when < y).sum() >= FEWEST and (when >= y).sum() >= FEWEST]
    if at not in splits:
        return NONE
    sizes = {int(y): float(what[when >= y].mean() - what[when < y].mean()) for y in splits}
    own = sizes[at]
    larger = sum(abs(s) >= abs(own) - 1e-12 for s in sizes.values())
    return Effect(own, larger / len(sizes), len(when))


def lag_effect(driver: ArrayLike, outcome: ArrayLike) -> Effect:
    """Return the slope of the change of an outcome on last year's change of a driver.

    Least squares of Δy(t) on Δx(t−1) over consecutive years. The placebos shift the driver's
    changes cyclically by every possible number of years; p is the share of shifts, the true order
    included, whose slope is at least as large in absolute value. Fewer than eight pairs tell
    nothing.

    >>> x = [0, 1, 0, 2, 1, 3, 0, 1, 4, 2, 3, 1]
    >>> round(lag_effect(x, [0, *(2 * v for v in x[:-1])]).effect, 6)
    2.0
    """
    dx, dy = np.diff(np.asarray(driver, float)), np.diff(np.asarray(outcome, float))
    x, y = dx[:-1], dy[1:]
    good = np.isfinite(x) & np.isfinite(y)
    x, y = x[good], y[good]
    if len(x) < 8 or np.ptp(x) == 0:
        return NONE
    slopes = [_slope(np.roll(x, k), y) for k in range(len(x))]
    larger = sum(abs(s) >= abs(slopes[0]) - 1e-12 for s in slopes)
    return Effect(slopes[0], larger / len(slopes), len(x))


def rank_effect(driver: ArrayLike, outcome: ArrayLike, seed: int = 1) -> Effect:
    """Return the rank correlation of an outcome with a driver across units, with a permutation p.

    Spearman's ρ with mid-ranks. p is the share of permutations of the driver whose ρ is at least
    as large in absolute value: all of them up to eight units, else 5000 drawn ones. Fewer than
    five units tell nothing. A correlation across units is no effect: it can only speak against.

    >>> rank_effect([1, 2, 3, 4, 5], [2, 4, 6, 8, 10]).effect
    1.0
    """
    x, y = _known(driver, outcome)
    if len(x) < 5 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return NONE
    a, b = _ranks(x), _ranks(y)
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    own = float(a @ b) / scale
    rng = np.random.default_rng(seed)
    orders = np.array(_orders(len(a))) if len(a) <= EXACT else None
    if orders is None:
        orders = np.array([rng.permutation(len(a)) for _ in range(DRAWS)])
    found = np.abs(a[orders] @ b) / scale
    return Effect(own, float((found >= abs(own) - 1e-12).mean()), len(a))


def _orders(n: int) -> list[list[int]]:
    if n == 1:
        return [[0]]
    return [[*order[:k], n - 1, *order[k:]] for order in _orders(n - 1) for k in range(n)]


def _known(a: ArrayLike, b: ArrayLike) -> tuple[Floats, Floats]:
    x, y = np.asarray(list(np.atleast_1d(a)), float), np.asarray(list(np.atleast_1d(b)), float)
    good = np.isfinite(x) & np.isfinite(y)
    return x[good], y[good]


def _slope(x: Floats, y: Floats) -> float:
    x = x - x.mean()
    return float((x @ (y - y.mean())) / (x @ x))


def _ranks(values: Floats) -> Floats:
    below = (values[None, :] < values[:, None]).sum(1)
    same = (values[None, :] == values[:, None]).sum(1)
    return (below + (same + 1) / 2).astype(np.float64)
