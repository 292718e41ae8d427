"""The published rates of error of the second text are those that the script gives."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from multivector.claims.quotes import check_text, sha256
from multivector.claims.read import load
from multivector.runner import Runner
from multivector.settings import Settings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explanation" / "claims.md").read_text("utf-8")
TEXT = ROOT / "scripts" / "second_text"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_claims", ROOT / "scripts/score_claims.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


def test_the_rows_of_the_second_text_are_as_published(script: ModuleType) -> None:
    found = script.rates(script.second_text(), Runner(Settings(offline=True)))
    rows = [script.line(rate) for rate in found]
    printed = [row for row in PAGE.splitlines() if "second text" in row and row[0] == "|"]
    assert printed == rows
    assert len(rows) >= 6


def test_the_second_text_is_whole_and_each_claim_has_a_truth_with_its_basis() -> None:
    file = load(str(TEXT / "claims.toml"))
    text = (TEXT / "text.txt").read_text("utf-8")
    assert sha256(text) == file.document.sha256
    assert check_text(file, text).problems == ()
    truths = tomllib.loads((TEXT / "truths.toml").read_text("utf-8"))["truth"]
    assert [t["id"] for t in truths] == [c.id for c in file.claims]
    assert {t["holds"] for t in truths} == {"true", "false", "unknown"}
    assert all(len(t["basis"]) > 20 for t in truths)
    assert len(truths) >= 25


def test_wilson_intervals(script: ModuleType) -> None:
    """Brown, Cai & DasGupta (2001), doi:10.1214/ss/1009213286: the roots of the score equation."""
    for k, n in ((0, 10), (3, 23), (7, 7)):
        low, high = script.wilson(k, n)
        for p in (low, high):
            if 0 < p < 1:
                z = (k / n - p) / (p * (1 - p) / n) ** 0.5
                assert abs(z) == pytest.approx(1.959964, abs=1e-6)
        assert 0 <= low <= k / n <= high <= 1
