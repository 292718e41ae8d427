"""Creating every directed dyad-year of the COW system since 1816, against a loop over years."""

from __future__ import annotations

import polars as pl

from benchmarks.run import Case
from multivector.panels.universes import dyad_years, spells

YEARS = (1816, 2023)


def prepare() -> None:
    """Read the list of spells."""
    spells("cow")


def fast(given: None) -> pl.DataFrame:
    """All pairs of spells at once."""
    return dyad_years("cow", YEARS, directed=True)


def slow(given: None) -> list[tuple[int, int, int]]:
    """Each year on its own, each pair of spells in it."""
    rows: list[tuple[int, int, int]] = []
    for year in range(YEARS[0], YEARS[1] + 1):
        here = [s for s in spells("cow") if s.start.year <= year <= s.end.year]
        rows += [
            (s.code, t.code, year)
            for s in here
            for t in here
            if s.code != t.code and max(s.start, t.start) <= min(s.end, t.end)
        ]
    return sorted(rows)


def equal(result: pl.DataFrame, twin: list[tuple[int, int, int]]) -> bool:
    """Agree on every row and on their order."""
    return result.rows() == twin


CASE = Case(
    "directed dyad-years",
    prepare,
    fast,
    slow,
    equal,
    floor=20.0,
    ceiling=0.15,
    size="2,177,100 dyad-years, 1816-2023",
)
