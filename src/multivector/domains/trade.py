"""Trade in goods, exports and imports pooled."""

from multivector.domain import Domain, Option

TRADE = Domain(
    "trade",
    "Trade",
    "economic",
    order=10,
    counted="goods, exports and imports pooled, in US dollars",
    absent="no table holds all partners of the state",
    options=(Option("reconciled_share"), Option("partner_share")),
    benchmark="gravity",
)
