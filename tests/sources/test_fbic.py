"""FBIC: direction, both layouts, missing parts."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from multivector.sources.fbic import OFFICIAL, TWO, Fbic

HERE = Path(__file__).parent / "data" / "fbic" / "FBIC_x.csv"
REAL = "economy/fbic_china_russia.csv"


def test_official_table_keeps_direction() -> None:
    table = Fbic().read(OFFICIAL, [HERE])
    names = [v.name for v in Fbic.variables]
    assert table.select("state", "partner", "year", *names).rows() == [
        ("CHN", "KAZ", 2020, 0.21, 0.2, 0.6, 0.1, 0.05, 0.1),
        ("KAZ", "CHN", 2020, 0.001, 0.2, 0.01, 0.1, 0.05, None),
    ]


def test_copy_of_two_powers(tmp_path: Path) -> None:
    path = tmp_path / "fbic_china_russia.csv"
    path.write_text(
        "iso3,receiver,year,econb_chn,econd_chn,polb_chn,secb_chn,secd_chn,fbic_chn,"
        "econb_rus,econd_rus,polb_rus,secb_rus,secd_rus,fbic_rus\n"
        "KAZ,Kazakhstan,2020,.1,.2,.3,.4,.5,.6,1.1,1.2,,.4,.5,\n"
    )
    table = Fbic().read(TWO, [path])
    columns = ["state", "partner", "fbic", "economic_bandwidth", "political_bandwidth"]
    assert table.select(columns).rows() == [
        ("CHN", "KAZ", 0.6, 0.1, 0.3),
        ("RUS", "KAZ", None, 1.1, None),
    ]


def test_real_copy(real_data: Path) -> None:
    table = Fbic().read(TWO, [real_data / REAL])
    assert len(table) == 2 * 11_834
    assert set(table["state"]) == {"CHN", "RUS"}
    kazakhstan = table.filter(pl.col("partner") == "KAZ", pl.col("year") == 2010)
    value = dict(kazakhstan.select("state", "fbic").rows())
    assert value["RUS"] > value["CHN"]
