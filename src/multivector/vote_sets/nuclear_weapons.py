"""Votes on the prohibition of nuclear weapons since 2012."""

from multivector.vote_set import Resolution, VoteSet

_TALKS = "Negotiations on nuclear disarmament among all states; on the ban treaty from 2016."
_HARM = "Humanitarian consequences of nuclear weapons; they must never be used again."
_PLEDGE = "Pledge to fill the legal gap for the prohibition of nuclear weapons."
_BAN = "Calls on all states to join the Treaty on the Prohibition of Nuclear Weapons."
# symbol, day of the vote, Voeten's number where his list does not tell it by symbol alone; no list
# names those of 2022 and 2023, which the votes tell: no other roll call of the session is so like
# the same resolution of 2021 and of 2025
_TABLE = (
    ("67/56", "2012-12-03", "", _TALKS),
    ("68/46", "2013-12-05", "", _TALKS),
    ("69/41", "2014-12-02", "", _TALKS),
    ("70/33", "2015-12-07", "", _TALKS),
    ("70/47", "2015-12-07", "", _HARM),
    ("70/48", "2015-12-07", "", _PLEDGE),
    ("71/46", "2016-12-05", "", _HARM),
    ("71/47", "2016-12-05", "", _PLEDGE),
    ("71/258", "2016-12-23", "", _TALKS),
    ("72/30", "2017-12-04", "", _HARM),
    ("72/31", "2017-12-04", "", _TALKS),
    ("73/47", "2018-12-05", "", _HARM),
    ("73/48", "2018-12-05", "", _BAN),
    ("74/41", "2019-12-12", "", _BAN),
    ("74/42", "2019-12-12", "", _HARM),
    ("75/39", "2020-12-07", "9239", _HARM),
    ("75/40", "2020-12-07", "9148", _BAN),
    ("76/30", "2021-12-06", "9300", _HARM),
    ("76/34", "2021-12-06", "9254", _BAN),
    ("77/53", "2022-12-07", "9345", _HARM),
    ("77/54", "2022-12-07", "9343", _BAN),
    ("78/34", "2023-12-04", "9473", _HARM),
    ("78/35", "2023-12-04", "9460", _BAN),
    ("80/50", "2025-12-01", "", _HARM),
    ("80/54", "2025-12-01", "", _BAN),
)

NUCLEAR_WEAPONS = VoteSet(
    "nuclear-weapons",
    "votes on the prohibition of nuclear weapons",
    "Resolutions that led to the Treaty on the Prohibition of Nuclear Weapons, and those that "
    "support it. The sides are the states with nuclear weapons and their allies, and the rest; the "
    "powers often stand together here. Those of December 2024 are in no file here.",
    resolutions=tuple(Resolution(s, d, why, rcid) for s, d, rcid, why in _TABLE),
    conflict=True,
)
