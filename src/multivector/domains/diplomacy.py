"""Visits of leaders, for which no comparable open data exist."""

from multivector.domain import Domain

DIPLOMACY = Domain(
    "diplomacy",
    "Visits",
    "diplomatic",
    order=60,
    counted="visits of heads of state and government either way",
    absent="open lists hold the visits of the United States only, which cannot be set against "
    "those of other partners",
)
