"""Votes simulated from the ideal-point model, and its likelihood written out vote by vote."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from multivector.stats.ideal_data import Votes, lay_out

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Truth:
    """Simulated votes with the ideal points, moved to mean 0 and sd 1, that made them."""

    votes: Votes
    theta: Floats
    items: Floats
    q: float
    poles: tuple[int, int]


def simulate(
    seed: int,
    units: int,
    sessions: int,
    items: int,
    *,
    q: float = 0.05,
    absent: float = 0.1,
    gap: bool = False,
) -> Truth:
    """Draw from the prior: random walks, items of one session each, one in ten bridged.

    With *gap* the sessions are 1, 2, 5, 6, … instead of 1, 2, 3, 4, ….
    """
    rng = np.random.default_rng(seed)
    times = np.arange(1, sessions + 1) + (2 * (np.arange(sessions) > 1) if gap else 0)
    moves = rng.normal(size=(units, sessions)) * np.sqrt(q * np.diff(times, prepend=times[0] - 1))
    moves[:, 0] = rng.normal(size=units)
    theta = moves.cumsum(axis=1)
    theta = (theta - theta.mean()) / theta.std()
    beta = rng.normal(size=items)
    cuts = np.sort(rng.normal(0, 1, size=(items, 2)), axis=1)
    parameters = np.column_stack([beta, cuts])
    votes, level = _vote(rng, theta, parameters, times, absent), theta.mean(axis=1)
    return Truth(votes, theta.ravel(), parameters, q, (int(level.argmax()), int(level.argmin())))


def _vote(
    rng: np.random.Generator, theta: Floats, items: Floats, times: NDArray[np.int64], absent: float
) -> Votes:
    sessions, n = times.size, len(items)
    held = [(v, v % sessions) for v in range(n)]
    held += [(v, (v + 1) % sessions) for v in range(0, n, 10) if sessions > 1]
    item, at = np.array(held).T
    z = items[item, 0] * theta[:, at] + rng.normal(size=(len(theta), item.size))
    choice = (z > items[item, 1]).astype(np.int64) + (z > items[item, 2])
    there = rng.random(z.shape) >= absent
    there[:, :sessions] = True  # so that every unit has every session
    unit = np.broadcast_to(np.arange(len(theta))[:, None], z.shape)[there]
    where = np.broadcast_to(at, z.shape)[there]
    which = np.broadcast_to(item, z.shape)[there]
    return lay_out(unit, times[where], which, choice[there])


def log_joint(votes: Votes, theta: Floats, items: Floats) -> float:
    """Log-likelihood as the model states it, one vote after the other; NaN out of order."""
    total = 0.0
    for v in range(votes.items.size):
        mine = votes.item == v
        seen = sorted(set(votes.choice[mine].tolist()))
        beta, lower, upper = items[v]
        if len(seen) == 1:
            continue
        edges = [lower, upper] if len(seen) == 3 else [lower]
        bounds = [-np.inf, *edges, np.inf]
        for row, choice in zip(votes.row[mine], votes.choice[mine], strict=True):
            k = seen.index(int(choice))
            low, high = bounds[k] - beta * theta[row], bounds[k + 1] - beta * theta[row]
            p = ndtr(high) - ndtr(low) if low < 0 else ndtr(-low) - ndtr(-high)
            total += float(np.log(p)) if p > 0 else np.nan
    return total
