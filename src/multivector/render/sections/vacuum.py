"""Sphere and vacuum: whether one partner takes the place that another leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from multivector.estimate import Estimate
from multivector.measures.substitution import CHANGE
from multivector.render.section import Block, Run, Section, attempt
from multivector.render.sections._shared import change, measure, prose
from multivector.render.sections.partners import shares
from multivector.render.text import Name, _, actor

if TYPE_CHECKING:
    from multivector.study import Study


def movers(study: Study, run: Run) -> tuple[str, str]:
    """Return the partner whose share of trade fell most, and the one whose share rose most."""
    table = shares(study, run)
    moved: dict[str, float] = {}
    for partner in study.partners:
        known = [q for q in table.select(partner=partner).quantities() if q.known]
        if len(known) > 1:
            moved[partner] = change(known[0], known[-1])
    return min(moved, key=lambda p: moved[p]), max(moved, key=lambda p: moved[p])


def substitution(study: Study, run: Run, loser: str, gainer: str) -> Estimate:
    """Return the changes of both and what the second gained beyond an even split."""
    chosen = {"focal": study.focal, "loser": loser, "gainer": gainer}
    return run(measure("substitution", **chosen))


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    return [
        prose(
            _(
                "Shares add up to one, so every loss raises all others. A partner takes "
                "another’s place only if it gains more than an even split of the loss would give "
                "it, and more than partners of a comparable size gain."
            )
        ),
        *attempt(lambda: found(study, run)),
    ]


def found(study: Study, run: Run) -> list[Block]:
    """Say who lost, who gained, and whether the second gained more than its part."""
    loser, gainer = movers(study, run)
    table = substitution(study, run, loser, gainer)
    cell = {str(dict(q.cell)["figure"]): q for q in table.quantities()}
    moved = {k: replace(q, unit=CHANGE) for k, q in cell.items() if k != "rank p"}
    told = {
        "loser": actor(loser, study.language),
        "gainer": actor(gainer, study.language),
        "period": Name(str(dict(cell["loser"].cell)["period"])),
        "lost": moved["loser"], "won": moved["gainer"], "even": moved["even split"],
        "excess": moved["excess"], "p": cell["rank p"],
        "n": Name(cell["rank p"].note),
    }  # fmt: skip
    if (cell["loser"].value or 0.0) >= 0:
        text = _(
            "From {period}, no partner of this study lost ground by the means of the first and the "
            "last years: {loser}’s share changed by {lost}. There was no vacuum to fill."
        )
    else:
        text = _(
            "From {period}, {loser}’s share of trade changed by {lost} and {gainer}’s by {won}; an "
            "even split would have given {gainer} {even}, so {excess} are beyond it. Among {n}, "
            "{p} gained at least as much beyond an even split. Why the first lost is not said by "
            "this."
        )
    return [prose(text, **told)]


SECTION = Section("vacuum", 63, _("Who took whose place"), build)
