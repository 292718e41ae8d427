"""Memberships of states in organisations and groups, with days of entry and end."""

from __future__ import annotations

from multivector.extract import Extract
from multivector.variable import Coverage

EXTRACT = Extract(
    name="memberships",
    layout="own table",
    vintage="hand-checked table, to mid-2025",
    coverage=Coverage(),
    keep=lambda frame: frame,
    attribution="Source: the organisations; table by the multivector authors.",
)
