"""The report on Kazakhstan from nothing: every measure computed, every picture drawn.

The aim is 500 MB in a process that does nothing else, where the peak is about 375 MB; here it is
measured after two earlier runs, whose drawing engine keeps some 150 MB.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.run import Case
from multivector.render.report import report
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.study import Study, load


def prepare() -> Study:
    """Load the shipped study."""
    return load("kazakhstan")


def fast(study: Study) -> str:
    """Write the report with an empty cache."""
    with tempfile.TemporaryDirectory() as folder:
        return report(study, Runner(Settings(cache=Path(folder), offline=True)))


CASE = Case(
    "report from nothing",
    prepare,
    fast,
    None,
    None,
    ceiling=10.0,
    memory=600.0,
    size="kazakhstan on the casebook, 500 draws",
    repeat=1,
)
