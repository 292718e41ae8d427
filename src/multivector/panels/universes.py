"""Universes: every state, and every pair of states, in every year of a system of states."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import ClassVar, Literal, NamedTuple

import numpy as np
import polars as pl

from multivector.errors import InputError, MultivectorError
from multivector.origin import OWN, Citation, Origin
from multivector.panel import Panel
from multivector.step import Inputs, Step
from multivector.variable import DIRECTED_DYAD_YEAR, DYAD_YEAR, STATE_YEAR, Key

StateSystem = Literal["cow", "gw"]
FIRST, LAST, CHECKED = 1816, 2023, 2025
"""First year of both lists, last year by default, last year for which the spells were checked."""

_COW = Citation(
    "cow2017states",
    "misc",
    "{Correlates of War Project}",
    "State System Membership List, v2016",
    2017,
    url="https://correlatesofwar.org/data-sets/state-system-membership/",
)
_GW = Citation(
    "gleditsch1999",
    "article",
    "Gleditsch, Kristian S. and Ward, Michael D.",
    "A revised list of independent states since the congress of Vienna",
    1999,
    "International Interactions 25(4):393-413",
    doi="10.1080/03050629908434958",
)
_LISTS: dict[str, tuple[str, str, str, Citation]] = {
    "cow": ("State System Membership List", "Correlates of War Project", "v2016", _COW),
    "gw": (
        "List of Independent States, with microstates",
        "Gleditsch and Ward",
        "to 2020",
        _GW,
    ),
}
_OPEN = date(CHECKED, 12, 31)


class Spell(NamedTuple):
    """One spell of membership in a system of states, from day to day, both inclusive."""

    code: int
    start: date
    end: date


@dataclass(frozen=True)
class _Universe(Step[Panel]):
    """What the universes share: a system of states and the years."""

    system: StateSystem = "cow"
    years: tuple[int, int] = (FIRST, LAST)

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse years that run backwards or that the lists do not know."""
        first, last = self.years
        if first > last:
            yield InputError(f"{first} to {last} runs backwards.", f"Did you mean {last}, {first}?")
        elif first < FIRST or last > CHECKED:
            yield InputError(
                f"The {self.system} list of states does not speak of {first}–{last}.",
                f"Years from {FIRST} to {CHECKED} are possible.",
                "Restrict the years.",
            )


@dataclass(frozen=True)
class StateYears(_Universe):
    """Every member of a system of states in every year in which it was a member on some day.

    One row per code and year, without variables; :class:`With` adds them. ``cow`` is the
    membership list of the Correlates of War project (v2016), ``gw`` that of Gleditsch and Ward
    with their microstates. Both lists end before the years that one wants; spells open at the
    list's end go on (no state entered or left either system since, as checked to 2025).

    Parameters
    ----------
    system
        Whose list, and whose codes.
    years
        First and last year.

    References
    ----------
    Correlates of War Project (2017). State System Membership List, v2016.
    Gleditsch, K. S. and Ward, M. D. (1999). A revised list of independent states since the
    congress of Vienna. International Interactions 25(4): 393–413. doi:10.1080/03050629908434958

    Examples
    --------
    >>> from multivector.runner import run
    >>> len(run(StateYears("cow")).frame), len(run(StateYears("gw")).frame)
    (17316, 20455)
    """

    name: ClassVar = "state_years"

    def compute(self, get: Inputs) -> Panel:
        """Expand the spells into years."""
        return _panel(replace(STATE_YEAR, system=self.system), state_years(self.system, self.years))


@dataclass(frozen=True)
class DyadYears(_Universe):
    """Every pair of members of a system of states in every year in which they share a day.

    One row per pair and year, without variables; :class:`With` adds them. Two states that were
    members in the same year but never on the same day (one ended before the other began) are no
    dyad of that year. See :class:`StateYears` for the lists.

    Parameters
    ----------
    system
        Whose list, and whose codes.
    years
        First and last year.
    directed
        Both (A, B) and (B, A); otherwise each pair once, the lower code first.

    References
    ----------
    See :class:`StateYears`.

    Examples
    --------
    >>> from multivector.runner import run
    >>> len(run(DyadYears("cow", (1991, 1991))).frame)
    31152
    """

    name: ClassVar = "dyad_years"

    directed: bool = True

    def compute(self, get: Inputs) -> Panel:
        """Expand the days that each pair of spells shares into years."""
        key = DIRECTED_DYAD_YEAR if self.directed else DYAD_YEAR
        frame = dyad_years(self.system, self.years, directed=self.directed)
        return _panel(replace(key, system=self.system), frame)


@cache
def spells(system: StateSystem) -> tuple[Spell, ...]:
    """Return the spells of membership in *system*, by code and start.

    >>> [s.start.isoformat() for s in spells("gw") if s.code == 705]
    ['1991-12-16']
    """
    rows = csv.DictReader(_text().splitlines())
    return tuple(
        sorted(
            Spell(
                int(r["code"]),
                date.fromisoformat(r["start"]),
                date.fromisoformat(r["end"]) if r["end"] else _OPEN,
            )
            for r in rows
            if r["system"] == system
        )
    )


def state_years(system: StateSystem, years: tuple[int, int]) -> pl.DataFrame:
    """Return state and year for every year that a spell touches, sorted."""
    code, first, last = _spans(system, years)
    (which, year) = _expand(first // 10_000, last // 10_000)
    return pl.DataFrame({"state": code[which], "year": year})


def dyad_years(system: StateSystem, years: tuple[int, int], *, directed: bool) -> pl.DataFrame:
    """Return state, partner and year for every year in which both spells share a day, sorted.

    A list in which no state has two spells in one year gives no row twice.
    """
    code, first, last = _spans(system, years)
    a, b = np.nonzero(code[:, None] != code if directed else code[:, None] < code)
    start, end = np.maximum(first[a], first[b]), np.minimum(last[a], last[b])
    meet = start <= end
    a, b, start, end = a[meet], b[meet], start[meet], end[meet]
    order = np.lexsort((start, code[b], code[a]))
    pair, year = _expand(start[order] // 10_000, end[order] // 10_000)
    return pl.DataFrame(
        {"state": code[a[order]][pair], "partner": code[b[order]][pair], "year": year}
    )


def _spans(
    system: StateSystem, years: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return codes, first and last days (as 20241231) of the spells, cut to *years*."""
    first, last = years[0] * 10_000 + 101, years[1] * 10_000 + 1231
    rows = [(s.code, max(_plain(s.start), first), min(_plain(s.end), last)) for s in spells(system)]
    table = np.array([r for r in rows if r[1] <= r[2]], dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _plain(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def _expand(first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return, for spans of years, which span each year belongs to, and the years."""
    lengths = last - first + 1
    which = np.repeat(np.arange(len(first)), lengths)
    before = np.cumsum(lengths) - lengths
    return which, np.arange(len(which)) + (first - before)[which]


def _panel(key: Key, frame: pl.DataFrame) -> Panel:
    title, producer, version, work = _LISTS[key.system]
    origin = Origin(
        dataset=f"{key.system}_system",
        title=title,
        producer=producer,
        version=version,
        licence=replace(OWN, quote="Codes and days of membership are facts; the table is ours."),
        citation=work,
        sha256=_digest(),
        note=f"Spells open at the end of the list go on to {CHECKED}.",
    )
    return Panel(frame, key, (), origins=(origin,), trusted=True)


@cache
def _text() -> str:
    return (files("multivector") / "data" / "states" / "systems.csv").read_text("utf-8")


@cache
def _digest() -> str:
    return sha256(_text().encode()).hexdigest()
