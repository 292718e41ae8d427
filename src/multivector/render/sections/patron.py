"""Alignment with Russia that trade, size and distance do not explain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multivector.registry import find
from multivector.render.figure import Figure, Grid
from multivector.render.section import Block, Run, Section, attempt
from multivector.render.sections._shared import known_years, measure, prose, year
from multivector.render.text import Name, _, actor, label, say

if TYPE_CHECKING:
    from multivector.study import Study

PATRON = "RUS"


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    if study.focal == PATRON:
        return [prose(_("Russia cannot be its own patron."))]
    return [
        prose(
            _(
                "How much does a state vote with Russia, and how much would one expect from its "
                "trade with Russia, its size and its distance, as other states show? What is left "
                "over mixes preference, constraint and all that the model leaves out, so it is no "
                "proof of independence."
            )
        ),
        *attempt(lambda: residual(study, run)),
        *attempt(lambda: model(run)),
    ]


def residual(study: Study, run: Run) -> Figure:
    """Draw what is left of alignment, for the focal state and the comparators."""
    others = tuple(c for c in study.comparators if c != PATRON)
    chosen = {"focal": study.focal, "patron": PATRON, "others": others}
    found = run(measure("unexplained_alignment", **chosen))
    last = known_years(found, state=study.focal)[-1]
    table = found.select(year=last)
    cells = {str(dict(q.cell)["state"]): q for q in table.quantities()}
    order = sorted(cells, key=lambda s: -(cells[s].value or 0.0))
    labels = {s: label(s, study.language) for s in dict.fromkeys((*order, *others))}
    mine = cells[study.focal]
    more = (mine.value or 0.0) < 0
    return Figure(
        "patron",
        say(
            _("{focal} voted with Russia more than its situation suggests ({value})")
            if more
            else _("{focal} voted with Russia less than its situation suggests ({value})"),
            focal=actor(study.focal, study.language), value=mine,
        ),
        say(
            _("Expected less observed similarity of votes with Russia, {last}, in standard "
              "deviations; below zero it voted with Russia more than expected; bars are the "
              "error of the expectation alone"),
            last=year(last),
        ),
        (find("render.charts", "dots")(
            table, down="state", labels=labels, highlight=study.focal),),
        (table,),
        _("Dot chart: alignment with Russia less than expected, by state."),
        Grid("state", "", labels, _("State")),
        notes=(say("{note}", note=Name(f"{table.variant}; {mine.note}.")),),
    )  # fmt: skip


def model(run: Run) -> list[Block]:
    """Print the coefficients and the fit of the model."""
    found = run(measure("alignment_model", patron=PATRON))
    cell = {str(dict(q.cell)["term"]): q for q in found.quantities()}
    return [
        prose(
            _(
                "The model behind it ({fit}): one standard deviation more of Russia’s share of "
                "trade goes with {a} of similarity, of output with {b}, of distance with {c}. "
                "It explains little, so much is left over for every state."
            ),
            fit=Name(cell["dependence"].note), a=cell["dependence"], b=cell["log_gdp"],
            c=cell["log_distance"],
        )
    ]  # fmt: skip


SECTION = Section("patron", 67, _("Alignment beyond dependence"), build)
