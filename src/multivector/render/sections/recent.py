"""After the reconciled table ends: separate series that reach further, never spliced to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from markupsafe import Markup

from multivector.estimate import Estimate
from multivector.quantity import Quantity
from multivector.registry import find
from multivector.render.figure import Figure, Grid
from multivector.render.section import ABSENT, Block, Run, Section, attempt
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
from multivector.render.sections.partners import shares
from multivector.render.text import Name, _, actor, label, listing, say, years

if TYPE_CHECKING:
    from multivector.study import Study

EU = "EU27_2020"
REPORTS = (
    "imf_imts", "comtrade", "kazakhstan_trade", "uzbekistan_trade", "kyrgyzstan_trade"
)  # fmt: skip
"""Tables of reports that go on after the reconciled one ends."""
FLOWS = {"exports": _("Exports"), "imports": _("Imports")}
FIRST = 2014
SIDES = {"exports_share": _("Exports"), "imports_share": _("Imports")}


def factbook(study: Study, run: Run, variable: str) -> Estimate:
    """Return the shares that the Factbook prints; its EU has the members of the year."""
    source = find("sources", "factbook_partners")()
    rows = {"variable": variable, "state": study.focal, "partners": printed(study, run)}
    return run(measure("published", source=source, **rows))


def headline(study: Study, run: Run) -> Markup | None:
    """Say who leads in the last year of the Factbook's figures."""
    tops = _tops(study, run)
    if tops is None:
        return None
    a, b = (who(q, "partner", study) for q in tops)
    text = (
        _("In the Factbook’s separate figures for {last}, {a} came first in exports ({x}) and in "
          "imports ({m}).")
        if a == b
        else _("In the Factbook’s separate figures for {last}, {a} came first in exports ({x}) "
               "and {b} in imports ({m}).")
    )  # fmt: skip
    last = year(int(dict(tops[0].cell)["year"]))
    return say(text, last=last, a=a, x=tops[0], b=b, m=tops[1])


def title(study: Study, run: Run) -> Markup:
    """Say who leads, in the few words of a title."""
    tops = _tops(study, run)
    if tops is None:
        return say(_("Partner shares in the Factbook"))
    a, b = (who(q, "partner", study) for q in tops)
    when = year(int(dict(tops[0].cell)["year"]))
    text = (
        _("{a} led in both exports and imports in {when}")
        if a == b
        else _("{a} led in exports and {b} in imports in {when}")
    )
    return say(text, a=a, b=b, when=when)


def _tops(study: Study, run: Run) -> tuple[Quantity, Quantity] | None:
    """Return the largest partner in exports and in imports, in the last year that both have."""
    made = [factbook(study, run, v) for v in SIDES]
    shared = set(known_years(made[0])) & set(known_years(made[1]))
    if not shared:
        return None
    out, into = (ranked(e, "partner", printed(study, run), year=max(shared))[0] for e in made)
    return out, into


def printed(study: Study, run: Run) -> tuple[str, ...]:
    """Return the study's partners that the Factbook prints at all, then others of its last year.

    Six at most: more lines than that cannot be told apart.
    """
    source = find("sources", "factbook_partners")()
    table = run(source).sound("exports_share").sound("imports_share").frame
    own = table.filter(pl.col("state") == study.focal)
    own = own.filter(pl.any_horizontal(pl.col(list(SIDES)).is_not_null()))
    named = ["EU" if p == EU else p for p in study.partners]
    known = [p for p in named if p in set(own["partner"])]
    late = own.filter(pl.col("year") == pl.col("year").max())
    largest = late.sort(pl.max_horizontal(*SIDES), "partner", descending=[True, False])
    return tuple(dict.fromkeys([*known, *largest["partner"]]))[:6]


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    blocks: list[Block] = [
        prose(
            _(
                "The reconciled trade table used above ends in {last}. Other sources reach "
                "further. They differ in definition and are shown apart: joining them to the "
                "series above would turn a change of source into a change in the world."
            ),
            last=year(known_years(shares(study, run))[-1]),
        )
    ]
    blocks += attempt(lambda: shares_figure(study, run))
    if study.focal != EU:
        blocks += attempt(lambda: eurostat_figure(study, run))
        blocks += attempt(lambda: late_turns(study, run))
    return [*blocks, *reported(study, run)]


def reported(study: Study, run: Run) -> list[Block]:
    """Draw what the focal state reports itself after the table ends, one figure a source.

    Only sources that the user has fed are there; none of them ships.
    """
    last = known_years(shares(study, run))[-1]
    found: list[Block] = []
    for name in REPORTS:
        source = find("sources", name)()
        step = measure(
            "trade_share", focal=study.focal, partners=study.partners, flow="each",
            view="reporter", reports=source,
        )  # fmt: skip
        try:
            table = run(step)
            span = [y for y in known_years(table) if y >= FIRST]
        except ABSENT:
            continue  # not here, or of other states
        if span and span[-1] > last:
            found.append(_reported(study, name, table, span))
    return found


def _reported(study: Study, name: str, table: Estimate, span: list[int]) -> Figure:
    sides = {f: w for f, w in FLOWS.items() if _known(table, f)}
    made = {f: table.select(flow=f, year=span) for f in sides}
    lines = find("render.charts", "lines")
    labels = partner_labels(study)
    title = Name(find("sources", name).title)
    own = actor(study.focal, study.language)
    return Figure(
        f"reported-{name.replace('_', '-')}",
        say(_("What {focal} reports itself: {title}"), focal=own, title=title),
        say(
            _("Share of partners in trade as {focal} reports it, {when}"),
            focal=own, when=years(span),
        ),
        tuple(lines(e, across="partner", labels=labels, caption=sides[f]) for f, e in made.items()),
        tuple(made.values()),
        _("Line charts of partner shares by year, as the state itself reports them."),
        Grid("year", "partner", labels, _("Year")),
        notes=(say(_("Partners as the state declares them; the source says what is counted.")),),
    )  # fmt: skip


def _known(table: Estimate, flow: str) -> bool:
    return any(q.known for q in table.select(flow=flow).quantities())


def shares_figure(study: Study, run: Run) -> Figure:
    """Draw the shares that the Factbook prints, exports beside imports."""
    made = {v: factbook(study, run, v) for v in SIDES}
    shown = printed(study, run)
    labels = {p: label(p, study.language) for p in shown}
    absent = [p for p in study.partners if ("EU" if p == EU else p) not in shown]
    span = sorted({y for e in made.values() for y in known_years(e)})
    lines = find("render.charts", "lines")
    reach = (span[0], span[-1])
    return Figure(
        "factbook",
        title(study, run),
        say(
            _("Shares in {focal}’s exports and imports as the Factbook prints them, {when}"),
            focal=actor(study.focal, study.language), when=years(span),
        ),
        tuple(
            lines(e, across="partner", labels=labels, years=reach, caption=SIDES[v])
            for v, e in made.items()
        ),
        tuple(made.values()),
        _("Two charts of partner shares by year, with gaps where nothing was printed."),
        Grid("year", "partner", {**partner_labels(study), **labels}, _("Year")),
        notes=(
            say(
                _(
                    "About five partners are printed a year, and not every year: a gap is not "
                    "zero. Recent values are whole percentages."
                )
            ),
            *(
                [
                    say(
                        _("Never printed as a partner of {focal}: {absent}."),
                        focal=actor(study.focal, study.language),
                        absent=listing([actor(p, study.language) for p in absent]),
                    )
                ]
                if absent
                else []
            ),
        ),
    )  # fmt: skip


def _supplied(study: Study, run: Run) -> Estimate:
    """Return the exports of the EU to the focal state, by Eurostat."""
    source = find("sources", "eurostat_exports")()
    return run(
        measure(
            "published", source=source, variable="exports_eur", state=EU, partners=(study.focal,)
        )
    )


def late_turns(study: Study, run: Run) -> list[Block]:
    """Compare the years before and after those events that the reconciled table does not reach."""
    ends = known_years(shares(study, run))[-1]
    flow = _supplied(study, run)
    known = known_years(flow)
    turns = sorted({int(e.date[:4]) for e in study.events})
    return [
        prose(
            _(
                "Around the events of {turn}, which that table does not reach, the EU’s exports to "
                "{focal} went from {a} in {before} to {b} in {after}, in current euros. Two years "
                "are set side by side; no cause is shown."
            ),
            turn=year(turn), focal=actor(study.focal, study.language),
            a=flow.at(year=turn - 1), before=year(turn - 1),
            b=flow.at(year=turn + 1), after=year(turn + 1),
        )
        for turn in turns
        if turn > ends and turn - 1 in known and turn + 1 in known
    ]  # fmt: skip


def eurostat_figure(study: Study, run: Run) -> Figure:
    """Draw the exports of the EU to the focal state."""
    flow = _supplied(study, run)
    span = known_years(flow)
    first, last = flow.at(year=span[0]), flow.at(year=span[-1])
    markers, rows = events_in(study, span)
    labels = {study.focal: _("EU exports")}
    return Figure(
        "eurostat",
        say(
            _("{eu} exported goods for {last} to {focal} in {when}, after {first} in {then}"),
            eu=actor(EU, study.language), focal=actor(study.focal, study.language),
            last=last, when=year(span[-1]), first=first, then=year(span[0]),
        ),
        say(
            _("Exports of goods from the EU to {focal}, {when}, current euros"),
            focal=actor(study.focal, study.language), when=years(span),
        ),
        (find("render.charts", "lines")(
            flow, across="partner", labels=labels, events=markers, height=200),),
        (flow,),
        _("Line chart: exports of goods from the EU to the focal state by year."),
        Grid("year", "partner", labels, _("Year")),
        events=rows,
        notes=(
            say(
                _(
                    "Goods that leave the EU for a country may travel on; a rise in exports is "
                    "not by itself a rise in that country’s use of them."
                )
            ),
        ),
    )  # fmt: skip


SECTION = Section("recent", 70, _("After the table ends"), build, headline)
