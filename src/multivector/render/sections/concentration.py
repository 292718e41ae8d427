"""Concentration: how few partners carry trade, with the EU as one and as members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.quantity import Quantity
from multivector.registry import find
from multivector.render.figure import Figure, Grid
from multivector.render.section import Block, Run, Section
from multivector.render.sections._shared import (
    change,
    events_in,
    known_years,
    measure,
    prose,
)
from multivector.render.sections._shared import year as y
from multivector.render.text import Year, _, actor, say, years

if TYPE_CHECKING:
    from multivector.study import Study

WAYS = {"one": _("EU as one"), "members": _("EU as members")}


def headline(study: Study, run: Run) -> Markup | None:
    """Say how the effective number of partners moved, counted both ways."""
    ends = _ends(study, run)
    if ends is None:
        return None
    return say(
        _(
            "Between {first} and {last} the effective number of {focal}’s trade partners {one} "
            "with the EU as one partner ({a}, then {b}) and {all} with its members apart "
            "({c}, then {d})."
        ),
        focal=actor(study.focal, study.language),
        first=_when(ends["one"][0]), last=_when(ends["one"][1]),
        one=VERBS[_moved(*ends["one"])], all=VERBS[_moved(*ends["members"])],
        a=ends["one"][0], b=ends["one"][1], c=ends["members"][0], d=ends["members"][1],
    )  # fmt: skip


def title(study: Study, run: Run) -> Markup:
    """Say in which direction concentration went, counted both ways."""
    ends = _ends(study, run)
    if ends is None:
        return say(_("Concentration of trade"))
    one, members = (_moved(*ends[w]) for w in WAYS)
    parts = {"first": _when(ends["one"][0]), "last": _when(ends["one"][1])}
    if one == members:
        words = {
            1: _("Trade was less concentrated in {last} than in {first}, counted either way"),
            0: _("Trade was about as concentrated in {last} as in {first}, counted either way"),
            -1: _("Trade was more concentrated in {last} than in {first}, counted either way"),
        }
        return say(words[one], **parts)
    less = {1: _("lower"), 0: _("hardly changed"), -1: _("higher")}
    return say(
        _(
            "Concentration in {last} against {first}: {one} with the EU as one, {all} with its "
            "members apart"
        ),
        one=less[one], all=less[members], **parts,
    )  # fmt: skip


VERBS = {1: _("rose"), 0: _("hardly changed"), -1: _("fell")}
HARDLY = 0.05
"""A change by less than this share of the first value is not called a rise or a fall."""


def _ends(study: Study, run: Run) -> dict[str, tuple[Quantity, Quantity]] | None:
    number = run(measure("effective_partners", focal=study.focal))
    found = known_years(number)
    if len(found) < 2:
        return None
    return {w: (number.at(eu=w, year=found[0]), number.at(eu=w, year=found[-1])) for w in WAYS}


def _moved(first: Quantity, last: Quantity) -> int:
    step = change(first, last)
    if not abs(step) >= HARDLY * abs(first.value or 1.0):
        return 0
    return 1 if step > 0 else -1


def _when(q: Quantity) -> Year:
    return y(int(dict(q.cell)["year"]))


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    index = run(measure("hhi", focal=study.focal))
    number = run(measure("effective_partners", focal=study.focal))
    span = known_years(index)
    markers, rows = events_in(study, span)
    lines = find("render.charts", "lines")
    blocks: list[Block] = [
        prose(
            _(
                "A state that trades evenly with many partners depends less on any one of them. "
                "The Herfindahl–Hirschman index is the sum of squared shares; its inverse is the "
                "number of equal partners that would be as concentrated. Counting the EU as one "
                "partner or as its members is a choice, and both are shown."
            )
        ),
        Figure(
            "concentration",
            title(study, run),
            say(
                _("Concentration of {focal}’s goods trade over all partners, {when}"),
                focal=actor(study.focal, study.language), when=years(span),
            ),
            (
                lines(number, across="eu", labels=WAYS, events=markers,
                      caption=say(_("Effective number of partners"))),
                lines(index, across="eu", labels=WAYS, events=markers,
                      caption=say(_("Herfindahl–Hirschman index: higher is more concentrated"))),
            ),
            (number, index),
            _("Two line charts by year, each with the EU as one partner and as its members."),
            Grid("year", "eu", WAYS, _("Year")),
            events=rows,
        ),
    ]  # fmt: skip
    blocks.append(balance(study, run))
    return blocks


def balance(study: Study, run: Run) -> Figure:
    """Draw how evenly trade with the named partners is spread over them."""
    even = run(measure("balance", focal=study.focal, partners=study.partners))
    span = known_years(even)
    first, last = even.at(year=span[0]), even.at(year=span[-1])
    labels = {study.focal: _("Balance")}
    return Figure(
        "balance",
        say(
            _("Balance among the named partners: {last} in {when}, after {first} in {then}"),
            last=last, when=y(span[-1]), first=first, then=y(span[0]),
        ),
        say(
            _(
                "Normalised entropy of {focal}’s trade with the named partners alone, {when}; one "
                "is equal shares, zero is a single partner"
            ),
            focal=actor(study.focal, study.language), when=years(span),
        ),
        (find("render.charts", "lines")(even, across="state", labels=labels, height=180),),
        (even,),
        _("Line chart: balance of trade among the named partners by year."),
        Grid("year", "state", labels, _("Year")),
        notes=(
            say(
                _(
                    "Equal shares are the target here. A target is a political statement: another "
                    "one, such as shares in proportion to size, gives another figure."
                )
            ),
        ),
    )  # fmt: skip


SECTION = Section("concentration", 60, _("How concentrated"), build, headline)
