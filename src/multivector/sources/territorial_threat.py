"""Latent external territorial threat of states, 1816–2010, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation
from multivector.source import Source
from multivector.sources._ties import COW_STATE_YEAR, needs, table, unseen, whole
from multivector.store import File
from multivector.variable import Coverage, Variable, span

COVERAGE = Coverage(span(1816, 2010))
_PARTS = {
    "": "posterior mean",
    "_sd": "posterior standard deviation",
    "_low": "lower bound",
    "_high": "upper bound",
}


@dataclass(frozen=True)
class TerritorialThreat(Source):
    """Latent external territorial threat to each state, as a posterior mean with its interval.

    ``threat`` is the mean of a dynamic measurement model over territorial disputes and claims
    around the state, on a latent scale (0 is the average state-year of the estimation, higher is
    more threat), with standard deviation and the producer's lower and upper bound. The columns
    ``threat_m`` are the producer's second estimate (``m_lterrthreat``), which is missing for many
    early state-years. A missing state-year was not estimated.

    References
    ----------
    Miller, S. V. (2022). A Random Item Response Model of External Territorial Threat, 1816-2010.
    Journal of Global Security Studies 7(4):ogac012.

    Examples
    --------
    >>> [v.name for v in TerritorialThreat.variables][:4]
    ['threat', 'threat_sd', 'threat_low', 'threat_high']
    """

    name: ClassVar = "territorial_threat"
    title: ClassVar = "External territorial threat"
    producer: ClassVar = "Steven V. Miller"
    version: ClassVar = "data of the article of 2022"
    homepage: ClassVar = "https://doi.org/10.1093/jogss/ogac012"
    licence: ClassVar = unseen("Replication data, citation", homepage)
    citation: ClassVar = Citation(
        "miller2022threat",
        "article",
        "Miller, Steven V.",
        "A Random Item Response Model of External Territorial Threat, 1816-2010",
        2022,
        "Journal of Global Security Studies 7(4):ogac012",
        doi="10.1093/jogss/ogac012",
    )
    key: ClassVar = COW_STATE_YEAR
    variables: ClassVar = tuple(
        Variable(f"{name}{part}", f"{label}: {what}", "latent scale", COVERAGE)
        for name, label in (
            ("threat", "External territorial threat"),
            ("threat_m", "External territorial threat, the producer's variant 'm'"),
        )
        for part, what in _PARTS.items()
    )
    files: ClassVar = (
        File(
            "terrthreat.parquet",
            "table copy",
            how="The table as S. Miller's peacesciencer distributes it (terrthreat), saved as "
            "Parquet.",
        ),
    )

    without_facts: ClassVar = (
        "The estimates are printed as graphs; no figure was found to reproduce."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and year."""
        frame = needs(table(paths[0]), paths[0], "ccode", "year", "lterrthreat", "m_lterrthreat")
        columns = ["lterrthreat", "sd", "lwr", "upr", "m_lterrthreat", "m_sd", "m_lwr", "m_upr"]
        return frame.select(
            whole("ccode").alias("state"),
            whole("year"),
            *(
                pl.col(theirs).cast(pl.Float64).alias(v.name)
                for theirs, v in zip(columns, self.variables, strict=True)
            ),
        )
