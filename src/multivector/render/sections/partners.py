"""Who matters: each partner's share of goods trade, year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.estimate import Estimate
from multivector.registry import find
from multivector.render.figure import Figure, Grid
from multivector.render.section import Block, Run, Section
from multivector.render.sections._shared import (
    change,
    events_in,
    known_years,
    measure,
    partner_labels,
    prose,
    ranked,
    who,
    year,
)
from multivector.render.text import Name, _, actor, label, say, years

if TYPE_CHECKING:
    from multivector.study import Study


def shares(study: Study, run: Run, flow: str = "total") -> Estimate:
    """Return each partner's share of the focal state's trade."""
    return run(measure("partner_share", focal=study.focal, partners=study.partners, flow=flow))


def headline(study: Study, run: Run) -> Markup | None:
    """Say who was the largest partner in the last year, and whose share grew most."""
    estimate = shares(study, run)
    found = known_years(estimate)
    if not found:
        return None
    first, last = found[0], found[-1]
    order = ranked(estimate, "partner", study.partners, year=last)
    gains = [
        (change(before[0], q), before[0], q)
        for q in order
        if (before := ranked(estimate, "partner", [dict(q.cell)["partner"]], year=first))
    ]
    if not order or not gains:
        return None
    _gain, start, end = max(gains, key=lambda g: g[0])
    top = order[0]
    template = (
        _(
            "{top} was the largest of the named partners in {focal}’s goods trade in {last}, "
            "with {share}; {riser} gained most since {first}, from {start} to {end}."
        )
        if who(end, "partner", study) != who(top, "partner", study)
        else _(
            "{top} was the largest of the named partners in {focal}’s goods trade in {last} "
            "and gained most since {first}, from {start} to {end}."
        )
    )
    text = say(
        template,
        top=who(top, "partner", study), focal=actor(study.focal, study.language),
        last=year(last), share=top, riser=who(end, "partner", study), first=year(first),
        start=start, end=end,
    )  # fmt: skip
    return text


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    total = shares(study, run)
    span = known_years(total)
    labels = partner_labels(study, "ROW")
    markers, rows = events_in(study, span)
    lines = find("render.charts", "lines")
    named = partner_labels(study)
    blocks: list[Block] = [
        prose(
            _(
                "The figures below are shares of {focal}’s recorded trade in goods, exports and "
                "imports together, from a table in which each flow has one reconciled value. "
                "{eu} stands for one and the same membership in every year, so that its line does "
                "not jump when members join or leave. Trade by value says nothing about how easily "
                "a partner could be replaced."
            ),
            focal=actor(study.focal, study.language),
            eu=Name(label("EU27_2020")),
        ),
        Figure(
            "trade-share",
            title(study, total),
            say(
                _("Share of {focal}’s goods trade by partner, {when}, % of all recorded trade"),
                focal=actor(study.focal, study.language), when=years(span),
            ),
            (lines(total, across="partner", labels=named, events=markers),),
            (total,),
            _("Line chart: share of goods trade by partner and year; the table holds the values."),
            Grid("year", "partner", labels, _("Year")),
            events=rows,
            notes=(
                say(_("Annual values stand at mid-year. The table adds the rest of the world.")),
            ),
        ),
    ]  # fmt: skip
    sides = {"exports": _("Exports"), "imports": _("Imports")}
    made = {flow: shares(study, run, flow) for flow in sides}
    blocks.append(
        Figure(
            "trade-sides",
            sides_finding(study, made),
            say(
                _("Share of partners in exports and in imports of goods, {when}"), when=years(span)
            ),
            tuple(
                lines(made[f], across="partner", labels=named, caption=name)
                for f, name in sides.items()
            ),
            tuple(made.values()),
            _("Two line charts: partners’ shares in exports and in imports of goods by year."),
            Grid("year", "partner", labels, _("Year")),
        )
    )
    return blocks


def title(study: Study, total: Estimate) -> Markup:
    """Say who is largest in the last year, in the few words of a title."""
    last = known_years(total)[-1]
    order = ranked(total, "partner", study.partners, year=last)
    if len(order) < 2:
        return say(_("Trade partners"))
    top, second = (who(q, "partner", study) for q in order[:2])
    text = say(
        _("{top} came first in trade in {last}, {second} second"),
        top=top, second=second, last=year(last),
    )  # fmt: skip
    return text


def sides_finding(study: Study, made: dict[str, Estimate]) -> Markup:
    """Say who leads on each side of trade in the last year."""
    last = known_years(made["exports"])[-1]
    leads = [ranked(made[f], "partner", study.partners, year=last) for f in made]
    if not all(leads):
        return say(_("Exports and imports"))
    out, into = (found[0] for found in leads)
    seller, buyer = who(out, "partner", study), who(into, "partner", study)
    if seller == buyer:
        text = _("{seller} led on both sides in {last}: {a} of exports, {b} of imports")
    else:
        text = _("In {last}, {seller} took {a} of exports, {buyer} supplied {b} of imports")
    return say(text, last=year(last), seller=seller, a=out, buyer=buyer, b=into)


SECTION = Section("partners", 20, _("Who matters in trade"), build, headline)
