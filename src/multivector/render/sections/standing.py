"""How it compares: the rank of the focal state's balance among its comparators, by domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multivector.domain import Domain
from multivector.estimate import Estimate
from multivector.quantity import Quantity
from multivector.render.figure import Figure, Grid
from multivector.render.section import Block, Run, Section, attempt
from multivector.render.sections._shared import known_years, measure, prose, year
from multivector.render.sections._strategy import chart, engagement, peers, present
from multivector.render.text import Name, _, actor, label, listing, say

if TYPE_CHECKING:
    from multivector.study import Study


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    blocks: list[Block] = [
        prose(
            _(
                "Rank by balance among the named partners, the most even first, in each domain by "
                "itself, since not every state has data in every domain. A rank is only as sure as "
                "the figures: where its interval spans most places, the order says little."
            )
        )
    ]
    for domain in present(study, run)[0]:
        blocks += attempt(lambda d=domain: figure(study, run, d))
    return blocks


def ranks(study: Study, run: Run, domain: Domain) -> Estimate:
    """Return the ranks by balance in one domain."""
    of = tuple(
        measure(
            "balance", focal=s, partners=study.partners,
            domains=(engagement(study, domain.name, s),), draws=max(study.draws, 2),
            seed=study.seed,
        )
        for s in peers(study)
    )  # fmt: skip
    return run(measure("rank_among", of=of))


def figure(study: Study, run: Run, domain: Domain) -> Figure:
    """Draw ranks with their intervals in the last year in which the focal state has one."""
    table = ranks(study, run, domain)
    last = known_years(table, state=study.focal)[-1]
    shown = table.select(year=last)
    order = sorted((q for q in shown.quantities() if q.known), key=_place)
    own = next(q for q in order if _state(q) == study.focal)
    labels = {s: label(s, study.language) for s in (*map(_state, order), *peers(study))}
    parts = {
        "focal": actor(study.focal, study.language), "own": own, "last": year(last),
        "domain": Name(_(domain.label).lower()), "among": Name(own.note),
    }  # fmt: skip
    lost = [s for s in peers(study) if s not in {_state(q) for q in order}]
    text = _("In {domain} in {last} {focal}’s balance ranks {own}")
    text += (
        _(", the most even of those compared") if own.value == 1 and own.high in (None, 1) else ""
    )
    return Figure(
        f"standing-{domain.name}",
        say(text, **parts),
        say(
            _("Rank by balance in {domain}, {last}; one is the most even; {bars}"),
            **parts, bars=Name(_("bars are 90 % intervals")),
        ),
        (chart("dots")(shown, down="state", labels=labels, highlight=study.focal),),
        (shown,),
        _("Dot chart: rank of each state by balance, with intervals where there are any."),
        Grid("state", "", labels, _("State")),
        notes=(
            say(
                _("No data, so no rank: {states}."),
                states=listing([actor(s, study.language) for s in lost]),
            ),
        ) if lost else (),
    )  # fmt: skip


def _place(q: Quantity) -> float:
    return q.value if q.value is not None else float("inf")


def _state(q: Quantity) -> str:
    return str(dict(q.cell)["state"])


SECTION = Section("standing", 8, _("How it compares"), build)
