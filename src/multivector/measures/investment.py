"""Direct investment: who holds the stock of it in a state, from a table that the user feeds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, KeyMismatch, MultivectorError, OutOfCoverage
from multivector.estimate import Estimate
from multivector.measures.trade import HIRSCHMAN, REST, overlaps
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.stats.summaries import ratio
from multivector.step import Inputs, Measure, Step


@dataclass(frozen=True)
class InvestmentShare(Measure):
    """Share of each partner in the stock of direct investment in a state.

    p_j = x_j / Σ_k x_k with x_j the stock at the end of the year that immediate investors of j hold
    in the state, as the state reports it; 0 to 1. The total is that of the recorded partners. A
    negative stock (debts between parent and affiliate) is no share of anything: it is left out, and
    the note of the year says how many there are. A bloc is the sum over its members with a record.
    A named partner without a positive record is "no data"; flows are not used, since they can be
    negative. The rest of the recorded partners is the cell ``ROW``.

    Parameters
    ----------
    stocks
        A table keyed by reporter with a column of inward stocks.

    Examples
    --------
    >>> InvestmentShare(focal="KAZ", partners=("RUS", "CHN")).unit
    'share 0–1'
    """

    name: ClassVar[str] = "investment_share"
    unit: ClassVar[str] = "share 0–1"
    citations: ClassVar[tuple[Citation, ...]] = (HIRSCHMAN,)
    stocks: Step[Panel] = default_input("wiiw_fdi")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a group as focal state, and overlaps."""
        if states.is_group(self.focal):
            yield InputError(f"{self.focal} is a group.", "Investment is reported by states.")
        yield from overlaps((self.focal, *self.partners))

    def compute(self, get: Inputs) -> Estimate:
        """Add up the positive stocks by partner and divide by their total."""
        panel = get(self.stocks)
        column = next((v.name for v in panel.variables if v.name.startswith("inward_stock")), None)
        if column is None:
            raise KeyMismatch(f"{panel.key} has no column of inward stocks.")
        ours = panel.frame.filter(pl.col("state") == self.focal).drop_nulls(column)
        if ours.is_empty():
            raise OutOfCoverage(
                f"The table of stocks holds no investment in {self.focal}.",
                f"It holds: {', '.join(sorted(panel.frame['state'].unique())[:12])}.",
            )
        rows: list[tuple[str, str, int, str | None]] = []
        values: list[float] = []
        for year in sorted(ours["year"].unique()):
            now = ours.filter(pl.col("year") == year)
            held = now.filter(pl.col(column) > 0)
            negative = len(now.filter(pl.col(column) < 0))
            note = f"Left out: {negative} partners with a negative stock." if negative else None
            total, rest = float(held[column].sum()), float(held[column].sum())
            for partner in self.partners:
                who = states.members(partner, year) if states.is_group(partner) else (partner,)
                theirs = held.filter(pl.col("partner").is_in(who))[column]
                part = float(theirs.sum()) if len(theirs) else np.nan
                rest -= float(theirs.sum())
                rows.append((self.focal, partner, int(year), note))
                values.append(float(ratio(part, total)))
            rows.append((self.focal, REST, int(year), note))
            values.append(float(ratio(max(rest, 0.0), total)))
        text = pl.String
        keys = {"state": text, "partner": text, "year": pl.Int64, "note": text}
        return Estimate(
            pl.DataFrame(rows, keys, orient="row"),
            np.array(values).reshape(-1, 1),
            label="Share in the stock of direct investment",
            unit=self.unit,
            variant="inward stock by immediate investor, as the state reports it; point values, no "
            "interval published",
            range=(0, 1),
        )
