"""Made-up tables of trade, reports, GDP, distances and positions, as steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from multivector.estimate import Estimate
from multivector.origin import CC0, Origin
from multivector.panel import Panel
from multivector.step import Inputs, Step
from multivector.variable import (
    DIRECTED_DYAD_YEAR,
    REPORTED_DYAD_YEAR,
    STATE_YEAR,
    Coverage,
    Defect,
    Key,
    Variable,
    span,
)

Rows = tuple[tuple[str, str, int, float], ...]
DYAD = {"state": pl.String, "partner": pl.String, "year": pl.Int64}


def origin(name: str) -> Origin:
    return Origin(name, f"Toy {name}", "test", "1", CC0)


@dataclass(frozen=True)
class Exports(Step[Panel]):
    """Exports by exporter, importer and year."""

    rows: Rows
    states: tuple[str, ...] = ()
    unit: str = "thousand current USD"
    defect: tuple[str, str, int] = ("", "", 0)

    def compute(self, get: Inputs) -> Panel:
        years = span(min(r[2] for r in self.rows), max(r[2] for r in self.rows))
        cover = Coverage(years, self.states or None, "either" if self.states else "both")
        a, b, year = self.defect
        wrong = (Defect((a, b), (year,), "Half is missing."),) if a else ()
        variable = Variable(
            "exports_kusd", "Exports", self.unit, cover, defects=wrong, origins=(origin("trade"),)
        )
        frame = pl.DataFrame(list(self.rows), {**DYAD, "exports_kusd": pl.Float64}, orient="row")
        return Panel(frame, DIRECTED_DYAD_YEAR, (variable,))


@dataclass(frozen=True)
class Reports(Step[Panel]):
    """Exports and imports by reporter, partner and year, in million USD; −1 = not reported."""

    rows: tuple[tuple[str, str, int, float, float], ...]
    years: tuple[int, int] = (2000, 2000)
    copied: tuple[tuple[str, str], ...] = ()
    defect: tuple[str, str, int] = ("", "", 0)
    reporters: tuple[str, ...] = ()

    def compute(self, get: Inputs) -> Panel:
        cover = Coverage(span(*self.years), self.reporters or None, "either")
        a, b, year = self.defect
        wrong = (Defect((a, b), (year,), "Half is missing.", directed=True),) if a else ()
        names = ("exports_fob_musd", "imports_cif_musd")
        marks = ("exports_mirrored", "imports_mirrored")
        frame = pl.DataFrame(
            [(*r[:3], *(None if v < 0 else v for v in r[3:])) for r in self.rows],
            {**DYAD, **dict.fromkeys(names, pl.Float64)},
            orient="row",
        ).with_columns(
            pl.struct("state", "partner")
            .map_elements(lambda p: int((p["state"], p["partner"]) in self.copied), pl.Int8)
            .alias(mark)
            for mark in marks
        )
        money = [
            Variable(
                n, n, "million current USD", cover, defects=wrong, origins=(origin("reports"),)
            )
            for n in names
        ]
        flags = [Variable(m, m, "flag", cover, range=(0, 1)) for m in marks]
        return Panel(frame, REPORTED_DYAD_YEAR, (*money, *flags))


@dataclass(frozen=True)
class Sizes(Step[Panel]):
    """GDP by state and year, or totals with exports and imports."""

    rows: tuple[tuple[str, int, float], ...]

    def compute(self, get: Inputs) -> Panel:
        years = span(min(r[1] for r in self.rows), max(r[1] for r in self.rows))
        gdp = Variable("gdp_usd", "GDP", "current USD", Coverage(years), origins=(origin("gdp"),))
        schema = {"state": pl.String, "year": pl.Int64, "gdp_usd": pl.Float64}
        return Panel(pl.DataFrame(list(self.rows), schema, orient="row"), STATE_YEAR, (gdp,))


@dataclass(frozen=True)
class Totals(Step[Panel]):
    """Exports and imports of all goods by state and year, in thousand USD."""

    rows: tuple[tuple[str, int, float, float], ...]

    def compute(self, get: Inputs) -> Panel:
        years = span(min(r[1] for r in self.rows), max(r[1] for r in self.rows))
        names = ("exports_world_kusd", "imports_world_kusd")
        variables = tuple(
            Variable(n, n, "thousand current USD", Coverage(years), origins=(origin("totals"),))
            for n in names
        )
        schema = {"state": pl.String, "year": pl.Int64, **dict.fromkeys(names, pl.Float64)}
        return Panel(pl.DataFrame(list(self.rows), schema, orient="row"), STATE_YEAR, variables)


@dataclass(frozen=True)
class Space(Step[Panel]):
    """Distance in km and border by ordered pair."""

    rows: tuple[tuple[str, str, float, int], ...]

    def compute(self, get: Inputs) -> Panel:
        frame = pl.DataFrame(
            list(self.rows),
            {"state": pl.String, "partner": pl.String, "dist_km": pl.Float64, "contig": pl.Int8},
            orient="row",
        )
        always = Coverage(())
        variables = (
            Variable("dist_km", "Distance", "km", always, origins=(origin("space"),)),
            Variable("contig", "Border", "flag", always, range=(0, 1)),
        )
        return Panel(frame, Key("directed dyad", ("state", "partner")), variables)


@dataclass(frozen=True)
class Positions(Step[Estimate]):
    """Positions of states by year, with draws a unit apart."""

    rows: tuple[tuple[str, int, float], ...]
    draws: int = 3

    def compute(self, get: Inputs) -> Estimate:
        cells = pl.DataFrame(
            [r[:2] for r in self.rows], {"state": pl.String, "year": pl.Int64}, orient="row"
        )
        values = np.array([[r[2]] * self.draws for r in self.rows]) * np.arange(1, self.draws + 1)
        return Estimate(
            cells, values, "Toy position", "position", "posterior", "toy", origins=(origin("p"),)
        )
