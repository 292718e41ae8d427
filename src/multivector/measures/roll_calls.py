"""Roll calls: the votes that every voting measure starts from, as an array of positions."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass, replace
from datetime import date
from typing import Any, ClassVar, Literal

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import (
    InputError,
    KeyMismatch,
    MultivectorError,
    OutOfCoverage,
    UnknownName,
)
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input, find
from multivector.stats.agreement import ABSENT, ABSTAIN, NO, NOT_MEMBER, UNRECORDED, YES
from multivector.stats.summaries import family_weights
from multivector.step import Inputs, Measure, Step
from multivector.variable import year_ranges
from multivector.vote_set import VoteSetName

KNOWN = (YES, ABSTAIN, NO, ABSENT)
"""Positions of a member whose vote is on record; without one of these there is no count."""
POSITION = {1: YES, 2: ABSTAIN, 3: NO, 8: ABSENT, 9: NOT_MEMBER}
COMMON_VOTE = 0.9
FEWEST_FAMILIES = 5
SESSION_ENDS = 12
"""Month in which most of a session's votes are over; a record that stops before is partial."""
RULES = {
    "apart": "absences apart",
    "abstains": "absences as abstentions",
    "sides": "absences as sides taken",
}
BOOTSTRAP = Citation(
    "field2007",
    "article",
    "Field, C. A. and Welsh, A. H.",
    "Bootstrapping clustered data",
    2007,
    "Journal of the Royal Statistical Society B 69(3):369-390",
    doi="10.1111/j.1467-9868.2007.00593.x",
)


@dataclass(frozen=True)
class Ballots:
    """Positions of states on the roll calls of a vote set, with periods and families.

    ``codes`` has shape (states, items); ``rcids``, ``dates``, ``period`` and ``family`` have shape
    (items,).
    ``period`` indexes ``labels`` and the ``years`` that each label stands for.
    """

    states: tuple[str, ...]
    codes: np.ndarray
    rcids: np.ndarray
    dates: np.ndarray
    period: np.ndarray
    labels: tuple[Any, ...]
    years: tuple[range, ...]
    family: np.ndarray

    def row(self, actor: str) -> np.ndarray:
        """Return the positions of a state, or the common position of a bloc, on every item.

        The position of a bloc is its members' vote where at least 90 % of those that vote agree;
        elsewhere it is divided and has none. Membership is that of the day of the vote.
        """
        if not states.is_group(actor):
            if actor not in self.states:
                raise UnknownName("state in these votes", actor, self.states)
            return self.codes[self.states.index(actor)]
        common = np.full(self.codes.shape[1], UNRECORDED, dtype=np.int8)
        for day in np.unique(self.dates):
            now = np.flatnonzero(self.dates == day)
            inside = np.isin(self.states, states.members(actor, day.astype(object)))
            votes = self.codes[np.ix_(inside, now)]
            counts = np.stack([(votes == v).sum(axis=0) for v in (NO, ABSTAIN, YES)])
            cast = counts.sum(axis=0)
            agreed = (cast > 0) & (counts.max(axis=0) >= COMMON_VOTE * np.maximum(cast, 1))
            common[now[agreed]] = (counts.argmax(axis=0) - 1)[agreed]
        return common

    def only(self, items: np.ndarray) -> Ballots:
        """Keep the chosen items (a mask)."""
        return replace(
            self,
            codes=self.codes[:, items],
            rcids=self.rcids[items],
            dates=self.dates[items],
            period=self.period[items],
            family=self.family[items],
        )

    def weights(self, period: int, draws: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the items of a period and their weights: the record as it is, then resamples.

        Row 0 is all ones. With fewer than five families there is nothing to resample, and only
        row 0 is returned.
        """
        items = np.flatnonzero(self.period == period)
        ones = np.ones((1, items.size))
        if draws == 0 or np.unique(self.family[items]).size < FEWEST_FAMILIES:
            return items, ones
        sampled = family_weights(self.family[items], draws, seed + period)
        return items, np.vstack([ones, sampled])


@dataclass(frozen=True)
class VoteMeasure(Measure):
    """A measure on roll-call votes; the fields are the choices that all of them share.

    Parameters
    ----------
    years
        First and last year; ``None`` takes all that the votes cover.
    by
        One cell a ``year``, or one for the whole ``period``.
    vote_set
        Name of a declared set of roll calls.
    absence
        ``apart``: an absence is no position. ``abstains``: it counts as an abstention. ``sides``:
        it counts as taking a side, whichever; for distances only. The last two bound what a
        distance would be if those absent had voted.
    draws
        Bootstrap draws over families of resolutions; 0 gives point values.
    """

    votes: Step[Panel] = default_input("assembly_votes", "panels")
    roll_calls: Step[Panel] = default_input("assembly_roll_calls", "panels")
    _: KW_ONLY
    focal: Actor
    years: tuple[int, int] | None = None
    by: Literal["year", "period"] = "year"
    vote_set: VoteSetName = "all"
    absence: Literal["apart", "abstains", "sides"] = "apart"
    draws: int = 500
    seed: int = 1
    bounded: ClassVar[bool] = False
    """Whether an absence can count as a side, which tells no lean and no similarity."""

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse periods that run backwards and negative numbers of draws."""
        if self.years is not None and self.years[0] > self.years[1]:
            yield InputError(f"years {self.years[0]}:{self.years[1]} runs backwards.")
        if self.draws < 0:
            yield InputError(f"{self.draws} draws are not possible.", "0 or more.")
        if self.absence == "sides" and not self.bounded:
            yield InputError(
                f"{self.name} cannot count an absence as a side.", "Possible: apart, abstains."
            )

    @property
    def variant(self) -> str:
        """The choices that matter for comparison, in words."""
        rule = RULES[self.absence]
        families = f"; {self.draws} resamples of resolution families" if self.draws else ""
        return f"{find('vote_sets', self.vote_set).label}, {rule}{families}"

    def ballots(self, get: Inputs) -> Ballots:
        """Return the positions of all states on the chosen roll calls."""
        listed, votes = get(self.roll_calls), get(self.votes, "vote")
        covered = votes.variable("vote").coverage.years
        wanted = self.years or (min(covered), max(covered))
        if wanted[0] < min(covered) or wanted[1] > max(covered):
            raise OutOfCoverage(
                f"The votes cover {year_ranges(covered)}; {wanted[0]}–{wanted[1]} was asked for.",
                f"Nearest: {max(wanted[0], min(covered))}–{min(wanted[1], max(covered))}.",
                "Restrict the years, or feed a source that covers them.",
            )
        record = _recorded(self.votes, votes, listed)
        year = pl.col("date").dt.year()
        chosen = record.calls.filter(
            find("vote_sets", self.vote_set).holds(), year.is_between(*wanted)
        )
        names, codes = record.states, record.codes[:, chosen["item"].to_numpy()]
        if self.absence == "abstains":
            codes[codes == ABSENT] = ABSTAIN
        years = chosen["date"].dt.year().to_numpy()
        whole = range(wanted[0], wanted[1] + 1)
        by_year = self.by == "year"
        return Ballots(
            states=names,
            codes=codes,
            rcids=chosen["rcid"].to_numpy(),
            dates=chosen["date"].to_numpy(),
            period=years - wanted[0] if by_year else np.zeros(len(chosen), dtype=int),
            labels=tuple(whole) if by_year else (f"{wanted[0]}–{wanted[1]}",),
            years=tuple(range(y, y + 1) for y in whole) if by_year else (whole,),
            family=families(chosen),
        )

    def notes(self, get: Inputs, actors: Iterable[str], years: range) -> str:
        """Return, in words, the known defects that blank these actors, and where votes stop."""
        panel = get(self.votes, "vote")
        who = {m for a in actors for m in (a, *_ever_in(a))}
        found = [
            d.note
            for d in panel.variable("vote").defects
            if who.intersection(d.states) and set(d.years) & set(years)
        ]
        last: date = panel.frame["date"].max()  # pyright: ignore[reportAssignmentType]
        if last.year in years and last.month < SESSION_ENDS:
            found.append(f"{last.year}: votes to {last.day} {last:%B} only.")
        return " ".join(dict.fromkeys(found))


@dataclass(frozen=True)
class _Record:
    """Positions of all states (rows) on all roll calls that have votes (items, by date)."""

    states: tuple[str, ...]
    calls: pl.DataFrame
    codes: np.ndarray


_KEPT: dict[tuple[int, Step[Panel]], tuple[weakref.ref[Panel], _Record]] = {}
"""The last record read, for as long as the list of roll calls it was read from is in memory."""


def _recorded(step: Step[Panel], votes: Panel, listed: Panel) -> _Record:
    """Return all votes as an array; measures on the same votes share it."""
    key = (id(listed), step)
    kept = _KEPT.get(key)
    if kept is None or kept[0]() is not listed:
        _KEPT.clear()
        kept = _KEPT[key] = (weakref.ref(listed), _read(votes, listed.frame))
    return kept[1]


def _read(votes: Panel, calls: pl.DataFrame) -> _Record:
    held = votes.frame.select("rcid", "date").unique()
    if len(held) and held.join(calls, on=["rcid", "date"], how="semi").is_empty():
        raise KeyMismatch(
            "None of the votes is on a roll call of the list: the two number them differently.",
            f"Votes: {held['rcid'][0]} …; list: {calls['rcid'].first()} ….",
            "Take votes and roll calls from the same layout.",
        )
    calls = (
        calls.join(held, on=["rcid", "date"], how="semi")
        .sort("date", "rcid")
        .with_row_index("item")
    )
    cast = votes.sound("vote").frame.join(calls.select("rcid", "date", "item"), on=["rcid", "date"])
    names = votes.frame["state"].unique().sort()
    row = pl.col("state").replace_strict(names, range(len(names)), return_dtype=pl.Int32)
    code = pl.col("vote").replace_strict(POSITION, default=UNRECORDED, return_dtype=pl.Int8)
    cells = cast.select("item", row.alias("row"), code.alias("code"))
    codes = np.full((len(names), len(calls)), UNRECORDED, dtype=np.int8)
    codes[cells["row"].to_numpy(), cells["item"].to_numpy()] = cells["code"].to_numpy()
    codes.setflags(write=False)
    return _Record(tuple(names), calls, codes)


def _ever_in(actor: str) -> tuple[str, ...]:
    return tuple(m.member for m in states.memberships(actor)) if states.is_group(actor) else ()


def families(calls: pl.DataFrame) -> np.ndarray:
    """Return an integer family for each roll call: same title stem, else a family of its own.

    Resolutions recur from year to year, and paragraphs of one are voted on apart; such votes are
    not independent. The stem is the title without figures and punctuation. A roll call without a
    title is a family of its own, so intervals on untitled votes are too narrow if anything.
    """
    stem = pl.col("title").str.to_lowercase().str.replace_all(r"[^\p{Alphabetic}]+", " ")
    own = pl.col("rcid") + pl.col("date").cast(pl.String)
    known = stem.str.strip_chars().str.len_chars() > 0
    family = pl.when(known).then(stem.str.strip_chars()).otherwise(own)
    return calls.select(family.rank("dense").cast(pl.Int64)).to_series().to_numpy()
