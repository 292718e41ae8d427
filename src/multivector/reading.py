"""Reading: TOML tables as records and steps, with every problem at once and its place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from multivector.choices import Where, fitted, place
from multivector.errors import MultivectorError, StudyError, UnknownName, each_of
from multivector.registry import catalogue
from multivector.step import Step

T = TypeVar("T")


def toml(text: str, where: str) -> dict[str, Any]:
    """Return the tables of a TOML text."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StudyError(f"{where} is not valid TOML: {error}.") from None


def record(
    kind: type[T],
    row: Mapping[str, Any],
    where: Where,
    problems: list[MultivectorError],
    /,
    **given: Any,
) -> T | None:
    """Return the *kind* that *row* describes, or None after noting all that is wrong with it.

    Fields in *given* are not read from the table.
    """
    before = len(problems)
    read = fitted(kind, row, where, problems, skip=given)
    if len(problems) > before:
        return None
    try:
        return kind(**read, **given)
    except MultivectorError as error:
        for problem in each_of(error):
            problem.given = f"{place(where)}: {problem.given}"
            problems.append(problem)
        return None


def table(
    data: Mapping[str, Any], name: str, problems: list[MultivectorError]
) -> Mapping[str, Any]:
    """Return the table called *name*, empty where there is none."""
    found = data.get(name, {})
    if isinstance(found, dict):
        return found
    problems.append(StudyError(f"{name} must be a table, written [{name}]."))
    return {}


def rows(
    data: Mapping[str, Any], name: str, problems: list[MultivectorError]
) -> list[dict[str, Any]]:
    """Return the list of tables called *name*, empty where there is none."""
    found: Any = data.get(name, [])
    if isinstance(found, list) and all(isinstance(r, dict) for r in found):
        return found
    problems.append(StudyError(f"{name} must be a list of tables, written [[{name}]]."))
    return []


def records(
    kind: type[T],
    data: Mapping[str, Any],
    name: str,
    problems: list[MultivectorError],
    where: str = "",
) -> list[T | None]:
    """Return the *kind* that each table ``[[name]]`` describes, None where it cannot be used.

    The place of a table is its number, with its first value to know it by if that is text.
    """
    made: list[T | None] = []
    for n, row in enumerate(rows(data, name, problems), 1):
        first = next(iter(row.values()), None)
        called = f" ({first})" if isinstance(first, str) else ""
        home = f"{where}: " if where else ""
        made.append(record(kind, row, f"{home}{name} {n}{called}", problems))
    return made


def steps_of(tables: Mapping[str, Any], problems: list[MultivectorError]) -> dict[str, Step[Any]]:
    """Build the named steps of a file, resolving ``@name`` references among them."""
    known_steps = catalogue()
    built: dict[str, Step[Any] | None] = {}

    def make(name: str, trail: tuple[str, ...]) -> Step[Any] | None:
        """Return the step called *name*; None when it, or one that it needs, is at fault."""
        where = f"step.{name}"
        if name in trail:
            problems.append(StudyError(f"{where} depends on itself: {' → '.join((*trail, name))}."))
            return None
        if name in built:
            return built[name]
        built[name] = None
        row = table(tables, name, problems)
        kind = known_steps.get(str(row.get("step")))
        if name not in tables:
            known = [f"@{n}" for n in tables]
            problems.append(UnknownName("step", f"@{name}", known, where=f"step.{trail[-1]}"))
        elif kind is None:
            problems.append(UnknownName("step", row.get("step"), known_steps, where=where))
        else:
            used = {n: make(n, (*trail, name)) for n in _references(list(row.values()))}
            choices = {k: _filled(v, used) for k, v in row.items() if k != "step"}
            if None not in used.values():
                built[name] = record(kind, choices, where, problems)
        return built[name]

    for name in tables:
        make(name, ())
    return {name: step for name in tables if (step := built[name]) is not None}


def _references(value: Any) -> Iterator[str]:
    """Yield the names that *value* refers to as ``@name``, at any depth of lists."""
    if isinstance(value, str) and value.startswith("@"):
        yield value[1:]
    for entry in value if isinstance(value, list) else ():
        yield from _references(entry)


def _filled(value: Any, steps: Mapping[str, Step[Any] | None]) -> Any:
    if isinstance(value, list):
        return tuple(_filled(v, steps) for v in value)
    return steps[value[1:]] if isinstance(value, str) and value.startswith("@") else value
