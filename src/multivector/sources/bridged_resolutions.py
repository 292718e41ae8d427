"""Resolutions of different sessions that put the same question to the General Assembly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.source import Fact, Source
from multivector.store import File
from multivector.variable import Coverage, Key, Variable

BAILEY = Citation(
    "bailey2017",
    "article",
    "Bailey, Michael A. and Strezhnev, Anton and Voeten, Erik",
    "Estimating Dynamic State Preferences from United Nations Voting Data",
    2017,
    "Journal of Conflict Resolution 61(2):430-456",
    doi="10.1177/0022002715595700",
)


@dataclass(frozen=True)
class BridgedResolutions(Source):
    """Pairs of roll calls of different sessions on substantively identical resolutions.

    One row per pair, in Voeten's numbers: ``rcid`` is the later roll call, ``earlier`` the one
    whose text it repeats. Votes on such a pair are votes on the same question, so an ideal-point
    model may give both the same parameters, which ties the scale of one session to that of
    another. The pairs were found by the authors, who compared texts. They end with the session
    of 2019; Voeten's numbers 411, 427, 449 and 495, given again in 2023, stand here for the roll
    calls of 1954 and 1955 that bore them first.

    Examples
    --------
    >>> BridgedResolutions.key.columns
    ('rcid', 'earlier')
    """

    name: ClassVar[str] = "bridged_resolutions"
    title: ClassVar[str] = "Resolutions repeated in later sessions of the General Assembly"
    producer: ClassVar[str] = "Michael Bailey, Anton Strezhnev and Erik Voeten"
    version: ClassVar[str] = "release of April 2020"
    homepage: ClassVar[str] = (
        "https://github.com/evoeten/United-Nations-General-Assembly-Votes-and-Ideal-Points"
    )
    licence: ClassVar[Licence] = Licence(
        "MIT",
        "https://opensource.org/license/mit",
        redistribute_raw=True,
        quote="Permission is hereby granted, free of charge, to any person obtaining a copy of "
        "this software and associated documentation files.",
    )
    citation: ClassVar[Citation] = BAILEY
    key: ClassVar[Key] = Key("pair of roll calls", ("rcid", "earlier"))
    variables: ClassVar[tuple[Variable, ...]] = (
        Variable("number", "Number in the authors' list", "ordinal number", Coverage()),
    )
    files: ClassVar[tuple[File, ...]] = (
        File(
            "bsv_matches_bridging.csv",
            "pairs",
            how="The table of matched resolutions in the authors' repository of votes and ideal "
            "points, saved under this name.",
        ),
    )
    facts: ClassVar[tuple[Fact, ...]] = ()
    without_facts: ClassVar[str] = (
        "No printed number of pairs was found; the published tallies of the linked sample of "
        "April 2020, which only these pairs give, are checked in the tests."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per pair; a pair listed twice keeps its first number."""
        del layout
        table = pl.read_csv(paths[0], columns=["v1", "rcid1", "rcid2"])
        pairs = table.select(
            pl.col("rcid2").cast(pl.String).alias("rcid"),
            pl.col("rcid1").cast(pl.String).alias("earlier"),
            pl.col("v1").alias("number"),
        )
        return pairs.unique(["rcid", "earlier"], keep="first", maintain_order=True)
