"""Ethnic and religious fractionalization of states, by year: CREG and HIEF, 1945 to 2013."""

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

COVERAGE = Coverage(span(1945, 2013))
CREG_WEB = "https://clinecenter.illinois.edu/project/Religious-Ethnic-Identity/composition-religious-and-ethnic-groups-creg-project"
HIEF_WEB = "https://doi.org/10.7910/DVN/4JQRCL"
CREG = {
    "ethfrac": ("ethnic_fractionalization", "Ethnic fractionalization"),
    "ethpol": ("ethnic_polarization", "Ethnic polarization"),
    "relfrac": ("religious_fractionalization", "Religious fractionalization"),
    "relpol": ("religious_polarization", "Religious polarization"),
}
_COPY = "The table {} of S. Miller's peacesciencer, saved as Parquet."
_UNSAID = "No printed value of the release was at hand; the tests check bounds and repeated rows."


@dataclass(frozen=True)
class Creg(Source):
    """Ethnic and religious fractionalization and polarization, by state and year.

    Fractionalization is F = 1 − Σ p_g², the probability that two residents drawn at random belong
    to different groups; polarization is P = 4 Σ p_g² (1 − p_g), largest with two groups of equal
    size; both from 0 to 1, with p_g the shares of groups that CREG estimates. The shares themselves
    are not in the table. Rows without any value are left out. States bear COW numbers; a state-year
    that the table gives twice with different values (two units that COW counts as one) is missing.

    References
    ----------
    Nardulli, P. F., Wong, C. J., Singh, A., Peyton, B. and Bajjalieh, J. (2012). The Composition of
    Religious and Ethnic Groups (CREG) Project. Cline Center for Democracy.

    Examples
    --------
    >>> Creg.variables[0].range
    (0, 1)
    """

    name: ClassVar = "creg"
    title: ClassVar = "CREG, ethnic and religious fractionalization"
    producer: ClassVar = "Cline Center, University of Illinois"
    version: ClassVar = "1945 to 2013, as peacesciencer distributes it"
    homepage: ClassVar = CREG_WEB
    licence: ClassVar = unseen("CREG, citation; terms not seen", CREG_WEB)
    citation: ClassVar = Citation(
        "nardulli2012",
        "techreport",
        "Nardulli, Peter F. and Wong, Cara J. and Singh, Ajay and Peyton, Buddy and "
        "Bajjalieh, Joseph",
        "The Composition of Religious and Ethnic Groups (CREG) Project",
        2012,
        "Cline Center for Democracy, University of Illinois",
        url=CREG_WEB,
    )
    key: ClassVar = COW_STATE_YEAR
    variables: ClassVar = tuple(
        Variable(name, label, "index 0–1", COVERAGE, range=(0, 1)) for name, label in CREG.values()
    )
    files: ClassVar = (File("creg.parquet", "copy", how=_COPY.format("creg")),)
    without_facts: ClassVar = _UNSAID

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and year."""
        frame = needs(table(paths[0]), paths[0], "ccode", "year", *CREG)
        values = [pl.col(c).cast(pl.Float64).alias(name) for c, (name, _) in CREG.items()]
        return _once(frame.select(whole("ccode").alias("state"), whole("year"), *values))


@dataclass(frozen=True)
class Hief(Source):
    """Historical index of ethnic fractionalization, by state and year.

    EF = 1 − Σ p_g², from 0 to 1, with p_g the shares of ethnic groups: the probability that two
    residents drawn at random belong to different groups. States bear COW numbers.

    References
    ----------
    Drazanova, L. (2020). Introducing the Historical Index of Ethnic Fractionalization (HIEF)
    Dataset. Journal of Open Humanities Data 6:6. doi:10.5334/johd.16

    Examples
    --------
    >>> Hief.key.system
    'cow'
    """

    name: ClassVar = "hief"
    title: ClassVar = "HIEF, ethnic fractionalization"
    producer: ClassVar = "Lenka Drazanova"
    version: ClassVar = "1945 to 2013, as peacesciencer distributes it"
    homepage: ClassVar = HIEF_WEB
    licence: ClassVar = unseen("HIEF, citation; terms not seen", HIEF_WEB)
    citation: ClassVar = Citation(
        "drazanova2020",
        "article",
        "Drazanova, Lenka",
        "Introducing the Historical Index of Ethnic Fractionalization (HIEF) Dataset: Accounting "
        "for Longitudinal Changes in Ethnic Diversity",
        2020,
        "Journal of Open Humanities Data 6:6",
        doi="10.5334/johd.16",
    )
    key: ClassVar = COW_STATE_YEAR
    variables: ClassVar = (
        Variable(
            "ethnic_fractionalization_index",
            "Ethnic fractionalization (HIEF)",
            "index 0–1",
            COVERAGE,
            range=(0, 1),
        ),
    )
    files: ClassVar = (File("hief.parquet", "copy", how=_COPY.format("hief")),)
    without_facts: ClassVar = _UNSAID

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and year."""
        frame = needs(table(paths[0]), paths[0], "ccode", "year", "efindex")
        value = pl.col("efindex").cast(pl.Float64).alias("ethnic_fractionalization_index")
        return _once(frame.select(whole("ccode").alias("state"), whole("year"), value))


def _once(frame: pl.DataFrame) -> pl.DataFrame:
    """Drop rows without a value, repeated rows, and cells that have two different rows."""
    values = [c for c in frame.columns if c not in ("state", "year")]
    some = frame.filter(pl.any_horizontal(pl.col(values).is_not_null()))
    return some.unique().filter(~pl.struct("state", "year").is_duplicated()).sort("state", "year")
