"""Where powers split: abstention, lean, and the emergency-session votes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from markupsafe import Markup

from multivector.estimate import Estimate
from multivector.panel import Panel
from multivector.registry import everything, find
from multivector.render.figure import Figure, Grid, Table
from multivector.render.section import Block, Run, Section, attempt
from multivector.render.sections._shared import (
    bands,
    events_in,
    known_years,
    left_out,
    prose,
    votes,
    year,
)
from multivector.render.text import Name, _, actor, label, say, years

if TYPE_CHECKING:
    from multivector.study import Study

DISTANCE, LEAN, RANK = "split_distance", "split_adjusted_lean", "split_percentile"
EXCESS, EXCESS_RANK = "split_excess", "split_excess_percentile"


def split(study: Study, run: Run, name: str, pair: tuple[str, str], **more: Any) -> Estimate:
    """Evaluate a measure on the votes where the two powers of *pair* are opposed."""
    return votes(study, run, name, power_a=pair[0], power_b=pair[1], **more)


def headline(study: Study, run: Run) -> Markup | None:
    """Say how often the focal state abstained where the first pair was opposed, and its rank."""
    if not study.powers:
        return None
    pair = study.powers[0]
    whole = {n: split(study, run, n, pair, by="period").quantities()[0] for n in (DISTANCE, RANK)}
    leaned = split(study, run, LEAN, pair, by="period").quantities()[0]
    if not (whole[DISTANCE].known and leaned.known):
        return None
    first, last = _span(study, run, pair)
    parts = {
        "a": actor(pair[0], study.language), "b": actor(pair[1], study.language),
        "focal": actor(study.focal, study.language), "when": years(range(first, last + 1)),
        "share": whole[DISTANCE], "rank": whole[RANK], "lean": leaned,
        "side": actor(pair[0] if (leaned.value or 0) > 0 else pair[1], study.language),
    }  # fmt: skip
    crosses = leaned.low is not None and leaned.high is not None and leaned.low <= 0 <= leaned.high
    verdict = (
        _("its lean beyond that of other states cannot be told from none ({lean}).")
        if crosses
        else _("beyond what other states did it leaned to {side} ({lean}).")
    )
    text = _(
        "Where {a} and {b} voted opposite in {when}, {focal} abstained on {share} of votes "
        "(percentile {rank} among members); "
    )
    return say(text + verdict, **parts)


def _span(study: Study, run: Run, pair: tuple[str, str]) -> tuple[int, int]:
    found = known_years(split(study, run, DISTANCE, pair))
    return found[0], found[-1]


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    blocks: list[Block] = [
        prose(
            _(
                "A state shows most of its own choice on the votes where two powers stand on "
                "opposite sides. Distance is the share of those votes on which it abstained. The "
                "adjusted lean is how much oftener it sided with the first power than the other "
                "states did on the same votes, because the agenda moves everyone. Over all such "
                "votes these figures describe a position on the agenda; they are no measure of "
                "neutrality, which needs a conflict whose sides are known."
            )
        )
    ]
    for pair in study.powers:
        blocks += attempt(lambda pair=pair: figure(study, run, pair))
    return blocks + attempt(lambda: emergency(study, run))


def figure(study: Study, run: Run, pair: tuple[str, str]) -> Figure:
    """Draw distance and adjusted lean by year for one pair of powers."""
    made = {n: split(study, run, n, pair) for n in (DISTANCE, LEAN)}
    kinds = (DISTANCE, RANK, EXCESS, EXCESS_RANK)
    whole = {n: split(study, run, n, pair, by="period").quantities()[0] for n in kinds}
    absent = {
        rule: split(study, run, DISTANCE, pair, by="period", absence=rule).quantities()[0]
        for rule in ("abstains", "sides")
    }
    span = known_years(made[DISTANCE])
    markers, rows = events_in(study, span)
    a, b = (actor(p, study.language) for p in pair)
    labels = {study.focal: label(study.focal, study.language)}
    last = made[DISTANCE].at(year=span[-1])
    captions = {
        DISTANCE: say(_("Distance: share of abstentions")),
        LEAN: say(_("Adjusted lean: above the line toward {a}, below it toward {b}"), a=a, b=b),
    }
    lines = find("render.charts", "lines")
    return Figure(
        f"split-{'-'.join(pair).lower().replace('_', '')}",
        say(
            _("Where {a} and {b} split in {last}, {focal} abstained on {share} of votes"),
            a=a, b=b, last=year(span[-1]), share=last,
            focal=actor(study.focal, study.language),
        ),
        say(
            _("General Assembly votes with {a} and {b} on opposite sides, {when}; {bands}"),
            a=a, b=b, when=years(span), bands=bands(),
        ),
        tuple(
            lines(e, across="state", labels=labels, events=markers, caption=captions[n])
            for n, e in made.items()
        ),
        tuple(made.values()),
        _("Two line charts by year: share of abstentions, and adjusted lean, with intervals."),
        Grid("year", "state", labels, _("Year")),
        events=rows,
        notes=(
            say(
                _(
                    "Over the whole span the distance is {distance}, at percentile {rank} among "
                    "all states with a position (the median state is in the middle). With absences "
                    "as abstentions it is {most}, with absences as sides taken {least}."
                ),
                distance=whole[DISTANCE], rank=whole[RANK],
                most=absent["abstains"], least=absent["sides"],
            ),
            say(
                _(
                    "Excess distance, the share of abstentions beyond that expected of a state at "
                    "the same ideal point on the same votes, is {excess}, at percentile {rank}."
                ),
                excess=whole[EXCESS], rank=whole[EXCESS_RANK],
            ),
            *left_out(study, run),
        ),
    )  # fmt: skip


def emergency(study: Study, run: Run) -> list[Block]:
    """List the votes of the focal state and the comparators on Ukraine."""
    sources = everything("sources")
    if "un_emergency_votes" not in sources:
        return [prose(_("The emergency-session votes on Ukraine are not among the data: no data."))]
    panel: Panel = run(sources["un_emergency_votes"]())
    chosen = list(dict.fromkeys((study.focal, *study.comparators)))
    whole = panel.frame.filter(pl.col("complete") == 1)["rcid"].unique().sort()
    shown = panel.select("vote").where(pl.col("state").is_in(chosen))
    listed = {s: label(s, study.language) for s in chosen}
    dates = [str(d) for d in shown.frame["date"].unique().sort()]
    return [
        prose(
            _(
                "The resolutions of the emergency session on Ukraine form a declared conflict set: "
                "its sides are known. A state for which a list holds no vote is “no data”; an "
                "absence is a recorded absence."
            )
        ),
        Table(
            "ukraine-votes",
            say(_("Votes on Ukraine in the emergency special session")),
            say(
                _("Recorded votes by resolution, {first} to {last}"),
                first=year(int(dates[0][:4])), last=year(int(dates[-1][:4])),
            ),
            shown,
            Grid("rcid", "state", listed, _("Resolution")),
            notes=(
                say(
                    _("Known in full: {whole}. Of the others only some votes are known here."),
                    whole=Name(", ".join(whole)),
                ),
            ),
        ),
    ]  # fmt: skip


SECTION = Section("splits", 50, _("Where powers split"), build, headline)
