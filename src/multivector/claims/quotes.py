"""Quotes and citations: a claims file against the text of its document."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from multivector.claims.model import ClaimFile

_LIST = re.compile(
    r"библиографическ\w+ список|список литературы|references|bibliography|әдебиет", re.IGNORECASE
)
_CITED = re.compile(r"\[(\d{1,3})(?:[^\]\d][^\]]*)?\]")
_ENTRY = re.compile(r"^\s*(\d{1,3})[.)]\s+\S", re.MULTILINE)


@dataclass(frozen=True)
class TextCheck:
    """What comparing quotes and citations with a text found.

    ``problems`` are sentences for the reader; ``cited`` counts citations by entry of the list of
    ``entries``; ``uncited`` are entries that the text never cites.
    """

    problems: tuple[str, ...]
    cited: dict[int, int]
    entries: tuple[int, ...]

    @property
    def uncited(self) -> tuple[int, ...]:
        """Entries of the list that the text never cites."""
        return tuple(e for e in self.entries if e not in self.cited)


def sha256(text: str) -> str:
    """Return the hash by which a text is known again."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def check_text(file: ClaimFile, text: str) -> TextCheck:
    """Compare every quote with *text* at its offsets, and count citations and references.

    Where the text is another one (its hash differs), quotes are looked for anywhere.
    """
    problems: list[str] = []
    known = file.document.sha256
    same = not known or sha256(text) == known
    if not same:
        problems.append(
            "The text is not the one that the offsets belong to: its SHA-256 differs. "
            "Quotes are looked for anywhere in it."
        )
    for claim in file.claims:
        if not claim.quote:
            continue
        if same and claim.at is not None:
            found = text[claim.at[0] : claim.at[1]]
            if found != claim.quote:
                problems.append(f"{claim.id}: the text has {found!r} where the file quotes.")
        elif _plain(claim.quote) not in _plain(text):
            problems.append(f"{claim.id}: the quote is not in the text.")
    cited, entries = citations(text)
    return TextCheck(tuple(problems), cited, entries)


def citations(text: str) -> tuple[dict[int, int], tuple[int, ...]]:
    r"""Return how often each entry of the list of references is cited, and the entries.

    >>> citations("As shown [1. P. 3], and [1].\n\nReferences\n1. Smith.\n2. Jones.")
    ({1: 2}, (1, 2))
    """
    heads = list(_LIST.finditer(text))
    start = heads[-1].start() if heads else len(text)
    body, tail = text[:start], text[start:]
    cited: dict[int, int] = {}
    for match in _CITED.finditer(body):
        cited[int(match[1])] = cited.get(int(match[1]), 0) + 1
    entries = tuple(dict.fromkeys(int(m[1]) for m in _ENTRY.finditer(tail)))
    return cited, entries


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
