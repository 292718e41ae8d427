"""Agreement between states from their votes, for all dyads at once.

Every measure here is a function of one contingency table per dyad: how often one state took
position r while the other took position c. :func:`crosstab` makes the tables of all dyads with
one matrix product; :func:`crosstab_draws` makes those of a few dyads under many item weightings
(bootstrap draws, or one indicator row per period).

Positions are small integers: ``YES`` = 1, ``ABSTAIN`` = 0, ``NO`` = −1. Three codes say why there
is no position: ``ABSENT`` (a member that did not vote), ``NOT_MEMBER``, and ``UNRECORDED`` (the
record does not tell which of the two). An item counts for a dyad only if both took a position.
Any other code is an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multivector.errors import InputError, UnknownName, raise_all
from multivector.stats.summaries import Floats, ratio

YES, ABSTAIN, NO = 1, 0, -1
UNRECORDED, ABSENT, NOT_MEMBER = 7, 8, 9
VOTE_LEVELS = (NO, ABSTAIN, YES)
NO_POSITION = (UNRECORDED, ABSENT, NOT_MEMBER)

Distance = Literal["nominal", "absolute", "squared"]
DISTANCES: tuple[Distance, ...] = ("nominal", "absolute", "squared")

_EXACT_IN_FLOAT32 = 2**24


@dataclass(frozen=True)
class Agreement:
    """Raw and chance-corrected agreement of the same dyads under one distance.

    Every field has the shape of the dyads: ``n`` co-present items (or their weight); ``exact`` and
    ``half_credit`` agreement, 0 to 1; ``s``, −1 to 1; ``kappa`` and ``pi``, at most 1.
    """

    n: Floats
    exact: Floats
    half_credit: Floats
    s: Floats
    kappa: Floats
    pi: Floats


def crosstab(
    positions: ArrayLike,
    others: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    levels: Sequence[int] = VOTE_LEVELS,
) -> Floats:
    """Contingency tables of the positions of every pair of states over the same items.

    Cell (i, j, r, c) is the weight of the items on which i took level r and j level c: one
    product of one-hot matrices. Take a subset of items by slicing the columns.

    Parameters
    ----------
    positions
        Integer codes, shape (states, items).
    others
        Integer codes of the second member of each dyad, shape (others, items); the states
        themselves by default.
    weights
        Weight of each item, shape (items,), finite and not negative; 1 by default.
    levels
        The K codes that are positions, in order, equally spaced.

    Returns
    -------
    array, shape (states, others, K, K), in items or in units of weight.

    Raises
    ------
    InputError
        Codes outside ``levels`` and ``NO_POSITION``, shapes that differ, or bad weights.

    >>> table = crosstab([[YES, NO, ABSENT], [YES, ABSTAIN, NO]])
    >>> table[0, 1].tolist()  # rows and columns: no, abstain, yes
    [[0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    left = _one_hot(positions, levels)
    right = left if others is None else _one_hot(others, levels)
    _check_items(left, right)
    states, k, items = left.shape
    w = None if weights is None else check_weights(weights, items, axes=(1,))
    dtype = np.float32 if w is None and items < _EXACT_IN_FLOAT32 else np.float64
    rows: NDArray[Any] = left.reshape(states * k, items).astype(dtype)
    columns: NDArray[Any] = (
        rows if others is None else right.reshape(right.shape[0] * k, items).astype(dtype)
    )
    product = (rows if w is None else rows * w) @ columns.T
    table = product.reshape(states, k, right.shape[0], k).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(table, dtype=np.float64)


def crosstab_draws(
    focal: ArrayLike,
    others: ArrayLike,
    weights: ArrayLike,
    levels: Sequence[int] = VOTE_LEVELS,
) -> Floats:
    """Contingency tables of one state with others, under many weightings of the items.

    Weights are bootstrap multiplicities (:func:`multivector.stats.summaries.family_weights`), or
    one 0/1 row per period, which gives a table per period.

    Parameters
    ----------
    focal
        Integer codes, shape (items,).
    others
        Integer codes, shape (others, items).
    weights
        Shape (draws, items), finite and not negative.
    levels
        As in :func:`crosstab`.

    Returns
    -------
    array, shape (others, draws, K, K); rows are the levels of the focal state.

    >>> crosstab_draws([YES, NO], [[YES, YES]], [[1, 0], [0, 3]])[0, 1].tolist()
    [[0.0, 0.0, 3.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    left = _one_hot(np.atleast_2d(np.asarray(focal)), levels)
    right = _one_hot(others, levels)
    _check_items(left, right)
    _, k, items = left.shape
    w = check_weights(weights, items, axes=(2,))
    joint = (left[0][None, :, None, :] & right[:, None, :, :]).reshape(
        right.shape[0] * k * k, items
    )
    product = joint.astype(np.float64) @ w.T
    table = product.reshape(right.shape[0], k, k, w.shape[0])
    return np.ascontiguousarray(np.moveaxis(table, -1, 1))


def n_copresent(table: ArrayLike) -> Floats:
    """Count the items, or add their weights, on which both states took a position.

    The sum of each K × K table; shape (…, K, K) to (…). Zero means none in common.

    >>> float(n_copresent([[26, 1, 5], [33, 40, 11], [110, 182, 759]]))
    1167.0
    """
    return np.asarray(_tables(table).sum(axis=(-1, -2)))


def exact_agreement(table: ArrayLike) -> Floats:
    """Share of the co-present items on which both took the same position.

    Σ_r n_rr / n, 0 to 1; NaN where n = 0. Shape (…, K, K) to (…). Equal to (1 + S)/2 with the
    nominal distance.

    >>> round(float(exact_agreement([[26, 1, 5], [33, 40, 11], [110, 182, 759]])), 6)
    0.706941
    """
    return 1 - _mean_distance(_tables(table), "nominal")


def half_credit_agreement(table: ArrayLike) -> Floats:
    """Index of agreement: one for the same vote, one half for neighbouring ones, else zero.

    1 − Σ n_rc |r − c| / ((K − 1) n), 0 to 1, which for yes, abstain, no gives an abstention half
    credit against either side (Lijphart 1963, doi:10.2307/1952608). NaN where n = 0. Equal to
    (1 + S)/2 with absolute distances. Shape (…, K, K) to (…).

    >>> round(float(half_credit_agreement([[26, 1, 5], [33, 40, 11], [110, 182, 759]])), 6)
    0.804199
    """
    return 1 - _mean_distance(_tables(table), "absolute")


def s_score(table: ArrayLike, distance: Distance = "absolute") -> Floats:
    """Similarity score S: one minus twice the mean distance of the two states' positions.

    S = 1 − 2 Σ w d / Σ w d_max over co-present items, −1 (always at opposite ends) to 1 (always
    the same); NaN where n = 0 (Signorino & Ritter 1999, doi:10.1111/0020-8833.00113). Item weights
    are those of the table. With squared distances this is the form whose range is 2.

    Parameters
    ----------
    table
        Contingency tables, shape (…, K, K), levels in order and equally spaced.
    distance
        ``absolute`` (as published), ``squared`` or ``nominal``.

    Returns
    -------
    array, shape (…).

    >>> table = [[26, 1, 5], [33, 40, 11], [110, 182, 759]]
    >>> round(float(s_score(table)), 6), round(float(s_score(table, "squared")), 6)
    (0.608398, 0.705656)
    """
    return 1 - 2 * _mean_distance(_tables(table), distance)


def cohen_kappa(table: ArrayLike, distance: Distance = "absolute") -> Floats:
    """Cohen's κ: agreement beyond chance, each state keeping its own marginal distribution.

    κ = 1 − Σ n_rc d_rc / Σ (n_r· n_·c / n) d_rc; 1 for identical votes, 0 for as much distance as
    independent votes with these marginals would have, negative for more. NaN where n = 0 or the
    expected distance is 0, as when both always cast the same single vote (Cohen 1968,
    doi:10.1037/h0026256; for foreign policy Häge 2011, doi:10.1093/pan/mpr023).

    Parameters
    ----------
    table
        Contingency tables, shape (…, K, K).
    distance
        ``nominal`` (unweighted κ), ``absolute`` or ``squared`` (weighted κ).

    Returns
    -------
    array, shape (…).

    >>> table = [[26, 1, 5], [33, 40, 11], [110, 182, 759]]
    >>> [round(float(cohen_kappa(table, d)), 6) for d in DISTANCES]
    [0.237202, 0.265039, 0.290807]
    """
    t = _tables(table)
    return _chance_corrected(t, t.sum(axis=-1), t.sum(axis=-2), distance)


def scott_pi(table: ArrayLike, distance: Distance = "absolute") -> Floats:
    """Scott's π: agreement beyond chance, both states sharing their pooled marginal distribution.

    As κ, with (n_r· + n_·r)/2 in place of both marginals, so that a difference between the two
    states' marginals counts as disagreement (Scott 1955, doi:10.1086/266577; Häge 2011,
    doi:10.1093/pan/mpr023). NaN where n = 0 or the expected distance is 0.

    Parameters
    ----------
    table
        Contingency tables, shape (…, K, K).
    distance
        ``nominal`` (Scott's own), ``absolute`` or ``squared``.

    Returns
    -------
    array, shape (…); at most 1, never above κ.

    >>> round(float(scott_pi([[2, 1, 9], [2, 0, 0], [5, 2, 17]], "nominal")), 8)
    -0.02775801
    """
    t = _tables(table)
    pooled = (t.sum(axis=-1) + t.sum(axis=-2)) / 2
    return _chance_corrected(t, pooled, pooled, distance)


def agreement(table: ArrayLike, distance: Distance = "absolute") -> Agreement:
    """Raw and chance-corrected agreement together, since they can tell different stories.

    Parameters
    ----------
    table
        Contingency tables, shape (…, K, K).
    distance
        Distance used by S, κ and π.

    Returns
    -------
    Agreement with fields of shape (…).

    >>> a = agreement([[27, 1, 5], [19, 23, 36], [54, 94, 903]])
    >>> float(a.n), round(float(a.s), 6), round(float(a.kappa), 6)
    (1162.0, 0.769363, 0.353705)
    """
    return Agreement(
        n=n_copresent(table),
        exact=exact_agreement(table),
        half_credit=half_credit_agreement(table),
        s=s_score(table, distance),
        kappa=cohen_kappa(table, distance),
        pi=scott_pi(table, distance),
    )


def distances(k: int, distance: Distance) -> Floats:
    """Distance between each two of *k* ordered, equally spaced levels, scaled to 0…1.

    Nominal 1 for different levels; absolute |r − c|/(k − 1); squared its square. Shape (k, k).

    >>> distances(3, "squared").tolist()
    [[0.0, 0.25, 1.0], [0.25, 0.0, 0.25], [1.0, 0.25, 0.0]]
    """
    level = np.arange(k, dtype=np.float64)
    apart = np.abs(level[:, None] - level) / (k - 1)
    if distance == "nominal":
        return (apart > 0).astype(np.float64)
    if distance == "absolute":
        return apart
    if distance == "squared":
        return apart**2
    raise UnknownName("distance", distance, DISTANCES)


def _mean_distance(table: Floats, distance: Distance) -> Floats:
    weighted = table * distances(table.shape[-1], distance)
    return ratio(weighted.sum(axis=(-1, -2)), table.sum(axis=(-1, -2)))


def _chance_corrected(table: Floats, rows: Floats, columns: Floats, distance: Distance) -> Floats:
    d = distances(table.shape[-1], distance)
    observed = (table * d).sum(axis=(-1, -2))
    expected = ratio(((rows @ d) * columns).sum(axis=-1), table.sum(axis=(-1, -2)))
    return 1 - ratio(observed, expected)


def _tables(table: ArrayLike) -> Floats:
    t = np.asarray(table, dtype=np.float64)
    if t.ndim < 2 or t.shape[-1] != t.shape[-2] or t.shape[-1] < 2:
        raise InputError(
            f"A contingency table came with shape {t.shape}.",
            "Possible: (…, K, K) with K of at least 2.",
        )
    return t


def check_positions(positions: ArrayLike, levels: Sequence[int] = VOTE_LEVELS) -> NDArray[Any]:
    """Return codes of positions, shape (states, items), if all of them are known codes.

    Raises
    ------
    InputError
        Another number of axes, or codes outside ``levels`` and ``NO_POSITION`` (NaN included).

    >>> check_positions([[YES, ABSENT]]).tolist()
    [[1, 8]]
    """
    codes = np.asarray(positions)
    if codes.ndim != 2:
        raise InputError(f"Positions came with shape {codes.shape}.", "Possible: (states, items).")
    strange = ~np.isin(codes, (*levels, *NO_POSITION))
    if strange.any():
        found = ", ".join(str(code) for code in np.unique(codes[strange])[:8])
        raise InputError(
            f"Positions hold the codes {found}.",
            f"Possible: {', '.join(map(str, levels))} for a position; "
            f"{UNRECORDED} unrecorded, {ABSENT} absent, {NOT_MEMBER} not a member.",
            "Recode before counting; another producer's 1, 2, 3 are not these codes.",
        )
    return codes


def check_weights(weights: ArrayLike, items: int, axes: tuple[int, ...] = (1, 2)) -> Floats:
    """Return item weights, shape (items,) or (draws, items), if all are finite and not negative.

    Raises
    ------
    InputError
        Another shape (*axes* lists the numbers of axes allowed), or bad weights.

    >>> check_weights([1, 2], items=2).tolist()
    [1.0, 2.0]
    """
    w = np.asarray(weights, dtype=np.float64)
    problems: list[InputError] = []
    if w.ndim not in axes or w.shape[-1] != items:
        shapes = " or ".join({1: "(items,)", 2: "(draws, items)"}[n] for n in axes)
        problems.append(
            InputError(
                f"Item weights came with shape {w.shape} for {items} items.",
                f"Possible: {shapes}.",
            )
        )
    if not (np.isfinite(w).all() and (w >= 0).all()):
        problems.append(
            InputError(
                "Item weights hold negative, infinite or missing values.",
                "Possible: finite, 0 or more.",
                "Give an item that must not count the weight 0.",
            )
        )
    raise_all("The item weights cannot be used.", problems)
    return w


def _one_hot(positions: ArrayLike, levels: Sequence[int]) -> NDArray[np.bool_]:
    """Whether each state took each level on each item, shape (states, K, items)."""
    codes = check_positions(positions, levels)
    return np.stack([codes == level for level in levels], axis=1)


def _check_items(left: NDArray[np.bool_], right: NDArray[np.bool_]) -> None:
    if left.shape[-1] != right.shape[-1]:
        raise InputError(
            f"The two sets of positions cover {left.shape[-1]} and {right.shape[-1]} items.",
            "Possible: the same items in the same order.",
        )
