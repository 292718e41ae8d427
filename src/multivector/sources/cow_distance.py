"""Minimum distance of states 1886–2019, computed from the borders of CShapes 2.0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation
from multivector.source import Source
from multivector.sources._ties import COW_DYAD_YEAR, needs, table, unseen, whole
from multivector.store import File
from multivector.variable import Coverage, Variable, span


@dataclass(frozen=True)
class MinimumDistance(Source):
    """Shortest distance between the territories of two states on 1 January, in kilometres.

    ``minimum_distance_km`` is 0 for states whose polygons in CShapes touch, which is not the same
    as contiguity in the Correlates of War data. A state that entered during the year has no
    value yet. Years before 1886 and after 2019 are missing.

    References
    ----------
    Schvitz, G., Girardin, L., Rüegger, S., Weidmann, N. B., Cederman, L.-E. and Gleditsch, K. S.
    (2022). Mapping the International System, 1886-2019: The CShapes 2.0 Dataset. Journal of
    Conflict Resolution 66(1):144-161. doi:10.1177/00220027211013563

    Examples
    --------
    >>> MinimumDistance.variables[0].unit
    'km'
    """

    name: ClassVar = "cow_distance"
    title: ClassVar = "Minimum distance of COW states (CShapes)"
    producer: ClassVar = "CShapes (ETH Zürich); dyad-years by S. Miller"
    version: ClassVar = "CShapes 2.0"
    homepage: ClassVar = "https://icr.ethz.ch/data/cshapes/"
    licence: ClassVar = unseen("CShapes", "https://icr.ethz.ch/data/cshapes/")
    citation: ClassVar = Citation(
        "schvitz2022",
        "article",
        "Schvitz, Guy and Girardin, Luc and Rüegger, Seraina and Weidmann, Nils B. and Cederman, "
        "Lars-Erik and Gleditsch, Kristian Skrede",
        "Mapping the International System, 1886-2019: The CShapes 2.0 Dataset",
        2022,
        "Journal of Conflict Resolution 66(1):144-161",
        doi="10.1177/00220027211013563",
    )
    key: ClassVar = COW_DYAD_YEAR
    variables: ClassVar = (
        Variable(
            "minimum_distance_km",
            "Shortest distance of the territories on 1 January",
            "km",
            Coverage(span(1886, 2019)),
            range=(0, 20_100),
        ),
    )
    files: ClassVar = (
        File(
            "cow_mindist.parquet",
            "dyad copy",
            how="Undirected dyad-years that S. Miller's peacesciencer (cow_mindist) computed with "
            "the package cshapes, saved as Parquet.",
        ),
    )
    without_facts: ClassVar = "No figure is printed for this release of the computed distances."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per unordered pair and year."""
        frame = needs(table(paths[0]), paths[0], "ccode1", "ccode2", "year", "mindist")
        one, two = whole("ccode1"), whole("ccode2")
        return frame.select(
            pl.min_horizontal(one, two).alias("state"),
            pl.max_horizontal(one, two).alias("partner"),
            whole("year"),
            pl.col("mindist").cast(pl.Float64).alias("minimum_distance_km"),
        )
