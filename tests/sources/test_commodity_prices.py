"""Pink Sheet: headings found wherever they stand, units kept, dots are missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from multivector.errors import SchemaError
from multivector.sources.commodity_prices import BOOK, SHEET, CommodityPrices

BODY: list[list[Any]] = [
    [None, "Crude oil, average", "Crude oil, Brent", "Natural gas, Europe **", "Copper"],
    [None, "($/bbl)", "($/bbl)", "($/mmbtu)", "($/mt)"],
    [1960, 1.63, 1.63, "…", 678.5],
    ["2023", 80.5, 82.5, 13.25, None],
]


def workbook(folder: Path, above: int, sheet: str = SHEET, skip: int = 0) -> Path:
    """Write the layout of CMO-Historical-Data-Annual.xlsx (World Bank, Pink Sheet)."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = sheet
    for row in ([["World Bank Commodity Price Data (The Pink Sheet)"]] * above) + BODY[skip:]:
        page.append(row)
    path = folder / "CMO-Historical-Data-Annual.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("above", [4, 6])
def test_prices_with_their_units(tmp_path: Path, above: int) -> None:
    table = CommodityPrices().read(BOOK, [workbook(tmp_path, above)])
    assert set(table.select("commodity", "year", "price_usd", "unit").rows()) == {
        ("Crude oil, average", 1960, 1.63, "$/bbl"),
        ("Crude oil, Brent", 1960, 1.63, "$/bbl"),
        ("Copper", 1960, 678.5, "$/mt"),
        ("Crude oil, average", 2023, 80.5, "$/bbl"),
        ("Crude oil, Brent", 2023, 82.5, "$/bbl"),
        ("Natural gas, Europe", 2023, 13.25, "$/mmbtu"),
    }


def test_other_workbooks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="no sheet"):
        CommodityPrices().read(BOOK, [workbook(tmp_path, 4, sheet="Monthly Prices")])
    with pytest.raises(SchemaError, match="no heading 'Crude oil, average'"):
        CommodityPrices().read(BOOK, [workbook(tmp_path, 4, skip=1)])
