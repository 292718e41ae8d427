"""Leaders of states, in spells of office: REIGN (to March 2021) and Archigos 4.1 (to 2015)."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.source import Fact, Source
from multivector.sources._ties import NOT_GIVEN, needs, table, unseen, whole
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span

REIGN_YEARS = Coverage(span(1950, 2020))
ARCHIGOS_YEARS = Coverage(span(1870, 2015))
ARCHIGOS_WEB = "https://www.rochester.edu/college/faculty/hgoemans/data.htm"
REPOSITORY = "https://github.com/OEFDataScience/REIGN.github.io"
REIGN_TERMS = Licence(
    "MIT",
    REPOSITORY,
    redistribute_raw=True,
    quote="The repository is recorded as under the MIT licence, which begins 'Permission is hereby "
    "granted, free of charge, to any person obtaining a copy'; its own file was not seen.",
)
BELL = Citation(
    "bell2016",
    "techreport",
    "Bell, Curtis and Besaw, Clayton and Frank, Matthew",
    "The Rulers, Elections, and Irregular Governance (REIGN) Dataset",
    2021,
    "One Earth Future, Broomfield, CO",
    url=REPOSITORY,
)
_STILL = "Still in Office"


def reign_text(path: Path) -> pl.DataFrame:
    """Read a list of REIGN, every column as text; bytes that are no UTF-8 become marks."""
    raw = path.read_bytes()
    plain = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    return pl.read_csv(
        plain.decode("utf-8-sig", errors="replace").encode(),
        infer_schema=False,
        null_values=[*NOT_GIVEN, " "],
    )


def _two(column: str) -> pl.Expr:
    return whole(column).cast(pl.String).str.zfill(2)


def _year(column: str) -> pl.Expr:
    return whole(column).cast(pl.String)


@dataclass(frozen=True)
class ReignLeaders(Source):
    """Who in fact led each state, and from when to when, after 1949.

    One row per spell of a leader. REIGN lists the person with the greatest power, who need not
    hold the highest office: Russia has Putin from 2000 without a break, China has Deng after 1980.
    ``began`` is an ISO day. REIGN dates ends to the month only, so ``ended`` is year and month; it
    is missing while the leader was in power in March 2021. ``gender`` is 1 for men and 0 for women;
    ``military`` is 1 for a military career, 0.5 where it is doubtful; both are missing where REIGN
    writes −99. ``born`` is a year. States bear COW numbers.

    Examples
    --------
    >>> ReignLeaders.key.columns
    ('state', 'leader', 'began')
    """

    name: ClassVar = "leaders"
    title: ClassVar = "REIGN, leaders"
    producer: ClassVar = "One Earth Future"
    version: ClassVar = "March 2021"
    homepage: ClassVar = "https://oefdatascience.github.io/REIGN.github.io/"
    licence: ClassVar = REIGN_TERMS
    citation: ClassVar = BELL
    key: ClassVar = Key("spell of a leader", ("state", "leader", "began"), system="cow")
    variables: ClassVar = (
        Variable("ended", "Last month in power (ISO)", "text", REIGN_YEARS),
        Variable("born", "Year of birth", "year", REIGN_YEARS),
        Variable("gender", "Gender: 1 man, 0 woman", "flag", REIGN_YEARS, range=(0, 1)),
        Variable("military", "Military career", "flag", REIGN_YEARS, range=(0, 1)),
    )
    files: ClassVar = (
        File(
            "*leaderlist*.csv*",
            "leader list",
            how="https://github.com/OEFDataScience/REIGN.github.io, data_sets/leaderlist_3_21.csv.",
        ),
    )
    without_facts: ClassVar = (
        "Printed totals are of the last release, of August 2021, not of the file of March 2021; "
        "the tests compare spells with Archigos."
    )
    notes: ClassVar = "REIGN ends in March 2021: who was in power then has no end."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per spell."""
        frame = needs(reign_text(paths[0]), paths[0], "ccode", "leader", "sdate", "syear", "eyear")
        began = pl.concat_str(_year("syear"), _two("smonth"), _two("sdate"), separator="-")
        military = pl.col("militarycareer").cast(pl.Float64)
        return frame.select(
            whole("ccode").alias("state"),
            "leader",
            began.alias("began"),
            pl.concat_str(_year("eyear"), _two("emonth"), separator="-").alias("ended"),
            whole("birthyear", -99).alias("born"),
            whole("gender", -99).alias("gender"),
            pl.when(military >= 0).then(military).alias("military"),
        )


@dataclass(frozen=True)
class Archigos(Source):
    """Who led each state from day to day, and how each came to power and lost it, 1870 to 2015.

    One row per spell of a leader (``spell`` is the producer's number). ``began`` and ``ended`` are
    ISO days; ``ended`` is missing where the producer writes 31 December 2015 for a leader "Still
    in Office": that is the end of the record, not of the spell. ``entry`` and ``exit`` are the
    producer's words. States bear Gleditsch–Ward numbers.

    References
    ----------
    Goemans, H. E., Gleditsch, K. S. and Chiozza, G. (2009). Introducing Archigos: A dataset of
    political leaders. Journal of Peace Research 46(2):269-283. doi:10.1177/0022343308100719

    Examples
    --------
    >>> Archigos.key.system
    'gw'
    """

    name: ClassVar = "archigos"
    title: ClassVar = "Archigos, leaders"
    producer: ClassVar = "Goemans, Gleditsch and Chiozza"
    version: ClassVar = "4.1"
    homepage: ClassVar = ARCHIGOS_WEB
    licence: ClassVar = unseen("Archigos, terms not seen", ARCHIGOS_WEB)
    citation: ClassVar = Citation(
        "goemans2009",
        "article",
        "Goemans, Henk E. and Gleditsch, Kristian Skrede and Chiozza, Giacomo",
        "Introducing Archigos: A Dataset of Political Leaders",
        2009,
        "Journal of Peace Research 46(2):269-283",
        doi="10.1177/0022343308100719",
    )
    key: ClassVar = Key("spell of a leader", ("spell",), system="gw")
    variables: ClassVar = (
        Variable("state", "State, Gleditsch-Ward number", "identifier", ARCHIGOS_YEARS),
        Variable("leader", "Leader", "text", ARCHIGOS_YEARS),
        Variable("began", "First day in power (ISO date)", "text", ARCHIGOS_YEARS),
        Variable("ended", "Last day in power (ISO date)", "text", ARCHIGOS_YEARS),
        Variable("born", "Year of birth", "year", ARCHIGOS_YEARS),
        Variable("gender", "Gender: 1 man, 0 woman", "flag", ARCHIGOS_YEARS, range=(0, 1)),
        Variable("entry", "How the leader came to power", "text", ARCHIGOS_YEARS),
        Variable("exit", "How the leader lost power", "text", ARCHIGOS_YEARS),
    )
    files: ClassVar = (
        File(
            "Archigos_4.1*.txt",
            "tab-separated",
            how="Offered on https://www.rochester.edu/college/faculty/hgoemans/data.htm.",
            seen_real=False,
        ),
        File(
            "archigos_4_1.parquet",
            "copy",
            how="The same spells as S. Miller's peacesciencer distributes them (archigos), saved "
            "as Parquet.",
        ),
    )
    facts: ClassVar = (
        Fact(
            "spells",
            3_409,
            "Manual of peacesciencer, archigos: 'A data frame with 3409 observations'",
            lambda f: float(len(f)),
            layouts=("copy",),
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per spell."""
        if layout == "copy":
            frame = table(paths[0])
        else:
            raw = paths[0].read_bytes().decode("utf-8", errors="replace")
            frame = pl.read_csv(
                raw.encode(), separator="\t", infer_schema=False, null_values=list(NOT_GIVEN)
            ).rename({"ccode": "gwcode"})
        frame = needs(frame, paths[0], "obsid", "gwcode", "startdate", "enddate", "exit")
        still = pl.col("exit") == _STILL
        return frame.select(
            pl.col("obsid").alias("spell"),
            whole("gwcode").alias("state"),
            "leader",
            pl.col("startdate").cast(pl.String).alias("began"),
            pl.when(~still).then(pl.col("enddate").cast(pl.String)).alias("ended"),
            whole("yrborn", -999, -777).alias("born"),
            (pl.col("gender") == "M").cast(pl.Int8).alias("gender"),
            "entry",
            "exit",
        )
