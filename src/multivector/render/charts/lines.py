"""Lines: one or several series over time, with intervals, events and labels at their ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from multivector.estimate import Estimate
from multivector.render.figure import Chart
from multivector.render.theme import (
    WIDE,
    Size,
    Spec,
    Style,
    frame,
    ink,
    push_apart,
    scale_axis,
    styles,
    ticks,
)

Event = tuple[str, float]
"""The number of an event in the list below, and its position on the time axis."""


def lines(
    estimate: Estimate,
    *,
    size: Size,
    across: str,
    labels: Mapping[str, str],
    events: Sequence[Event] = (),
    height: int = 0,
    domain: tuple[float, float] | None = None,
    years: tuple[int, int] | None = None,
) -> Spec:
    """Draw one line per value of *across* over years, with 50 % and 90 % bands where there are any.

    A year without a value is a gap, never a bridge; years in which no series has a value are
    hatched. Labels stand at the ends of the lines, pushed apart; a lone line needs none. Events
    are numbered.
    """
    keys = [k for k in labels if k in set(estimate.cells[across])]
    look = styles(keys)
    table = rows(estimate, across, keys, years)
    first, last = table[0]["year"], table[-1]["year"]
    low, high = domain or _extent(table, estimate.range)
    steps = ticks(low, high, 5 if size is WIDE else 4)
    low, high = steps[0], steps[-1]
    height = height or (300 if size is WIDE else 230)
    alone = len(keys) == 1
    text = 0 if alone else max(len(labels[k]) for k in keys) * size.text * 0.56
    margins = (44, 26 if events else 10, round(min(text, size.width * 0.36)) + 22, 26)
    # The years end half a year after the last one, so that an event of that year has its place.
    span = [first - 0.3, last + 0.5]
    x: Spec = {
        "field": "year",
        "type": "quantitative",
        "scale": {"domain": span, "nice": False, "zero": False},
    }
    x["axis"] = {"values": _years(first, last, size), "format": "d", "grid": False, "tickCount": 99}
    y: Spec = {"type": "quantitative", "scale": {"domain": [low, high], "zero": False}}
    y["axis"] = scale_axis(steps, estimate.unit)
    colour = {"field": "series", "scale": _range(keys, look, "colour"), "legend": None}
    dash = {"field": "series", "scale": _range(keys, look, "dash"), "legend": None}
    marks = _range(keys, look, "marker")
    shape = {"field": "series", "scale": marks, "legend": None}
    layers: list[Spec] = [
        *_gaps(table, keys),
        *_zero(low, high),
        *event_marks(events, size, (span[1] - span[0]) / (size.width - margins[0] - margins[2])),
    ]
    if any(r["low90"] is not None for r in table):
        for level, opacity in ((90, 0.11), (50, 0.18)):
            band = {"y": {**y, "field": f"low{level}"}, "y2": {"field": f"high{level}"}}
            area = {"type": "area", "opacity": opacity, "line": False}
            layers.append({"mark": area, "encoding": {"x": x, **band, "color": colour}})
    value = {**y, "field": "value"}
    both = {"x": x, "y": value, "color": colour}
    layers.append(
        {
            "mark": {"type": "line", "strokeWidth": 2, "strokeJoin": "round"},
            "encoding": {**both, "strokeDash": dash},
        }
    )
    point = {"type": "point", "filled": True, "size": 38, "opacity": 1}
    layers.append(
        {
            "transform": [{"filter": "datum.mark"}],
            "mark": point,
            "encoding": {**both, "shape": shape},
        }
    )
    gap = (size.text + 3) * (high - low) / height
    if not alone:
        layers.append(_labels(table, labels, colour, gap, span[1]))
    return {**frame(size, height, margins, layers), "data": {"values": table}}


def rows(
    estimate: Estimate, across: str, keys: Sequence[str], years: tuple[int, int] | None = None
) -> list[dict[str, Any]]:
    """Return one row per series and year of the whole span, with nulls where there is no value."""
    table = pl.concat(
        [
            estimate.cells.select(pl.col(across).alias("series"), "year"),
            estimate.summary(0.9).rename({"low": "low90", "high": "high90"}),
            estimate.summary(0.5).select(low50="low", high50="high"),
        ],
        how="horizontal",
    ).filter(pl.col("series").is_in(list(keys)))
    known = table.filter(pl.col("value").is_not_null())["year"]
    span = years or (_int(known.min()), _int(known.max()))
    grid = pl.DataFrame({"series": list(keys)}).join(
        pl.DataFrame({"year": range(span[0], span[1] + 1)}), how="cross"
    )
    full = grid.join(
        table.with_columns(pl.col("year").cast(pl.Int64)), on=["series", "year"], how="left"
    )
    value = pl.col("value")
    before = value.shift(1).over("series", order_by="year")
    after = value.shift(-1).over("series", order_by="year")
    here = value.is_not_null()
    # A marker at the end of each series, and where a lone value has no line through it.
    ends = here & (
        (pl.col("year") == pl.col("year").filter(here).max().over("series"))
        | (before.is_null() & after.is_null())
    )
    return full.with_columns(mark=ends).sort("year", "series").to_dicts()


def _int(value: Any) -> int:
    return int(value)


def _extent(table: list[dict[str, Any]], bounds: tuple[float | None, float | None]) -> Any:
    seen = [r[k] for r in table for k in ("value", "low90", "high90") if r[k] is not None]
    low, high = float(np.min(seen)), float(np.max(seen))
    at_least, at_most = bounds
    if at_least == 0 or low >= 0:
        low = 0.0
    if at_most is not None and np.isfinite(at_most):
        high = min(high, at_most)
    return low, high


def _range(keys: Sequence[str], look: Mapping[str, Style], part: str) -> Spec:
    values = [getattr(look[k], part) for k in keys]
    return {"domain": list(keys), "range": [list(v) if part == "dash" else v for v in values]}


def _years(first: int, last: int, size: Size) -> list[int]:
    step = next(s for s in (1, 2, 5, 10, 20) if (last - first) / s <= (12 if size is WIDE else 5))
    return [y for y in range(first, last + 1) if y % step == 0]


def _zero(low: float, high: float) -> list[Spec]:
    if not low <= 0 <= high:
        return []
    rule = {"type": "rule", "stroke": ink("axis"), "strokeWidth": 1}
    return [
        {
            "data": {"values": [{}]},
            "mark": rule,
            "encoding": {"y": {"datum": 0, "type": "quantitative"}},
        }
    ]


def _gaps(table: list[dict[str, Any]], keys: Sequence[str]) -> list[Spec]:
    """Hatch the years in which no series has a value."""
    seen = {r["year"] for r in table if r["value"] is not None}
    empty = sorted({r["year"] for r in table} - seen)
    if not empty or not keys:
        return []
    boxes = [{"from": y - 0.5, "to": y + 0.5} for y in empty]
    x = {"field": "from", "type": "quantitative"}
    hatch = {"type": "rect", "fill": "url(#nodata)"}
    return [{"data": {"values": boxes}, "mark": hatch, "encoding": {"x": x, "x2": {"field": "to"}}}]


def event_marks(events: Sequence[Event], size: Size, years_a_pixel: float) -> list[Spec]:
    """Return a dotted rule an event and its number in a ring above, rings pushed apart."""
    if not events:
        return []
    placed = push_apart([at for _, at in events], 18 * years_a_pixel)
    data = {
        "values": [
            {"event": number, "at": at, "place": place}
            for (number, at), place in zip(events, placed, strict=True)
        ]
    }
    rule = {"type": "rule", "stroke": ink("axis"), "strokeWidth": 1, "strokeDash": [2, 3]}
    name = {"type": "text", "fontSize": size.text - 2, "fill": ink("muted"), "fontWeight": 600}
    ring = {"type": "point", "shape": "circle", "size": 200, "filled": True, "fill": ink("paper"),
            "stroke": ink("axis"), "strokeWidth": 1, "opacity": 1}  # fmt: skip
    place = {"x": {"field": "place", "type": "quantitative"}, "y": {"value": -14}}
    at = {"x": {"field": "at", "type": "quantitative"}}
    return [
        {"data": data, "mark": rule, "encoding": at},
        {"data": data, "mark": ring, "encoding": place},
        {"data": data, "mark": name, "encoding": {**place, "text": {"field": "event"}}},
    ]


def _labels(
    table: list[dict[str, Any]], labels: Mapping[str, str], colour: Spec, gap: float, right: float
) -> Spec:
    """Label each line at its last value; a series without any value is not labelled."""
    ends = {r["series"]: r["value"] for r in table if r["value"] is not None}
    named = [k for k in labels if k in ends]
    placed = push_apart([ends[k] for k in named], gap)
    data = [{"name": labels[k], "series": k, "at": y} for k, y in zip(named, placed, strict=True)]
    return {
        "data": {"values": data},
        "mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": 600, "clip": False},
        "encoding": {
            "x": {"datum": right, "type": "quantitative"},
            "y": {"field": "at", "type": "quantitative"},
            "text": {"field": "name"},
            "color": colour,
        },
    }


CHART = Chart(
    "lines",
    lines,
    "One Estimate with cells (…, series, year); the series column (partner, state, eu …) is named "
    "by across.",
)
