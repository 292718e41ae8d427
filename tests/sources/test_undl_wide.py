"""Records of the Digital Library with one row per resolution, against their own tallies."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from multivector.errors import SchemaError
from multivector.settings import Settings
from multivector.sources import _undl_wide as undl_wide
from multivector.sources.un_roll_calls import UNRollCalls
from multivector.sources.un_votes import UNVotes

LAYOUTS = ("undl by name", "undl by code")
# In the file of 1946 to 2021 "NO-VOTE COUNT" is the absent and "ABSENT COUNT" the abstentions.
TALLIES = {
    "undl by name": {1: "YES COUNT", 2: "ABSENT COUNT", 3: "NO COUNT", 8: "NO-VOTE COUNT"},
    "undl by code": {1: "YES COUNT", 2: "ABSTAIN COUNT", 3: "NO COUNT", 8: "NO-VOTE COUNT"},
}
FILES = {f.layout: f.name for f in (undl_wide.BY_NAME, undl_wide.BY_CODE)}


@pytest.fixture(scope="module")
def settings(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(cache=tmp_path_factory.mktemp("cache"), data=real_data)


@pytest.fixture(scope="module")
def votes(settings: Settings) -> dict[str, pl.DataFrame]:
    sources = {layout: UNVotes(layout=layout) for layout in LAYOUTS}
    return {name: s.load(s.found(settings)).frame for name, s in sources.items()}


def _rows(real_data: Path, layout: str) -> list[dict[str, str]]:
    with gzip.open(real_data / "unga" / FILES[layout], "rt", encoding="utf-8") as stream:
        return [r for r in csv.DictReader(stream) if r["Council"] == "General Assembly"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_tally_that_the_records_print(
    votes: dict[str, pl.DataFrame], real_data: Path, layout: str
) -> None:
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for rcid, vote, n in votes[layout].group_by("rcid", "vote").len().iter_rows():
        found[rcid][vote] = n
    left_out = 0
    for row in _rows(real_data, layout):
        if len(row["Date"]) < 10:
            left_out += 1
            continue
        printed = {vote: int(row[name]) for vote, name in TALLIES[layout].items()}
        unreadable = row.get("DONOTKNOW")  # counted in the tally, cast by nobody knows whom
        if unreadable:
            printed[{"Y": 1, "A": 2, "N": 3, "X": 8}[unreadable]] -= 1
        assert found.pop(f"undl:{row['token']}") == Counter(printed), row["Resolution"]
    assert not found
    assert left_out == (2 if layout == "undl by name" else 0)


def test_the_security_council_is_left_out(votes: dict[str, pl.DataFrame], real_data: Path) -> None:
    with gzip.open(real_data / "unga" / FILES["undl by code"], "rt", encoding="utf-8") as stream:
        councils = Counter(row["Council"] for row in csv.DictReader(stream))
    assert councils == {"General Assembly": 192, "Security Council": 44}
    assert votes["undl by code"]["rcid"].n_unique() == 192


@pytest.mark.parametrize(
    ("record", "state", "vote"), [("TKAZAKHSTAN", "KAZ", 2), (" BELGIUM", "BEL", 3)]
)
def test_misprinted_names(
    votes: dict[str, pl.DataFrame], real_data: Path, record: str, state: str, vote: int
) -> None:
    (row,) = [r for r in _rows(real_data, "undl by name") if r[record]]
    cell = votes["undl by name"].filter(rcid=f"undl:{row['token']}", state=state)
    assert cell["vote"].to_list() == [vote]


def test_namibia_is_a_state(votes: dict[str, pl.DataFrame]) -> None:
    """Its ISO code of two letters reads NA, which many programs take for missing."""
    for frame in votes.values():
        assert len(frame.filter(state="NAM")) > 100


def test_non_members_have_no_row_and_absent_members_do(votes: dict[str, pl.DataFrame]) -> None:
    frame = votes["undl by name"]
    first = frame.filter(state="KAZ")["date"].min()
    assert isinstance(first, date)
    assert first > date(1992, 3, 1)
    assert set(frame["vote"]) == set(votes["undl by code"]["vote"]) == {1, 2, 3, 8}
    silent = votes["undl by code"].filter(pl.col("state").is_in(["AFG", "VEN"]))
    assert set(silent["vote"]) == {8}  # members without a column in that file
    assert len(silent) == 2 * 192


def test_turkiye_voted_in_2025(votes: dict[str, pl.DataFrame]) -> None:
    """Voeten's release of June 2024 has it absent in most votes of 2023, which was no habit."""
    turkiye = votes["undl by code"].filter(state="TUR")
    assert (turkiye["vote"] == 8).sum() < 0.1 * len(turkiye)


def test_the_three_files_agree_on_kazakhstan_s_votes(
    votes: dict[str, pl.DataFrame], settings: Settings
) -> None:
    """Kazakhstan's votes per resolution in the Library's records and in Voeten's list."""
    listed = UNRollCalls(layout="unvotes wide")
    calls = listed.load(listed.found(settings)).frame
    voeten = UNVotes(layout="unvotes wide")
    theirs = voeten.load(voeten.found(settings)).frame.filter(state="KAZ")
    symbol = pl.col("symbol").str.strip_prefix("R/")
    whole = calls.filter(
        pl.col("paragraph").fill_null(0) == 0,
        pl.col("amendment").fill_null(0) == 0,
        pl.col("date").dt.year() >= 2006,
    )
    theirs = theirs.join(whole.with_columns(symbol.alias("symbol")), on=["rcid", "date"])
    records = UNRollCalls(layout="undl by name")
    own = records.load(records.found(settings)).frame
    own = own.with_columns(pl.col("symbol").str.strip_prefix("A/RES/"))
    ours = votes["undl by name"].filter(state="KAZ").join(own, on=["rcid", "date"])
    once = [frame.filter(pl.col("symbol").is_unique()) for frame in (theirs, ours)]
    both = once[0].join(once[1], on="symbol", suffix="_library")
    both = both.filter(pl.col("vote_library") < 8)
    assert len(both) > 700
    assert (both["vote"] == both["vote_library"]).sum() > 0.99 * len(both)


@pytest.mark.parametrize(("layout", "facts"), [("undl by name", 3), ("undl by code", 1)])
def test_published_tallies(votes: dict[str, pl.DataFrame], layout: str, facts: int) -> None:
    assert UNVotes().check_facts(votes[layout], layout) == facts


def test_a_lost_vote_is_noticed(tmp_path: Path) -> None:
    header = "Link,token,Scrape_Year,Title,Council,Resolution,country,subregion,continent,Date,"
    header += "YES COUNT,NO COUNT,ABSTAIN COUNT,NO-VOTE COUNT,TOTAL VOTES,tags,KAZ,RUS\n"
    row = ",1,2025,T,General Assembly,A/RES/79/1,,,,2025-03-04,1,1,0,{},193,,YES,NO\n"
    path = tmp_path / "votes.csv"
    path.write_text(header + row.format(191))
    assert len(undl_wide.votes_by_code(path)) == 193
    path.write_text(header + row.format(190))
    with pytest.raises(SchemaError, match="not as many as counted"):
        undl_wide.votes_by_code(path)
