"""Exports of the EU27 to every partner, from Eurostat."""

from __future__ import annotations

import polars as pl

from multivector.extract import Extract
from multivector.variable import Coverage, span


def _keep(frame: pl.DataFrame) -> pl.DataFrame:
    return frame


EXTRACT = Extract(
    name="eurostat_exports",
    layout="easy comext",
    vintage="Easy Comext, downloaded on 2024-11-17 (2019-2023) and 2024-11-25 (2010-2018)",
    coverage=Coverage(span(2010, 2023)),
    keep=_keep,
    attribution="Source: Eurostat (Comext), reuse authorised provided the source is acknowledged.",
)
