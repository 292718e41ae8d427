"""Security treaties, by count."""

from multivector.domain import Domain, Option

SECURITY = Domain(
    "security",
    "Security treaties",
    "security",
    order=40,
    counted="listed treaties with a security obligation, each divided over its other parties",
    absent="the list of treaties, made for Central Asia, has none of the state",
    options=(Option("treaty_share"),),
)
