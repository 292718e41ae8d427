"""Check: a whole claims file, judged claim by claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from multivector.claims.answers import Run
from multivector.claims.judge import judge, severity
from multivector.claims.model import FAULTS, FROM_TEXT, WORDS, Claim, ClaimFile, Told, Verdict
from multivector.claims.quotes import TextCheck, check_text
from multivector.claims.wording import reading_text, spell_text
from multivector.errors import UnknownName

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

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return every verdict as plain data."""
        return [plain(v) for v in self.verdicts]


def check(file: ClaimFile, run: Run, text: str | None = None, only: Iterable[str] = ()) -> Audit:
    """Judge every claim of *file* (or those whose ids are in *only*), in order of severity.

    With the *text* of the document, quotes are compared with it, and claims about its own
    citations are answered from it.
    """
    wanted = set(only)
    known = {c.id for c in file.claims}
    for one in sorted(wanted - known):
        raise UnknownName("claim", one, known)
    found = check_text(file, text) if text is not None else None
    verdicts = [
        _of_text(claim, found)
        if claim.measure in FROM_TEXT
        else judge(claim, file.document, run, file.references)
        for claim in file.claims
        if not wanted or claim.id in wanted
    ]
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


def plain(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as plain data: for JSON, CSV and tables."""
    claim = verdict.claim
    return {
        "id": claim.id,
        "kind": claim.kind,
        "says": claim.says,
        "quote": claim.quote,
        "verdict": verdict.word,
        "severity": verdict.severity,
        "reason": verdict.reason,
        "values": {
            t.source: [reading_text(r, t) for r in t.readings] or [spell_text(s) for s in t.spells]
            for t in verdict.told
        },
        "absent": {t.source: t.absent for t in verdict.told if t.absent},
        "years": list(verdict.years),
        "interval": None if verdict.interval is None else list(verdict.interval),
        "nearest": verdict.nearest,
        "notes": list(verdict.notes),
        "query": verdict.query,
    }
