"""Probabilities of votes under fitted ideal points, and how well they foretell votes held out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from multivector.errors import InputError
from multivector.stats.ideal_data import Floats, Votes, places

UNSEEN = 0.5  # votes that a level counts as having, where it did not occur (Krichevsky-Trofimov)


@dataclass(frozen=True)
class Score:
    """How well probabilities foretell ``n`` votes.

    ``accuracy`` share of votes on the most probable level, 0 to 1; ``log_loss`` mean of −log
    probability, in nats, 0 or more.
    """

    n: int
    accuracy: float
    log_loss: float


def choice_probabilities(
    votes: Votes, theta: ArrayLike, items: ArrayLike, row: ArrayLike, item: ArrayLike
) -> Floats:
    """Probability of no, abstain and yes of given rows on given items.

    P(no) = Φ(a − βθ), P(yes) = Φ(βθ − b), and P(abstain) the rest. A level that did not occur on
    an item among *votes* has no parameter; it gets ½/(n + 3/2) for n votes on the item
    (Krichevsky & Trofimov 1981, doi:10.1109/TIT.1981.1056331), and the others make room.

    Parameters
    ----------
    votes
        The votes to which the ideal points were fitted; they tell which levels occurred.
    theta, items
        Ideal points, shape (rows, …), and β, a, b, shape (items, 3, …): one point, or draws along
        further axes, over which the probabilities are averaged.
    row, item
        Places of the wanted votes among the rows and items, shape (wanted,).

    Returns
    -------
    array, shape (wanted, 3), 0 to 1, each row summing to 1.

    >>> from multivector.stats.ideal_data import lay_out
    >>> votes = lay_out([1, 2], [1, 1], [1, 1], [0, 2])
    >>> p = choice_probabilities(votes, [-1.0, 1.0], [[1.0, 0, 0]], [0, 1], [0, 0])
    >>> p.round(3).tolist()
    [[0.721, 0.143, 0.136], [0.136, 0.143, 0.721]]
    """
    points, parameters = np.asarray(theta), np.asarray(items)
    rows, of = np.asarray(row), np.asarray(item)
    shape = (votes.unit.size, votes.items.size, 3)
    if (points.shape[0], *parameters.shape[:2]) != shape or points.shape[1:] != parameters.shape[
        2:
    ]:
        raise InputError(
            f"Ideal points came with shape {points.shape}, items with {parameters.shape}.",
            f"Possible: ({shape[0]}, …) and ({shape[1]}, 3, …) with the same draws.",
        )
    points = points.reshape(shape[0], -1)
    parameters = parameters.reshape(shape[1], 3, -1)
    total = np.zeros((rows.size, 3))
    for k in range(points.shape[1]):
        beta, lower, upper = parameters[of, :, k].T.astype(np.float64)
        eta = beta * points[rows, k]
        low, high = ndtr(lower - eta), ndtr(eta - upper)
        total += np.stack([low, np.maximum(1 - low - high, 0.0), high], axis=1)
    total /= points.shape[1]
    place = places(votes.seen)[of]
    modelled = np.take_along_axis(total, np.maximum(place, 0), axis=1)
    modelled[votes.cutpoints[of] == 0] = 1.0  # the only level that occurred
    count = np.bincount(votes.item, minlength=shape[1])[of][:, None]
    unseen = np.where(place < 0, UNSEEN / (count + 3 * UNSEEN), 0.0)
    return np.where(place < 0, unseen, modelled * (1 - unseen.sum(axis=1, keepdims=True)))


def held_out_score(
    votes: Votes, held_out: Votes, theta: ArrayLike, items: ArrayLike, floor: float = 1e-9
) -> Score:
    """Accuracy and log-loss on votes that were kept out of the fit.

    Parameters
    ----------
    votes, held_out
        Two parts of the same votes, from :meth:`~multivector.stats.ideal_data.Votes.keep`: what
        was fitted and what was not.
    theta, items
        As in :func:`choice_probabilities`.
    floor
        Smallest probability counted, so that rounding to 0 costs something finite.

    >>> from multivector.stats.ideal_data import lay_out
    >>> votes = lay_out([1, 2, 3], [1, 1, 1], [1, 1, 1], [0, 2, 2])
    >>> part, rest = votes.keep([True, True, False]), votes.keep([False, False, True])
    >>> score = held_out_score(part, rest, [-1.0, 1.0, 1.0], [[1.0, 0, 0]])
    >>> score.n, score.accuracy, round(score.log_loss, 4)
    (1, 1.0, 0.3269)
    """
    p = choice_probabilities(votes, theta, items, held_out.row, held_out.item)
    chosen = p[np.arange(len(p)), held_out.choice]
    return Score(
        n=len(p),
        accuracy=float((p.argmax(axis=1) == held_out.choice).mean()),
        log_loss=float(-np.log(np.maximum(chosen, floor)).mean()),
    )
