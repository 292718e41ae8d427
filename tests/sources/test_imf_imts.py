"""IMTS: dollars and millions apart, blanks are not zero, groups out, residual partners in."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import polars as pl
import pytest

from multivector.errors import Problems, SchemaError, UnknownName
from multivector.settings import Settings
from multivector.sources.imf_imts import API, PORTAL, YEAR_2025, ImfImts, ImfImtsTotals

HERE = Path(__file__).parent / "data" / "imf_imts"
REAL = "economy/imf_imts_portal_RUS_2016_2024.csv"
REAL_2025 = "economy/imf_imts_exports_2025.csv.gz"


def copied(folder: Path, name: str, *change: tuple[str, str]) -> Path:
    text = (HERE / name).read_text(encoding="utf-8")
    for old, new in change:
        assert old in text
        text = text.replace(old, new)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def as_rows(table: pl.DataFrame) -> list[tuple[object, ...]]:
    return table.sort(pl.all()).rows()


def test_api_gives_dollars_and_portal_millions() -> None:
    expected = [
        ("KAZ", "PSE", 2019, 2.0, None),
        ("KAZ", "RUS", 2019, 5602.53, 14065.1),
        ("KAZ", "TX898", 2019, 3.0, None),
    ]
    assert as_rows(ImfImts().read(API, [HERE / "IMTS_KAZ.csv"])) == expected
    assert as_rows(ImfImts().read(PORTAL, [HERE / "imf_imts_portal_KAZ.csv"])) == expected


def test_totals_are_the_row_of_the_world() -> None:
    table = ImfImtsTotals().read(API, [HERE / "IMTS_KAZ.csv"])
    assert as_rows(table) == [("KAZ", 2018, 60653.9, None), ("KAZ", 2019, 57676.7, 38419.0)]


def test_figures_in_the_other_unit_are_refused(tmp_path: Path) -> None:
    text = (HERE / "IMTS_KAZ.csv").read_text(encoding="utf-8")
    millions = tmp_path / "IMTS_KAZ.csv"
    millions.write_text(re.sub(r",(\d+)\d{6},6,", r",\1,6,", text), encoding="utf-8")
    with pytest.raises(SchemaError, match="cannot be in USD"):
        ImfImts().read(API, [millions])
    dollars = copied(tmp_path, "imf_imts_portal_KAZ.csv", ("57676.7", "57676700000"))
    with pytest.raises(SchemaError, match="cannot be in million USD"):
        ImfImts().read(PORTAL, [dollars])


def test_other_scale_other_columns_and_repeated_cells_are_refused(tmp_path: Path) -> None:
    scaled = copied(tmp_path, "imf_imts_portal_KAZ.csv", ('"6","Millions"', '"0","Units"'))
    with pytest.raises(SchemaError, match="scale 0"):
        ImfImts().read(PORTAL, [scaled])
    renamed = copied(tmp_path, "IMTS_KAZ.csv", ("COUNTERPART_COUNTRY", "PARTNER"))
    with pytest.raises(SchemaError, match="no column COUNTERPART_COUNTRY"):
        ImfImts().read(API, [renamed])
    twice = copied(tmp_path, "IMTS_KAZ.csv", ("WBG", "RUS"))
    with pytest.raises(SchemaError, match="repeat a cell"):
        ImfImts().read(API, [twice])


def test_unknown_partner_is_named(tmp_path: Path) -> None:
    path = copied(tmp_path, "IMTS_KAZ.csv", ("WBG", "QQQ"))
    with pytest.raises((UnknownName, Problems), match="QQQ"):
        ImfImts().read(API, [path])


def test_what_the_file_holds_is_covered(tmp_path: Path) -> None:
    copied(tmp_path, "IMTS_KAZ.csv")
    source = ImfImts()
    panel = source.load(source.found(Settings(data=tmp_path, cache=tmp_path / "c", offline=True)))
    assert panel.variables[0].coverage.years == (2019,)
    assert panel.variables[0].coverage.states == ("KAZ",)


# the real files --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(real_data: Path) -> pl.DataFrame:
    return ImfImts().read(PORTAL, [real_data / REAL])


def test_no_value_of_a_partner_is_lost(real: pl.DataFrame, real_data: Path) -> None:
    """Every cell of the file, but for groups, read row by row with the csv module."""
    cells = 0
    total = {"XG_FOB_USD": 0.0, "MG_CIF_USD": 0.0}
    with (real_data / REAL).open(encoding="utf-8-sig") as stream:
        for row in csv.DictReader(stream):
            if row["COUNTERPART_COUNTRY.ID"][0] == "G" and row["COUNTERPART_COUNTRY.ID"][1] in (
                "X0123456789"
            ):
                continue
            values = [row[str(year)] for year in range(2016, 2025) if row[str(year)]]
            cells += len(values)
            total[row["INDICATOR.ID"]] += sum(map(float, values))
    flows = real.select("exports_fob_musd", "imports_cif_musd")
    assert cells == flows.count().sum_horizontal().item()
    assert flows["exports_fob_musd"].sum() == pytest.approx(total["XG_FOB_USD"], rel=1e-12)
    assert flows["imports_cif_musd"].sum() == pytest.approx(total["MG_CIF_USD"], rel=1e-12)


def test_partners_add_up_to_the_world_but_for_what_is_blank(
    real: pl.DataFrame, real_data: Path
) -> None:
    totals = ImfImtsTotals().read(PORTAL, [real_data / REAL])
    sums = real.group_by("year").agg(pl.col("exports_fob_musd").sum()).join(totals, on="year")
    share = dict(
        sums.select("year", pl.col("exports_fob_musd") / pl.col("exports_world_musd")).rows()
    )
    assert all(share[year] == pytest.approx(1, abs=2e-3) for year in range(2016, 2024))


def test_kazakhstan_and_russia_are_blank_after_2023_not_zero(
    real: pl.DataFrame, real_data: Path
) -> None:
    kazakhstan = real.filter(pl.col("partner") == "KAZ")
    assert kazakhstan["year"].max() == 2023
    assert kazakhstan["exports_fob_musd"].min() > 9000
    of_2025 = ImfImts().read(YEAR_2025, [real_data / REAL_2025])
    pair = pl.col("state").is_in(["KAZ", "RUS"]) & pl.col("partner").is_in(["KAZ", "RUS"])
    assert of_2025.filter(pair).is_empty()
    assert of_2025.filter(pl.col("state") == "KAZ").height > 50


def test_exports_of_2025_add_up_to_what_is_known_of_china(real_data: Path) -> None:
    """The provider of the file gives 3,779 billion USD for China and 2,183 for the USA."""
    table = ImfImts().read(YEAR_2025, [real_data / REAL_2025])
    sums = dict(table.group_by("state").agg(pl.col("exports_fob_musd").sum()).rows())
    assert sums["CHN"] == pytest.approx(3_779_000, rel=5e-3)
    assert sums["USA"] == pytest.approx(2_183_000, rel=5e-3)
    assert table["imports_cif_musd"].null_count() == len(table)
