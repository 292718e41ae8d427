"""Treaties with security obligations among Kazakhstan, its neighbours and comparators."""

from __future__ import annotations

from multivector.extract import Extract
from multivector.variable import Coverage

STATES = ("ARM", "AZE", "BLR", "CHN", "GEO", "KAZ", "KGZ", "RUS", "TJK", "TKM", "TUR", "UZB")
EXTRACT = Extract(
    name="alliance_obligations",
    layout="own table",
    vintage="hand-checked table, 1991 to 2024, compared with ATOP 5.1",
    coverage=Coverage(states=STATES),
    keep=lambda frame: frame,
    attribution="Source: the treaties; table by the multivector authors.",
)
