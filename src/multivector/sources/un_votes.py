"""Votes of states in the United Nations General Assembly since 1946."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector import states
from multivector.errors import SchemaError
from multivector.origin import Citation, Licence
from multivector.source import Fact, Source
from multivector.sources import _undl_wide as undl_wide
from multivector.store import File
from multivector.variable import STATE_ROLL_CALL, Coverage, Defect, Variable, span

VOTES = ((1, "yes"), (2, "abstain"), (3, "no"), (8, "absent"), (9, "not a member"))
ISSUES = {
    "me": "the Palestinian conflict",
    "nu": "nuclear weapons and nuclear material",
    "di": "arms control and disarmament",
    "hr": "human rights",
    "co": "colonialism",
    "ec": "economic development",
}

CC0_VOETEN = Licence(
    "CC0 1.0",
    "https://creativecommons.org/publicdomain/zero/1.0/",
    redistribute_raw=True,
    quote="Terms page of hdl:1902.1/12379, as reported by users of the data: the data files are "
    "dedicated to the public domain under the CC0 license.",
)
UN_LIBRARY = Licence(
    "UN Digital Library terms of use",
    "https://digitallibrary.un.org/pages/?ln=en&page=tos",
    redistribute_raw=False,
    non_commercial=True,
    quote="Copyright, United Nations; Non commercial use, with attribution.",
)
VOETEN = Citation(
    "voeten2013",
    "incollection",
    "Voeten, Erik",
    "Data and Analyses of Voting in the United Nations General Assembly",
    2013,
    "Routledge Handbook of International Organization, ed. B. Reinalda",
    url="https://hdl.handle.net/1902.1/12379",
)

DATAVERSE = File(
    "UNVotes.csv",
    "dataverse long",
    url="doi:10.7910/DVN/LEJUQZ/UNVotes.csv",
    how="Harvard Dataverse, data set hdl:1902.1/12379 (doi:10.7910/DVN/LEJUQZ), file UNVotes.csv.",
    seen_real=False,
)
UNDL = File(
    "*_ga_*voting.csv",
    "undl",
    how="UN Digital Library, record 4060887 (https://digitallibrary.un.org/record/4060887), the "
    "file whose name begins with a date and ends in _ga_voting.csv.",
    seen_real=False,
)
_RESHAPED = "No official address: a reshaped copy of a release of hdl:1902.1/12379"
ISO3_WIDE = File(
    "votes_jun2024_iso3_wide.csv.gz",
    "iso3 wide",
    how=f"{_RESHAPED} (June 2024), rcid and date by ISO 3166 code, vote codes 1, 2, 3, 8, 9.",
)
NAME_WIDE = File(
    "unvotes_wide.csv.gz",
    "unvotes wide",
    how=f"{_RESHAPED} (February 2021, R package unvotes), rcid by name of country.",
)
COW_WIDE = File(
    "fpsim_votes_cow_wide.csv.gz",
    "cow wide",
    how=f"{_RESHAPED} (June 2024, R package fpsim), resid and date by Correlates of War code.",
)
ROLLCALLS = (
    "unvotes_rollcalls.csv.gz",
    f"{_RESHAPED} (February 2021, R package unvotes), one row per roll call.",
)

_SEATS = (
    (("RUS", "SUN"), date(1946, 1, 1), date(1991, 12, 25), "SUN"),
    (("SRB", "SCG", "YUG"), date(1946, 1, 1), date(1992, 4, 26), "YUG"),
    (("SRB", "SCG", "YUG"), date(1992, 4, 27), date(2006, 6, 4), "SCG"),
    (("SRB", "SCG", "YUG"), date(2006, 6, 5), date.max, "SRB"),
    (("YAR",), date(1990, 5, 22), date.max, "YEM"),
    (("TWN",), date(1946, 1, 1), date(1949, 12, 7), "CHN"),
)
"""Columns that run over a change of state: these ids, from the first to the last day, are one."""

WHOLE = Coverage(span(1946, 2024))
DAYS = (
    "Before 2003 the day in a date is often a counter within the month, not the day of the vote "
    "(resolution 56/59 of 10 December 2001 is dated 3 December); month and year are right."
)

_TO_2021 = (
    "dataverse long",
    "undl",
    "iso3 wide",
    "unvotes wide",
    "cow wide",
    "undl by name",
    "casebook",
)
"""Layouts that hold the roll calls of 2007 to 2014."""


def _tally(frame: pl.DataFrame, day: date, yes: int, no: int, abstain: int) -> float:
    """Count the roll calls of *day* with exactly this result."""
    vote = pl.col("vote")
    totals = (
        frame.filter(pl.col("date") == day)
        .group_by("rcid")
        .agg(
            (vote == 1).sum().alias("y"), (vote == 3).sum().alias("n"), (vote == 2).sum().alias("a")
        )
    )
    return float(
        totals.filter(pl.col("y") == yes, pl.col("n") == no, pl.col("a") == abstain).height
    )


def _margin(frame: pl.DataFrame) -> float:
    """Return yes less no votes."""
    return float(frame.select((pl.col("vote") == 1).sum() - (pl.col("vote") == 3).sum()).item())


@dataclass(frozen=True)
class UNVotes(Source):
    """Votes of member states in recorded votes of the UN General Assembly.

    One row per state and roll call, with the five codes of Voeten's releases. A roll call is
    keyed by ``rcid`` and ``date``: releases reuse ``rcid`` (411, 427, 449 and 495 occur twice).
    ``rcid`` is Voeten's number as text; where a file lacks it, ``undl:…`` is the record number
    of the UN Digital Library and ``resid:…`` Voeten's second numbering (session and sequence).

    Actors are the states of the day: the column of Russia is ``SUN`` up to 25 December 1991, that
    of Serbia ``YUG`` and then ``SCG``; ``TWN`` is the Republic of China's tenure of the seat of
    China from December 1949 to October 1971. The layout "iso3 wide" has present-day states only,
    so the German Democratic Republic, Czechoslovakia, South Yemen and Yemen before 1991 are
    missing from it, and its early tallies are short of their votes. In "unvotes wide" and
    "cow wide" absent and not a member are both empty, so these cells have no row. The layouts
    "undl by name" and "undl by code" are records of the UN Digital Library with one row per
    resolution; there a member without a vote is absent, and a non-member has no row.

    Examples
    --------
    >>> UNVotes.layouts()[0]
    'dataverse long'
    """

    name: ClassVar[str] = "un_votes"
    title: ClassVar[str] = "United Nations General Assembly Voting Data"
    producer: ClassVar[str] = "Erik Voeten, Anton Strezhnev and Michael Bailey"
    version: ClassVar[str] = "release not stated in the file"
    homepage: ClassVar[str] = "https://doi.org/10.7910/DVN/LEJUQZ"
    licence: ClassVar[Licence] = CC0_VOETEN
    licences: ClassVar[dict[str, Licence]] = dict.fromkeys(
        ("undl", "undl by name", "undl by code"), UN_LIBRARY
    )
    citation: ClassVar[Citation] = VOETEN
    key = STATE_ROLL_CALL
    variables: ClassVar[tuple[Variable, ...]] = (
        Variable(
            "vote",
            "Vote in the General Assembly",
            "category",
            WHOLE,
            codes=VOTES,
            defects=(
                Defect(
                    ("TUR",),
                    (2023, 2024),
                    "Türkiye is coded absent in three quarters of the votes of 2023 and as not a "
                    "member from 19 December 2023: its votes were lost with the change of name.",
                ),
            ),
        ),
    )
    files: ClassVar[tuple[File, ...]] = (
        DATAVERSE,
        UNDL,
        ISO3_WIDE,
        NAME_WIDE,
        File(ROLLCALLS[0], "unvotes wide", how=ROLLCALLS[1]),
        COW_WIDE,
        undl_wide.BY_NAME,
        undl_wide.BY_CODE,
    )
    facts: ClassVar[tuple[Fact, ...]] = (
        Fact(
            "roll calls of 27 March 2014 that were 100 to 11 with 58 abstentions (68/262)",
            1,
            "United Nations press release GA/11493, 27 March 2014",
            lambda frame: _tally(frame, date(2014, 3, 27), 100, 11, 58),
            layouts=_TO_2021,
        ),
        Fact(
            "roll calls of 29 November 2012 that were 138 to 9 with 41 abstentions (67/19)",
            1,
            "United Nations press release GA/11317, 29 November 2012",
            lambda frame: _tally(frame, date(2012, 11, 29), 138, 9, 41),
            layouts=_TO_2021,
        ),
        Fact(
            "roll calls of 13 September 2007 that were 143 to 4 with 11 abstentions (61/295)",
            1,
            "United Nations press release GA/10612, 13 September 2007",
            lambda frame: _tally(frame, date(2007, 9, 13), 143, 4, 11),
            layouts=_TO_2021,
        ),
        Fact(
            "yes less no votes on resolution 3379 (XXX), 72 to 35, roll call 1622",
            72 - 35,
            "Official Records of the General Assembly, A/PV.2400, 10 November 1975",
            lambda frame: _margin(frame.filter(pl.col("rcid") == "1622")),
            layouts=("dataverse long", "unvotes wide"),
        ),
        Fact(
            "roll calls of 24 February 2025 that were 93 to 18 with 65 abstentions (ES-11/7)",
            1,
            "A/RES/ES-11/7, 24 February 2025, and the record of its vote",
            lambda frame: _tally(frame, date(2025, 2, 24), 93, 18, 65),
            layouts=("undl by code",),
        ),
    )
    coverages: ClassVar[dict[str, Coverage]] = {
        "undl": Coverage(span(1946, 2025)),
        "unvotes wide": Coverage(span(1946, 2020)),
        "undl by name": Coverage(span(1946, 2021)),
        "undl by code": Coverage(span(2025, 2025)),
    }
    versions: ClassVar[dict[str, str]] = {
        "undl": "UN Digital Library, record 4060887, version not stated in the file",
        "iso3 wide": "release of June 2024, reshaped by ISO 3166 code",
        "unvotes wide": "release of February 2021, reshaped by name of country",
        "cow wide": "release of June 2024, reshaped by Correlates of War code",
        "undl by name": "UN Digital Library, records of 1946 to 2021 as of January 2022",
        "undl by code": "UN Digital Library, records of 24 February to 18 December 2025",
    }
    notes: ClassVar[str] = (
        f"{DAYS} The votes of the eleventh emergency special session (Ukraine) are not in "
        "Voeten's files. In the layout cow wide, 23 of the 87 votes of session 78 bear the date "
        "of another one. In the layout iso3 wide, 110 votes of Serbia and Montenegro on parts of "
        "texts (2000 to 2005) are coded absent. In the layout undl by name, records "
        "that print only the year of the vote are left out."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and roll call: rcid, date, state and vote."""
        table = _READERS[layout](paths).with_columns(pl.col("vote").cast(pl.Int8))
        return table.select("rcid", "date", "state", "vote").with_columns(_of_the_day())


# votes, by layout --------------------------------------------------------------------------------


def _of_the_day() -> pl.Expr:
    """Return the state whose seat it was on the day of the vote."""
    found = pl.col("state")
    for columns, first, last, state in _SEATS:
        held = pl.col("state").is_in(columns) & pl.col("date").is_between(first, last)
        found = pl.when(held).then(pl.lit(state)).otherwise(found)
    return found.alias("state")


def _resolved(table: pl.DataFrame, columns: dict[str, states.System | None]) -> pl.DataFrame:
    """Add the state: from the first column that tells it, a code of a system or a name (None)."""
    who = table.select("date", *columns).unique()
    found = pl.Series("state", [None] * len(who), dtype=pl.String)
    for column, system in columns.items():
        open_ = pl.select(pl.when(found.is_null()).then(who[column])).to_series()
        got = (
            states.resolve_codes(open_, who["date"], system, unknown="null")
            if system
            else states.resolve_names(open_, who["date"], unknown="null")
        )
        found = found.zip_with(found.is_not_null(), got)
    lost = who.filter(found.is_null()).drop("date").unique()
    if len(lost):
        raise SchemaError(
            f"No state answers to {len(lost)} codes or names of the votes file, first "
            f"{lost.head(5).rows()}.",
            f"Columns tried: {', '.join(columns)}.",
            "Report it with the release of the file, so that the state table learns them.",
        )
    return table.join(
        who.with_columns(found.alias("state")),
        on=["date", *columns],
        nulls_equal=True,
        maintain_order="left",
    )


def text(path: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Read a CSV file as text, with empty cells and R's NA as null."""
    return pl.read_csv(path, columns=columns, infer_schema=False, null_values=["", "NA"])


def number(column: str) -> pl.Expr:
    """Read whole numbers, also those that R wrote as 2.0."""
    return pl.col(column).cast(pl.Float64).cast(pl.Int64)


def iso_day(column: str = "date") -> pl.Expr:
    """Read dates written as 2014-03-27, with or without a time."""
    return pl.col(column).str.slice(0, 10).str.to_date("%Y-%m-%d")


def _dataverse(paths: Sequence[Path]) -> pl.DataFrame:
    table = text(paths[0], ["rcid", "ccode", "vote", "Country", "Countryname", "date"])
    table = table.select(
        number("rcid").cast(pl.String),
        iso_day(),
        number("ccode").alias("cow"),
        pl.col("Country", "Countryname"),
        number("vote"),
    )
    return _resolved(table, {"cow": "cow", "Country": None, "Countryname": None}).unique()


def undl_text(path: Path) -> pl.DataFrame:
    """Read the Digital Library's file, with the column names of 2025 for those of 2024."""
    first = {"ms_codes": "ms_code", "ms_names": "ms_name", "ms_votes": "ms_vote"}
    first |= {"resolutions": "resolution", "agenda_titles": "agenda_title"}
    table = text(path).rename(first, strict=False)
    return table.with_columns(pl.format("undl:{}", number("undl_id")).alias("rcid"), iso_day())


def _undl(paths: Sequence[Path]) -> pl.DataFrame:
    codes = {"Y": 1, "A": 2, "N": 3, "X": 8, "NV": 8, None: 8}
    table = undl_text(paths[0]).with_columns(
        pl.col("ms_vote").replace_strict(codes, return_dtype=pl.Int8).alias("vote")
    )
    return _resolved(table, {"ms_code": "iso3", "ms_name": "un"})


def _iso3_wide(paths: Sequence[Path]) -> pl.DataFrame:
    wide = pl.read_csv(paths[0], infer_schema_length=None, try_parse_dates=True)
    columns = [c for c in wide.columns if c not in ("rcid", "date", *ISSUES)]
    ids = states.resolve_codes(columns, None, "iso3")
    wide = wide.rename(dict(zip(columns, ids, strict=True))).with_columns(
        pl.col("rcid").cast(pl.String)
    )
    long = wide.unpivot(ids.to_list(), index=["rcid", "date"], variable_name="state")
    seated = (pl.col("state") == "CHN") & (pl.col("date") < date(1949, 12, 8))
    return long.rename({"value": "vote"}).filter(~seated)


def _name_wide(paths: Sequence[Path]) -> pl.DataFrame:
    wide = pl.read_csv(paths[0], infer_schema_length=None)
    ids = states.resolve_names(wide.columns[1:])
    days = pl.read_csv(paths[1], columns=["rcid", "date"], try_parse_dates=True)
    parts = wide.unpivot(index="rcid", variable_name="name", value_name="vote").drop_nulls("vote")
    names = pl.DataFrame({"name": wide.columns[1:], "state": ids})
    long = parts.join(names, on="name").join(days, on="rcid")
    return long.with_columns(pl.col("rcid").cast(pl.String))


def _cow_wide(paths: Sequence[Path]) -> pl.DataFrame:
    wide = pl.read_csv(paths[0], infer_schema_length=None, try_parse_dates=True).drop("year")
    long = wide.unpivot(index=["resid", "date"], variable_name="cow", value_name="vote")
    long = _resolved(long.drop_nulls("vote"), {"cow": "cow"})
    return long.with_columns(pl.format("resid:{}", "resid").alias("rcid"))


_READERS: dict[str, Callable[[Sequence[Path]], pl.DataFrame]] = {
    "dataverse long": _dataverse,
    "undl": _undl,
    "iso3 wide": _iso3_wide,
    "unvotes wide": _name_wide,
    "cow wide": _cow_wide,
    "undl by name": lambda paths: undl_wide.votes_by_name(paths[0]),
    "undl by code": lambda paths: undl_wide.votes_by_code(paths[0]),
}
