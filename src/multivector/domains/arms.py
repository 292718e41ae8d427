"""Arms, by the volume of deliveries."""

from multivector.domain import Domain, Option

ARMS = Domain(
    "arms",
    "Arms imports",
    "security",
    order=30,
    counted="volume of major conventional arms delivered, five years to the year given",
    absent="the terms of SIPRI's register forbid shipping it; feed an export of it",
    options=(Option("arms_import_share"),),
)
