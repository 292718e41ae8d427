"""Neutrality: where a claim of it can be tested, and what the votes on conflicts say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.estimate import Estimate
from multivector.measures.conflict_votes import ConflictDistance, ConflictMeasure
from multivector.measures.excess_distance import ConflictExcess
from multivector.measures.neutrality import (
    CONFLICTS,
    compared,
    face_validity,
    rules,
    sentence,
)
from multivector.measures.side_by_side import SideBySide
from multivector.measures.split_votes import SplitDistance
from multivector.registry import find
from multivector.render.figure import Figure, Grid, Table
from multivector.render.section import Block, Run, Section, attempt
from multivector.render.sections._shared import prose, vote_years
from multivector.render.text import Name, _, actor, label, listing, say, years
from multivector.step import Step

if TYPE_CHECKING:
    from multivector.study import Study


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    return [
        prose(
            _(
                "A state can be called neutral only in a conflict whose sides are known. The sets "
                "of resolutions below are declared, each with its reasons, and cover {when}. "
                "Distance is the share of abstentions among a state’s positions. It is maximal "
                "where most positions are abstentions and at most a tenth of the other states is "
                "further from both sides."
            ),
            when=years(range(vote_years(study, run)[0], vote_years(study, run)[1] + 1)),
        ),
        *attempt(lambda: claim(study, run)),
        *attempt(lambda: peers(study, run)),
        *attempt(lambda: under_each_rule(study, run)),
        *attempt(lambda: excess(study, run)),
        *attempt(lambda: checks(study, run)),
    ]


def who(study: Study) -> tuple[str, ...]:
    """Return the focal state and the comparators, once each."""
    return tuple(dict.fromkeys((study.focal, *study.comparators)))


def steps(study: Study, run: Run, conflict: str) -> dict[str, ConflictMeasure]:
    """Return the measures of one conflict, on the votes and years of the report."""
    base = ConflictDistance(focal=study.focal)
    return rules(base.votes, base.roll_calls, who(study), conflict, vote_years(study, run))


def by_conflict(parts: dict[str, ConflictMeasure]) -> Step[Estimate]:
    """Return one table of what each conflict gives."""
    return SideBySide("conflict", tuple(parts), tuple(parts.values()))


def claim(study: Study, run: Run) -> Markup:
    """Say whether maximal neutrality is true, where, and since when."""
    found = compared(run, who(study), years=vote_years(study, run))[study.focal]
    return prose("{said}", said=Name(sentence(study.focal, found)))


def names() -> dict[str, str]:
    """Return the conflicts, in the few words of a table."""
    short = {
        "ukraine": _("War against Ukraine"),
        "crimea": _("Crimea"),
        "georgia": _("Georgia’s displaced"),
        "palestine": _("Palestine, Gaza"),
        "xinjiang": _("Xinjiang"),
        "human-rights-situations": _("Human rights"),
        "nuclear-weapons": _("Nuclear weapons"),
    }
    return {c: short[c] for c in CONFLICTS}


def peers(study: Study, run: Run) -> Figure:
    """Draw the distance of the focal state and its comparators on each conflict."""
    rows = {c: run(steps(study, run, c)["distance"]) for c in CONFLICTS}
    labels = {s: label(s, study.language) for s in who(study)}
    heatmap = find("render.charts", "heatmap")
    return Figure(
        "conflict-distance",
        say(
            _("On which conflicts {focal} and its peers abstain"),
            focal=actor(study.focal, study.language),
        ),
        say(
            _("Distance on declared conflicts: share of abstentions among positions taken, {when}"),
            when=_when(study, run),
        ),
        (
            heatmap(
                *rows.values(), rows=list(rows), across="state",
                blocks=[(_("Share of abstentions"), names())], columns=labels,
                short={s: s for s in labels},
            ),
        ),
        (run(by_conflict({c: steps(study, run, c)["distance"] for c in CONFLICTS})),),
        _("Table of shaded cells: share of abstentions by conflict and state."),
        Grid("conflict", "state", {**names(), **labels}, _("Conflict")),
        notes=_lacking(list(rows.values())),
    )  # fmt: skip


def _when(study: Study, run: Run) -> Markup:
    first, last = vote_years(study, run)
    return years(range(first, last + 1))


def _lacking(estimates: Sequence[Estimate]) -> tuple[Markup, ...]:
    """Repeat the remarks that the known cells carry, once each; the page adds those of others."""
    known = {q.note for e in estimates for q in e.quantities() if q.note and q.known}
    missing = {q.note for e in estimates for q in e.quantities() if q.note and not q.known}
    return tuple(say("{remark}", remark=Name(r)) for r in sorted(known - missing))


def under_each_rule(study: Study, run: Run) -> Table:
    """Show the distance of the focal state under each rule of absence, and the rank it gives."""
    heads = {
        "distance": _("Absences apart"),
        "as_abstentions": _("Absences as abstentions"),
        "as_sides": _("Absences as sides taken"),
        "absent": _("Share absent"),
        "further": _("Other states further"),
    }
    made = {c: steps(study, run, c) for c in CONFLICTS}
    columns = tuple(by_conflict({c: made[c][key] for c in CONFLICTS}) for key in heads)
    table = run(SideBySide("rule", tuple(heads), columns)).select(state=study.focal)
    return Table(
        "conflict-rules",
        say(
            _("{focal}’s distance on each conflict under each rule of absence"),
            focal=actor(study.focal, study.language),
        ),
        say(
            _("Share of abstentions, {when}; the second and third column bound the first"),
            when=_when(study, run),
        ),
        table,
        Grid("conflict", "rule", {**names(), **heads}, _("Conflict")),
    )


def excess(study: Study, run: Run) -> Table:
    """Show the distance beyond what ideal points explain, by conflict and state."""
    span = vote_years(study, run)
    mine, *others = who(study)
    parts: dict[str, ConflictMeasure] = {
        c: ConflictExcess(focal=mine, others=tuple(others), vote_set=c, years=span)
        for c in CONFLICTS
    }
    labels = {s: label(s, study.language) for s in who(study)}
    return Table(
        "conflict-excess",
        say(_("Abstentions beyond those that a state’s position explains")),
        say(
            _(
                "Excess distance on declared conflicts, {when}: share of abstentions less that "
                "expected of a state at the same ideal point on the same votes; above zero it "
                "abstained oftener than its position explains"
            ),
            when=_when(study, run),
        ),
        run(by_conflict(parts)),
        Grid("conflict", "state", {**names(), **labels}, _("Conflict")),
    )


def checks(study: Study, run: Run) -> list[Block]:
    """Print whom the two distances call distant, where that can be checked."""
    span = vote_years(study, run)
    a, b = ("USA", "RUS")
    found = face_validity(
        run,
        ConflictDistance(focal="KAZ", vote_set="ukraine", years=span),
        SplitDistance(focal="KAZ", power_a=a, power_b=b, years=span),
    )

    def named(states: tuple[str, ...]) -> Markup:
        return listing([actor(s, study.language) for s in states]) if states else say(_("none"))

    return [
        prose(
            _(
                "Is the measure right where the answer is known? No member of NATO but Türkiye and "
                "Hungary should be among the tenth of states furthest from both sides of the war "
                "against Ukraine. {verdict}"
            ),
            verdict=say(_("None is."))
            if found.holds
            else say(_("But these are: {who}."), who=named(found.allies)),
        ),
        prose(
            _(
                "Over all votes on which {a} and {b} were opposed the tenth of states that abstain "
                "most is {who}. European allies of the United States among them: {allies}. They "
                "abstain where {a} stands nearly alone against the majority. That is the agenda "
                "and no neutrality, and it is why the word is used of declared conflicts only."
            ),
            a=actor(a, study.language), b=actor(b, study.language),
            who=named(found.overall), allies=named(found.european),
        ),
    ]  # fmt: skip


SECTION = Section("neutrality", 52, _("Neutral in which conflicts"), build)
