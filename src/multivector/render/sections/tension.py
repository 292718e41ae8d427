"""Tension between powers and the shift of power: the setting in which a state balances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multivector.estimate import Estimate
from multivector.measures.continuity import SeriesTrend
from multivector.registry import find
from multivector.render.figure import Figure, Grid
from multivector.render.section import Block, Run, Section, attempt
from multivector.render.sections._shared import (
    change,
    events_in,
    known_years,
    left_out,
    measure,
    prose,
    vote_years,
    year,
)
from multivector.render.text import Name, _, actor, label, say, years

if TYPE_CHECKING:
    from multivector.study import Study

GIANTS = ("USA", "EU27_2020", "CHN", "RUS", "IND", "JPN")


def pairs(study: Study) -> list[tuple[str, str]]:
    """Return the study's pairs of powers, and China with Russia beside them."""
    wanted = [*study.powers, ("RUS", "CHN")]
    return list(dict.fromkeys(p for p in wanted if study.focal not in p))


def opposed(study: Study, run: Run) -> list[Estimate]:
    """Return the share of opposed votes by year: one estimate for each first power."""
    chosen = {"years": vote_years(study, run), "draws": study.draws, "seed": study.seed}
    both = pairs(study)
    return [
        run(
            measure(
                "opposed_votes", focal=a, partners=tuple(q for p, q in both if p == a), **chosen
            )
        )
        for a in dict.fromkeys(p for p, _q in both)
    ]


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    blocks: list[Block] = [
        prose(
            _(
                "Tension between powers is shown by the votes on which they are opposed. Distance "
                "of ideal points, militarised disputes and reported events are measures of their "
                "own ({names}), from tables that a user feeds or that take longer to compute; none "
                "is averaged with another, since they need not agree."
            ),
            names=Name("position_gap, dispute_hostility, event_balance"),
        )
    ]
    blocks += attempt(lambda: tension(study, run))
    blocks += attempt(lambda: shift(study, run))
    return [*blocks, *attempt(lambda: paradox(study, run))]


def tension(study: Study, run: Run) -> Figure:
    """Draw the share of opposed votes of each pair of powers."""
    found = opposed(study, run)
    when = sorted({y for e in found for y in known_years(e)})
    a, b = pairs(study)[0]
    known = known_years(found[0], partner=b)
    first, last = (found[0].at(partner=b, year=known[k]) for k in (0, -1))
    labels = {q: label(q, study.language) for _p, q in pairs(study)}
    markers, rows = events_in(study, when)
    lines = find("render.charts", "lines")
    return Figure(
        "tension",
        say(
            _("{a} and {b} were opposed on {last} of votes in {end}, {first} in {start}"),
            a=actor(a, study.language), b=actor(b, study.language),
            last=last, end=year(known[-1]), first=first, start=year(known[0]),
        ),
        say(
            _("Share of roll calls on which two powers voted yes and no, {when}; bands show "
              "resamples of resolutions"),
            when=years(when),
        ),
        tuple(
            lines(e, across="partner", labels=labels, events=markers, domain=(0.0, 1.0),
                  caption=say(_("Opposed to {power}"), power=actor(e.cells["state"][0])))
            for e in found
        ),
        tuple(found),
        _("Lines: share of opposed votes of pairs of powers, by year."),
        Grid("year", "partner", labels, _("Year")),
        events=rows,
        notes=(
            *left_out(study, run),
            say(_("The share follows what comes to a vote, also where no power has moved.")),
        ),
        stacked=True,
    )  # fmt: skip


def world(run: Run) -> Estimate:
    """Return shares of world output."""
    return run(measure("world_share", actors=GIANTS))


def shift(study: Study, run: Run) -> Figure:
    """Draw the shares of large economies in world output."""
    table = world(run)
    when = known_years(table)
    ends = {a: table.select(state=a, year=[2000, when[-1]]).quantities() for a in GIANTS}
    whole = {a: q for a, q in ends.items() if len(q) == 2 and all(x.known for x in q)}
    up = max(whole, key=lambda a: change(*whole[a]))
    down = min(whole, key=lambda a: change(*whole[a]))
    labels = {a: label(a, study.language) for a in GIANTS}
    lines = find("render.charts", "lines")
    return Figure(
        "power-shift",
        say(
            _("{up} went from {a} to {b} of world output since {start}, {down} from {c} to {d}"),
            up=actor(up, study.language), a=whole[up][0], b=whole[up][1], start=year(2000),
            down=actor(down, study.language), c=whole[down][0], d=whole[down][1],
        ),
        say(_("Share of world output at market exchange rates, {when}"), when=years(when)),
        (lines(table, across="state", labels=labels),),
        (table,),
        _("Lines: shares of large economies in world output, by year."),
        Grid("year", "state", labels, _("Year")),
    )  # fmt: skip


def paradox(study: Study, run: Run) -> list[Block]:
    """Set the growth of China beside its opposition to the United States, as two trends."""
    first, last = vote_years(study, run)
    grown = run(SeriesTrend(measure("world_share", actors=("CHN",)), years=(2000, last)))
    votes = measure("opposed_votes", focal="USA", partners=("CHN",), years=(first, last), draws=0)
    apart = run(SeriesTrend(votes, years=(2000, last)))
    return [
        prose(
            _(
                "The “Asian paradox”, growth beside political tension, set as two trends since "
                "{start}: China’s share of world output moved by {growth} a decade, the share of "
                "votes on which China and the United States were opposed by {votes}. An interval "
                "that includes zero shows no trend. Tension inside Asia shows in reported events, "
                "from a file of the user."
            ),
            start=year(2000), growth=grown.quantities()[0], votes=apart.quantities()[0],
        )
    ]  # fmt: skip


SECTION = Section("tension", 55, _("Tension between powers, and the shift of power"), build)
