"""A paper of 100 pages in PDF: its text read, its language told, its claims proposed.

The text is that of the Russian gold list, with a number in each line, so that no sentence is twice
the same and nothing is answered from memory. The aim is a minute and 1.5 GB.
"""

from __future__ import annotations

import importlib.util
import tempfile
import textwrap
from itertools import cycle, islice
from pathlib import Path

from benchmarks.run import Case, Skip
from multivector.claims.propose import Proposal, propose
from multivector.claims.texts import language_of, read_text
from scripts.score_extraction import GOLD, read
from tests.claims.pdfs import pdf

PAGES, LINES, WIDTH = 100, 45, 85


def prepare() -> Path | Skip:
    """Write the PDF."""
    if importlib.util.find_spec("pypdf") is None:
        return Skip(reason="the extra text is not installed")
    words = read(GOLD / "ru-acts.txt").text.split("\n\n")
    lines = (
        line
        for n, part in enumerate(cycle(words), 1)
        for line in textwrap.wrap(
            f"{part} В {n} раз больше стал {n % 90 + 10},{n % 10} процента.", WIDTH
        )
    )
    pages = [
        [(40, 800 - 16 * i, line) for i, line in enumerate(islice(lines, LINES))]
        for _ in range(PAGES)
    ]
    return pdf(Path(tempfile.mkdtemp()) / "paper.pdf", pages)


def fast(path: Path) -> Proposal:
    """Read the document and propose a claims file."""
    text = read_text(path)
    return propose(text, language_of(text))


CASE = Case(
    "extraction of a paper",
    prepare,
    fast,
    None,
    None,
    ceiling=60.0,
    memory=1500.0,
    size=f"{PAGES} pages of {LINES} lines, PDF in Russian",
    repeat=1,
)
