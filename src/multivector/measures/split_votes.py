"""Split votes: where a state stands when two powers vote opposite each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.measures.roll_calls import BOOTSTRAP, KNOWN, Ballots, VoteMeasure
from multivector.origin import Citation
from multivector.stats import split_votes as kernel
from multivector.stats.agreement import ABSTAIN, NO, YES
from multivector.stats.summaries import half_families, midrank_percentile
from multivector.step import Inputs

LIJPHART = Citation(
    "lijphart1963",
    "article",
    "Lijphart, Arend",
    "The Analysis of Bloc Voting in the General Assembly: A Critique and a Proposal",
    1963,
    "American Political Science Review 57(4):902-917",
    doi="10.2307/1952608",
)

POSITIONS = ("with_a", "with_b", "abstaining")


@dataclass(frozen=True, kw_only=True)
class SplitVoteMeasure(VoteMeasure):
    """A measure on the roll calls where one power voted yes and the other no.

    Cells are (state, power_a, power_b, year) or (…, period). A power may be a state or a bloc
    with a common vote. Parties to the split have no value, nor has a state without a position.
    Over *all* such votes the figures follow the agenda; the word neutral is for a declared
    conflict set.

    Parameters
    ----------
    power_a, power_b
        The two powers; signed figures are positive toward ``power_a``.
    others
        Further states to show beside the focal one.
    """

    power_a: Actor
    power_b: Actor
    others: tuple[Actor, ...] = ()
    label: ClassVar[str]
    bounds: ClassVar[tuple[float, float]]
    citations: ClassVar[tuple[Citation, ...]] = (LIJPHART, BOOTSTRAP)
    shares: ClassVar[bool] = True
    """Whether it is a share of counts: resamples then add half a family for each position."""

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a power set against itself, and blocs as the states that are placed."""
        yield from super().problems()
        if self.power_a == self.power_b:
            yield InputError(f"{self.power_a} cannot split with itself.")
        for actor in (self.focal, *self.others):
            if states.is_group(actor):
                yield InputError(f"{actor} is a group.", "A state can be placed on a split.")

    @property
    def shown(self) -> tuple[str, ...]:
        """The states that get a cell."""
        return tuple(dict.fromkeys((self.focal, *self.others)))

    def of(self, counts: kernel.SplitCounts) -> np.ndarray:
        """Return the measure from counts of shape (draws, states)."""
        raise NotImplementedError

    def values(
        self, votes: np.ndarray, weights: np.ndarray, rows: list[int], family: np.ndarray
    ) -> np.ndarray:
        """Return the measure, shape (draws, rows); the two powers are the last two rows."""
        few = votes[[*rows, -2, -1]]
        a, b = len(rows), len(rows) + 1
        counts = kernel.split_counts(few, a, b, weights)
        if self.shares and len(weights) > 1:
            split = kernel.split_items(few, a, b)
            taken = np.isin(few[:, split], (YES, NO, ABSTAIN))
            extra = half_families(taken, family[split], 3, len(weights) - 1, self.seed)
            for field, more in zip(POSITIONS, extra, strict=True):
                getattr(counts, field)[1:] += more
        return self.of(counts)[:, : len(rows)]

    def compute(self, get: Inputs) -> Estimate:
        """Count per period and resample, then apply the definition."""
        ballots = self.ballots(get)
        everyone = self.with_powers(ballots)
        rows = self.rows(ballots)

        def values(items: np.ndarray, weights: np.ndarray) -> np.ndarray:
            return self.values(everyone[:, items], weights, rows, ballots.family[items])

        return self.tabulate(get, ballots, everyone, values)

    def rows(self, ballots: Ballots) -> list[int]:
        """Return the rows of the states that get a cell; −1 for one without a vote."""
        return [ballots.states.index(s) if s in ballots.states else -1 for s in self.shown]

    def tabulate(
        self,
        get: Inputs,
        ballots: Ballots,
        everyone: np.ndarray,
        values_of: Callable[[np.ndarray, np.ndarray], np.ndarray],
        remark: str = "",
    ) -> Estimate:
        """Return the estimate of what *values_of* makes of the items of a period and weights."""
        rows = self.rows(ballots)
        cells, draws = [], []
        for index, label in enumerate(ballots.labels):
            items, weights = ballots.weights(index, self.draws, self.seed)
            values = np.full((len(rows), 1 + self.draws), np.nan)
            if items.size:
                values[:, : weights.shape[0]] = values_of(items, weights).T
            known = np.isin(everyone[rows][:, items], KNOWN).any(axis=1)
            values[~known | (np.array(rows) < 0)] = np.nan
            draws.append(values)
            when = ballots.years[index]
            for s in self.shown:
                who = (s, self.power_a, self.power_b)
                cells.append((*who, label, f"{self.notes(get, who, when)} {remark}".strip()))
        table = np.concatenate(draws)
        text = pl.String
        return Estimate(
            pl.DataFrame(
                cells,
                {"state": text, "power_a": text, "power_b": text, self.by: None, "note": text},
                orient="row",
            ),
            table[:, 1:] if self.draws else table,
            label=self.label,
            unit=self.unit,
            draw_kind="bootstrap" if self.draws else "point",
            variant=f"votes where {self.power_a} and {self.power_b} are opposed; {self.variant}",
            range=self.bounds,
            observed=table[:, 0] if self.draws else None,
        )

    def with_powers(self, ballots: Ballots) -> np.ndarray:
        """Return all positions, with those of the powers moved to the last two rows.

        A power's own row is blanked where it stood, so that it is not among the others; so are
        the rows of a bloc's members, which are parties too.
        """
        codes = ballots.codes.copy()
        powers = np.stack([ballots.row(p) for p in (self.power_a, self.power_b)])
        for power in (self.power_a, self.power_b):
            parties = {power}
            if states.is_group(power):
                days = np.unique(ballots.dates).astype(object)
                parties = {m for day in days for m in states.members(power, day)}
            codes[np.isin(ballots.states, list(parties))] = kernel.UNRECORDED
        return np.vstack([codes, powers])


@dataclass(frozen=True, kw_only=True)
class SplitVotes(SplitVoteMeasure):
    """Number of roll calls on which the two powers were opposed and the state took a position.

    N = a + b + n: votes with A, with B, and abstentions; 0 or more. The count behind distance and
    lean.

    Examples
    --------
    >>> SplitVotes(focal="KAZ", power_a="USA", power_b="RUS").unit
    'votes'
    """

    name: ClassVar[str] = "split_votes"
    label: ClassVar[str] = "Votes on the powers' splits"
    unit: ClassVar[str] = "votes"
    bounds: ClassVar[tuple[float, float]] = (0, np.inf)
    shares: ClassVar[bool] = False
    draws: int = 0

    def of(self, counts: kernel.SplitCounts) -> np.ndarray:
        """Return a + b + n."""
        return counts.with_a + counts.with_b + counts.abstaining


@dataclass(frozen=True, kw_only=True)
class SplitDistance(SplitVoteMeasure):
    """Distance from both powers: the share of abstentions where they vote opposite.

    D = n / (a + b + n); 0 always takes a side, 1 always abstains. Absences are apart; under
    ``absence="abstains"`` they join n, under ``absence="sides"`` the sides taken, which bounds D.

    Examples
    --------
    >>> SplitDistance(focal="KAZ", power_a="USA", power_b="RUS").by
    'year'
    """

    name: ClassVar[str] = "split_distance"
    label: ClassVar[str] = "Distance where the powers split"
    unit: ClassVar[str] = "share 0–1"
    bounds: ClassVar[tuple[float, float]] = (0, 1)
    bounded: ClassVar[bool] = True

    def of(self, counts: kernel.SplitCounts) -> np.ndarray:
        """Return D."""
        return _distance(counts, self.absence)


def _distance(counts: kernel.SplitCounts, absence: str) -> np.ndarray:
    """Return D, absences being sides taken if the rule says so."""
    sides = counts.absent if absence == "sides" else 0.0
    return kernel.distance(counts.with_a, counts.with_b + sides, counts.abstaining)


@dataclass(frozen=True, kw_only=True)
class SplitLean(SplitVoteMeasure):
    """Signed lean toward power A among the sides taken where the powers vote opposite.

    SB = (a − b)/(a + b); 1 always with A, −1 always with B. It follows the agenda of the year:
    compare with the adjusted lean.

    Examples
    --------
    >>> SplitLean(focal="KAZ", power_a="USA", power_b="RUS").unit
    'index −1 to 1'
    """

    name: ClassVar[str] = "split_lean"
    label: ClassVar[str] = "Lean where the powers split"
    unit: ClassVar[str] = "index −1 to 1"
    bounds: ClassVar[tuple[float, float]] = (-1, 1)

    def of(self, counts: kernel.SplitCounts) -> np.ndarray:
        """Return SB."""
        return kernel.lean(counts.with_a, counts.with_b)


@dataclass(frozen=True, kw_only=True)
class SplitEvenness(SplitVoteMeasure):
    """Evenness at the split: one minus the net share of positions on one power's side.

    N = 1 − |a − b|/(a + b + n), with 1 − N = (1 − D)·|SB|. It is not neutrality: it is highest
    for members of an alliance whose votes happen to divide.

    Examples
    --------
    >>> SplitEvenness(focal="KAZ", power_a="USA", power_b="RUS").name
    'split_evenness'
    """

    name: ClassVar[str] = "split_evenness"
    label: ClassVar[str] = "Evenness where the powers split"
    unit: ClassVar[str] = "index 0–1"
    bounds: ClassVar[tuple[float, float]] = (0, 1)

    def of(self, counts: kernel.SplitCounts) -> np.ndarray:
        """Return N."""
        return kernel.evenness(counts.with_a, counts.with_b, counts.abstaining)


@dataclass(frozen=True, kw_only=True)
class SplitPercentile(SplitVoteMeasure):
    """Percentile of a state's distance from both powers among all states with a position.

    P = 100 · (number below + half of those equal, itself included) / number of states, the
    midrank; 0 to 100, 50 is the median. Recomputed in every resample.

    Examples
    --------
    >>> SplitPercentile(focal="KAZ", power_a="USA", power_b="RUS").unit
    'percentile'
    """

    name: ClassVar[str] = "split_percentile"
    label: ClassVar[str] = "Percentile of distance where the powers split"
    unit: ClassVar[str] = "percentile"
    bounds: ClassVar[tuple[float, float]] = (0, 100)
    bounded: ClassVar[bool] = True

    def values(
        self, votes: np.ndarray, weights: np.ndarray, rows: list[int], family: np.ndarray
    ) -> np.ndarray:
        """Return the midrank percentile of D among all states."""
        last = votes.shape[0]
        counts = kernel.split_counts(votes, last - 2, last - 1, weights)
        return midrank_percentile(_distance(counts, self.absence))[:, rows]


@dataclass(frozen=True, kw_only=True)
class SplitAdjustedLean(SplitVoteMeasure):
    """Lean toward power A beyond that of the other states on the same votes.

    AL = a/(a + b) − mean_j a_j/(a_j + b_j), over all other non-party states j on the roll calls
    where the state took a side; −1 to 1, and 0.1 is ten percentage points more often with A than
    the others. The agenda moves everyone, and cancels.

    Examples
    --------
    >>> SplitAdjustedLean(focal="KAZ", power_a="USA", power_b="RUS").name
    'split_adjusted_lean'
    """

    name: ClassVar[str] = "split_adjusted_lean"
    label: ClassVar[str] = "Adjusted lean where the powers split"
    unit: ClassVar[str] = "index −1 to 1"
    bounds: ClassVar[tuple[float, float]] = (-1, 1)

    def values(
        self, votes: np.ndarray, weights: np.ndarray, rows: list[int], family: np.ndarray
    ) -> np.ndarray:
        """Return the adjusted lean of the shown states."""
        last = votes.shape[0]
        return kernel.adjusted_lean(votes, last - 2, last - 1, weights, focal=rows)


@dataclass(frozen=True, kw_only=True)
class SplitSides(SplitVoteMeasure):
    """Share of a state's positions on the powers' splits that were cast with power A.

    a / (a + b + n); 0 to 1. With the distance and the share with B it adds up to one.

    Examples
    --------
    >>> SplitSides(focal="KAZ", power_a="USA", power_b="RUS").unit
    'share 0–1'
    """

    name: ClassVar[str] = "split_side"
    label: ClassVar[str] = "Share of votes with the first power where the two split"
    unit: ClassVar[str] = "share 0–1"
    bounds: ClassVar[tuple[float, float]] = (0, 1)

    def of(self, counts: kernel.SplitCounts) -> np.ndarray:
        """Return a / (a + b + n)."""
        positions = counts.with_a + counts.with_b + counts.abstaining
        return kernel.ratio(counts.with_a, positions)
