"""The benchmark runner refuses a wrong fast path and keeps what it measured."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.run import Case, Result, Skip, append, find, load, measure


def count(numbers: range) -> int:
    return len([1 for n in numbers for _ in range(n)])


CASE = Case("sum", lambda: range(40), sum, count, lambda a, b: a == b, repeat=1)


def test_a_fast_path_that_differs_from_its_twin_is_refused() -> None:
    wrong = replace(CASE, fast=lambda numbers: sum(numbers) + 1)
    with pytest.raises(AssertionError, match="disagree"):
        measure(wrong)


@pytest.mark.parametrize(
    ("bound", "passed"),
    [
        ({"floor": 0.0}, True),
        ({"floor": 1e12}, False),
        ({"ceiling": 1e6}, True),
        ({"ceiling": -1.0}, False),
        ({"memory": 1e9}, True),
        ({"memory": 0.0}, False),
    ],
)
def test_a_missed_bound_fails(bound: dict[str, float], passed: bool) -> None:
    result = measure(replace(CASE, **bound))
    assert isinstance(result, Result)
    assert result.passed is passed


def test_missing_input_is_said_and_not_measured() -> None:
    assert measure(replace(CASE, prepare=lambda: Skip(reason="no file"))) == Skip(reason="no file")


@pytest.mark.parametrize("bad", [{"equal": None}, {"slow": None}, {"slow_share": 0.0}])
def test_a_case_that_cannot_be_judged_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="sum"):
        replace(CASE, **bad)


def test_rows_are_appended_under_one_header(tmp_path: Path) -> None:
    result = measure(CASE)
    assert isinstance(result, Result)
    for _ in range(2):
        append(result, tmp_path / "results.csv")
    with (tmp_path / "results.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == ["sum", "sum"]
    assert float(rows[0]["peak_mb"]) == pytest.approx(result.peak_mb)


def test_every_file_in_the_folder_holds_a_case() -> None:
    for stem in find():
        assert isinstance(load(stem), Case), stem


def test_an_unknown_case_is_named() -> None:
    with pytest.raises(SystemExit, match="no case nowhere"):
        find(["nowhere"])
