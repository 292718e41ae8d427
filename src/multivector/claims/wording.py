"""Wording: numbers, days and spells in the sentences of a verdict."""

from __future__ import annotations

from datetime import date

from multivector.claims.model import Claim, Reading, Spell, Told
from multivector.claims.spans import LAST, number
from multivector.quantity import write_number
from multivector.variable import year_ranges

_FACTORS = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}


def factor(unit: str) -> tuple[float, str]:
    """Return the size of a unit and the unit that it is a multiple of.

    >>> factor("thousand current USD"), factor("billion USD"), factor("%")
    ((1000.0, 'USD'), (1000000000.0, 'USD'), (0.01, 'share'))
    """
    word, _, rest = unit.partition(" ")
    size, base = (_FACTORS[word], rest) if word in _FACTORS else (1.0, unit)
    if base in ("%", "percent"):
        return 0.01, "share"
    if base.startswith("share"):
        return 1.0, "share"
    return size, base.removeprefix("current ")


def value_text(value: float | str | None, told: Told | None, unit: str = "") -> str:
    """Write a value in its unit: a date as ISO day, a rank and a count as whole numbers."""
    if value is None:
        return "not known"
    if not number(value):
        return str(value)
    if told is not None and told.dated:
        return date.fromordinal(int(value)).isoformat()
    unit = unit or (told.unit if told else "")
    if unit == "rank":
        return f"rank {value:g}"
    if unit in ("count", "%"):
        return f"{value:g}{'%' if unit == '%' else ''}"
    if unit.startswith("share") or "USD" in unit or "EUR" in unit:
        return write_number(value, unit)
    return f"{value:,.4g}" if abs(value) < 1e5 else f"{value:,.0f}"


def reading_text(reading: Reading, told: Told) -> str:
    """Write a reading with its interval and year."""
    text = value_text(reading.value, told)
    if told.change and number(reading.value) and reading.value > 0:
        text = f"+{text}"
    if told.dated:
        first, last = (date.fromordinal(int(x or 0)) for x in (reading.low, reading.high))
        return span_text((first, last))
    if reading.low is not None and reading.high is not None:
        low, high = (value_text(v, told) for v in (reading.low, reading.high))
        text += f" [{low}, {high}]"
    when = f" in {reading.year}" if reading.year is not None else ""
    return f"{text}{when}"


def claimed_text(claim: Claim, unit: str) -> str:
    """Write what is claimed."""
    if isinstance(claim.value, tuple):
        return " to ".join(dict.fromkeys(claim.value))
    if not number(claim.value):
        return str(claim.value)
    sign = "" if claim.comparator in ("=", "is") else f"{claim.comparator} "
    return sign + value_text(claim.value, None, claim.unit or unit)


def span_text(days: tuple[date, date]) -> str:
    """Write a span of days as the shortened ISO date that it stands for.

    >>> span_text((date(2015, 12, 1), date(2015, 12, 31)))
    '2015-12'
    """
    first, last = days
    if first == last:
        return first.isoformat()
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return str(first.year)
    if (first.year, first.month) == (last.year, last.month):
        return first.isoformat()[:7]
    return f"{first.isoformat()} to {last.isoformat()}"


def spell_text(spell: Spell) -> str:
    """Write a spell: ``2007-01-11 to 2011-04-15``, or ``since 2019-03-20``."""
    began = span_text(spell.began)
    if spell.ended is None or spell.ended[1] == LAST:
        return f"since {began}"
    return f"{began} to {span_text(spell.ended)}"


def years_text(years: tuple[int, ...]) -> str:
    """Write years as ranges."""
    return year_ranges(years)
