"""Where two parties vote opposite: how often others abstain, and on whose side they vote.

A split vote is an item on which party A says yes and party B no, or the reverse. Positions use
the codes of :mod:`multivector.stats.agreement`. On the split votes let a and b be the numbers of a
state's votes with A and with B and n its abstentions; absences are counted apart and never mixed
with abstentions. Evenness is not neutrality: it is highest for members of an alliance whose votes
happen to divide. Neutrality is a matter of the distance, on a set of votes where sides are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multivector.errors import InputError
from multivector.stats.agreement import (
    ABSENT,
    ABSTAIN,
    NO,
    UNRECORDED,
    YES,
    check_positions,
    check_weights,
)
from multivector.stats.summaries import Floats, ratio


@dataclass(frozen=True)
class SplitCounts:
    """Votes of every state on the split votes of two parties.

    Fields have shape (…, states), where … is empty or the bootstrap draws, and count items (or
    their weight); the two parties' own columns are NaN, since no one is placed on one's own divide.
    ``absent`` counts recorded absences of members; ``unrecorded`` counts items where the record
    does not tell absence from non-membership, so true absences lie between ``absent`` and
    ``absent + unrecorded``. ``items`` is the number (weight) of split votes, shape (…).
    """

    with_a: Floats
    with_b: Floats
    abstaining: Floats
    absent: Floats
    unrecorded: Floats
    items: Floats


def split_items(votes: ArrayLike, a: int, b: int) -> NDArray[np.bool_]:
    """Items on which one party voted yes and the other no.

    Parameters
    ----------
    votes
        Integer codes, shape (states, items).
    a, b
        Rows of the two parties.

    Returns
    -------
    bool array, shape (items,).

    Raises
    ------
    InputError
        Unknown codes, a wrong shape, or parties that are not two different rows.

    >>> split_items([[YES, NO, ABSENT], [NO, NO, NO]], 0, 1).tolist()
    [True, False, False]
    """
    codes = check_positions(votes)
    states = codes.shape[0]
    if a == b or not (0 <= a < states and 0 <= b < states):
        raise InputError(
            f"The parties are rows {a} and {b} of {states} states.",
            f"Possible: two different rows, 0 to {states - 1}.",
        )
    yes, no = codes == YES, codes == NO
    return (yes[a] & no[b]) | (no[a] & yes[b])


def split_counts(votes: ArrayLike, a: int, b: int, weights: ArrayLike | None = None) -> SplitCounts:
    """Count every state's votes with A, with B, abstentions and absences on their split votes.

    Parameters
    ----------
    votes
        Integer codes, shape (states, items).
    a, b
        Rows of the two parties.
    weights
        Weights of all items, shape (items,) or (draws, items), for instance from
        :func:`multivector.stats.summaries.family_weights`; 1 by default.

    Returns
    -------
    SplitCounts with fields of shape (states,) or (draws, states).

    Raises
    ------
    InputError
        As :func:`split_items`; weights of another shape, negative or missing.

    >>> counts = split_counts([[YES, NO, NO], [NO, YES, NO], [YES, ABSTAIN, NO]], 0, 1)
    >>> [float(n[2]) for n in (counts.with_a, counts.with_b, counts.abstaining)]
    [1.0, 0.0, 1.0]
    """
    codes, side, w = _on_split(votes, a, b, weights)

    def count(where: NDArray[np.bool_]) -> Floats:
        total = w @ where.T.astype(np.float64)
        total[..., [a, b]] = np.nan
        return total

    return SplitCounts(
        with_a=count(side == 1),
        with_b=count(side == -1),
        abstaining=count(codes == ABSTAIN),
        absent=count(codes == ABSENT),
        unrecorded=count(codes == UNRECORDED),
        items=np.asarray(w.sum(axis=-1)),
    )


def distance(with_a: ArrayLike, with_b: ArrayLike, abstaining: ArrayLike) -> Floats:
    """Distance D from both parties: the share of abstentions among positions on their splits.

    D = n / (a + b + n), 0 (always takes a side) to 1 (always abstains); NaN without a position.
    Shapes broadcast. Over all votes where two powers split, D still follows the agenda.

    >>> round(float(distance(539, 33, 36)), 6)
    0.059211
    """
    a, b, n = _floats(with_a, with_b, abstaining)
    return ratio(n, a + b + n)


def excess_distance(
    votes: ArrayLike, expected: ArrayLike, weights: ArrayLike, *, absent_sides: bool = False
) -> Floats:
    """Abstentions beyond those expected, as a share of positions.

    E = Σ_v ([abstains on v] − p_v) / n over the n items on which the state took a position and p
    is known: the distance D less the mean probability of an abstention on those very items.

    Parameters
    ----------
    votes
        Integer codes, shape (states, items).
    expected
        Probability p of an abstention, shape (states, items); NaN where it is not known.
    weights
        Weights of items, shape (draws, items).
    absent_sides
        Whether an absence is a position that is no abstention.

    Returns
    -------
    array, shape (draws, states), −1 to 1; NaN without a position.

    >>> excess_distance([[ABSTAIN, YES, NO]], [[0.25, 0.5, np.nan]], [[1, 1, 1]]).tolist()
    [[0.125]]
    """
    codes, p = check_positions(votes), np.asarray(expected, dtype=np.float64)
    if p.shape != codes.shape:
        raise InputError(
            f"{codes.shape} votes came with {p.shape} probabilities.", "One for each vote."
        )
    w = check_weights(weights, codes.shape[1])
    taken = (YES, NO, ABSTAIN, ABSENT) if absent_sides else (YES, NO, ABSTAIN)
    counts = np.isin(codes, taken) & np.isfinite(p)
    beyond = np.where(counts, (codes == ABSTAIN) - p, 0.0)
    return ratio(w @ beyond.T, w @ counts.T.astype(np.float64))


def lean(with_a: ArrayLike, with_b: ArrayLike) -> Floats:
    """Signed lean SB towards A on the split votes where the state took a side.

    SB = (a − b) / (a + b), −1 (always with B) to 1 (always with A); NaN without a side taken. The
    share siding with A is (1 + SB)/2. Shapes broadcast. Its level follows the agenda of the
    period: compare with :func:`adjusted_lean`.

    >>> round(float(lean(10, 34)), 6)
    -0.545455
    """
    a, b = _floats(with_a, with_b)
    return ratio(a - b, a + b)


def evenness(with_a: ArrayLike, with_b: ArrayLike, abstaining: ArrayLike) -> Floats:
    """Evenness N at the split: one minus the net share of positions on one side.

    N = 1 − |a − b| / (a + b + n), 0 (always with the same party) to 1 (as often with either);
    NaN without a position. 1 − N = (1 − D)·|SB| exactly. Shapes broadcast.

    >>> round(float(evenness(540, 33, 36)), 6)
    0.167488
    """
    a, b, n = _floats(with_a, with_b, abstaining)
    return 1 - ratio(np.abs(a - b), a + b + n)


def adjusted_lean(
    votes: ArrayLike,
    a: int,
    b: int,
    weights: ArrayLike | None = None,
    focal: Sequence[int] | None = None,
) -> Floats:
    """Lean towards A beyond that of other states on the same votes.

    The share of a state's sided votes that it cast with A, minus the mean of that share over all
    other states except the parties, both on the split votes where the state took a side. The
    agenda, which moves every state, cancels. States that took no side on these votes do not enter
    the mean; the others enter it equally.

    Parameters
    ----------
    votes
        Integer codes, shape (states, items).
    a, b
        Rows of the two parties.
    weights
        As in :func:`split_counts`.
    focal
        Rows to compute it for; all by default. With many draws name the few that are needed.

    Returns
    -------
    array, shape (…, focal), −1 to 1: a difference of shares, 0.1 = ten percentage points more
    often with A than others. NaN for a party, for a state that took no side, and if no other did.

    Raises
    ------
    InputError
        As :func:`split_counts`.

    >>> votes = [[YES, YES, YES], [NO, NO, NO], [YES, NO, ABSTAIN], [YES, YES, NO]]
    >>> adjusted_lean(votes, 0, 1, focal=[2]).tolist()  # 1/2 with A; the other state 2/2
    [-0.5]
    """
    _, side, w = _on_split(votes, a, b, weights)
    rows = range(side.shape[0]) if focal is None else focal
    with_a = (side == 1).astype(np.float64)
    sided = (side != 0).astype(np.float64)
    result = np.full((*w.shape[:-1], len(rows)), np.nan)
    for column, row in enumerate(rows):
        same = sided[row] > 0
        on_same = w[..., same]
        share = ratio(on_same @ with_a[:, same].T, on_same @ sided[:, same].T)
        if row not in (a, b):
            others = np.delete(share, [row, a, b], axis=-1)
            known = ~np.isnan(others)
            mean = ratio(np.where(known, others, 0.0).sum(axis=-1), known.sum(axis=-1))
            result[..., column] = share[..., row] - mean
    return result


def _on_split(
    votes: ArrayLike, a: int, b: int, weights: ArrayLike | None
) -> tuple[NDArray[np.int8], NDArray[np.int8], Floats]:
    """Codes on the split votes, side taken there (1 with A, −1 with B, 0 none), item weights."""
    split = split_items(votes, a, b)
    w = np.ones(split.size) if weights is None else check_weights(weights, split.size)
    codes = np.asarray(votes)[:, split].astype(np.int8)
    side = np.where((codes == YES) | (codes == NO), codes * codes[a], 0).astype(np.int8)
    return codes, side, w[..., split]


def _floats(*counts: ArrayLike) -> tuple[Floats, ...]:
    return tuple(np.asarray(count, dtype=np.float64) for count in counts)
