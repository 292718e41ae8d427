"""Casebook: pairs of roll calls on the same question, all sessions to 2019."""

from __future__ import annotations

import polars as pl

from multivector.extract import Extract
from multivector.variable import Coverage


def _all(frame: pl.DataFrame) -> pl.DataFrame:
    return frame


BRIDGED_RESOLUTIONS = Extract(
    name="bridged_resolutions",
    layout="pairs",
    vintage="Bailey, Strezhnev and Voeten's release of April 2020",
    coverage=Coverage(),
    keep=_all,
    attribution="Michael Bailey, Anton Strezhnev and Erik Voeten, matched resolutions, in United "
    "Nations General Assembly Votes and Ideal Points (MIT licence)",
)
