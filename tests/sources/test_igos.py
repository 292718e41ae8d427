"""Intergovernmental organisations: −9 and −1 are not zero, direction, the end of the record."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from multivector import states
from multivector.errors import MultivectorError
from multivector.joins import join
from multivector.panel import Panel
from multivector.settings import Settings
from multivector.source import Source
from multivector.sources._ties import COW_DYAD_YEAR
from multivector.sources.igos import IgoDyads, IgoMembers, Igos
from multivector.sources.informal_igos import InformalBodies, InformalParticipants
from multivector.sources.memberships import DatedMemberships

HERE = Path(__file__).parent / "data" / "igos"
KAZ, RUS = 705, 365


def load(source: Source, folder: Path, tmp_path: Path) -> Panel:
    return source.load(source.found(Settings(data=folder, cache=tmp_path, offline=True)))


def test_not_known_is_missing_and_not_in_existence_has_no_row(tmp_path: Path) -> None:
    frame = load(IgoMembers(layout="state-years"), HERE, tmp_path).frame
    kaz = {i: m for i, s, _, m in frame.iter_rows() if s == KAZ}
    assert kaz == {"un": 1, "cis": 1, "nafta": None}
    assert frame.filter(state=710, igo="cis")["membership"].item() == 3
    assert "oldbody" not in set(frame["igo"])


def test_organisations_by_year(tmp_path: Path) -> None:
    frame = load(Igos(layout="organisation-years"), HERE, tmp_path).frame
    assert frame.filter(igo="un").row(0, named=True) == {
        "igo": "un",
        "year": 2014,
        "title": "United Nations",
        "number": 4400,
        "founded": 1945,
        "ended": None,
        "political": 1,
        "social": 0,
        "economic": 0,
        "imputed": 0,
    }
    assert frame.filter(igo="old")["ended"].item() == 1840


def test_dyads_are_undirected_and_count_joint_full_members(tmp_path: Path) -> None:
    frame = load(IgoDyads(layout="dyad-years"), HERE, tmp_path).frame
    assert frame.rows() == [(2, KAZ, 2014, 1), (RUS, KAZ, 2014, 2)]


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "state_year_formatv3.csv"
    path.write_text("cowcode,year,un\n705,2014,1\n")
    with pytest.raises(MultivectorError, match="no column ccode"):
        IgoMembers().read("state-years", [path])


# the real files --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def members(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    return load(IgoMembers(), real_data, tmp_path_factory.mktemp("c")).frame


@pytest.mark.parametrize(
    ("state", "igo", "years"),
    [
        # Kazakhstan and the United Nations: admitted on 2 March 1992 (resolution 46/224)
        (KAZ, "un", range(1992, 2015)),
        # Collective Security Treaty Organization: founded in 2002; Uzbekistan in it from 2006 to
        # 2012 (its suspension fell into December of that year)
        (KAZ, "csto", range(2003, 2015)),
    ],
)
def test_members_are_full_in_known_years(
    members: pl.DataFrame, state: int, igo: str, years: range
) -> None:
    rows = members.filter(state=state, igo=igo).filter(pl.col("year").is_in(years))
    assert rows["membership"].to_list() == [1] * len(years)


def test_unknown_memberships_stay_unknown(members: pl.DataFrame, real_data: Path) -> None:
    wide = pl.read_parquet(real_data / "ties/igo/cow_igo3_state_year_membership.parquet")
    counted = wide.select(pl.sum_horizontal(pl.exclude("ccode", "year", "state") == -9).sum())
    assert members["membership"].null_count() == counted.item() > 0


def test_counts_by_state_agree_with_another_count(members: pl.DataFrame, real_data: Path) -> None:
    """S. Miller's peacesciencer counts full members by state and year from the same record."""
    theirs = pl.read_parquet(real_data / "ties/igo/cow_igo_sy.parquet").filter(ccode=KAZ)
    for _, year, full, _, observer, _ in theirs.iter_rows():
        ours = members.filter(state=KAZ, year=year)["membership"]
        assert (ours == 1).sum() == full, year
        assert (ours == 3).sum() == observer, year


def test_two_tables_of_the_producer_name_the_same_organisations(
    members: pl.DataFrame, real_data: Path, tmp_path: Path
) -> None:
    igos = load(Igos(), real_data, tmp_path).frame
    assert set(igos["igo"]) == set(members["igo"])


def test_after_2014_the_count_is_missing_not_zero(real_data: Path, tmp_path: Path) -> None:
    dyads = load(IgoDyads(), real_data, tmp_path)
    rows = pl.DataFrame({"state": [RUS] * 2, "partner": [KAZ] * 2, "year": [2014, 2015]})
    joined = join(Panel(rows, COW_DYAD_YEAR, ()), dyads, coverage="partial")
    assert joined.frame["shared_igos"].to_list() == [47, None]


def test_informal_bodies(real_data: Path, tmp_path: Path) -> None:
    bodies = load(InformalBodies(), real_data, tmp_path)
    kaz = bodies.frame.filter(state=KAZ)
    assert kaz["year"].min() == 1992
    assert kaz["year"].max() == 2010
    assert "NSG" in set(kaz.filter(year=2010)["body"])
    copy = pl.read_parquet(real_data / "ties/igo/informal_io_membership_roger_rowan.parquet")
    first = copy.filter(pl.col("stateID") == "KAZ")["Begin"].unique().to_list()
    assert first == [1992]  # one "Begin" for all bodies: no date of a membership


def test_years_of_a_body_are_not_years_of_a_member(real_data: Path, tmp_path: Path) -> None:
    frame = load(InformalParticipants(), real_data, tmp_path).frame
    kaz = frame.filter(state="KAZ")
    assert kaz["began"].min() == 1939
    assert set(frame.columns) == {"body", "state", "began", "ended"}


def test_dated_memberships_are_those_of_the_groups(tmp_path: Path) -> None:
    table = DatedMemberships()
    frame = table.load(table.found(Settings(offline=True, cache=tmp_path))).frame
    day = date(2015, 6, 1)
    for group in ("CSTO", "EAEU", "SCO", "EU", "OTS"):
        now = frame.filter(
            pl.col("group") == group,
            pl.col("entered") <= day,
            pl.col("left").is_null() | (pl.col("left") >= day),
        )
        assert sorted(now["state"]) == list(states.members(group, day))
    assert sorted(frame.filter(group="EAEU", entered=date(2015, 1, 1))["state"]) == [
        "BLR",
        "KAZ",
        "RUS",
    ]  # the treaty of 29 May 2014 entered into force on 1 January 2015


def test_a_users_file_of_that_name_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "groups.csv").write_text("a,b\n1,2\n")
    found = DatedMemberships().found(Settings(data=tmp_path, cache=tmp_path, offline=True))
    assert found.layout == "casebook"
