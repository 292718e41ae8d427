"""Power shift: a state's or a bloc's share of the world in a quantity such as output."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, KeyMismatch, MultivectorError
from multivector.estimate import Estimate
from multivector.measures._tie import Years, code, covered
from multivector.measures.trade import overlaps
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Measure, Step

SINGER = Citation(
    "singer1972",
    "incollection",
    "Singer, J. David and Bremer, Stuart and Stuckey, John",
    "Capability Distribution, Uncertainty, and Major Power War, 1820-1965",
    1972,
    "Peace, War, and Numbers, 19-48, Sage",
)
LEAST_STATES = 100
"""Fewest states with a value, below which a year's sum is not called the world."""


@dataclass(frozen=True)
class WorldShare(Measure):
    """Share of a state or bloc in the world's total of a quantity, by year.

    x_i / Σ_k x_k over all states with a value in the year; 0 to 1. With output at market exchange
    rates it says who can pay, not who produces more. A bloc with a member without a value is
    missing, as is a year in which fewer than 100 states have one. Variables that are shares of the
    world already (CINC) are summed and not divided.

    Parameters
    ----------
    table
        A table of state-years.
    variable
        Its column; empty takes the first.

    Examples
    --------
    >>> WorldShare(actors=("CHN", "USA", "EU27_2020")).unit
    'share 0–1'
    """

    name: ClassVar[str] = "world_share"
    example: ClassVar = {"actors": ("CHN", "USA")}
    unit: ClassVar[str] = "share 0–1"
    citations: ClassVar[tuple[Citation, ...]] = (SINGER,)
    table: Step[Panel] = default_input("world_bank_gdp")
    _: KW_ONLY
    actors: tuple[Actor, ...]
    variable: str = ""
    years: Years | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse actors that overlap, and years that run backwards."""
        yield from overlaps(self.actors)
        if self.years is not None and self.years[0] > self.years[1]:
            yield InputError(f"years {self.years[0]}:{self.years[1]} runs backwards.")

    def compute(self, get: Inputs) -> Estimate:
        """Sum the world by year, then divide."""
        panel = get(self.table)
        if panel.key.columns != ("state", "year"):
            raise KeyMismatch(f"{panel.key} holds no state-years.")
        name = self.variable or panel.variables[0].name
        declared = panel.variable(name)
        years = covered(self.years, declared.coverage, declared.label)
        frame = panel.sound(name).frame.drop_nulls(name)
        known = {(s, y): float(v) for s, y, v in frame.select("state", "year", name).iter_rows()}
        totals = frame.group_by("year").agg(total=pl.col(name).sum(), n=pl.len())
        world = {y: float(t) for y, t, n in totals.iter_rows() if n >= LEAST_STATES}
        if declared.unit.startswith("share"):
            world = dict.fromkeys(world, 1.0)
        rows: list[tuple[str, int]] = []
        values: list[float] = []
        for actor in self.actors:
            for year in years:
                parts = states.members(actor, year) if states.is_group(actor) else (actor,)
                codes = [code(s, panel.key.system, year) for s in parts]
                own = [known.get((c, year), np.nan) for c in codes]
                values.append(float(np.sum(own)) / world[year] if own and year in world else np.nan)
                rows.append((actor, year))
        cells = pl.DataFrame(rows, {"state": pl.String, "year": pl.Int64}, orient="row")
        return Estimate(
            cells,
            np.array(values).reshape(-1, 1),
            label=f"Share of the world: {declared.label}",
            unit=self.unit,
            variant=f"{declared.label}, {declared.unit}; world = all states with a value",
            range=(0, 1),
        )
