"""Inter-state wars 1816–2007, Correlates of War version 4: participants and pairs of opponents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation
from multivector.source import Fact, Source
from multivector.sources._ties import needs, table, text, unseen, whole
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span

COVERAGE = Coverage(span(1816, 2007))
OUTCOMES = (
    (1, "winner"),
    (2, "loser"),
    (3, "compromise or tie"),
    (4, "became another type of war"),
    (5, "ongoing at the end of 2007"),
    (6, "stalemate"),
    (7, "went on below the severity of war"),
    (8, "changed sides"),
)
SIDES = ((1, "side 1"), (2, "side 2"))


@dataclass(frozen=True)
class _Wars(Source):
    """What both views of the inter-state wars share."""

    producer: ClassVar = "Correlates of War project"
    version: ClassVar = "4.0"
    homepage: ClassVar = "https://correlatesofwar.org/data-sets/cow-war/"
    licence: ClassVar = unseen("Correlates of War", "https://correlatesofwar.org/data-sets/")
    citation: ClassVar = Citation(
        "sarkees2010",
        "book",
        "Sarkees, Meredith Reid and Wayman, Frank Whelon",
        "Resort to War: 1816-2007",
        2010,
        "CQ Press",
    )
    facts: ClassVar = (
        Fact(
            "inter-state wars",
            95,
            "Sarkees and Wayman (2010), Resort to War: 95 inter-state wars, 1816-2007",
            lambda f: float(f["war"].n_unique()),
        ),
    )


@dataclass(frozen=True)
class InterstateWars(_Wars):
    """States in inter-state wars: side, dates, outcome, battle deaths.

    One row per war, state and side (a state may change sides). ``began`` and ``ended`` are ISO
    dates, to the month or year only where the day is not known; ``resumed`` and ``ended_again``
    are those of a second period of fighting. Battle deaths are of the whole war; −9 and −8 of the
    file are missing. The publisher's file ends its lines with a carriage return only.

    References
    ----------
    Sarkees, M. R. and Wayman, F. W. (2010). Resort to War: 1816-2007. CQ Press.

    Examples
    --------
    >>> InterstateWars.key.columns
    ('war', 'state', 'side')
    """

    name: ClassVar = "interstate_wars"
    title: ClassVar = "COW inter-state wars, participants"
    key: ClassVar = Key("state in a war", ("war", "state", "side"), system="cow")
    variables: ClassVar = (
        Variable("war_name", "Name of the war", "text", COVERAGE),
        Variable("began", "First day in the war (ISO date)", "text", COVERAGE),
        Variable("ended", "Last day in the war (ISO date)", "text", COVERAGE),
        Variable("resumed", "First day of the second period (ISO date)", "text", COVERAGE),
        Variable("ended_again", "Last day of the second period (ISO date)", "text", COVERAGE),
        Variable("initiator", "State began the war", "flag", COVERAGE, range=(0, 1)),
        Variable("outcome", "Outcome for the state", "category", COVERAGE, codes=OUTCOMES),
        Variable(
            "battle_deaths", "Battle deaths of the state", "persons", COVERAGE, range=(0, None)
        ),
    )
    files: ClassVar = (
        File(
            "Inter-StateWarData_v4.0.csv",
            "participants",
            how="On the page of the data, the file of inter-state wars.",
            seen_real=False,
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per war, state and side."""
        frame = needs(text(paths[0]), paths[0], "WarNum", "ccode", "Side", "StartYear1", "BatDeath")

        def day(edge: str, period: int) -> pl.Expr:
            names = [f"{edge}{part}{period}" for part in ("Year", "Month", "Day")]
            written = [whole(n, -8, -9).cast(pl.String).str.zfill(2) for n in names]
            return pl.coalesce(pl.concat_str(written[:k], separator="-") for k in (3, 2, 1))

        return frame.select(
            whole("WarNum").alias("war"),
            whole("ccode").alias("state"),
            whole("Side").alias("side"),
            pl.col("WarName").alias("war_name"),
            day("Start", 1).alias("began"),
            day("End", 1).alias("ended"),
            day("Start", 2).alias("resumed"),
            day("End", 2).alias("ended_again"),
            (2 - whole("Initiator", -8, -9)).alias("initiator"),  # 1 yes, 2 no
            whole("Outcome", -8, -9).alias("outcome"),
            whole("BatDeath", -8, -9).alias("battle_deaths"),
        )


@dataclass(frozen=True)
class WarDyads(_Wars):
    """Pairs of states on opposite sides of an inter-state war, by war and year.

    The row (A, B) speaks of A: side, initiator, outcome and battle deaths in the whole war (−9 is
    missing). Opposite sides do not mean that the two fought each other. ``resumed`` is 1 for a
    second period of the same war.

    References
    ----------
    Sarkees, M. R. and Wayman, F. W. (2010). Resort to War: 1816-2007. CQ Press.

    Examples
    --------
    >>> WarDyads.key.directed
    True
    """

    name: ClassVar = "war_dyads"
    title: ClassVar = "COW inter-state wars, directed pairs of opponents"
    key: ClassVar = Key(
        "directed pair in a war-year", ("war", "resumed", "state", "partner", "year"), system="cow"
    )
    variables: ClassVar = (
        Variable("ongoing", "War under way", "flag", COVERAGE, range=(0, 1)),
        Variable("onset", "War began or was resumed", "flag", COVERAGE, range=(0, 1)),
        Variable("side", "Side of state", "category", COVERAGE, codes=SIDES),
        Variable("initiator", "State began the war", "flag", COVERAGE, range=(0, 1)),
        Variable("outcome", "Outcome for state", "category", COVERAGE, codes=OUTCOMES),
        Variable(
            "battle_deaths",
            "Battle deaths of state in the war",
            "persons",
            COVERAGE,
            range=(0, None),
        ),
    )
    files: ClassVar = (
        File(
            "cow_war_inter.parquet",
            "dyad copy",
            how="Directed pairs made by S. Miller's peacesciencer (cow_war_inter) from version "
            "4.0, saved as Parquet.",
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per war, ordered pair and year."""
        frame = needs(table(paths[0]), paths[0], "warnum", "ccode1", "ccode2", "year", "resume")
        return frame.select(
            whole("warnum").alias("war"),
            whole("resume").alias("resumed"),
            whole("ccode1").alias("state"),
            whole("ccode2").alias("partner"),
            whole("year"),
            whole("cowinterongoing").alias("ongoing"),
            whole("cowinteronset").alias("onset"),
            whole("sidea1").alias("side"),
            whole("initiator1").alias("initiator"),
            whole("outcome1").alias("outcome"),
            whole("batdeath1", -9).alias("battle_deaths"),
        )
