"""The published algorithm: its random numbers, its two paths, and the published series."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import kstest, truncnorm

from multivector.errors import Problems
from multivector.stats import ideal_bsv_kernels as kernels
from multivector.stats.diagnostics import bulk_ess
from multivector.stats.ideal_bsv import bsv_compat, levels, walk_back
from multivector.stats.ideal_data import lay_out
from tests.stats.ideal_sample import RUSSIA, USA, Sample, april_2020
from tests.stats.ideal_simulation import Truth, simulate

STARTS = {USA: 3.0, 20: 3.0, 200: 3.0, 666: 3.0, RUSSIA: -2.0, 265: -2.0}


def states(seed: int) -> NDArray[np.uint64]:
    return np.random.SeedSequence(seed).generate_state(4, np.uint64)


def test_normal_draws() -> None:
    s = states(1)
    x = np.array([kernels.normal(s, kernels.EDGES) for _ in range(20_000)])
    assert kstest(x, "norm").pvalue > 1e-3
    assert abs(np.corrcoef(x[1:], x[:-1])[0, 1]) < 4 / np.sqrt(x.size)


@pytest.mark.parametrize("a", [-3.0, -0.5, 0.4, 0.5, 2.0, 7.0])
def test_draws_above_a_bound(a: float) -> None:
    s = states(2)
    x = np.array([kernels.normal_above(a, s, kernels.EDGES) for _ in range(5_000)])
    assert kstest(x, truncnorm(a, np.inf).cdf).pvalue > 1e-3


@pytest.mark.parametrize(
    ("a", "b"), [(-3, 1), (-0.2, 0.3), (1, 1.2), (2, 5), (-5, -2), (-1, -0.9), (0.5, 4), (-8, -7)]
)
def test_draws_between_bounds(a: float, b: float) -> None:
    s = states(3)
    edges = kernels.EDGES
    x = np.array([kernels.normal_between(float(a), float(b), s, edges) for _ in range(5_000)])
    assert kstest(x, truncnorm(a, b).cdf).pvalue > 1e-3


def test_prior_looks_back_and_its_variance_follows_the_agenda() -> None:
    votes = lay_out(
        [1, 1, 1, 1, 2, 2, 2, 2, 3],
        [1, 1, 1, 2, 1, 1, 2, 2, 2],
        [1, 2, 3, 4, 1, 2, 4, 5, 4],
        [0, 2, 0, 2, 0, 2, 0, 2, 2],
    )
    lag, precision = walk_back(votes)
    assert lag.tolist() == [1, 0, 3, 2, -1]
    expected = [0.5 * 3 / 4, 0.5 * 1 / 4, 0.5 * 2 / 4, 0.5 * 2 / 4, 0.5]
    np.testing.assert_allclose(1 / precision, expected)


def test_votes_by_level() -> None:
    truth = simulate(seed=1, units=6, sessions=2, items=8)
    votes = truth.votes
    start, row = levels(votes)
    for v in range(votes.items.size):
        for level, choice in enumerate((2, 1, 0)):
            mine = (votes.item == v) & (votes.choice == choice)
            found = row[start[v, level] : start[v, level + 1]]
            assert found.tolist() == sorted(votes.row[mine].tolist())


@pytest.fixture(scope="module")
def truth() -> Truth:
    return simulate(seed=2, units=25, sessions=4, items=160)


def _start(truth: Truth) -> NDArray[np.float64]:
    unit = truth.votes.unit
    return 2.0 * (unit == truth.poles[0]) - 2.0 * (unit == truth.poles[1])


def test_both_paths_draw_from_the_same_distribution(truth: Truth) -> None:
    runs = [
        bsv_compat(
            truth.votes,
            _start(truth),
            *truth.poles,
            burn=200,
            iterations=1000,
            thin=5,
            backend=backend,
        )
        for backend in ("compiled", "numpy")
    ]
    for run in runs:
        assert np.corrcoef(run.theta, truth.theta)[0, 1] > 0.95
    errors = [run.draws.std(axis=1) / np.sqrt(bulk_ess(run.draws[:, None, :])) for run in runs]
    apart = np.abs(runs[0].theta - runs[1].theta) / np.hypot(*errors)
    assert apart.max() < 5
    widths = [run.draws.std(axis=1).mean() for run in runs]
    assert widths[0] == pytest.approx(widths[1], rel=0.1)
    assert runs[0].acceptance == pytest.approx(runs[1].acceptance, abs=0.02)
    has_both = truth.votes.cutpoints == 2
    slopes = [run.items[has_both, 0] for run in runs]
    assert np.corrcoef(*slopes)[0, 1] > 0.99
    assert np.corrcoef(slopes[0], truth.items[has_both, 0])[0, 1] > 0.9
    assert (runs[0].items[:, 2] >= runs[0].items[:, 1]).all()


def test_threads_do_not_change_the_draws(truth: Truth) -> None:
    one, two = (
        bsv_compat(
            truth.votes,
            _start(truth),
            *truth.poles,
            burn=5,
            iterations=20,
            thin=5,
            seed=4,
            threads=t,
        )
        for t in (1, 2)
    )
    np.testing.assert_array_equal(one.draws, two.draws)
    other = bsv_compat(
        truth.votes, _start(truth), *truth.poles, burn=5, iterations=20, thin=5, seed=5
    )
    assert (one.draws != other.draws).all()


def test_bad_arguments_are_reported_at_once(truth: Truth) -> None:
    with pytest.raises(Problems) as caught:
        bsv_compat(truth.votes, [1.0], 999, truth.poles[1], burn=-1)
    assert len(caught.value.exceptions) == 3


@pytest.fixture(scope="session")
def april(real_data: Path) -> Sample:
    return april_2020(real_data / "unga")


@pytest.mark.slow
def test_a_short_run_is_close_to_the_published_series(april: Sample) -> None:
    """The whole run of 24,000 iterations is a benchmark; 400 of them come close."""
    votes = lay_out(april.state, april.session, april.item, april.choice)
    start = np.array([STARTS.get(int(u), 0.0) for u in votes.unit])
    found = bsv_compat(votes, start, USA, RUSSIA, burn=200, iterations=200, thin=5)
    assert np.corrcoef(found.theta, april.published[:, 3])[0, 1] > 0.97
