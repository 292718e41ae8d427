"""DOTS: marks of estimates, figures made from the partner's, areas, workbooks, the whole file."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from multivector.errors import SchemaError
from multivector.settings import Settings
from multivector.sources._dots_workbook import NAMES, ids_of
from multivector.sources.imf_dots import ALL, BOOK, ImfDots, ImfDotsTotals

HERE = Path(__file__).parent / "data" / "imf_dots" / "imf_dots_annual_1960_2020.csv"
REAL = "economy/imf_dots_annual_1960_2020.csv.gz"
BOOKS = "economy/imf_dots_xlsx"


@pytest.fixture(scope="module")
def mini() -> pl.DataFrame:
    return ImfDots().read(ALL, [HERE])


def cell(table: pl.DataFrame, state: str, partner: str, year: int, column: str) -> Any:
    row = table.filter(
        pl.col("state") == state, pl.col("partner") == partner, pl.col("year") == year
    )
    return row[column].item()


def test_reporter_and_mirror_are_different_rows(mini: pl.DataFrame) -> None:
    assert cell(mini, "KAZ", "RUS", 2011, "imports_cif_musd") == 16269.1
    assert cell(mini, "RUS", "KAZ", 2011, "exports_fob_musd") == 13413.7


def test_figure_that_is_the_partners_divided_by_the_factor_is_marked(mini: pl.DataFrame) -> None:
    """363.601 × 1.06 = 385.417; the IMF's own mark is 0 there."""
    assert cell(mini, "TKM", "TUR", 2018, "exports_estimated") == 0
    assert cell(mini, "TKM", "TUR", 2018, "exports_mirrored") == 1
    assert cell(mini, "TUR", "TKM", 2018, "imports_mirrored") == 1
    assert cell(mini, "TUR", "TKM", 2018, "exports_mirrored") is None  # one side only
    assert cell(mini, "TKM", "CHN", 2018, "exports_mirrored") == 1  # 0.0201 / 1.06 = 0.01896 → 0.02
    assert cell(mini, "KAZ", "RUS", 2011, "exports_mirrored") == 0
    assert cell(mini, "TKM", "AFG", 2018, "exports_mirrored") is None  # zero equals zero


def test_sums_are_left_out_and_areas_stay(mini: pl.DataFrame) -> None:
    assert set(mini["state"]) == {
        *("KAZ", "RUS", "TKM", "TUR", "CHN", "AFG", "BLX", "ZA1", "SCG", "SRB"),
        *("SDN", "SSD", "YUG", "YAR"),
    }
    assert cell(mini, "KAZ", "_NS", 2011, "exports_fob_musd") == 12.5
    assert {"W00", "_EU"} & set(mini["partner"]) == set()
    assert cell(mini, "YUG", "SUN", 1990, "exports_fob_musd") == 7.5
    assert cell(mini, "YAR", "YMD", 1989, "exports_fob_musd") == 8.5


def test_blank_is_missing_and_zero_is_zero(mini: pl.DataFrame) -> None:
    assert cell(mini, "TKM", "TUR", 2018, "imports_cif_musd") is None
    assert cell(mini, "TKM", "AFG", 2018, "exports_fob_musd") == 0.0


def test_half_year_of_the_customs_union_is_a_defect(tmp_path: Path) -> None:
    (tmp_path / "imf_dots_annual_1960_2020.csv.gz").write_bytes(gzip.compress(HERE.read_bytes()))
    source = ImfDots()
    panel = source.load(source.found(Settings(data=tmp_path, cache=tmp_path / "c", offline=True)))
    assert cell(panel.frame, "KAZ", "RUS", 2010, "imports_cif_musd") == 5058.07  # as published
    sound = panel.sound("imports_cif_musd").frame
    assert cell(sound, "KAZ", "RUS", 2010, "imports_cif_musd") is None
    assert cell(sound, "KAZ", "RUS", 2011, "imports_cif_musd") == 16269.1


def test_russia_s_report_of_the_half_year_is_whole(real_data: Path) -> None:
    """Of 2010 Russia reports twice what Kazakhstan does; only the latter is blanked."""
    source = ImfDots()
    panel = source.load(source.found(Settings(data=real_data, offline=True)))
    for name, least in (("exports_fob_musd", 10_243.0), ("imports_cif_musd", 6_218.24)):
        sound = panel.sound(name).frame
        assert cell(sound, "RUS", "KAZ", 2010, name) == least
        assert cell(sound, "KAZ", "RUS", 2010, name) is None


def test_totals(mini: pl.DataFrame) -> None:
    del mini
    assert ImfDotsTotals().read(ALL, [HERE]).rows() == [("KAZ", 2011, 84336.2, 38038.5)]


# workbooks -------------------------------------------------------------------------------------

BODY: list[tuple[Any, ...]] = [
    ("Australia", "0.14 e", 0.2),
    ("World", 1106.6, 3231.5),
    ("Advanced Economies", 488.5, 942.3),
    ("Australia", "0.14 e", 0.2),
    ("China, P.R.: Mainland", None, 15),
    ("Korea, Dem. People's Rep. of", "1,234.50 e", None),
    ("Russian Federation", 0.0, 2.25),
    ("Countries & Areas not specified", None, 0.5),
]


def workbook(folder: Path, body: list[tuple[Any, ...]] = BODY, **changed: Any) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title in ("Exports, FOB", "Imports, CIF"):
        sheet = book.create_sheet(changed.get("title", title))
        head = [
            (),
            (None, f"{title} to Partner Countries"),
            (),
            (None, changed.get("reporter", "Kazakhstan, Rep. of")),
            (None, changed.get("unit", "US Dollars, Millions")),
            (),
            (None, None, "1993", "1994"),
        ]
        for row in [*head, *((None, *row) for row in body)]:
            sheet.append(row)
    path = folder / "DOTS_103_KAZ.xlsx"
    book.save(path)
    return path


def test_workbook_with_estimates_and_a_row_that_is_there_twice(tmp_path: Path) -> None:
    table = ImfDots().read(BOOK, [workbook(tmp_path)])
    flows = ["exports_fob_musd", "exports_estimated", "imports_cif_musd", "exports_mirrored"]
    found = {
        (a, b, y): tuple(v)
        for a, b, y, *v in table.select("state", "partner", "year", *flows).rows()
    }
    assert found == {
        ("KAZ", "AUS", 1993): (0.14, 1, 0.14, None),
        ("KAZ", "AUS", 1994): (0.2, 0, 0.2, None),
        ("KAZ", "CHN", 1994): (15.0, 0, 15.0, None),
        ("KAZ", "PRK", 1993): (1234.5, 1, 1234.5, None),
        ("KAZ", "RUS", 1993): (0.0, 0, 0.0, None),
        ("KAZ", "RUS", 1994): (2.25, 0, 2.25, None),
        ("KAZ", "_NS", 1994): (0.5, 0, 0.5, None),
    }
    totals = ImfDotsTotals().read(BOOK, [workbook(tmp_path)])
    assert totals.sort("year").rows() == [
        ("KAZ", 1993, 1106.6, 1106.6),
        ("KAZ", 1994, 3231.5, 3231.5),
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": "US Dollars"}, "unit is 'US Dollars'"),
        ({"reporter": "World"}, "a sum over several reporters"),
        ({"title": "Exports"}, "no sheet 'Exports, FOB'"),
        ({"body": [*BODY, ("Australia", 1, 2)]}, "two rows of Australia"),
        ({"body": [*BODY, ("Chile", "n.a.", 2)]}, "a cell 'n.a.'"),
    ],
)
def test_other_workbooks_are_refused(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        ImfDots().read(BOOK, [workbook(tmp_path, **change)])


# the real files --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(real_data: Path) -> pl.DataFrame:
    return ImfDots().read(ALL, [real_data / REAL])


def test_every_workbook_is_in_the_whole_file(real: pl.DataFrame, real_data: Path) -> None:
    """Same cells, same marks, same figures to six digits."""
    books = [
        p for p in sorted((real_data / BOOKS).glob("*.xlsx")) if p.stem[-3:] not in ("W00", "_EU")
    ]
    assert len(books) == 16
    for path in books[::5]:
        book = ImfDots().read(BOOK, [path])
        state = book["state"][0]
        whole = real.filter(pl.col("state") == state)
        both = book.join(
            whole, on=["state", "partner", "year"], how="full", coalesce=True, suffix="_whole"
        )
        assert len(both) == len(book) == len(whole)
        for flow in ("exports_fob_musd", "imports_cif_musd"):
            one, other = pl.col(flow), pl.col(f"{flow}_whole")
            near = (one - other).abs() <= 1e-5 * one.abs() + 6e-7
            assert both.filter(one.is_null() != other.is_null()).is_empty()
            assert both.filter(~near).is_empty()
        for mark in ("exports_estimated", "imports_estimated"):
            assert both.filter(pl.col(mark) != pl.col(f"{mark}_whole")).is_empty()


def test_every_name_is_known(real_data: Path) -> None:
    with (real_data / "economy/imf_dots_names.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    found = ids_of(pl.Series([row["dots_name"] for row in rows])).to_list()
    for row, ours in zip(rows, found, strict=True):
        code, several = (
            row["code"],
            row["dots_name"] in NAMES.sums or "by Source" in row["dots_name"],
        )
        assert ours == (None if several else {"_SACCA": "ZA1"}.get(code, code))


def test_sums_agree_with_a_reading_line_by_line(real: pl.DataFrame, real_data: Path) -> None:
    groups = {"W00", "_AE", "_AFR", "_EA", "_EDA", "_EDE", "_EMDE", "_EU", "_FUEL", "_ME"}
    groups |= {"_MECA", "_NONFUEL", "_SSA", "_WH"}
    rows, exports = 0, 0.0
    with gzip.open(real_data / REAL, "rt") as stream:
        for row in csv.DictReader(stream):
            if row["reporter"] not in groups and row["partner"] not in groups:
                rows += 1
                exports += float(row["exports_fob"] or 0)
    assert len(real) == rows
    assert real["exports_fob_musd"].sum() == pytest.approx(exports, rel=1e-9)


@pytest.mark.parametrize("state", ["TKM", "PRK", "IRN"])
@pytest.mark.parametrize("year", [2005, 2012, 2018, 2019])
def test_states_that_do_not_report_are_filled_from_their_partners(
    real: pl.DataFrame, state: str, year: int
) -> None:
    """By value, nearly all of their exports are 1/1.06 of what the partners import."""
    some = real.filter(
        pl.col("state") == state, pl.col("year") == year, pl.col("exports_mirrored").is_not_null()
    )
    value = pl.col("exports_fob_musd")
    made = some.filter(pl.col("exports_mirrored") == 1).select(value.sum()).item()
    assert made / some.select(value.sum()).item() > 0.97


@pytest.mark.parametrize("state", ["KAZ", "RUS", "DEU", "USA"])
def test_states_that_report_are_not(real: pl.DataFrame, state: str) -> None:
    some = real.filter(
        pl.col("state") == state, pl.col("year") == 2018, pl.col("exports_mirrored").is_not_null()
    )
    value = pl.col("exports_fob_musd")
    made = some.filter(pl.col("exports_mirrored") == 1).select(value.sum()).item()
    assert made / some.select(value.sum()).item() < 0.03


def test_turkmenistan_is_hardly_marked_by_the_imf(real: pl.DataFrame) -> None:
    some = real.filter(pl.col("state") == "TKM", pl.col("year") == 2018)
    value = pl.col("exports_fob_musd")
    marked = some.filter(pl.col("exports_estimated") == 1).select(value.sum()).item()
    assert marked / some.select(value.sum()).item() < 0.05


def test_unions_and_separations(real: pl.DataFrame) -> None:
    def years(state: str) -> tuple[Any, Any]:
        own = real.filter(pl.col("state") == state)["year"]
        return own.min(), own.max()

    assert years("BLX") == (1960, 1996)
    assert years("BEL") == (1997, 2020)
    assert years("SCG") == (1993, 2004)
    assert years("SRB") == (2006, 2020)
    assert years("SSD")[0] == 2012
    assert years("TWN") == (None, None)
    assert real.filter(pl.col("partner") == "TWN").height > 5000


def test_china_and_kazakhstan_differ_by_half(real: pl.DataFrame) -> None:
    """Chinese exports to Kazakhstan are 1.5 to 2.5 times what Kazakhstan reports as imports."""
    ratios = [
        cell(real, "CHN", "KAZ", year, "exports_fob_musd")
        / cell(real, "KAZ", "CHN", year, "imports_cif_musd")
        for year in range(2013, 2021)
    ]
    assert all(1.4 < ratio < 2.6 for ratio in ratios)
