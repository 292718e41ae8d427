"""Governance: Worldwide Governance Indicators, Freedom House, Bertelsmann Transformation Index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector import states
from multivector.origin import CC_BY_4, Citation
from multivector.source import Source
from multivector.sources._ties import needs, table, unseen
from multivector.store import File
from multivector.variable import STATE_YEAR, Coverage, Key, Variable, span

WGI_YEARS = Coverage((1996, 1998, 2000, *span(2002, 2023)))
FH_YEARS = Coverage((*span(1972, 1980), *span(1982, 2024)))
BTI_YEARS = Coverage(tuple(range(2004, 2023, 2)))
INDICATORS = (
    ("va", "Voice and accountability"),
    ("pv", "Political stability and absence of violence"),
    ("ge", "Government effectiveness"),
    ("rq", "Regulatory quality"),
    ("rl", "Rule of law"),
    ("cc", "Control of corruption"),
)
_BANK = {
    "ADO": "AND",
    "KSV": "XKX",
    "ROM": "ROU",
    "TMP": "TLS",
    "WBG": "PSE",
    "ZAR": "COD",
}
"""Old codes of the World Bank that are not ISO."""
_NAMES = {"Congo, DR": "COD", "Germany, W.": "DEU", "Vietnam, N.": "VNM", "Yemen, N.": "YAR"}
WGI_WEB = "https://www.worldbank.org/en/publication/worldwide-governance-indicators"
FH_WEB = "https://freedomhouse.org/report/freedom-world"
BTI_WEB = "https://bti-project.org/en/downloads"
MARQUEZ = "Table {} of X. Márquez's democracyData package, saved as Parquet."


@dataclass(frozen=True)
class Wgi(Source):
    """Six aggregate indicators of governance, with standard error and percentile bounds, by year.

    One row per state, year and ``indicator`` (va, pv, ge, rq, rl, cc). ``estimate`` is in units of
    a standard normal over all states of the year (mean 0, about −2.5 to 2.5): it ranks states in a
    year, and a change over years is no change of governance in any absolute sense. ``rank`` and its
    bounds (90 per cent) are percentiles. There are no values for 1997, 1999 and 2001. The copy in
    the data folder has voice and accountability only.

    References
    ----------
    Kaufmann, D., Kraay, A. and Mastruzzi, M. (2011). The Worldwide Governance Indicators:
    Methodology and Analytical Issues. Hague Journal on the Rule of Law 3(2):220-246.

    Examples
    --------
    >>> Wgi.key.columns
    ('state', 'year', 'indicator')
    """

    name: ClassVar = "wgi"
    title: ClassVar = "Worldwide Governance Indicators"
    producer: ClassVar = "World Bank"
    version: ClassVar = "2024 update, to 2023"
    homepage: ClassVar = WGI_WEB
    licence: ClassVar = replace(
        CC_BY_4,
        name="CC BY 4.0, the publisher's sentence not seen",
        redistribute_raw=False,
        quote="The publisher's terms were not seen.",
    )
    citation: ClassVar = Citation(
        "kaufmann2011",
        "article",
        "Kaufmann, Daniel and Kraay, Aart and Mastruzzi, Massimo",
        "The Worldwide Governance Indicators: Methodology and Analytical Issues",
        2011,
        "Hague Journal on the Rule of Law 3(2):220-246",
        doi="10.1017/S1876404511200046",
    )
    key: ClassVar = Key("state-year by indicator", ("state", "year", "indicator"))
    variables: ClassVar = (
        Variable("estimate", "Estimate", "standard deviations", WGI_YEARS),
        Variable("standard_error", "Standard error", "standard deviations", WGI_YEARS),
        Variable("sources", "Number of sources", "count", WGI_YEARS, range=(0, None)),
        Variable("rank", "Percentile rank", "percentile", WGI_YEARS, range=(0, 100)),
        Variable("rank_low", "Percentile rank, lower bound", "percentile", WGI_YEARS),
        Variable("rank_high", "Percentile rank, upper bound", "percentile", WGI_YEARS),
    )
    files: ClassVar = (
        File(
            "wgidataset*.csv",
            "all indicators",
            how=f"Offered as wgidataset.xlsx on {WGI_WEB}; save the sheet as CSV.",
            seen_real=False,
        ),
        File(
            "wgi_voice_accountability_1996_2023.parquet",
            "voice only",
            how=MARQUEZ.format("wgi_democracy"),
        ),
    )
    without_facts: ClassVar = (
        "No printed value of this release was at hand; the tests check bounds."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state, year and indicator."""
        if layout == "voice only":
            theirs = ("Estimate", "StdErr", "NumSrc", "Rank", "Lower", "Upper")
            frame = needs(table(paths[0]), paths[0], "wb_code", *theirs)
            frame = frame.with_columns(pl.col("wb_code").alias("code"), indicator=pl.lit("va"))
        else:
            theirs = ("estimate", "stddev", "nsource", "pctrank", "pctranklower", "pctrankupper")
            frame = needs(table(paths[0]), paths[0], "code", "year", "indicator", *theirs)
        numbers = zip(theirs, (v.name for v in self.variables), strict=True)
        return frame.select(
            pl.col("code").replace(_BANK).alias("state"),
            pl.col("year").cast(pl.Int64),
            "indicator",
            *(pl.col(c).cast(pl.Float64, strict=False).alias(n) for c, n in numbers),
        )


def _named(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return the rows whose country is a state of ours, with its id as ``state``."""
    found = states.resolve_names(frame[column], frame["year"], unknown="null").to_list()
    given = zip(frame[column].to_list(), found, strict=True)
    ids = pl.Series("state", [_NAMES.get(name, state) for name, state in given], pl.String)
    return frame.with_columns(ids).drop_nulls("state")


@dataclass(frozen=True)
class FreedomHouse(Source):
    """Political rights and civil liberties, 1 (most free) to 7 (least), by year of report's events.

    A lower number is more freedom. ``status`` is Freedom House's own class. There is no year 1981:
    one report covers January 1981 to August 1982 and stands at 1982. Disputed territories that are
    no states of ours (Crimea, Kashmir …) are left out.

    Examples
    --------
    >>> FreedomHouse.variables[0].range
    (1, 7)
    """

    name: ClassVar = "freedom_house"
    title: ClassVar = "Freedom in the World"
    producer: ClassVar = "Freedom House"
    version: ClassVar = "2025 report, years to 2024"
    homepage: ClassVar = FH_WEB
    licence: ClassVar = unseen("Freedom House, terms not seen", FH_WEB)
    citation: ClassVar = Citation(
        "freedom_house2025",
        "misc",
        "{Freedom House}",
        "Freedom in the World 2025",
        2025,
        "Washington, DC",
        url=FH_WEB,
    )
    key: ClassVar = STATE_YEAR
    variables: ClassVar = (
        Variable("political_rights", "Political rights (1 best)", "points", FH_YEARS, range=(1, 7)),
        Variable("civil_liberties", "Civil liberties (1 best)", "points", FH_YEARS, range=(1, 7)),
        Variable("status", "Status: F free, PF partly free, NF not free", "text", FH_YEARS),
    )
    files: ClassVar = (File("freedom_house_1972_2024.parquet", "copy", how=MARQUEZ.format("fh")),)
    without_facts: ClassVar = (
        "No printed total was at hand; the tests check the scale and the missing year."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and year."""
        frame = needs(table(paths[0]), paths[0], "fh_country", "year", "pr", "cl", "status")
        return _named(frame, "fh_country").select(
            "state",
            "year",
            pl.col("pr").alias("political_rights"),
            pl.col("cl").alias("civil_liberties"),
            "status",
        )


_BTI = {
    "status_index": ("S_Status_Index", "Status index"),
    "democracy": ("SI_Democracy_Status", "Democracy status"),
    "economy": ("SII_Economy_Status", "Economy status"),
    "governance": ("G_Governance_Index", "Governance index"),
    "elections": ("Q2.1_Free_and_fair_elections", "Free and fair elections"),
    "expression": ("Q2.4_Freedom_of_expression", "Freedom of expression"),
    "parties": ("Q5.1_Party_system", "Party system"),
    "civil_society": ("Q13.2_Civil_society_traditions", "Civil society traditions (difficulty)"),
    "international": ("Q17_International_Cooperation", "International cooperation"),
}


@dataclass(frozen=True)
class Bti(Source):
    """Democracy, economy and governance of states in transformation, 1 (worst) to 10, by edition.

    Every second year. ``year`` is two years before the edition's name (``edition``): the edition of
    2024 stands at 2022. Civil society traditions are part of the *difficulty* of governing: 10
    means none. States outside the index (long-time members of the OECD) are missing.

    Examples
    --------
    >>> Bti.variables[0].range
    (1, 10)
    """

    name: ClassVar = "bti"
    title: ClassVar = "Bertelsmann Transformation Index"
    producer: ClassVar = "Bertelsmann Stiftung"
    version: ClassVar = "editions 2006 to 2024"
    homepage: ClassVar = BTI_WEB
    licence: ClassVar = unseen("Bertelsmann Stiftung, terms not seen", BTI_WEB)
    citation: ClassVar = Citation(
        "bti2024",
        "misc",
        "{Bertelsmann Stiftung}",
        "Transformation Index of the Bertelsmann Stiftung 2024",
        2024,
        "Gütersloh",
        url=BTI_WEB,
    )
    key: ClassVar = STATE_YEAR
    variables: ClassVar = (
        *(
            Variable(name, label, "points", BTI_YEARS, range=(1, 10))
            for name, (_, label) in _BTI.items()
        ),
        Variable("edition", "Edition", "year", BTI_YEARS),
    )
    files: ClassVar = (File("bti_2004_2022.parquet", "copy", how=MARQUEZ.format("bti")),)
    without_facts: ClassVar = "No printed value was at hand; the tests check scale and editions."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and edition."""
        theirs = [c for c, _ in _BTI.values()]
        frame = needs(table(paths[0]), paths[0], "bti_country", "year", "report_year", *theirs)
        return _named(frame, "bti_country").select(
            "state",
            "year",
            *(pl.col(c).alias(name) for name, (c, _) in _BTI.items()),
            pl.col("report_year").cast(pl.Int64).alias("edition"),
        )
