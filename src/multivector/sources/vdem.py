"""Varieties of Democracy 15: high-level indices and components of democracy with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector import states
from multivector.origin import CC_BY_SA_4, Citation
from multivector.source import Source
from multivector.sources._ties import needs, table
from multivector.store import File
from multivector.variable import STATE_YEAR, Coverage, Variable, span

COVERAGE = Coverage(span(1900, 2024))
INDICES = {
    "polyarchy": ("v2x_polyarchy", "Electoral democracy index"),
    "liberal": ("v2x_libdem", "Liberal democracy index"),
    "participatory": ("v2x_partipdem", "Participatory democracy index"),
    "deliberative": ("v2x_delibdem", "Deliberative democracy index"),
    "egalitarian": ("v2x_egaldem", "Egalitarian democracy index"),
}
COMPONENTS = {
    "media": ("v2x_freexp_altinf", "Freedom of expression and alternative sources of information"),
    "elections": ("v2xel_frefair", "Clean elections index"),
    "association": ("v2x_frassoc_thick", "Freedom of association index"),
    "parties": ("v2xps_party", "Party institutionalization index"),
    "civil_society": ("v2xcs_ccsi", "Core civil society index"),
}
"""Our name, V-Dem's column and V-Dem's title; media, elections, parties and civil society."""
_CODES = {"VDR": "RVN", "ZZB": "ZAN"}
"""V-Dem's text ids that are not ours: Republic of Vietnam, Zanzibar. West Bank (PSB) and Gaza
(PSG), which V-Dem codes apart, are parts of a state of ours and are left out."""
TERMS = replace(
    CC_BY_SA_4,
    quote="The publisher's sentence was not seen. Our World in Data's record of the same release "
    "says 'license: name: CC BY 4.0'; the stricter CC BY-SA 4.0 is kept to here.",
)


def _variables(names: Mapping[str, tuple[str, str]]) -> tuple[Variable, ...]:
    made: list[Variable] = []
    for name, (_, label) in names.items():
        for suffix, more in (("", ""), ("_low", ", lower bound"), ("_high", ", upper bound")):
            made.append(
                Variable(f"{name}{suffix}", label + more, "index 0–1", COVERAGE, range=(0, 1))
            )
    return tuple(made)


def _read(path: Path, names: Mapping[str, tuple[str, str]]) -> pl.DataFrame:
    columns = [c for c, _ in names.values()]
    theirs = [f"{c}{s}" for c in columns for s in ("", "_codelow", "_codehigh")]
    frame = needs(table(path), path, "country_text_id", "year", *theirs)
    known = [*states.all_states(territories=True)]
    return (
        frame.filter(pl.col("year").cast(pl.Int64) >= COVERAGE.years[0])
        .select(
            pl.col("country_text_id").replace(_CODES).alias("state"),
            pl.col("year").cast(pl.Int64),
            *(
                pl.col(f"{column}{s}").cast(pl.Float64).alias(f"{name}{ours}")
                for name, (column, _) in names.items()
                for s, ours in (("", ""), ("_codelow", "_low"), ("_codehigh", "_high"))
            ),
        )
        .filter(pl.col("state").is_in(known))
    )


@dataclass(frozen=True)
class _Vdem(Source):
    producer: ClassVar = "V-Dem Institute, University of Gothenburg"
    version: ClassVar = "15 (March 2025)"
    homepage: ClassVar = "https://v-dem.net/data/the-v-dem-dataset/"
    licence: ClassVar = TERMS
    citation: ClassVar = Citation(
        "coppedge2025",
        "misc",
        "Coppedge, Michael and Gerring, John and Knutsen, Carl Henrik and Lindberg, Staffan I. and "
        "Teorell, Jan and Altman, David",
        "V-Dem Country-Year Dataset v15",
        2025,
        "Varieties of Democracy (V-Dem) Project",
        doi="10.23696/vdemds25",
    )
    key: ClassVar = STATE_YEAR
    notes: ClassVar = (
        "Bounds demarcate V-Dem's interval of about one standard deviation (68 per cent) on "
        "either side. V-Dem re-estimates the whole series each year: never mix releases."
    )
    without_facts: ClassVar = (
        "No printed value of version 15 was at hand; the tests check bounds, gaps and codes."
    )


@dataclass(frozen=True)
class Vdem(_Vdem):
    """Five high-level indices of democracy with V-Dem's intervals, 1900 to 2024.

    Each index lies between 0 and 1; ``_low`` and ``_high`` are V-Dem's bounds (codelow and
    codehigh, the interval that holds 68 per cent of the posterior), not a 90 per cent interval.
    The indices overlap by construction (all contain the electoral one) and are not added up. An
    index that V-Dem does not give for a year is missing.

    References
    ----------
    Pemstein, D., Marquardt, K. L., Tzelgov, E. and others (2025). The V-Dem Measurement Model.
    V-Dem Working Paper 21. University of Gothenburg.

    Examples
    --------
    >>> [v.name for v in Vdem.variables][:3]
    ['polyarchy', 'polyarchy_low', 'polyarchy_high']
    """

    name: ClassVar = "vdem"
    title: ClassVar = "V-Dem, indices of democracy"
    variables: ClassVar = _variables(INDICES)
    files: ClassVar = (
        File(
            "V-Dem-CY-Core-v15*.csv",
            "country-years",
            how="Offered on https://v-dem.net/data/the-v-dem-dataset/ (Country-Year: V-Dem Core).",
            seen_real=False,
        ),
        File(
            "vdem_core_indices_1900_2024.parquet",
            "copy",
            how="High-level indices from X. Márquez's democracyData package, saved as Parquet.",
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and year."""
        return _read(paths[0], INDICES)


@dataclass(frozen=True)
class VdemComponents(_Vdem):
    """Components of democracy with V-Dem's intervals: media, elections, parties, civil society.

    Indices between 0 and 1 with V-Dem's bounds, as in :class:`Vdem`. They are in V-Dem's own file
    only, so the user feeds it.

    Examples
    --------
    >>> "civil_society" in [v.name for v in VdemComponents.variables]
    True
    """

    name: ClassVar = "vdem_components"
    title: ClassVar = "V-Dem, components of democracy"
    variables: ClassVar = _variables(COMPONENTS)
    files: ClassVar = (
        File(
            "V-Dem-CY-Core-v15*.csv",
            "country-years",
            how="Offered on https://v-dem.net/data/the-v-dem-dataset/ (Country-Year: V-Dem Core).",
            seen_real=False,
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and year."""
        return _read(paths[0], COMPONENTS)
