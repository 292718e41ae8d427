"""Excess distance: abstaining more often than one's position explains, where sides are taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from multivector.estimate import Estimate
from multivector.measures.conflict_votes import ConflictMeasure
from multivector.measures.ideal_point_mode import BAILEY, ITEM, POINT
from multivector.measures.roll_calls import BOOTSTRAP, Ballots, VoteMeasure
from multivector.measures.split_votes import LIJPHART, SplitVoteMeasure
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.stats import split_votes as kernel
from multivector.stats.summaries import midrank_percentile
from multivector.step import Inputs, Step

WORKS = (BAILEY, LIJPHART, BOOTSTRAP)


@dataclass(frozen=True, kw_only=True)
class Beyond(VoteMeasure):
    """What the two excess distances share: the ideal-point model and what it expects.

    A vote without a model of it (a part of a text after 1989, a state without an ideal point in
    the session) is left out of the distance and of the expectation alike, so the distance behind
    an excess may rest on fewer votes than the distance alone.

    Parameters
    ----------
    mode
        Ideal points and item parameters at the posterior mode. They were found from these votes,
        the state's own among them; intervals do not hold their uncertainty.
    """

    mode: Step[Panel] = default_input("ideal_point_mode", "measures")
    bounded: ClassVar[bool] = True

    def modelled(self, get: Inputs) -> tuple[Ballots, np.ndarray, str]:
        """Return the roll calls, P(abstain) of every state, and in words what has no model.

        The array has shape (states, items) and NaN where a state or a roll call has no model.
        """
        ballots = self.ballots(get)
        expected = abstention(get(self.mode).frame, ballots)
        lost = int(np.isnan(expected).all(axis=0).sum())
        total = expected.shape[1]
        said = f"{lost} of {total} roll calls have no model and are left out." if lost else ""
        return ballots, expected, said

    def excess(self, codes: np.ndarray, expected: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return the excess distance of every state, shape (draws, states)."""
        sides = self.absence == "sides"
        return kernel.excess_distance(codes, expected, weights, absent_sides=sides)

    def finish(self, excess: np.ndarray) -> np.ndarray:
        """Return the measure from the excess of all states, shape (draws, states)."""
        return excess


class Ranked:
    """A percentile among all states in place of the excess itself."""

    unit: ClassVar[str] = "percentile"
    bounds: ClassVar[tuple[float, float]] = (0, 100)

    def finish(self, excess: np.ndarray) -> np.ndarray:
        """Return the midrank percentile."""
        return midrank_percentile(excess)


def abstention(frame: pl.DataFrame, ballots: Ballots) -> np.ndarray:
    """Return Φ(upper − βθ) − Φ(lower − βθ) of every state and roll call, shape (states, items).

    Both cutpoints of an item without abstentions are the same; a missing one is infinite.
    """
    from scipy.special import ndtr

    texts = pl.Series("rcid", ballots.rcids.tolist(), dtype=pl.String)
    asked = pl.DataFrame({"rcid": texts, "date": pl.Series(ballots.dates, dtype=pl.Date)})
    known = frame.select("rcid", "date", "session", *ITEM).unique()
    of = asked.join(known, on=["rcid", "date"], how="left", maintain_order="left")
    beta = of[ITEM[0]].fill_null(np.nan).to_numpy()
    lower, upper = of[ITEM[1]].fill_null(-np.inf), of[ITEM[2]].fill_null(np.inf)
    theta = np.full((len(ballots.states), len(of)), np.nan)
    points = frame.select("state", "session", POINT).unique()
    at = {state: row for row, state in enumerate(ballots.states)}
    session = of["session"].fill_null(-1).to_numpy()
    for (number,), rows in points.group_by("session"):
        mine = [at[s] for s in rows["state"]]
        theta[np.ix_(mine, session == number)] = rows[POINT].to_numpy()[:, None]
    eta = beta * theta
    return ndtr(upper.to_numpy() - eta) - ndtr(lower.to_numpy() - eta)


@dataclass(frozen=True, kw_only=True)
class SplitExcess(SplitVoteMeasure, Beyond):
    """Distance from two opposed powers beyond what a state's ideal point explains.

    E = D − Σ_v P(abstain on v | θ) / n over the n split votes on which the state took a position;
    −1 to 1, and 0.1 is ten percentage points more abstentions than a state at that ideal point is
    expected to cast on those very votes. Near 0, its abstentions are its position; above 0 it
    keeps apart. Over all votes it is free of the agenda as far as one dimension holds it.

    Examples
    --------
    >>> SplitExcess(focal="KAZ", power_a="USA", power_b="RUS").name
    'split_excess'
    """

    name: ClassVar[str] = "split_excess"
    label: ClassVar[str] = "Excess distance where the powers split"
    unit: ClassVar[str] = "index −1 to 1"
    bounds: ClassVar[tuple[float, float]] = (-1, 1)
    citations: ClassVar[tuple[Citation, ...]] = WORKS

    def compute(self, get: Inputs) -> Estimate:
        """Take what the model expects off the distance, per period and resample."""
        ballots, expected, said = self.modelled(get)
        everyone, rows = self.with_powers(ballots), self.rows(ballots)

        def values(items: np.ndarray, weights: np.ndarray) -> np.ndarray:
            votes = everyone[:, items]
            opposed = kernel.split_items(votes, votes.shape[0] - 2, votes.shape[0] - 1)
            chosen = items[opposed]
            found = self.excess(everyone[:-2, chosen], expected[:, chosen], weights[:, opposed])
            return self.finish(found)[:, rows]

        return self.tabulate(get, ballots, everyone, values, said)


@dataclass(frozen=True, kw_only=True)
class SplitExcessPercentile(Ranked, SplitExcess):
    """Percentile of a state's excess distance from two powers among all states with a position.

    P = 100 · (number below + half of those equal, itself included) / number of states, the
    midrank; 0 to 100, 50 is the median. Recomputed in every resample.

    Examples
    --------
    >>> SplitExcessPercentile(focal="KAZ", power_a="USA", power_b="RUS").unit
    'percentile'
    """

    name: ClassVar[str] = "split_excess_percentile"
    label: ClassVar[str] = "Percentile of excess distance where the powers split"


@dataclass(frozen=True, kw_only=True)
class ConflictExcess(ConflictMeasure, Beyond):
    """Distance from the sides of a conflict beyond what a state's ideal point explains.

    E = D − Σ_v P(abstain on v | θ) / n over the n roll calls of the set on which the state took a
    position; −1 to 1, and 0.1 is ten percentage points more abstentions than a state at that ideal
    point is expected to cast on those very votes.

    Examples
    --------
    >>> ConflictExcess(focal="KAZ", vote_set="georgia").name
    'conflict_excess'
    """

    name: ClassVar[str] = "conflict_excess"
    label: ClassVar[str] = "Excess distance from the sides of the conflict"
    unit: ClassVar[str] = "index −1 to 1"
    bounds: ClassVar[tuple[float, float]] = (-1, 1)
    citations: ClassVar[tuple[Citation, ...]] = WORKS

    def compute(self, get: Inputs) -> Estimate:
        """Take what the model expects off the distance, per period and resample."""
        ballots, expected, said = self.modelled(get)

        def values(items: np.ndarray, weights: np.ndarray) -> np.ndarray:
            return self.finish(self.excess(ballots.codes[:, items], expected[:, items], weights))

        return self.tabulate(get, ballots, values, said)


@dataclass(frozen=True, kw_only=True)
class ConflictExcessPercentile(Ranked, ConflictExcess):
    """Percentile of a state's excess distance on a conflict among all states with a position.

    P = 100 · (number below + half of those equal, itself included) / number of states, the
    midrank; 0 to 100, 50 is the median. Recomputed in every resample.

    Examples
    --------
    >>> ConflictExcessPercentile(focal="KAZ", vote_set="georgia").unit
    'percentile'
    """

    name: ClassVar[str] = "conflict_excess_percentile"
    label: ClassVar[str] = "Percentile of excess distance from the sides of the conflict"
