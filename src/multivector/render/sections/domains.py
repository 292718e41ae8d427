"""Partner by domain: where each partner weighs most, and what is not measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.errors import DataError, Problems
from multivector.estimate import Estimate, stack
from multivector.registry import find
from multivector.render.figure import Figure, Grid
from multivector.render.section import Block, Run, Section
from multivector.render.sections._shared import (
    known_years,
    partner_labels,
    prose,
    ranked,
    votes,
    who,
    year,
)
from multivector.render.sections.partners import shares
from multivector.render.text import Name, _, actor, capital, say

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
    stances = stack("domain", {"votes": agreement.select(year=vote_year)})
    nothing = stack("domain", {"none": agreement.select(partner=[])})
    when, ties = Name(""), nothing
    try:
        flows = {f: shares(study, run, f) for f in ("exports", "imports")}
    except (DataError, Problems):
        pass  # the rows stay, hatched; the section on trade says why
    else:
        last = known_years(flows["exports"])[-1]
        named = {f: e.select(year=last, partner=list(study.partners)) for f, e in flows.items()}
        when, ties = Name(f", {last}"), stack("domain", named)
    words = {
        "exports": f"{_('Exports')}{when}",
        "imports": f"{_('Imports')}{when}",
        **UNMEASURED,
        "votes": f"{_('Votes alike')}, {vote_year}",
    }
    tie_rows = {k: v for k, v in words.items() if k != "votes"}
    columns = partner_labels(study)
    drawing = find("render.charts", "heatmap")(
        ties,
        stances,
        down="domain",
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
            finding(study, ties, stances),
            say(
                _("{focal}’s partners by domain, latest year of each; shades compare in a block"),
                focal=actor(study.focal, study.language),
            ),
            (drawing,),
            (ties, stances) if ties is not nothing else (stances,),
            _("Heat map: partners in columns, domains in rows, with every value printed."),
            Grid("domain", "partner", {**words, **columns}, _("Domain")),
            notes=(
                say(
                    _("Not measured yet: {domains}."),
                    domains=Name(", ".join(UNMEASURED.values()).lower()),
                ),
            ),
        ),
    ]


def finding(study: Study, ties: Estimate, stances: Estimate) -> Markup:
    """Say who leads in each domain."""
    if ties.cells.is_empty():
        return say(_("Votes are known; trade by partner is not"))
    leads = {d: ranked(ties, "partner", study.partners, domain=d) for d in ("exports", "imports")}
    alike = ranked(stances, "partner", study.partners)
    if not (leads["exports"] and leads["imports"] and alike):
        return say(_("No domain can be compared on these data"))
    trade = str(dict(leads["exports"][0].cell)["year"])
    ballots = str(dict(alike[0].cell)["year"])
    a, b = (who(leads[d][0], "partner", study) for d in ("exports", "imports"))
    text = say(
        _(
            "{a} led in exports and {b} in imports in {trade}; {c} voted most alike in {ballots}"
        )
        if a != b
        else _("{a} led in trade both ways in {trade}; {c} voted most alike in {ballots}"),
        a=a, b=b, c=who(alike[0], "partner", study), trade=year(int(trade)),
        ballots=year(int(ballots)),
    )  # fmt: skip
    return capital(text)


SECTION = Section("domains", 30, _("Partner by domain"), build)
