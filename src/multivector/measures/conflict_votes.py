"""Where a state stands in the votes on a declared conflict: taking a side, abstaining, absent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.measures.roll_calls import BOOTSTRAP, KNOWN, Ballots, VoteMeasure
from multivector.measures.split_votes import LIJPHART
from multivector.origin import Citation
from multivector.registry import everything, find
from multivector.stats.agreement import ABSENT, ABSTAIN, NO, YES
from multivector.stats.summaries import half_families, midrank_percentile, ratio
from multivector.step import Inputs
from multivector.vote_set import VoteSetName

Counts = dict[int, np.ndarray]
"""Weight of each position (yes, no, abstain, absent), arrays of shape (draws, states)."""


@dataclass(frozen=True, kw_only=True)
class ConflictMeasure(VoteMeasure):
    """A measure on the roll calls of a declared conflict set, where the resolution has sides.

    Cells are (state, period) or (state, year), of the focal state and of ``others`` beside it. A
    state that took no position there has no value. Sets whose sides are not declared are refused:
    over all votes an abstention says more of the agenda than of neutrality. A declared set is no
    sample, so no resampling by default; with ``draws``, families of resolutions are resampled.
    """

    others: tuple[Actor, ...] = ()
    by: Literal["year", "period"] = "period"
    vote_set: VoteSetName = "crimea"
    draws: int = 0
    label: ClassVar[str]
    bounds: ClassVar[tuple[float, float]] = (0, 1)
    citations: ClassVar[tuple[Citation, ...]] = (LIJPHART, BOOTSTRAP)
    shares: ClassVar[bool] = True
    """Whether it is a share of counts: resamples then add half a family for each position."""

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups and sets that are not declared conflicts."""
        yield from super().problems()
        for actor in (self.focal, *self.others):
            if states.is_group(actor):
                yield InputError(f"{actor} is a group.", "A state can be placed on a conflict.")
        conflicts = [n for n, s in everything("vote_sets").items() if s.conflict]
        if self.vote_set not in conflicts:
            yield InputError(
                f"{self.vote_set} is no declared conflict.", f"Possible: {', '.join(conflicts)}."
            )

    @property
    def shown(self) -> tuple[str, ...]:
        """The states that get a cell."""
        return tuple(dict.fromkeys((self.focal, *self.others)))

    def of(self, counts: Counts) -> np.ndarray:
        """Return the measure of every state, shape (draws, states)."""
        raise NotImplementedError

    def compute(self, get: Inputs) -> Estimate:
        """Count positions per period and resample, then apply the definition."""
        ballots = self.ballots(get)

        def values(items: np.ndarray, weights: np.ndarray) -> np.ndarray:
            codes = ballots.codes[:, items]
            counts = {v: weights @ (codes == v).T.astype(np.float64) for v in KNOWN}
            if self.shares and len(weights) > 1:
                taken, family = np.isin(codes, KNOWN), ballots.family[items]
                extra = half_families(taken, family, len(KNOWN), len(weights) - 1, self.seed)
                for position, more in zip(KNOWN, extra, strict=True):
                    counts[position][1:] += more
            return self.of(counts)

        return self.tabulate(get, ballots, values)

    def tabulate(
        self,
        get: Inputs,
        ballots: Ballots,
        values_of: Callable[[np.ndarray, np.ndarray], np.ndarray],
        remark: str = "",
    ) -> Estimate:
        """Return the estimate of what *values_of* makes of the items of a period and weights."""
        rows = np.array(
            [ballots.states.index(s) if s in ballots.states else -1 for s in self.shown]
        )
        remark = f"{remark} {self._unknown(ballots)}".strip()
        cells, draws = [], []
        for index, label in enumerate(ballots.labels):
            items, weights = ballots.weights(index, self.draws, self.seed)
            values = np.full((len(rows), 1 + self.draws), np.nan)
            if items.size:
                values[:, : weights.shape[0]] = values_of(items, weights)[:, rows].T
            values[rows < 0] = np.nan
            draws.append(values)
            years = ballots.years[index]
            notes = (f"{self.notes(get, (s,), years)} {remark}".strip() for s in self.shown)
            cells += [(s, label, note) for s, note in zip(self.shown, notes, strict=True)]
        table = np.concatenate(draws)
        # fewer than five families are never resampled
        resampled = bool(np.isfinite(table[:, 1:]).any())
        return Estimate(
            pl.DataFrame(
                cells, {"state": pl.String, self.by: None, "note": pl.String}, orient="row"
            ),
            table[:, 1:] if resampled else table[:, :1],
            label=self.label,
            unit=self.unit,
            draw_kind="bootstrap" if resampled else "point",
            variant=self.variant,
            range=self.bounds,
            observed=table[:, 0] if resampled else None,
        )

    def _unknown(self, ballots: Ballots) -> str:
        """Return, in words, how many declared roll calls of these years the data lack."""
        declared = find("vote_sets", self.vote_set).resolutions
        years = {year for label in ballots.years for year in label}
        wanted = [r for r in declared if int(r.date[:4]) in years]
        lost = len(wanted) - len(ballots.rcids)
        if lost <= 0:
            return ""
        what = conflict_label(self.vote_set)
        found = f"{lost} of {len(wanted)} declared roll calls are not in these data."
        return f"{what[:1].upper()}{what[1:]}: {found}"


def distance(counts: Counts, absence: str = "apart") -> np.ndarray:
    """Share of abstentions among positions, shape (draws, states); NaN without a position.

    With absences as ``sides`` they are positions that are no abstentions.

    >>> one = np.array([[1.0]])
    >>> counts = {YES: one, NO: one, ABSTAIN: 2 * one, ABSENT: one}
    >>> distance(counts).tolist(), distance(counts, "sides").tolist()
    ([[0.5]], [[0.4]])
    """
    sides = counts[ABSENT] if absence == "sides" else 0.0
    return ratio(counts[ABSTAIN], counts[YES] + counts[NO] + counts[ABSTAIN] + sides)


@dataclass(frozen=True, kw_only=True)
class ConflictVotes(ConflictMeasure):
    """Number of roll calls of a conflict set on which the state took a position.

    yes + no + abstain; 0 or more. The count behind the distance.

    Examples
    --------
    >>> ConflictVotes(focal="KAZ", vote_set="crimea").unit
    'votes'
    """

    name: ClassVar[str] = "conflict_votes"
    shares: ClassVar[bool] = False
    label: ClassVar[str] = "Positions taken on the conflict"
    unit: ClassVar[str] = "votes"
    bounds: ClassVar[tuple[float, float]] = (0, np.inf)

    def of(self, counts: Counts) -> np.ndarray:
        """Return the number of positions."""
        return counts[YES] + counts[NO] + counts[ABSTAIN]


@dataclass(frozen=True, kw_only=True)
class ConflictDistance(ConflictMeasure):
    """Distance from both sides of a conflict: the share of abstentions among positions on it.

    D = abstain / (yes + no + abstain); 0 always takes a side, 1 always abstains. Absences are
    apart; as abstentions (``absence="abstains"``) and as sides taken (``absence="sides"``) they
    bound what D would be if those absent had voted.

    Examples
    --------
    >>> ConflictDistance(focal="KAZ", vote_set="georgia", others=("KGZ",)).shown
    ('KAZ', 'KGZ')
    """

    name: ClassVar[str] = "conflict_distance"
    label: ClassVar[str] = "Distance from the sides of the conflict"
    unit: ClassVar[str] = "share 0–1"
    bounded: ClassVar[bool] = True

    def of(self, counts: Counts) -> np.ndarray:
        """Return D."""
        return distance(counts, self.absence)


@dataclass(frozen=True, kw_only=True)
class ConflictSupport(ConflictMeasure):
    """Share of positions on a conflict that were votes for the resolutions.

    yes / (yes + no + abstain); 0 to 1. With the distance and the share of votes against it adds
    up to one.

    Examples
    --------
    >>> ConflictSupport(focal="KAZ", vote_set="palestine").unit
    'share 0–1'
    """

    name: ClassVar[str] = "conflict_support"
    label: ClassVar[str] = "Votes for the resolutions on the conflict"
    unit: ClassVar[str] = "share 0–1"

    def of(self, counts: Counts) -> np.ndarray:
        """Return the share of yes."""
        return ratio(counts[YES], counts[YES] + counts[NO] + counts[ABSTAIN])


@dataclass(frozen=True, kw_only=True)
class ConflictAbsence(ConflictMeasure):
    """Share of the roll calls on a conflict in which a member did not vote.

    absent / (yes + no + abstain + absent); 0 to 1. Not a position, but part of any claim about
    one. Votes whose record does not tell absence from non-membership do not count.

    Examples
    --------
    >>> ConflictAbsence(focal="KAZ", vote_set="crimea").absence
    'apart'
    """

    name: ClassVar[str] = "conflict_absence"
    label: ClassVar[str] = "Absence from votes on the conflict"
    unit: ClassVar[str] = "share 0–1"

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse the rule under which there is no absence."""
        yield from super().problems()
        if self.absence != "apart":
            yield InputError("Absence cannot be measured once it counts as abstention.", "apart.")

    def of(self, counts: Counts) -> np.ndarray:
        """Return the share of absences."""
        return ratio(counts[ABSENT], sum(counts[v] for v in KNOWN))


@dataclass(frozen=True, kw_only=True)
class ConflictPercentile(ConflictMeasure):
    """Percentile of a state's distance from the sides among all states with a position.

    P = 100 · (number below + half of those equal, itself included) / number of states, the
    midrank; 0 to 100. Where many always abstain they share a percentile below 100: read it beside
    the distance. Recomputed in every resample.

    Examples
    --------
    >>> ConflictPercentile(focal="KAZ", vote_set="crimea").unit
    'percentile'
    """

    name: ClassVar[str] = "conflict_percentile"
    shares: ClassVar[bool] = False
    label: ClassVar[str] = "Percentile of distance from the sides of the conflict"
    unit: ClassVar[str] = "percentile"
    bounds: ClassVar[tuple[float, float]] = (0, 100)
    bounded: ClassVar[bool] = True

    def of(self, counts: Counts) -> np.ndarray:
        """Return the midrank percentile of D."""
        return midrank_percentile(distance(counts, self.absence))


@dataclass(frozen=True, kw_only=True)
class ConflictFurther(ConflictMeasure):
    """Share of the other states that are further from the sides of a conflict than a state is.

    Σ_j [D_j > D_i] / (number of states with a position − 1); 0 where nobody is further. With the
    distance it tells whether a distance is maximal.

    Examples
    --------
    >>> ConflictFurther(focal="KAZ", vote_set="crimea").unit
    'share 0–1'
    """

    name: ClassVar[str] = "conflict_further"
    shares: ClassVar[bool] = False
    label: ClassVar[str] = "Other states further from the sides of the conflict"
    unit: ClassVar[str] = "share 0–1"
    bounded: ClassVar[bool] = True

    def of(self, counts: Counts) -> np.ndarray:
        """Return the share of the others with a larger D."""
        return share_further(distance(counts, self.absence))


def share_further(distances: np.ndarray) -> np.ndarray:
    """Share of the others with a larger value, along the last axis; NaN for what is missing.

    >>> share_further(np.array([[0.5, 1.0, 0.5, 0.0, np.nan]])).round(2).tolist()
    [[0.33, 0.0, 0.33, 1.0, nan]]
    """
    known = np.isfinite(distances)
    above = np.full(distances.shape, np.nan)
    for row, values in enumerate(distances):
        order = np.sort(values[known[row]])
        larger = order.size - np.searchsorted(order, values[known[row]], side="right")
        above[row, known[row]] = larger
    return ratio(above, known.sum(axis=-1, keepdims=True) - 1.0)


def conflict_label(name: str) -> str:
    """Return a set's name in words.

    >>> conflict_label("georgia")
    'votes on the displaced of Abkhazia and South Ossetia'
    """
    return str(find("vote_sets", name).label)
