"""Votes of the eleventh emergency special session, on Ukraine."""

from multivector.vote_set import Resolution, VoteSet

UKRAINE_EMERGENCY = VoteSet(
    "ukraine-emergency",
    "emergency-session votes on Ukraine",
    "Resolutions of the eleventh emergency special session whose roll call is known in full.",
    resolutions=(
        Resolution(
            "ES-11/1",
            "2022-03-02",
            "Deplores the aggression against Ukraine and demands withdrawal; the sides are named.",
        ),
    ),
    conflict=True,
)
