"""Dots: a comparison on one axis, each value with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from multivector.estimate import Estimate
from multivector.render.figure import Chart
from multivector.render.theme import WIDE, Size, Spec, frame, ink, scale_axis, ticks


def dots(
    *estimates: Estimate,
    size: Size,
    down: str,
    labels: Mapping[str, str],
    highlight: str = "",
    domain: tuple[float, float] | None = None,
    nothing: str = "no data",
) -> Spec:
    """Draw one dot per value of *down*, with its 90 % interval, in the order of *labels*.

    Several estimates of one unit may each bring some of the rows.
    Rows without a value are hatched and say so; the highlighted row stands out.
    """
    table = _rows(estimates, down, labels, highlight, nothing)
    seen = [r[k] for r in table for k in ("value", "low", "high") if r[k] is not None]
    low, high = domain or (min([0.0, *seen]), max(seen, default=1.0))
    steps = ticks(low, high, 5 if size is WIDE else 4)
    step = 26
    left = round(min(size.width * 0.4, max(len(n) for n in labels.values()) * 7.2 + 16))
    right = max(64, 14 + 7 * max(len(r["says"]) for r in table))
    margins = (left, 24, right, 4)
    height = step * len(table)
    x: Spec = {"type": "quantitative", "scale": {"domain": [steps[0], steps[-1]], "nice": False}}
    x["axis"] = {**scale_axis(steps, estimates[0].unit), "orient": "top"}
    y: Spec = {"field": "at", "type": "quantitative", "axis": None}
    y["scale"] = {"domain": [len(table), 0], "nice": False}
    known = [{"filter": "datum.value !== null"}]
    colour = {"field": "colour", "type": "nominal", "scale": None}
    value = {**x, "field": "value"}
    ends = {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y, "color": colour}
    words = {"field": "colour", "type": "nominal", "scale": None}
    layers: list[Spec] = [
        *_zero(steps),
        {
            "transform": [{"filter": "datum.low !== null"}],
            "mark": {"type": "rule", "strokeWidth": 2.5, "opacity": 0.45},
            "encoding": ends,
        },
        {
            "transform": known,
            "mark": {"type": "point", "filled": True, "size": 75, "opacity": 1},
            "encoding": {"x": value, "y": y, "color": colour},
        },
        {
            "transform": known,
            "mark": {"type": "text", "align": "left", "dx": 14},
            "encoding": {"x": {"value": size.width - left - right}, "y": y,
                         "text": {"field": "says"}, "color": words},
        },
        {
            "mark": {"type": "text", "align": "right", "dx": -10, "fill": ink("ink")},
            "encoding": {"x": {"value": 0}, "y": y, "text": {"field": "name"}},
        },
        *_missing(table, size.width - left - right, nothing),
    ]  # fmt: skip
    return {**frame(size, height, margins, layers), "data": {"values": table}}


def _zero(steps: list[float]) -> list[Spec]:
    """Mark zero where values lie on both sides of it."""
    if not steps[0] < 0 < steps[-1]:
        return []
    rule = {"type": "rule", "stroke": ink("axis"), "strokeWidth": 1.5}
    x = {"datum": 0, "type": "quantitative"}
    return [{"data": {"values": [{}]}, "mark": rule, "encoding": {"x": x}}]


def _missing(table: list[dict[str, Any]], width: int, nothing: str) -> list[Spec]:
    """Hatch the rows without a value, with the words beside."""
    boxes = [{"top": r["at"] - 0.3, "end": r["at"] + 0.3} for r in table if r["value"] is None]
    if not boxes:
        return []
    top = {"field": "top", "type": "quantitative"}
    words = {"type": "text", "align": "left", "dx": 14, "fill": ink("muted")}
    return [
        {
            "data": {"values": boxes},
            "mark": {"type": "rect", "fill": "url(#nodata)"},
            "encoding": {
                "x": {"value": 0}, "x2": {"value": width}, "y": top, "y2": {"field": "end"},
            },
        },
        {
            "data": {"values": [{"at": b["top"] + 0.3, "says": nothing} for b in boxes]},
            "mark": words,
            "encoding": {
                "x": {"value": width},
                "y": {"field": "at", "type": "quantitative"},
                "text": {"field": "says"},
            },
        },
    ]  # fmt: skip


def _rows(
    estimates: Sequence[Estimate],
    down: str,
    labels: Mapping[str, str],
    highlight: str,
    nothing: str,
) -> list[dict[str, Any]]:
    known = {dict(q.cell)[down]: q for e in estimates for q in e.quantities()}
    table: list[dict[str, Any]] = []
    for i, (key, name) in enumerate(labels.items()):
        q = known.get(key)
        value = None if q is None else q.value
        table.append(
            {"key": key, "name": name, "at": i + 0.5, "value": value,
             "low": None if q is None else q.low, "high": None if q is None else q.high,
             "says": nothing if q is None or value is None else q.figure,
             "colour": ink("main") if key == highlight or not highlight else ink("second")}
        )  # fmt: skip
    return table


CHART = Chart("dots", dots, "Estimates of one unit, one cell per value of the column down.")
