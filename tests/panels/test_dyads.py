"""The table of all dyads, against the measures of single dyads and a plain reading of the file."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from multivector.errors import InputError, OutOfCoverage, Problems
from multivector.measures.similarity import Kappa, ScottPi, SScore, VoteAgreement, VotesInCommon
from multivector.panels.dyads import LABELS, AllDyads
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.stats.similarity import MEASURES
from tests.measures.toys import Calls, Votes

DAY = date(2010, 11, 1)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """Evaluate on the casebook alone."""
    return Runner(Settings(cache=tmp_path_factory.mktemp("casebook")))


def test_every_column_is_declared() -> None:
    assert tuple(LABELS) == MEASURES


@pytest.mark.parametrize("absence", ["apart", "abstains"])
def test_one_row_equals_the_measure_of_the_dyad(run: Runner, absence: str) -> None:
    table = run(AllDyads(years=(2014, 2016), absence=absence)).frame
    asked: dict[str, Any] = {
        "focal": "KAZ",
        "partners": ("RUS",),
        "years": (2015, 2015),
        "draws": 0,
    }
    asked |= {"absence": absence}
    row = table.row(
        by_predicate=(pl.col("state") == "KAZ")
        & (pl.col("partner") == "RUS")
        & (pl.col("year") == 2015),
        named=True,
    )
    single = {
        "n": VotesInCommon(**asked),
        "exact": VoteAgreement(**asked),
        "half_credit": VoteAgreement(**asked, credit="half"),
        "s_absolute": SScore(**asked),
        "s_squared": SScore(**asked, distance="squared"),
        "kappa_nominal": Kappa(**asked, distance="nominal"),
        "pi_squared": ScottPi(**asked, distance="squared"),
    }
    for name, step in single.items():
        assert row[name] == pytest.approx(run(step).at().value, abs=1e-12), name


def test_all_dyads_of_2015(run: Runner, real_data: Path) -> None:
    """The number of dyads, and two measures of each, as computed in R from another release."""
    with gzip.open(real_data / "unga" / "fpsim_reference_2015.csv.gz", "rt", encoding="utf-8") as f:
        reference = list(csv.DictReader(f))
    table = run(AllDyads(years=(2015, 2015))).frame
    assert len(table) == len(reference) == 18_528
    for theirs, ours in (("S_abs", "s_absolute"), ("A", "alignment")):
        values = sorted(v for v in table[ours] if v is not None)
        expected = sorted(float(row[theirs]) for row in reference if row[theirs])
        assert values == pytest.approx(expected, abs=1e-9)


def _calls(*numbers: str) -> Calls:
    return Calls(tuple((n, DAY, "Title") for n in numbers))


def test_unanimous_votes_may_be_left_out(run: Runner) -> None:
    rows = [("1", DAY, s, 1) for s in ("KAZ", "RUS", "USA")]
    rows += [("2", DAY, "KAZ", 1), ("2", DAY, "RUS", 1), ("2", DAY, "USA", 3)]
    votes = Votes(tuple(rows))
    kept, left = (
        run(AllDyads(votes, _calls("1", "2"), years=(2010, 2010), unanimous=rule)).frame
        for rule in ("kept", "left out")
    )
    assert kept.filter(state="KAZ", partner="USA")["exact"].to_list() == [0.5]
    assert left.filter(state="KAZ", partner="USA")["exact"].to_list() == [0.0]
    assert left["n"].to_list() == [1.0] * 3


def test_undefined_is_missing_and_absent_states_have_no_row(run: Runner) -> None:
    votes = Votes((("1", DAY, "KAZ", 1), ("2", DAY, "RUS", 1), ("1", DAY, "USA", 8)))
    frame = run(AllDyads(votes, _calls("1", "2"), years=(2010, 2010))).frame
    assert frame.select("state", "partner", "n", "s_absolute").rows() == [("KAZ", "RUS", 0.0, None)]


def test_known_errors_are_left_out(run: Runner) -> None:
    votes = Votes((("1", DAY, "KAZ", 1), ("1", DAY, "TUR", 1)), defect=("TUR", 2010))
    assert run(AllDyads(votes, _calls("1"), years=(2010, 2010))).frame.is_empty()


def test_years_are_checked(run: Runner) -> None:
    with pytest.raises((InputError, Problems), match="backwards"):
        AllDyads(years=(2015, 2010))
    with pytest.raises(OutOfCoverage, match="1946–1950 was asked for"):
        run(AllDyads(years=(1946, 1950)))
