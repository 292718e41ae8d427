"""Treaties with security obligations among Kazakhstan, its neighbours and comparators."""

from __future__ import annotations

from multivector.extract import Extract
from multivector.variable import Coverage, span

STATES = ("ARM", "AZE", "BLR", "CHN", "GEO", "KAZ", "KGZ", "RUS", "TJK", "TKM", "TUR", "UZB")
EXTRACT = Extract(
    name="alliance_obligations",
    layout="own table",
    vintage="hand-checked table, 1991 to 2024, compared with ATOP 5.1",
    coverage=Coverage(span(1991, 2024), STATES),
    keep=lambda frame: frame,
    attribution="Source: the treaties; table by the multivector authors.",
)
