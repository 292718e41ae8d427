"""Area and access to the sea of every economy, from CEPII's GeoDist."""

from __future__ import annotations

from multivector.extract import Extract
from multivector.variable import Coverage

EXTRACT = Extract(
    name="geodist_countries",
    layout="geo xls",
    vintage="GeoDist, geo_cepii of 2011",
    coverage=Coverage(),
    keep=lambda frame: frame,
    attribution="Source: GeoDist, CEPII (Mayer and Zignago 2011), Etalab Open Licence 2.0.",
)
