"""Reading an estimate cell by cell, against a filter of its table for each."""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks.run import Case
from multivector.estimate import Estimate
from multivector.stats.summaries import summarise

STATES, YEARS, DRAWS = 20, 30, 100


def prepare() -> Estimate:
    """Make an estimate by state and year, from random draws."""
    states = [f"S{i}" for i in range(STATES)]
    cells = pl.DataFrame(
        [(s, y) for s in states for y in range(YEARS)], ["state", "year"], orient="row"
    )
    draws = np.random.default_rng(1).random((len(cells), DRAWS))
    return Estimate(cells, draws, "share", "share 0–1", "bootstrap")


def fast(given: Estimate) -> list[float | None]:
    """Ask a fresh copy for each cell by name."""
    fresh = Estimate(given.cells, given.draws, given.label, given.unit, given.draw_kind)
    return [fresh.at(state=s, year=y).value for s, y in given.cells.iter_rows()]


def slow(given: Estimate) -> list[float | None]:
    """Filter the table for each cell and take the median of its draws."""
    rows = given.cells.with_row_index()
    found: list[float | None] = []
    for s, y in given.cells.iter_rows():
        row = rows.filter((pl.col("state") == s) & (pl.col("year") == y))["index"][0]
        found.append(float(summarise(given.draws[row]).median))
    return found


CASE = Case(
    "cells of an estimate",
    prepare,
    fast,
    slow,
    lambda a, b: a == b,
    floor=1.5,
    size=f"{STATES} states, {YEARS} years, {DRAWS} draws",
)
