"""Direct contiguity 1816–2016, Correlates of War version 3.2: borders by land and by water."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.source import Fact, Source
from multivector.sources._ties import COW_DYAD_YEAR, needs, table, whole
from multivector.store import File
from multivector.variable import Coverage, Variable, span

YEARLY, MASTER, COPY = "directed dyad-years", "master records", "spells copy"
COVERAGE = Coverage(span(1816, 2016))
TYPES = (
    (0, "none, or more than 400 miles of water"),
    (1, "land or river border"),
    (2, "up to 12 miles of water"),
    (3, "12 to 24 miles of water"),
    (4, "24 to 150 miles of water"),
    (5, "150 to 400 miles of water"),
)
HOW = "https://correlatesofwar.org/data-sets/direct-contiguity, DirectContiguity320.zip, unpack {}."


@dataclass(frozen=True)
class Contiguity(Source):
    """Whether the home territories of two states touch, or how much water lies between them.

    ``contiguity`` is a category, not a scale: 1 land or river border, 2 to 5 separation by up to
    12, 24, 150 and 400 miles of water. The data register "all direct contiguity relationships
    between states in the international system from 1816 through 2016", so a pair without a row in
    these years has none (0); from 2017 on the value is missing. Spells are coded by month; where
    two touch one year, the closer one counts. Contiguity has no direction: the publisher's
    directed file says the same twice.

    References
    ----------
    Stinnett, D. M., Tir, J., Schafer, P., Diehl, P. F. and Gochman, C. (2002). The Correlates of
    War Project Direct Contiguity Data, Version 3. Conflict Management and Peace Science
    19(2):58-66. doi:10.1177/073889420201900203

    Examples
    --------
    >>> Contiguity.variables[0].absence, Contiguity.key.directed
    ('zero', False)
    """

    name: ClassVar = "cow_contiguity"
    title: ClassVar = "COW direct contiguity"
    producer: ClassVar = "Correlates of War project"
    version: ClassVar = "3.2"
    homepage: ClassVar = "https://correlatesofwar.org/data-sets/direct-contiguity"
    licence: ClassVar = Licence(
        "Correlates of War",
        "https://correlatesofwar.org/data-sets/direct-contiguity",
        redistribute_raw=False,
        redistribute_derived=False,
        quote="In any papers or publications that utilize this data set, users are asked to give "
        "the version number and cite the article of record for the data set (terms of "
        "redistribution not seen)",
    )
    citation: ClassVar = Citation(
        "stinnett2002",
        "article",
        "Stinnett, Douglas M. and Tir, Jaroslav and Schafer, Philip and Diehl, Paul F. and "
        "Gochman, Charles",
        "The Correlates of War Project Direct Contiguity Data, Version 3",
        2002,
        "Conflict Management and Peace Science 19(2):58-66",
        doi="10.1177/073889420201900203",
    )
    key: ClassVar = COW_DYAD_YEAR
    variables: ClassVar = (
        Variable("contiguity", "Direct contiguity", "category", COVERAGE, "zero", codes=TYPES),
    )
    files: ClassVar = (
        File("contdird.csv", YEARLY, how=HOW.format("contdird.csv"), seen_real=False),
        File("contdir.csv", MASTER, how=HOW.format("contdir.csv"), seen_real=False),
        File(
            "cow_contdir.parquet",
            COPY,
            how="The master records in both directions, with 0 for spells without contiguity, as "
            "S. Miller's peacesciencer distributes them (cow_contdir), saved as Parquet.",
        ),
    )
    facts: ClassVar = (
        Fact(
            "last year of the United Kingdom's neighbours",
            2016,
            "Page of the data: from 1816 through 2016",
            lambda f: float(f.filter(pl.col("state") == 200)["year"].max()),  # type: ignore[arg-type]
            layouts=(COPY, MASTER, YEARLY),
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per unordered pair and year with contiguity of any type."""
        frame, path = table(paths[0]), paths[0]
        if layout == YEARLY:
            frame = needs(frame, path, "state1no", "state2no", "year", "conttype")
            spells = frame.select(
                one=whole("state1no"), two=whole("state2no"), type=whole("conttype"), year="year"
            ).with_columns(whole("year"))
        elif layout == MASTER:
            frame = needs(frame, path, "statelno", "statehno", "conttype", "begin", "end")
            spells = frame.select(
                one=whole("statelno"),
                two=whole("statehno"),
                type=whole("conttype"),
                year=pl.int_ranges(whole("begin") // 100, whole("end") // 100 + 1),  # from YYYYMM
            ).explode("year")
        else:
            frame = needs(frame, path, "ccode1", "ccode2", "conttype", "stdate", "enddate")
            spells = frame.select(
                one=whole("ccode1"),
                two=whole("ccode2"),
                type=whole("conttype"),
                year=pl.int_ranges(pl.col("stdate").dt.year(), pl.col("enddate").dt.year() + 1),
            ).explode("year")
        return (
            spells.filter(pl.col("type") > 0)
            .group_by(
                state=pl.min_horizontal("one", "two"),
                partner=pl.max_horizontal("one", "two"),
                year=pl.col("year").cast(pl.Int64),
            )
            .agg(pl.col("type").min().cast(pl.Int8).alias("contiguity"))
        )
