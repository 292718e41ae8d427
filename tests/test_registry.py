"""Registry: what is dropped into a folder, here or in an installed plug-in, is found by itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from multivector.errors import UnknownName
from multivector.registry import KINDS, everything, find, resource, roots

ROOT = Path(__file__).parents[1]

SOURCE = """
from dataclasses import dataclass
import polars as pl
from multivector.origin import CC0, Citation
from multivector.source import Source
from multivector.variable import STATE_YEAR, Coverage, Variable

@dataclass(frozen=True)
class {cls}(Source):
    name = "{name}"
    title = producer = homepage = "Plug-in"
    version = "1"
    licence = CC0
    citation = Citation("k", "misc", "A, B", "T", 2020)
    key = STATE_YEAR
    variables = (Variable("x", "X", "index", Coverage((2020,))),)

    def read(self, layout, paths):
        return pl.DataFrame({{"state": ["KAZ"], "year": [2020], "x": [1.0]}})
"""

MEASURE = """
from dataclasses import dataclass
from multivector.registry import default_input
from multivector.step import Measure, Step
from multivector.panel import Panel
from multivector.sources.baci import *  # names of others do not count as ours

@dataclass(frozen=True)
class PluggedMeasure(Measure):
    name = "plugged_measure"
    source: Step[Panel] = default_input("plugged_source")

class _Base(Measure):
    "No name of its own: an abstract base."
"""

ASK = """
import json
from multivector.registry import everything, find, resource, roots
found = {folder: list(everything(folder)) for folder in ("sources", "measures", "casebook")}
step = find("measures", "plugged_measure")()
made = [type(step).__name__, type(step.source).__name__]
there = resource("casebook", "plugged.txt").read_text(), resource("casebook", "no.txt")
print(json.dumps([roots(), found, made, there]))
"""


def plug_in(folder: Path, name: str = "plugged", value: str = "plugged") -> Path:
    """Write an installed package: modules, and the metadata that an installer writes."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[multivector]\n{name} = {value}\n")
    for kind in ("sources", "measures", "casebook"):
        (folder / name / kind).mkdir(parents=True)
        (folder / name / kind / "__init__.py").write_text("")
    (folder / name / "__init__.py").write_text("")
    (folder / name / "sources" / "one.py").write_text(
        SOURCE.format(cls="PluggedSource", name="plugged_source")
    )
    (folder / name / "measures" / "one.py").write_text(MEASURE)
    (folder / name / "casebook" / "plugged.txt").write_text("a data file")
    return folder


def ask(folder: Path, code: str = ASK) -> subprocess.CompletedProcess[str]:
    """Run *code* in a fresh interpreter that has the plug-in on its path."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(folder)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_plug_in_adds_a_source_and_a_measure(tmp_path: Path) -> None:
    done = ask(plug_in(tmp_path))
    assert done.stderr == ""
    packages, found, made, there = json.loads(done.stdout)
    assert packages == ["multivector", "plugged"]
    everything.cache_clear()
    for folder, extra in (
        ("sources", ["plugged_source"]),
        ("measures", ["plugged_measure"]),
        ("casebook", []),
    ):
        assert found[folder] == sorted([*everything(folder), *extra])
    assert made == ["PluggedMeasure", "PluggedSource"]
    assert there == ["a data file", None]


def test_two_things_of_one_name_are_refused(tmp_path: Path) -> None:
    plug_in(tmp_path)
    (tmp_path / "plugged" / "sources" / "two.py").write_text(
        SOURCE.format(cls="Another", name="plugged_source")
    )
    done = ask(tmp_path)
    assert "DataError: Two things in sources are called 'plugged_source'" in done.stderr


def test_a_plug_in_cannot_take_the_name_of_ours(tmp_path: Path) -> None:
    plug_in(tmp_path)
    (tmp_path / "plugged" / "sources" / "two.py").write_text(
        SOURCE.format(cls="Fake", name=min(everything("sources")))
    )
    assert "DataError: Two things in sources are called" in ask(tmp_path).stderr


def test_modules_that_start_with_an_underscore_are_left_alone(tmp_path: Path) -> None:
    plug_in(tmp_path)
    (tmp_path / "plugged" / "sources" / "_draft.py").write_text("raise SystemExit('imported')")
    assert ask(tmp_path).stderr == ""


def test_a_plug_in_without_the_folder_is_passed_over(tmp_path: Path) -> None:
    code = "from multivector.registry import everything; print(len(everything('vote_sets')))"
    assert ask(plug_in(tmp_path), code).stdout == f"{len(everything('vote_sets'))}\n"


@pytest.mark.parametrize("missing", ["absent_third_party", "plugge"])
def test_a_plug_in_whose_own_import_fails_says_so(tmp_path: Path, missing: str) -> None:
    plug_in(tmp_path)
    (tmp_path / "plugged" / "sources" / "one.py").write_text(f"import {missing}")
    assert f"No module named '{missing}'" in ask(tmp_path).stderr


def test_a_plug_in_that_is_not_there_says_so(tmp_path: Path) -> None:
    plug_in(tmp_path, value="moved_away")
    assert "No module named 'moved_away'" in ask(tmp_path).stderr


def test_a_name_that_is_not_there_names_the_nearest() -> None:
    name = min(everything("measures"))
    with pytest.raises(UnknownName, match="There is no measure") as caught:
        find("measures", f"{name}x")
    assert f"Nearest: {name}" in str(caught.value)


@pytest.mark.parametrize("folder", sorted(KINDS))
def test_every_folder_can_be_listed(folder: str) -> None:
    found = everything(folder)
    assert list(found) == sorted(found)
    assert all(thing.name == name for name, thing in found.items())


def test_without_plug_ins_only_this_package_is_searched() -> None:
    assert roots()[0] == "multivector"
    assert resource("casebook", "nothing.parquet") is None
