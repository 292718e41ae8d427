"""SIPRI register of transfers of major conventional arms, from an export that the user feeds."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.errors import SchemaError
from multivector.origin import Citation, Licence
from multivector.source import Source
from multivector.states import resolve_names
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span

DELIVERIES, ORDERS = "deliveries export", "orders export"
HEADER = ("Recipient", "Supplier", "Year of order")
WIDTH = 16
COVERAGE = Coverage(span(1950, 2024))
SPELLINGS = {
    "Congo": "COG",
    "East Germany (GDR)": "DDR",
    "Yemen Arab Republic (North Yemen)": "YAR",
}
"""Names of SIPRI that the state table does not know, or that mean two states there."""
STATUS = ((1, "new"), (2, "second hand"), (3, "second hand, modernized"))
_STATUS = {"New": 1, "Second hand": 2, "Second hand but modernized": 3}
SIPRI_TERMS = Licence(
    "SIPRI terms: non-commercial, attribution, less than 10 per cent of a data set",
    "https://www.sipri.org/about/terms-and-conditions",
    redistribute_raw=False,
    non_commercial=True,
    quote="'Fair use' of SIPRI content is defined as the excerption of SIPRI copyrighted material "
    "for such purposes as criticism, comment, news reporting, teaching, scholarship, or research "
    "in which the use is for non-commercial purposes [and] the reproduction of less than 10 per "
    "cent of a published data set. Both the above conditions must apply to count as fair use.",
)


@dataclass(frozen=True)
class SipriRegister(Source):
    """Orders of major conventional arms and what was delivered, as SIPRI's trade register lists.

    One row per line of the register, numbered in its order. ``tiv_delivered_million`` is SIPRI's
    trend-indicator value of what was delivered: the military worth of the goods in millions of
    TIV, not their price, and never to be added to trade in money. A line may have been delivered
    over several years (``delivery_years``, separated by blanks); the register does not say how
    much came in which, so whoever needs years must choose a rule (see ``arms_import_share``).

    ``recipient`` and ``supplier`` are our ids; rebel groups, organisations and unknown parties
    keep SIPRI's name. ``uncertain`` flags carry SIPRI's question marks. A pair without a line has
    no identified transfer, which SIPRI does not call zero. An export may be limited by the query
    that made it; only one of all countries is read as complete.

    References
    ----------
    SIPRI Arms Transfers Database, https://www.sipri.org/databases/armstransfers.

    Examples
    --------
    >>> SipriRegister.variables[-1].unit
    'million TIV'
    """

    name: ClassVar = "sipri_register"
    title: ClassVar = "SIPRI Arms Transfers Database, trade register"
    producer: ClassVar = "Stockholm International Peace Research Institute (SIPRI)"
    version: ClassVar = "export of 29 March 2025 (to 2024)"
    versions: ClassVar = {ORDERS: "export of 18 March 2024 (to 2023), with undelivered orders"}
    homepage: ClassVar = "https://www.sipri.org/databases/armstransfers"
    licence: ClassVar = SIPRI_TERMS
    citation: ClassVar = Citation(
        "sipri_arms",
        "misc",
        "{Stockholm International Peace Research Institute}",
        "SIPRI Arms Transfers Database",
        2025,
        "Stockholm",
        url="https://www.sipri.org/databases/armstransfers",
    )
    key: ClassVar = Key("line of the arms register", ("line",))
    coverages: ClassVar = {ORDERS: Coverage(span(1950, 2023))}
    variables: ClassVar = (
        Variable("recipient", "Recipient", "text", COVERAGE),
        Variable("supplier", "Supplier", "text", COVERAGE),
        Variable("ordered_year", "Year of order", "year", COVERAGE),
        Variable(
            "ordered_year_uncertain", "Year of order uncertain", "flag", COVERAGE, range=(0, 1)
        ),
        Variable("ordered", "Number ordered", "items", COVERAGE, range=(0, None)),
        Variable("weapon", "Designation", "text", COVERAGE),
        Variable("description", "Kind of weapon", "text", COVERAGE),
        Variable("delivered", "Number delivered", "items", COVERAGE, range=(0, None)),
        Variable(
            "delivered_uncertain", "Number delivered uncertain", "flag", COVERAGE, range=(0, 1)
        ),
        Variable("delivery_years", "Years of delivery", "text", COVERAGE),
        Variable("status", "New or second hand", "category", COVERAGE, codes=STATUS),
        Variable("tiv_unit_million", "TIV of one item", "million TIV", COVERAGE, range=(0, None)),
        Variable("tiv_order_million", "TIV of the order", "million TIV", COVERAGE, range=(0, None)),
        Variable(
            "tiv_delivered_million",
            "TIV of what was delivered",
            "million TIV",
            COVERAGE,
            range=(0, None),
        ),
    )
    files: ClassVar = (
        File(
            "sipri_trade_register_1950_20*.csv*",
            DELIVERIES,
            how="Export the trade register of all suppliers to all recipients, deliveries "
            "1950 to the last year, as CSV from https://armstransfers.sipri.org/, and name it "
            "sipri_trade_register_1950_YYYY.csv.",
        ),
        File(
            "sipri_trade_register_all_orders_*.csv*",
            ORDERS,
            how="Export the trade register with orders that have no deliveries, as CSV, from "
            "https://armstransfers.sipri.org/, and name it sipri_trade_register_all_orders_DATE."
            "csv.",
        ),
    )
    notes: ClassVar = (
        "TIV measures the volume of major arms, not money. SIPRI does not weight the "
        "delivery years of a line."
    )
    without_facts: ClassVar = (
        "SIPRI revises every export, so a printed figure holds for one of them only; a test "
        "compares the register with SIPRI's own table of the same day."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per line of the register."""
        rows = list(_lines(paths[0]))
        columns = list(zip(*rows, strict=True)) if rows else [()] * WIDTH
        frame = pl.DataFrame(
            {f"c{k}": pl.Series(values, dtype=pl.String) for k, values in enumerate(columns)}
        ).with_columns(pl.all().str.strip_chars())
        frame = frame.with_columns(pl.all().replace("", None))

        def number(k: int) -> pl.Expr:
            return pl.col(f"c{k}").cast(pl.Float64)

        def doubt(k: int) -> pl.Expr:
            return (pl.col(f"c{k}") == "?").fill_null(value=False).cast(pl.Int8)

        return frame.with_row_index("line", offset=1).select(
            pl.col("line").cast(pl.Int64),
            _parties(frame["c0"]).alias("recipient"),
            _parties(frame["c1"]).alias("supplier"),
            number(2).cast(pl.Int64).alias("ordered_year"),
            doubt(3).alias("ordered_year_uncertain"),
            number(4).alias("ordered"),
            pl.col("c6").alias("weapon"),
            pl.col("c7").alias("description"),
            number(8).alias("delivered"),
            doubt(9).alias("delivered_uncertain"),
            pl.col("c10").str.replace_all(r"\s*;\s*", " ").alias("delivery_years"),
            pl.col("c11").replace_strict(_STATUS).cast(pl.Int8).alias("status"),
            number(13).alias("tiv_unit_million"),
            number(14).alias("tiv_order_million"),
            number(15).alias("tiv_delivered_million"),
        )


def _lines(path: Path) -> Iterator[list[str]]:
    """Yield the register's lines after the title; a line broken inside a comment is mended."""
    raw = path.read_bytes()
    if raw[:2] == b"\x1f\x8b":
        raw = gzip.decompress(raw)
    try:
        plain = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        plain = raw.decode("cp1252")
    rows = csv.reader(io.StringIO(plain, newline=""))
    title: list[str] = []
    for row in rows:
        if tuple(row[:3]) == HEADER:
            break
        title += row
    else:
        raise SchemaError(
            f"{path.name} has no line that begins with {', '.join(HEADER)}.",
            "An export of SIPRI's register has it after about eleven lines of title.",
            "Export the register as CSV and drop it in unchanged.",
        )
    if "All countries  to All countries" not in " ".join(title):
        raise SchemaError(
            f"{path.name} was not exported for all suppliers and recipients: {title[0]!r}.",
            "Shares need every supplier.",
            "Export the register of all countries to all countries.",
        )
    part: list[str] = []
    for row in rows:
        if not row:
            continue
        part = [*part[:-1], f"{part[-1]} {row[0]}".strip(), *row[1:]] if part else row
        if len(part) > WIDTH:
            raise SchemaError(f"{path.name} has a line of {len(part)} fields: {part[:6]}.")
        if len(part) == WIDTH:
            yield part
            part = []
    if part:
        raise SchemaError(f"{path.name} ends inside a line: {part[:6]}.")


def _parties(names: pl.Series) -> pl.Series:
    """Return ids of states; what is no state keeps SIPRI's name."""
    unique = names.unique()
    ids = resolve_names(unique.replace(SPELLINGS), unknown="null")
    found = dict(zip(unique, ids, strict=True))
    return names.replace_strict({n: SPELLINGS.get(n) or i or n for n, i in found.items()})
