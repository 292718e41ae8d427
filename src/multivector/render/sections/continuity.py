"""Continuity: whether the course broke at a change of leader, or at a shock from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multivector.estimate import Estimate
from multivector.measures._series import for_state
from multivector.measures.continuity import Continuity, SeriesBreak
from multivector.quantity import Quantity
from multivector.registry import find
from multivector.render.figure import Figure, Grid, Table
from multivector.render.section import ABSENT, Block, Run, Section, attempt
from multivector.render.sections._shared import (
    measure,
    partner_labels,
    prose,
    vote_years,
    year,
)
from multivector.render.text import Name, _, actor, listing, say
from multivector.step import Step

if TYPE_CHECKING:
    from multivector.study import Study

CHANGE = 2019
"""First year mostly after the change of president of March 2019."""
STANDS_OUT = 0.1


def votes(study: Study, run: Run) -> Step[Estimate]:
    """Return the step of yearly vote agreement with the study's partners."""
    partners = study.partners
    return measure(
        "vote_agreement", focal=study.focal, partners=partners, years=vote_years(study, run),
        draws=0,
    )  # fmt: skip


def trade(study: Study) -> Step[Estimate]:
    """Return the step of yearly trade shares of the study's partners."""
    return measure("partner_share", focal=study.focal, partners=study.partners)


def family(study: Study, run: Run) -> tuple[Step[Estimate], ...]:
    """Return both steps for the focal state and for every comparator that has them."""
    found: list[Step[Estimate]] = []
    for own in (votes(study, run), trade(study)):
        for state in (study.focal, *study.comparators):
            if state in study.partners:
                continue
            step = own if state == study.focal else for_state(own, study.focal, state)
            try:
                run(step)
            except ABSENT:
                continue  # a state that the tables do not cover is no placebo
            found.append(step)
    return tuple(found)


def dates(study: Study) -> tuple[str, ...]:
    """Return the days of the study's events."""
    return tuple(e.date for e in study.events)


def tested(study: Study, run: Run) -> Estimate:
    """Return the ranks of every break among its placebos."""
    return run(Continuity(series=family(study, run), focal=study.focal, events=dates(study)))


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    if not study.events:
        return [prose(_("The study names no event at which a break could be looked for."))]
    blocks: list[Block] = [
        prose(
            _(
                "Did the course break? Each yearly series is a trend with a step at the first year "
                "mostly after an event. Short series give intervals that are too narrow, so every "
                "step is also ranked among the steps at other dates and in other states, and the "
                "ranks are adjusted for their number. Nothing here attributes a step to a person, "
                "and yearly data cannot tell January from February of a year."
            )
        ),
        *attempt(lambda: verdict(study, run)),
        *attempt(lambda: steps(study, run)),
    ]
    return [*blocks, *attempt(lambda: ranks(study, run))]


def verdict(study: Study, run: Run) -> list[Block]:
    """Say which breaks stand out once their number is allowed for."""
    found = tested(study, run).select(figure="BH")
    known = [q for q in found.quantities() if q.known]
    if not known:
        return [prose(_("No series here is long enough on both sides of an event."))]
    small = sorted(known, key=lambda q: q.value or 0.0)
    out = [q for q in small if (q.value or 0.0) <= STANDS_OUT]
    if not out:
        return [
            prose(
                _(
                    "No break of {focal} stands out: the smallest probability, adjusted for all "
                    "the breaks looked for, is {p} ({what}). That is no proof of continuity, since "
                    "few years have passed and placebos are few."
                ),
                focal=actor(study.focal, study.language), p=small[0], what=words(small[0], study),
            )
        ]  # fmt: skip
    return [
        prose(
            _("Beyond what placebos show, adjusted for all the breaks looked for: {which}."),
            which=listing([say("{what} ({p})", what=words(q, study), p=q) for q in out]),
        )
    ]


def words(q: Quantity, study: Study) -> Name:
    """Return what broke and when."""
    cell = dict(q.cell)
    of = partner_labels(study, "ROW").get(str(cell["of"]), str(cell["of"]))
    return Name(f"{cell['series']}, {of}: {cell['break']} in {cell['year']}")


def steps(study: Study, run: Run) -> Figure:
    """Draw the step of vote agreement with each partner from the change of president on."""
    days = dates(study)
    found = run(SeriesBreak(votes(study, run), events=days))
    when = sorted(set(found.cells["year"]))
    parts = {at: found.select(year=at) for at in when if at >= CHANGE} or {
        when[0]: found.select(year=when[0])
    }
    labels = partner_labels(study)
    said = [
        say(
            _("{who} in {at}"),
            who=listing([Name(labels[str(dict(q.cell)["partner"])]) for q in sure]), at=year(at),
        )
        for at, part in parts.items()
        if (sure := [q for q in part.quantities() if _sure(q)])
    ]  # fmt: skip
    title = (
        _("Votes alike stepped off their trend with {which}, by the standard error alone")
        if said
        else _("Votes alike with no partner stepped off their trend in {at}")
    )
    return Figure(
        "continuity",
        say(title, which=listing(said), at=listing([year(at) for at in parts])),
        say(
            _("Step of {focal}’s vote agreement with each partner, percentage points of votes; "
              "bars are intervals by Newey–West errors"),
            focal=actor(study.focal, study.language),
        ),
        tuple(
            find("render.charts", "dots")(
                part, down="partner", labels=labels, caption=say(_("From {at} on"), at=year(at))
            )
            for at, part in parts.items()
        ),
        (found,),
        _("Dot chart with intervals: step of vote agreement at the event, by partner."),
        Grid("partner", "year", labels, _("Partner")),
        notes=(
            say(
                _("The table has the steps at every event of the study. A step rests on the few "
                  "years since; the charts differ in scale.")
            ),
        ),
        stacked=True,
    )  # fmt: skip


def _sure(q: Quantity) -> bool:
    """Whether the interval leaves zero out."""
    return q.low is not None and q.high is not None and not q.low <= 0 <= q.high


def ranks(study: Study, run: Run) -> list[Block]:
    """Tabulate how each step ranks among placebos, votes and trade apart."""
    found = tested(study, run).select(figure="both", **{"break": "level"})
    labels = partner_labels(study, "ROW")
    blocks: list[Block] = []
    for k, series in enumerate(found.cells["series"].unique(maintain_order=True)):
        part = found.select(series=series)
        if not any(q.known for q in part.quantities()):
            continue
        blocks.append(
            Table(
                f"placebos-{'abcdef'[k]}",
                say(_("{series}: how often a step as large shows without the event"),
                    series=Name(series)),
                say(_("Share of placebos (other dates, other states) with a step at least as "
                      "large, by partner and first year after the event")),
                part,
                Grid("of", "year", labels, _("Partner")),
                (say("{note}", note=Name(part.quantities()[0].note)),),
            )
        )  # fmt: skip
    return blocks


SECTION = Section("continuity", 57, _("Continuity of the course"), build)
