"""Choices: values whose fields are checked against their declared types when they are made."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from functools import cache
from numbers import Integral, Real
from typing import Annotated, Any, Literal, TypeVar

from multivector import states
from multivector.errors import InputError, MultivectorError, Problems, UnknownName, raise_all


@dataclass(frozen=True)
class Parsed:
    """Annotation of a choice that is read by a function: ``Annotated[str, Parsed(f)]``.

    The function returns the canonical value or raises ``InputError``; so a misspelt state or vote
    set fails when the step is made, not when it runs.
    """

    read: Callable[[Any], Any]


Actor = Annotated[str, Parsed(states.resolve)]


class Checked:
    """Base of frozen dataclasses whose fields are checked when they are made, and hashed once.

    Fields are scalars (``bool``, ``int``, ``float``, ``str``, ``date``), tuples of them, and other
    checked values; each has one canonical form, so that equal values print alike. Trees share
    branches: a hash taken anew at every level would cost time exponential in the depth.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        """Keep ``dataclass`` from writing a hash of its own."""
        super().__init_subclass__(**options)
        cls.__hash__ = Checked.__hash__

    def __post_init__(self) -> None:
        """Check every field against its declared type and put it in canonical form."""
        problems: list[MultivectorError] = []
        for choice, hint in hints(type(self)).items():
            try:
                object.__setattr__(self, choice, fit(getattr(self, choice), hint))
            except (InputError, Problems) as problem:
                problem.given = f"{type(self).__name__}.{choice}: {problem.given}"
                problems.append(problem)
        raise_all(f"{type(self).__name__} cannot be made", problems or list(self.problems()))

    def problems(self) -> Iterable[MultivectorError]:
        """Yield what is wrong with the combination of choices; override where needed."""
        return ()

    def __hash__(self) -> int:
        if "_hash" not in vars(self):
            values = (getattr(self, name) for name in hints(type(self)))
            vars(self)["_hash"] = hash((type(self), *values))
        return vars(self)["_hash"]

    def __getstate__(self) -> dict[str, Any]:
        """Leave the hash behind, since that of a text differs between processes."""
        return {name: value for name, value in vars(self).items() if name != "_hash"}


class Record(Checked):
    """Base of checked values that steps hold as fields and that TOML writes as tables."""


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


def fitted(
    kind: type[Any],
    table: Mapping[str, Any],
    where: Where,
    problems: list[MultivectorError],
    skip: Iterable[str] = (),
) -> dict[str, Any]:
    """Return the fields of *kind* that *table* gives, in canonical form.

    Unknown fields, fields that are lacking and values that do not fit are added to *problems*,
    each with its place.
    """
    left = {f.name: f for f in fields(kind) if f.name not in set(skip)}
    problems += [UnknownName("field", n, left, where=place(where)) for n in table if n not in left]
    needed = [n for n, f in left.items() if f.default is MISSING and f.default_factory is MISSING]
    problems += [
        InputError(f"{place(where)} lacks {n!r}.", f"Needed: {', '.join(needed)}.")
        for n in needed
        if n not in table
    ]
    given: dict[str, Any] = {}
    for name in (n for n in table if n in left):
        try:
            given[name] = fit(table[name], hints(kind)[name])
        except MultivectorError as problem:
            problem.given = f"{place(where, name)}: {problem.given}"
            problems.append(problem)
    return given


@cache
def hints(kind: type) -> dict[str, Any]:
    """Return the declared type of every field of the dataclass *kind*."""
    found = typing.get_type_hints(kind, include_extras=True)
    return {f.name: found[f.name] for f in fields(kind)}


@cache
def result_of(kind: type, generic: type) -> Any:
    """Return the type argument with which *kind* (or a base of it) specialises *generic*."""
    for base in kind.__mro__:
        for declared in getattr(base, "__orig_bases__", ()):
            if typing.get_origin(declared) is generic:
                return typing.get_args(declared)[0]
    return Any


def fit(value: Any, hint: Any) -> Any:
    """Return *value* in the canonical form that *hint* calls for, or raise ``InputError``.

    >>> fit(["KAZ", "RUS"], tuple[str, ...])
    ('KAZ', 'RUS')
    """
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    kind = origin or hint
    if origin is Annotated:
        value = fit(value, args[0])
        for mark in args[1:]:
            value = mark.read(value) if isinstance(mark, Parsed) else value
        return value
    if origin is Literal:
        for choice in args:
            if type(value) is type(choice) and value == choice:
                return choice
        raise UnknownName("choice", value, args)
    if origin in (typing.Union, types.UnionType):
        return _fit_any(value, args)
    if origin is tuple and isinstance(value, tuple | list):
        inner = args[:1] * len(value) if args[-1:] == (...,) else args
        if len(inner) != len(value):
            raise InputError(f"{value!r} has {len(value)} entries.", f"{len(inner)} are needed.")
        return _fit_each(value, inner)
    if isinstance(kind, type) and issubclass(kind, Record) and isinstance(value, Mapping):
        problems: list[MultivectorError] = []
        given = fitted(kind, value, kind.__name__.lower(), problems)
        raise_all(f"{kind.__name__.lower()} cannot be used", problems)
        return kind(**given)
    if isinstance(kind, type) and issubclass(kind, Checked):
        wanted = args[0] if args and not isinstance(args[0], TypeVar) else Any
        result = result_of(type(value), kind) if isinstance(value, kind) else None
        if result is None or (wanted is not Any and result is not wanted):
            what = f"yields a {_name(result)}" if result else f"is a {_name(type(value))}"
            needed = "" if wanted is Any else f" that yields a {_name(wanted)}"
            raise InputError(f"{value!r} {what}.", f"A {kind.__name__}{needed} is needed.")
        return value
    return _fit_scalar(value, kind)


def _fit_any(value: Any, options: tuple[Any, ...]) -> Any:
    problems: list[MultivectorError] = []
    for option in options:
        try:
            return fit(value, option)
        except (InputError, Problems) as problem:
            problems.append(problem)
    raise max(problems, key=lambda p: isinstance(p, UnknownName))


def _fit_each(values: Iterable[Any], inner: Iterable[Any]) -> tuple[Any, ...]:
    done: list[Any] = []
    problems: list[MultivectorError] = []
    for value, hint in zip(values, inner, strict=True):
        try:
            done.append(fit(value, hint))
        except (InputError, Problems) as problem:
            problems.append(problem)
    raise_all("several entries are wrong", problems)
    return tuple(done)


def _fit_scalar(value: Any, kind: Any) -> Any:
    """Return the one form of a scalar: numpy's become Python's, −0.0 becomes 0.0."""
    number = not isinstance(value, bool)
    if kind is int and isinstance(value, Integral) and number:
        return int(value)
    if kind is float and isinstance(value, Real) and number and float(value) == float(value):
        return float(value) + 0.0
    if kind is str and isinstance(value, str):
        return str.__str__(value)
    if kind is date and isinstance(value, date) and not isinstance(value, datetime):
        return value
    if kind in (bool, types.NoneType) and isinstance(value, kind):
        return value
    if kind not in (int, float, str, date, bool, types.NoneType, tuple):
        raise TypeError(f"A field cannot be declared as {kind}: scalars, tuples and steps only.")
    raise InputError(f"{value!r} is not possible.", f"A value of type {_name(kind)} is needed.")


def _name(kind: Any) -> str:
    return getattr(kind, "__name__", str(kind))
