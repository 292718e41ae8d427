"""World Bank, World Development Indicators: gross domestic product and population."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from multivector.errors import SchemaError, UnknownName, raise_all
from multivector.origin import Citation, Licence
from multivector.source import Fact, Source
from multivector.states import resolve_codes
from multivector.store import File
from multivector.variable import STATE_YEAR, Coverage, Variable, span

API, BULK, LONG = "api json", "bulk csv", "long csv"
_GROUPS = """
    AFE AFW ARB CEB CHI CSS EAP EAR EAS ECA ECS EMU EUU FCS HIC HPC IBD IBT IDA IDB IDX INX LAC LCN
    LDC LIC LMC LMY LTE MEA MIC MNA NAC OED OSS PRE PSS PST SAS SSA SSF SST TEA TEC TLA TMN TSA TSS
    UMC WLD XD XM XN XT XY
"""
AGGREGATES = frozenset(_GROUPS.split())
"""Codes of regions, income and lending groups, and of the Channel Islands (CHI: two dependencies
of the United Kingdom in one); none is a state. The API gives income groups by two letters only."""

LICENCE = Licence(
    "CC BY 4.0",
    "https://www.worldbank.org/en/about/legal/terms-of-use-for-datasets",
    redistribute_raw=True,
    quote="Unless specifically labeled otherwise, these Datasets are provided to you under a "
    "Creative Commons Attribution 4.0 International License (CC BY 4.0)",
)


def _files(indicator: str, long: str, *, seen: bool) -> tuple[File, ...]:
    return (
        File(
            f"{indicator}.json",
            API,
            url=f"https://api.worldbank.org/v2/country/all/indicator/{indicator}"
            "?format=json&per_page=20000",
            seen_real=False,
        ),
        File(
            f"API_{indicator}_DS2_en_csv_v2_*",
            BULK,
            how=f"https://data.worldbank.org/indicator/{indicator}, Download, CSV; the zip as it "
            "comes, or the file of the same name in it.",
            seen_real=seen,
        ),
        File(
            long,
            LONG,
            how="The series in long form (Country Name, Country Code, Year, Value), as "
            "datahub.io publishes it",
        ),
    )


def _printed(state: str, year: int, value: float, published: str, within: float = 0.0) -> Fact:
    def value_in(table: pl.DataFrame) -> float:
        row = table.filter(pl.col("state") == state, pl.col("year") == year)
        return float(row.to_series(2).item())

    layouts = (LONG, "casebook")  # later releases revise these numbers
    return Fact(f"the figure of {state} in {year}", value, published, value_in, within, layouts)


@dataclass(frozen=True)
class _WorldBank(Source):
    """What both series share: producer, terms, key, layouts."""

    producer: ClassVar = "World Bank"
    homepage: ClassVar = "https://datatopics.worldbank.org/world-development-indicators/"
    licence: ClassVar = LICENCE
    key: ClassVar = STATE_YEAR

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return state, year and value; years without a value and groups of states are left out."""
        table = _READERS[layout](paths[0])
        table = table.filter(
            pl.col("value").is_not_null(), ~pl.col("code").is_in(AGGREGATES)
        ).with_columns(pl.col("year").cast(pl.Int32))
        ids = resolve_codes(table["code"], table["year"], "iso3", unknown="null")
        strange = sorted(set(table["code"].filter(ids.is_null())))
        raise_all(
            f"{paths[0].name} has codes of neither states nor known groups",
            [UnknownName("World Bank code", code, AGGREGATES) for code in strange],
        )
        return table.select(
            ids.alias("state"), "year", pl.col("value").alias(self.variables[0].name)
        )


@dataclass(frozen=True)
class WorldBankGDP(_WorldBank):
    """Gross domestic product at market prices, in current US dollars (NY.GDP.MKTP.CD).

    ``gdp_usd`` is the GDP of ``state`` in ``year``, converted at the official exchange rate of
    the year, > 0. A state or year without a value is missing. Figures are revised with every
    release, so two releases are never mixed.

    References
    ----------
    World Bank. World Development Indicators. https://datatopics.worldbank.org/world-development-indicators/

    Examples
    --------
    >>> WorldBankGDP.variables[0].unit
    'current USD'
    """

    name: ClassVar = "world_bank_gdp"
    title: ClassVar = "World Development Indicators, GDP"
    version: ClassVar = "as released on the day of download"
    versions: ClassVar = {LONG: "release of about July 2024, to 2023"}
    citation: ClassVar = Citation(
        "wdi_gdp",
        "misc",
        "{World Bank}",
        "GDP (current US$), NY.GDP.MKTP.CD, World Development Indicators",
        2024,
        url="https://data.worldbank.org/indicator/NY.GDP.MKTP.CD",
    )
    variables: ClassVar = (
        Variable(
            "gdp_usd",
            "Gross domestic product",
            "current USD",
            Coverage(span(1960, 2025)),
            range=(0, None),
        ),
    )
    files: ClassVar = _files("NY.GDP.MKTP.CD", "gdp_current_usd_long.csv", seen=False)
    coverages: ClassVar = {LONG: Coverage(span(1960, 2023))}
    facts: ClassVar = tuple(
        _printed(
            state,
            2023,
            millions * 1e6,
            "World Bank, Gross domestic product 2023 (table GDP.pdf, World Development "
            "Indicators database, 1 July 2024), millions of US dollars",
            within=0.5e6,
        )
        for state, millions in (
            ("USA", 27_360_935),
            ("CHN", 17_794_782),
            ("DEU", 4_456_081),
            ("JPN", 4_212_945),
        )
    )


@dataclass(frozen=True)
class WorldBankPopulation(_WorldBank):
    """Total population at mid-year (SP.POP.TOTL).

    ``population_persons`` counts all residents of ``state`` in ``year`` whatever their legal
    status, in persons, > 0. A state or year without a value is missing. Figures are revised with
    every release, so two releases are never mixed.

    References
    ----------
    World Bank. World Development Indicators. https://datatopics.worldbank.org/world-development-indicators/

    Examples
    --------
    >>> WorldBankPopulation.variables[0].unit
    'persons'
    """

    name: ClassVar = "world_bank_population"
    title: ClassVar = "World Development Indicators, population"
    version: ClassVar = "as released on the day of download"
    versions: ClassVar = {LONG: "release not stated, to 2024 (July 2025 or later)"}
    citation: ClassVar = Citation(
        "wdi_population",
        "misc",
        "{World Bank}",
        "Population, total, SP.POP.TOTL, World Development Indicators",
        2025,
        url="https://data.worldbank.org/indicator/SP.POP.TOTL",
    )
    variables: ClassVar = (
        Variable(
            "population_persons",
            "Total population at mid-year",
            "persons",
            Coverage(span(1960, 2025)),
            range=(0, None),
        ),
    )
    files: ClassVar = _files("SP.POP.TOTL", "population_long.csv", seen=True)
    coverages: ClassVar = {LONG: Coverage(span(1960, 2024))}
    facts: ClassVar = (
        _printed(
            "KAZ",
            2024,
            20_592_571,
            "United Nations, World Population Prospects 2024, Kazakhstan, 1 July 2024 "
            "(the World Bank's source for most states)",
        ),
        _printed(
            "KAZ",
            1990,
            17_154_054,
            "United Nations, World Population Prospects 2024, Kazakhstan, 1 July 1990",
        ),
    )


def _api(path: Path) -> pl.DataFrame:
    """Read an answer of the World Bank's API: a list of page data and observations."""
    answer: Any = json.loads(path.read_bytes())
    if not (isinstance(answer, list) and len(answer) == 2 and isinstance(answer[1], list)):
        raise SchemaError(
            f"{path.name} is no answer with observations: {str(answer)[:200]}.",
            "The API sends a list of two: page data, then observations.",
            "Ask again with format=json.",
        )
    pages, rows = answer
    if int(pages["pages"]) != 1:
        raise SchemaError(
            f"{path.name} is page {pages['page']} of {pages['pages']}.",
            f"All {pages['total']} observations fit on one page.",
            "Ask with per_page=20000 or more.",
        )
    return pl.DataFrame(
        {
            "code": [row["countryiso3code"] or row["country"]["id"] for row in rows],
            "year": [int(row["date"]) for row in rows],
            "value": [row["value"] for row in rows],
        },
        schema={"code": pl.String, "year": pl.Int32, "value": pl.Float64},
    )


def _bulk(path: Path) -> pl.DataFrame:
    """Read the download from data.worldbank.org: four lines of heading, a column for each year."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.namelist() if Path(m).name.startswith("API_")]
            if len(members) != 1:
                raise SchemaError(
                    f"{path.name} holds {len(members)} tables called API_*.",
                    remedy="Put the zip as data.worldbank.org sends it.",
                )
            text = archive.read(members[0])
    else:
        text = path.read_bytes()
    table = pl.read_csv(
        io.BytesIO(text.removeprefix(b"\xef\xbb\xbf")), skip_rows=4, infer_schema=False
    )
    years = [c for c in table.columns if c.isdecimal()]
    if "Country Code" not in table.columns or not years:
        raise SchemaError(
            f"{path.name} has columns {', '.join(table.columns[:6])} …",
            "Country Name, Country Code, Indicator Name, Indicator Code, then years.",
            "Put the file as data.worldbank.org sends it.",
        )
    return table.unpivot(years, index="Country Code", variable_name="year").select(
        code="Country Code",
        year=pl.col("year").cast(pl.Int32),
        value=pl.col("value").replace("", None).cast(pl.Float64),
    )


def _long(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, schema_overrides={"Value": pl.Float64}).select(
        code="Country Code", year="Year", value="Value"
    )


_READERS: dict[str, Callable[[Path], pl.DataFrame]] = {API: _api, BULK: _bulk, LONG: _long}
