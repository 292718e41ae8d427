"""Small estimates with known values, and one real report that several tests look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from multivector.estimate import Estimate
from multivector.origin import CC_BY_4, Citation, Licence, Origin
from multivector.render.report import report
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.study import Study, load

WORK = Citation("toy2020", "misc", "{Toy office}", "Toy figures", 2020, url="https://example.org/")
OPEN = Origin("toys", "Toy figures", "Toy office", "1.0", CC_BY_4, WORK, "ab" * 32, "2020-01-02")
CLOSED = replace(
    OPEN, licence=Licence("Closed", "https://example.org/terms", False, False, quote="All ours.")
)


def toy(
    values: dict[str, list[float | None]],
    across: str = "partner",
    first: int = 2000,
    spread: float = 0.0,
    origin: Origin = OPEN,
) -> Estimate:
    """Return shares by partner and year; with *spread*, 41 draws evenly around each value."""
    cells = [(k, first + i) for k, series in values.items() for i in range(len(series))]
    middle = np.array([[np.nan if v is None else v] for s in values.values() for v in s])
    draws = middle + (np.linspace(-spread, spread, 41) if spread else np.zeros(1))
    return Estimate(
        pl.DataFrame(cells, {across: pl.String, "year": pl.Int64}, orient="row"),
        draws,
        label="Share of toys",
        unit="share 0–1",
        draw_kind="bootstrap" if spread else "point",
        variant="all toys",
        origins=(origin,),
        methods=(WORK,),
        fingerprint="f" * 20,
    )


@pytest.fixture
def make() -> Callable[..., Estimate]:
    return toy


@dataclass
class Made:
    """A report on real figures, with the study and the settings that made it."""

    html: str
    study: Study
    settings: Settings


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The shipped study on the casebook, with few draws to save time."""
    study = replace(load("kazakhstan"), draws=20, posterior_draws=0)
    settings = Settings(cache=tmp_path_factory.mktemp("cache"), offline=True)
    return Made(report(study, Runner(settings)), study, settings)


@pytest.fixture
def closed() -> Any:
    return CLOSED


@pytest.fixture
def cache_folder(tmp_path: Path) -> Path:
    return tmp_path / "pictures"
