"""Similarity of all dyads at once: every measure of the field from one table per dyad.

:mod:`multivector.stats.agreement` defines the measures on contingency tables of any shape. Here
two more are defined, and :func:`all_dyads` computes twelve of them for every pair of states in
every period, in one compiled pass over bit sets of votes: the 3 × 3 table of a dyad is nine counts
of common bits. Without a compiler, and with item weights, the tables come from matrix products.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multivector.errors import InputError
from multivector.stats import agreement as tables
from multivector.stats.agreement import (
    VOTE_LEVELS,
    YES,
    Distance,
    check_positions,
    check_weights,
    crosstab,
    distances,
)
from multivector.stats.summaries import Floats, ratio

MEASURES = (
    "n",
    "exact",
    "half_credit",
    "s_absolute",
    "s_squared",
    "kappa_nominal",
    "kappa_absolute",
    "kappa_squared",
    "pi_nominal",
    "pi_absolute",
    "pi_squared",
    "tau_b",
    "alignment",
)
"""Columns of :func:`all_dyads`: the number of co-present items, then twelve measures."""

_WORD = 64


def tau_b(table: ArrayLike) -> Floats:
    """Kendall's τ-b: concordant less discordant pairs of items, corrected for ties.

    τ = Σ sign(r − r′) sign(c − c′) / √(T_r T_c) over pairs of co-present items, T_r and T_c being
    the sums of squares of either sign; −1 to 1. It measures association, not agreement: states
    that always differ by one step have τ = 1 (Kendall 1945, doi:10.1093/biomet/33.3.239; against
    its use for alliances Signorino & Ritter 1999, doi:10.1111/0020-8833.00113). NaN where a state
    always takes the same position.

    Parameters
    ----------
    table
        Contingency tables, shape (…, K, K), levels in order; cells may be weights.

    Returns
    -------
    array, shape (…).

    >>> round(float(tau_b([[2, 1, 9], [2, 0, 0], [5, 2, 17]])), 8)
    0.01431261
    """
    t = _tables(table)
    level = np.arange(t.shape[-1])
    sign = np.sign(level[:, None] - level).astype(np.float64)
    pairs = ((sign @ t @ sign.T) * t).sum(axis=(-1, -2))
    total = t.sum(axis=(-1, -2)) ** 2
    untied = [total - (t.sum(axis=axis) ** 2).sum(axis=-1) for axis in (-1, -2)]
    return ratio(pairs, np.sqrt(untied[0] * untied[1]))


def alignment(table: ArrayLike, distance: Distance = "absolute") -> Floats:
    """Benati and Capurri's alignment index A: S less the S of independent votes.

    A = S − E[S], where the expectation keeps each state's own shares of the positions; equal to
    κ times the expected distance, doubled, and so in the units of S: −1 to 1, 0 at chance, and
    defined, as 0, where both always take the same single position. NaN where n = 0 (Benati &
    Capurri 2026, doi:10.1007/s11135-026-02814-x).

    Parameters
    ----------
    table
        Contingency tables, shape (…, K, K), levels in order and equally spaced.
    distance
        ``absolute`` (as published), ``squared`` or ``nominal``.

    Returns
    -------
    array, shape (…).

    >>> round(float(alignment([[13, 1, 0, 2], [0] * 4, [0] * 4, [3, 1, 0, 0]])), 12)
    -0.04
    """
    t = _tables(table)
    d = distances(t.shape[-1], distance)
    n = t.sum(axis=(-1, -2))
    observed = ratio((t * d).sum(axis=(-1, -2)), n)
    expected = ratio(((t.sum(axis=-1) @ d) * t.sum(axis=-2)).sum(axis=-1), n**2)
    return 2 * (expected - observed)


def measures(table: ArrayLike) -> Floats:
    """All measures of :data:`MEASURES` from contingency tables, shape (…, K, K) to (…, 13).

    >>> measures([[13, 1, 0, 2], [0] * 4, [0] * 4, [3, 1, 0, 0]])[3].round(12)
    np.float64(0.4)
    """
    t = _tables(table)
    found = [
        tables.n_copresent(t),
        tables.exact_agreement(t),
        tables.half_credit_agreement(t),
        tables.s_score(t),
        tables.s_score(t, "squared"),
        *(tables.cohen_kappa(t, d) for d in tables.DISTANCES),
        *(tables.scott_pi(t, d) for d in tables.DISTANCES),
        tau_b(t),
        alignment(t),
    ]
    return np.stack(found, axis=-1)


def split_opinion(positions: ArrayLike) -> NDArray[np.bool_]:
    """Items on which the states that took a position did not all take the same.

    A unanimous item raises raw agreement of every dyad and tells nothing of any. Shape (states,
    items) to (items,); an item on which no one took a position is not split.

    >>> split_opinion([[1, 1, 8], [1, -1, 0]]).tolist()
    [False, True, False]
    """
    codes = check_positions(positions)
    levels = np.stack([(codes == level).any(axis=0) for level in VOTE_LEVELS])
    return levels.sum(axis=0) > 1


@dataclass(frozen=True)
class Dyads:
    """Pairs of states in periods, and the measures of each.

    ``period``, ``first`` and ``second`` index periods and rows of states, first < second, each of
    shape (dyad-periods,); ``values`` has shape (dyad-periods, 13), in the order of
    :data:`MEASURES`, NaN where undefined. Sorted by period, first and second.
    """

    period: NDArray[np.intp]
    first: NDArray[np.intp]
    second: NDArray[np.intp]
    values: Floats


def all_dyads(
    positions: ArrayLike,
    period: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> Dyads:
    """All measures of every pair of states in every period in which both took a position.

    Parameters
    ----------
    positions
        Codes of yes, abstain, no and of the reasons for none, shape (states, items).
    period
        Index of the period of each item, shape (items,), 0 or more; one period by default.
    weights
        Weight of each item, shape (items,), finite and not negative; 1 by default.

    Returns
    -------
    Dyads. Two states that took positions in a period, but never on the same item, have n = 0 and
    no other value.

    Raises
    ------
    InputError
        Unknown codes, shapes that differ, periods that are no indices, bad weights.

    >>> found = all_dyads([[1, 0, -1], [1, 0, 1], [1, 8, 9], [9, 9, 9]])
    >>> list(zip(found.first.tolist(), found.second.tolist(), found.values[:, 0].tolist()))
    [(0, 1, 3.0), (0, 2, 1.0), (1, 2, 1.0)]
    """
    codes = check_positions(positions).astype(np.int8)
    items = codes.shape[1]
    when = _periods(period, items)
    w = None if weights is None else check_weights(weights, items, axes=(1,))
    kernel = _compiled() if w is None else None
    order = np.argsort(when, kind="stable")
    number = int(when.max()) + 1 if items else 0
    bounds = np.searchsorted(when[order], np.arange(number + 1))
    taken = np.abs(codes) <= YES
    chosen = [order[bounds[p] : bounds[p + 1]] for p in range(number)]
    there = [np.flatnonzero(taken[:, items].any(axis=1)) for items in chosen]
    sizes = np.array([len(rows) * (len(rows) - 1) // 2 for rows in there], dtype=np.intp)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
    values = np.empty((int(starts[-1]), len(MEASURES)))
    first, second = np.empty((2, int(starts[-1])), dtype=np.intp)
    for p, (columns, rows) in enumerate(zip(chosen, there, strict=True)):
        here = slice(starts[p], starts[p + 1])
        one, two = np.triu_indices(len(rows), 1)
        first[here], second[here] = rows[one], rows[two]
        part = codes[np.ix_(rows, columns)]
        if kernel is not None:
            kernel(_bits(part), values[here])
        else:
            table = crosstab(part, weights=None if w is None else w[columns])
            values[here] = measures(table[one, two])
    return Dyads(np.repeat(np.arange(number), sizes), first, second, values)


def _periods(period: ArrayLike | None, items: int) -> NDArray[np.intp]:
    when = np.zeros(items, dtype=np.intp) if period is None else np.asarray(period)
    if when.shape != (items,) or (items and (when.min() < 0 or when.dtype.kind not in "iu")):
        raise InputError(
            f"Periods came with shape {when.shape} and type {when.dtype} for {items} items.",
            "Possible: one whole number, 0 or more, for each item.",
        )
    return when.astype(np.intp)


def _bits(codes: NDArray[np.int8]) -> NDArray[np.uint64]:
    """Which items each state voted no, abstained and voted yes on, as bits: (states, 3, words)."""
    states, items = codes.shape
    words = -(-items // _WORD)
    hot = np.zeros((states, len(VOTE_LEVELS), words * _WORD), dtype=np.bool_)
    for k, level in enumerate(VOTE_LEVELS):
        hot[:, k, :items] = codes == level
    return np.packbits(hot, axis=-1).view(np.uint64)


def _compiled() -> Any:
    """Return the compiled pass over all pairs, or None on a machine that cannot compile it."""
    try:
        from multivector.stats.similarity_kernel import every_pair
    except ImportError:
        return None
    return every_pair


def _tables(table: ArrayLike) -> Floats:
    t = np.asarray(table, dtype=np.float64)
    if t.ndim < 2 or t.shape[-1] != t.shape[-2] or t.shape[-1] < 2:
        raise InputError(
            f"A contingency table came with shape {t.shape}.",
            "Possible: (…, K, K) with K of at least 2.",
        )
    return t
