"""Population of every state since 1990, from the World Bank."""

from __future__ import annotations

import polars as pl

from multivector.extract import Extract
from multivector.variable import Coverage, span


def _keep(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("year") >= 1990)


EXTRACT = Extract(
    name="world_bank_population",
    layout="long csv",
    vintage="World Development Indicators, release not stated (July 2025 or later)",
    coverage=Coverage(span(1990, 2024)),
    keep=_keep,
    attribution="The World Bank: World Development Indicators: SP.POP.TOTL (CC BY 4.0).",
)
