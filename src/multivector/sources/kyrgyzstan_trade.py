"""National Statistical Committee of Kyrgyzstan: exports and imports of goods by country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from multivector.errors import SchemaError
from multivector.origin import Citation, Licence
from multivector.source import Source
from multivector.sources._reported import (
    NOT_SPECIFIED,
    Areas,
    refuse_duplicates,
    sheet_rows,
    wide_years,
)
from multivector.store import File
from multivector.variable import (
    REPORTED_DYAD_YEAR,
    STATE_YEAR,
    Coverage,
    Defect,
    Variable,
    span,
)

BOOKS = "open data xlsx"
YEARS = span(1994, 2023)
FLOWS = ("exports", "imports")
TOTAL = "Total"
AREAS = Areas(
    {
        "Bostwana": "BWA",
        "Bouvet": "BVT",
        "Burkino Faso": "BFA",
        "Butane": "BTN",  # Bhutan; the Russian column has Бутан
        "Channel Islands": "CHI",
        "China (Sar Hong Kong)": "HKG",
        "Coconut islands": "CCK",  # Cocos; Кокосовые острова
        "Congo": "COG",
        "Eastern SAMOA": "ASM",
        "European Union (EU)": "QV",  # members of the Union that are not named
        "Great Britain (United Kingdom)": "GBR",
        "Korea (DPRK)": "PRK",
        "Macau (Macau)": "MAC",
        "Republic of Macedonia": "MKD",
        "SAR-Hong Kong": "HKG",
        "Salvador": "SLV",
        "Taiwan. China province": "TWN",
        "UN": "UN",
        "Undefined country": NOT_SPECIFIED,
        "Virgin Islands, United States": "VIR",
        "Zaire": "COD",
    },
    frozenset(
        {
            *(TOTAL, "The EU", "CIS", "SCO", "EAEU"),
            *("Europe", "Asia", "America", "Africa", "Australia and Oceania"),
        }
    ),
)
OCEANIA = Defect(
    ("KGZ", "AUS", "ASM"),
    (2023,),
    "In the imports of 2023 Australia has the figure of its region (5,358.0 thousand USD), and "
    "American Samoa probably Australia's (4,033.9): with New Zealand they exceed the region.",
)
GOLD = (
    "In 2021 the partners lack 1,105 million USD of the total of exports (40 %), in 2022 and 2023 "
    "less than 5 million: gold whose buyers are not told."
)
LICENCE = Licence(
    "National Statistical Committee of the Kyrgyz Republic",
    "https://stat.gov.kg/en/",
    redistribute_raw=False,
    quote="The publisher's terms were not seen.",
)
CITATION = Citation(
    "nsc_kyrgyz_trade",
    "misc",
    "{National Statistical Committee of the Kyrgyz Republic}",
    "Geographic distribution of exports (4.03.00.18) and imports (4.03.00.20) of goods",
    2024,
    "Bishkek",
    url="https://stat.gov.kg/en/statistics/vneshneekonomicheskaya-deyatelnost/",
)


@dataclass(frozen=True)
class _Kyrgyzstan(Source):
    """What partners and totals share: two workbooks of one layout."""

    without_facts: ClassVar = (
        "No other print of these tables was at hand; the tests compare partners' sums with "
        "the total rows of the same workbook."
    )
    producer: ClassVar = "National Statistical Committee of the Kyrgyz Republic"
    version: ClassVar = "tables 4.03.00.18 and 4.03.00.20, to 2023 (imports of 2023 preliminary)"
    homepage: ClassVar = "https://stat.gov.kg/en/"
    licence: ClassVar = LICENCE
    citation: ClassVar = CITATION
    files: ClassVar = tuple(
        File(
            f"kgz_4.03.00.{table}*{flow}_by_country.xlsx",
            BOOKS,
            how=f"Table 4.03.00.{table} on the committee's site, saved under this name",
        )
        for table, flow in ((18, "exports"), (20, "imports"))
    )


@dataclass(frozen=True)
class KyrgyzstanTrade(_Kyrgyzstan):
    """Exports and imports of goods of Kyrgyzstan by country, as Kyrgyzstan reports them.

    ``exports_kusd`` are the exports of ``state``, always KGZ, to ``partner`` in ``year`` and
    ``imports_kusd`` its imports from ``partner``, in thousand current US dollars, ≥ 0. The tables
    print "-" where they have nothing, which is missing here. An undefined country is ``QW``, the
    European Union without a member's name ``QV``; sums over regions and unions are left out.

    References
    ----------
    National Statistical Committee of the Kyrgyz Republic. Tables 4.03.00.18 and 4.03.00.20.

    Examples
    --------
    >>> [v.name for v in KyrgyzstanTrade.variables]
    ['exports_kusd', 'imports_kusd']
    """

    name: ClassVar = "kyrgyzstan_trade"
    title: ClassVar = "Kyrgyzstan's exports and imports of goods by country"
    key: ClassVar = REPORTED_DYAD_YEAR
    variables: ClassVar = (
        Variable(
            "exports_kusd",
            "Exports of goods as Kyrgyzstan reports them",
            "thousand current USD",
            Coverage(YEARS, ("KGZ",), sides="either"),
            range=(0, None),
        ),
        Variable(
            "imports_kusd",
            "Imports of goods as Kyrgyzstan reports them",
            "thousand current USD",
            Coverage(YEARS, ("KGZ",), sides="either"),
            range=(0, None),
            defects=(OCEANIA,),
        ),
    )
    notes: ClassVar = f"The reporter is Kyrgyzstan. {GOLD}"

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return reporter, partner, year, exports and imports."""
        sides: list[pl.DataFrame] = []
        for path, variable in zip(paths, self.variables, strict=True):
            long = _book(path).rename({"value": variable.name})
            long = long.with_columns(partner=AREAS.names(long["label"])).drop_nulls("partner")
            refuse_duplicates(long, ["partner", "year"], path.name)
            sides.append(long.drop("label"))
        both = sides[0].join(sides[1], on=["partner", "year"], how="full", coalesce=True)
        return both.with_columns(state=pl.lit("KGZ"))


@dataclass(frozen=True)
class KyrgyzstanTotals(_Kyrgyzstan):
    """Total exports and imports of goods of Kyrgyzstan, as Kyrgyzstan reports them.

    ``exports_world_kusd`` and ``imports_world_kusd`` are the totals that the tables print, in
    thousand current US dollars, ≥ 0. They may exceed the sum over partners (see ``notes``), so a
    share of a partner is a share of this total.

    References
    ----------
    National Statistical Committee of the Kyrgyz Republic. Tables 4.03.00.18 and 4.03.00.20.

    Examples
    --------
    >>> KyrgyzstanTotals.key.columns
    ('state', 'year')
    """

    name: ClassVar = "kyrgyzstan_trade_world"
    title: ClassVar = "Kyrgyzstan's exports and imports of goods, totals"
    key: ClassVar = STATE_YEAR
    variables: ClassVar = tuple(
        Variable(
            f"{flow}_world_kusd",
            f"{flow.capitalize()} of goods, all partners, as Kyrgyzstan reports them",
            "thousand current USD",
            Coverage(YEARS, ("KGZ",)),
            range=(0, None),
        )
        for flow in FLOWS
    )
    notes: ClassVar = GOLD

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return state, year, and the totals."""
        sides = [
            _book(path).filter(pl.col("label") == TOTAL).drop("label").rename({"value": v.name})
            for path, v in zip(paths, self.variables, strict=True)
        ]
        both = sides[0].join(sides[1], on="year", how="full", coalesce=True)
        return both.with_columns(state=pl.lit("KGZ"))


def _book(path: Path) -> pl.DataFrame:
    """Return label (English), year and value in thousand USD from a workbook of the committee."""
    rows = sheet_rows(path)
    if str(rows[1][2]).strip() != "(thousand US dollars)":
        raise SchemaError(
            f"{path.name}: the unit in row 2 is {rows[1][2]!r}.",
            "Tables 4.03.00.18 and 4.03.00.20 are in '(thousand US dollars)'.",
            "Put the workbook as the committee sends it.",
        )
    at = next(i for i, row in enumerate(rows) if wide_years(rows, i) and row[2] is None)
    years = wide_years(rows, at)
    cells = [
        (str(row[2]).strip(), year, value)
        for row in rows[at + 1 :]
        for year, column in years.items()
        if row[2] is not None and (value := _number(row[column])) is not None
    ]
    return pl.DataFrame(
        cells, schema={"label": pl.String, "year": pl.Int32, "value": pl.Float64}, orient="row"
    )


def _number(cell: Any) -> float | None:
    """Return a cell's number; '-' and blanks are missing, other text is an error."""
    if cell is None or (isinstance(cell, str) and cell.strip() in ("-", "")):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    raise SchemaError(f"A cell holds {cell!r}.", "A number, '-' or nothing.")
