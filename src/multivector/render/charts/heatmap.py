"""Heat map: rows by columns on a stepped scale of one hue, with every value printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from multivector.estimate import Estimate
from multivector.render.figure import Chart
from multivector.render.theme import RAMP, RAMP_TURN, WIDE, Size, Spec, frame, ink

Block = tuple[str, Mapping[str, str]]
"""The title of a block of rows that share a scale, and the names of its rows."""


def heatmap(
    *estimates: Estimate,
    size: Size,
    rows: Sequence[str],
    across: str,
    blocks: Sequence[Block],
    columns: Mapping[str, str],
    short: Mapping[str, str] | None = None,
    nothing: str = "no data",
) -> Spec:
    """Colour a cell per estimate and value of *across*, in blocks of rows.

    *rows* names the estimates; a row of a block that none of them answers to has no data. Each
    block has its own stepped scale from zero to its largest value, so that shares of trade and
    agreement of votes are never compared by shade. Cells without a value are hatched and say so
    in words. On a narrow page the names of rows stand above their cells, and *short* names of
    columns take the place of long ones where they are given.
    """
    known = dict(zip(rows, estimates, strict=True))
    wide = size is WIDE
    small = size.text if wide else size.text - 1
    high, above, title = (40, 0, 34) if wide else (34, 21, 30)
    left = 176 if wide else 0
    width = (size.width - left) / max(len(columns), 1)
    cells: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    titles: list[dict[str, Any]] = []
    y = 0.0
    for heading, wanted in blocks:
        titles.append({"name": heading, "y": y + title / 2})
        y += title
        for row in _cells(known, across, wanted, columns, nothing):
            names.append({"name": row[0]["name"], "y": y + (high / 2 if wide else above / 2)})
            for k, cell in enumerate(row):
                box = {"x": k * width + 1, "x2": (k + 1) * width - 1}
                box |= {"y": y + above + 1, "y2": y + above + high - 1}
                middle = {"cx": (k + 0.5) * width, "cy": y + above + high / 2}
                cells.append({**cell, **box, **middle})
            y += high + above
        y += 8
    across_names = [
        {"name": n if wide else n.replace(" ", "\n"), "cx": (k + 0.5) * width}
        for k, n in enumerate((columns if wide else short or columns).values())
    ]

    top = 36 if any("\n" in str(n["name"]) for n in across_names) else 22

    def place(field: str, end: float, *, flip: bool = False) -> Spec:
        scale = {"domain": [end, 0] if flip else [0, end], "nice": False, "zero": False}
        return {"field": field, "type": "quantitative", "axis": None, "scale": scale}

    def x(field: str) -> Spec:
        return place(field, size.width - left)

    def down_to(field: str) -> Spec:
        return place(field, y, flip=True)

    def own(field: str) -> Spec:
        return {"field": field, "type": "nominal", "scale": None}

    text = {"type": "text", "fontSize": small, "lineBreak": "\n"}
    layers: list[Spec] = [
        {
            "mark": {"type": "rect"},
            "encoding": {
                "x": x("x"), "x2": {"field": "x2"}, "y": down_to("y"), "y2": {"field": "y2"},
                "fill": own("fill"),
            },
        },
        {
            "mark": text,
            "encoding": {
                "x": x("cx"), "y": down_to("cy"), "text": {"field": "says"}, "color": own("tone"),
            },
        },
        {
            "data": {"values": across_names},
            "mark": {**text, "fontWeight": 600, "baseline": "line-top", "lineHeight": 14},
            "encoding": {"x": x("cx"), "y": {"value": 2 - top}, "text": {"field": "name"}},
        },
        {
            "data": {"values": names},
            "mark": {**text, "align": "left", "fontSize": size.text},
            "encoding": {
                "x": {"value": -left}, "y": down_to("y"), "text": {"field": "name"},
            },
        },
        {
            "data": {"values": titles},
            "mark": {**text, "align": "left", "fontWeight": 600, "fill": ink("muted")},
            "encoding": {
                "x": {"value": -left}, "y": down_to("y"), "text": {"field": "name"},
            },
        },
    ]  # fmt: skip
    return {**frame(size, round(y), (left, top, 0, 2), layers), "data": {"values": cells}}


def _cells(
    known: Mapping[str, Estimate],
    across: str,
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    nothing: str,
) -> list[list[dict[str, Any]]]:
    """Return the cells of a block, row by row, with shade, words and tone."""
    found = {
        (r, str(dict(q.cell)[across])): q for r in rows if r in known for q in known[r].quantities()
    }
    top = max((q.value for q in found.values() if q.value is not None), default=0.0) or 1.0
    table: list[list[dict[str, Any]]] = []
    for r, name in rows.items():
        row: list[dict[str, Any]] = []
        for c in columns:
            q = found.get((r, c))
            value = None if q is None else q.value
            level = -1 if value is None else min(int(len(RAMP) * value / top), len(RAMP) - 1)
            tone = "muted" if value is None else "on-high" if level >= RAMP_TURN else "on-low"
            row.append(
                {
                    "row": r,
                    across: c,
                    "name": name,
                    "value": value,
                    "fill": "url(#nodata)" if value is None else RAMP[max(level, 0)],
                    "tone": ink(tone),
                    "says": nothing if q is None or value is None else q.figure,
                }
            )
        table.append(row)
    return table


CHART = Chart("heatmap", heatmap, "One Estimate a row, with one cell per value of across.")
