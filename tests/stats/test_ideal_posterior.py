"""The sampler's coordinates, its density, and its draws against numerical integration."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr

from multivector.errors import Problems
from multivector.stats import ideal_target
from multivector.stats.diagnostics import bulk_ess, split_rhat
from multivector.stats.ideal_data import lay_out
from multivector.stats.ideal_likelihood import likelihood
from multivector.stats.ideal_point import PointFit, fit
from multivector.stats.ideal_posterior import sample
from multivector.stats.ideal_prior import identify, log_prior, move
from multivector.stats.ideal_target import Target, Whitening
from tests.stats.ideal_simulation import Truth, log_joint, simulate

Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def truth() -> Truth:
    return simulate(seed=3, units=8, sessions=5, items=12, gap=True)


@pytest.fixture(scope="module")
def target(truth: Truth) -> Target:
    return _target(truth, fit(truth.votes, *truth.poles, q=0.1))


def _target(truth: Truth, mode: PointFit) -> Target:
    evaluate = likelihood(truth.votes, "numpy")
    target = Target(truth.votes, evaluate, Whitening(truth.votes, evaluate, mode))
    moving = np.concatenate([np.ones(mode.theta.size), target.white.free.ravel()])
    random = np.random.default_rng(9).normal(size=(moving.size, 2)) * moving[:, None]
    target.white.shorten(np.linalg.qr(random)[0], np.array([3.0, 1.5]))
    return target


def _somewhere(target: Target, seed: int) -> Floats:
    moving = np.concatenate([np.ones(target.votes.unit.size), target.white.free.ravel()])
    return np.random.default_rng(seed).normal(0, 0.3, size=moving.size) * moving


def test_coordinates_open_and_close(target: Target) -> None:
    y = _somewhere(target, 1)
    theta, items = target.white.open(y)
    np.testing.assert_allclose(target.white.close(theta, items), y, atol=1e-9)
    cutpoints = target.votes.cutpoints
    assert (items[cutpoints == 2, 2] > items[cutpoints == 2, 1]).all()
    np.testing.assert_allclose(items[cutpoints == 1, 2], items[cutpoints == 1, 1], rtol=1e-12)


def test_density_is_that_of_the_model(target: Target) -> None:
    """Likelihood, prior on the identifying scale, the orbit's own density, and volumes."""
    votes, q = target.votes, 0.2
    values = []
    for seed in range(4):
        y = _somewhere(target, seed)
        theta, items = target.white.open(y)
        m, s = theta.mean(), theta.std()
        expected = log_joint(votes, theta, items) + log_prior(votes, *identify(theta, items), q)
        with_parameters = (votes.cutpoints > 0).sum()
        expected -= (theta.size - 1 - with_parameters) * np.log(s)
        expected -= 0.5 * target.tightness * (m**2 + np.log(s) ** 2)
        h = 1e-6
        for v in np.flatnonzero(votes.cutpoints == 2):  # volume of the map from x to the gap
            expected -= np.log(_x_per_gap(target, items, v, h))
        values.append(target(y, q)[0] - expected)
    np.testing.assert_allclose(values, values[0], atol=1e-5)


def _x_per_gap(target: Target, items: Floats, v: int, h: float) -> float:
    """Derivative of x with respect to the distance between the cutpoints."""
    ends = []
    for sign in (1, -1):
        moved = items.copy()
        moved[v, 1] -= sign * h
        ends.append(target.white.to_points(moved)[v, 2])
    return (ends[0] - ends[1]) / (2 * h)


def test_gradient_is_finite_differences(target: Target) -> None:
    y = _somewhere(target, 5)
    _, gradient = target(y, 0.2)
    for k in range(y.size):
        up, down = y.copy(), y.copy()
        up[k], down[k] = y[k] + 1e-5, y[k] - 1e-5
        slope = (target(up, 0.2)[0] - target(down, 0.2)[0]) / 2e-5
        assert gradient[k] == pytest.approx(slope, abs=1e-4, rel=1e-5)


def test_long_directions_are_axes_of_the_curvature(monkeypatch: pytest.MonkeyPatch) -> None:
    """Along them the density falls as along a standard normal; they share no direction."""
    monkeypatch.setattr(ideal_target, "LONG", 0.9)
    truth = simulate(seed=12, units=60, sessions=12, items=600, q=0.005)
    mode = fit(truth.votes, *truth.poles, q=0.005, tolerance=1e-6)
    evaluate = likelihood(truth.votes, "compiled", 1)
    target = Target(truth.votes, evaluate, Whitening(truth.votes, evaluate, mode))
    directions, lengths = target.long_directions(0.005)
    assert lengths.size > 2
    np.testing.assert_allclose(directions.T @ directions, np.eye(lengths.size), atol=1e-9)
    target.white.shorten(directions, lengths)
    h = 1e-3
    for k in (0, lengths.size - 1):
        d = directions[:, k]
        ends = [target(sign * h * d, 0.005)[1] @ d for sign in (1, -1)]
        assert (ends[1] - ends[0]) / (2 * h) == pytest.approx(1.0, abs=1e-3)


def test_location_and_scale_are_drawn_without_moving_the_identified_point(target: Target) -> None:
    y = _somewhere(target, 6)
    before = identify(*target.white.open(y))
    new, theta, items = target.refresh(y, np.random.default_rng(1))
    after = identify(*target.white.open(new))
    for a, b, c in zip(before, after, (theta, items), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-9)
        np.testing.assert_allclose(a, c, atol=1e-9)


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
    beta, cut = np.meshgrid(np.linspace(-4.5, 4.5, 61), np.linspace(-20, 20, 241), indexing="ij")
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
        votes, mode, draws=1500, chains=2, warmup=200, seed=2, length=3.0, draw_q=False,
        backend="compiled", threads=1,
    )  # fmt: skip
    theta = drawn.theta.astype(np.float64)
    pairs = [(0, 3), (1, 2), (0, 0), (3, 3)]
    quantities = [theta[i] * theta[j] for i, j in pairs] + [np.abs(drawn.items[0, 0])]
    expected = [density @ (points[:, i] * points[:, j]) for i, j in pairs] + [density @ size]
    for draws, value in zip(quantities, expected, strict=True):
        error = draws.std() / np.sqrt(bulk_ess(draws))
        assert draws.mean() == pytest.approx(value, abs=4 * error)
        assert error < 0.08
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


def test_draws_are_identified_joint_and_repeatable(truth: Truth) -> None:
    mode = fit(truth.votes, *truth.poles)
    runs = [
        sample(truth.votes, mode, draws=20, chains=2, warmup=20, seed=5, length=2.0, threads=t)
        for t in (1, 2)
    ]
    np.testing.assert_array_equal(runs[0].theta, runs[1].theta)
    np.testing.assert_array_equal(runs[0].items, runs[1].items)
    theta = runs[0].theta
    np.testing.assert_allclose(theta.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(theta.std(axis=0), 1, atol=1e-6)
    one = truth.votes.cutpoints == 1
    np.testing.assert_array_equal(runs[0].items[one, 1], runs[0].items[one, 2])
    assert runs[0].q_drawn
    assert (runs[0].q > 0).all()
    assert np.unique(runs[0].q).size == 40


def test_known_q_stays(truth: Truth) -> None:
    mode = fit(truth.votes, *truth.poles, q=0.07)
    drawn = sample(truth.votes, mode, draws=5, chains=1, warmup=5, draw_q=False)
    assert (drawn.q == 0.07).all()


def test_bad_numbers(truth: Truth) -> None:
    mode = fit(truth.votes, *truth.poles)
    with pytest.raises(Problems) as caught:
        sample(truth.votes, mode, draws=0, chains=0, length=-1.0)
    assert len(caught.value.exceptions) == 3


@pytest.mark.slow
def test_intervals_cover_what_they_say() -> None:
    """90 % intervals of ideal points in eight simulated records hold about 90 % of the truth."""
    inside, total = 0, 0
    for seed in range(8):
        truth = simulate(seed=100 + seed, units=40, sessions=5, items=150)
        mode = fit(truth.votes, *truth.poles)
        drawn = sample(truth.votes, mode, draws=250, chains=2, warmup=100, seed=seed, length=6.0)
        assert np.nanmax(split_rhat(drawn.theta)) < 1.06
        low, high = np.quantile(drawn.theta, [0.05, 0.95], axis=(1, 2))
        inside += int(((low <= truth.theta) & (truth.theta <= high)).sum())
        total += truth.theta.size
    assert total == 1600
    assert 0.87 < inside / total < 0.93


def test_moving_is_undone_by_identifying(target: Target) -> None:
    theta, items = identify(*target.white.open(_somewhere(target, 8)))
    again = identify(*move(theta, items, 0.3, 0.5))
    np.testing.assert_allclose(again[0], theta, atol=1e-9)
    np.testing.assert_allclose(again[1], items, atol=1e-9)
