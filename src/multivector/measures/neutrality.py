"""The sentence that can be said of "maximal neutrality", computed from votes on conflicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from multivector import states
from multivector.estimate import Estimate
from multivector.measures.conflict_votes import ConflictDistance, ConflictVotes, conflict_label
from multivector.step import Step

CONFLICTS = (
    "ukraine",
    "crimea",
    "georgia",
    "palestine",
    "xinjiang",
    "human-rights-situations",
    "nuclear-weapons",
)
FURTHER = 0.1
"""Share of states that may be further from both sides before distance stops being maximal."""
MOST = 0.5
"""Share of abstentions among its positions that a state must exceed to be called distant."""


@dataclass(frozen=True)
class Verdict:
    """What the votes on one conflict say of a state's neutrality.

    ``distance`` is the share of abstentions among the state's ``votes`` (positions taken);
    ``with_absence`` the same with absences as abstentions; ``further`` the share of the other
    states with a larger distance. NaN where the state took no position. ``maximal`` says whether
    most positions are abstentions and at most a tenth of the states is further; ``since`` is the
    first year of the unbroken run, up to the last year with a position, in which it is.
    """

    conflict: str
    label: str
    votes: int
    distance: float
    with_absence: float
    further: float
    maximal: bool
    since: int | None

    def __str__(self) -> str:
        """Say it in a sentence."""
        if not self.votes:
            return f"On {self.label}: no position on record, so nothing can be said."
        what = "maximal neutrality" if self.maximal else "no maximal neutrality"
        since = f" since {self.since}" if self.maximal and self.since else ""
        return (
            f"On {self.label}: {what}{since}; {self.distance:.0%} of {_votes(self.votes)} are "
            f"abstentions ({self.with_absence:.0%} with absences as abstentions), and "
            f"{self.further:.0%} of other states are further from both sides."
        )


def verdicts(
    run: Callable[[Step[Estimate]], Estimate],
    focal: str,
    conflicts: Sequence[str] = CONFLICTS,
    years: tuple[int, int] | None = None,
    inputs: ConflictDistance | None = None,
) -> tuple[Verdict, ...]:
    """Return what the votes on each declared conflict say of a state's neutrality.

    Parameters
    ----------
    run
        Evaluates a step, as :func:`multivector.runner.run` or a ``Runner``.
    focal
        Id of the state.
    conflicts
        Names of conflict sets.
    years
        First and last year; all that the votes cover by default.
    inputs
        A measure whose votes and roll calls are used instead of the default ones.
    """
    peers = tuple(s for s in states.all_states() if s != focal)
    base = inputs or ConflictDistance(focal=focal)
    made: list[Verdict] = []
    for name in conflicts:
        asked = replace(
            base, focal=focal, others=peers, vote_set=name, years=years, draws=0, by="period"
        )
        whole = run(asked).draws[:, 0]
        absent = run(replace(asked, absence="abstains")).draws[0, 0]
        counted = ConflictVotes(
            asked.votes, asked.roll_calls, focal=focal, vote_set=name, years=years
        )
        number = run(counted).draws[0, 0]
        yearly = run(replace(asked, by="year"))
        table = yearly.draws[:, 0].reshape(-1, 1 + len(peers))
        labels = yearly.cells[yearly.key[-1]].to_list()[:: 1 + len(peers)]
        made.append(
            Verdict(
                conflict=name,
                label=conflict_label(name),
                votes=0 if np.isnan(number) else int(number),
                distance=float(whole[0]),
                with_absence=float(absent),
                further=share_further(whole),
                maximal=is_maximal(whole),
                since=_since(labels, table),
            )
        )
    return tuple(made)


def sentence(focal: str, found: Sequence[Verdict]) -> str:
    """Return whether "maximal neutrality" is true of a state in general, and if not, where.

    >>> one = Verdict("crimea", "votes on Crimea", 9, 1.0, 1.0, 0.0, True, 2014)
    >>> print(sentence("KAZ", [one]).partition(",")[0])
    Kazakhstan: maximal neutrality holds on votes on Crimea (9 votes
    """
    spoken = [v for v in found if v.votes]
    true = [v for v in spoken if v.maximal]
    false = [v.label for v in spoken if not v.maximal]
    silent = [v.label for v in found if not v.votes]
    held = "; ".join(f"{v.label} ({_votes(v.votes)}, since {v.since})" for v in true)
    name = states.name(focal)
    if not spoken:
        return f"{name}: no position on any conflict examined, so nothing can be said."
    if not false and len(spoken) == 1:
        text = f"{name}: maximal neutrality holds on {held}, the only one examined"
    elif not false:
        text = f"{name}: maximal neutrality holds on all conflicts examined: {held}"
    elif true:
        text = f"{name}: maximal neutrality does not hold in general. It holds on {held}; "
        text += f"it does not on {'; '.join(false)}"
    else:
        text = f"{name}: maximal neutrality holds on none of the conflicts examined: "
        text += "; ".join(false)
    return text + (f". Nothing can be said on {'; '.join(silent)}." if silent else ".")


def share_further(distances: np.ndarray) -> float:
    """Share of the other states with a position whose distance is larger; the first is the focal.

    >>> share_further(np.array([0.5, 1.0, 0.5, 0.0, np.nan]))
    0.3333333333333333
    """
    others = distances[1:][~np.isnan(distances[1:])]
    if np.isnan(distances[0]) or not others.size:
        return float("nan")
    return float(np.mean(others > distances[0]))


def is_maximal(distances: np.ndarray) -> bool:
    """Whether the first state mostly abstains and at most a tenth of the others is further.

    >>> is_maximal(np.array([0.9, 0.1, 0.2])), is_maximal(np.array([0.4, 0.1, 0.2]))
    (True, False)
    """
    return bool(distances[0] > MOST) and share_further(distances) <= FURTHER


def _votes(number: int) -> str:
    return f"{number} vote{'s' if number > 1 else ''}"


def _since(labels: Sequence[int], table: np.ndarray) -> int | None:
    """Return the first year of the last unbroken run in which the first state is maximal."""
    since = None
    for year, row in zip(labels, table, strict=True):
        if np.isnan(row[0]):
            continue
        since = (since or int(year)) if is_maximal(row) else None
    return since
