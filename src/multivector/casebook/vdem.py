"""V-Dem's indices for Kazakhstan, its neighbours and comparators, 1990 to 2024 (CC BY-SA)."""

from __future__ import annotations

import polars as pl

from multivector.extract import Extract
from multivector.variable import Coverage, span

_CODES = """
    KAZ KGZ UZB TJK TKM RUS CHN AZE GEO ARM MDA UKR BLR MNG
    TUR SRB HUN VNM IND IDN SGP ARE SAU EGY PAK USA JPN KOR DEU
"""
STATES = tuple(sorted(_CODES.split()))
YEARS = span(1990, 2024)

EXTRACT = Extract(
    name="vdem",
    layout="copy",
    vintage="V-Dem version 15, high-level indices, 1990 to 2024",
    coverage=Coverage(YEARS, STATES),
    keep=lambda frame: frame.filter(pl.col("year").is_in(YEARS), pl.col("state").is_in(STATES)),
    attribution="Source: V-Dem Country-Year Dataset v15, Varieties of Democracy Project, "
    "https://doi.org/10.23696/vdemds25 (CC BY-SA 4.0); rows selected, columns renamed.",
)
