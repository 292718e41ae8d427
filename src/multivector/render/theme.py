"""Theme: the colours, dashes and markers of every drawing, and the geometry they share.

A specification holds the light inks as plain hex colours, so that it draws the same in any
Vega-Lite viewer. In a page each hex becomes the CSS variable of its ink, so that dark mode and
print need no second drawing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Spec = dict[str, Any]

INKS: Mapping[str, tuple[str, str]] = {
    # name: (on white, on the dark ground); every light value is distinct
    "paper": ("#FFFFFF", "#12161B"),
    "ink": ("#1B1F24", "#E8EAED"),
    "muted": ("#5A6470", "#A3ADB8"),
    "rule": ("#DDE1E6", "#2C343D"),
    "axis": ("#8D96A1", "#6B7682"),
    "hatch": ("#C3CAD2", "#3E4853"),
    "rus": ("#AD3F00", "#E5662E"),
    "chn": ("#BD8800", "#F0B429"),
    "usa": ("#0A559A", "#3E95D8"),
    "eu": ("#C264A0", "#D48ABB"),
    "tur": ("#007A57", "#2FB58C"),
    "ind": ("#3C9AD4", "#8CCBF2"),
    "main": ("#17446B", "#7FB4E6"),
    "second": ("#6E7781", "#9AA4AF"),
    "ramp-0": ("#EEF4F8", "#19232C"),
    "ramp-1": ("#D3E3EE", "#1E3242"),
    "ramp-2": ("#A9C8DD", "#24475F"),
    "ramp-3": ("#74A5C6", "#34688B"),
    "ramp-4": ("#3F7CA8", "#5F9AC2"),
    "ramp-5": ("#1B5382", "#A4CCE8"),
    "on-low": ("#1B1F25", "#E8EAEE"),
    "on-high": ("#FFFFFE", "#0E1318"),
}
"""Every colour by name. Partner colours are Okabe–Ito darkened; the ramp has one hue."""

RAMP = tuple(INKS[f"ramp-{i}"][0] for i in range(6))
RAMP_TURN = 4
"""The first step of the ramp that carries light text on white paper."""


def ink(name: str) -> str:
    """Return the light value of a colour, as specifications hold it."""
    return INKS[name][0]


@dataclass(frozen=True, slots=True)
class Style:
    """How one series looks wherever it occurs: colour, dash and marker."""

    colour: str
    dash: tuple[float, ...]
    marker: str


STYLES: Mapping[str, Style] = {
    "RUS": Style(ink("rus"), (), "circle"),
    "CHN": Style(ink("chn"), (8, 2.5), "square"),
    "USA": Style(ink("usa"), (3, 2), "triangle-up"),
    "EU27_2020": Style(ink("eu"), (10, 2.5, 2, 2.5), "diamond"),
    "EU": Style(ink("eu"), (10, 2.5, 2, 2.5), "diamond"),
    "TUR": Style(ink("tur"), (5, 2, 1.5, 2), "triangle-down"),
    "IND": Style(ink("ind"), (1.5, 2), "cross"),
}
"""Partners whose look is fixed for good; six at most in one chart, the rest grey."""

_PLAIN = (
    Style(ink("main"), (), "circle"),
    Style(ink("second"), (6, 3), "square"),
    Style(ink("axis"), (2, 2), "diamond"),
    Style(ink("axis"), (1, 3), "triangle-up"),
)


def styles(keys: Iterable[str]) -> dict[str, Style]:
    """Return the style of each series: fixed for known partners, otherwise by position.

    >>> styles(["RUS", "ROW"])["ROW"].colour == ink("second")
    True
    """
    keys = list(keys)
    known = {k: STYLES[k] for k in keys if k in STYLES}
    rest = [k for k in keys if k not in known]
    offset = 1 if known else 0
    plain = {k: _PLAIN[min(i + offset, len(_PLAIN) - 1)] for i, k in enumerate(rest)}
    return {k: known.get(k) or plain[k] for k in keys}


@dataclass(frozen=True, slots=True)
class Size:
    """A design width: ``wide`` for a page's column, ``narrow`` for a phone or half a column."""

    name: str
    width: int
    text: int


WIDE = Size("wide", 720, 13)
NARROW = Size("narrow", 350, 12)
SIZES = (WIDE, NARROW)
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.4.1.json"
VL_VERSION = "6.4"


def frame(
    size: Size, height: int, margins: tuple[int, int, int, int], layers: Sequence[Spec]
) -> Spec:
    """Return a specification of fixed geometry: nothing depends on how text is measured.

    Parameters
    ----------
    height
        Height of the plot in pixels, without margins.
    margins
        Left, top, right, bottom in pixels; the total width is that of *size*.
    """
    left, top, right, bottom = margins
    axis = {
        "tickCount": 99, "labelColor": ink("muted"), "labelFontSize": size.text, "labelPadding": 6,
        "title": None, "domain": False, "ticks": False, "grid": True, "gridColor": ink("rule"),
        "labelOverlap": False, "labelBound": False, "labelFlush": False,
    }  # fmt: skip
    return {
        "$schema": SCHEMA,
        "width": size.width - left - right,
        "height": height,
        "autosize": {"type": "none"},
        "padding": {"left": left, "top": top, "right": right, "bottom": bottom},
        "background": "transparent",
        "layer": list(layers),
        "config": {
            "aria": False,
            "font": "system-ui, sans-serif",
            "view": {"stroke": None},
            "axis": axis,
            "text": {"fontSize": size.text, "fill": ink("ink"), "baseline": "middle"},
        },
    }


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Return round tick values that enclose [*low*, *high*].

    >>> ticks(0, 0.43)
    [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]
    """
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(span / about))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= span / about * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 12) for i in range(first, max(last, first + 1) + 1)]


def scale_axis(steps: Sequence[float], unit: str) -> Spec:
    """Return an axis that shows exactly *steps*, written as *unit* calls for.

    >>> scale_axis([0.0, 0.5], "share 0–1")["labelExpr"]
    '{"0": "0%", "0.5": "50%"}[datum.value]'
    """
    texts = {_key(v): _tick(v, unit) for v in steps}
    words = json.dumps(texts, ensure_ascii=False)
    return {"values": list(steps), "tickCount": 99, "labelExpr": f"{words}[datum.value]"}


def _key(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(value)


def _tick(value: float, unit: str) -> str:
    """Write a tick: money in the largest unit that leaves a whole part, shares in per cent.

    Changes of shares are percentage points, as the figures beside them say.
    """
    if unit.startswith("share"):
        sign = "" if "change" in unit else "%"
        return f"{100 * value:g}{sign}".replace("-", "\N{MINUS SIGN}")
    money = unit.startswith(("current", "thousand current"))
    size = value * (1000 if unit.startswith("thousand") else 1)
    for factor, word in ((1e12, " tn"), (1e9, " bn"), (1e6, " m")):
        if money and abs(size) >= factor:
            return f"{size / factor:g}{word}"
    return f"{value:g}".replace("-", "\N{MINUS SIGN}")


def push_apart(at: Sequence[float], gap: float) -> list[float]:
    """Return positions as near as possible to *at*, no two closer than *gap* (least squares).

    >>> push_apart([1.0, 1.0, 5.0], 1.0)
    [0.5, 1.5, 5.0]
    """
    order = sorted(range(len(at)), key=lambda i: at[i])
    blocks: list[list[float]] = []  # mean of (position − rank × gap), and how many
    for rank, i in enumerate(order):
        blocks.append([at[i] - rank * gap, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, n = blocks.pop()
            blocks[-1] = [
                (blocks[-1][0] * blocks[-1][1] + mean * n) / (blocks[-1][1] + n),
                blocks[-1][1] + n,
            ]
    flat = [mean for mean, n in blocks for _ in range(int(n))]
    placed = [0.0] * len(at)
    for rank, i in enumerate(order):
        placed[i] = flat[rank] + rank * gap
    return placed
