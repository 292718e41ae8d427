"""Militarized interstate disputes between pairs of states, by year: GML and COW."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

import polars as pl

from multivector.origin import Citation
from multivector.source import Source
from multivector.sources._ties import (
    COW_DIRECTED_DYAD_YEAR,
    correlates_of_war,
    needs,
    table,
    text,
    unseen,
    whole,
)
from multivector.store import File
from multivector.variable import Absence, Coverage, Key, Variable, span

HOSTILITY = (
    (1, "no militarized action"),
    (2, "threat to use force"),
    (3, "display of force"),
    (4, "use of force"),
    (5, "war"),
)
DEATHS = (
    (0, "none"),
    (1, "1–25 deaths"),
    (2, "26–100 deaths"),
    (3, "101–250 deaths"),
    (4, "251–500 deaths"),
    (5, "501–999 deaths"),
    (6, "1,000 deaths or more"),
)
COPY = "dyad copy"
RULE = (
    "One dispute a pair and year: where several were under way, the copy keeps the one that began "
    "in the year, then the deadliest, most hostile, longest, reciprocated."
)


def _variables(cover: Coverage) -> tuple[Variable, ...]:
    def flag(name: str, label: str, absence: Absence = "missing") -> Variable:
        return Variable(name, label, "flag", cover, absence, range=(0, 1))

    return (
        flag("ongoing", "Dispute under way", "zero"),
        flag("onset", "Dispute began", "zero"),
        Variable("dispute", "Number of the dispute", "identifier", cover),
        flag("side_a", "State is on side A, which acted first"),
        flag("originator", "State was in the dispute from its first day"),
        Variable(
            "hostility",
            "Highest hostility of state in the dispute",
            "level",
            cover,
            codes=HOSTILITY,
        ),
        Variable(
            "hostility_dispute", "Highest hostility of any side", "level", cover, codes=HOSTILITY
        ),
        Variable(
            "highest_action",
            "Highest action of state (MID action code)",
            "code",
            cover,
            range=(0, 22),
        ),
        Variable(
            "deaths_level", "Battle deaths of state in the dispute", "level", cover, codes=DEATHS
        ),
        flag("reciprocated", "Both sides took militarized action"),
        Variable("days_min", "Duration, lower bound", "days", cover, range=(0, None)),
        Variable("days_max", "Duration, upper bound", "days", cover, range=(0, None)),
    )


def _read(path: Path, prefix: str = "") -> pl.DataFrame:
    """Return one row per ordered pair, year and dispute; *prefix* stands before two names."""
    ongoing = f"{prefix}midongoing"
    frame = needs(table(path), path, "dispnum", "ccode1", "ccode2", "year", ongoing, "hostlev1")
    columns = {
        "ongoing": whole(ongoing),
        "onset": whole(f"{prefix}midonset"),
        "dispute": whole("dispnum"),
        "side_a": whole("sidea1"),
        "originator": whole("orig1"),
        "hostility": whole("hostlev1", -9),
        "hostility_dispute": whole("hostlev", -9),
        "highest_action": whole("hiact1", -9),
        "deaths_level": whole("fatality1", -9),
        "days_min": whole("mindur", -9),
        "days_max": whole("maxdur", -9),
    }
    if "recip" in frame.columns:
        columns["reciprocated"] = whole("recip", -9)
    return frame.select(
        whole("ccode1").alias("state"),
        whole("ccode2").alias("partner"),
        whole("year"),
        *(value.alias(name) for name, value in columns.items()),
    )


@dataclass(frozen=True)
class _Disputes(Source):
    """What both lists of disputes share."""

    key: ClassVar = COW_DIRECTED_DYAD_YEAR
    prefix: ClassVar[Literal["gml", "cow"]]

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per ordered pair and year with a dispute under way."""
        return _read(paths[0], self.prefix)


@dataclass(frozen=True)
class CowDisputes(_Disputes):
    """Militarized interstate disputes of ordered pairs of states, Correlates of War version 5.

    The row (A, B) says that A and B were on opposite sides of a dispute in that year and what A
    did in it. The producer records "all instances of when one state threatened, displayed, or used
    force against another", so inside 1816–2014 a pair without row had no dispute (``ongoing`` and
    ``onset`` are 0). Codes −9 are missing.

    References
    ----------
    Palmer, G. et al. (2022). The MID5 Dataset, 2011-2014: Procedures, Coding Rules, and
    Description. Conflict Management and Peace Science 39(4):470-482.

    Examples
    --------
    >>> CowDisputes.variables[0].coverage.years[-1]
    2014
    """

    name: ClassVar = "cow_disputes"
    title: ClassVar = "COW Militarized Interstate Disputes, directed dyad-years"
    producer: ClassVar = "Correlates of War project"
    version: ClassVar = "MID 5.0"
    homepage: ClassVar = "https://correlatesofwar.org/data-sets/mids/"
    licence: ClassVar = correlates_of_war("https://correlatesofwar.org/data-sets/")
    citation: ClassVar = Citation(
        "palmer2022",
        "article",
        "Palmer, Glenn and McManus, Roseanne W. and D'Orazio, Vito and Kenwick, Michael R. and "
        "Karstens, Mikaela and Bloch, Chase and Dietrich, Nick and Kahn, Kayla and Ritter, Kellan "
        "and Soules, Michael J.",
        "The MID5 Dataset, 2011-2014: Procedures, Coding Rules, and Description",
        2022,
        "Conflict Management and Peace Science 39(4):470-482",
        doi="10.1177/0738894221995743",
    )
    variables: ClassVar = _variables(Coverage(span(1816, 2014)))
    files: ClassVar = (
        File(
            "cow_mid_ddydisps.parquet",
            COPY,
            how="Directed dyad-years made by S. Miller's peacesciencer (cow_mid_ddydisps) from "
            "version 5.0 of the disputes and participants, saved as Parquet.",
        ),
    )
    notes: ClassVar = RULE
    without_facts: ClassVar = "The copy selects dyad-years by a rule for which no total is printed."
    prefix: ClassVar = "cow"


@dataclass(frozen=True)
class GmlDisputes(_Disputes):
    """Militarized interstate disputes of ordered pairs of states, corrected by Gibler and others.

    The row (A, B) says that A and B were on opposite sides of a dispute in that year and what A
    did in it, after Gibler, Miller and Little checked every dispute of the Correlates of War
    against its sources. Inside 1816–2010 a pair without row had no dispute (``ongoing`` and
    ``onset`` are 0), as in the list that they correct. Codes −9 are missing.

    References
    ----------
    Gibler, D. M., Miller, S. V. and Little, E. K. (2016). An Analysis of the Militarized Interstate
    Dispute (MID) Dataset, 1816-2001. International Studies Quarterly 60(4):719-730.

    Examples
    --------
    >>> GmlDisputes.variables[0].coverage.years[-1]
    2010
    """

    name: ClassVar = "gml_disputes"
    title: ClassVar = "GML Militarized Interstate Disputes, directed dyad-years"
    producer: ClassVar = "Douglas M. Gibler, Steven V. Miller and Erin K. Little"
    version: ClassVar = "2.x (the copy does not say which)"
    homepage: ClassVar = "https://internationalconflict.ua.edu/"
    licence: ClassVar = unseen("GML MID data, citation asked for", homepage)
    citation: ClassVar = Citation(
        "gibler2016",
        "article",
        "Gibler, Douglas M. and Miller, Steven V. and Little, Erin K.",
        "An Analysis of the Militarized Interstate Dispute (MID) Dataset, 1816-2001",
        2016,
        "International Studies Quarterly 60(4):719-730",
        doi="10.1093/isq/sqw045",
    )
    variables: ClassVar = _variables(Coverage(span(1816, 2010)))
    files: ClassVar = (
        File(
            "gml_mid_ddydisps.parquet",
            COPY,
            how="Directed dyad-years made by S. Miller's peacesciencer (gml_mid_ddydisps) from "
            "the directed dispute-years of GML, saved as Parquet.",
        ),
    )
    notes: ClassVar = RULE
    without_facts: ClassVar = "The copy selects dyad-years by a rule for which no total is printed."
    prefix: ClassVar = "gml"


@dataclass(frozen=True)
class GmlDisputeYears(Source):
    """Militarized interstate disputes of ordered pairs of states, one row per dispute and year.

    The publisher's own table of directed dispute-years, in which a pair with two disputes in a year
    has two rows; ``gml_disputes`` has one. The row (dispute, A, B) says what A did in the dispute.
    Codes −9 are missing.

    References
    ----------
    Gibler, D. M., Miller, S. V. and Little, E. K. (2016). An Analysis of the Militarized Interstate
    Dispute (MID) Dataset, 1816-2001. International Studies Quarterly 60(4):719-730.

    Examples
    --------
    >>> GmlDisputeYears.key.columns
    ('dispute', 'state', 'partner', 'year')
    """

    name: ClassVar = "gml_dispute_years"
    title: ClassVar = "GML Militarized Interstate Disputes, directed dispute-years"
    producer: ClassVar = GmlDisputes.producer
    version: ClassVar = "2.0"
    homepage: ClassVar = GmlDisputes.homepage
    licence: ClassVar = GmlDisputes.licence
    citation: ClassVar = GmlDisputes.citation
    key: ClassVar = Key(
        "directed dispute-year", ("dispute", "state", "partner", "year"), system="cow"
    )
    variables: ClassVar = tuple(
        v
        for v in _variables(Coverage(span(1816, 2010)))
        if v.name not in ("dispute", "reciprocated")
    )
    files: ClassVar = (
        File(
            "gml-ddy-disputes-*.csv",
            "directed dispute-years",
            how="In the data archive on the page of the project.",
            seen_real=False,
        ),
    )
    without_facts: ClassVar = "No printed total of version 2.0 was found, and its file is not here."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per dispute, ordered pair and year."""
        return _read(paths[0])


@dataclass(frozen=True)
class CowDisputeParticipants(Source):
    """States that took part in militarized interstate disputes, Correlates of War version 5.

    One row per dispute, state and entry (a state may leave and come back). Days of month −9 are
    not known, so begin and end are given as ISO dates, then to the month only. ``side_a`` is 1 for
    the side that acted first, ``originator`` 1 for those in the dispute from its first day; codes
    −9 are missing.

    References
    ----------
    Palmer, G. et al. (2022). The MID5 Dataset, 2011-2014: Procedures, Coding Rules, and
    Description. Conflict Management and Peace Science 39(4):470-482.

    Examples
    --------
    >>> CowDisputeParticipants.key.columns
    ('dispute', 'state', 'entered')
    """

    name: ClassVar = "cow_dispute_participants"
    title: ClassVar = "COW Militarized Interstate Disputes, participants"
    producer: ClassVar = CowDisputes.producer
    version: ClassVar = CowDisputes.version
    homepage: ClassVar = CowDisputes.homepage
    licence: ClassVar = CowDisputes.licence
    citation: ClassVar = CowDisputes.citation
    key: ClassVar = Key("participant in a dispute", ("dispute", "state", "entered"), system="cow")
    variables: ClassVar = (
        Variable("left", "Last day in the dispute (ISO date)", "text", Coverage(span(1816, 2014))),
        *(
            v
            for v in _variables(Coverage(span(1816, 2014)))
            if v.name in ("side_a", "originator", "hostility", "highest_action", "deaths_level")
        ),
    )
    without_facts: ClassVar = "No printed total of entries was found, and the file is not here."
    files: ClassVar = (
        File(
            "MIDB 5.0.csv",
            "participants",
            how="In the archive MID-5-Data-and-Supporting-Materials.zip on the page of the data.",
            seen_real=False,
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per dispute, state and entry."""
        frame = needs(text(paths[0]), paths[0], "dispnum", "ccode", "styear", "endyear", "hostlev")

        def day(prefix: str) -> pl.Expr:
            parts = [whole(f"{prefix}{part}", -9) for part in ("year", "mon", "day")]
            written = [p.cast(pl.String).str.zfill(2) for p in parts]
            return pl.coalesce(pl.concat_str(written[:k], separator="-") for k in (3, 2, 1))

        return frame.select(
            whole("dispnum").alias("dispute"),
            whole("ccode").alias("state"),
            day("st").alias("entered"),
            day("end").alias("left"),
            whole("sidea").alias("side_a"),
            whole("orig").alias("originator"),
            whole("hostlev", -9).alias("hostility"),
            whole("hiact", -9).alias("highest_action"),
            whole("fatality", -9).alias("deaths_level"),
        )
