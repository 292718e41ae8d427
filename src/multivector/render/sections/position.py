"""Position: ideal points of the focal state and the powers, and where it stands between them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.errors import NoConvergence
from multivector.estimate import Estimate
from multivector.measures._constructs import AXES, points_of
from multivector.measures.ideal_points import AxisPosition
from multivector.registry import find
from multivector.render.figure import Figure, Grid
from multivector.render.section import Block, Run, Section, attempt
from multivector.render.sections._shared import (
    bands,
    events_in,
    known_years,
    overlap,
    prose,
    year,
)
from multivector.render.text import Name, _, actor, label, listing, say, years
from multivector.step import Step

if TYPE_CHECKING:
    from multivector.study import Study


def shown(study: Study) -> tuple[str, ...]:
    """Return the focal state and the powers, once each."""
    return points_of(study.focal, study.powers, study.posterior_draws, study.seed).keep


def points(study: Study, run: Run) -> tuple[Step[Estimate], Estimate]:
    """Return the ideal points of focal state and powers; the mode where the draws do not mix."""
    step = points_of(study.focal, study.powers, study.posterior_draws, study.seed)
    try:
        return step, run(step)
    except NoConvergence:
        mode = replace(step, draws=0)
        return mode, run(mode)


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    blocks: list[Block] = [
        prose(
            _(
                "Each vote tells something of where a state stands, and something of the "
                "resolution. An ideal-point model separates the two: it places states and "
                "resolutions on one line, so that position moves with a state’s votes and not with "
                "the agenda. The line is the one along which votes divide most, on average with "
                "the United States at one end; it does not say what the division is about, and it "
                "knows nothing of a second."
            )
        )
    ]
    step, theta = points(study, run)
    blocks += attempt(lambda: path(study, theta))
    if theta.draw_kind == "point":
        return [
            *blocks,
            prose(
                _(
                    "Positions on the line between two powers are left out: whether the order of "
                    "the powers is certain enough for a line needs draws from the posterior."
                )
            ),
        ]
    for pair in AXES:
        if study.focal not in pair:
            blocks += attempt(lambda pair=pair: between(study, run, step, pair))
    return blocks


def inside(study: Study, estimate: Estimate) -> Estimate:
    """Keep the study's years."""
    first, last = study.years
    found = [y for y in estimate.cells["year"].unique() if first <= y <= last]
    return estimate.select(year=found)


def path(study: Study, theta: Estimate) -> Figure:
    """Draw the ideal points through time."""
    table = inside(study, theta)
    span = known_years(table, state=study.focal)
    labels = {s: label(s, study.language) for s in shown(study)}
    markers, rows = events_in(study, span)
    lines = find("render.charts", "lines")
    return Figure(
        "ideal-points",
        title(study, table, span),
        say(
            _(
                "Ideal points in General Assembly voting by session, {when} (year in which the "
                "session opened), in standard deviations over all states and sessions; {bands}"
            ),
            when=years(span), bands=interval(table),
        ),
        (lines(table, across="state", labels=labels, events=markers),),
        (table,),
        _("Line chart by session: ideal points of the focal state and the powers, with intervals."),
        Grid("year", "state", labels, _("Year")),
        events=rows,
        notes=(
            say(_("{variant}."), variant=Name(theta.variant)),
            say(
                _(
                    "Repeated resolutions are matched up to the session of {last}; after it the "
                    "scale is carried by the smoothness of the paths alone."
                ),
                last=year(LAST_BRIDGED),
            ),
        ),
    )  # fmt: skip


LAST_BRIDGED = 2019
"""Year in which the last session opened for which the published list matches resolutions."""


def title(study: Study, table: Estimate, span: list[int]) -> Markup:
    """Say to which power the focal state was nearest in the last session, if it can be told."""
    last = span[-1]
    mine = table.at(state=study.focal, year=last)
    powers = [p for p in shown(study)[1:] if p in set(table.cells["state"])]
    there = [q for p in powers for q in table.select(state=p, year=last).quantities() if q.known]
    alike = [q for q in there if overlap(q, mine)]
    focal = actor(study.focal, study.language)
    if alike:
        others = listing([actor(str(dict(q.cell)["state"]), study.language) for q in alike])
        text = _("In {last} {focal}’s position cannot be told from that of {others}")
        return say(text, last=year(last), focal=focal, others=others)
    return say(_("{focal}’s position in the General Assembly since {first}"), focal=focal,
               first=year(span[0]))  # fmt: skip


def interval(estimate: Estimate) -> Name:
    """Return what the bands of the chart are, if there are any."""
    if estimate.draw_kind == "point":
        return Name(_("most probable values, no interval"))
    return bands()


def between(study: Study, run: Run, step: Step[Estimate], pair: tuple[str, str]) -> Figure:
    """Draw the position on the line between two powers."""
    axis = AxisPosition(step, focal=study.focal, power_a=pair[0], power_b=pair[1])
    table = inside(study, run(axis))
    a, b = (actor(p, study.language) for p in pair)
    focal = actor(study.focal, study.language)
    span = known_years(table)
    everywhere = sorted(set(table.cells["year"].to_list()))
    undefined = [y for y in everywhere if y not in span]
    labels = {study.focal: label(study.focal, study.language)}
    markers, rows = events_in(study, everywhere)
    lines = find("render.charts", "lines")
    last = table.at(year=span[-1])
    return Figure(
        f"axis-{'-'.join(pair).lower()}",
        say(
            _("Between {a} (zero) and {b} (one) {focal} stood at {last} in {when}"),
            a=a, b=b, focal=focal, last=last, when=year(span[-1]),
        ),
        say(
            _("Position of {focal} on the line from {a} to {b} by session, {when}; {bands}"),
            focal=focal, a=a, b=b, when=years(span), bands=interval(table),
        ),
        (
            lines(
                table, across="state", labels=labels, events=markers,
                years=(everywhere[0], everywhere[-1]),
            ),
        ),
        (table,),
        _("Line chart by session: position between two powers, with intervals and gaps."),
        Grid("year", "state", labels, _("Year")),
        events=rows,
        notes=(
            say(
                _(
                    "Below zero or above one the state lies beyond a power. In a session in which "
                    "the order of the two powers is uncertain there is no line: {gaps}."
                ),
                gaps=years(undefined) if undefined else say(_("none")),
            ),
        ),
    )  # fmt: skip


SECTION = Section("position", 45, _("Position between the powers"), build)
