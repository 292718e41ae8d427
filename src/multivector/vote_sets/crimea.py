"""Votes on Crimea since its annexation in 2014."""

from multivector.vote_set import Resolution, VoteSet

_MILITARY = "Militarization of Crimea; calls on Russia to withdraw its forces."
_RIGHTS = "Human rights in Crimea; calls Russia the occupying power."
# symbol, day of the vote, Voeten's number where his list does not tell it by symbol alone
_TABLE = (
    ("68/262", "2014-03-27", "", "Territorial integrity of Ukraine; the referendum is invalid."),
    ("71/205", "2016-12-19", "", _RIGHTS),
    ("72/190", "2017-12-19", "", _RIGHTS),
    ("73/194", "2018-12-17", "", _MILITARY),
    ("73/263", "2018-12-22", "", _RIGHTS),
    ("74/17", "2019-12-09", "", _MILITARY),
    ("74/168", "2019-12-18", "", _RIGHTS),
    ("75/29", "2020-12-07", "9225", _MILITARY),
    ("75/192", "2020-12-16", "9196", _RIGHTS),
    ("76/70", "2021-12-09", "9306", _MILITARY),
    ("76/179", "2021-12-16", "9299", _RIGHTS),
    ("77/229", "2022-12-15", "9383", _RIGHTS),
    ("78/221", "2023-12-19", "9457", _RIGHTS),
    ("80/223", "2025-12-18", "", _RIGHTS),
)

CRIMEA = VoteSet(
    "crimea",
    "votes on Crimea and the occupied territories of Ukraine",
    "Resolution 68/262 and the yearly resolutions on the militarization of Crimea (2018 to 2021) "
    "and on human rights there (since 2016). Those of 2024 are in no file here.",
    resolutions=tuple(Resolution(s, d, why, rcid) for s, d, rcid, why in _TABLE),
    conflict=True,
)
