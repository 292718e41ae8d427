"""The published algorithm of Bailey, Strezhnev & Voeten, for comparison with the literature.

Bailey, Strezhnev & Voeten (2017), doi:10.1177/0022002715595700, as in the code with which the
series of April 2020 was made (github.com/evoeten, MIT licence). It is not a sampler of the model
that the article states, and departs from it in these ways:

- The conditional distribution of an ideal point looks back only: it is centred on the previous
  session's conditional *mean* of the iteration before, and the next session does not enter. A
  unit's first ideal point looks at its second.
- The variance of the walk depends on the agenda: ½ n_t/(n_t + n_(t−1)) for n_t votes, whatever
  the number of sessions elapsed.
- Ideal points are cut at ±5 and rescaled to mean 0 and standard deviation 1 in each iteration,
  while β and the cutpoints stay as they are.
- The Metropolis ratio of the cutpoints has one of the two factors by which its proposals differ.
  Cutpoints have a flat prior on [−7, 7], and latent positions are cut at ±9.

Its intervals are therefore not posterior intervals of the model; those come from
:mod:`multivector.stats.ideal_posterior`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr, ndtr, ndtri

from multivector.errors import InputError, UnknownName, raise_all
from multivector.stats.ideal_data import CHUNKS, YES, Floats, Ints, Votes
from multivector.stats.ideal_likelihood import BACKENDS, Backend, bincount, share

SMOOTH = 0.5
THETA_LIMIT = 5.0
CUTPOINT_STEP = 0.2 / 3
CUTPOINT_LIMIT = 7.0
LATENT_LIMIT = 9.0

ItemStep = Callable[[Floats, Floats], tuple[Floats, Floats, int]]


@dataclass(frozen=True)
class BsvFit:
    """Draws of the published algorithm.

    ``theta`` mean of the stored draws, shape (rows,); ``draws`` the stored draws, in single
    precision, shape (rows, draws); ``items`` mean β, lower and upper cutpoint with yes above the
    upper one, as elsewhere in this package, shape (items, 3); ``acceptance`` share of proposed
    cutpoints accepted.
    """

    theta: Floats
    draws: NDArray[np.float32]
    items: Floats
    acceptance: float


def bsv_compat(
    votes: Votes,
    start: ArrayLike,
    higher: int,
    lower: int,
    *,
    burn: int = 4_000,
    iterations: int = 20_000,
    thin: int = 50,
    seed: int = 0,
    backend: Backend = "auto",
    threads: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> BsvFit:
    """Ideal points by the published algorithm (see the module for what it departs from).

    Parameters
    ----------
    votes
        From :func:`~multivector.stats.ideal_data.lay_out`.
    start
        Starting ideal points, shape (rows,). The published run has 3 for the United States,
        Canada, the United Kingdom and Israel, −2 for Russia and East Germany, 0 for all others.
    higher, lower
        Labels of two units (there the United States and Russia): items start with β = ±1
        where these voted differently on its first occasion, and 0 elsewhere.
    burn, iterations, thin
        Iterations before the first that may be stored; after it; and between two stored.
    seed
        Seed; with the same one, the compiled path gives the same draws on any number of threads.
    backend, threads, progress
        As in :func:`~multivector.stats.ideal_posterior.sample`.

    Returns
    -------
    BsvFit, on the scale where each iteration has mean 0 and standard deviation 1 (divisor n − 1).

    Raises
    ------
    InputError
        A start of another shape, unknown units, numbers that make no sense.

    >>> from multivector.stats.ideal_data import lay_out
    >>> unit, item = np.divmod(np.arange(300), 60)  # five units vote on sixty items
    >>> votes = lay_out(unit, 0 * unit, item, np.where(unit > item % 6 - 1, 2, 0))
    >>> fitted = bsv_compat(votes, [-1, 0, 0, 0, 1], 4, 0, burn=20, iterations=100, thin=5)
    >>> bool(fitted.theta[4] > fitted.theta[0]), fitted.draws.shape
    (True, (5, 20))
    """
    means = np.asarray(start, dtype=np.float64)
    _check(votes, means, (higher, lower), (burn, iterations, thin))
    streams = np.random.SeedSequence(seed).spawn(2)
    rng = np.random.default_rng(streams[0])
    by_level = levels(votes)
    items = _start_items(votes, by_level, higher, lower)
    step = _item_step(votes, by_level, streams[1], backend, threads)
    lag, precision = walk_back(votes)
    pull, weight = _first_latent(votes, items, rng)
    kept = iterations // thin
    draws = np.empty((votes.unit.size, kept), dtype=np.float32)
    total, item_total, accepted = np.zeros(votes.unit.size), np.zeros(items.shape), 0
    for k in range(burn + iterations):
        spread = 1 / (weight + precision)
        means = spread * (pull + precision * np.where(lag < 0, 0.0, means[lag]))
        theta = means + np.sqrt(spread) * rng.normal(size=means.size)
        theta = np.clip(theta, -THETA_LIMIT, THETA_LIMIT)
        theta = (theta - theta.mean()) / theta.std(ddof=1)
        pull, weight, n = step(theta, items)
        accepted += n
        after = k + 1 - burn
        if after > 0 and after % thin == 0:
            draws[:, after // thin - 1] = theta
            total += theta
            item_total += items
        if progress:
            progress(k + 1, burn + iterations)
    beta, low, high = item_total.T / kept
    rate = accepted / ((burn + iterations) * votes.items.size)
    return BsvFit(total / kept, draws, np.stack([-beta, -high, -low], axis=1), rate)


def walk_back(votes: Votes) -> tuple[Ints, Floats]:
    """Return the row on which each row's prior is centred, and the precision of that prior.

    The previous row of the unit, for its first row the second one, −1 for an only one; precision
    2 (n_t + n_lag)/n_t, with n the number of votes of a row. Shapes (rows,).
    """
    n = np.bincount(votes.row, minlength=votes.unit.size).astype(np.float64)
    lag = np.arange(votes.unit.size) - 1
    first = np.flatnonzero(votes.first)
    lag[first] = first + 1
    last = np.append(first[1:], votes.unit.size) - 1
    lag[first[first == last]] = -1
    share_of_own = n / np.maximum(n + np.where(lag < 0, 0.0, n[lag]), 1.0)
    return lag, 1 / (SMOOTH * np.maximum(share_of_own, 1e-12))


def levels(votes: Votes) -> tuple[Ints, NDArray[np.int32]]:
    """Bounds of each item's yes, abstain and no votes, shape (items, 4), and rows in that order."""
    n = votes.items.size
    level = YES - votes.choice.astype(np.int64)
    counts = np.bincount(votes.item * 3 + level, minlength=3 * n)
    ends = np.cumsum(counts).reshape(n, 3)
    start = np.concatenate([(ends[:, 2] - counts.reshape(n, 3).sum(axis=1))[:, None], ends], 1)
    return start, votes.row[np.lexsort((votes.row, level, votes.item))]


def _start_items(
    votes: Votes, by_level: tuple[Ints, NDArray[np.int32]], higher: int, lower: int
) -> Floats:
    counts = np.diff(by_level[0], axis=1)
    size = np.maximum(counts.sum(axis=1), 1)
    yes, no = counts[:, 0] / size, counts[:, 2] / size
    first = [_first_vote(votes, unit) for unit in (higher, lower)]
    beta = np.sign(np.where((first[0] < 0) | (first[1] < 0), 0, first[1] - first[0]))
    lower = 2 * yes - 1
    return np.stack([beta, lower, np.maximum(1 - 2 * no, lower)], axis=1).astype(np.float64)


def _first_vote(votes: Votes, unit: int) -> Ints:
    """Find a unit's choice on each item when it first voted on it, −1 where it never did."""
    mine = np.flatnonzero(votes.unit[votes.row] == unit)
    mine = mine[np.lexsort((votes.row[mine], votes.item[mine]))]
    items, at = np.unique(votes.item[mine], return_index=True)
    found = np.full(votes.items.size, -1, dtype=np.int64)
    found[items] = votes.choice[mine][at]
    return found


def _first_latent(votes: Votes, items: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Σ β z and Σ β² by row, for positions drawn as if all ideal points were 0."""
    beta, lower, upper = items[votes.item].T
    level = YES - votes.choice
    low = np.where(level == 0, 0.0, ndtr(np.where(level == 1, lower, upper)))
    high = np.where(level == 2, 1.0, ndtr(np.where(level == 0, lower, upper)))
    z = ndtri(low + rng.uniform(size=low.size) * (high - low))
    z = np.clip(z, -LATENT_LIMIT, LATENT_LIMIT)
    rows = votes.unit.size
    return bincount(votes.row, beta * z, rows), bincount(votes.row, beta * beta, rows)


def _item_step(
    votes: Votes,
    by_level: tuple[Ints, NDArray[np.int32]],
    seeds: np.random.SeedSequence,
    backend: Backend,
    threads: int,
) -> ItemStep:
    if backend not in BACKENDS:
        raise UnknownName("backend", backend, BACKENDS)
    if backend != "numpy":
        try:
            return _compiled(votes, by_level, seeds, threads)
        except Exception as error:
            if backend == "compiled":
                raise
            warnings.warn(
                f"The sampler could not be compiled ({error}); the slow path is used.",
                RuntimeWarning,
                stacklevel=3,
            )
    rng = np.random.default_rng(seeds)
    return lambda theta, items: _numpy(votes, theta, items, rng)


def _compiled(
    votes: Votes,
    by_level: tuple[Ints, NDArray[np.int32]],
    seeds: np.random.SeedSequence,
    threads: int,
) -> ItemStep:
    from multivector.stats import ideal_bsv_kernels as kernels

    start, row = by_level
    bounds, n, rows = votes.chunks(), votes.items.size, votes.unit.size
    states = seeds.generate_state(4 * n, np.uint64).reshape(n, 4)
    scratch = np.empty((CHUNKS, int(np.diff(start[:, [0, 3]]).max())))
    sums = np.zeros((2, CHUNKS, rows))

    def step(theta: Floats, items: Floats) -> tuple[Floats, Floats, int]:
        accepted = np.zeros(CHUNKS, dtype=np.int64)
        sums[:] = 0.0

        def work(k: int) -> None:
            accepted[k] = kernels.item_step(
                bounds[k],
                bounds[k + 1],
                start,
                row,
                theta,
                items,
                states,
                kernels.TABLE,
                kernels.EDGES,
                scratch[k],
                sums[0, k],
                sums[1, k],
            )

        share(work, threads)
        pull, weight = sums.sum(axis=1)
        return pull, weight, int(accepted.sum())

    return step


def _numpy(
    votes: Votes, theta: Floats, items: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats, int]:
    """Do the compiled item step in numpy, with other random numbers."""
    n, item, t = votes.items.size, votes.item, theta[votes.row]
    beta, lower, upper = items.T
    step, limit = CUTPOINT_STEP, CUTPOINT_LIMIT

    def drawn(centre: Floats, low: Floats | float, high: Floats | float) -> Floats:
        a, b = ndtr((low - centre) / step), ndtr((high - centre) / step)
        return np.clip(centre + step * ndtri(a + rng.uniform(size=n) * (b - a)), low, high)

    new_lower = drawn(lower, -limit, upper)
    new_upper = drawn(upper, new_lower, limit)
    mu = beta[item] * t
    level = YES - votes.choice

    def logs(lower: Floats, upper: Floats) -> Floats:
        a, b = lower[item] - mu, upper[item] - mu
        value = log_ndtr(np.where(level == 0, a, -b))
        a, b = a[level == 1], b[level == 1]
        turn = a + b > 0
        near, far = log_ndtr(np.where(turn, -a, b)), log_ndtr(np.where(turn, -b, a))
        value[level == 1] = near + np.log(-np.expm1(far - near))
        return value

    ratio = bincount(item, logs(new_lower, new_upper) - logs(lower, upper), n)
    ratio += log_ndtr((upper - new_lower) / step) - log_ndtr((new_upper - lower) / step)
    accept = np.log(rng.uniform(size=n)) < ratio
    items[accept, 1], items[accept, 2] = new_lower[accept], new_upper[accept]
    a, b = items[item, 1] - mu, items[item, 2] - mu
    low = np.select([level == 0, level == 1], [np.full(mu.size, -np.inf), a], b)
    high = np.select([level == 0, level == 1], [a, b], np.inf)
    turn = np.where(level == 1, a + b > 0, level == 2)  # draw in the tail that keeps its digits
    low, high = np.where(turn, -high, low), np.where(turn, -low, high)
    p = ndtr(low) + rng.uniform(size=mu.size) * (ndtr(high) - ndtr(low))
    z = mu + np.where(turn, -1, 1) * ndtri(np.maximum(p, 1e-300))
    z = np.clip(z, -LATENT_LIMIT, LATENT_LIMIT)
    variance = 1 / (bincount(item, t * t, n) + 1)
    items[:, 0] = variance * bincount(item, t * z, n) + np.sqrt(variance) * rng.normal(size=n)
    new = items[item, 0]
    rows = votes.unit.size
    pull, weight = bincount(votes.row, new * z, rows), bincount(votes.row, new * new, rows)
    return pull, weight, int(accept.sum())


def _check(
    votes: Votes, start: Floats, poles: tuple[int, int], numbers: tuple[int, int, int]
) -> None:
    burn, iterations, thin = numbers
    problems: list[InputError] = [
        UnknownName("unit", unit, np.unique(votes.unit)) for unit in poles if unit not in votes.unit
    ]
    if start.shape != votes.unit.shape or not np.isfinite(start).all():
        problems.append(
            InputError(
                f"The start has shape {start.shape}, or is not finite.",
                f"Possible: finite, ({votes.unit.size},), one for each row.",
            )
        )
    if burn < 0 or thin < 1 or iterations < thin:
        problems.append(
            InputError(
                f"burn is {burn}, iterations {iterations}, thin {thin}.",
                "Possible: burn 0 or more, thin 1 or more, iterations at least thin.",
            )
        )
    raise_all("The published algorithm cannot be run.", problems)
