"""Probabilities of votes and the score of votes held out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

from multivector.errors import InputError
from multivector.stats.ideal_data import lay_out
from multivector.stats.ideal_point import fit
from multivector.stats.ideal_score import choice_probabilities, held_out_score
from tests.stats.ideal_simulation import simulate


def test_probabilities_of_each_form() -> None:
    """Items with all levels, without abstentions, without no, and without variation."""
    choice = [0, 1, 2, 2, 0, 0, 2, 2, 1, 1, 2, 2, 2, 2, 2, 2]
    unit, item = np.tile(np.arange(4), 4), np.repeat(np.arange(4), 4)
    votes = lay_out(unit, 0 * unit, item, choice)
    theta = np.array([-1.0, 0.0, 1.0, 2.0])
    items = np.array([[2.0, -1, 0.5], [1, 0.2, 0.2], [1, 0.2, 0.2], [np.nan, np.nan, np.nan]])
    found = choice_probabilities(votes, theta, items, [2, 2, 2, 2], [0, 1, 2, 3])
    k = 0.5 / 5.5  # one of three levels did not occur among four votes
    full = [ndtr(-3.0), ndtr(-1.5) - ndtr(-3.0), ndtr(1.5)]
    low, high = ndtr(0.2 - 1), ndtr(1 - 0.2)
    expected = [
        full,
        [low * (1 - k), k, high * (1 - k)],
        [k, low * (1 - k), high * (1 - k)],
        [k, k, 1 - 2 * k],
    ]
    np.testing.assert_allclose(found, expected, atol=1e-12)
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_draws_are_averaged() -> None:
    votes = lay_out([1, 2, 3], [1, 1, 1], [1, 1, 1], [0, 1, 2])
    theta = np.array([[0.0, 0.4], [1.0, -1.0], [2.0, 2.0]])
    items = np.array([[[1.0, 0.5], [-1.0, 0.0], [1.0, 0.3]]])
    both = choice_probabilities(votes, theta, items, [0, 1], [0, 0])
    each = [
        choice_probabilities(votes, theta[:, k], items[:, :, k], [0, 1], [0, 0]) for k in (0, 1)
    ]
    np.testing.assert_allclose(both, np.mean(each, axis=0), atol=1e-12)


def test_held_out_votes_are_foretold_better_than_by_tallies() -> None:
    truth = simulate(seed=9, units=40, sessions=6, items=200)
    out = np.random.default_rng(1).random(truth.votes.row.size) < 0.1
    part, rest = truth.votes.keep(~out), truth.votes.keep(out)
    fitted = fit(part, *truth.poles)
    score = held_out_score(part, rest, fitted.theta, fitted.items)
    assert score.n == out.sum()
    blind = held_out_score(part, rest, 0 * fitted.theta, fitted.items)
    assert score.log_loss < blind.log_loss - 0.05
    best = held_out_score(part, rest, truth.theta, truth.items)
    assert score.log_loss < best.log_loss + 0.12


def test_shapes_that_do_not_fit() -> None:
    votes = lay_out([1, 2], [1, 1], [1, 1], [0, 2])
    with pytest.raises(InputError, match="same draws"):
        choice_probabilities(votes, np.zeros((2, 3)), np.zeros((1, 3, 2)), [0], [0])
