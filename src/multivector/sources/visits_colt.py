"""Trips of leaders counted from COLT, 1990–2024: made and received by state, and by five dyads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector import states
from multivector.origin import Citation
from multivector.source import Source
from multivector.sources._ties import needs, table, unseen
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span

WEB = "https://korbel.du.edu/pardee"
YEARS = Coverage(span(1990, 2024))
REPORTERS = ("CHN", "DEU", "JPN", "SGP", "USA")
HOW = "Aggregate of COLT by third parties, saved as Parquet; COLT itself is had from its authors."


@dataclass(frozen=True)
class _Colt(Source):
    producer: ClassVar = "Pardee Institute, University of Denver"
    version: ClassVar = "1990 to 2024, third-party aggregate"
    homepage: ClassVar = WEB
    licence: ClassVar = unseen("COLT, terms not seen", WEB)
    citation: ClassVar = Citation(
        "colt2025",
        "misc",
        "{Frederick S. Pardee Institute for International Futures}",
        "Country and Organization Leader Travel (COLT) data set",
        2025,
        "University of Denver",
        url=WEB,
    )
    notes: ClassVar = "Counts rows of COLT: a trip to a summit and a state visit weigh the same."


@dataclass(frozen=True)
class ColtTrips(_Colt):
    """Trips of leaders made from, and received by, each country or organisation, by year.

    ``actor`` is the name as listed, so that West Germany and Germany of 1990 stay apart; ``state``
    is our id, missing for organisations and disputed places. ``made`` counts trips abroad of the
    actor's leaders, ``received`` trips of others to it. Only positive counts are listed: a missing
    count is not zero. Both sum to the same number of trips.

    Examples
    --------
    >>> ColtTrips.key.columns
    ('actor', 'year')
    """

    name: ClassVar = "colt_trips"
    title: ClassVar = "COLT, trips of leaders by state"
    key: ClassVar = Key("actor-year", ("actor", "year"))
    variables: ClassVar = (
        Variable("state", "State", "text", YEARS),
        Variable("made", "Trips made", "count", YEARS, range=(0, None)),
        Variable("received", "Trips received", "count", YEARS, range=(0, None)),
    )
    files: ClassVar = (
        File("colt_trips_made_by_state_year_1990_2024.parquet", "aggregate", how=HOW),
        File("colt_trips_received_by_state_year_1990_2024.parquet", "aggregate", how=HOW),
    )
    without_facts: ClassVar = "The two tables are checked against each other in the tests."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per actor and year."""
        sides = (("LeaderCountryOrIGO", "made"), ("CountryVisited", "received"))
        made, received = (
            needs(table(path), path, column, "TripYear", "count").select(
                pl.col(column).alias("actor"),
                pl.col("TripYear").alias("year"),
                pl.col("count").alias(ours),
            )
            for path, (column, ours) in zip(paths, sides, strict=True)
        )
        both = made.join(received, on=["actor", "year"], how="full", coalesce=True)
        ids = states.resolve_names(both["actor"], both["year"], unknown="null")
        return both.with_columns(ids.alias("state")).select(
            "actor", "year", "state", "made", "received"
        )


@dataclass(frozen=True)
class ColtDyads(_Colt):
    """Trips of leaders either way between five states and their partners, 2018 to 2024.

    The five are China, Germany, Japan, Singapore and the United States. The count has no direction
    (who travelled is not known); the pair of two of the five is listed under both, equally, and is
    kept once. Pairs without one of the five are missing.

    Examples
    --------
    >>> ColtDyads.key.directed
    False
    """

    name: ClassVar = "colt_dyads"
    title: ClassVar = "COLT, trips between five states and partners"
    key: ClassVar = Key("undirected dyad-year", ("state", "partner", "year"), directed=False)
    variables: ClassVar = (
        Variable(
            "trips",
            "Trips of leaders, either way",
            "count",
            Coverage(span(2018, 2024), REPORTERS, sides="either"),
            range=(0, None),
        ),
    )
    files: ClassVar = (
        File("colt_visits_CHN_DEU_JPN_SGP_USA_dyads_2018_2024.parquet", "five states", how=HOW),
    )
    without_facts: ClassVar = "Nobody prints totals of this aggregate; symmetry is tested."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per pair and year."""
        frame = needs(table(paths[0]), paths[0], "reporter_iso", "partner_iso", "stateVisits")
        pair = (pl.col("reporter_iso"), pl.col("partner_iso"))
        return frame.select(
            pl.min_horizontal(*pair).alias("state"),
            pl.max_horizontal(*pair).alias("partner"),
            pl.col("year").cast(pl.Int64),
            pl.col("stateVisits").cast(pl.Int64).alias("trips"),
        ).unique(["state", "partner", "year", "trips"])
