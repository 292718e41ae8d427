"""Votes of states on Ukraine in the eleventh emergency special session of the UN Assembly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector import states
from multivector.origin import OWN, Citation, Licence
from multivector.source import Fact, Source
from multivector.sources.un_votes import VOTES
from multivector.store import File
from multivector.variable import STATE_ROLL_CALL, Coverage, Variable

_COVERED = Coverage((2022, 2023))
_COMPLETE = "full list"
_CONGO = {"Congo": "COG", "Dem. Rep. Congo": "COD"}


def _count(rcid: str, vote: int) -> Callable[[pl.DataFrame], float]:
    """Return a function that counts the states that cast *vote* in roll call *rcid*."""
    return lambda f: float(f.filter(pl.col("rcid") == rcid, pl.col("vote") == vote).height)


@dataclass(frozen=True)
class UNEmergencyVotes(Source):
    """Votes on Ukraine in the eleventh emergency special session of the UN General Assembly.

    One row per state and resolution, ``rcid`` being the resolution (``ES-11/1``), coded as in
    ``un_votes``. ``complete`` is 1 where the vote of every member is known, which holds for
    ES-11/1 only: the members that its full list does not name did not vote and are coded absent.
    Of the other resolutions there are the no votes and single votes from the press, ``complete``
    is 0, and a state without a row is unknown. Similarity is computed from complete lists only.

    Examples
    --------
    >>> UNEmergencyVotes.layouts()
    ('vote list',)
    """

    name: ClassVar[str] = "un_emergency_votes"
    title: ClassVar[str] = "Votes on Ukraine in the eleventh emergency special session"
    producer: ClassVar[str] = "The multivector authors, from the records of the United Nations"
    version: ClassVar[str] = "resolutions ES-11/1 and ES-11/3 to ES-11/6, 2022-03-02 to 2023-02-23"
    homepage: ClassVar[str] = "https://undocs.org/A/ES-11/PV.5"
    licence: ClassVar[Licence] = replace(
        OWN, quote="How a state voted in public is a fact; the table is ours."
    )
    citation: ClassVar[Citation] = Citation(
        "un2022es11",
        "misc",
        "{United Nations General Assembly}",
        "Eleventh emergency special session, 5th plenary meeting: recorded vote on Aggression "
        "against Ukraine (resolution ES-11/1)",
        2022,
        "A/ES-11/PV.5",
        url="https://undocs.org/A/ES-11/PV.5",
    )
    key = STATE_ROLL_CALL
    variables: ClassVar[tuple[Variable, ...]] = (
        Variable(
            "vote", "Vote in the emergency special session", "category", _COVERED, codes=VOTES
        ),
        Variable("complete", "Vote of every member known", "flag", _COVERED, range=(0, 1)),
    )
    files: ClassVar[tuple[File, ...]] = (
        File(
            "ukraine_es11_votes.csv",
            "vote list",
            how="Compiled by hand from A/ES-11/PV.5 and press coverage; ships as casebook table.",
        ),
    )
    facts: ClassVar[tuple[Fact, ...]] = (
        *(
            Fact(
                f"states {meaning} in the vote on ES-11/1",
                value,
                "A/ES-11/PV.5 and United Nations press release GA/12407, 2 March 2022",
                _count("ES-11/1", vote),
            )
            for vote, meaning, value in (
                (1, "voting yes", 141),
                (3, "voting no", 5),
                (2, "abstaining", 35),
                (8, "absent", 12),
            )
        ),
        *(
            Fact(f"states voting no on {rcid}", value, published, _count(rcid, 3))
            for rcid, value, published in (
                ("ES-11/3", 24, "United Nations press release GA/12414, 7 April 2022"),
                ("ES-11/4", 5, "United Nations press release GA/12458, 12 October 2022"),
                ("ES-11/5", 14, "United Nations press release GA/12470, 14 November 2022"),
            )
        ),
    )
    notes: ClassVar[str] = (
        "ES-11/1 is complete; of ES-11/3, ES-11/4 and ES-11/5 the no votes are, the rest and "
        "ES-11/6 are single votes reported by the press."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and resolution; absent members only where the list is full."""
        table = pl.read_csv(paths[0], schema_overrides={"vote": pl.Int8}, try_parse_dates=True)
        names = table["country"].replace(_CONGO)
        listed = table.select(
            pl.col("resolution").alias("rcid"),
            "date",
            states.resolve_names(names, table["date"]).alias("state"),
            "vote",
            (pl.col("completeness") == _COMPLETE).cast(pl.Int8).alias("complete"),
        )
        full = listed.filter(pl.col("complete") == 1)
        silent = [
            pl.DataFrame({"state": sorted(set(_members(when)) - set(here["state"]))}).select(
                pl.lit(rcid).alias("rcid"),
                pl.lit(when).alias("date"),
                "state",
                pl.lit(8, pl.Int8).alias("vote"),
                pl.lit(1, pl.Int8).alias("complete"),
            )
            for (rcid, when), here in full.group_by("rcid", "date")
            if isinstance(when, date)
        ]
        return pl.concat([listed, *silent])


def _members(when: date) -> tuple[str, ...]:
    """Return the members of the United Nations on that day."""
    return states.members("UN", when)
