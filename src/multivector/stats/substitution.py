"""Substitution among parts of a whole: gains beyond an even split of one part's loss."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multivector.stats.summaries import ratio

Floats = NDArray[np.float64]


def excess_gain(before: ArrayLike, after: ArrayLike, lost: float, left: float) -> Floats:
    """Gain of each part beyond what it would gain if all kept their proportions.

    e_j = p_j1 − p_j0·(1 − p_A1)/(1 − p_A0), with p_A0 = *lost* and p_A1 = *left* the shares of the
    part that others may replace. Over all other parts the excesses add up to zero. NaN where A was
    the whole.

    >>> excess_gain([0.2, 0.4], [0.5, 0.3], lost=0.4, left=0.2).round(9).tolist()
    [0.233333333, -0.233333333]
    """
    grown = ratio(1 - left, 1 - lost)
    return np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64) * grown


def rank_p(excess: ArrayLike) -> float:
    """Share of all parts whose excess is at least that of the first, the first included.

    >>> rank_p([0.2, 0.3, -0.1, 0.0])
    0.5
    """
    values = np.asarray(excess, dtype=np.float64)
    values = values[np.isfinite(values)]
    return float((values >= values[0] - 1e-12).mean())
