"""Ranks: where a state stands among others, with what its figures leave open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import polars as pl

from multivector.errors import (
    InputError,
    KeyMismatch,
    MultivectorError,
    OutOfCoverage,
    Unavailable,
    UnitMismatch,
)
from multivector.estimate import Estimate
from multivector.measures.engagement import joint_kind
from multivector.origin import Citation
from multivector.stats.summaries import rank
from multivector.step import Inputs, Measure, Step

GOLDSTEIN = Citation(
    "goldstein1996",
    "article",
    "Goldstein, Harvey and Spiegelhalter, David J.",
    "League Tables and Their Limitations: Statistical Issues in Comparisons of Institutional "
    "Performance",
    1996,
    "Journal of the Royal Statistical Society A 159(3):385-409",
    doi="10.2307/2983325",
)


@dataclass(frozen=True, kw_only=True)
class RankAmong(Measure):
    """Rank of each of several states by one measure, year by year; 1 is the largest value.

    1 + the number of states with a larger value (Σ_k 1[x_k > x_i]), in each draw (Goldstein &
    Spiegelhalter 1996), so that states whose intervals overlap have ranks that do. States without
    a value in the year hold no rank; the note says of how many it is the rank. Point values have a
    rank and no interval.

    Parameters
    ----------
    of
        Steps with cells (state, year), one or more states each, in one unit; one that has no data
        is left out and named.

    Examples
    --------
    >>> RankAmong(of=()).of
    Traceback (most recent call last):
    ...
    multivector.errors.InputError: A rank needs two steps or more; 0 given.
    """

    name: ClassVar[str] = "rank_among"
    example: ClassVar = {
        "of": [
            {"step": "balance", "focal": state, "years": (2018, 2019)} for state in ("KAZ", "UZB")
        ]
    }
    unit: ClassVar[str] = "rank"
    citations: ClassVar[tuple[Citation, ...]] = (GOLDSTEIN,)
    of: tuple[Step[Estimate], ...]

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a rank of one."""
        if len(self.of) < 2:
            yield InputError(f"A rank needs two steps or more; {len(self.of)} given.")

    def compute(self, get: Inputs) -> Estimate:
        """Rank the draws of each year."""
        found: list[Estimate] = []
        lost: list[str] = []
        problems: list[MultivectorError] = []
        for step in self.of:
            try:
                found.append(get(step))
            except (Unavailable, OutOfCoverage) as problem:
                lost.append(str(getattr(step, "focal", step.name)))
                problems.append(problem)
        if len(found) < 2:
            raise problems[0]
        _check(found)
        width = max(e.draws.shape[1] for e in found)
        held: dict[tuple[str, int], Any] = {}
        for e in found:
            rows = e.cells.select("state", "year").rows()
            held.update(zip(rows, np.broadcast_to(e.draws, (len(rows), width)), strict=True))
        states = list(dict.fromkeys(s for s, _ in held))
        years = sorted({y for _, y in held})
        blank = np.full(width, np.nan)
        table = np.array([[held.get((s, y), blank) for s in states] for y in years])
        ranks = rank(np.moveaxis(table, 1, -1))  # years × draws × states
        known = np.isfinite(table).any(axis=-1).sum(axis=-1)
        cells = [
            (s, y, f"of {n} states") for y, n in zip(years, known, strict=True) for s in states
        ]
        schema = {"state": pl.String, "year": pl.Int64, "note": pl.String}
        first = found[0]
        words = f"by {first.label.lower()}, 1 the largest; {len(states)} states; {first.variant}"
        return Estimate(
            pl.DataFrame(cells, schema, orient="row"),
            np.moveaxis(ranks, 1, -1).reshape(len(cells), width),
            label=f"Rank by {first.label.lower()}",
            unit=self.unit,
            draw_kind=joint_kind(found),
            variant=words + (f"; no data: {', '.join(lost)}" if lost else ""),
            range=(1, len(states)),
        )


def _check(found: list[Estimate]) -> None:
    units = {e.unit for e in found}
    if len(units) > 1:
        raise UnitMismatch(f"Values in {' and '.join(sorted(units))} have no common rank.")
    for e in found:
        if sorted(e.key) != ["state", "year"]:
            raise KeyMismatch(
                f"{e.label} has cells ({', '.join(e.key)}).", "Ranks need cells (state, year)."
            )
    widths = {e.draws.shape[1] for e in found if e.draw_kind != "point"}
    if len(widths) > 1:
        raise KeyMismatch("The steps have different numbers of draws.")
