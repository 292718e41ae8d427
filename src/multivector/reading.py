"""Reading: TOML tables as records and steps, with every problem at once and its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any

from multivector.choices import fit, hints
from multivector.errors import MultivectorError, StudyError, UnknownName
from multivector.registry import catalogue
from multivector.step import Step

Where = str | Callable[[str], str]
"""The place of a table; or a function from a field's name to the place of that field."""


def place(where: Where, field: str = "") -> str:
    """Return the place of a field, or of its table without one.

    >>> place("event 1", "date"), place("event 1")
    ('event 1.date', 'event 1')
    """
    if callable(where):
        return where(field)
    return f"{where}.{field}" if field else where


def record(
    kind: type,
    row: Mapping[str, Any],
    where: Where,
    problems: list[MultivectorError],
    skip: Iterable[str] = (),
) -> dict[str, Any]:
    """Return the fields of *kind* that *row* gives, fitted to their types."""
    known = {k: v for k, v in hints(kind).items() if k not in skip}
    result: dict[str, Any] = {}
    for name, value in row.items():
        if name not in known:
            problems.append(UnknownName("field", name, known, where=place(where)))
            continue
        try:
            result[name] = fit(value, known[name])
        except MultivectorError as error:
            error.given = f"{place(where, name)}: {error.given}"
            problems.append(error)
    return result


def lacks(
    kind: Any, row: Mapping[str, Any], where: Where, problems: list[MultivectorError]
) -> None:
    """Note the fields that *kind* needs and *row* does not give."""
    needed = [f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING]
    lost = [n for n in needed if n not in row]
    text = f"Needed: {', '.join(needed)}."
    problems += [StudyError(f"{place(where)} lacks {n!r}.", text) for n in lost]


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


def steps_of(tables: Mapping[str, Any], problems: list[MultivectorError]) -> dict[str, Step[Any]]:
    """Build the named steps of a file, resolving ``@name`` references among them."""
    known_steps = catalogue()
    made: dict[str, Step[Any] | None] = {}

    def make(name: str, trail: tuple[str, ...]) -> Step[Any] | None:
        """Return the step called *name*; None when it, or one that it needs, is at fault."""
        where = f"step.{name}"
        if name in trail:
            problems.append(StudyError(f"{where} depends on itself: {' → '.join((*trail, name))}."))
            return None
        if name in made:
            return made[name]
        made[name] = None
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
                made[name] = _built(kind, choices, where, problems)
        return made[name]

    for name in tables:
        make(name, ())
    return {name: step for name in tables if (step := made[name]) is not None}


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


def _built(
    kind: type[Step[Any]],
    choices: Mapping[str, Any],
    where: str,
    problems: list[MultivectorError],
) -> Step[Any] | None:
    before = len(problems)
    fitted = record(kind, choices, where, problems)
    lacks(kind, choices, where, problems)
    if len(problems) > before:
        return None
    try:
        return kind(**fitted)
    except MultivectorError as error:
        error.given = f"{where}: {error.given}"
        problems.append(error)
        return None
