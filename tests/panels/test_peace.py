"""Peace years, against a count by hand and a loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector.errors import KeyMismatch
from multivector.panels.peace import PeaceYears, count_years
from multivector.variable import Coverage, Key, Variable, span
from tests.panels.toys import COW_DYADS, COW_STATES, toy, value

WAR = Variable("war", "War", "flag", Coverage(span(2000, 2009)), "zero", range=(0, 1))


def series(label: str, years: list[int], war: list[int | None]) -> list[int | None]:
    rows = [(365, 705, y, w) for y, w in zip(years, war, strict=True)]
    panel = value(PeaceYears(toy(label, COW_DYADS, rows, WAR), "war"))
    assert panel.variables[-1].name == "war_peace_years"
    return panel.frame["war_peace_years"].to_list()


def test_count_as_beck_katz_and_tucker_define_it() -> None:
    """Years without an event that come right before: 0 in the first year and after an event."""
    found = series("plain", list(range(2000, 2006)), [0, 0, 1, 1, 0, 0])
    assert found == [0, 1, 2, 0, 0, 1]


def test_nothing_is_counted_beyond_what_is_known() -> None:
    years = list(range(2000, 2008))
    assert series("end", years, [0, 1, 0, 0, None, None, None, None])[3:] == [1, *[None] * 4]
    assert series("gap", years, [0, 1, 0, None, 0, 0, 1, 0]) == [0, 1, 0, *[None] * 4, 0]
    assert series("late", years, [None, None, 0, 0, 1, 0, 0, 0]) == [None, None, 0, 1, 2, 0, 1, 2]


def test_a_break_in_the_years_begins_a_new_run() -> None:
    assert series("break", [2000, 2001, 2004, 2005], [0, 0, 0, 0]) == [0, 1, 0, 1]


def test_units_do_not_run_into_each_other() -> None:
    rows = [(2, 2000, 0), (2, 2001, 0), (20, 2002, 0), (20, 2003, 1)]
    panel = value(PeaceYears(toy("units", COW_STATES, rows, WAR), "war"))
    assert panel.frame["war_peace_years"].to_list() == [0, 1, 0, 1]
    assert panel.variables[-1].coverage == WAR.coverage


def test_a_table_without_years_is_refused() -> None:
    still = toy("still", Key("state", ("state",), system="cow"), [(2, 1)], WAR)
    with pytest.raises(KeyMismatch, match="no years to count"):
        value(PeaceYears(still, "war"))


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 1.0, None])), max_size=25))
def test_against_a_loop(rows: list[tuple[bool, float | None]]) -> None:
    expected: list[float | None] = []
    count: float | None = None
    state = "new"  # new: nothing known in this run; counting; lost: unknown since a gap
    before: float | None = None
    for k, (on, event) in enumerate(rows):
        if k == 0 or not on:
            state = "new"
        elif before is not None and before > 0:
            state, count = "counting", -1
        if state == "new" and event is not None:
            state, count = "counting", -1
        if state == "counting" and event is None:
            state = "lost"
        if state == "counting":
            assert count is not None
            count += 1
        expected.append(count if state == "counting" else None)
        before = event
    joined = np.array([on for on, _ in rows], bool)
    events: Any = np.array([np.nan if e is None else e for _, e in rows], float)
    found = [None if np.isnan(x) else x for x in count_years(joined, events)]
    assert found == expected
