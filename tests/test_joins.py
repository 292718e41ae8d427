"""Joins: coverage, the meaning of absence and direction survive; missing is never zero."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector.errors import DirectionCollapsed, KeyMismatch, PartialCoverage, UnknownName
from multivector.joins import join, mirrored, undirected
from multivector.origin import CC0, Origin
from multivector.panel import Panel
from multivector.variable import (
    DIRECTED_DYAD_YEAR,
    DYAD_YEAR,
    STATE,
    STATE_YEAR,
    Absence,
    Coverage,
    Key,
    Variable,
    span,
)

SOURCE = Origin("atop", "Alliance Treaty Obligations", "producer", "5.1", CC0)
# ATOP 5.1 covers 1815 to 2018 (Leeds et al. 2002, doi:10.1080/03050620213653; codebook 5.1).
ALLY = Variable("ally", "Alliance", "flag", Coverage(span(1815, 2018)), "zero", origins=(SOURCE,))
GDP = Variable("gdp", "GDP", "current USD", Coverage(span(2018, 2019), ("KAZ", "RUS")))


def panel(key: Key, rows: list[tuple[Any, ...]], *variables: Variable) -> Panel:
    names = [*key.columns, *(v.name for v in variables)]
    return Panel(pl.DataFrame(rows, names, orient="row"), key, variables)


def dyad_years(*rows: tuple[str, str, int], key: Key = DYAD_YEAR) -> Panel:
    return panel(key, list(rows))


ATOP = panel(DYAD_YEAR, [("KAZ", "RUS", 2018, 1)], ALLY)
STATES = panel(STATE_YEAR, [("KAZ", 2018, 179.0), ("RUS", 2018, 1657.0)], GDP)


# coverage and absence: the field's known bugs ---------------------------------------------------


def test_alliances_are_zero_inside_their_years_and_missing_outside() -> None:
    rows = dyad_years(("KAZ", "RUS", 2018), ("KAZ", "USA", 2018), ("KAZ", "RUS", 2022))
    with pytest.warns(PartialCoverage, match=r"1 of 3 rows lie outside .*not zero"):
        joined = join(rows, ATOP)
    assert joined.frame["ally"].to_list() == [1, None, 0]  # sorted: RUS 2018, RUS 2022, USA 2018


def test_no_warning_inside_coverage_and_none_when_partial_coverage_is_accepted() -> None:
    inside = join(dyad_years(("KAZ", "USA", 2018)), ATOP)
    assert inside.frame["ally"].to_list() == [0]
    outside = join(dyad_years(("KAZ", "USA", 2022)), ATOP, coverage="partial")
    assert outside.frame["ally"].to_list() == [None]


def test_contiguity_is_missing_for_states_outside_the_series() -> None:
    border = Variable("border", "Border", "flag", Coverage((), ("KAZ", "RUS", "USA")), "zero")
    key = Key("undirected dyad", ("state", "partner"), directed=False)
    contiguity = panel(key, [("KAZ", "RUS", 1)], border)
    rows = dyad_years(("KAZ", "RUS", 2022), ("KAZ", "USA", 2022), ("KAZ", "UZB", 2022))
    joined = join(rows, contiguity, coverage="partial")
    assert joined.frame["border"].to_list() == [1, 0, None]


def test_absent_means_missing_unless_zero_is_declared() -> None:
    rows = panel(STATE_YEAR, [("KAZ", 2018), ("KAZ", 2019), ("USA", 2018)])
    joined = join(rows, STATES, coverage="partial")
    assert joined.frame["gdp"].to_list() == [179.0, None, None]


def test_a_value_that_is_null_in_the_table_stays_null_even_where_absence_means_zero() -> None:
    known = panel(DYAD_YEAR, [("KAZ", "RUS", 2018, None), ("KAZ", "USA", 2018, 1)], ALLY)
    rows = dyad_years(("KAZ", "RUS", 2018), ("KAZ", "TUR", 2018))
    assert join(rows, known).frame["ally"].to_list() == [None, 0]


@pytest.mark.parametrize("dtype", [pl.Boolean, pl.Int8, pl.UInt8, pl.Float32])
def test_the_type_of_a_column_survives(dtype: Any) -> None:
    typed = Panel(ATOP.frame.with_columns(pl.col("ally").cast(dtype)), DYAD_YEAR, (ALLY,))
    rows = dyad_years(("KAZ", "RUS", 2018), ("KAZ", "USA", 2018), ("KAZ", "USA", 2022))
    ally = join(rows, typed, coverage="partial").frame["ally"]
    assert ally.dtype == dtype
    assert ally.to_list() == [True, False, None]


CODES = ("KAZ", "RUS", "TUR", "USA")
DYADS = [(a, b, y) for a in CODES for b in CODES if a < b for y in (2017, 2018, 2019, 2020)]


@given(
    rows=st.sets(st.sampled_from(DYADS), min_size=1),
    held=st.dictionaries(st.sampled_from(DYADS), st.sampled_from([0, 1, None])),
    cover=st.builds(
        Coverage,
        st.sets(st.sampled_from([2017, 2018, 2019, 2020]), min_size=1).map(tuple),
        st.none() | st.sets(st.sampled_from(CODES)).map(tuple),
        st.sampled_from(["both", "either"]),
    ),
    absence=st.sampled_from(["zero", "missing"]),
)
def test_a_join_agrees_with_a_brute_force_twin(
    rows: set[tuple[str, str, int]],
    held: dict[tuple[str, str, int], int | None],
    cover: Coverage,
    absence: Absence,
) -> None:
    schema = {"state": pl.String, "partner": pl.String, "year": pl.Int64, "ally": pl.Int8}
    frame = pl.DataFrame([(*k, v) for k, v in held.items()], schema, orient="row")
    other = Panel(frame, DYAD_YEAR, (replace(ALLY, coverage=cover, absence=absence),))
    joined = join(dyad_years(*rows), other, coverage="partial").frame
    rule = any if cover.sides == "either" else all
    for a, b, year, got in joined.iter_rows():
        who = cover.states
        inside = year in cover.years and (who is None or rule(s in who for s in (a, b)))
        silent = 0 if absence == "zero" else None
        assert got == (held.get((a, b, year), silent) if inside else None)
    assert len(joined) == len(rows)


# sides and direction ----------------------------------------------------------------------------


def test_a_state_year_table_needs_to_be_told_the_side() -> None:
    rows = dyad_years(("KAZ", "RUS", 2018))
    with pytest.raises(KeyMismatch, match='side="state" or side="partner"'):
        join(rows, STATES)
    both = join(join(rows, STATES, side="state"), STATES, side="partner")
    assert both.frame.row(0) == ("KAZ", "RUS", 2018, 179.0, 1657.0)
    assert [v.name for v in both.variables] == ["gdp_state", "gdp_partner"]


def test_coverage_of_a_side_is_that_of_the_state_on_it() -> None:
    rows = dyad_years(("KAZ", "USA", 2018))
    assert join(rows, STATES, side="state").frame["gdp_state"].to_list() == [179.0]
    with pytest.warns(PartialCoverage):
        assert join(rows, STATES, side="partner").frame["gdp_partner"].to_list() == [None]


@pytest.mark.parametrize("side", ["state", "partner"])
def test_a_side_where_there_is_none_is_refused(side: Any) -> None:
    for rows, other in (
        (panel(STATE_YEAR, [("KAZ", 2018)]), STATES),
        (dyad_years(("KAZ", "RUS", 2018)), ATOP),
    ):
        with pytest.raises(KeyMismatch, match="no side"):
            join(rows, other, side=side)


def test_an_undirected_value_is_found_from_both_orders() -> None:
    rows = dyad_years(("KAZ", "RUS", 2018), ("RUS", "KAZ", 2018), key=DIRECTED_DYAD_YEAR)
    assert join(rows, ATOP).frame["ally"].to_list() == [1, 1]


def test_a_directed_table_does_not_join_an_undirected_one_silently() -> None:
    with pytest.raises(KeyMismatch, match="direction would be lost"):
        join(dyad_years(("KAZ", "RUS", 2018)), mirrored(ATOP))


def test_a_directed_value_keeps_its_direction() -> None:
    sent = Variable("sent", "Exports", "thousand current USD", Coverage((2018,)))
    trade = panel(DIRECTED_DYAD_YEAR, [("KAZ", "RUS", 2018, 5.0), ("RUS", "KAZ", 2018, 12.0)], sent)
    rows = dyad_years(("RUS", "KAZ", 2018), ("KAZ", "RUS", 2018), key=DIRECTED_DYAD_YEAR)
    assert join(rows, trade).frame["sent"].to_list() == [5.0, 12.0]


def test_code_systems_never_mix() -> None:
    cow = panel(replace(STATE_YEAR, system="cow"), [(705, 2018, 179.0)], GDP)
    with pytest.raises(KeyMismatch, match="code systems differ"):
        join(panel(STATE_YEAR, [("KAZ", 2018)]), cow)


@pytest.mark.parametrize(
    ("rows", "other", "message"),
    [
        (panel(STATE_YEAR, [("KAZ", 2018)]), ATOP, "partner, which state-year lacks"),
        (panel(STATE, [("KAZ",)]), STATES, "year, which state lacks"),
        (STATES, STATES, "Both tables have gdp"),
    ],
    ids=["dyads on states", "years on states", "same column"],
)
def test_units_that_do_not_fit_are_refused(rows: Panel, other: Panel, message: str) -> None:
    with pytest.raises(KeyMismatch, match=message):
        join(rows, other)


def test_reasons_and_methods_come_along() -> None:
    rows = replace(dyad_years(("KAZ", "RUS", 2018)), origins=(replace(SOURCE, dataset="rows"),))
    joined = join(rows, replace(ATOP, origins=(replace(SOURCE, dataset="whole"),)))
    assert [o.dataset for o in joined.provenance] == ["rows", "whole", "atop"]


# undirected and mirrored ------------------------------------------------------------------------

UNKNOWN = "not in the table"


def collapse(how: str, one: Any, two: Any, absence: Absence, years: tuple[int, ...]) -> Any:
    rows = [("KAZ", "RUS", 2018, one), ("RUS", "KAZ", 2018, two)]
    schema = {"state": pl.String, "partner": pl.String, "year": pl.Int64, "x": pl.Float64}
    kept = [r for r in rows if r[3] != UNKNOWN]
    frame = pl.DataFrame(kept, schema, orient="row")
    x = Variable("x", "X", "index", Coverage(years), absence)
    with pytest.warns(DirectionCollapsed, match=how):
        made = undirected(Panel(frame, DIRECTED_DYAD_YEAR, (x,)), how)
    assert made.frame.select("state", "partner", "year").rows() == [("KAZ", "RUS", 2018)]
    assert not made.key.directed
    return made.frame["x"].item()


@pytest.mark.parametrize(
    ("how", "one", "two", "result"),
    [
        ("max", 1, 3, 3), ("min", 1, 3, 1), ("mean", 1, 3, 2),
        ("max", 1, None, 1), ("min", 1, None, 1), ("mean", 1, None, 1),
        ("max", None, None, None), ("mean", None, None, None),
        # three-valued logic (Kleene): unknown with 1, unknown with 0, unknown with unknown
        ("either", 0, 0, 0), ("either", 0, 1, 1), ("either", 1, 1, 1),
        ("either", 1, None, 1), ("either", 0, None, None), ("either", None, None, None),
        ("both", 0, 0, 0), ("both", 0, 1, 0), ("both", 1, 1, 1),
        ("both", 1, None, None), ("both", 0, None, 0), ("both", None, None, None),
    ],
)  # fmt: skip
def test_rules_of_collapsing(how: str, one: Any, two: Any, result: Any) -> None:
    for absence in ("zero", "missing"):
        assert collapse(how, one, two, absence, (2018,)) == result
        assert collapse(how, two, one, absence, (2018,)) == result


@pytest.mark.parametrize(
    ("how", "absence", "years", "result"),
    [
        ("mean", "zero", (2018,), 0.5), ("both", "zero", (2018,), 0), ("min", "zero", (2018,), 0),
        ("max", "zero", (2018,), 1),
        ("mean", "missing", (2018,), 1), ("both", "missing", (2018,), None),
        ("mean", "zero", (1999,), 1), ("both", "zero", (1999,), None),
    ],
)  # fmt: skip
def test_a_direction_that_is_not_there_counts_by_the_meaning_of_absence(
    how: str, absence: Absence, years: tuple[int, ...], result: Any
) -> None:
    assert collapse(how, 1, UNKNOWN, absence, years) == result


def test_an_unknown_rule_and_an_undirected_table_are_refused() -> None:
    with pytest.raises(UnknownName, match="rule 'maxx'"):
        undirected(mirrored(ATOP), "maxx")
    with pytest.raises(KeyMismatch, match="no direction"):
        undirected(ATOP, "max")
    with pytest.raises(KeyMismatch, match="not an undirected"):
        mirrored(mirrored(ATOP))


@pytest.mark.parametrize("how", ["max", "min", "mean", "either", "both"])
def test_collapsing_undoes_mirroring(how: str) -> None:
    rows = [("KAZ", "RUS", 2018, 1), ("KAZ", "USA", 2018, 0), ("RUS", "USA", 2018, None)]
    table = panel(DYAD_YEAR, rows, ALLY)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DirectionCollapsed)
        back = undirected(mirrored(table), how)
    assert back.frame.rows() == table.frame.rows()
    assert back.key == DYAD_YEAR
    assert back.provenance == table.provenance
