"""Similarity of votes of all dyads: the whole table, for regressions and for other programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import polars as pl

from multivector.errors import InputError, MultivectorError, OutOfCoverage
from multivector.origin import Citation, unite
from multivector.panel import Panel
from multivector.registry import default_input, find
from multivector.stats.agreement import ABSENT, ABSTAIN, NO, NOT_MEMBER, UNRECORDED, YES
from multivector.stats.similarity import MEASURES, all_dyads, split_opinion
from multivector.step import Inputs, Step
from multivector.variable import DYAD_YEAR, Coverage, Variable, span, year_ranges
from multivector.vote_set import VoteSetName

POSITION = {1: YES, 2: ABSTAIN, 3: NO, 8: ABSENT, 9: NOT_MEMBER}
LABELS: dict[str, tuple[str, str, tuple[float | None, float | None]]] = {
    "n": ("Votes in common", "votes", (0, None)),
    "exact": ("Same vote", "share 0–1", (0, 1)),
    "half_credit": ("Same vote, half credit for an abstention", "share 0–1", (0, 1)),
    "s_absolute": ("S, absolute distances", "index −1 to 1", (-1, 1)),
    "s_squared": ("S, squared distances", "index −1 to 1", (-1, 1)),
    "kappa_nominal": ("Cohen's κ", "index, at most 1", (None, 1)),
    "kappa_absolute": ("Cohen's κ, absolute distances", "index, at most 1", (None, 1)),
    "kappa_squared": ("Cohen's κ, squared distances", "index, at most 1", (None, 1)),
    "pi_nominal": ("Scott's π", "index, at most 1", (None, 1)),
    "pi_absolute": ("Scott's π, absolute distances", "index, at most 1", (None, 1)),
    "pi_squared": ("Scott's π, squared distances", "index, at most 1", (None, 1)),
    "tau_b": ("Kendall's τ-b", "index −1 to 1", (-1, 1)),
    "alignment": ("Benati and Capurri's A", "index −2 to 2", (-2, 2)),
}
BENATI = Citation(
    "benati2026",
    "article",
    "Benati, Stefano and Capurri, Agnese",
    "The Alignment Index and Its Application to Voting at the United Nations General Assembly",
    2026,
    "Quality & Quantity",
    doi="10.1007/s11135-026-02814-x",
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


@dataclass(frozen=True)
class AllDyads(Step[Panel]):
    """Twelve measures of similarity of votes, of every dyad in every year.

    One row per two states and year in which both took a position; values are missing where a
    measure is undefined. Raw agreement and S count agreement that the agenda makes; κ, π and A
    subtract what habits of voting would give by chance; τ-b is association, not agreement.

    Parameters
    ----------
    years
        First and last year; ``None`` takes all that the votes cover.
    vote_set
        Name of a declared set of roll calls.
    absence
        ``apart``: an absence is no position. ``abstains``: it counts as an abstention.
    unanimous
        Whether roll calls on which all that voted voted the same are ``kept`` or ``left out``;
        they raise raw agreement of every dyad.

    Examples
    --------
    >>> AllDyads(years=(2015, 2015), unanimous="left out").absence
    'apart'
    """

    name: ClassVar[str] = "all_dyads"
    citations: ClassVar[tuple[Citation, ...]] = (HAEGE, BENATI)
    votes: Step[Panel] = default_input("assembly_votes", "panels")
    roll_calls: Step[Panel] = default_input("assembly_roll_calls", "panels")
    _: KW_ONLY
    years: tuple[int, int] | None = None
    vote_set: VoteSetName = "all"
    absence: Literal["apart", "abstains"] = "apart"
    unanimous: Literal["kept", "left out"] = "kept"

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse periods that run backwards."""
        if self.years is not None and self.years[0] > self.years[1]:
            yield InputError(f"years {self.years[0]}:{self.years[1]} runs backwards.")

    def compute(self, get: Inputs) -> Panel:
        """Lay out positions, then measure every pair in every year."""
        votes, calls = get(self.votes, "vote"), get(self.roll_calls)
        first, last = self._years(votes)
        states, codes, years = self._positions(votes, calls.frame, first, last)
        if self.unanimous == "left out":
            split = split_opinion(codes)
            codes, years = codes[:, split], years[split]
        found = all_dyads(codes, years - first)
        names = np.array(states, dtype=object)
        keys: dict[str, Any] = {
            "state": pl.Series(names[found.first], dtype=pl.String),
            "partner": pl.Series(names[found.second], dtype=pl.String),
            "year": found.period + first,
        }
        values = {m: found.values[:, k] for k, m in enumerate(MEASURES)}
        frame = pl.DataFrame(keys | values).with_columns(pl.col(pl.Float64).fill_nan(None))
        cover = Coverage(span(first, last))
        origins = unite(votes.variable("vote").origins, calls.provenance)
        variables = tuple(
            Variable(m, label, unit, cover, range=bounds, origins=origins)
            for m, (label, unit, bounds) in LABELS.items()
        )
        frame = frame.with_columns(_clipped(v) for v in variables)
        return Panel(frame, DYAD_YEAR, variables)

    def _years(self, votes: Panel) -> tuple[int, int]:
        covered = votes.variable("vote").coverage.years
        first, last = self.years or (min(covered), max(covered))
        if first < min(covered) or last > max(covered):
            raise OutOfCoverage(
                f"The votes cover {year_ranges(covered)}; {first}–{last} was asked for.",
                f"Nearest: {max(first, min(covered))}–{min(last, max(covered))}.",
                "Restrict the years, or feed a source that covers them.",
            )
        return first, last

    def _positions(
        self, votes: Panel, calls: pl.DataFrame, first: int, last: int
    ) -> tuple[list[str], np.ndarray, np.ndarray]:
        """Return the states, their positions (states × items) and the year of each item."""
        member = find("vote_sets", self.vote_set).holds()
        inside = pl.col("date").dt.year().is_between(first, last)
        chosen = calls.filter(member, inside).select("rcid", "date").with_row_index("item")
        cast = votes.sound("vote").frame.drop_nulls("vote").join(chosen, on=["rcid", "date"])
        states = cast["state"].unique().sort()
        row = pl.col("state").replace_strict(states, range(len(states)), return_dtype=pl.Int32)
        code = pl.col("vote").replace_strict(POSITION, return_dtype=pl.Int8)
        cells = cast.select("item", row.alias("row"), code.alias("code"))
        codes = np.full((len(states), len(chosen)), UNRECORDED, dtype=np.int8)
        codes[cells["row"].to_numpy(), cells["item"].to_numpy()] = cells["code"].to_numpy()
        if self.absence == "abstains":
            codes[codes == ABSENT] = ABSTAIN
        return states.to_list(), codes, chosen["date"].dt.year().to_numpy().astype(np.intp)


def _clipped(variable: Variable) -> pl.Expr:
    """Hold a measure to its range, which sums in floating point overstep by a rounding."""
    low, high = variable.range
    return pl.col(variable.name).clip(low, high)
