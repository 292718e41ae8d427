"""Formats: at which level the five Central Asian states meet a partner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from datetime import date
from typing import ClassVar

from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.measures._tie import Row, Tie, Years, covered
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.states import members
from multivector.step import Inputs, Step

LEVELS = ("ministers", "leaders")
LOW = 3
"""Code of a first meeting that is known to have been earlier."""


@dataclass(frozen=True)
class FormatLevel(Tie):
    """Highest level at which the five Central Asian states have met a partner by the year's end.

    0: not yet in this format; 1: foreign ministers; 2: leaders. Counted from the first meeting of
    each level up to 31 December; the note gives the days. Where the first meeting is known to be
    earlier than the listed one (low confidence), the years before it are "no data". So are partners
    that are not in the table of formats: others than the six meet the five too.

    Examples
    --------
    >>> FormatLevel(focal="KAZ", partners=("USA", "EU")).unit
    'level 0–2'
    """

    name: ClassVar[str] = "format_level"
    label: ClassVar[str] = "Format of the five with a partner"
    unit: ClassVar[str] = "level 0–2"
    formats: Step[Panel] = default_input("formats")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: Years | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse states outside Central Asia and years that run backwards."""
        yield from self.refuse(self.focal, self.years)
        five = members("CA5", 2024)
        if self.focal not in five:
            yield InputError(f"{self.focal} is none of the five.", f"They are {', '.join(five)}.")

    def compute(self, get: Inputs) -> Estimate:
        """Find the highest level that has been reached by the end of each year."""
        panel = get(self.formats)
        years = covered(self.years, panel.variables[0].coverage, "The table of formats")
        first: dict[str, dict[str, date]] = {}
        earlier: set[str] = set()
        rows_of = panel.frame.select("counterpart", "level", "date", "confidence").iter_rows()
        for who, level, day, confidence in rows_of:
            first.setdefault(who, {})[level] = day
            if confidence == LOW:
                earlier.add(who)
        rows: list[Row] = []
        for partner in self.partners:
            days = first.get(partner, {})
            for year in years:
                reached = [n for n in LEVELS if n in days and days[n].year <= year]
                value = float(LEVELS.index(reached[-1]) + 1) if reached else 0.0
                known = bool(days) and (bool(reached) or partner not in earlier)
                note = "; ".join(f"{n} since {days[n].isoformat()}" for n in reached)
                if days and not known:
                    note = f"first meeting before {min(days.values()).isoformat()}, day not known"
                rows.append((self.focal, partner, year, value if known else None, note))
        return self.points(rows, "first meetings, to 31 December", high=2)
