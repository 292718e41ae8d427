"""Votes on colonialism."""

from multivector.vote_set import VoteSet

COLONIALISM = VoteSet(
    "colonialism",
    "votes on colonialism",
    "Roll calls that the voting data flag with the issue code ``co``.",
    issue="co",
)
