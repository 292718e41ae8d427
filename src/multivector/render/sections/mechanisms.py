"""Mechanisms that the article asserts: what all states' data say of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multivector.measures.mechanisms import UNIDENTIFIED
from multivector.render.section import Block, Run, Section
from multivector.render.sections._shared import measure, prose
from multivector.render.sections._spells import either
from multivector.render.text import Name, _, say

if TYPE_CHECKING:
    from multivector.study import Study

ASSERTED = {
    "mechanism_tension": _(
        "Tension between the United States and Russia, spread of trade of states that trade with "
        "both: {estimate} log points in the effective number of partners per standard deviation "
        "of tension; with tension of two years ahead in its place: {placebo}."
    ),
    "mechanism_geography": _(
        "Distance to a second great power, spread of trade: {estimate} log points per standard "
        "deviation; distance to states that are no power, a placebo: {placebo}. Where the placebo "
        "is as large, it is remoteness and not the powers."
    ),
    "mechanism_sanctions": _(
        "Exports of the EU to Russia’s neighbours after sanctions, beyond those to others: "
        "{estimate} log points; with an event three years earlier: {placebo}."
    ),
    "mechanism_reform": _(
        "Fast change of democracy, onset of conflict at home: {estimate}; with change two years "
        "after in its place: {placebo}."
    ),
    "mechanism_belt": _(
        "China’s commitments to a state over its output, change of its votes toward China since "
        "Belt and Road: {estimate} of S per standard deviation, beyond earlier votes, trade with "
        "China and size. Placebos: the change before Belt and Road, {placebo}; the change toward "
        "India, {placebo power}. An association, no effect."
    ),
    "mechanism_role": _(
        "Democracy gained over three years, visits of foreign leaders in the next: {estimate} "
        "standard deviations per standard deviation. Visits, democracy gained over the next three "
        "years: {reverse}. With the reform of another state, a placebo: {placebo}."
    ),
    "mechanism_biography": _(
        "Leaders with a military career, votes toward the United States less those toward Russia: "
        "{estimate} of S against other leaders of the same state; with the leader of four years "
        "later in the present one’s place: {placebo}."
    ),
}
TITLES = {
    "mechanism_belt": _("Belt and Road and votes"),
    "mechanism_role": _("Reform and visits received"),
    "mechanism_biography": _("Leaders’ careers and votes"),
    "mechanism_reform": _("Speed of reform and instability"),
    "mechanism_tension": _("Tension between powers and spread of trade"),
    "mechanism_geography": _("Geography and spread of trade"),
    "mechanism_sanctions": _("Sanctions and diversion of trade"),
}
NEEDS = {
    "mechanism_belt": _("aiddata_totals or aiddata (multivector sources aiddata_totals), baci"),
    "mechanism_role": _("colt_trips (trips of leaders; multivector sources colt_trips)"),
    "mechanism_biography": _("leaders and the optional package pyfixest"),
    "mechanism_reform": _("ucdp_onsets (onsets of conflict; multivector sources ucdp_onsets)"),
    "mechanism_tension": _("baci and the optional package pyfixest"),
    "mechanism_geography": _("baci and the optional package pyfixest"),
    "mechanism_sanctions": _("eurostat_exports and the optional package pyfixest"),
}
OPEN = {
    "belt": _("Belt and Road and influence"),
    "role": _("Reform and international role"),
    "biography": _("A leader’s biography and partners"),
}


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    del study
    blocks: list[Block] = [
        prose(
            _(
                "What the article asserts of all states is set against all states that the data "
                "allow. Each figure is an association under a stated design; a placebo that is as "
                "large takes the point away."
            )
        )
    ]
    for name in ASSERTED:
        need = NEEDS.get(name, "")
        blocks += either(
            lambda name=name: sentence(name, run),
            say(
                _("{what}: no data; put them into your data folder or fetch them: {need}."),
                what=Name(TITLES[name]),
                need=Name(need),
            ),
        )
    for key, what in OPEN.items():
        blocks.append(
            prose(
                _("{what}: not identified by these data. {why}"),
                what=Name(what),
                why=Name(UNIDENTIFIED[key]),
            )
        )
    return blocks


def sentence(name: str, run: Run) -> list[Block]:
    """Say what one design finds."""
    found = run(measure(name))
    cell = {str(dict(q.cell)["figure"]): q for q in found.quantities()}
    return [
        prose(
            ASSERTED[name] + " {open}{words}{close}",
            **{k: q for k, q in cell.items() if f"{{{k}}}" in ASSERTED[name]},
            open=Name("("), close=Name(")"),
            words=Name(f"{found.variant}; {cell['estimate'].note}"),
        )
    ]  # fmt: skip


SECTION = Section("mechanisms", 93, _("What the article asserts of all states"), build)
