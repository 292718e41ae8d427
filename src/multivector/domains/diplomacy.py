"""Visits of leaders, of which no comparable open data may ship."""

from multivector.domain import Domain, Option

DIPLOMACY = Domain(
    "diplomacy",
    "Visits",
    "diplomatic",
    order=60,
    counted="visits of heads of state and government either way",
    absent="open lists hold the visits of the United States only, which cannot be set against "
    "those of other partners; an aggregate of COLT, to be fed, holds all partners of five states",
    options=(Option("visit_share"),),
)
