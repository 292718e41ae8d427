"""The sentence that can be said of "maximal neutrality", computed from votes on conflicts.

The word is used of declared conflict sets only, where the sides are known. Over all votes on which
two powers are opposed an abstention follows the agenda: there European allies of the United States
abstain most. :func:`face_validity` computes both, to be printed beside any claim.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from multivector import states
from multivector.estimate import Estimate
from multivector.measures.conflict_votes import (
    ConflictAbsence,
    ConflictDistance,
    ConflictFurther,
    ConflictMeasure,
    ConflictVotes,
    conflict_label,
)
from multivector.measures.split_votes import SplitDistance
from multivector.panel import Panel
from multivector.quantity import Quantity
from multivector.registry import everything, find
from multivector.step import Step

Run = Callable[[Step[Any]], Any]
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
DECILE = 0.9
EXEMPT = ("TUR", "HUN")
"""Members of NATO that kept channels to both sides of the war against Ukraine."""
OVERSEAS = ("USA", "CAN", "TUR")
"""Members of NATO that are no European allies of the United States."""


@dataclass(frozen=True)
class Verdict:
    """What the votes on one conflict say of a state's neutrality.

    ``distance`` is the share of abstentions among the state's ``votes`` (positions taken), absences
    apart; ``as_abstentions`` and ``as_sides`` bound it by what absences may mean, ``absent`` is
    their share; ``further`` the share of the other states with a larger distance. ``since`` is the
    first year of the unbroken run, up to the last year with a position, in which distance is
    maximal. ``besides`` names resolutions of the set whose list is known in part, which no measure
    may use, but on which the state is known to have taken a side.
    """

    conflict: str
    label: str
    votes: Quantity
    distance: Quantity
    as_abstentions: Quantity
    as_sides: Quantity
    absent: Quantity
    further: Quantity
    since: int | None
    besides: tuple[str, ...] = ()

    @property
    def spoken(self) -> bool:
        """Whether the state took a position."""
        return bool(self.votes.value)

    @property
    def maximal(self) -> bool:
        """Whether most positions are abstentions and at most a tenth of the states is further."""
        return is_maximal(self.distance.value, self.further.value)

    def __str__(self) -> str:
        """Say it in a sentence."""
        if not self.spoken:
            return f"On {self.label}: no position on record, so nothing can be said."
        what = "maximal neutrality" if self.maximal else "no maximal neutrality"
        since = f" since {self.since}" if self.maximal and self.since else ""
        return (
            f"On {self.label}: {what}{since}; {self.distance.figure} of {_votes(self)} are "
            f"abstentions ({self.as_sides.figure} with absences as sides taken, "
            f"{self.as_abstentions.figure} with absences as abstentions), and "
            f"{self.further.figure} of other states are further from both sides."
        )


def is_maximal(distance: float | None, further: float | None) -> bool:
    """Whether a state mostly abstains and at most a tenth of the others is further.

    >>> is_maximal(0.9, 0.05), is_maximal(0.9, 0.2), is_maximal(0.4, 0.0), is_maximal(None, None)
    (True, False, False, False)
    """
    return distance is not None and further is not None and distance > MOST and further <= FURTHER


def verdicts(
    run: Run,
    focal: str,
    conflicts: Sequence[str] = CONFLICTS,
    years: tuple[int, int] | None = None,
    inputs: ConflictDistance | None = None,
) -> tuple[Verdict, ...]:
    """Return what the votes on each declared conflict say of a state's neutrality.

    Parameters are those of :func:`compared`.
    """
    return compared(run, (focal,), conflicts, years, inputs)[focal]


def compared(
    run: Run,
    who: Sequence[str],
    conflicts: Sequence[str] = CONFLICTS,
    years: tuple[int, int] | None = None,
    inputs: ConflictDistance | None = None,
) -> dict[str, tuple[Verdict, ...]]:
    """Return the verdicts on several states, one per declared conflict.

    Parameters
    ----------
    run
        Evaluates a step, as :func:`multivector.runner.run` or a ``Runner``.
    who
        Ids of the states, at least one.
    conflicts
        Names of conflict sets.
    years
        First and last year; all that the votes cover by default.
    inputs
        A measure whose votes and roll calls are used instead of the default ones.
    """
    base = inputs or ConflictDistance(focal=who[0])
    made: dict[str, list[Verdict]] = {state: [] for state in who}
    for name in conflicts:
        whole = rules(base.votes, base.roll_calls, who, name, years)
        found = {key: run(step) for key, step in whole.items()}
        partial = {} if inputs else _known_sides(run, name, years)
        yearly = {key: run(replace(whole[key], by="year")) for key in ("distance", "further")}
        for state in who:
            cells: Mapping[str, Quantity] = {k: e.at(state=state) for k, e in found.items()}
            values = (e.select(state=state) for e in yearly.values())
            since = _since(*([q for q in e.quantities() if q.known] for e in values))
            besides = tuple(partial.get(state, ()))
            verdict = Verdict(name, conflict_label(name), **cells, since=since, besides=besides)
            made[state].append(verdict)
    return {state: tuple(found) for state, found in made.items()}


def rules(
    votes: Step[Panel],
    roll_calls: Step[Panel],
    who: Sequence[str],
    conflict: str,
    years: tuple[int, int] | None,
) -> dict[str, ConflictMeasure]:
    """Return the measures of a verdict: counts, the distance under each rule of absence, rank."""
    asked: dict[str, Any] = {
        "focal": who[0],
        "others": tuple(who[1:]),
        "vote_set": conflict,
        "years": years,
    }
    inputs = (votes, roll_calls)
    return {
        "votes": ConflictVotes(*inputs, **asked),
        "distance": ConflictDistance(*inputs, **asked),
        "as_abstentions": ConflictDistance(*inputs, **asked, absence="abstains"),
        "as_sides": ConflictDistance(*inputs, **asked, absence="sides"),
        "absent": ConflictAbsence(*inputs, **asked),
        "further": ConflictFurther(*inputs, **asked),
    }


def sentence(focal: str, found: Sequence[Verdict]) -> str:
    """Return whether "maximal neutrality" is true of a state in general, and if not, where.

    >>> print(sentence("KAZ", []))
    Kazakhstan: no position on any conflict examined, so nothing can be said.
    """
    spoken = [v for v in found if v.spoken]
    true = [v for v in spoken if v.maximal]
    false = [v.label for v in spoken if not v.maximal]
    silent = [v.label for v in found if not v.spoken]
    held = "; ".join(f"{v.label} ({_votes(v)}, since {v.since}{_though(v)})" for v in true)
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


@dataclass(frozen=True)
class FaceValidity:
    """Which states a distance calls distant, where that can be checked against common knowledge.

    ``conflict`` holds the states in the top decile of distance on a declared conflict, ``allies``
    the members of NATO among them that should not be there; ``overall`` the states in the top
    decile over all votes on which the two powers were opposed, ``european`` the European allies of
    the United States among them.
    """

    conflict: tuple[str, ...]
    allies: tuple[str, ...]
    overall: tuple[str, ...]
    european: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether no ally is called distant on the conflict."""
        return not self.allies


def face_validity(
    run: Run,
    conflict: ConflictDistance,
    splits: SplitDistance,
) -> FaceValidity:
    """Return whom the two distances place in their top decile, of all states.

    Membership of NATO is that of the day of the set's first resolution.
    """
    day = date.fromisoformat(find("vote_sets", conflict.vote_set).resolutions[0].date)
    nato = set(states.members("NATO", day))
    on = top_decile(run(_of_all(conflict)))
    over = top_decile(run(_of_all(splits)))
    return FaceValidity(
        on,
        tuple(s for s in on if s in nato - set(EXEMPT)),
        over,
        tuple(s for s in over if s in nato - set(OVERSEAS)),
    )


def top_decile(distances: Estimate) -> tuple[str, ...]:
    """Return the states whose distance is at least the ninth decile and above zero."""
    values = distances.summary()["value"].to_numpy().astype(np.float64)
    edge = np.nanquantile(values, DECILE)
    names = distances.cells["state"]
    return tuple(s for s, d in zip(names, values, strict=True) if d >= edge and d > 0)


def _of_all(step: ConflictDistance | SplitDistance) -> Step[Estimate]:
    everyone = tuple(s for s in states.all_states() if s != step.focal)
    return replace(step, others=everyone, draws=0, by="period")


def _votes(verdict: Verdict) -> str:
    number = int(verdict.votes.value or 0)
    return f"{number} vote{'s' if number > 1 else ''}"


def _though(verdict: Verdict) -> str:
    if not verdict.besides:
        return ""
    return f"; but it took a side on {', '.join(verdict.besides)}, known in part"


def _known_sides(run: Run, conflict: str, years: tuple[int, int] | None) -> dict[str, list[str]]:
    """Return, by state, the resolutions of a set on which a partial list records a side."""
    unmatched = [r.symbol for r in find("vote_sets", conflict).resolutions if r.unmatched]
    lists = everything("sources").get("un_emergency_votes")
    if not unmatched or lists is None:
        return {}
    panel: Panel = run(lists())
    inside = pl.lit(value=True) if years is None else pl.col("date").dt.year().is_between(*years)
    sides = panel.frame.filter(
        pl.col("rcid").is_in(unmatched),
        pl.col("complete") == 0,
        pl.col("vote").is_in([1, 3]),
        inside,
    )
    found: dict[str, list[str]] = {}
    for state, rcid, vote in sides.sort("date").select("state", "rcid", "vote").iter_rows():
        found.setdefault(state, []).append(f"{rcid} ({'yes' if vote == 1 else 'no'})")
    return found


def _since(distance: Sequence[Quantity], further: Sequence[Quantity]) -> int | None:
    """Return the first year of the last unbroken run in which the state is maximal."""
    since = None
    for mine, others in zip(distance, further, strict=True):
        year = int(dict(mine.cell)["year"])
        since = (since or year) if is_maximal(mine.value, others.value) else None
    return since
