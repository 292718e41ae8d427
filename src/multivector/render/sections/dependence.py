"""Dependence: how much of the focal state's output rests on trade with each partner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.casebook.baci import STATES
from multivector.errors import OutOfCoverage
from multivector.estimate import Estimate
from multivector.quantity import Quantity
from multivector.registry import find
from multivector.render.figure import Figure, Grid, Table
from multivector.render.section import ABSENT, Block, Run, Section, attempt
from multivector.render.sections._shared import (
    by_size,
    change,
    events_in,
    known_years,
    measure,
    partner_labels,
    prose,
    ranked,
    who,
    year,
)
from multivector.render.text import Name, _, actor, decimal_year, label, listing, say, years

if TYPE_CHECKING:
    from multivector.study import Study

FEWEST_YEARS = 3
"""An event is marked only where the data run on for at least so many years."""
PANDEMIC = 2020
"""A year that no comparison ends in, since trade fell everywhere."""


def dependence(study: Study, run: Run) -> Estimate:
    """Return trade with each partner over the focal state's GDP."""
    both = run(measure("trade_dependence", focal=study.focal, partners=study.partners))
    return both.select(side="own")


def settled(study: Study, last: int) -> Study:
    """Return the study without events too late for data that end in *last* to say anything of."""
    kept = (e for e in study.events if decimal_year(e.date) + FEWEST_YEARS <= last)
    return replace(study, events=tuple(kept))


def extract_note(study: Study, estimate: Estimate) -> list[Markup]:
    """Say that figures come from the casebook extract, when they do, and where it ends."""
    if not any(o.extract for o in estimate.origins):
        return []
    return [
        say(
            _(
                "Computed from the casebook extract, which holds the years to {last} and all "
                "partners of a few states only. Later years need the full tables."
            ),
            last=year(known_years(estimate)[-1]),
        )
    ]


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    blocks: list[Block] = [
        prose(
            _(
                "A share of trade says who matters among partners; trade over output says how much "
                "of the economy is at stake. Exports count in full although a part of their value "
                "was made elsewhere, so the ratio is not a share of income, and may exceed one. "
                "Both trade and output are in current dollars: oil prices and the exchange rate "
                "move it as well as politics."
            )
        )
    ]
    blocks += attempt(lambda: over_time(study, run))
    blocks += attempt(lambda: turning(study, run))
    blocks += attempt(lambda: asymmetry(study, run))
    blocks += attempt(lambda: peers(study, run))
    return blocks


def over_time(study: Study, run: Run) -> Figure:
    """Draw dependence on each partner by year."""
    own = dependence(study, run)
    span = known_years(own)
    markers, rows = events_in(settled(study, span[-1]), span)
    order = ranked(own, "partner", study.partners, year=span[-1])
    shown = {str(dict(q.cell)["partner"]) for q in own.quantities() if q.known}
    labels = {k: v for k, v in partner_labels(study).items() if k in shown}
    most = (
        _("Trade with {top} came to {value} of {focal}’s GDP in {last}, the most of those named")
        if len(order) == len(study.partners)
        else _(
            "Of the trade that is recorded here, that with {top} came to most: {value} of "
            "{focal}’s GDP in {last}"
        )
    )
    return Figure(
        "dependence",
        say(
            most,
            top=who(order[0], "partner", study), value=order[0], last=year(span[-1]),
            focal=actor(study.focal, study.language),
        ),
        say(
            _("Goods trade with each partner, exports and imports, as % of {focal}’s GDP, {when}"),
            focal=actor(study.focal, study.language), when=years(span),
        ),
        (find("render.charts", "lines")(own, across="partner", labels=labels, events=markers),),
        (own,),
        _("Line chart: trade with each partner over GDP by year; the table holds the values."),
        Grid("year", "partner", partner_labels(study), _("Year")),
        events=rows,
        notes=(
            *extract_note(study, own),
            say(_("An event is marked only where at least three years of data follow it.")),
        ),
    )  # fmt: skip


# what changed ----------------------------------------------------------------------------------


def turns(study: Study, known: Sequence[int]) -> tuple[list[tuple[int, int]], list[int]]:
    """Return the years before and after each event's year, and the event years out of reach.

    The year after an event is compared with the year before it; where the year after is 2020,
    the year of the event itself stands in.
    """
    inside: list[tuple[int, int]] = []
    outside: list[int] = []
    for turn in sorted({int(e.date[:4]) for e in study.events}):
        after = turn if turn + 1 == PANDEMIC else turn + 1
        if turn - 1 in known and after in known:
            inside.append((turn - 1, after))
        else:
            outside.append(turn)
    return inside, outside


def turning(study: Study, run: Run) -> list[Block]:
    """Compare dependence before and after the years of the study's events, in words and a table."""
    own = dependence(study, run)
    known = known_years(own)
    spans, late = turns(study, known)
    if not spans:
        text = _("No event of this study lies within the years of the trade table.")
        raise OutOfCoverage(text)
    sentences: list[Markup] = []
    for before, after in spans:
        moved = _moves(study, own, before, after)
        if moved:
            first, last = max(moved, key=lambda pair: abs(change(*pair)))
            template = (
                _("From {before} to {after} dependence on {partner} moved most, down from {a} to "
                  "{b} of GDP.")
                if change(first, last) < 0
                else _("From {before} to {after} dependence on {partner} moved most, up from {a} "
                       "to {b} of GDP.")
            )  # fmt: skip
            sentences.append(
                say(
                    template, before=year(before), after=year(after), a=first, b=last,
                    partner=who(last, "partner", study),
                )
            )  # fmt: skip
    if late:
        sentences.append(
            say(
                _("What changed in {late} cannot be read from this table, which ends in {last}."),
                late=years(late), last=year(known[-1]),
            )
        )  # fmt: skip
    columns = sorted({y for pair in spans for y in pair})
    table = Table(
        "dependence-turns",
        say(_("Dependence before and after: {when}"), when=years(columns)),
        say(
            _("Goods trade with each partner as % of {focal}’s GDP"),
            focal=actor(study.focal, study.language),
        ),
        own.select(year=columns),
        Grid("partner", "year", partner_labels(study), _("Partner")),
        notes=(
            say(
                _(
                    "Single years before and after are set side by side; no cause is shown. {year} "
                    "is not compared, since the pandemic cut trade everywhere."
                ),
                year=year(PANDEMIC),
            ),
        ),
    )
    return [prose("{text}", text=Markup(" ").join(sentences)), table]


def _moves(study: Study, own: Estimate, before: int, after: int) -> list[tuple[Quantity, Quantity]]:
    """Return the cells of each partner known in both years."""
    pairs = (
        (own.at(partner=p, year=before), own.at(partner=p, year=after)) for p in study.partners
    )
    return [(a, b) for a, b in pairs if a.known and b.known]


# both sides ------------------------------------------------------------------------------------


def asymmetry(study: Study, run: Run) -> Figure:
    """Compare dependence of the focal state on each partner with that of the partner on it."""
    index = run(measure("asymmetry", focal=study.focal, partners=study.partners))
    last = known_years(index)[-1]
    shown = index.select(year=last)
    order = ranked(shown, "partner", study.partners)
    first = {str(dict(q.cell)["partner"]): None for q in order}
    labels = {p: label(p, study.language) for p in (*first, *study.partners)}
    weaker = [q for q in order if (q.value or 0.0) > 0]
    parts = {"focal": actor(study.focal, study.language), "last": year(last)}
    if len(weaker) == len(order):
        title = say(_("{focal} depends more on each of them than they on it, {last}"), **parts)
    elif not weaker:
        title = say(_("Each of them depends more on {focal} than it on them, {last}"), **parts)
    else:
        names = listing([who(q, "partner", study) for q in weaker])
        title = say(_("{focal} depends more on {names} than they on it, {last}"), names=names,
                    **parts)  # fmt: skip
    return Figure(
        "asymmetry",
        title,
        say(
            _("Asymmetry of dependence by partner, {last}; right of zero {focal} depends more"),
            **parts,
        ),
        (find("render.charts", "dots")(shown, down="partner", labels=labels, domain=(-1.0, 1.0)),),
        (shown,),
        _("Dot chart: asymmetry of dependence on trade by partner."),
        Grid("year", "partner", labels, _("Year")),
        notes=(
            say(
                _(
                    "Dependence of one side less that of the other, over their sum. Trade being "
                    "the same on both sides, this compares the size of the two economies: it says "
                    "which side a halt would trouble more, not how much."
                )
            ),
            *extract_note(study, shown),
        ),
    )


# among peers -----------------------------------------------------------------------------------


def peers(study: Study, run: Run) -> Figure:
    """Compare openness, and dependence on the weightiest partner, with peers and the casebook."""
    own = dependence(study, run)
    last = known_years(own)[-1]
    top = str(dict(ranked(own, "partner", study.partners, year=last)[0].cell)["partner"])
    openness = _each(study, run, "trade_openness", last)
    reliance = _each(study, run, "trade_dependence", last, partners=(top,))
    made = (openness, reliance)
    labels = [rows_among(study, part) for part in made]
    dots = find("render.charts", "dots")
    captions = (
        say(_("All goods trade")),
        say(_("Goods trade with {partner}"), partner=actor(top, study.language)),
    )
    kept = [
        tuple(e for e in part if _state(e) in rows) for part, rows in zip(made, labels, strict=True)
    ]
    held = sum(e.quantities()[0].known for e in openness if _state(e) in STATES)
    return Figure(
        "compare-dependence",
        _peers_title(study, reliance, top, last),
        say(
            _("Goods trade as % of GDP, {last}: the focal state, its comparators, and the middle "
              "of the casebook’s states"),
            last=year(last),
        ),
        tuple(
            dots(*part, down="state", labels=rows, highlight=study.focal, caption=caption)
            for part, rows, caption in zip(kept, labels, captions, strict=True)
        ),
        tuple(e for part in kept for e in part),
        _("Two dot charts: trade over GDP by state, in all and with one partner."),
        Grid("state", "", {k: v for rows in labels for k, v in rows.items()}, _("State")),
        notes=(
            say(
                _(
                    "Rows marked {middle} hold the median of the casebook’s states whose trade "
                    "with all partners is known; of an even number of states the two in the "
                    "middle enclose it."
                ),
                middle=Name(_("middle")),
            ),
        ) if held else (),
        stacked=True,
    )  # fmt: skip


def _each(
    study: Study, run: Run, name: str, last: int, partners: tuple[str, ...] = ()
) -> list[Estimate]:
    """Return one cell per state: the focal one, comparators and those of the casebook."""
    found: list[Estimate] = []
    more = {"partners": partners} if partners else {}
    for state in dict.fromkeys((study.focal, *study.comparators, *STATES)):
        try:
            value = run(measure(name, focal=state, **more)).select(year=last)
        except ABSENT:
            continue  # a row without data, or the partner itself
        found.append(value.select(side="own") if partners else value)
    return found


def _state(estimate: Estimate) -> str:
    return str(estimate.cells["state"][0])


def middle(cells: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """Return the cell in the middle by size, or the two that enclose the median.

    >>> from multivector.quantity import Quantity
    >>> cells = [Quantity(v, None, None, "count", "toys") for v in (4.0, 1.0, 3.0, 2.0)]
    >>> [q.value for q in middle(cells)], [q.value for q in middle(cells[:3])]
    ([3.0, 2.0], [3.0])
    """
    order = sorted((q for q in cells if q.known), key=by_size)
    half = len(order) // 2
    return tuple(order[half : half + 1] if len(order) % 2 else order[max(half - 1, 0) : half + 1])


def rows_among(study: Study, made: Sequence[Estimate]) -> dict[str, str]:
    """Return the rows to draw, largest first: focal state, comparators, the casebook's middle."""
    cells = [e.quantities()[0] for e in made]
    codes = {str(dict(q.cell)["state"]): q for q in cells}
    among = {str(dict(q.cell)["state"]) for q in middle([codes[s] for s in STATES if s in codes])}
    wanted = (study.focal, *study.comparators)
    order = sorted((q for s, q in codes.items() if q.known and (s in wanted or s in among)),
                   key=by_size)  # fmt: skip
    listed = dict.fromkeys((*(str(dict(q.cell)["state"]) for q in order), *wanted))
    mark = _("{state} (middle)")
    plain = {s: label(s, study.language) for s in listed}
    return {s: mark.format(state=n) if s in among else n for s, n in plain.items()}


def _peers_title(study: Study, made: Sequence[Estimate], top: str, last: int) -> Markup:
    cells = {_state(e): e.quantities()[0] for e in made}
    own, halves = cells[study.focal], middle([cells[s] for s in STATES if s in cells])
    parts = {
        "focal": actor(study.focal, study.language),
        "partner": actor(top, study.language),
        "last": year(last),
    }
    if not halves or not own.known:
        return say(_("Dependence among peers, {last}"), last=year(last))
    size = own.value or 0.0
    high, low = (q.value or 0.0 for q in (halves[0], halves[-1]))
    if size > high:
        return say(
            _("{focal} depended more on {partner} in {last} than the median casebook state"),
            **parts,
        )
    if size < low:
        return say(
            _("{focal} depended less on {partner} in {last} than the median casebook state"),
            **parts,
        )
    return say(_("{focal} was in the middle in its dependence on {partner} in {last}"), **parts)


SECTION = Section("dependence", 62, _("How exposed"), build)
