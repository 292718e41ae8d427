"""Workbooks of the IMF's Direction of Trade Statistics: the names and cells of one reporter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from multivector.errors import SchemaError
from multivector.sources._reported import Areas, sheet_rows, wide_years

SHEETS = {"exports": "Exports, FOB", "imports": "Imports, CIF"}
_VALUES = {"exports": "exports_fob_musd", "imports": "imports_cif_musd"}
NAMES = Areas(
    {
        "China, P.R.: Hong Kong": "HKG",
        "China, P.R.: Macao": "MAC",
        "China, P.R.: Mainland": "CHN",
        "Congo, Dem. Rep. of the": "COD",
        "Congo, Rep. of": "COG",
        "Czech Rep.": "CZE",
        "Eastern Germany": "DDR",
        "Korea, Dem. People's Rep. of": "PRK",
        "Korea, Rep. of": "KOR",
        "Lao People's Dem. Rep.": "LAO",
        "Slovak Rep.": "SVK",
        "Syrian Arab Rep.": "SYR",
        "Yemen Arab Rep.": "YAR",
        "Yemen, People's Dem. Rep. of": "YMD",
        "Yemen, Rep. of": "YEM",
        "Belgium-Luxembourg": "BLX",
        "South African Common Customs Area (SACCA)": "ZA1",
        "Malaysia, West": "_MYSW",
        "Countries & Areas not specified": "_NS",
        "Africa not specified": "_NS_AFR",
        "Asia not specified": "_NS_ASIA",
        "Europe not specified": "_NS_EUR",
        "Middle East and Central Asia not specified": "_NS_MECA",
        "Western Hemisphere not specified": "_NS_WH",
        "Other Countries not included elsewhere": "_OTH",
        "Special Categories": "_SPEC",
    },
    frozenset(
        {
            "World",
            "Advanced Economies",
            "Africa",
            "Emerging and Developing Asia",
            "Emerging and Developing Economies",
            "Emerging and Developing Europe",
            "Euro Area",
            "European Union",
            "Middle East",
            "Middle East and Central Asia",
            "Sub-Saharan Africa",
            "Western Hemisphere",
        }
    ),
    sums_like="^Emerging Market and Developing Economies by Source",
)
"""Partners as the workbooks name them: areas get the codes of the all-dyad file."""


def workbook(path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read both sheets of a reporter's workbook; return its flows and its totals."""
    flows: list[pl.DataFrame] = []
    for flow, sheet in SHEETS.items():
        rows = sheet_rows(path, sheet)
        reporter = str(rows[3][1])
        if str(rows[4][1]) != "US Dollars, Millions":
            raise SchemaError(
                f"{path.name}, {sheet}: the unit is {rows[4][1]!r}.",
                "Workbooks give 'US Dollars, Millions' in row 5.",
                "Put the workbook as the IMF sent it.",
            )
        years = wide_years(rows, 6)
        body = [row for row in rows[7:] if row[1] is not None]
        cells = [
            (str(row[1]).strip(), year, *_cell(row[at], path.name))
            for row in _once(body, path.name, sheet)
            for year, at in years.items()
            if row[at] is not None
        ]
        flows.append(
            pl.DataFrame(
                cells,
                schema={
                    "label": pl.String,
                    "year": pl.Int32,
                    _VALUES[flow]: pl.Float64,
                    f"{flow}_estimated": pl.Int8,
                },
                orient="row",
            ).with_columns(reporter=pl.lit(reporter))
        )
    table = flows[0].join(flows[1], on=["reporter", "label", "year"], how="full", coalesce=True)
    (state,) = ids_of(table["reporter"].unique())
    if state is None:
        raise SchemaError(
            f"{path.name} is the workbook of {table['reporter'][0]}, a sum over several reporters.",
            remedy="Put the workbook of a state.",
        )
    table = table.with_columns(state=pl.lit(state))
    world = table.filter(pl.col("label") == "World")
    return table.with_columns(partner=ids_of(table["label"])).drop_nulls("partner"), world


def ids_of(names: pl.Series) -> pl.Series:
    """Return ids, with the form of the state cut off: 'Kazakhstan, Rep. of' is Kazakhstan."""
    form = r", (.*\b(Rep|Republic|Kingdom|State|Union)\b.*)$"
    plain = pl.when(pl.col("name").is_in([*NAMES.spellings])).then("name")
    short = pl.col("name").str.replace(form, "")
    return NAMES.names(pl.DataFrame({"name": names}).select(plain.otherwise(short)).to_series())


def _once(rows: Sequence[tuple[Any, ...]], name: str, sheet: str) -> list[tuple[Any, ...]]:
    """Leave out rows that repeat another cell by cell, as Australia's does in every workbook."""
    unique = list(dict.fromkeys(rows))
    labels = [row[1] for row in unique]
    twice = sorted({str(x) for x in labels if labels.count(x) > 1})
    if twice:
        raise SchemaError(
            f"{name}, {sheet}: two rows of {', '.join(twice)} with other figures.",
            remedy="Put the workbook as the IMF sent it.",
        )
    return unique


def _cell(cell: Any, name: str) -> tuple[float, int]:
    """Return value and mark of a cell: 12.3 → (12.3, 0); '0.02 e' → (0.02, 1)."""
    if isinstance(cell, int | float):
        return float(cell), 0
    text = re.fullmatch(r"(-?[\d,]*\.?\d+) e", str(cell).strip())
    if text is None:
        raise SchemaError(
            f"{name} has a cell {cell!r}.", "A cell is a number, '0.02 e' (an estimate) or empty."
        )
    return float(text[1].replace(",", "")), 1
