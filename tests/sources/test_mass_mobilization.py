"""Protests: the documented layout on a file written by hand, state-years without any, regions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from multivector.errors import SchemaError
from multivector.panels.cases import ProtestYears
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.sources.mass_mobilization import Protests

HERE = Path(__file__).parent / "data" / "mass_mobilization"


@pytest.fixture
def run(tmp_path: Path) -> Runner:
    return Runner(Settings(data=HERE, cache=tmp_path, offline=True))


def test_days_places_and_years_without_protest(run: Runner) -> None:
    frame = run(Protests()).frame
    assert frame.select("state", "year", "number", "protest").rows() == [
        ("CHN", 2009, 1, 1), ("KAZ", 2011, 1, 1), ("KAZ", 2011, 2, 1), ("KAZ", 2013, 0, 0),
    ]  # fmt: skip
    first = frame.filter(state="KAZ", number=1).row(0, named=True)
    assert (first["began"], first["ended"]) == (date(2011, 12, 16), date(2011, 12, 17))
    assert first["response"] == "shootings"
    assert frame.filter(number=0).select("began", "violent", "place").row(0) == (None, None, None)


def test_years_of_a_state_and_of_a_region(run: Runner) -> None:
    whole = run(ProtestYears()).frame
    assert whole.rows() == [("CHN", 2009, 1, 1), ("KAZ", 2011, 2, 1), ("KAZ", 2013, 0, 0)]
    west = run(ProtestYears(place="mangystau")).frame.filter(state="KAZ")
    assert west["protests"].to_list() == [1, 0]
    xinjiang = run(ProtestYears(place="Xinjiang"))
    assert xinjiang.frame.filter(pl.col("protests") > 0)["state"].to_list() == ["CHN"]
    assert xinjiang.variable("protests").label == "Protests listed in Xinjiang"


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mmALL.csv"
    path.write_text("country,year\nKazakhstan,2011\n")
    with pytest.raises(SchemaError, match="protestnumber"):
        Protests().read("events", [path])
