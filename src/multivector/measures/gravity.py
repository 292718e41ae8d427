"""Gravity: what share of its trade a state would have with a partner by size and distance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError, OutOfCoverage
from multivector.estimate import Estimate
from multivector.measures._ledger import Flow, wanted_years
from multivector.measures._ppml import PPML, SANTOS, YOTOV, ppml
from multivector.measures.trade import REST, overlaps
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.stats.summaries import ratio
from multivector.step import Inputs, Measure, Step

TERMS = ("log_distance", "border", "language", "colony")
CELLS = {"state": pl.String, "partner": pl.String, "year": pl.Int64, "note": pl.String}


@dataclass(frozen=True)
class ExpectedShare(Measure):
    """Share of each partner in a state's trade that size and geography alone lead one to expect.

    π_j = μ_ij / Σ_k μ_ik with μ the flows fitted by Poisson pseudo-maximum likelihood in each year:
    E[x_ij] = exp(β·(ln distance, border, common official language, colony) + exporter + importer).
    The effects stand for size and remoteness (Anderson & van Wincoop 2003), and the fitted flows of
    a state add up to its recorded ones. A pair of actors in the table without a record counts as
    zero here, which the estimator needs. Between 0 and 1; the cell ``ROW`` is the rest. A partner
    without a distance is missing.

    Parameters
    ----------
    trade, distances
        Reconciled exports by pair, and CEPII's distances, with Serbia since 2006.
    flow
        ``exports``, ``imports``, or ``total``, their sum.
    years
        First and last year; ``None`` takes the last year of the table, or all of them with
        ``every``.

    Examples
    --------
    >>> ExpectedShare(focal="KAZ", partners=("RUS", "CHN")).unit
    'share 0–1'
    """

    name: ClassVar[str] = "expected_share"
    unit: ClassVar[str] = "share 0–1"
    citations: ClassVar[tuple[Any, ...]] = (SANTOS, YOTOV)
    trade: Step[Panel] = default_input("baci")
    distances: Step[Panel] = default_input("distances", "panels")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    flow: Flow = "total"
    years: tuple[int, int] | None = None
    every: bool = False

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups as focal state, and overlaps."""
        if states.is_group(self.focal):
            yield InputError(f"{self.focal} is a group.", "Shares are those of a state.")
        yield from overlaps((self.focal, *self.partners))

    def compute(self, get: Inputs) -> Estimate:
        """Fit each year, then take the shares of the focal state's fitted flows."""
        panel = get(self.trade)
        variable = panel.variables[0]
        cover = variable.coverage
        if cover.states is not None and self.focal not in cover.states:
            raise OutOfCoverage(
                f"The trade table holds only some partners of {self.focal}.",
                f"All partners are there for: {', '.join(map(str, cover.states))}.",
            )
        latest = None if self.every else _last(cover.years)
        years = wanted_years(self.years or latest, cover)
        rows: list[tuple[object, ...]] = []
        values: list[float] = []
        fits: list[PPML] = []
        for year in years:
            pairs = gravity_pairs(panel, get(self.distances), year)
            fits.append(ppml(pairs, "flow", TERMS, ("exporter", "importer"), cluster="pair"))
            shares = self._shares(pairs.with_columns(fitted=fits[-1].fitted), year)
            for partner in (*self.partners, REST):
                note = None if np.isfinite(shares[partner]) else "No distance is known."
                rows.append((self.focal, partner, year, note))
                values.append(shares[partner])
        last = fits[-1]
        words = ", ".join(f"{k} {last.coefficients[k]:.2f}" for k in TERMS)
        return Estimate(
            pl.DataFrame(rows, CELLS, orient="row"),
            np.array(values).reshape(-1, 1),
            label="Share of trade expected from size and geography",
            unit=self.unit,
            variant=f"{self.flow}; gravity by PPML, exporter and importer effects, each year "
            f"apart; {years[-1]}: {words}; {last.used} pairs, "
            f"{sum(f.separated for f in fits)} rows separated in all years",
            range=(0, 1),
        )

    def _shares(self, pairs: pl.DataFrame, year: int) -> dict[str, float]:
        sides = {"exports": ("exporter", "importer"), "imports": ("importer", "exporter")}
        chosen = sides.values() if self.flow == "total" else [sides[self.flow]]
        ours = pl.concat(
            pairs.filter(pl.col(us) == self.focal).select(them=them, fitted="fitted")
            for us, them in chosen
        )
        total = float(np.sum(ours["fitted"].to_numpy()))
        found: dict[str, float] = {}
        for partner in self.partners:
            who = states.members(partner, year) if states.is_group(partner) else (partner,)
            part = ours.filter(pl.col("them").is_in(who))["fitted"]
            some = float(part.sum()) if len(part) else np.nan
            found[partner] = float(ratio(some, total))
        rest = max(1 - float(np.nansum([*found.values()])), 0.0)
        found[REST] = rest if len(ours) else np.nan
        return found


def gravity_pairs(trade: Panel, distances: Panel, year: int) -> pl.DataFrame:
    """Return every covered pair of a year with flow, distance and common features.

    Pairs without a record are zeros; actors that neither export nor import, and pairs without a
    distance, are left out.
    """
    variable = trade.variables[0]
    flows = (
        trade.sound(variable.name)
        .frame.filter(pl.col("year") == year, pl.col("state") != pl.col("partner"))
        .select(exporter="state", importer="partner", flow=pl.col(variable.name).cast(pl.Float64))
    )
    lost = flows.filter(pl.col("flow").is_null())
    sold = flows.filter(pl.col("flow") > 0)
    grid = pl.DataFrame({"exporter": sold["exporter"].unique().sort()}).join(
        pl.DataFrame({"importer": sold["importer"].unique().sort()}), how="cross"
    )
    inside = variable.coverage.holds(("state", "partner"))
    grid = (
        grid.filter(pl.col("exporter") != pl.col("importer"))
        .with_columns(state="exporter", partner="importer")
        .filter(inside)
        .join(lost, on=["exporter", "importer"], how="anti")
    )
    space = distances.frame.select(
        exporter="state",
        importer="partner",
        log_distance=pl.col("dist_km").log(),
        border="contig",
        language="comlang_off",
        colony="colony",
    ).drop_nulls()
    low, high = (f("exporter", "importer") for f in (pl.min_horizontal, pl.max_horizontal))
    return (
        grid.select("exporter", "importer")
        .join(flows, on=["exporter", "importer"], how="left")
        .join(space, on=["exporter", "importer"], how="inner")
        .with_columns(pl.col("flow").fill_null(0.0), pair=pl.concat_str(low, high))
        .sort("exporter", "importer")
    )


def _last(years: tuple[int, ...]) -> tuple[int, int]:
    return years[-1], years[-1]
