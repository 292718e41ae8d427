"""The sampler's density and moves, and its draws against integration and a plain sampler."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr

from multivector.errors import Problems
from multivector.stats.diagnostics import bulk_ess, split_rhat
from multivector.stats.ideal_blocks import ItemUpdate, ThetaUpdate
from multivector.stats.ideal_data import Votes, lay_out
from multivector.stats.ideal_likelihood import likelihood
from multivector.stats.ideal_point import PointFit, fit
from multivector.stats.ideal_posterior import sample
from multivector.stats.ideal_prior import identify, log_prior
from multivector.stats.ideal_sessions import SessionMove, _Point
from multivector.stats.ideal_totals import (
    accept_in_turn,
    item_totals,
    log_prior_and_slopes,
    sizes,
    theta_totals,
)
from tests.stats.ideal_simulation import Truth, log_joint, simulate

Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def truth() -> Truth:
    """Eight units, five sessions with a gap; two of twelve items bridge sessions."""
    return simulate(seed=3, units=8, sessions=5, items=12, gap=True)


@pytest.fixture(scope="module")
def mode(truth: Truth) -> PointFit:
    return fit(truth.votes, *truth.poles, q=0.1)


def somewhere(votes: Votes, seed: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    items = rng.normal(size=(votes.items.size, 3))
    items[:, 1:] = np.sort(items[:, 1:], axis=1)
    items[votes.cutpoints < 2, 2] = items[votes.cutpoints < 2, 1]
    return rng.normal(0.1, 0.9, size=votes.unit.size), items


def log_density(votes: Votes, theta: Floats, items: Floats, q: float) -> float:
    """Likelihood, prior on the identifying scale, and the density of location and scale."""
    m, s = theta.mean(), theta.std()
    value = log_joint(votes, theta, items) + log_prior(votes, *identify(theta, items), q)
    value -= (theta.size - 1 - (votes.cutpoints > 0).sum()) * np.log(s)
    return value - 0.5 * (m**2 + np.log(s) ** 2) / sizes(votes).spread ** 2


def of_totals(votes: Votes, theta: Floats, items: Floats, q: float) -> float:
    totals = theta_totals(votes, theta), item_totals(votes, items)
    return log_prior_and_slopes(*totals, q, sizes(votes))[0]


def test_totals_give_the_prior_of_the_identified_point(truth: Truth) -> None:
    votes = truth.votes
    apart = []
    for seed in range(3):
        theta, items = somewhere(votes, seed)
        expected = log_density(votes, theta, items, 0.2) - log_joint(votes, theta, items)
        apart.append(of_totals(votes, theta, items, 0.2) - expected)
    np.testing.assert_allclose(apart, apart[0], atol=1e-8)


def test_slopes_by_the_totals_are_finite_differences(truth: Truth) -> None:
    theta, items = somewhere(truth.votes, 1)
    of_theta, of_items = theta_totals(truth.votes, theta), item_totals(truth.votes, items)
    size = sizes(truth.votes)
    _, by_theta, by_items = log_prior_and_slopes(of_theta, of_items, 0.2, size)
    h = 1e-5
    for k, slope in enumerate(np.concatenate([by_theta, by_items])):
        ends = []
        for sign in (h, -h):
            x = np.concatenate([of_theta, of_items])
            x[k] += sign
            ends.append(log_prior_and_slopes(x[:5], x[5:], 0.2, size)[0])
        assert slope == pytest.approx((ends[0] - ends[1]) / (2 * h), rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("compiled", [False, True])
def test_blocks_are_accepted_by_the_density_of_all(truth: Truth, compiled: bool) -> None:
    """The loop over totals decides as the whole density does, block after block."""
    from multivector.stats import ideal_kernels

    votes, q = truth.votes, 0.2
    theta, items = somewhere(votes, 2)
    update = ThetaUpdate(votes, likelihood(votes, "numpy"), accept_in_turn)
    rng = np.random.default_rng(3)
    rows, start = np.array([0, 1, 4, 9, 10, 11, 39]), np.array([0, 2, 3, 6])
    proposed = theta.copy()
    proposed[rows] += rng.normal(0, 0.2, size=rows.size)
    ratio, log_uniform = rng.normal(size=4), np.log(rng.uniform(size=4))
    accepted, probability = np.zeros(4, dtype=bool), np.zeros(4)
    totals = theta_totals(votes, theta)
    (ideal_kernels.accept if compiled else accept_in_turn)(
        totals,
        item_totals(votes, items),
        update._change(theta, proposed, rows, start),
        ratio,
        log_uniform,
        q,
        tuple(sizes(votes)),
        accepted,
        probability,
    )
    x = theta.copy()
    for k, block in enumerate(np.split(rows, start[1:])):
        y = x.copy()
        y[block] = proposed[block]
        change = ratio[k] + of_totals(votes, y, items, q) - of_totals(votes, x, items, q)
        assert probability[k] == pytest.approx(np.exp(min(0, change)), rel=1e-7)
        assert accepted[k] == (log_uniform[k] < change)
        x = y if accepted[k] else x
    assert accepted.any()
    assert not accepted.all()
    np.testing.assert_allclose(totals, theta_totals(votes, x), atol=1e-9)


def test_moving_sessions_has_the_density_and_gradient_of_the_model(truth: Truth) -> None:
    """Against the model written out vote by vote, with the volume of the move's coordinates."""
    votes, q = truth.votes, 0.2
    move = SessionMove(votes, "numpy")
    assert move.bridged.size == 2
    theta, items = somewhere(votes, 4)
    items[votes.cutpoints == 0] = 0.0
    point = _Point(move, theta, items, q)

    def expected(x: Floats) -> float:
        moved, beta, cut = point.opened(x)
        value = log_density(votes, moved, np.concatenate([beta, cut], axis=1), q)
        log_sigma = x[move.t :]
        volume = (move.rows - 1) @ log_sigma - move.of_items(log_sigma)[votes.cutpoints > 0].sum()
        return value + volume

    rng = np.random.default_rng(5)
    places = [point.x + 0.1 * k * rng.normal(size=point.x.size) for k in range(3)]
    apart = [move.density(point, x)[0] - expected(x) for x in places]
    np.testing.assert_allclose(apart, apart[0], atol=1e-8)
    gradient = move.density(point, places[1])[1]
    for k, e in enumerate(1e-5 * np.eye(point.x.size)):
        slope = (expected(places[1] + e) - expected(places[1] - e)) / 2e-5
        assert gradient[k] == pytest.approx(slope, rel=1e-5, abs=1e-4)
    opened = point.opened(point.x)
    np.testing.assert_allclose(opened[0], theta, atol=1e-12)
    np.testing.assert_allclose(np.concatenate(opened[1:], axis=1), items, atol=1e-12)


def test_a_session_of_one_unit_has_no_scale_of_its_own() -> None:
    votes = lay_out([1, 2, 3, 1, 2, 3, 1, 1], [1, 1, 1, 1, 1, 1, 2, 2], [1, 1, 1, 2, 2, 2, 1, 2],
                    [0, 2, 2, 0, 0, 2, 2, 0])  # fmt: skip
    mode = fit(votes, 3, 1, q=0.1, backend="numpy")
    drawn = sample(votes, mode, draws=20, chains=1, warmup=20, draw_q=False, backend="numpy")
    assert np.isfinite(drawn.theta).all()
    assert drawn.theta[:, 0].std(axis=1).min() > 0


def test_draws_agree_with_numerical_integration() -> None:
    """Four voters, six items with two choices: θ lies on a sphere, each item on a plane.

    With mean 0 and standard deviation 1 the four ideal points lie on a sphere of three
    dimensions, where their prior is uniform; given them, each item's β and cutpoint are
    integrated on a grid.
    """
    choices = [[0, 0, 2, 2], [0, 2, 2, 2], [2, 0, 0, 2], [0, 0, 0, 2], [0, 2, 0, 2], [2, 0, 2, 2]]
    unit = np.tile(np.arange(4), 6)
    item = np.repeat(np.arange(6), 4)
    votes = lay_out(unit, 0 * unit, item, np.ravel(choices))
    points, weights = _sphere()
    beta, cut = np.meshgrid(np.linspace(-4.5, 4.5, 31), np.linspace(-20, 20, 81), indexing="ij")
    prior = np.exp(-0.5 * beta**2 - cut**2 / 50).ravel()
    p_no = ndtr(cut.ravel()[:, None, None] - beta.ravel()[:, None, None] * points)
    density = weights.copy()
    size = np.zeros(len(points))  # E|β| of the first item given θ
    for k, choice in enumerate(choices):
        p = np.where(np.equal(choice, 0), p_no, 1 - p_no).prod(axis=-1)
        mass = prior @ p
        if k == 0:
            size = (prior * np.abs(beta.ravel())) @ p / mass
        density *= mass
    density /= density.sum()

    mode = fit(votes, 3, 0, backend="numpy", tolerance=1e-4, q=0.1)
    drawn = sample(
        votes, mode, draws=1000, chains=2, warmup=100, seed=2, draw_q=False,
        keep_items=True, threads=1,
    )  # fmt: skip
    assert drawn.items is not None
    theta = drawn.theta.astype(np.float64)
    pairs = [(0, 3), (1, 2), (0, 0), (3, 3)]
    quantities = [theta[i] * theta[j] for i, j in pairs] + [np.abs(drawn.items[0, 0])]
    expected = [density @ (points[:, i] * points[:, j]) for i, j in pairs] + [density @ size]
    for draws, value in zip(quantities, expected, strict=True):
        error = draws.std() / np.sqrt(bulk_ess(draws))
        assert draws.mean() == pytest.approx(value, abs=4 * error)
        assert error < 0.1
    assert (theta[3] >= theta[0]).all()


def _sphere() -> tuple[Floats, Floats]:
    """Points of mean 0 and sd 1 in four dimensions, and the area that each stands for."""
    height, angle = np.meshgrid(
        np.linspace(-1, 1, 24, endpoint=False) + 1 / 24, np.linspace(0, 2 * np.pi, 48)[:-1]
    )
    h, a = height.ravel(), angle.ravel()
    ball = np.stack([np.sqrt(1 - h * h) * np.cos(a), np.sqrt(1 - h * h) * np.sin(a), h], axis=1)
    across = np.array([[1, -1, 0, 0], [1, 1, -2, 0], [1, 1, 1, -3]]) / np.sqrt([[2], [6], [12]])
    return 2 * ball @ across, np.full(h.size, 1 / h.size)


def test_draws_are_identified_joint_and_repeatable(truth: Truth, mode: PointFit) -> None:
    done: list[tuple[int, int]] = []
    runs = [
        sample(
            truth.votes, mode, draws=20, chains=2, warmup=20, seed=5, keep_items=True, threads=t,
            progress=lambda *count: done.append(count),
        )
        for t in (1, 2)
    ]  # fmt: skip
    assert sorted(done) == sorted([(k + 1, 80) for k in range(80)] * 2)
    one, two = (run.items for run in runs)
    assert one is not None
    assert two is not None
    np.testing.assert_array_equal(runs[0].theta, runs[1].theta)
    np.testing.assert_array_equal(one, two)
    theta = runs[0].theta
    np.testing.assert_allclose(theta.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(theta.std(axis=0), 1, atol=1e-6)
    single = truth.votes.cutpoints == 1
    np.testing.assert_array_equal(one[single, 1], one[single, 2])
    assert np.isnan(one[truth.votes.cutpoints == 0]).all()
    assert runs[0].q_drawn
    assert (runs[0].q > 0).all()
    assert np.unique(runs[0].q).size == 40


def test_both_backends_draw_the_same(truth: Truth, mode: PointFit) -> None:
    """The two differ by rounding, which a few sweeps do not magnify."""
    one, two = (
        sample(truth.votes, mode, draws=3, chains=1, warmup=0, seed=1, backend=backend)
        for backend in ("compiled", "numpy")
    )
    np.testing.assert_allclose(one.theta, two.theta, atol=1e-4)
    assert one.items is None


def test_known_q_stays(truth: Truth) -> None:
    mode = fit(truth.votes, *truth.poles, q=0.07)
    drawn = sample(truth.votes, mode, draws=5, chains=1, warmup=5, draw_q=False)
    assert (drawn.q == 0.07).all()


def test_items_learn_their_curvature_in_the_warm_up_only(truth: Truth, mode: PointFit) -> None:
    items = np.where(truth.votes.cutpoints[:, None] > 0, mode.items, 0.0)
    update = ItemUpdate(truth.votes, likelihood(truth.votes, "numpy"), mode.theta, items)
    before = update.spread.copy()
    update(mode.theta, items, np.random.default_rng(1))
    assert update.seen == 0
    update.learning = True
    update(mode.theta, items, np.random.default_rng(1))
    assert update.seen == 2
    np.testing.assert_array_equal(update.spread, before)
    update.settle()
    assert (update.spread != before).any()


def test_bad_numbers(truth: Truth, mode: PointFit) -> None:
    with pytest.raises(Problems) as caught:
        sample(truth.votes, mode, draws=0, chains=0, thin=0)
    assert len(caught.value.exceptions) == 3


def test_intervals_cover_what_they_say() -> None:
    """90 % intervals of ideal points in two simulated records hold about 90 % of the truth.

    The error of the share is about .04, ideal points of a unit moving together. The benchmark
    ``ideal_posterior`` prints the share in a larger simulation.
    """
    inside, total = 0, 0
    for seed in range(2):
        truth = simulate(seed=100 + seed, units=30, sessions=4, items=100)
        mode = fit(truth.votes, *truth.poles)
        drawn = sample(truth.votes, mode, draws=250, chains=2, warmup=60, seed=seed, thin=2)
        assert np.nanmax(split_rhat(drawn.theta)) < 1.25
        low, high = np.quantile(drawn.theta, [0.05, 0.95], axis=(1, 2))
        inside += int(((low <= truth.theta) & (truth.theta <= high)).sum())
        total += truth.theta.size
    assert total == 240
    assert 0.82 < inside / total < 0.97
