"""Leaders of all states in power in 1990 or later, to March 2021."""

from __future__ import annotations

import polars as pl

from multivector.extract import Extract
from multivector.variable import Coverage, span

EXTRACT = Extract(
    name="leaders",
    layout="leader list",
    vintage="REIGN leader list of March 2021, spells that ended in 1990 or later",
    coverage=Coverage(span(1990, 2020)),
    keep=lambda frame: frame.filter(pl.col("ended").is_null() | (pl.col("ended") >= "1990")),
    attribution="Source: Rulers, Elections, and Irregular Governance dataset (REIGN), "
    "One Earth Future, MIT licence.",
)
