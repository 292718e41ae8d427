"""Alignment of states with the United States and China, as CSIS's model has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation
from multivector.source import Source
from multivector.sources._ties import needs, text, unseen
from multivector.store import File
from multivector.variable import STATE_YEAR, Coverage, Variable, span

COVERAGE = Coverage(span(1990, 2024))
_COLUMNS = {
    "alignment_us": ("alignment_with_US", "Alignment with the United States", (0, 1)),
    "alignment_china": ("alignment_with_China", "Alignment with China", (0, 1)),
    "us_minus_china": ("US_minus_China", "Alignment with the US less that with China", (-1, 1)),
}


@dataclass(frozen=True)
class CsisAlignment(Source):
    """Alignment of each state with the United States and with China by year, as a model has it.

    Output of a model, not an observation: it serves to check other measures against, and nothing
    is computed from it. 0 is no alignment, 1 full; the third column is the first less the second.

    Examples
    --------
    >>> CsisAlignment.variables[2].range
    (-1, 1)
    """

    name: ClassVar = "csis_alignment"
    title: ClassVar = "CSIS alignment of states with great powers"
    producer: ClassVar = "Center for Strategic and International Studies"
    version: ClassVar = "country-years 1990-2024"
    homepage: ClassVar = "https://www.csis.org/"
    licence: ClassVar = unseen("CSIS, terms not seen", homepage)
    citation: ClassVar = Citation(
        "csis2025",
        "misc",
        "{Center for Strategic and International Studies}",
        "Alignment of states with great powers, 1990-2024",
        2025,
        url="https://www.csis.org/",
    )
    key: ClassVar = STATE_YEAR
    variables: ClassVar = tuple(
        Variable(ours, label, "index", COVERAGE, range=bounds)
        for ours, (_, label, bounds) in _COLUMNS.items()
    )
    files: ClassVar = (
        File(
            "csis_alignment_country_year_1990_2024.csv*",
            "country-years",
            how="The table of country-years of the model's authors, saved as "
            "csis_alignment_country_year_1990_2024.csv.",
        ),
    )
    without_facts: ClassVar = "No figure of single states and years was found printed."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and year."""
        theirs = [column for column, _, _ in _COLUMNS.values()]
        frame = needs(text(paths[0]), paths[0], "country", "year", *theirs)
        return frame.filter(pl.col("country").str.len_chars() == 3).select(
            state="country",
            year=pl.col("year").cast(pl.Int64),
            **{ours: pl.col(column).cast(pl.Float64) for ours, (column, _, _) in _COLUMNS.items()},
        )
