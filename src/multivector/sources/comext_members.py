"""Eurostat Comext: trade of each member of the European Union with six states, by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.errors import UnknownName, raise_all
from multivector.sources._reported import (
    REPORTED_DYAD_MONTH,
    Covering,
    columns_of,
    refuse_duplicates,
)
from multivector.sources.eurostat import EurostatExports
from multivector.states import resolve_codes
from multivector.store import File
from multivector.variable import Coverage, Variable, span

API, JOINED = "sdmx csv", "monthly joined"
COVERAGE = Coverage(span(2019, 2024), ("KAZ", "KGZ", "ARM", "GEO", "UZB", "RUS"), sides="either")
FLOWS = {"EXPORT": "exports_eur", "IMPORT": "imports_eur", "2": "exports_eur", "1": "imports_eur"}
GEONOM = {"EU27_2020": "EU27_2020", "EU": "EU", "GR": "GRC", "XS": "SRB", "XK": "XKX", "XI": ""}
"""Codes of Eurostat that ISO 3166 does not have or gives to nobody; XI is Northern Ireland, which
is left out."""


@dataclass(frozen=True)
class ComextMembers(Covering):
    """Exports and imports of goods of each EU member with six states, by month.

    ``exports_eur`` are the exports of ``state``, a member of the European Union, to ``partner`` in
    the month that begins on ``date``, and ``imports_eur`` its imports from ``partner``, both as
    ``state`` reports them: statistical value of all goods (product TOTAL) in current euros, ≥ 0.
    Exports are free on board at the border of the member, imports cost, insurance and freight
    included.

    The Union is a reporter of its own beside its members: ``EU27_2020`` (constant membership) and
    ``EU`` (the members of the month). Summing them with their members counts twice. Sums for the
    euro area are left out. A month that is not there is missing. The file has the imports from
    Kyrgyzstan only; the United Kingdom reports to the end of 2020.

    References
    ----------
    Eurostat. International trade in goods (Comext).

    Examples
    --------
    >>> ComextMembers.key.columns
    ('state', 'partner', 'date')
    """

    without_facts: ClassVar = (
        "No printed figure for these partners was at hand; the tests add members up to the "
        "Union and months up to the annual series."
    )
    name: ClassVar = "comext_members"
    title: ClassVar = "EU trade since 1988 (Comext), members by month"
    producer: ClassVar = "Eurostat"
    version: ClassVar = "as released on the day of download"
    versions: ClassVar = {JOINED: "downloaded from Easy Comext in late 2024, to August 2024"}
    homepage: ClassVar = "https://ec.europa.eu/eurostat/comext/newxtweb/"
    licence: ClassVar = EurostatExports.licence
    citation: ClassVar = EurostatExports.citation
    key: ClassVar = REPORTED_DYAD_MONTH
    variables: ClassVar = (
        Variable(
            "exports_eur", "Exports of goods, monthly", "current EUR", COVERAGE, range=(0, None)
        ),
        Variable(
            "imports_eur", "Imports of goods, monthly", "current EUR", COVERAGE, range=(0, None)
        ),
    )
    files: ClassVar = (
        File(
            "comext_members_*.csv",
            API,
            how="https://ec.europa.eu/eurostat/api/comext/dissemination/sdmx/2.1/data/DS-045409/"
            "M..KZ+KG+AM+GE+UZ+RU.TOTAL.1+2.VALUE_IN_EUROS?format=SDMX-CSV, kept as "
            "comext_members_YEAR.csv",
            seen_real=False,
        ),
        File(
            "eu_members_monthly_2019_2024_kaz_kgz_arm_geo_uzb_rus.csv.gz",
            JOINED,
            how="Monthly views of Easy Comext joined: REPORTER, PARTNER, FLOW, period, "
            "VALUE_IN_EUR",
        ),
    )
    coverages: ClassVar = {JOINED: COVERAGE}
    notes: ClassVar = (
        "The months end in August 2024. Kazakhstan, Kyrgyzstan, Armenia, Georgia, Uzbekistan and "
        "Russia are the partners; imports are those from Kyrgyzstan only."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return reporter, partner, first day of the month, exports and imports."""
        table = _sdmx(paths[0]) if layout == API else _joined(paths[0])
        table = table.drop_nulls(["state", "partner"])
        refuse_duplicates(table, ["state", "partner", "date", "flow"], paths[0].name)
        wide = table.pivot("flow", index=["state", "partner", "date"], values="value")
        absent = [v.name for v in self.variables if v.name not in wide.columns]
        wide = wide.with_columns(pl.lit(None, pl.Float64).alias(c) for c in absent)
        return wide.select("state", "partner", "date", *(v.name for v in self.variables))


def _joined(path: Path) -> pl.DataFrame:
    table = pl.read_csv(path, schema_overrides={"VALUE_IN_EUR": pl.Float64})
    columns_of(table, ["REPORTER", "PARTNER", "FLOW", "period", "VALUE_IN_EUR"], path.name, JOINED)
    return table.select(
        state=_labels(table["REPORTER"]),
        partner=_labels(table["PARTNER"]),
        date=pl.col("period").str.to_date("%Y-%m"),
        flow=pl.col("FLOW").replace_strict(FLOWS),
        value="VALUE_IN_EUR",
    )


def _labels(labels: pl.Series) -> pl.Series:
    """Return ids for the labels of Easy Comext; null for the euro area."""
    text = package_files("multivector").joinpath("data", "partners", "eurostat.csv").read_bytes()
    ids: dict[str, str | None] = dict(pl.read_csv(text, infer_schema=False).iter_rows())
    found: dict[str, str | None] = {}
    strange: list[str] = []
    for label in labels.unique():
        short = str(label).partition(" (")[0]
        if short.startswith("European Union"):
            found[label] = "EU27_2020" if "27 countries" in short else "EU"
        elif short.startswith("Euro area"):
            found[label] = None
        elif short in ids:
            found[label] = ids[short]
        else:
            strange.append(short)
    raise_all("Unknown labels", [UnknownName("label of Easy Comext", s, ids) for s in strange])
    return labels.replace_strict(found, return_dtype=pl.String)


def _sdmx(path: Path) -> pl.DataFrame:
    """Read Eurostat's SDMX-CSV: lower-case dimensions, codes of the Geonomenclature."""
    table = pl.read_csv(path, infer_schema=False)
    names = ["freq", "reporter", "partner", "product", "flow", "indicators"]
    columns_of(table, [*names, "TIME_PERIOD", "OBS_VALUE"], path.name, API)
    table = table.filter(
        pl.col("freq") == "M",
        pl.col("product") == "TOTAL",
        pl.col("indicators") == "VALUE_IN_EUROS",
        pl.col("flow").is_in(["1", "2"]),
        pl.col("OBS_VALUE").is_not_null(),
    )
    return table.select(
        state=_codes(table["reporter"]),
        partner=_codes(table["partner"]),
        date=pl.col("TIME_PERIOD").str.to_date("%Y-%m"),
        flow=pl.col("flow").replace_strict(FLOWS),
        value=pl.col("OBS_VALUE").cast(pl.Float64),
    )


def _codes(codes: pl.Series) -> pl.Series:
    """Return ids for codes of the Geonomenclature; null for the euro area and Northern Ireland."""
    unique = codes.unique()
    special = unique.is_in([*GEONOM]) | unique.str.contains("^EA")
    plain = unique.filter(~special)
    found = dict(zip(plain, resolve_codes(plain, None, "iso2"), strict=True))
    found |= {code: GEONOM.get(code) or None for code in unique.filter(special)}
    return codes.replace_strict(found, return_dtype=pl.String)
