"""COW trade: -9 is missing, each pair both ways, imports belong to the first of the pair."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import polars as pl
import pytest

from multivector.errors import SchemaError
from multivector.settings import Settings
from multivector.sources.cow_trade import (
    NATIONAL,
    NONZERO,
    OFFICIAL,
    CowTrade,
    CowTradeNational,
)

HERE = Path(__file__).parent / "data" / "cow_trade"
REAL = "economy/cow_trade_4.0_dyads_1990_2014_nonzero.csv.gz"
REAL_NATIONAL = "economy/cow_trade_4.0_national.csv.gz"


def test_official_table_both_ways() -> None:
    table = CowTrade().read(OFFICIAL, [HERE / "Dyadic_COW_4.0.csv"])
    columns = ["state", "partner", "year", "imports_musd", "smoothed_imports_musd"]
    assert set(table.select(columns).rows()) == {
        (2, 20, 1920, 611.86, 611.86),
        (20, 2, 1920, 735.48, 735.48),
        (365, 705, 2010, 2578.0, 2578.0),
        (705, 365, 2010, 5058.0, 5058.0),
        (365, 705, 2011, 3752.0, 3752.0),
        (705, 365, 2011, 6336.0, 6336.0),
        (705, 710, 1993, None, 100.5),
        (710, 705, 1993, 228.0, 228.0),
        (705, 990, 2005, 0.0, 0.0),
        (990, 705, 2005, None, None),
    }


def test_panel_has_numbers_of_the_correlates_of_war(tmp_path: Path) -> None:
    (tmp_path / "Dyadic_COW_4.0.csv").write_bytes((HERE / "Dyadic_COW_4.0.csv").read_bytes())
    source = CowTrade()
    panel = source.load(source.found(Settings(data=tmp_path, cache=tmp_path / "c", offline=True)))
    assert panel.key.system == "cow"
    assert panel.frame.schema["state"] == pl.Int64
    sound = panel.sound("imports_musd").frame.filter(pl.col("year") == 2010)
    assert sound["imports_musd"].to_list() == [None, None]  # the half year of the customs union


def test_totals_without_the_customs_union(real_data: Path) -> None:
    """Kazakhstan's totals of 2011 and 2012 are the IMF's less Russia and Belarus, to 0.01 %."""
    cow = CowTradeNational().read(NATIONAL, [real_data / REAL_NATIONAL])
    flawed = {y for d in CowTradeNational.variables[0].defects for y in d.years}
    imf = pl.read_csv(
        real_data / "economy/imf_dots_annual_1960_2020.csv.gz", infer_schema_length=None
    ).filter(pl.col("reporter") == "KAZ")
    for flow, theirs in (("imports", "imports_cif"), ("exports", "exports_fob")):
        for year in (2011, 2012):
            by = dict(imf.filter(pl.col("year") == year).select("partner", theirs).iter_rows())
            ours = cow.filter(pl.col("state") == 705, pl.col("year") == year)
            total = ours[f"{flow}_world_musd"].item()
            assert total == pytest.approx(by["W00"] - by["RUS"] - by["BLR"], rel=1e-4)
            assert year in flawed


def test_official_national_table() -> None:
    table = CowTradeNational().read(OFFICIAL, [HERE / "National_COW_4.0.csv"])
    assert table.rows() == [(2, 1870, 450.0, 418.0), (705, 1992, None, 1398.0)]


def test_other_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "Dyadic_COW_4.0.csv"
    path.write_text("ccode1,ccode2,year,flow1\n2,20,1920,1\n")
    with pytest.raises(SchemaError, match="no column flow2, smoothflow1, smoothflow2"):
        CowTrade().read(OFFICIAL, [path])


# the real files --------------------------------------------------------------------------------


def test_real_copy_agrees_with_a_reading_line_by_line(real_data: Path) -> None:
    table = CowTrade().read(NONZERO, [real_data / REAL])
    imports = {365: 0.0, 705: 0.0}
    rows = 0
    with gzip.open(real_data / REAL, "rt") as stream:
        for row in csv.DictReader(stream):
            rows += 1
            for code, flow in ((row["ccode1"], "flow1"), (row["ccode2"], "flow2")):
                if int(code) in imports:
                    imports[int(code)] += float(row[flow] or 0)
    assert len(table) == 2 * rows
    for state, total in imports.items():
        ours = table.filter(pl.col("state") == state)["imports_musd"].sum()
        assert ours == pytest.approx(total, rel=1e-12)


def test_direction_agrees_with_the_imf(real_data: Path) -> None:
    """What the USA and China import from each other, 383 and 102 bn USD in reports to the IMF.

    COW's China may include Hong Kong's trade, hence the room.
    """
    cow = CowTrade().read(NONZERO, [real_data / REAL]).filter(pl.col("year") == 2010)
    imf = pl.read_csv(
        real_data / "economy/imf_dots_annual_1960_2020.csv.gz", infer_schema_length=None
    ).filter(pl.col("year") == 2010)
    for here, there, reporter, partner in ((2, 710, "USA", "CHN"), (710, 2, "CHN", "USA")):
        row = cow.filter(pl.col("state") == here, pl.col("partner") == there)
        side = imf.filter(pl.col("reporter") == reporter, pl.col("partner") == partner)
        assert row["imports_musd"].item() == pytest.approx(side["imports_cif"].item(), rel=0.3)


def test_real_national_copy(real_data: Path) -> None:
    table = CowTradeNational().read(NATIONAL, [real_data / REAL_NATIONAL])
    assert len(table) == 14_410  # as the R package peacesciencer documents it
    assert table.filter(pl.struct("state", "year").is_duplicated()).is_empty()
    assert table["imports_world_musd"].min() > 0
