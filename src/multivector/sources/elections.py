"""Elections of national leaders and legislatures and referendums, step by step (REIGN)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.source import Source
from multivector.sources._ties import needs, whole
from multivector.sources.leaders import BELL, REIGN_TERMS, reign_text
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span

LAST = 2020
"""The list was made in March 2021: of 2021 it has a part, and later elections only as deadlines."""
COVERAGE = Coverage(span(1915, LAST))
KINDS = ((1, "X"), (2, "L"), (3, "R"))
_FLAG = {"Y": 1, "N": 0}


@dataclass(frozen=True)
class Elections(Source):
    """Steps of elections and referendums: announced, held as scheduled, held early, postponed.

    One row per step (``step``) of an election: most have "Announced" and a vote. To count elections
    keep the rows whose ``event`` begins with "Vote". ``day`` is an ISO date, to the month where the
    day is not given. ``kind`` is the list's letter: X executive, L legislative, R referendum.
    ``direct`` and ``regular`` are 1 for Y; ``direct`` is missing where the list has A.
    ``won`` and ``changed`` are the list's columns "victory" (of the incumbent's side) and "change"
    (of the leader). Steps after 2020 are left out: in March 2021 they were plans, up to 2027.
    States bear COW numbers.

    Examples
    --------
    >>> Elections.key.columns
    ('election', 'step')
    """

    name: ClassVar = "elections"
    title: ClassVar = "REIGN, elections"
    producer: ClassVar = "One Earth Future"
    version: ClassVar = "March 2021"
    homepage: ClassVar = "https://oefdatascience.github.io/REIGN.github.io/"
    licence: ClassVar = REIGN_TERMS
    citation: ClassVar = BELL
    key: ClassVar = Key("step of an election", ("election", "step"), system="cow")
    variables: ClassVar = (
        Variable("state", "State, COW number", "identifier", COVERAGE),
        Variable("day", "Day (ISO date)", "text", COVERAGE),
        Variable("event", "Event, as listed", "text", COVERAGE),
        Variable("kind", "Kind of election", "category", COVERAGE, codes=KINDS),
        Variable("direct", "Direct election", "flag", COVERAGE, range=(0, 1)),
        Variable("regular", "Regular election", "flag", COVERAGE, range=(0, 1)),
        Variable("won", "Incumbent's side won", "flag", COVERAGE, range=(0, 1)),
        Variable("changed", "Leader changed", "flag", COVERAGE, range=(0, 1)),
    )
    files: ClassVar = (
        File(
            "*elections*2021*.csv*",
            "election list",
            how="https://github.com/OEFDataScience/REIGN.github.io, "
            "data_sets/electionlist_3_21.csv (save it as reign_elections_2021_03.csv).",
        ),
    )
    without_facts: ClassVar = (
        "No printed total was found; the tests check the presidential elections of Kazakhstan."
    )
    notes: ClassVar = "The list ends in March 2021."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per step up to 2020."""
        frame = needs(
            reign_text(paths[0]), paths[0], "elecnum", "sequence", "elec_year", "event", "victory"
        )

        def two(column: str) -> pl.Expr:
            part = pl.col(column).str.strip_chars().cast(pl.Int64, strict=False)
            return part.cast(pl.String).str.zfill(2)

        month = pl.concat_str(pl.col("elec_year"), two("elec_month"), separator="-")
        day = pl.concat_str(month, two("elec_day"), separator="-")
        flags = {"direct": "direct", "regular": "regular", "victory": "won", "change": "changed"}
        return frame.filter(pl.col("elec_year").cast(pl.Int64) <= LAST).select(
            whole("elecnum").alias("election"),
            whole("sequence").alias("step"),
            whole("ccode").alias("state"),
            pl.coalesce(day, month, pl.col("elec_year")).alias("day"),
            "event",
            pl.col("type")
            .replace_strict({w: c for c, w in KINDS}, return_dtype=pl.Int8)
            .alias("kind"),
            *(
                pl.col(c).replace_strict(_FLAG, default=None, return_dtype=pl.Int8).alias(ours)
                for c, ours in flags.items()
            ),
        )
