"""Elections, sanctions, trips, missions: plans are not events, commas inside names, direction."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector.settings import Settings
from multivector.source import Source
from multivector.sources.diplomatic_exchange import DiplomaticCentrality, DiplomaticExchange
from multivector.sources.elections import Elections
from multivector.sources.sanctions import Sanctions, parties
from multivector.sources.visits_colt import ColtDyads, ColtTrips

HERE = Path(__file__).parent / "data"


def load(source: Source, folder: Path, tmp_path: Path) -> pl.DataFrame:
    return source.load(source.found(Settings(data=folder, cache=tmp_path, offline=True))).frame


# sanctions -------------------------------------------------------------------------------------


def test_parties_are_written_out(tmp_path: Path) -> None:
    frame = load(Sanctions(), HERE / "sanctions", tmp_path)
    rows = {
        (c, s, t): (a, b)
        for c, s, t, a, b in frame.select(
            "case", "sender", "target", "sender_id", "target_id"
        ).iter_rows()
    }
    assert rows == {
        (1, "EU", "Russia"): ("EU", "RUS"),
        (2, "United States", "Mali"): ("USA", "MLI"),
        (2, "United States", "Gambia, The"): ("USA", "GMB"),
        (2, "United States", "Ghana"): ("USA", "GHA"),
        (3, "Kazakhstan", "Narnia"): ("KAZ", None),
        (3, "Russia", "Narnia"): ("RUS", None),
    }
    russia = frame.filter(case=1).row(0, named=True)
    assert (russia["began"], russia["ended"], russia["financial"], russia["other"]) == (
        2014,
        2023,
        1,
        0,
    )


NAMES = (
    "Mali",
    "Gambia, The",
    "South Africa",
    "Korea, North",
    "Congo, Democratic Republic of the",
    "Egypt, Arab Rep.",
    "Iran",
)


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6))
def test_joining_and_splitting_names(names: list[str]) -> None:
    assert parties(", ".join(names)) == names


def test_real_cases(real_data: Path, tmp_path: Path) -> None:
    frame = load(Sanctions(), real_data, tmp_path)
    assert frame["case"].n_unique() == 1547
    listed = set(frame["target"]) | set(frame["sender"])
    assert not {"North", "South", "The", "Arab Rep.", "Democratic Republic of the"} & listed
    named = dict(frame.select("target", "target_id").iter_rows())
    assert (named["Korea, North"], named["Egypt, Arab Rep."]) == ("PRK", "EGY")
    assert named["Congo, Democratic Republic of the"] == "COD"


# missions --------------------------------------------------------------------------------------


def test_missions_have_a_direction_and_unknown_is_not_none(tmp_path: Path) -> None:
    frame = load(DiplomaticExchange(), HERE / "diplomatic_exchange", tmp_path)
    level = {(a, b): x for a, b, _, x in frame.iter_rows()}
    assert level[2, 705] == 3  # DR at 2: the first state's mission in the second
    assert level[705, 2] == 0
    assert level[710, 2] is None  # -9
    assert level[2, 710] == 0
    assert len(frame) == 6


def test_centralities(real_data: Path, tmp_path: Path) -> None:
    frame = load(DiplomaticCentrality(), real_data, tmp_path)
    assert frame.filter(state=705)["year"].to_list() == [1995, 2000, 2005]
    assert (
        frame.select(pl.max_horizontal(pl.col("in_degree", "out_degree").max())).item() <= 1 + 1e-9
    )
    declared = DiplomaticCentrality.variables[0].coverage.years
    assert set(frame["year"]) == set(declared)


# trips -----------------------------------------------------------------------------------------


def test_trips_made_are_trips_received(real_data: Path, tmp_path: Path) -> None:
    frame = load(ColtTrips(), real_data, tmp_path)
    assert frame["made"].sum() == frame["received"].sum() == 81_861
    germany = frame.filter(state="DEU", year=1990)["actor"].to_list()
    assert sorted(germany) == ["Germany", "West Germany"]
    assert frame.filter(actor="United Nations (UN)")["received"].is_null().all()


def test_pairs_of_the_five_are_counted_once(real_data: Path, tmp_path: Path) -> None:
    """A pair listed with two different counts would repeat a key and be refused."""
    frame = load(ColtDyads(), real_data, tmp_path)
    assert frame.filter(state="CHN", partner="USA").height == 7
    plain = pl.read_parquet(
        real_data / "ties/diplomacy/colt_visits_CHN_DEU_JPN_SGP_USA_dyads_2018_2024.parquet"
    )
    five = set(plain["reporter_iso"])
    twice = plain.filter(pl.col("partner_iso").is_in(five))
    assert len(frame) == len(plain) - len(twice) / 2


# elections -------------------------------------------------------------------------------------


def test_presidential_elections_of_kazakhstan(real_data: Path, tmp_path: Path) -> None:
    """Days of voting as announced by the Central Election Commission."""
    frame = load(Elections(), real_data, tmp_path)
    votes = frame.filter(state=705, kind=1).filter(
        pl.col("event").str.starts_with("Vote"), pl.col("direct") == 1
    )
    assert sorted(votes["day"].to_list()) == [
        "1991-12-01",
        "1999-01-10",
        "2005-12-04",
        "2011-04-03",
        "2015-04-26",
        "2019-06-09",
    ]


def test_plans_are_left_out_and_unknown_days_stay_months(real_data: Path, tmp_path: Path) -> None:
    frame = load(Elections(), real_data, tmp_path)
    assert frame["day"].max() < "2021"  # type: ignore[operator]
    announced = frame.filter(state=705, election=705006).sort("step")
    assert announced["day"].to_list() == ["2011-02", "2011-04-03"]


@pytest.mark.parametrize("cell", ["", " , "])
def test_empty_cells_name_nobody(cell: str) -> None:
    assert parties(cell) == []
