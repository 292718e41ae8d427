"""Votes that the United States declared important."""

from multivector.vote_set import VoteSet

IMPORTANT = VoteSet(
    "important",
    "votes that the US State Department called important",
    "Flagged in the yearly report Voting Practices in the United Nations; known to January 2020.",
    issue="important",
)
