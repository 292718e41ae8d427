"""Similarity of votes: published and counted reference figures, a plain twin, and every rule.

The reference figures for Kazakhstan, 2007 to 2019, were counted from the files of the R package
unvotes 0.3.0 with the definitions of Signorino and Ritter (1999) and Häge (2011), apart from this
package; the twin below counts them once more from the casebook.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from multivector.errors import InputError, KeyMismatch, OutOfCoverage, Problems, UnknownName
from multivector.measures.similarity import Kappa, ScottPi, SScore, VoteAgreement, VotesInCommon
from multivector.panels.assembly import AssemblyVotes
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.sources.un_roll_calls import UNRollCalls
from multivector.sources.un_votes import UNVotes
from tests.measures.conftest import EU27, Book
from tests.measures.toys import Calls, Votes

COUNTED = {  # partner: votes in common, S, kappa with absolute distances
    "CHN": (1162, 0.769363, 0.353705),
    "RUS": (1167, 0.608398, 0.265039),
}
PERIOD = {"focal": "KAZ", "years": (2007, 2019), "by": "period", "draws": 0}
FILES = (UNVotes(layout="unvotes wide"), UNRollCalls(layout="unvotes wide"))


@pytest.fixture(params=["casebook", "unvotes files"])
def runner_and_inputs(request: pytest.FixtureRequest) -> tuple[Runner, tuple[object, ...]]:
    if request.param == "casebook":
        return request.getfixturevalue("run"), ()
    return request.getfixturevalue("full"), FILES


def test_reference_figures(runner_and_inputs: tuple[Runner, tuple[object, ...]]) -> None:
    run, inputs = runner_and_inputs
    for partner, (n, s, kappa) in COUNTED.items():
        asked = {**PERIOD, "partners": (partner,)}
        assert run(VotesInCommon(*inputs, **asked)).at().value == n
        assert run(SScore(*inputs, **asked)).at().value == pytest.approx(s, abs=5e-7)
        assert run(Kappa(*inputs, **asked)).at().value == pytest.approx(kappa, abs=5e-7)
    for distance, kappa in {"squared": 0.405408, "nominal": 0.297278}.items():
        value = run(Kappa(*inputs, **PERIOD, partners=("CHN",), distance=distance)).at().value
        assert value == pytest.approx(kappa, abs=5e-7)


SCALE = {1: 1, 2: 0, 3: -1}


def _pairs(book: Book, a: str, b: str, first: int, last: int) -> list[tuple[int, int]]:
    votes = ((v.get(a), v.get(b)) for v in book.between(first, last))
    return [(SCALE[x], SCALE[y]) for x, y in votes if x in SCALE and y in SCALE]


def _one_minus(pairs: list[tuple[int, int]], x: list[int], y: list[int]) -> float:
    expected = sum(abs(i - j) for i in x for j in y) / (len(x) * len(y))
    return 1 - sum(abs(i - j) for i, j in pairs) / len(pairs) / expected


def test_measures_equal_a_plain_twin(run: Runner, book: Book) -> None:
    asked = {**PERIOD, "years": (2010, 2014), "partners": ("USA",)}
    pairs = _pairs(book, "KAZ", "USA", 2010, 2014)
    x, y = ([p[k] for p in pairs] for k in (0, 1))
    apart = sum(abs(i - j) for i, j in pairs)
    exact = sum(i == j for i, j in pairs) / len(pairs)
    half = sum(1 - abs(i - j) / 2 if abs(i - j) < 2 else 0 for i, j in pairs) / len(pairs)
    expected = {
        VotesInCommon(**asked): len(pairs),
        VoteAgreement(**asked): exact,
        VoteAgreement(**asked, credit="half"): half,
        SScore(**asked): 1 - apart / len(pairs),
        Kappa(**asked): _one_minus(pairs, x, y),
        ScottPi(**asked): _one_minus(pairs, x + y, x + y),
    }
    for step, value in expected.items():
        assert run(step).at().value == pytest.approx(value, abs=1e-12), step.name


def test_years_are_cells_of_their_own(run: Runner, book: Book) -> None:
    found = run(VotesInCommon(focal="KAZ", partners=("CHN", "RUS"), years=(2015, 2017)))
    for year in (2015, 2016, 2017):
        for partner in ("CHN", "RUS"):
            twin = len(_pairs(book, "KAZ", partner, year, year))
            assert found.at(partner=partner, year=year).value == twin


# blocs ------------------------------------------------------------------------------------------


def _common(votes: dict[str, int], members: frozenset[str]) -> int | None:
    cast = [votes[m] for m in members if votes.get(m) in SCALE]
    for code in SCALE:
        if cast and cast.count(code) >= 0.9 * len(cast):
            return code
    return None


def test_the_common_vote_of_the_eu_equals_a_plain_twin(run: Runner, book: Book) -> None:
    found = run(VoteAgreement(**{**PERIOD, "years": (2019, 2019)}, partners=("EU27_2020",))).at()
    same, both, divided, calls = 0, 0, 0, 0
    for votes in book.between(2019, 2019):
        common, own = _common(votes, EU27), votes.get("KAZ")
        calls += 1
        divided += common is None
        if common is not None and own in SCALE:
            both += 1
            same += common == own
    assert found.value == pytest.approx(same / both, abs=1e-12)
    assert f"No common position on {divided / calls:.0%} of the votes" in found.note


def test_membership_of_a_bloc_is_that_of_the_day(run: Runner, book: Book) -> None:
    """The European Union had 27 members until 30 June 2013 and 28 with Croatia from 1 July."""
    before = EU27 - {"HRV"} | {"GBR"}
    twin = 0
    for rcid, votes in book.votes.items():
        if (day := book.days[rcid]).year == 2013:
            members = before | {"HRV"} if day >= date(2013, 7, 1) else before
            twin += _common(votes, members) is not None and votes.get("KAZ") in SCALE
    found = run(VotesInCommon(focal="KAZ", partners=("EU",), years=(2013, 2013)))
    assert found.at().value == twin


# what is missing --------------------------------------------------------------------------------


def test_turkiye_in_2023_is_missing_with_a_note(run: Runner) -> None:
    found = run(SScore(focal="KAZ", partners=("TUR", "RUS"), years=(2022, 2024), draws=0))
    assert found.at(partner="TUR", year=2022).known
    assert not found.at(partner="TUR", year=2022).note
    for year in (2023, 2024):
        assert not found.at(partner="TUR", year=year).known
        assert "Türkiye is coded absent" in found.at(partner="TUR", year=year).note
        assert found.at(partner="RUS", year=year).known
    assert not found.at(partner="RUS", year=2023).note


def test_missing_votes_are_no_count_of_zero(run: Runner) -> None:
    found = run(VotesInCommon(focal="KAZ", partners=("TUR", "SSD"), years=(2010, 2023)))
    assert found.at(partner="TUR", year=2022).known
    assert not found.at(partner="TUR", year=2023).known
    assert not found.at(partner="SSD", year=2010).known  # a member since 14 July 2011
    assert found.at(partner="SSD", year=2012).known


def test_a_period_that_touches_a_defect_carries_its_note(run: Runner) -> None:
    asked = {"focal": "KAZ", "partners": ("TUR",), "by": "period", "draws": 0}
    touched = run(SScore(**asked, years=(2019, 2023))).at()
    assert "Türkiye is coded absent" in touched.note
    assert touched.value == run(SScore(**asked, years=(2019, 2022))).at().value


def test_a_bloc_with_a_member_whose_votes_are_wrong_carries_the_note(run: Runner) -> None:
    found = run(SScore(focal="KAZ", partners=("NATO",), years=(2023, 2023), draws=0)).at()
    assert "Türkiye is coded absent" in found.note


def test_the_last_year_says_that_it_is_not_whole(run: Runner) -> None:
    """The release of June 2024 ends on 4 June 2024."""
    found = run(SScore(focal="KAZ", partners=("RUS",), years=(2023, 2024), draws=0))
    assert found.at(year=2024).note == "2024: votes to 4 June only."
    assert not found.at(year=2023).note


@pytest.mark.parametrize("years", [(1980, 2000), (2015, 2031)])
def test_years_outside_are_refused(run: Runner, years: tuple[int, int]) -> None:
    with pytest.raises(OutOfCoverage, match=r"1992–2024; .* was asked for"):
        run(SScore(focal="KAZ", partners=("RUS",), years=years, draws=0))


def test_a_state_without_a_vote_is_refused(run: Runner) -> None:
    with pytest.raises(UnknownName, match="XKX"):
        run(SScore(focal="KAZ", partners=("Kosovo",), draws=0))


@pytest.mark.parametrize("rule", ["apart", "abstains"])
def test_absence_is_no_abstention_unless_asked(run: Runner, book: Book, rule: str) -> None:
    rows = list(book.between(2016, 2016))
    held = {1, 2, 3} if rule == "apart" else {1, 2, 3, 8}
    twin = sum(v.get("KAZ") in held and v.get("TKM") in held for v in rows)
    asked = {"focal": "KAZ", "partners": ("TKM",), "years": (2016, 2016), "absence": rule}
    found = run(VotesInCommon(**asked))
    assert found.at().value == twin
    assert ("absences apart" in found.variant) is (rule == "apart")


# draws ------------------------------------------------------------------------------------------


def test_seeds_reproduce_the_draws(run: Runner, tmp_path: Path) -> None:
    step = SScore(focal="KAZ", partners=("CHN",), years=(2015, 2015), draws=40, seed=7)
    first = run(step)
    again = Runner(Settings(cache=tmp_path))(step)
    np.testing.assert_array_equal(first.draws, again.draws)
    other = run(SScore(focal="KAZ", partners=("CHN",), years=(2015, 2015), draws=40, seed=8))
    assert not np.array_equal(first.draws, other.draws)
    assert first.draws.shape == (1, 40)
    assert first.at().value == other.at().value  # the record itself does not depend on the seed


@pytest.mark.parametrize("measure", [SScore, Kappa, ScottPi, VoteAgreement])
def test_intervals_hold_the_record(run: Runner, measure: Callable[..., SScore]) -> None:
    found = run(measure(focal="KAZ", partners=("CHN", "RUS", "USA"), years=(2005, 2019), draws=100))
    table = found.summary().drop_nulls()
    assert len(table) == 45
    held = (table["low"] <= table["value"]) & (table["value"] <= table["high"])
    assert held.mean() >= 0.95
    assert (table["low"] < table["high"]).all()


def test_four_families_are_too_few_for_an_interval(run: Runner) -> None:
    day = date(2010, 10, 1)
    votes = tuple((str(n), day, s, 1 + n % 2) for n in range(8) for s in ("KAZ", "RUS"))
    asked = {"focal": "KAZ", "partners": ("RUS",), "years": (2010, 2010), "draws": 20}
    few = Calls(tuple((str(n), day, f"Item {'abcd'[n % 4]}, {n}") for n in range(8)))
    more = Calls(tuple((str(n), day, f"Item {'abcde'[n % 5]}, {n}") for n in range(8)))
    found = run(SScore(Votes(votes), few, **asked)).at()
    assert found.value == 1
    assert found.low is None
    assert run(SScore(Votes(votes), more, **asked)).at().low is not None


# inputs -----------------------------------------------------------------------------------------

INVASION = date(2022, 3, 2)
EMERGENCY = Votes((("ES-11/1", INVASION, "KAZ", 2), ("ES-11/1", INVASION, "RUS", 3)), complete=1)


def _rows(run: Runner, votes: Votes, emergency: Votes = EMERGENCY) -> list[str]:
    return sorted(set(run(AssemblyVotes(votes, emergency)).frame["rcid"]))


def test_a_complete_emergency_vote_is_added_once(run: Runner, book: Book) -> None:
    other = ("9", date(2022, 12, 7), "KAZ", 1)
    assert _rows(run, Votes((other,))) == ["9", "ES-11/1"]
    held = (other, ("undl:7", INVASION, "KAZ", 2), ("undl:7", INVASION, "RUS", 3))
    assert _rows(run, Votes(held)) == ["9", "undl:7"]
    partial = Votes(EMERGENCY.rows, complete=0)
    assert _rows(run, Votes((other,)), partial) == ["9"]
    found = run(VotesInCommon(focal="KAZ", partners=("RUS",), years=(2022, 2022))).at()
    assert found.value == len(_pairs(book, "KAZ", "RUS", 2022, 2022)) + 1


def test_a_record_that_ends_earlier_is_not_prolonged(run: Runner) -> None:
    last = date(2020, 1, 31)
    votes = Votes((("9", last, "KAZ", 1), ("9", last, "RUS", 1)), years=(2000, 2020))
    assert _rows(run, votes) == ["9"]
    step = SScore(
        AssemblyVotes(votes, EMERGENCY),
        Calls((("9", last, "A"),)),
        focal="KAZ",
        partners=("RUS",),
        years=(2020, 2020),
        draws=0,
    )
    assert run(step).at().note == "2020: votes to 31 January only."


def test_votes_and_roll_calls_numbered_differently_are_refused(run: Runner) -> None:
    day = date(2010, 10, 1)
    step = SScore(
        Votes((("resid:1", day, "KAZ", 1),)),
        Calls((("1", day, "A"),)),
        focal="KAZ",
        partners=("RUS",),
        draws=0,
    )
    with pytest.raises(KeyMismatch, match=r"resid:1 …; list: 1 …"):
        run(step)


def test_wrong_choices_are_named_at_once() -> None:
    with pytest.raises(Problems) as caught:
        SScore(focal="Kazahkstan", partners=("RUS",), by="decade", vote_set="impotant")
    text = str(caught.value)
    for near in ("Kazakhstan", "Nearest: important", "period, year"):
        assert near in text
    with pytest.raises(Problems) as caught:
        SScore(focal="KAZ", partners=("KAZ",), years=(2010, 2009))
    assert len(caught.value.exceptions) == 2
    with pytest.raises(InputError, match="-1 draws"):
        SScore(focal="KAZ", partners=("RUS",), draws=-1)
