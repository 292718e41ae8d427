"""The prior of a point off the identifying scale, as a function of nine totals.

The posterior lives on the scale where θ has mean 0 and standard deviation 1. The sampler lets
location m and scale s move: at a point off the scale, the density is that of the point moved back
to the scale times s^−(n − 1 − I), for n rows and I items with parameters, times a density of
(m, log s), N(0, τ²) each. In polar coordinates around the scale this is the posterior times a
density of (m, s) alone, so that draws moved back to the scale are draws from the posterior.

All ideal points enter the prior together, but only through five totals, and the items through
four. A change of one unit's ideal points is therefore accepted or rejected in a few operations.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from multivector.stats.ideal_data import Bools, Floats, Votes
from multivector.stats.ideal_prior import item_precision, steps


class Sizes(NamedTuple):
    """Numbers n of rows and of units; n − 1 − I, the power of the scale in the density; and τ.

    τ = 2/√n, so that a block of ideal points can move although location and scale move with it.
    """

    rows: int
    units: int
    volume: int
    spread: float


def sizes(votes: Votes) -> Sizes:
    """Count rows, units and the power of the scale."""
    n = votes.unit.size
    volume = n - 1 - int((votes.cutpoints > 0).sum())
    return Sizes(n, int(votes.first.sum()), volume, 2 / math.sqrt(n))


def walk_squares(votes: Votes, theta: Floats) -> Floats:
    """(Δθ)²/e of the step into each row, 0 for a unit's first row, shape (rows,)."""
    return np.where(votes.first, 0.0, steps(votes, theta) ** 2) / np.where(
        votes.first, 1.0, votes.elapsed
    )


def theta_totals(votes: Votes, theta: Floats) -> Floats:
    """Σ θ, Σ θ², Σ θ_c1, Σ θ_c1², Σ (Δθ)²/e, shape (5,)."""
    first = theta[votes.first]
    walk = walk_squares(votes, theta).sum()
    return np.array([theta.sum(), (theta**2).sum(), first.sum(), (first**2).sum(), walk])


def item_totals(votes: Votes, items: Floats) -> Floats:
    """Σ β², Σ Λc², Σ Λcβ, Σ Λβ² with c the cutpoints and Λ their precision, shape (4,)."""
    beta, cut = items[:, :1], items[:, 1:]
    precision = item_precision(votes)
    weight = precision[:, 1:]
    return np.array(
        [
            (precision[:, :1] * beta**2).sum(),
            (weight * cut**2).sum(),
            (weight * cut * beta).sum(),
            (weight * beta**2).sum(),
        ]
    )


def log_prior_and_slopes(
    of_theta: Floats, of_items: Floats, q: float, size: Sizes
) -> tuple[float, Floats, Floats]:
    """Log density, likelihood aside, and its derivatives by the totals, shapes (5,) and (4,)."""
    total, squares, first, first_squares, walk = of_theta
    bb, cc, cb, b_cut = of_items
    n, units, volume, spread = size
    m = total / n
    s2 = squares / n - m * m
    log_s = 0.5 * math.log(s2)
    moved = first_squares - 2 * m * first + units * m * m + walk / q
    value = -0.5 * (moved / s2 + bb * s2 + cc - 2 * m * cb + m * m * b_cut)
    value -= volume * log_s + 0.5 * (m * m + log_s * log_s) / spread**2
    by_s2 = 0.5 * (moved / s2 - volume - log_s / spread**2) / s2 - 0.5 * bb
    by_m = (first - units * m) / s2 + cb - m * b_cut - m / spread**2 - 2 * m * by_s2
    by_theta = np.array([by_m / n, by_s2 / n, m / s2, -0.5 / s2, -0.5 / (q * s2)])
    return float(value), by_theta, np.array([-0.5 * s2, -0.5, m, -0.5 * m * m])


def accept_in_turn(  # noqa: PLR0917
    of_theta: Floats,
    of_items: Floats,
    change: Floats,
    ratio: Floats,
    log_uniform: Floats,
    q: float,
    size: tuple[int, int, int, float],
    accepted: Bools,
    probability: Floats,
) -> None:
    """Accept or reject proposed blocks one after the other, given those already accepted.

    ``change`` holds what each block would add to the totals, shape (blocks, 5), ``ratio`` the log
    likelihood ratio with the proposal densities. The last two arguments receive the result, and
    ``of_theta`` the totals after it. It is compiled where that is possible; the density is that
    of :func:`log_prior_and_slopes`.
    """
    total, squares, first = of_theta[0], of_theta[1], of_theta[2]
    first_squares, walk = of_theta[3], of_theta[4]
    before = 0.0
    for k in range(-1, ratio.size):
        if k < 0:
            a, b, c, d, e = total, squares, first, first_squares, walk
        else:
            a, b, c = total + change[k, 0], squares + change[k, 1], first + change[k, 2]
            d, e = first_squares + change[k, 3], walk + change[k, 4]
        m = a / size[0]
        s2 = b / size[0] - m * m
        log_s = 0.5 * math.log(s2)
        value = (d - 2 * m * c + size[1] * m * m + e / q) / s2 + of_items[0] * s2 + of_items[1]
        value += m * (m * of_items[3] - 2 * of_items[2]) + (m * m + log_s * log_s) / size[3] ** 2
        value = -0.5 * value - size[2] * log_s
        if k < 0:
            before = value
            continue
        change_of_log = ratio[k] + value - before
        probability[k] = math.exp(min(0.0, change_of_log))
        if log_uniform[k] < change_of_log:
            accepted[k] = True
            before = value
            total, squares, first, first_squares, walk = a, b, c, d, e
    of_theta[0], of_theta[1], of_theta[2] = total, squares, first
    of_theta[3], of_theta[4] = first_squares, walk
