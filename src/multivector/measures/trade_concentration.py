"""Concentration of trade over partners, as either side reports it or as reconciled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from multivector import states
from multivector.estimate import Estimate
from multivector.measures._by_view import LedgerMeasure
from multivector.measures._ledger import Floats, Flow
from multivector.measures.trade import EU, HIRSCHMAN, SHANNON
from multivector.origin import Citation
from multivector.stats import concentration
from multivector.step import Inputs


@dataclass(frozen=True, kw_only=True)
class ConcentrationByView(LedgerMeasure):
    """A measure of how concentrated a state's trade is, by view and by how the EU counts.

    Cells are (state, eu, view, year) with ``eu`` "one" (the members of today's EU as one partner)
    or "members". Partners without a record in the view do not enter; missing where no total is
    known.

    Parameters
    ----------
    flow
        ``exports``, ``imports``, or ``total``, their sum.
    """

    of: ClassVar[Callable[[Floats], Floats]]
    flow: Flow = "total"

    def compute(self, get: Inputs) -> Estimate:
        """Apply the kernel to the partners recorded in each year, members apart and summed."""
        rows: list[tuple[object, ...]] = []
        values: list[Floats] = []
        kernel = type(self).of
        for view, ledger in self.ledgers(get):
            table = np.nan_to_num(ledger.partners(self.focal, self.flow))
            known = np.isfinite(ledger.total(self.focal, self.flow))
            inside = np.isin(ledger.states, states.members(EU, ledger.years[-1]))
            union = np.hstack([table[:, ~inside], table[:, inside].sum(axis=1, keepdims=True)])
            for eu, amounts in (("members", table), ("one", union)):
                found = [kernel(x[x > 0]) if (x > 0).any() else np.nan for x in amounts]
                values.append(np.where(known, np.array(found, dtype=np.float64), np.nan))
                rows += [
                    (self.focal, eu, view, y, ledger.note(self.focal, y)) for y in ledger.years
                ]
        return self.result(rows, ["state", "eu", "view", "year"], values)


@dataclass(frozen=True, kw_only=True)
class TradeHHI(ConcentrationByView):
    """Herfindahl–Hirschman index of a state's goods trade over partners, by who reports it.

    HHI = Σ_j p_j²; 1/n (equal shares) to 1 (one partner).

    Examples
    --------
    >>> TradeHHI(focal="KAZ").flow
    'total'
    """

    name: ClassVar[str] = "trade_hhi"
    label: ClassVar[str] = "Concentration of trade (HHI)"
    unit: ClassVar[str] = "index 0–1"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, 1)
    citations: ClassVar[tuple[Citation, ...]] = (HIRSCHMAN,)
    of = staticmethod(concentration.hhi)


@dataclass(frozen=True, kw_only=True)
class NormalisedHHI(ConcentrationByView):
    """Herfindahl–Hirschman index of a state's goods trade, rescaled to the number of partners.

    (HHI − 1/n)/(1 − 1/n) over the n partners with which the state has recorded trade in the year;
    0 (equal shares) to 1 (one partner). n differs between views and years, so compare with HHI.

    Examples
    --------
    >>> NormalisedHHI(focal="KAZ").flow
    'total'
    """

    name: ClassVar[str] = "normalised_hhi"
    label: ClassVar[str] = "Concentration of trade (normalised HHI)"
    unit: ClassVar[str] = "index 0–1"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, 1)
    citations: ClassVar[tuple[Citation, ...]] = (HIRSCHMAN,)
    of = staticmethod(concentration.normalised_hhi)


@dataclass(frozen=True, kw_only=True)
class TradeEntropy(ConcentrationByView):
    """Shannon entropy of a state's goods trade over partners, in nats, by who reports it.

    H = −Σ_j p_j ln p_j; 0 (one partner) to ln n.

    Examples
    --------
    >>> TradeEntropy(focal="KAZ").unit
    'nats'
    """

    name: ClassVar[str] = "trade_entropy"
    label: ClassVar[str] = "Spread of trade (entropy)"
    unit: ClassVar[str] = "nats"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, None)
    citations: ClassVar[tuple[Citation, ...]] = (SHANNON,)
    of = staticmethod(concentration.entropy)


@dataclass(frozen=True, kw_only=True)
class TradeEffectivePartners(ConcentrationByView):
    """Effective number of a state's trade partners, by who reports it.

    1/HHI = 1/Σ_j p_j²: how many equal partners would be as concentrated; 1 to their number.

    Examples
    --------
    >>> TradeEffectivePartners(focal="KAZ").unit
    'effective partners'
    """

    name: ClassVar[str] = "trade_effective_partners"
    label: ClassVar[str] = "Effective number of trade partners"
    unit: ClassVar[str] = "effective partners"
    bounds: ClassVar[tuple[float | None, float | None]] = (1, None)
    citations: ClassVar[tuple[Citation, ...]] = (HIRSCHMAN,)
    of = staticmethod(concentration.effective_number_simpson)
