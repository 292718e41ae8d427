"""CIA World Factbook: the largest partners in each economy's exports and imports."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.errors import UnknownName, raise_all
from multivector.origin import Citation, Licence
from multivector.source import Fact, Source
from multivector.states import resolve_names
from multivector.store import File
from multivector.variable import DIRECTED_DYAD_YEAR, Coverage, Defect, Variable, span

CIA = "US Central Intelligence Agency"
FACTBOOK_WEB = "https://www.cia.gov/the-world-factbook/"
PUBLIC_DOMAIN = Licence(
    "Public domain (work of the US government)",
    "https://www.cia.gov/the-world-factbook/about/faqs/",
    redistribute_raw=True,
    quote="The World Factbook is in the public domain and may be used freely by anyone at "
    "anytime without seeking permission.",
)
CIA_FACTBOOK = Citation(
    "cia_factbook",
    "misc",
    "{Central Intelligence Agency}",
    "The World Factbook",
    2025,
    "Washington, DC",
    url=FACTBOOK_WEB,
)
PARSED = "partner shares"
COVERAGE = Coverage(span(2012, 2023))
SPELLINGS = {
    "Cost Rica": "CRI",
    "Democratic Republic of the Congo (DRC)": "COD",
    "Macedonia, The Former Yugo Rep of": "MKD",
    "West Bank/Gaza Strip": "PSE",
}
REGIONS = ("Africa", "America", "Asia", "Europe")
"""Partners that the Factbook prints for a few small economies and that are no actors."""


GAMBIA = Defect(
    ("KAZ", "GMB"),
    (2023,),
    "For 2023 the Factbook takes the Gambia for Germany in Kazakhstan's trade: 'Gambia, The 4%' of "
    "Kazakhstan's imports, and Kazakhstan 92% of the Gambia's exports and 26% of its imports.",
)


def _share(flow: str, partner: str, year: int, percent: float) -> Fact:
    def value(table: pl.DataFrame) -> float:
        row = table.filter(
            pl.col("state") == "KAZ", pl.col("partner") == partner, pl.col("year") == year
        )
        return float(row[f"{flow}_share"].item())

    edition = {2017: 2020, 2019: 2022}[year]
    return Fact(
        f"share of {partner} in the {flow} of KAZ in {year}",
        percent / 100,
        f"CIA, The World Factbook {edition}, Kazakhstan, '{flow.capitalize()} - partners' ({year})",
        value,
        tolerance=1e-12,
    )


@dataclass(frozen=True)
class FactbookPartners(Source):
    """Shares of the largest partners in each economy's exports and imports.

    ``exports_share`` is the share of ``partner`` in the exports of ``state`` in ``year`` and
    ``imports_share`` its share in the imports, between 0 and 1, as the Factbook prints them in
    percent (since 2019 without decimals, so 0 means less than half a percent). It prints about
    five partners of each; any other partner is missing, not zero. The row speaks of ``state``'s
    trade only: the same flow in the row (partner, state) may differ.

    The European Union is a row of its own (``EU``, members of the year), beside its members.
    Regions that stand in place of partners (Africa, Asia …) are left out.

    References
    ----------
    Central Intelligence Agency. The World Factbook. Washington, DC.

    Examples
    --------
    >>> [v.name for v in FactbookPartners.variables]
    ['exports_share', 'imports_share']
    """

    name: ClassVar = "factbook_partners"
    title: ClassVar = "The World Factbook, exports and imports by partner"
    producer: ClassVar = CIA
    version: ClassVar = "editions of 2015 to 2025, by year of the data"
    homepage: ClassVar = FACTBOOK_WEB
    licence: ClassVar = PUBLIC_DOMAIN
    citation: ClassVar = CIA_FACTBOOK
    key: ClassVar = DIRECTED_DYAD_YEAR
    variables: ClassVar = tuple(
        Variable(
            f"{flow}_share",
            f"Share of the partner in {flow}",
            "share 0–1",
            COVERAGE,
            range=(0, 1),
            defects=(GAMBIA,),
        )
        for flow in ("exports", "imports")
    )
    files: ClassVar = (
        File(
            "cia_factbook_trade_partner_shares.csv.gz",
            PARSED,
            how="Parsed from the fields 'Exports - partners' and 'Imports - partners' of the "
            "JSON edition factbook/factbook.json; columns gec_code, flow, data_year, partner, "
            "share_pct",
        ),
    )
    facts: ClassVar = (
        _share("exports", "ITA", 2017, 17.9),
        _share("exports", "CHN", 2017, 11.9),
        _share("imports", "RUS", 2017, 38.9),
        _share("imports", "DEU", 2017, 5.1),
        _share("exports", "CHN", 2019, 13),
        _share("exports", "ITA", 2019, 12),
        _share("imports", "RUS", 2019, 34),
        _share("imports", "CHN", 2019, 24),
    )
    notes: ClassVar = (
        "Only about five partners of each flow are printed; any other partner is missing. Well "
        "covered are 2014, 2015, 2017, 2019, 2022 and 2023."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return economy, partner, year, and the partner's share in exports and in imports."""
        del layout
        table = pl.read_csv(paths[0], infer_schema=False)
        table = table.select(
            state=gec_ids(table["gec_code"]),
            partner=_partners(table["partner"]),
            year=pl.col("data_year").cast(pl.Int32),
            flow="flow",
            share=pl.col("share_pct").cast(pl.Float64) / 100,
        )
        # The West Bank and the Gaza Strip print the same figures: one row for Palestine.
        table = table.filter(pl.col("partner").is_not_null()).unique(maintain_order=True)
        shares = [
            table.filter(pl.col("flow") == flow).drop("flow").rename({"share": f"{flow}_share"})
            for flow in ("exports", "imports")
        ]
        return shares[0].join(shares[1], on=["state", "partner", "year"], how="full", coalesce=True)


def gec_ids(codes: pl.Series) -> pl.Series:
    """Return ids for GEC codes (Geopolitical Entities and Codes, successor of FIPS 10-4)."""
    text = package_files("multivector").joinpath("data", "partners", "gec.csv").read_bytes()
    ids = dict(pl.read_csv(text, infer_schema=False).iter_rows())
    strange = sorted(set(codes) - set(ids))
    raise_all("Unknown economies", [UnknownName("GEC code", code, ids) for code in strange])
    return codes.replace_strict(ids)


def _partners(names: pl.Series) -> pl.Series:
    """Return ids for the names of partners, null for regions; scraps of markup are cut off."""
    clean = names.str.replace(r"^.*>", "").map_elements(html.unescape, return_dtype=pl.String)
    unique = clean.unique()
    plain = unique.filter(~unique.is_in([*SPELLINGS, *REGIONS]))
    ids = dict(zip(plain, resolve_names(plain), strict=True))
    return clean.replace_strict(
        {**ids, **SPELLINGS, **dict.fromkeys(REGIONS)}, return_dtype=pl.String
    )
