"""Own tables: oil by export route and the states that it must cross, and all exports of oil."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import OWN, Citation
from multivector.sources._own_table import OwnTable, own_file
from multivector.variable import STATE_YEAR, Coverage, Key, Variable

COVERAGE = Coverage((2022, 2023), ("KAZ",), sides="either")
CITATION = Citation(
    "multivector_routes",
    "misc",
    "{The multivector authors}",
    "Export routes of oil, compiled from published figures",
    2026,
    "Table shipped with the package",
)
LICENCE = replace(OWN, quote="The quantities are facts, each with its source; the table is ours.")
WITHOUT_FACTS = (
    "The rows are the published numbers themselves, each with its own source; nothing is read "
    "that could differ from them."
)


@dataclass(frozen=True)
class TransitRoutes(OwnTable):
    """Crude oil and condensate by export route, and the states that each route runs through.

    ``oil_mt`` is the oil of ``state``'s own origin that left by ``route`` in ``year``, in million
    tonnes, ≥ 0. There is one row for each state (``partner``) beyond the border through which the
    route runs or in which it ends, each with the whole quantity, so rows of one partner may be
    added and rows of one route may not. ``source`` says who printed the figure. A route or year
    that is not there is missing: of 2023 the pipelines to Russia are not.

    References
    ----------
    Compiled for this package; see the column ``source``.

    Examples
    --------
    >>> TransitRoutes.key.columns
    ('state', 'partner', 'route', 'year')
    """

    name: ClassVar = "transit_routes"
    title: ClassVar = "Oil by export route"
    producer: ClassVar = "multivector"
    version: ClassVar = "table in the package"
    homepage: ClassVar = "https://www.cpc.ru/en/"
    licence: ClassVar = LICENCE
    without_facts: ClassVar = WITHOUT_FACTS
    citation: ClassVar = CITATION
    key: ClassVar = Key("transit route-year", ("state", "partner", "route", "year"))
    variables: ClassVar = (
        Variable("oil_mt", "Oil by this route", "million tonnes", COVERAGE, range=(0, None)),
        Variable("source", "Who printed the figure", "text", COVERAGE),
    )
    folder: ClassVar = "economy"
    files: ClassVar = own_file("transit_routes.csv", "economy")
    notes: ClassVar = (
        "Kazakhstan only. 2022 lacks rail (0.4 million tonnes); 2023 lacks the pipelines to Russia."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return state, state crossed, route, year, quantity and its source."""
        return pl.read_csv(paths[0], schema_overrides={"oil_mt": pl.Float64})


@dataclass(frozen=True)
class OilExports(OwnTable):
    """All exports of crude oil and condensate of a state.

    ``oil_exports_mt`` is what left ``state`` in ``year`` by all routes, in million tonnes, ≥ 0, the
    denominator for the routes. ``source`` says who printed the figure.

    References
    ----------
    Compiled for this package; see the column ``source``.

    Examples
    --------
    >>> OilExports.variables[0].unit
    'million tonnes'
    """

    name: ClassVar = "oil_exports"
    title: ClassVar = "Exports of oil"
    producer: ClassVar = "multivector"
    version: ClassVar = "table in the package"
    homepage: ClassVar = "https://www.gov.kz/memleket/entities/energo?lang=en"
    licence: ClassVar = LICENCE
    without_facts: ClassVar = WITHOUT_FACTS
    citation: ClassVar = CITATION
    key: ClassVar = STATE_YEAR
    variables: ClassVar = (
        Variable(
            "oil_exports_mt",
            "Exports of crude oil and condensate",
            "million tonnes",
            Coverage((2022, 2023), ("KAZ",)),
            range=(0, None),
        ),
        Variable("source", "Who printed the figure", "text", Coverage((2022, 2023), ("KAZ",))),
    )
    folder: ClassVar = "economy"
    files: ClassVar = own_file("oil_exports.csv", "economy")

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return state, year, quantity and its source."""
        return pl.read_csv(paths[0], schema_overrides={"oil_exports_mt": pl.Float64})
