"""Casebook: votes on Ukraine in the eleventh emergency special session, 2022 and 2023."""

from __future__ import annotations

from multivector.extract import Extract
from multivector.variable import Coverage

UN_EMERGENCY_VOTES = Extract(
    name="un_emergency_votes",
    layout="vote list",
    vintage="Compiled from A/ES-11/PV.5 (ES-11/1, complete) and press coverage (others, partial)",
    coverage=Coverage((2022, 2023)),
    keep=lambda frame: frame,
    attribution="Votes as recorded in A/ES-11/PV.5, United Nations, and press releases GA/12414, "
    "GA/12458, GA/12470; table by the multivector authors",
)
