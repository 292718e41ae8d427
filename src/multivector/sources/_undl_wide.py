"""Records of the UN Digital Library with one row per resolution and one column per country."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from multivector import states
from multivector.errors import SchemaError
from multivector.store import File

_RECORDS = "Records of the UN Digital Library (https://digitallibrary.un.org), collected"
BY_NAME = File(
    "undl_scrape_1946_2021_wide.csv.gz",
    "undl by name",
    how=f"{_RECORDS} in January 2022, one column per name of country as the record prints it.",
)
BY_CODE = File(
    "votes_2025_undl_wide.csv.gz",
    "undl by code",
    how=f"{_RECORDS} in 2025, votes of 2025, one column per ISO 3166 code.",
)

# Errors of typing in the records themselves, each in a single roll call.
_MISPRINTS = {
    "AY DENMARK": "DENMARK",
    "AY SWEDEN": "SWEDEN",
    "AY UNION OF SOUTH AFRICA": "UNION OF SOUTH AFRICA",
    "Aa UNITED STATES": "UNITED STATES",
    "BOLIVIA (PLUNATIONAL STATE OF)": "BOLIVIA",
    "BOLIVIA (PLURINATIOANL STATE OF)": "BOLIVIA",
    "CHILEs": "CHILE",
    "DEMOCRATIC CAMPUCHEA": "DEMOCRATIC KAMPUCHEA",
    "REPULIC OF MOLDOVA": "REPUBLIC OF MOLDOVA",
    "SERBIAMONTENEGRO": "SERBIA AND MONTENEGRO",
    "TKAZAKHSTAN": "KAZAKHSTAN",
}
_LETTERS = {"Y": 1, "A": 2, "N": 3, "X": 8}
_WORDS = {"YES": 1, "ABSTAIN": 2, "NO": 3}
_BEFORE_NAMES, _BEFORE_CODES = 11, 16
_UNREADABLE = "DONOTKNOW"  # a country that whoever collected the records could not read


def records(path: Path) -> pl.DataFrame:
    """Return the records of the General Assembly that bear a full date, one row each, as text.

    The files hold the Security Council too. A record that gives only a year cannot be placed
    among the others and is left out.
    """
    table = pl.read_csv(path, infer_schema=False).filter(pl.col("Council") == "General Assembly")
    day = pl.col("Date").str.to_date("%Y-%m-%d", strict=False)
    dated = table.with_columns(pl.format("undl:{}", "token").alias("rcid"), day.alias("date"))
    return dated.drop_nulls("date")


def roll_calls(path: Path) -> pl.DataFrame:
    """Return one row per roll call: rcid, date, symbol and title; the records tell no more."""
    return records(path).select(
        "rcid", "date", pl.col("Resolution").alias("symbol"), pl.col("Title").alias("title")
    )


def votes_by_name(path: Path) -> pl.DataFrame:
    """Return votes from columns that are names as printed; an empty cell is no member, no row."""
    table = records(path)
    columns = [c for c in table.columns[_BEFORE_NAMES:-2] if c != _UNREADABLE]
    long = table.unpivot(columns, index=["rcid", "date"], variable_name="printed").drop_nulls()
    name = pl.col("printed").str.strip_chars().replace(_MISPRINTS)
    long = long.with_columns(
        name.alias("name"),
        pl.col("value").replace_strict(_LETTERS, return_dtype=pl.Int8).alias("vote"),
    )
    who = long.select("name", "date").unique()
    found = states.resolve_codes(who["name"], who["date"], "un")
    return long.join(who.with_columns(found.alias("state")), on=["name", "date"])


def votes_by_code(path: Path) -> pl.DataFrame:
    """Return votes from columns that are ISO codes; a member without one did not vote.

    Members without a column are among those that the record counts as not voting.

    Raises
    ------
    SchemaError
        When the members without a vote are not as many as the record counts.
    """
    table = records(path)
    columns = table.columns[_BEFORE_CODES:-2]
    ids = dict(zip(columns, states.resolve_codes(columns, None, "iso3"), strict=True))
    long = table.unpivot(columns, index=["rcid", "date"], variable_name="code").drop_nulls("value")
    cast = long.select(
        "rcid",
        "date",
        pl.col("code").replace_strict(ids).alias("state"),
        pl.col("value").replace_strict(_WORDS, return_dtype=pl.Int8).alias("vote"),
    )
    days = [d for d in table["date"].unique() if isinstance(d, date)]
    seats = [(d, s) for d in days for s in states.members("UN", d)]
    seated = pl.DataFrame(seats, {"date": pl.Date, "state": pl.String}, orient="row")
    everyone = table.select("rcid", "date", "NO-VOTE COUNT").join(seated, on="date")
    silent = everyone.join(cast, on=["rcid", "state"], how="anti").with_columns(
        pl.lit(8, pl.Int8).alias("vote")
    )
    counted = silent.group_by("rcid", "NO-VOTE COUNT").len()
    wrong = counted.filter(pl.col("NO-VOTE COUNT").cast(pl.UInt32) != pl.col("len"))
    if len(wrong):
        raise SchemaError(
            f"In {len(wrong)} records the members without a vote are not as many as counted, "
            f"first {wrong.row(0, named=True)}.",
            remedy="The file lacks votes, or the table of members does not fit its days.",
        )
    return pl.concat([cast, silent.select(cast.columns)])
