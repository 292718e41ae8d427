"""Shares of counted ties from tables that a user feeds: alliances of ATOP, trips of COLT."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError, OutOfCoverage
from multivector.estimate import Estimate
from multivector.measures._tie import covered, members
from multivector.measures.tie_shares import CountedShare, Parties
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step
from multivector.variable import span

ATOP_YEARS = (1992, 2018)
COLT_YEARS = (2018, 2024)


@dataclass(frozen=True)
class AllianceShare(CountedShare):
    """Share of each partner in the alliances that bind a state, after ATOP.

    p_j = x_j / Σ_k x_k with x_j = Σ_a 1/(n_a − 1) over the alliances a that bind both on 31
    December, n_a the number of members then, as in ``treaty_share``; draws as there. 0 to 1; a
    year without an alliance is undefined. ATOP ends in 2018, and counts the Final Act of Helsinki
    as an alliance of all its signatories. A state that never belonged to one is refused.

    Examples
    --------
    >>> AllianceShare(focal="SRB", partners=("RUS", "CHN")).years
    (1992, 2018)
    """

    name: ClassVar[str] = "alliance_share"
    example: ClassVar = {"years": (2016, 2018)}
    label: ClassVar[str] = "Share in alliances"
    spells: Step[Panel] = default_input("atop_members")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: tuple[int, int] = ATOP_YEARS
    draws: int = 500
    seed: int = 1

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse also years after the record."""
        yield from super().problems()
        if self.years[1] > ATOP_YEARS[1]:
            yield InputError(f"ATOP ends in {ATOP_YEARS[1]}; {self.years[1]} was asked.")

    def compute(self, get: Inputs) -> Estimate:
        """Find who is bound by each alliance at the end of each year."""
        frame = get(self.spells).frame
        by_year = {y: _bound(frame, y) for y in span(*self.years)}
        if not any(self.focal in m for held in by_year.values() for m in held.values()):
            raise OutOfCoverage(f"ATOP has no alliance of {self.focal} in these years.")
        return self.share(
            (self.focal, self.partners, self.years),
            by_year,
            (self.draws, self.seed),
            "alliances of ATOP",
        )


def _bound(spells: pl.DataFrame, year: int) -> Parties:
    """Return the members of each alliance on 31 December; COW numbers become our ids."""
    day = f"{year}-12-31"
    codes = {states.code(s, "cow", year): s for s in states.all_states(date(year, 12, 31))}
    now = spells.filter(
        pl.col("entered") <= day, pl.col("left").is_null() | (pl.col("left") >= day)
    )
    held: dict[str, set[str]] = {}
    for alliance, number in now.select("alliance", "state").unique().iter_rows():
        state = codes.get(str(number))
        if state is not None:
            held.setdefault(str(alliance), set()).add(state)
    return {a: frozenset(m) for a, m in held.items()}


@dataclass(frozen=True)
class VisitShare(CountedShare):
    """Share of each partner in the trips of leaders to and from a state, after COLT.

    p_j = n_j / Σ_k n_k, n_j the trips either way in the year; draws are those of the Dirichlet
    posterior, as in ``treaty_share``. 0 to 1. The aggregate to be had holds all pairs of five
    states only; of another focal state most partners are not known, and it is refused.

    Examples
    --------
    >>> VisitShare(focal="CHN", partners=("RUS", "USA")).years
    (2018, 2024)
    """

    name: ClassVar[str] = "visit_share"
    label: ClassVar[str] = "Share in trips of leaders"
    trips: Step[Panel] = default_input("colt_dyads")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: tuple[int, int] = COLT_YEARS
    draws: int = 500
    seed: int = 1

    def compute(self, get: Inputs) -> Estimate:
        """Add up the trips by partner and year."""
        panel = get(self.trips, "trips")
        cover = panel.variable("trips").coverage
        years = covered(self.years, cover, "COLT")
        if cover.states and self.focal not in cover.states:
            raise OutOfCoverage(
                f"COLT's aggregate holds not all partners of {self.focal}.",
                f"Of these it does: {', '.join(map(str, cover.states))}.",
                "The whole data set is had from its authors.",
            )
        found: Mapping[tuple[str, str, int], int] = {
            (a, b, y): n for a, b, y, n in panel.frame.drop_nulls("trips").iter_rows()
        }
        counts = np.zeros((len(years), len(self.partners) + 1))
        for (a, b, year), n in found.items():
            if self.focal not in (a, b) or year not in years:
                continue
            other = b if a == self.focal else a
            place = [k for k, p in enumerate(self.partners) if other in members(p, year)]
            counts[years.index(year), place[0] if place else -1] += n
        return self.drawn(
            (self.focal, self.partners, self.years),
            counts,
            (self.draws, self.seed),
            "trips of leaders either way",
        )
