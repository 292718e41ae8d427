"""Land borders: segments, spellings, what is no actor, and the lengths printed."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from multivector.errors import UnknownName
from multivector.settings import Settings
from multivector.sources.land_borders import LandBorders
from multivector.states import is_group

PAGE = """gec,country,neighbour,km
rs,Russia,China (southeast),4133.0
rs,Russia,China (south),46.0
rs,Russia,Kazakhstan,7644.0
is,Israel,West Bank,330.0
is,Israel,Gaza Strip,59.0
cu,Cuba,US Naval Base at Guantanamo Bay,28.5
ax,Akrotiri,Cyprus,48.0
"""


def read(folder: Path, page: str) -> dict[tuple[str, str], float]:
    path = folder / "factbook_land_boundaries_km.csv"
    path.write_text(page, encoding="utf-8")
    table = LandBorders().read("borders", [path])
    return {(a, b): km for a, b, km in table.iter_rows()}


def test_segments_are_summed_and_bases_left_out(tmp_path: Path) -> None:
    assert read(tmp_path, PAGE) == {
        ("RUS", "CHN"): 4133 + 46,
        ("RUS", "KAZ"): 7644,
        ("ISR", "PSE"): 330 + 59,
    }


def test_an_unknown_neighbour_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="Atlantis"):
        read(tmp_path, "gec,country,neighbour,km\nrs,Russia,Atlantis,1.0\n")


def test_kazakhstan_borders_five_states_of_13364_km() -> None:
    """The Factbook prints the sum of Kazakhstan's borders: 13,364 km."""
    source = LandBorders(layout="casebook")
    frame = source.load(source.found(Settings(offline=True))).frame
    ours = frame.filter(state="KAZ")
    assert ours["partner"].to_list() == ["CHN", "KGZ", "RUS", "TKM", "UZB"]
    assert ours["border_km"].sum() == 13_364
    theirs = frame.filter(partner="KAZ").sort("state")
    assert theirs["border_km"].to_list() == ours["border_km"].to_list()


def test_pages_of_both_sides_agree_but_for_three_pairs() -> None:
    source = LandBorders(layout="casebook")
    frame = source.load(source.found(Settings(offline=True))).frame
    turned = frame.rename({"state": "partner", "partner": "state"})
    both = frame.join(turned, on=["state", "partner"], suffix="_there")
    differ = both.filter(
        pl.col("border_km") != pl.col("border_km_there"), pl.col("state") < pl.col("partner")
    )
    assert sorted(differ.select("state", "partner").rows()) == [
        ("DEU", "POL"), ("ISR", "JOR"), ("MEX", "USA"),
    ]  # fmt: skip
    assert not [s for s in frame["state"].unique() if is_group(s)]
