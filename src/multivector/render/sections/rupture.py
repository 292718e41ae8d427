"""Rupture: what dearer trade or a closed border with each partner would cost in real income."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.estimate import Estimate
from multivector.measures.rupture import LossIfClosed
from multivector.quantity import Quantity
from multivector.registry import find
from multivector.render.figure import Figure, Grid
from multivector.render.section import ABSENT, Block, Run, Section, attempt
from multivector.render.sections._shared import (
    known_years,
    measure,
    overlap,
    partner_labels,
    prose,
    ranked,
    who,
    year,
)
from multivector.render.sections.dependence import extract_note
from multivector.render.text import Name, _, actor, html, label, listing, say

if TYPE_CHECKING:
    from multivector.study import Study

MOST_DRAWS = 200


def loss(study: Study, run: Run, focal: str, partners: tuple[str, ...]) -> Estimate:
    """Return the loss of real income of *focal* by partner and case, in the table's last year."""
    return run(step(study, focal, partners))


def step(study: Study, focal: str, partners: tuple[str, ...]) -> LossIfClosed:
    """Return the step that computes the losses, under the study's own assumptions if it has any.

    A study states them in a step of this measure on its focal state. Oil's share in exports is that
    of the focal state only.
    """
    draws = min(max(study.draws, 1), MOST_DRAWS)
    stated = (s for s in study.steps.values() if isinstance(s, LossIfClosed))
    own = next((s for s in stated if s.focal == study.focal), None)
    if own is None:
        return LossIfClosed(focal=focal, partners=partners, draws=draws)
    oil = own.oil_share if focal == study.focal else None
    return replace(own, focal=focal, partners=partners, draws=draws, oil_share=oil)


def cases(study: Study) -> dict[str, str]:
    """Return the cases drawn, by the measure's own names."""
    asked = step(study, study.focal, study.partners)
    named = {f"{asked.dearer:.0%} dearer": _("Trade made dearer"), "closed": _("Trade stopped")}
    if asked.oil_share is not None:
        named["closed with transit"] = _("Trade stopped, and oil that crosses the partner")
    return named


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    asked = step(study, study.focal, study.partners)
    blocks: list[Block] = [
        prose(
            _(
                "What would {focal} lose if trade with a partner cost {more} more both ways, or "
                "stopped? The answer is arithmetic on a model, under assumptions: goods of each "
                "origin are one kind, trade moves to others at a rate ε that is drawn between "
                "{epsilon}, and gross output over GDP, which no table here gives, is assumed and "
                "drawn between {ratio} for every state alike. The intervals show these two "
                "assumptions and nothing else: neither errors of the trade figures nor whether "
                "the model holds."
            ),
            focal=actor(study.focal, study.language), more=Name(f"{asked.dearer:.0%}"),
            epsilon=between(asked.elasticity), ratio=between(asked.output_ratio),
        ),
        prose(
            _(
                "It is the long run, once all has been rearranged: losses of the first months "
                "would be larger. One sector means that oil and gas count as easily replaced as "
                "shirts. It is not a forecast."
            )
        ),
    ]  # fmt: skip
    if asked.oil_share is not None:
        blocks.append(
            prose(
                _("Oil’s share in {focal}’s exports is assumed to be between {share}; "
                  "source: {of}."),
                focal=actor(study.focal, study.language), share=between(asked.oil_share),
                of=Name(asked.oil_source or _("not stated")),
            )
        )  # fmt: skip
    found = attempt(lambda: costs(study, run))
    if not isinstance(found[0], Figure):
        return [*blocks, *found]
    return [*blocks, *found, *transit(study, run), *attempt(lambda: peers(study, run))]


def between(values: tuple[float, float, float]) -> Name:
    """Write the ends of a range of assumptions and its most likely value.

    >>> print(between((3.0, 5.0, 8.0)))
    3 and 8 (most likely 5)
    """
    low, mode, high = values
    return Name(
        _("{low} and {high} (most likely {mode})").format(
            low=f"{low:g}", high=f"{high:g}", mode=f"{mode:g}"
        )
    )


def costs(study: Study, run: Run) -> Figure:
    """Draw the loss by partner, dearer beside closed."""
    table = loss(study, run, study.focal, study.partners)
    named = cases(study)
    last = known_years(table)[-1]
    shut = table.select(case="closed")
    order = ranked(shut, "partner", study.partners)
    first = {str(dict(q.cell)["partner"]): None for q in order}
    labels = {p: label(p, study.language) for p in (*first, *study.partners)}
    shown = {c: table.select(case=c) for c in named}
    dots = find("render.charts", "dots")
    return Figure(
        "loss",
        costs_title(study, order),
        say(
            _("Loss of {focal}’s real income by partner, {last}, % of real income; {bars}"),
            focal=actor(study.focal, study.language), last=year(last), bars=assumption_bars(),
        ),
        tuple(
            dots(e, down="partner", labels=labels, caption=say(named[c]))
            for c, e in shown.items()
        ),
        tuple(shown.values()),
        _("Dot charts with intervals: loss of real income by partner, case by case."),
        Grid("case", "partner", {**labels, **named}, _("Case")),
        notes=(
            *extract_note(study, table),
            say(_("The charts differ in scale.")),
            *(Markup("{}").format(html(Name(q.note))) for q in _remarks(shown.values())),
        ),
        stacked=True,
    )  # fmt: skip


def _remarks(shown: Iterable[Estimate]) -> list[Quantity]:
    """Return one known cell for each remark that stands beside a figure."""
    return list({q.note: q for e in shown for q in e.quantities() if q.known and q.note}.values())


def costs_title(study: Study, order: list[Quantity]) -> Markup:
    """Say which partner would cost most to lose, or that the largest cannot be told apart."""
    top = order[0]
    alike = [q for q in order[1:] if overlap(q, top)]
    if alike:
        return say(
            _("Losing {top} would cost {focal} {value} of real income; {others} about as much"),
            top=who(top, "partner", study), focal=actor(study.focal, study.language), value=top,
            others=listing([who(q, "partner", study) for q in alike]),
        )  # fmt: skip
    return say(
        _("Of the partners with a figure, losing {top} would cost {focal} most: {value} of income"),
        top=who(top, "partner", study), focal=actor(study.focal, study.language), value=top,
    )  # fmt: skip


def assumption_bars() -> Name:
    """Return what the bars of these charts are."""
    return Name(_("bars are 90 % of the draws of assumptions"))


def transit(study: Study, run: Run) -> list[Block]:
    """Say what share of oil exports crosses each partner, which the losses leave out."""
    try:
        shares = run(measure("transit_dependence", focal=study.focal))
    except ABSENT:
        return [
            prose(
                _(
                    "Goods that only cross a partner on their way elsewhere are not in these "
                    "figures, and no table of {focal}’s export routes is here."
                ),
                focal=actor(study.focal, study.language),
            )
        ]
    whole = [q for q in shares.quantities() if q.known and not q.note]
    if not whole:
        return []
    last = max(int(dict(q.cell)["year"]) for q in whole)
    late = [q for q in whole if dict(q.cell)["year"] == last]
    top = max(late, key=lambda q: q.value or 0.0)
    counted = step(study, study.focal, study.partners).oil_share is not None
    return [
        prose(
            _(
                "Of goods that only cross a partner on their way elsewhere, oil is in the last of "
                "the charts and in no other: in {last}, {share} of {focal}’s oil exports crossed "
                "{top} or ended there."
            )
            if counted
            else _(
                "Goods that only cross a partner on their way elsewhere are not in these figures. "
                "They matter: in {last}, {share} of {focal}’s oil exports crossed {top} or ended "
                "there. A loss that counts them needs oil’s share in exports, which a study "
                "states as an assumption of its own."
            ),
            last=year(last), share=top, top=who(top, "partner", study),
            focal=actor(study.focal, study.language),
        )
    ]  # fmt: skip


def peers(study: Study, run: Run) -> Figure:
    """Compare the loss from losing the costliest partner with that of the comparators."""
    own = loss(study, run, study.focal, study.partners)
    order = ranked(own.select(case="closed"), "partner", study.partners)
    partner = str(dict(order[0].cell)["partner"])
    parts: list[Estimate] = [own.select(case="closed", partner=partner)]
    for state in study.comparators:
        try:
            parts.append(loss(study, run, state, (partner,)).select(case="closed"))
        except ABSENT:
            continue  # a row without data, or the partner itself
    cells = {str(dict(q.cell)["state"]): q for e in parts for q in e.quantities()}
    found = [s for s, q in sorted(cells.items(), key=lambda c: -(c[1].value or 0.0)) if q.known]
    wanted = [s for s in study.comparators if s != partner]
    labels = {s: label(s, study.language) for s in dict.fromkeys((*found, *wanted))}
    last = known_years(own)[-1]
    mine = cells[study.focal]
    alike = [q for s, q in cells.items() if s != study.focal and overlap(q, mine)]
    subject = {"focal": actor(study.focal, study.language),
               "partner": actor(partner, study.language)}  # fmt: skip
    if alike:
        title = say(
            _("Losing {partner} would cost {focal} {value}; intervals overlap with {others}"),
            value=mine, others=listing([who(q, "state", study) for q in alike]), **subject,
        )  # fmt: skip
    else:
        title = say(_("Losing {partner} would cost {focal} {value}"), value=mine, **subject)
    return Figure(
        "compare-loss",
        title,
        say(
            _("Loss of real income if trade with {partner} stops, {last}; {bars}"),
            partner=subject["partner"], last=year(last), bars=assumption_bars(),
        ),
        (find("render.charts", "dots")(
            *parts, down="state", labels=labels, highlight=study.focal),),
        tuple(parts),
        _("Dot chart with intervals: loss of real income from losing one partner, by state."),
        Grid("state", "", {**partner_labels(study), **labels}, _("State")),
        notes=(
            say(
                _(
                    "The same draws of assumptions serve every state: the intervals hold nothing "
                    "of how elasticity or output over GDP may differ between states."
                )
            ),
        ),
    )  # fmt: skip


SECTION = Section("rupture", 64, _("What losing a partner would cost"), build)
