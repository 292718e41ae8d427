"""Measure every case in ``benchmarks/cases`` and append one CSV row a case.

A case is one file with one value::

    CASE = Case("dyadic agreement", prepare, fast, slow, equal, floor=50.0)

The runner first asserts that the fast path and the slow twin agree, and only then measures CPU
seconds (best of several runs) and peak memory, each case in a process of its own. What counts is
the ratio to the twin, which hardly depends on the machine; seconds are kept for the record.
"""

from __future__ import annotations

import argparse
import csv
import gc
import importlib
import math
import multiprocessing
import os
import pkgutil
import platform
import resource
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results.csv"
PACKAGES = ("multivector", "numpy", "polars", "scipy", "numba")


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """What ``prepare`` returns when its input is not on this machine."""

    reason: str


@dataclass(frozen=True, slots=True)
class Case:
    """One fast path and the slow twin that it must equal.

    Parameters
    ----------
    name
        What is measured, in a few words.
    prepare
        Makes the input, untimed; returns a `Skip` when something it needs is not there.
    fast
        The path that users get.
    slow
        The obvious way to the same result, as plain as possible; None where there is none.
    equal
        Raises or returns False unless both results agree; gets (fast result, slow result).
    floor
        Least acceptable ratio of the slow twin's CPU time to the fast path's.
    ceiling
        Most acceptable CPU seconds of the fast path.
    memory
        Most acceptable peak of the process's resident memory during the fast path, in MB.
    slow_share
        Share of the work that the slow twin does, when all of it would take too long: 0.01 means
        that its time is multiplied by 100. The twin then compares that share only.
    size
        Describes the size of the input, for the table.
    repeat
        Runs of the fast path, of which the best counts.

    Examples
    --------
    >>> def count(xs):
    ...     return len([1 for x in xs for _ in range(x)])
    >>> case = Case("sum", lambda: range(99), sum, count, lambda a, b: a == b, size="99 integers")
    >>> measure(case).name
    'sum'
    """

    name: str
    prepare: Callable[[], Any]
    fast: Callable[[Any], Any]
    slow: Callable[[Any], Any] | None
    equal: Callable[[Any, Any], bool | None] | None
    floor: float | None = None
    ceiling: float | None = None
    memory: float | None = None
    slow_share: float = 1.0
    size: str = ""
    repeat: int = 5

    def __post_init__(self) -> None:
        """Refuse a twin without a comparison, and a floor without a twin."""
        if (self.slow is None) != (self.equal is None):
            raise ValueError(f"{self.name}: give slow and equal together, or neither")
        if self.floor is not None and self.slow is None:
            raise ValueError(f"{self.name}: a floor needs a slow twin")
        if not 0 < self.slow_share <= 1:
            raise ValueError(f"{self.name}: slow_share lies in (0, 1], not {self.slow_share}")


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the table; NaN where nothing was measured."""

    name: str
    size: str
    fast_cpu_s: float
    slow_cpu_s: float
    ratio: float
    floor: float
    peak_mb: float
    passed: bool
    when: str
    machine: str
    cores: int
    versions: str


def find(wanted: Iterable[str] = ()) -> list[str]:
    """Return the stems of all files in ``benchmarks/cases``, or those wanted."""
    stems = sorted(m.name for m in pkgutil.iter_modules([str(Path(__file__).parent / "cases")]))
    wanted = list(wanted)
    if unknown := sorted(set(wanted) - set(stems)):
        raise SystemExit(f"There is no case {', '.join(unknown)}. Known: {', '.join(stems)}.")
    return wanted or stems


def load(stem: str) -> Case:
    """Return the case that a file in ``benchmarks/cases`` holds."""
    return importlib.import_module(f"benchmarks.cases.{stem}").CASE


def _measure_file(stem: str) -> Result | Skip:
    return measure(load(stem))


def measure(case: Case) -> Result | Skip:
    """Assert equality with the twin, then measure CPU seconds and peak memory."""
    given = case.prepare()
    if isinstance(given, Skip):
        return given
    result = case.fast(given)  # also warms compiled kernels and caches
    slow_cpu = math.nan
    if case.slow is not None and case.equal is not None:
        twin, slow_cpu = _timed(case.slow, given)
        if case.equal(result, twin) is False:
            raise AssertionError(f"{case.name}: the fast path and its slow twin disagree")
        slow_cpu /= case.slow_share
        del twin
    del result
    fast_cpu = min(_timed(case.fast, given)[1] for _ in range(case.repeat))
    peak = _peak_mb(case.fast, given)
    ratio = slow_cpu / max(fast_cpu, time.get_clock_info("process_time").resolution)
    passed = not (
        (case.floor is not None and ratio < case.floor)
        or (case.ceiling is not None and fast_cpu > case.ceiling)
        or (case.memory is not None and peak > case.memory)
    )
    return Result(
        case.name,
        case.size,
        fast_cpu,
        slow_cpu,
        ratio,
        math.nan if case.floor is None else case.floor,
        peak,
        passed,
        datetime.now(UTC).isoformat(timespec="seconds"),
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        os.cpu_count() or 0,
        " ".join(_versions()),
    )


def _timed(function: Callable[[Any], Any], given: Any) -> tuple[Any, float]:
    gc.collect()
    start = time.process_time()
    result = function(given)
    return result, time.process_time() - start


def _peak_mb(function: Callable[[Any], Any], given: Any) -> float:
    """Return the peak of the process's resident memory during one call, in MB.

    Elsewhere than on Linux the peak cannot be reset, so the twin's counts as well.
    """
    gc.collect()
    reset, status = Path("/proc/self/clear_refs"), Path("/proc/self/status")
    if reset.exists():
        reset.write_text("5")
    function(given)
    if status.exists():
        lines = (line.split() for line in status.read_text().splitlines())
        return next(float(words[1]) for words in lines if words[0] == "VmHWM:") * 1024 / 1e6
    kilobytes = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / kilobytes


def _versions() -> list[str]:
    installed = {d.name for d in metadata.distributions()}
    return [f"{name} {metadata.version(name)}" for name in PACKAGES if name in installed]


def append(result: Result, path: Path = RESULTS) -> None:
    """Append one row to a CSV file, with a header if the file is new."""
    new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [f.name for f in fields(Result)])
        if new:
            writer.writeheader()
        writer.writerow(asdict(result))


def _line(stem: str, result: Result | Skip) -> str:
    if isinstance(result, Skip):
        return f"{stem:<28} skipped: {result.reason}"
    floor = "" if math.isnan(result.floor) else f" (at least {result.floor:g})"
    twin = "" if math.isnan(result.ratio) else f"{result.ratio:9.1f} times its twin{floor}"
    verdict = "" if result.passed else "  TOO SLOW OR TOO LARGE"
    return (
        f"{stem:<28} {result.fast_cpu_s:9.4f} CPU s {result.peak_mb:8.1f} MB {twin}"
        f"  {result.size}{verdict}"
    )


def main(arguments: list[str] | None = None) -> int:
    """Run all cases, or those named; return 1 if any misses its bound."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=main.__doc__)
    parser.add_argument("case", nargs="*", help="file stems in benchmarks/cases (default: all)")
    passed = True
    for stem in find(parser.parse_args(arguments).case):
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
            result = process.submit(_measure_file, stem).result()
        print(_line(stem, result), flush=True)
        if isinstance(result, Result):
            append(result)
            passed &= result.passed
    return 0 if passed else 1
