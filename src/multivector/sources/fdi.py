"""Foreign direct investment by partner: positions (IMF) and positions and net flows (wiiw)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.sources._reported import (
    IMF_LICENCE,
    Areas,
    Covering,
    check_magnitude,
    columns_of,
    in_millions,
    refuse_duplicates,
)
from multivector.states import resolve_codes
from multivector.store import File
from multivector.variable import REPORTED_DYAD_YEAR, STATE_YEAR, Coverage, Variable, span

API, WIIW = "sdmx csv", "wiiw csv"
IMF_AREAS = Areas({"WBG": "PSE"}, kept=r"^TX\d+$", sums_like=r"^GX?\d+$")
INDICATORS = {
    "INWD_D_NETLA_FALL_ALL": "inward_stock_musd",
    "OTWD_D_NETAL_FALL_ALL": "outward_stock_musd",
}
WORLD = "WORLD"
DIRECTIONS = {"FDI inward stock": "inward_stock_meur", "FDI inflow": "net_inflow_meur"}


@dataclass(frozen=True)
class ImfDip(Covering):
    """Positions (stocks) of direct investment by partner, as each reporter's tables have them.

    ``inward_stock_musd`` is the position of ``partner``'s direct investment in ``state`` at the end
    of ``year`` (liabilities less assets, equity and debt) and ``outward_stock_musd`` that of
    ``state``'s direct investment in ``partner`` (assets less liabilities), both as ``state``
    reports them, by immediate partner, in million current US dollars. Positions may be negative.
    They are stocks: neither gross nor net inflows can be read off their changes, which contain
    prices and exchange rates. Confidential and absent cells are missing.

    References
    ----------
    International Monetary Fund. Direct Investment Positions by Counterpart Economy (DIP), formerly
    Coordinated Direct Investment Survey (CDIS).

    Examples
    --------
    >>> [v.name for v in ImfDip.variables]
    ['inward_stock_musd', 'outward_stock_musd']
    """

    without_facts: ClassVar = (
        "The layout was read from its documentation only, so there is no file to hold a "
        "published position against."
    )
    name: ClassVar = "imf_dip"
    title: ClassVar = "Direct Investment Positions by Counterpart Economy (DIP)"
    producer: ClassVar = "International Monetary Fund"
    version: ClassVar = "as released on the day of download"
    homepage: ClassVar = "https://data.imf.org/en/datasets/IMF.STA:DIP"
    licence: ClassVar = IMF_LICENCE
    citation: ClassVar = Citation(
        "imf_dip",
        "misc",
        "{International Monetary Fund}",
        "Direct Investment Positions by Counterpart Economy (DIP), formerly Coordinated Direct "
        "Investment Survey (CDIS)",
        2025,
        "Washington, DC",
        url="https://data.imf.org/en/datasets/IMF.STA:DIP",
    )
    key: ClassVar = REPORTED_DYAD_YEAR
    variables: ClassVar = (
        Variable(
            "inward_stock_musd",
            "Position of inward direct investment, liabilities less assets",
            "million current USD",
            Coverage(span(2009, 2024)),
        ),
        Variable(
            "outward_stock_musd",
            "Position of outward direct investment, assets less liabilities",
            "million current USD",
            Coverage(span(2009, 2024)),
        ),
    )
    files: ClassVar = (
        File(
            "DIP*.csv",
            API,
            how="https://data.imf.org/en/datasets/IMF.STA:DIP: the reporter, indicators "
            "INWD_D_NETLA_FALL_ALL and OTWD_D_NETAL_FALL_ALL, all counterparts, annual, from the "
            "SDMX 3.0 API with the header 'Accept: application/vnd.sdmx.data+csv', kept as "
            "DIP_KAZ.csv",
            seen_real=False,
        ),
    )
    notes: ClassVar = "Immediate partners: holding companies hide the ultimate investor."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return reporter, partner, year and both positions in million USD."""
        table = pl.read_csv(paths[0], infer_schema=False)
        names = ["COUNTRY", "DV_TYPE", "INDICATOR", "COUNTERPART_COUNTRY", "FREQUENCY"]
        columns_of(table, [*names, "TIME_PERIOD", "OBS_VALUE"], paths[0].name, layout)
        table = table.filter(
            pl.col("FREQUENCY") == "A",
            pl.col("DV_TYPE") == "O",
            pl.col("INDICATOR").is_in([*INDICATORS]),
            pl.col("OBS_VALUE").is_not_null(),
        ).select(
            state="COUNTRY",
            partner="COUNTERPART_COUNTRY",
            year=pl.col("TIME_PERIOD").cast(pl.Int32),
            what=pl.col("INDICATOR").replace_strict(INDICATORS),
            value=pl.col("OBS_VALUE").cast(pl.Float64),
        )
        largest = table.filter(~pl.col("state").str.contains(IMF_AREAS.sums_like))["value"].max()
        check_magnitude(None if largest is None else float(str(largest)), "USD", paths[0].name)
        table = table.with_columns(
            IMF_AREAS.codes(table["state"], table["year"]),
            IMF_AREAS.codes(table["partner"], table["year"]),
        ).drop_nulls(["state", "partner"])
        return _wide(in_millions(table), [v.name for v in self.variables], paths[0].name)


@dataclass(frozen=True)
class _Wiiw(Covering):
    """What partners and totals of the wiiw file share."""

    without_facts: ClassVar = (
        "The figures may be read but not passed on; the tests compare them with the "
        "percentages of the same file."
    )
    producer: ClassVar = "The Vienna Institute for International Economic Studies (wiiw)"
    version: ClassVar = "as downloaded by the user"
    homepage: ClassVar = "https://data.wiiw.ac.at/foreign-direct-investment.html"
    licence: ClassVar = Licence(
        "wiiw FDI Database, for subscribers",
        "https://data.wiiw.ac.at/",
        redistribute_raw=False,
        quote="The publisher's terms were not seen; the file is the user's own.",
    )
    citation: ClassVar = Citation(
        "wiiw_fdi",
        "misc",
        "{The Vienna Institute for International Economic Studies}",
        "wiiw FDI Database",
        2022,
        "Vienna",
        url="https://data.wiiw.ac.at/foreign-direct-investment.html",
    )
    files: ClassVar = (
        File(
            "wiiw_fdi_*.csv",
            WIIW,
            how="https://data.wiiw.ac.at/foreign-direct-investment.html, FDI by partner, the "
            "state, both directions, CSV; kept as wiiw_fdi_STATE.csv",
        ),
    )


@dataclass(frozen=True)
class WiiwFdi(_Wiiw):
    """Stock and net inflow of foreign direct investment by partner, from a file of the user.

    ``inward_stock_meur`` is the stock of ``partner``'s direct investment in ``state`` at the end of
    ``year`` and ``net_inflow_meur`` the net inflow in the year (equity, reinvested earnings and
    debt instruments, less what was withdrawn), in million euros. A net inflow may be negative, so
    shares of it can lie below 0 or above 1: use stocks for shares. "." is missing. Sums over the
    world and the European Union are left out.

    References
    ----------
    The Vienna Institute for International Economic Studies. wiiw FDI Database.

    Examples
    --------
    >>> [v.name for v in WiiwFdi.variables]
    ['inward_stock_meur', 'net_inflow_meur']
    """

    name: ClassVar = "wiiw_fdi"
    title: ClassVar = "wiiw FDI Database, by partner"
    key: ClassVar = REPORTED_DYAD_YEAR
    variables: ClassVar = (
        Variable(
            "inward_stock_meur",
            "Stock of inward direct investment",
            "million EUR",
            Coverage(span(2003, 2021)),
        ),
        Variable(
            "net_inflow_meur",
            "Net inflow of direct investment",
            "million EUR",
            Coverage(span(2003, 2021)),
        ),
    )
    notes: ClassVar = (
        "Immediate partners, mostly Dutch holding companies. Of Kazakhstan, the directional "
        "principle (BPM6) holds from 2013. Gross inflow, which the National Bank of Kazakhstan "
        "publishes too, is another thing and not in this table."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return reporter, partner, year, stock and net inflow."""
        table = _wiiw(paths[0])
        table = table.filter(pl.col("code") != WORLD, ~pl.col("code").str.contains(r"^EU\d\d_"))
        table = table.with_columns(partner=resolve_codes(table["code"], None, "iso2"))
        return _wide(table.drop("code"), [v.name for v in self.variables], paths[0].name)


@dataclass(frozen=True)
class WiiwFdiTotals(_Wiiw):
    """Stock and net inflow of foreign direct investment from all partners, from the same file.

    ``inward_stock_world_meur`` and ``net_inflow_world_meur`` are the rows "Total by countries", in
    million euros. The net inflow may be negative.

    References
    ----------
    The Vienna Institute for International Economic Studies. wiiw FDI Database.

    Examples
    --------
    >>> WiiwFdiTotals.key.columns
    ('state', 'year')
    """

    name: ClassVar = "wiiw_fdi_world"
    title: ClassVar = "wiiw FDI Database, totals"
    key: ClassVar = STATE_YEAR
    variables: ClassVar = (
        Variable(
            "inward_stock_world_meur",
            "Stock of inward direct investment, all partners",
            "million EUR",
            Coverage(span(2003, 2021)),
        ),
        Variable(
            "net_inflow_world_meur",
            "Net inflow of direct investment, all partners",
            "million EUR",
            Coverage(span(2003, 2021)),
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return state, year and both totals."""
        table = _wiiw(paths[0]).filter(pl.col("code") == WORLD).drop("code")
        wide = _wide(
            table.with_columns(partner=pl.lit(WORLD)), [*DIRECTIONS.values()], paths[0].name
        )
        return wide.select(
            "state",
            "year",
            inward_stock_world_meur="inward_stock_meur",
            net_inflow_world_meur="net_inflow_meur",
        )


def _wiiw(path: Path) -> pl.DataFrame:
    """Return reporter, partner's code, year, kind and value of the rows in million euros."""
    table = pl.read_csv(path, infer_schema=False)
    names = ["Country-Code", "Direction", "Partner-Code", "Unit"]
    columns_of(table, names, path.name, WIIW)
    table = table.filter(pl.col("Unit") == "EUR m", pl.col("Direction").is_in([*DIRECTIONS]))
    years = [c for c in table.columns if c.startswith("_") and c[1:].isdecimal()]
    long = table.unpivot(years, index=names, variable_name="year", value_name="value")
    number = pl.col("value").replace([".", ""], None).cast(pl.Float64)
    return long.select(
        state=resolve_codes(long["Country-Code"], None, "iso2"),
        code="Partner-Code",
        year=pl.col("year").str.strip_prefix("_").cast(pl.Int32),
        what=pl.col("Direction").replace_strict(DIRECTIONS),
        value=number,
    ).drop_nulls("value")


def _wide(table: pl.DataFrame, names: Sequence[str], file: str) -> pl.DataFrame:
    """Put the kinds of figures into columns; a kind that is not there is missing throughout."""
    key = ["state", "partner", "year"]
    refuse_duplicates(table, [*key, "what"], file)
    wide = table.pivot("what", index=key, values="value")
    absent = [name for name in names if name not in wide.columns]
    return wide.with_columns(pl.lit(None, pl.Float64).alias(c) for c in absent).select(*key, *names)
