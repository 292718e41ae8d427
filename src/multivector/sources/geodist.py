"""CEPII GeoDist: distances and common features of pairs of economies, vintage 2011."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from multivector.errors import SchemaError
from multivector.origin import Citation, Licence
from multivector.source import Source
from multivector.sources._reported import columns_of, old_sheet
from multivector.states import resolve_codes
from multivector.store import File
from multivector.variable import STATE, Coverage, Key, Variable

ZIP, XLS = "dist zip", "geo xls"
ALWAYS = Coverage(())
CODES = {"PAL": "PSE", "ROM": "ROU", "TMP": "TLS", "YUG": "SCG", "ZAR": "COD"}
"""Codes of GeoDist that ISO 3166 has replaced: Palestine, Romania, East Timor,
Serbia and Montenegro (102,173 km² in the file), Zaire."""
FLAGS = {
    "contig": "Whether the two share a border",
    "comlang_off": "Whether the two share an official language",
    "comlang_ethno": "Whether at least 9 % of both populations speak a common language",
    "colony": "Whether one was ever a colony of the other",
    "comcol": "Whether the two had a common colonizer after 1945",
    "curcol": "Whether one is a colony of the other now",
    "col45": "Whether one was a colony of the other after 1945",
    "smctry": "Whether the two were or are one country",
}
DISTANCES = {
    "dist": ("dist_km", "Distance of the most populous cities"),
    "distcap": ("distcap_km", "Distance of the capitals"),
    "distw": ("distw_km", "Distance of the main cities, weighted by population (mean, θ = 1)"),
    "distwces": ("distwces_km", "Distance of the main cities, weighted by population (θ = −1)"),
}
LICENCE = Licence(
    "Etalab 2.0",
    "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    redistribute_raw=True,
    quote="Not seen on the page of GeoDist. Of its database BACI CEPII writes: 'distributed under "
    "the Etalab Open Licence 2.0, which means that any use is authorized, provided the source is "
    "mentionned'.",
)
CITATION = Citation(
    "mayer2011",
    "techreport",
    "Mayer, Thierry and Zignago, Soledad",
    "Notes on CEPII's distances measures: The GeoDist database",
    2011,
    "CEPII Working Paper 2011-25",
    url="https://www.cepii.fr/CEPII/en/publications/wp/abstract.asp?NoDoc=3877",
)


@dataclass(frozen=True)
class GeoDist(Source):
    """Distances between economies, and the border, language and colonial past that they share.

    ``dist_km`` is the great-circle distance between the most populous cities of ``state`` and
    ``partner``, ``distcap_km`` that between their capitals; ``distw_km`` and ``distwces_km`` are
    means over the main cities of both, weighted by population, d = (Σ_k Σ_l w_k w_l d_kl^θ)^(1/θ)
    with θ = 1 and θ = −1. All in km, > 0; the distance of an economy to itself is its internal
    distance. The weighted ones are missing where the cities are not known. The other columns are
    1 or 0.

    Time plays no part: the world is that of about 2004, published in 2011. Serbia and Montenegro
    are one (``SCG``), and so are Sudan and South Sudan; Kosovo is not there. Belgium and Luxembourg
    are apart.

    References
    ----------
    Mayer, T. and Zignago, S. (2011). Notes on CEPII's distances measures: The GeoDist database.
    CEPII Working Paper 2011-25.

    Examples
    --------
    >>> GeoDist.key.columns
    ('state', 'partner')
    """

    without_facts: ClassVar = (
        "The documentation prints no distance of a named pair; the tests compute great-circle "
        "distances from the coordinates."
    )
    name: ClassVar = "geodist"
    title: ClassVar = "GeoDist, pairs"
    producer: ClassVar = "Centre d'études prospectives et d'informations internationales (CEPII)"
    version: ClassVar = "2011"
    homepage: ClassVar = "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=6"
    licence: ClassVar = LICENCE
    citation: ClassVar = CITATION
    key: ClassVar = Key("directed dyad", ("state", "partner"))
    variables: ClassVar = (
        *(Variable(name, label, "flag", ALWAYS, range=(0, 1)) for name, label in FLAGS.items()),
        *(
            Variable(name, label, "km", ALWAYS, range=(0, None))
            for name, label in DISTANCES.values()
        ),
    )
    files: ClassVar = (
        File(
            "dist_cepii.zip",
            ZIP,
            how="https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=6, Bilateral "
            "data, dist_cepii.zip with dist_cepii.xls",
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return both economies, the common features and the distances."""
        table = _table(old_sheet(_unzipped(paths[0], "dist_cepii.xls")))
        columns_of(table, ["iso_o", "iso_d", *FLAGS, *DISTANCES], paths[0].name, layout)
        return table.select(
            state=_ids(table["iso_o"]),
            partner=_ids(table["iso_d"]),
            **{name: pl.col(name).cast(pl.Float64).cast(pl.Int8) for name in FLAGS},
            **{ours: _known(theirs) for theirs, (ours, _) in DISTANCES.items()},
        )


@dataclass(frozen=True)
class GeoCountries(Source):
    """Area and access to the sea of each economy.

    ``area_km2`` is the area of ``state`` in km², > 0, and ``landlocked`` is 1 if it has no coast
    on an ocean (the Caspian does not count), else 0. ``internal_km`` is the mean distance between
    producers and consumers inside, ⅔ √(area/π). The vintage is that of about 2004.

    References
    ----------
    Mayer, T. and Zignago, S. (2011). Notes on CEPII's distances measures: The GeoDist database.
    CEPII Working Paper 2011-25.

    Examples
    --------
    >>> [v.name for v in GeoCountries.variables]
    ['area_km2', 'internal_km', 'landlocked']
    """

    without_facts: ClassVar = (
        "The documentation prints no coordinate of a named capital; the tests rest on "
        "distances computed from them."
    )
    name: ClassVar = "geodist_countries"
    title: ClassVar = "GeoDist, economies"
    producer: ClassVar = GeoDist.producer
    version: ClassVar = "2011"
    homepage: ClassVar = GeoDist.homepage
    licence: ClassVar = LICENCE
    citation: ClassVar = CITATION
    key: ClassVar = STATE
    variables: ClassVar = (
        Variable("area_km2", "Area", "km²", ALWAYS, range=(0, None)),
        Variable("internal_km", "Internal distance", "km", ALWAYS, range=(0, None)),
        Variable("landlocked", "Whether without a coast", "flag", ALWAYS, range=(0, 1)),
    )
    files: ClassVar = (
        File(
            "geo_cepii.xls",
            XLS,
            how="https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=6, Country "
            "specific data, geo_cepii.xls",
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row an economy; the file has one for each of its two main cities."""
        table = _table(old_sheet(paths[0].read_bytes()))
        columns_of(table, ["iso3", "area", "dis_int", "landlocked"], paths[0].name, layout)
        return table.select(
            state=_ids(table["iso3"]),
            area_km2=_known("area"),
            internal_km=_known("dis_int"),
            landlocked=pl.col("landlocked").cast(pl.Float64).cast(pl.Int8),
        ).unique(maintain_order=True)


def _unzipped(path: Path, member: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        inside = [m for m in archive.namelist() if Path(m).name == member]
        if len(inside) != 1:
            raise SchemaError(
                f"{path.name} holds {', '.join(archive.namelist())}.",
                f"CEPII's zip holds {member}.",
                "Put the zip as CEPII publishes it.",
            )
        return archive.read(inside[0])


def _table(sheet: Any) -> pl.DataFrame:
    """Return an xls sheet as a table of text, its first row as heading."""
    columns = {
        str(sheet.cell_value(0, j)): [str(v) for v in sheet.col_values(j, 1)]
        for j in range(sheet.ncols)
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def _known(column: str) -> pl.Expr:
    """Return the numbers of a column in which '.' is missing."""
    return pl.col(column).replace([".", ""], None).cast(pl.Float64)


def _ids(codes: pl.Series) -> pl.Series:
    plain = codes.replace(CODES)
    unique = plain.unique()
    return plain.replace_strict(dict(zip(unique, resolve_codes(unique, None, "iso3"), strict=True)))
