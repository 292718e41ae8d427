"""Positions: how states voted on a resolution or a theme, one row per state and roll call.

A look-up, not a measure: the panel keeps every roll call that matches, absence, abstention and
non-membership apart. A theme is words of the title and description, or a declared vote set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from typing import ClassVar

import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError, OutOfCoverage
from multivector.panel import Panel
from multivector.registry import default_input, find
from multivector.step import Inputs, Step
from multivector.variable import STATE_ROLL_CALL, year_ranges
from multivector.vote_set import VoteSetName

WORDS = {1: "yes", 2: "abstain", 3: "no", 8: "absent", 9: "not a member"}
UNKNOWN = "not on record"
"""The record has no row for the state: absent or not a member, it does not say."""
_SAME = {
    "testing": ("testing", "tests", "test"),
    "weapons": ("weapons", "weapon"),
    "tests": ("testing", "tests", "test"),
    "test": ("testing", "tests", "test"),
}


@dataclass(frozen=True)
class Positions(Step[Panel]):
    """Votes of chosen states on the roll calls about a theme or with a symbol.

    One row per state and roll call, with symbol, title (the description where there is none) and
    the vote. Lists hold paragraph votes beside the vote on the whole. A state without a row in the
    record keeps one here, with a missing vote: the record does not say whether it was absent or no
    member. Votes with a known error are missing, too.

    Parameters
    ----------
    focal, others
        Who is looked up.
    on
        Words that title or description must all contain, in any order and case; "nuclear
        testing" finds "nuclear-test explosions". Empty takes every roll call.
    symbol
        A resolution, such as ``68/262``: the end of the symbol.
    years
        First and last year; ``None`` takes all that the votes cover.

    Examples
    --------
    >>> Positions(focal="KAZ", others=("Russia",), on="nuclear testing", years=(2010, 2019)).others
    ('RUS',)
    """

    name: ClassVar[str] = "positions"
    votes: Step[Panel] = default_input("assembly_votes", "panels")
    roll_calls: Step[Panel] = default_input("assembly_roll_calls", "panels")
    _: KW_ONLY
    focal: Actor
    others: tuple[Actor, ...] = ()
    on: str = ""
    symbol: str = ""
    years: tuple[int, int] | None = None
    vote_set: VoteSetName = "all"

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups, and periods that run backwards."""
        for actor in (self.focal, *self.others):
            if states.is_group(actor):
                yield InputError(f"{actor} is a group.", "A state votes; name its members.")
        if self.years is not None and self.years[0] > self.years[1]:
            yield InputError(f"years {self.years[0]}:{self.years[1]} runs backwards.")

    def compute(self, get: Inputs) -> Panel:
        """Find the roll calls, then the votes on them."""
        votes, calls = get(self.votes, "vote"), get(self.roll_calls)
        covered = votes.variable("vote").coverage.years
        first, last = self.years or (min(covered), max(covered))
        if last < min(covered) or first > max(covered):
            raise OutOfCoverage(
                f"The votes cover {year_ranges(covered)}; {first}–{last} was asked for.",
                remedy="Restrict the years, or feed a source that covers them.",
            )
        inside = pl.col("date").dt.year().is_between(first, last)
        held = votes.frame.select("rcid", "date").unique()
        chosen = (
            calls.frame.filter(inside, find("vote_sets", self.vote_set).holds(), self._matches())
            .join(held, on=["rcid", "date"], how="semi")
            .select("rcid", "date", "symbol", pl.coalesce("title", "description").alias("title"))
        )
        who = pl.DataFrame({"state": list(dict.fromkeys((self.focal, *self.others)))})
        sound = votes.sound("vote").frame
        table = chosen.join(who, how="cross").join(sound, on=["rcid", "date", "state"], how="left")
        texts = tuple(calls.variable(n) for n in ("symbol", "title"))
        return Panel(table, STATE_ROLL_CALL, (*texts, votes.variable("vote")))

    def _matches(self) -> pl.Expr:
        text = pl.concat_str("title", "description", separator=" ", ignore_nulls=True)
        said = [text.str.contains(pattern) for pattern in patterns(self.on)]
        if self.symbol:
            end = pl.col("symbol").str.ends_with(f"/{self.symbol}")
            same = pl.col("symbol").eq(self.symbol) | (pl.col("rcid") == self.symbol)
            said.append(end.fill_null(value=False) | same.fill_null(value=False))
        return pl.all_horizontal(said) if said else pl.lit(value=True)


def patterns(words: str) -> list[str]:
    """Return one pattern per word: the word from its start, in any case, with its other forms.

    >>> import re
    >>> all(re.search(p, "NUCLEAR-TEST explosions") for p in patterns("nuclear testing"))
    True
    """
    found = re.findall(r"[^\W_]+", words.lower())
    forms = ("|".join(map(re.escape, _SAME.get(word, (word,)))) for word in found)
    return [rf"(?i)\b(?:{form})" for form in forms]


def answer(panel: Panel) -> pl.DataFrame:
    """Return a look-up as people read it: one row per roll call, one column per state, in words.

    A vote that is missing is "not on record".
    """
    words = pl.col("vote").replace_strict(WORDS, default=UNKNOWN, return_dtype=pl.String)
    frame = panel.frame.with_columns(words.fill_null(UNKNOWN).alias("vote"))
    order = sorted(frame["state"].unique())
    wide = frame.pivot("state", index=["date", "rcid", "symbol", "title"], values="vote")
    return wide.select("date", "rcid", "symbol", "title", *order).sort("date", "rcid")


@dataclass(frozen=True)
class Answer:
    """What a look-up found: the votes, how often each state voted how, and what it cannot see."""

    votes: pl.DataFrame
    counts: pl.DataFrame
    note: str = ""


def look_up(
    run: Callable[[Step[Panel]], Panel],
    who: Sequence[str],
    *,
    on: str = "",
    symbol: str = "",
    since: int | None = None,
    until: int | None = None,
) -> Answer:
    """Return how states voted on a theme or a resolution, as people read it.

    The note counts the roll calls of the period that no word or symbol can find, since the list
    gives neither title nor symbol.

    Parameters
    ----------
    run
        Evaluates a step, as :func:`multivector.runner.run` or a ``Runner``.
    who
        States, in any spelling.
    on, symbol
        As in :class:`Positions`.
    since, until
        First and last year; all that the votes cover by default.
    """
    if not who:
        raise InputError("No state is named.", remedy="Name at least one.")
    base = Positions(focal=who[0], others=tuple(who[1:]), on=on, symbol=symbol)
    covered = run(base.votes).variable("vote").coverage.years
    years = (
        min(covered) if since is None else since,
        max(covered) if until is None else until,
    )
    found = run(replace(base, years=years))
    inside = pl.col("date").dt.year().is_between(*years)
    nameless = pl.all_horizontal(pl.col("symbol", "title", "description").is_null())
    unseen = run(base.roll_calls).frame.filter(inside, nameless)
    note = ""
    if len(unseen) and (on or symbol):
        days = unseen["date"]
        note = (
            f"{len(unseen)} roll calls from {days.min()} to {days.max()} have neither title nor "
            "symbol in this record and cannot be found."
        )
    return Answer(answer(found), summary(found), note)


def summary(panel: Panel) -> pl.DataFrame:
    """Return how often each state voted how: one row per state, one column per kind of vote."""
    vote = pl.col("vote")
    kinds = [(vote == code).sum().alias(word) for code, word in WORDS.items()]
    table = panel.frame.group_by("state").agg(
        pl.len().alias("roll calls"), *kinds, vote.is_null().sum().alias(UNKNOWN)
    )
    return table.sort("state")
