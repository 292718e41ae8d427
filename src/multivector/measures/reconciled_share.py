"""Shares of goods trade reconciled from both sides' reports, with what their gap leaves open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass, field
from typing import ClassVar
from zlib import crc32

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError, OutOfCoverage
from multivector.estimate import Estimate
from multivector.measures._ledger import Floats, Flow, wanted_years
from multivector.measures.mirror import GAULIER, TEN_CATE, Reconciled
from multivector.measures.trade import REST, overlaps
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.step import Inputs, Measure, Step

_SIDES: dict[Flow, tuple[tuple[str, str], ...]] = {
    "total": (("state", "partner"), ("partner", "state")),
    "exports": (("state", "partner"),),
    "imports": (("partner", "state"),),
}
_WORDS = {"total": "exports and imports", "exports": "exports", "imports": "imports"}


@dataclass(frozen=True)
class ReconciledShare(Measure):
    """Share of each partner in a state's goods trade, reconciled from both sides' reports.

    p_j = x_j / Σ_k x_k with x_j exports and imports together (or one of them), each flow
    reconciled from what exporter and importer report (Gaulier & Zignago 2010). Each draw takes
    every flow from its log-t distribution, whose width comes from the reporters' usual errors and
    from their gap over this very flow; so a share is uncertain through all flows of the state. A
    bloc is the sum over its members of the year. The rest of the world is the cell ``ROW``; 0 to 1.
    A named partner with no reconciled flow is "no data".

    Parameters
    ----------
    trade
        A table of reconciled exports by pair with the error of each.
    flow
        ``exports``, ``imports``, or ``total``, their sum.
    years
        First and last year; ``None`` takes all that the table covers.
    draws, seed
        Draws of the flows, at least 2, and their seed.

    Examples
    --------
    >>> ReconciledShare(focal="KAZ", partners=("RUS", "EU27_2020")).draws
    500
    """

    name: ClassVar[str] = "reconciled_share"
    unit: ClassVar[str] = "share 0–1"
    citations: ClassVar[tuple[Citation, ...]] = (GAULIER, TEN_CATE)
    trade: Step[Panel] = field(default_factory=Reconciled)
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    flow: Flow = "total"
    years: tuple[int, int] | None = None
    draws: int = 500
    seed: int = 1

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a group as focal state, overlaps, and too few draws."""
        if states.is_group(self.focal):
            yield InputError(f"{self.focal} is a group.", "Reports are made by states.")
        yield from overlaps((self.focal, *self.partners))
        if self.draws < 2:
            yield InputError(f"{self.draws} draws make no interval.", "At least 2.")

    def compute(self, get: Inputs) -> Estimate:
        """Draw every flow of the focal state, add up by partner, divide."""
        panel = get(self.trade)
        years = wanted_years(self.years, panel.variable("exports_usd").coverage)
        flows = _flows(panel, self.focal, years, self.flow)
        if flows.is_empty():
            raise OutOfCoverage(f"No trade of {self.focal} is reported in these years.")
        rng = np.random.default_rng((self.seed, crc32(f"{self.name} {self.focal}".encode())))
        value, scale, freedom = (flows[c].to_numpy() for c in ("value", "scale", "freedom"))
        noise = rng.standard_t(freedom[:, None], (len(flows), self.draws))
        drawn = value[:, None] * np.exp(scale[:, None] * noise)
        names = (*self.partners, REST)
        drawn = np.column_stack([value, drawn])  # first the reconciled values themselves
        table = np.full((len(years), len(names), self.draws + 1), np.nan)
        them, when = flows["them"].to_numpy(), flows["year"].to_numpy()
        for t, year in enumerate(years):
            now = when == year
            if now.any():
                table[t] = _by_partner(drawn[now], them[now], self.partners, year)
        rows = [(self.focal, p, y) for y in years for p in names]
        keys = {"state": pl.String, "partner": pl.String, "year": pl.Int64}
        flat = table.reshape(len(rows), -1)
        return Estimate(
            pl.DataFrame(rows, keys, orient="row"),
            flat[:, 1:],
            label="Share of goods trade",
            unit=self.unit,
            draw_kind="posterior",
            variant=f"goods, {_WORDS[self.flow]}; both sides' reports reconciled, draws of their "
            "errors",
            range=(0, 1),
            observed=flat[:, 0],
        )


def _flows(panel: Panel, focal: str, years: tuple[int, ...], flow: Flow) -> pl.DataFrame:
    """Return every reconciled flow of the focal state: partner, year, value, scale, freedom."""
    parts = [
        panel.frame.filter(pl.col(us) == focal, pl.col("year").is_in(years)).select(
            "year",
            them=pl.col(them),
            value=pl.col("exports_usd").cast(pl.Float64),
            scale=pl.col("exports_log_scale").cast(pl.Float64),
            freedom=pl.col("exports_freedom").cast(pl.Float64),
        )
        for us, them in _SIDES[flow]
    ]
    return pl.concat(parts).drop_nulls().sort("year", "them")


def _by_partner(drawn: Floats, them: np.ndarray, partners: tuple[str, ...], year: int) -> Floats:
    """Return the shares of each partner and of the rest, by draw."""
    total = drawn.sum(axis=0)
    rest = np.ones(len(them), dtype=bool)
    rows: list[Floats] = []
    for partner in partners:
        who = states.members(partner, year) if states.is_group(partner) else (partner,)
        ours = np.isin(them, who)
        rest &= ~ours
        rows.append(drawn[ours].sum(axis=0) / total if ours.any() else np.full_like(total, np.nan))
    return np.stack([*rows, drawn[rest].sum(axis=0) / total])
