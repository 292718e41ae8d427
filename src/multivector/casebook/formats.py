"""First meetings of Central Asia with six partners."""

from __future__ import annotations

from multivector.extract import Extract
from multivector.variable import Coverage, span

EXTRACT = Extract(
    name="formats",
    layout="own table",
    vintage="table compiled by hand, as of 2025",
    coverage=Coverage(span(1992, 2025)),
    keep=lambda frame: frame,
    attribution="Table by the multivector authors; what each row rests on is said beside it.",
)
