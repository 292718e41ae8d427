"""Votes on the status of Palestine and on war in Gaza."""

from multivector.vote_set import Resolution, VoteSet

_GAP = "No file here holds the votes of June 2024 to February 2025."

PALESTINE = VoteSet(
    "palestine",
    "votes on the status of Palestine and on war in Gaza",
    "Resolutions on the status of Palestine and Jerusalem and those that answer a war or military "
    "operation, on which the United States votes against. The yearly package of resolutions, "
    "repeated with the same votes, is left out, since it would outweigh them.",
    resolutions=(
        Resolution("64/10", "2009-11-05", "Follow-up to the fact-finding mission on Gaza."),
        Resolution("64/254", "2010-02-26", "Second follow-up to the mission on Gaza."),
        Resolution("67/19", "2012-11-29", "Makes Palestine a non-member observer State."),
        Resolution("ES-10/19", "2017-12-21", "Status of Jerusalem; against moving embassies."),
        Resolution("ES-10/20", "2018-06-13", "Protection of Palestinian civilians in Gaza."),
        Resolution(
            "77/247",
            "2022-12-30",
            "Asks the International Court of Justice for an opinion on the occupation.",
            "9359",
        ),
        Resolution("ES-10/21", "2023-10-27", "Calls for a humanitarian truce in Gaza.", "9423"),
        Resolution("ES-10/22", "2023-12-12", "Demands a ceasefire in Gaza.", "9442"),
        Resolution("ES-10/23", "2024-05-10", "Finds Palestine qualified for membership.", "9409"),
        Resolution(
            "ES-10/24",
            "2024-09-18",
            "Demands an end to the occupation within twelve months.",
            unmatched=_GAP,
        ),
        Resolution("ES-10/26", "2024-12-11", "Demands a ceasefire in Gaza.", unmatched=_GAP),
        Resolution("ES-10/27", "2025-06-12", "Demands a ceasefire in Gaza and access to aid."),
        Resolution("80/1", "2025-09-19", "Participation of the State of Palestine by video."),
    ),
    conflict=True,
)
