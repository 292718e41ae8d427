"""Tension between powers and the shift of power: the setting in which a state balances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.estimate import Estimate
from multivector.measures.continuity import SeriesTrend
from multivector.measures.ideal_points import PositionGap
from multivector.quantity import Quantity
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
from multivector.render.sections._spells import either
from multivector.render.sections.position import inside, interval, points
from multivector.render.text import Name, _, actor, label, say, years

if TYPE_CHECKING:
    from multivector.study import Study

FEWEST_DAYS = 300
"""A year of which the events of fewer days are known makes no headline."""
GIANTS = ("USA", "EU27_2020", "CHN", "RUS", "IND", "JPN")


def pairs(study: Study) -> list[tuple[str, str]]:
    """Return the study's pairs of powers, and China with Russia beside them."""
    wanted = [*study.powers, ("RUS", "CHN")]
    return list(dict.fromkeys(p for p in wanted if study.focal not in p))


def opposed(study: Study, run: Run) -> list[Estimate]:
    """Return the share of opposed votes by year: one estimate for each first power."""
    chosen = {"years": vote_years(study, run), "draws": study.draws, "seed": study.seed}
    return [
        run(measure("opposed_votes", focal=a, partners=others, **chosen))
        for a, others in by_power(study).items()
    ]


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    blocks: list[Block] = [
        prose(
            _(
                "Tension between powers shows in ways that need not agree: in the votes on which "
                "they are opposed, in the distance of their ideal points, in militarised disputes, "
                "and in reported events. Each is shown by itself; none is averaged with another."
            )
        )
    ]
    blocks += attempt(lambda: tension(study, run))
    blocks += attempt(lambda: distance(study, run))
    what = say(_("Militarised disputes between powers"))
    blocks += either(lambda: disputes(study, run), feed(study, what, "cow_disputes"))
    what = say(_("Reported events between powers"))
    blocks += either(lambda: events(study, run), feed(study, what, "event_days"))
    blocks += attempt(lambda: shift(study, run))
    what = say(_("Shares of the world’s material capabilities (CINC)"))
    blocks += either(lambda: capabilities(study, run), feed(study, what, "material_capabilities"))
    return [*blocks, *attempt(lambda: paradox(study, run))]


def feed(study: Study, what: Markup, source: str) -> Markup:
    """Say that something is not shown, which file it needs, and the command that takes it."""
    kind = find("sources", source)
    return say(
        _(
            "No data: {what} are not shown, since the terms of the table do not let it ship. Put "
            "{files} into a folder and run {command}; {ask} says where the file is to be had."
        ),
        what=what,
        files=Name(_(" or ").join(f.name for f in kind.files)),
        command=say(_("multivector report {name} --data FOLDER"), name=Name(study.name)),
        ask=say(_("multivector sources {name}"), name=Name(source)),
    )  # fmt: skip


def by_power(study: Study) -> dict[str, tuple[str, ...]]:
    """Return the second powers of each first power, in the order of the pairs."""
    both = pairs(study)
    return {a: tuple(q for p, q in both if p == a) for a, _q in both}


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
                  caption=caption(study, e, _("Opposed to {power}")))
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


def distance(study: Study, run: Run) -> Figure:
    """Draw the distance between the ideal points of each pair of powers."""
    step, theta = points(study, run)
    found = [
        inside(study, run(PositionGap(step, focal=a, partners=others)))
        for a, others in by_power(study).items()
    ]
    a, b = pairs(study)[0]
    known = known_years(found[0], partner=b)
    first, last = (found[0].at(partner=b, year=known[k]) for k in (0, -1))
    when = sorted({y for e in found for y in known_years(e)})
    top = max(h for e in found for q in e.quantities() for h in (q.high, q.value) if h is not None)
    labels = {q: label(q, study.language) for _p, q in pairs(study)}
    return Figure(
        "tension-distance",
        say(
            _("The ideal points of {a} and {b} were {last} apart in {end}, {first} in {start}"),
            a=actor(a, study.language), b=actor(b, study.language),
            last=last, end=year(known[-1]), first=first, start=year(known[0]),
        ),
        say(
            _("Distance between ideal points by session, {when} (year in which it opened), in "
              "standard deviations over all states and sessions; {bands}"),
            when=years(when), bands=interval(theta),
        ),
        tuple(
            find("render.charts", "lines")(
                e, across="partner", labels=labels, height=170, domain=(0.0, top),
                years=(when[0], when[-1]),
                caption=caption(study, e, _("From {power}")),
            )
            for e in found
        ),
        tuple(found),
        _("Lines: distance between the ideal points of pairs of powers, by session."),
        Grid("year", "partner", labels, _("Year")),
        notes=(say(_("The ideal points are those of the section on position.")),),
    )  # fmt: skip


def disputes(study: Study, run: Run) -> Figure:
    """Draw the highest hostility of each pair of powers by year, as a strip a pair."""
    found = [
        inside(study, run(measure("dispute_hostility", focal=a, partners=others)))
        for a, others in by_power(study).items()
    ]
    held = {
        f"{a}-{b}": next(e for e in found if e.cells["state"][0] == a).select(partner=b)
        for a, b in pairs(study)
    }
    names = {
        f"{a}-{b}": f"{label(a, study.language)}, {label(b, study.language)}"
        for a, b in pairs(study)
    }
    first, last = study.years
    strip = {str(y): str(y) if y % 5 == 0 else "" for y in range(first, last + 1)}
    drawing = find("render.charts", "heatmap")(
        *held.values(), rows=tuple(held), across="year",
        blocks=((_("Highest level of hostility, zero to five"), names),), columns=strip,
        nothing="",
    )  # fmt: skip
    known = sorted({y for e in found for y in known_years(e)})
    labels = {q: label(q, study.language) for _p, q in pairs(study)}
    return Figure(
        "tension-disputes",
        fiercest(study, [q for e in found for q in e.quantities() if q.value]),
        say(
            _("Highest level of hostility in a militarised dispute of two powers, {when}"),
            when=years(known),
        ),
        (drawing,),
        tuple(found),
        _("Strip of years for each pair of powers, with the level printed in each."),
        Grid("year", "partner", labels, _("Year")),
        notes=(
            say(_("Zero is no dispute, one no militarised action, two a threat, three a display "
                  "of force, four a use of force, five war: the higher level of both sides.")),
            say(_("The list ends in {end}; years that are hatched are not known, not peaceful. "
                  "It counts acts of states’ forces: proxies and cyber operations are not in it."),
                end=year(known[-1])),
        ),
    )  # fmt: skip


def caption(study: Study, table: Estimate, several: str) -> Markup:
    """Name the power that a panel is about, and the other one too where its line is alone."""
    power = actor(str(table.cells["state"][0]), study.language)
    partners = table.cells["partner"].unique(maintain_order=True).to_list()
    if len(partners) == 1:
        return say(_("{a} and {b}"), a=power, b=actor(str(partners[0]), study.language))
    return say(several, power=power)


def fiercest(study: Study, found: list[Quantity]) -> Markup:
    """Say which dispute was the most hostile, the latest of several."""
    if not found:
        return say(_("No militarised dispute between these powers is listed"))
    top = max(found, key=lambda q: (q.value or 0.0, dict(q.cell)["year"]))
    cell = dict(top.cell)
    return say(
        _("The latest of the most hostile disputes between these powers: {a} and {b} at level "
          "{level} in {when}"),
        a=actor(str(cell["state"]), study.language),
        b=actor(str(cell["partner"]), study.language),
        level=top, when=year(int(cell["year"])),
    )  # fmt: skip


def events(study: Study, run: Run) -> Figure:
    """Draw the balance of reported cooperation over conflict of each pair of powers."""
    found = [
        inside(study, run(measure("event_balance", focal=a, partners=others)))
        for a, others in by_power(study).items()
    ]
    when = sorted({y for e in found for y in known_years(e)})
    a, b = pairs(study)[0]
    most = [q for q in found[0].select(partner=b).quantities() if days(q) >= FEWEST_DAYS]
    first, last = most[0], most[-1]
    labels = {q: label(q, study.language) for _p, q in pairs(study)}
    markers, rows = events_in(study, when)
    return Figure(
        "tension-events",
        say(
            _("Reports on {a} and {b}: a balance of {last} in {end}, {first} in {start}"),
            a=actor(a, study.language), b=actor(b, study.language),
            last=last, end=year(int(dict(last.cell)["year"])),
            first=first, start=year(int(dict(first.cell)["year"])),
        ),
        say(
            _("Reported cooperation over conflict, {when}: days weighted after Goldstein and "
              "divided by the sum of their sizes; one is cooperation alone, minus one conflict"),
            when=years(when),
        ),
        tuple(
            find("render.charts", "lines")(
                e, across="partner", labels=labels, height=170, domain=(-1.0, 1.0),
                events=markers, years=(when[0], when[-1]),
                caption=caption(study, e, _("With {power}")),
            )
            for e in found
        ),
        tuple(found),
        _("Lines: balance of reported cooperation over conflict of pairs of powers, by year."),
        Grid("year", "partner", labels, _("Year")),
        events=rows,
        notes=(
            say(_("Dividing takes out how much is written, not what the press finds worth "
                  "reporting. A year with fewer than {n} days on record makes no headline."),
                n=Name(str(FEWEST_DAYS))),
        ),
    )  # fmt: skip


def days(q: Quantity) -> int:
    """Return of how many days a balance of events speaks, as its note says."""
    return int(q.note.partition(" ")[0]) if q.known else 0


def shift(study: Study, run: Run) -> Figure:
    """Draw the shares of large economies in world output."""
    return shares(
        study, run(measure("world_share", actors=GIANTS)), "power-shift",
        _("{up} went from {a} to {b} of world output since {start}, {down} from {c} to {d}"),
        _("Share of world output at market exchange rates, {when}"),
    )  # fmt: skip


def capabilities(study: Study, run: Run) -> Figure:
    """Draw the shares of the same powers in the world's material capabilities."""
    table = find("sources", "material_capabilities")()
    last = table.variables[-1].coverage.years[-1]
    span = (study.years[0], min(study.years[1], last))
    chosen = {"variable": "cinc_share", "actors": GIANTS, "years": span}
    return shares(
        study, run(measure("world_share", table=table, **chosen)), "power-capabilities",
        _("{up} went from {a} to {b} of the world’s material capabilities since {start}, {down} "
          "from {c} to {d}"),
        _("Composite index of national capability (CINC), share of the world, {when}"),
    )  # fmt: skip


def shares(study: Study, table: Estimate, name: str, finding: str, subtitle: str) -> Figure:
    """Draw shares of the world, and say who gained and who lost most since 2000."""
    when = known_years(table)
    ends = {a: table.select(state=a, year=[2000, when[-1]]).quantities() for a in GIANTS}
    whole = {a: q for a, q in ends.items() if len(q) == 2 and all(x.known for x in q)}
    up = max(whole, key=lambda a: change(*whole[a]))
    down = min(whole, key=lambda a: change(*whole[a]))
    labels = {a: label(a, study.language) for a in GIANTS}
    return Figure(
        name,
        say(
            finding,
            up=actor(up, study.language), a=whole[up][0], b=whole[up][1], start=year(2000),
            down=actor(down, study.language), c=whole[down][0], d=whole[down][1],
        ),
        say(subtitle, when=years(when)),
        (find("render.charts", "lines")(table, across="state", labels=labels),),
        (table,),
        _("Lines: shares of large powers in the world’s total, by year."),
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
