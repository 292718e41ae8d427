"""Quantities: one number, written as its unit calls for, with its interval and reasons."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector.origin import CC0, Origin
from multivector.quantity import Quantity, write_number

VOTES = Origin("un_votes", "Roll calls", "UN", "2024", CC0)
SHARE = Quantity(0.612, 0.52, 0.7, "share 0–1", "balance", origins=(VOTES, VOTES))


def test_a_quantity_prints_number_interval_and_sources_once() -> None:
    assert str(SHARE) == "61.2% [52.0%, 70.0%] · Roll calls"


@pytest.mark.parametrize("kind", ["assumption", "judgement"])
def test_what_is_not_data_says_so_in_print(kind: str) -> None:
    shock = replace(VOTES, title="Transit closed", kind=kind)  # type: ignore[arg-type]
    text = str(replace(SHARE, origins=(VOTES, shock)))
    assert text.endswith(f"· Roll calls, {kind}: Transit closed")


def test_nothing_known_is_no_data_never_zero() -> None:
    nothing = replace(SHARE, value=None, low=None, high=None)
    assert not nothing.known
    assert (nothing.figure, nothing.interval) == ("no data", "")
    assert str(nothing) == "no data · Roll calls"
    zero = replace(SHARE, value=0.0, low=None, high=None, origins=())
    assert zero.known
    assert str(zero) == "0.0%"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0104, "1.0%"),
        (0.00996, "1.0%"),
        (0.0062, "0.62%"),
        (-0.00062, "−0.062%"),
        (0.000996, "0.10%"),
        (1e-12, "0.0%"),
    ],
)
def test_small_shares_keep_two_significant_digits(value: float, text: str) -> None:
    assert write_number(value, "share of real income") == text


def test_half_an_interval_is_none() -> None:
    assert replace(SHARE, low=None).interval == ""


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.218, "share 0–1", "21.8%"),
        (-0.05, "index −1 to 1", "−0.05"),
        (0.05, "index −1 to 1", "+0.05"),
        (0.5, "index 0–1", "0.50"),
        (1162, "votes", "1\u202f162"),
        (19_000_000, "persons", "19\u202f000\u202f000"),
        (94.4, "percentile", "94"),
        (2_345_678.0, "thousand current USD", "2.3 bn USD"),
        (-2_345_678.0, "thousand current USD", "−2.3 bn USD"),
        (999.0, "current USD", "999 USD"),
        (0.0, "thousand current USD", "0 USD"),
        (1.5, "million EUR", "1.5 m EUR"),
        (21.4, "billion current USD", "21.4 bn USD"),
        (1e12, "current USD", "1.0 tn USD"),
    ],
)
def test_numbers_are_written_as_their_unit_calls_for(value: float, unit: str, text: str) -> None:
    assert write_number(value, unit) == text


UNITS = ["share 0–1", "index −1 to 1", "index", "votes", "current USD", "percentile"]


@given(value=st.floats(-1e15, 1e15), unit=st.sampled_from(UNITS))
def test_no_number_prints_a_hyphen_or_a_signed_zero(value: float, unit: str) -> None:
    text = write_number(value, unit)
    assert "-" not in text
    if not any(digit in text for digit in "123456789"):
        assert text[0] not in "+−"


def test_a_rounded_amount_never_prints_a_thousand_of_its_unit() -> None:
    assert write_number(999_960_000.0, "current USD") == "1.0 bn USD"
    assert write_number(999.9, "current USD") == "1.0 k USD"


def test_quantities_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        SHARE.value = 1.0  # type: ignore[misc]
