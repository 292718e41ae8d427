"""Regional integration: how closely the states of the focal state's region are tied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from multivector import states
from multivector.estimate import Estimate
from multivector.measures.region import PairMean
from multivector.registry import find
from multivector.render.figure import Figure, Grid
from multivector.render.section import Block, Run, Section, attempt
from multivector.render.sections._shared import events_in, known_years, measure, prose, year
from multivector.render.text import Name, _, actor, say, years

if TYPE_CHECKING:
    from multivector.study import Study

GROUP = "CA5"


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    if study.focal not in states.members(GROUP, study.years[1]):
        return [
            prose(
                _("{focal} is in no region for which a group is declared here."),
                focal=actor(study.focal, study.language),
            )
        ]
    return [
        *attempt(lambda: inside(study, run)),
        *attempt(lambda: alike(study, run)),
        prose(
            _(
                "Visits between the five and disputes among them are measured from tables that a "
                "user feeds ({names}). Trade that passes the border unrecorded is in no figure."
            ),
            names=Name(", ".join(("pair_mean", "dispute_hostility", "colt_dyads"))),
        ),
    ]


def inside(study: Study, run: Run) -> Figure:
    """Draw the share of the region's trade that is among its members."""
    table = run(measure("internal_share", group=GROUP)).select(figure="share")
    when = known_years(table)
    first, last = table.at(year=when[0]), table.at(year=when[-1])
    markers, rows = events_in(study, when)
    named = {GROUP: _("Central Asia")}
    return Figure(
        "region",
        say(
            _("Central Asia’s trade among its own went from {a} in {start} to {b} in {end}"),
            a=first, start=year(when[0]), b=last, end=year(when[-1]),
        ),
        say(
            _("Trade of the five states with each other, share of their recorded trade, {when}"),
            when=years(when),
        ),
        (find("render.charts", "lines")(table, across="group", labels=named, events=markers),),
        (table,),
        _("Line: share of the five states' trade that is among themselves, by year."),
        Grid("year", "group", named, _("Year")),
        events=rows,
    )  # fmt: skip


def pair_means(name: str, years_: tuple[int, int] | None, run: Run, **more: Any) -> Estimate:
    """Return the mean of a dyadic measure over all pairs of the region."""
    members = states.members(GROUP, 2020)
    chosen = {**more} if years_ is None else {"years": years_, **more}
    made = tuple(
        measure(name, focal=a, partners=members[k + 1 :], **chosen)
        for k, a in enumerate(members[:-1])
    )
    return run(PairMean(made, group=GROUP))


def alike(study: Study, run: Run) -> list[Block]:
    """Say how alike the five vote, and how many treaties bind a pair."""
    del study
    votes = pair_means("vote_agreement", None, run, draws=0)
    treaties = pair_means("security_treaties", None, run)
    whole = [y for y in known_years(votes) if y < max(known_years(votes))]
    first, last = votes.at(year=2000), votes.at(year=whole[-1])
    latest = known_years(treaties)[-1]
    return [
        prose(
            _(
                "Two of the five cast the same vote in the General Assembly on {b} of roll calls "
                "in {end}, on average over pairs, against {a} in {start}. Of the treaties with "
                "security obligations that are listed here, {n} bound a pair on average in "
                "{latest}."
            ),
            a=first, start=year(2000), b=last, end=year(whole[-1]),
            n=treaties.at(year=latest), latest=year(latest),
        )
    ]  # fmt: skip


SECTION = Section("region", 77, _("The region: ties among the five"), build)
