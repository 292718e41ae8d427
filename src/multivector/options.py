"""Options: command-line words as the choices of a step."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from multivector.choices import hints
from multivector.errors import InputError, UnknownName
from multivector.registry import catalogue
from multivector.step import Step

StepT = TypeVar("StepT", bound=Step[Any])
ALIASES = {"partner": "partners", "year": "years", "other": "others", "domain": "domains"}

SYNONYMS = {"state": "focal", "with": "partners"}
"""Other words for a field, where the step has no field of that name."""


def step_of(kind: type[Step[Any]], given: Mapping[str, str]) -> Step[Any]:
    """Make a step from command-line words, each read as the type of its field asks."""
    known = hints(kind)
    values: dict[str, Any] = {}
    for option, word in given.items():
        plain = option.replace("-", "_")
        name = plain if plain in known else {**SYNONYMS, **ALIASES}.get(plain, plain)
        if name not in known:
            raise UnknownName("option", f"--{option}", [f"--{k}" for k in known], where=kind.name)
        values[name] = _value(word, known[name])
    needed = [f.name for f in fields(kind) if f.name not in values and _required(f)]
    if needed:
        options = ", ".join(_option((n, str)) for n in needed)
        raise InputError(
            f"{kind.name} needs {options}.",
            f"Its options: {', '.join(map(_option, known.items()))}.",
        )
    return kind(**values)


def edited(step: StepT, given: Mapping[str, str]) -> StepT:
    """Return the step with the choices that command-line words change."""
    known = hints(type(step))
    values: dict[str, Any] = {}
    for option, word in given.items():
        name = option.replace("-", "_")
        if name not in known:
            options = [f"--{k}" for k in known]
            raise UnknownName("option", f"--{option}", options, where=step.name)
        values[name] = _value(word, known[name])
    return replace(step, **values)


def text_of(path: Path) -> str:
    """Return the text of a file that an argument names."""
    if not path.is_file():
        raise InputError(f"There is no file {path}.", f"Looked in {path.absolute().parent}.")
    return path.read_text(encoding="utf-8")


def _option(item: tuple[str, Any]) -> str:
    """Write an option as one types it, with its choices where they are few."""
    name, hint = item
    plural = {field: word for word, field in ALIASES.items()}
    choices = typing.get_args(hint) if typing.get_origin(hint) is Literal else ()
    return f"--{plural.get(name, name).replace('_', '-')} {'|'.join(map(str, choices))}".strip()


def _required(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _value(word: str, hint: Any) -> Any:
    """Read one word as the value of a field of this type."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return _value(word, args[0])
    if origin is not None and origin is not tuple and type(None) in args:
        return _value(word, next(a for a in args if a is not type(None)))
    if origin is tuple and args == (int, int):
        first, _, last = word.partition(":")
        return (_value(first, int), _value(last or first, int))
    if origin is tuple:
        return tuple(_value(w.strip(), args[0]) for w in word.split(",") if w.strip())
    if isinstance(origin, type) and issubclass(origin, Step):
        known = catalogue()
        if word.endswith(".toml"):
            return known["declared_table"](word)
        name, _, layout = word.partition(":")
        if name not in known:
            raise UnknownName("step", name, known)
        try:
            return known[name](layout=layout) if layout else known[name]()
        except TypeError:
            raise InputError(
                f"{word!r} needs choices of its own.", remedy="Write it in a study file."
            ) from None
    if hint in (int, float):
        try:
            return hint(word)
        except ValueError:
            remedy = "Years are written 2019 or 2007:2019." if hint is int else ""
            raise InputError(f"{word!r} is no number.", remedy) from None
    return word
