"""The look-up of votes: by theme and by resolution, from the record and from made-up rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl
import pytest

from multivector.errors import OutOfCoverage, Problems
from multivector.panel import Panel
from multivector.panels.positions import Positions, answer, look_up, patterns, summary
from multivector.registry import find
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.step import Inputs
from multivector.variable import Coverage, Variable, span
from tests.measures.toys import Calls, Votes

DAY = date(2010, 11, 1)


@dataclass(frozen=True)
class Described(Calls):
    """Roll calls without a description."""

    def compute(self, get: Inputs) -> Panel:
        panel = super().compute(get)
        text = Variable("description", "D", "text", Coverage(span(1946, 2024)))
        frame = panel.frame.with_columns(pl.lit(None, pl.String).alias("description"))
        return Panel(frame, panel.key, (*panel.variables, text))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """Evaluate on the casebook alone."""
    return Runner(Settings(cache=tmp_path_factory.mktemp("casebook")))


def test_territorial_integrity_of_ukraine(run: Runner) -> None:
    """A/68/PV.80 of 27 March 2014: Kazakhstan and China abstained, Serbia was not there."""
    found = look_up(run, ("Kazakhstan", "CHN", "RUS", "USA", "SRB"), symbol="68/262")
    row = found.votes.row(0, named=True)
    assert len(found.votes) == 1
    votes = {s: row[s] for s in ("KAZ", "CHN", "RUS", "USA", "SRB")}
    assert votes == {
        "KAZ": "abstain",
        "CHN": "abstain",
        "RUS": "no",
        "USA": "yes",
        "SRB": "absent",
    }


def test_an_emergency_vote(run: Runner) -> None:
    """A/ES-11/PV.5 of 2 March 2022: Kazakhstan abstained, Uzbekistan did not vote."""
    row = look_up(run, ("KAZ", "UZB", "RUS"), symbol="ES-11/1").votes.row(0, named=True)
    assert (row["KAZ"], row["UZB"], row["RUS"]) == ("abstain", "absent", "no")


def test_nuclear_testing_since_2010(run: Runner) -> None:
    """The yearly resolution on the test-ban treaty, as the UN Digital Library lists it by title.

    The United States abstained from 72/70 on, by the Library's records of those votes.
    """
    found = look_up(run, ("KAZ", "RUS", "CHN", "USA"), on="nuclear testing", since=2010)
    symbols = {"/".join(s.split("/")[-2:]) for s in found.votes["symbol"]}
    yearly = {"65/91", "66/64", "67/76", "68/68", "69/81", "70/73", "71/86", "72/70", "73/86"}
    assert symbols == yearly | {"74/78"}
    assert set(found.votes["KAZ"]) == {"yes"}
    late = found.votes.filter(pl.col("date").dt.year() >= 2017)
    assert set(late["USA"]) == {"abstain"}
    counts = found.counts.filter(state="KAZ").row(0, named=True)
    assert counts["yes"] == counts["roll calls"] == len(found.votes)
    assert "cannot be found" in found.note  # the list has no titles after January 2020


def test_the_note_is_silent_where_every_roll_call_has_a_title(run: Runner) -> None:
    assert look_up(run, ("KAZ",), on="nuclear testing", since=2010, until=2015).note == ""


def test_four_kinds_of_silence_stay_apart(run: Runner) -> None:
    votes = Votes(
        (
            ("1", DAY, "KAZ", 2),
            ("1", DAY, "RUS", 8),
            ("1", DAY, "SSD", 9),
            ("1", DAY, "TUR", 1),
        ),
        defect=("TUR", 2010),
    )
    who = ("KAZ", "RUS", "SSD", "TUR", "CHN")
    panel = run(Positions(votes, Described((("1", DAY, "A title"),)), focal=who[0], others=who[1:]))
    row = answer(panel).row(0, named=True)
    assert [row[s] for s in who] == [
        "abstain",
        "absent",
        "not a member",
        "not on record",
        "not on record",
    ]
    silent = summary(panel).filter(state="CHN").row(0, named=True)
    assert (silent["not on record"], silent["absent"]) == (1, 0)


@pytest.mark.parametrize(
    ("words", "text", "matches"),
    [
        ("nuclear testing", "NUCLEAR WEAPON TESTS--TREATY", True),
        ("nuclear testing", "Comprehensive Nuclear-Test-Ban Treaty", True),
        ("nuclear testing", "Protest against nuclear power", False),
        ("human rights iran", "Situation of human rights in the Islamic Republic of Iran", True),
        ("iran", "Tirana conference", False),
        ("(", "anything", True),
    ],
)
def test_words(words: str, text: str, matches: bool) -> None:
    table = pl.DataFrame({"text": [text]})
    found = [table["text"].str.contains(p).item() for p in patterns(words)]
    assert all(found) is matches


def test_it_is_found_by_name() -> None:
    assert find("panels", "positions") is Positions


def test_wrong_choices_are_named_at_once(run: Runner) -> None:
    with pytest.raises(Problems) as caught:
        Positions(focal="EU", years=(2015, 2010))
    assert len(caught.value.exceptions) == 2
    with pytest.raises(OutOfCoverage):
        run(Positions(focal="KAZ", years=(1950, 1960)))
