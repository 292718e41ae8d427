"""European Central Bank: US dollars per euro, annual averages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.source import Fact
from multivector.sources._own_table import TABLE, OwnTable, own_file
from multivector.sources._reported import columns_of
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span

ECB = "ecb csv"
YEAR = Key("year", ("year",))


def _rate(year: int, rate: float, published: str) -> Fact:
    def value(table: pl.DataFrame) -> float:
        return round(float(table.filter(pl.col("year") == year)["usd_per_eur"].item()), 4)

    return Fact(f"US dollars per euro, average of {year}", rate, published, value)


@dataclass(frozen=True)
class ExchangeRates(OwnTable):
    """US dollars per euro, mean of the daily reference rates of a year.

    ``usd_per_eur`` is the arithmetic mean over the trading days of ``year`` of the euro foreign
    exchange reference rate, > 0. It turns euros of a year into dollars of the same year. A small
    table with four decimals ships in the package; the ECB's own file, if it was fetched, comes
    first and has more decimals and years. Years before the euro are missing.

    References
    ----------
    European Central Bank. Euro foreign exchange reference rates, EXR.A.USD.EUR.SP00.A.

    Examples
    --------
    >>> ExchangeRates.variables[0].unit
    'USD per EUR'
    """

    name: ClassVar = "exchange_rates"
    title: ClassVar = "Euro foreign exchange reference rates, US dollar, annual average"
    producer: ClassVar = "European Central Bank"
    version: ClassVar = "as released on the day of download"
    versions: ClassVar = {TABLE: "table in the package, 1999 to 2024, four decimals"}
    homepage: ClassVar = "https://data.ecb.europa.eu/data/datasets/EXR/EXR.A.USD.EUR.SP00.A"
    licence: ClassVar = Licence(
        "ESCB reuse policy",
        "https://www.ecb.europa.eu/stats/ecb_statistics/governance_and_quality_framework/html/"
        "usage_policy.en.html",
        redistribute_raw=True,
        quote="All publicly released ESCB statistics may be reused free of charge on condition "
        "that the source is quoted (e.g. “Source: ECB statistics”) and that the statistics "
        "(including metadata) are not modified (seen in Slovenian on the site of Banka Slovenije)",
    )
    citation: ClassVar = Citation(
        "ecb_exr",
        "misc",
        "{European Central Bank}",
        "Euro foreign exchange reference rates, US dollar, annual average",
        2025,
        "Frankfurt am Main",
        url="https://data.ecb.europa.eu/data/datasets/EXR/EXR.A.USD.EUR.SP00.A",
    )
    key: ClassVar = YEAR
    variables: ClassVar = (
        Variable(
            "usd_per_eur",
            "US dollars per euro, annual average",
            "USD per EUR",
            Coverage(span(1999, 2025)),
            range=(0.5, 2),
        ),
    )
    folder: ClassVar = "economy"
    files: ClassVar = (
        File(
            "EXR.A.USD.EUR.SP00.A.csv",
            ECB,
            url="https://data-api.ecb.europa.eu/service/data/EXR/A.USD.EUR.SP00.A?format=csvdata",
            seen_real=False,
        ),
        *own_file("ecb_usd_per_eur.csv", "economy"),
    )
    coverages: ClassVar = {TABLE: Coverage(span(1999, 2024))}
    facts: ClassVar = (
        _rate(2012, 1.2848, "ECB, EXR.A.USD.EUR.SP00.A, 2012: 1.284788671875"),
        _rate(2015, 1.1095, "ECB, EXR.A.USD.EUR.SP00.A, 2015: 1.109512890625"),
        _rate(2020, 1.1422, "IMF, Exchange Rates (ER), USD per EUR, 2020: 1.1421961089494"),
        _rate(2022, 1.0530, "IMF, Exchange Rates (ER), USD per EUR, 2022: 1.0530486381323"),
    )
    notes: ClassVar = "Source: ECB statistics."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return year and rate."""
        table = pl.read_csv(paths[0], infer_schema=False)
        if layout == TABLE:
            columns_of(table, ["year", "usd_per_eur"], paths[0].name, layout)
            return table.select(
                pl.col("year").cast(pl.Int32), pl.col("usd_per_eur").cast(pl.Float64)
            )
        columns_of(table, ["CURRENCY", "TIME_PERIOD", "OBS_VALUE"], paths[0].name, layout)
        dollars = table.filter(pl.col("CURRENCY") == "USD", pl.col("OBS_VALUE").is_not_null())
        return dollars.select(
            year=pl.col("TIME_PERIOD").cast(pl.Int32),
            usd_per_eur=pl.col("OBS_VALUE").cast(pl.Float64),
        )
