"""Sections: what a report consists of, one file each, in a declared order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from markupsafe import Markup

from multivector.errors import DataError, InputError, Problems
from multivector.estimate import Estimate
from multivector.panel import Panel
from multivector.registry import everything
from multivector.render.figure import Figure, Table
from multivector.render.text import Name, _, say
from multivector.step import Step

if TYPE_CHECKING:
    from multivector.study import Study

T = TypeVar("T", Panel, Estimate)
Block = Markup | Figure | Table
ABSENT = (DataError, InputError, Problems)
"""What a report puts into words: data that are not here, or that do not know the state."""


class Run(Protocol):
    """What a section receives to evaluate steps: a Runner, or anything that is called like one."""

    def __call__(self, step: Step[T]) -> T:
        """Return the value of *step*."""
        ...


@dataclass(frozen=True)
class Section:
    """One section of the report.

    Parameters
    ----------
    order
        Sections are sorted by it; leave gaps for others.
    build
        From study and runner to blocks: prose, figures, tables.
    headline
        Computes one sentence for the summary at the top, or None when there is nothing to say.

    Examples
    --------
    >>> from multivector.registry import find
    >>> find("render.sections", "partners").order < find("render.sections", "votes").order
    True
    """

    name: str
    order: int
    title: str
    build: Callable[[Study, Run], Sequence[Block]]
    headline: Callable[[Study, Run], Markup | None] | None = None


def sections() -> list[Section]:
    """Return every registered section, ours and those of plug-ins, in reading order."""
    found: list[Section] = list(everything("render.sections").values())
    return sorted(found, key=lambda s: (s.order, s.name))


def attempt(make: Callable[[], Block | Sequence[Block]]) -> list[Block]:
    """Return what *make* yields, or one paragraph that says which data are missing.

    Only what data cannot answer is put into words; a fault of the program is raised.
    """
    try:
        made = make()
    except ABSENT as problem:
        return [missing(problem)]
    return [made] if isinstance(made, Markup | Figure | Table) else list(made)


def missing(problem: Any) -> Markup:
    """Return a paragraph that says what cannot be shown and why."""
    return say(
        _("{open}No data: {why}{close}"),
        open=Markup('<p class="absent">'),
        why=Name(" ".join(str(problem).split())),
        close=Markup("</p>"),
    )
