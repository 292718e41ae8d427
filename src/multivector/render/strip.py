"""Strips: the numbers of a verdict by source against what is claimed, as one small drawing.

They are written as SVG here, not through Vega, since a report has some eighty of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from multivector.claims.model import Reading, Told, Verdict
from multivector.claims.spans import LAST, between, claimed, number
from multivector.claims.wording import claimed_text, value_text

WIDTH, LEFT, RIGHT = 560.0, 8.0, 552.0
ROW, HIGH = 30.0, 120.0
COLOURS = ("main", "rus", "tur", "usa", "second")
FEWEST = 3
"""Years from which an answer is drawn as a line over time."""
Ends = tuple[float, float]


@dataclass(frozen=True)
class Scale:
    """A linear scale from values to pixels."""

    low: float
    high: float
    start: float
    stop: float

    def __call__(self, value: float) -> float:
        """Return the pixel of *value*; values beyond the scale stand at its end."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return round(self.start + min(max(share, 0.0), 1.0) * (self.stop - self.start), 1)


def strip(verdict: Verdict) -> Markup:
    """Return the drawing of a verdict; empty where its answers have no numbers of one unit.

    Answers with three or more years are lines over years, others dots with intervals, spells and
    days are bars on a line of time. The shaded band is what is claimed.
    """
    spells = [t for t in verdict.told if t.spells]
    if spells:
        return _bars(verdict, [(t, _days(t)) for t in spells])
    dated = [t for t in verdict.told if t.dated and t.readings]
    if dated:
        return _bars(verdict, [(t, [_ends(r) for r in t.readings]) for t in dated])
    shown = [t for t in verdict.told if any(number(r.value) for r in t.readings)]
    shown = [t for t in shown if t.unit == shown[0].unit and not t.readings[0].unit]
    series = [t for t in shown if len(_years(t)) >= FEWEST]
    if (series and verdict.claim.kind != "causal") or (series and len(series) == len(shown)):
        return _lines(verdict, series[: len(COLOURS)])
    return _dots(verdict, shown) if shown else Markup("")


# three forms --------------------------------------------------------------------------------------


def _lines(verdict: Verdict, told: Sequence[Told]) -> Markup:
    points = [(t, _years(t)) for t in told]
    band = claimed_band(verdict, told[0])
    known = [x for _, p in points for _year, ends in p for x in ends]
    ends = [*known, *(x for x in band or () if abs(x) != float("inf"))]
    low, high = min(ends), max(ends)
    years = [y for _, p in points for y, _ends in p]
    across = Scale(min(years), max(years), LEFT + 44, RIGHT - 6)
    up = Scale(low, high, *((12.0, HIGH) if told[0].unit == "rank" else (HIGH, 12.0)))
    sides = sorted(map(up, band)) if band else []
    parts = [_band(LEFT + 44, sides[0], RIGHT, sides[1])] if band else []
    for value in (low, high):
        words = value_text(value, told[0])
        parts.append(_text(LEFT + 38, up(value) + 4, words, "end"))
        parts.append(_line(LEFT + 44, up(value), RIGHT, up(value), "rule"))
    for colour, (_told, line) in zip(COLOURS, points, strict=False):
        path = " ".join(f"{across(y)},{up(sum(e) / 2)}" for y, e in line)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="var(--{colour})" stroke-width="1.8"/>'
        )
        end = line[-1]
        parts.append(_dot(across(end[0]), up(sum(end[1]) / 2), colour))
    parts.append(_text(LEFT + 44, HIGH + 16, str(min(years)), "start"))
    parts.append(_text(RIGHT, HIGH + 16, str(max(years)), "end"))
    return _svg(parts, HIGH + 20, verdict, told, key=len(told) > 1)


def _dots(verdict: Verdict, told: Sequence[Told]) -> Markup:
    rows = [(t, _last(t)) for t in told]
    band = claimed_band(verdict, told[0])
    known = [x for _, r in rows for x in (r.value, r.low, r.high) if number(x)]
    low, high = _room([*known, *(x for x in band or () if abs(x) != float("inf"))])
    across = Scale(low, high, LEFT + 6, RIGHT - 6)
    tall = ROW * len(rows) + 8
    parts = [_band(across(band[0]), 0, across(band[1]), tall)] if band else []
    for i, (one, reading) in enumerate(rows):
        y = ROW * i + 24
        value = reading.value if number(reading.value) else 0.0
        x = across(value)
        if reading.low is not None and reading.high is not None:
            parts.append(_line(across(reading.low), y, across(reading.high), y, "main"))
        parts.append(_dot(x, y, "main"))
        parts.append(_label(x, y - 9, f"{one.source}: {value_text(value, one)}"))
    return _svg(parts, tall, verdict, told)


def _bars(verdict: Verdict, rows: Sequence[tuple[Told, list[Ends]]]) -> Markup:
    claim = verdict.claim
    wanted = claimed(claim) if claim.kind == "date" else None
    if claim.since or claim.until:
        first, last = between(claim.since or claim.until)
        wanted = (float(first.toordinal()), float(last.toordinal()))
    today = max([e for _, spans in rows for pair in spans for e in pair if e < LAST.toordinal()])
    known = [e for _, spans in rows for pair in spans for e in pair if e < LAST.toordinal()]
    low, high = min([*known, *(wanted or ())]), max([*known, *(wanted or ()), today])
    low, high = low - 0.03 * (high - low) - 200, high + 0.03 * (high - low) + 200
    across = Scale(low, high, LEFT, RIGHT)
    tall = ROW * len(rows) + 8
    parts = [_band(across(wanted[0]), 0, across(wanted[1]) + 2, tall)] if wanted else []
    for i, (one, spans) in enumerate(rows):
        y = ROW * i + 20
        for start, stop in spans:
            width = max(across(stop) - across(start), 3.0)
            parts.append(
                f'<rect x="{across(start)}" y="{y}" width="{width:.1f}" height="8" '
                'fill="var(--main)"/>'
            )
        parts.append(_label(across(min(s for s, _ in spans)), y - 6, one.source))
    parts.append(_text(LEFT, tall + 14, str(date.fromordinal(int(low)).year), "start"))
    parts.append(_text(RIGHT, tall + 14, str(date.fromordinal(int(high)).year), "end"))
    return _svg(parts, tall + 18, verdict, [t for t, _ in rows])


# what they share ----------------------------------------------------------------------------------


def claimed_band(verdict: Verdict, told: Told) -> Ends | None:
    """Return the interval that is claimed, open to one side for an inequality."""
    span = claimed(verdict.claim) if verdict.claim.comparator != "is" else None
    if span is None:
        return None
    if verdict.claim.comparator in (">", "≥"):
        return span[0], float("inf")
    if verdict.claim.comparator in ("<", "≤"):
        return float("-inf"), span[1]
    half = 0.5 if told.unit == "rank" and span[0] == span[1] else 0.0
    return span[0] - half, span[1] + half


def _years(told: Told) -> list[tuple[int, Ends]]:
    return [(r.year, (r.value, r.value)) for r in told.readings if r.year and number(r.value)]


def _last(told: Told) -> Reading:
    return [r for r in told.readings if number(r.value)][-1]


def _ends(reading: Reading) -> Ends:
    value = reading.value if number(reading.value) else 0.0
    return (
        value if reading.low is None else reading.low,
        value if reading.high is None else reading.high,
    )


def _days(told: Told) -> list[Ends]:
    return [
        (
            float(max(s.began[0], date(1900, 1, 1)).toordinal()),
            float((s.ended[1] if s.ended else LAST).toordinal()),
        )
        for s in told.spells
    ]


def _room(values: Sequence[float]) -> Ends:
    low, high = min(values), max(values)
    more = 0.06 * (high - low) if high > low else 0.5 * abs(low or 1.0)
    return low - more, high + more


def _band(x0: float, y0: float, x1: float, y1: float) -> str:
    wide, tall = max(x1 - x0, 2.0), max(y1 - y0, 2.0)
    return f'<rect x="{x0}" y="{y0}" width="{wide:.1f}" height="{tall:.1f}" fill="var(--ramp-1)"/>'


def _line(x0: float, y0: float, x1: float, y1: float, colour: str) -> str:
    return f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}" stroke="var(--{colour})"/>'


def _dot(x: float, y: float, colour: str) -> str:
    return f'<circle cx="{x}" cy="{y}" r="3.4" fill="var(--{colour})"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="11" fill="var(--muted)">'
        f"{escape(words)}</text>"
    )


def _label(x: float, y: float, words: str) -> str:
    """Write a label beside a mark, towards the side that has room."""
    anchor = "start" if x < WIDTH / 2 else "end"
    return _text(x, y, words, anchor)


def _svg(
    parts: Sequence[str], tall: float, verdict: Verdict, told: Sequence[Told], *, key: bool = False
) -> Markup:
    more: list[str] = []
    if key:
        for i, (colour, one) in enumerate(zip(COLOURS, told, strict=False)):
            y = tall + 15 * i + 10
            more += [_dot(LEFT + 50, y - 4, colour), _text(LEFT + 60, y, one.source, "start")]
        tall += 15 * len(told)
    claim = verdict.claim
    wanted = claimed_text(claim, told[0].unit) if claim.value is not None else claim.since
    words = f"{', '.join(t.source for t in told)}; claimed {wanted or claim.says}"
    return Markup(
        f'<svg class="strip" viewBox="0 0 {WIDTH:.0f} {tall:.0f}" role="img" '
        f'aria-label="{escape(words)}">{"".join([*parts, *more])}</svg>'
    )
