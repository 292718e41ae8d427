"""What it hangs on: the headline figures over every choice at once, and which choice decides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.conclusions import Assessed, Conclusion, assessed, conclusions
from multivector.estimate import Estimate
from multivector.quantity import Quantity
from multivector.render.figure import Figure, Grid
from multivector.render.section import Block, Run, Section
from multivector.render.sections._shared import paragraph, prose, year
from multivector.render.sections._strategy import chart, side
from multivector.render.text import Name, _, label, listing, say

if TYPE_CHECKING:
    from multivector.study import Study

KINDS = {
    "balance": _("Balance of the pooled ties in {last}"),
    "change": _("Change of that balance from {first} to {last}"),
    "departure": _("Departure of the pooled ties from the target in {last}"),
    "lean": _("Net lean between {a} and {b} in {last}"),
    "distance": _("Abstentions where {a} and {b} voted opposite, {first} to {last}"),
    "adjusted lean": _("Lean beyond that of other states where {a} and {b} voted opposite, "
                       "{first} to {last}"),
}  # fmt: skip


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    found = [assessed(study, run, c) for c in conclusions(study, run)]
    if not found:
        return []
    blocks: list[Block] = [
        prose(
            _(
                "Every figure above rests on choices of ours. Here they are varied all at once, "
                "together with the weights of domains and the draws of the data, to see which "
                "could overturn a conclusion. What is varied stands in the study file:"
            )
        ),
        varied(study, found),
    ]
    blocks += [sentence(study, run, one) for one in found]
    return [*blocks, figure(study, found)]


def varied(study: Study, found: list[Assessed]) -> Markup:
    """List each choice once, with its alternatives in words, and what could not be varied."""
    lines = dict.fromkeys(line for one in found for line in one.assessment.varied.splitlines())
    by_name: dict[str, list[str]] = {}
    for line in lines:
        name, _colon, what = line.partition(": ")
        for partner in study.partners:
            what = what.replace(f"{partner} ", f"{label(partner, study.language)} ")
        by_name.setdefault(name, []).append(what)
    rows = [
        say(
            "{name}: {what}", name=Name(name),
            what=Name("; ".join(w.replace(" | ", ", ") for w in what)),
        )
        for name, what in by_name.items()
    ]  # fmt: skip
    return Markup("<ul>{}</ul>").format(
        Markup("").join(Markup("<li>{}</li>").format(row) for row in rows)
    )


def sentence(study: Study, run: Run, one: Assessed) -> Markup:
    """Say what a conclusion is over everything, which source it hangs on, and what turns it."""
    drawn = one.assessment.draws
    over = replace(drawn, observed=None).quantities()[0]
    text = say(
        _(": {value}; over all of this at once the median is {over}."),
        value=run(one.conclusion.step).quantities()[0], over=over,
    )  # fmt: skip
    if one.conclusion.signed:
        text += say(
            _(" The probability that it is {which} is {p}."),
            which=which(study, one.conclusion, over), p=one.assessment.direction.quantities()[0],
        )  # fmt: skip
    text += hangs_on(one.shares) + turned(one)
    head = Markup("<strong>{}</strong>").format(title(study, one.conclusion))
    return paragraph(head + text)


def title(study: Study, c: Conclusion) -> Markup:
    """Name a conclusion."""
    sides = {k: side(s, study) for k, s in zip(("a", "b"), c.sides, strict=False)}
    return say(KINDS[c.kind], first=year(c.years[0]), last=year(c.years[1]), **sides)


def which(study: Study, c: Conclusion, over: Quantity) -> Markup:
    """Say in words on which side of zero a signed conclusion lies."""
    above = (over.value or 0.0) > 0
    if c.kind == "change":
        return say(_("a rise")) if above else say(_("a fall"))
    return say(_("toward {side}"), side=side(c.sides[0] if above else c.sides[1], study))


def hangs_on(shares: Estimate) -> Markup:
    """Say which sources a conclusion hangs on; those that intervals cannot tell apart together."""
    rows = sorted((q for q in shares.quantities() if q.known), key=lambda q: -(q.value or 0.0))
    if not rows or not rows[0].value:
        return say(_(" Nothing that was varied changes it."))
    even = [q for q in rows if (q.high or 0.0) >= (rows[0].low or 0.0)]
    said = listing([say("{source} ({q})", source=Name(source(q)), q=q) for q in even])
    if len(even) == 1:
        return say(_(" Of its variance, most hangs on one source: {what}."), what=said)
    return say(
        _(" Of its variance, most hangs on sources that cannot be told apart: {what}."), what=said
    )


def turned(one: Assessed) -> Markup:
    """Say which alternatives by themselves overturn a conclusion that is a sign."""
    if not one.conclusion.signed:
        return Markup("")
    if not one.turned:
        return say(_(" No single alternative turns it round."))
    names = [Name(f"{choice} ({words})") for choice, words in one.turned]
    return say(_(" By itself it is turned round by {names}."), names=listing(names))


def figure(study: Study, found: list[Assessed]) -> Figure:
    """Draw for each conclusion the total share of each source in its variance."""
    parts = [one.shares for one in found]
    ends = [q.high or q.value or 0.0 for part in parts for q in part.quantities()]
    end = max(1.0, *ends)
    names = {one.conclusion.name: title(study, one.conclusion).striptags() for one in found}
    drawings = tuple(
        chart("dots")(
            part, down="source", labels={s: s for s in map(source, part.quantities())},
            domain=(0.0, end), caption=title(study, one.conclusion),
        )
        for one, part in zip(found, parts, strict=True)
    )  # fmt: skip
    top = max(parts[0].quantities(), key=lambda q: q.value or 0.0)
    return Figure(
        "hangs",
        say(
            _("{what} hangs most on {source}, {share} of its variance"),
            what=title(study, found[0].conclusion), source=Name(source(top)), share=top,
        ),
        say(
            _("Total share of each source in the variance of a conclusion, interactions included, "
              "so that shares may add up to more than the whole; bars are {level} intervals"),
            level=Name("90 %"),
        ),
        drawings,
        tuple(parts),
        _("Dot charts, one a conclusion: total share of the variance by source, with intervals."),
        Grid("source", "conclusion", names, _("Source")),
        notes=(
            say(
                _("Choices, weights and draws of the data are different in kind: an interval over "
                  "all of them says how far the conclusion can be moved, not how probable it is.")
            ),
        ),
    )  # fmt: skip


def source(q: Quantity) -> str:
    """Return the name of the source of a share."""
    return str(dict(q.cell)["source"])


SECTION = Section("hangs", 7, _("What it hangs on"), build)
