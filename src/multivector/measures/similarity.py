"""Similarity of voting: raw and chance-corrected agreement of dyads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.measures.roll_calls import BOOTSTRAP, KNOWN, VoteMeasure
from multivector.origin import Citation
from multivector.stats import agreement as kernel
from multivector.stats.similarity import alignment, split_opinion, tau_b
from multivector.step import Inputs

Distance = Literal["absolute", "squared", "nominal"]
SIGNORINO = Citation(
    "signorino1999",
    "article",
    "Signorino, Curtis S. and Ritter, Jeffrey M.",
    "Tau-b or Not Tau-b: Measuring the Similarity of Foreign Policy Positions",
    1999,
    "International Studies Quarterly 43(1):115-144",
    doi="10.1111/0020-8833.00113",
)
HAEGE = Citation(
    "haege2011",
    "article",
    "Häge, Frank M.",
    "Choice or Circumstance? Adjusting Measures of Foreign Policy Similarity for Chance Agreement",
    2011,
    "Political Analysis 19(3):287-305",
    doi="10.1093/pan/mpr023",
)
KENDALL = Citation(
    "kendall1945",
    "article",
    "Kendall, M. G.",
    "The Treatment of Ties in Ranking Problems",
    1945,
    "Biometrika 33(3):239-251",
    doi="10.1093/biomet/33.3.239",
)
BENATI = Citation(
    "benati2026",
    "article",
    "Benati, Stefano and Capurri, Agnese",
    "The Alignment Index and Its Application to Voting at the United Nations General Assembly",
    2026,
    "Quality & Quantity",
    doi="10.1007/s11135-026-02814-x",
)


@dataclass(frozen=True, kw_only=True)
class DyadicVoteMeasure(VoteMeasure):
    """A measure that compares the votes of the focal state with those of each partner.

    Cells are (state, partner, year) or (state, partner, period). A cell without a vote on which
    both took a position is undefined. Roll calls on which all that voted voted the same raise the
    raw agreement of every dyad; ``unanimous`` says whether they count.
    """

    partners: tuple[Actor, ...]
    unanimous: Literal["kept", "left out"] = "kept"
    label: ClassVar[str]
    bounds: ClassVar[tuple[float, float | None]]

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a state as its own partner."""
        yield from super().problems()
        if self.focal in self.partners:
            yield InputError(f"{self.focal} cannot be its own partner.")

    @property
    def variant(self) -> str:
        """The choices that matter, with whether unanimous votes count."""
        kept = self.unanimous == "kept"
        return super().variant + ("" if kept else ", unanimous votes left out")

    def of(self, tables: np.ndarray) -> np.ndarray:
        """Return the measure from 3 × 3 tables of shape (…, 3, 3)."""
        raise NotImplementedError

    def compute(self, get: Inputs) -> Estimate:
        """Tabulate votes per period and resample, then apply the kernel."""
        ballots = self.ballots(get)
        if self.unanimous == "left out":
            ballots = ballots.only(split_opinion(ballots.codes))
        focal = ballots.row(self.focal)
        others = np.stack([ballots.row(p) for p in self.partners])
        cells, draws = [], []
        for index, label in enumerate(ballots.labels):
            items, weights = ballots.weights(index, self.draws, self.seed)
            values = np.full((len(self.partners), 1 + self.draws), np.nan)
            if items.size:
                tables = kernel.crosstab_draws(focal[items], others[:, items], weights)
                values[:, : weights.shape[0]] = self.of(tables)
            known = np.isin(others[:, items], KNOWN).any(axis=1)
            values[~(known & np.isin(focal[items], KNOWN).any())] = np.nan
            draws.append(values)
            cells += [
                (self.focal, p, label, self._note(get, p, others[k, items], ballots.years[index]))
                for k, p in enumerate(self.partners)
            ]
        table = np.concatenate(draws)
        return Estimate(
            pl.DataFrame(
                cells,
                {"state": pl.String, "partner": pl.String, self.by: None, "note": pl.String},
                orient="row",
            ),
            table[:, 1:] if self.draws else table,
            label=self.label,
            unit=self.unit,
            draw_kind="bootstrap" if self.draws else "point",
            variant=self.variant,
            range=self.bounds,
            observed=table[:, 0] if self.draws else None,
        )

    def _note(self, get: Inputs, partner: str, votes: np.ndarray, years: range) -> str:
        note = self.notes(get, (self.focal, partner), years)
        if states.is_group(partner) and votes.size:
            divided = np.mean(votes == kernel.UNRECORDED)
            note += f" No common position on {divided:.0%} of the votes; those are left out."
        return note.strip()


@dataclass(frozen=True, kw_only=True)
class VoteAgreement(DyadicVoteMeasure):
    """Share of roll calls on which two states cast the same vote, of those where both voted.

    a = Σ_r n_rr / n over the 3 × 3 table of yes, abstain, no; 0 to 1. With ``credit="half"`` an
    abstention against a side counts one half. Raw agreement is high wherever most votes are near
    unanimous, so read it beside κ.

    Examples
    --------
    >>> VoteAgreement(focal="KAZ", partners=("RUS",), years=(2007, 2019), by="period").credit
    'exact'
    """

    name: ClassVar[str] = "vote_agreement"
    label: ClassVar[str] = "Vote agreement"
    unit: ClassVar[str] = "share 0–1"
    bounds: ClassVar[tuple[float, float | None]] = (0, 1)
    citations: ClassVar[tuple[Citation, ...]] = (BOOTSTRAP,)
    credit: Literal["exact", "half"] = "exact"

    def of(self, tables: np.ndarray) -> np.ndarray:
        """Return the agreement share."""
        exact = self.credit == "exact"
        return kernel.exact_agreement(tables) if exact else kernel.half_credit_agreement(tables)


@dataclass(frozen=True, kw_only=True)
class VotesInCommon(DyadicVoteMeasure):
    """Number of roll calls on which both states took a position (yes, abstain or no).

    n = Σ_r Σ_c n_rc over the 3 × 3 table of yes, abstain, no: the n behind every similarity score
    of the dyad; 0 or more. A count, so no interval is attached.

    Examples
    --------
    >>> VotesInCommon(focal="KAZ", partners=("RUS",)).unit
    'votes'
    """

    name: ClassVar[str] = "votes_in_common"
    label: ClassVar[str] = "Votes in common"
    unit: ClassVar[str] = "votes"
    bounds: ClassVar[tuple[float, float | None]] = (0, None)
    citations: ClassVar[tuple[Citation, ...]] = (SIGNORINO,)
    draws: int = 0

    def of(self, tables: np.ndarray) -> np.ndarray:
        """Return the number of co-present votes."""
        return kernel.n_copresent(tables)


@dataclass(frozen=True, kw_only=True)
class SScore(DyadicVoteMeasure):
    """Signorino and Ritter's S: one minus twice the mean distance of two states' votes.

    S = 1 − 2 Σ d / Σ d_max with yes = 1, abstain = 0, no = −1, over roll calls where both took a
    position; −1 (always opposite) to 1 (always the same). Not corrected for chance.

    Examples
    --------
    >>> SScore(focal="KAZ", partners=("CHN",), distance="squared").distance
    'squared'
    """

    name: ClassVar[str] = "s_score"
    label: ClassVar[str] = "Similarity S of votes"
    unit: ClassVar[str] = "index −1 to 1"
    bounds: ClassVar[tuple[float, float | None]] = (-1, 1)
    citations: ClassVar[tuple[Citation, ...]] = (SIGNORINO, BOOTSTRAP)
    distance: Distance = "absolute"

    def of(self, tables: np.ndarray) -> np.ndarray:
        """Return S."""
        return kernel.s_score(tables, self.distance)

    @property
    def variant(self) -> str:
        """The choices that matter, with the distance."""
        return f"{self.distance} distances, {super().variant}"


@dataclass(frozen=True, kw_only=True)
class Kappa(SScore):
    """Cohen's κ of votes: agreement beyond what two states' habits of voting would produce.

    κ = 1 − D_observed / D_expected, where the expectation keeps each state's own shares of yes,
    abstain and no; 1 for identical votes, 0 at chance. Undefined if both always cast one vote.

    Examples
    --------
    >>> Kappa(focal="KAZ", partners=("CHN",)).name
    'kappa'
    """

    name: ClassVar[str] = "kappa"
    label: ClassVar[str] = "Chance-corrected similarity κ of votes"
    unit: ClassVar[str] = "index −1 to 1"
    bounds: ClassVar[tuple[float, float | None]] = (-np.inf, 1)
    citations: ClassVar[tuple[Citation, ...]] = (HAEGE, BOOTSTRAP)

    def of(self, tables: np.ndarray) -> np.ndarray:
        """Return κ."""
        return kernel.cohen_kappa(tables, self.distance)


@dataclass(frozen=True, kw_only=True)
class ScottPi(SScore):
    """Scott's π of votes: agreement beyond chance when both states share one habit of voting.

    π = 1 − D_observed / D_expected, as κ, with the mean of the two states' shares of yes, abstain
    and no in the expectation, so that a difference of habits counts as disagreement. At most 1,
    never above κ.

    Examples
    --------
    >>> ScottPi(focal="KAZ", partners=("CHN",)).name
    'scott_pi'
    """

    name: ClassVar[str] = "scott_pi"
    label: ClassVar[str] = "Chance-corrected similarity π of votes"
    unit: ClassVar[str] = "index −1 to 1"
    bounds: ClassVar[tuple[float, float | None]] = (-np.inf, 1)
    citations: ClassVar[tuple[Citation, ...]] = (HAEGE, BOOTSTRAP)

    def of(self, tables: np.ndarray) -> np.ndarray:
        """Return π."""
        return kernel.scott_pi(tables, self.distance)


@dataclass(frozen=True, kw_only=True)
class TauB(DyadicVoteMeasure):
    """Kendall's τ-b of votes: association of two states' positions, corrected for ties.

    τ = (C − D) / √((P − T_i)(P − T_j)), with C concordant and D discordant among P pairs of roll
    calls, T_i and T_j of them tied by either state; −1 to 1. Two states that never
    vote alike may have τ-b of 1, so it measures association and not agreement, for which
    Signorino and Ritter criticised its use.

    Examples
    --------
    >>> TauB(focal="KAZ", partners=("CHN",)).name
    'tau_b'
    """

    name: ClassVar[str] = "tau_b"
    label: ClassVar[str] = "Association τ-b of votes"
    unit: ClassVar[str] = "index −1 to 1"
    bounds: ClassVar[tuple[float, float | None]] = (-1, 1)
    citations: ClassVar[tuple[Citation, ...]] = (KENDALL, SIGNORINO, BOOTSTRAP)

    def of(self, tables: np.ndarray) -> np.ndarray:
        """Return τ-b."""
        return tau_b(tables)


@dataclass(frozen=True, kw_only=True)
class AlignmentIndex(SScore):
    """Benati and Capurri's A of votes: S less the S that independent votes would have.

    A = S − E[S], the expectation keeping each state's own shares of yes, abstain and no. In the
    units of S: 0 at chance, and 0 where both always cast the same single vote, so that a dyad
    without any difference has no alignment to show.

    Examples
    --------
    >>> AlignmentIndex(focal="KAZ", partners=("CHN",)).name
    'alignment_index'
    """

    name: ClassVar[str] = "alignment_index"
    label: ClassVar[str] = "Alignment A of votes beyond chance"
    unit: ClassVar[str] = "index −2 to 2"
    bounds: ClassVar[tuple[float, float | None]] = (-2, 2)
    citations: ClassVar[tuple[Citation, ...]] = (BENATI, BOOTSTRAP)

    def of(self, tables: np.ndarray) -> np.ndarray:
        """Return A."""
        return alignment(tables, self.distance)
