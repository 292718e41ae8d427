"""How it moved: the ties between each pair of powers by year, as parts of a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multivector.render.figure import Drawing, Figure, Grid
from multivector.render.section import ABSENT, Block, Run, Section, attempt
from multivector.render.sections._shared import events_in, known_years, prose, year
from multivector.render.sections._strategy import chart, over_domains, pairs, secure, side
from multivector.render.sections.dependence import settled
from multivector.render.sections.strategy import crosses, partition
from multivector.render.text import _, actor, label, say, years
from multivector.render.theme import STYLES, ink

if TYPE_CHECKING:
    from multivector.study import Study

PARTS = {
    "net lean": _("Net lean"),
    "offset": _("Leans that offset each other"),
    "evenness": _("Even inside domains"),
    "outside": _("Elsewhere"),
}


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    blocks: list[Block] = [
        prose(
            _(
                "Each bar divides the ties of a year, over all domains measured, into four parts: "
                "the lean that is left when all is added up, leans of single domains that offset "
                "each other, evenness inside domains, and what goes to neither. Leans that offset "
                "each other are one reading of hedging; evenness is equidistance."
            )
        )
    ]
    for pair in pairs(study):
        blocks += attempt(lambda pair=pair: figure(study, run, pair))
    return [*blocks, *attempt(lambda: evenness(study, run))]


def figure(study: Study, run: Run, pair: tuple[str, str]) -> Figure:
    """Draw the partition between two powers or blocs through time."""
    table, lean = partition(study, run, pair), partition(study, run, pair, show="signed lean")
    span = known_years(table)
    markers, rows = events_in(settled(study, span[-1]), span)
    a, b = (side(p, study) for p in pair)
    names = [_side_label(p, study) for p in pair]
    labels = {
        "a": _("Lean to {side}").format(side=names[0]),
        "b": _("Lean to {side}").format(side=names[1]),
        "unsure": _("Lean, side not to be told"),
        **{k: v for k, v in PARTS.items() if k != "net lean"},
    }
    colours = {
        **{k: _colour(p) for k, p in zip(("a", "b"), pair, strict=True)},
        "unsure": ink("axis"),
        "offset": ink("ramp-3"), "evenness": ink("ramp-2"), "outside": ink("rule"),
    }  # fmt: skip
    drawing: Drawing = chart("stack")(
        table, lean, across="part", labels=labels, colours=colours,
        turned={"net lean": ("a", "b", "unsure")}, events=markers,
    )  # fmt: skip
    first, last = (lean.at(year=y) for y in (span[0], span[-1]))
    toward = side(pair[0] if (last.value or 0.0) > 0 else pair[1], study)
    changed = first.low is not None and (_above(first, last) or _above(last, first))
    text = _("Between {a} and {b} the net lean in {last} was {value}")
    text += _(", its direction not to be told") if crosses(last) else _(" toward {side}")
    text += _("; it moved since {first}") if changed else _("; no move since {first} can be told")
    return Figure(
        f"moved-{'-'.join(pair).lower().replace('_', '').replace('+', '-')}",
        say(text, a=a, b=b, last=year(span[-1]), first=year(span[0]), side=toward,
            value=table.at(part="net lean", year=span[-1])),
        say(
            _("Parts of {focal}’s ties between {a} and {b}, over all domains with data, {when}"),
            focal=actor(study.focal, study.language), a=a, b=b, when=years(span),
        ),
        (drawing,),
        (table, lean),
        _("Stacked bars by year: lean to either side, offsetting leans, evenness, elsewhere."),
        Grid("year", "part", {**PARTS, "signed lean": _("Lean, with its sign")}, _("Year")),
        events=rows,
        notes=(
            say(_("Bars show means; the table has the intervals.")),
            *(() if secure(study, run) else (say(_("No security domain has data.")),)),
        ),
    )  # fmt: skip


def evenness(study: Study, run: Run) -> Figure:
    """Draw the balance of the pooled ties and of each domain by year."""
    pooled = over_domains(study, run, "balance")
    span = known_years(pooled)
    labels = {study.focal: _("Balance")}
    markers, rows = events_in(settled(study, span[-1]), span)
    first, last = pooled.at(year=span[0]), pooled.at(year=span[-1])
    drawings = [
        chart("lines")(pooled, across="state", labels=labels, height=200, events=markers),
    ]
    estimates = [pooled]
    try:
        apart = over_domains(study, run, "compartmentalisation")
        known_years(apart)
        drawings.append(
            chart("lines")(
                apart, across="state", labels=labels, height=200, events=markers,
                caption=say(_("Compartmentalisation: zero is the same partners in every domain")),
            )
        )  # fmt: skip
        estimates.append(apart)
    except ABSENT:
        pass  # with one domain there is nothing to compare
    return Figure(
        "moved-balance",
        say(
            _("Balance of the pooled ties: {last} in {when}, after {first} in {then}"),
            last=last, when=year(span[-1]), first=first, then=year(span[0]),
        ),
        say(
            _("Evenness of {focal}’s ties with the named partners over all domains, {when}; one is "
              "equal shares"),
            focal=actor(study.focal, study.language), when=years(span),
        ),
        tuple(drawings),
        tuple(estimates),
        _("Line charts by year: balance of the pooled ties, and how far domains differ."),
        Grid("year", "state", labels, _("Year")),
        events=rows,
        notes=(say(_("Equal shares are the target here; the first section gives another.")),),
    )  # fmt: skip


def _above(a: object, b: object) -> bool:
    low, high = getattr(a, "low", None), getattr(b, "high", None)
    return low is not None and high is not None and low > high


def _side_label(power: str, study: Study) -> str:
    return _(" and ").join(label(p, study.language) for p in power.split("+"))


def _colour(power: str) -> str:
    first = power.split("+", maxsplit=1)[0]
    return STYLES[first].colour if first in STYLES else ink("main")


SECTION = Section("moved", 6, _("How it moved"), build)
