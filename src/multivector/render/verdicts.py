"""Verdicts: the table of an audit, each row opening to quote, numbers by source and drawing."""

from __future__ import annotations

from markupsafe import Markup

from multivector.claims.check import Audit
from multivector.claims.model import Told, Verdict
from multivector.claims.publish import claimed, passable
from multivector.claims.spans import number
from multivector.claims.wording import reading_text, spell_text, years_text
from multivector.render.page import render
from multivector.render.strip import strip
from multivector.render.text import Name, _, listing, say

LATEST = 8
"""Readings of one answer that a row shows; the drawing and the command show all."""


def verdict_table(audit: Audit) -> Markup:
    """Return the table of an audit, the gravest verdicts first."""
    return render("claims", rows=[row(v) for v in audit.verdicts])


def summary(audit: Audit) -> Markup:
    """Say which claims got which verdict, in the order of the vocabulary."""
    parts: list[Markup] = []
    for word in audit.counts:
        ids = [Name(v.claim.id) for v in audit.verdicts if v.word == word]
        parts.append(say(_("{word}: {ids}"), word=_(word), ids=listing(ids)))
    return say(
        "{open}{parts}.{close}",
        open=Markup("<p>"),
        parts=Markup("; ").join(parts),
        close=Markup("</p>"),
    )


def row(verdict: Verdict) -> dict[str, object]:
    """Return what the table prints of one verdict."""
    verdict = passable(verdict)
    claim = verdict.claim
    sources = [f"{o.title}, {o.version} ({o.licence.name})" for o in verdict.origins]
    ends = verdict.interval
    facts = {
        _("Claimed"): claimed(verdict),
        _("Holds in"): years_text(verdict.years) if verdict.years else "",
        _("Range over sources"): f"{ends[0]:.4g} to {ends[1]:.4g}"
        if ends and ends[0] < ends[1]
        else "",
        _("What has the claimed value"): verdict.nearest,
        _("Sources"): "; ".join(sources),
    }
    return {
        "id": Name(claim.id),
        "says": cited(claim.says),
        "quote": cited(f"«{claim.quote}»") if claim.quote else "",
        "word": _(verdict.word),
        "grade": verdict.severity,
        "severity": _(verdict.severity),
        "reason": Name(verdict.reason),
        "chart": strip(verdict),
        "told": [told(t) for t in verdict.told if t.readings or t.spells or t.absent],
        "facts": [{"what": k, "value": Name(v)} for k, v in facts.items() if v],
        "notes": [Name(n) for n in verdict.notes],
        "query": verdict.query,
    }


def told(one: Told) -> dict[str, object]:
    """Return what one answer told: its numbers, each with its step, or why there is none."""
    if one.absent:
        return {"source": Name(one.source), "values": [_value(Name(one.absent))]}
    values = [_value(Name(spell_text(s))) for s in one.spells]
    for r in one.readings[-LATEST:]:
        text = reading_text(r, one)
        if one.fingerprint and number(r.value):
            values.append({"text": text, "number": f"{r.value:.6g}", "step": one.fingerprint})
        else:
            values.append(_value(Name(text)))
    return {"source": Name(one.source), "values": values}


def cited(text: str) -> Markup:
    """Mark words of the paper as such."""
    return Markup("<cite>{}</cite>").format(text)


def _value(text: str) -> dict[str, str]:
    return {"text": text, "number": "", "step": ""}
