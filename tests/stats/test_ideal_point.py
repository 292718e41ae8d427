"""Data layout, likelihood, priors and posterior mode of the ideal-point model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from multivector.errors import InputError, MultivectorError, NoConvergence, Problems
from multivector.stats import ideal_likelihood
from multivector.stats.ideal_data import Floats, Votes, lay_out, places
from multivector.stats.ideal_likelihood import likelihood
from multivector.stats.ideal_point import PointFit, carry_over, fit
from multivector.stats.ideal_prior import (
    banded_covariance,
    identify,
    log_prior,
    move,
    prior_gradient,
    walk_precision,
)
from tests.stats.ideal_sample import RUSSIA, USA, Sample, april_2020
from tests.stats.ideal_simulation import log_joint, simulate


@pytest.fixture(scope="session")
def april(real_data: Path) -> Sample:
    return april_2020(real_data / "unga")


@pytest.fixture
def small() -> Votes:
    return simulate(seed=3, units=8, sessions=5, items=12, gap=True).votes


def point(votes: Votes, seed: int = 0) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    items = rng.normal(size=(votes.items.size, 3))
    items[:, 1:] = np.sort(items[:, 1:], axis=1)
    items[votes.cutpoints < 2, 2] = items[votes.cutpoints < 2, 1]
    return rng.normal(size=votes.unit.size), items


class TestLayout:
    def test_rows_are_units_in_sessions_and_elapsed_counts_sessions(self) -> None:
        votes = lay_out([2, 1, 1, 2, 1], [7, 5, 9, 7, 4], [1, 1, 2, 2, 3], [0, 2, 1, 2, 0])
        assert votes.unit.tolist() == [1, 1, 1, 2]
        assert votes.session.tolist() == [4, 5, 9, 7]
        np.testing.assert_array_equal(votes.elapsed, [np.nan, 1, 4, np.nan])

    def test_every_vote_is_found_where_its_place_says(self, small: Votes) -> None:
        for v in range(small.items.size):
            seen = sorted({int(c) for c in small.choice[small.item == v]})
            for i in range(small.start[v, 0], small.start[v, 3]):
                level = seen.index(int(small.choice[i]))
                expected = {1: 1, 2: 2 * level, 3: level}[len(seen)]
                place = int(np.searchsorted(small.start[v, 1:], i, side="right"))
                assert place == expected
                assert small.item[i] == v

    def test_places_of_reduced_forms(self) -> None:
        seen = np.array([[1, 1, 1], [1, 0, 1], [0, 1, 1], [1, 1, 0], [0, 0, 1]], dtype=bool)
        expected = [[0, 1, 2], [0, -1, 2], [-1, 0, 2], [0, 2, -1], [-1, -1, 1]]
        assert places(seen).tolist() == expected

    def test_keep_has_the_same_rows_and_items(self, small: Votes) -> None:
        kept = np.random.default_rng(1).random(small.row.size) < 0.6
        part = small.keep(kept)
        assert part.row.size == kept.sum()
        assert part.items.size == small.items.size
        assert part.unit.size == small.unit.size
        position = np.argsort(small.order)
        expected = sorted(zip(small.item[position][kept], small.row[position][kept], strict=True))
        assert sorted(zip(part.item, part.row, strict=True)) == expected

    def test_bridged_items_are_one_item(self) -> None:
        votes = lay_out([1, 1, 2, 2], [1, 2, 1, 2], [9, 9, 9, 9], [0, 2, 2, 0])
        assert votes.items.tolist() == [9]
        assert votes.cutpoints.tolist() == [1]

    def test_all_problems_are_reported_at_once(self) -> None:
        with pytest.raises(Problems) as caught:
            lay_out([1, 2], [1.0, np.nan], [0.5, 1.0], [3, 8])
        assert len(caught.value.exceptions) == 3

    @pytest.mark.parametrize("choice", [[0], [], [[0, 1], [1, 2]]])
    def test_bad_shapes(self, choice: list[int]) -> None:
        with pytest.raises(MultivectorError):
            lay_out([1, 2], [1, 1], [1, 1], choice)

    def test_two_votes_of_a_unit_on_an_item_in_a_session(self) -> None:
        with pytest.raises(InputError, match="two votes"):
            lay_out([1, 1], [1, 1], [1, 1], [0, 2])


class TestLikelihood:
    def test_value_is_that_of_the_definition(self, small: Votes) -> None:
        theta, items = point(small)
        evaluate = likelihood(small, "numpy")
        expected = pytest.approx(log_joint(small, theta, items), abs=1e-9)
        assert evaluate.by_item(theta, items).value.sum() == expected
        assert evaluate.by_row(theta, items).value.sum() == expected

    def test_derivatives_are_finite_differences(self, small: Votes) -> None:
        theta, items = point(small)
        evaluate = likelihood(small, "numpy")
        of_rows, of_items = evaluate.by_row(theta, items), evaluate.by_item(theta, items)
        h = 1e-5
        for r in range(theta.size):
            up, down = theta.copy(), theta.copy()
            up[r], down[r] = theta[r] + h, theta[r] - h
            value = (log_joint(small, up, items) - log_joint(small, down, items)) / (2 * h)
            assert of_rows.gradient[r] == pytest.approx(value, abs=1e-5, rel=1e-6)
            ends = [evaluate.by_row(t, items).gradient[r] for t in (up, down)]
            assert of_rows.curvature[r] == pytest.approx(
                (ends[1] - ends[0]) / (2 * h), abs=1e-5, rel=1e-6
            )
        pairs = {(0, 0): 0, (0, 1): 1, (0, 2): 2, (1, 1): 3, (1, 2): 4, (2, 2): 5}
        for v in np.flatnonzero(small.cutpoints == 2):
            for (j, k), place in pairs.items():
                up, down = items.copy(), items.copy()
                up[v, k] += h
                down[v, k] -= h
                ends = [evaluate.by_item(theta, x).gradient[v, j] for x in (up, down)]
                value = (ends[0] - ends[1]) / (2 * h)
                assert of_items.hessian[v, place] == pytest.approx(value, abs=1e-5, rel=1e-6)
                if j == k:
                    ends = [log_joint(small, theta, x) for x in (up, down)]
                    value = (ends[0] - ends[1]) / (2 * h)
                    assert of_items.gradient[v, k] == pytest.approx(value, abs=1e-5, rel=1e-6)

    @pytest.mark.parametrize("spread", [1.0, 8.0])
    def test_compiled_is_numpy(self, small: Votes, spread: float) -> None:
        theta, items = point(small)
        theta = spread * theta
        some = np.array([0, 3, 4, 17])
        slow, fast, shared = (
            [one.by_item(theta, items), one.by_row(theta, items), one.by_row(theta, items, some)]
            for one in (
                likelihood(small, "numpy"),
                likelihood(small, "compiled", 1),
                likelihood(small, "compiled", 2),
            )
        )
        for x, y, z in zip(slow, fast, shared, strict=True):
            for name in vars(x):
                a, b = getattr(x, name), getattr(y, name)
                np.testing.assert_allclose(a, b, rtol=1e-6, atol=2e-6, err_msg=name)
                np.testing.assert_array_equal(b, getattr(z, name))
        np.testing.assert_array_equal(fast[1].value[some], fast[2].value)

    def test_without_a_compiler_it_warns_and_works(
        self, small: Votes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(votes: Votes, threads: int) -> None:
            raise OSError("no compiler")

        monkeypatch.setattr(ideal_likelihood, "_Compiled", broken)
        with pytest.warns(RuntimeWarning, match="no compiler"):
            evaluate = likelihood(small)
        theta, items = point(small)
        value = evaluate.by_item(theta, items).value.sum()
        assert value == pytest.approx(log_joint(small, theta, items))
        with pytest.raises(OSError, match="no compiler"):
            likelihood(small, "compiled")


class TestPrior:
    def test_walk_precision_is_the_inverse_of_the_covariance(self, small: Votes) -> None:
        q = 0.3
        banded = walk_precision(small, q)
        full = np.diag(banded[1]) + np.diag(banded[0, 1:], 1) + np.diag(banded[0, 1:], -1)
        same = small.unit[:, None] == small.unit
        start = dict(zip(small.unit[::-1], small.session[::-1], strict=True))
        since = small.session - np.array([start[u] for u in small.unit])
        covariance = np.where(same, 1 + q * np.minimum(since[:, None], since), 0.0)
        np.testing.assert_allclose(np.linalg.inv(full), covariance, atol=1e-9)
        variance, beside = banded_covariance(banded)
        np.testing.assert_allclose(variance, np.diag(covariance), atol=1e-9)
        np.testing.assert_allclose(beside[1:], np.diag(covariance, 1), atol=1e-9)

    def test_moving_changes_no_probability(self, small: Votes) -> None:
        theta, items = point(small)
        moved = move(theta, items, 0.7, 2.5)
        assert log_joint(small, *moved) == pytest.approx(log_joint(small, theta, items), abs=1e-8)
        theta, items = identify(*moved)
        assert theta.mean() == pytest.approx(0, abs=1e-12)
        assert theta.std() == pytest.approx(1, abs=1e-12)

    def test_gradient_is_that_of_the_identified_point(self, small: Votes) -> None:
        theta, items = identify(*point(small))
        g_theta, g_items = prior_gradient(small, theta, items, 0.2)
        rng = np.random.default_rng(5)
        for _ in range(5):
            d = rng.normal(size=theta.size)
            ends = [log_prior(small, *identify(theta + h * d, items), 0.2) for h in (1e-5, -1e-5)]
            assert g_theta @ d == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-5)
            e = rng.normal(size=items.shape)
            ends = [log_prior(small, theta, items + h * e, 0.2) for h in (1e-5, -1e-5)]
            assert (g_items * e).sum() == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-5)


class TestFit:
    def test_recovers_simulated_ideal_points(self) -> None:
        truth = simulate(seed=1, units=40, sessions=8, items=400)
        fitted = fit(truth.votes, *truth.poles)
        assert np.corrcoef(fitted.theta, truth.theta)[0, 1] > 0.98
        assert fitted.theta.mean() == pytest.approx(0, abs=1e-12)
        assert fitted.theta.std() == pytest.approx(1, abs=1e-12)
        assert 0.4 < fitted.q / truth.q < 2.5
        assert fitted.q_estimated

    def test_is_a_stationary_point_of_the_posterior(self, small: Votes) -> None:
        fitted = fit(small, *_poles(small), q=0.1, tolerance=1e-10, max_sweeps=3000)
        has = small.cutpoints > 0
        assert np.isnan(fitted.items[~has]).all()
        items = np.where(has[:, None], fitted.items, 0.0)

        def density(theta: Floats, items: Floats) -> float:
            value = log_joint(small, theta, items)
            return value + log_prior(small, *identify(theta, items), 0.1)

        best = density(fitted.theta, items)
        assert fitted.log_posterior == pytest.approx(best, abs=1e-6)
        rng = np.random.default_rng(2)
        for _ in range(200):
            h = 10 ** rng.uniform(-3, -1)
            step = h * rng.normal(size=items.shape)
            step[small.cutpoints == 1, 2] = step[small.cutpoints == 1, 1]
            step[~has] = 0.0
            moved = density(fitted.theta + h * rng.normal(size=fitted.theta.size), items + step)
            assert moved < best or np.isnan(moved)

    def test_cold_and_warm_start_reach_the_same_mode(self) -> None:
        truth = simulate(seed=2, units=30, sessions=6, items=200)
        cold = fit(truth.votes, *truth.poles, tolerance=1e-9)
        items = np.full_like(cold.items, np.nan)
        away = replace(cold, theta=truth.theta, items=items, q=0.5)
        warm = fit(truth.votes, *truth.poles, start=away, tolerance=1e-9)
        np.testing.assert_allclose(warm.theta, cold.theta, atol=1e-6)
        np.testing.assert_allclose(warm.items, cold.items, atol=1e-5)
        assert warm.q == pytest.approx(cold.q, rel=1e-5)

    def test_numpy_and_compiled_reach_the_same_mode(self) -> None:
        truth = simulate(seed=4, units=20, sessions=4, items=80)
        slow = fit(truth.votes, *truth.poles, backend="numpy", tolerance=1e-8)
        fast = fit(truth.votes, *truth.poles, backend="compiled", tolerance=1e-8)
        np.testing.assert_allclose(slow.theta, fast.theta, atol=1e-5)

    def test_new_sessions_update_an_earlier_fit(self) -> None:
        truth = simulate(seed=5, units=30, sessions=6, items=240)
        old_votes = _until(truth.votes, 4)
        old = fit(old_votes, *truth.poles, tolerance=1e-8)
        start = carry_over(old, old_votes, truth.votes)
        assert np.isnan(start.theta).sum() == (truth.votes.session > 4).sum()
        warm = fit(truth.votes, *truth.poles, start=start, tolerance=1e-8)
        cold = fit(truth.votes, *truth.poles, tolerance=1e-8)
        np.testing.assert_allclose(warm.theta, cold.theta, atol=1e-5)

    def test_the_poles_set_the_direction(self) -> None:
        truth = simulate(seed=6, units=20, sessions=3, items=100)
        up, down = truth.poles
        one = fit(truth.votes, up, down, tolerance=1e-8)
        other = fit(truth.votes, down, up, tolerance=1e-8)
        np.testing.assert_allclose(one.theta, -other.theta, atol=1e-5)

    def test_too_few_sweeps(self, small: Votes) -> None:
        with pytest.raises(NoConvergence, match="changed by"):
            fit(small, *_poles(small), max_sweeps=2, tolerance=1e-12)

    def test_bad_arguments_are_reported_at_once(self, small: Votes) -> None:
        start = PointFit(np.zeros(1), np.zeros((1, 3)), 1.0, False, 0.0, 1, 0.0, 1, 2)
        with pytest.raises(Problems) as caught:
            fit(small, 99, 98, q=-1.0, start=start)
        assert len(caught.value.exceptions) == 4


@pytest.mark.real
class TestApril2020:
    def test_sample_is_the_published_one(self, april: Sample) -> None:
        assert april.item.size == 797_473
        key = april.state * 1000 + april.session
        rows, counts = np.unique(key, return_counts=True)
        published = april.published
        np.testing.assert_array_equal(rows, published[:, 0] * 1000 + published[:, 1])
        np.testing.assert_array_equal(counts, published[:, 2])
        items, index = np.unique(april.item, return_inverse=True)
        tallies = [np.bincount(index, april.choice == c) for c in (2, 1, 0)]
        np.testing.assert_array_equal(np.stack([items, *tallies], axis=1), april.tallies)
        assert items.size == 4_784
        assert rows.size == 10_469

    @pytest.mark.slow
    def test_mode_of_the_full_sample(self, april: Sample) -> None:
        votes = lay_out(april.state, april.session, april.item, april.choice)
        cold = fit(votes, USA, RUSSIA, tolerance=1e-7)
        nothing = np.full((votes.items.size, 3), np.nan)
        published = replace(cold, theta=april.published[:, 3], items=nothing)
        warm = fit(votes, USA, RUSSIA, start=published, tolerance=1e-7)
        np.testing.assert_allclose(warm.theta, cold.theta, atol=1e-4)
        assert np.corrcoef(cold.theta, april.published[:, 3])[0, 1] > 0.95


def _poles(votes: Votes) -> tuple[int, int]:
    mean = np.bincount(votes.unit[votes.row], votes.choice) / np.bincount(votes.unit[votes.row])
    return int(mean.argmax()), int(mean.argmin())


def _until(votes: Votes, session: int) -> Votes:
    kept: NDArray[np.bool_] = votes.session[votes.row] <= session
    row, item, choice = votes.row[kept], votes.item[kept], votes.choice[kept].astype(np.int64)
    return lay_out(votes.unit[row], votes.session[row], votes.items[item], choice)
