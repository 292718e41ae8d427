"""Votes on resolutions as a whole."""

from multivector.vote_set import VoteSet

FINAL_PASSAGE = VoteSet(
    "final-passage",
    "votes on resolutions as a whole",
    "Leaves out roll calls known to be on a paragraph or an amendment, which repeat a dispute "
    "within one resolution. Where the record does not say, the roll call stays.",
    final_passage=True,
)
