"""Total trade of every economy, summed from the product sums of BACI."""

from __future__ import annotations

import polars as pl

from multivector.extract import Extract
from multivector.variable import Coverage, span


def _keep(frame: pl.DataFrame) -> pl.DataFrame:
    return frame


EXTRACT = Extract(
    name="baci_world",
    layout="product sums",
    vintage="BACI 2000-2020, release not stated (V202201 or later), summed over products",
    coverage=Coverage(span(2000, 2020)),
    keep=_keep,
    attribution="Source: BACI, CEPII (Gaulier and Zignago 2010), Etalab Open Licence 2.0.",
)
