"""Bureau of National Statistics of Kazakhstan: imports of goods by country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.errors import SchemaError
from multivector.origin import Citation, Licence
from multivector.source import Source
from multivector.sources._reported import Areas, columns_of, refuse_duplicates
from multivector.store import File
from multivector.variable import REPORTED_DYAD_YEAR, STATE_YEAR, Coverage, Variable, span

CONVERTED = "converted to euros"
COVERAGE = Coverage(span(2019, 2023), ("KAZ",), sides="either")
USD_PER_EUR = {2019: 1.12, 2020: 1.14, 2021: 1.18, 2022: 1.05, 2023: 1.07}
"""The rates at which those who made the file converted the Bureau's US dollars to euros. They are
rounded and are no exchange rates to convert anything else with."""
WORLD = "World"
AREAS = Areas(
    {},
    frozenset(
        {
            WORLD,
            "Commonwealth of Independent States",
            "Eurasian Economic Union",
            "European Union - 27 countries (from 2020)",
            "Non-EAEU countries",
            "Non-EU countries",
            "Rest of the world",
        }
    ),
)
"""The file mixes groups with countries; "Rest of the world" is neither EU nor CIS, no residual."""


@dataclass(frozen=True)
class _Kazakhstan(Source):
    """What partners and total share."""

    without_facts: ClassVar = (
        "The file was converted to euro by a third party; the tests convert it back and "
        "compare it with Kazakhstan's reports to the IMF."
    )
    producer: ClassVar = "Bureau of National Statistics of Kazakhstan"
    version: ClassVar = "2019 to 2023, as converted by others in 2024"
    homepage: ClassVar = "https://stat.gov.kz/en/industries/economy/foreign-market/"
    licence: ClassVar = Licence(
        "CC BY 4.0 (of those who converted the figures)",
        "https://creativecommons.org/licenses/by/4.0/",
        redistribute_raw=False,
        quote="The Bureau's own terms were not seen.",
    )
    citation: ClassVar = Citation(
        "bns_kazakhstan_trade",
        "misc",
        "{Bureau of National Statistics of the Republic of Kazakhstan}",
        "Imports by country",
        2024,
        "Astana",
        url="https://stat.gov.kz/en/industries/economy/foreign-market/",
    )
    files: ClassVar = (
        File(
            "kaz_imports_by_partner_2019_2023_eur_converted.csv",
            CONVERTED,
            how="From the repository mary-lev/eu-export-sanctions; columns REPORTER, PARTNER, "
            "PRODUCT, FLOW, STAT_PROCEDURE, PERIOD, VALUE_IN_EUR",
        ),
    )
    notes: ClassVar = (
        "The reporter is Kazakhstan. The file has the Bureau's dollars in euros, at 1.12, 1.14, "
        "1.18, 1.05 and 1.07 USD per EUR for 2019 to 2023; they are converted back at the same "
        "rates. Exports are not in it."
    )


@dataclass(frozen=True)
class KazakhstanTrade(_Kazakhstan):
    """Imports of goods of Kazakhstan by country, as Kazakhstan reports them.

    ``imports_usd`` are the imports of ``state``, always KAZ, from ``partner`` in ``year``, in
    current US dollars, ≥ 0. Groups of countries in the file are left out. Partners that are not
    there are missing (they make up less than 1 % of the total).

    References
    ----------
    Bureau of National Statistics of the Republic of Kazakhstan. Foreign trade by country.

    Examples
    --------
    >>> KazakhstanTrade.variables[0].unit
    'current USD'
    """

    name: ClassVar = "kazakhstan_trade"
    title: ClassVar = "Kazakhstan's imports of goods by country"
    key: ClassVar = REPORTED_DYAD_YEAR
    variables: ClassVar = (
        Variable(
            "imports_usd",
            "Imports of goods as Kazakhstan reports them",
            "current USD",
            COVERAGE,
            range=(0, None),
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return reporter, partner, year and imports."""
        table = _table(paths[0])
        table = table.with_columns(partner=AREAS.names(table["PARTNER"])).drop_nulls("partner")
        refuse_duplicates(table, ["partner", "year"], paths[0].name)
        return table.select("partner", "year", "imports_usd", state=pl.lit("KAZ"))


@dataclass(frozen=True)
class KazakhstanTotals(_Kazakhstan):
    """Total imports of goods of Kazakhstan, as Kazakhstan reports them.

    ``imports_world_usd`` is the row "World" of the file, in current US dollars, ≥ 0.

    References
    ----------
    Bureau of National Statistics of the Republic of Kazakhstan. Foreign trade by country.

    Examples
    --------
    >>> KazakhstanTotals.variables[0].name
    'imports_world_usd'
    """

    name: ClassVar = "kazakhstan_trade_world"
    title: ClassVar = "Kazakhstan's imports of goods, total"
    key: ClassVar = STATE_YEAR
    variables: ClassVar = (
        Variable(
            "imports_world_usd",
            "Imports of goods, all partners, as Kazakhstan reports them",
            "current USD",
            Coverage(COVERAGE.years, ("KAZ",)),
            range=(0, None),
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return state, year and the total."""
        world = _table(paths[0]).filter(pl.col("PARTNER") == WORLD)
        return world.select("year", state=pl.lit("KAZ"), imports_world_usd="imports_usd")


def _table(path: Path) -> pl.DataFrame:
    table = pl.read_csv(path, infer_schema=False)
    columns_of(
        table, ["PARTNER", "PRODUCT", "FLOW", "PERIOD", "VALUE_IN_EUR"], path.name, CONVERTED
    )
    table = table.filter(pl.col("FLOW") == "IMPORT", pl.col("PRODUCT") == "TOTAL").with_columns(
        year=pl.col("PERIOD").str.strip_prefix("Y").cast(pl.Int32)
    )
    other = sorted(set(table["year"]) - set(USD_PER_EUR))
    if other:
        raise SchemaError(
            f"{path.name} has years {other}, for which the rate of its conversion is not known.",
            f"Known: {', '.join(map(str, USD_PER_EUR))}.",
        )
    rate = pl.col("year").replace_strict(USD_PER_EUR, return_dtype=pl.Float64)
    return table.with_columns(imports_usd=pl.col("VALUE_IN_EUR").cast(pl.Float64) * rate)
