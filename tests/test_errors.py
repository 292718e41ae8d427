"""Errors: one tree, three parts to a message, everything at once, and an exit code."""

from __future__ import annotations

import inspect
import pickle
import re

import pytest

from multivector import errors
from multivector.errors import (
    AmbiguousName,
    ComputeError,
    DataError,
    InputError,
    LicenceError,
    MultivectorError,
    NotTestable,
    Problems,
    SchemaError,
    UnknownName,
    exit_code,
    nearest,
    raise_all,
)

CLASSES = [
    c
    for _, c in inspect.getmembers(errors, inspect.isclass)
    if issubclass(c, errors.MultivectorError | errors.MultivectorWarning)
]


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    parents: list[str] = []
    drawn: dict[str, str] = {}
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"^ {4}((?:[│├└─ ]{4})*)(\w+)(?: |$)", line):
            depth = len(found[1]) // 4
            parents[depth:] = [found[2]]
            drawn[found[2]] = parents[depth - 1] if depth else ""
    assert set(drawn) == {c.__name__ for c in CLASSES}
    for name, parent in drawn.items():
        bases = [b.__name__ for b in getattr(errors, name).__bases__]
        assert not parent or parent in bases, f"{name} is drawn below {parent}"


def test_a_message_has_three_parts_and_leaves_out_empty_ones() -> None:
    assert str(DataError("Given.", "Possible.", "Remedy.")) == "Given.\n  Possible.\n  Remedy."
    assert str(DataError("Given.", remedy="Remedy.")) == "Given.\n  Remedy."


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("kaz", ["KAZ", "RUS"], ["KAZ"]),
        ("hii", ["hhi", "entropy"], ["hhi"]),
        ("xyz", ["hhi", "entropy"], []),
        ("", ["a"], []),
        ("a", [], []),
    ],
)
def test_nearest_ignores_case(name: str, known: list[str], found: list[str]) -> None:
    assert nearest(name, known) == found


def test_an_unknown_name_lists_what_is_known_but_not_all_of_a_crowd() -> None:
    text = str(UnknownName("state", 7, range(100), where="COW"))
    assert "There is no state 7 in COW." in text
    assert "(100 in all)" in text
    assert "Known: none." in str(UnknownName("state", "x", []))


def test_raise_all_raises_nothing_one_or_all() -> None:
    raise_all("what", [])
    with pytest.raises(SchemaError) as one:
        raise_all("what", [SchemaError("a")])
    assert str(one.value) == "a"
    with pytest.raises(Problems) as both:
        raise_all("what", [SchemaError("a", "b"), UnknownName("x", "y", [])])
    assert str(both.value).splitlines()[:3] == ["what (2 problems)", "- a", "    b"]


def test_problems_split_as_exception_groups_do() -> None:
    group = Problems("what", [SchemaError("a"), UnknownName("x", "y", [])])
    match, rest = group.split(SchemaError)
    assert isinstance(match, Problems)
    assert isinstance(rest, Problems)
    assert [str(e) for e in match.exceptions] == ["a"]
    with pytest.RaisesGroup(SchemaError, UnknownName):
        raise group


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MultivectorError("x"), 1),
        (InputError("x"), 2),
        (AmbiguousName("x"), 2),
        (SchemaError("x"), 3),
        (LicenceError("x"), 4),
        (NotTestable("x"), 5),
        (ComputeError("x"), 6),
        (Problems("x", [SchemaError("a"), InputError("b")]), 3),
        (Problems("x", [Problems("y", [LicenceError("a")])]), 4),
        (ValueError("x"), 1),
        (KeyboardInterrupt(), 1),
    ],
)
def test_exit_codes_follow_the_class_of_the_first_problem(error: BaseException, code: int) -> None:
    assert exit_code(error) == code


@pytest.mark.parametrize(
    "error",
    [
        DataError("Given.", "Possible.", "Remedy."),
        UnknownName("state", "KAX", ["KAZ"], "Look it up.", where="COW"),
        Problems("what", [SchemaError("a"), UnknownName("x", "y", ["z"])]),
    ],
)
def test_errors_travel_between_processes(error: MultivectorError) -> None:
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is type(error)
    assert str(back) == str(error)
    assert exit_code(back) == exit_code(error)
