"""Formats "C5+1": first meetings of the five Central Asian states with six partners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation
from multivector.sources._own_table import CONFIDENCE, LEVEL, OwnTable, own_file
from multivector.variable import Coverage, Key, Variable, span

COVERAGE = Coverage(span(1992, 2025))


@dataclass(frozen=True)
class Formats(OwnTable):
    """First meetings of the five Central Asian states with each of six partners, by level.

    One row per partner (``counterpart``) and ``level``: foreign ministers or leaders. ``date`` is
    the (first) day, ``remote`` is 1 for meetings by video link, which have no place. The partners
    are those of the article of Tao (2024): United States, Japan, China, India, Russia and the
    European Union. Other partners meet the five too and are not in the table. ``basis`` names the
    page for each day. Where ``confidence`` is low the first meeting was earlier and its day was not
    established.

    Examples
    --------
    >>> Formats.key.columns
    ('counterpart', 'level', 'date')
    """

    name: ClassVar = "formats"
    folder: ClassVar = "persons"
    title: ClassVar = "Formats of Central Asia with six partners, first meetings"
    version: ClassVar = "to December 2025"
    homepage: ClassVar = "https://doi.org/10.35775/PSI.2024.106.6.026"
    citation: ClassVar = Citation(
        "multivector_formats",
        "misc",
        "{The multivector authors}",
        "Formats of Central Asia with six partners, first meetings",
        2025,
        "multivector",
    )
    key: ClassVar = Key("first meeting", ("counterpart", "level", "date"))
    variables: ClassVar = (
        Variable("place", "Place", "text", COVERAGE),
        Variable("remote", "By video link", "flag", COVERAGE, range=(0, 1)),
        Variable("confidence", "Confidence in the day", "category", COVERAGE, codes=CONFIDENCE),
        Variable("basis", "What the day rests on", "text", COVERAGE),
    )
    files: ClassVar = own_file("formats.csv", "persons")
    without_facts: ClassVar = (
        "The table is ours; the tests compare it with visits that the US Office of the Historian "
        "lists and with the article's list of partners."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per partner and level."""
        return pl.read_csv(paths[0], infer_schema=False).select(
            "counterpart",
            "level",
            pl.col("date").str.to_date("%Y-%m-%d"),
            "place",
            pl.col("remote").cast(pl.Int8),
            pl.col("confidence").replace_strict(LEVEL, return_dtype=pl.Int8),
            "basis",
        )
