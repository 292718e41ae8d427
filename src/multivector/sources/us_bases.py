"""United States military bases and sites abroad, as of about 2018."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.source import Source
from multivector.sources._ties import needs, text, whole
from multivector.sources.us_troops import FLYNN, TERMS
from multivector.store import File
from multivector.variable import Coverage, Key, Variable

COVERAGE = Coverage()


@dataclass(frozen=True)
class UsBases(Source):
    """Military bases, small sites and funded sites of the United States abroad, about 2018.

    One row per line of the list, numbered in its order; ``state`` is the COW number of the state to
    which the place belongs (Guam and American Samoa are 2). ``base`` is a large installation,
    ``lilypad`` a small or rotating one, ``funded_site`` one of the host that the United States pay
    for. The list has no dates: it collects what David Vine found and the compilers updated "through
    2018", so a closed base may be in it and a state without row had none that they know of.

    References
    ----------
    Allen, M. A., Flynn, M. E. and Machain, C. M. (2022). US global military deployments,
    1950-2020. Conflict Management and Peace Science 39(3):351-370.
    Vine, D. (2015). Base Nation. Metropolitan Books.

    Examples
    --------
    >>> UsBases.key.columns
    ('site', 'state')
    """

    name: ClassVar = "us_bases"
    title: ClassVar = "US military bases abroad"
    producer: ClassVar = "Michael A. Allen, Michael E. Flynn and Carla Martinez Machain"
    version: ClassVar = "list through 2018"
    homepage: ClassVar = "https://meflynn.github.io/troopdata/"
    licence: ClassVar = TERMS
    citation: ClassVar = FLYNN
    key: ClassVar = Key("military site", ("site", "state"), system="cow")
    variables: ClassVar = (
        Variable("place", "Country or territory", "text", COVERAGE),
        Variable("site_name", "Name of the site", "text", COVERAGE),
        Variable("latitude", "Latitude", "degrees", COVERAGE, range=(-90, 90)),
        Variable("longitude", "Longitude", "degrees", COVERAGE, range=(-180, 180)),
        Variable("base", "Base", "flag", COVERAGE, range=(0, 1)),
        Variable("lilypad", "Small site", "flag", COVERAGE, range=(0, 1)),
        Variable("funded_site", "Host's site with US funds", "flag", COVERAGE, range=(0, 1)),
    )
    files: ClassVar = (
        File(
            "us_bases.csv*",
            "list",
            how="The table basedata.csv in the folder data-raw of "
            "https://github.com/meflynn/troopdata, saved as us_bases.csv.",
        ),
    )

    notes: ClassVar = "The list has no dates."
    without_facts: ClassVar = "No printed total of the list through 2018 was found."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per line of the list."""
        frame = needs(text(paths[0]), paths[0], "ccode", "basename", "lat", "lon", "fundedsite")
        return frame.with_row_index("site", offset=1).select(
            pl.col("site").cast(pl.Int64),
            whole("ccode").alias("state"),
            pl.col("countryname").alias("place"),
            pl.col("basename").alias("site_name"),
            pl.col("lat").cast(pl.Float64).alias("latitude"),
            pl.col("lon").cast(pl.Float64).alias("longitude"),
            whole("base"),
            whole("lilypad"),
            whole("fundedsite").alias("funded_site"),
        )
