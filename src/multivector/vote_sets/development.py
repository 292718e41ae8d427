"""Votes on economic development."""

from multivector.vote_set import VoteSet

DEVELOPMENT = VoteSet(
    "development",
    "votes on economic development",
    "Roll calls that the voting data flag with the issue code ``ec``.",
    issue="ec",
)
