"""World Bank commodity prices ("Pink Sheet"): annual prices in nominal US dollars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from multivector.errors import SchemaError
from multivector.origin import Citation
from multivector.source import Source
from multivector.sources._reported import sheet_rows
from multivector.sources.world_bank import LICENCE
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span

BOOK = "annual workbook"
SHEET = "Annual Prices (Nominal)"
ANCHOR = "Crude oil, average"
"""The commodity by which the row of headings is found; its place differs between releases."""


@dataclass(frozen=True)
class CommodityPrices(Source):
    """Annual average price of each commodity, in nominal US dollars.

    ``price_usd`` is the mean price of ``commodity`` (by the World Bank's name, such as "Crude oil,
    Brent") in ``year``, > 0, in current US dollars for the quantity that ``unit`` names ("$/bbl",
    "$/mt" …). "…" and blanks are missing.

    References
    ----------
    World Bank. Commodity Price Data (The Pink Sheet), Commodity Markets Outlook.

    Examples
    --------
    >>> CommodityPrices.key.columns
    ('commodity', 'year')
    """

    without_facts: ClassVar = (
        "The layout was read from its documentation only, so there is no file to hold a "
        "published price against."
    )
    name: ClassVar = "commodity_prices"
    title: ClassVar = "World Bank Commodity Price Data (The Pink Sheet), annual"
    producer: ClassVar = "World Bank"
    version: ClassVar = "as released on the day of download"
    homepage: ClassVar = "https://www.worldbank.org/en/research/commodity-markets"
    licence: ClassVar = LICENCE
    citation: ClassVar = Citation(
        "pink_sheet",
        "misc",
        "{World Bank}",
        "World Bank Commodity Price Data (The Pink Sheet)",
        2025,
        "Washington, DC",
        url="https://www.worldbank.org/en/research/commodity-markets",
    )
    key: ClassVar = Key("commodity-year", ("commodity", "year"))
    variables: ClassVar = (
        Variable(
            "price_usd",
            "Price, annual average",
            "current USD per unit",
            Coverage(span(1960, 2025)),
            range=(0, None),
        ),
        Variable("unit", "Quantity that the price is for", "text", Coverage(span(1960, 2025))),
    )
    files: ClassVar = (
        File(
            "CMO-Historical-Data-Annual.xlsx",
            BOOK,
            how="https://www.worldbank.org/en/research/commodity-markets, Annual prices (XLS)",
            seen_real=False,
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return commodity, year, price and unit."""
        rows = sheet_rows(paths[0], SHEET)
        at = next((i for i, row in enumerate(rows) if ANCHOR in map(_text, row)), None)
        if at is None:
            raise SchemaError(
                f"{paths[0].name}, {SHEET}: no heading {ANCHOR!r}.",
                "A row of commodities, below it a row of units such as '($/bbl)', then years.",
                "Put the workbook as the World Bank publishes it.",
            )
        names = [_text(c) for c in rows[at]]
        units = [_text(c).strip("()") for c in rows[at + 1]]
        cells = [
            (names[j], int(_text(row[0])), float(row[j]), units[j])
            for row in rows[at + 2 :]
            if _text(row[0]).isdecimal()
            for j in range(1, len(names))
            if names[j] and isinstance(row[j], int | float)
        ]
        return pl.DataFrame(
            cells,
            schema={
                "commodity": pl.String,
                "year": pl.Int32,
                "price_usd": pl.Float64,
                "unit": pl.String,
            },
            orient="row",
        )


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip().rstrip("*").strip()
