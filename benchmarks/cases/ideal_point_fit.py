"""Posterior mode of ideal points on the full April 2020 sample, compiled against numpy.

797,473 votes on 4,784 linked items by 199 states in 10,469 sessions. The ceiling of 2 CPU seconds
stands for 1 second on two threads. Held-out scores and convergence are printed by
``ideal_posterior``.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from benchmarks.run import Case, Skip
from multivector.stats.ideal_data import Votes, lay_out
from multivector.stats.ideal_point import PointFit, fit
from tests.stats.ideal_sample import RUSSIA, USA, april_2020


def prepare() -> Votes | Skip:
    """The rebuilt sample, laid out."""
    folder = os.environ.get("MULTIVECTOR_DATA")
    if not folder:
        return Skip(reason="MULTIVECTOR_DATA names no folder with real files")
    sample = april_2020(Path(folder) / "unga")
    return lay_out(sample.state, sample.session, sample.item, sample.choice)


def fast(votes: Votes) -> PointFit:
    """Compiled, on two threads."""
    return fit(votes, USA, RUSSIA, backend="compiled", threads=2)


def slow(votes: Votes) -> PointFit:
    """The same passes in numpy."""
    return fit(votes, USA, RUSSIA, backend="numpy")


def equal(result: PointFit, twin: PointFit) -> None:
    """The same mode, to well below a standard error."""
    np.testing.assert_allclose(result.theta, twin.theta, atol=2e-3)
    np.testing.assert_allclose(result.q, twin.q, rtol=1e-3)


CASE = Case(
    "ideal points, posterior mode",
    prepare,
    fast,
    slow,
    equal,
    ceiling=2.0,
    size="797,473 votes, 4,784 items, 10,469 state-sessions",
    repeat=3,
)
