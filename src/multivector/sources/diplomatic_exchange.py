"""Diplomatic representation: COW Diplomatic Exchange 2006.1, dyads and network centralities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation
from multivector.source import Source
from multivector.sources._ties import (
    COW_DIRECTED_DYAD_YEAR,
    COW_STATE_YEAR,
    needs,
    text,
    unseen,
    whole,
)
from multivector.store import File
from multivector.variable import Coverage, Variable

_YEARS = """
    1817 1824 1827 1832 1836 1840 1844 1849 1854 1859 1864 1869 1874 1879 1884 1889 1894 1899 1904
    1909 1914 1920 1925 1930 1935 1940 1950 1955 1960 1965 1970 1975 1980 1985 1990 1995 2000 2005
"""
WEB = "https://correlatesofwar.org/data-sets/diplomatic-exchange/"
DYADS = Coverage(tuple(map(int, _YEARS.split())))
STATES = Coverage(tuple(y for y in DYADS.years if not 1950 <= y <= 1965))
LEVELS = ((0, "none"), (1, "chargé d'affaires"), (2, "minister"), (3, "ambassador"), (9, "other"))
BAYER = Citation(
    "bayer2006",
    "misc",
    "Bayer, Resat",
    "Diplomatic Exchange Data set, v2006.1",
    2006,
    "Correlates of War Project",
    url=WEB,
)


@dataclass(frozen=True)
class _Exchange(Source):
    producer: ClassVar = "Correlates of War Project (R. Bayer)"
    version: ClassVar = "2006.1"
    homepage: ClassVar = WEB
    licence: ClassVar = unseen("Correlates of War terms of use, not seen", WEB)
    citation: ClassVar = BAYER


@dataclass(frozen=True)
class DiplomaticExchange(_Exchange):
    """Level at which a state is represented in another, in 38 years from 1817 to 2005.

    The row (A, B) is A's mission in B (the file's DR at 1 and DR at 2): 0 none, 1 chargé
    d'affaires, 2 minister, 3 ambassador, 9 other. The data are of single years, about every five,
    and end in 2005: years between are missing and are not filled in. The user feeds the file.

    Examples
    --------
    >>> DiplomaticExchange.key.directed
    True
    """

    name: ClassVar = "diplomatic_exchange"
    title: ClassVar = "COW Diplomatic Exchange, dyads"
    key: ClassVar = COW_DIRECTED_DYAD_YEAR
    variables: ClassVar = (
        Variable("level", "Level of representation", "category", DYADS, codes=LEVELS),
    )
    files: ClassVar = (
        File(
            "Diplomatic_Exchange_2006v1.csv",
            "dyads",
            how="Offered on https://correlatesofwar.org/data-sets/diplomatic-exchange/.",
            seen_real=False,
        ),
    )
    without_facts: ClassVar = "The reader was tested on a file written by hand after the codebook."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return two rows per pair and year, one for each mission."""
        frame = needs(text(paths[0]), paths[0], "ccode1", "ccode2", "year", "DR_at_1", "DR_at_2")
        one, other = whole("ccode1"), whole("ccode2")
        ways = ((other, one, "DR_at_1"), (one, other, "DR_at_2"))
        return pl.concat(
            frame.select(
                sender.alias("state"),
                host.alias("partner"),
                whole("year"),
                whole(column, -9).alias("level"),
            )
            for sender, host, column in ways
        )


@dataclass(frozen=True)
class DiplomaticCentrality(_Exchange):
    """Centrality of states in the network of diplomatic missions, by year with data.

    Computed by others from Diplomatic Exchange 2006.1; we do not recompute them. ``in_degree`` is
    the share of other states with a mission in the state, ``out_degree`` the share in which it has
    one. The copy lacks 1950 to 1965 and ends in 2005.

    Examples
    --------
    >>> DiplomaticCentrality.key.system
    'cow'
    """

    name: ClassVar = "diplomatic_centrality"
    title: ClassVar = "COW Diplomatic Exchange, centralities"
    key: ClassVar = COW_STATE_YEAR
    variables: ClassVar = (
        Variable("in_degree", "In-degree", "share 0–1", STATES, range=(0, None)),
        Variable("out_degree", "Out-degree", "share 0–1", STATES, range=(0, None)),
        Variable("eigenvector", "Eigenvector centrality", "index", STATES),
        Variable("pagerank", "PageRank, as given", "index", STATES),
    )
    files: ClassVar = (
        File(
            "cow_diplomatic_exchange_centralities_1817_2005.csv*",
            "centralities",
            how="Network centralities computed by a third party from Diplomatic Exchange 2006.1.",
        ),
    )
    without_facts: ClassVar = "Nobody prints these centralities; bounds are tested."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and year."""
        frame = needs(text(paths[0]), paths[0], "node_id", "year", "in_degree", "out_degree")
        names = [v.name for v in self.variables]
        return frame.select(
            whole("node_id").alias("state"),
            whole("year"),
            *(pl.col(c).cast(pl.Float64) for c in names),
        )
