"""Ethnic groups and languages of Central Asia and Russia."""

from __future__ import annotations

from multivector.extract import Extract
from multivector.variable import Coverage

STATES = ("KAZ", "KGZ", "RUS", "TJK", "TKM", "UZB")
EXTRACT = Extract(
    name="peoples",
    layout="own table",
    vintage="The World Factbook, editions of 2020 and 2023",
    coverage=Coverage(states=STATES),
    keep=lambda frame: frame,
    attribution="Source: CIA, The World Factbook (public domain).",
)
