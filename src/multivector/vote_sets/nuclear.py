"""Votes on nuclear weapons and material."""

from multivector.vote_set import VoteSet

NUCLEAR = VoteSet(
    "nuclear",
    "votes on nuclear weapons and material",
    "Roll calls that the voting data flag with the issue code ``nu``.",
    issue="nu",
)
