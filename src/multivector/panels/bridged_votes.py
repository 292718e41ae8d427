"""Votes laid out for ideal points: who voted, in which session, on which question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass, replace
from datetime import date
from typing import ClassVar, Literal

import polars as pl

from multivector import states
from multivector.errors import InputError, MultivectorError
from multivector.origin import Citation, unite
from multivector.panel import Panel
from multivector.registry import default_input, find
from multivector.step import Inputs, Step
from multivector.variable import STATE_ROLL_CALL, Variable
from multivector.vote_set import VoteSetName

BAILEY = Citation(
    "bailey2017",
    "article",
    "Bailey, Michael A. and Strezhnev, Anton and Voeten, Erik",
    "Estimating Dynamic State Preferences from United Nations Voting Data",
    2017,
    "Journal of Conflict Resolution 61(2):430-456",
    doi="10.1177/0022002715595700",
)
CAST = (1, 2, 3)
OPENS = (9, 14)
"""Month and day from which on a vote belongs to the new session; earlier ones close the old."""
OPENED = 1945
"""Session *s* opens in the year 1945 + *s*."""
WITHOUT_VOTES = 19
"""The session of 1964, which took no decision by vote but one."""
_PARTS_UNTIL = 1989
_OLD_UNIT = {"DEU": 260, "YEM": 678}
"""Germany and Yemen keep the number of the Federal and of the Arab Republic up to session 45."""
_LAST_OLD = 45
_REPUBLIC_OF_CHINA = 713


@dataclass(frozen=True)
class BridgedVotes(Step[Panel]):
    """Votes cast, with the voter, session and question that an ideal-point model needs.

    One row per vote yes (1), abstain (2) or no (3). ``unit`` is the voter as a whole number, that
    of the Correlates of War in which a state and its continuation are one (365 is the Soviet
    Union and Russia, 345 Yugoslavia and Serbia), 260 and 678 being kept for Germany and Yemen in
    session 45, 713 for the Republic of China. ``item`` is the question: the roll call itself, or
    the earliest of those that put the same question. ``opened`` is the year in which the session
    opened. An item with a single vote value tells nothing of positions and is left out.

    Left out as in the published sample of Bailey, Strezhnev and Voeten: votes on parts of texts
    and on amendments after 1989, session 19, Zanzibar, and South Africa's lone vote of session 48.
    Where the list does not give the session it follows from the date: session *s* opens in the
    middle of September of 1945 + *s*.

    Parameters
    ----------
    years
        First and last year of votes used; ``None`` takes all that are there.
    vote_set
        Which roll calls count. A set without those of a session has no position in it.
    bridging
        ``published``: roll calls that the authors matched are one question; their list ends with
        2019, so that later sessions are tied to earlier ones by the walk of positions alone.
        ``none``: every roll call is its own.

    Examples
    --------
    >>> BridgedVotes(vote_set="nuclear").bridging
    'published'
    """

    name: ClassVar[str] = "bridged_votes"
    example: ClassVar = {"years": (2018, 2019)}
    citations: ClassVar[tuple[Citation, ...]] = (BAILEY,)
    votes: Step[Panel] = default_input("assembly_votes", "panels")
    roll_calls: Step[Panel] = default_input("assembly_roll_calls", "panels")
    pairs: Step[Panel] = default_input("bridged_resolutions")
    _: KW_ONLY
    years: tuple[int, int] | None = None
    vote_set: VoteSetName = "all"
    bridging: Literal["published", "none"] = "published"

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a period that runs backwards."""
        if self.years is not None and self.years[0] > self.years[1]:
            yield InputError(f"years {self.years[0]}:{self.years[1]} runs backwards.")

    def compute(self, get: Inputs) -> Panel:
        """Choose roll calls, link questions, number voters, drop questions without variation."""
        votes, calls = get(self.votes, "vote"), get(self.roll_calls)
        linked = self.bridging == "published"
        pairs = get(self.pairs).frame.select("rcid", "earlier").rows() if linked else []
        chosen = find("vote_sets", self.vote_set)
        items = _items(_chosen(calls.frame.filter(chosen.holds())), pairs)
        cast = votes.sound("vote").frame.filter(pl.col("vote").is_in(CAST))
        if self.years is not None:
            cast = cast.filter(pl.col("date").dt.year().is_between(*self.years))
        table = _with_units(cast.join(items, on=["rcid", "date"]))
        lone = (pl.col("state") == "ZAF") & (pl.col("session") == 48)
        table = table.filter(pl.col("state") != "ZAN", ~lone)
        split = table.group_by("item").agg(pl.col("vote").n_unique()).filter(pl.col("vote") > 1)
        if split.is_empty():
            raise InputError(
                f"{chosen.label.capitalize()}: no roll call on which votes differ is left.",
                remedy="Widen the set or the years.",
            )
        table = table.join(split, on="item", how="semi")
        return Panel(
            table.with_columns((pl.col("session") + OPENED).alias("opened")),
            STATE_ROLL_CALL,
            self._variables(votes.variable("vote"), calls),
        )

    def _variables(self, vote: Variable, calls: Panel) -> tuple[Variable, ...]:
        """Return the declarations, the labels of which say what was chosen."""
        rule = "repeated resolutions linked as published"
        own = "every roll call a question of its own"
        item = f"Question put to the vote, {rule if self.bridging == 'published' else own}"
        origins = unite(vote.origins, calls.variable("session").origins)
        label = f"{vote.label}, {find('vote_sets', self.vote_set).label}"
        new = [
            Variable(name, label, unit, vote.coverage, origins=origins)
            for name, label, unit in (
                ("unit", "Voter, Correlates of War number", "number of a state"),
                ("session", "Session", "ordinal number"),
                ("opened", "Year in which the session opened", "year"),
                ("item", item, "text"),
            )
        ]
        return (replace(vote, label=label), *new)


def _chosen(calls: pl.DataFrame) -> pl.DataFrame:
    """Return the roll calls that count, with their session."""
    day = pl.col("date")
    before = day.dt.month().cast(pl.Int32) * 100 + day.dt.day() < OPENS[0] * 100 + OPENS[1]
    opened = day.dt.year() - OPENED - before.cast(pl.Int32)
    part = pl.col("amendment").eq(1) | pl.col("paragraph").eq(1)
    late = day.dt.year() > _PARTS_UNTIL
    return calls.select(
        "rcid",
        "date",
        pl.coalesce(pl.col("session").cast(pl.Int64), opened).alias("session"),
        (part.fill_null(value=False) & late).alias("out"),
    ).filter(~pl.col("out"), pl.col("session") != WITHOUT_VOTES)


def _items(calls: pl.DataFrame, pairs: Iterable[tuple[str, str]]) -> pl.DataFrame:
    """Add the item: the roll call, or the earliest that put the same question.

    A number that was given again stands for its first roll call; later ones are their own item.
    Pairs are followed from the highest later number down, so that chains end at their first link.
    """
    first = pl.col("date") == pl.col("date").min().over("rcid")
    own = pl.when(first).then("rcid").otherwise(pl.format("{} of {}", "rcid", "date"))
    smallest: dict[int, int] = {}
    for later, earlier in ((int(a), int(b)) for a, b in pairs):
        smallest[later] = min(earlier, smallest.get(later, earlier))
    question: dict[str, str] = {}
    for later in sorted(smallest):
        earlier = str(smallest[later])
        question[str(later)] = question.get(earlier, earlier)
    return calls.select("rcid", "date", "session", own.replace(question).alias("item"))


def _with_units(table: pl.DataFrame) -> pl.DataFrame:
    """Add the number of the voter."""
    year = pl.col("date").dt.year().alias("year")
    who = table.select("state", year).unique()
    codes = [states.code(state, "cow", when) for state, when in who.iter_rows()]
    numbers = who.with_columns(pl.Series("unit", codes, pl.String).cast(pl.Int64))
    joined = table.with_columns(year).join(numbers, on=["state", "year"]).drop("year")
    unit = pl.col("unit")
    for state, old in _OLD_UNIT.items():
        early = (pl.col("state") == state) & (pl.col("session") <= _LAST_OLD)
        unit = pl.when(early).then(old).otherwise(unit)
    nanking = (pl.col("state") == "CHN") & (pl.col("date") < date(1949, 12, 8))
    unit = pl.when(nanking).then(_REPUBLIC_OF_CHINA).otherwise(unit)
    return joined.with_columns(unit.alias("unit"))
