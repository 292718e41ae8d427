"""Goals: a strategy document as data, and how its indicators have moved."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, Protocol, Self

import tomli_w

from multivector.errors import (
    DataError,
    InputError,
    MultivectorError,
    Problems,
    StudyError,
    UnknownName,
    raise_all,
)
from multivector.estimate import Estimate
from multivector.quantity import Quantity
from multivector.reading import record, rows, table, toml
from multivector.registry import find
from multivector.step import Step
from multivector.study import Study

Direction = Literal["up", "down", "steady"]
Verdict = Literal["toward", "away", "cannot be told", "too few years", "no data"]
ABSENT = (DataError, InputError, Problems)
LEAST_YEARS = 4
"""Fewest known years since adoption; a slope through three points says nothing of a trend."""


class Run(Protocol):
    """What evaluates steps: a Runner, or anything that is called like one."""

    def __call__(self, step: Step[Estimate]) -> Estimate:
        """Return the value of *step*."""
        ...


@dataclass(frozen=True)
class Indicator:
    """One figure by which a goal is judged.

    ``step`` is the name of a step of the file; ``where`` picks one series of it, as ``key=value``.
    ``target`` is that of the document, in the unit of the step, or None where it states none.
    """

    step: str
    label: str
    direction: Direction
    where: tuple[str, ...] = ()
    target: float | None = None


@dataclass(frozen=True)
class Goal:
    """One goal of the document, in words of ours, with what can be measured of it.

    ``missing`` says what of the goal no figure here covers; a goal without an indicator must have
    it.
    """

    name: str
    text: str
    missing: str = ""
    indicators: tuple[Indicator, ...] = ()


@dataclass(frozen=True)
class Score:
    """How one indicator has moved since the document was adopted.

    ``base`` is its value in the last year before, ``last`` the latest; ``trend`` the slope since
    the year of adoption, ``before`` that of the ten years before it, both per decade.
    """

    goal: Goal
    indicator: Indicator | None
    verdict: Verdict
    base: Quantity | None = None
    last: Quantity | None = None
    trend: Quantity | None = None
    before: Quantity | None = None
    note: str = ""


@dataclass(frozen=True)
class Goals:
    """The goals of one strategy document, with the steps that measure them.

    Examples
    --------
    >>> load_goals("kazakhstan").adopted
    2020
    """

    study: Study
    document: str
    url: str
    adopted: int
    goals: tuple[Goal, ...]

    @classmethod
    def from_toml(cls, text: str, where: str = "goals") -> Self:
        """Read a goals file: a study file with a table [document] and tables [[goal]].

        Raises
        ------
        StudyError
            With every problem at once, each with its place.
        """
        data = toml(text, where)
        problems: list[MultivectorError] = []
        head, wanted = table(data, "document", problems), rows(data, "goal", problems)
        rest = {k: v for k, v in data.items() if k not in ("document", "goal")}
        study = Study.from_toml(tomli_w.dumps(rest), where)
        goals = [
            _goal(row, f"goal {row.get('name', n)}", problems) for n, row in enumerate(wanted, 1)
        ]
        made = tuple(g for g in goals if g is not None)
        problems += _faults(made, study)
        result = record(cls, head, "document", problems, study=study, goals=made)
        raise_all(f"{where} cannot be used", problems)
        assert result is not None
        return result


def load_goals(argument: str) -> Goals:
    """Return the goals that a command's argument names: a .toml file, or shipped ones."""
    if argument.endswith(".toml"):
        path = Path(argument)
        if not path.is_file():
            raise StudyError(f"There is no goals file {argument!r}.")
        return Goals.from_toml(path.read_text(encoding="utf-8"), argument)
    known = shipped()
    if argument.casefold() not in known:
        raise UnknownName(
            "goals of a document", argument, known, "Write a goals file and give its path."
        )
    place = files("multivector").joinpath("documents", f"{argument.casefold()}.toml")
    return Goals.from_toml(place.read_text(encoding="utf-8"), argument)


def shipped() -> dict[str, str]:
    """Return the goals that ship, by name, with their focal state."""
    folder = files("multivector").joinpath("documents")
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".toml"))
    texts = {n: folder.joinpath(n).read_text(encoding="utf-8") for n in names}
    return {
        n.removesuffix(".toml"): str(tomllib.loads(t)["study"]["focal"]) for n, t in texts.items()
    }


def scoreboard(goals: Goals, run: Run) -> list[Score]:
    """Judge every indicator of every goal: the trend since adoption, against its direction.

    ``toward`` and ``away`` need a 90 % interval of the trend that leaves out zero; for ``steady``
    any such trend is away. Fewer than four years since adoption are too few. Nothing says that the
    document caused what it wished for.
    """
    return [score for goal in goals.goals for score in _scores(goals, goal, run)]


def _scores(goals: Goals, goal: Goal, run: Run) -> Iterator[Score]:
    if not goal.indicators:
        yield Score(goal, None, "no data", note=goal.missing)
    for indicator in goal.indicators:
        step = goals.study.steps[indicator.step]
        try:
            yield _judged(goals, goal, indicator, step, run)
        except ABSENT as problem:
            yield Score(goal, indicator, "no data", note=" ".join(str(problem).split()))


def _judged(
    goals: Goals, goal: Goal, indicator: Indicator, step: Step[Estimate], run: Run
) -> Score:
    where = dict(pair.split("=", 1) for pair in indicator.where)
    series = run(step).select(**where)
    known = {int(dict(q.cell)["year"]): q for q in series.quantities() if q.known}
    if not known:
        return Score(goal, indicator, "no data", note=f"{series.label}: no value is known.")
    trend = find("measures", "series_trend")
    old = [y for y in known if y < goals.adopted]
    new = [y for y in known if y >= goals.adopted]
    base, last = (known[max(old)] if old else None), known[max(known)]

    def slope(first: int, final: int) -> Quantity:
        return run(trend(step, years=(first, final))).select(**where).quantities()[0]

    ten = [y for y in old if y >= goals.adopted - 10]
    before = slope(min(ten), max(ten)) if len(ten) > 2 else None
    if len(new) < LEAST_YEARS:
        note = f"The data end in {max(known)}."
        return Score(goal, indicator, "too few years", base, last, None, before, note)
    since = slope(min(new), max(new))
    return Score(goal, indicator, _verdict(since, indicator.direction), base, last, since, before)


def _verdict(trend: Quantity, direction: Direction) -> Verdict:
    if trend.low is None or trend.high is None or trend.low <= 0 <= trend.high:
        return "cannot be told"
    if direction == "steady":
        return "away"
    return "toward" if (trend.low > 0) == (direction == "up") else "away"


# reading -----------------------------------------------------------------------------------------


def _goal(row: Mapping[str, Any], where: str, problems: list[MultivectorError]) -> Goal | None:
    made = [
        record(Indicator, one, f"{where}, indicator {n}", problems)
        for n, one in enumerate(rows(row, "indicator", problems), 1)
    ]
    plain = {k: v for k, v in row.items() if k != "indicator"}
    return record(Goal, plain, where, problems, indicators=tuple(filter(None, made)))


def _faults(goals: tuple[Goal, ...], study: Study) -> Iterator[MultivectorError]:
    names = [g.name for g in goals]
    for goal in goals:
        if names.count(goal.name) > 1:
            yield StudyError(f"Two goals are called {goal.name!r}.")
        if not goal.indicators and not goal.missing:
            yield StudyError(
                f"goal {goal.name} has no indicator.",
                remedy="Give one, or say under missing why it cannot be measured.",
            )
        for one in goal.indicators:
            if one.step not in study.steps:
                yield UnknownName("step", one.step, study.steps, where=f"goal {goal.name}")
            if any("=" not in pair for pair in one.where):
                yield StudyError(f"goal {goal.name}: {one.where} is not written key=value.")
