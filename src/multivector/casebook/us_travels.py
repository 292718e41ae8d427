"""Visits of the US President and Secretary of State to all states, 1991 to 2024."""

from __future__ import annotations

import polars as pl

from multivector.extract import Extract
from multivector.variable import Coverage, span

LAST = 2024

EXTRACT = Extract(
    name="us_travels",
    layout="visits",
    vintage="Office of the Historian, as of early 2025, visits from 1991 on",
    coverage=Coverage(span(1991, LAST)),
    keep=lambda frame: frame.filter(pl.col("start").dt.year().is_between(1991, LAST)),
    attribution="Source: Office of the Historian, US Department of State (public domain).",
)
