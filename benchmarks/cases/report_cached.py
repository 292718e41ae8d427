"""The report on Kazakhstan again: values and pictures come from the cache."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.run import Case
from multivector.render.report import report
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.study import Study, load

FOLDER = tempfile.TemporaryDirectory()


def prepare() -> tuple[Study, Settings]:
    """Write the report once, untimed."""
    study, settings = load("kazakhstan"), Settings(cache=Path(FOLDER.name), offline=True)
    report(study, Runner(settings))
    return study, settings


def fast(given: tuple[Study, Settings]) -> str:
    """Write it again."""
    study, settings = given
    return report(study, Runner(settings))


CASE = Case(
    "report from cache",
    prepare,
    fast,
    None,
    None,
    ceiling=2.0,
    memory=500.0,
    size="kazakhstan on the casebook, 500 draws",
    repeat=3,
)
