"""Estimates: shapes, cells, intervals, and what may share one array."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from multivector.errors import InputError, Problems, SchemaError, UnitMismatch, UnknownName
from multivector.estimate import Estimate, stack
from multivector.origin import CC0, Citation, Origin

CELLS = pl.DataFrame({"state": ["KAZ", "KAZ", "RUS"], "year": [2019, 2020, 2020]})
POINT = np.array([[0.1], [0.2], [0.3]])
A, B = (Origin(n, n, "p", "1", CC0) for n in "ab")


def make(draws: Any = POINT, cells: pl.DataFrame = CELLS, **facts: Any) -> Estimate:
    array = np.asarray(draws, dtype=float)
    kind = "point" if array.ndim == 2 and array.shape[1] == 1 else "bootstrap"
    return Estimate(
        cells, array, **{"label": "Balance", "unit": "index", "draw_kind": kind, **facts}
    )


# form -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "draws",
    [np.zeros((2, 1)), np.zeros((4, 1)), np.zeros(3), np.zeros((3, 0)), np.zeros((3, 1, 1))],
    ids=lambda d: str(d.shape),
)
def test_draws_are_cells_by_draws(draws: np.ndarray) -> None:
    with pytest.raises(SchemaError, match="draws of shape"):
        make(draws, draw_kind="bootstrap")


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"cells": pl.concat([CELLS[:2], CELLS[:1]])}, "occurs more than once"),
        ({"draws": np.zeros((3, 2)), "draw_kind": "point"}, "has one draw, not 2"),
        ({"range": (0.15, None)}, "0.1 is below 0.15"),
        ({"range": (None, 0.25)}, "0.3 is above 0.25"),
        ({"observed": np.zeros(2)}, "observed"),
        ({"observed": np.array([0.1, 0.2, 9.0]), "range": (0, 1)}, "9.0 is above 1"),
        ({"cells": CELLS.rename({"state": "unit"})}, "'?unit'? would be lost in an export"),
    ],
)
def test_an_estimate_that_is_not_well_formed_is_refused(facts: Any, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        make(**facts)


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(Problems) as caught:
        make(np.full((2, 2), 7.0), pl.concat([CELLS[:1]] * 3), draw_kind="point", range=(0, 1))
    assert len(caught.value.exceptions) == 4


def test_undefined_draws_are_inside_every_range_and_rounding_is_forgiven() -> None:
    made = make([[np.nan], [-1e-12], [1 + 1e-12]], range=(0, 1))
    assert made.draws.shape == (3, 1)


def test_notes_do_not_identify_a_cell() -> None:
    noted = CELLS.with_columns(note=pl.Series([None, "partial", ""]))
    assert [q.note for q in make(cells=noted).quantities()] == ["", "partial", ""]
    with pytest.raises(SchemaError, match="more than once"):
        make(cells=noted.with_columns(state=pl.lit("KAZ"), year=2020))


# cells ------------------------------------------------------------------------------------------


def test_at_returns_the_one_cell() -> None:
    found = make(origins=(A,), fingerprint="f" * 20).at(state="KAZ", year=2020)
    assert (found.value, found.low, found.high) == (0.2, None, None)
    assert found.cell == (("state", "KAZ"), ("year", 2020))
    assert (found.origins, found.fingerprint, found.unit) == ((A,), "f" * 20, "index")


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ({}, 3),
        ({"year": 2020}, 2),
        ({"year": 1066}, 0),
        ({"year": "2020"}, 0),
        ({"state": None}, 0),
        ({"state": 705}, 0),
        ({"state": "KAZ", "year": [2019, 2020]}, 2),
        ({"year": 2019.5}, 0),
    ],
    ids=str,
)
def test_at_says_what_is_possible(where: Any, count: int) -> None:
    with pytest.raises(InputError) as caught:
        make().at(**where)
    text = str(caught.value)
    assert f"has {count} cells" in text
    assert "2020" in text
    assert "KAZ" in text or where == {"year": 2020}


def test_at_lists_only_what_still_varies() -> None:
    with pytest.raises(InputError, match="Possible: state: KAZ; year: 2019, 2020"):
        make().at(state="KAZ")


def test_a_misspelt_column_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Nearest: state"):
        make().at(sate="KAZ")
    with pytest.raises(UnknownName):
        make(cells=CELLS.with_columns(note=pl.lit("x"))).select(note="x")


def test_missing_keys_can_be_selected() -> None:
    made = make(cells=CELLS.with_columns(state=pl.Series(["KAZ", None, "RUS"])))
    assert made.at(state=None).value == 0.2
    assert made.select(state=["KAZ", None]).draws.ravel().tolist() == [0.1, 0.2]
    assert made.select(state="KAZ").draws.ravel().tolist() == [0.1]


@given(
    states=st.lists(st.sampled_from(["KAZ", "RUS", "USA"])),
    years=st.sets(st.integers(2018, 2021)),
)
def test_selection_agrees_with_a_brute_force_twin(states: list[str], years: set[int]) -> None:
    made = make(observed=np.array([1.0, 2.0, 3.0]))
    found = made.select(state=states, year=years)
    kept = [i for i, (s, y) in enumerate(CELLS.iter_rows()) if s in states and y in years]
    assert found.cells.rows() == [CELLS.row(i) for i in kept]
    assert found.draws.ravel().tolist() == POINT.ravel()[kept].tolist()
    assert found.observed is not None
    assert found.observed.tolist() == [kept_i + 1.0 for kept_i in kept]


# intervals --------------------------------------------------------------------------------------


@given(
    draws=arrays.arrays(
        float, st.tuples(st.just(3), st.integers(2, 40)), elements=st.floats(-1e6, 1e6)
    )
)
def test_intervals_are_numpys_quantiles(draws: np.ndarray) -> None:
    table = make(draws.copy()).summary()
    for row, (value, low, high) in zip(draws, table.iter_rows(), strict=True):
        expected = np.quantile(row, [0.5, 0.05, 0.95])
        np.testing.assert_allclose([value, low, high], expected, rtol=1e-9, atol=1e-9)


def test_an_interval_by_hand() -> None:
    """Type 7 quantiles (Hyndman & Fan 1996, doi:10.1080/00031305.1996.10473566) of 0, 1, …, 20."""
    made = make(np.tile(np.arange(21.0), (3, 1)))
    assert made.summary().row(0) == pytest.approx((10.0, 1.0, 19.0))
    assert made.summary(level=0.5).row(0) == (10.0, 5.0, 15.0)


def test_a_point_value_has_no_interval() -> None:
    assert make().summary().row(1) == (0.2, None, None)


def test_what_is_observed_prints_and_the_draws_give_the_interval() -> None:
    made = make(np.tile(np.arange(21.0), (3, 1)), observed=np.array([3.0, np.nan, 4.0]))
    assert made.summary()["value"].to_list() == [3.0, None, 4.0]
    assert made.summary()["low"].to_list() == pytest.approx([1.0] * 3)


def test_undefined_is_missing_never_zero() -> None:
    draws = np.tile(np.arange(20.0), (3, 1))
    draws[0] = np.nan
    draws[1, :10] = np.nan
    rows = make(draws).summary().rows()
    assert rows[0] == (None, None, None)
    assert rows[1][1:] == (None, None)
    assert str(make(draws).at(state="KAZ", year=2019)) == "no data"


def test_no_cells_is_a_table_without_rows() -> None:
    empty = make(np.zeros((0, 1)), CELLS[:0])
    assert empty.summary().is_empty()
    assert empty.quantities() == []
    assert empty.to_polars().columns[-4:] == ["measure", "unit", "draw_kind", "variant"]


# stacking ---------------------------------------------------------------------------------------


def test_a_stack_tells_its_parts_apart_and_keeps_their_reasons() -> None:
    work = Citation("k", "misc", "A, B", "T", 2020)
    one = make(origins=(A,), label="One", variant="v1")
    two = make(2 * POINT, origins=(B,), methods=(work,), label="Two", variant="v2")
    both = stack("index", {"one": one, "two": two})
    assert both.key == ["index", "state", "year"]
    assert both.at(index="two", state="KAZ", year=2019).value == 0.2
    assert (both.origins, both.methods) == ((A, B), (work,))
    assert (both.label, both.variant) == ("One / Two", "v1; v2")


def test_parts_of_unlike_cells_leave_gaps_that_are_missing() -> None:
    world = make([[1.0]], pl.DataFrame({"year": [2020]}))
    both = stack("level", {"state": make(), "world": world})
    assert both.at(level="world").cell == (("level", "world"), ("state", None), ("year", 2020))
    narrow = make(cells=CELLS.with_columns(pl.col("year").cast(pl.Int32)))
    assert len(stack("index", {1: make(), 2: narrow}).cells) == 6


def test_a_point_value_beside_draws_keeps_its_value_and_gets_no_interval() -> None:
    drawn = make(np.tile(np.arange(21.0), (3, 1)))
    both = stack("how", {"point": make(), "drawn": drawn})
    assert both.draw_kind == "bootstrap"
    assert [q.value for q in both.quantities()] == [0.1, 0.2, 0.3, 10, 10, 10]
    assert [q.low for q in both.quantities()] == [None, None, None, *[pytest.approx(1)] * 3]


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"unit": "votes"}, "index and votes"),
        ({"draws": np.zeros((3, 5)), "draw_kind": "posterior"}, "bootstrap and posterior"),
        ({"draws": np.zeros((3, 6))}, "5 and 6 draws"),
    ],
)
def test_what_cannot_share_an_array_is_refused(facts: Any, message: str) -> None:
    with pytest.raises(UnitMismatch, match=message):
        stack("part", {"a": make(np.zeros((3, 5))), "b": make(**facts)})


def test_nothing_cannot_be_stacked_nor_a_column_taken_twice() -> None:
    with pytest.raises(InputError, match="At least one"):
        stack("part", {})
    with pytest.raises(InputError, match="none of them has"):
        stack("year", {1: make()})
    with pytest.raises(SchemaError, match="export"):
        stack("unit", {1: make()})
