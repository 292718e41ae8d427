"""Casebook: every member's vote in every roll call of the General Assembly, 1992 to June 2024."""

from __future__ import annotations

import polars as pl

from multivector.extract import Extract
from multivector.variable import Coverage, span

UN_VOTES = Extract(
    name="un_votes",
    layout="iso3 wide",
    vintage="Voeten's release of June 2024, votes of 1992-01-01 to 2024-06-04",
    coverage=Coverage(span(1992, 2024)),
    keep=lambda frame: frame.filter(pl.col("date").dt.year() >= 1992),
    attribution="Erik Voeten, Anton Strezhnev and Michael Bailey (2009), United Nations General "
    "Assembly Voting Data, Harvard Dataverse, https://hdl.handle.net/1902.1/12379 (CC0)",
)
