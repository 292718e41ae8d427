"""Mass Mobilization: protests against governments, with place and response, 1990 to 2020."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation
from multivector.source import Source
from multivector.sources._ties import needs, text, unseen, whole
from multivector.states import resolve_names
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span

COVERAGE = Coverage(span(1990, 2019))
WEB = "https://doi.org/10.7910/DVN/HTTWYL"
SPELLINGS = {"Germany East": "DDR", "Germany West": "DEU", "United Arab Emirate": "ARE"}
"""Names of the list that no state of ours answers to."""


@dataclass(frozen=True)
class Protests(Source):
    """Protests of 50 people or more against a government, one row per protest.

    ``place`` is the place as listed, mostly a city or a part of the state, so that protests in a
    region (Mangystau, Xinjiang) can be found; it is missing where none is given. ``began`` and
    ``ended`` are days, ``violent`` is 1 where the protesters used violence, ``participants`` is
    the listed category of size and ``response`` the first listed response of the state. State-years
    without protest have a row of their own in the file, with ``number`` 0: those are kept, since
    they say that there was none. The list leaves out the United States; of 2020 it has a part only,
    which is left out. The user feeds the file.

    References
    ----------
    Clark, D. and Regan, P. (2016). Mass Mobilization Protest Data. Harvard Dataverse.
    doi:10.7910/DVN/HTTWYL

    Examples
    --------
    >>> Protests.key.columns
    ('state', 'year', 'number')
    """

    name: ClassVar = "protests"
    title: ClassVar = "Mass Mobilization, protests"
    producer: ClassVar = "David Clark and Patrick Regan"
    version: ClassVar = "to March 2020, fed by the user"
    homepage: ClassVar = "https://massmobilization.github.io/about.html"
    licence: ClassVar = unseen("Mass Mobilization, citation; terms not seen", WEB)
    citation: ClassVar = Citation(
        "clark2016",
        "misc",
        "Clark, David and Regan, Patrick",
        "Mass Mobilization Protest Data",
        2016,
        "Harvard Dataverse",
        doi="10.7910/DVN/HTTWYL",
    )
    key: ClassVar = Key("protest", ("state", "year", "number"))
    variables: ClassVar = (
        Variable("protest", "Protest", "flag", COVERAGE, range=(0, 1)),
        Variable("began", "First day", "date", COVERAGE),
        Variable("ended", "Last day", "date", COVERAGE),
        Variable("violent", "Violence by protesters", "flag", COVERAGE, range=(0, 1)),
        Variable("place", "Place, a city or a part of the state", "text", COVERAGE),
        Variable("participants", "Participants, category as listed", "text", COVERAGE),
        Variable("response", "First response of the state, as listed", "text", COVERAGE),
    )
    files: ClassVar = (
        File(
            "mmALL*.csv",
            "events",
            how="Offered on https://doi.org/10.7910/DVN/HTTWYL (mmALL_073120_csv).",
            seen_real=False,
        ),
    )
    without_facts: ClassVar = "The reader was tested on a file written by hand after the codebook."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per protest, and per state-year without any."""
        wanted = ("country", "year", "protest", "protestnumber", "startyear", "location")
        frame = needs(text(paths[0]), paths[0], *wanted)
        frame = frame.filter(pl.col("year").cast(pl.Int64).is_in(COVERAGE.years))
        names = frame["country"].replace(SPELLINGS)
        years = frame["year"].cast(pl.Int64)
        return frame.select(
            resolve_names(names, years).alias("state"),
            whole("year"),
            whole("protestnumber").alias("number"),
            whole("protest"),
            _day("start").alias("began"),
            _day("end").alias("ended"),
            whole("protesterviolence").alias("violent"),
            pl.col("location").alias("place"),
            pl.col("participants_category").alias("participants"),
            pl.col("stateresponse1").alias("response"),
        )


def _day(which: str) -> pl.Expr:
    parts = [
        pl.col(f"{which}{p}").cast(pl.Float64).cast(pl.Int32) for p in ("year", "month", "day")
    ]
    return pl.date(*parts)
