"""The theme: colours that can be told apart and read, positions that do not collide."""

from __future__ import annotations

from itertools import pairwise

import altair
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import isotonic_regression

from multivector.render import theme


def luminance(colour: str) -> float:
    """Return relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """Return the contrast ratio as WCAG 2.2 defines it."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_agrees_with_the_standard() -> None:
    # WCAG 2.2: black on white is 21; #777777 on white is just below 4.5 (W3C, G18).
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("name", ["rus", "chn", "usa", "eu", "tur", "ind", "main", "second"])
def test_lines_stand_out_from_the_ground(name: str) -> None:
    light, dark = theme.INKS[name]
    assert contrast(light, theme.INKS["paper"][0]) >= 3.0
    assert contrast(dark, theme.INKS["paper"][1]) >= 3.0


@pytest.mark.parametrize("name", ["ink", "muted"])
def test_text_can_be_read(name: str) -> None:
    for ground, colour in zip(theme.INKS["paper"], theme.INKS[name], strict=True):
        assert contrast(colour, ground) >= 4.5


def test_values_in_cells_can_be_read() -> None:
    for step in range(len(theme.RAMP)):
        words = "on-high" if step >= theme.RAMP_TURN else "on-low"
        for mode in (0, 1):
            ground, text = theme.INKS[f"ramp-{step}"][mode], theme.INKS[words][mode]
            assert contrast(ground, text) >= 4.5, (step, mode)


def test_every_light_ink_is_distinct() -> None:
    lights = [light.upper() for light, _ in theme.INKS.values()]
    assert len(set(lights)) == len(lights)


def test_partners_differ_in_dash_and_marker_too() -> None:
    own = {k: v for k, v in theme.STYLES.items() if k != "EU"}
    assert len({s.dash for s in own.values()}) == len(own)
    assert len({s.marker for s in own.values()}) == len(own)
    assert len({s.colour for s in own.values()}) == len(own)


def test_versions_are_those_that_altair_writes() -> None:
    assert theme.SCHEMA == altair.SCHEMA_URL
    assert altair.SCHEMA_VERSION.removeprefix("v").startswith(theme.VL_VERSION)


@given(st.lists(st.floats(-10, 10), max_size=12), st.floats(0.01, 3))
def test_labels_are_pushed_apart_as_little_as_possible(at: list[float], gap: float) -> None:
    """The least-squares solution is an isotonic regression of position minus rank × gap."""
    placed = theme.push_apart(at, gap)
    order = np.argsort(at, kind="stable")
    ranks = np.arange(len(at))
    if at:
        flat = isotonic_regression(np.array(at)[order] - ranks * gap).x
        np.testing.assert_allclose(np.array(placed)[order], flat + ranks * gap, atol=1e-9)
    ordered = sorted(placed)
    assert all(b - a >= gap - 1e-9 for a, b in pairwise(ordered))


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_enclose_the_values(low: float, width: float) -> None:
    steps = theme.ticks(low, low + width)
    slack = 1e-6 * max(abs(low), width, 1)
    assert steps[0] <= low + slack
    assert steps[-1] >= low + width - slack
    assert 2 <= len(steps) <= 9


def test_ticks_are_written_in_words_of_their_unit() -> None:
    axis = theme.scale_axis([0.0, 5e9], "current EUR")
    assert axis["labelExpr"] == '{"0": "0", "5000000000": "5 bn"}[datum.value]'
    assert '"-0.5": "−0.5"' in theme.scale_axis([-0.5], "index −1 to 1")["labelExpr"]
