"""Statistics Agency of Uzbekistan: exports and imports of goods and services by country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.source import Source
from multivector.sources._reported import NOT_SPECIFIED, columns_of, refuse_duplicates
from multivector.states import resolve_codes
from multivector.store import File
from multivector.variable import REPORTED_DYAD_YEAR, Coverage, Variable, span

TABLES = "open data csv"
COVERAGE = Coverage(span(2010, 2023), ("UZB",), sides="either")
AREAS = {"0": NOT_SPECIFIED, "530": "ANT", "736": "SDN"}
"""Codes of the agency that M49 has not or no longer: other countries, the Netherlands Antilles,
and Sudan, which keeps its number of before 2012."""
UNSEEN = "The terms of the agency's open data were not seen."


@dataclass(frozen=True)
class UzbekistanTrade(Source):
    """Exports and imports of Uzbekistan by country, as Uzbekistan reports them.

    ``exports_kusd`` are the exports of ``state``, always UZB, to ``partner`` in ``year`` and
    ``imports_kusd`` its imports from ``partner``, in thousand current US dollars, ≥ 0. The tables
    print 0.0 where there was no trade, so a zero is a recorded zero; a country that is not in a
    table is missing. "Other countries" are ``QW``. The tables have no total: the sum over partners
    is it.

    The agency counts services with goods: the exports of 2019 add up to 17.5 billion, where the
    IMF has 14.9 billion of goods. The figures are not comparable with trade in goods elsewhere.

    References
    ----------
    Statistics Agency under the President of the Republic of Uzbekistan. Open data, tables 1105
    (exports) and 1176 (imports).

    Examples
    --------
    >>> [v.name for v in UzbekistanTrade.variables]
    ['exports_kusd', 'imports_kusd']
    """

    without_facts: ClassVar = (
        "No other print of this series was at hand; the tests rest on rows read by number "
        "from the file itself."
    )
    name: ClassVar = "uzbekistan_trade"
    title: ClassVar = "Uzbekistan's exports and imports of goods and services by country"
    producer: ClassVar = "Statistics Agency of Uzbekistan"
    version: ClassVar = "tables 1105 and 1176, to 2023"
    homepage: ClassVar = "https://stat.uz/en/official-statistics/merchandise-trade"
    licence: ClassVar = Licence(
        "Open data of Uzbekistan",
        "https://data.egov.uz/",
        redistribute_raw=False,
        redistribute_derived=True,
        quote=UNSEEN,
    )
    citation: ClassVar = Citation(
        "uzstat_trade",
        "misc",
        "{Statistics Agency under the President of the Republic of Uzbekistan}",
        "Exports by country (table 1105) and imports by country (table 1176)",
        2024,
        url="https://stat.uz/en/official-statistics/merchandise-trade",
    )
    key: ClassVar = REPORTED_DYAD_YEAR
    variables: ClassVar = tuple(
        Variable(
            f"{flow}_kusd",
            f"{flow.capitalize()} of goods and services as Uzbekistan reports them",
            "thousand current USD",
            COVERAGE,
            range=(0, None),
        )
        for flow in ("exports", "imports")
    )
    files: ClassVar = (
        File("uzb_exports_by_country_*.csv", TABLES, how="Table 1105 of the agency's open data"),
        File("uzb_imports_by_country_*.csv", TABLES, how="Table 1176 of the agency's open data"),
    )
    notes: ClassVar = (
        "The reporter is Uzbekistan. Services are counted with goods, so the figures exceed those "
        "of trade in goods."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return reporter, partner, year, exports and imports."""
        sides = [_table(path, v.name) for path, v in zip(paths, self.variables, strict=True)]
        return (
            sides[0]
            .join(sides[1], on=["partner", "year"], how="full", coalesce=True)
            .select("partner", "year", *(v.name for v in self.variables), state=pl.lit("UZB"))
        )


def _table(path: Path, name: str) -> pl.DataFrame:
    table = pl.read_csv(path, infer_schema=False)
    columns_of(table, ["Code", "Klassifikator_en"], path.name, TABLES)
    years = [c for c in table.columns if c.isdecimal()]
    special = table["Code"].is_in([*AREAS])
    plain = table.filter(~special)
    ids = {**dict(zip(plain["Code"], resolve_codes(plain["Code"], None, "m49"), strict=True))}
    table = table.with_columns(partner=pl.col("Code").replace_strict({**ids, **AREAS}))
    long = table.unpivot(years, index="partner", variable_name="year", value_name=name)
    long = long.select(
        "partner", pl.col("year").cast(pl.Int32), pl.col(name).cast(pl.Float64)
    ).drop_nulls(name)
    refuse_duplicates(long, ["partner", "year"], path.name)
    return long
