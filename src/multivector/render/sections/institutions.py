"""Institutions: the organisations that the focal state shares with each partner, as spells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.estimate import Estimate
from multivector.registry import find
from multivector.render.charts.spells import Spell
from multivector.render.figure import Figure, Grid
from multivector.render.section import Block, Run, Section, attempt
from multivector.render.sections._shared import (
    events_in,
    known_years,
    measure,
    partner_labels,
    prose,
    ranked,
    who,
    year,
)
from multivector.render.sections._spells import axis, bar, pairs, state_partners, within
from multivector.render.text import Name, _, actor, listing, say, years

if TYPE_CHECKING:
    from multivector.study import Study

LISTED = (1991, 2024)
"""Years for which the dated list of organisations answers at year's end."""


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    if not state_partners(study):
        return [
            prose(_("No data: memberships are compared between states, and no partner is one."))
        ]
    blocks: list[Block] = [
        prose(
            _(
                "Two states that sit in the same organisation meet there, whatever else divides "
                "them. Bodies to which most states of the world belong are left out, since they "
                "tie everyone to everyone. The dated list is short; sharing none of its "
                "organisations does not mean sharing none at all."
            )
        )
    ]
    blocks += attempt(lambda: memberships(study, run))
    blocks.append(
        prose(
            _(
                "The Correlates of War project lists hundreds of organisations, to {last}. Its "
                "terms were not seen, so that no figure of it is passed on here; with its file in "
                "your data folder the measure {measure} counts every one that two states share."
            ),
            last=year(2014), measure=Name("shared_igos"),
        )
    )  # fmt: skip
    return blocks


def counts(study: Study, run: Run) -> Estimate | None:
    """Return the number of distinctive organisations of the dated list that each pair shares."""
    partners, span = state_partners(study), within(study, *LISTED)
    if not partners or span is None:
        return None
    return run(measure("shared_groups", focal=study.focal, partners=partners, years=span))


def memberships(study: Study, run: Run) -> list[Block]:
    """Show shared organisations as spells."""
    count = counts(study, run)
    if count is None or not any(q.known for q in count.quantities()):
        return [prose(_("No data: the dated list does not reach the years of this study."))]
    span = within(study, *LISTED) or study.years
    frame = run(find("sources", "memberships")()).frame
    named = distinctive(count)
    groups = {p: n for p, n in partner_labels(study).items() if p in state_partners(study)}
    bars = [
        bar(p, row["group"], row["start"], row["stop"])
        for p in groups
        for row in pairs(
            frame, (study.focal, p), by="group", begin="entered", end="left"
        ).iter_rows(named=True)
        if row["group"] in named[p]
    ]
    markers, rows = events_in(study, range(span[0], span[1] + 1))
    drawing = find("render.charts", "spells")(
        count, across="partner", bars=bars, groups=groups, span=axis(span), events=markers,
        none=_("none of the list shared"),
    )  # fmt: skip
    return [
        Figure(
            "memberships",
            title(study, count),
            say(
                _("Organisations of the dated list to which {focal} and a partner belong, {when}"),
                focal=actor(study.focal, study.language),
                when=years(range(span[0], span[1] + 1)),
            ),
            (drawing,),
            (count,),
            _("Bars on a time axis, one per shared organisation and partner."),
            Grid("year", "partner", groups, _("Year")),
            events=rows,
            notes=(full_names(study, bars), *left_out(study)),
        )
    ]


def distinctive(count: Estimate) -> dict[str, set[str]]:
    """Return the organisations that the measure counts for each partner in any year."""
    named: dict[str, set[str]] = {}
    for q in count.quantities():
        named.setdefault(str(dict(q.cell)["partner"]), set()).update(q.note.split())
    return named


def full_names(study: Study, bars: list[Spell]) -> Markup:
    """Spell out the short names in the drawing."""
    short = dict.fromkeys(b.row for b in bars)
    parts = [Name(f"{g}: {actor(g, study.language)}") for g in short]
    if not parts:
        return say(_("No organisation of the list is shared."))
    return say("{names}.", names=Markup("; ").join(say("{n}", n=p) for p in parts))


def left_out(study: Study) -> list[Markup]:
    """Say that blocs among the partners are left out, if there are any."""
    blocs = [actor(p, study.language) for p in study.partners if p not in state_partners(study)]
    if not blocs:
        return []
    return [say(_("Memberships of states only; {blocs} is left out."), blocs=listing(blocs))]


def title(study: Study, count: Estimate) -> Markup:
    """Say with whom the focal state shares most organisations in the last year."""
    last = known_years(count)[-1]
    order = [q for q in ranked(count, "partner", study.partners, year=last) if q.value]
    if not order:
        return say(_("No organisation of the list was shared in {last}"), last=year(last))
    parts = [say(_("{n} with {partner}"), n=q, partner=who(q, "partner", study)) for q in order[:3]]
    return say(_("Organisations shared in {last}: {parts}"), last=year(last), parts=listing(parts))


SECTION = Section("institutions", 74, _("Shared institutions"), build)
