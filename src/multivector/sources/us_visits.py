"""Visits of the President and the Secretary of State abroad, and of foreign leaders to the US."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector import states
from multivector.origin import PUBLIC_DOMAIN, Citation, Licence
from multivector.source import Source
from multivector.sources._ties import needs, text
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span

TERMS: Licence = replace(
    PUBLIC_DOMAIN,
    url="https://www.law.cornell.edu/uscode/text/17/105",
    quote="Copyright protection under this title is not available for any work of the United "
    "States Government (17 USC 105).",
)
TRAVELS = "https://history.state.gov/departmenthistory/travels"
VISITS = "https://history.state.gov/departmenthistory/visits"
OUT = Coverage(span(1866, 2024))
IN = Coverage(span(1874, 2023))
_NAMES = {
    "Ceylon (Sri Lanka)": "LKA",
    "Dahomey (Benin)": "BEN",
    "Democratic Republic of the Congo (Zaire)": "COD",
    "Khmer Republic (Cambodia)": "KHM",
    "Korea": "KOR",
    "Palestinian Authority": "PSE",
    "Serbia-Montenegro (Kosovo)": "SCG",
    "Siam (Thailand)": "THA",
    "Somoa": "WSM",
    "Upper Volta (Burkina Faso)": "BFA",
    "Vietnam": "VNM",
    "West Bank": "PSE",
}
"""The Office's names that stand for no state, or for several, in ours."""


def _country(frame: pl.DataFrame) -> pl.Series:
    """Return our ids of the countries named; missing where a name stands for no state."""
    plain = frame["country"].str.replace(r"\s*\(.*\)$", "").to_list()
    years = frame["start"].str.slice(0, 4).cast(pl.Int64).to_list()
    found = states.resolve_names(plain, years, unknown="null").to_list()
    ever = states.resolve_names(plain, unknown="null").to_list()
    named = [_NAMES.get(name) for name in frame["country"].to_list()]
    chosen = [n or f or e for n, f, e in zip(named, found, ever, strict=True)]
    return pl.Series("country", chosen, pl.String)


_DAYS = [pl.col(c).str.to_date("%Y-%m-%d") for c in ("start", "end")]


@dataclass(frozen=True)
class UsTravels(Source):
    """Journeys abroad of the President and the Secretary of State, one row a country visited.

    ``visit`` is the Office of the Historian's number, ``office`` who travelled, ``start`` and
    ``end`` the days in the country. A journey through three countries has three rows; two rows may
    repeat one stop under two numbers (the Secretary's journey to Japan of March 2021), and the
    measure counts such a pair once. ``country`` is our id, missing where the name stands for no
    state; ``country_name`` is the Office's. The list is complete to the end of 2024; the file goes
    on to 19 February 2025.

    Examples
    --------
    >>> UsTravels.key.columns
    ('visit',)
    """

    name: ClassVar = "us_travels"
    title: ClassVar = "Travels abroad of the US President and Secretary of State"
    producer: ClassVar = "Office of the Historian, US Department of State"
    version: ClassVar = "to 19 February 2025"
    homepage: ClassVar = TRAVELS
    licence: ClassVar = TERMS
    citation: ClassVar = Citation(
        "ooh_travels",
        "misc",
        "{Office of the Historian}",
        "Travels Abroad of the President; Travels Abroad of the Secretary of State",
        2025,
        "United States Department of State",
        url=TRAVELS,
    )
    key: ClassVar = Key("visit", ("visit",))
    variables: ClassVar = (
        Variable("office", "Office: president or secretary", "text", OUT),
        Variable("person", "Name", "text", OUT),
        Variable("start", "First day", "date", OUT),
        Variable("end", "Last day", "date", OUT),
        Variable("country", "State visited", "text", OUT),
        Variable("country_name", "Country, as listed", "text", OUT),
        Variable("place", "Places", "text", OUT),
        Variable("remarks", "Occasion, as listed", "text", OUT),
    )
    files: ClassVar = (
        File(
            "us_president_secretary_travels.csv*",
            "visits",
            how="The Office keeps one XML record per office-holder "
            "(https://github.com/HistoryAtState/travels); join their trips to one table with the "
            "columns id, role, who, name, start, end, country_id, country, locale, remarks.",
        ),
    )
    without_facts: ClassVar = (
        "The Office prints no totals; the tests compare visits to Central Asia with its pages."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per visit."""
        frame = needs(text(paths[0]), paths[0], "id", "role", "name", "start", "country", "locale")
        return frame.select(
            pl.col("id").cast(pl.Int64).alias("visit"),
            pl.col("role").alias("office"),
            pl.col("name").alias("person"),
            *_DAYS,
            _country(frame),
            pl.col("country").alias("country_name"),
            pl.col("locale").alias("place"),
            "remarks",
        )


@dataclass(frozen=True)
class VisitsToUs(Source):
    """Visits of foreign heads of state and government to the United States, one row a visit.

    ``visit`` is the Office of the Historian's number; two visitors who come together have a row
    each. ``person`` has the title before the name, as listed. ``country`` is our id, missing where
    the name stands for no state. The file goes on to November 2024.

    Examples
    --------
    >>> VisitsToUs.variables[0].unit
    'text'
    """

    name: ClassVar = "us_hosted_visits"
    title: ClassVar = "Visits of foreign leaders to the United States"
    producer: ClassVar = "Office of the Historian, US Department of State"
    version: ClassVar = "to November 2024"
    homepage: ClassVar = VISITS
    licence: ClassVar = TERMS
    citation: ClassVar = Citation(
        "ooh_visits",
        "misc",
        "{Office of the Historian}",
        "Visits by Foreign Leaders and Heads of State",
        2024,
        "United States Department of State",
        url=VISITS,
    )
    key: ClassVar = Key("visit", ("visit",))
    variables: ClassVar = (
        Variable("person", "Title and name", "text", IN),
        Variable("start", "First day", "date", IN),
        Variable("end", "Last day", "date", IN),
        Variable("country", "State of the visitor", "text", IN),
        Variable("country_name", "Country, as listed", "text", IN),
        Variable("remarks", "Occasion, as listed", "text", IN),
    )
    files: ClassVar = (
        File(
            "foreign_leader_visits_to_us.csv*",
            "visits",
            how="The Office keeps one XML record per decade "
            "(https://github.com/HistoryAtState/visits); join their visits to one table with the "
            "columns id, start, end, visitor, country_id, country, description.",
        ),
    )
    without_facts: ClassVar = (
        "The Office prints no totals; the tests compare visits from Kazakhstan with its pages."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per visit."""
        frame = needs(text(paths[0]), paths[0], "id", "start", "visitor", "country", "description")
        return frame.select(
            pl.col("id").cast(pl.Int64).alias("visit"),
            pl.col("visitor").alias("person"),
            *_DAYS,
            _country(frame),
            pl.col("country").alias("country_name"),
            pl.col("description").alias("remarks"),
        )
