"""Eurostat Comext: exports of goods of the European Union, with constant membership."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.errors import SchemaError, UnknownName, raise_all
from multivector.origin import Citation, Licence
from multivector.source import Fact, Source
from multivector.states import members
from multivector.store import File
from multivector.variable import DIRECTED_DYAD_YEAR, Coverage, Variable, span

COMEXT, LONG = "easy comext", "long csv"
COVERAGE = Coverage(span(2010, 2023))
MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
"""The reporter as its label spells it out in every file, whatever the year."""


def _all_partners(year: int) -> Fact:
    total = {2010: 1_435_577_806_995, 2016: 1_866_819_615_239, 2018: 2_058_821_896_918}[year]
    return Fact(
        f"exports of the EU27 to all non-members in {year}, in EUR",
        total,
        f"Eurostat, Easy Comext, partner 'Extra-EU27 (from 2020)', {year}, 2024-11-25",
        lambda table: float(table.filter(pl.col("year") == year)["exports_eur"].sum()),
    )


@dataclass(frozen=True)
class EurostatExports(Source):
    """Exports of goods of the 27 members of the European Union together, by partner.

    ``exports_eur`` is the statistical value of all goods (product TOTAL) that left ``state``,
    always ``EU27_2020``, for ``partner`` in ``year``, in current euros, free on board, ≥ 0. The
    label of the reporter lists the same 27 members, without the United Kingdom, for every year
    from 2010, so membership is constant: 2010 is not the EU of 2010.

    Only partners outside the 27 are rows (the Union and its own members are not two actors). High
    seas (QP), stores and provisions (QS), and partners not determined (QW) or not disclosed (QZ)
    keep their codes of the Geonomenclature, as Ceuta (XC) and Melilla (XL) do, so that the sum
    over partners is Eurostat's "Extra-EU27". A partner that is not there is missing.

    References
    ----------
    Eurostat (2020). Geonomenclature applicable to European statistics on international trade in
    goods, 2020 edition. doi:10.2785/177125.

    Examples
    --------
    >>> EurostatExports.variables[0].coverage.years[0]
    2010
    """

    name: ClassVar = "eurostat_exports"
    title: ClassVar = "EU trade since 1988 by HS2-4-6 and CN8 (Comext), total exports"
    producer: ClassVar = "Eurostat"
    version: ClassVar = "downloaded from Easy Comext on 2024-11-17 and 2024-11-25"
    homepage: ClassVar = "https://ec.europa.eu/eurostat/comext/newxtweb/"
    licence: ClassVar = Licence(
        "CC BY 4.0 (Eurostat reuse policy, Commission Decision 2011/833/EU)",
        "https://ec.europa.eu/eurostat/help/copyright-notice",
        redistribute_raw=True,
        quote="Reuse of statistical data, metadata, publications, and other dissemination tools "
        "published on this website for commercial or non-commercial purposes is authorised "
        "provided the source is acknowledged.",
    )
    citation: ClassVar = Citation(
        "eurostat_comext",
        "misc",
        "{Eurostat}",
        "International trade in goods (Comext)",
        2024,
        url="https://ec.europa.eu/eurostat/comext/newxtweb/",
    )
    key: ClassVar = DIRECTED_DYAD_YEAR
    variables: ClassVar = (
        Variable("exports_eur", "Exports of goods", "current EUR", COVERAGE, range=(0, None)),
    )
    files: ClassVar = (
        File(
            "eu27_exports_by_partner_2010_2023_originals.zip",
            COMEXT,
            how="Easy Comext, relational view: reporter EU27, flow export, product TOTAL, each "
            "partner, one period Jan.-Dec. per file; the CSV files together in one zip.",
        ),
        File(
            "eu27_exports_by_partner_2010_2023.csv.gz",
            LONG,
            how="The same files joined: columns partner, year, eu27_exports_eur",
        ),
    )
    facts: ClassVar = tuple(_all_partners(year) for year in (2010, 2016, 2018))
    notes: ClassVar = (
        "Constant membership: the 27 members since February 2020, in every year. From 2019 the "
        "files leave out stores and provisions and partners not specified (1.6 % of the exports "
        "of 2018). The labels of 2016 are in French; there, 'Guinea' beside 'Guinée' is read as "
        "Guinea-Bissau, which is not listed otherwise."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return exporter (EU27_2020), partner, year and value."""
        table = _relational(paths[0]) if layout == COMEXT else _long(paths[0])
        return _resolved(table, paths[0].name)


def _long(path: Path) -> pl.DataFrame:
    table = pl.read_csv(path, schema_overrides={"year": pl.Int32, "eu27_exports_eur": pl.Float64})
    return table.rename({"partner": "label", "eu27_exports_eur": "exports_eur"})


def _relational(path: Path) -> pl.DataFrame:
    with zipfile.ZipFile(path) as archive:
        members = sorted(m for m in archive.namelist() if m.lower().endswith(".csv"))
        tables = [pl.read_csv(archive.read(m), infer_schema=False) for m in members]
    table = pl.concat(tables)
    unlike = table.filter(
        ~pl.col("REPORTER").str.replace_all(",", "").str.contains(f"({MEMBERS})", literal=True)
        | ~pl.col("FLOW").str.contains("EXPORT")
        | ~pl.col("PRODUCT").str.contains("Total")
        | ~pl.col("PERIOD").str.contains(r"Jan\.-Dec\. \d{4}$")
    )
    if len(unlike):
        raise SchemaError(
            f"{path.name} has {len(unlike)} rows that are no yearly exports of the 27 members, "
            f"first {unlike.row(0, named=True)}.",
            "Reporter EU27 (from 2020), flow export, product TOTAL, periods Jan.-Dec.",
            "Download that view from Easy Comext.",
        )
    return table.select(
        label="PARTNER",
        year=pl.col("PERIOD").str.extract(r"(\d{4})$").cast(pl.Int32),
        exports_eur=pl.col("VALUE_IN_EUR").cast(pl.Float64),
    )


def _resolved(table: pl.DataFrame, name: str) -> pl.DataFrame:
    """Replace partner labels by ids; drop members, and sums over several partners."""
    text = package_files("multivector").joinpath("data", "partners", "eurostat.csv").read_bytes()
    ids = dict(pl.read_csv(text, infer_schema=False).iter_rows())
    label = pl.col("label").str.replace(r" \(.*$", "")
    bissau = (pl.col("label") == "Guinea") & (pl.col("label") == "Guinée").any().over("year")
    table = table.with_columns(label=pl.when(bissau).then(pl.lit("Guinea-Bissau")).otherwise(label))
    strange = sorted(set(table["label"]) - set(ids))
    raise_all(
        f"{name} has partners without an id", [UnknownName("partner", s, ids) for s in strange]
    )
    outside = table.with_columns(
        state=pl.lit("EU27_2020"), partner=pl.col("label").replace_strict(ids)
    ).filter(pl.col("partner").is_not_null())
    return outside.filter(~pl.col("partner").is_in(members("EU27_2020", 2020))).select(
        "state", "partner", "year", "exports_eur"
    )
