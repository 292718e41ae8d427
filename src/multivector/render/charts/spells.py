"""Spells: what lasted from one day to another, as bars on the time axis."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from multivector.estimate import Estimate
from multivector.render.figure import Chart
from multivector.render.theme import WIDE, Size, Spec, frame, ink, push_apart, styles


class Spell(NamedTuple):
    """One bar: its group and row, where it starts and ends, and how it is drawn.

    Positions are decimal years. ``end`` is None where no end is known; ``mark`` is a day within the
    spell that a dot shows; spells that are not ``strong`` are pale.
    """

    group: str
    row: str
    start: float
    end: float | None
    strong: bool = True
    mark: float | None = None


def spells(
    *estimates: Estimate,
    size: Size,
    across: str,
    bars: Sequence[Spell],
    groups: Mapping[str, str],
    span: tuple[float, float],
    known_to: float | None = None,
    events: Sequence[tuple[str, float]] = (),
    nothing: str = "no data",
    none: str = "none",
) -> Spec:
    """Draw bars over time, one row per group and row name, in the order of *groups* and *bars*.

    The estimates are the yearly figures behind the bars, with the groups in the column *across*;
    the bars show the days. A bar without a known end reaches the end of the axis, or of what the
    record knows (*known_to*), and has an arrow; time after *known_to* is hatched. A group without
    bars is hatched where the estimates have no value for it (*nothing*), and only says so where
    they know that there is none. Names stand beside their bars where they are short, else above.
    Events are numbered.
    """
    wide = size is WIDE
    known = {str(dict(q.cell)[across]) for e in estimates for q in e.quantities() if q.known}
    words_for = {g: none if g in known else nothing for g in groups}
    bars = [b for b in bars if b.start <= span[1] and (b.end is None or b.end >= span[0])]
    reach = max((len(b.row) for b in bars), default=0) * size.text * 0.56 + 12
    beside = reach <= size.width * 0.3
    left = round(reach) if beside else 0
    width = size.width - left - 14
    end = span[1] if known_to is None else min(known_to, span[1])
    table, words, heads, gaps, height = _place(bars, groups, size, span, end, beside=beside)
    a_pixel = (span[1] - span[0]) / width
    for bar in table:
        bar["to"] = max(bar["to"], bar["from"] + 5 * a_pixel)
    x: Spec = {"type": "quantitative", "scale": {"domain": list(span), "nice": False}}
    x["scale"]["zero"] = False
    x["axis"] = {"values": _years(span, wide=wide), "format": "d", "tickCount": 99}
    y: Spec = {"type": "quantitative", "axis": None}
    y["scale"] = {"domain": [height, 0], "nice": False, "zero": False}
    colour = {"field": "colour", "type": "nominal", "scale": None}
    pale = {"field": "opacity", "type": "quantitative", "scale": None}
    box = {
        "x": {**x, "field": "from"}, "x2": {"field": "to"},
        "y": {**y, "field": "top"}, "y2": {"field": "low"},
    }  # fmt: skip
    middle = {"y": {**y, "field": "middle"}}
    hatch = {"mark": {"type": "rect", "fill": "url(#nodata)"}, "encoding": box}
    late = [{"from": end, "to": span[1], "top": 0, "low": height}] if end < span[1] else []
    text = {"type": "text", "align": "left", "lineBreak": "\n"}
    layers: list[Spec] = [
        {"data": {"values": [*(g for g in gaps if g["key"] not in known), *late]}, **hatch},
        *_events(events, size, a_pixel),
        {"mark": {"type": "rect"}, "encoding": {**box, "fill": colour, "opacity": pale}},
        {
            "transform": [{"filter": "datum.open"}],
            "mark": {"type": "point", "shape": "triangle-right", "filled": True, "size": 70,
                     "opacity": 1, "dx": 4},
            "encoding": {"x": {**x, "field": "to"}, **middle, "color": colour, "opacity": pale},
        },
        {
            "transform": [{"filter": "datum.mark !== null"}],
            "mark": {"type": "point", "shape": "circle", "filled": True, "size": 34, "opacity": 1,
                     "fill": ink("paper"), "stroke": ink("ink"), "strokeWidth": 1},
            "encoding": {"x": {**x, "field": "mark"}, **middle},
        },
        {
            "data": {"values": words},
            "mark": {**text, "baseline": "middle"},
            "encoding": {"x": {"value": -left}, **middle, "text": {"field": "name"}},
        },
        {
            "data": {"values": heads},
            "mark": {**text, "fontWeight": 600},
            "encoding": {"x": {"value": -left}, **middle, "text": {"field": "name"}},
        },
        {
            "data": {"values": [{**g, "name": words_for[g["key"]]} for g in gaps]},
            "mark": {**text, "dx": 8, "fill": ink("muted")},
            "encoding": {"x": {**x, "field": "from"}, **middle, "text": {"field": "name"}},
        },
    ]  # fmt: skip
    margins = (left, 26 if events else 8, 14, 26)
    return {**frame(size, height, margins, layers), "data": {"values": table}}


Rows = list[dict[str, Any]]


def _place(
    bars: Sequence[Spell],
    groups: Mapping[str, str],
    size: Size,
    span: tuple[float, float],
    end: float,
    *,
    beside: bool,
) -> tuple[Rows, Rows, Rows, Rows, int]:
    """Return bars, names of rows, names of groups, gaps of empty groups, and the height."""
    look = styles(groups)
    table: Rows = []
    words: Rows = []
    heads: Rows = []
    gaps: Rows = []
    line, head, thick = size.text + 4, size.text + 11, 10
    at = 0
    for key in groups:
        own = [b for b in bars if b.group == key]
        heads.append({"name": groups[key], "middle": at + head / 2})
        at += head
        if not own:
            gaps.append(
                {
                    "key": key,
                    "from": span[0],
                    "to": end,
                    "top": at,
                    "low": at + 18,
                    "middle": at + 9,
                }
            )
            at += 24
        for name in dict.fromkeys(b.row for b in own):
            shown = [name] if beside else textwrap.wrap(name, int(size.width / size.text / 0.52))
            above = 0 if beside else len(shown) * line
            for i, part in enumerate(shown):
                middle = at + (line / 2 if beside else (i + 0.5) * line)
                words.append({"name": part, "middle": middle})
            top = at + (line - thick) / 2 if beside else at + above
            for b in (b for b in own if b.row == name):
                to = end if b.end is None else min(b.end, end)
                table.append(
                    {"from": max(b.start, span[0]), "to": to, "top": top, "low": top + thick,
                     "middle": top + thick / 2, "mark": _inside(b.mark, span),
                     "open": b.end is None, "colour": look[key].colour,
                     "opacity": 1 if b.strong else 0.4}
                )  # fmt: skip
            at += line if beside else above + thick + 6
        at += 6
    return table, words, heads, gaps, at


def _inside(mark: float | None, span: tuple[float, float]) -> float | None:
    return mark if mark is not None and span[0] <= mark <= span[1] else None


def _years(span: tuple[float, float], *, wide: bool) -> list[int]:
    length = span[1] - span[0]
    step = next(s for s in (1, 2, 5, 10, 20, 50) if length / s <= (12 if wide else 5))
    return [y for y in range(round(span[0]), int(span[1]) + 1) if y % step == 0]


def _events(events: Sequence[tuple[str, float]], size: Size, a_pixel: float) -> list[Spec]:
    """Mark events by a dashed line and their number above the plot."""
    if not events:
        return []
    placed = push_apart([at for _, at in events], 18 * a_pixel)
    rows = [
        {"event": number, "at": at, "place": place}
        for (number, at), place in zip(events, placed, strict=True)
    ]
    data = {"values": rows}
    ring = {"type": "point", "shape": "circle", "size": 200, "filled": True, "fill": ink("paper"),
            "stroke": ink("axis"), "strokeWidth": 1, "opacity": 1}  # fmt: skip
    name = {"type": "text", "fontSize": size.text - 2, "fill": ink("muted"), "fontWeight": 600}
    rule = {"type": "rule", "stroke": ink("axis"), "strokeWidth": 1, "strokeDash": [2, 3]}
    place = {"x": {"field": "place", "type": "quantitative"}, "y": {"value": -14}}
    return [
        {"data": data, "mark": rule, "encoding": {"x": {"field": "at", "type": "quantitative"}}},
        {"data": data, "mark": ring, "encoding": place},
        {"data": data, "mark": name, "encoding": {**place, "text": {"field": "event"}}},
    ]


CHART = Chart(
    "spells",
    spells,
    "The yearly Estimates that the bars stand for, and bars: spells in decimal years.",
)
