"""Polity, WGI, Freedom House, BTI: codes that are no scores, missing years, directions."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from multivector import states
from multivector.errors import MultivectorError
from multivector.settings import Settings
from multivector.source import Source
from multivector.sources.governance import Bti, FreedomHouse, Wgi
from multivector.sources.polity import Polity

HERE = Path(__file__).parent / "data" / "governance"


def load(source: Source, folder: Path, tmp_path: Path) -> pl.DataFrame:
    return source.load(source.found(Settings(data=folder, cache=tmp_path, offline=True))).frame


def test_special_codes_are_no_scores(tmp_path: Path) -> None:
    frame = load(Polity(layout="publisher"), HERE, tmp_path)
    rows = {
        (s, y): (d, p, p2, x)
        for s, y, d, p, p2, x in frame.select(
            "state", "year", "democracy", "polity", "polity2", "special"
        ).iter_rows()
    }
    assert rows == {
        ("KZK", 2018): (1, -6, -6, None),
        ("AFG", 1979): (None, None, None, -66),
        ("AFG", 1992): (None, None, 0, -77),
        ("SER", 1992): (None, None, -3, -88),
    }


def test_polity_obeys_its_formula(real_data: Path, tmp_path: Path) -> None:
    """Polity is democracy minus autocracy (Polity5 manual, section 2.3)."""
    frame = load(Polity(), real_data, tmp_path)
    known = frame.drop_nulls("polity")
    assert (known["polity"] == known["democracy"] - known["autocracy"]).all()
    differ = known.filter(pl.col("polity").ne_missing(pl.col("polity2")))
    assert differ.select("state", "year").rows() == [("FJI", 2018)]  # so in the published file
    special = frame.drop_nulls("special")
    assert special["polity"].is_null().all()
    assert special.filter(special=-77)["polity2"].unique().to_list() == [0]
    assert special.filter(special=-66)["polity2"].is_null().all()
    assert frame.filter(state="KZK")["year"].max() == 2018


def test_all_indicators_of_the_bank(tmp_path: Path) -> None:
    frame = load(Wgi(layout="all indicators"), HERE, tmp_path)
    assert frame.filter(state="KAZ")["indicator"].to_list() == ["cc"]
    assert frame.filter(state="ROU")["estimate"].to_list() == [None]  # ".." and an old code


def test_voice_and_accountability(real_data: Path, tmp_path: Path) -> None:
    frame = load(Wgi(), real_data, tmp_path)
    assert set(frame["state"]) <= set(states.all_states(territories=True))
    known = frame.drop_nulls("rank")
    assert (known["rank_low"] <= known["rank"]).all()
    assert (known["rank"] <= known["rank_high"]).all()
    assert not {1997, 1999, 2001} & set(frame["year"])
    mean = (
        frame.group_by("year")
        .agg(pl.col("estimate").mean())
        .filter(pl.col("estimate").abs() > 0.05)
    )
    assert mean.is_empty()  # standardised within each year


def test_freedom_house(real_data: Path, tmp_path: Path) -> None:
    frame = load(FreedomHouse(), real_data, tmp_path)
    assert 1981 not in set(frame["year"])
    most = frame.filter(political_rights=1, civil_liberties=1)["status"].unique().to_list()
    assert most == ["F"]  # 1 is free, not 7
    assert frame.filter(state="KAZ", year=2024).row(0)[2:] == (7, 5, "NF")
    assert frame.filter(state="DEU", year=1985)["status"].item() == "F"
    assert frame.filter(state="DDR", year=1985)["status"].item() == "NF"


def test_bti(real_data: Path, tmp_path: Path) -> None:
    frame = load(Bti(), real_data, tmp_path)
    assert (frame["edition"] - frame["year"]).unique().to_list() == [2]
    assert frame.filter(state="KAZ").height == 10
    assert frame.filter(state="COD").height == 10
    assert frame.filter(pl.col("state").is_in(["USA", "JPN", "FRA"])).is_empty()


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "p5v2018.csv"
    path.write_text("country,year,polity\nKazakhstan,2018,-6\n")
    with pytest.raises(MultivectorError, match="no column scode"):
        Polity().read("publisher", [path])
