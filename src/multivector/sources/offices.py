"""High offices of Kazakhstan since 1991: who held them, from when to when, and in which rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation
from multivector.sources._own_table import CONFIDENCE, LEVEL, OwnTable, own_file
from multivector.variable import Coverage, Key, Variable

RANKS = ((1, "minister"), (2, "deputy_prime_minister"), (3, "state_secretary"))
OFFICES = ("president", "foreign_minister", "senate_chair", "mazhilis_chair")


@dataclass(frozen=True)
class Offices(OwnTable):
    """Spells in the highest offices of Kazakhstan: President, foreign minister, two speakers.

    One row per office, person and beginning. ``began`` and ``ended`` are ISO dates, shortened to
    what is known; ``ended`` is missing while the spell goes on. ``rank`` is the foreign minister's
    standing in cabinet (missing for other offices); a spell is split where it changed, so two rows
    may follow each other with the same person. ``basis`` names the page for each row; where
    ``confidence`` is low the days are as commonly reported and were not compared with any page.

    Examples
    --------
    >>> Offices.key.columns
    ('office', 'person', 'began')
    """

    name: ClassVar = "offices"
    folder: ClassVar = "persons"
    title: ClassVar = "High offices of Kazakhstan since 1991"
    version: ClassVar = "to September 2025"
    homepage: ClassVar = "https://www.akorda.kz/en"
    citation: ClassVar = Citation(
        "multivector_offices",
        "misc",
        "{The multivector authors}",
        "High offices of Kazakhstan since 1991",
        2025,
        "multivector",
    )
    key: ClassVar = Key("spell in an office", ("office", "person", "began"))
    variables: ClassVar = (
        Variable("ended", "Last day (ISO date)", "text", Coverage()),
        Variable("rank", "Rank in cabinet", "category", Coverage(), codes=RANKS),
        Variable("confidence", "Confidence in the days", "category", Coverage(), codes=CONFIDENCE),
        Variable("basis", "What the days rest on", "text", Coverage()),
    )
    files: ClassVar = own_file("offices.csv", "persons")
    without_facts: ClassVar = (
        "The table is ours; the tests compare Presidents with REIGN and look for gaps."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per spell."""
        ranks = {word: code for code, word in RANKS}
        return pl.read_csv(paths[0], infer_schema=False).select(
            "office",
            "person",
            "began",
            "ended",
            pl.col("rank").replace_strict(ranks, return_dtype=pl.Int8),
            pl.col("confidence").replace_strict(LEVEL, return_dtype=pl.Int8),
            "basis",
        )
