"""Visits of foreign leaders to the United States, 1991 to 2023."""

from __future__ import annotations

import polars as pl

from multivector.extract import Extract
from multivector.variable import Coverage, span

LAST = 2023

EXTRACT = Extract(
    name="us_hosted_visits",
    layout="visits",
    vintage="Office of the Historian, as of early 2025, visits from 1991 on",
    coverage=Coverage(span(1991, LAST)),
    keep=lambda frame: frame.filter(pl.col("start").dt.year().is_between(1991, LAST)),
    attribution="Source: Office of the Historian, US Department of State (public domain).",
)
