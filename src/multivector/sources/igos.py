"""Memberships in intergovernmental organisations: Correlates of War, IGO 3.0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.source import Fact, Source
from multivector.sources._ties import COW_DYAD_YEAR, needs, table, unseen, whole
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span

COVERAGE = Coverage(span(1816, 2014))
MEMBERSHIP = ((0, "no membership"), (1, "full member"), (2, "associate"), (3, "observer"))
_NO_ORGANISATION, _NOT_KNOWN = -1, -9
WEB = "https://correlatesofwar.org/data-sets/IGOs/"
HOW = "Offered as part of the IGO data, version 3, on https://correlatesofwar.org/data-sets/IGOs/."
COPY = "The same table as D. Hernangómez's igoR distributes it, saved as Parquet."
COW_TERMS: Licence = unseen("Correlates of War terms of use, not seen", WEB)
PEVEHOUSE = Citation(
    "pevehouse2020",
    "article",
    "Pevehouse, Jon C. W. and Nordstrom, Timothy and McManus, Roseanne W. and Jamison, Anne "
    "Spencer",
    "Tracking organizations in the world: The Correlates of War IGO Version 3.0 datasets",
    2020,
    "Journal of Peace Research 57(3):492-503",
    doi="10.1177/0022343319881175",
)


@dataclass(frozen=True)
class _Cow(Source):
    producer: ClassVar = "Correlates of War Project"
    version: ClassVar = "3.0"
    homepage: ClassVar = WEB
    licence: ClassVar = COW_TERMS
    citation: ClassVar = PEVEHOUSE
    notes: ClassVar = "The record ends in 2014: nothing is known of later years."


@dataclass(frozen=True)
class IgoMembers(_Cow):
    """Each state's standing in each intergovernmental organisation, by year.

    One row per organisation that exists in the year (COW's value −1, "IGO not in existence", has
    no row) and member of the state system. ``membership`` is missing where COW writes −9
    ("missing data"); it is 0 where COW says that the state is no member. Organisations bear COW's
    short names; :class:`Igos` spells them out.

    References
    ----------
    Pevehouse, J. C. W., Nordstrom, T., McManus, R. W. and Jamison, A. S. (2020). Tracking
    organizations in the world. Journal of Peace Research 57(3):492-503.

    Examples
    --------
    >>> IgoMembers.variables[0].codes[1]
    (1, 'full member')
    """

    name: ClassVar = "cow_igo_members"
    title: ClassVar = "COW intergovernmental organisations, members"
    key: ClassVar = Key("state by organisation by year", ("igo", "state", "year"), system="cow")
    variables: ClassVar = (
        Variable("membership", "Membership", "category", COVERAGE, codes=MEMBERSHIP),
    )
    files: ClassVar = (
        File("state_year_format*3.csv", "state-years", how=HOW, seen_real=False),
        File("cow_igo3_state_year_membership.parquet", "copy", how=COPY),
    )
    facts: ClassVar = (
        Fact(
            "organisations",
            534,
            "Codebook Version 3 IGO Data; 534 variables aaaid...wassen of igoR's "
            "state_year_format3",
            lambda f: float(f["igo"].n_unique()),
            layouts=("copy",),
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per organisation, state and year in which the organisation exists."""
        frame = needs(table(paths[0]), paths[0], "ccode", "year", "state").drop("state")
        igos = [c for c in frame.columns if c not in ("ccode", "year")]
        return (
            frame.select(
                whole("ccode").alias("state"),
                whole("year"),
                *(pl.col(c).cast(pl.Float32).cast(pl.Int8) for c in igos),
            )
            .unpivot(index=["state", "year"], variable_name="igo", value_name="membership")
            .filter(pl.col("membership") != _NO_ORGANISATION)
            .with_columns(pl.col("membership").replace(_NOT_KNOWN, None))
            .select("igo", "state", "year", "membership")
        )


@dataclass(frozen=True)
class Igos(_Cow):
    """Intergovernmental organisations: name, first and last year, and field of activity.

    One row per organisation and year of its life. ``igo`` is COW's short name in lower case, as
    the columns of the state-year table have it. ``founded`` and ``ended`` are years; the flags say
    what COW takes for the organisation's purpose, and whether members were imputed for the year.

    References
    ----------
    Pevehouse, J. C. W., Nordstrom, T., McManus, R. W. and Jamison, A. S. (2020). Tracking
    organizations in the world. Journal of Peace Research 57(3):492-503.

    Examples
    --------
    >>> Igos.key.columns
    ('igo', 'year')
    """

    name: ClassVar = "cow_igos"
    title: ClassVar = "COW intergovernmental organisations"
    key: ClassVar = Key("organisation-year", ("igo", "year"), system="cow")
    variables: ClassVar = (
        Variable("title", "Name of the organisation", "text", COVERAGE),
        Variable("number", "COW's number of the organisation", "identifier", COVERAGE),
        Variable("founded", "First year", "year", COVERAGE),
        Variable("ended", "Last year", "year", COVERAGE),
        Variable("political", "Political purpose", "flag", COVERAGE, range=(0, 1)),
        Variable("social", "Social purpose", "flag", COVERAGE, range=(0, 1)),
        Variable("economic", "Economic purpose", "flag", COVERAGE, range=(0, 1)),
        Variable("imputed", "Members imputed", "flag", COVERAGE, range=(0, 1)),
    )
    files: ClassVar = (
        File("igo_year_format*3.csv", "organisation-years", how=HOW, seen_real=False),
        File("cow_igo3_igo_year_membership.parquet", "copy", how=COPY),
    )
    facts: ClassVar = (
        Fact(
            "organisation-years",
            19_335,
            "Manual of igoR, igo_year_format3: 'data.frame with 19,335 rows'",
            lambda f: float(len(f)),
            layouts=("copy",),
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per organisation and year."""
        frame = needs(table(paths[0]), paths[0], "ioname", "orgname", "year", "ionum", "sdate")
        return frame.select(
            pl.col("ioname").str.to_lowercase().alias("igo"),
            whole("year"),
            pl.col("orgname").alias("title"),
            whole("ionum").alias("number"),
            whole("sdate", -9, -1).alias("founded"),
            whole("deaddate", -9, -1).alias("ended"),
            *(whole(c) for c in ("political", "social", "economic", "imputed")),
        )


@dataclass(frozen=True)
class IgoDyads(_Cow):
    """Organisations of which two states are both full members, by year, as COW counts them.

    Undirected. An organisation counts where COW's dyadic table has 1, "joint full membership".
    A pair without row is missing: one of the two was outside the state system. The count treats
    memberships that are not known (−9) as none; ``shared_igos`` computes it anew and says how
    many are not known.

    References
    ----------
    Pevehouse, J. C. W., Nordstrom, T., McManus, R. W. and Jamison, A. S. (2020). Tracking
    organizations in the world. Journal of Peace Research 57(3):492-503.

    Examples
    --------
    >>> IgoDyads.key.directed
    False
    """

    name: ClassVar = "cow_igo_dyads"
    title: ClassVar = "COW intergovernmental organisations, shared memberships"
    key: ClassVar = COW_DYAD_YEAR
    variables: ClassVar = (
        Variable("shared_igos", "Shared full memberships", "count", COVERAGE, range=(0, None)),
    )
    files: ClassVar = (
        File("dyadic_format*3.csv", "dyad-years", how=HOW, seen_real=False),
        File(
            "cow_igo_ndy.parquet",
            "counts",
            how="Counts from the dyadic table, as S. Miller's peacesciencer distributes them "
            "(cow_igo_ndy), saved as Parquet.",
        ),
    )
    facts: ClassVar = (
        Fact(
            "dyad-years",
            917_695,
            "Manual of peacesciencer, cow_igo_ndy: 'A data frame with 917695 observations'",
            lambda f: float(len(f)),
            layouts=("counts",),
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per unordered pair and year."""
        frame = needs(table(paths[0]), paths[0], "ccode1", "ccode2", "year")
        if layout == "counts":
            count = whole("dyadigos")
        else:
            known = ("ccode1", "ccode2", "year", "dyadid")
            words = ("state1", "state2", "country1", "country2")
            igos = [c for c in frame.columns if c not in (*known, *words)]
            count = pl.sum_horizontal(pl.col(c).cast(pl.Float64) == 1 for c in igos)
        one, other = whole("ccode1"), whole("ccode2")
        return frame.select(
            pl.min_horizontal(one, other).alias("state"),
            pl.max_horizontal(one, other).alias("partner"),
            whole("year"),
            count.cast(pl.Int64).alias("shared_igos"),
        )
