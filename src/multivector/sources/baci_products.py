"""CEPII BACI by product: what each economy sells and buys, in chapters or headings of the HS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

import polars as pl

from multivector.sources.baci import COVERAGES, FILES, ZIP, FromBaci, release, thousands
from multivector.variable import Key, Variable

STATE_PRODUCT_YEAR = Key("state-product-year", ("state", "product", "year"))


@dataclass(frozen=True)
class BaciProducts(FromBaci):
    """Each economy's exports and imports of each product, with all other economies of BACI.

    ``exports_product_kusd`` is the sum of BACI's flows of ``product`` from ``state`` over importers
    in ``year``, ``imports_product_kusd`` that of the flows to it over exporters, in thousand
    current US dollars, free on board, ≥ 0; null where none is recorded in that direction.
    ``product`` is a code of the Harmonized System of 1992: a chapter (two digits, such as 27,
    mineral fuels) or a heading (four, 2709, crude oil), summed over CEPII's six digits.

    The file is the zip that CEPII publishes (columns t, i, j, k, v, q of a yearly table), which
    was never at hand here: the reader follows CEPII's description and is tested on rows made by
    hand.

    Parameters
    ----------
    level
        ``hs2`` (chapters) or ``hs4`` (headings).

    References
    ----------
    Gaulier, G. and Zignago, S. (2010). BACI: International Trade Database at the Product-Level.
    The 1994-2007 Version. CEPII Working Paper 2010-23.

    Examples
    --------
    >>> BaciProducts.key.columns
    ('state', 'product', 'year')
    """

    name: ClassVar = "baci_products"
    title: ClassVar = "BACI, by product"
    key: ClassVar = STATE_PRODUCT_YEAR
    variables: ClassVar = (
        Variable(
            "exports_product_kusd",
            "Exports of the product to all economies of BACI, free on board",
            "thousand current USD",
            COVERAGES[ZIP],
            range=(0, None),
        ),
        Variable(
            "imports_product_kusd",
            "Imports of the product from all economies of BACI, free on board",
            "thousand current USD",
            COVERAGES[ZIP],
            range=(0, None),
        ),
    )
    files: ClassVar = FILES[:1]
    notes: ClassVar = "Sums over the recorded partners. The layout was never seen real."

    level: Literal["hs2", "hs4"] = "hs4"

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return state, product, year, exports and imports; sums are exact."""
        digits = int(self.level[-1])
        sold, bought = release(paths[0], ("t", "i", "k"), ("t", "j", "k"), digits=digits)
        sides = [
            flows.select(
                pl.col(side).alias("state"),
                pl.col("k").alias("product"),
                pl.col("t").alias("year"),
                thousands(flows).alias(column.name),
            )
            for flows, side, column in zip((sold, bought), "ij", self.variables, strict=True)
        ]
        return sides[0].join(sides[1], on=["state", "product", "year"], how="full", coalesce=True)
