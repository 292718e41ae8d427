"""Distances of 24 states, and of Serbia and Montenegro, from every economy, from GeoDist."""

from __future__ import annotations

import polars as pl

from multivector.casebook import baci
from multivector.extract import Extract
from multivector.variable import Coverage

STATES = (*baci.STATES, "SCG")
"""GeoDist has Serbia and Montenegro as one, the last."""


def _keep(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("state").is_in(STATES) | pl.col("partner").is_in(STATES))


EXTRACT = Extract(
    name="geodist",
    layout="dist zip",
    vintage="GeoDist, dist_cepii of 2011",
    coverage=Coverage((), STATES, sides="either"),
    keep=_keep,
    attribution="Source: GeoDist, CEPII (Mayer and Zignago 2011), Etalab Open Licence 2.0.",
)
