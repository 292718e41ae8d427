"""Posterior draws of ideal points, by Hamiltonian Monte Carlo around the posterior mode.

All ideal points and item parameters move together. In coordinates where the posterior is nearly
standard normal (:mod:`multivector.stats.ideal_target`) the motion under that normal is followed
exactly, so that only what the posterior differs from it is integrated (Shahbaba et al. 2014,
doi:10.1007/s11222-012-9373-1). The variance q of the walks is drawn from its conditional
distribution. Location and scale have no likelihood; they are drawn from a distribution of their
own, of which the reported draws, moved to mean 0 and standard deviation 1, are independent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from multivector.errors import ComputeError, InputError, raise_all
from multivector.stats.ideal_data import Floats, Votes
from multivector.stats.ideal_likelihood import Backend, Likelihood, likelihood
from multivector.stats.ideal_point import PointFit
from multivector.stats.ideal_prior import directed
from multivector.stats.ideal_target import Target, Whitening

PILOT_LENGTH = 2.0
TARGET_ACCEPTANCE = 0.65


@dataclass(frozen=True)
class Posterior:
    """Joint draws of ideal points and item parameters on the identifying scale.

    ``theta`` ideal points, shape (rows, chains, draws); ``items`` β, lower and upper cutpoint,
    shape (items, 3, chains, draws), NaN on items without variation; both in single precision.
    ``q`` variance of the walk per elapsed session, shape (chains, draws), constant if
    ``q_drawn`` is false. ``acceptance`` mean probability of accepting a trajectory, by chain;
    ``step`` size of its steps, by chain; ``passes`` number of passes over the votes in all.
    """

    theta: NDArray[np.float32]
    items: NDArray[np.float32]
    q: Floats
    q_drawn: bool
    acceptance: Floats
    step: Floats
    passes: int


def sample(
    votes: Votes,
    mode: PointFit,
    *,
    draws: int = 500,
    chains: int = 4,
    warmup: int = 100,
    seed: int = 0,
    length: float = 4.0,
    draw_q: bool = True,
    backend: Backend = "auto",
    threads: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> Posterior:
    """Draw from the joint posterior of ideal points, item parameters and q.

    Whether the draws may be used is for :mod:`multivector.stats.diagnostics` to say.

    Parameters
    ----------
    votes
        From :func:`~multivector.stats.ideal_data.lay_out`.
    mode
        Their posterior mode, from :func:`~multivector.stats.ideal_point.fit`.
    draws, chains, warmup
        Draws kept of each chain, number of chains, and trajectories before the first draw kept,
        during which the step size settles.
    seed
        Seed of numpy's generators, one for each chain; the same seed gives the same draws, on
        any number of threads.
    length
        Mean length of a trajectory in whitened units, each being drawn between half and three
        halves of it. 2π would take a standard normal once around.
    draw_q
        Whether q is unknown, with √q uniform beforehand, or known to be that of the mode.
    backend, threads
        As in :func:`~multivector.stats.ideal_likelihood.likelihood`.
    progress
        Called with the number of trajectories done and to do.

    Raises
    ------
    InputError
        Numbers that make no sense.
    ComputeError
        A chain that rejects nearly everything.
    """
    _check(draws, chains, warmup, length)
    evaluate = likelihood(votes, backend, threads)
    target, step_size = _tuned(votes, evaluate, mode, warmup, np.random.default_rng([seed, chains]))
    theta = np.empty((votes.unit.size, chains, draws), dtype=np.float32)
    items = np.empty((votes.items.size, 3, chains, draws), dtype=np.float32)
    q, acceptance, step = np.empty((chains, draws)), np.empty(chains), np.empty(chains)
    passes, total = 0, chains * (warmup + draws)
    for chain, seeds in enumerate(np.random.SeedSequence(seed).spawn(chains)):
        state = _Chain(target, mode.q, step_size, length, draw_q, np.random.default_rng(seeds))
        for k in range(warmup):
            if k == warmup // 2:
                state.settle()
            state.advance(adapt=True)
            if progress:
                progress(chain * (warmup + draws) + k + 1, total)
        state.settle()
        for k in range(draws):
            theta[:, chain, k], items[:, :, chain, k] = directed(
                votes, *state.advance(adapt=False), mode.higher, mode.lower
            )
            q[chain, k] = state.q
            if progress:
                progress(chain * (warmup + draws) + warmup + k + 1, total)
        acceptance[chain], step[chain] = state.accepted / draws, state.step
        passes += state.passes
    if (acceptance < 0.2).any():
        raise ComputeError(
            f"Chains accepted {', '.join(f'{a:.0%}' for a in acceptance)} of their trajectories.",
            f"Possible: about {TARGET_ACCEPTANCE:.0%}.",
            "Give a longer warm-up.",
        )
    items[votes.cutpoints == 0] = np.nan
    return Posterior(theta, items, q, draw_q, acceptance, step, passes)


def _tuned(
    votes: Votes, evaluate: Likelihood, mode: PointFit, trajectories: int, rng: np.random.Generator
) -> tuple[Target, float]:
    """Coordinates and step size from a pilot chain of short trajectories that starts at the mode.

    Centre and curvature are averaged over the second half of the pilot, an item's curvature with
    the weight of the root of its determinant: a lone dissenter's cutpoint is free on one side and
    stiff on the other, and steps must be short enough for the stiff one.
    """
    white = Whitening(votes, evaluate, mode)
    pilot = _Chain(Target(votes, evaluate, white), mode.q, 0.2, PILOT_LENGTH, False, rng)
    for _ in range(trajectories // 2):
        pilot.advance(adapt=True)
    pilot.settle()
    later = trajectories - trajectories // 2
    if later < 10:
        return pilot.target, pilot.step
    scale = np.linalg.det(white.spread) ** 2
    sums: list[Floats] = []
    for _ in range(later):
        theta, items = pilot.advance(adapt=True)
        of_theta, of_points = white.curvature(theta, items)
        weight = np.sqrt(np.linalg.det(of_points) * scale)[:, None, None]
        parts = [theta, white.to_points(items), of_theta, weight * of_points, weight]
        sums = [x + y for x, y in zip(sums, parts, strict=True)] if sums else parts
    theta, points, of_theta, of_points, weight = sums
    white.settle(theta / later, points / later, of_theta / later, of_points / weight)
    target = Target(votes, evaluate, white)
    white.shorten(*target.long_directions(mode.q))
    pilot.settle()
    return target, pilot.step


class _Chain:
    """One Markov chain: trajectories of random length, q between them."""

    def __init__(  # noqa: PLR0917
        self,
        target: Target,
        q: float,
        step: float,
        length: float,
        draw_q: bool,
        rng: np.random.Generator,
    ) -> None:
        self.target, self.q, self.length, self.draw_q, self.rng = target, q, length, draw_q, rng
        self.moving = np.concatenate(
            [np.ones(target.votes.unit.size, dtype=np.bool_), target.white.free.ravel()]
        )
        self.y = rng.normal(size=self.moving.size) * self.moving
        self.step, self.log_steps = step, _DualAverage(np.log(step))
        self.accepted, self.passes = 0.0, 0

    def advance(self, adapt: bool) -> tuple[Floats, Floats]:
        """One trajectory and a draw of q; θ and items where it ends, on the identifying scale."""
        y, momentum = self.y, self.rng.normal(size=self.y.size) * self.moving
        angle = self.length * self.rng.uniform(0.5, 1.5)
        n = max(1, round(angle / self.step))
        cos, sin = np.cos(self.step), np.sin(self.step)
        value, gradient = self.target(y, self.q)
        before = value - 0.5 * (momentum**2).sum()
        with np.errstate(all="ignore"):  # a trajectory that leaves the numbers is rejected
            for _ in range(n):
                momentum = momentum + 0.5 * self.step * (gradient + y)
                y, momentum = cos * y + sin * momentum, cos * momentum - sin * y
                value, gradient = self.target(y, self.q)
                momentum = momentum + 0.5 * self.step * (gradient + y)
                if not np.isfinite(value):
                    break
            change = value - 0.5 * (momentum**2).sum() - before
        self.passes += n + 1
        probability = float(np.exp(min(0.0, change))) if np.isfinite(change) else 0.0
        if self.rng.uniform() < probability:
            self.y = y
        if adapt:
            self.step = min(0.5, float(np.exp(self.log_steps.next(probability))))
        self.accepted += 0.0 if adapt else probability
        self.y, theta, items = self.target.refresh(self.y, self.rng)
        if self.draw_q:
            self.q = self.target.draw_q(theta, self.rng)
        return theta, items

    def settle(self) -> None:
        """Keep the average step size so far, and start averaging anew."""
        self.step = min(0.5, float(np.exp(self.log_steps.average)))
        self.log_steps = _DualAverage(np.log(self.step))


class _DualAverage:
    """Log step size at which trajectories are accepted as often as wanted.

    Nesterov's dual averaging as in Hoffman & Gelman (2014, section 3.2).
    """

    def __init__(self, start: float) -> None:
        self.centre, self.average, self.error, self.n = start + np.log(1.5), start, 0.0, 0

    def next(self, probability: float) -> float:
        self.n += 1
        self.error += (TARGET_ACCEPTANCE - probability - self.error) / (self.n + 10)
        log_step = self.centre - np.sqrt(self.n) / 0.2 * self.error
        share = self.n**-0.75
        self.average = share * log_step + (1 - share) * self.average
        return log_step


def _check(draws: int, chains: int, warmup: int, length: float) -> None:
    problems = [
        InputError(f"{name} is {value}.", f"Possible: {least} or more.")
        for name, value, least in (
            ("draws", draws, 1),
            ("chains", chains, 1),
            ("warmup", warmup, 0),
        )
        if value < least
    ]
    if not 0 < length < np.inf:
        problems.append(InputError(f"length is {length}.", "Possible: above 0."))
    raise_all("The posterior cannot be sampled.", problems)
