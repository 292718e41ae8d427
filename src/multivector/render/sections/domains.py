"""Partner by domain: where each partner weighs most, and what is not measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.estimate import Estimate
from multivector.panels.ties import Way, indicators
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
from multivector.render.text import Name, _, actor, listing, say

if TYPE_CHECKING:
    from multivector.study import Study

Latest = dict[str, Estimate]
"""One estimate a domain, each of the last year in which anything of it is known."""

NAMES = {
    "exports": _("Exports"),
    "imports": _("Imports"),
    "arms": _("Arms imports"),
    "votes": _("Votes alike"),
    "treaties": _("Security treaties"),
    "organisations": _("Organisations"),
    "paid": _("Visits paid"),
    "received": _("Visits received"),
    "investment": _("Investment"),
    "energy": _("Energy"),
}
INDICATORS = {
    "exports": "Share in exports",
    "imports": "Share in imports",
    "arms": "Share in arms imports, 5 years",
    "treaties": "Listed treaties",
    "organisations": "Organisations of the dated list",
    "paid": "Visits paid",
    "received": "Visits received",
}
"""Titles of the indicators of ties behind the rows."""
SHARES = ("exports", "imports", "arms")
COUNTED = {
    _("Counted: listed treaties that bind"): ("treaties",),
    _("Counted: listed organisations shared"): ("organisations",),
    _("Counted: visits of leaders, public US lists only"): ("paid", "received"),
}
"""Each count has a block, and so a scale, of its own: counts of different things never compare."""
UNMEASURED = ("investment", "energy")


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    made = latest(study, run)
    blocks = layout(made)
    columns = partner_labels(study)
    drawing = find("render.charts", "heatmap")(
        *made.values(), rows=tuple(made), across="partner", blocks=blocks, columns=columns,
        nothing=_("no data"),
    )  # fmt: skip
    hatched = [NAMES[d] for d in (*SHARES, *UNMEASURED) if d not in made]
    return [
        prose(
            _(
                "A partner may weigh much in one domain and little in another. Ties and stances "
                "are kept apart: shares add up to a whole, agreement does not, and counts of "
                "treaties, organisations and visits are neither. Domains that are not measured "
                "with open data are hatched; they are unknown, not empty."
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
                    _("Not measured with open data, or no file was fed: {domains}."),
                    domains=Name(", ".join(hatched).lower()),
                ),
            ),
        ),
    ]


def latest(study: Study, run: Run) -> Latest:
    """Return every domain that has data, in its last year with a known value.

    What each row measures is the indicator of ``multivector show ties``; votes are looked at in the
    years and with the draws of the study.
    """
    asked = {one.title: one for one in indicators(study.focal, study.partners)}
    found: dict[str, Callable[[], Estimate]] = {
        domain: lambda one=asked[title]: toward(run(one), one.way, study)
        for domain, title in INDICATORS.items()
    }
    found["votes"] = lambda: votes(study, run, "vote_agreement", partners=study.partners)
    made: Latest = {}
    for domain, make in found.items():
        estimate = _last(make, study.partners)
        if estimate is not None:
            made[domain] = estimate
    return made


def _last(make: Callable[[], Estimate], partners: tuple[str, ...]) -> Estimate | None:
    """Return the cells of the partners in the last known year; None where there are no data."""
    try:
        estimate = make().select(partner=list(partners))
        return estimate.select(year=known_years(estimate)[-1])
    except ABSENT:
        return None  # the row is hatched; the section on the domain says why


def toward(estimate: Estimate, way: Way, study: Study) -> Estimate:
    """Return the cells that speak of the focal state in the study's years, by partner."""
    years = range(study.years[0], study.years[1] + 1)
    if way == "from":
        return estimate.select(state=study.focal, year=years)
    here = estimate.select(partner=study.focal, year=years)
    return replace(here, cells=here.cells.rename({"state": "partner", "partner": "state"}))


def layout(made: Mapping[str, Estimate]) -> tuple[tuple[str, dict[str, str]], ...]:
    """Return the blocks of rows: shares, each count by itself, stances, and what is unmeasured."""

    def rows(*domains: str) -> dict[str, str]:
        return {d: _row(d, made) for d in domains}

    # Trade keeps its rows when it has no data: it could be measured. Arms need a fed file.
    unmeasured = tuple(d for d in ("arms", *UNMEASURED) if d not in made)
    return (
        (
            _("Ties: the partner’s share of the domain"),
            rows(*(d for d in SHARES if d not in unmeasured)),
        ),
        *((title, rows(*domains)) for title, domains in COUNTED.items()),
        (_("Stances: share of votes cast alike"), rows("votes")),
        (_("Not measured with open data"), rows(*unmeasured)),
    )


def _row(domain: str, made: Mapping[str, Estimate]) -> str:
    """Name a domain with the year of its figures."""
    if domain not in made:
        return NAMES[domain]
    return f"{NAMES[domain]}, {known_years(made[domain])[-1]}"


def finding(study: Study, made: Mapping[str, Estimate]) -> Markup:
    """Say who leads in each domain."""
    order = {d: ranked(made[d], "partner", study.partners) for d in made}
    if "votes" not in order or not order["votes"]:
        return say(_("No domain can be compared on these data"))
    if not order.get("exports") or not order.get("imports"):
        return say(_("Votes are known; trade by partner is not"))
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
