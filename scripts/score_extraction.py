"""Score the extraction against the gold lists: precision and recall by class and text.

Usage: ``python scripts/score_extraction.py [--article FILE] [--misses]``. The gold lists are in
``tests/claims/gold``; the text of the article does not ship, so its list is scored only where the
file is given, or lies in a folder ``article`` beside the folder that ``MULTIVECTOR_DATA`` names.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from hashlib import sha256
from itertools import groupby
from math import sqrt
from pathlib import Path
from statistics import NormalDist

from multivector.claims.marks import CLASSES, Class, Mark, marks

GOLD = Path(__file__).resolve().parents[1] / "tests" / "claims" / "gold"
ARTICLE = "ru-article"
_MARK = re.compile(r"\{(\w+)(?:=([^|}]*))?\|([^}]*)\}")
_HEAD = re.compile(r"# (\w+): (.*)\n")


@dataclass(frozen=True)
class Gold:
    """A text with the marks that a person made, and the part of it that was marked."""

    name: str
    language: str
    text: str
    marks: tuple[Mark, ...]
    part: tuple[int, int]


@dataclass(frozen=True)
class Score:
    """Marks made by a person, marks found, and how many agree: in the same span, or overlapping.

    ``kept`` counts marks of the person that any mark found overlaps, ``right`` marks found that
    overlap any of the person's; ``valued`` and ``values`` are marks that have a value and those
    found with the same value.
    """

    made: int
    found: int
    same: int
    kept: int
    right: int
    valued: int = 0
    values: int = 0


def read(path: Path, text: str | None = None) -> Gold:
    """Read a gold list; one of offsets only needs the *text*.

    Raises
    ------
    ValueError
        If the text is not the one that was marked.
    """
    raw = path.read_text(encoding="utf-8")
    head: dict[str, str] = dict(_HEAD.findall(raw.split("\n\n", 1)[0] + "\n"))
    body = raw.split("\n\n", 1)[1]
    if path.suffix == ".tsv":
        plain = text or ""
        rows = (line.split("\t") for line in body.splitlines())
        made = [(c, int(a), int(b), v) for c, a, b, v in rows]
    else:
        made, parts, at = list[tuple[str, int, int, str]](), list[str](), 0
        body = body.removesuffix("\n")
        for match in _MARK.finditer(body):
            parts.append(body[at : match.start()])
            start = sum(map(len, parts))
            made.append((match[1], start, start + len(match[3]), match[2] or ""))
            parts.append(match[3])
            at = match.end()
        plain = "".join([*parts, body[at:]])
    if sha256(plain.encode()).hexdigest() != head["sha256"]:
        raise ValueError(f"{path.name}: the text is not the one that was marked.")
    kinds: dict[str, Class] = {c: c for c in CLASSES}
    part = (int(head.get("from", 0)), int(head.get("to", len(plain))))
    return Gold(path.stem, head["language"], plain,
                tuple(Mark(kinds[c], a, b, v) for c, a, b, v in made), part)  # fmt: skip


def article_path(given: str | None = None) -> Path | None:
    """Return where the text of the article lies, if it is here."""
    if given:
        return Path(given)
    data = os.environ.get("MULTIVECTOR_DATA")
    folder = Path(data).parent / "article" if data else None
    found = sorted(folder.glob("*.txt")) if folder and folder.is_dir() else []
    return found[0] if found else None


def golds(article: Path | None) -> Iterator[Gold]:
    """Yield the gold lists; that of the article only with its text."""
    for path in sorted(GOLD.glob("*.t*")):
        if path.suffix == ".txt":
            yield read(path)
        elif article is not None:
            yield read(path, article.read_text(encoding="utf-8"))


def found_in(gold: Gold) -> list[Mark]:
    """Return what the extraction marks in the part that a person marked."""
    first, last = gold.part
    found = marks(gold.text, gold.language)
    return [m for m in found if first <= m.start and m.end <= last]


def score(made: Iterable[Mark], found: Iterable[Mark]) -> Score:
    """Compare the marks of one class."""
    made, found = list(made), list(found)
    spans = {(m.start, m.end) for m in found}
    valued = [m for m in made if m.value]
    return Score(
        len(made),
        len(found),
        sum((m.start, m.end) in spans for m in made),
        sum(any(overlap(m, f) for f in found) for m in made),
        sum(any(overlap(f, m) for m in made) for f in found),
        len(valued),
        sum(any(overlap(m, f) and f.value == m.value for f in found) for m in valued),
    )


def overlap(one: Mark, other: Mark) -> bool:
    """Return whether two marks share a character."""
    return one.start < other.end and other.start < one.end


def wilson(hits: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Return the score interval of a share (Wilson 1927, doi:10.1080/01621459.1927.10502953).

    >>> [round(x, 3) for x in wilson(8, 10)]
    [0.49, 0.943]
    """
    z = NormalDist().inv_cdf(0.5 + level / 2)
    middle = (hits + z * z / 2) / (n + z * z)
    half = z * sqrt(hits * (n - hits) / n + z * z / 4) / (n + z * z)
    return middle - half, middle + half


def share(hits: int, n: int) -> str:
    """Write a share with its interval; a dash where nothing can be counted."""
    if not n:
        return "–"
    low, high = wilson(hits, n)
    return f"{hits / n:.2f} [{low:.2f}, {high:.2f}]"


def table(texts: Iterable[Gold]) -> list[str]:
    """Return the rows of the table in the documentation, by text and class.

    Before the rows of the article stand those of all texts that ship, added up.
    """
    rows = [(gold.name, *row) for gold in texts for row in by_class(gold)]
    shipped = sorted((r for r in rows if r[0] != ARTICLE), key=lambda r: CLASSES.index(r[1]))
    lines = [_line(*row) for row in rows if row[0] != ARTICLE]
    for name, some in groupby(shipped, key=lambda r: r[1]):
        parts = zip(*(astuple(r[2]) for r in some), strict=True)
        lines.append(_line("all that ship", name, Score(*map(sum, parts))))
    return lines + [_line(*row) for row in rows if row[0] == ARTICLE]


def by_class(gold: Gold) -> Iterator[tuple[Class, Score]]:
    """Yield the score of each class that a person or the extraction marked."""
    found = found_in(gold)
    for name in CLASSES:
        one = score(*([m for m in some if m.name == name] for some in (gold.marks, found)))
        if one.made or one.found:
            yield name, one


def _line(text: str, name: str, one: Score) -> str:
    both = f"{2 * one.same / (one.made + one.found):.2f}"
    value = f"{one.values} of {one.valued}" if name == "quantity" and one.valued else ""
    cells = (text, name, one.made, one.found, share(one.right, one.found),
             share(one.kept, one.made), both, value)  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


def errors(gold: Gold) -> Iterator[str]:
    """Yield every miss, false hit and wrong span of a text."""
    found = found_in(gold)
    for name in CLASSES:
        made, got = ([m for m in some if m.name == name] for some in (gold.marks, found))
        for m in made:
            near = [f for f in got if overlap(m, f)]
            words = gold.text[m.start : m.end]
            if not near:
                yield f"missed {name}: {words}"
            elif all((f.start, f.end) != (m.start, m.end) for f in near):
                yield f"other span {name}: {words} / {gold.text[near[0].start : near[0].end]}"
        for f in got:
            if not any(overlap(f, m) for m in made):
                yield f"false {name}: {gold.text[f.start : f.end]}"


def main() -> None:
    """Print the table for the documentation, then every error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--article", help="the text of the article, which does not ship")
    parser.add_argument("--misses", action="store_true", help="list every miss and false hit")
    given = parser.parse_args()
    texts = list(golds(article_path(given.article)))
    print("\n".join(table(texts)))
    for gold in texts if given.misses else ():
        print(f"\n{gold.name}")
        print("\n".join(errors(gold)))


if __name__ == "__main__":
    main()
