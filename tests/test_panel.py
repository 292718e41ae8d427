"""Panels: a table that is not what it declares never comes to be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations, permutations
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector.errors import OutOfCoverage, Problems, SchemaError, UnknownName
from multivector.origin import CC0, Origin
from multivector.panel import Panel
from multivector.variable import (
    DIRECTED_DYAD_YEAR,
    DYAD_YEAR,
    ROLL_CALL,
    STATE,
    STATE_YEAR,
    Coverage,
    Defect,
    Key,
    Variable,
    span,
    year_ranges,
)

X = Variable("x", "X", "index", Coverage(span(2018, 2020)), range=(0, 1))
VOTE = Variable("vote", "Vote", "category", Coverage(), codes=((1, "yes"), (3, "no")))


def state_year(x: Any, states: Any = ("KAZ", "RUS"), years: Any = (2019, 2019)) -> pl.DataFrame:
    return pl.DataFrame({"state": states, "year": years, "x": x}, strict=False)


def dyads(pairs: Any, directed: bool = True) -> Panel:
    frame = pl.DataFrame(
        [(a, b, 2019) for a, b in pairs], ["state", "partner", "year"], orient="row"
    )
    return Panel(frame, DIRECTED_DYAD_YEAR if directed else DYAD_YEAR, ())


# schema -----------------------------------------------------------------------------------------


def test_every_problem_is_named_at_once() -> None:
    frame = pl.DataFrame(
        {
            "state": ["KAZ", "KAZ", None, "RUS"],
            "year": [2019, 2019, 2019, 2019],
            "x": [0.5, 0.5, float("nan"), 7.0],
            "vote": [1, 2, None, 3],
            "extra": [1, 2, 3, 4],
        }
    )
    absent = replace(X, name="absent")
    with pytest.raises(Problems) as caught:
        Panel(frame, STATE_YEAR, (X, VOTE, absent))
    text = str(caught.value)
    for fact in (
        "Column 'absent' is declared but not in the table",
        "Column 'extra' is not declared",
        "Key column 'state' is empty in 1 rows",
        "2 rows repeat a key",
        "x has 2 values it cannot have",
        "vote has 1 values it cannot have",
    ):
        assert fact in text
    assert len(caught.value.exceptions) == 6


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (state_year([0.5, float("nan")]), "missing is null"),
        (state_year([0.5, float("inf")]), "values it cannot have"),
        (state_year([0.5, -float("inf")]), "values it cannot have"),
        (state_year([0.5, -0.1]), "values it cannot have"),
        (state_year([0.5, 1.1]), "values it cannot have"),
        (state_year(["0.5", "0.6"]), "x is String"),
        (state_year([0.5, 0.5], years=[2019.0, 2019.0]), "'year' is Float64"),
        (state_year([0.5, 0.5], years=["2019", "2019"]), "'year' is String"),
        (state_year([0.5, 0.5], years=[2019, None]), "'year' is empty in 1"),
        (state_year([0.5, 0.5], states=[705, 365]), "'state' is Int64"),
        (state_year([0.5, 0.5], states=["KAZ", "KAZ"]), "repeat a key"),
        (state_year([0.5, 0.5]).drop("year"), "'year' is declared"),
    ],
)
def test_a_table_that_breaks_its_declaration_is_refused(frame: pl.DataFrame, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        Panel(frame, STATE_YEAR, (X,))


@pytest.mark.parametrize(("values", "fits"), [([True, None], True), ([True, False], False)])
def test_flags_may_be_boolean(values: list[bool], fits: bool) -> None:
    one = replace(VOTE, codes=((1, "yes"),), unit="flag")
    frame = state_year([0.1, 0.2]).with_columns(vote=pl.Series(values))
    if fits:
        assert Panel(frame, STATE_YEAR, (X, one)).frame["vote"].to_list() == values
    else:
        with pytest.raises(SchemaError, match="vote has 1 values it cannot have"):
            Panel(frame, STATE_YEAR, (X, one))


def test_a_range_declared_for_text_is_refused() -> None:
    text = replace(X, unit="text")
    with pytest.raises(SchemaError, match="x is String"):
        Panel(state_year(["a", "b"]), STATE_YEAR, (text,))


def test_a_variable_declared_twice_or_named_as_a_key_is_refused() -> None:
    for other in (X, replace(X, name="year", range=(None, None))):
        with pytest.raises(SchemaError, match="declared twice"):
            Panel(state_year([0.5, 0.5]), STATE_YEAR, (X, other))


def test_null_is_missing_and_always_allowed() -> None:
    panel = Panel(state_year([None, 0.5]), STATE_YEAR, (X,))
    assert panel.frame["x"].to_list() == [None, 0.5]
    empty = Panel(state_year([None, None]), STATE_YEAR, (X,))
    assert empty.frame["x"].null_count() == 2
    assert Panel(state_year([], [], []), STATE_YEAR, (X,)).years == ()


@given(rows=st.permutations([("KAZ", 2018), ("KAZ", 2019), ("RUS", 2018), ("USA", 2018)]))
def test_order_of_rows_and_columns_does_not_matter(rows: list[tuple[str, int]]) -> None:
    value = {("KAZ", 2018): 0.1, ("KAZ", 2019): 0.2, ("RUS", 2018): 0.3, ("USA", 2018): 0.4}
    frame = pl.DataFrame({"x": [value[r] for r in rows], "year": [y for _, y in rows]})
    panel = Panel(frame.with_columns(state=pl.Series([s for s, _ in rows])), STATE_YEAR, (X,))
    assert panel.frame.columns == ["state", "year", "x"]
    assert panel.frame["x"].to_list() == [0.1, 0.2, 0.3, 0.4]


@pytest.mark.parametrize("dtype", [pl.Int8, pl.Int16, pl.Int32, pl.UInt32])
def test_key_columns_have_one_type_so_that_tables_join(dtype: Any) -> None:
    small = pl.Series("year", [20, 20], dtype)
    frame = state_year([0.1, 0.2]).with_columns(small, pl.col("state").cast(pl.Categorical))
    panel = Panel(frame, STATE_YEAR, (X,))
    assert panel.frame.schema["year"] == pl.Int64
    assert panel.frame.schema["state"] == pl.String


def test_actors_are_texts_or_numbers_as_their_code_system_has_them() -> None:
    cow = replace(STATE_YEAR, system="cow")
    numbers = state_year([0.1, 0.2], states=[705, 365])
    assert Panel(numbers, cow, (X,)).frame["state"].to_list() == [365, 705]
    for frame, key in ((numbers, STATE_YEAR), (state_year([0.1, 0.2]), cow)):
        with pytest.raises(SchemaError, match="'state' is"):
            Panel(frame, key, (X,))


def test_years_come_from_dates_and_a_table_without_time_has_none() -> None:
    calls = pl.DataFrame({"rcid": [1, 2], "date": [date(2020, 1, 1), date(1999, 12, 31)]})
    assert Panel(calls, ROLL_CALL, ()).years == (1999, 2020)
    assert Panel(pl.DataFrame({"state": ["KAZ"]}), STATE, ()).years == ()


# direction: the field's known bug ---------------------------------------------------------------

STATES = ["AZE", "CHN", "KAZ", "RUS", "TUR", "USA", "UZB", "VNM"]


@pytest.mark.parametrize("n", [5, 6, 7, 8])
@pytest.mark.parametrize("reverse", [False, True])
def test_directed_data_in_one_direction_only_are_refused(n: int, reverse: bool) -> None:
    pairs = [(b, a) if reverse else (a, b) for a, b in combinations(STATES[:n], 2)]
    with pytest.raises(SchemaError, match="half of the dyads are not there"):
        dyads(pairs)
    assert len(dyads(permutations(STATES[:n], 2)).frame) == n * (n - 1)


def test_one_direction_is_seen_whatever_code_the_producer_sorted_by() -> None:
    """Sorted by COW number (2, 220, 255, 365, 640, 705, 710, 816), mixed once they are ISO codes.

    Numbers from the Correlates of War list of states, v2016.
    """
    cow = ["USA", "FRA", "DEU", "RUS", "TUR", "KAZ", "CHN", "VNM"]
    with pytest.raises(SchemaError, match="half of the dyads are not there"):
        dyads(combinations(cow, 2))


@pytest.mark.parametrize(
    "pairs",
    [
        [("KAZ", p) for p in STATES if p != "KAZ"],  # one focal state, all partners
        [(s, p) for s in ("KAZ", "UZB") for p in STATES if p != s],
        [("AZE", "CHN"), ("CHN", "KAZ"), ("KAZ", "RUS"), ("RUS", "TUR"), ("RUS", "AZE")],
        [(a, b) for a, b in permutations(STATES, 2) if (a, b) != ("AZE", "CHN")],
        [(s, s) for s in STATES],
        [],
    ],
    ids=["one focal", "two focal", "a cycle of visits", "one row lost", "self", "empty"],
)
def test_sparse_directed_data_pass(pairs: Any) -> None:
    if not pairs:
        frame = pl.DataFrame(schema={"state": pl.String, "partner": pl.String, "year": pl.Int64})
        assert Panel(frame, DIRECTED_DYAD_YEAR, ()).frame.is_empty()
    else:
        assert len(dyads(pairs).frame) == len(pairs)


def test_an_undirected_pair_is_stored_once_in_alphabetical_order() -> None:
    assert len(dyads([("KAZ", "RUS")], directed=False).frame) == 1
    for pair in (("RUS", "KAZ"), ("KAZ", "KAZ")):
        with pytest.raises(SchemaError, match="state after partner"):
            dyads([pair], directed=False)


# views ------------------------------------------------------------------------------------------

A, B = (Origin(n, n, "p", "1", CC0) for n in "ab")


def two() -> Panel:
    frame = state_year([0.1, 0.2]).with_columns(y=pl.Series([1.0, None]))
    return Panel(
        frame,
        STATE_YEAR,
        (replace(X, origins=(A,)), Variable("y", "Y", "index", X.coverage, origins=(B,))),
    )


def test_selecting_narrows_columns_and_reasons() -> None:
    assert two().select("y").provenance == (B,)
    assert two().select("y").frame.columns == ["state", "year", "y"]
    with pytest.raises(UnknownName, match="variable 'z'"):
        two().select("z")


def test_what_is_changed_after_a_view_is_checked_again() -> None:
    """A view need not be checked; that must not let through what is done to it afterwards."""
    for view in (two().select("x"), two().select("x").where(pl.col("year") == 2019)):
        with pytest.raises(SchemaError, match="repeat a key"):
            replace(view, frame=pl.concat([view.frame, view.frame]))
        shuffled = replace(view, frame=view.frame.reverse())
        assert shuffled.frame.equals(view.frame)


def test_rename_is_for_variables_only() -> None:
    panel = two().rename({"x": "z"})
    assert panel.frame.columns == ["state", "year", "z", "y"]
    assert panel.variable("z").origins == (A,)
    assert two().rename({"x": "y", "y": "x"}).frame["y"].to_list() == [0.1, 0.2]
    for names in ({"state": "who"}, {"w": "z"}):
        with pytest.raises(UnknownName):
            two().rename(names)
    for names in ({"x": "y"}, {"x": "year"}):
        with pytest.raises(SchemaError, match="Two columns"):
            two().rename(names)


def test_known_defects_are_flagged_and_blanked_only_on_request() -> None:
    turkish = Defect(("KAZ",), (2019,), "a note")
    panel = Panel(state_year([0.1, 0.2]), STATE_YEAR, (replace(X, defects=(turkish,)),))
    assert panel.frame["x"].to_list() == [0.1, 0.2]
    assert panel.sound("x").frame["x"].to_list() == [None, 0.2]
    assert two().sound("x").frame.equals(two().frame)


@pytest.mark.parametrize(
    ("states", "blank"),
    [(("KAZ",), [True, True, False]), (("KAZ", "RUS"), [True, False, False])],
)
def test_a_defect_in_a_dyadic_table(states: tuple[str, ...], blank: list[bool]) -> None:
    """One state: every row that has it. Several: the rows among them."""
    frame = dyads([("KAZ", "RUS"), ("KAZ", "USA"), ("RUS", "USA")], directed=False).frame
    flawed = replace(X, defects=(Defect(states, (2019,), "a note"),))
    panel = Panel(frame.with_columns(x=pl.lit(0.5)), DYAD_YEAR, (flawed,)).sound("x")
    assert panel.frame["x"].is_null().to_list() == blank


def test_a_directed_defect_leaves_the_other_direction_alone() -> None:
    frame = dyads([("KAZ", "RUS"), ("RUS", "KAZ"), ("KAZ", "USA")], directed=True).frame
    flawed = replace(X, defects=(Defect(("KAZ", "RUS"), (2019,), "a note", directed=True),))
    panel = Panel(frame.with_columns(x=pl.lit(0.5)), DIRECTED_DYAD_YEAR, (flawed,)).sound("x")
    known = {
        (s, p): x is not None for s, p, x in panel.frame.select("state", "partner", "x").rows()
    }
    assert known == {("KAZ", "RUS"): False, ("RUS", "KAZ"): True, ("KAZ", "USA"): True}


def test_covering_says_what_is_covered_and_what_is_nearest() -> None:
    assert two().covering(span(2018, 2019), variable="x").years == (2019,)
    with pytest.raises(OutOfCoverage) as caught:
        two().covering(span(2016, 2022), variable="x")
    assert "covers 2018–2020; you asked for 2016–2017, 2021–2022" in str(caught.value)
    timeless = Panel(state_year([0.1, 0.2]), STATE_YEAR, (replace(X, coverage=Coverage()),))
    assert timeless.covering([1800], variable="x") is timeless


# coverage ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coverage", "inside"),
    [
        (Coverage(), [1, 1, 1]),
        (Coverage((2019,)), [1, 1, 0]),
        (Coverage((2019,), ("KAZ",)), [0, 0, 0]),
        (Coverage((2019,), ("KAZ",), "either"), [1, 0, 0]),
        (Coverage(states=("KAZ", "RUS")), [1, 0, 1]),
        (Coverage(states=()), [0, 0, 0]),
    ],
    ids=str,
)
def test_coverage_of_dyads(coverage: Coverage, inside: list[int]) -> None:
    rows = pl.DataFrame(
        {
            "state": ["KAZ", "RUS", "KAZ"],
            "partner": ["RUS", "USA", "RUS"],
            "year": [2019, 2019, 2020],
        }
    )
    found = rows.with_columns(inside=coverage.holds(rows.columns))["inside"]
    assert found.to_list() == [bool(i) for i in inside]


def test_coverage_of_dates() -> None:
    rows = pl.DataFrame({"date": [date(2019, 12, 31), date(2020, 1, 1)]})
    found = rows.select(Coverage((2020,)).holds(rows.columns)).to_series()
    assert found.to_list() == [False, True]


@given(years=st.sets(st.integers(1816, 2030), max_size=30))
def test_year_ranges_say_exactly_the_years(years: set[int]) -> None:
    said: set[int] = set()
    for part in filter(None, year_ranges(years).split(", ")):
        first, _, last = part.partition("–")
        said |= set(range(int(first), int(last or first) + 1))
    assert said == years


def test_large_tables_are_checked_by_columns_not_rows() -> None:
    rng = np.random.default_rng(1)
    n = 20_000
    frame = pl.DataFrame({"unit": rng.permutation(n), "x": rng.random(n)})
    panel = Panel(frame, Key("unit", ("unit",)), (X,))
    assert panel.frame["unit"].is_sorted()
