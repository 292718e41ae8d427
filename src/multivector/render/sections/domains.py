"""Partner by domain: where each partner weighs most, and what is not measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.estimate import Estimate
from multivector.registry import find
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
from multivector.render.sections.partners import shares
from multivector.render.text import Name, _, actor, listing, say

if TYPE_CHECKING:
    from multivector.study import Study

UNMEASURED = {
    "investment": _("Investment"),
    "energy": _("Energy"),
    "arms": _("Arms and security"),
    "visits": _("Visits"),
}


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    agreement = votes(study, run, "vote_agreement", partners=study.partners)
    vote_year = known_years(agreement)[-1]
    made = {"votes": agreement.select(year=vote_year)}
    when = ""
    try:
        flows = {f: shares(study, run, f) for f in ("exports", "imports")}
    except ABSENT:
        pass  # the rows stay, hatched; the section on trade says why
    else:
        last = known_years(flows["exports"])[-1]
        partners = list(study.partners)
        made = {f: e.select(year=last, partner=partners) for f, e in flows.items()} | made
        when = f", {last}"
    words = {
        "exports": f"{_('Exports')}{when}",
        "imports": f"{_('Imports')}{when}",
        **UNMEASURED,
        "votes": f"{_('Votes alike')}, {vote_year}",
    }
    tie_rows = {k: v for k, v in words.items() if k != "votes"}
    columns = partner_labels(study)
    drawing = find("render.charts", "heatmap")(
        *made.values(),
        rows=tuple(made),
        across="partner",
        blocks=(
            (_("Ties: the partner’s share of the domain"), tie_rows),
            (_("Stances: share of votes cast alike"), {"votes": words["votes"]}),
        ),
        columns=columns,
        nothing=_("no data"),
    )
    return [
        prose(
            _(
                "A partner may weigh much in one domain and little in another. Ties and stances "
                "are kept apart: shares of trade add up to a whole, agreement does not. Domains "
                "without figures yet are hatched; they are unknown, not empty."
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
                say(
                    _("Not measured yet: {domains}."),
                    domains=Name(", ".join(UNMEASURED.values()).lower()),
                ),
            ),
        ),
    ]


def finding(study: Study, made: dict[str, Estimate]) -> Markup:
    """Say who leads in each domain."""
    order = {d: ranked(e, "partner", study.partners) for d, e in made.items()}
    if "exports" not in order:
        return say(_("Votes are known; trade by partner is not"))
    if not all(order.values()):
        return say(_("No domain can be compared on these data"))
    a, b = (who(order[d][0], "partner", study) for d in ("exports", "imports"))
    near = [q for q in order["votes"] if q is order["votes"][0] or overlap(q, order["votes"][0])]
    c = listing([who(q, "partner", study) for q in near])
    trade, ballots = (year(int(dict(order[d][0].cell)["year"])) for d in ("exports", "votes"))
    text = (
        _("{a} led in exports and {b} in imports in {trade}; {c} voted most alike in {ballots}")
        if a != b
        else _("{a} led in trade both ways in {trade}; {c} voted most alike in {ballots}")
    )
    if len(near) > 1:
        text += _(" (intervals overlap)")
    return say(text, a=a, b=b, c=c, trade=trade, ballots=ballots)


SECTION = Section("domains", 30, _("Partner by domain"), build)
