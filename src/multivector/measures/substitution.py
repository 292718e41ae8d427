"""Sphere and vacuum: when one partner's share falls, whether a named other takes its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError, OutOfCoverage
from multivector.estimate import Estimate
from multivector.measures.trade import HIRSCHMAN, Flows, TradeMeasure, overlaps
from multivector.origin import Citation
from multivector.stats.substitution import excess_gain, rank_p
from multivector.step import Inputs

ABADIE = Citation(
    "abadie2010",
    "article",
    "Abadie, Alberto and Diamond, Alexis and Hainmueller, Jens",
    "Synthetic Control Methods for Comparative Case Studies: Estimating the Effect of "
    "California's Tobacco Control Program",
    2010,
    "Journal of the American Statistical Association 105(490):493-505",
    doi="10.1198/jasa.2009.ap08746",
)

CHANGE = "share of trade, change"
"""The unit of every figure but rank p, which is a share of partners."""


@dataclass(frozen=True, kw_only=True)
class Substitution(TradeMeasure):
    """Change of two partners' shares, and what one gained beyond an even split of the other's loss.

    Shares p add up to one, so a loss of A raises all others: B's place is taken only if it gains
    more than its part. excess = p_B1 − p_B0·(1 − p_A1)/(1 − p_A0); −1 to 1. Figures: ``loser`` and
    ``gainer``, the changes p_1 − p_0 of A and B; ``even split``, what B would have gained had all
    others kept their proportions; ``excess``; ``rank p``, the share of comparable partners (B
    included) with an excess at least as large, a probability. Comparable are those that had a share
    of ``least`` at either end: tiny partners cannot gain much. p_0 and p_1 are means over the first
    and the last ``window`` years. A vacuum that B filled needs a loss, a gain, and a small rank p;
    none says why A lost. Without a loss of A the excess says only who grew.

    Parameters
    ----------
    loser, gainer
        The two partners.
    window
        Years averaged at both ends.
    least
        Smallest share, at either end, of a partner with which B is compared.

    Examples
    --------
    >>> Substitution(focal="KAZ", loser="RUS", gainer="CHN").window
    3
    """

    name: ClassVar[str] = "substitution"
    example: ClassVar = {"loser": "RUS", "gainer": "CHN", "years": (2000, 2020)}
    label: ClassVar[str] = "Substitution of one partner for another"
    unit: ClassVar[str] = "share of trade, or of partners for rank p"
    citations: ClassVar[tuple[Citation, ...]] = (HIRSCHMAN, ABADIE)
    loser: Actor
    gainer: Actor
    window: int = 3
    least: float = 0.01

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse partners that overlap, and a window without years."""
        yield from super().problems()
        yield from overlaps((self.focal, self.loser, self.gainer))
        if self.window < 1:
            yield InputError(f"window = {self.window} is not possible.", "1 or more.")

    def compute(self, get: Inputs) -> Estimate:
        """Average shares at both ends, then compare B's gain with everybody's."""
        flows = self.flows(get)
        known = np.flatnonzero(np.isfinite(flows.total))
        if len(known) < 2 * self.window:
            raise OutOfCoverage(
                f"Trade of {self.focal} is known for {len(known)} years; two windows of "
                f"{self.window} are needed.",
                remedy="Ask for more years or a shorter window.",
            )
        ends = (known[: self.window], known[-self.window :])
        table = np.column_stack(
            [flows.of(self.loser), flows.of(self.gainer), self._others(flows)]
        ) / flows.total[:, None]  # fmt: skip
        before, after = (np.nan_to_num(table[rows]).mean(axis=0) for rows in ends)
        excess = excess_gain(before[1:], after[1:], before[0], after[0])
        large = np.maximum(before[1:], after[1:]) >= self.least
        large[0] = True
        figures = {
            "loser": after[0] - before[0],
            "gainer": after[1] - before[1],
            "even split": after[1] - before[1] - excess[0],
            "excess": excess[0],
            "rank p": rank_p(excess[large]),
        }
        spans = [f"{flows.years[rows[0]]}–{flows.years[rows[-1]]}" for rows in ends]
        cells = pl.DataFrame(
            {
                "state": [self.focal] * len(figures),
                "loser": [self.loser] * len(figures),
                "gainer": [self.gainer] * len(figures),
                "figure": list(figures),
                "period": [f"{spans[0]} to {spans[1]}"] * len(figures),
                "note": [f"{large.sum()} comparable partners"] * len(figures),
            }
        )
        return self.result(cells, np.array(list(figures.values())), range=(-1, 1))

    def _others(self, flows: Flows) -> np.ndarray:
        """Return the flows of all partners that are neither A nor B, nor members of them."""
        taken: set[str] = set()
        for actor in (self.loser, self.gainer):
            group = states.is_group(actor)
            taken |= {m.member for m in states.memberships(actor)} if group else {actor}
        return flows.table[:, [p not in taken for p in flows.partners]]
