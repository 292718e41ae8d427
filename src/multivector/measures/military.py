"""Military presence: joint exercises, foreign troops, foreign bases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

from multivector.choices import Actor
from multivector.errors import MultivectorError
from multivector.estimate import Estimate
from multivector.measures._tie import Row, Tie, Years, code, covered, members
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step


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
