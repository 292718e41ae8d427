"""Steps and edits: every change is made at once, against the original tree, or refused."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector.errors import InputError, Problems, UnknownName
from multivector.panel import Panel
from multivector.settings import Settings
from multivector.step import Step, edit
from tests.toys import FromFile, Leaf, Mean, Merge, Shock, Total

A, B, C = Leaf("a"), Leaf("b"), Leaf("c")
MEAN_A, MEAN_AB = Mean((A,)), Mean((Merge(A, B), B))
ROOT = Total(((MEAN_A, 1.0), (MEAN_AB, 2.0)))

PANELS = st.recursive(
    st.sampled_from([A, B, C]),
    lambda inner: (
        st.builds(Merge, inner, inner) | st.builds(Shock, inner, st.text("st", max_size=2))
    ),
    max_leaves=12,
)
TREES = st.builds(
    lambda parts: Total(tuple(parts)),
    st.lists(
        st.tuples(st.builds(Mean, st.lists(PANELS, min_size=1, max_size=3)), st.floats(0, 1)),
        min_size=1,
        max_size=3,
    ),
)


def swapped(value: Any, old: Step[Any], new: Step[Any]) -> Any:
    """Brute-force twin of a swap: rebuild from the class and the fields, sharing nothing."""
    if isinstance(value, tuple):
        return tuple(swapped(v, old, new) for v in value)
    if not isinstance(value, Step):
        return value
    if value == old:
        return new
    return type(value)(*(swapped(getattr(value, f.name), old, new) for f in fields(value)))


# trees ------------------------------------------------------------------------------------------


def test_inputs_are_found_inside_nested_tuples() -> None:
    assert ROOT.inputs == (MEAN_A, MEAN_AB)
    assert MEAN_AB.inputs == (Merge(A, B), B)


def test_walk_yields_each_step_once_and_inputs_first() -> None:
    order = list(ROOT.walk())
    assert order == [A, MEAN_A, B, Merge(A, B), MEAN_AB, ROOT]


def test_equal_fields_make_the_same_step_and_classes_tell_apart() -> None:
    assert Leaf("a") == A
    assert Leaf("a") != FromFile("a")
    assert Mean((A,)) != Mean((A,), how="geometric")


# edits ------------------------------------------------------------------------------------------


@given(tree=TREES, new=PANELS)
def test_a_swap_agrees_with_a_brute_force_twin(tree: Total, new: Step[Panel]) -> None:
    for old in [s for s in tree.walk() if isinstance(s, Leaf | Merge | Shock)][:4]:
        assert edit(tree, {old: new}) == swapped(tree, old, new)


@given(tree=TREES)
def test_no_change_gives_an_equal_tree(tree: Total) -> None:
    assert edit(tree, {}) == tree
    assert edit(tree, {tree: tree}) == tree


def test_changes_of_parent_and_child_apply_at_once() -> None:
    """One after another, the first edit would change the identity of what the second looks for."""
    changed = edit(
        MEAN_AB, {(MEAN_AB, "how"): "geometric", (Merge(A, B), "declared"): "left", B: C}
    )
    assert changed == Mean((Merge(A, C, "left"), C), how="geometric")


def test_two_steps_can_change_places() -> None:
    assert edit(Merge(A, B), {A: B, B: A}) == Merge(B, A)
    assert edit(Merge(A, Merge(B, C)), {A: B, B: C, C: A}) == Merge(B, Merge(C, A))


def test_a_replacement_may_contain_what_it_replaces() -> None:
    shocked = edit(ROOT, {A: Shock(A)})
    assert shocked == Total(((Mean((Shock(A),)), 1.0), (Mean((Merge(Shock(A), B), B)), 2.0)))
    assert edit(A, {A: Shock(A)}) == Shock(A)  # even at the root


def test_the_original_tree_stays_as_it_was() -> None:
    before = repr(ROOT)
    edit(ROOT, {A: C, (MEAN_AB, "draws"): 7})
    assert repr(ROOT) == before


@pytest.mark.parametrize(
    "changes",
    [
        {C: A},
        {(C, "dataset"): "z"},
        {(A, "datset"): "z"},
        {(A, ""): "z"},
        {A: "not a step"},
        {ROOT: 5},
        {MEAN_A: MEAN_AB, (MEAN_A, "draws"): 3},
        {(MEAN_A, "panels"): (B,), MEAN_AB: MEAN_A, (A, "dataset"): "z"},
        {ROOT: MEAN_A, (A, "dataset"): "z"},
        {MEAN_AB: MEAN_A, (Merge(A, B), "declared"): "left"},
    ],
    ids=str,
)
def test_a_change_that_does_not_fit_or_would_be_lost_is_refused(changes: Any) -> None:
    with pytest.raises((InputError, Problems)):
        edit(ROOT, changes)


def test_a_change_outside_a_replaced_step_still_counts() -> None:
    changed = edit(ROOT, {MEAN_AB: MEAN_AB, (A, "dataset"): "z"})
    assert changed == Total(((Mean((Leaf("z"),)), 1.0), (MEAN_AB, 2.0)))


def test_all_problems_of_an_edit_are_named_at_once() -> None:
    with pytest.raises(Problems) as caught:
        edit(ROOT, {C: A, (MEAN_A, "hwo"): "geometric"})
    text = str(caught.value)
    assert "Leaf(dataset='c'" in text
    assert "Nearest: how" in text


def test_a_misspelt_new_choice_fails_in_the_edit() -> None:
    with pytest.raises(UnknownName, match=r"Mean\.how"):
        edit(ROOT, {(MEAN_A, "how"): "geometrc"})


def test_an_input_of_the_wrong_kind_fails_in_the_edit() -> None:
    with pytest.raises(InputError, match="yields a Panel"):
        edit(ROOT, {A: MEAN_A})


# fingerprints -----------------------------------------------------------------------------------


def mark(step: Step[Any], version: str = "1") -> str:
    return step.fingerprint(Settings(), version, {})


def test_a_fingerprint_changes_with_everything_that_is_asked(monkeypatch: Any) -> None:
    before = mark(ROOT)
    assert mark(Total(ROOT.parts)) == before
    assert mark(ROOT, version="2") != before
    assert mark(edit(ROOT, {(A, "kind"): "judgement"})) != before
    assert mark(edit(ROOT, {(ROOT, "parts"): ROOT.parts[::-1]})) != before
    monkeypatch.setattr(Leaf, "revision", 2)
    assert mark(ROOT) != before


def test_a_fingerprint_changes_with_the_bytes_of_a_file_and_not_its_date(tmp_path: Path) -> None:
    file = tmp_path / "numbers.txt"
    file.write_text("1 2 3")
    step = Mean((FromFile(str(file)),))
    before = mark(step)
    file.write_text("1 2 4")
    assert mark(step) != before
    file.write_text("1 2 3")
    assert mark(step) == before


@given(one=TREES, other=TREES)
def test_fingerprints_are_equal_exactly_where_trees_are(one: Total, other: Total) -> None:
    assert (mark(one) == mark(other)) == (one == other)


@given(tree=TREES)
def test_a_fingerprint_does_not_depend_on_what_was_asked_before(tree: Total) -> None:
    known: dict[Any, str] = {}
    for step in tree.walk():
        assert step.fingerprint(Settings(), "1", known) == mark(step)
    assert replace(tree).fingerprint(Settings(), "1", {}) == known[tree]
