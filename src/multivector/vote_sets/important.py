"""Votes that the United States declared important."""

from multivector.vote_set import VoteSet

IMPORTANT = VoteSet(
    "important",
    "votes that the US State Department called important",
    "Flagged in the yearly report Voting Practices in the United Nations. In the list that ships "
    "the flag is known to 2017, from 2016 not for every roll call; a vote without it is left out.",
    issue="important",
)
