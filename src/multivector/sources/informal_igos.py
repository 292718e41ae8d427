"""Informal international organisations: members by year, and participants as of 2017."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation
from multivector.source import Source
from multivector.sources._ties import needs, table, unseen, whole
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span

INFORMAL = Coverage(span(1925, 2010))


@dataclass(frozen=True)
class InformalBodies(Source):
    """Members of informal intergovernmental organisations, 1925 to 2010, by year.

    One row per body, state and year of membership. ``membership`` is 1 for full members; 2 and 3
    are lesser standings, which the copy does not name. States bear COW numbers. The copy's columns
    ``Begin`` and ``End`` are not read: they are the same for a state in every body (Kazakhstan
    1992, Russia 1968) and so do not date a membership. A state-year without row is missing, not
    zero: the copy has members only.

    References
    ----------
    Roger, C. B. and Rowan, S. S. (2022). Analyzing international organizations: How the concepts
    we use affect the answers we get. Review of International Organizations 17:597-625.

    Examples
    --------
    >>> InformalBodies.key.columns
    ('body', 'state', 'year')
    """

    name: ClassVar = "informal_igos"
    title: ClassVar = "Informal international organisations, members"
    producer: ClassVar = "C. B. Roger and S. S. Rowan"
    version: ClassVar = "2022, from the manyios package"
    homepage: ClassVar = "https://doi.org/10.1007/s11558-021-09432-2"
    licence: ClassVar = unseen(
        "CC BY 4.0 through manyios; the authors' terms not seen",
        "https://github.com/globalgov/manyios",
    )
    citation: ClassVar = Citation(
        "roger2022",
        "article",
        "Roger, Charles B. and Rowan, Sam S.",
        "Analyzing international organizations: How the concepts we use affect the answers we get",
        2022,
        "The Review of International Organizations 17:597-625",
        doi="10.1007/s11558-021-09432-2",
    )
    key: ClassVar = Key("state by body by year", ("body", "state", "year"), system="cow")
    variables: ClassVar = (
        Variable(
            "membership",
            "Membership",
            "category",
            INFORMAL,
            codes=((1, "full"), (2, "lesser (2)"), (3, "lesser (3)")),
        ),
    )
    files: ClassVar = (
        File(
            "informal_io_membership_roger_rowan.parquet",
            "copy",
            how="Table MIGO of the manyios package (globalgov), saved as Parquet.",
        ),
    )
    without_facts: ClassVar = (
        "The totals printed in the article are of an edition that was not compared with the copy."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per body, state and year."""
        frame = needs(table(paths[0]), paths[0], "igoID", "cowID", "Year", "membership")
        return frame.select(
            pl.col("igoID").alias("body"),
            whole("cowID").alias("state"),
            whole("Year").alias("year"),
            whole("membership"),
        )


@dataclass(frozen=True)
class InformalParticipants(Source):
    """Participants of informal intergovernmental organisations as of 2017.

    One row per body and participant. ``began`` and ``ended`` are years of the *body*, not of the
    state's participation: the list has Kazakhstan in a committee of 1939. So the list says who
    takes part, or took part when the body ended, and never since when.

    References
    ----------
    Vabulas, F. and Snidal, D. (2021). Cooperation under autonomy: Building and analyzing the
    Informal Intergovernmental Organizations 2.0 dataset. Journal of Peace Research 58(4):859-869.

    Examples
    --------
    >>> InformalParticipants.key.columns
    ('body', 'state')
    """

    name: ClassVar = "informal_igos_vabulas"
    title: ClassVar = "Informal Intergovernmental Organizations 2.0, participants"
    producer: ClassVar = "F. Vabulas and D. Snidal"
    version: ClassVar = "2.0, from the manyios package"
    homepage: ClassVar = "https://doi.org/10.1177/0022343320943920"
    licence: ClassVar = unseen(
        "CC BY 4.0 through manyios; the authors' terms not seen",
        "https://github.com/globalgov/manyios",
    )
    citation: ClassVar = Citation(
        "vabulas2021",
        "article",
        "Vabulas, Felicity and Snidal, Duncan",
        "Cooperation under autonomy: Building and analyzing the Informal Intergovernmental "
        "Organizations 2.0 dataset",
        2021,
        "Journal of Peace Research 58(4):859-869",
        doi="10.1177/0022343320943920",
    )
    key: ClassVar = Key("participant of a body", ("body", "state"))
    variables: ClassVar = (
        Variable("began", "First year of the body", "year", Coverage()),
        Variable("ended", "Last year of the body", "year", Coverage()),
    )
    files: ClassVar = (
        File(
            "informal_igo_membership_vabulas_snidal.parquet",
            "copy",
            how="Table IIGO of the manyios package (globalgov), saved as Parquet.",
        ),
    )
    without_facts: ClassVar = (
        "The totals printed in the article are of an edition that was not compared with the copy."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per body and participant; rows that name no single state are left out."""
        frame = needs(table(paths[0]), paths[0], "stateID", "Title", "Begin", "End")
        year = [pl.col(c).cast(pl.Int64, strict=False) for c in ("Begin", "End")]
        return frame.filter(pl.col("stateID").str.contains(r"^[A-Z]{3}$")).select(
            pl.col("Title").alias("body"),
            pl.col("stateID").alias("state"),
            year[0].alias("began"),
            year[1].alias("ended"),
        )
