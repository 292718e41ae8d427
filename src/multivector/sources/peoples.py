"""Ethnic groups and languages of Central Asia and Russia, as the World Factbook prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.sources._own_table import OwnTable, own_file
from multivector.sources.factbook import CIA, CIA_FACTBOOK, FACTBOOK_WEB, PUBLIC_DOMAIN
from multivector.variable import Coverage, Key, Variable

STATES = ("KAZ", "KGZ", "RUS", "TJK", "TKM", "UZB")
COVERAGE = Coverage(states=STATES)


@dataclass(frozen=True)
class Peoples(OwnTable):
    """Shares of ethnic groups in a population, and shares of people by language.

    One row per state, kind (``ethnic`` or ``language``), group and edition. The two kinds are
    different things: most who speak Russian in Kazakhstan are not Russians. ``share`` is between 0
    and 1; the ethnic shares of an edition add up to about one, those of languages need not, since a
    person may speak several. ``what`` says what a language share means; shares of different meaning
    do not compare. ``as_of`` is the year of the estimate, missing where the page names none.
    ``kin`` is our reading: the state of that nationality or language, missing where there is none.

    Examples
    --------
    >>> Peoples.key.columns
    ('state', 'kind', 'group', 'edition')
    """

    name: ClassVar = "peoples"
    folder: ClassVar = "people"
    title: ClassVar = "The World Factbook, ethnic groups and languages"
    producer: ClassVar = CIA
    version: ClassVar = "editions of 2020 and 2023"
    homepage: ClassVar = FACTBOOK_WEB
    licence: ClassVar = PUBLIC_DOMAIN
    citation: ClassVar = CIA_FACTBOOK
    key: ClassVar = Key("group in a population", ("state", "kind", "group", "edition"))
    variables: ClassVar = (
        Variable("as_of", "Year of the estimate", "year", COVERAGE),
        Variable("share", "Share of the population", "share 0–1", COVERAGE, range=(0, 1)),
        Variable("kin", "State of that nationality or language", "text", COVERAGE),
        Variable("what", "What the share means", "text", COVERAGE),
        Variable("basis", "Where the figure is printed", "text", COVERAGE),
    )
    files: ClassVar = own_file("peoples.csv", "people")
    without_facts: ClassVar = (
        "The rows are the printed figures; the tests add up the shares of each page."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per group."""
        return pl.read_csv(paths[0], infer_schema=False).select(
            "state",
            "kind",
            "group",
            pl.col("edition").cast(pl.Int64),
            pl.col("as_of").cast(pl.Int64),
            (pl.col("percent").cast(pl.Float64) / 100).alias("share"),
            "kin",
            "what",
            pl.col("source").alias("basis"),
        )
