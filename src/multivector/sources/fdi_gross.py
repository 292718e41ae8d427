"""Gross inflow of foreign direct investment by partner, from a table that the user writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.sources._reported import Areas, Covering, columns_of, refuse_duplicates
from multivector.store import File
from multivector.variable import REPORTED_DYAD_YEAR, Coverage, Variable, span

TIDY = "tidy csv"
PAGE = "https://nationalbank.kz/en/news/pryamye-investicii-po-napravleniyu-vlozheniya"
NAMES = Areas({}, sums=frozenset({"Total", "World", "International organizations"}))


@dataclass(frozen=True)
class GrossFdi(Covering):
    """Gross inflow of foreign direct investment by partner and year, from a file of the user.

    ``gross_inflow_musd`` is what investors from ``partner`` brought into ``state`` in ``year``,
    before what they withdrew is taken off, in million current US dollars, ≥ 0. It is several times
    the net inflow, and no change of a stock. A partner without a row is missing.

    The National Bank of Kazakhstan publishes such a table as a workbook whose layout was not seen;
    so this reads a plain table, which the user writes from it: columns state, partner, year and
    gross_inflow_musd, states by name or code.

    References
    ----------
    National Bank of Kazakhstan. Gross inflow of direct investment to Kazakhstan from foreign direct
    investors, by country.

    Examples
    --------
    >>> [v.name for v in GrossFdi.variables]
    ['gross_inflow_musd']
    """

    name: ClassVar = "fdi_gross_inflow"
    title: ClassVar = "Gross inflow of foreign direct investment, by partner"
    producer: ClassVar = "National Bank of Kazakhstan, table fed by the user"
    version: ClassVar = "as written by the user"
    homepage: ClassVar = PAGE
    licence: ClassVar = Licence(
        "National Bank of Kazakhstan; terms not seen",
        PAGE,
        redistribute_raw=False,
        quote="The publisher's terms were not seen; the file is the user's own.",
    )
    citation: ClassVar = Citation(
        "nbk_fdi",
        "misc",
        "{National Bank of Kazakhstan}",
        "Gross Inflow of Direct Investment to Kazakhstan from Foreign Direct Investors, by Country",
        2024,
        "Astana",
        url=PAGE,
    )
    key: ClassVar = REPORTED_DYAD_YEAR
    variables: ClassVar = (
        Variable(
            "gross_inflow_musd",
            "Gross inflow of direct investment",
            "million current USD",
            Coverage(span(1993, 2024)),
            range=(0, None),
        ),
    )
    files: ClassVar = (
        File(
            "fdi_gross_inflow*.csv",
            TIDY,
            how=f"{PAGE}: write the figures by country into a table with the columns state, "
            "partner, year, gross_inflow_musd",
            seen_real=False,
        ),
    )
    without_facts: ClassVar = (
        "The table is the user's own; the tests read rows made by hand, and no published figure "
        "was at hand in a form that may be passed on."
    )
    notes: ClassVar = "Immediate investors: holding companies hide the ultimate one."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return state, partner, year and gross inflow."""
        table = pl.read_csv(paths[0], infer_schema=False)
        names = ["state", "partner", "year", "gross_inflow_musd"]
        columns_of(table, names, paths[0].name, layout)
        table = table.select(
            "state",
            "partner",
            pl.col("year").str.strip_chars().cast(pl.Int32),
            pl.col("gross_inflow_musd").str.strip_chars().replace("", None).cast(pl.Float64),
        )
        known = table.with_columns(
            NAMES.names(table["state"], table["year"]), NAMES.names(table["partner"], table["year"])
        ).drop_nulls(["state", "partner"])
        refuse_duplicates(known, names[:3], paths[0].name)
        return known
