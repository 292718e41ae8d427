"""Partner by domain: where each partner weighs most, and what is not measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.domain import Domain
from multivector.errors import OutOfCoverage
from multivector.estimate import Estimate
from multivector.measures.engagement import all_domains
from multivector.registry import everything, find
from multivector.render.figure import Figure, Grid
from multivector.render.section import ABSENT, Block, Run, Section
from multivector.render.sections._shared import (
    known_years,
    overlap,
    partner_labels,
    prose,
    ranked,
    votes,
    who,
    year,
)
from multivector.render.sections._strategy import in_domain
from multivector.render.text import Name, _, actor, listing, say

if TYPE_CHECKING:
    from multivector.study import Study

Latest = dict[str, Estimate]
"""One estimate a row, each of the last year in which anything of it is known."""
STANCE = "votes"


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    made = latest(study, run)
    columns = partner_labels(study)
    if not made:
        raise OutOfCoverage(_("No domain has data for this state."))
    drawing = find("render.charts", "heatmap")(
        *made.values(), rows=tuple(made), across="partner", blocks=layout(made), columns=columns,
        nothing=_("no data"),
    )  # fmt: skip
    lost = [f"{_(d.label).lower()}: {_(d.absent)}" for d in domains() if d.name not in made]
    counted = [f"{_(d.label).lower()}: {_(d.counted)}" for d in domains() if d.name in made]
    return [
        prose(
            _(
                "A partner may weigh much in one domain and little in another. Each domain is "
                "counted in its own unit and shown as shares within itself; nothing is added "
                "across. Votes alike are a stance, not a share, and stand apart. Domains that are "
                "not measured with open data are hatched; they are unknown, not empty."
            )
        ),
        Figure(
            "domains",
            finding(study, made),
            say(
                _("{focal}’s partners by domain, latest year of each; shades compare in a block"),
                focal=actor(study.focal, study.language),
            ),
            (drawing,),
            tuple(made.values()),
            _("Heat map: partners in columns, domains in rows, with every value printed."),
            Grid("year", "partner", columns, _("Year")),
            notes=(
                say(_("Counted in {what}."), what=Name("; ".join(counted))),
                *((say(_("Not measured: {what}."), what=Name("; ".join(lost))),) if lost else ()),
            ),
        ),
    ]


def domains() -> list[Domain]:
    """Return the declared domains in order."""
    known: dict[str, Domain] = everything("domains")
    return [known[name] for name in all_domains()]


def latest(study: Study, run: Run) -> Latest:
    """Return every domain that has data, and votes, in its last year with a known value."""
    made: Latest = {}
    for domain in domains():
        estimate = in_domain(study, run, domain.name)
        last = None if estimate is None else _last(estimate, study)
        if last is not None:
            made[domain.name] = last
    try:
        found = _last(votes(study, run, "vote_agreement", partners=study.partners), study)
    except ABSENT:
        found = None
    return made if found is None else {**made, STANCE: found}


def _last(estimate: Estimate, study: Study) -> Estimate | None:
    """Return the cells of the partners in the last known year; None where nothing is known."""
    first, last = study.years
    named = estimate.select(partner=list(study.partners), year=range(first, last + 1))
    try:
        return named.select(year=known_years(named)[-1])
    except ABSENT:
        return None  # the row is hatched


def layout(made: Mapping[str, Estimate]) -> tuple[tuple[str, dict[str, str]], ...]:
    """Return the blocks of rows: shares by domain, votes, and what is not measured."""
    there = {d.name: _row(_(d.label), d.name, made) for d in domains() if d.name in made}
    lost = {d.name: _(d.label) for d in domains() if d.name not in made}
    blocks = (
        (_("Ties: the partner’s share of the domain"), there),
        (_("Stances: share of votes cast alike"), {STANCE: _row(_("Votes alike"), STANCE, made)}),
        (_("Not measured with open data"), lost),
    )
    return tuple((title, rows) for title, rows in blocks if rows)


def _row(label: str, name: str, made: Mapping[str, Estimate]) -> str:
    """Name a row with the year of its figures."""
    return f"{label}, {known_years(made[name])[-1]}" if name in made else label


def finding(study: Study, made: Mapping[str, Estimate]) -> Markup:
    """Say who leads in trade and in votes alike."""
    order = {d: ranked(made[d], "partner", study.partners) for d in made}
    if not order.get(STANCE):
        return say(_("No domain can be compared on these data"))
    if not order.get("trade"):
        return say(_("Votes are known; trade by partner is not"))
    top = [q for q in order["trade"] if q is order["trade"][0] or overlap(q, order["trade"][0])]
    near = [q for q in order[STANCE] if q is order[STANCE][0] or overlap(q, order[STANCE][0])]
    a, c = (listing([who(q, "partner", study) for q in group]) for group in (top, near))
    trade, ballots = (year(int(dict(order[d][0].cell)["year"])) for d in ("trade", STANCE))
    text = _("{a} led in trade in {trade}")
    text += _(" (intervals overlap)") if len(top) > 1 else ""
    text += _("; {c} voted most alike in {ballots}")
    text += _(" (intervals overlap)") if len(near) > 1 else ""
    return say(text, a=a, c=c, trade=trade, ballots=ballots)


SECTION = Section("domains", 30, _("Partner by domain"), build)
