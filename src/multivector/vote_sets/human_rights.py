"""Votes on human rights."""

from multivector.vote_set import VoteSet

HUMAN_RIGHTS = VoteSet(
    "human-rights",
    "votes on human rights",
    "Roll calls that the voting data flag with the issue code ``hr``.",
    issue="hr",
)
