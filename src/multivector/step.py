"""Steps: an analysis as an immutable tree of values, and edits of that tree."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from multivector.choices import Checked
from multivector.errors import InputError, MultivectorError, UnknownName, raise_all
from multivector.estimate import Estimate
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.settings import Settings

T = TypeVar("T", Panel, Estimate)
T_co = TypeVar("T_co", Panel, Estimate, covariant=True)


class Inputs(Protocol):
    """What ``compute`` receives: call it with an input step to get that input's value.

    Naming variables narrows a Panel to them, and the provenance with it.
    """

    @property
    def settings(self) -> Settings:
        """Where files are and how to work."""
        ...

    def __call__(self, step: Step[T], *variables: str) -> T:
        """Return the value of *step*."""
        ...


@dataclass(frozen=True)
class Step(Checked, Generic[T_co]):
    """One step of an analysis: a value whose fields are its inputs (other steps) and its choices.

    Fields hold scalars, strings, tuples and steps, nothing else; seeds are fields. Two steps with
    equal fields are the same step. Misspelt choices, inputs of the wrong kind and unknown states
    raise ``InputError`` when the step is made, all at once.
    """

    name: ClassVar[str] = ""
    revision: ClassVar[int] = 1
    citations: ClassVar[tuple[Citation, ...]] = ()
    example: ClassVar[Mapping[str, Any]] = {}  # choices with which it runs quickly on what ships

    def compute(self, get: Inputs) -> T_co:
        """Return this step's value from the values of its inputs; called by ``run`` only."""
        raise NotImplementedError

    def material(self, settings: Settings) -> tuple[str, ...]:
        """Return hashes of what the value depends on outside the tree (files)."""
        del settings
        return ()

    @property
    def inputs(self) -> tuple[Step[Any], ...]:
        """The steps that ``compute`` may read: those among the fields, unless it makes others."""
        return tuple(_held(self))

    def walk(self) -> Iterator[Step[Any]]:
        """Yield each distinct step of the tree of fields once, parts before what holds them."""
        seen: dict[Step[Any], None] = {}

        def visit(step: Step[Any]) -> None:
            if step not in seen:
                for child in _held(step):
                    visit(child)
                seen[step] = None

        visit(self)
        yield from seen

    def fingerprint(self, settings: Settings, version: str, known: dict[Any, str]) -> str:
        """Hash package version, class, revision, choices, input fingerprints and file hashes."""

        def mark(value: Any) -> Any:
            if isinstance(value, Step):
                return value.fingerprint(settings, version, known)
            return tuple(map(mark, value)) if isinstance(value, tuple) else value

        if self not in known:
            kind = type(self)
            values = [(f.name, mark(getattr(self, f.name))) for f in fields(self)]
            parts = (version, f"{kind.__module__}.{kind.__qualname__}", kind.revision, values)
            text = repr((*parts, self.material(settings)))
            known[self] = hashlib.sha256(text.encode()).hexdigest()[:20]
        return known[self]


class Measure(Step[Estimate]):
    """A step that yields an Estimate; those in ``measures/`` are listed by their ``name``."""

    unit: ClassVar[str] = ""


def _held(value: Any) -> Iterator[Step[Any]]:
    """Yield the steps among the fields of a step, or the entries of a tuple, in order."""
    step = isinstance(value, Step)
    for entry in [getattr(value, f.name) for f in fields(value)] if step else value:
        if isinstance(entry, (Step, tuple)):
            yield from (entry,) if isinstance(entry, Step) else _held(entry)


def edit(root: Step[T], changes: Mapping[Step[Any] | tuple[Step[Any], str], object]) -> Step[T]:
    """Return a new tree in which every change is made at once, against the original tree.

    A key is a step (swapped wherever it occurs) or a pair of step and field name. What is put in
    for a step is taken verbatim, so it may contain the step that it replaces. A step that is not
    in the tree, a field that does not exist, or a change that would be lost inside a replaced
    step raises ``InputError``; all problems at once.
    """
    tree = set(root.walk())
    swaps: dict[Step[Any], Any] = {}
    chosen: dict[Step[Any], dict[str, Any]] = {}
    problems: list[MultivectorError] = []
    for target, value in changes.items():
        step, choice = (target, None) if isinstance(target, Step) else target
        if step not in tree:
            problems.append(UnknownName("step in this tree", step, tree))
        elif choice is None and not isinstance(value, Step):
            problems.append(InputError(f"{value!r} is put in for {step}.", "A step is needed."))
        elif choice is None:
            swaps[step] = value
        elif choice not in (names := [f.name for f in fields(step)]):
            problems.append(UnknownName("choice", choice, names, where=type(step).__name__))
        else:
            chosen.setdefault(step, {})[choice] = value
    raise_all("This edit does not fit the tree", problems)
    done: dict[Step[Any], Any] = {}

    def rebuild(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(rebuild, value))
        if not isinstance(value, Step):
            return value
        if value not in done and value in swaps:
            done[value] = swaps[value]
        elif value not in done:
            new = chosen.get(value, {})
            kept = [f.name for f in fields(value) if f.name not in new]
            done[value] = replace(value, **new, **{n: rebuild(getattr(value, n)) for n in kept})
        return done[value]

    result = rebuild(root)
    lost = (*(s for s in {**swaps, **chosen} if s not in done), *(s for s in swaps if s in chosen))
    why = "would be lost inside a replaced step"
    raise_all("This edit loses changes", [InputError(f"A change of {s} {why}.") for s in lost])
    return result
