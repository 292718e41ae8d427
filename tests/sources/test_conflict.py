"""Disputes, rivalries, wars, armed conflicts and territorial threat: traps of each list."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from multivector.errors import MultivectorError, SchemaError
from multivector.joins import join
from multivector.panel import Panel
from multivector.settings import Settings
from multivector.source import Source
from multivector.sources._ties import COW_DIRECTED_DYAD_YEAR, COW_DYAD_YEAR
from multivector.sources.disputes import (
    CowDisputeParticipants,
    CowDisputes,
    GmlDisputes,
    GmlDisputeYears,
)
from multivector.sources.interstate_wars import InterstateWars, WarDyads
from multivector.sources.rivalries import TdRivalries, TssRivalries
from multivector.sources.territorial_threat import TerritorialThreat
from multivector.sources.ucdp import UcdpConflicts, UcdpOnsets, UcdpParties

HERE = Path(__file__).parent / "data"


def load(source: Source, folder: Path, tmp_path: Path) -> Panel:
    return source.load(source.found(Settings(data=folder, cache=tmp_path, offline=True)))


# disputes --------------------------------------------------------------------------------------


def test_participants_in_the_publishers_layout(tmp_path: Path) -> None:
    frame = load(CowDisputeParticipants(), HERE / "disputes", tmp_path).frame
    assert frame.select("dispute", "state", "entered", "left", "side_a").rows() == [
        (2, 2, "1902-07", "1903-01-24", 1),  # the day of entry is −9
        (2, 200, "1902-07", "1903-01-24", 0),
        (4639, 365, "2013-06-01", "2013-08-30", 0),
        (4639, 365, "2013-10-01", "2013-10-02", 0),  # came back
    ]
    assert frame["deaths_level"].to_list() == [0, 0, None, 0]
    assert frame["highest_action"].to_list() == [7, 0, 0, 16]


def test_two_disputes_of_a_pair_in_a_year_are_two_rows(tmp_path: Path) -> None:
    frame = load(GmlDisputeYears(), HERE / "disputes", tmp_path).frame
    pair = frame.filter(pl.col("state") == 220, pl.col("partner") == 325)
    assert pair.select("dispute", "year", "onset", "hostility", "days_max").rows() == [
        (9001, 1860, 1, 2, 0),  # a dispute of a single day
        (9002, 1860, 1, 4, None),
        (9002, 1861, 0, 4, None),
    ]
    assert frame.filter(pl.col("state") == 325)["deaths_level"].to_list() == [0, None, None]


@pytest.mark.parametrize(("source", "last"), [(CowDisputes, 2014), (GmlDisputes, 2010)])
def test_no_dispute_inside_the_years_is_zero_and_later_is_missing(
    real_data: Path, tmp_path: Path, source: type[Source], last: int
) -> None:
    disputes = load(source(), real_data, tmp_path)
    cells = [(705, 700, 1993), (705, 385, 1993), (705, 700, last), (705, 700, last + 1)]
    base = Panel(
        pl.DataFrame(cells, ["state", "partner", "year"], orient="row"), COW_DIRECTED_DYAD_YEAR, ()
    )
    got = join(base, disputes, coverage="partial").frame.sort("partner", "year")
    assert got["ongoing"].to_list() == [0, 1, 0, None]
    assert got["hostility"].to_list() == [None, 3, None, None]  # zero hostility is no code


def test_both_sides_of_each_dispute_are_there(real_data: Path, tmp_path: Path) -> None:
    frame = load(CowDisputes(), real_data, tmp_path).frame
    other = frame.select("dispute", "year", state="partner", partner="state", theirs="hostility")
    both = frame.join(other, on=["dispute", "year", "state", "partner"])
    assert len(both) == len(frame)
    more = both.filter(pl.max_horizontal("hostility", "theirs") > pl.col("hostility_dispute"))
    # Dispute 2212, China and Japan 1935: force by both sides, yet display in the dispute.
    assert more["dispute"].unique().to_list() == [2212]


# rivalries -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("source", "last"), [(TssRivalries, 2020), (TdRivalries, 2010)])
def test_rivalry_ends_with_the_list_and_is_not_set_for_everybody_after_it(
    real_data: Path, tmp_path: Path, source: type[Source], last: int
) -> None:
    """Another tool sets rivalry to 1 for every dyad from 2021 on."""
    rivalries = load(source(), real_data, tmp_path)
    assert rivalries.years[-1] == last
    pairs = [(704, 705), (2, 20), (365, 710), (750, 770)]
    cells = [(a, b, y) for a, b in pairs for y in (last, last + 1, last + 3)]
    base = Panel(pl.DataFrame(cells, ["state", "partner", "year"], orient="row"), COW_DYAD_YEAR, ())
    got = join(base, rivalries, coverage="partial").frame
    assert got.filter(pl.col("year") > last)["rivalry"].null_count() == 2 * len(pairs)
    now = {(a, b) for a, b, y, r in got.select("state", "partner", "year", "rivalry").rows() if r}
    assert (750, 770) in now
    assert (2, 20) not in now


def test_years_of_a_rivalry_are_those_of_its_spell(real_data: Path, tmp_path: Path) -> None:
    raw = pl.read_parquet(real_data / "ties/conflict/tss_rivalries.parquet")
    frame = load(TssRivalries(), real_data, tmp_path).frame
    assert len(frame) == int((raw["end"] - raw["start"] + 1).sum())
    uzbek = frame.filter(pl.col("state") == 704, pl.col("partner") == 705)
    assert (uzbek["year"].min(), uzbek["year"].max()) == (1991, 2017)
    assert uzbek["rivalry_years"].to_list() == list(range(27))
    assert uzbek.select("positional", "spatial", "ideological").unique().rows() == [(1, 1, 0)]


def test_a_later_release_must_be_declared_first(tmp_path: Path) -> None:
    path = tmp_path / "tss_rivalries.parquet"
    columns = {"tssr_id": [1], "ccode1": [704], "ccode2": [705], "start": [1991], "end": [2024]}
    kinds = ("positional", "spatial", "ideological", "interventionary")
    pl.DataFrame(columns | {k: [1] for k in kinds}).write_parquet(path)
    with pytest.raises(SchemaError, match="spells to 2024"):
        TssRivalries().read("spells copy", [path])


# wars ------------------------------------------------------------------------------------------


def test_wars_in_the_publishers_layout(tmp_path: Path) -> None:
    """Lines end with a carriage return only; −8 and −9 are missing; 2 is "did not initiate"."""
    frame = load(InterstateWars(), HERE / "interstate_wars", tmp_path).frame
    german, danish, estonian = frame.sort("war", "state").iter_rows(named=True)
    assert (german["began"], german["resumed"]) == ("1864-02-01", "1864-06-25")
    assert (german["initiator"], danish["initiator"]) == (1, 0)
    assert (german["battle_deaths"], estonian["battle_deaths"]) == (1048, None)
    assert (estonian["began"], estonian["ended_again"]) == ("1918-11", None)


def test_there_were_95_inter_state_wars(real_data: Path, tmp_path: Path) -> None:
    source = WarDyads()
    frame = load(source, real_data, tmp_path).frame
    assert source.check_facts(frame, "dyad copy") == 1
    other = frame.select("war", "resumed", "year", state="partner", partner="state", theirs="side")
    both = frame.join(other, on=["war", "resumed", "year", "state", "partner"])
    assert len(both) == len(frame)
    assert both.filter(pl.col("side") == pl.col("theirs")).is_empty()


# UCDP ------------------------------------------------------------------------------------------


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    with zipfile.ZipFile(folder / "ucdp-prio-acd-251-csv.zip", "w") as made:
        made.write(HERE / "ucdp" / "UcdpPrioConflict_v25_1.csv", "UcdpPrioConflict_v25_1.csv")
    return folder


def test_conflicts_in_the_publishers_layout(archive: Path, tmp_path: Path) -> None:
    frame = load(UcdpConflicts(), archive, tmp_path).frame
    assert frame.select("conflict", "year", "conflict_type", "issue", "intensity").rows() == [
        (1001, 2004, 4, 2, 2),
        (1001, 2005, 4, 2, 1),
        (1002, 2005, 2, 1, 1),
    ]
    assert frame["territory"].to_list() == [None, None, "Border"]
    assert frame["episode_ended"].to_list() == [None, date(2005, 12, 30), date(2005, 5, 20)]


def test_every_state_of_a_list_of_supporters_has_a_row(archive: Path, tmp_path: Path) -> None:
    frame = load(UcdpParties(), archive, tmp_path).frame
    assert frame.select("conflict", "year", "state", "role").rows() == [
        (1001, 2004, 2, "supports side A"),
        (1001, 2004, 645, "side A"),
        (1001, 2004, 705, "supports side A"),
        (1001, 2005, 2, "supports side A"),
        (1001, 2005, 645, "side A"),
        (1002, 2005, 700, "side A"),
        (1002, 2005, 770, "side B"),
    ]


def test_archive_without_the_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ucdp-prio-acd-251-csv.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("readme.txt", "no table")
    with pytest.raises(SchemaError, match="holds 0 CSV files"):
        UcdpConflicts().read("acd zip", [path])


def test_conflicts_of_2024_are_as_published(real_data: Path, tmp_path: Path) -> None:
    source = UcdpConflicts()
    assert source.check_facts(load(source, real_data, tmp_path).frame, "state copy") == 2


def test_no_state_of_the_copy_is_lost(real_data: Path, tmp_path: Path) -> None:
    raw = pl.read_parquet(real_data / "ties/conflict/ucdp_acd.parquet")
    named = {
        (c, y, s)
        for row in raw.select(
            "conflict_id", "year", "gwno_a", "gwno_a_2nd", "gwno_b", "gwno_b_2nd"
        ).iter_rows()
        for c, y in [row[:2]]
        for s in row[2:]
        if s is not None
    }
    frame = load(UcdpParties(), real_data, tmp_path).frame
    assert set(frame.select("conflict", "year", "state").iter_rows()) == named


def test_onsets_end_in_2017(real_data: Path, tmp_path: Path) -> None:
    panel = load(UcdpOnsets(), real_data, tmp_path)
    assert (panel.years[0], panel.years[-1]) == (1946, 2017)
    with pytest.raises(MultivectorError, match="2018"):
        panel.covering([2018], variable="new_conflicts")
    nested = panel.frame.select(pl.col("onsets_10") <= pl.col("onsets_1")).to_series()
    assert nested.all()


# threat ----------------------------------------------------------------------------------------


def test_threat_lies_in_its_interval(real_data: Path, tmp_path: Path) -> None:
    frame = load(TerritorialThreat(), real_data, tmp_path).frame
    for name in ("threat", "threat_m"):
        known = frame.drop_nulls(name)
        inside = pl.col(name).is_between(f"{name}_low", f"{name}_high")
        assert known.filter(~inside).is_empty()
    assert frame["threat_m"].null_count() == 2349
