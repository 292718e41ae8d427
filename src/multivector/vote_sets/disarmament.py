"""Votes on arms control and disarmament."""

from multivector.vote_set import VoteSet

DISARMAMENT = VoteSet(
    "disarmament",
    "votes on arms control and disarmament",
    "Roll calls that the voting data flag with the issue code ``di``.",
    issue="di",
)
