"""Choices: what does not fit fails when the value is made, with what would fit; all at once."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from dataclasses import FrozenInstanceError, dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import polars as pl
import pytest

from multivector.choices import Actor, Checked, Parsed, fit
from multivector.errors import InputError, Problems, UnknownName
from multivector.estimate import Estimate
from multivector.panel import Panel
from multivector.step import Measure, Step
from tests.toys import Leaf, Mean, Merge, Total

ROOT = Path(__file__).parents[1]


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Every(Checked):
    share: float = 0.5
    count: int = 1
    word: str = "a"
    flag: bool = False
    day: date = date(2020, 1, 1)
    maybe: int | None = None
    either: int | str = 1
    pick: Literal[1, "one"] = 1
    pair: tuple[str, float] = ("a", 1.0)
    many: tuple[int, ...] = ()
    nested: tuple[tuple[str, int], ...] = ()


def test_a_misspelt_choice_names_the_nearest() -> None:
    with pytest.raises(UnknownName) as caught:
        Mean((Leaf("a"),), how="aritmetic")  # type: ignore[arg-type]
    assert "Mean.how" in str(caught.value)
    assert "Nearest: arithmetic" in str(caught.value)


def test_an_unknown_state_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"Mean\.focal") as caught:
        Mean((Leaf("a"),), focal="Kazahkstan")
    assert "Kazakhstan" in str(caught.value)


@pytest.mark.parametrize("name", ["KAZ", "Kazakhstan", "Казахстан", "Қазақстан", "kazakhstan"])
def test_a_state_has_one_canonical_form(name: str) -> None:
    assert Mean((Leaf("a"),), focal=name) == Mean((Leaf("a"),), focal="KAZ")


def test_every_wrong_field_and_every_wrong_entry_is_named_at_once() -> None:
    with pytest.raises(Problems) as caught:
        Every(share="x", count=1.5, pick=2, many=(1, "2", 3.5))  # type: ignore[arg-type]
    text = str(caught.value)
    assert [w in text for w in ("Every.share", "Every.count", "Every.pick", "Every.many")] == [
        True
    ] * 4
    assert "'2'" in text
    assert "3.5" in text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("share", True),
        ("share", float("nan")),
        ("share", np.array([0.5])),
        ("share", "0.5"),
        ("share", Decimal("0.5")),
        ("count", True),
        ("count", 1.0),
        ("count", None),
        ("word", 1),
        ("word", b"a"),
        ("flag", 1),
        ("flag", np.True_),
        ("day", datetime(2020, 1, 1)),
        ("day", "2020-01-01"),
        ("maybe", "1"),
        ("either", 1.5),
        ("either", None),
        ("pick", True),
        ("pick", 1.0),
        ("pick", np.array([1, 1])),
        ("pick", ["one"]),
        ("pair", ("a",)),
        ("pair", ("a", 1.0, 2.0)),
        ("pair", "ab"),
        ("many", 1),
        ("many", {1, 2}),
        ("many", np.arange(3)),
        ("many", pl.Series([1])),
        ("nested", (("a", "b"),)),
    ],
)
def test_what_does_not_fit_is_refused(field: str, value: Any) -> None:
    with pytest.raises((InputError, Problems), match=f"Every.{field}"):
        Every(**{field: value})


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("share", 1, 1.0),
        ("share", np.float32(0.5), 0.5),
        ("share", np.float64(0.5), 0.5),
        ("share", Fraction(1, 2), 0.5),
        ("share", -0.0, 0.0),
        ("share", float("inf"), float("inf")),
        ("count", np.int64(3), 3),
        ("word", np.str_("b"), "b"),
        ("word", Colour.RED, "red"),
        ("maybe", 2, 2),
        ("either", "x", "x"),
        ("pair", ["b", 2], ("b", 2.0)),
        ("many", [1, np.int8(2)], (1, 2)),
        ("nested", [["a", 1]], (("a", 1),)),
    ],
)
def test_equal_choices_have_one_form(field: str, given: Any, kept: Any) -> None:
    made, plain = Every(**{field: given}), Every(**{field: kept})
    assert made == plain
    assert hash(made) == hash(plain)
    assert repr(made) == repr(plain)  # fingerprints are taken from this
    assert type(getattr(made, field)) is type(kept)


@pytest.mark.parametrize(
    "hint",
    [np.ndarray, pl.DataFrame, Panel, Estimate, list, list[int], dict[str, int], Any, object],
    ids=str,
)
def test_a_field_cannot_be_declared_to_hold_arrays(hint: Any) -> None:
    for value in (np.zeros(3), [1], {"a": 1}, 1, None):
        with pytest.raises(TypeError, match="cannot be declared"):
            fit(value, hint)


def test_an_input_of_the_wrong_kind_is_refused_with_what_it_yields() -> None:
    with pytest.raises(InputError, match="yields a Estimate") as wrong:
        Merge(Mean((Leaf("a"),)), Leaf("b"))  # type: ignore[arg-type]
    assert "A Step that yields a Panel is needed" in str(wrong.value)
    with pytest.raises(InputError, match="is a str"):
        Merge("a", Leaf("b"))  # type: ignore[arg-type]
    with pytest.raises((InputError, Problems), match="yields a Panel"):
        Total(((Leaf("a"), 1.0),))  # type: ignore[arg-type]
    with pytest.raises(InputError):
        Merge(Leaf, Leaf("b"))  # type: ignore[arg-type] – the class, not a step


@pytest.mark.parametrize("hint", [Step[Any], Step, Measure, Measure | None, Leaf | Measure])
def test_looser_declarations_of_inputs(hint: Any) -> None:
    step = Mean((Leaf("a"),))
    assert fit(step, hint) is step


def test_unions_report_the_known_names() -> None:
    with pytest.raises(UnknownName, match="Nearest: low"):
        fit("lwo", int | Literal["low", "high"])
    assert fit(None, Actor | None) is None
    with pytest.raises(UnknownName):
        fit("Atlantis", None | Actor)


def test_a_parsed_choice_is_read_after_its_type_is_checked() -> None:
    hint = Annotated[str, "a remark", Parsed(str.upper)]
    assert fit("abc", hint) == "ABC"
    with pytest.raises(InputError, match="type str"):
        fit(3, hint)


def test_values_are_frozen_and_survive_copies() -> None:
    value = Every(many=(1, 2))
    with pytest.raises(FrozenInstanceError):
        value.count = 2  # type: ignore[misc]
    hash(value)
    for twin in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert twin == value
        assert hash(twin) == hash(value)
        assert "_hash" in vars(twin)
    assert value in {Every(many=(1, 2))}


SENT = """
import pickle, sys
step = pickle.loads(bytes.fromhex(sys.argv[1]))
from tests.toys import Leaf, Mean
assert step in {Mean((Leaf("a"),))}, "the hash of another process came along"
"""


def test_a_step_sent_to_another_process_is_found_there() -> None:
    step = Mean((Leaf("a"),))
    hash(step)
    command = [sys.executable, "-c", SENT, pickle.dumps(step).hex()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_hashing_shared_branches_takes_no_exponential_time() -> None:
    step: Step[Panel] = Leaf("a")
    for _ in range(60):  # 2**60 paths to the leaf
        step = Merge(step, step)
    assert len({step, *step.walk()}) == 61
