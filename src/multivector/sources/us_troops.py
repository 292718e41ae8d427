"""United States military personnel in each country and territory, by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation
from multivector.source import Source
from multivector.sources._ties import COW_STATE_YEAR, needs, text, unseen, whole
from multivector.store import File
from multivector.variable import Coverage, Variable, span

COVERAGE = Coverage(span(1950, 2024))
TERMS = unseen(
    "Compilation of reports of the US Department of Defense, citation asked for",
    "https://meflynn.github.io/troopdata/",
)
FLYNN = Citation(
    "allen2022",
    "article",
    "Allen, Michael A. and Flynn, Michael E. and Machain, Carla Martinez",
    "US global military deployments, 1950-2020",
    2022,
    "Conflict Management and Peace Science 39(3):351-370",
    doi="10.1177/07388942211030885",
)


@dataclass(frozen=True)
class UsTroops(Source):
    """United States military personnel in each host state, by year.

    Persons on active duty, members of the selected reserve, and civilians of the Department of
    Defense, as the department's reports of personnel give them; temporary and secret deployments
    are not in them. The branches are not read: in 456 rows before 2000 they do not add up to the
    total, and six of 1959 are negative. ``state`` is the host's COW number; numbers
    from 1000 on are the compilers' own, for territories. The United States themselves are a row.

    The compilers' table lists some states twice in a year, under an old and a new name, the rows of
    the old name being filled with zeros; the two are summed. A zero may therefore be filled in
    where a report has no line, and a state without row was not listed: it is missing.

    References
    ----------
    Allen, M. A., Flynn, M. E. and Machain, C. M. (2022). US global military deployments,
    1950-2020. Conflict Management and Peace Science 39(3):351-370.

    Examples
    --------
    >>> UsTroops.variables[0].unit
    'persons'
    """

    name: ClassVar = "us_troops"
    title: ClassVar = "US military deployments"
    producer: ClassVar = "Michael A. Allen, Michael E. Flynn and Carla Martinez Machain"
    version: ClassVar = "rebuilt table to 2024"
    homepage: ClassVar = "https://meflynn.github.io/troopdata/"
    licence: ClassVar = TERMS
    citation: ClassVar = FLYNN
    key: ClassVar = COW_STATE_YEAR
    variables: ClassVar = (
        Variable("us_troops", "US active-duty personnel", "persons", COVERAGE, range=(0, None)),
        Variable("us_reserve", "US selected reserve", "persons", COVERAGE, range=(0, None)),
        Variable(
            "us_civilians",
            "Civilians of the US Department of Defense",
            "persons",
            COVERAGE,
            range=(0, None),
        ),
    )
    files: ClassVar = (
        File(
            "us_troops_country_year.csv*",
            "country-year",
            how="The table troopdata-rebuild-country-year.csv in the folder data-raw of "
            "https://github.com/meflynn/troopdata, saved as us_troops_country_year.csv.",
        ),
    )
    notes: ClassVar = "Zeros may stand for states that a report does not list."
    without_facts: ClassVar = (
        "No printed figure of the rebuilt table was found; a test compares it with sums by hand."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per host and year."""
        frame = needs(text(paths[0]), paths[0], "ccode", "year", "troops_ad", "total_civilian")
        columns = ["troops_ad", "total_selected_reserve", "total_civilian"]
        named = frame.select(
            whole("ccode").alias("state"),
            whole("year"),
            *(
                whole(theirs).alias(v.name)
                for theirs, v in zip(columns, self.variables, strict=True)
            ),
        )
        sums = [
            pl.when(pl.col(v.name).count() > 0).then(pl.col(v.name).sum()).alias(v.name)
            for v in self.variables
        ]
        return named.group_by("state", "year").agg(sums)
