"""Peoples and fractionalization: printed shares add up, repeated rows, bounds."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from multivector.casebook import peoples as table
from multivector.settings import Settings
from multivector.source import Source
from multivector.sources import peoples
from multivector.sources.fractionalization import Creg, Hief
from multivector.sources.peoples import Peoples
from multivector.states import exists


def shipped() -> pl.DataFrame:
    source = Peoples()
    return source.load(source.found(Settings(offline=True))).frame


def test_casebook_and_source_speak_of_the_same_states() -> None:
    frame = shipped()
    assert table.STATES == peoples.STATES == tuple(frame["state"].unique().sort())
    assert all(exists(kin, 2020) for kin in frame["kin"].drop_nulls())


def test_ethnic_shares_of_a_page_add_up_to_one() -> None:
    """The pages round to a tenth of a per cent, Turkmenistan's and Tajikistan's to one."""
    ethnic = shipped().filter(kind="ethnic").group_by("state", "edition").agg(pl.col("share").sum())
    assert ethnic["share"].is_between(0.985, 1.016).all()


def test_speaking_russian_is_not_being_russian() -> None:
    ours = shipped().filter(state="KAZ", group="Russian").sort("kind", "edition")
    assert ours.select("kind", "as_of").rows() == [
        ("ethnic", 2019), ("ethnic", 2022), ("language", 2009),
    ]  # fmt: skip
    assert ours["share"].to_list() == pytest.approx([0.193, 0.179, 0.944])
    meaning = shipped().filter(kind="language").group_by("state").agg(pl.col("what").n_unique())
    assert meaning["what"].max() == 1


def _table(rows: str) -> pl.DataFrame:
    return pl.read_csv(rows.encode(), schema_overrides={"ethfrac": pl.Float64})


def test_a_cell_with_two_different_rows_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "hief.parquet"
    rows = "ccode,gwcode,year,efindex\n41,41,1978,0.107\n41,41,1978,0.107\n"
    _table(rows + "365,365,1991,0.286\n365,365,1991,0.691\n705,705,1991,0.6\n").write_parquet(path)
    assert Hief().read("copy", [path]).rows() == [(41, 1978, 0.107), (705, 1991, 0.6)]


@pytest.mark.parametrize("source", [Creg(), Hief()])
def test_the_ussr_and_russia_share_a_number_in_1991(
    source: Source, real_data: Path, tmp_path: Path
) -> None:
    panel = source.load(source.found(Settings(data=real_data, cache=tmp_path, offline=True)))
    assert panel.frame.filter(state=365, year=1991).is_empty()
    assert len(panel.frame.filter(state=705)) > 20
    assert panel.years[-1] == 2013
    one = panel.variables[0].name
    values = panel.frame.filter(state=705, year=2013)[one].to_list()
    assert values == [pytest.approx(0.538, abs=0.001)]  # both tables, computed apart
