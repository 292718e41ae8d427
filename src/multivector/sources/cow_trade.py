"""Correlates of War, International Trade 4.0: imports by pair of states, and national totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.source import Source
from multivector.sources._reported import columns_of
from multivector.store import File
from multivector.variable import (
    DIRECTED_DYAD_YEAR,
    STATE_YEAR,
    Coverage,
    Defect,
    Variable,
    span,
)

OFFICIAL, NONZERO, NATIONAL = "cow csv", "nonzero dyads", "national copy"
COVERAGE = Coverage(span(1870, 2014))
MISSING = "-9"
_KAZAKHSTAN_RUSSIA: Any = (365, 705)
HALF = Defect(
    _KAZAKHSTAN_RUSSIA,
    (2010, 2011),
    "Half of the trade of Kazakhstan with Russia in 2010 and 2011 is not recorded in either "
    "direction: the customs union ended customs declarations in mid-2010 (imports from Russia "
    "5,058 and 6,336 million USD; Russia reports 10,243 and 13,414 to the IMF).",
)
WITHOUT_UNION = Defect(
    _KAZAKHSTAN_RUSSIA[1:],
    (2010, 2011, 2012),
    "The totals of Kazakhstan lack half of its trade with Russia in 2010, and all of its trade "
    "with Russia and Belarus in 2011 and 2012 (imports of 26,752 million USD in 2012; in the IMF's "
    "tables 44,538, of which 17,786 from these two).",
)

LICENCE = Licence(
    "Correlates of War, free with citation",
    "https://correlatesofwar.org/data-sets/bilateral-trade/",
    redistribute_raw=False,
    quote="In any papers or publications that utilize this data set, users are asked to give the "
    "version number and cite data set, as follows (page of version 3.0; that of 4.0 was not seen)",
)
CITATION = Citation(
    "barbieri2009",
    "article",
    "Barbieri, Katherine and Keshk, Omar M. G. and Pollins, Brian M.",
    "Trading Data: Evaluating our Assumptions and Coding Rules",
    2009,
    "Conflict Management and Peace Science 26(5):471-491",
    doi="10.1177/0738894209343887",
)
HOW = (
    "https://correlatesofwar.org/data-sets/bilateral-trade/, COW_Trade_4.0.zip, the table of that "
    "name in it"
)


@dataclass(frozen=True)
class _CowTrade(Source):
    """What the pairs and the national totals share."""

    without_facts: ClassVar = (
        "The codebook prints no trade figure; the tests read the copy line by line and "
        "compare its direction with the IMF's."
    )
    producer: ClassVar = "Correlates of War Project (Barbieri and Keshk)"
    version: ClassVar = "4.0"
    homepage: ClassVar = "https://correlatesofwar.org/data-sets/bilateral-trade/"
    licence: ClassVar = LICENCE
    citation: ClassVar = CITATION


@dataclass(frozen=True)
class CowTrade(_CowTrade):
    """Imports of goods of each state from each other state, 1870 to 2014.

    ``imports_musd`` are the imports of ``state`` from ``partner`` in ``year``, in million current
    US dollars, ≥ 0, from the importer's report where there is one and else from the exporter's;
    ``smoothed_imports_musd`` is the same with gaps and jumps smoothed by the producer. The exports
    of ``state`` to ``partner`` are the imports in the row (partner, state).

    The producer's file lists each pair once (``ccode1`` < ``ccode2``; ``flow1`` are the imports of
    ``ccode1`` from ``ccode2``, ``flow2`` those of ``ccode2`` from ``ccode1``); here each direction
    is a row. -9 is missing. States are numbers of the Correlates of War. An absent pair is
    missing: the copy without zeros has dropped zeros and gaps alike.

    References
    ----------
    Barbieri, K., Keshk, O. M. G. and Pollins, B. M. (2009). Trading Data: Evaluating our
    Assumptions and Coding Rules. Conflict Management and Peace Science 26(5):471-491.
    doi:10.1177/0738894209343887

    Examples
    --------
    >>> CowTrade.key.system
    'cow'
    """

    name: ClassVar = "cow_trade"
    title: ClassVar = "Correlates of War, International Trade"
    key: ClassVar = replace(DIRECTED_DYAD_YEAR, system="cow")
    variables: ClassVar = tuple(
        Variable(name, label, "million current USD", COVERAGE, range=(0, None), defects=(HALF,))
        for name, label in (
            ("imports_musd", "Imports of goods, importer's report where there is one"),
            ("smoothed_imports_musd", "Imports of goods, smoothed by the producer"),
        )
    )
    files: ClassVar = (
        File("Dyadic_COW_4.0.csv", OFFICIAL, how=HOW, seen_real=False),
        File(
            "cow_trade_4.0_dyads_1990_2014_nonzero.csv.gz",
            NONZERO,
            how="Pairs with any trade, 1990-2014, from the copy in the R package peacesciencer; "
            "columns ccode1, ccode2, year, flow1, flow2, smoothflow1, smoothflow2",
        ),
    )
    coverages: ClassVar = {NONZERO: Coverage(span(1990, 2014))}
    notes: ClassVar = "Kazakhstan begins in 1991. Belgium and Luxembourg are apart."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return importer, exporter, year and imports; each pair in both directions."""
        table = pl.read_csv(paths[0], infer_schema=False)
        flows = ["flow1", "flow2", "smoothflow1", "smoothflow2"]
        columns_of(table, ["ccode1", "ccode2", "year", *flows], paths[0].name, layout)
        numbers = table.select(
            *(pl.col(c).cast(pl.Int64) for c in ("ccode1", "ccode2", "year")),
            *(_measured(c) for c in flows),
        )
        sides = (("ccode1", "ccode2", "1"), ("ccode2", "ccode1", "2"))
        return pl.concat(
            numbers.select(
                "year",
                state=importer,
                partner=exporter,
                imports_musd=f"flow{n}",
                smoothed_imports_musd=f"smoothflow{n}",
            )
            for importer, exporter, n in sides
        )


@dataclass(frozen=True)
class CowTradeNational(_CowTrade):
    """Total imports and exports of goods of each state, 1870 to 2014.

    ``imports_world_musd`` and ``exports_world_musd`` are all imports and exports of ``state`` in
    ``year``, in million current US dollars, > 0; -9 is missing. They come from other publications
    than the pairs, so they are not sums over partners. States are numbers of the Correlates of
    War.

    References
    ----------
    Barbieri, K., Keshk, O. M. G. and Pollins, B. M. (2009). Trading Data: Evaluating our
    Assumptions and Coding Rules. Conflict Management and Peace Science 26(5):471-491.
    doi:10.1177/0738894209343887

    Examples
    --------
    >>> [v.name for v in CowTradeNational.variables]
    ['imports_world_musd', 'exports_world_musd']
    """

    name: ClassVar = "cow_trade_national"
    title: ClassVar = "Correlates of War, International Trade, national totals"
    key: ClassVar = replace(STATE_YEAR, system="cow")
    variables: ClassVar = tuple(
        Variable(
            f"{flow}_world_musd",
            f"All {flow} of goods",
            "million current USD",
            COVERAGE,
            range=(0, None),
            defects=(WITHOUT_UNION,),
        )
        for flow in ("imports", "exports")
    )
    files: ClassVar = (
        File("National_COW_4.0.csv", OFFICIAL, how=HOW, seen_real=False),
        File(
            "cow_trade_4.0_national.csv.gz",
            NATIONAL,
            how="The copy in the R package peacesciencer; columns ccode, year, imports, exports",
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return state, year, imports and exports."""
        table = pl.read_csv(paths[0], infer_schema=False)
        columns_of(table, ["ccode", "year", "imports", "exports"], paths[0].name, layout)
        return table.select(
            state=pl.col("ccode").cast(pl.Int64),
            year=pl.col("year").cast(pl.Int64),
            imports_world_musd=_measured("imports"),
            exports_world_musd=_measured("exports"),
        )


def _measured(column: str) -> pl.Expr:
    """Return the number in a column of text; -9, NA and blanks are missing."""
    text = pl.col(column).str.strip_chars()
    number = text.replace(["", "NA"], None).cast(pl.Float64)
    return pl.when(number != float(MISSING)).then(number).alias(column)
