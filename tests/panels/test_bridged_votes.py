"""The linked sample of votes: the published one vote for vote, and the rules on made-up rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from multivector.origin import CC0, Origin
from multivector.panel import Panel
from multivector.panels.bridged_votes import BridgedVotes
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.sources.bridged_resolutions import BridgedResolutions
from multivector.sources.un_roll_calls import UNRollCalls
from multivector.sources.un_votes import UNVotes
from multivector.step import Inputs, Step
from multivector.variable import ROLL_CALL, Coverage, Variable, span
from tests.measures.toys import Votes

COVER = Coverage(span(1946, 2024))
ORIGIN = (Origin("toy", "Toy", "test", "1", CC0),)


@dataclass(frozen=True)
class Calls(Step[Panel]):
    """Roll calls as (number, date, session, amendment, paragraph); −1 is not known."""

    rows: tuple[tuple[str, date, int, int, int], ...]

    def compute(self, get: Inputs) -> Panel:
        types = {"rcid": pl.String, "date": pl.Date, "session": pl.Int16}
        types |= {"amendment": pl.Int8, "paragraph": pl.Int8}
        frame = pl.DataFrame(list(self.rows), types, orient="row")
        frame = frame.with_columns(pl.col(pl.Int8, pl.Int16).replace(-1, None))
        names = ("session", "amendment", "paragraph")
        made = tuple(Variable(n, n, "ordinal number", COVER, origins=ORIGIN) for n in names)
        return Panel(frame, ROLL_CALL, made)


@dataclass(frozen=True)
class Pairs(Step[Panel]):
    """Pairs of roll calls as (later, earlier)."""

    rows: tuple[tuple[str, str], ...]

    def compute(self, get: Inputs) -> Panel:
        types = {"rcid": pl.String, "earlier": pl.String}
        frame = pl.DataFrame(list(self.rows), types, orient="row").with_row_index("number")
        number = Variable("number", "number", "ordinal number", Coverage(), origins=ORIGIN)
        return Panel(frame, BridgedResolutions.key, (number,))


def _votes(*rows: tuple[str, date, str, int], broken: str = "") -> Votes:
    return Votes(rows, (1946, 2024), defect=(broken, 2010))


def _calls(*rows: tuple[str, date, int, int, int]) -> Calls:
    return Calls(rows)


def _split(rcid: str, day: date) -> tuple[tuple[str, date, str, int], ...]:
    return ((rcid, day, "USA", 1), (rcid, day, "RUS", 3))


def _run(tmp_path: Path, votes: Votes, calls: Calls, *pairs: tuple[str, str]) -> pl.DataFrame:
    return Runner(Settings(cache=tmp_path))(BridgedVotes(votes, calls, Pairs(pairs))).frame


# rules -------------------------------------------------------------------------------------------


def test_chains_of_pairs_end_at_the_first_question(tmp_path: Path) -> None:
    days = [date(2000 + n, 11, 1) for n in range(4)]
    rows = [row for n, day in enumerate(days) for row in _split(str(n + 1), day)]
    calls = [(str(n + 1), day, 55 + n, -1, -1) for n, day in enumerate(days)]
    pairs = (("4", "3"), ("3", "2"), ("3", "1"), ("2", "1"))
    frame = _run(tmp_path, _votes(*rows), _calls(*calls), *pairs)
    assert frame["item"].unique().to_list() == ["1"]
    assert sorted(frame["session"].unique()) == [55, 56, 57, 58]


def test_a_number_given_again_is_another_question(tmp_path: Path) -> None:
    old, new = date(1954, 12, 3), date(2023, 12, 4)
    votes = _votes(*_split("411", old), *_split("411", new), *_split("500", date(1955, 11, 1)))
    calls = _calls(
        ("411", old, 9, 0, 0), ("411", new, -1, -1, -1), ("500", date(1955, 11, 1), 10, 0, 0)
    )
    frame = _run(tmp_path, votes, calls, ("500", "411"))
    items = dict(frame.select("date", "item").unique().iter_rows())
    assert items == {old: "411", date(1955, 11, 1): "411", new: "411 of 2023-12-04"}


@pytest.mark.parametrize(
    ("day", "session"),
    [
        (date(2021, 9, 10), 75),
        (date(2021, 9, 24), 76),
        (date(2022, 3, 24), 76),
        (date(2022, 12, 7), 77),
    ],
)
def test_an_unknown_session_follows_from_the_date(tmp_path: Path, day: date, session: int) -> None:
    calls = _calls(("7", day, -1, -1, -1), ("8", date(2000, 10, 1), 55, -1, -1))
    frame = _run(tmp_path, _votes(*_split("7", day)), calls)
    assert frame["session"].unique().to_list() == [session]


def test_absences_parts_of_texts_and_unanimity_tell_nothing(tmp_path: Path) -> None:
    day, before = date(2010, 11, 1), date(1989, 11, 1)
    votes = _votes(
        *_split("1", day),
        ("1", day, "KAZ", 8),
        ("1", day, "SSD", 9),
        *_split("2", day),
        *_split("3", before),
        ("4", day, "USA", 1),
        ("4", day, "RUS", 1),
    )
    calls = _calls(
        ("1", day, 65, 0, 0), ("2", day, 65, 0, 1), ("3", before, 44, 0, 1), ("4", day, 65, 0, 0)
    )
    frame = _run(tmp_path, votes, calls)
    assert set(frame.select("item", "state").iter_rows()) == {
        (item, state) for item in ("1", "3") for state in ("USA", "RUS")
    }


def test_known_errors_do_not_enter(tmp_path: Path) -> None:
    day = date(2010, 11, 1)
    votes = _votes(*_split("1", day), ("1", day, "TUR", 1), broken="TUR")
    frame = _run(tmp_path, votes, _calls(("1", day, 65, 0, 0)))
    assert set(frame["state"]) == {"USA", "RUS"}


def test_a_state_and_its_continuation_are_one_voter(tmp_path: Path) -> None:
    rows = (
        ("SUN", date(1990, 11, 1), 45, 365),
        ("RUS", date(1992, 11, 1), 47, 365),
        ("DEU", date(1990, 11, 1), 45, 260),
        ("DEU", date(1991, 11, 1), 46, 255),
        ("YEM", date(1990, 11, 1), 45, 678),
        ("YEM", date(1991, 11, 1), 46, 679),
        ("CHN", date(1948, 11, 1), 3, 713),
        ("TWN", date(1960, 11, 1), 15, 713),
        ("CHN", date(1972, 11, 1), 27, 710),
        ("YUG", date(1980, 11, 1), 35, 345),
        ("SRB", date(2010, 11, 1), 65, 345),
    )
    votes = [r for n, (s, d, *_) in enumerate(rows) for r in ((str(n), d, s, 1),)]
    votes += [(str(n), d, "USA", 3) for n, (_, d, *_) in enumerate(rows)]
    calls = [(str(n), d, session, 0, 0) for n, (_, d, session, _) in enumerate(rows)]
    frame = _run(tmp_path, _votes(*votes), _calls(*calls)).filter(pl.col("state") != "USA")
    found = {(s, d): unit for s, d, unit in frame.select("state", "date", "unit").iter_rows()}
    assert found == {(s, d): unit for s, d, _, unit in rows}


# the published sample of April 2020 ---------------------------------------------------------------


@pytest.fixture(scope="module")
def sample(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    run = Runner(Settings(cache=tmp_path_factory.mktemp("cache"), data=real_data))
    step = BridgedVotes(UNVotes(layout="unvotes wide"), UNRollCalls(layout="unvotes wide"))
    return run(step).frame


def test_the_sample_has_the_published_size(sample: pl.DataFrame, real_data: Path) -> None:
    """Bailey, Strezhnev and Voeten, release of April 2020."""
    assert len(sample) == 797_473
    assert sample["item"].n_unique() == 4_784
    assert sample.select("unit", "session").unique().height == 10_469


def test_every_tally_of_the_linked_items(sample: pl.DataFrame, real_data: Path) -> None:
    published = pl.read_csv(real_data / "unga" / "bsv_votetally_apr2020.csv")
    expected = {
        str(row["rcid_linked"]): (row["yes"], row["abstain"], row["no"])
        for row in published.iter_rows(named=True)
    }
    counts = sample.group_by("item").agg(
        *((pl.col("vote") == v).sum().alias(str(v)) for v in (1, 2, 3))
    )
    assert {i: (y, a, n) for i, y, a, n in counts.iter_rows()} == expected


def test_every_number_of_votes(sample: pl.DataFrame, real_data: Path) -> None:
    published = pl.read_csv(real_data / "unga" / "bsv_idealpoints_all_apr2020.csv.gz")
    expected = {
        (unit, session): n
        for unit, session, n in published.select("ccode", "session", "NVotes").iter_rows()
    }
    found = sample.group_by("unit", "session").len()
    assert {(unit, session): n for unit, session, n in found.iter_rows()} == expected


@pytest.mark.parametrize(
    ("column", "power"), [("USAgree", 2), ("RUSSAgree", 365), ("ChinaAgree", 710)]
)
def test_agreement_with_the_powers_as_released(
    sample: pl.DataFrame, real_data: Path, column: str, power: int
) -> None:
    """Shares of identical votes in the release of June 2024, printed to seven digits."""
    table = pl.read_csv(real_data / "unga" / "bsv_idealpoints_jun2024.csv.gz")
    published = {
        (unit, session): share
        for unit, session, share in table.select("ccode", "session", column).iter_rows()
        if share is not None and session <= 74
    }
    theirs = sample.filter(unit=power).select("rcid", "date", theirs="vote")
    shared = sample.join(theirs, on=["rcid", "date"])
    ours = shared.group_by("unit", "session").agg((pl.col("vote") == pl.col("theirs")).mean())
    found = {(unit, session): share for unit, session, share in ours.iter_rows()}
    assert sorted(set(published) ^ set(found)) == []
    assert max(abs(found[cell] - share) for cell, share in published.items()) <= 5.0001e-8


# choices ------------------------------------------------------------------------------------------


def test_without_bridging_every_roll_call_is_a_question(tmp_path: Path) -> None:
    days = [date(2000 + n, 11, 1) for n in range(2)]
    votes = _votes(*_split("1", days[0]), *_split("2", days[1]))
    calls = _calls(("1", days[0], 55, -1, -1), ("2", days[1], 56, -1, -1))
    run = Runner(Settings(cache=tmp_path))
    linked = BridgedVotes(votes, calls, Pairs((("2", "1"),)))
    alone = BridgedVotes(votes, calls, Pairs((("2", "1"),)), bridging="none")
    assert set(run(linked).frame["item"]) == {"1"}
    assert set(run(alone).frame["item"]) == {"1", "2"}
    assert "linked as published" in run(linked).variable("item").label
    assert "question of its own" in run(alone).variable("item").label


def test_years_are_those_of_the_votes_and_sessions_open_the_year_before(tmp_path: Path) -> None:
    days = [date(2000, 11, 1), date(2001, 3, 1), date(2001, 11, 1)]
    votes = _votes(*(row for n, day in enumerate(days) for row in _split(str(n), day)))
    calls = _calls(*((str(n), day, -1, -1, -1) for n, day in enumerate(days)))
    run = Runner(Settings(cache=tmp_path))
    frame = run(BridgedVotes(votes, calls, Pairs(()), years=(2001, 2001))).frame
    rows = sorted(frame.select("date", "session", "opened").unique().rows())
    assert rows == [(days[1], 55, 2000), (days[2], 56, 2001)]


def test_what_is_bridged_in_the_casebook(tmp_path: Path) -> None:
    """Pairs end with the session of 2019; those with an end before 1992 link nothing here."""
    run = Runner(Settings(cache=tmp_path))
    frame = run(BridgedVotes()).frame.select("rcid", "date", "session", "item").unique()
    shared = frame.filter(pl.len().over("item") > 1)
    assert shared["session"].max() <= 74
    spans = shared.group_by("item").agg(pl.col("session").n_unique(), pl.len())
    assert (spans["session"] == spans["len"]).all()  # never twice in a session
    pairs = run(BridgedResolutions()).frame
    here = set(frame["rcid"])
    both = [(a, b) for a, b in pairs.select("rcid", "earlier").rows() if a in here and b in here]
    assert len(both) > 300
    first = frame.filter(pl.col("date") < date(2020, 3, 1))
    question = dict(first.select("rcid", "item").iter_rows())
    assert all(question[a] == question[b] for a, b in both)
