"""Diplomacy: visits that the United States record, and leaders in office, on the time axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from markupsafe import Markup

from multivector import states
from multivector.estimate import Estimate
from multivector.registry import find
from multivector.render.charts.spells import Spell
from multivector.render.figure import Figure, Grid
from multivector.render.section import Block, Run, Section, attempt
from multivector.render.sections._shared import events_in, measure, prose
from multivector.render.sections._spells import axis, bar, state_partners, within
from multivector.render.text import _, actor, decimal_year, label, say, years

if TYPE_CHECKING:
    from multivector.study import Study

USA = "USA"
LEADERS_END = "2021-03-31"
"""The last day of REIGN's list, which dates ends of spells to the month."""
MONTH_END = "-28"


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    blocks: list[Block] = [
        prose(
            _(
                "Of visits between leaders only those of the United States are on public lists: "
                "journeys abroad of the President and the Secretary of State, and visits of heads "
                "of state and government to the United States. Visits between {focal} and other "
                "partners are not measured with open data; they are unknown, not few."
            ),
            focal=actor(study.focal, study.language),
        )
    ]
    blocks += attempt(lambda: visits(study, run))
    blocks += attempt(lambda: leaders(study, run))
    return blocks


# visits ----------------------------------------------------------------------------------------


def counterparts(study: Study) -> tuple[str, ...]:
    """Return whose visits to and from the United States are shown."""
    return state_partners(study) if study.focal == USA else (study.focal,)


def counts(study: Study, run: Run) -> Estimate | None:
    """Return the number of listed visits each way by year, in the study's years."""
    others = counterparts(study)
    if not others:
        return None
    made = run(measure("us_visit_count", partners=others))
    found = made.select(year=range(study.years[0], study.years[1] + 1))
    return found if len(found.cells) else None


def visits(study: Study, run: Run) -> list[Block]:
    """Show each listed visit on the day it began."""
    count = counts(study, run)
    if count is None or not any(q.known for q in count.quantities()):
        return [prose(_("No data: the lists do not reach the states or years of this study."))]
    held = sorted({int(dict(q.cell)["year"]) for q in count.quantities()})
    span = (held[0], held[-1])
    travels, hosted = (run(find("sources", n)()).frame for n in ("us_travels", "us_hosted_visits"))
    bars = visit_bars(study, travels, hosted, span)
    groups = {p: label(p, study.language) for p in counterparts(study)}
    markers, rows = events_in(study, range(span[0], span[1] + 1))
    drawing = find("render.charts", "spells")(
        count, across="partner", bars=bars, groups=groups, span=axis(span), events=markers,
        none=_("no visit listed"),
    )  # fmt: skip
    labels = {s: label(s, study.language) for s in (*groups, USA)}
    return [
        Figure(
            "visits",
            visits_title(study, count),
            say(
                _("Listed visits to and from the United States by day, {when}"),
                when=years(range(span[0], span[1] + 1)),
            ),
            (drawing,),
            tuple(_each_way(count, groups)),
            _("Marks on a time axis, one per visit; the CSV names persons and days."),
            Grid("year", "partner", labels, _("Year")),
            events=rows,
            notes=(
                say(
                    _(
                        "The table gives the state visited at the head of each column. A visit is "
                        "a stop: it says nothing of its weight. Persons and days are in the CSV."
                    )
                ),
            ),
        )
    ]


def _each_way(count: Estimate, others: Any) -> list[Estimate]:
    """Split the two directions, so that each has a table of its own."""
    return [count.select(state=USA), count.select(state=list(others))]


def visit_bars(
    study: Study, travels: pl.DataFrame, hosted: pl.DataFrame, span: tuple[int, int]
) -> list[Spell]:
    """Return a bar per listed visit of the years shown; repeated entries once, as measured."""
    rows = (
        (travels.filter(pl.col("office") == "president"), _("US President there")),
        (travels.filter(pl.col("office") == "secretary"), _("US Secretary of State there")),
        (hosted, _("Leader in the US")),
    )
    made: list[Spell] = []
    for other in counterparts(study):
        for frame, name in rows:
            here = frame.filter(
                pl.col("country") == other, pl.col("start").dt.year().is_between(*span)
            ).unique(["person", "start", "end", "country", "remarks"], maintain_order=True)
            made += [
                bar(other, name, start, end)
                for start, end in here.sort("start").select("start", "end").rows()
            ]
    return made


def visits_title(study: Study, count: Estimate) -> Markup:
    """Say when the last listed visit each way was."""
    if study.focal == USA:
        return say(_("Listed visits between the United States and the partners"))
    there, here = (
        [int(dict(q.cell)["year"]) for q in part.quantities() if q.value]
        for part in _each_way(count, [study.focal])
    )
    focal = actor(study.focal, study.language)
    if not there or not here:
        return say(_("Listed visits between {focal} and the United States"), focal=focal)
    return say(
        _("Last listed US visit to {focal} in {there}, last visit from {focal} in {here}"),
        focal=focal, there=years([there[-1]]), here=years([here[-1]]),
    )  # fmt: skip


# leaders ---------------------------------------------------------------------------------------


def leaders(study: Study, run: Run) -> list[Block]:
    """Show who led the focal state and its partners, as spells."""
    panel = run(find("sources", "leaders")())
    cover = panel.variables[0].coverage.years
    span = within(study, cover[0], cover[-1])
    if span is None:
        return [prose(_("No data: the list of leaders does not reach the years of this study."))]
    shown = (study.focal, *state_partners(study))
    tenure = tuple(run(measure("leader_tenure", focal=s, years=span)) for s in shown)
    groups = {s: label(s, study.language) for s in shown}
    bars = [b for s in shown for b in leader_bars(s, panel.frame, span)]
    markers, rows = events_in(study, range(span[0], study.years[1] + 1))
    drawing = find("render.charts", "spells")(
        *tenure, across="state", bars=bars, groups=groups, events=markers,
        span=axis((span[0], study.years[1])), known_to=decimal_year(LEADERS_END),
    )  # fmt: skip
    return [
        Figure(
            "leaders",
            say(_("Who led {focal} and its partners"), focal=actor(study.focal, study.language)),
            say(
                _("Spells of the person with the greatest power, as REIGN judges, {when}"),
                when=years(range(span[0], span[1] + 1)),
            ),
            (drawing,),
            tenure,
            _("Bars on a time axis, one row per leader, grouped by state."),
            Grid("year", "state", groups, _("Year")),
            events=rows,
            notes=(
                say(
                    _(
                        "The list ends in {end}; what follows is hatched: who governs later is "
                        "not on it. An arrow marks those in power at its end. The person with the "
                        "greatest power need not hold the highest office; ends are known to the "
                        "month. Names as the source writes them."
                    ),
                    end=years([int(LEADERS_END[:4])]),
                ),
            ),
        )
    ]


def leader_bars(state: str, frame: pl.DataFrame, span: tuple[int, int]) -> list[Spell]:
    """Return a bar per spell of a leader of *state* that reaches into the years of *span*.

    A number of COW counts for the state only in years in which it stands for that state.
    """
    made: list[Spell] = []
    codes = {y: _number(state, y) for y in range(span[0], int(LEADERS_END[:4]) + 1)}
    rows = frame.sort("began").select("state", "leader", "began", "ended").rows()
    for number, leader, began, ended in rows:
        last = LEADERS_END if ended is None else ended
        here = range(int(began[:4]), int(last[:4]) + 1)
        if any(codes.get(y) == number for y in here):
            made.append(bar(state, leader, began, None if ended is None else ended + MONTH_END))
    return made


def _number(state: str, year: int) -> int | None:
    found = states.code(state, "cow", year) if states.exists(state, year) else None
    return None if found is None else int(found)


SECTION = Section("diplomacy", 76, _("Visits and leaders"), build)
