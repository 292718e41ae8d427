"""UN votes and roll calls: every layout, the known defects, and agreement between the files.

``data/un_votes`` holds small files written by hand after the publishers' descriptions: the header
of ``UNVotes.csv`` as data users print it (write.csv of R, 25 columns after the row number), the
data dictionaries of record 4060887 of the UN Digital Library (version 1, September 2024, and
version 3, July 2025). The votes on resolution 68/262 in them are those of A/68/PV.80; the two
late rows of roll call 411 are made up to have no COW code and the name in ``Country``.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from multivector.errors import SchemaError
from multivector.panel import Panel
from multivector.settings import Settings
from multivector.sources.un_roll_calls import UNRollCalls
from multivector.sources.un_votes import ISSUES, UNVotes

DATA = Path(__file__).parent / "data" / "un_votes"
WIDE = ("iso3 wide", "unvotes wide", "cow wide")
NOT_IN_ISO3 = ["DDR", "CSK", "YMD", "YAR", "ZAN"]


def _read(source: UNVotes | UNRollCalls, layout: str, *files: str) -> pl.DataFrame:
    """Read hand-written files as the source would, with the panel's checks."""
    frame = source.read(layout, [DATA / name for name in files])
    return Panel(frame, source.key, source.variables).frame


def _vote(frame: pl.DataFrame, rcid: str, state: str, day: date | None = None) -> int:
    rows = frame.filter(pl.col("rcid") == rcid, pl.col("state") == state)
    return (rows if day is None else rows.filter(pl.col("date") == day))["vote"].item()


# hand-written files in the publishers' layouts ------------------------------------------------


def test_dataverse_long() -> None:
    frame = _read(UNVotes(), "dataverse long", "UNVotes.csv")
    assert frame.schema == {
        "rcid": pl.String,
        "date": pl.Date,
        "state": pl.String,
        "vote": pl.Int8,
    }
    assert len(frame) == 12
    crimea = {"KAZ": 2, "RUS": 3, "SRB": 8, "NAM": 2}  # A/68/PV.80
    assert {s: _vote(frame, "5309", s) for s in crimea} == crimea
    assert _vote(frame, "3", "BHS") == 9  # not a member in 1946


def test_dataverse_long_gives_the_state_of_the_day() -> None:
    frame = _read(UNVotes(), "dataverse long", "UNVotes.csv")
    assert set(frame.filter(pl.col("rcid") == "3")["state"]) == {"USA", "CAN", "BHS", "SUN", "YUG"}


def test_dataverse_long_reads_rows_without_code_by_name() -> None:
    frame = _read(UNVotes(), "dataverse long", "UNVotes.csv")
    assert _vote(frame, "411", "USA", date(2023, 12, 4)) == 3
    assert _vote(frame, "411", "TUR", date(2023, 12, 4)) == 1


def test_rcid_repeats_and_the_date_tells_the_roll_calls_apart() -> None:
    frame = _read(UNVotes(), "dataverse long", "UNVotes.csv")
    assert _vote(frame, "411", "USA", date(1954, 12, 3)) == 1
    assert frame.filter(pl.col("rcid") == "411")["date"].n_unique() == 2


def test_unknown_country_is_reported(tmp_path: Path) -> None:
    text = (DATA / "UNVotes.csv").read_text(encoding="utf-8").replace("TÜRKIYE", "ATLANTIS")
    path = tmp_path / "UNVotes.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match="ATLANTIS"):
        UNVotes().read("dataverse long", [path])


def test_dataverse_long_roll_calls() -> None:
    frame = _read(UNRollCalls(), "dataverse long", "UNVotes.csv")
    assert frame["rcid"].to_list() == ["3", "411", "411", "5309"]
    first, _, late, crimea = frame.rows(named=True)
    assert (first["session"], first["amendment"], first["paragraph"]) == (1, 1, 0)
    assert (crimea["session"], crimea["symbol"], crimea["important"]) == (68, "R/68/262", 1)
    assert crimea["amendment"] is None  # not told: unknown, not zero
    assert (late["session"], late["title"], late["important"], late["di"]) == (78, None, None, 1)


@pytest.mark.parametrize(
    "file", ["2025_7_21_ga_voting.csv", "2024_09_12_ga_resolutions_voting.csv"]
)
def test_undl_headers_of_2024_and_2025(file: str) -> None:
    frame = _read(UNVotes(), "undl", file)
    assert _vote(frame, "undl:767883", "KAZ") == 2
    assert _vote(frame, "undl:767883", "SRB") == 8  # X in 2025, NV in 2024
    listed = _read(UNRollCalls(), "undl", file).row(0, named=True)
    assert (listed["rcid"], listed["session"], listed["symbol"]) == (
        ("undl:4025240", None, "A/RES/ES-10/21")
        if "2025" in file
        else ("undl:767883", 68, "A/RES/68/262")
    )


def test_undl_file_names_are_found(tmp_path: Path) -> None:
    for name in ("2024_09_12_ga_resolutions_voting.csv", "2025_7_21_ga_voting.csv"):
        (tmp_path / name).write_bytes((DATA / name).read_bytes())
    found = UNVotes(layout="undl").found(Settings(cache=tmp_path / "cache", data=tmp_path))
    assert [s.path.name for s in found.snapshots] == ["2025_7_21_ga_voting.csv"]  # the newest


# real files -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def settings(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(cache=tmp_path_factory.mktemp("cache"), data=real_data)


@pytest.fixture(scope="module")
def votes(settings: Settings) -> dict[str, pl.DataFrame]:
    sources = {layout: UNVotes(layout=layout) for layout in WIDE}
    return {name: s.load(s.found(settings)).frame for name, s in sources.items()}


@pytest.fixture(scope="module")
def roll_calls(settings: Settings) -> dict[str, pl.DataFrame]:
    sources = {layout: UNRollCalls(layout=layout) for layout in WIDE}
    return {name: s.load(s.found(settings)).frame for name, s in sources.items()}


@pytest.mark.parametrize(
    ("layout", "facts"), [("iso3 wide", 3), ("unvotes wide", 4), ("cow wide", 3)]
)
def test_published_tallies(votes: dict[str, pl.DataFrame], layout: str, facts: int) -> None:
    assert UNVotes().check_facts(votes[layout], layout) == facts


@pytest.mark.parametrize(("layout", "facts"), [("iso3 wide", 2), ("unvotes wide", 2)])
def test_published_symbols(roll_calls: dict[str, pl.DataFrame], layout: str, facts: int) -> None:
    assert UNRollCalls().check_facts(roll_calls[layout], layout) == facts


def test_iso3_wide_equals_a_plain_reading(votes: dict[str, pl.DataFrame], real_data: Path) -> None:
    """Count votes by code and compare all of 2014, with the csv module as the slow twin."""
    counts: Counter[int] = Counter()
    year: set[tuple[str, date, str, int]] = set()
    meta = {"rcid", "date", *ISSUES}
    with gzip.open(real_data / "unga" / "votes_jun2024_iso3_wide.csv.gz", "rt") as stream:
        for row in csv.DictReader(stream):
            day = date.fromisoformat(row["date"])
            for state, cell in row.items():
                if state in meta or (state == "CHN" and day < date(1949, 12, 8)):
                    continue  # before that day the column TWN holds the seat of China
                counts[int(cell)] += 1
                if day.year == 2014:
                    year.add((row["rcid"], day, state, int(cell)))
    frame = votes["iso3 wide"]
    assert dict(frame["vote"].value_counts().iter_rows()) == dict(counts)
    assert set(frame.filter(pl.col("date").dt.year() == 2014).iter_rows()) == year


def test_iso3_wide_agrees_with_unvotes_wide(votes: dict[str, pl.DataFrame]) -> None:
    """Two releases, two sets of actor codes: no disagreement where both have a vote."""
    cast_ = votes["iso3 wide"].filter(pl.col("vote") < 8)
    both = cast_.join(votes["unvotes wide"], on=["rcid", "date", "state"], suffix="_too")
    assert len(both) == len(cast_.filter(pl.col("date") <= date(2020, 1, 14)))
    assert both.filter(pl.col("vote") != pl.col("vote_too")).is_empty()


def test_iso3_wide_agrees_with_cow_wide(votes: dict[str, pl.DataFrame]) -> None:
    """Every roll call of one file is found in the other without one contradicting vote.

    The files number roll calls differently, so a roll call is sought among those of its day, by
    its votes. From September 2023 (session 78) days differ, so there among all.
    """
    days = {layout: _by_day(votes[layout]) for layout in ("iso3 wide", "cow wide")}
    compared = 0
    for day, ours in days["cow wide"].items():
        theirs = days["iso3 wide"][day]
        voted = (ours[:, None] > 0) & (theirs[None] > 0)
        against = ((ours[:, None] != theirs[None]) & voted).sum(-1)
        enough = voted.sum(-1) >= 0.9 * (ours > 0).sum(-1)[:, None]
        assert np.where(enough, against, 999).min(axis=1).tolist() == [0] * len(ours), day
        compared += int((ours > 0).sum())
    assert compared > 840_000


def _by_day(frame: pl.DataFrame) -> dict[date, NDArray[np.int8]]:
    """Return for each day its roll calls as rows of votes, a column per state, 0 for no vote."""
    late = pl.when(pl.col("date") < date(2023, 9, 1)).then("date").otherwise(date(2023, 9, 1))
    frame = frame.filter(pl.col("vote") < 8, ~pl.col("state").is_in(NOT_IN_ISO3))
    table = frame.with_columns(late.alias("date")).pivot(
        "state", index=["date", "rcid"], values="vote"
    )
    table = table.select("date", *sorted(table.columns[2:])).fill_null(0)
    return {
        day: part.drop("date").to_numpy()
        for (day,), part in table.group_by("date")
        if isinstance(day, date)
    }


def test_historical_states(votes: dict[str, pl.DataFrame]) -> None:
    for layout in WIDE:
        frame = votes[layout].filter(pl.col("vote") < 8)
        last = dict(frame.group_by("state").agg(pl.col("date").max()).iter_rows())
        first = dict(frame.group_by("state").agg(pl.col("date").min()).iter_rows())
        assert last["SUN"] < date(1991, 12, 26) <= first["RUS"]
        assert first["KAZ"] > date(1992, 3, 1)
        assert last["YUG"] <= date(1992, 4, 26)
        assert first["SRB"] >= date(2006, 6, 5)
        assert last["TWN"] < date(1971, 10, 26)
    assert set(NOT_IN_ISO3) <= set(votes["unvotes wide"]["state"])
    assert set(NOT_IN_ISO3) <= set(votes["cow wide"]["state"])
    assert set(NOT_IN_ISO3).isdisjoint(votes["iso3 wide"]["state"])


def test_four_kinds_of_not_voting_yes_stay_apart(votes: dict[str, pl.DataFrame]) -> None:
    frame = votes["iso3 wide"].filter(pl.col("rcid") == "5309")
    crimea = dict(frame["vote"].value_counts().iter_rows())
    assert crimea == {1: 100, 2: 58, 3: 11, 8: 24, 9: 1}  # GA/11493; 193 members, and TWN
    assert set(votes["unvotes wide"]["vote"]) == set(votes["cow wide"]["vote"]) == {1, 2, 3}


def test_lost_votes_of_serbia_and_montenegro(votes: dict[str, pl.DataFrame]) -> None:
    """The note on the layout: votes in one file that are absences in the other."""
    key = ["rcid", "date", "state"]
    lost = votes["unvotes wide"].join(votes["iso3 wide"].filter(pl.col("vote") == 8), on=key)
    assert dict(lost["state"].value_counts().iter_rows()) == {"SCG": 110}
    assert "110 votes of Serbia and Montenegro" in UNVotes.notes


def test_reused_numbers(votes: dict[str, pl.DataFrame]) -> None:
    calls = votes["iso3 wide"].select("rcid", "date").unique()
    twice = calls.filter(pl.col("rcid").is_duplicated())
    assert set(twice["rcid"]) == {"411", "427", "449", "495"}
    assert calls.height == 6551


def test_turkiye_2023_is_flagged_not_repaired(settings: Settings) -> None:
    source = UNVotes(layout="iso3 wide")
    panel = source.load(source.found(settings))
    turkiye = pl.col("state") == "TUR"
    year = panel.where(turkiye, pl.col("date").dt.year() == 2023)
    assert (year.frame["vote"] == 8).mean() == 0.75
    assert year.sound("vote").frame["vote"].null_count() == len(year.frame)
    before = panel.where(turkiye, pl.col("date").dt.year() == 2022)
    assert before.sound("vote").frame["vote"].null_count() == 0


def test_days_before_2003_are_counters(roll_calls: dict[str, pl.DataFrame]) -> None:
    """Resolution 56/59 was adopted on 10 December 2001 (press release GA/9996)."""
    rows = roll_calls["iso3 wide"].filter(pl.col("symbol") == "R/56/59")
    assert rows["date"].to_list() == [date(2001, 12, 3)]
    assert "56/59" in UNRollCalls.notes


def test_session_is_not_the_year(roll_calls: dict[str, pl.DataFrame]) -> None:
    """Session 68 opened in September 2013; resolution 68/262 is of March 2014."""
    listed = roll_calls["iso3 wide"].filter(pl.col("session") == 68)
    assert set(listed["date"].dt.year()) == {2013, 2014}


def test_two_files_of_the_iso3_layout_agree_on_rcid_and_date(
    roll_calls: dict[str, pl.DataFrame],
) -> None:
    listed, votes = roll_calls["unvotes wide"], roll_calls["iso3 wide"]
    assert listed.join(votes, on=["rcid", "date"], how="anti").is_empty()
    both = listed.join(votes, on=["rcid", "date"], suffix="_too")
    for issue in ISSUES:
        assert (both[issue] == both[f"{issue}_too"]).all()


def test_what_the_list_of_2021_cannot_tell_stays_unknown(
    roll_calls: dict[str, pl.DataFrame],
) -> None:
    late = roll_calls["iso3 wide"].filter(pl.col("date") > date(2020, 1, 14))
    assert len(late) == 348
    unknown = ["session", "symbol", "title", "description", "important", "amendment", "paragraph"]
    assert late.select(unknown).null_count().row(0) == (348,) * 7
    assert late.select(*ISSUES).null_count().row(0) == (0,) * 6


def test_cow_layout_knows_the_session_only(roll_calls: dict[str, pl.DataFrame]) -> None:
    frame = roll_calls["cow wide"]
    crimea = frame.filter(pl.col("rcid") == "resid:68061").row(0, named=True)
    assert (crimea["date"], crimea["session"], crimea["symbol"]) == (date(2014, 3, 27), 68, None)
