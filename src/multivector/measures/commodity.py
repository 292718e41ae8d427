"""Exposure to a commodity's price: how much of exports and of output its usual swings move."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from multivector.errors import InputError, MultivectorError, UnknownName
from multivector.estimate import Estimate
from multivector.measures._by_view import LedgerMeasure
from multivector.measures._ledger import WORDS, Floats, need_usd, state_values
from multivector.measures.exposure import DI_GIOVANNI
from multivector.origin import OWN, Citation, Origin
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.stats.summaries import ratio, triangular
from multivector.step import Inputs, Step

Range = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class CommodityExposure(LedgerMeasure):
    """Exposure of a state's exports and output to the price of one commodity.

    σ_t = SD over the last ``window`` years of Δ ln P; ``price`` is σ, ``exports`` s·σ with s the
    commodity's share in exports of goods, ``output`` s·σ·X/GDP with X all exports; ≥ 0. A usual
    swing of the price moves exports (output) by that much, quantities and other prices as they are.
    The share is a choice, drawn between its ends (a triangular distribution) and the same for every
    year, so ask for the years of which it is true. Without a share only ``price`` is known.

    Parameters
    ----------
    prices
        Annual prices by commodity.
    output
        Gross domestic product.
    commodity
        The price's name in that table.
    share, share_source
        The commodity in the focal state's exports of goods: lowest, most likely and highest; and
        where these figures are from, in words.
    window
        Number of yearly changes of the price, at least 3.
    draws
        Number of draws of the share, evenly spaced.

    Examples
    --------
    >>> CommodityExposure(focal="KAZ", share=(0.5, 0.55, 0.6)).commodity
    'Crude oil, average'
    """

    name: ClassVar[str] = "commodity_exposure"
    label: ClassVar[str] = "Exposure to the price of a commodity"
    unit: ClassVar[str] = "log points"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, None)
    citations: ClassVar[tuple[Citation, ...]] = (DI_GIOVANNI,)
    prices: Step[Panel] = default_input("commodity_prices")
    output: Step[Panel] = default_input("world_bank_gdp")
    commodity: str = "Crude oil, average"
    share: Range | None = None
    share_source: str = ""
    window: int = 10
    draws: int = 200

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a window that is too short, and a share that is none."""
        yield from super().problems()
        if self.window < 3 or self.draws < 1:
            yield InputError("window is at least 3 and draws at least 1.")
        if self.share is not None:
            low, mode, high = self.share
            if not 0 <= low <= mode <= high <= 1:
                yield InputError(
                    f"share is {self.share}.", "Lowest, most likely and highest, from 0 to 1."
                )

    def compute(self, get: Inputs) -> Estimate:
        """Take the volatility of the price; weigh it by the share, and by exports in output."""
        prices = self._prices(get(self.prices, "price_usd"))
        panel = get(self.output)
        even = (np.arange(self.draws) + 0.5) / self.draws
        weight = np.full(self.draws, np.nan)
        if self.share is not None:
            weight = triangular(even, self.share)
        unstated = (
            None if self.share else f"The share of {self.commodity} in exports is not stated."
        )
        rows: list[tuple[object, ...]] = []
        values: list[Floats] = []
        for view, ledger in self.ledgers(get):
            need_usd(ledger, panel.variables[0].unit)
            at = (self.focal,)
            gdp = state_values(panel, at, ledger.years)[:, 0]
            depth = ratio(ledger.total(self.focal, "exports"), gdp)
            for t, year in enumerate(ledger.years):
                swing = _volatility(prices, year, self.window)
                for figure, value, note in (
                    ("price", np.full(self.draws, swing), None),
                    ("exports", weight * swing, unstated),
                    (
                        "output",
                        weight * swing * depth[t],
                        unstated or ledger.note(self.focal, year),
                    ),
                ):
                    values.append(value)
                    rows.append((self.focal, figure, view, year, note))
        text = pl.String
        keys = {"state": text, "figure": text, "view": text, "year": pl.Int64, "note": text}
        cells = pl.DataFrame(rows, keys, orient="row")
        seen = cells["view"].unique(maintain_order=True)
        return Estimate(
            cells,
            np.stack(values),
            label=self.label,
            unit=self.unit,
            draw_kind="assumption",
            variant=f"{self.commodity}, {self.window} years; "
            + "; ".join(f"{v}: {WORDS[v]}" for v in seen),
            range=self.bounds,
            origins=() if self.share is None else (self._origin(self.share),),
        )

    def _prices(self, panel: Panel) -> dict[int, float]:
        known = panel.frame["commodity"].unique()
        if self.commodity not in known:
            raise UnknownName("commodity", self.commodity, sorted(known))
        rows = panel.frame.filter(pl.col("commodity") == self.commodity, pl.col("price_usd") > 0)
        return dict(rows.select("year", "price_usd").iter_rows())

    def _origin(self, share: Range) -> Origin:
        low, mode, high = share
        said = f"{low:g}–{high:g}, most likely {mode:g}; {self.share_source or 'source not stated'}"
        return Origin(
            "commodity_share",
            f"share of {self.commodity} in exports of {self.focal}",
            "multivector",
            said,
            OWN,
            kind="assumption",
        )


def _volatility(prices: dict[int, float], year: int, window: int) -> float:
    """Return the SD of the log changes of the last *window* years; NaN if a price lacks."""
    series = np.array([prices.get(y, np.nan) for y in range(year - window, year + 1)])
    return float(np.std(np.diff(np.log(series)), ddof=1))
