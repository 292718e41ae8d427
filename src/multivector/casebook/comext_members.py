"""Monthly trade of EU members with six states, from Eurostat."""

from __future__ import annotations

import polars as pl

from multivector.extract import Extract
from multivector.variable import Coverage, span


def _keep(frame: pl.DataFrame) -> pl.DataFrame:
    return frame


EXTRACT = Extract(
    name="comext_members",
    layout="monthly joined",
    vintage="Easy Comext, downloaded in late 2024, January 2019 to August 2024",
    coverage=Coverage(span(2019, 2024), ("KAZ", "KGZ", "ARM", "GEO", "UZB", "RUS"), sides="either"),
    keep=_keep,
    attribution="Source: Eurostat (Comext), reuse authorised provided the source is acknowledged.",
)
