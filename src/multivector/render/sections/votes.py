"""Votes: raw agreement beside agreement corrected for chance, by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.estimate import Estimate
from multivector.quantity import Quantity
from multivector.registry import find
from multivector.render.figure import Figure, Grid
from multivector.render.section import Block, Run, Section
from multivector.render.sections._shared import (
    bands,
    events_in,
    known_years,
    left_out,
    overlap,
    partner_labels,
    prose,
    ranked,
    votes,
    who,
    year,
)
from multivector.render.text import Name, _, actor, listing, say, years
from multivector.states import is_group

if TYPE_CHECKING:
    from multivector.study import Study


def pair(study: Study, run: Run) -> tuple[Estimate, Estimate]:
    """Return raw agreement and chance-corrected similarity κ with every partner by year."""
    raw, corrected = (
        votes(study, run, name, partners=study.partners) for name in ("vote_agreement", "kappa")
    )
    return raw, corrected


def headline(study: Study, run: Run) -> Markup | None:
    """Say with whom the focal state votes most and least alike once chance is taken out."""
    corrected = pair(study, run)[1]
    last = known_years(corrected)[-1]
    order = ranked(corrected, "partner", study.partners, year=last)
    if len(order) < 2:
        return None
    near, far = extremes(order)
    if not near:
        return say(
            _(
                "Corrected for chance, {focal} voted in {last} about as much like any partner as "
                "like another: the intervals of κ overlap."
            ),
            focal=actor(study.focal, study.language),
            last=year(last),
        )
    template = _(
        "Corrected for chance, {focal} voted most like {near} in the General Assembly in {last} "
        "and least like {far}{remark}."
    )
    group = len(near) > 1 or len(far) > 1
    remark = _("; where several are named, their intervals overlap") if group else ""
    return say(
        template, focal=actor(study.focal, study.language), last=year(last),
        near=_with_values(study, near), far=_with_values(study, far), remark=remark,
    )  # fmt: skip


def extremes(order: list[Quantity]) -> tuple[list[Quantity], list[Quantity]]:
    """Return those at either end of *order* that cannot be told from the first, or from the last.

    A partner whose interval overlaps both ends stands between them and is in neither group; when
    the two ends overlap each other, both groups are empty.
    """
    first, last = order[0], order[-1]
    if overlap(first, last):
        return [], []
    near = [q for q in order if q is first or (overlap(q, first) and not overlap(q, last))]
    far = [q for q in order if q is last or (overlap(q, last) and not overlap(q, first))]
    return near, far


def _with_values(study: Study, found: list[Quantity]) -> Markup:
    return listing([say("{who} (κ\u00a0{q})", who=who(q, "partner", study), q=q) for q in found])


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    raw, corrected = pair(study, run)
    span = known_years(raw)
    labels = partner_labels(study)
    markers, rows = events_in(study, span)
    lines = find("render.charts", "lines")
    captions = (
        say(_("Raw agreement: share of roll calls with the same vote")),
        say(_("Chance-corrected: Cohen’s κ; zero is what habits of voting alone would give")),
    )
    return [
        prose(
            _(
                "Most votes in the General Assembly are won by large majorities, so any two "
                "states agree often. Raw agreement therefore says as much about the agenda as "
                "about a pair of states. The chance-corrected figure takes out the agreement "
                "that both states’ habits of voting would produce. The two can tell different "
                "stories about the same pair, and both are shown."
            )
        ),
        Figure(
            "vote-similarity",
            title(study, corrected),
            say(
                _("Similarity of votes with {focal}, {when}; {bands}; absences are no position"),
                focal=actor(study.focal, study.language), when=years(span),
                bands=bands(),
            ),
            tuple(
                lines(e, across="partner", labels=labels, events=markers, caption=c)
                for e, c in zip((raw, corrected), captions, strict=True)
            ),
            (raw, corrected),
            _("Two line charts by partner and year: raw vote agreement, and Cohen’s kappa."),
            Grid("year", "partner", labels, _("Year")),
            events=rows,
            notes=(
                *(common_position() if any(map(is_group, study.partners)) else ()),
                *left_out(study, run),
            ),
            stacked=True,
        ),
    ]  # fmt: skip


def common_position() -> tuple[Markup]:
    """Say what the vote of a bloc is."""
    text = _(
        "The EU’s position is the vote that at least {most} of its voting members share; where "
        "they are divided it has none."
    )
    return (say(text, most=Name("90 %")),)


def title(study: Study, corrected: Estimate) -> Markup:
    """Say who is nearest and who is farthest in the last year, in the few words of a title."""
    last = known_years(corrected)[-1]
    order = ranked(corrected, "partner", study.partners, year=last)
    if len(order) < 2 or not extremes(order)[0]:
        return say(_("Votes in the General Assembly"))
    near, far = (listing([who(q, "partner", study) for q in qs]) for qs in extremes(order))
    focal = actor(study.focal, study.language)
    text = _("{focal} voted most like {near} in {last}, and least like {far}")
    return say(text, focal=focal, last=year(last), near=near, far=far)


SECTION = Section("votes", 40, _("How it votes"), build, headline)
