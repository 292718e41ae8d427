"""Polity5: regime scores 1800–2018, with the codes for years that have no score."""

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

COVERAGE = Coverage(span(1800, 2018))
SPECIAL = ((-66, "foreign interruption"), (-77, "interregnum, anarchy"), (-88, "transition"))
_CODES = tuple(code for code, _ in SPECIAL)
WEB = "https://www.systemicpeace.org/inscrdata.html"


@dataclass(frozen=True)
class Polity(Source):
    """Institutionalized democracy and autocracy of a state, by year, with the three special codes.

    ``polity`` (−10 to 10) is ``democracy`` minus ``autocracy`` (0 to 10 each). In years of foreign
    interruption (−66), interregnum (−77) and transition (−88) the three are missing and ``special``
    holds the code: the codes are no scores. ``polity2`` is Polity's own series for such years: −77
    becomes 0, transitions are interpolated, interruptions stay missing. ``durable`` counts years
    since the last change of regime. States bear Polity's letters (``scode``); ``number`` is
    Polity's number, which is COW's for most states but not for Serbia, Ethiopia, Vietnam and
    others, so it must not be taken for COW's. ``cow`` is COW's number where the copy gives it; the
    publisher's own file has none.

    Examples
    --------
    >>> Polity.key.system
    'polity'
    """

    name: ClassVar = "polity"
    title: ClassVar = "Polity5"
    producer: ClassVar = "Center for Systemic Peace"
    version: ClassVar = "2018"
    homepage: ClassVar = WEB
    licence: ClassVar = unseen("Polity5, free for research; terms not seen", WEB)
    citation: ClassVar = Citation(
        "marshall2020",
        "misc",
        "Marshall, Monty G. and Gurr, Ted Robert",
        "Polity5: Political Regime Characteristics and Transitions, 1800-2018",
        2020,
        "Center for Systemic Peace",
        url=WEB,
    )
    key: ClassVar = Key("state-year", ("state", "year"), system="polity")
    variables: ClassVar = (
        Variable("number", "Polity's number of the state", "identifier", COVERAGE),
        Variable("cow", "COW number, as the copy gives it", "identifier", COVERAGE),
        Variable("democracy", "Institutionalized democracy", "points", COVERAGE, range=(0, 10)),
        Variable("autocracy", "Institutionalized autocracy", "points", COVERAGE, range=(0, 10)),
        Variable("polity", "Combined score", "points", COVERAGE, range=(-10, 10)),
        Variable("polity2", "Revised combined score", "points", COVERAGE, range=(-10, 10)),
        Variable("special", "Why there is no score", "category", COVERAGE, codes=SPECIAL),
        Variable(
            "durable", "Years since last change of regime", "years", COVERAGE, range=(0, None)
        ),
    )
    files: ClassVar = (
        File(
            "p5v2018*.csv",
            "publisher",
            how="Offered as p5v2018.xls on https://www.systemicpeace.org/inscrdata.html; save the "
            "sheet as CSV.",
            seen_real=False,
        ),
        File(
            "polity5_1800_2018.parquet",
            "copy",
            how="Table polity5 of X. Márquez's democracyData package, saved as Parquet.",
        ),
    )
    without_facts: ClassVar = (
        "No printed total was at hand; the tests check that the scores obey Polity's own formula."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and year."""
        frame = needs(table(paths[0]), paths[0], "scode", "year", "democ", "autoc", "polity2")
        number = "ccode" if layout == "publisher" else "polity_annual_ccode"
        polity = whole("polity")
        return frame.select(
            pl.col("scode").alias("state"),
            whole("year"),
            whole(number).alias("number"),
            (whole("cown") if "cown" in frame.columns else pl.lit(None, pl.Int64)).alias("cow"),
            whole("democ", *_CODES).alias("democracy"),
            whole("autoc", *_CODES).alias("autocracy"),
            whole("polity", *_CODES),
            whole("polity2"),
            pl.when(polity.is_in(_CODES)).then(polity).alias("special"),
            whole("durable"),
        )
