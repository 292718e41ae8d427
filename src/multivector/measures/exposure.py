"""Exposure: what a state's trade rests on that it does not decide itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, KeyMismatch, MultivectorError
from multivector.estimate import Estimate
from multivector.measures._by_view import LedgerMeasure
from multivector.measures._ledger import Floats, Flow, state_values
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input, find
from multivector.stats import dependence
from multivector.stats.summaries import ratio
from multivector.step import Inputs, Measure, Step

AIYAR = Citation(
    "aiyar2024",
    "techreport",
    "Aiyar, Shekhar and Ohnsorge, Franziska",
    "Geoeconomic Fragmentation and 'Connector' Countries",
    2024,
    "CEPR Discussion Paper 19352",
    url="https://cepr.org/publications/dp19352",
)
DI_GIOVANNI = Citation(
    "digiovanni2009",
    "article",
    "di Giovanni, Julian and Levchenko, Andrei A.",
    "Trade Openness and Volatility",
    2009,
    "The Review of Economics and Statistics 91(3):558-585",
    doi="10.1162/rest.91.3.558",
)
MOYER = Citation(
    "moyer2021",
    "techreport",
    "Moyer, Jonathan D. and Meisel, Collin J. and Matthews, Austin S. and Bohl, David K. and "
    "Burrows, Mathew J.",
    "China-US Competition: Measuring Global Influence",
    2021,
    "Atlantic Council and Frederick S. Pardee Center for International Futures",
)


@dataclass(frozen=True, kw_only=True)
class GeopoliticalExposure(LedgerMeasure):
    """Geopolitical vulnerability and connectedness of a state's trade, after Aiyar and Ohnsorge.

    With p_j the partner's share in trade and d_j = |θ_i − θ_j| its distance in positions:
    vulnerability V = Σ_j p_j d_j, connectedness C = √(Σ_j p_j (d_j − V)²); both ≥ 0, in the unit of
    the positions. Shares are closed over partners with a known position; the note says how much of
    the trade they are. Draws of the positions carry over, where they have any.

    Parameters
    ----------
    positions
        A step that yields positions with one cell for each state and year; by default ideal points
        in the General Assembly, the mode without an interval. ``--positions ideal_points`` takes
        draws of their posterior instead, which takes minutes.
    flow
        ``exports``, ``imports``, or ``total``, their sum.

    Examples
    --------
    >>> GeopoliticalExposure.unit
    'position'
    """

    name: ClassVar[str] = "geopolitical_exposure"
    label: ClassVar[str] = "Geopolitical exposure of trade"
    unit: ClassVar[str] = "position"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, None)
    citations: ClassVar[tuple[Citation, ...]] = (AIYAR,)
    positions: Step[Estimate] = field(
        default_factory=lambda: find("measures", "ideal_points")(draws=0)
    )
    flow: Flow = "total"

    def compute(self, get: Inputs) -> Estimate:
        """Weigh the distances of all partners by their share, draw by draw."""
        theta = get(self.positions)
        here = [c for c in ("state", "year") if c in theta.key]
        if len(here) < 2 or theta.cells.select(here).is_duplicated().any():
            raise KeyMismatch(
                f"{theta.label} has cells ({', '.join(theta.key)}).",
                "Positions have one cell for each state and year.",
            )
        years = sorted(set(theta.cells["year"]))
        held = {(s, y): k for k, (s, y) in enumerate(theta.cells.select("state", "year").rows())}
        rows: list[tuple[object, ...]] = []
        values: list[Floats] = []
        for view, ledger in self.ledgers(get):
            table = ledger.partners(self.focal, self.flow)
            for t, year in enumerate(ledger.years):
                if year not in years or ledger.spoilt[t][ledger.states.index(self.focal)]:
                    continue
                at = [held.get((s, year), -1) for s in ledger.states]
                place = np.where(np.array(at)[:, None] < 0, np.nan, theta.draws[at])
                own = place[ledger.states.index(self.focal)]
                found = dependence.exposure(table[t], np.abs(place - own).T)
                known = f"{np.nanmean(found.known):.0%} of trade is with partners of known position"
                for figure, value in (
                    ("vulnerability", found.mean),
                    ("connectedness", found.spread),
                ):
                    values.append(value)
                    rows.append((self.focal, figure, view, year, known))
        text = pl.String
        keys = {"state": text, "figure": text, "view": text, "year": pl.Int64, "note": text}
        return Estimate(
            pl.DataFrame(rows, keys, orient="row"),
            np.stack(values) if values else np.empty((0, theta.draws.shape[1])),
            label=self.label,
            unit=self.unit,
            draw_kind=theta.draw_kind,
            variant=f"{self.flow}; positions: {theta.label.lower()}, {theta.variant}",
            range=self.bounds,
        )


@dataclass(frozen=True, kw_only=True)
class DemandVolatility(LedgerMeasure):
    """Volatility of the demand that a state's exports meet, by shares of its partners.

    σ = SD over the last ``window`` years of g_t = Σ_j p_j g_jt, with g_jt the growth of partner j's
    GDP in current US dollars (log differences) and p_j its mean share in exports in the window;
    ≥ 0. What the state exports plays no part: it is exposure to circumstances by where it sells,
    as are oil prices by what it sells. Partners without GDP in the window are left out; the note
    says how much of exports is covered.

    Parameters
    ----------
    window
        Number of years of growth, at least 3.

    Examples
    --------
    >>> DemandVolatility(focal="KAZ").window
    10
    """

    name: ClassVar[str] = "demand_volatility"
    label: ClassVar[str] = "Volatility of partners' demand"
    unit: ClassVar[str] = "log points"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, None)
    citations: ClassVar[tuple[Citation, ...]] = (DI_GIOVANNI,)
    output: Step[Panel] = default_input("world_bank_gdp")
    window: int = 10

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a window that is too short."""
        yield from super().problems()
        if self.window < 3:
            yield InputError(f"window = {self.window}.", "At least three years of growth.")

    def compute(self, get: Inputs) -> Estimate:
        """Weigh partners' growth by mean shares, then take the deviation over the window."""
        panel = get(self.output)
        rows: list[tuple[object, ...]] = []
        values: list[float] = []
        for view, ledger in self.ledgers(get):
            sold = ledger.partners(self.focal, "exports")
            totals = ledger.total(self.focal, "exports")
            shares = np.nan_to_num(ratio(sold, totals[:, None]))
            for t, year in enumerate(ledger.years):
                span = range(year - self.window, year + 1)
                growth = np.diff(np.log(state_values(panel, ledger.states, span)), axis=0)
                known = np.isfinite(growth).all(axis=0)
                there = [k for k in range(t + 1) if ledger.years[k] > year - self.window]
                there = [k for k in there if np.isfinite(totals[k])]
                mean = shares[there].mean(axis=0) if there else np.zeros(len(ledger.states))
                covered = float(mean[known].sum())
                demand = growth[:, known] @ mean[known]
                value = float(np.std(demand, ddof=1)) / covered if covered > 0 else np.nan
                note = f"GDP is known of {covered:.0%} of exports"
                rows.append((self.focal, view, year, ledger.note(self.focal, year) or note))
                values.append(value)
        return self.result(rows, ["state", "view", "year"], [np.array(values)])


@dataclass(frozen=True, kw_only=True)
class InfluenceCapacity(Measure):
    """Formal capacity of each power to influence a state: bandwidth × dependence (FBIC).

    B = economic + political + security bandwidth, D = economic + security dependence, and their
    product B·D ≥ 0, recomputed from the parts that the producer prints; ``published`` is the
    producer's index, which is the product up to a constant and to rounding. It speaks of what a
    power could use, not of what it does.

    Examples
    --------
    >>> InfluenceCapacity(focal="KAZ", partners=("CHN", "RUS")).unit
    'index'
    """

    name: ClassVar[str] = "influence_capacity"
    unit: ClassVar[str] = "index"
    citations: ClassVar[tuple[Citation, ...]] = (MOYER,)
    capacity: Step[Panel] = default_input("fbic")
    focal: Actor
    partners: tuple[Actor, ...]
    years: tuple[int, int] | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups."""
        for actor in (self.focal, *self.partners):
            if states.is_group(actor):
                yield InputError(f"{actor} is a group.", "The index speaks of states.")

    def compute(self, get: Inputs) -> Estimate:
        """Add up the parts of either kind, and multiply."""
        frame = get(self.capacity).frame
        chosen = frame.filter(pl.col("partner") == self.focal, pl.col("state").is_in(self.partners))
        if self.years is not None:
            chosen = chosen.filter(pl.col("year").is_between(*self.years))
        bandwidth = sum(pl.col(f"{d}_bandwidth") for d in ("economic", "political", "security"))
        rest = pl.col("economic_dependence") + pl.col("security_dependence")
        figures = {
            "bandwidth": bandwidth,
            "dependence": rest,
            "product": bandwidth * rest,
            "published": pl.col("fbic"),
        }
        table = pl.concat(
            chosen.select(
                state=pl.col("partner"),
                partner=pl.col("state"),
                figure=pl.lit(name),
                year=pl.col("year").cast(pl.Int64),
                value=expression,
            )
            for name, expression in figures.items()
        )
        return Estimate(
            table.drop("value"),
            table["value"].cast(pl.Float64).fill_null(float("nan")).to_numpy().reshape(-1, 1),
            label="Formal capacity of the partner to influence the state",
            unit=self.unit,
            variant="FBIC, parts as published; product recomputed",
            range=(0, None),
        )
