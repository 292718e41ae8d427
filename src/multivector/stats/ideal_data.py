"""Votes laid out for ideal-point estimation: items, the three levels of choice, units over time.

A *row* is one unit in one session (a state in a session of the General Assembly, a member of a
parliament in a term). Each row has one ideal point. A *unit*'s rows form a chain in time. An
*item* is a roll call, or several roll calls of different sessions that ask the same thing
(bridging): whoever gives them the same label lets them share parameters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multivector.errors import InputError, raise_all

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NO, ABSTAIN, YES = 0, 1, 2
CHUNKS = 4  # fixed, so that sums do not depend on the number of threads


@dataclass(frozen=True)
class Votes:
    """Votes sorted by item and, inside an item, by which side of its cutpoints they fall on.

    ``row``, ``item`` and ``choice`` have one entry a vote; ``order`` is each vote's place in the
    input. Votes ``start[v, 0]:start[v, 1]`` of item v lie below its lower cutpoint,
    ``start[v, 1]:start[v, 2]`` between the two, ``start[v, 2]:start[v, 3]`` above the upper one.
    ``seen[v]`` tells which of no, abstain and yes occur on item v. An item on which two occur has
    one cutpoint; one on which a single level occurs has none and tells nothing.

    ``unit`` and ``session`` describe the rows, sorted by both; ``elapsed`` is the number of
    sessions since the unit's previous row, NaN in its first. ``items`` are the items' labels.
    """

    row: NDArray[np.int32]
    item: NDArray[np.int32]
    choice: NDArray[np.int8]
    order: Ints
    start: Ints
    seen: Bools
    unit: Ints
    session: Floats
    elapsed: Floats
    items: Ints

    @property
    def first(self) -> Bools:
        """Whether a row is its unit's first, shape (rows,)."""
        return np.isnan(self.elapsed)

    @property
    def cutpoints(self) -> Ints:
        """Number of cutpoints of each item: levels that occur, less one."""
        return np.maximum(self.seen.sum(axis=1) - 1, 0)

    def chunks(self) -> Ints:
        """Bounds of runs of items that hold about equally many votes, shape (CHUNKS + 1,)."""
        ends = np.append(self.start[:, 0], self.row.size)
        shares = np.linspace(0, self.row.size, CHUNKS + 1)
        return np.searchsorted(ends, shares).astype(np.int64)

    def keep(self, kept: ArrayLike) -> Votes:
        """Keep the rows and items but only some votes, *kept* being a mask in input order."""
        mask = np.asarray(kept, dtype=np.bool_)
        if mask.shape != self.order.shape:
            raise InputError(
                f"A mask of shape {mask.shape} came for {self.order.size} votes.",
                f"Possible: ({self.order.size},), in the order in which the votes were given.",
            )
        at = np.argsort(self.order)[mask]
        return _sorted(self, self.row[at], self.item[at], self.choice[at])


def lay_out(unit: ArrayLike, session: ArrayLike, item: ArrayLike, choice: ArrayLike) -> Votes:
    """Sort votes for the estimation of ideal points.

    Parameters
    ----------
    unit
        Integer label of the voter, shape (votes,).
    session
        Time of the vote in sessions, shape (votes,); what counts is the difference between two
        rows of a unit, which is the number of sessions elapsed.
    item
        Integer label of the item, shape (votes,). Roll calls that carry the same label share
        their parameters, in whatever sessions they were held.
    choice
        0 no, 1 abstain, 2 yes, shape (votes,). Absence is no vote: leave it out.

    Raises
    ------
    InputError
        Arrays of different shape, other codes, no votes, or two votes of a unit on an item in
        one session.

    >>> votes = lay_out([5, 5, 9, 9], [1, 3, 1, 3], [7, 8, 7, 8], [0, 2, 2, 1])
    >>> votes.unit.tolist(), votes.elapsed.tolist(), votes.cutpoints.tolist()
    ([5, 5, 9, 9], [nan, 2.0, nan, 2.0], [1, 1])
    """
    units, times, labels, choices = _checked(unit, session, item, choice)
    at = np.lexsort((times, units))
    new = np.ones(at.size, dtype=np.bool_)
    new[1:] = (np.diff(units[at]) != 0) | (np.diff(times[at]) != 0)
    row = np.empty(at.size, dtype=np.int32)
    row[at] = np.cumsum(new) - 1
    row_unit, row_time = units[at][new], times[at][new]
    elapsed = np.full(row_unit.size, np.nan)
    same = np.diff(row_unit) == 0
    elapsed[1:][same] = np.diff(row_time)[same]
    items, index = np.unique(labels, return_inverse=True)
    if np.unique(row.astype(np.int64) * items.size + index).size < row.size:
        raise InputError(
            "A unit has two votes on an item in one session.",
            "Possible: one vote of a unit on an item in a session.",
            "Give roll calls of one session items of their own; bridge only between sessions.",
        )
    empty = Votes(
        row=np.empty(0, np.int32),
        item=np.empty(0, np.int32),
        choice=np.empty(0, np.int8),
        order=np.arange(row.size),
        start=np.empty((0, 4), np.int64),
        seen=np.empty((0, 3), np.bool_),
        unit=row_unit,
        session=row_time,
        elapsed=elapsed,
        items=items,
    )
    return _sorted(empty, row, index.astype(np.int32), choices.astype(np.int8))


def places(seen: Bools) -> NDArray[np.int8]:
    """Where each level falls: 0 below the lower cutpoint, 1 between, 2 above the upper, −1 absent.

    *seen* has shape (items, 3), and so has the result. With two levels the lower one falls below
    the only cutpoint and the higher one above it. With a single level all votes count as between,
    and no cutpoint says anything of them.

    >>> places(np.array([[True, True, True], [True, False, True], [False, True, True]])).tolist()
    [[0, 1, 2], [0, -1, 2], [-1, 0, 2]]
    """
    n = seen.sum(axis=1)[:, None]
    below = np.cumsum(seen, axis=1) - seen
    place = np.where(n == 3, below, np.where(n == 2, 2 * below, 1))
    return np.where(seen, place, -1).astype(np.int8)


def _sorted(
    like: Votes, row: NDArray[np.int32], item: NDArray[np.int32], choice: NDArray[np.int8]
) -> Votes:
    n = like.items.size
    seen = np.bincount(item * np.int64(3) + choice, minlength=3 * n).reshape(n, 3) > 0
    place = places(seen)[item, choice]
    at = np.lexsort((row, place, item))
    counts = np.bincount(item * np.int64(3) + place, minlength=3 * n)
    ends = np.cumsum(counts).reshape(n, 3)
    start = np.concatenate([(ends[:, 2] - counts.reshape(n, 3).sum(axis=1))[:, None], ends], axis=1)
    return replace(
        like,
        row=row[at],
        item=item[at],
        choice=choice[at],
        order=at.astype(np.int64),
        start=start.astype(np.int64),
        seen=seen,
    )


def _checked(
    unit: ArrayLike, session: ArrayLike, item: ArrayLike, choice: ArrayLike
) -> tuple[Ints, Floats, Ints, Ints]:
    given = {"unit": unit, "session": session, "item": item, "choice": choice}
    arrays = {name: np.asarray(values) for name, values in given.items()}
    shapes = {a.shape for a in arrays.values()}
    problems: list[InputError] = []
    if len(shapes) > 1 or any(len(s) != 1 or s[0] == 0 for s in shapes):
        shown = ", ".join(f"{name} {a.shape}" for name, a in arrays.items())
        problems.append(
            InputError(f"Votes came as {shown}.", "Possible: four equally long, non-empty lists.")
        )
    for name in ("unit", "item", "choice"):
        if not np.issubdtype(arrays[name].dtype, np.integer):
            problems.append(
                InputError(
                    f"The {name} of each vote came as {arrays[name].dtype}.",
                    "Possible: integers.",
                    "Number the labels first (numpy.unique with return_inverse).",
                )
            )
    times = arrays["session"].astype(np.float64)
    if not np.isfinite(times).all():
        problems.append(InputError("A session is missing or infinite.", "Possible: numbers."))
    strange = np.setdiff1d(arrays["choice"], (NO, ABSTAIN, YES))
    if strange.size:
        problems.append(
            InputError(
                f"Choices hold the codes {', '.join(map(str, strange[:8]))}.",
                "Possible: 0 no, 1 abstain, 2 yes.",
                "Leave absent units and non-members out; recode a producer's own numbers.",
            )
        )
    raise_all("The votes cannot be laid out.", problems)
    units, items, choices = (arrays[n].astype(np.int64) for n in ("unit", "item", "choice"))
    return units, times, items, choices
