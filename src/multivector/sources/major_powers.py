"""Major powers 1816–2016, Correlates of War project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation
from multivector.source import Source
from multivector.sources._ties import COW_STATE_YEAR, needs, table, unseen, whole
from multivector.store import File
from multivector.variable import Coverage, Variable, span

HOMEPAGE = "https://correlatesofwar.org/data-sets/state-system-membership/"


@dataclass(frozen=True)
class MajorPowers(Source):
    """Whether a state is a major power by the list of the Correlates of War project.

    ``major_power`` is 1 if the state was on the list on any day of the year. The list names every
    major power with the days on which its status begins and ends, so a state without a row was
    none (0) in the years 1816–2016; later years are missing.

    References
    ----------
    Correlates of War Project (2017). State System Membership List, v2016.

    Examples
    --------
    >>> MajorPowers.variables[0].absence
    'zero'
    """

    name: ClassVar = "major_powers"
    title: ClassVar = "COW major powers"
    producer: ClassVar = "Correlates of War project"
    version: ClassVar = "v2016"
    homepage: ClassVar = HOMEPAGE
    licence: ClassVar = unseen("Correlates of War", HOMEPAGE)
    citation: ClassVar = Citation(
        "cow2017states",
        "misc",
        "{Correlates of War Project}",
        "State System Membership List, v2016",
        2017,
        url=HOMEPAGE,
    )
    key: ClassVar = COW_STATE_YEAR
    variables: ClassVar = (
        Variable(
            "major_power", "Major power", "flag", Coverage(span(1816, 2016)), "zero", range=(0, 1)
        ),
    )
    files: ClassVar = (
        File(
            "majors2016.csv",
            "spells",
            how=f"{HOMEPAGE}, the file of major powers.",
            seen_real=False,
        ),
        File(
            "cow_majors.parquet",
            "spells copy",
            how="The same spells without names, as S. Miller's peacesciencer distributes them "
            "(cow_majors), saved as Parquet.",
        ),
    )
    without_facts: ClassVar = "The list holds spells, and no total of state-years is printed."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per major power and year."""
        frame = needs(table(paths[0]), paths[0], "ccode", "styear", "endyear")
        return (
            frame.select(
                whole("ccode").alias("state"),
                pl.int_ranges(whole("styear"), whole("endyear") + 1).alias("year"),
            )
            .explode("year")
            .unique()
            .with_columns(pl.lit(1, pl.Int8).alias("major_power"))
        )
