"""Check: a whole claims file, judged claim by claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from multivector.claims.answers import Run
from multivector.claims.judge import judge, severity
from multivector.claims.model import FAULTS, FROM_TEXT, WORDS, Claim, ClaimFile, Told, Verdict
from multivector.claims.publish import flat, origin_of, passable, plain
from multivector.claims.quotes import TextCheck, check_text
from multivector.errors import MultivectorError, UnknownName, raise_all
from multivector.origin import unite

_ORDER = ("high", "medium", "low", "none")


@dataclass(frozen=True)
class Audit:
    """The verdicts on a document, the gravest first, and what its text showed.

    ``text`` is None where the text was not given, so that no quote could be compared.
    """

    file: ClaimFile
    verdicts: tuple[Verdict, ...]
    text: TextCheck | None = None

    @property
    def counts(self) -> dict[str, int]:
        """How many claims got each verdict, in the order of the vocabulary."""
        found = Counter(v.word for v in self.verdicts)
        return {w: found[w] for w in WORDS if found[w]}

    @property
    def faulty(self) -> bool:
        """Whether any claim was contradicted, mislabelled or inconsistent with the data."""
        return any(v.word in FAULTS for v in self.verdicts)

    def to_dict(self) -> dict[str, Any]:
        """Return document, counts and verdicts as plain data: for JSON."""
        from importlib.metadata import version

        document = self.file.document
        return {
            "software": f"multivector {version('multivector')}",
            "claims file": self.file.name,
            "document": {k: v for k, v in asdict(document).items() if v},
            "counts": self.counts,
            "text": None if self.text is None else list(self.text.problems),
            "claims": [plain(v) for v in self.verdicts],
            "sources": [origin_of(o) for o in unite(*(v.origins for v in self.verdicts))],
        }

    def to_rows(self) -> list[dict[str, str]]:
        """Return one row of text a claim: for CSV."""
        return [flat(v) for v in self.verdicts]

    def passable(self) -> Audit:
        """Return the audit without the figures that the terms of a source do not let pass on."""
        return replace(self, verdicts=tuple(passable(v) for v in self.verdicts))


def check(file: ClaimFile, run: Run, text: str | None = None, only: Iterable[str] = ()) -> Audit:
    """Judge every claim of *file* (or those whose ids are in *only*), in order of severity.

    With the *text* of the document, quotes are compared with it, and claims about its own
    citations are answered from it.

    Raises
    ------
    Problems
        When answers name columns that their tables do not have: every one, with its place.
    """
    wanted = set(only)
    known = {c.id for c in file.claims}
    for one in sorted(wanted - known):
        raise UnknownName("claim", one, known)
    found = check_text(file, text) if text is not None else None
    verdicts: list[Verdict] = []
    problems: list[MultivectorError] = []
    for claim in file.claims:
        if wanted and claim.id not in wanted:
            continue
        try:
            judged = claim.measure not in FROM_TEXT
            verdicts.append(
                judge(claim, file.document, run, file.references)
                if judged
                else _of_text(claim, found)
            )
        except UnknownName as mistake:
            problems.append(mistake)
    raise_all(f"{file.name} cannot be used", problems)
    place = {c.id: n for n, c in enumerate(file.claims)}
    verdicts.sort(key=lambda v: (_ORDER.index(v.severity), WORDS.index(v.word), place[v.claim.id]))
    query = f"multivector check {file.name} --claim "
    made = tuple(replace(v, query=v.query or query + v.claim.id) for v in verdicts)
    return Audit(file, made, found)


def _of_text(claim: Claim, found: TextCheck | None) -> Verdict:
    if found is None:
        reason = "It is counted in the text, which was not given; give it with --text."
        return Verdict(claim, "no data", reason)
    counts = {"references listed": len(found.entries), "citations": sum(found.cited.values())}
    value = counts[claim.measure]
    told = (Told("the text", unit="count"),)
    word = "supported" if value == claim.value else "contradicted"
    lost = ", ".join(map(str, found.uncited))
    notes = (f"Never cited: {lost}.",) if lost else ()
    reason = (
        f"The text has {counts['citations']} citations of a list of {len(found.entries)} "
        f"references; claimed {claim.value:g} {claim.measure}."
    )
    return Verdict(claim, word, reason, severity(word, claim), told, notes=notes)
