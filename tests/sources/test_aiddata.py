"""AidData: records that count, sums by recipient and year, the copy of totals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from multivector.errors import SchemaError
from multivector.sources.aiddata import RECORDS, TOTALS, AidData, AidDataTotals

HEAD = [
    "AidData Record ID",
    "Recommended For Aggregates",
    "Recipient",
    "Recipient ISO-3",
    "Commitment Year",
    "Adjusted Amount (Constant USD 2021)",
]
ROWS: list[list[Any]] = [
    [1, "Yes", "Kazakhstan", "KAZ", 2009, 5_000_000_000.0],
    [2, "Yes", "Kazakhstan", "KAZ", 2009, 250.5],
    [3, "No", "Kazakhstan", "KAZ", 2009, 1e12],
    [4, "Yes", "Kazakhstan", "KAZ", 2010, None],
    [5, "Yes", "Africa, regional", None, 2010, 7.0],
    [6, "Yes", "Angola", "AGO", 2010, 3.0],
]


def workbook(folder: Path, head: list[str]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "GCDF_3.0"
    for row in (head, *ROWS):
        sheet.append(row)
    path = folder / "AidDatasGlobalChineseDevelopmentFinanceDataset_v3.0.xlsx"
    book.save(path)
    return path


def test_records_recommended_for_aggregates_are_summed(tmp_path: Path) -> None:
    """Columns as in the workbook GCDF_3.0; AidData recommends the filter on aggregates."""
    table = AidData().read(RECORDS, [workbook(tmp_path, HEAD)])
    assert set(table.rows()) == {("KAZ", 2009, 5_000_000_250.5), ("AGO", 2010, 3.0)}


def test_other_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="no column Recipient ISO-3"):
        AidData().read(RECORDS, [workbook(tmp_path, [*HEAD[:3], "ISO", *HEAD[4:]])])


def test_copy_of_totals(real_data: Path) -> None:
    path = real_data / "economy/aiddata_gcdf_country_commitments.csv"
    table = AidDataTotals().read(TOTALS, [path])
    row = table.filter(pl.col("state") == "KAZ").row(0, named=True)
    assert row["chinese_commitments_usd2021bn"] == pytest.approx(64.146158, abs=1e-6)
    assert table["chinese_interest_percent"].null_count() == 22  # no rate known, not zero
    assert table["state"].n_unique() == len(table) == 145
