"""Largest trade partners of every economy, from the World Factbook."""

from __future__ import annotations

import polars as pl

from multivector.extract import Extract
from multivector.variable import Coverage, span


def _keep(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("year") >= 2014)


EXTRACT = Extract(
    name="factbook_partners",
    layout="partner shares",
    vintage="The World Factbook, editions of 2015 to 2025, by year of the data",
    coverage=Coverage(span(2014, 2023)),
    keep=_keep,
    attribution="Source: CIA, The World Factbook (public domain).",
)
