"""Memberships of states in organisations and groups, with days of entry and end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.sources._own_table import CONFIDENCE, LEVEL, OwnTable, own_file
from multivector.variable import Coverage, Key, Variable


@dataclass(frozen=True)
class DatedMemberships(OwnTable):
    """Days on which states joined and left organisations and groups, up to mid-2025.

    One row per group, member and entry; ``left`` is the last day and missing while the membership
    goes on. Groups of fixed composition without days (the five states of Central Asia, today's
    twenty-seven members of the European Union) are not in it. These are the memberships that
    aggregates such as ``EU`` or ``CSTO`` stand for
    everywhere in this package. ``confidence`` says how exact the days are (low: the year only).

    Examples
    --------
    >>> DatedMemberships.key.columns
    ('group', 'state', 'entered')
    """

    name: ClassVar = "memberships"
    folder: ClassVar = "states"
    title: ClassVar = "Memberships in organisations, dated"
    version: ClassVar = "to mid-2025"
    homepage: ClassVar = "https://treaties.un.org/"
    licence: ClassVar[Licence] = replace(
        OwnTable.licence, quote="Members and days of entry are facts; the table is ours."
    )
    citation: ClassVar = Citation(
        "multivector_memberships",
        "misc",
        "{The multivector authors}",
        "Memberships in organisations, dated",
        2025,
        "multivector",
    )
    key: ClassVar = Key("spell of membership", ("group", "state", "entered"))
    variables: ClassVar = (
        Variable("left", "Last day of membership", "date", Coverage()),
        Variable("confidence", "Confidence in the days", "category", Coverage(), codes=CONFIDENCE),
        Variable("basis", "What the dates rest on", "text", Coverage()),
    )
    files: ClassVar = own_file("groups.csv", "states")
    without_facts: ClassVar = (
        "The table is ours; counts of members on given days are checked in the tests of states."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per group, member and entry."""
        day = pl.col("start", "end").str.to_date("%Y-%m-%d")
        frame = pl.read_csv(paths[0], infer_schema=False).with_columns(day).drop_nulls("start")
        return frame.select(
            pl.col("grp").alias("group"),
            pl.col("member").alias("state"),
            pl.col("start").alias("entered"),
            pl.col("end").alias("left"),
            pl.col("confidence").replace_strict(LEVEL, return_dtype=pl.Int8),
            pl.col("source").alias("basis"),
        )
