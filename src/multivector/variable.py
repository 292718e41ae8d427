"""Variables: units of analysis, coverage, and what each column of a panel measures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from multivector.origin import Origin

Absence = Literal["missing", "zero"]


@dataclass(frozen=True, slots=True)
class Key:
    """A unit of analysis: the columns that identify one row.

    ``columns`` use ``state`` and ``partner`` for actors (codes of ``system``), ``year`` or
    ``date`` for time. In a directed dyad the row (A, B) speaks of A toward B; an undirected dyad
    is stored once, with ``state`` before ``partner`` in alphabetical (or numerical) order. Codes
    of the systems ``cow`` and ``gw`` are whole numbers, all others text.
    """

    name: str
    columns: tuple[str, ...]
    directed: bool = True
    system: str = "iso3"

    @property
    def dyadic(self) -> bool:
        """Whether a row speaks of two actors."""
        return "partner" in self.columns

    def __str__(self) -> str:
        return f"{self.name} ({', '.join(self.columns)}; {self.system} codes)"


NUMERIC_SYSTEMS = ("cow", "gw")
STATE = Key("state", ("state",))
STATE_YEAR = Key("state-year", ("state", "year"))
DYAD_YEAR = Key("undirected dyad-year", ("state", "partner", "year"), directed=False)
DIRECTED_DYAD_YEAR = Key("directed dyad-year", ("state", "partner", "year"))
REPORTED_DYAD_YEAR = Key("reporter-partner-year", ("state", "partner", "year"))
"""``state`` is who reports: the row (A, B) holds what A says of its exports to B and its imports
from B. The same flows as B reports them (the mirror) are in the row (B, A), never in this one."""
ROLL_CALL = Key("roll call", ("rcid", "date"))
STATE_ROLL_CALL = Key("state by roll call", ("rcid", "date", "state"))


def span(first: int, last: int) -> tuple[int, ...]:
    """Return every year from *first* to *last*.

    >>> span(2018, 2020)
    (2018, 2019, 2020)
    """
    return tuple(range(first, last + 1))


@dataclass(frozen=True, slots=True)
class Coverage:
    """The years and states for which a series speaks, even when it is silent about a cell.

    Parameters
    ----------
    years
        Years covered; empty means that time plays no part.
    states
        States covered; ``None`` means every state of the system.
    sides
        In a dyadic table, whether ``both`` actors must be covered or ``either`` is enough
        (a table of all partners of 24 states covers a dyad when either side is one of the 24).
    """

    years: tuple[int, ...] = ()
    states: tuple[str | int, ...] | None = None
    sides: Literal["both", "either"] = "both"

    def holds(self, columns: Sequence[str]) -> pl.Expr:
        """Return the expression that is true for rows inside the coverage."""
        inside = pl.lit(value=True)
        if self.years and "year" in columns:
            inside &= pl.col("year").is_in(self.years)
        if self.years and "date" in columns:
            inside &= pl.col("date").dt.year().is_in(self.years)
        sides = [c for c in ("state", "partner") if c in columns]
        if self.states is not None and sides:
            actors = [pl.col(c).is_in(self.states) for c in sides]
            some = self.sides == "either"
            inside &= pl.any_horizontal(actors) if some else pl.all_horizontal(actors)
        return inside

    def __str__(self) -> str:
        where = "all states" if self.states is None else f"{len(self.states)} states"
        return f"{year_ranges(self.years) or 'no years'}, {where}"


def year_ranges(years: Iterable[int]) -> str:
    """Write years as ranges.

    >>> year_ranges((2014, 2015, 2016, 2019))
    '2014–2016, 2019'
    """
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


@dataclass(frozen=True, slots=True)
class Defect:
    """A known error in published values, flagged and not repaired.

    The panel keeps what was published; derived figures leave these cells out and carry the note.
    In a dyadic table one state stands for all of its rows, several for the rows among them; a
    ``directed`` defect holds in the rows from the first to the others only, such as one reporter's
    figures where its partner's own are sound.
    """

    states: tuple[str, ...]
    years: tuple[int, ...]
    note: str
    directed: bool = False

    def holds(self, columns: Sequence[str]) -> pl.Expr:
        """Return the expression that is true for rows with the error."""
        sides: Literal["both", "either"] = "either" if len(self.states) == 1 else "both"
        wrong = Coverage(self.years, self.states, sides).holds(columns)
        one_way = self.directed and "partner" in columns
        return wrong & (pl.col("state") == self.states[0]) if one_way else wrong


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of a panel: what it measures, in which unit, where, and what silence means.

    Parameters
    ----------
    unit
        Unit of measure in words: "thousand current USD", "votes", "share 0–1", "text" …
    range
        Smallest and largest admissible value (inclusive); ``None`` leaves a side open.
    codes
        For categories, each code and its meaning.
    absence
        What an absent row means *inside* the coverage: ``zero`` (no alliance) or ``missing``
        (not measured). Outside the coverage a value is always missing.
    defects
        Known errors in the published values.
    """

    name: str
    label: str
    unit: str
    coverage: Coverage
    absence: Absence = "missing"
    range: tuple[float | None, float | None] = (None, None)
    codes: tuple[tuple[int, str], ...] = ()
    defects: tuple[Defect, ...] = ()
    origins: tuple[Origin, ...] = ()

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers to compute with."""
        return self.unit not in ("text", "flag", "date") and not self.codes
