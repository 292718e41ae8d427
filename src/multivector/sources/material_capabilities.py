"""National Material Capabilities 1816–2022, Correlates of War version 7."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation
from multivector.source import Fact, Source
from multivector.sources._ties import COW_STATE_YEAR, correlates_of_war, needs, table
from multivector.store import File
from multivector.variable import Coverage, Variable, span

HOMEPAGE = "https://correlatesofwar.org/data-sets/national-material-capabilities/"
COVERAGE = Coverage(span(1816, 2022))
_COLUMNS = {
    "milex": "military_expenditure_k",
    "milper": "military_personnel_k",
    "irst": "iron_steel_kt",
    "pec": "energy_ktce",
    "tpop": "population_k",
    "upop": "urban_population_k",
    "cinc": "cinc_share",
}
_MANUAL = "Manual of peacesciencer, add_nmc: row of the United States in 1920"


def _usa(column: str) -> Callable[[pl.DataFrame], float]:
    def value(frame: pl.DataFrame) -> float:
        row = frame.filter(pl.col("state") == 2, pl.col("year") == 1920)
        return float(row[column].item())

    return value


@dataclass(frozen=True)
class MaterialCapabilities(Source):
    """National material capabilities: military, industrial and demographic, and their index CINC.

    CINC is the mean of a state's shares in the world's totals of the six components k, in [0, 1],
    ``cinc_share`` = Σ_k share_k / 6, over the components that are known.
    ``military_expenditure_k`` is in thousands of current British pounds to 1913 and of current US
    dollars from 1914, so the two halves cannot be compared. ``urban_population_k``
    counts people in cities of more than 100,000. The publisher writes −9
    for a missing component, which stays missing; 0 is a value. Years after 2022 are missing.

    References
    ----------
    Singer, J. D. (1987). Reconstructing the Correlates of War Dataset on Material Capabilities of
    States, 1816-1985. International Interactions 14(2):115-132. doi:10.1080/03050628808434695

    Examples
    --------
    >>> MaterialCapabilities.variables[-1].name
    'cinc_share'
    """

    name: ClassVar = "material_capabilities"
    title: ClassVar = "COW national material capabilities"
    producer: ClassVar = "Correlates of War project"
    version: ClassVar = "7.0"
    homepage: ClassVar = HOMEPAGE
    licence: ClassVar = correlates_of_war(HOMEPAGE)
    citation: ClassVar = Citation(
        "singer1987",
        "article",
        "Singer, J. David",
        "Reconstructing the Correlates of War Dataset on Material Capabilities of States, "
        "1816-1985",
        1987,
        "International Interactions 14(2):115-132",
        doi="10.1080/03050628808434695",
    )
    key: ClassVar = COW_STATE_YEAR
    variables: ClassVar = tuple(
        Variable(name, label, unit, COVERAGE, range=(0, high))
        for name, label, unit, high in (
            (
                "military_expenditure_k",
                "Military expenditure",
                "thousand GBP to 1913, thousand USD since, current prices",
                None,
            ),
            ("military_personnel_k", "Military personnel", "thousand persons", None),
            ("iron_steel_kt", "Iron and steel production", "thousand tons", None),
            ("energy_ktce", "Primary energy consumption", "thousand tons of coal equivalent", None),
            ("population_k", "Population", "thousand persons", None),
            ("urban_population_k", "Population of large cities", "thousand persons", None),
            ("cinc_share", "Composite index of national capability", "share 0–1", 1),
        )
    )
    files: ClassVar = (
        File(
            "NMC*abridged.csv",
            "abridged",
            how=f"{HOMEPAGE}, the abridged data file (components and CINC).",
            seen_real=False,
        ),
        File(
            "cow_nmc_v7_1816_2022.parquet",
            "copy",
            how="The same without abbreviations and version, missing already blank, as S. Miller's "
            "peacesciencer distributes it (cow_nmc), saved as Parquet.",
        ),
    )
    facts: ClassVar = (
        Fact("military personnel, thousand", 343, _MANUAL, _usa("military_personnel_k")),
        Fact("population, thousand", 106_461, _MANUAL, _usa("population_k")),
        Fact("iron and steel, thousand tons", 42_809, _MANUAL, _usa("iron_steel_kt")),
        Fact("CINC", 0.290, _MANUAL, _usa("cinc_share"), 0.0005),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and year; −9 is missing."""
        frame = needs(table(paths[0]), paths[0], "ccode", "year", *_COLUMNS)
        values = {
            ours: pl.when(pl.col(theirs).cast(pl.Float64) >= 0).then(
                pl.col(theirs).cast(pl.Float64)
            )
            for theirs, ours in _COLUMNS.items()
        }
        return frame.select(
            pl.col("ccode").cast(pl.Int64).alias("state"), pl.col("year").cast(pl.Int64), **values
        )
