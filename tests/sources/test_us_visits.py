"""Visits to and from the United States: what is listed, names of countries, repeated entries."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from multivector import states
from multivector.errors import MultivectorError
from multivector.settings import Settings
from multivector.source import Source
from multivector.sources.us_visits import UsTravels, VisitsToUs

SHIPPED = Settings(offline=True)


def shipped(source: Source) -> pl.DataFrame:
    return source.load(source.found(SHIPPED)).frame


def test_secretaries_in_kazakhstan() -> None:
    """The Office's page on Kazakhstan (history.state.gov/departmenthistory/travels/…)."""
    frame = shipped(UsTravels()).filter(country="KAZ")
    assert set(frame["office"]) == {"secretary"}  # no President has come
    names = frame.sort("start")["person"].str.split(" ").list.last().to_list()
    assert names == [
        "Baker",
        "Christopher",
        "Albright",
        "Powell",
        "Rice",
        "Rice",
        "Clinton",
        "Kerry",
        "Pompeo",
        "Blinken",
    ]
    assert frame["start"].min() == date(1991, 12, 17)


def test_leaders_of_kazakhstan_in_the_united_states() -> None:
    frame = shipped(VisitsToUs()).filter(country="KAZ").sort("start")
    last = frame.row(-1, named=True)
    assert last["person"] == "President Kassym-Jomart Tokayev"
    assert last["start"] == date(2023, 9, 21)
    assert "C5+1" in last["remarks"]


def test_file_with_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "us_president_secretary_travels.csv"
    path.write_text("trip,who\n1,x\n")
    with pytest.raises(MultivectorError, match="no column id"):
        UsTravels().read("visits", [path])


def test_every_country_since_1945_is_a_state_of_ours(real_data: Path) -> None:
    folder = real_data / "ties/diplomacy"
    for source, file in (
        (UsTravels(), "us_president_secretary_travels.csv.gz"),
        (VisitsToUs(), "foreign_leader_visits_to_us.csv.gz"),
    ):
        frame = source.read("visits", [folder / file])
        late = frame.filter(pl.col("start").dt.year() > 1945)
        lost = set(late.filter(pl.col("country").is_null())["country_name"])
        assert lost <= {"Southern Rhodesia (Zimbabwe)", "Bosnian Federation"}, lost
        known = set(states.all_states(territories=True))
        assert set(late["country"].drop_nulls()) <= known
        assert late.filter(pl.col("end") < pl.col("start")).is_empty()


def test_names_that_changed_hands(real_data: Path) -> None:
    frame = UsTravels().read(
        "visits", [real_data / "ties/diplomacy/us_president_secretary_travels.csv.gz"]
    )
    named = dict(frame.select("country_name", "country").iter_rows())
    assert named["Germany, Federal Republic of"] == "DEU"
    assert named["German Democratic Republic"] == "DDR"
    assert named["Korea, Republic of"] == named["Korea, South"] == "KOR"
    assert named["Palestinian Authority"] == "PSE"
    assert named["U.S.S.R."] == "SUN"
