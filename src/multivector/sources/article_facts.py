"""Small tables by hand that answer claims of an article: days, lives, census, stated figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation
from multivector.sources._own_table import CONFIDENCE, LEVEL, OwnTable, own_file
from multivector.variable import Coverage, Key, Variable, span

EVER = Coverage()
CENSUSES = Coverage((2009, 2021), ("KAZ",))
STATED = Coverage(span(2020, 2023), ("KAZ",), sides="either")
INVESTED = Coverage((2020, 2021, 2022))


def _cite(key: str, title: str) -> Citation:
    author, venue = "{The multivector authors}", "multivector"
    return Citation(f"multivector_{key}", "misc", author, title, 2025, venue)


def _judged(coverage: Coverage) -> tuple[Variable, ...]:
    """Return the two columns with which every row says how far it is to be trusted."""
    return (
        Variable("confidence", "Confidence", "category", coverage, codes=CONFIDENCE),
        Variable("basis", "What the row rests on", "text", coverage),
    )


@dataclass(frozen=True)
class _Table(OwnTable):
    """What these tables share: their folder, and one row per row of the file."""

    folder: ClassVar = "claims"
    version: ClassVar = "compiled in 2025"
    homepage: ClassVar = "https://doi.org/10.35775/PSI.2024.106.6.026"

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return the rows with numbers and degrees of confidence as declared."""
        frame = pl.read_csv(paths[0], infer_schema=False)
        numbers = [v.name for v in self.variables if v.numeric and v.name in frame.columns]
        return frame.with_columns(
            pl.col("confidence").replace_strict(LEVEL, return_dtype=pl.Int8),
            *(pl.col(n).cast(pl.Float64) for n in numbers),
            *(pl.col("year").cast(pl.Int64) for c in frame.columns if c == "year"),
            *(pl.col("start").str.to_date("%Y-%m-%d") for c in frame.columns if c == "start"),
        )


@dataclass(frozen=True)
class Chronology(_Table):
    """Days of treaties, acts and events, each stage in a row of its own.

    ``day`` is an ISO date, shortened to what is known; ``actor`` who acted, ``place`` where,
    ``wording`` what was said or decided in the words of the record. A treaty is initialled, signed,
    provisionally applied and in force on different days: each is a ``stage``. What is not in the
    table was not looked for.

    Examples
    --------
    >>> Chronology.key.columns
    ('event', 'stage')
    """

    name: ClassVar = "chronology"
    title: ClassVar = "Days of treaties, acts and events that an article names"
    citation: ClassVar = _cite(
        "chronology", "Days of treaties, acts and events that an article names"
    )
    key: ClassVar = Key("stage of an event", ("event", "stage"))
    variables: ClassVar = (
        Variable("day", "Day (ISO date)", "date", EVER),
        Variable("actor", "Who acted", "text", EVER),
        Variable("place", "Place", "text", EVER),
        Variable("wording", "Words of the record", "text", EVER),
        *_judged(EVER),
    )
    files: ClassVar = own_file("chronology.csv", "claims")
    without_facts: ClassVar = (
        "The table is ours; the tests compare its days with the tables of offices and of states."
    )


@dataclass(frozen=True)
class Biographies(_Table):
    """Life dates and posts of persons whom an article quotes, and of others of the same name.

    One row per person and post. ``family`` and ``initials`` are in the spelling of the article's
    language. A missing ``died`` means that no death is known to us, a missing ``ended`` that the
    post went on when the table was made.

    Examples
    --------
    >>> Biographies.key.columns
    ('person', 'post')
    """

    name: ClassVar = "biographies"
    title: ClassVar = "Lives and posts of persons whom an article quotes"
    citation: ClassVar = _cite("biographies", title)
    key: ClassVar = Key("post of a person", ("person", "post"))
    variables: ClassVar = (
        Variable("name", "Name", "text", EVER),
        Variable("family", "Family name in Russian", "text", EVER),
        Variable("initials", "Initials in Russian", "text", EVER),
        Variable("born", "Born (ISO date)", "date", EVER),
        Variable("died", "Died (ISO date)", "date", EVER),
        Variable("began", "First day in the post (ISO date)", "date", EVER),
        Variable("ended", "Last day in the post (ISO date)", "date", EVER),
        *_judged(EVER),
    )
    files: ClassVar = own_file("biographies.csv", "claims")
    without_facts: ClassVar = (
        "The table is ours; the tests compare posts with the table of offices."
    )


@dataclass(frozen=True)
class Census(_Table):
    """Shares of the population of Kazakhstan by ethnic group and by language, two censuses.

    ``share`` is between 0 and 1, of all who were counted (of those aged 15 and over for
    understanding spoken Russian in 2009). An ethnic group is not the speakers of a language: the
    two are different rows of ``group``. The questions on language differ between the censuses.

    Examples
    --------
    >>> Census.key.columns
    ('state', 'year', 'group')
    """

    name: ClassVar = "census"
    title: ClassVar = "Censuses of Kazakhstan, ethnic groups and languages"
    citation: ClassVar = _cite("census", title)
    key: ClassVar = Key("group in a census", ("state", "year", "group"))
    variables: ClassVar = (
        Variable("share", "Share of the population", "share 0–1", CENSUSES, range=(0, 1)),
        *_judged(CENSUSES),
    )
    files: ClassVar = own_file("census.csv", "claims")
    without_facts: ClassVar = (
        "The table is ours; the tests check that parts do not exceed the whole."
    )


@dataclass(frozen=True)
class StatedTrade(_Table):
    """Single figures of Kazakhstan's trade as officials stated them, 2020 to 2023, by who tells.

    ``billion_usd`` is the value of goods in current US dollars and ``share`` the partner's share of
    the ``flow``; ``teller`` is whose statistics they are. They are rounded, some are derived from a
    later figure and a rate of growth (see ``basis``), and none was compared with the table of the
    office. The same trade as the partner tells it is another row.

    Examples
    --------
    >>> StatedTrade.key.columns
    ('teller', 'state', 'partner', 'year', 'flow')
    """

    name: ClassVar = "stated_trade"
    title: ClassVar = "Trade of Kazakhstan as offices stated it, single figures"
    citation: ClassVar = _cite(
        "stated_trade", "Trade of Kazakhstan as offices stated it, single figures"
    )
    key: ClassVar = Key("stated figure", ("teller", "state", "partner", "year", "flow"))
    variables: ClassVar = (
        Variable("billion_usd", "Value", "billion current USD", STATED, range=(0, None)),
        Variable("share", "Share of the flow", "share 0–1", STATED, range=(0, 1)),
        *_judged(STATED),
    )
    files: ClassVar = own_file("stated_trade.csv", "claims")
    without_facts: ClassVar = (
        "The table is ours; the tests compare it with other years of the reconciled trade data."
    )


@dataclass(frozen=True)
class ChineseInvestment(_Table):
    """Figures that are called Chinese investment in Kazakhstan, each with what it measures.

    ``billion_usd`` is in current US dollars. Gross inflow, stock and a list of planned projects are
    different things (``measure``); none can be compared with another.

    Examples
    --------
    >>> ChineseInvestment.key.columns
    ('measure', 'year')
    """

    name: ClassVar = "chinese_investment"
    title: ClassVar = "Chinese investment in Kazakhstan, stated figures"
    citation: ClassVar = _cite(
        "chinese_investment", "Chinese investment in Kazakhstan, stated figures"
    )
    key: ClassVar = Key("stated figure", ("measure", "year"))
    variables: ClassVar = (
        Variable("billion_usd", "Value", "billion current USD", INVESTED, range=(0, None)),
        *_judged(INVESTED),
    )
    files: ClassVar = own_file("chinese_investment.csv", "claims")
    without_facts: ClassVar = "The table is ours; nobody prints these figures side by side."


@dataclass(frozen=True)
class HeadTrips(_Table):
    """Trips abroad of the President of China, from January 2020 to December 2022.

    One row per destination; ``start`` is the day of arrival. A visit to Hong Kong is no trip
    abroad. Two destinations of one journey may share a day.

    Examples
    --------
    >>> HeadTrips.key.columns
    ('traveller', 'destination')
    """

    name: ClassVar = "head_trips"
    title: ClassVar = "Trips abroad of Xi Jinping, 2020 to 2022"
    citation: ClassVar = _cite("head_trips", title)
    key: ClassVar = Key("trip", ("traveller", "destination"))
    variables: ClassVar = (
        Variable("start", "Day of arrival", "date", EVER),
        *_judged(EVER),
    )
    files: ClassVar = own_file("head_trips.csv", "claims")
    without_facts: ClassVar = (
        "The table is ours; the tests check its order against the reports named in it."
    )
