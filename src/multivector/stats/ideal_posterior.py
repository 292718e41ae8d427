"""Posterior draws of ideal points: Metropolis within Gibbs, with moves of whole sessions.

A sweep draws q given the ideal points, proposes for every item given the ideal points and for
stretches of every unit's ideal points given the items (:mod:`multivector.stats.ideal_blocks`), and
then moves all sessions together (:mod:`multivector.stats.ideal_sessions`), which is where such
updates alone would be slow. Location and scale have no likelihood; they are drawn from a
distribution of their own, of which the reported draws, moved to mean 0 and standard deviation 1,
are independent.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from multivector.errors import ComputeError, InputError, raise_all
from multivector.stats.ideal_blocks import Accept, ItemUpdate, ThetaUpdate
from multivector.stats.ideal_data import Floats, Votes
from multivector.stats.ideal_likelihood import Backend, Likelihood, likelihood
from multivector.stats.ideal_point import PointFit
from multivector.stats.ideal_prior import directed, identify, move
from multivector.stats.ideal_sessions import SessionMove
from multivector.stats.ideal_totals import accept_in_turn, walk_squares

LEAST = 0.05  # acceptance below which a chain is refused
SETTLE = (0.2, 0.5, 1.0)  # shares of the warm-up after which proposals are tuned anew


@dataclass(frozen=True)
class Posterior:
    """Joint draws of ideal points and, if asked for, of item parameters on the identifying scale.

    ``theta`` ideal points, shape (rows, chains, draws); ``items`` β, lower and upper cutpoint,
    shape (items, 3, chains, draws), NaN on items without variation, or None where they were not
    kept; both in single precision. ``q`` variance of the walk per elapsed session, shape (chains,
    draws), constant if ``q_drawn`` is false. ``acceptance`` mean probability of accepting a
    proposal for an item, for a stretch of ideal points, and for all sessions, shape (chains, 3).
    """

    theta: NDArray[np.float32]
    items: NDArray[np.float32] | None
    q: Floats
    q_drawn: bool
    acceptance: Floats


def sample(
    votes: Votes,
    mode: PointFit,
    *,
    draws: int = 500,
    chains: int = 4,
    warmup: int = 100,
    thin: int = 1,
    seed: int = 0,
    draw_q: bool = True,
    keep_items: bool = False,
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
        Their posterior mode, from :func:`~multivector.stats.ideal_point.fit`, where chains start.
    draws, chains, warmup
        Draws kept of each chain, number of chains, and sweeps before the first draw kept, during
        which proposals are tuned.
    thin
        Sweeps for each draw kept.
    seed
        Seed of numpy's generators, one for each chain; the same seed gives the same draws, on
        any number of threads.
    draw_q
        Whether q is unknown, with √q uniform beforehand, or known to be that of the mode.
    keep_items
        Whether to keep the draws of the items, which take up much memory.
    backend
        As in :func:`~multivector.stats.ideal_likelihood.likelihood`.
    threads
        Number of chains that run at the same time.
    progress
        Called with the number of sweeps done and to do, by whichever thread did the last.

    Raises
    ------
    InputError
        Numbers that make no sense.
    ComputeError
        A chain that rejects nearly everything.
    """
    _check(draws, chains, warmup, thin)
    evaluate = likelihood(votes, backend, threads=1)
    sessions = SessionMove(votes, backend)
    theta_draws = np.empty((votes.unit.size, chains, draws), dtype=np.float32)
    shape = (votes.items.size, 3, chains, draws)
    item_draws = np.empty(shape, dtype=np.float32) if keep_items else None
    q, acceptance = np.empty((chains, draws)), np.empty((chains, 3))
    seeds = np.random.SeedSequence(seed).spawn(chains)
    done = _Progress(progress, chains * (warmup + draws * thin))

    def run(chain: int) -> None:
        rng = np.random.default_rng(seeds[chain])
        state = _Chain(votes, evaluate, sessions, mode, draw_q, rng)
        settle = {max(1, round(share * warmup)) for share in SETTLE}
        for k in range(warmup):
            state.items_update.learning = True
            state.sweep()
            if k + 1 in settle:
                state.settle()
            done()
        state.start_counting()
        for k in range(draws):
            for _ in range(thin):
                state.sweep()
                done()
            theta, drawn = directed(votes, *state.identified(), mode.higher, mode.lower)
            theta_draws[:, chain, k], q[chain, k] = theta, state.q
            if item_draws is not None:
                item_draws[:, :, chain, k] = drawn
        acceptance[chain] = state.acceptance()

    if threads > 1 and chains > 1:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(run, range(chains)))
    else:
        for chain in range(chains):
            run(chain)
    if (acceptance < LEAST).any():
        raise ComputeError(
            f"Chains accepted {', '.join(f'{a:.0%}' for a in acceptance.min(axis=1))} of the "
            "proposals of one kind.",
            f"Possible: at least {LEAST:.0%}; about 80% is usual.",
            "Give a longer warm-up.",
        )
    if item_draws is not None:
        item_draws[votes.cutpoints == 0] = np.nan
    return Posterior(theta_draws, item_draws, q, draw_q, acceptance)


class _Chain:
    """One Markov chain; its state lies off the identifying scale."""

    def __init__(  # noqa: PLR0917
        self,
        votes: Votes,
        evaluate: Likelihood,
        sessions: SessionMove,
        mode: PointFit,
        draw_q: bool,
        rng: np.random.Generator,
    ) -> None:
        self.votes, self.sessions, self.draw_q, self.rng = votes, sessions, draw_q, rng
        self.theta, self.q = mode.theta, mode.q
        self.items = np.where(votes.cutpoints[:, None] > 0, mode.items, 0.0)
        self.items_update = ItemUpdate(votes, evaluate, self.theta, self.items)
        self.theta_update = ThetaUpdate(votes, evaluate, _accept(evaluate))
        self.has = votes.cutpoints > 0
        self.scale = sessions.scale(self.theta, self.items, self.q)
        self.start_counting()

    def sweep(self) -> None:
        """Update q, items, ideal points, and all sessions together."""
        theta, items = self.identified()
        if self.draw_q:
            self.q = draw_q(self.votes, theta, self.rng)
        items, probability = self.items_update(theta, items, self.rng)
        shift, log_scale = self.rng.normal(0, self.sessions.size.spread, size=2)
        scale = float(np.exp(log_scale))
        theta, items = move(theta, items, -shift / scale, 1 / scale)
        theta = self.theta_update(theta, items, self.q, (shift, scale), self.rng)
        self.theta, self.items, moved = self.sessions(theta, items, self.q, self.scale, self.rng)
        self.item_rate += probability
        self.session_rate += moved
        self.sweeps += 1

    def identified(self) -> tuple[Floats, Floats]:
        """θ and items on the identifying scale."""
        return identify(self.theta, self.items)

    def settle(self) -> None:
        """Tune all proposals."""
        self.scale = self.sessions.scale(self.theta, self.items, self.q)
        self.items_update.settle()
        self.theta_update.settle()

    def start_counting(self) -> None:
        """Stop learning, and count what is accepted from now on."""
        self.items_update.learning = False
        self.theta_update.accepted[:] = self.theta_update.proposed[:] = 0.0
        self.item_rate = np.zeros(self.votes.items.size)
        self.session_rate, self.sweeps = 0.0, 0

    def acceptance(self) -> Floats:
        """Mean acceptance of items, of ideal points and of all sessions."""
        of_items = self.item_rate[self.has].mean() if self.has.any() else self.sweeps
        of_theta = self.theta_update.accepted.sum() / self.theta_update.proposed.sum()
        n = max(self.sweeps, 1)
        return np.array([of_items / n, of_theta, self.session_rate / n])


def draw_q(votes: Votes, theta: Floats, rng: np.random.Generator) -> float:
    """Draw q given θ on the identifying scale: inverse gamma with shape (N − 1)/2.

    From N steps with Σ (Δθ)²/e = S the density is q^(−N/2 − 1/2) exp(−S/2q), √q being uniform
    beforehand.
    """
    shape = (int((~votes.first).sum()) - 1) / 2
    return float(0.5 * walk_squares(votes, theta).sum() / rng.gamma(shape))


def _accept(evaluate: Likelihood) -> Accept:
    """Return the loop over blocks, compiled if the passes are."""
    return getattr(getattr(evaluate, "kernels", None), "accept", accept_in_turn)


class _Progress:
    """Counts sweeps of all chains."""

    def __init__(self, report: Callable[[int, int], None] | None, total: int) -> None:
        self.report, self.total, self.count, self.lock = report, total, 0, Lock()

    def __call__(self) -> None:
        if self.report:
            with self.lock:
                self.count += 1
                self.report(self.count, self.total)


def _check(draws: int, chains: int, warmup: int, thin: int) -> None:
    problems = [
        InputError(f"{name} is {value}.", f"Possible: {least} or more.")
        for name, value, least in (
            ("draws", draws, 1),
            ("chains", chains, 1),
            ("warmup", warmup, 0),
            ("thin", thin, 1),
        )
        if value < least
    ]
    raise_all("The posterior cannot be sampled.", problems)
