"""The one vote of a United Nations body on Xinjiang."""

from multivector.vote_set import Resolution, VoteSet

XINJIANG = VoteSet(
    "xinjiang",
    "votes on Xinjiang",
    "The General Assembly has never voted on Xinjiang: states took sides there in joint statements "
    "only. The one vote was in the Human Rights Council, which refused a debate by 17 to 19 with "
    "11 abstentions; its 47 members' votes are not in these data. So measures on this set are "
    "undefined, and neutrality on Xinjiang cannot be claimed from the Assembly's votes.",
    resolutions=(
        Resolution(
            "A/HRC/51/L.6",
            "2022-10-06",
            "Draft decision to debate the High Commissioner's assessment of Xinjiang.",
            unmatched="A vote of the Human Rights Council, not of the General Assembly.",
        ),
    ),
    conflict=True,
)
