"""IMF, International Trade in Goods by partner country: the present series, by reporter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.errors import SchemaError
from multivector.origin import Citation
from multivector.sources._reported import (
    IMF_LICENCE,
    Areas,
    Covering,
    check_magnitude,
    columns_of,
    in_millions,
    refuse_duplicates,
)
from multivector.store import File
from multivector.variable import (
    REPORTED_DYAD_YEAR,
    STATE_YEAR,
    Coverage,
    Variable,
    span,
)

API, PORTAL, YEAR_2025 = "sdmx csv", "portal csv", "exports of 2025"
COVERAGES = {YEAR_2025: Coverage((2025,))}
WORLD = "G001"
FLOWS = {"XG_FOB_USD": "exports_fob_musd", "MG_CIF_USD": "imports_cif_musd"}
AREAS = Areas({"WBG": "PSE", "TX126": "BLX"}, kept=r"^TX\d+$", sums_like=r"^GX?\d+$")
"""TX… are partners that a reporter does not name (TX898: countries and areas not specified, TX899:
special categories, TX910: other countries not included elsewhere), and keep the IMF's code; G… and
GX… are sums over several partners."""

FILES = (
    File(
        "IMTS*.csv",
        API,
        how="https://api.imf.org/external/sdmx/3.0/data/dataflow/IMF.STA/IMTS/1.0.0/"
        "KAZ.XG_FOB_USD+MG_CIF_USD.*.A (other reporters instead of KAZ, joined by +), asked with "
        "the header 'Accept: application/vnd.sdmx.data+csv' and kept as IMTS_KAZ.csv; all years "
        "come, whichever are asked for",
        seen_real=False,
    ),
    File(
        "imf_imts_portal_*.csv",
        PORTAL,
        how="https://data.imf.org/en/datasets/IMF.STA:IMTS, a reporter, its exports FOB and "
        "imports CIF, annual, Download, CSV with a column for each year",
    ),
    File(
        "imf_imts_exports_2025.csv.gz",
        YEAR_2025,
        how="Exports of 2025 by 195 exporters, made from a download of 2026-04-24; columns year, "
        "exporter, importer, exports_fob_musd, rounded to 0.1 million",
    ),
)
CITATION = Citation(
    "imf_imts",
    "misc",
    "{International Monetary Fund}",
    "International Trade in Goods (by partner country), IMTS, formerly Direction of Trade "
    "Statistics",
    2025,
    "Washington, DC",
    url="https://data.imf.org/en/datasets/IMF.STA:IMTS",
)


@dataclass(frozen=True)
class _Imts(Covering):
    """What the flows by partner and the totals share."""

    without_facts: ClassVar = (
        "No printed table of this release was at hand; the tests compare partners' sums with "
        "the reporter's own totals."
    )
    producer: ClassVar = "International Monetary Fund"
    version: ClassVar = "IMTS 1.0.0, as released on the day of download"
    versions: ClassVar = {YEAR_2025: "IMTS 1.0.0, downloaded on 2026-04-24"}
    homepage: ClassVar = "https://data.imf.org/en/datasets/IMF.STA:IMTS"
    licence: ClassVar = IMF_LICENCE
    citation: ClassVar = CITATION
    files: ClassVar = FILES
    coverages: ClassVar = COVERAGES


@dataclass(frozen=True)
class ImfImts(_Imts):
    """Exports and imports of goods by partner, as each reporter's tables at the IMF have them.

    ``exports_fob_musd`` are the exports of ``state`` to ``partner`` in ``year``, free on board, and
    ``imports_cif_musd`` its imports from ``partner``, cost, insurance and freight included, both as
    ``state`` reports them, in million current US dollars, ≥ 0. What ``partner`` reports of the same
    flows is in the row (partner, state). A blank cell is missing, never zero.

    Where a state stops reporting, as Russia did in 2022, the IMF goes on from its partners'
    reports and does not mark them. The API gives US dollars and the portal millions; a file whose
    largest flow cannot be in that unit is refused. Sums over several partners are left out;
    partners that are not named keep the IMF's code (``AREAS``).

    References
    ----------
    International Monetary Fund. International Trade in Goods (by partner country), IMTS.

    Examples
    --------
    >>> [v.name for v in ImfImts.variables]
    ['exports_fob_musd', 'imports_cif_musd']
    """

    name: ClassVar = "imf_imts"
    title: ClassVar = "International Trade in Goods by partner country (IMTS)"
    key: ClassVar = REPORTED_DYAD_YEAR
    variables: ClassVar = tuple(
        Variable(
            name,
            label,
            "million current USD",
            Coverage(span(1948, 2025)),
            range=(0, None),
        )
        for name, label in (
            ("exports_fob_musd", "Exports of goods as the state reports them, free on board"),
            (
                "imports_cif_musd",
                "Imports of goods as the state reports them, cost, insurance and freight included",
            ),
        )
    )
    notes: ClassVar = (
        "Who reports is the state of the row. From 2022 the rows of Russia are made from its "
        "partners' reports. Kazakhstan and Russia: both reports are blank for 2024 and 2025 in the "
        "files seen. In the exports of 2025, 0.0 means less than 50,000 USD."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return reporter, partner, year, exports and imports in million USD."""
        flows = _flows(layout, paths[0])
        flows = flows.with_columns(
            AREAS.codes(flows["state"], flows["year"]),
            AREAS.codes(flows["partner"], flows["year"]),
        ).drop_nulls(["state", "partner"])
        refuse_duplicates(flows, ["state", "partner", "year"], paths[0].name)
        return flows.select("state", "partner", "year", *FLOWS.values())


@dataclass(frozen=True)
class ImfImtsTotals(_Imts):
    """Exports to, and imports from, the world, as each reporter's tables at the IMF have them.

    ``exports_world_musd`` (free on board) and ``imports_world_musd`` (cost, insurance and freight
    included) are the IMF's totals over all partners, named or not, in million current US dollars,
    ≥ 0. The exports of 2025 come without totals, so that layout has none.

    References
    ----------
    International Monetary Fund. International Trade in Goods (by partner country), IMTS.

    Examples
    --------
    >>> ImfImtsTotals.key.columns
    ('state', 'year')
    """

    name: ClassVar = "imf_imts_world"
    title: ClassVar = "International Trade in Goods (IMTS), totals by reporter"
    key: ClassVar = STATE_YEAR
    variables: ClassVar = tuple(
        Variable(
            f"{flow}_world_musd",
            f"{flow.capitalize()} of goods, all partners, as the state reports them",
            "million current USD",
            Coverage(span(1948, 2025)),
            range=(0, None),
        )
        for flow in ("exports", "imports")
    )
    files: ClassVar = FILES[:2]
    notes: ClassVar = "From 2022 the rows of Russia are made from its partners' reports."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return reporter, year, and the two totals in million USD."""
        flows = _flows(layout, paths[0]).filter(pl.col("partner") == WORLD)
        flows = flows.with_columns(AREAS.codes(flows["state"], flows["year"])).drop_nulls("state")
        refuse_duplicates(flows, ["state", "year"], paths[0].name)
        return flows.select(
            "state",
            "year",
            exports_world_musd="exports_fob_musd",
            imports_world_musd="imports_cif_musd",
        )


def _flows(layout: str, path: Path) -> pl.DataFrame:
    """Return the codes of reporter and partner, the year, and both flows in million USD."""
    if layout == YEAR_2025:
        table = pl.read_csv(path, schema_overrides={"exports_fob_musd": pl.Float64})
        return table.select(
            pl.col("year").cast(pl.Int32),
            "exports_fob_musd",
            state="exporter",
            partner="importer",
            imports_cif_musd=pl.lit(None, pl.Float64),
        )
    long = _sdmx(path) if layout == API else _portal(path)
    unit = "USD" if layout == API else "million USD"
    largest = long.filter(~pl.col("state").str.contains(AREAS.sums_like))["value"].max()
    check_magnitude(None if largest is None else float(str(largest)), unit, path.name)
    refuse_duplicates(long, ["state", "partner", "year", "flow"], path.name)
    long = in_millions(long) if unit == "USD" else long
    wide = long.pivot("flow", index=["state", "partner", "year"], values="value")
    absent = [c for c in FLOWS.values() if c not in wide.columns]
    return wide.with_columns(pl.lit(None, pl.Float64).alias(c) for c in absent)


def _sdmx(path: Path) -> pl.DataFrame:
    """Read the API's SDMX-CSV: a row for each reporter, indicator, partner and year, in USD."""
    table = pl.read_csv(path, infer_schema=False)
    dimensions = ["COUNTRY", "INDICATOR", "COUNTERPART_COUNTRY", "FREQUENCY"]
    columns_of(table, [*dimensions, "TIME_PERIOD", "OBS_VALUE"], path.name, API)
    return table.filter(
        pl.col("FREQUENCY") == "A", pl.col("INDICATOR").is_in([*FLOWS]), _given("OBS_VALUE")
    ).select(
        state="COUNTRY",
        partner="COUNTERPART_COUNTRY",
        year=pl.col("TIME_PERIOD").cast(pl.Int32),
        flow=pl.col("INDICATOR").replace_strict(FLOWS),
        value=pl.col("OBS_VALUE").cast(pl.Float64),
    )


def _portal(path: Path) -> pl.DataFrame:
    """Read the portal's CSV: a row for each reporter, indicator and partner, a column a year."""
    table = pl.read_csv(path, infer_schema=False)
    names = ["COUNTRY.ID", "INDICATOR.ID", "COUNTERPART_COUNTRY.ID", "FREQUENCY.ID", "SCALE.ID"]
    columns_of(table, names, path.name, PORTAL)
    table = table.filter(pl.col("FREQUENCY.ID") == "A", pl.col("INDICATOR.ID").is_in([*FLOWS]))
    other = sorted(set(table["SCALE.ID"].fill_null("none")) - {"6"})
    if other:
        raise SchemaError(
            f"{path.name} has figures of scale {', '.join(other)}.",
            "The portal gives millions, scale 6.",
            "Download it again in millions.",
        )
    years = [c for c in table.columns if c.isdecimal()]
    long = table.unpivot(years, index=names[:3], variable_name="year", value_name="value")
    return long.filter(_given("value")).select(
        state="COUNTRY.ID",
        partner="COUNTERPART_COUNTRY.ID",
        year=pl.col("year").cast(pl.Int32),
        flow=pl.col("INDICATOR.ID").replace_strict(FLOWS),
        value=pl.col("value").cast(pl.Float64),
    )


def _given(column: str) -> pl.Expr:
    return pl.col(column).is_not_null() & (pl.col(column).str.strip_chars() != "")
