"""Transit: what share of a state's oil exports must cross each neighbour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError, OutOfCoverage
from multivector.estimate import Estimate
from multivector.measures.trade import HIRSCHMAN
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.stats.summaries import ratio
from multivector.step import Inputs, Measure, Step


@dataclass(frozen=True)
class TransitDependence(Measure):
    """Share of a state's oil exports that leaves through, or ends in, each neighbouring state.

    Σ_r q_r/Q over the routes r that cross the neighbour, with q_r the tonnes by route and Q all
    oil exported; 0 to 1. It is route-based: one route may cross several states, so the shares do
    not add up to one, and they say nothing of who buys. A neighbour without a recorded route is
    missing, not zero; in a year in which routes are missing the share is a lower bound.

    Examples
    --------
    >>> TransitDependence(focal="KAZ").unit
    'share 0–1'
    """

    name: ClassVar[str] = "transit_dependence"
    unit: ClassVar[str] = "share 0–1"
    citations: ClassVar[tuple[Citation, ...]] = (HIRSCHMAN,)
    routes: Step[Panel] = default_input("transit_routes")
    exported: Step[Panel] = default_input("oil_exports")
    _: KW_ONLY
    focal: Actor

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a group."""
        if states.is_group(self.focal):
            yield InputError(f"{self.focal} is a group.", "Routes are recorded by state.")

    def compute(self, get: Inputs) -> Estimate:
        """Add up routes by state crossed, over all oil exported in the year."""
        shares = crossing(get(self.routes, "oil_mt"), get(self.exported, "oil_exports_mt"))
        rows = shares.filter(pl.col("state") == self.focal)
        if rows.is_empty():
            known = sorted(shares["state"].unique())
            raise OutOfCoverage(
                f"No export route of {self.focal} is recorded.",
                f"Recorded: {', '.join(known)}.",
                "Feed a table of routes.",
            )
        note = "Recorded routes add up to {:.0%} of all exports: a lower bound."
        full = rows["recorded"].to_list()
        return Estimate(
            rows.select("state", "partner", "year").with_columns(
                note=pl.Series(
                    [None if f >= 0.95 else note.format(f) for f in full], dtype=pl.String
                )
            ),
            np.minimum(rows["share"].to_numpy(), 1.0).reshape(-1, 1),
            label="Oil exports that cross the partner",
            unit=self.unit,
            variant="crude oil and condensate of own origin, by tonnes, pipelines and ships",
            range=(0, 1),
        )


def crossing(routes: Panel, exported: Panel) -> pl.DataFrame:
    """Return the share of oil exports that crosses each state, and how much is recorded at all."""
    frame = routes.frame.filter(pl.col("oil_mt").is_not_null())
    by_state = frame.group_by("state", "partner", "year").agg(pl.col("oil_mt").sum())
    once = frame.unique(["state", "route", "year"]).group_by("state", "year")
    told = once.agg(pl.col("oil_mt").sum().alias("told"))
    joined = (
        by_state.join(told, on=["state", "year"])
        .join(exported.frame, on=["state", "year"])
        .sort("state", "partner", "year")
    )
    total = joined["oil_exports_mt"].to_numpy()
    return joined.select("state", "partner", "year").with_columns(
        share=ratio(joined["oil_mt"].to_numpy(), total),
        recorded=ratio(joined["told"].to_numpy(), total),
    )
