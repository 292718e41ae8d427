"""Land borders of every pair of neighbours, from the World Factbook."""

from __future__ import annotations

from multivector.extract import Extract
from multivector.variable import Coverage

EXTRACT = Extract(
    name="land_borders",
    layout="borders",
    vintage="The World Factbook, edition of 2020 or later",
    coverage=Coverage(),
    keep=lambda frame: frame,
    attribution="Source: CIA, The World Factbook (public domain).",
)
