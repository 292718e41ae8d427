"""Sentences: no number without an origin, no markup from data, missing said in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from multivector.quantity import Quantity
from multivector.render.page import environment, finalize
from multivector.render.text import (
    BareNumber,
    Date,
    Name,
    Year,
    actor,
    capital,
    decimal_year,
    html,
    listing,
    number,
    say,
    years,
)

KNOWN = Quantity(0.218, 0.2, 0.24, "share 0–1", "Share", (), "bootstrap", (), "abc", "")
MISSING = Quantity(None, None, None, "share 0–1", "Share", note="not reported")


@given(st.one_of(st.integers(), st.floats(), st.booleans(), st.decimals(), st.fractions()))
def test_no_number_enters_a_sentence(value: object) -> None:
    with pytest.raises(BareNumber):
        say("It is {x}.", x=value)
    with pytest.raises(BareNumber):
        environment().from_string("{{ x }}").render(x=value)


@given(st.text(), st.integers(0, 9), st.text())
def test_no_digit_enters_as_plain_text(before: str, digit: int, after: str) -> None:
    text = f"{before}{digit}{after}"
    with pytest.raises(BareNumber):
        say("It is {x}.", x=text)
    with pytest.raises(BareNumber):
        say(text.replace("{", "").replace("}", ""))


def test_none_and_lists_are_no_text() -> None:
    for value in (None, [1], {"a": 1}):
        with pytest.raises(BareNumber):
            finalize(value)


def test_quantity_carries_value_step_and_interval() -> None:
    made = say("China took {x}.", x=KNOWN)
    assert '<data value="0.218" data-step="abc"' in made
    assert ">21.8% <small" in made
    assert "[20.0%, 24.0%]" in made
    assert "interval by resampling" in made


def test_cells_of_tables_have_no_title() -> None:
    assert "title" not in number(KNOWN, bare=True)
    assert "[" not in number(KNOWN, bare=True)


def test_missing_is_said_in_words() -> None:
    made = number(MISSING)
    assert ">no data<" in made
    assert "not reported" in made
    assert "<data" not in made


@given(st.text())
def test_data_cannot_bring_markup(text: str) -> None:
    made = html(Name(f"<script>{text}</script>"))
    assert "<script" not in made


def test_dates_and_years_are_time_elements() -> None:
    made = say("{y}, {d}", y=Year("2014"), d=Date("2022-02-24"))
    assert '<time datetime="2014">2014</time>' in made
    assert '<time datetime="2022-02-24">24 February 2022</time>' in made
    assert years(range(2000, 2003)) == '<time datetime="2000/2002">2000–2002</time>'


def test_a_missing_part_of_a_sentence_raises() -> None:
    with pytest.raises(KeyError):
        say("{who} led", whom="x")


def test_listing_and_capitals() -> None:
    assert listing([Name("A")]) == "A"
    assert listing([Name("A"), Name("B"), Name("C")]) == "A, B and C"
    assert capital(say("{who} led", who=actor("EU27_2020"))).startswith(
        '<span class="name">The EU27</span>'
    )
    assert capital(Markup("")) == ""


@given(st.dates())
def test_events_stand_where_mid_year_is_the_year(day: object) -> None:
    at = decimal_year(str(day))
    year = int(str(day)[:4])
    assert year - 0.5 <= at <= year + 0.5
