"""Trade of 24 states with every partner, cut from the product sums of BACI."""

from __future__ import annotations

import polars as pl

from multivector.extract import Extract
from multivector.variable import Coverage, span

_CODES = """
    KAZ KGZ UZB TJK TKM AZE GEO ARM MDA UKR BLR MNG
    TUR SRB HUN VNM IND IDN SGP ARE SAU EGY PAK RUS
"""
STATES = tuple(_CODES.split())
"""States whose rows with every partner ship, so that their concentration is exact."""


def _keep(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("state").is_in(STATES) | pl.col("partner").is_in(STATES))


EXTRACT = Extract(
    name="baci",
    layout="product sums",
    vintage="BACI 2000-2020, release not stated (V202201 or later), summed over products",
    coverage=Coverage(span(2000, 2020), STATES, sides="either"),
    keep=_keep,
    attribution="Source: BACI, CEPII (Gaulier and Zignago 2010), Etalab Open Licence 2.0.",
)
