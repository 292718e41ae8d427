"""Claims: what a paper on the focal state says, and what the data say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.claims.check import Audit, check
from multivector.claims.model import Told, Verdict
from multivector.claims.read import load, shipped
from multivector.claims.spans import number
from multivector.claims.wording import reading_text, spell_text
from multivector.render.page import render
from multivector.render.section import Block, Run, Section
from multivector.render.sections._shared import prose
from multivector.render.text import Name, Year, _, listing, say

if TYPE_CHECKING:
    from multivector.study import Study

LATEST = 8
"""Readings of one answer that a row shows; the command shows all."""


def build(study: Study, run: Run) -> list[Block]:
    """Build the section; none where no claims file ships for the study."""
    if study.name not in shipped():
        return []
    audit = check(load(study.name), run)
    document = audit.file.document
    return [
        prose(
            _(
                "{author}, {title} ({year}), says things that data can decide. Each of its claims "
                "is held against the sources of this report and against small tables compiled by "
                "hand. The verdict is computed; what it would mean for the argument is a "
                "judgement of ours and stands apart as severity."
            ),
            author=Name(document.author),
            title=cited(document.title),
            year=Year(str(document.year)),
        ),
        *summary(audit),
        render("claims", rows=[row(v) for v in audit.verdicts]),
    ]


def summary(audit: Audit) -> list[Markup]:
    """Say which claims got which verdict, in the order of the vocabulary."""
    parts: list[Markup] = []
    for word in audit.counts:
        ids = [Name(v.claim.id) for v in audit.verdicts if v.word == word]
        parts.append(say(_("{word}: {ids}"), word=_(word), ids=listing(ids)))
    return [prose(_("{parts}."), parts=Markup("; ").join(parts))]


def row(verdict: Verdict) -> dict[str, object]:
    """Return what the table prints of one verdict."""
    claim = verdict.claim
    open_ = all(showable(t) for t in verdict.told)
    hidden = _("Its figures may not be passed on; the command computes them.")
    return {
        "id": Name(claim.id),
        "says": cited(claim.says),
        "quote": cited(f"«{claim.quote}»") if claim.quote else "",
        "word": _(verdict.word),
        "severity": _(verdict.severity),
        "reason": Name(verdict.reason) if open_ else hidden,
        "told": [told(t) for t in verdict.told if t.readings or t.spells or t.absent],
        "notes": [Name(n) for n in verdict.notes] if open_ else [],
        "query": verdict.query,
    }


def told(one: Told) -> dict[str, object]:
    """Return what one answer told: its numbers, each with its step, or why there is none."""
    if one.absent:
        return {"source": Name(one.source), "values": [_value(Name(one.absent))]}
    if not showable(one):
        return {"source": Name(one.source), "values": [_value(_("not shown, by its terms"))]}
    values = [_value(Name(spell_text(s))) for s in one.spells]
    for r in one.readings[-LATEST:]:
        text = reading_text(r, one)
        if one.fingerprint and number(r.value):
            values.append({"text": text, "number": f"{r.value:.6g}", "step": one.fingerprint})
        else:
            values.append(_value(Name(text)))
    return {"source": Name(one.source), "values": values}


def _value(text: str) -> dict[str, str]:
    return {"text": text, "number": "", "step": ""}


def showable(one: Told) -> bool:
    """Whether the terms of every source let these figures be passed on."""
    computed = bool(one.fingerprint)
    terms = [o.licence for o in one.origins]
    return all(t.redistribute_derived if computed else t.redistribute_raw for t in terms)


def cited(text: str) -> Markup:
    """Mark words of the paper as such."""
    return Markup("<cite>{}</cite>").format(text)


SECTION = Section("claims", 95, _("What the article says, and what the data say"), build)
