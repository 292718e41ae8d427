"""What a claim is, what answers it, and what comes out: plain records without behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, get_args

from multivector.origin import Origin
from multivector.step import Step

Kind = Literal[
    "quantity",
    "share",
    "rank",
    "trend",
    "date",
    "spell",
    "membership",
    "event",
    "attribution",
    "causal",
    "forecast",
]
Comparator = Literal["=", ">", "≥", "<", "≤", "is"]
Take = Literal[
    "value",
    "rank",
    "order",
    "share",
    "change",
    "least change",
    "largest change",
    "change of totals",
    "change of counts",
    "sum",
    "mean",
    "count",
    "distinct",
]
"""How a table becomes one number, or one a year; see :mod:`multivector.claims.answers`."""
Design = Literal["implication", "break", "lags", "cross-section"]
Bears = Literal["conclusion", "argument", "detail"]
Word = Literal[
    "contradicted",
    "mislabelled",
    "inconsistent",
    "holds in another period",
    "depends on source",
    "contested",
    "not identified",
    "no data",
    "not checkable",
    "consistent",
    "supported",
]
"""The verdicts. A causal claim is never "supported": at best data are consistent with it."""
WORDS: tuple[Word, ...] = get_args(Word)
FROM_TEXT = ("references listed", "citations")
"""Measures that are counted in the document itself."""
FAULTS: tuple[Word, ...] = ("contradicted", "mislabelled", "inconsistent")
"""Verdicts for which the command ends with an exit code of its own."""
DOUBTS: tuple[Word, ...] = (
    "holds in another period",
    "depends on source",
    "contested",
    "not identified",
)
Severity = Literal["high", "medium", "low", "none"]
Condition = tuple[str, Literal["=", "in", "≥", "≤"], Any]
"""Column, relation, value (a tuple for ``in``)."""


@dataclass(frozen=True)
class Answer:
    """One way to answer a claim from data: a step of the analysis tree and how to read it.

    Parameters
    ----------
    source
        What a reader is told the number comes from.
    step
        Any step: a measure, a panel, a source.
    role
        ``answer`` tests the claim; ``neighbour`` is another measure that may be what was meant;
        ``outcome`` and ``driver`` are the two sides of a causal claim.
    where
        Conditions on columns that select the cells.
    item
        Among the cells of a year, the one that is ranked (``take = "rank"`` or ``"order"``).
    variable
        The column that is read, where the step yields a panel.
    take
        How cells become the number that is compared.
    beside
        A column whose other values are neighbours: stages of a treaty, groups of a census.
    over
        The column that tells units apart in a comparison across units.
    began, ended
        Columns of a table of spells; with them the answer tells spells, not numbers.
    place
        Where the answer stands in its file, so that a mistake in it can be shown.
    """

    source: str
    step: Step[Any]
    role: Literal["answer", "neighbour", "outcome", "driver"] = "answer"
    where: tuple[Condition, ...] = ()
    item: tuple[Condition, ...] = ()
    variable: str = ""
    take: Take = "value"
    beside: str = ""
    over: str = ""
    began: str = ""
    ended: str = ""
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class Claim:
    """One sentence of a document, as far as it says something of the world.

    Parameters
    ----------
    says
        The claim in English.
    quote, at
        At most 15 words of the document, and the offsets of its first and after its last character.
    value, comparator, tolerance
        What is claimed: a number, a date of any precision (``"2015-12"``), a pair of dates between
        which it lies, or a word (comparator ``is``).
    period
        First and last year of which the claim speaks; none where it has no date.
    since, until
        Claimed beginning and end of a state of affairs.
    due
        The year from which a forecast can be scored.
    bears
        How much of the document rests on it, whatever the verdict.
    cites
        Ids of the references that its sentence cites.
    speaker, role
        Whom a statement is attributed to, with initials, and as what.
    design, sign, break_year
        For a causal claim, the design that could tell, the claimed sign, and the year of a break.
    cannot
        Why no data can decide the claim, where that is so.
    """

    id: str
    kind: Kind
    says: str
    quote: str = ""
    at: tuple[int, int] | None = None
    subject: str = ""
    object: str = ""
    measure: str = ""
    value: float | str | tuple[str, ...] | None = None
    unit: str = ""
    comparator: Comparator = "="
    tolerance: float = 0.0
    period: tuple[int, int] | None = None
    since: str = ""
    until: str = ""
    due: int | None = None
    peers: tuple[str, ...] = ()
    bears: Bears = "detail"
    cites: tuple[str, ...] = ()
    speaker: str = ""
    role: str = ""
    design: Design = "implication"
    sign: Literal["+", "-"] = "+"
    break_year: int | None = None
    cannot: str = ""
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class Reference:
    """An entry of the document's list of references."""

    id: str
    title: str
    kind: Literal["study", "report", "press", "speech", "data"] = "study"


@dataclass(frozen=True)
class Document:
    """The paper that is checked, and how to know its text again.

    ``sha256`` is that of the text in UTF-8 to which the offsets of quotes belong.
    """

    title: str
    author: str = ""
    date: str = ""
    doi: str = ""
    url: str = ""
    language: str = ""
    sha256: str = ""

    @property
    def year(self) -> int:
        """The year of publication, or this year."""
        return int(self.date[:4]) if self.date else date.today().year


@dataclass(frozen=True)
class ClaimFile:
    """The claims of one document, with its references."""

    name: str
    document: Document
    claims: tuple[Claim, ...]
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Reading:
    """One value that an answer gives: of a year, or of a period as a whole (``year`` None).

    Dates are ordinal days, with ``low`` and ``high`` the first and the last day they may mean.
    """

    value: float | str | None
    low: float | None = None
    high: float | None = None
    year: int | None = None
    note: str = ""
    unit: str = ""
    """The unit of a comparison across units: a state."""


@dataclass(frozen=True)
class Spell:
    """A state of affairs from day to day; each end is the first and the last day it may mean."""

    began: tuple[date, date]
    ended: tuple[date, date] | None
    label: str = ""


@dataclass(frozen=True)
class Told:
    """What one answer told: readings or spells, or why it told nothing (``absent``)."""

    source: str
    readings: tuple[Reading, ...] = ()
    spells: tuple[Spell, ...] = ()
    unit: str = ""
    dated: bool = False
    origins: tuple[Origin, ...] = ()
    query: str = ""
    absent: str = ""
    remedy: str = ""
    of: str = ""
    """The set and the attribute of a rank."""
    fingerprint: str = ""
    """That of the estimate which was read; a table as published has none."""
    change: bool = False
    """Whether the readings are changes, which print with their sign."""


@dataclass(frozen=True)
class Verdict:
    """What the data say of a claim.

    Parameters
    ----------
    told
        What each answer gave; the numbers per source.
    years
        Years in which the claim holds by at least one answer.
    interval
        Smallest and largest value over the answers at the time of which the claim speaks.
    nearest
        The other measure, stage, group or person that has what is claimed.
    reason
        One plain sentence.
    notes
        What else a reader must know: other spells, missing citations.
    """

    claim: Claim
    word: Word
    reason: str
    severity: Severity = "none"
    told: tuple[Told, ...] = ()
    years: tuple[int, ...] = ()
    interval: tuple[float, float] | None = None
    nearest: str = ""
    notes: tuple[str, ...] = ()
    query: str = ""
    origins: tuple[Origin, ...] = field(default=())
