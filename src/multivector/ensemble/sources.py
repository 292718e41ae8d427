"""What an ensemble varies: named alternatives, weights, and the draws of the step itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from multivector.choices import Record
from multivector.errors import InputError, MultivectorError, UnknownName, raise_all
from multivector.estimate import Estimate
from multivector.step import Step

Scalar = str | bool | int | float | None
Value = Step[Any] | Scalar | tuple[Step[Any] | Record | Scalar | tuple[Scalar, ...], ...]
Change = tuple[Step[Any], str, Value]
"""A step of the tree, one of its fields, and the value to put there."""
Choice = tuple[str, tuple[tuple[Change, ...], ...]]
"""Name of a choice and its alternatives, each a set of changes made at once."""
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
        Registry name of the kind of step, where only those are meant.
    values
        The alternatives; the step's own value should be among them.
    dirichlet
        In place of alternatives: concentration, for a field of weights.
    name
        What to call the choice; by default the field.
    """

    field: str
    step: str = ""
    values: tuple[Scalar | tuple[Scalar, ...], ...] = ()
    dirichlet: float | None = None
    name: str = ""

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a choice without alternatives."""
        if (self.dirichlet is None) == (not self.values):
            yield InputError(
                f"The choice of {self.field} names "
                + ("neither values nor dirichlet." if not self.values else "both."),
                "Possible: values = [ … ], or dirichlet = a number.",
            )
        if self.dirichlet is not None and self.dirichlet <= 0:
            yield InputError(f"dirichlet is {self.dirichlet}.", "Possible: above 0.")


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
            options = [tuple((*k, v) for k, v in option.items()) for option in value]
            choices.append((key, tuple(options)))
            continue
        step, field = key
        taken = {name for name, *_ in (*choices, *weights)}
        name = f"{field} of {step.name}" if field in taken else field
        if isinstance(value, Dirichlet):
            weights.append((name, step, field, value.concentration))
        else:
            choices.append((name, tuple(((step, field, v),) for v in value)))
    return tuple(choices), tuple(weights)


def sources_in(
    tree: Step[Estimate], varied: Sequence[Varied], *, strict: bool = False
) -> tuple[tuple[Choice, ...], tuple[Weighting, ...]]:
    """Return choices and weights of the steps of *tree* that a file asks to vary.

    A choice of which the tree holds no step is passed over, since a study's choices serve many
    trees; with *strict* it is an error.
    """
    choices: list[Choice] = []
    weights: list[Weighting] = []
    problems: list[MultivectorError] = []
    for wish in varied:
        kind = [s for s in tree.walk() if wish.step in ("", s.name)]
        found = [s for s in kind if wish.field in {f.name for f in fields(s)}]
        if not found and (strict or (kind and wish.step)):
            known = {f.name for s in kind for f in fields(s)}
            problems.append(UnknownName("field", wish.field, known, where=wish.step or tree.name))
        name = wish.name or wish.field
        if wish.dirichlet is not None:
            found = [s for s in found if len(getattr(s, wish.field)) != 1]  # nothing to trade off
            weights += [
                (name if len(found) == 1 else f"{name} {n}", s, wish.field, wish.dirichlet)
                for n, s in enumerate(found, 1)
            ]
        elif found:
            options = [tuple((s, wish.field, v) for s in found) for v in wish.values]
            choices.append((name, tuple(options)))
    raise_all("The choices do not fit the step", problems)
    return tuple(choices), tuple(weights)


def described(choices: Sequence[Choice], weights: Sequence[Weighting]) -> Iterator[tuple[str, str]]:
    """Yield each source that is varied, by name, with its alternatives in words."""
    for name, options in choices:
        yield name, " | ".join(option_words(option) for option in options)
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
