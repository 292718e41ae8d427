"""Capitals of states since 1816, with their days and coordinates, by S. Miller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation
from multivector.source import Fact, Source
from multivector.sources._ties import needs, table, unseen, whole
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span

COVERAGE = Coverage(span(1816, 2024))
HOW = "S. Miller's peacesciencer ({}), saved as Parquet."


def _day(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Date)


@dataclass(frozen=True)
class _Capitals(Source):
    """What the capitals of both systems of states share."""

    producer: ClassVar = "Steven V. Miller"
    version: ClassVar = "to the end of 2024"
    homepage: ClassVar = "https://svmiller.com/peacesciencer/reference/cow_capitals.html"
    licence: ClassVar = unseen("peacesciencer", "https://svmiller.com/peacesciencer/")
    citation: ClassVar = Citation(
        "miller2022",
        "article",
        "Miller, Steven V.",
        "peacesciencer: An R package for quantitative peace science research",
        2022,
        "Conflict Management and Peace Science 39(6):755-779",
        doi="10.1177/07388942221077926",
    )
    variables: ClassVar = (
        Variable("until", "Last day as capital", "date", COVERAGE),
        Variable("capital", "City", "text", COVERAGE),
        Variable("latitude_deg", "Latitude", "degrees north", COVERAGE, range=(-90, 90)),
        Variable("longitude_deg", "Longitude", "degrees east", COVERAGE, range=(-180, 180)),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and capital."""
        frame = table(paths[0])
        code = "gwcode" if "gwcode" in frame.columns else "ccode"
        frame = needs(frame, paths[0], code, "capital", "stdate", "enddate", "lat", "lng")
        return frame.select(
            whole(code).alias("state"),
            _day("stdate").alias("since"),
            _day("enddate").alias("until"),
            "capital",
            pl.col("lat").cast(pl.Float64).alias("latitude_deg"),
            pl.col("lng").cast(pl.Float64).alias("longitude_deg"),
        )


@dataclass(frozen=True)
class Capitals(_Capitals):
    """Capitals of the members of the Correlates of War system, from day to day.

    One row per state and capital. Spells are generous: they may begin before the state entered
    the system and end after it left. Names are those that a geocoder finds (Astana throughout).
    Portugal's court in Rio de Janeiro to 1821 counts. :class:`CapitalDistance` uses the table.

    References
    ----------
    Miller, S. V. (2022). peacesciencer: An R package for quantitative peace science research.
    Conflict Management and Peace Science 39(6):755-779. doi:10.1177/07388942221077926

    Examples
    --------
    >>> Capitals.key.columns
    ('state', 'since')
    """

    name: ClassVar = "capitals"
    title: ClassVar = "Capitals of COW states"
    key: ClassVar = Key("capital of a state", ("state", "since"), system="cow")
    files: ClassVar = (File("cow_capitals.parquet", "copy", how=HOW.format("cow_capitals")),)
    facts: ClassVar = (
        Fact(
            "year in which Burundi's capital moved",
            2018,
            "Manual of peacesciencer, cow_capitals: 'The most recent was Burundi in 2018'",
            lambda f: float(f.filter(pl.col("state") == 516)["since"].dt.year().max()),  # type: ignore[arg-type]
        ),
    )


@dataclass(frozen=True)
class CapitalsGW(_Capitals):
    """Capitals of the members of the Gleditsch–Ward system, from day to day.

    As :class:`Capitals`, in the other system's codes.

    References
    ----------
    Miller, S. V. (2022). peacesciencer: An R package for quantitative peace science research.
    Conflict Management and Peace Science 39(6):755-779. doi:10.1177/07388942221077926

    Examples
    --------
    >>> CapitalsGW.key.system
    'gw'
    """

    name: ClassVar = "capitals_gw"
    title: ClassVar = "Capitals of Gleditsch–Ward states"
    key: ClassVar = Key("capital of a state", ("state", "since"), system="gw")
    files: ClassVar = (File("gw_capitals.parquet", "copy", how=HOW.format("gw_capitals")),)
    facts: ClassVar = Capitals.facts
