"""Military presence: joint exercises, foreign troops, foreign bases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Literal

import polars as pl

from multivector.choices import Actor
from multivector.errors import MultivectorError
from multivector.estimate import Estimate
from multivector.measures._tie import Row, Tie, Years, code, covered, members
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step

BASES_YEAR = 2018
"""The year of which the list of bases speaks."""


@dataclass(frozen=True)
class JointExerciseCount(Tie):
    """Number of listed multinational military exercises in which two states took part, by year.

    Exercises of the MME list with both among the participants; with a bloc, at least one of its
    members of that year. The list is gathered from news reports: 0 means that none is listed. A
    partner outside the state system of the year is "no data"; years after 2010 raise
    ``OutOfCoverage``.

    Examples
    --------
    >>> JointExerciseCount(focal="KAZ", partners=("RUS", "USA")).unit
    'exercises listed'
    """

    name: ClassVar[str] = "joint_exercise_count"
    label: ClassVar[str] = "Joint military exercises"
    unit: ClassVar[str] = "exercises listed"
    exercises: Step[Panel] = default_input("multinational_exercises")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: Years | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a group as focal and periods that run backwards."""
        yield from self.refuse(self.focal, self.years)

    def compute(self, get: Inputs) -> Estimate:
        """Count exercises that list both."""
        panel = get(self.exercises)
        years = covered(self.years, panel.variables[0].coverage, "The list of exercises")
        who: dict[tuple[int, int], set[str]] = {}
        for exercise, year, state in panel.frame.select("exercise", "year", "state").iter_rows():
            who.setdefault((year, state), set()).add(exercise)
        rows: list[Row] = []
        for partner in self.partners:
            for year in years:
                ours = code(self.focal, panel.key.system, year)
                numbers = [code(m, panel.key.system, year) for m in members(partner, year)]
                theirs = [c for c in numbers if c is not None]
                value: float | None = None
                if ours is not None and theirs:
                    with_them = set().union(*(who.get((year, c), set()) for c in theirs))
                    value = float(len(with_them & who.get((year, ours), set())))
                rows.append((self.focal, partner, year, value, ""))
        return self.points(rows, "exercises of the MME list")


@dataclass(frozen=True)
class UsTroopCount(Tie):
    """United States military personnel on active duty in a state, by year.

    Persons, as the reports of the US Department of Defense give them. A year without row is "no
    data". Zeros may be filled in for states that a report does not list.

    Examples
    --------
    >>> UsTroopCount(focal="KAZ").unit
    'persons'
    """

    name: ClassVar[str] = "us_troop_count"
    label: ClassVar[str] = "US military personnel"
    unit: ClassVar[str] = "persons"
    troops: Step[Panel] = default_input("us_troops")
    _: KW_ONLY
    focal: Actor
    years: Years | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a group as focal and periods that run backwards."""
        yield from self.refuse(self.focal, self.years)

    def compute(self, get: Inputs) -> Estimate:
        """Look up the host in each year."""
        panel = get(self.troops, "us_troops")
        years = covered(self.years, panel.variables[0].coverage, "The table of troops")
        held = {(s, y): v for s, y, v in panel.frame.iter_rows()}
        rows: list[Row] = []
        for year in years:
            value = held.get((code(self.focal, panel.key.system, year), year))
            rows.append((self.focal, "USA", year, value, ""))
        return self.points(rows, "active duty")


@dataclass(frozen=True)
class UsBaseCount(Tie):
    """Number of places in a state that a list of about 2018 gives as bases of the United States.

    Large installations (``base``), small sites (``lilypad``) and sites of the host that the United
    States pay for (``funded_site``) are counted apart by ``kind``. The list has no dates and may
    hold closed places; 0 means that it has none. The only year is that of the list, 2018.

    Examples
    --------
    >>> UsBaseCount(focal="KGZ").kind
    'all'
    """

    name: ClassVar[str] = "us_base_count"
    label: ClassVar[str] = "US bases and sites listed"
    unit: ClassVar[str] = "sites listed"
    bases: Step[Panel] = default_input("us_bases")
    _: KW_ONLY
    focal: Actor
    kind: Literal["all", "base", "lilypad", "funded_site"] = "all"

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a group as focal."""
        yield from self.refuse(self.focal, None)

    def compute(self, get: Inputs) -> Estimate:
        """Count the lines of the host."""
        panel = get(self.bases)
        host = code(self.focal, panel.key.system, BASES_YEAR)
        lines = panel.frame.filter(pl.col("state").eq_missing(pl.lit(host, pl.Int64)))
        kept = lines if self.kind == "all" else lines.filter(pl.col(self.kind) == 1)
        value = None if host is None else float(len(kept))
        rows: list[Row] = [(self.focal, "USA", BASES_YEAR, value, "")]
        return self.points(rows, f"list of about 2018; kind: {self.kind.replace('_', ' ')}")
