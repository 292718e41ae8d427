"""What sources of trade and investment share: reporters, months, units, workbooks, own tables."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from multivector.errors import SchemaError, Unavailable
from multivector.origin import Licence
from multivector.panel import Panel
from multivector.source import Found, Source
from multivector.states import resolve_codes, resolve_names
from multivector.variable import Coverage, Defect, Key

REPORTED_DYAD_MONTH = Key("reporter-partner-month", ("state", "partner", "date"))
"""As ``REPORTED_DYAD_YEAR``, by month; ``date`` is the first day of the month."""
NOT_SPECIFIED = "QW"
"""Partners that a reporter does not name, by their code in Eurostat's Geonomenclature."""

IMF_LICENCE = Licence(
    "IMF special terms for data",
    "https://www.imf.org/external/terms.htm",
    redistribute_raw=True,
    quote="Users may download, extract, copy, create derivative works, publish, distribute and "
    "sell Data obtained from IMF Sites, subject to the following conditions (attribution to the "
    "IMF, accuracy, the terms made known; the terms of 2020, the current ones were not seen)",
)
CUSTOMS_UNION = Defect(
    ("KAZ", "RUS"),
    (2010,),
    "Half of Kazakhstan's trade with Russia in 2010 is not in its report: the customs union ended "
    "customs declarations at mid-year (imports 5.1 bn USD, Russia reports exports of 10.2 bn; "
    "exports 2.7 bn, Russia reports imports of 6.2 bn). Russia's report is whole.",
    directed=True,
)


class Covering(Source):
    """A source whose files hold other years and reporters each time; what is there is covered."""

    def load(self, found: Found) -> Panel:
        """Read *found* and declare the years, and the reporters if few, that it holds."""
        panel = super().load(found)
        if found.extract is not None or found.layout in self.coverages:
            return panel
        who = tuple(panel.frame["state"].unique().sort())
        few = len(who) <= 60
        cover = Coverage(panel.years, who if few else None, "either" if few else "both")
        return replace(
            panel,
            variables=tuple(replace(v, coverage=cover) for v in panel.variables),
            trusted=True,
        )


@dataclass(frozen=True)
class Areas:
    """How a publisher's partners become ours.

    ``spellings`` gives the id of names and codes that the state table does not know, among them
    areas that are no states and keep a code, so that sums over partners lose nothing. ``sums``
    are partners that stand for several others and are left out. Both may also be told by a
    regular expression: ``kept`` (codes that stay as they are) and ``sums_like``.
    """

    spellings: Mapping[str, str]
    sums: frozenset[str] = frozenset()
    kept: str = "^$"
    sums_like: str = "^$"

    def codes(self, codes: pl.Series, years: pl.Series | None) -> pl.Series:
        """Return ids for ISO alpha-3 codes and areas; null for sums."""
        return self._resolved(codes, years, by="iso3")

    def names(self, names: pl.Series, years: pl.Series | None = None) -> pl.Series:
        """Return ids for names and areas; null for sums."""
        return self._resolved(names, years, by="")

    def _resolved(self, given: pl.Series, years: pl.Series | None, by: str) -> pl.Series:
        pairs = pl.DataFrame({"what": given, "year": years if years is not None else None})
        unique = pairs.unique(maintain_order=True)
        what = pl.col("what")
        areas = what.str.contains(self.kept) & ~what.is_in([*self.spellings])
        several = what.is_in([*self.sums]) | what.str.contains(self.sums_like)
        special = what.is_in([*self.spellings]) | several | areas
        plain = unique.filter(~special)
        when = None if years is None else plain["year"]
        ids = (
            resolve_codes(plain["what"], when, "iso3") if by else resolve_names(plain["what"], when)
        )
        known = pl.concat(
            [
                plain.with_columns(ids.alias("id")),
                unique.filter(special).with_columns(
                    id=pl.when(areas)
                    .then(what)
                    .otherwise(
                        what.replace_strict(
                            dict(self.spellings), default=None, return_dtype=pl.String
                        )
                    )
                ),
            ]
        )
        joined = pairs.join(
            known, on=["what", "year"], how="left", maintain_order="left", nulls_equal=True
        )
        return joined["id"].alias(given.name)


def columns_of(table: pl.DataFrame, needed: Sequence[str], name: str, layout: str) -> None:
    """Raise one ``SchemaError`` that names every column that *table* lacks."""
    lost = [c for c in needed if c not in table.columns]
    if lost:
        raise SchemaError(
            f"{name} has no column {', '.join(lost)}; it has {', '.join(table.columns[:8])} …",
            f"The layout {layout!r} has {', '.join(needed)}.",
            "Put the file as the publisher sends it.",
        )


def refuse_duplicates(table: pl.DataFrame, key: Sequence[str], name: str) -> None:
    """Raise if two rows of a file, after its codes were read, speak of the same cell."""
    twice = table.filter(pl.struct(key).is_duplicated())
    if len(twice):
        raise SchemaError(
            f"{name} has {len(twice)} rows that repeat a cell, first {twice.row(0, named=True)}.",
            remedy="Drop the repeated rows, or tell which of them is meant.",
        )


def check_magnitude(largest: float | None, unit: str, name: str) -> None:
    """Raise if the largest flow of a file cannot be in the declared unit.

    No state trades 10 million million USD in a year, and hardly any that reports trades less than
    10 million USD: the largest flow of a file in USD is above 10 million, in million USD below.
    """
    if largest is None or largest == 0:
        return
    if (largest < 1e7) == (unit == "USD"):
        other = "million USD" if unit == "USD" else "USD"
        raise SchemaError(
            f"The largest flow of {name} is {largest:,.0f} and cannot be in {unit}.",
            f"The figures look like {other}.",
            "Put the file as the publisher sends it, or rename it after the layout that it has.",
        )


def in_millions(table: pl.DataFrame) -> pl.DataFrame:
    """Return the column ``value`` in millions; numpy divides exactly, where polars multiplies."""
    return table.with_columns(pl.Series("value", table["value"].to_numpy() / 1e6, pl.Float64))


def sheet_rows(path: Path, sheet: str | int = 0) -> list[tuple[Any, ...]]:
    """Return the cells of one sheet of an xlsx workbook, formulas by their stored result.

    Raises
    ------
    Unavailable
        When the extra ``excel`` is not installed.
    """
    openpyxl = _extra("openpyxl")
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        if isinstance(sheet, str) and sheet not in book.sheetnames:
            raise SchemaError(
                f"{path.name} has no sheet {sheet!r}.", f"It has {', '.join(book.sheetnames)}."
            )
        page = book[sheet] if isinstance(sheet, str) else book.worksheets[sheet]
        return list(page.iter_rows(values_only=True))
    finally:
        book.close()


def old_sheet(content: bytes) -> Any:
    """Return the first sheet of an xls workbook (Excel 97), read by xlrd."""
    return _extra("xlrd").open_workbook(file_contents=content).sheet_by_index(0)


def _extra(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise Unavailable(
            f"This workbook cannot be read without {module}.",
            remedy="Install it: pip install 'multivector[excel]'.",
        ) from error


def wide_years(rows: Sequence[tuple[Any, ...]], at: int) -> dict[int, int]:
    """Return column by year, from a heading row such as ``(…, 1994, '1995', '2023 1', None)``."""
    years = {i: str(c).split()[0] for i, c in enumerate(rows[at]) if c is not None}
    return {int(text): i for i, text in years.items() if text.isdecimal() and len(text) == 4}
