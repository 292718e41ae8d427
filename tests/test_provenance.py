"""Provenance: origins never shrink, and what is assumed stays visible to the last number."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from multivector.estimate import stack
from multivector.origin import Origin
from multivector.panel import Panel
from multivector.runner import Runner, run
from multivector.settings import Settings
from multivector.step import Step, edit
from tests.toys import Leaf, Mean, Merge, Shock, Total, origin

LEAVES = st.builds(Leaf, st.sampled_from("abcd"), st.sampled_from(["data", "judgement"]))
PANELS = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(Merge, inner, inner, st.sampled_from(["blank", "left"]))
        | st.builds(Shock, inner, st.sampled_from(["closed", "doubled"]))
    ),
    max_leaves=8,
)
TREES = st.builds(
    lambda means: Total(tuple((m, 1.0) for m in means)),
    st.lists(
        st.builds(lambda p: Mean(tuple(p)), st.lists(PANELS, min_size=1, max_size=3)),
        min_size=1,
        max_size=3,
    ),
)


def reasons(step: Step[Any], narrowed: bool = False) -> set[Origin]:
    """Brute-force twin: every origin below *step*; of a leaf read by name, only that of x."""
    if isinstance(step, Leaf):
        return {origin(f"{step.dataset} {v}", step.kind) for v in ("x" if narrowed else "xy")}
    own = {origin(step.story, "assumption")} if isinstance(step, Shock) else set()
    by_name = isinstance(step, Merge | Mean)
    return own.union(*(reasons(child, by_name) for child in step.inputs))


@given(tree=TREES)
@examples(max_examples=30)
def test_every_step_carries_exactly_the_reasons_below_it(tree: Total) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(cache=Path(folder))
        for runner in (Runner(settings), Runner(settings)):  # computed, then from the cache
            for step in tree.walk():
                assert set(runner(step).provenance) == reasons(step)
                for child in step.inputs:
                    kept = reasons(child, isinstance(step, Merge | Mean))
                    assert kept <= set(runner(step).provenance)


@given(tree=TREES)
@examples(max_examples=15)
def test_an_assumption_reaches_every_quantity(tree: Total) -> None:
    leaf = next(s for s in tree.walk() if isinstance(s, Leaf))
    scenario = edit(tree, {leaf: Shock(leaf, "transit closed")})
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(Settings(cache=Path(folder)))
        quantities = runner(scenario).quantities()
        assert quantities
        for q in quantities:
            assert origin("transit closed", "assumption") in q.origins
            assert "assumption: Title of transit closed" in str(q)
        assert not any("transit closed" in str(q) for q in runner(tree).quantities())


def test_an_assumption_stays_visible_through_many_steps(tmp_path: Path) -> None:
    panel: Step[Panel] = Shock(Leaf("a"), "closed")
    for n in range(40):
        panel = Merge(panel, Leaf(f"b{n}"), "left")
    value = run(Mean((panel,)), Settings(cache=tmp_path))
    assert (
        len(value.provenance) == 2 + 1 + 40
    )  # all of a (the shock read both), closed, x of each b
    assert origin("closed", "assumption") in value.at(year=2018).origins


def test_selecting_a_column_keeps_what_stands_behind_its_rows(tmp_path: Path) -> None:
    """A computed column that declares no origin, or the wrong one, cannot shed the others."""
    merged = run(Merge(Leaf("a"), Leaf("b"), "left"), Settings(cache=tmp_path))
    for name in ("x", "beside"):
        assert set(merged.select(name).provenance) == {origin("a x"), origin("b x")}


def test_naming_a_variable_narrows_the_reasons_to_it(tmp_path: Path) -> None:
    assert run(Mean((Leaf("a"),)), Settings(cache=tmp_path)).provenance == (origin("a x"),)


def test_views_of_an_estimate_keep_its_reasons(tmp_path: Path) -> None:
    value = run(Mean((Shock(Leaf("a")),)), Settings(cache=tmp_path))
    other = run(Mean((Leaf("b"),)), Settings(cache=tmp_path))
    assert value.select(year=2018).origins == value.origins
    both = stack("scenario", {"with": value, "without": other})
    assert set(both.origins) == {*value.origins, *other.origins}
    assert set(both.methods) == {*value.methods, *other.methods}


@pytest.mark.parametrize("view", ["select", "where", "rename", "sound"])
def test_views_of_a_panel_keep_the_reasons_of_its_rows(tmp_path: Path, view: str) -> None:
    panel = run(Merge(Leaf("a"), Shock(Leaf("b"))), Settings(cache=tmp_path))
    arguments: dict[str, tuple[Any, ...]] = {
        "select": ("x",),
        "where": (),
        "rename": ({"x": "z"},),
        "sound": ("x",),
    }
    assert set(getattr(panel, view)(*arguments[view]).provenance) == set(panel.provenance)
