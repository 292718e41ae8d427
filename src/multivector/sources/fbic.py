"""Formal Bilateral Influence Capacity: what one state could use to influence another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.sources._reported import Covering, columns_of
from multivector.states import resolve_codes
from multivector.store import File
from multivector.variable import DIRECTED_DYAD_YEAR, Coverage, Variable, span

OFFICIAL, TWO = "fbic csv", "china and russia"
COVERAGE = Coverage(span(1960, 2020))
FIELDS = {
    "fbic": ("fbic", "Formal bilateral influence capacity, bandwidth × dependence"),
    "economic_bandwidth": ("economicbandwidth", "Volume of economic ties"),
    "economic_dependence": ("economicdependence", "Dependence of the partner on economic ties"),
    "political_bandwidth": ("politicalbandwidth", "Volume of political ties"),
    "security_bandwidth": ("securitybandwidth", "Volume of security ties"),
    "security_dependence": ("securitydependence", "Dependence of the partner on security ties"),
}
SHORT = {
    "fbic": "fbic",
    "economic_bandwidth": "econb",
    "economic_dependence": "econd",
    "political_bandwidth": "polb",
    "security_bandwidth": "secb",
    "security_dependence": "secd",
}
POWERS = {"chn": "CHN", "rus": "RUS"}


@dataclass(frozen=True)
class Fbic(Covering):
    """Capacity of each state to influence each other state, and its parts.

    ``fbic`` is the index of ``state``'s formal capacity to influence ``partner`` in ``year``: the
    volume of their ties (bandwidth) times ``partner``'s dependence on them. The parts are the
    producer's sub-indices. All ≥ 0, without unit; parts may exceed 1. Direction matters: the row
    (CHN, KAZ) is China's capacity toward Kazakhstan. A blank is missing.

    References
    ----------
    Moyer, J. D. et al. (2021). China-US Competition: Measuring Global Influence. Atlantic Council
    and Frederick S. Pardee Center for International Futures.

    Examples
    --------
    >>> Fbic.variables[0].name
    'fbic'
    """

    without_facts: ClassVar = (
        "No printed score of a named pair and year was found; the tests rest on rows made by "
        "hand and on the copy's own columns."
    )
    name: ClassVar = "fbic"
    title: ClassVar = "Formal Bilateral Influence Capacity (FBIC)"
    producer: ClassVar = "Frederick S. Pardee Institute for International Futures"
    version: ClassVar = "as downloaded by the user"
    versions: ClassVar = {TWO: "release of 2021 or later, to 2020, China and Russia only"}
    homepage: ClassVar = "https://korbel.du.edu/fbic"
    licence: ClassVar = Licence(
        "not stated",
        "https://korbel.du.edu/fbic",
        redistribute_raw=False,
        redistribute_derived=False,
        quote="The publisher's terms were not seen.",
    )
    citation: ClassVar = Citation(
        "moyer2021",
        "techreport",
        "Moyer, Jonathan D. and Meisel, Collin J. and Matthews, Austin S. and Bohl, David K. and "
        "Burrows, Mathew J.",
        "China-US Competition: Measuring Global Influence",
        2021,
        "Atlantic Council and Frederick S. Pardee Center for International Futures",
    )
    key: ClassVar = DIRECTED_DYAD_YEAR
    variables: ClassVar = tuple(
        Variable(name, label, "index", COVERAGE, range=(0, None))
        for name, (_, label) in FIELDS.items()
    )
    files: ClassVar = (
        File(
            "FBIC*.csv",
            OFFICIAL,
            how="https://korbel.du.edu/fbic, the full data set: iso3a, iso3b, year, fbic, "
            "economicbandwidth and so on; country a influences country b",
            seen_real=False,
        ),
        File(
            "fbic_china_russia.csv",
            TWO,
            how="Influence of China and Russia only: iso3, receiver, year and columns econb_chn to "
            "fbic_rus",
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return influencer, influenced, year, the index and its parts."""
        table = pl.read_csv(paths[0], infer_schema=False)
        year = pl.col("year").cast(pl.Int32)
        if layout == OFFICIAL:
            theirs = [column for column, _ in FIELDS.values()]
            columns_of(table, ["iso3a", "iso3b", "year", *theirs], paths[0].name, layout)
            table = table.select(
                year,
                state="iso3a",
                partner="iso3b",
                **{name: _number(column) for name, (column, _) in FIELDS.items()},
            )
        else:
            both = [f"{c}_{power}" for c in SHORT.values() for power in POWERS]
            columns_of(table, ["iso3", "year", *both], paths[0].name, layout)
            table = pl.concat(
                table.select(
                    year,
                    state=pl.lit(ours),
                    partner="iso3",
                    **{name: _number(f"{column}_{power}") for name, column in SHORT.items()},
                )
                for power, ours in POWERS.items()
            )
        return table.with_columns(
            _ids(table["state"], table["year"]), _ids(table["partner"], table["year"])
        )


def _number(column: str) -> pl.Expr:
    return pl.col(column).replace(["", "NA"], None).cast(pl.Float64)


def _ids(codes: pl.Series, years: pl.Series) -> pl.Series:
    """Return ids; FBIC codes a predecessor's years by today's state, which keeps its code."""
    unique = codes.unique()
    found = dict(zip(unique, resolve_codes(unique, int(str(years.max())), "iso3"), strict=True))
    return codes.replace_strict(found).alias(codes.name)
