"""Shared organisations, by count."""

from multivector.domain import Domain, Option

INSTITUTIONS = Domain(
    "institutions",
    "Organisations",
    "institutional",
    order=50,
    counted="listed organisations to which most states do not belong, each divided over its other "
    "members",
    absent="the state belongs to none of the listed organisations",
    options=(Option("organisation_share"),),
)
