"""Tension between powers: opposed votes, militarised disputes, reported events; never averaged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.measures._tie import Row, Tie, Years, code, covered
from multivector.measures.roll_calls import BOOTSTRAP
from multivector.measures.similarity import DyadicVoteMeasure
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.stats.summaries import ratio
from multivector.step import Inputs, Step

LIJPHART = Citation(
    "lijphart1963",
    "article",
    "Lijphart, Arend",
    "The Analysis of Bloc Voting in the General Assembly: A Critique and a Proposal",
    1963,
    "American Political Science Review 57(4):902-917",
    doi="10.2307/1952608",
)
GOLDSTEIN = Citation(
    "goldstein1992",
    "article",
    "Goldstein, Joshua S.",
    "A Conflict-Cooperation Scale for WEIS Events Data",
    1992,
    "Journal of Conflict Resolution 36(2):369-385",
    doi="10.1177/0022002792036002007",
)


@dataclass(frozen=True, kw_only=True)
class OpposedVotes(DyadicVoteMeasure):
    """Share of roll calls on which two states were opposed, of those where both took a position.

    o = (n_yes,no + n_no,yes)/n over the 3 × 3 table of yes, abstain, no; 0 to 1. An abstention
    opposes nobody. The share follows what comes to a vote: a year with more resolutions on which
    two powers differ shows more of it without their having moved.

    Examples
    --------
    >>> OpposedVotes(focal="USA", partners=("RUS", "CHN")).unit
    'share 0–1'
    """

    name: ClassVar[str] = "opposed_votes"
    label: ClassVar[str] = "Opposed votes"
    unit: ClassVar[str] = "share 0–1"
    bounds: ClassVar[tuple[float, float | None]] = (0, 1)
    citations: ClassVar[tuple[Citation, ...]] = (LIJPHART, BOOTSTRAP)

    def of(self, tables: np.ndarray) -> np.ndarray:
        """Return the share of the two corners."""
        corners = tables[..., 0, 2] + tables[..., 2, 0]
        return ratio(corners, tables.sum(axis=(-2, -1)))


@dataclass(frozen=True)
class DisputeHostility(Tie):
    """Highest level of hostility in a militarised dispute between two states, by year.

    0 where no dispute was under way, else the larger level that either side reached: 1 no
    militarised action, 2 threat, 3 display, 4 use of force, 5 war. Years after the list ends are
    missing, not peaceful. The list counts acts of states' forces against states: proxies and
    cyber operations are not in it.

    Parameters
    ----------
    disputes
        Directed dyad-years of disputes: ``gml_disputes`` (to 2010) or ``cow_disputes`` (to 2014).

    Examples
    --------
    >>> DisputeHostility(focal="USA", partners=("RUS",)).unit
    'level 0–5'
    """

    name: ClassVar[str] = "dispute_hostility"
    label: ClassVar[str] = "Hostility in militarised disputes"
    unit: ClassVar[str] = "level 0–5"
    disputes: Step[Panel] = default_input("cow_disputes")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: Years | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups, and years that run backwards."""
        yield from self.refuse(self.focal, self.years, self.partners)

    def compute(self, get: Inputs) -> Estimate:
        """Look up each pair in each year, both ways."""
        panel = get(self.disputes, "hostility", "ongoing")
        cover = panel.variable("ongoing").coverage
        years = covered(self.years or (1992, max(cover.years)), cover, "The list of disputes")
        found: dict[tuple[int, int, int], int] = {}
        for a, b, year, level in panel.frame.select(
            "state", "partner", "year", "hostility"
        ).iter_rows():
            pair = (min(a, b), max(a, b), year)
            found[pair] = max(found.get(pair, 0), level or 0)
        rows: list[Row] = []
        for partner in self.partners:
            for year in years:
                ends = [code(s, panel.key.system, year) for s in (self.focal, partner)]
                known = None not in ends
                level = found.get((min(ends), max(ends), year), 0) if known else None
                value = None if level is None else float(level)
                rows.append((self.focal, partner, year, value, ""))
        return self.points(rows, f"militarised disputes, {min(years)}–{max(years)}", 5)


@dataclass(frozen=True)
class EventBalance(Tie):
    """Balance of reported cooperation over conflict between two states, by year.

    E = Σ_d w_d / Σ_d |w_d| over the days of the year, w_d being the day's sum of Goldstein-weighted
    events; −1 (every day conflict prevails) to 1 (every day cooperation does). Dividing by the sum
    of sizes takes out how much is written about the pair, which grew over the years; it cannot
    take out what the press finds worth reporting. Days without a file are left out; the note says
    how many days speak.

    Parameters
    ----------
    events
        A table of days of pairs with one signed weight (``event_days``).

    Examples
    --------
    >>> EventBalance(focal="USA", partners=("RUS", "CHN")).unit
    'index −1 to 1'
    """

    name: ClassVar[str] = "event_balance"
    label: ClassVar[str] = "Reported cooperation over conflict"
    unit: ClassVar[str] = "index −1 to 1"
    citations: ClassVar[tuple[Citation, ...]] = (GOLDSTEIN,)
    events: Step[Panel] = default_input("event_days")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: Years | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups, a state with itself, and years that run backwards."""
        yield from self.refuse(self.focal, self.years, self.partners)
        if self.focal in self.partners:
            yield InputError(f"{self.focal} cannot be its own partner.")

    def compute(self, get: Inputs) -> Estimate:
        """Sum weights and their sizes by pair and year."""
        panel = get(self.events, "weight")
        cover = panel.variable("weight").coverage
        years = covered(self.years, cover, "The table of events")
        pair = [pl.min_horizontal("state", "partner"), pl.max_horizontal("state", "partner")]
        sums = (
            panel.frame.with_columns(pair[0].alias("a"), pair[1].alias("b"))
            .group_by("a", "b", pl.col("date").dt.year().alias("year"))
            .agg(net=pl.col("weight").sum(), size=pl.col("weight").abs().sum(), days=pl.len())
        )
        known = {(a, b, y): rest for a, b, y, *rest in sums.iter_rows()}
        rows: list[Row] = []
        for partner in self.partners:
            for year in years:
                ends = sorted((self.focal, partner))
                net, size, days = known.get((ends[0], ends[1], year), (0.0, 0.0, 0))
                value = net / size if size > 0 else None
                rows.append((self.focal, partner, year, value, f"{days} days"))
        return self.points(rows, "events of both directions, weighted after Goldstein", 1, -1)
