"""Direct investment: stocks and net inflows apart, negative flows kept, groups out."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from multivector.errors import SchemaError
from multivector.sources.fdi import API, WIIW, ImfDip, WiiwFdi, WiiwFdiTotals

HERE = Path(__file__).parent / "data" / "fdi"
REAL = "economy/wiiw_fdi_kazakhstan_by_partner_2003_2021.csv"


def test_positions_in_million_dollars() -> None:
    table = ImfDip().read(API, [HERE / "DIP_KAZ.csv"])
    assert set(table.rows()) == {
        ("KAZ", "NLD", 2022, 56_789.0, -1.5),
        ("KAZ", "TX898", 2022, 7.0, None),
    }


def test_positions_in_millions_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "DIP_KAZ.csv"
    text = (HERE / "DIP_KAZ.csv").read_text(encoding="utf-8")
    path.write_text(text.replace("000000,6", ",6"), encoding="utf-8")
    with pytest.raises(SchemaError, match="cannot be in USD"):
        ImfDip().read(API, [path])


def test_stock_and_net_inflow_of_wiiw() -> None:
    table = WiiwFdi().read(WIIW, [HERE / "wiiw_fdi_x.csv"])
    assert set(table.rows()) == {
        ("KAZ", "NLD", 2020, 48_272.5, 929.5),
        ("KAZ", "NLD", 2021, 52_143.0, -351.75),
        ("KAZ", "ANT", 2021, None, 2e-6),
    }
    totals = WiiwFdiTotals().read(WIIW, [HERE / "wiiw_fdi_x.csv"])
    assert totals.sort("year").rows() == [
        ("KAZ", 2020, 123_406.5, 3226.5),
        ("KAZ", 2021, 134_471.0, 2851.25),
    ]


def test_real_file_agrees_with_its_own_percentages(real_data: Path) -> None:
    """wiiw prints each partner's share of the total in percent, in rows that are not read."""
    table = WiiwFdi().read(WIIW, [real_data / REAL])
    totals = WiiwFdiTotals().read(WIIW, [real_data / REAL])
    raw = pl.read_csv(real_data / REAL, infer_schema=False).filter(
        pl.col("Unit") == "in % of total", pl.col("Partner-Code") == "NL"
    )
    ours = table.filter(pl.col("partner") == "NLD").join(totals, on=["state", "year"])
    for direction, value, total in (
        ("FDI inward stock", "inward_stock_meur", "inward_stock_world_meur"),
        ("FDI inflow", "net_inflow_meur", "net_inflow_world_meur"),
    ):
        printed = raw.filter(pl.col("Direction") == direction).row(0, named=True)
        shares = dict(ours.select("year", 100 * pl.col(value) / pl.col(total)).rows())
        assert len(shares) == 19
        for year, share in shares.items():
            assert share == pytest.approx(float(printed[f"_{year}"]), abs=1e-4)


def test_net_inflows_may_be_negative_and_stocks_are_the_base_for_shares(real_data: Path) -> None:
    table = WiiwFdi().read(WIIW, [real_data / REAL])
    assert table.filter(pl.col("net_inflow_meur") < 0).height > 50
    late = table.filter(pl.col("year") == 2021)
    total = WiiwFdiTotals().read(WIIW, [real_data / REAL]).filter(pl.col("year") == 2021)
    share = late["inward_stock_meur"].sum() / total["inward_stock_world_meur"].item()
    assert 0.9 < share < 1.001
