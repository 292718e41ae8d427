"""Benchmarks of engagement: what shares size, geography or nothing at all lead one to expect."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar, cast

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.domain import Benchmark
from multivector.errors import InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.measures._ledger import Floats, state_values
from multivector.measures._ppml import YOTOV
from multivector.measures.engagement import Engagement
from multivector.measures.gravity import ExpectedShare
from multivector.measures.trade import HIRSCHMAN, REST, overlaps
from multivector.panel import Panel
from multivector.quantity import NONE
from multivector.registry import default_input
from multivector.stats.composition import relative_engagement
from multivector.stats.summaries import ratio
from multivector.step import Inputs, Measure, Step

_KEY = {"state": pl.String, "partner": pl.String, "year": pl.Int64}


@dataclass(frozen=True)
class WorldShare(Measure):
    """Share of each partner in the output of the world without the focal state.

    π_j = Y_j / (Σ_k Y_k − Y_i), Y gross domestic product in current US dollars over all states with
    a figure in the year; 0 to 1, the rest of the world being the cell ``ROW``. A bloc is the sum
    over its members of the year, missing if one is. What engagement would be if size alone counted.

    Examples
    --------
    >>> WorldShare(focal="KAZ", partners=("RUS", "CHN")).unit
    'share 0–1'
    """

    name: ClassVar[str] = "size_share"
    unit: ClassVar[str] = "share 0–1"
    citations: ClassVar[tuple[Any, ...]] = (HIRSCHMAN,)
    output: Step[Panel] = default_input("world_bank_gdp")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: tuple[int, int] | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a group as focal state, and overlaps."""
        if states.is_group(self.focal):
            yield InputError(f"{self.focal} is a group.", "Shares are those of a state.")
        yield from overlaps((self.focal, *self.partners))

    def compute(self, get: Inputs) -> Estimate:
        """Divide each partner's output by that of all others."""
        panel = get(self.output)
        years = [y for y in panel.years if not self.years or self.years[0] <= y <= self.years[1]]
        everyone = sorted(set(panel.frame["state"]) & set(states.all_states(territories=True)))
        table = state_values(panel, everyone, years)
        at = {s: k for k, s in enumerate(everyone)}
        own = table[:, at[self.focal]] if self.focal in at else np.zeros(len(years))
        world = np.nansum(table, axis=1) - np.nan_to_num(own)
        rows: list[tuple[str, str, int]] = []
        values: list[float] = []
        for t, year in enumerate(years):
            parts: list[float] = []
            for partner in self.partners:
                who = states.members(partner, year) if states.is_group(partner) else (partner,)
                theirs = [table[t, at[m]] if m in at else np.nan for m in who]
                parts.append(float(ratio(np.sum(theirs), world[t])) if theirs else np.nan)
            rows += [(self.focal, p, year) for p in (*self.partners, REST)]
            values += [*parts, max(1 - float(np.sum(parts)), 0.0)]
        return Estimate(
            pl.DataFrame(rows, _KEY, orient="row"),
            np.array(values).reshape(-1, 1),
            label="Share of world output",
            unit=self.unit,
            variant="GDP in current US dollars, without the focal state",
            range=(0, 1),
        )


@dataclass(frozen=True, kw_only=True)
class RelativeEngagement(Measure):
    """Engagement with a partner relative to what a benchmark leads one to expect.

    e_j = ln(p_j/π_j), uncentred: 0 as expected, ln 2 twice as much. p are the shares of
    ``engagement``, π > 0 those of ``benchmark``; by default trade, and what size and geography lead
    one to expect (gravity). Against equal shares, p is closed over the named partners first. A
    recorded zero has the note "none", a missing share or benchmark is missing. Draws are those of
    the engagement; the benchmark is taken as exact.

    Parameters
    ----------
    engagement, benchmark
        Steps that yield shares with cells (state, partner, year).
    against
        Without a step: ``gravity``, shares in ``world`` output, or ``uniform``.
    years
        First and last year; ``None`` takes all that both have.

    Examples
    --------
    >>> RelativeEngagement(focal="KAZ", partners=("RUS", "CHN")).unit
    'log ratio'
    """

    name: ClassVar[str] = "relative_engagement"
    unit: ClassVar[str] = "log ratio"
    citations: ClassVar[tuple[Any, ...]] = (YOTOV,)
    focal: Actor
    partners: tuple[Actor, ...]
    years: tuple[int, int] | None = None
    engagement: Step[Estimate] | None = None
    against: Benchmark = "gravity"
    benchmark: Step[Estimate] | None = None
    draws: int = 500
    seed: int = 1

    def __post_init__(self) -> None:
        """Fill in trade and the step of the benchmark, then check."""
        if self.engagement is None:
            given: dict[str, Any] = {"focal": self.focal, "partners": self.partners}
            given |= {"draws": self.draws, "seed": self.seed}
            object.__setattr__(self, "engagement", Engagement(**given))
        if self.benchmark is None and self.against != "uniform":
            made = benchmark_step(self.against, self.focal, self.partners, self.years)
            object.__setattr__(self, "benchmark", made)
        super().__post_init__()

    def compute(self, get: Inputs) -> Estimate:
        """Compare the shares cell by cell, where both steps have one."""
        found = get(cast("Step[Estimate]", self.engagement))
        words = f"equal shares of {len(self.partners)} partners"
        if self.benchmark is None:
            pi = np.full(len(found.cells), 1 / len(self.partners))
            draws, recorded = self._closed(found)
        else:
            expected = get(self.benchmark)
            words = f"{expected.label.lower()} ({expected.variant})"
            cells = expected.cells.select("partner", "year").rows()
            held = dict(zip(cells, expected.summary()["value"].to_list(), strict=True))
            rows = found.cells.select("partner", "year").rows()
            pi = np.array([held.get(r, -1.0) for r in rows], dtype=np.float64)
            draws, recorded = found.draws, _recorded(found)
        kept = (found.cells["partner"] != REST).to_numpy() & ~(pi < 0)
        if self.years is not None:
            kept &= found.cells["year"].is_between(*self.years).to_numpy()
        pi = np.where(pi > 0, pi, np.nan)[kept]
        value = relative_engagement(recorded[kept], pi)
        ratios = relative_engagement(draws[kept], pi[:, None]).log_ratio
        blank = np.isfinite(value.log_ratio)
        return Estimate(
            found.cells.filter(kept).select(
                *_KEY, note=pl.Series([NONE if n else None for n in value.none], dtype=pl.String)
            ),
            np.where(blank[:, None] & np.isfinite(ratios), ratios, np.nan),
            label="Engagement relative to the benchmark",
            unit=self.unit,
            draw_kind=found.draw_kind,
            variant=f"{found.label.lower()}, over: {words}",
            range=(-750, 750),  # wider than any ratio of two numbers
            observed=None
            if found.draw_kind == "point"
            else np.where(blank, value.log_ratio, np.nan),
        )

    def _closed(self, found: Estimate) -> tuple[Floats, Floats]:
        """Return the draws and recorded shares over those of the named partners, by year."""
        named = found.cells["partner"].is_in(self.partners).to_numpy()
        year = found.cells["year"].to_numpy()
        draws, recorded = found.draws.copy(), _recorded(found)
        for y in np.unique(year):
            now = year == y
            draws[now] = ratio(draws[now], draws[now & named].sum(axis=0))
            recorded[now] = ratio(recorded[now], recorded[now & named].sum())
        # The rest is no part of the whole; its cells are dropped by the caller.
        draws[~named], recorded[~named] = np.nan, np.nan
        return draws, recorded


def benchmark_step(
    against: Benchmark,
    focal: str,
    partners: tuple[str, ...],
    years: tuple[int, int] | None = None,
) -> Step[Estimate]:
    """Return the step that gives the shares of a benchmark, by default of all years it has."""
    given: dict[str, Any] = {"focal": focal, "partners": partners, "years": years}
    if against == "gravity":
        return ExpectedShare(**given, every=years is None)
    return WorldShare(**given)


def _recorded(found: Estimate) -> Floats:
    return found.summary()["value"].fill_null(np.nan).to_numpy().copy()
