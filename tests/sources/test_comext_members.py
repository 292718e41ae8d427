"""Comext by member and month: the Union beside its members, two layouts, Eurostat's own totals."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from multivector.errors import SchemaError, UnknownName
from multivector.settings import Settings
from multivector.sources.comext_members import API, JOINED, ComextMembers
from multivector.sources.eurostat import COMEXT, EurostatExports
from multivector.states import members

HERE = Path(__file__).parent / "data" / "comext_members"
REAL = "economy/eurostat/eu_members_monthly_2019_2024_kaz_kgz_arm_geo_uzb_rus.csv.gz"
YEARLY = "economy/eurostat/eu27_exports_by_partner_2010_2023_originals.zip"


def test_both_layouts() -> None:
    january = date(2024, 1, 1)
    expected = {
        ("DEU", "KAZ", january, 200e6, 350e6),
        ("GRC", "KGZ", date(2024, 2, 1), 1.5e6, None),
        ("EU27_2020", "KAZ", january, 900e6, None),
    }
    assert set(ComextMembers().read(API, [HERE / "comext_members_2024.csv"]).rows()) == expected
    dated = {("EU", "KAZ", january, 900_000_001.0, None)}
    assert set(ComextMembers().read(JOINED, [HERE / "monthly.csv"]).rows()) == expected | dated


def test_unknown_label_and_repeated_cell_are_refused(tmp_path: Path) -> None:
    text = (HERE / "monthly.csv").read_text(encoding="utf-8")
    path = tmp_path / "monthly.csv"
    path.write_text(text.replace("Greece", "Atlantis"), encoding="utf-8")
    with pytest.raises(UnknownName, match="Atlantis"):
        ComextMembers().read(JOINED, [path])
    path.write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")
    with pytest.raises(SchemaError, match="repeat a cell"):
        ComextMembers().read(JOINED, [path])


def casebook(folder: Path) -> pl.DataFrame:
    source = ComextMembers(layout="casebook")
    return source.load(source.found(Settings(cache=folder, offline=True))).frame


def test_members_are_members(tmp_path: Path) -> None:
    reporters = set(casebook(tmp_path)["state"])
    assert reporters == {*members("EU27_2020", 2020), "GBR", "EU27_2020", "EU"}


def test_members_add_up_to_the_union(tmp_path: Path) -> None:
    """In every month, the 27 together export what the reporter EU27 does, to the euro."""
    table = casebook(tmp_path).drop_nulls("exports_eur")
    union = table.filter(pl.col("state") == "EU27_2020")
    apart = table.filter(pl.col("state").is_in(members("EU27_2020", 2020)))
    sums = apart.group_by("partner", "date").agg(pl.col("exports_eur").sum().alias("sum"))
    both = union.join(sums, on=["partner", "date"], how="full")
    assert len(both) == 6 * (5 * 12 + 8)
    assert both.filter((pl.col("sum") - pl.col("exports_eur")).abs() > 0.5).is_empty()


def test_months_add_up_to_the_years_that_eurostat_prints(real_data: Path) -> None:
    """Two downloads a few days apart; the yearly ones are from the same November."""
    monthly = ComextMembers().read(JOINED, [real_data / REAL])
    yearly = EurostatExports().read(COMEXT, [real_data / YEARLY])
    sums = (
        monthly.filter(pl.col("state") == "EU27_2020")
        .group_by("partner", year=pl.col("date").dt.year())
        .agg(pl.col("exports_eur").sum().alias("sum"))
    )
    both = sums.join(yearly, on=["partner", "year"])
    assert len(both) == 6 * 5
    assert both.filter(((pl.col("sum") / pl.col("exports_eur")) - 1).abs() > 1e-3).is_empty()
