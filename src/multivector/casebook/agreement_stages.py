"""Agreements on trade and partnership of Kazakhstan, by stage."""

from __future__ import annotations

from multivector.extract import Extract
from multivector.variable import Coverage, span

EXTRACT = Extract(
    name="agreement_stages",
    layout="own table",
    vintage="table compiled by hand, to May 2025",
    coverage=Coverage(span(1992, 2025), ("KAZ",), sides="either"),
    keep=lambda frame: frame,
    attribution="Table by the multivector authors; what each row rests on is said beside it.",
)
