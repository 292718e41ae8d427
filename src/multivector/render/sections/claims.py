"""Claims: what a paper on the focal state says, and what the data say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from multivector.claims.check import Audit, check
from multivector.claims.model import Answer, Told, Verdict
from multivector.claims.read import load, shipped
from multivector.claims.spans import number
from multivector.claims.wording import reading_text, spell_text
from multivector.estimate import Estimate
from multivector.registry import find
from multivector.render.figure import Drawing, Figure, Grid
from multivector.render.page import render
from multivector.render.section import ABSENT, Block, Run, Section
from multivector.render.sections._shared import prose
from multivector.render.text import Name, Year, _, html, label, listing, say

if TYPE_CHECKING:
    from multivector.study import Study

FEWEST_YEARS = 5
"""Years that a series has at least to be drawn."""
MOST_FIGURES = 3
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
        *figures(audit, run),
    ]


def summary(audit: Audit) -> list[Markup]:
    """Say which claims got which verdict, in the order of the vocabulary."""
    parts: list[Markup] = []
    for word in audit.counts:
        ids = [Name(v.claim.id) for v in audit.verdicts if v.word == word]
        parts.append(say(_("{word}: {ids}"), word=_(word), ids=listing(ids)))
    return [prose(_("{parts}."), parts=Markup("; ").join(parts))]


def figures(audit: Audit, run: Run) -> list[Block]:
    """Draw the series by year behind the gravest claims that have one."""
    made: list[Block] = []
    for verdict in audit.verdicts:
        if verdict.severity == "none" or len(made) == MOST_FIGURES:
            break
        drawn = [d for a in verdict.claim.answers if (d := drawing(a, run)) is not None]
        if not drawn:
            continue
        labels = {k: v for _drawing, _estimate, names in drawn for k, v in names.items()}
        made.append(
            Figure(
                f"claim-{verdict.claim.id.lower()}",
                say(_("Claim {id}, year by year"), id=Name(verdict.claim.id)),
                cited(verdict.claim.says),
                tuple(d for d, _estimate, _names in drawn),
                tuple(e for _drawing, e, _names in drawn),
                _("Line charts over years, one for each source that answers the claim."),
                Grid("year", "partner", labels, _("Year")),
            )
        )
    return made


def drawing(answer: Answer, run: Run) -> tuple[Drawing, Estimate, dict[str, str]] | None:
    """Return the series by year that *answer* reads, drawn; None where it reads no such series."""
    try:
        value: Any = run(answer.step) if answer.take == "value" and not answer.began else None
    except ABSENT:
        return None
    chosen = {c: w for c, relation, w in answer.where if relation == "="}
    by_partner = isinstance(value, Estimate) and value.key == ["state", "partner", "year"]
    if not by_partner or list(chosen) != ["partner"]:
        return None
    partner = chosen["partner"]
    series = value.select(**chosen)
    if sum(q.known for q in series.quantities()) < FEWEST_YEARS:
        return None
    names = {partner: label(partner)}
    chart = find("render.charts", "lines")
    caption = html(Name(answer.source))
    return chart(series, across="partner", labels=names, caption=caption), series, names


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


SECTION = Section("claims", 97, _("What the article says, and what the data say"), build)
