"""Memberships in intergovernmental organisations: COW IGO 3.0, informal bodies, and our own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.source import Fact, Source
from multivector.sources._own_table import CONFIDENCE, LEVEL, OwnTable, own_file
from multivector.sources._ties import COW_DYAD_YEAR, needs, table, unseen, whole
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span

COVERAGE = Coverage(span(1816, 2014))
INFORMAL = Coverage(span(1925, 2010))
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
