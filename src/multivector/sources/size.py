"""GDP and population of states 1816–2019, simulated from many sources by Fariss and others."""

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

COVERAGE = Coverage(span(1816, 2019))
_COLUMNS = {
    "mrgdppc": ("gdp_pc_intusd", "GDP per capita", "2011 international USD (PPP) per person"),
    "pwtrgdp": ("gdp_mintusd", "GDP", "million 2017 international USD (PPP)"),
    "pwtpop": ("population_m", "Population", "million persons"),
}


@dataclass(frozen=True)
class SimulatedSize(Source):
    """GDP, GDP per capita and population: means of simulations, with standard deviations.

    A latent-variable model joins many series of the past; what is given is the mean of its draws
    and, in the columns ending in ``_sd``, their standard deviation. GDP per capita is on the scale
    of the Maddison project (2011 prices), GDP and population on that of Penn World Table 10.0
    (2017 prices), so one does not follow from the other two. Missing where the original, made for
    the states of Gleditsch and Ward, has no such state.

    References
    ----------
    Fariss, C. J., Anders, T., Markowitz, J. N. and Barnum, M. (2022). New Estimates of Over 500
    Years of Historic GDP and Population Data. Journal of Conflict Resolution 66(3):553-591.
    doi:10.1177/00220027211054432

    Examples
    --------
    >>> [v.name for v in SimulatedSize.variables][:2]
    ['gdp_pc_intusd', 'gdp_pc_intusd_sd']
    """

    name: ClassVar = "size"
    title: ClassVar = "Simulated GDP and population of COW states"
    producer: ClassVar = "C. J. Fariss, T. Anders, J. N. Markowitz and M. Barnum"
    version: ClassVar = "2022, as in isard"
    homepage: ClassVar = "https://svmiller.com/isard/reference/cw_gdppop.html"
    licence: ClassVar = unseen("Fariss et al.", "https://doi.org/10.1177/00220027211054432")
    citation: ClassVar = Citation(
        "fariss2022",
        "article",
        "Fariss, Christopher J. and Anders, Therese and Markowitz, Jonathan N. and Barnum, Miriam",
        "New Estimates of Over 500 Years of Historic GDP and Population Data",
        2022,
        "Journal of Conflict Resolution 66(3):553-591",
        doi="10.1177/00220027211054432",
    )
    key: ClassVar = COW_STATE_YEAR
    variables: ClassVar = tuple(
        Variable(name + end, label + what, unit, COVERAGE, range=(0, None))
        for name, label, unit in _COLUMNS.values()
        for end, what in (("", ""), ("_sd", ", standard deviation"))
    )
    files: ClassVar = (
        File(
            "isard_cw_gdppop.parquet",
            "copy",
            how="Means and standard deviations for COW states that S. Miller's isard distributes "
            "(cw_gdppop), saved as Parquet.",
        ),
    )
    without_facts: ClassVar = (
        "Results of simulations; no figure of them is printed that could be compared."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and year."""
        frame = needs(table(paths[0]), paths[0], "ccode", "year", *_COLUMNS)
        return frame.select(
            whole("ccode").alias("state"),
            whole("year"),
            **{
                ours + end: pl.col(start + theirs).cast(pl.Float64)
                for theirs, (ours, _, _) in _COLUMNS.items()
                for start, end in (("", ""), ("sd_", "_sd"))
            },
        )
