"""Goals: what the state says that it wants, and how the figures have moved since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.goals import Goals, Score, load_goals, scoreboard, shipped
from multivector.quantity import Quantity
from multivector.render.section import Block, Run, Section
from multivector.render.sections._shared import prose, year
from multivector.render.text import Name, _, actor, html, number, say

if TYPE_CHECKING:
    from multivector.study import Study

COMMAND = _("multivector goals --help")
VERDICTS = {
    "toward": _("toward the goal"),
    "away": _("away from it"),
    "cannot be told": _("cannot be told"),
    "too few years": _("too few years"),
    "no data": _("no data"),
}
AIMS = {"up": _("more"), "down": _("less"), "steady": _("as before")}


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    named = [name for name, focal in shipped().items() if focal == study.focal]
    if not named:
        return [
            prose(
                _(
                    "No goals of {focal} ship. A goals file lists them with the steps that judge "
                    "them; see {command}."
                ),
                focal=actor(study.focal, study.language), command=Name(COMMAND),
            )
        ]  # fmt: skip
    goals = load_goals(named[0])
    scores = scoreboard(goals, run)
    return [
        prose(
            _(
                "{document}. The wording of the goals is ours. It states no numbers, so each "
                "figure is judged by its trend since {adopted} alone: a verdict needs an "
                "interval that leaves out no change. Nothing says that the document caused it."
            ),
            document=Name(goals.document), adopted=year(goals.adopted),
        ),
        board(goals, scores),
    ]  # fmt: skip


def board(goals: Goals, scores: list[Score]) -> Markup:
    """Return the scoreboard, one row an indicator with goals as headings, and what it lacks."""
    heads = [_("Figure"), _("Says"), _("Wanted"), _("Before"), _("Latest"), _("Trend, per decade")]
    top = Markup("").join(Markup('<th scope="col">{}</th>').format(h) for h in heads)
    body: list[Markup] = []
    lacks: list[Markup] = []
    for goal in goals.goals:
        own = [s for s in scores if s.goal == goal and s.indicator is not None]
        head = Markup('<tr><th scope="row" colspan="{}">{}</th></tr>')
        body += [head.format(len(heads), html(Name(goal.text)))] if own else []
        body += [_row(s) for s in own]
        notes = Name(" ".join(dict.fromkeys(filter(None, (goal.missing, *(s.note for s in own))))))
        lacks.append(Markup("<li>{}. {}</li>").format(html(Name(goal.text)), html(notes)))
    return Markup(
        '<div class="scroll" tabindex="0" role="group" aria-label="{}"><table class="grid">'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div><p>{}</p><ul>{}</ul>"
    ).format(
        _("Goals"), top, Markup("").join(body), _("What of each goal no figure here covers:"),
        Markup("").join(lacks),
    )  # fmt: skip


def _row(score: Score) -> Markup:
    indicator = score.indicator
    assert indicator is not None
    cells = [
        html(Name(VERDICTS[score.verdict])),
        html(Name(AIMS[indicator.direction])),
        _dated(score.base),
        _dated(score.last),
        number(score.trend) if score.trend is not None else Markup("—"),
    ]
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(
        html(Name(indicator.label)), Markup("").join(Markup("<td>{}</td>").format(c) for c in cells)
    )


def _dated(q: Quantity | None) -> Markup:
    if q is None:
        return Markup("—")
    return say("{value} ({when})", value=q, when=year(int(dict(q.cell)["year"])))


SECTION = Section("goals", 91, _("Goals, and how they fare"), build)
