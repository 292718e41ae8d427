"""Text: sentences whose every number is a Quantity, a date or part of a name.

``_`` is the one function that every string a person sees passes through. ``say`` fills a
template; it accepts quantities, years, dates and names, and raises on a bare number, so that no
figure without an origin can reach a reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from string import Formatter
from typing import Any

from markupsafe import Markup, escape

from multivector.quantity import NONE, Quantity
from multivector.states import Language
from multivector.states import name as state_name
from multivector.variable import year_ranges

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DIGIT = re.compile(r"\d")


def _(text: str) -> str:
    """Translate *text*; English is its own translation."""
    return text


class Name(str):
    """A proper name, which may hold digits: a state, a group, a data set, a resolution."""

    __slots__ = ()


class Year(str):
    """A calendar year as text."""

    __slots__ = ()


class Date(str):
    """An ISO date as text.

    >>> print(html(Date("2019-03-20")))
    <time datetime="2019-03-20">20 March 2019</time>
    """

    __slots__ = ()


class BareNumber(TypeError):
    """A number without an origin was about to be printed: a fault of the program."""

    def __init__(self, value: object) -> None:
        super().__init__(
            f"{value!r} would be printed without an origin; "
            "give a Quantity, a Year, a Date or a Name."
        )


def html(part: Any) -> Markup:
    """Return *part* as HTML; the only way by which values enter a page.

    Raises
    ------
    BareNumber
        For a number, or for plain text that holds a digit.

    >>> html(Name("Russia"))
    Markup('Russia')
    """
    if isinstance(part, Quantity):
        return number(part)
    if isinstance(part, Markup):
        return part
    if isinstance(part, Year):
        return Markup('<time datetime="{0}">{0}</time>').format(str(part))
    if isinstance(part, Date):
        return Markup('<time datetime="{}">{}</time>').format(str(part), long_date(part))
    if isinstance(part, Name):
        tag = '<span class="name">{}</span>' if _DIGIT.search(part) else "{}"
        return Markup(tag).format(str(part))
    if not isinstance(part, str) or _DIGIT.search(part):
        raise BareNumber(part)
    return escape(part)


def say(template: str, **parts: Any) -> Markup:
    """Fill *template* with *parts*, each of which says where it comes from.

    >>> share = Quantity(0.218, None, None, "share 0–1", "share of trade", fingerprint="abc")
    >>> print(say("China took {share} in {year}.", share=share, year=Year("2020")))
    China took <data value="0.218" data-step="abc" title="share of trade; share 0–1">21.8%</data>
    in <time datetime="2020">2020</time>.
    """
    done: list[Markup] = []
    for literal, field, *_rest in Formatter().parse(template):
        done.append(html(literal))
        if field is not None:
            done.append(html(parts[field]))
    return Markup("").join(done)


def number(quantity: Quantity, *, bare: bool = False) -> Markup:
    """Write a quantity as a ``<data>`` element; its title names unit, interval and sources.

    ``bare`` leaves out the title and the interval, for the cells of tables.
    """
    title = "" if bare else _reasons(quantity)
    step = quantity.fingerprint
    if quantity.value is None:
        hint = quantity.note or title
        attribute = Markup(' title="{}"').format(hint) if hint else Markup("")
        return Markup('<span class="none" data-step="{}"{}>{}</span>').format(
            step, attribute, _("none") if quantity.note == NONE else _("no data")
        )
    interval = (
        Markup(' <small class="interval">{}</small>').format(quantity.interval)
        if quantity.interval and not bare
        else ""
    )
    return Markup('<data value="{}" data-step="{}"{}>{}{}</data>').format(
        f"{quantity.value:.6g}",
        step,
        Markup(' title="{}"').format(title) if title else "",
        quantity.figure,
        interval,
    )


def _reasons(quantity: Quantity) -> str:
    sources = ", ".join(dict.fromkeys(str(o) for o in quantity.origins))
    kinds = {
        "bootstrap": _("interval by resampling"),
        "sampling": _("interval by the standard error"),
        "posterior": _("posterior interval"),
        "choice": _("interval over analytic choices"),
        "weight": _("interval over weights"),
        "ensemble": _("interval over data, choices and weights"),
        "assumption": _("interval over assumptions"),
        "combined": _("interval over draws of several kinds"),
    }
    interval = f"{kinds.get(quantity.draw_kind, '')} {quantity.interval}".strip()
    parts = (quantity.label, quantity.unit, interval, sources, quantity.note)
    return "; ".join(p for p in parts if p)


def capital(text: Markup) -> Markup:
    """Return *text* with its first letter in upper case, as a sentence or a title begins.

    >>> print(capital(say("{who} led", who=actor("USA"))))
    The United States led
    """
    start = re.match(r"(?:\s*<[^>]*>)*", text)
    at = start.end() if start else 0
    return Markup(text[:at] + text[at : at + 1].upper() + text[at + 1 :])


def listing(parts: Sequence[Any]) -> Markup:
    """Join *parts* as a sentence does.

    >>> print(listing([Name("Russia"), Name("China"), Name("Türkiye")]))
    Russia, China and Türkiye
    """
    done = [html(p) for p in parts]
    if len(done) < 2:
        return Markup("").join(done)
    return Markup(_("{} and {}")).format(Markup(", ").join(done[:-1]), done[-1])


def years(values: Iterable[int]) -> Markup:
    """Write years as ranges of ``<time>`` elements.

    >>> print(years([2014, 2015, 2019]))
    <time datetime="2014/2015">2014–2015</time>, <time datetime="2019">2019</time>
    """
    done: list[Markup] = []
    for span in filter(None, year_ranges(values).split(", ")):
        machine = span.replace("–", "/")
        done.append(Markup('<time datetime="{}">{}</time>').format(machine, span))
    return Markup(", ").join(done)


def long_date(iso: str) -> str:
    """Write an ISO date in words; a year or a month alone stays one.

    >>> long_date("2019-03-20"), long_date("2014-03"), long_date("2014")
    ('20 March 2019', 'March 2014', '2014')
    """
    parts = iso[:10].split("-")
    words = [parts[0]]
    if len(parts) > 1:
        words.insert(0, _(_MONTHS[int(parts[1]) - 1]))
    if len(parts) > 2:
        words.insert(0, str(int(parts[2])))
    return " ".join(words)


def decimal_year(iso: str) -> float:
    """Return the position of an ISO date on an axis where annual values stand at mid-year.

    >>> decimal_year("2019-07-02")
    2019.0
    """
    parts = [int(p) for p in iso[:10].split("-")]
    day = date(parts[0], parts[1] if len(parts) > 1 else 7, parts[2] if len(parts) > 2 else 1)
    start, end = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return round(day.year + (day - start).days / (end - start).days - 0.5, 2)


def actor(code: str, language: Language = "en") -> Name:
    """Return the name of a state or group, as sentences use it.

    >>> actor("KAZ"), actor("USA"), actor("EU27_2020")
    ('Kazakhstan', 'the United States', 'the EU27')
    """
    own = {"EU27_2020": _("the EU27"), "EU": _("the EU"), "ROW": _("the rest of the world")}
    plain = state_name(code, language) if code not in own else own[code]
    article = language == "en" and code in ("USA", "GBR", "ARE", "NLD", "PHL", "BHS", "GMB")
    return Name(f"the {plain}" if article else plain)


def label(code: str, language: Language = "en") -> str:
    """Return the name of a state or group, as charts and table heads use it."""
    own = {"EU27_2020": _("EU27"), "EU": _("EU"), "ROW": _("Rest of world")}
    return own.get(code) or state_name(code, language)
