"""Security treaties, by count."""

from multivector.domain import Domain, Option

SECURITY = Domain(
    "security",
    "Security treaties",
    "security",
    order=40,
    counted="treaties with a security obligation, listed by hand or else of ATOP, each divided "
    "over its other parties",
    absent="the list of treaties, made for Central Asia, has none of the state; feed ATOP 5.1, "
    "whose terms do not let it ship",
    options=(Option("treaty_share"), Option("alliance_share")),
)
