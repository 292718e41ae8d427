"""ATOP 5.1: alliances, their members, and the obligations that bind them, 1815–2018."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.source import Fact, Source
from multivector.sources._ties import (
    COW_DIRECTED_DYAD_YEAR,
    COW_STATE_YEAR,
    needs,
    table,
    text,
    whole,
)
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span

COVERAGE = Coverage(span(1815, 2018))
OBLIGATIONS = {
    "defense": "Defence: active military support if the partner is attacked",
    "offense": "Offence: active military support in a conflict that the partner did not suffer",
    "neutrality": "Neutrality: no support for the partner's enemy in a conflict",
    "nonaggression": "Non-aggression: no force against the partner",
    "consultation": "Consultation in crises that may become military conflict",
}
"""The five obligations, under our names; ATOP's columns are named in ``_COLUMNS``."""
_COLUMNS = {
    "defense": "defense",
    "offense": "offense",
    "neutral": "neutrality",
    "nonagg": "nonaggression",
    "consul": "consultation",
}
HOW = (
    "ATOP offers its data, comma-delimited, on http://www.atopdata.org/data.html; in version 5.1 "
    "the file is called {}."
)


@dataclass(frozen=True)
class _Atop(Source):
    """What all tables of ATOP share: producer, terms, work to cite."""

    producer: ClassVar = "Alliance Treaty Obligations and Provisions project (Rice University)"
    version: ClassVar = "5.1"
    homepage: ClassVar = "http://www.atopdata.org/"
    licence: ClassVar = Licence(
        "ATOP, citation asked for; terms of redistribution not stated",
        "http://www.atopdata.org/data.html",
        redistribute_raw=False,
        quote="We ask users of the ATOP data to employ the following citation: Leeds, Brett "
        "Ashley, Jeffrey M. Ritter, Sara McLaughlin Mitchell, and Andrew G. Long. 2002. "
        "(Terms of redistribution not seen.)",
    )
    citation: ClassVar = Citation(
        "leeds2002",
        "article",
        "Leeds, Brett Ashley and Ritter, Jeffrey M. and Mitchell, Sara McLaughlin and Long, "
        "Andrew G.",
        "Alliance Treaty Obligations and Provisions, 1815-1944",
        2002,
        "International Interactions 28(3):237-260",
        doi="10.1080/03050620213653",
    )
    notes: ClassVar = (
        "An alliance counts from its signature. The record ends on 31 December 2018: alliances "
        "then in effect have no end, and nothing is known of later years."
    )


def _flags(absence_is_none: bool) -> tuple[Variable, ...]:
    absence = "zero" if absence_is_none else "missing"
    return tuple(
        Variable(name, label, "flag", COVERAGE, absence, range=(0, 1))
        for name, label in OBLIGATIONS.items()
    )


def _obligations() -> list[pl.Expr]:
    return [whole(theirs).alias(ours) for theirs, ours in _COLUMNS.items()]


def _day(year: str, month: str, day: str) -> pl.Expr:
    """Return an ISO date, only to the month or year where ATOP knows no more; null for year 0."""
    y, m, d = whole(year, 0), whole(month, 0), whole(day, 0)

    def two(part: pl.Expr) -> pl.Expr:
        return part.cast(pl.String).str.zfill(2)

    to_month = pl.concat_str(y, two(m), separator="-")
    exact = pl.concat_str(y, two(m), two(d), separator="-")
    return pl.coalesce(exact, to_month, y.cast(pl.String))


@dataclass(frozen=True)
class AtopAlliances(_Atop):
    """Military alliances: dates, members and the obligations that the treaty contains.

    One row per alliance (``alliance`` is ATOP's number). ``began`` and ``ended`` are ISO dates,
    shortened to the month where the day is not known; ``ended`` is missing while the alliance was
    in effect on 31 December 2018. ``members`` lists COW numbers of all who ever belonged. Each
    obligation is 1 if any phase of the treaty contains it for any member.

    References
    ----------
    Leeds, B. A., Ritter, J. M., Mitchell, S. M. and Long, A. G. (2002). Alliance Treaty
    Obligations and Provisions, 1815-1944. International Interactions 28(3):237-260.

    Examples
    --------
    >>> AtopAlliances.key.columns
    ('alliance',)
    """

    name: ClassVar = "atop_alliances"
    title: ClassVar = "ATOP, alliances"
    key: ClassVar = Key("alliance", ("alliance",), system="cow")
    variables: ClassVar = (
        Variable("began", "Signed or otherwise begun (ISO date)", "text", COVERAGE),
        Variable("ended", "Ended (ISO date)", "text", COVERAGE),
        Variable("in_effect", "In effect on 31 December 2018", "flag", COVERAGE, range=(0, 1)),
        Variable("bilateral", "Two members only", "flag", COVERAGE, range=(0, 1)),
        Variable("wartime", "Made in a war by belligerents", "flag", COVERAGE, range=(0, 1)),
        *_flags(absence_is_none=False),
        Variable("members", "Members, COW numbers separated by blanks", "text", COVERAGE),
    )
    without_facts: ClassVar = (
        "No printed total of version 5.1 was found; alliances, members, state-years and dyads are "
        "checked against each other in the tests."
    )
    files: ClassVar = (File("atop5_1a.csv*", "alliances", how=HOW.format("atop5_1a.csv")),)

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per alliance."""
        frame = needs(text(paths[0]), paths[0], "atopid", "begyr", "ineffect", "mem1")
        members = [c for c in frame.columns if c.startswith("mem") and c[3:].isdigit()]
        return frame.select(
            whole("atopid").alias("alliance"),
            _day("begyr", "begmo", "begday").alias("began"),
            _day("endyr", "endmo", "endday").alias("ended"),
            whole("ineffect").alias("in_effect"),
            whole("bilat").alias("bilateral"),
            whole("wartime"),
            *_obligations(),
            pl.concat_str(
                [whole(c).cast(pl.String) for c in members], separator=" ", ignore_nulls=True
            ).alias("members"),
        )


@dataclass(frozen=True)
class AtopMembers(_Atop):
    """Spells of membership in alliances, with the member's own obligations.

    One row per alliance, phase (0 if it has one phase only), member and entry; ``entered`` and
    ``left`` are ISO dates, shortened to the month where the day is not known, and ``left`` is
    missing for members bound on 31 December 2018. Obligations are those of this member in this
    phase, so two members of one alliance may differ.

    References
    ----------
    Leeds, B. A., Ritter, J. M., Mitchell, S. M. and Long, A. G. (2002). Alliance Treaty
    Obligations and Provisions, 1815-1944. International Interactions 28(3):237-260.

    Examples
    --------
    >>> AtopMembers.key.system
    'cow'
    """

    name: ClassVar = "atop_members"
    title: ClassVar = "ATOP, members of alliances"
    key: ClassVar = Key(
        "member of an alliance", ("alliance", "phase", "state", "entered"), system="cow"
    )
    variables: ClassVar = (
        Variable("left", "Left, or the phase ended (ISO date)", "text", COVERAGE),
        Variable("in_effect", "Bound on 31 December 2018", "flag", COVERAGE, range=(0, 1)),
        *_flags(absence_is_none=False),
    )
    without_facts: ClassVar = (
        "No printed total of version 5.1 was found; alliances, members, state-years and dyads are "
        "checked against each other in the tests."
    )
    files: ClassVar = (File("atop5_1m.csv*", "members", how=HOW.format("atop5_1m.csv")),)

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per spell of membership."""
        frame = needs(text(paths[0]), paths[0], "atopid", "member", "phase", "yrent", "yrexit")
        return frame.select(
            whole("atopid").alias("alliance"),
            whole("phase"),
            whole("member").alias("state"),
            _day("yrent", "moent", "dayent").alias("entered"),
            _day("yrexit", "moexit", "dayexit").alias("left"),
            whole("ineffect").alias("in_effect"),
            *_obligations(),
        )


@dataclass(frozen=True)
class AtopStateYears(_Atop):
    """Each state's obligations from all of its alliances, by year.

    A flag is 1 if an alliance in effect on any day of the year puts the obligation on the state;
    ``alliances`` counts them. ATOP holds "military alliance agreements signed by all countries of
    the world between 1815 and 2018", so a state-year without row has no alliance; later years are
    missing.

    References
    ----------
    Leeds, B. A., Ritter, J. M., Mitchell, S. M. and Long, A. G. (2002). Alliance Treaty
    Obligations and Provisions, 1815-1944. International Interactions 28(3):237-260.

    Examples
    --------
    >>> AtopStateYears.variables[-1].unit
    'alliances'
    """

    name: ClassVar = "atop_state_years"
    title: ClassVar = "ATOP, state-years"
    key: ClassVar = COW_STATE_YEAR
    variables: ClassVar = (
        *_flags(absence_is_none=True),
        Variable("alliances", "Alliances in effect", "alliances", COVERAGE, "zero", (0, None)),
    )
    without_facts: ClassVar = (
        "No printed total of version 5.1 was found; alliances, members, state-years and dyads are "
        "checked against each other in the tests."
    )
    files: ClassVar = (File("atop5_1sy.csv*", "state-years", how=HOW.format("atop5_1sy.csv")),)

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and year with an alliance."""
        frame = needs(text(paths[0]), paths[0], "state", "year", "number")
        return frame.select(
            whole("state"), whole("year"), *_obligations(), whole("number").alias("alliances")
        )


@dataclass(frozen=True)
class AtopDyads(_Atop):
    """What each state owes each other state by alliance, by year.

    The row (A, B) says what A owes B: 1 if an alliance in effect on any day of the year contains
    the obligation for A toward B. The two directions differ in one row out of 200. ATOP holds
    "military alliance agreements signed by all countries of the world between 1815 and 2018", so a
    pair without row has no alliance in these years; from 2019 on the value is missing.

    ATOP publishes dyads twice: *directed* (both orders of each pair) and non-directed (one order).
    Only the directed file is read; the other has half of the rows, and reading it as directed is
    refused by ``Panel``.

    References
    ----------
    Leeds, B. A., Ritter, J. M., Mitchell, S. M. and Long, A. G. (2002). Alliance Treaty
    Obligations and Provisions, 1815-1944. International Interactions 28(3):237-260.

    Examples
    --------
    >>> AtopDyads.variables[0].absence
    'zero'
    """

    name: ClassVar = "atop_dyads"
    title: ClassVar = "ATOP, directed dyad-years"
    key: ClassVar = COW_DIRECTED_DYAD_YEAR
    variables: ClassVar = _flags(absence_is_none=True)
    files: ClassVar = (
        File(
            "atop5_1ddyr.csv*", "directed dyads", how=HOW.format("atop5_1ddyr.csv"), seen_real=False
        ),
        File(
            "atop51_directed_dyad_year.parquet",
            "dyad copy",
            how="The same rows with five obligations, as S. Miller's peacesciencer distributes "
            "them (atop_alliance), saved as Parquet.",
        ),
    )
    facts: ClassVar = (
        Fact(
            "directed dyad-years",
            273_296,
            "Manual of peacesciencer, atop_alliance: 'A data frame with 273,296 observations'",
            lambda f: float(len(f)),
            layouts=("dyad copy",),
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per ordered pair and year with an alliance."""
        frame = table(paths[0])
        if layout == "dyad copy":
            frame = needs(frame, paths[0], "ccode1", "ccode2", "atop_defense")
            theirs = ("defense", "offense", "neutral", "nonagg", "consul")
            frame = frame.rename({f"atop_{c}": c for c in theirs})
            frame = frame.rename({"ccode1": "stateA", "ccode2": "stateB"})
        frame = needs(frame, paths[0], "stateA", "stateB", "year", "defense")
        return frame.select(
            whole("stateA").alias("state"),
            whole("stateB").alias("partner"),
            whole("year"),
            *_obligations(),
        )
