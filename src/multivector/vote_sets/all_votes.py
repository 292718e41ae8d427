"""Every recorded vote."""

from multivector.vote_set import VoteSet

ALL = VoteSet(
    "all",
    "all recorded votes",
    "Every roll call of the plenary, on resolutions, paragraphs and amendments alike.",
)
