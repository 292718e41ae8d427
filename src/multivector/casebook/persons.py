"""Persons in Kazakhstan's foreign policy."""

from __future__ import annotations

from multivector.extract import Extract
from multivector.variable import Coverage

EXTRACT = Extract(
    name="persons",
    layout="own table",
    vintage="table compiled by hand, as of 2025",
    coverage=Coverage(),
    keep=lambda frame: frame,
    attribution="Table by the multivector authors; what each row rests on is said beside it.",
)
