"""What an ensemble varies: named alternatives, weights, and the draws of the step itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from multivector import states
from multivector.choices import Actor, Record, fit, hints
from multivector.errors import InputError, MultivectorError, UnknownName, raise_all
from multivector.estimate import Estimate
from multivector.step import Step

Scalar = str | bool | int | float | None
Value = Step[Any] | Scalar | tuple[Step[Any] | Record | Scalar | tuple[Scalar, ...], ...]
Change = tuple[Step[Any], str, Value]
"""A step of the tree, one of its fields, and the value to put there."""
Option = tuple[str, tuple[Change, ...]]
"""An alternative in words, and its changes, made at once; no change leaves the step as it is."""
Choice = tuple[str, tuple[Option, ...]]
"""Name of a choice and its alternatives."""
Weighting = tuple[str, Step[Any], str, float]
"""Name, step, field of weights, and concentration of the Dirichlet distribution around them."""


@dataclass(frozen=True)
class Dirichlet:
    """Draw a field of weights from the Dirichlet distribution around what it is.

    The variance of a weight w is w(1 − w)/(concentration + 1).
    """

    concentration: float


@dataclass(frozen=True, kw_only=True)
class Varied(Record):
    """A choice that a file asks to vary: a field of the steps that have it, and its alternatives.

    Parameters
    ----------
    field
        Field that is varied, in all those steps at once.
    step
        Registry names of the kinds of step, where only those are meant.
    values
        The alternatives; the step's own value should be among them. Of those that fit the field,
        each kind of step takes the ones it can have beside its other choices.
    members_of
        In place of values, for a field of partners: a bloc, as one partner or as its members.
    last
        In place of values, for a field of first and last year: the years as they are, or the last
        so many of them.
    dirichlet
        In place of alternatives: concentration, for a field of weights.
    name
        What to call the choice; by default the field.
    """

    field: str
    step: str | tuple[str, ...] = ()
    values: tuple[Scalar | tuple[Scalar, ...], ...] = ()
    members_of: Actor | None = None
    last: tuple[int, ...] = ()
    dirichlet: float | None = None
    name: str = ""

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a choice without alternatives."""
        given = {"values": self.values, "members_of": self.members_of, "last": self.last,
                 "dirichlet": self.dirichlet}  # fmt: skip
        named = [name for name, value in given.items() if value not in ((), None)]
        if len(named) != 1:
            yield InputError(
                f"The choice of {self.field} names {' and '.join(named) or 'no alternatives'}.",
                f"Possible: one of {', '.join(given)}.",
            )
        if self.dirichlet is not None and self.dirichlet <= 0:
            yield InputError(f"dirichlet is {self.dirichlet}.", "Possible: above 0.")
        if self.members_of is not None and not states.is_group(self.members_of):
            yield InputError(f"{self.members_of} is no group.", "Possible: a bloc of states.")
        if min(self.last, default=1) < 1:
            yield InputError(f"last is {self.last}.", "Numbers of years, 1 or more.")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of step that are meant; none means every kind."""
        return (self.step,) if isinstance(self.step, str) else self.step


def sources_of(
    given: Mapping[Any, Any],
) -> tuple[tuple[Choice, ...], tuple[Weighting, ...]]:
    """Return choices and weights from a mapping.

    A key (step, field) has a sequence of values, or a ``Dirichlet``; a key that is a name has a
    sequence of mappings {(step, field): value}, each made at once.
    """
    choices: list[Choice] = []
    weights: list[Weighting] = []
    for key, value in given.items():
        if isinstance(key, str):
            sets = [tuple((*k, v) for k, v in option.items()) for option in value]
            choices.append((key, tuple((option_words(changes), changes) for changes in sets)))
            continue
        step, field = key
        taken = {name for name, *_ in (*choices, *weights)}
        name = f"{field} of {step.name}" if field in taken else field
        if isinstance(value, Dirichlet):
            weights.append((name, step, field, value.concentration))
        else:
            sets = [((step, field, v),) for v in value]
            choices.append((name, tuple((option_words(changes), changes) for changes in sets)))
    return tuple(choices), tuple(weights)


def sources_in(
    tree: Step[Estimate], varied: Sequence[Varied], *, strict: bool = False
) -> tuple[tuple[Choice, ...], tuple[Weighting, ...]]:
    """Return choices and weights of the steps of *tree* that a file asks to vary.

    A choice of which the tree holds no step, or for which it leaves one alternative only, is
    passed over, since a study's choices serve many trees; with *strict* the former is an error.
    """
    choices: list[Choice] = []
    weights: list[Weighting] = []
    problems: list[MultivectorError] = []
    for wish in varied:
        kind = [s for s in tree.walk() if not wish.kinds or s.name in wish.kinds]
        found = [s for s in kind if wish.field in {f.name for f in fields(s)}]
        if not found and (strict or (kind and wish.kinds)):
            known = {f.name for s in kind for f in fields(s)}
            where = ", ".join(wish.kinds) or tree.name
            problems.append(UnknownName("field", wish.field, known, where=where))
        name = wish.name or wish.field
        if wish.dirichlet is not None:
            found = [s for s in found if len(getattr(s, wish.field)) != 1]  # nothing to trade off
            weights += [
                (name if len(found) == 1 else f"{name} {n}", s, wish.field, wish.dirichlet)
                for n, s in enumerate(found, 1)
            ]
        elif found:
            try:
                options = list(_options(wish, found))
            except MultivectorError as problem:
                problems.append(problem)
                continue
            if len(options) > 1:
                choices.append((name, tuple(options)))
    raise_all("The choices do not fit the step", problems)
    return tuple(choices), tuple(weights)


def _options(wish: Varied, found: Sequence[Step[Any]]) -> Iterator[Option]:
    """Yield the alternatives of a wish for the steps that have its field."""
    if wish.members_of is not None:
        bloc = wish.members_of
        spells = states.memberships(bloc)
        inside = sorted(m.member for m in spells if m.end == max(s.end for s in spells))
        split = [
            (s, wish.field, tuple(m for p in held for m in (inside if p == bloc else (p,))))
            for s in found
            if bloc in (held := getattr(s, wish.field) or ())
        ]
        if split:
            yield f"{bloc} as one", ()
            yield f"its {len(inside)} members apart", tuple(split)
        return
    if wish.last:
        spans = [(s, value) for s in found if (value := getattr(s, wish.field)) is not None]
        if not spans:
            return
        first, last = spans[0][1]
        yield f"{first}–{last}", ()
        for n in wish.last:
            changes = tuple((s, wish.field, (max(b - n + 1, a), b)) for s, (a, b) in spans)
            start = max(last - n + 1, first)
            if start > first and all(map(_possible, changes)):
                yield f"{start}–{last}", changes
        return
    for value in wish.values:
        for s in found:
            fit(value, hints(type(s))[wish.field])  # a misspelt value is an error
        changes = tuple((s, wish.field, value) for s in found)
        if all(map(_possible, changes)):
            yield option_words(changes), changes


def _possible(change: Change) -> bool:
    """Whether a step can have that value beside its other choices."""
    step, field, value = change
    try:
        replace(step, **{field: value})
    except MultivectorError:
        return False
    return True


def described(choices: Sequence[Choice], weights: Sequence[Weighting]) -> Iterator[tuple[str, str]]:
    """Yield each source that is varied, by name, with its alternatives in words."""
    for name, options in choices:
        yield name, " | ".join(words for words, _ in options)
    for name, _, field, concentration in weights:
        what = "" if name == field else f"{field} "
        spread = f"Dirichlet, concentration {concentration:g}"
        yield name, f"{what}drawn around what they are ({spread})"


def option_words(option: tuple[Change, ...]) -> str:
    """Say one alternative in words."""
    if not option:
        return "as it is"
    several = len({field for _, field, _ in option}) > 1
    said = dict.fromkeys(f"{f} {_plain(v)}" if several else _plain(v) for _, f, v in option)
    return ", ".join(said)


def _plain(value: Any) -> str:
    if isinstance(value, Step):
        return value.name
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_plain, value)) + ")"
    return f"{value:g}" if isinstance(value, float) else str(value)
