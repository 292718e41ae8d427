"""Casebook: the roll calls of the General Assembly, 1992 to June 2024."""

from __future__ import annotations

import polars as pl

from multivector.casebook.un_votes import UN_VOTES
from multivector.extract import Extract

UN_ROLL_CALLS = Extract(
    name="un_roll_calls",
    layout="iso3 wide",
    vintage="Voeten's release of June 2024 (dates and issues), of February 2021 (all else), "
    "roll calls of 1992-01-01 to 2024-06-04",
    coverage=UN_VOTES.coverage,
    keep=lambda frame: frame.filter(pl.col("date").dt.year() >= 1992),
    attribution=UN_VOTES.attribution,
)
