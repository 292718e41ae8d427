"""Replays of a composite index over imputed tables as well, against edit and run.

As the case ``index_replays``, with a twentieth of the cells missing and 2,000 imputed tables, so
that outliers and scales are judged anew in every replay. 14,336 replays; the twin does ten tables.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.cases.index_replays import GETS, INDICATORS, UNITS, Get, fresh, index_of
from benchmarks.run import Case
from multivector.ensemble import Dirichlet, Ensemble
from multivector.ensemble.replays import Replays, plan_of
from multivector.measures.index import Index
from multivector.panels.table import Table
from multivector.stats import composite
from multivector.stats.sensitivity import pick
from multivector.stats.summaries import Floats
from multivector.step import edit

ROWS, DRAWS, TWIN = 2048, 2000, 40


def prepare() -> Replays:
    """Return 14,336 replays."""
    with tempfile.TemporaryDirectory() as folder:
        index = index_of(Path(folder))
        path = Path(folder) / "gaps.csv"
        frame = pl.read_csv(Path(folder) / "table.csv")
        rng = np.random.default_rng(5)
        gaps = {f"i{j}": pl.Series(rng.random(UNITS) < 0.05) for j in range(INDICATORS)}
        blank = [pl.when(~gap).then(pl.col(name)).alias(name) for name, gap in gaps.items()]
        frame.with_columns(blank).write_csv(path)
        index = replace(
            index, tables=(Table(str(path)),), imputation="hot deck", draws=DRAWS, show="rank"
        )
        get = Get()
        get(index.tables[0])
        get(index)
    GETS[index.tables[0]] = get.known[index.tables[0]]
    GETS[index] = get.known[index]  # the nominal value is not what is measured
    varied: dict[Any, Any] = {
        (index, "treatment"): ("none", "winsorise"),
        (index, "normalisation"): ("min-max", "percentile"),
        (index, "aggregation"): ("arithmetic", "geometric"),
        (index, "weights"): Dirichlet(50),
    }
    return Ensemble.over(index, varied, rows=ROWS).replays


def fast(replays: Replays) -> Floats:
    """All replays by one array program."""
    return replays.compute(fresh()).draws  # type: ignore[arg-type]


def slow(replays: Replays) -> Floats:
    """The first replays, each an edited index on its own imputed table."""
    plan, index = plan_of(replays), replays.tree
    assert isinstance(index, Index)
    table = index.table(fresh())  # type: ignore[arg-type]
    values: list[Floats] = []
    for n in range(TWIN):
        changes: dict[Any, Any] = {}
        for (_, options), chosen in zip(replays.choices, plan.options[n], strict=True):
            changes |= {(step, field): value for step, field, value in options[chosen][1]}
        made = edit(index, {**changes, (index, "weights"): tuple(plan.weights[0][n].tolist())})
        assert isinstance(made, Index)
        one = table.draws[pick(plan.draw[n], DRAWS)]
        z = composite.prepare(one, table.rows, made.preparation(table))
        scores = made.nodes(table, z, made.nominal_weights)[..., -1]
        values.append(composite.ranks(scores, table.rows))
    return np.stack(values, axis=1)


def equal(result: Floats, twin: Floats) -> None:
    """Agree on the replays that the twin did."""
    np.testing.assert_array_equal(result[:, :TWIN], twin)


CASE = Case(
    "index replays over imputed tables",
    prepare,
    fast,
    slow,
    equal,
    ceiling=30.0,
    slow_share=TWIN / (ROWS * 7),
    size=f"{ROWS * 7} replays of {UNITS} units x {INDICATORS} indicators, {DRAWS} tables",
    repeat=1,
)
