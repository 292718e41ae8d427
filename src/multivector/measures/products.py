"""Products: how few products carry a state's trade, and whether two states' mixes fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.measures._ledger import Floats, reported_column, wanted_years
from multivector.measures.trade import overlaps
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.stats import concentration
from multivector.stats.dependence import complementarity
from multivector.step import Inputs, Measure, Step

Side = Literal["exports", "imports"]
MICHAELY = Citation(
    "michaely1996",
    "techreport",
    "Michaely, Michael",
    "Trade Preferential Agreements in Latin America: An Ex-Ante Assessment",
    1996,
    "World Bank Policy Research Working Paper 1583",
)
CADOT = Citation(
    "cadot2011",
    "article",
    "Cadot, Olivier and Carrère, Céline and Strauss-Kahn, Vanessa",
    "Export Diversification: What's behind the Hump?",
    2011,
    "The Review of Economics and Statistics 93(2):590-605",
    doi="10.1162/REST_a_00078",
)


@dataclass(frozen=True)
class ProductMeasure(Measure):
    """A measure on what a state sells or buys, product by product.

    Parameters
    ----------
    products
        Exports and imports by state, product and year.
    years
        First and last year; ``None`` takes all that the table covers.
    """

    products: Step[Panel] = default_input("baci_products")
    _: KW_ONLY
    focal: Actor
    years: tuple[int, int] | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a group."""
        if states.is_group(self.focal):
            yield InputError(f"{self.focal} is a group.", "Products are looked at by state.")

    def mix(
        self, get: Inputs, actor: str, side: Side
    ) -> tuple[tuple[int, ...], tuple[str, ...], Floats]:
        """Return years, products, and the actor's trade (years × products), NaN = not recorded.

        Products are all that any state trades on that side or the other; a bloc is the sum over
        its members, trade among them included.
        """
        panel = get(self.products)
        column = reported_column(panel, side)
        years = wanted_years(self.years, column.coverage)
        lines = tuple(panel.frame["product"].unique().sort())
        result = np.full((len(years), len(lines)), np.nan)
        at = {k: n for n, k in enumerate(lines)}
        for row, year in enumerate(years):
            who = states.members(actor, year) if states.is_group(actor) else (actor,)
            rows = panel.sound(column.name).frame.filter(
                pl.col("year") == year, pl.col("state").is_in(who)
            )
            sums = rows.drop_nulls(column.name).group_by("product").agg(pl.col(column.name).sum())
            for product, value in sums.iter_rows():
                result[row, at[product]] = value
        return years, lines, result


@dataclass(frozen=True, kw_only=True)
class ProductConcentration(ProductMeasure):
    """Concentration of a state's exports (or imports) over products.

    With p_k the product's share and n the products that anybody trades in the table: ``hhi`` =
    Σ_k p_k², from 1/n to 1, and ``theil`` = ln n − H as a share of ln n, with H = −Σ_k p_k ln p_k,
    from 0 (equal) to 1 (one product). Both depend on how finely products are told apart, so only
    figures of one level compare. Missing where no product is recorded.

    Parameters
    ----------
    flow
        ``exports`` or ``imports``.

    Examples
    --------
    >>> ProductConcentration(focal="KAZ").flow
    'exports'
    """

    name: ClassVar[str] = "product_concentration"
    unit: ClassVar[str] = "index 0–1"
    citations: ClassVar[tuple[Citation, ...]] = (CADOT,)
    flow: Side = "exports"

    def compute(self, get: Inputs) -> Estimate:
        """Apply both kernels to the mix of each year."""
        years, lines, values = self.mix(get, self.focal, self.flow)
        amounts = np.nan_to_num(values)
        most = np.log(len(lines)) if len(lines) > 1 else np.nan
        figures = {"hhi": concentration.hhi(amounts), "theil": concentration.theil(amounts) / most}
        cells = pl.DataFrame(
            [(self.focal, self.flow, figure, y) for figure in figures for y in years],
            {"state": pl.String, "flow": pl.String, "figure": pl.String, "year": pl.Int64},
            orient="row",
        )
        return Estimate(
            cells,
            np.concatenate(list(figures.values())).reshape(-1, 1),
            label=f"Concentration of {self.flow} over products",
            unit=self.unit,
            variant=f"goods, {len(lines)} products; point values, no interval published",
            range=(0, 1),
        )


@dataclass(frozen=True, kw_only=True)
class TradeComplementarity(ProductMeasure):
    """Fit of what one state sells with what the other buys, product by product, after Michaely.

    C = 1 − ½ Σ_k |m_k − x_k| with x_k the product's share in the seller's exports and m_k in the
    buyer's imports, to and from all partners; 0 (no product in common) to 1 (the same mix). Cells
    ``exports``: the focal state sells; ``imports``: the partner does. It says what could be traded,
    not what is. The finer the products, the lower the index. A bloc counts with all its members'
    trade, that among them included.

    Examples
    --------
    >>> TradeComplementarity(focal="KAZ", partners=("CHN",)).unit
    'index 0–1'
    """

    name: ClassVar[str] = "trade_complementarity"
    unit: ClassVar[str] = "index 0–1"
    citations: ClassVar[tuple[Citation, ...]] = (MICHAELY,)
    partners: tuple[Actor, ...]

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse partners that overlap, or the focal state among them."""
        yield from super().problems()
        yield from overlaps((self.focal, *self.partners))

    def compute(self, get: Inputs) -> Estimate:
        """Compare the mixes in both directions."""
        years, lines, sold = self.mix(get, self.focal, "exports")
        bought = self.mix(get, self.focal, "imports")[2]
        rows: list[tuple[object, ...]] = []
        values: list[Floats] = []
        for partner in self.partners:
            wanted = self.mix(get, partner, "imports")[2]
            offered = self.mix(get, partner, "exports")[2]
            for flow, fit in (
                ("exports", complementarity(sold, wanted)),
                ("imports", complementarity(offered, bought)),
            ):
                values.append(fit)
                rows += [(self.focal, partner, flow, y) for y in years]
        text = pl.String
        return Estimate(
            pl.DataFrame(
                rows,
                {"state": text, "partner": text, "flow": text, "year": pl.Int64},
                orient="row",
            ),
            np.concatenate(values).reshape(-1, 1),
            label="Complementarity of trade",
            unit=self.unit,
            variant=f"goods, {len(lines)} products; point values, no interval published",
            range=(0, 1),
        )
