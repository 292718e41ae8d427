"""Posterior of ideal points on the full April 2020 sample: convergence, coverage, held-out votes.

A run of many minutes, so it is skipped unless ``MULTIVECTOR_LONG`` is set. Before anything is
timed it draws the whole posterior and prints the largest R̂, the smallest effective sample sizes
and the wall time; the share of simulated ideal points that their 90 % intervals hold; and the
scores of 5 % of votes held out (seeds 1 to 3), each beside its target. Timed are twenty sweeps.
"""

from __future__ import annotations

import os
import time

import numpy as np

from benchmarks.cases import ideal_point_fit
from benchmarks.run import Case, Skip
from multivector.stats.diagnostics import bulk_ess, split_rhat, tail_ess
from multivector.stats.ideal_data import Votes
from multivector.stats.ideal_point import PointFit, fit
from multivector.stats.ideal_posterior import Posterior, sample
from multivector.stats.ideal_score import held_out_score
from tests.stats.ideal_sample import RUSSIA, USA
from tests.stats.ideal_simulation import simulate

DRAWS, THIN, WARMUP = 400, 4, 100
SIMULATED, UNITS, SESSIONS, ITEMS = 6, 80, 10, 600


def prepare() -> tuple[Votes, PointFit] | Skip:
    """Sample and mode; prints what the whole posterior reaches."""
    if not os.environ.get("MULTIVECTOR_LONG"):
        return Skip(reason="MULTIVECTOR_LONG is not set")
    votes = ideal_point_fit.prepare()
    if isinstance(votes, Skip):
        return votes
    mode = fit(votes, USA, RUSSIA)
    _coverage()
    _held_out(votes)
    _convergence(votes, mode)
    return votes, mode


def _convergence(votes: Votes, mode: PointFit) -> None:
    start = time.perf_counter()
    theta = sample(votes, mode, draws=DRAWS, chains=4, warmup=WARMUP, thin=THIN).theta
    minutes = (time.perf_counter() - start) / 60
    blocks = np.array_split(theta, 40)  # to spare memory
    rhat, bulk, tail = (
        np.concatenate([measure(block) for block in blocks])
        for measure in (split_rhat, bulk_ess, tail_ess)
    )
    print(
        f"R-hat at most {rhat.max():.4f} (target 1.01), above 1.01 for {(rhat > 1.01).mean():.2%} "
        f"of ideal points; effective draws at least {bulk.min():.0f} (bulk), {tail.min():.0f} "
        f"(tail) of {theta[0].size}; {minutes:.1f} minutes (target 15)"
    )


def _coverage() -> None:
    inside, worst = [], 1.0
    for seed in range(SIMULATED):
        truth = simulate(seed=100 + seed, units=UNITS, sessions=SESSIONS, items=ITEMS)
        mode = fit(truth.votes, *truth.poles)
        theta = sample(truth.votes, mode, draws=250, chains=2, warmup=60, thin=4, seed=seed).theta
        low, high = np.quantile(theta, [0.05, 0.95], axis=(1, 2))
        inside.append(((low <= truth.theta) & (truth.theta <= high)).mean())
        worst = max(worst, float(split_rhat(theta).max()))
    print(
        f"90% intervals hold {np.mean(inside):.4f} of {SIMULATED * UNITS * SESSIONS} simulated "
        f"ideal points (target .88 to .92; {min(inside):.3f} to {max(inside):.3f} by record); "
        f"R-hat at most {worst:.3f}"
    )


def _held_out(votes: Votes) -> None:
    scores = []
    for seed in (1, 2, 3):
        out = np.random.default_rng(seed).random(votes.row.size) < 0.05
        part, rest = votes.keep(~out), votes.keep(out)
        drawn = sample(
            part, fit(part, USA, RUSSIA), draws=60, chains=1, thin=4, seed=seed, keep_items=True
        )
        if drawn.items is not None:
            scores.append(held_out_score(part, rest, drawn.theta, drawn.items))
    print(
        f"held out: accuracy {np.mean([s.accuracy for s in scores]):.4f} (target .902), "
        f"log-loss {np.mean([s.log_loss for s in scores]):.4f} (target .2705)"
    )


def fast(given: tuple[Votes, PointFit]) -> Posterior:
    """Twenty sweeps after a short warm-up."""
    return sample(*given, draws=20, chains=1, warmup=20)


CASE = Case(
    "ideal points, posterior",
    prepare,
    fast,
    None,
    None,
    size="797,473 votes, 4,784 items, 10,469 state-sessions; 40 sweeps",
    repeat=1,
)
