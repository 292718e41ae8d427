"""Marks: every span of a text that a checker may look at, by class; nothing in them is checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from multivector.claims import patterns
from multivector.claims.entities import named
from multivector.claims.patterns import Sentence

Class = Literal[
    "actor", "adjective", "time", "quantity", "rank", "treaty", "membership", "citation", "speaker"
]
CLASSES: tuple[Class, ...] = get_args(Class)
_PATTERNS: tuple[tuple[Class, re.Pattern[str]], ...] = (
    ("rank", patterns.RANK),
    ("treaty", patterns.TREATY),
    ("membership", patterns.MEMBER),
    ("citation", patterns.CITATION),
)


@dataclass(frozen=True)
class Mark:
    """A span of a text with its class; ``value`` is a code, a number with its unit, or a year."""

    name: Class
    start: int
    end: int
    value: str = ""


def marks(text: str, language: str) -> list[Mark]:
    """Return the marks of a text in its order; times and quantities never overlap.

    >>> [(m.name, m.value) for m in marks("China has 40 per cent since 2021.", "en")]
    [('actor', 'CHN'), ('quantity', '40 %'), ('time', '2021')]
    """
    return [
        Mark(m.name, m.start + s.start, m.end + s.start, m.value)
        for s in patterns.sentences(text)
        for m in sorted(_of(s, language), key=lambda m: (m.start, m.end))
    ]


def _of(sentence: Sentence, language: str) -> Iterator[Mark]:
    text = sentence.text
    names = named(text, language)
    yield from (
        Mark("adjective" if n.kind == "adjective" else "actor", n.start, n.end, n.code)
        for n in names
        if n.kind != "person"
    )
    times = list(patterns.dates(text))
    yield from (Mark("time", f.start, f.end, f.value) for f in times)
    for f in patterns.quantities(text):
        if not any(t.start < f.end and f.start < t.end for t in times):
            yield Mark("quantity", f.start, f.end, f"{f.value} {f.unit}".strip())
    for name, pattern in _PATTERNS:
        yield from (Mark(name, *match.span()) for match in pattern.finditer(text))
    yield from (Mark("speaker", *span) for span in speakers(text, language)[:1])


def speakers(text: str, language: str = "") -> list[tuple[int, int]]:
    """Return the persons in a sentence that ascribes what it says to somebody.

    >>> text = "По словам К.-Ж.К. Токаева, торговля растет."
    >>> [text[a:b] for a, b in speakers(text)]
    ['К.-Ж.К. Токаева']
    """
    if not patterns.SPEECH.search(text):
        return []
    found = [m.span() for m in patterns.NAME.finditer(text)]
    for one in named(text, language):
        if one.kind == "person" and not any(a < one.end and one.start < b for a, b in found):
            found.append((one.start, one.end))
    return sorted(found)
