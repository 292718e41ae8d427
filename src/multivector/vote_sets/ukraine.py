"""Votes on the war against Ukraine since 2022."""

from multivector.vote_set import Resolution, VoteSet

_PARTIAL = "The full list of votes is in no file here; partial lists do not enter measures."

UKRAINE = VoteSet(
    "ukraine",
    "votes on the war against Ukraine",
    "Resolutions of the eleventh emergency special session, opened after the invasion of February "
    "2022, that name the aggressor or ask something of it. Left out is ES-11/8 of 2025, which "
    "named no aggressor until it was amended, so that its sides changed.",
    resolutions=(
        Resolution(
            "ES-11/1",
            "2022-03-02",
            "Deplores the aggression against Ukraine and demands withdrawal.",
        ),
        Resolution(
            "ES-11/2",
            "2022-03-24",
            "Humanitarian consequences, which it lays to the aggression.",
            unmatched=_PARTIAL,
        ),
        Resolution(
            "ES-11/3",
            "2022-04-07",
            "Suspends Russia's membership of the Human Rights Council.",
            unmatched=_PARTIAL,
        ),
        Resolution(
            "ES-11/4",
            "2022-10-12",
            "Declares the annexation of four regions invalid.",
            unmatched=_PARTIAL,
        ),
        Resolution(
            "ES-11/5",
            "2022-11-14",
            "Asks for reparation by Russia and a register of damage.",
            unmatched=_PARTIAL,
        ),
        Resolution(
            "ES-11/6",
            "2023-02-23",
            "Principles of peace; repeats the demand to withdraw.",
            unmatched=_PARTIAL,
        ),
        Resolution(
            "ES-11/7",
            "2025-02-24",
            "Repeats the demand to withdraw three years after the invasion.",
        ),
        Resolution("ES-11/9", "2025-12-03", "Asks Russia to return deported children."),
    ),
    conflict=True,
)
