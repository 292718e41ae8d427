"""What measures of ties to partners share: cells by year, codes, the years that are covered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import polars as pl

from multivector import states
from multivector.errors import InputError, MultivectorError, OutOfCoverage
from multivector.estimate import Estimate
from multivector.step import Measure
from multivector.variable import Coverage, span, year_ranges

Years = tuple[int, int]
Row = tuple[str, str, int, float | None, str]
"""State, partner, year, value (None where it is not known), note."""


@dataclass(frozen=True)
class Tie(Measure):
    """A measure of what ties one state to others, year by year; see the subclasses."""

    label: ClassVar[str]

    def refuse(
        self, focal: str, years: Years | None, partners: Iterable[str] = ()
    ) -> Iterable[MultivectorError]:
        """Yield what is wrong: groups where a state is needed, years that run backwards."""
        for actor in (focal, *partners):
            if states.is_group(actor):
                yield InputError(f"{actor} is a group.", f"{self.label}: states only.")
        if years is not None and years[0] > years[1]:
            yield InputError(f"years {years[0]}:{years[1]} runs backwards.")

    def points(
        self, rows: list[Row], variant: str, high: float | None = None, low: float = 0
    ) -> Estimate:
        """Wrap rows as point values between *low* and *high*."""
        cells = pl.DataFrame(
            [(*row[:3], row[4]) for row in rows],
            {"state": pl.String, "partner": pl.String, "year": pl.Int64, "note": pl.String},
            orient="row",
        )
        values = [np.nan if row[3] is None else row[3] for row in rows]
        return Estimate(
            cells,
            np.array(values, dtype=np.float64).reshape(-1, 1),
            label=self.label,
            unit=self.unit,
            variant=variant,
            range=(low, high),
        )


def code(state: str, system: str, year: int) -> Any:
    """Return a state's code in *system*, None where it is no member of the state system then."""
    if not states.exists(state, year):
        return None
    if system not in ("cow", "gw"):
        return state
    found = states.code(state, "cow" if system == "cow" else "gw", year)
    return None if found is None else int(found)


def members(actor: str, year: int) -> tuple[str, ...]:
    """Return the members of a group on 31 December of *year*, a state by itself."""
    return states.members(actor, year) if states.is_group(actor) else (actor,)


def covered(asked: Years | None, cover: Coverage, what: str) -> tuple[int, ...]:
    """Return the years asked for, or all that are covered; refuse those outside."""
    if asked is None:
        return cover.years
    wanted = span(*asked)
    inside = [y for y in wanted if y in cover.years]
    if len(inside) < len(wanted):
        raise OutOfCoverage(
            f"{what} covers {year_ranges(cover.years)}; {year_ranges(wanted)} was asked.",
            f"Inside: {year_ranges(inside) or 'none of these years'}.",
            "Restrict the years: after a series ends its values are missing, not zero.",
        )
    return wanted
