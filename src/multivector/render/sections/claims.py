"""Claims: what a paper on the focal state says, and what the data say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from multivector.claims.check import Audit, check
from multivector.claims.model import Answer
from multivector.claims.read import load, shipped
from multivector.estimate import Estimate
from multivector.registry import find
from multivector.render.figure import Drawing, Figure, Grid
from multivector.render.section import ABSENT, Block, Run, Section
from multivector.render.sections._shared import prose
from multivector.render.text import Name, Year, _, html, label, say
from multivector.render.verdicts import cited, summary, verdict_table

if TYPE_CHECKING:
    from multivector.study import Study

FEWEST_YEARS = 5
"""Years that a series has at least to be drawn."""
MOST_FIGURES = 3


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
        summary(audit),
        verdict_table(audit),
        *figures(audit, run),
    ]


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


SECTION = Section("claims", 97, _("What the article says, and what the data say"), build)
