"""Spans: claimed values and dates as intervals, and whether a reading lies in them."""

from __future__ import annotations

import calendar
from datetime import date
from typing import TypeGuard

from multivector.claims.model import Claim, Reading
from multivector.errors import InputError

Days = tuple[date, date]
LAST = date(9999, 12, 31)


def days(text: str) -> Days:
    """Return the first and the last day that a shortened ISO date may mean.

    Raises
    ------
    InputError
        When *text* is no date.

    Examples
    --------
    >>> days("2015-02")
    (datetime.date(2015, 2, 1), datetime.date(2015, 2, 28))
    """
    try:
        parts = [int(p) for p in text.split("-")]
        if len(parts) == 1:
            return date(parts[0], 1, 1), date(parts[0], 12, 31)
        if len(parts) == 2:
            last = calendar.monthrange(parts[0], parts[1])[1]
            return date(parts[0], parts[1], 1), date(parts[0], parts[1], last)
        day = date(*parts)
    except (ValueError, TypeError):
        raise InputError(
            f"{text!r} is no date.", "Dates are 2015, 2015-12 or 2015-12-21."
        ) from None
    return day, day


def between(first: str, last: str = "") -> Days:
    """Return the days from the first that *first* may mean to the last that *last* may.

    >>> between("2015-01", "2015-03")[1]
    datetime.date(2015, 3, 31)
    """
    return days(first)[0], days(last or first)[1]


def overlap(a: Days, b: Days) -> bool:
    """Whether two spans of days share one."""
    return a[0] <= b[1] and b[0] <= a[1]


def within(a: Days, b: Days) -> bool:
    """Whether every day of *a* lies in *b*."""
    return b[0] <= a[0] and a[1] <= b[1]


def number(value: object) -> TypeGuard[float]:
    """Whether *value* is a number to compare with."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def claimed(claim: Claim) -> tuple[float, float] | None:
    """Return the claimed interval in the unit of the readings, days as ordinals; None for words.

    >>> claimed(Claim("Q1", "share", "x", value=0.4, tolerance=0.02))
    (0.38, 0.42)
    """
    value = claim.value
    if number(value):
        low, high = value - claim.tolerance, value + claim.tolerance
        return round(low, 12), round(high, 12)
    if claim.kind == "date" and isinstance(value, str | tuple):
        ends = (value,) if isinstance(value, str) else value
        first, last = between(ends[0], ends[-1])
        return float(first.toordinal()), float(last.toordinal())
    return None


def holds(claim: Claim, reading: Reading) -> bool | None:
    """Whether *reading* is as claimed: True, False, or None where its interval leaves it open.

    With ``=`` a value inside what is claimed holds; one outside leaves the matter open when its
    interval reaches what is claimed. With an inequality the whole interval must hold, and one that
    lies on both sides leaves it open. Dates known to the month or year only are intervals too.

    >>> q = Claim("Q1", "share", "x", value=0.4, tolerance=0.02)
    >>> [holds(q, Reading(v)) for v in (0.39, 0.30)], holds(q, Reading(0.36, 0.33, 0.41))
    ([True, False], None)
    """
    if reading.value is None:
        return None
    if claim.comparator == "is":
        return str(reading.value).casefold() == str(claim.value).casefold()
    span = claimed(claim)
    if span is None or not number(reading.value):
        return None
    low = reading.value if reading.low is None else reading.low
    high = reading.value if reading.high is None else reading.high
    if claim.kind == "date":
        inside = span[0] <= low and high <= span[1]
        return True if inside else None if low <= span[1] and span[0] <= high else False
    if claim.comparator == "=":
        reaches = low <= span[1] and span[0] <= high
        return (
            True if span[0] <= round(reading.value, 12) <= span[1] else None if reaches else False
        )
    ends = {_compares(claim, end) for end in (low, high)}
    return None if len(ends) > 1 else ends.pop()


def _compares(claim: Claim, value: float) -> bool:
    """Whether one value satisfies the claimed inequality, with the claimed tolerance."""
    bound = float(claim.value) if number(claim.value) else 0.0
    slack = claim.tolerance
    tests = {
        ">": value > bound - slack,
        "≥": value >= bound - slack,
        "<": value < bound + slack,
        "≤": value <= bound + slack,
    }
    return tests.get(claim.comparator, False)
