"""Continuity of office: how long the holders of Kazakhstan's high offices have held them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from datetime import date
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from multivector.errors import InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Measure, Step
from multivector.variable import span

Office = Literal["president", "foreign_minister", "senate_chair", "mazhilis_chair"]
_DAYS_IN_YEAR = 365.25
_RANK = {2: "deputy prime minister", 3: "state secretary"}


@dataclass(frozen=True)
class OfficeTenure(Measure):
    """Years for which the holder of an office on 31 December has held it without a break.

    t − b in years of 365.25 days, from the first day b of the holder's unbroken spells (a change of
    rank is no break; a break of office is) to 31 December. The note names the holder, the rank in
    cabinet where it is more than minister, and whether b is known to the day only by month or year:
    then its first day stands for it. A year in which the office was vacant on 31 December is "no
    data". The table of offices is compiled by hand: see its confidence and basis.

    Examples
    --------
    >>> OfficeTenure(office="foreign_minister").unit
    'years'
    """

    name: ClassVar[str] = "office_tenure"
    unit: ClassVar[str] = "years"
    offices: Step[Panel] = default_input("offices")
    _: KW_ONLY
    office: Office = "foreign_minister"
    years: tuple[int, int] = (1992, 2024)

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse years that run backwards or lie outside the table."""
        if self.years[0] > self.years[1]:
            yield InputError(f"years {self.years[0]}:{self.years[1]} runs backwards.")
        if self.years[0] < 1992 or self.years[1] > 2024:
            yield InputError(
                f"The table has years 1992 to 2024; {self.years[0]}–{self.years[1]} was asked."
            )

    def compute(self, get: Inputs) -> Estimate:
        """Find the holder on 31 December and the beginning of the unbroken spells."""
        spells = (
            get(self.offices, "ended", "rank")
            .frame.filter(pl.col("office") == self.office)
            .sort("began")
            .select("person", "began", "ended", "rank")
            .rows()
        )
        values: list[float] = []
        notes: list[str] = []
        for year in (years := span(*self.years)):
            held = [
                k
                for k, (_, began, ended, _) in enumerate(spells)
                if _first(began) <= date(year, 12, 31)
                and (ended is None or _last(ended) >= date(year, 12, 31))
            ]
            if not held:
                values.append(np.nan)
                notes.append("vacant or not known")
                continue
            first = last = held[-1]
            while first and _follows(spells[first - 1], spells[first]):
                first -= 1
            person, began = spells[first][:2]
            values.append((date(year, 12, 31) - _first(began)).days / _DAYS_IN_YEAR)
            rank = _RANK.get(spells[last][3])
            notes.append(f"{person}, since {began}" + (f" ({rank})" if rank else ""))
        cells = pl.DataFrame(
            {"office": [self.office] * len(years), "year": list(years), "note": notes}
        )
        return Estimate(
            cells,
            np.array(values, dtype=np.float64).reshape(-1, 1),
            label="Years in office",
            unit=self.unit,
            variant=f"{self.office.replace('_', ' ')} of Kazakhstan, on 31 December",
            range=(0, None),
        )


def _follows(
    before: tuple[str, str, str | None, int], after: tuple[str, str, str | None, int]
) -> bool:
    """Say whether two spells are of one person and leave no day between them."""
    ended = before[2]
    return (
        before[0] == after[0] and ended is not None and (_first(after[1]) - _last(ended)).days <= 1
    )


def _first(day: str) -> date:
    """Return the first day that a shortened ISO date may mean.

    >>> _first("1994-10")
    datetime.date(1994, 10, 1)
    """
    return date.fromisoformat(day + "-01-01"[len(day) - 4 :] if len(day) < 10 else day)


def _last(day: str) -> date:
    """Return the last day that a shortened ISO date may mean, the 28th standing for a month's end.

    >>> _last("1994"), _last("1994-10")
    (datetime.date(1994, 12, 31), datetime.date(1994, 10, 28))
    """
    return date.fromisoformat({4: f"{day}-12-31", 7: f"{day}-28"}.get(len(day), day))
