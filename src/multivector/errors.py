"""Errors and warnings of multivector.

The whole tree::

    MultivectorError
    ├── InputError            what was asked cannot be asked            exit 2
    │   ├── UnknownName       no such state, source, measure, choice …
    │   ├── AmbiguousName     several states answer to that name
    │   ├── KeyMismatch       two tables with different units of analysis
    │   ├── UnitMismatch      two quantities with different units of measure
    │   └── StudyError        a study file that cannot be read
    ├── DataError             what was given is not what it should be    exit 3
    │   ├── SchemaError       columns, types, ranges or duplicate keys
    │   ├── OutOfCoverage     years or states that a series does not cover
    │   ├── ChecksumMismatch  bytes differ from the locked ones
    │   ├── Shrunk            a new release lost years, states or rows
    │   ├── Unavailable       a file is not here and cannot be fetched now
    │   └── FactNotReproduced a published number that a reader misses
    ├── LicenceError          terms forbid what was asked                exit 4
    ├── NotTestable           a claim that no data can decide            exit 5
    ├── ComputeError          a computation failed                       exit 6
    │   └── NoConvergence     with its diagnostic
    └── Problems              several of the above, reported at once     exit of the first

    MultivectorWarning
    ├── PartialCoverage       some cells lie outside a series and are missing
    ├── DirectionCollapsed    a directed table was made undirected
    └── StaleSnapshot         a newer release exists or the lock is old

Every message has three parts: what was given, what is possible (nearest first), what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import ClassVar


class MultivectorError(Exception):
    """Anything that multivector raises on purpose."""

    exit_code: ClassVar[int] = 1

    def __init__(self, given: str, possible: str = "", remedy: str = "") -> None:
        self.given, self.possible, self.remedy = given, possible, remedy
        super().__init__(given, possible, remedy)

    def __str__(self) -> str:
        return "\n  ".join(part for part in (self.given, self.possible, self.remedy) if part)


class InputError(MultivectorError):
    """What was asked cannot be asked."""

    exit_code = 2


MOST_LISTED = 100
"""Known names above which a message gives the nearest only: a dozen of many help nobody."""


class UnknownName(InputError):
    """A name that nothing answers to.

    >>> str(UnknownName("measure", "hii", ["hhi", "entropy"])).splitlines()[1]
    '  Nearest: hhi. Known: entropy, hhi.'
    """

    def __init__(
        self, what: str, name: object, known: Iterable[object], remedy: str = "", where: str = ""
    ) -> None:
        self.what, self.name = what, name
        names = sorted({str(k) for k in known})
        near = nearest(str(name), names)
        shown = ", ".join(names[:12]) + (f" … ({len(names)} in all)" if len(names) > 12 else "")
        listed = f"Known: {shown or 'none'}." if not near or len(names) <= MOST_LISTED else ""
        possible = (f"Nearest: {', '.join(near)}. " if near else "") + listed
        place = f" in {where}" if where else ""
        super().__init__(f"There is no {what} {name!r}{place}.", possible.strip(), remedy)


class AmbiguousName(InputError):
    """A name that several states answer to."""


class KeyMismatch(InputError):
    """Tables whose units of analysis do not fit together."""


class UnitMismatch(InputError):
    """Quantities whose units of measure do not fit together."""


class StudyError(InputError):
    """A study file that cannot be read."""


class DataError(MultivectorError):
    """What was given is not what it should be."""

    exit_code = 3


class SchemaError(DataError):
    """A table whose columns, types, ranges or keys are wrong."""


class OutOfCoverage(DataError):
    """Years or states that a series does not cover."""


class ChecksumMismatch(DataError):
    """Bytes that differ from the locked ones."""


class Shrunk(DataError):
    """A new release that lost years, states or rows."""


class Unavailable(DataError):
    """A file that is not here and cannot be fetched now."""


class FactNotReproduced(DataError):
    """A published number that a reader does not reproduce."""


class LicenceError(MultivectorError):
    """Terms of use forbid what was asked."""

    exit_code = 4


class NotTestable(MultivectorError):
    """A claim that no data can decide."""

    exit_code = 5


class ComputeError(MultivectorError):
    """A computation that failed."""

    exit_code = 6


class NoConvergence(ComputeError):
    """An iteration that did not settle; the message carries its diagnostic."""


class Problems(ExceptionGroup[MultivectorError], MultivectorError):
    """Several problems found by one validation, reported together."""

    def __new__(cls, what: str, problems: Sequence[MultivectorError]) -> Problems:
        """Make the group, with the parts of a message that every error has."""
        made = super().__new__(cls, what, list(problems))
        made.given, made.possible, made.remedy = what, "", ""
        return made

    def __init__(self, what: str, problems: Sequence[MultivectorError]) -> None:
        Exception.__init__(self, what, list(problems))

    def derive(self, excs: Sequence[MultivectorError]) -> Problems:  # type: ignore[override]
        """Split as exception groups do."""
        return Problems(self.given, excs)

    def __str__(self) -> str:
        lines = [f"{self.given} ({len(self.exceptions)} problems)"]
        lines += [f"- {str(e).replace(chr(10), chr(10) + '  ')}" for e in self.exceptions]
        return "\n".join(lines)


class MultivectorWarning(UserWarning):
    """A doubtful but legitimate operation."""


class PartialCoverage(MultivectorWarning):
    """Some cells lie outside a series' coverage and are missing."""


class DirectionCollapsed(MultivectorWarning):
    """A directed table was made undirected."""


class StaleSnapshot(MultivectorWarning):
    """A snapshot older than the release that is known to exist."""


def nearest(name: str, known: Iterable[str], n: int = 3) -> list[str]:
    """Return up to *n* known names that look most like *name*, ignoring case."""
    folded = {k.casefold(): k for k in known}
    return [folded[m] for m in difflib.get_close_matches(name.casefold(), folded, n, 0.6)]


def raise_all(what: str, problems: Sequence[MultivectorError]) -> None:
    """Raise nothing, the only problem, or all problems together."""
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise Problems(what, problems)


def each_of(problem: MultivectorError) -> list[MultivectorError]:
    """Return the problems of a group, or the only one."""
    if isinstance(problem, Problems):
        return [p for p in problem.exceptions if isinstance(p, MultivectorError)]
    return [problem]


def exit_code(error: BaseException) -> int:
    """Return the process exit code for *error*: by class, of the first problem in a group."""
    if isinstance(error, Problems):
        return exit_code(error.exceptions[0])
    return error.exit_code if isinstance(error, MultivectorError) else 1
