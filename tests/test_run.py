"""Run: computed once, never wrong, whatever happens to the cache, the process or the code."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from multivector import runner as run_module
from multivector.codec import encode
from multivector.errors import InputError
from multivector.registry import code_stamp
from multivector.runner import Runner, run
from multivector.settings import Settings
from multivector.step import Step, edit
from tests.toys import WORK, FromFile, Interrupted, Leaf, Mean, Merge, Shock, Sly, Total, computed

ROOT = Path(__file__).parents[1]
A, B = Leaf("a"), Leaf("b")
STUDY = Total(((Mean((A, B)), 1.0), (Mean((Shock(A),)), 2.0)))
ALL = ["Leaf", "Leaf", "Mean", "Mean", "Shock", "Total"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path / "cache")


@contextmanager
def same_code() -> Iterator[None]:
    """Skip a test over several processes that fails because someone edits the code meanwhile."""
    packages = frozenset({"multivector", "tests"})
    code_stamp.cache_clear()
    before = code_stamp(packages)
    try:
        yield
    except AssertionError:
        code_stamp.cache_clear()
        if code_stamp(packages) == before:
            raise
        pytest.skip("The code was edited while the test ran.")


def entries(settings: Settings) -> list[Path]:
    return sorted(p for p in (settings.cache / "values").rglob("*") if p.is_file())


def test_the_value_is_right(settings: Settings) -> None:
    # by hand: x = 1, 2, 3; mean of a and b is x, mean of the shocked a is 2x; x + 2·2x = 5x
    assert run(STUDY, settings).draws.ravel().tolist() == [5.0, 10.0, 15.0]
    assert run(edit(STUDY, {A: Shock(A)}), settings).draws.ravel().tolist() == [
        (2 + 1) / 2 + 2 * 4,
        (4 + 2) / 2 + 2 * 8,
        (6 + 3) / 2 + 2 * 12,
    ]


def test_each_step_is_computed_once_and_then_read(settings: Settings) -> None:
    first = run(STUDY, settings)
    assert sorted(computed(settings)) == ALL
    again = run(Total(STUDY.parts), settings)
    assert sorted(computed(settings)) == ALL
    assert encode(again) == encode(first)


def test_an_edited_tree_computes_only_what_changed(settings: Settings) -> None:
    run(STUDY, settings)
    run(edit(STUDY, {(Shock(A), "story"): "another"}), settings)
    assert sorted(computed(settings)[len(ALL) :]) == ["Mean", "Shock", "Total"]


def test_a_runner_shares_values_in_memory_and_reports_progress(settings: Settings) -> None:
    seen: list[Step[Any]] = []
    runner = Runner(settings, progress=seen.append)
    value = runner(STUDY)
    assert runner(Total(STUDY.parts)) is value
    assert sorted(type(s).__name__ for s in seen) == ALL


def test_methods_and_fingerprint_are_attached(settings: Settings) -> None:
    runner = Runner(settings)
    value = runner(STUDY)
    assert value.methods == (WORK,)
    assert value.fingerprint == runner.fingerprint(STUDY) == value.at(year=2018).fingerprint


# the cache --------------------------------------------------------------------------------------


@pytest.mark.parametrize("harm", ["cut", "alter", "empty", "swap", "remove"])
def test_a_damaged_cache_is_detected_and_computed_again(settings: Settings, harm: str) -> None:
    first = encode(run(STUDY, settings))
    files = entries(settings)
    assert len(files) == len(ALL)
    content = [f.read_bytes() for f in files]
    for n, (file, raw) in enumerate(zip(files, content, strict=True)):
        if harm == "cut":
            os.truncate(file, len(raw) * 2 // 3)
        elif harm == "alter":
            file.write_bytes(raw[:-9] + bytes([raw[-9] ^ 255]) + raw[-8:])
        elif harm == "empty":
            file.write_bytes(b"")
        elif harm == "swap":
            file.write_bytes(content[n - 1])
        else:
            file.unlink()
    assert encode(run(STUDY, settings)) == first
    assert sorted(computed(settings)) == sorted(ALL * 2)
    assert [f.read_bytes() for f in entries(settings)] == content  # mended


@pytest.mark.parametrize("change", ["choice", "revision", "version", "code", "file"])
def test_whatever_can_change_a_number_asks_the_cache_anew(
    settings: Settings, change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "numbers.txt"
    file.write_text("1 2 3")
    step = Mean((FromFile(str(file)),))
    run(step, settings)
    assert computed(settings) == ["Mean", "FromFile"]
    if change == "choice":
        step = edit(step, {(step, "how"): "geometric"})
    elif change == "revision":
        monkeypatch.setattr(Mean, "revision", 2)
    elif change == "version":
        monkeypatch.setattr(run_module.metadata, "version", lambda _: "999")
    elif change == "code":
        monkeypatch.setattr(run_module, "code_stamp", lambda _: "another")
    else:
        file.write_text("4 5 6")
    value = run(step, settings)
    again = ["Mean"] if change in ("choice", "revision") else ["Mean", "FromFile"]
    assert computed(settings)[2:] == again
    assert value.at(year=2018).value == (4.0 if change == "file" else 1.0)


def test_the_code_stamp_follows_code_and_tables_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "stamped"
    (package / "sub").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "stamped", __import__("stamped"))

    def stamp() -> str:
        code_stamp.cache_clear()
        return code_stamp(frozenset({"stamped"}))

    seen = [stamp()]
    (package / "sub" / "kernel.py").write_text("x = 1")
    seen.append(stamp())
    (package / "sub" / "kernel.py").write_text("x = 2")
    seen.append(stamp())
    (package / "sub" / "names.csv").write_text("a,b")
    seen.append(stamp())
    assert len(set(seen)) == 4
    (package / "sub" / "readme.txt").write_text("words")
    assert stamp() == seen[-1]
    code_stamp.cache_clear()


NOTEBOOK = """
import sys
from dataclasses import dataclass
from pathlib import Path
from multivector.runner import Runner
from multivector.settings import Settings
from tests.toys import Leaf, computed, note, origin, plain, table
from multivector.panel import Panel
from multivector.step import Step
settings = Settings(cache=Path(sys.argv[1]))

def define(factor):
    @dataclass(frozen=True)
    class Mine(Step[Panel]):
        leaf: Step[Panel]
        def compute(self, get):
            note(self, get)
            return get(self.leaf).where(factor < 9)
    return Mine(Leaf("a"))

assert len(Runner(settings)(define(1)).frame) == 3
assert len(Runner(settings)(define(9)).frame) == 0, "answered from code that is no more"
print(computed(settings).count("Leaf"), computed(settings).count("Mine"))
"""


def test_steps_defined_where_code_cannot_be_read_work_and_are_not_kept(settings: Settings) -> None:
    command = [sys.executable, "-c", NOTEBOOK, str(settings.cache)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stderr, done.stdout) == ("", "1 2\n")


FRESH = """
import sys
from pathlib import Path
from multivector.codec import encode
from multivector.runner import run
from multivector.settings import Settings
from tests.test_run import STUDY
sys.stdout.buffer.write(encode(run(STUDY, Settings(cache=Path(sys.argv[1])))))
"""


def test_an_equal_tree_in_a_fresh_process_is_answered_from_the_cache(settings: Settings) -> None:
    with same_code():
        value = encode(run(STUDY, settings))
        command = [sys.executable, "-c", FRESH, str(settings.cache)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        assert done.stderr == b""
        assert done.stdout == value
        assert sorted(computed(settings)) == ALL


def work(cache: Path, gate: Any, results: Any) -> None:
    gate.wait(60)
    results.put(encode(run(STUDY, Settings(cache=cache))))


def test_two_processes_run_the_same_study_at_once(settings: Settings) -> None:
    with same_code():
        context = multiprocessing.get_context("spawn")
        gate, results = context.Barrier(2), context.Queue()
        workers = [context.Process(target=work, args=(settings.cache, gate, results)) for _ in "ab"]
        for worker in workers:
            worker.start()
        values = [results.get(timeout=60) for _ in workers]
        for worker in workers:
            worker.join(60)
        assert [worker.exitcode for worker in workers] == [0, 0]
        assert values[0] == values[1] == encode(run(STUDY, settings))
        assert len(entries(settings)) == len(ALL)  # no temporary file is left


def test_ctrl_c_loses_nothing_that_was_finished(settings: Settings) -> None:
    middle = Interrupted(Merge(A, B))
    study = Mean((middle, A))
    settings.cache.mkdir()
    (settings.cache / "stop").touch()
    with pytest.raises(KeyboardInterrupt):
        run(study, settings)
    assert computed(settings) == ["Mean", "Interrupted", "Merge", "Leaf", "Leaf"]
    (settings.cache / "stop").unlink()
    value = run(study, settings)
    assert computed(settings)[5:] == ["Mean", "Interrupted"]
    assert value.draws.ravel().tolist() == [1.5, 3.0, 4.5]  # mean of x + x and x


def test_a_cache_that_cannot_be_written_costs_time_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(cache=tmp_path / "cache")
    settings.cache.mkdir()
    (settings.cache / "values").write_text("in the way")
    assert run(STUDY, settings).draws.ravel().tolist() == [5.0, 10.0, 15.0]
    assert "going on without it" in caplog.text


def test_a_step_that_reads_what_it_did_not_declare_is_refused(settings: Settings) -> None:
    with pytest.raises(InputError, match="not among its inputs"):
        run(Sly(A), settings)
    with pytest.raises(InputError, match="not among its inputs"):
        run(Mean((Sly(A),)), settings)


def test_draws_come_back_read_only(settings: Settings) -> None:
    for value in (run(STUDY, settings), run(STUDY, settings)):
        with pytest.raises(ValueError, match="read-only"):
            value.draws[0, 0] = np.nan
