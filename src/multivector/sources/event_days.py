"""Reported events between states by day: one signed weight for each pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.source import Source
from multivector.sources._ties import needs, table
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span


@dataclass(frozen=True)
class EventDays(Source):
    """Events reported between two states on a day, as one signed weight, from GDELT 2.0.

    The weight is Σ G + sign(G)·(0.025·sources + 0.01·articles) + 0.01·tone over the events of the
    day, either direction, G being Goldstein's score. It grows with how much is written, so only
    ratios of it compare. A pair without a row on a day had no reported event, or the day has no
    file: 96 of 2,245 days are missing. Direction and the number of events cannot be told.

    References
    ----------
    Leetaru, K. and Schrodt, P. A. (2013). GDELT: Global Data on Events, Location, and Tone,
    1979-2012. ISA Annual Convention.

    Examples
    --------
    >>> EventDays.variables[0].name
    'weight'
    """

    name: ClassVar = "event_days"
    title: ClassVar = "Reported events by pair and day (GDELT 2.0)"
    producer: ClassVar = "The GDELT Project"
    version: ClassVar = "2.0, 2018-01-01 to 2024-02-23"
    homepage: ClassVar = "https://www.gdeltproject.org/"
    licence: ClassVar = Licence(
        "GDELT, any use, citation and link asked for",
        "https://www.gdeltproject.org/about.html#termsofuse",
        redistribute_raw=False,
        quote="All datasets released by the GDELT Project are available for unlimited and "
        "unrestricted use for any academic, commercial, or governmental use of any kind without "
        "fee. (The makers of the matrices in between state no terms, so rows are not passed on.)",
    )
    citation: ClassVar = Citation(
        "leetaru2013",
        "inproceedings",
        "Leetaru, Kalev and Schrodt, Philip A.",
        "GDELT: Global Data on Events, Location, and Tone, 1979-2012",
        2013,
        "ISA Annual Convention",
        url="https://www.gdeltproject.org/",
    )
    key: ClassVar = Key("undirected dyad-day", ("state", "partner", "date"), directed=False)
    variables: ClassVar = (
        Variable(
            "weight",
            "Signed weight of the day's events",
            "Goldstein points, weighted",
            Coverage(span(2018, 2024)),
        ),
    )
    files: ClassVar = (
        File(
            "gdelt2_dyad_day_2018_2024.parquet",
            "pair days",
            how="Daily matrices of 249 countries made from GDELT 2.0 (gzemo/gdelt-graph-data on "
            "GitHub), upper triangles without zeros, saved as one table: date, a, b, weight.",
        ),
    )
    without_facts: ClassVar = "The makers of the matrices print no total that reading reproduces."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per pair and day, the pair in alphabetical order."""
        frame = needs(table(paths[0]), paths[0], "date", "a", "b", "weight")
        a, b = pl.col("a").cast(pl.String), pl.col("b").cast(pl.String)
        return frame.filter(a != b).select(
            pl.min_horizontal(a, b).alias("state"),
            pl.max_horizontal(a, b).alias("partner"),
            pl.col("date").cast(pl.Date),
            pl.col("weight").cast(pl.Float64),
        )
