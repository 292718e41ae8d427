"""Treaties with security obligations among Kazakhstan, its neighbours and comparators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.sources._own_table import CONFIDENCE, LEVEL, OwnTable, own_file
from multivector.sources.atop import OBLIGATIONS
from multivector.variable import Coverage, Key, Variable, span

STATES = ("ARM", "AZE", "BLR", "CHN", "GEO", "KAZ", "KGZ", "RUS", "TJK", "TKM", "TUR", "UZB")
COVERAGE = Coverage(span(1991, 2024), STATES)


@dataclass(frozen=True)
class SecurityTreaties(OwnTable):
    """Treaties with security obligations: who is bound, from when to when, and to what.

    One row per treaty, party and signature (a party may leave and come back). ``signed``,
    ``in_force`` and ``ended`` are days for this party; ``in_force`` is missing where we have not
    established it, ``ended`` where the treaty has not ended. An obligation is 1 where the treaty
    contains it in the sense of ATOP: defence, offence, neutrality, non-aggression, consultation; it
    is missing where we have established that the treaty was signed but not what it contains.
    ``atop_number`` is that of the same treaty in ATOP 5.1, with which dates and obligations were
    compared (see the tests for where we differ and why); it is missing for treaties after 2018.
    ``title`` is our wording, with the place of signature.

    The list is not complete: a pair that shares no treaty here may have one. Treaties are spells;
    they are counted, never turned into points.

    Examples
    --------
    >>> SecurityTreaties.key.columns
    ('treaty', 'state', 'signed')
    """

    name: ClassVar = "alliance_obligations"
    title: ClassVar = "Treaties with security obligations in and around Central Asia"
    producer: ClassVar = "The multivector authors, from the treaties"
    version: ClassVar = "60 treaties and declarations, 1991 to 2024"
    homepage: ClassVar = "https://treaties.un.org/"
    licence: ClassVar[Licence] = replace(
        OwnTable.licence,
        quote="Parties, dates and the presence of an obligation are facts; the table is ours.",
    )
    citation: ClassVar = Citation(
        "multivector_treaties",
        "misc",
        "{The multivector authors}",
        "Treaties with security obligations in and around Central Asia",
        2025,
        "multivector",
    )
    key: ClassVar = Key("party to a treaty", ("treaty", "state", "signed"))
    variables: ClassVar = (
        Variable("in_force", "In force for the party", "date", COVERAGE),
        Variable("ended", "Ended for the party", "date", COVERAGE),
        Variable("atop_number", "Number of the alliance in ATOP 5.1", "identifier", COVERAGE),
        *(
            Variable(name, label, "flag", COVERAGE, range=(0, 1))
            for name, label in OBLIGATIONS.items()
        ),
        Variable("title", "Treaty, in our words", "text", COVERAGE),
        Variable(
            "confidence",
            "Confidence in dates and obligations",
            "category",
            COVERAGE,
            codes=CONFIDENCE,
        ),
        Variable("basis", "The treaty, and where it was compared", "text", COVERAGE),
    )
    folder: ClassVar = "treaties"
    files: ClassVar = own_file("alliance_obligations.csv", "treaties")
    notes: ClassVar = "The list is not complete."
    without_facts: ClassVar = (
        "Nobody prints a count of these treaties; the tests compare every row that ATOP 5.1 covers."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per treaty, party and signature."""
        days = [pl.col(c).str.to_date("%Y-%m-%d") for c in ("signed", "in_force", "ended")]
        return pl.read_csv(paths[0], infer_schema=False).select(
            "treaty",
            "state",
            *days,
            pl.col("atop_id").cast(pl.Int64).alias("atop_number"),
            *(pl.col(name).cast(pl.Int8) for name in OBLIGATIONS),
            "title",
            pl.col("confidence").replace_strict(LEVEL, return_dtype=pl.Int8),
            "basis",
        )
