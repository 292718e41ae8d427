"""Comparators: the focal state among states in a similar position."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.casebook.baci import STATES
from multivector.estimate import Estimate
from multivector.quantity import Quantity
from multivector.registry import find
from multivector.render.figure import Figure, Grid
from multivector.render.section import ABSENT, Block, Run, Section, attempt
from multivector.render.sections._shared import (
    by_size,
    known_years,
    measure,
    overlap,
    prose,
    ranked,
    vote_years,
    votes,
    who,
    year,
)
from multivector.render.sections.dependence import rows_among
from multivector.render.text import Name, _, actor, label, listing, say, years

if TYPE_CHECKING:
    from multivector.study import Study

PERIOD = 10


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    blocks: list[Block] = [
        prose(
            _(
                "A figure for one state means little alone. These states are neighbours or stand "
                "between the same powers; they are declared in the study and not chosen by result."
            )
        )
    ]
    blocks += attempt(lambda: trade(study, run))
    for pair in study.powers[:1]:
        blocks += attempt(lambda pair=pair: lean(study, run, pair))
    return blocks


def states(study: Study) -> tuple[str, ...]:
    """Return the focal state and the comparators, once each."""
    return tuple(dict.fromkeys((study.focal, *study.comparators)))


def trade(study: Study, run: Run) -> Figure:
    """Compare the effective number of trade partners, also with the middle of the casebook."""
    parts: dict[str, Estimate] = {}
    for state in dict.fromkeys((*states(study), *STATES)):
        try:
            parts[state] = run(measure("effective_partners", focal=state)).select(eu="one")
        except ABSENT:
            continue  # drawn as a row without data
    last = min(known_years(e)[-1] for s, e in parts.items() if s in states(study))
    late = {s: e.select(year=last) for s, e in parts.items()}
    labels = rows_among(study, tuple(late.values()))
    shown = tuple(e for s, e in late.items() if s in labels)
    named = (q for s in states(study) if s in late for q in late[s].quantities())
    order = sorted((q for q in named if q.known), key=by_size)
    own = next((q for q in order if dict(q.cell)["state"] == study.focal), None)
    dots = find("render.charts", "dots")
    return Figure(
        "compare-trade",
        say(
            _("{focal} had an effective {own} trade partners in {last}; {top} had most, {most}"),
            focal=actor(study.focal, study.language), own=own, last=year(last),
            top=who(order[0], "state", study), most=order[0],
        )
        if own is not None
        else say(_("Effective number of trade partners")),
        say(
            _("Effective number of partners in goods trade with the EU as one, {last}"),
            last=year(last),
        ),
        (dots(*shown, down="state", labels=labels, highlight=study.focal),),
        shown,
        _("Dot chart: effective number of trade partners by state."),
        Grid("state", "", labels, _("State")),
        notes=(say(_("Rows marked {middle} hold the median of the casebook’s states."),
                   middle=Name(_("middle"))),),
    )  # fmt: skip


def lean(study: Study, run: Run, pair: tuple[str, str]) -> Figure:
    """Compare the adjusted lean on the votes that divide two powers, over the last ten years."""
    last = vote_years(study, run)[1]
    span = (last - PERIOD + 1, last)
    others = tuple(s for s in study.comparators if s != study.focal)
    table = votes(
        study, run, "split_adjusted_lean", power_a=pair[0], power_b=pair[1],
        others=others, by="period", years=span,
    )  # fmt: skip
    order = ranked(table, "state", states(study))
    first = {str(dict(q.cell)["state"]): None for q in order}
    labels = {s: label(s, study.language) for s in (*first, *states(study))}
    a, b = (actor(p, study.language) for p in pair)
    own = next((q for q in order if dict(q.cell)["state"] == study.focal), None)
    dots = find("render.charts", "dots")
    return Figure(
        "compare-lean",
        _lean_title(study, own, order, a, b),
        say(
            _(
                "Adjusted lean where {a} and {b} vote opposite, {when}; right of zero toward "
                "{a}; {bars}"
            ),
            a=a, b=b, when=years(range(span[0], span[1] + 1)),
            bars=Name(_("bars are 90 % intervals")),
        ),
        (dots(table, down="state", labels=labels, highlight=study.focal),),
        (table,),
        _("Dot chart with intervals: adjusted lean by state."),
        Grid("state", "", labels, _("State")),
    )  # fmt: skip


def _lean_title(
    study: Study, own: Quantity | None, order: Sequence[Quantity], a: Name, b: Name
) -> Markup:
    if own is None or own.low is None:
        return say(_("Lean where {a} and {b} split"), a=a, b=b)
    alike = [q for q in order if q is not own and overlap(q, own)]
    if alike:
        return say(
            _("{focal}’s lean cannot be told from that of {others}: intervals overlap"),
            focal=actor(study.focal, study.language),
            others=listing([who(q, "state", study) for q in alike]),
        )  # fmt: skip
    return say(
        _("{focal}’s lean differs from that of every comparator"),
        focal=actor(study.focal, study.language),
    )  # fmt: skip


SECTION = Section("comparators", 80, _("Among its peers"), build)
