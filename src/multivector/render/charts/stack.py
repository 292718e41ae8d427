"""Stack: parts of a whole by year, one bar a year, with a legend above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from multivector.estimate import Estimate
from multivector.quantity import Quantity
from multivector.render.charts.lines import Event, event_marks
from multivector.render.figure import Chart
from multivector.render.theme import WIDE, Size, Spec, frame, ink, scale_axis


def stack(
    parts: Estimate,
    sign: Estimate | None = None,
    *,
    size: Size,
    across: str,
    labels: Mapping[str, str],
    colours: Mapping[str, str],
    turned: Mapping[str, tuple[str, str, str]] | None = None,
    events: Sequence[Event] = (),
    height: int = 0,
) -> Spec:
    """Draw the parts of a whole as one bar a year, from the bottom up in the order of *labels*.

    *turned* names parts that have a side: where the value of *sign* in the year is above zero
    such a part takes the first of its keys of *labels* and *colours*, below zero the second, and
    the third where its interval holds zero. A year of which some part is not known is hatched;
    nothing is filled in.
    """
    turns = dict(turned or {})
    rows = _rows(parts, sign, across, labels, turns)
    years = [r["year"] for r in rows]
    first, last = min(years), max(years)
    wide = size is WIDE
    height = height or (220 if wide else 190)
    steps = [0.0, 0.25, 0.5, 0.75, 1.0]
    legend, depth = _legend(labels, colours, size)
    margins = (44, 12 + 20 * depth + (20 if events else 0), 12, 26)
    span = [first - 0.6, last + 0.6]
    x: Spec = {"type": "quantitative", "scale": {"domain": span, "nice": False, "zero": False}}
    every = 5 if last - first > 8 else 1
    marks = [y for y in range(first, last + 1) if y % every == 0]
    x["axis"] = {"values": marks, "format": "d", "grid": False, "tickCount": 99}
    y: Spec = {"type": "quantitative", "scale": {"domain": [0, 1], "nice": False}}
    y["axis"] = scale_axis(steps, parts.unit)
    colour = {"field": "colour", "type": "nominal", "scale": None}
    known = [{**r, "colour": colours[r["series"]]} for r in rows if r["value"] is not None]
    gaps = [
        {"from": t - 0.45, "to": t + 0.45}
        for t in range(first, last + 1)
        if t not in {r["year"] for r in known}
    ]
    box = {"x2": {"field": "to"}, "y2": {"field": "top"}}
    layers: list[Spec] = [
        {
            "mark": {"type": "rect", "stroke": ink("paper"), "strokeWidth": 1},
            "encoding": {
                "x": {**x, "field": "from"}, "y": {**y, "field": "bottom"}, **box, "fill": colour,
            },
        },
        *_hatched(gaps, x),
        *event_marks(events, size, (span[1] - span[0]) / (size.width - margins[0] - margins[2])),
        *(_key(entry, margins) for entry in legend),
    ]  # fmt: skip
    return {**frame(size, height, margins, layers), "data": {"values": known}}


def _rows(
    parts: Estimate,
    sign: Estimate | None,
    across: str,
    labels: Mapping[str, str],
    turned: Mapping[str, tuple[str, str, str]],
) -> list[dict[str, Any]]:
    """Return one row per part and year, stacked; a year with a gap has no values."""
    side = {dict(q.cell)["year"]: q for q in sign.quantities()} if sign is not None else {}
    held: dict[int, dict[str, Quantity]] = {}
    for q in parts.quantities():
        cell = dict(q.cell)
        held.setdefault(int(cell["year"]), {})[str(cell[across])] = q
    table: list[dict[str, Any]] = []
    for year, found in sorted(held.items()):
        whole = all(q.known for q in found.values())
        ordered = sorted(
            ((_turn(k, side.get(year), turned), q) for k, q in found.items()),
            key=lambda pair: list(labels).index(pair[0]),
        )
        at = 0.0
        for key, q in ordered:
            value = q.value if whole else None
            top = at + (value or 0.0)
            table.append(
                {"year": year, "series": key, "value": value, "bottom": at, "top": min(top, 1.0),
                 "from": year - 0.45, "to": year + 0.45}
            )  # fmt: skip
            at = min(top, 1.0)
    return table


def _turn(part: str, sign: Quantity | None, turned: Mapping[str, tuple[str, str, str]]) -> str:
    if part not in turned:
        return part
    if sign is None or not sign.value:
        return turned[part][2]
    low, high = sign.low, sign.high
    unsure = low is not None and high is not None and low <= 0 <= high
    return turned[part][2 if unsure else 0 if sign.value > 0 else 1]


def _hatched(gaps: Sequence[Mapping[str, float]], x: Spec) -> list[Spec]:
    if not gaps:
        return []
    mark = {"type": "rect", "fill": "url(#nodata)"}
    whole = {"x": {**x, "field": "from"}, "x2": {"field": "to"}}
    return [{"data": {"values": list(gaps)}, "mark": mark, "encoding": whole}]


def _legend(
    labels: Mapping[str, str], colours: Mapping[str, str], size: Size
) -> tuple[list[dict[str, Any]], int]:
    """Return the entries of the legend with their places, and the number of its lines."""
    entries: list[dict[str, Any]] = []
    at, line = 0.0, 0
    for key, name in labels.items():
        width = 24 + len(name) * size.text * 0.55
        if at and at + width > size.width - 56:
            at, line = 0.0, line + 1
        entries.append({"x": at, "line": line, "name": name, "colour": colours[key]})
        at += width + 8
    return entries, line + 1


def _key(entry: Mapping[str, Any], margins: tuple[int, int, int, int]) -> Spec:
    y = {"value": entry["line"] * 20 - margins[1] + 12}
    text = {"type": "text", "align": "left", "text": entry["name"]}
    mark = {"type": "point", "shape": "square", "filled": True, "size": 110, "opacity": 1}
    return {
        "data": {"values": [{}]},
        "layer": [
            {
                "mark": {**mark, "fill": entry["colour"]},
                "encoding": {"x": {"value": entry["x"] + 6}, "y": y},
            },
            {"mark": text, "encoding": {"x": {"value": entry["x"] + 17}, "y": y}},
        ],
    }


CHART = Chart("stack", stack, "Parts that add up to one, by year; optionally the sign of a part.")
