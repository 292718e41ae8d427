"""Similarity of alliance portfolios: whether two states owe the same to the same states."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.stats import agreement as kernel
from multivector.stats.similarity import alignment, tau_b
from multivector.step import Inputs, Measure, Step
from multivector.variable import year_ranges

LEVELS = ("none", "consultation", "neutrality or non-aggression", "defence or offence")
"""Obligations in order, as Signorino and Ritter rank them; the highest that binds counts."""
_SCORES = {
    "s": kernel.s_score,
    "kappa": kernel.cohen_kappa,
    "pi": kernel.scott_pi,
    "alignment": alignment,
}
SIGNORINO = Citation(
    "signorino1999",
    "article",
    "Signorino, Curtis S. and Ritter, Jeffrey M.",
    "Tau-b or Not Tau-b: Measuring the Similarity of Foreign Policy Positions",
    1999,
    "International Studies Quarterly 43(1):115-144",
    doi="10.1111/0020-8833.00113",
)


@dataclass(frozen=True)
class AllianceSimilarity(Measure):
    """Similarity of two states' alliance portfolios over all states of the system.

    Each state's portfolio holds, for every state of the system, the highest obligation that an
    alliance puts on it: 0 none, 1 consultation, 2 neutrality or non-aggression, 3 defence or
    offence; toward itself 3. ``score`` compares the two portfolios by S, κ, π, τ-b or A, with the
    levels equally spaced; S = 1 − 2 Σ_k |p_ik − p_jk| / (3 K) over K states. Most
    pairs of states owe each other nothing, so S is high for nearly all dyads; κ, π and A
    subtract that.

    A state without any alliance has a portfolio of zeros and itself. A state that was not in the
    system that year, or a year that the data do not cover, has no value.

    Parameters
    ----------
    years
        First and last year.
    score
        ``s``, ``kappa``, ``pi``, ``alignment`` (with ``distance``) or ``tau_b``.

    Examples
    --------
    >>> AllianceSimilarity(focal="KAZ", partners=("RUS", "CHN"), years=(2000, 2018)).score
    's'
    """

    name: ClassVar[str] = "alliance_similarity"
    unit: ClassVar[str] = "index, at most 1"
    citations: ClassVar[tuple[Citation, ...]] = (SIGNORINO,)
    alliances: Step[Panel] = default_input("atop_dyads")
    system: Step[Panel] = default_input("state_years", "panels")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: tuple[int, int]
    score: Literal["s", "kappa", "pi", "alignment", "tau_b"] = "s"
    distance: Literal["absolute", "squared", "nominal"] = "absolute"

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups, a state as its own partner, and periods that run backwards."""
        for actor in (self.focal, *self.partners):
            if states.is_group(actor):
                yield InputError(f"{actor} is a group.", "A state has a portfolio of alliances.")
        if self.focal in self.partners:
            yield InputError(f"{self.focal} cannot be its own partner.")
        if self.years[0] > self.years[1]:
            yield InputError(f"years {self.years[0]}:{self.years[1]} runs backwards.")

    def compute(self, get: Inputs) -> Estimate:
        """Lay out the portfolios of a year, tabulate them, apply the score."""
        owed = get(self.alliances)
        covered = set(owed.variable("defense").coverage.years)
        system = get(self.system).frame
        cells, values = [], []
        for year in range(self.years[0], self.years[1] + 1):
            members = system.filter(pl.col("year") == year)["state"].sort()
            ties = owed.frame.filter(pl.col("year") == year)
            for partner in self.partners:
                rows = [self._portfolio(s, year, members, ties) for s in (self.focal, partner)]
                note = "" if year in covered else f"Alliances cover {year_ranges(covered)}."
                cells.append((self.focal, partner, year, note))
                known = year in covered and all(row is not None for row in rows)
                values.append(self._score(rows) if known else np.nan)
        text = pl.String
        weighted = "" if self.score == "tau_b" else f", {self.distance} distances"
        return Estimate(
            pl.DataFrame(
                cells,
                {"state": text, "partner": text, "year": pl.Int64, "note": text},
                orient="row",
            ),
            np.array(values, dtype=np.float64)[:, None],
            label="Similarity of alliance portfolios",
            unit=self.unit,
            range=(None, 1),
            variant=f"{self.score}{weighted}, all states of the system, obligations 0 to 3",
        )

    def _portfolio(
        self, state: str, year: int, members: pl.Series, ties: pl.DataFrame
    ) -> np.ndarray | None:
        """Return the obligations of a state toward every member of the system, None if outside."""
        code = states.code(state, "cow", year)
        if code is None or int(code) not in members:
            return None
        level = (
            pl.when((pl.col("defense") == 1) | (pl.col("offense") == 1))
            .then(3)
            .when((pl.col("neutrality") == 1) | (pl.col("nonaggression") == 1))
            .then(2)
            .when(pl.col("consultation") == 1)
            .then(1)
            .otherwise(0)
        )
        own = ties.filter(pl.col("state") == int(code))
        found = dict(own.select("partner", level.alias("level")).iter_rows())
        return np.array([3 if m == int(code) else found.get(m, 0) for m in members], dtype=np.int8)

    def _score(self, rows: list[np.ndarray | None]) -> float:
        table = kernel.crosstab(np.stack([r for r in rows if r is not None]), levels=range(4))[0, 1]
        if self.score == "tau_b":
            return float(tau_b(table))
        return float(_SCORES[self.score](table, self.distance))
