"""One measure from the command line on the casebook, from nothing: what `show` costs at first."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.run import Case
from multivector.estimate import Estimate
from multivector.measures.similarity import Kappa
from multivector.runner import Runner
from multivector.settings import Settings


def prepare() -> Kappa:
    """κ of Kazakhstan with five partners by year, with intervals."""
    return Kappa(focal="KAZ", partners=("RUS", "CHN", "USA", "EU27_2020", "TUR"))


def fast(step: Kappa) -> Estimate:
    """Read the votes, tabulate every year and resample, with an empty cache."""
    with tempfile.TemporaryDirectory() as folder:
        return Runner(Settings(cache=Path(folder), offline=True))(step)


CASE = Case(
    "κ by year, from nothing",
    prepare,
    fast,
    None,
    None,
    ceiling=5.0,
    memory=500.0,
    size="5 partners, 33 years, 500 draws, casebook",
    repeat=2,
)
