"""Security: treaties as dated spells, and suppliers of arms where the user has fed the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from markupsafe import Markup

from multivector.estimate import Estimate
from multivector.panel import Panel
from multivector.registry import find
from multivector.render.charts.spells import Spell
from multivector.render.figure import Figure, Grid, Table
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
from multivector.render.sections._spells import axis, bar, either, pairs, state_partners, within
from multivector.render.text import Name, _, actor, label, listing, say, years
from multivector.variable import Coverage, Key, Variable

if TYPE_CHECKING:
    from multivector.study import Study

LISTED = (1991, 2024)
"""Years of the list of treaties."""
OBLIGATIONS = {
    "defense": _("defence"),
    "offense": _("offence"),
    "neutrality": _("no support for an enemy"),
    "nonaggression": _("non-aggression"),
    "consultation": _("consultation"),
}


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    blocks: list[Block] = [
        prose(
            _(
                "Treaties bind from a day to a day; they are shown as spells and counted side by "
                "side, and no count is added to a flow. The list is compiled by hand for "
                "Kazakhstan, its neighbours and comparators, and is not complete: where no treaty "
                "of two states is listed there is no data, which does not mean that there is no "
                "treaty."
            )
        )
    ]
    blocks += attempt(lambda: treaties(study, run))
    blocks += either(
        lambda: arms(study, run),
        say(
            _(
                "Suppliers of arms are not shown. The terms of SIPRI’s register forbid shipping "
                "it: export the trade register of all countries from {site} and put the file into "
                "your data folder; this section then shows {focal}’s arms imports by supplier."
            ),
            site=Name("armstransfers.sipri.org"), focal=actor(study.focal, study.language),
        ),
    )  # fmt: skip
    return blocks


# treaties --------------------------------------------------------------------------------------


def counts(study: Study, run: Run, obligation: str = "any") -> Estimate | None:
    """Return the number of listed treaties that bind the focal state and each partner state."""
    partners, span = state_partners(study), within(study, *LISTED)
    if not partners or span is None:
        return None
    chosen = {"focal": study.focal, "partners": partners, "years": span}
    return run(measure("security_treaties", obligation=obligation, **chosen))


def treaties(study: Study, run: Run) -> list[Block]:
    """Show the treaties of the focal state with each partner as spells, with their days."""
    made = [counts(study, run, o) for o in ("any", "defense")]
    both = tuple(e for e in made if e is not None)
    if not both or not any(q.known for q in both[0].quantities()):
        return [none_listed(study)]
    span = within(study, *LISTED) or study.years
    panel = run(find("sources", "alliance_obligations")())
    shared = {
        p: pairs(panel.frame, (study.focal, p), by="treaty", begin="signed", end="ended")
        for p in state_partners(study)
    }
    markers, rows = events_in(study, range(span[0], span[1] + 1))
    labels = partner_labels(study)
    chart = find("render.charts", "spells")
    drawing = chart(
        *both,
        across="partner", bars=bars(shared), groups={p: labels[p] for p in shared},
        span=axis(span), events=markers,
        nothing=_("no treaty listed: no data"),
    )  # fmt: skip
    figure = Figure(
        "treaties",
        title(study, both[0]),
        say(
            _("Listed treaties that bind {focal} and a partner, {when}, from signature"),
            focal=actor(study.focal, study.language),
            when=years(range(span[0], span[1] + 1)),
        ),
        (drawing,),
        both,
        _("Bars on a time axis, one per treaty and partner; the table below holds the days."),
        Grid("year", "partner", {p: label(p, study.language) for p in shared}, _("Year")),
        events=rows,
        notes=(
            say(
                _(
                    "Full colour: the treaty contains an obligation of defence; pale: others. A "
                    "dot marks entry into force for both, where that day is established; an arrow "
                    "says that the treaty has not ended."
                )
            ),
            *blocs(study),
        ),
    )
    return [figure, listed(study, panel, shared)]


def bars(shared: dict[str, pl.DataFrame]) -> list[Spell]:
    """Return one bar per treaty and partner."""
    return [
        bar(
            partner, row["title"], row["start"], row["stop"],
            strong=row["defense"] == 1, mark=_in_force(row["in_force"], row["in_force_other"]),
        )
        for partner, frame in shared.items()
        for row in frame.iter_rows(named=True)
    ]  # fmt: skip


def _in_force(one: object, other: object) -> float | None:
    if one is None or other is None:
        return None
    return bar("", "", max(str(one), str(other)), None).start


def blocs(study: Study) -> list[Markup]:
    """Say that blocs among the partners are left out, if there are any."""
    left = [actor(p, study.language) for p in study.partners if p not in state_partners(study)]
    if not left:
        return []
    return [say(_("Treaties of states only; {blocs} is left out."), blocs=listing(left))]


def none_listed(study: Study) -> Markup:
    """Say in words that the list knows no treaty of the focal state with a partner."""
    return prose(
        _(
            "No data on treaties: the list holds none that {focal} shares with {partners}. It was "
            "compiled for Central Asia and its surroundings."
        ),
        focal=actor(study.focal, study.language),
        partners=listing([actor(p, study.language) for p in study.partners]),
    )


def title(study: Study, count: Estimate) -> Markup:
    """Say with whom most listed treaties bind in the last year."""
    last = known_years(count)[-1]
    order = [q for q in ranked(count, "partner", study.partners, year=last) if q.value]
    if not order:
        return say(_("No listed treaty bound in {last}"), last=year(last))
    parts = [say(_("{n} with {partner}"), n=q, partner=who(q, "partner", study)) for q in order[:3]]
    return say(_("Listed security treaties in {last}: {parts}"), last=year(last),
               parts=listing(parts))  # fmt: skip


def listed(study: Study, panel: Panel, shared: dict[str, pl.DataFrame]) -> Table:
    """Return the table of shared treaties: days, obligations and confidence in words."""
    levels = dict(panel.variable("confidence").codes)
    rows = [
        (
            label(partner, study.language),
            str(row["start"]),
            row["title"],
            _("not established") if row["in_force"] is None else str(row["in_force"]),
            _("not ended") if row["stop"] is None else str(row["stop"]),
            obligations(row),
            levels[row["confidence"]],
        )
        for partner, frame in shared.items()
        for row in frame.iter_rows(named=True)
    ]
    texts = {
        "in_force": _("In force for {focal}").format(focal=label(study.focal, study.language)),
        "until": _("Ended"),
        "obligations": _("Obligations"),
        "confidence": _("Confidence"),
    }
    keys = (_("Partner"), _("Binds both since"), _("Treaty, in our words"))
    frame = pl.DataFrame(rows, dict.fromkeys([*keys, *texts], pl.String), orient="row")
    variables = tuple(Variable(n, t, "text", Coverage()) for n, t in texts.items())
    held = Panel(
        frame, Key(_("treaty of a pair"), keys), variables, panel.provenance, panel.methods
    )
    return Table(
        "treaty-list",
        say(_("The treaties behind the bars")),
        say(_("Signed by the later of the two on the day given; obligations in the sense of ATOP")),
        held,
    )


def obligations(row: dict[str, object]) -> str:
    """Name the obligations that a treaty contains."""
    if all(row[o] is None for o in OBLIGATIONS):
        return _("not established")
    return ", ".join(word for o, word in OBLIGATIONS.items() if row[o] == 1) or _(
        "none of the five"
    )


# arms ------------------------------------------------------------------------------------------


def arms(study: Study, run: Run) -> Figure:
    """Show each supplier's share in the focal state's arms imports, five years at a time."""
    table = arms_shares(study, run)
    span = known_years(table)
    labels = partner_labels(study, "ROW")
    markers, rows = events_in(study, span)
    order = ranked(table, "partner", study.partners, year=span[-1])
    lines = find("render.charts", "lines")
    return Figure(
        "arms",
        say(
            _("{top} supplied {share} of {focal}’s arms imports by volume in the window to {last}"),
            top=who(order[0], "partner", study), share=order[0], last=year(span[-1]),
            focal=actor(study.focal, study.language),
        )
        if order and order[0].value
        else say(_("Arms imports by supplier")),
        say(
            _("Share in major conventional arms delivered to {focal}, by SIPRI’s volume, {when}, "
              "five years to the year shown"),
            focal=actor(study.focal, study.language), when=years(span),
        ),
        (lines(table, across="partner", labels=labels, events=markers),),
        (table,),
        _("Line chart: share of each supplier in arms imports; the table holds the values."),
        Grid("year", "partner", labels, _("Year")),
        events=rows,
        notes=(
            say(_("From the register in your data folder; its terms allow non-commercial use.")),
            say(_("Volume is SIPRI’s trend indicator: military worth, not money.")),
            say(_("A line delivered over several years is spread evenly over them: our rule.")),
        ),
    )  # fmt: skip


def arms_shares(study: Study, run: Run) -> Estimate:
    """Return the shares of suppliers in the study's years."""
    made = run(measure("arms_import_share", focal=study.focal, partners=study.partners))
    return made.select(year=range(study.years[0], study.years[1] + 1))


SECTION = Section("security", 72, _("Security ties"), build)
