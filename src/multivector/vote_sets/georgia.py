"""Votes on the displaced of Abkhazia and South Ossetia, every year since 2008."""

from multivector.vote_set import Resolution, VoteSet

_WHY = "Right of the displaced of Abkhazia and South Ossetia to return; Russia votes against."
_NO_FILE = "Voeten's release of June 2024 has no votes of January to October 2022."
# symbol, day of the vote, Voeten's number where his list does not tell it by symbol alone
_TABLE = (
    ("62/249", "2008-05-15", "4829"),
    ("63/307", "2009-09-09", ""),
    ("64/296", "2010-09-07", "5047"),
    ("65/287", "2011-06-29", ""),
    ("66/283", "2012-07-03", ""),
    ("67/268", "2013-06-13", ""),
    ("68/274", "2014-06-05", ""),
    ("69/286", "2015-06-03", ""),
    ("70/265", "2016-06-07", ""),
    ("71/290", "2017-06-01", ""),
    ("72/280", "2018-06-12", ""),
    ("73/298", "2019-06-04", ""),
    ("74/300", "2020-09-03", ""),
    ("75/285", "2021-06-16", ""),
    ("77/293", "2023-06-07", "9340"),
    ("78/283", "2024-06-04", "9464"),
    ("79/292", "2025-06-03", ""),
)

GEORGIA = VoteSet(
    "georgia",
    "votes on the displaced of Abkhazia and South Ossetia",
    "The yearly resolution on internally displaced persons and refugees from Abkhazia, Georgia, "
    "and (since 2009) the Tskhinvali region/South Ossetia, Georgia. Voeten's lists lack those of "
    "2012, 2013, 2016 and 2018 to 2021, which the records of the UN Digital Library hold.",
    resolutions=(
        *(Resolution(symbol, day, _WHY, rcid) for symbol, day, rcid in _TABLE),
        Resolution("76/267", "2022-06-08", _WHY, unmatched=_NO_FILE),
    ),
    conflict=True,
)
