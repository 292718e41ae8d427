"""Statistical Committee of Armenia: exports and imports of goods by country and month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.source import Source
from multivector.sources._reported import (
    NOT_SPECIFIED,
    REPORTED_DYAD_MONTH,
    Areas,
    columns_of,
    refuse_duplicates,
)
from multivector.store import File
from multivector.variable import Coverage, Variable, span

MONTHLY = "monthly csv"
COVERAGE = Coverage(span(2007, 2024), ("ARM",), sides="either")
FIELDS = {
    "exports_kusd": ("export", "Exports of goods, monthly, as Armenia reports them"),
    "imports_origin_kusd": (
        "import_origin",
        "Imports of goods by country of origin, monthly, as Armenia reports them",
    ),
    "imports_consignment_kusd": (
        "import_consignment",
        "Imports of goods by country of consignment, monthly, as Armenia reports them",
    ),
}
AREAS = Areas(
    {
        "American Saoma": "ASM",
        "Channel Islands": "CHI",
        "Congo": "COG",
        "Cote d' Ivoire": "CIV",
        "Czech Rep.": "CZE",
        "EU countries not specified": "QV",
        "FYR of Macedonia": "MKD",
        "Folkland Islands (Malvinas)": "FLK",
        "French Southern Terrirories": "ATF",
        "Korea, DPR of": "PRK",
        "Monako": "MCO",
        "Nagorno Karabagh": "NKR",
        "Nagorno-Karabakh": "NKR",
        "Saint-Barth?lemy": "BLM",
        "Saoma": "WSM",
        "Unknown country": NOT_SPECIFIED,
    }
)
"""Spellings of the committee, and areas that are no states of our table: NKR (Nagorno-Karabakh),
CHI (Channel Islands), QV (members of the European Union not specified), QW (unknown)."""


@dataclass(frozen=True)
class ArmeniaTrade(Source):
    """Exports and imports of goods of Armenia by country and month, as Armenia reports them.

    ``exports_kusd`` are the exports of ``state``, always ARM, to ``partner`` in the month that
    begins on ``date``; ``imports_origin_kusd`` the imports of goods made in ``partner`` and
    ``imports_consignment_kusd`` the imports of goods sent from ``partner``, whoever made them. All
    in thousand current US dollars, ≥ 0. Origin and consignment have the same sum in each month but
    for rounding; their difference by partner shows trade through third countries. A month in which
    a country is not in the file is missing.

    References
    ----------
    Statistical Committee of the Republic of Armenia. External trade database.

    Examples
    --------
    >>> ArmeniaTrade.variables[1].name
    'imports_origin_kusd'
    """

    without_facts: ClassVar = (
        "No printed table of the Statistical Committee was at hand; the tests compare the two "
        "ways of counting imports, which must have one sum."
    )
    name: ClassVar = "armenia_trade"
    title: ClassVar = "Armenia's exports and imports of goods by country and month"
    producer: ClassVar = "Statistical Committee of the Republic of Armenia"
    version: ClassVar = "to December 2024, as collected in February 2025"
    homepage: ClassVar = "https://armstat.am/en/"
    licence: ClassVar = Licence(
        "Statistical Committee of Armenia",
        "https://armstat.am/en/",
        redistribute_raw=False,
        quote="The publisher's terms were not seen.",
    )
    citation: ClassVar = Citation(
        "armstat_trade",
        "misc",
        "{Statistical Committee of the Republic of Armenia}",
        "External trade of the Republic of Armenia by countries",
        2025,
        "Yerevan",
        url="https://armstat.am/en/",
    )
    key: ClassVar = REPORTED_DYAD_MONTH
    variables: ClassVar = tuple(
        Variable(name, label, "thousand current USD", COVERAGE, range=(0, None))
        for name, (_, label) in FIELDS.items()
    )
    files: ClassVar = (
        File(
            "arm_trade_by_country_monthly.csv.gz",
            MONTHLY,
            how="Collected from the committee's monthly tables by the repository "
            "tavad/tvyal_newsletter; columns country, year, month, export, import_origin, "
            "import_consignment",
        ),
    )
    notes: ClassVar = "The reporter is Armenia."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return reporter, partner, first day of the month, exports and both kinds of imports."""
        types = {column: pl.Float64 for column, _ in FIELDS.values()}
        table = pl.read_csv(paths[0], schema_overrides=types)
        columns_of(table, ["country", "year", "month", *types], paths[0].name, layout)
        table = table.select(
            state=pl.lit("ARM"),
            partner=AREAS.names(table["country"]),
            date=pl.date("year", "month", 1),
            **{name: pl.col(column) for name, (column, _) in FIELDS.items()},
        )
        refuse_duplicates(table, ["partner", "date"], paths[0].name)
        return table
