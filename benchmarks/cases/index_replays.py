"""Replays of a composite index of two levels over choices and weights, against edit and run.

The table has 51 units and 49 indicators in eight pillars, a quarter of them with a denominator and
some with heavy tails. Replays vary treatment, normalisation, aggregation and all weights. The twin
edits the tree and runs the step once a replay, without the cache; it does one replay in 20, and its
time is scaled to all of them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.run import Case
from multivector.ensemble import Dirichlet, Ensemble
from multivector.ensemble.replays import Replays, plan_of
from multivector.estimate import Estimate
from multivector.measures._indicators import Indicator, Pillar
from multivector.measures.index import Index
from multivector.panels.table import Table
from multivector.settings import Settings
from multivector.stats.summaries import Floats
from multivector.step import Step, edit

UNITS, INDICATORS, PILLARS, ROWS, EVERY = 51, 49, 8, 128, 20


class Get:
    """The values of input steps, computed once and kept in memory only."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.known: dict[Step[Any], Any] = {}

    def __call__(self, step: Step[Any], *variables: str) -> Any:
        if step not in self.known:
            self.known[step] = step.compute(self)
        return self.known[step]


def index_of(folder: Path, units: int = UNITS) -> Index:
    """Return an index over random numbers of the size of a published one."""
    rng = np.random.default_rng(51)
    x = np.exp(rng.standard_normal((units, INDICATORS)) * rng.uniform(0.3, 1.4, INDICATORS))
    frame = pl.DataFrame({f"i{j}": x[:, j] for j in range(INDICATORS)})
    people = pl.Series("people", np.exp(rng.standard_normal(units)))
    frame = frame.with_columns(pl.Series("u", [f"u{n:02}" for n in range(units)]), people)
    frame.select("u", pl.exclude("u")).write_csv(folder / "table.csv")
    indicators = tuple(
        Indicator(
            column=f"i{j}",
            denominator="" if j % 4 else "people",
            direction=1 if j % 3 else -1,
            parent=f"p{j % PILLARS}",
        )
        for j in range(INDICATORS)
    )
    return Index(
        tables=(Table(str(folder / "table.csv")),),
        indicators=indicators,
        pillars=tuple(Pillar(name=f"p{n}") for n in range(PILLARS)),
        scale=(1, 100),
    )


def replays_of(index: Index, rows: int) -> Replays:
    """Return replays over five sources."""
    varied = {
        (index, "treatment"): ("none", "winsorise", "box-cox"),
        (index, "normalisation"): ("min-max", "percentile", "rank"),
        (index, "aggregation"): ("arithmetic", "geometric", "harmonic"),
        (index, "weights"): Dirichlet(50),
    }
    return Ensemble.over(index, varied, rows=rows, of="rank").replays


def prepare() -> Replays:
    """Return 768 replays."""
    with tempfile.TemporaryDirectory() as folder:
        index = index_of(Path(folder))
        get = Get()
        get(index.tables[0])
    GETS[index.tables[0]] = get.known[index.tables[0]]
    return replays_of(index, ROWS)


GETS: dict[Step[Any], Any] = {}


def fresh() -> Callable[..., Any]:
    """Return the inputs with nothing known but the table."""
    get = Get()
    get.known |= GETS
    return get


def fast(replays: Replays) -> Floats:
    """All replays by one array program."""
    return replays.compute(fresh()).draws  # type: ignore[arg-type]


def slow(replays: Replays) -> Floats:
    """One replay in 20, each an edited tree that is run."""
    plan, index = plan_of(replays), replays.tree
    values: list[Floats] = []
    for n in range(0, len(plan), EVERY):
        changes: dict[Any, Any] = {}
        for (_, options), chosen in zip(replays.choices, plan.options[n], strict=True):
            changes |= {(step, field): value for step, field, value in options[chosen][1]}
        changes[(index, "weights")] = tuple(plan.weights[0][n].tolist())
        made = edit(index, changes)
        assert isinstance(made, Index)
        found: Estimate = replace(made, show="rank").compute(fresh())  # type: ignore[arg-type]
        values.append(found.draws[:, 0])
    return np.stack(values, axis=1)


def equal(result: Floats, twin: Floats) -> None:
    """Agree on the replays that the twin did."""
    np.testing.assert_array_equal(result[:, ::EVERY], twin)


CASE = Case(
    "index replays",
    prepare,
    fast,
    slow,
    equal,
    floor=5.0,
    ceiling=2.0,
    slow_share=len(range(0, ROWS * 7, EVERY)) / (ROWS * 7),
    size=f"{ROWS * 7} replays of {UNITS} units x {INDICATORS} indicators in {PILLARS} pillars",
    repeat=3,
)
