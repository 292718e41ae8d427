"""Choices: checking the fields of a step against their declared types when the step is made."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from typing import Annotated, Any, Literal

from multivector import states
from multivector.errors import InputError, UnknownName


@dataclass(frozen=True)
class Parsed:
    """Annotation of a choice that is read by a function: ``Annotated[str, Parsed(f)]``.

    The function returns the canonical value or raises ``InputError``; so a misspelt state or vote
    set fails when the step is made, not when it runs.
    """

    read: Callable[[Any], Any]


Actor = Annotated[str, Parsed(states.resolve)]


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
    if origin is Annotated:
        value = fit(value, args[0])
        for mark in args[1:]:
            value = mark.read(value) if isinstance(mark, Parsed) else value
        return value
    if origin is Literal:
        if value not in args:
            raise UnknownName("choice", value, args)
        return value
    if origin in (typing.Union, types.UnionType):
        if value is None and type(None) in args:
            return None
        return fit(value, next(a for a in args if a is not type(None)))
    if origin is tuple and isinstance(value, tuple | list):
        inner = args[:1] * len(value) if args[-1] is Ellipsis else args
        if len(inner) != len(value):
            raise InputError(f"{value!r} has {len(value)} entries.", f"{len(inner)} are needed.")
        return tuple(fit(v, a) for v, a in zip(value, inner, strict=True))
    if isinstance(origin, type) and isinstance(value, origin) and args:
        result = result_of(type(value), origin)
        if result is not args[0]:
            raise InputError(
                f"{type(value).__name__} yields a {getattr(result, '__name__', result)}.",
                f"A {origin.__name__} that yields a {args[0].__name__} is needed.",
            )
        return value
    kind = origin or hint
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind in (int, float) and isinstance(value, bool)):
        name = getattr(hint, "__name__", hint)
        raise InputError(f"{value!r} is not possible.", f"A value of type {name} is needed.")
    return value
