"""Proposals: sentences of a paper that could be checked, as a claims file to edit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import tomli_w

from multivector.claims import patterns
from multivector.claims.marks import speakers
from multivector.claims.model import Kind
from multivector.claims.patterns import Found, Sentence
from multivector.claims.quotes import citations, sha256
from multivector.claims.read import LONGEST_QUOTE

FIGURES = ("quantity", "share")
TO_DO = "Proposed from the text and not looked at yet: name the steps that answer it."
_BY_PATTERN: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("rank", patterns.RANK),
    ("membership", patterns.MEMBER),
    ("date", patterns.STAGE),
    ("attribution", patterns.SPEECH),
    ("spell", patterns.OFFICE),
    ("spell", patterns.SINCE),
    ("forecast", patterns.FORECAST),
    ("causal", patterns.CAUSE),
    ("trend", patterns.TREND),
)


@dataclass(frozen=True)
class Candidate:
    """A sentence of a paper that says something which could be checked.

    ``quote`` has at most 15 words around what is said; ``start`` and ``end`` are its offsets.
    ``referent`` is what a figure seems to measure, a guess from the nearest word.
    """

    kind: Kind
    quote: str
    start: int
    end: int
    value: str = ""
    unit: str = ""
    years: tuple[int, ...] = ()
    actors: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    speaker: str = ""
    treaty: bool = False
    initiative: str = ""
    referent: str = ""


@dataclass(frozen=True)
class Proposal:
    """What a text offers to a checker; nothing in it has been checked.

    ``unsourced`` are figures whose sentence has no citation, ``spoken`` figures whose sentence
    cites nothing but speeches (addresses, meetings, statements, interviews); ``uncited`` are
    entries of the list of references that the text never cites.
    """

    language: str
    sha256: str
    candidates: tuple[Candidate, ...]
    unsourced: tuple[Candidate, ...] = ()
    spoken: tuple[Candidate, ...] = ()
    uncited: tuple[int, ...] = ()
    entries: tuple[int, ...] = field(default=())


def propose(text: str, language: str) -> Proposal:
    """Return candidates in the order of the text.

    >>> found = propose("The pact was signed in May 2015. It rains.", "en")
    >>> [(c.kind, c.years) for c in found.candidates]
    [('date', (2015,))]
    """
    cited, entries = citations(text)
    body = text[: _list_of_references(text)]
    made = [c for s in patterns.sentences(body) for c in candidates(s, language)]
    figures = [c for c in made if c.kind in ("quantity", "share", "rank")]
    speeches = _speeches(text[len(body) :])
    return Proposal(
        language,
        sha256(text),
        tuple(made),
        tuple(c for c in figures if not c.cites),
        tuple(c for c in figures if c.cites and speeches.issuperset(c.cites)),
        tuple(e for e in entries if e not in cited),
        entries,
    )


def _speeches(references: str) -> set[str]:
    """Return the numbers of the entries whose title says that somebody spoke."""
    parts = re.split(r"^\s*(\d{1,3})[.)]\s+", references, flags=re.MULTILINE)
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return {number for number, title in pairs if patterns.SPOKEN.search(title)}


def candidates(sentence: Sentence, language: str = "") -> Iterator[Candidate]:
    """Yield what one sentence says that could be checked: each figure, else its first sign."""
    text = sentence.text
    figures = list(patterns.quantities(text))
    times = list(patterns.dates(text))
    for found in figures:
        yield _candidate(sentence, found, times, language)
    named = patterns.NAME.search(text) is not None or bool(speakers(text, language))
    signs = [
        Found(kind, match.start(), match.end())
        for kind, pattern in _BY_PATTERN
        if (match := pattern.search(text)) is not None
        and (pattern is not patterns.OFFICE or named or times)
    ]
    about = bool(times or named or patterns.actors(text, language))
    for sign in signs:
        if (about or sign.kind == "rank") and not any(
            f.start <= sign.start < f.end for f in figures
        ):
            yield _candidate(sentence, sign, times, language)
    if not figures and not signs:
        for time in times:
            yield _candidate(sentence, time, times, language)


def _candidate(sentence: Sentence, found: Found, times: list[Found], language: str) -> Candidate:
    text = sentence.text
    start, end = _quote(text, found)
    years = tuple(dict.fromkeys(int(y) for t in times for y in re.findall(r"\d{4}", t.value)))
    spoken = speakers(text, language)
    initiative = patterns.INITIATIVE.search(text)
    return Candidate(
        found.kind,
        text[start:end],
        sentence.start + start,
        sentence.start + end,
        found.value,
        found.unit,
        years,
        tuple(patterns.actors(text, language)),
        tuple(c for m in patterns.CITATION.findall(text) for c in re.findall(r"\d+|\w+", m)[:1]),
        text[slice(*spoken[0])] if spoken else "",
        bool(patterns.TREATY.search(text)),
        initiative[0].strip('«»“”"') if initiative else "",
        patterns.referent(text, found) if found.value and found.kind in FIGURES else "",
    )


def _quote(text: str, found: Found) -> tuple[int, int]:
    """Return the span of at most 15 words around *found*, on one line."""
    left = text.rfind("\n", 0, found.start) + 1
    right = text.find("\n", found.end)
    words = [m.span() for m in re.finditer(r"\S+", text[left : right if right >= 0 else None])]
    words = [(a + left, b + left) for a, b in words]
    inside = [i for i, (a, b) in enumerate(words) if a < found.end and b > found.start]
    if not inside:
        return found.start, found.end
    room = max(LONGEST_QUOTE - len(inside), 0)
    first = max(inside[0] - (room + 1) // 2, 0)
    last = min(max(inside[-1], first + LONGEST_QUOTE - 1), len(words) - 1)
    first = max(last - LONGEST_QUOTE + 1, 0) if last - first + 1 > LONGEST_QUOTE else first
    return words[first][0], words[last][1]


def _list_of_references(text: str) -> int:
    heads = list(
        re.finditer(
            r"^\W*(?:библиографическ\w+ список|список литературы|references|bibliography)\b",
            text,
            re.IGNORECASE | re.MULTILINE,
        )
    )
    return heads[-1].start() if heads else len(text)


def to_toml(proposal: Proposal, title: str) -> str:
    """Write a proposal as a claims file in which every claim waits for a person.

    Each has ``cannot`` in place of answers, so that the file can be checked at once and says of
    every claim that nobody has looked at it.
    """
    rows = [
        {
            "id": f"X{n}",
            "kind": c.kind,
            "says": _says(c),
            "quote": c.quote,
            "at": [c.start, c.end],
            **({"period": [min(c.years), max(c.years)]} if c.years else {}),
            "cannot": TO_DO,
        }
        for n, c in enumerate(proposal.candidates, 1)
    ]
    head = {"title": title, "language": proposal.language, "sha256": proposal.sha256}
    return tomli_w.dumps({"document": head, "claim": rows})


def _says(one: Candidate) -> str:
    """Write what was found, for a person to turn into a sentence; the quote where that is nothing.

    >>> _says(Candidate("share", "…", 0, 1, "40", "%", actors=("EU",), referent="trade"))
    '40 % of trade?; EU'
    """
    parts = (
        f"{one.value} {one.unit}".strip() + (f" of {one.referent}?" if one.referent else ""),
        " ".join(one.actors),
        f"said by {one.speaker}" if one.speaker else "",
        one.initiative,
        "treaty" if one.treaty else "",
        f"cites {', '.join(one.cites)}" if one.cites else "",
    )
    return "; ".join(filter(None, parts)) or one.quote
