"""What the readers of security and conflict data share: keys in native codes, reading text."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import polars as pl

from multivector.errors import SchemaError, Unavailable
from multivector.origin import Licence
from multivector.variable import DIRECTED_DYAD_YEAR, DYAD_YEAR, STATE_YEAR

COW_STATE_YEAR = replace(STATE_YEAR, system="cow")
GW_STATE_YEAR = replace(STATE_YEAR, system="gw")
COW_DYAD_YEAR = replace(DYAD_YEAR, system="cow")
COW_DIRECTED_DYAD_YEAR = replace(DIRECTED_DYAD_YEAR, system="cow")
NOT_GIVEN = ("", "NA")


def unseen(name: str, url: str) -> Licence:
    """Return terms of which the publisher's sentence was not seen: nothing may be passed on."""
    return Licence(
        name,
        url,
        redistribute_raw=False,
        redistribute_derived=False,
        quote="The publisher's terms were not seen.",
    )


def correlates_of_war(url: str) -> Licence:
    """Return the terms of the Correlates of War: figures may be published, with a citation.

    The sentence is that of the project's record of its disputes, version 3.0
    (doi:10.7910/DVN/IJMGK6); nothing in it permits passing on rows.
    """
    return Licence(
        "Correlates of War, citation asked for",
        url,
        redistribute_raw=False,
        quote="In any papers or publications that utilize this data set, users are asked to give "
        "the version number and cite the article of record for the data set. (Terms of "
        "redistribution not seen.)",
    )


def text(path: Path, *, skip: int = 0) -> pl.DataFrame:
    """Read a CSV file, compressed or not, in UTF-8 or Windows-1252, every column as text."""
    raw = path.read_bytes()
    if raw[:2] == b"\x1f\x8b":
        raw = gzip.decompress(raw)
    try:
        plain = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        plain = raw.decode("cp1252")
    if "\n" not in plain:
        plain = plain.replace("\r", "\n")  # line ends of old Macintosh files
    return pl.read_csv(
        plain.encode(), skip_lines=skip, infer_schema=False, null_values=list(NOT_GIVEN)
    )


def table(path: Path) -> pl.DataFrame:
    """Read a Parquet table as it is, a CSV file as text."""
    return pl.read_parquet(path) if path.suffix == ".parquet" else text(path)


def whole(column: str, *missing: int) -> pl.Expr:
    """Read whole numbers, also those written as 2.0; codes of *missing* values become null."""
    value = pl.col(column).cast(pl.Float64).cast(pl.Int64)
    return pl.when(~value.is_in(missing)).then(value).alias(column) if missing else value


def needs(frame: pl.DataFrame, path: Path, *columns: str) -> pl.DataFrame:
    """Return *frame* if it has all *columns*, else say which are missing."""
    lost = [c for c in columns if c not in frame.columns]
    if lost:
        raise SchemaError(
            f"{path.name} has no column {', '.join(lost)}.",
            f"It has {', '.join(frame.columns[:12])} …",
            "Drop in the file as its publisher offers it.",
        )
    return frame


def no_excel(path: Path, package: str) -> Unavailable:
    """Return the error for a spreadsheet when the package that reads it is not installed."""
    return Unavailable(
        f"{path.name} is a spreadsheet, and {package} is not installed.",
        "Spreadsheets are read through an optional part of multivector.",
        'Install it: pip install "multivector[excel]".',
    )
