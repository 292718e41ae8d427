"""Charts: valid specifications that hold the estimate's values and hide no gap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import altair
import numpy as np
import pytest

from multivector.estimate import Estimate
from multivector.registry import everything, find
from multivector.render.charts.spells import Spell
from multivector.render.figure import Drawing
from multivector.render.picture import svg
from multivector.render.theme import NARROW, SIZES, STYLES, WIDE, ink

Make = Callable[..., Estimate]
NAMES = {"RUS": "Russia", "CHN": "China"}
VALUES: dict[str, list[float | None]] = {
    "RUS": [0.3, None, 0.2, 0.25],
    "CHN": [0.1, 0.15, 0.2, None],
}


def drawings(make: Make) -> Iterator[tuple[str, Drawing]]:
    """One drawing or two of every registered chart; a new chart must be added here."""
    share = make(VALUES)
    yield "lines", find("render.charts", "lines")(share, across="partner", labels=NAMES)
    spread = make(VALUES, spread=0.05)
    events = [("1", 2001.2), ("2", 2001.3)]
    yield (
        "lines",
        find("render.charts", "lines")(spread, across="partner", labels=NAMES, events=events),
    )
    rows = {"toys": "Toys", "games": "Not measured"}
    yield (
        "heatmap",
        find("render.charts", "heatmap")(
            share.select(year=2000),
            rows=["toys"],
            across="partner",
            blocks=(("Ties", rows),),
            columns=NAMES,
        ),
    )
    labels = {**NAMES, "USA": "United States"}
    yield (
        "dots",
        find("render.charts", "dots")(
            spread.select(year=2000), down="partner", labels=labels, highlight="CHN"
        ),
    )
    yield (
        "spells",
        find("render.charts", "spells")(
            share,
            across="partner",
            bars=[Spell("CHN", "a pact", 2000.5, None)],
            groups=NAMES,
            span=(2000, 2010),
        ),
    )
    whole = make({"lean": [0.25, None, 0.4], "outside": [0.75, 0.5, 0.6]}, across="part")
    signed = make({"KAZ": [-0.25, None, 0.4]}, across="state")
    yield "stack", stacked(whole, signed)


def stacked(whole: Estimate, signed: Estimate) -> Drawing:
    return find("render.charts", "stack")(
        whole,
        signed,
        across="part",
        labels={"a": "Lean to A", "b": "Lean to B", "c": "Lean", "outside": "Elsewhere"},
        colours={"a": ink("rus"), "b": ink("usa"), "c": ink("axis"), "outside": ink("rule")},
        turned={"lean": ("a", "b", "c")},
        events=[("1", 2001.2)],
    )


def data(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return spec["data"]["values"]


def test_every_chart_is_documented_and_drawn_here(make: Make) -> None:
    found = everything("render.charts")
    assert {name for name, _ in drawings(make)} == set(found)
    for chart in found.values():
        assert chart.doc
        assert chart.takes


def test_specifications_are_valid_and_draw(make: Make) -> None:
    for name, drawing in drawings(make):
        assert set(drawing.specs) == {s.name for s in SIZES}
        for size in SIZES:
            spec = drawing.specs[size.name]
            altair.LayerChart.from_dict(spec, validate=True)
            width = spec["width"] + spec["padding"]["left"] + spec["padding"]["right"]
            assert width == pytest.approx(size.width), name
            drawn = svg(spec)
            assert f'width="{size.width}"' in drawn
            assert "NaN" not in drawn
            assert "undefined" not in drawn


def test_lines_hold_the_values_and_keep_gaps(make: Make) -> None:
    estimate = make(VALUES)
    drawing = find("render.charts", "lines")(estimate, across="partner", labels=NAMES)
    rows = {(r["series"], r["year"]): r for r in data(drawing.specs["wide"])}
    expected = {(k, 2000 + i): v for k, series in VALUES.items() for i, v in enumerate(series)}
    assert {k: r["value"] for k, r in rows.items()} == expected
    assert [k for k, r in rows.items() if r["mark"]] == [
        ("RUS", 2000),
        ("CHN", 2002),
        ("RUS", 2003),
    ]


def test_a_gap_breaks_the_line(make: Make) -> None:
    whole = svg(
        find("render.charts", "lines")(
            make({"RUS": [0.1, 0.2, 0.3]}), across="partner", labels=NAMES
        ).specs["wide"]
    )
    broken = svg(
        find("render.charts", "lines")(
            make({"RUS": [0.1, None, 0.3]}), across="partner", labels=NAMES
        ).specs["wide"]
    )

    def lines(drawn: str) -> list[str]:
        colour = STYLES["RUS"].colour
        paths = [p for p in drawn.split("<path")[1:] if f'stroke="{colour}"' in p]
        return [p.split(' d="')[1].split('"')[0] for p in paths if 'stroke-width="2"' in p]

    assert lines(whole)[0].count("L") == 2
    assert lines(broken)[0].count("L") == 0


def test_years_without_any_value_are_hatched(make: Make) -> None:
    estimate = make({"RUS": [0.1, None, 0.3], "CHN": [0.2, None, 0.1]})
    drawing = find("render.charts", "lines")(estimate, across="partner", labels=NAMES)
    boxes = [
        v
        for layer in drawing.specs["wide"]["layer"]
        for v in layer.get("data", {}).get("values", [])
        if "to" in v
    ]
    assert boxes == [{"from": 2000.5, "to": 2001.5}]
    drawn = svg(drawing.specs["wide"])
    assert 'id="nodata"' in drawn
    assert "url(#nodata)" in drawn


def test_bands_are_the_quantiles_of_the_draws(make: Make) -> None:
    estimate = make({"RUS": [0.3, 0.4]}, spread=0.1)
    drawing = find("render.charts", "lines")(estimate, across="partner", labels=NAMES)
    for row, draws in zip(data(drawing.specs["wide"]), estimate.draws, strict=True):
        for level in (50, 90):
            tail = (1 - level / 100) / 2
            low, high = np.quantile(draws, [tail, 1 - tail])
            assert row[f"low{level}"] == pytest.approx(low)
            assert row[f"high{level}"] == pytest.approx(high)


def test_labels_and_event_numbers_do_not_collide(make: Make) -> None:
    estimate = make({"RUS": [0.3, 0.301], "CHN": [0.3, 0.3]})
    spec = find("render.charts", "lines")(
        estimate, across="partner", labels=NAMES, events=[("1", 2000.5), ("2", 2000.5)]
    ).specs["wide"]
    values = [layer.get("data", {}).get("values", []) for layer in spec["layer"]]
    ends = [r["at"] for rows in values for r in rows if "name" in r]
    domain = next(
        layer["encoding"]["y"]["scale"]["domain"]
        for layer in spec["layer"]
        if layer["encoding"].get("y", {}).get("field") == "value"
    )
    pixels = abs(ends[0] - ends[1]) * spec["height"] / (domain[1] - domain[0])
    assert pixels >= WIDE.text
    places = next([r["place"] for r in rows] for rows in values if rows and "place" in rows[0])
    assert places[1] - places[0] > 0


def test_heatmap_says_no_data_and_prints_every_value(make: Make) -> None:
    drawing = dict(drawings(make))["heatmap"]
    cells = data(drawing.specs["wide"])
    missing = [c for c in cells if c["value"] is None]
    assert {c["row"] for c in missing} == {"games"}
    assert {c["says"] for c in missing} == {"no data"}
    assert {c["fill"] for c in missing} == {"url(#nodata)"}
    assert {c["says"] for c in cells if c["value"] is not None} == {"30.0%", "10.0%"}


def test_heatmap_with_one_row(make: Make) -> None:
    estimate = make({"RUS": [0.3], "CHN": [0.1]})
    drawing = find("render.charts", "heatmap")(
        estimate, rows=["t"], across="partner", blocks=(("Ties", {"t": "Trade"}),), columns=NAMES
    )
    for size in SIZES:
        assert "30.0%" in svg(drawing.specs[size.name])


def test_dots_show_intervals_and_missing_rows(make: Make) -> None:
    estimate = make({"RUS": [0.3], "CHN": [0.1]}, spread=0.05)
    drawing = find("render.charts", "dots")(
        estimate, down="partner", labels={**NAMES, "USA": "United States"}, highlight="CHN"
    )
    rows = {r["key"]: r for r in data(drawing.specs[NARROW.name])}
    for row, (low, high) in zip(
        (rows["RUS"], rows["CHN"]), np.quantile(estimate.draws, [0.05, 0.95], axis=1).T, strict=True
    ):
        assert (row["low"], row["high"]) == pytest.approx((low, high))
    assert rows["USA"]["value"] is None
    assert rows["USA"]["says"] == "no data"
    assert rows["CHN"]["colour"] == ink("main")
    drawn = svg(drawing.specs["narrow"])
    assert "url(#nodata)" in drawn
    assert "no data" in drawn


def test_a_stack_piles_up_to_one_turns_with_the_sign_and_keeps_gaps(make: Make) -> None:
    whole = make({"lean": [0.25, None, 0.4], "outside": [0.75, 0.5, 0.6]}, across="part")
    spec = stacked(whole, make({"KAZ": [-0.25, None, 0.4]}, across="state")).specs["wide"]
    held = [(r["year"], r["series"], r["bottom"], r["top"]) for r in data(spec)]
    assert held == [
        (2000, "b", 0.0, 0.25),
        (2000, "outside", 0.25, 1.0),
        (2002, "a", 0.0, 0.4),
        (2002, "outside", 0.4, 1.0),
    ]
    doubtful = make({"KAZ": [-0.25, None, 0.4]}, across="state", spread=0.3)
    series = [r["series"] for r in data(stacked(whole, doubtful).specs["wide"])]
    assert series == ["c", "outside", "a", "outside"]  # ±0.3 holds zero in 2000 only
    drawn = svg(spec)
    assert "url(#nodata)" in drawn  # 2001, of which one part is not known
    assert "Lean to B" in drawn
