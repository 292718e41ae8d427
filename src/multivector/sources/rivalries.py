"""Strategic rivalries of states, as years: Thompson and others, and Thompson and Dreyer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.errors import SchemaError
from multivector.origin import Citation
from multivector.source import Source
from multivector.sources._ties import COW_DYAD_YEAR, needs, table, unseen, whole
from multivector.store import File
from multivector.variable import Coverage, Variable, span

TYPES = {
    "positional": "Rivalry over influence and standing",
    "spatial": "Rivalry over territory",
    "ideological": "Rivalry over belief systems",
    "interventionary": "Rivalry over intervention in each other's affairs",
}
NOTES = (
    "A spell that ends in the last year of the list may have gone on: nothing is known of later "
    "years, which are missing. No sentence of the producers says that an unlisted pair had no "
    "rivalry, so it is missing too."
)


def _variables(cover: Coverage) -> tuple[Variable, ...]:
    return (
        Variable("rivalry", "Strategic rivalry", "flag", cover, range=(0, 1)),
        Variable("rivalry_number", "Number of the rivalry", "identifier", cover),
        Variable("rivalry_years", "Years since the rivalry began", "years", cover, range=(0, None)),
        *(Variable(name, label, "flag", cover, range=(0, 1)) for name, label in TYPES.items()),
    )


def _years(spells: pl.DataFrame, cover: Coverage, path: Path) -> pl.DataFrame:
    """Write each spell as one row a year, the pair in numerical order."""
    late = spells.filter(pl.col("last") > cover.years[-1])
    if len(late):
        raise SchemaError(
            f"{path.name} has spells to {late['last'].max()}.",
            f"The release that this reader declares ends in {cover.years[-1]}.",
            "It is another release: its last year must be declared before it is read.",
        )
    low, high = pl.min_horizontal("state", "partner"), pl.max_horizontal("state", "partner")
    return (
        spells.with_columns(low.alias("state"), high.alias("partner"))
        .with_columns(year=pl.int_ranges("first", pl.col("last") + 1))
        .explode("year", empty_as_null=True)
        .select(
            "state",
            "partner",
            "year",
            pl.lit(1, pl.Int8).alias("rivalry"),
            "rivalry_number",
            (pl.col("year") - pl.col("first")).alias("rivalry_years"),
            *TYPES,
        )
    )


@dataclass(frozen=True)
class TssRivalries(Source):
    """Strategic rivalries, 1494–2020, after Thompson, Sakuwa and Suhas.

    One row per pair and year in which the two regarded each other as enemies and competitors that
    pose a threat. ``rivalry`` is 1 in every row; the four types are 1 where the rivalry is of that
    kind, else 0. Years from 2021 on are missing, as are pairs that the list does not name.

    References
    ----------
    Thompson, W. R., Sakuwa, K. and Suhas, P. H. (2021). Analyzing Strategic Rivalries in World
    Politics. Springer.

    Examples
    --------
    >>> TssRivalries.variables[0].coverage.years[-1]
    2020
    """

    name: ClassVar = "tss_rivalries"
    title: ClassVar = "Strategic rivalries (Thompson, Sakuwa and Suhas)"
    producer: ClassVar = "William R. Thompson, Kentaro Sakuwa and Prashant Hosur Suhas"
    version: ClassVar = "list of the book of 2021, to 2020"
    homepage: ClassVar = "https://doi.org/10.1007/978-981-33-6671-8"
    licence: ClassVar = unseen("List printed in a book, citation", homepage)
    citation: ClassVar = Citation(
        "thompson2021",
        "book",
        "Thompson, William R. and Sakuwa, Kentaro and Suhas, Prashant Hosur",
        "Analyzing Strategic Rivalries in World Politics: Types of Rivalry, Regional Variation, "
        "and Escalation/De-escalation",
        2021,
        "Springer",
        doi="10.1007/978-981-33-6671-8",
    )
    key: ClassVar = COW_DYAD_YEAR
    variables: ClassVar = _variables(Coverage(span(1494, 2020)))
    files: ClassVar = (
        File(
            "tss_rivalries.parquet",
            "spells copy",
            how="The list as S. Miller's peacesciencer distributes it (tss_rivalries), saved as "
            "Parquet.",
        ),
    )
    notes: ClassVar = NOTES
    without_facts: ClassVar = "No printed total of rivalry-years was found; tests count the spells."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per pair and year of rivalry."""
        frame = needs(table(paths[0]), paths[0], "tssr_id", "ccode1", "ccode2", "start", "end")
        spells = frame.select(
            whole("ccode1").alias("state"),
            whole("ccode2").alias("partner"),
            whole("start").alias("first"),
            whole("end").alias("last"),
            whole("tssr_id").alias("rivalry_number"),
            *(whole(t).fill_null(0) for t in TYPES),
        )
        return _years(spells, self.variables[0].coverage, paths[0])


@dataclass(frozen=True)
class TdRivalries(Source):
    """Strategic rivalries, 1494–2010, after Thompson and Dreyer.

    One row per pair and year in which the two regarded each other as enemies and competitors that
    pose a threat. ``rivalry`` is 1 in every row; up to three types of a rivalry are 1, the others
    0. Years from 2011 on are missing, as are pairs that the list does not name.

    References
    ----------
    Thompson, W. R. and Dreyer, D. R. (2012). Handbook of International Rivalries, 1494-2010. CQ
    Press.

    Examples
    --------
    >>> TdRivalries.variables[0].coverage.years[-1]
    2010
    """

    name: ClassVar = "td_rivalries"
    title: ClassVar = "Strategic rivalries (Thompson and Dreyer)"
    producer: ClassVar = "William R. Thompson and David R. Dreyer"
    version: ClassVar = "list of the handbook of 2012, to 2010"
    homepage: ClassVar = "https://us.sagepub.com/"
    licence: ClassVar = unseen("List printed in a book, citation", homepage)
    citation: ClassVar = Citation(
        "thompson2012",
        "book",
        "Thompson, William R. and Dreyer, David R.",
        "Handbook of International Rivalries, 1494-2010",
        2012,
        "CQ Press",
    )
    key: ClassVar = COW_DYAD_YEAR
    variables: ClassVar = _variables(Coverage(span(1494, 2010)))
    files: ClassVar = (
        File(
            "td_rivalries.parquet",
            "spells copy",
            how="The list as S. Miller's peacesciencer distributes it (td_rivalries), saved as "
            "Parquet.",
        ),
    )
    notes: ClassVar = NOTES
    without_facts: ClassVar = "No printed total of rivalry-years was found; tests count the spells."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per pair and year of rivalry."""
        frame = needs(table(paths[0]), paths[0], "rivalryno", "ccode1", "ccode2", "styear")
        kinds = [
            pl.col(c).eq_missing(pl.lit(t)) for c in ("type1", "type2", "type3") for t in TYPES
        ]
        spells = frame.select(
            whole("ccode1").alias("state"),
            whole("ccode2").alias("partner"),
            whole("styear").alias("first"),
            whole("endyear").alias("last"),
            whole("rivalryno").alias("rivalry_number"),
            *(
                pl.any_horizontal(kinds[k :: len(TYPES)]).cast(pl.Int8).alias(t)
                for k, t in enumerate(TYPES)
            ),
        )
        return _years(spells, self.variables[0].coverage, paths[0])
