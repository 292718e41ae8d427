"""Votes on human rights in single countries since 2006."""

from multivector.vote_set import Resolution, VoteSet

_KOREA = "Situation of human rights in North Korea."
_BELARUS = "Situation of human rights in Belarus."
_IRAN = "Situation of human rights in Iran."
_MYANMAR = "Situation of human rights in Myanmar."
_SYRIA = "Situation of human rights in Syria."
# symbol, day of the vote, Voeten's number where his list does not tell it by symbol alone; no list
# names those of 2022 and 2023, which the votes tell: no other roll call of the session is so like
# the resolution on the same country in 2021
_TABLE = (
    ("61/174", "2006-12-19", "", _KOREA),
    ("61/175", "2006-12-19", "4724", _BELARUS),
    ("61/176", "2006-12-19", "4723", _IRAN),
    ("61/232", "2006-12-22", "4749", _MYANMAR),
    ("62/167", "2007-12-18", "", _KOREA),
    ("62/168", "2007-12-18", "5817", _IRAN),
    ("62/169", "2007-12-18", "", _BELARUS),
    ("62/222", "2007-12-22", "", _MYANMAR),
    ("63/190", "2008-12-18", "", _KOREA),
    ("63/191", "2008-12-18", "4889", _IRAN),
    ("63/245", "2008-12-24", "", _MYANMAR),
    ("64/175", "2009-12-18", "", _KOREA),
    ("64/176", "2009-12-18", "", _IRAN),
    ("64/238", "2009-12-24", "", _MYANMAR),
    ("65/225", "2010-12-21", "", _KOREA),
    ("65/226", "2010-12-21", "", _IRAN),
    ("65/241", "2010-12-24", "", _MYANMAR),
    ("66/174", "2011-12-19", "", _KOREA),
    ("66/175", "2011-12-19", "5134", _IRAN),
    ("66/176", "2011-12-19", "", _SYRIA),
    ("66/230", "2011-12-24", "", _MYANMAR),
    ("67/182", "2012-12-20", "", _IRAN),
    ("67/183", "2012-12-20", "", _SYRIA),
    ("68/182", "2013-12-18", "", _SYRIA),
    ("68/184", "2013-12-18", "", _IRAN),
    ("69/188", "2014-12-18", "", _KOREA),
    ("69/189", "2014-12-18", "", _SYRIA),
    ("69/190", "2014-12-18", "", _IRAN),
    ("70/172", "2015-12-17", "", _KOREA),
    ("70/173", "2015-12-17", "", _IRAN),
    ("70/234", "2015-12-23", "", _SYRIA),
    ("71/203", "2016-12-19", "", _SYRIA),
    ("71/204", "2016-12-19", "", _IRAN),
    ("72/189", "2017-12-19", "", _IRAN),
    ("72/191", "2017-12-19", "", _SYRIA),
    ("72/248", "2017-12-24", "", _MYANMAR),
    ("73/181", "2018-12-17", "", _IRAN),
    ("73/182", "2018-12-17", "", _SYRIA),
    ("73/264", "2018-12-22", "", _MYANMAR),
    ("74/167", "2019-12-18", "", _IRAN),
    ("74/169", "2019-12-18", "", _SYRIA),
    ("74/246", "2019-12-27", "", _MYANMAR),
    ("75/191", "2020-12-16", "9219", _IRAN),
    ("75/193", "2020-12-16", "9242", _SYRIA),
    ("75/238", "2020-12-31", "9174", _MYANMAR),
    ("76/178", "2021-12-16", "9279", _IRAN),
    ("76/228", "2021-12-24", "9250", _SYRIA),
    ("77/228", "2022-12-15", "9398", _IRAN),
    ("77/230", "2022-12-15", "9385", _SYRIA),
    ("78/220", "2023-12-19", "9414", _IRAN),
    ("78/222", "2023-12-19", "9422", _SYRIA),
    ("80/222", "2025-12-18", "", _IRAN),
    ("80/224", "2025-12-18", "", _SYRIA),
)

HUMAN_RIGHTS_SITUATIONS = VoteSet(
    "human-rights-situations",
    "votes on human rights in single countries",
    "Recorded votes on resolutions called the situation of human rights in a country, on which "
    "Western states and the country's friends oppose each other: Belarus, Iran, Myanmar, North "
    "Korea and Syria since December 2006. Those of December 2024 are in no file here. Crimea is a "
    "set of its own.",
    resolutions=tuple(Resolution(s, d, why, rcid) for s, d, rcid, why in _TABLE),
    conflict=True,
)
