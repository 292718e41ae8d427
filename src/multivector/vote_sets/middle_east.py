"""Votes on the Palestinian conflict."""

from multivector.vote_set import VoteSet

MIDDLE_EAST = VoteSet(
    "middle-east",
    "votes on the Palestinian conflict",
    "Roll calls that the voting data flag with the issue code ``me``.",
    issue="me",
)
