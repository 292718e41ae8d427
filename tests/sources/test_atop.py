"""ATOP: obligations by alliance, member, state-year and directed dyad-year; the half-table trap."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from multivector.errors import MultivectorError
from multivector.joins import join
from multivector.panel import Panel
from multivector.settings import Settings
from multivector.source import Source
from multivector.sources._ties import COW_DIRECTED_DYAD_YEAR, COW_STATE_YEAR
from multivector.sources.atop import (
    OBLIGATIONS,
    AtopAlliances,
    AtopDyads,
    AtopMembers,
    AtopStateYears,
)

HERE = Path(__file__).parent / "data" / "atop"
KAZ, RUS = 705, 365


def load(source: Source, folder: Path, tmp_path: Path) -> Panel:
    return source.load(source.found(Settings(data=folder, cache=tmp_path, offline=True)))


def test_publishers_directed_file(tmp_path: Path) -> None:
    panel = load(AtopDyads(layout="directed dyads"), HERE, tmp_path)
    row = panel.frame.row(by_predicate=(pl.col("state") == 200), named=True)
    assert row == {
        "state": 200,
        "partner": 339,
        "year": 1939,
        "defense": 1,
        "offense": 0,
        "neutrality": 0,
        "nonaggression": 0,
        "consultation": 0,
    }  # the guarantee binds one side only
    other = panel.frame.row(by_predicate=(pl.col("state") == 339), named=True)
    assert (other["defense"], other["consultation"]) == (0, 1)


def test_one_directional_file_is_refused(real_data: Path) -> None:
    """Half of the rows (each pair once) must not pass for a directed table."""
    frame = AtopDyads().read(
        "dyad copy", [real_data / "ties/alliances/atop51_directed_dyad_year.parquet"]
    )
    half = frame.filter(pl.col("state") < pl.col("partner"))
    with pytest.raises(MultivectorError, match="half of the dyads are not there"):
        Panel(half, COW_DIRECTED_DYAD_YEAR, AtopDyads.variables)


def test_file_with_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "atop5_1ddyr.csv"
    path.write_text("mem1,mem2,year,defense\n705,365,1992,1\n")
    with pytest.raises(MultivectorError, match="no column stateA, stateB"):
        AtopDyads().read("directed dyads", [path])


# the real files --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dyads(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Panel:
    return load(AtopDyads(), real_data, tmp_path_factory.mktemp("cache"))


def test_after_2018_the_value_is_missing_not_zero(dyads: Panel) -> None:
    cells = [(KAZ, RUS, y) for y in (2018, 2019)] + [(KAZ, 160, 2018), (KAZ, 160, 2019)]
    rows = pl.DataFrame(cells, ["state", "partner", "year"], orient="row")
    base = Panel(rows, COW_DIRECTED_DYAD_YEAR, ())
    joined = join(base, dyads, coverage="partial").frame
    got = {r[:3]: r[3] for r in joined.select("state", "partner", "year", "defense").iter_rows()}
    assert got == {
        (KAZ, RUS, 2018): 1,
        (KAZ, RUS, 2019): None,
        (KAZ, 160, 2018): 0,
        (KAZ, 160, 2019): None,
    }


def test_state_years_agree_with_members(real_data: Path, tmp_path: Path) -> None:
    """Count each state's alliances from the spells of its members, year by year."""
    members = load(AtopMembers(), real_data, tmp_path).frame
    years = load(AtopStateYears(), real_data, tmp_path).frame
    for state in (KAZ, 703, 900):
        spells = members.filter(pl.col("state") == state)
        for year in (1955, 1992, 1993, 2005, 2018):
            bound = {
                a
                for a, start, end in spells.select("alliance", "entered", "left").iter_rows()
                if int(start[:4]) <= year <= int((end or "2018")[:4])
            }
            row = years.filter(pl.col("state") == state, pl.col("year") == year)
            assert len(bound) == (row["alliances"].item() if len(row) else 0), (state, year)


def test_dyads_agree_with_members(real_data: Path, tmp_path: Path, dyads: Panel) -> None:
    """What Kazakhstan owes Russia is the union of the alliances that both are members of."""
    members = load(AtopMembers(), real_data, tmp_path).frame
    for year in range(1992, 2019):
        now = members.filter(
            pl.col("entered").str.slice(0, 4).cast(pl.Int64) <= year,
            pl.col("left").is_null() | (pl.col("left").str.slice(0, 4).cast(pl.Int64) >= year),
        )
        both = set(now.filter(pl.col("state") == KAZ)["alliance"]) & set(
            now.filter(pl.col("state") == RUS)["alliance"]
        )
        ours = now.filter(pl.col("state") == KAZ, pl.col("alliance").is_in(both))
        row = dyads.frame.row(
            by_predicate=(pl.col("state") == KAZ)
            & (pl.col("partner") == RUS)
            & (pl.col("year") == year),
            named=True,
        )
        assert {k: row[k] for k in OBLIGATIONS} == {k: ours[k].max() for k in OBLIGATIONS}


def test_alliances_in_effect_have_no_end(real_data: Path, tmp_path: Path) -> None:
    alliances = load(AtopAlliances(), real_data, tmp_path).frame
    assert len(alliances) == 789
    assert alliances.filter(pl.col("ended").is_null() != (pl.col("in_effect") == 1)).is_empty()
    cst = alliances.row(by_predicate=pl.col("alliance") == 4220, named=True)
    assert (cst["began"], cst["ended"], cst["defense"]) == ("1992-05-15", None, 1)
    assert cst["members"].split() == ["365", "370", "371", "372", "373", "702", "703", "704", "705"]


def test_days_that_are_not_known_stay_out(real_data: Path, tmp_path: Path) -> None:
    members = load(AtopMembers(), real_data, tmp_path).frame
    row = members.filter(pl.col("alliance") == 1115)["entered"].unique().to_list()
    assert row == ["1844-06"]


def test_keys_are_cow_numbers(dyads: Panel) -> None:
    assert dyads.key.system == COW_STATE_YEAR.system == "cow"
    assert dyads.frame.schema["state"] == pl.Int64
