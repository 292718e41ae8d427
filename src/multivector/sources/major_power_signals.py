"""Signals of support by five major powers toward other states, 1950–2012."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation
from multivector.source import Source
from multivector.sources._ties import COW_DIRECTED_DYAD_YEAR, needs, text, unseen, whole
from multivector.store import File
from multivector.variable import Coverage, Variable, span

COVERAGE = Coverage(span(1950, 2012))
POWERS = {"us": 2, "uk": 200, "fra": 220, "rus": 365, "chi": 710}
"""COW number of each power by the prefix of its columns."""
_SIGNALS = {
    "visit": ("vis", "Visit by the power's leader", "flag"),
    "investment_treaty": ("bit", "Bilateral investment treaty", "flag"),
    "defence_pact": ("pact", "Defence pact", "flag"),
    "exercise": ("ex", "Joint military exercise", "flag"),
    "arms_million_tiv": ("arms", "Arms delivered by the power", "million TIV"),
    "troops": ("troops", "The power's troops in the state", "persons"),
    "nuclear_weapons": ("nukes", "The power's nuclear weapons in the state", "flag"),
    "economic_aid_usd": ("econaid", "Economic aid of the United States", "USD, prices not stated"),
    "statements": ("words", "Supportive statements by US presidents", "statements"),
}


@dataclass(frozen=True)
class MajorPowerSignals(Source):
    """Signals of support that a major power sends to another state, by year.

    The row (power, state) says what the United States (2), the United Kingdom (200), France (220),
    Russia (365) or China (710) did in or for that state. Nuclear weapons are coded for three
    powers, aid and statements for the United States only: elsewhere they are missing. The
    file is balanced, so a signal that was not sent is 0 in the file itself. What a state did toward
    the power is not coded, nor are the United States, Russia and China as receivers.

    References
    ----------
    McManus, R. W. and Nieman, M. D. (2019). Identifying the level of major power support signaled
    for protégés. Journal of Peace Research 56(3):364-378.

    Examples
    --------
    >>> MajorPowerSignals.key.directed
    True
    """

    name: ClassVar = "major_power_signals"
    title: ClassVar = "Signals of support by major powers"
    producer: ClassVar = "Roseanne W. McManus and Mark David Nieman"
    version: ClassVar = "replication data of 2019"
    homepage: ClassVar = "https://doi.org/10.1177/0022343318808842"
    licence: ClassVar = unseen("Replication data, citation", homepage)
    citation: ClassVar = Citation(
        "mcmanus2019",
        "article",
        "McManus, Roseanne W. and Nieman, Mark David",
        "Identifying the level of major power support signaled for protégés: A latent measure "
        "approach",
        2019,
        "Journal of Peace Research 56(3):364-378",
        doi="10.1177/0022343318808842",
    )
    key: ClassVar = COW_DIRECTED_DYAD_YEAR
    variables: ClassVar = tuple(
        Variable(
            f"signal_{name}",
            label,
            unit,
            COVERAGE,
            range=(0, 1) if unit == "flag" else (0, None),
        )
        for name, (_, label, unit) in _SIGNALS.items()
    )
    files: ClassVar = (
        File(
            "mcmanus_nieman_major_power_signals_1950_2012.csv*",
            "state-years wide",
            how="The table 'Individual Signals Dataset' of the replication data of the article, "
            "saved as mcmanus_nieman_major_power_signals_1950_2012.csv.",
        ),
    )

    without_facts: ClassVar = (
        "The article prints no totals of the single signals that we have seen."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per power, state and year."""
        frame = needs(text(paths[0]), paths[0], "ccode", "year", "us_vis", "chi_troops")

        def signal(prefix: str, name: str) -> pl.Expr:
            column = f"{prefix}_{_SIGNALS[name][0]}"
            there = column in frame.columns
            value = pl.col(column).cast(pl.Float64) if there else pl.lit(None, pl.Float64)
            kind = pl.Float64 if name == "economic_aid_usd" else pl.Int64
            return value.cast(kind).alias(f"signal_{name}")

        return pl.concat(
            frame.select(
                pl.lit(code, pl.Int64).alias("state"),
                whole("ccode").alias("partner"),
                whole("year"),
                *(signal(prefix, name) for name in _SIGNALS),
            )
            for prefix, code in POWERS.items()
        ).filter(pl.col("state") != pl.col("partner"))
