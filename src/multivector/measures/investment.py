"""Foreign direct investment: each partner's share in stocks, net and gross inflows, kept apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, KeyMismatch, MultivectorError, UnitMismatch
from multivector.estimate import Estimate
from multivector.measures._ledger import Floats, wanted_years
from multivector.measures.trade import REST, overlaps
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.stats.dependence import recorded_total
from multivector.stats.summaries import ratio
from multivector.step import Inputs, Measure, Step
from multivector.variable import REPORTED_DYAD_YEAR, Variable

Figure = Literal["inward_stock", "outward_stock", "net_inflow", "gross_inflow"]
WORDS: dict[Figure, str] = {
    "inward_stock": "stock of inward direct investment at the end of the year",
    "outward_stock": "stock of outward direct investment at the end of the year",
    "net_inflow": "net inflow in the year, what was withdrawn taken off",
    "gross_inflow": "gross inflow in the year, what was withdrawn not taken off",
}
TABLES = (
    "wiiw_fdi has inward stocks and net inflows, imf_dip stocks, fdi_gross_inflow gross inflows"
)
WACKER = Citation(
    "wacker2016",
    "article",
    "Wacker, Konstantin M.",
    "When Should We Use Foreign Direct Investment Data to Measure the Activities of Multinational "
    "Corporations? Theory and Evidence",
    2016,
    "Review of International Economics 24(5):980-999",
    doi="10.1111/roie.12244",
)


@dataclass(frozen=True)
class InvestmentShare(Measure):
    """Share of each partner in a state's foreign direct investment, by immediate investor.

    p_j = x_j/Σ_k x_k of one figure: a stock, a net inflow or a gross inflow, which are never mixed.
    Σ is the published total where one is given, else the sum over recorded partners; ``ROW`` is
    what the named partners leave of it. Positions and net inflows can be negative, so a share may
    lie below 0 or above 1; of net inflows it is no part of a whole. Missing where the partner has
    no record or the total is not above zero. Holding companies hide the ultimate investor.

    Parameters
    ----------
    investment
        Investment by reporter and partner.
    totals
        Published totals of the same figure and unit, by state and year.
    of
        Which figure.
    negative
        What becomes of a negative position: ``keep`` reckons with it; ``leave out`` drops the
        partner, whose position is no part of a whole, and the note of the year counts such ones.
    years
        First and last year; ``None`` takes all.

    Examples
    --------
    >>> InvestmentShare(focal="KAZ", partners=("NLD",)).of
    'inward_stock'
    """

    name: ClassVar[str] = "investment_share"
    unit: ClassVar[str] = "share of investment"
    citations: ClassVar[tuple[Citation, ...]] = (WACKER,)
    investment: Step[Panel] = default_input("wiiw_fdi")
    totals: Step[Panel] | None = None
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    of: Figure = "inward_stock"
    negative: Literal["keep", "leave out"] = "keep"
    years: tuple[int, int] | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a group as focal state, and partners that overlap."""
        if states.is_group(self.focal):
            yield InputError(f"{self.focal} is a group.", "Investment is reported by states.")
        yield from overlaps((self.focal, *self.partners))

    def compute(self, get: Inputs) -> Estimate:
        """Take the share of each partner in the total of each year."""
        panel = get(self.investment)
        column = _column(panel, self.of)
        if panel.key != REPORTED_DYAD_YEAR:
            raise KeyMismatch(f"{panel.key} holds no investment by reporter, partner and year.")
        years = wanted_years(self.years, column.coverage)
        rows = panel.sound(column.name).frame.filter(pl.col("state") == self.focal)
        held = {
            (p, y): v
            for p, y, v in rows.select("partner", "year", column.name).drop_nulls().iter_rows()
        }
        known = {p for p, _ in held}
        notes: dict[int, str] = {}
        if self.negative == "leave out":
            below = [y for (_, y), v in held.items() if v < 0]
            notes = {y: f"Left out: {below.count(y)} negative positions." for y in set(below)}
            held = {cell: v for cell, v in held.items() if v >= 0}
        total = np.array(
            [recorded_total([v for (_, t), v in held.items() if t == y] or [np.nan]) for y in years]
        )
        if self.totals is not None:
            total = _published(get(self.totals), self.of, column, self.focal, years)
        named: list[Floats] = []
        for partner in self.partners:
            series = [
                recorded_total([held.get((m, y), np.nan) for m in _members(partner, y, known)])
                for y in years
            ]
            named.append(np.array(series, dtype=np.float64))
        rest = total - np.nansum(named, axis=0)
        whole = np.where(total > 0, total, np.nan)
        text = pl.String
        told = "the published total" if self.totals is not None else "the recorded partners"
        return Estimate(
            pl.DataFrame(
                [(self.focal, p, y, notes.get(y)) for p in (*self.partners, REST) for y in years],
                {"state": text, "partner": text, "year": pl.Int64, "note": text},
                orient="row",
            ),
            np.concatenate([ratio(x, whole) for x in (*named, rest)]).reshape(-1, 1),
            label="Share of direct investment",
            unit=self.unit,
            variant=f"{WORDS[self.of]}; share of {told}; immediate partners",
        )


def _members(actor: str, year: int, known: set[str]) -> list[str]:
    """Return the states of *actor* that the table has, or one that it has not."""
    inside = states.members(actor, year) if states.is_group(actor) else (actor,)
    return [m for m in inside if m in known] or [actor]


def _column(panel: Panel, of: Figure) -> Variable:
    found = next((v for v in panel.variables if v.name.startswith(of)), None)
    if found is None:
        have = ", ".join(v.name for v in panel.variables)
        raise KeyMismatch(f"No {of} is in this table of {have}.", f"{TABLES}.", "Choose the table.")
    return found


def _published(
    panel: Panel, of: Figure, column: Variable, focal: str, years: tuple[int, ...]
) -> Floats:
    total = _column(panel, of)
    if total.unit != column.unit:
        raise UnitMismatch(
            f"A total in {total.unit} is no total of figures in {column.unit}.",
            remedy="Give totals of the same table.",
        )
    rows = panel.sound(total.name).frame.filter(pl.col("state") == focal)
    held = dict(rows.select("year", total.name).drop_nulls().iter_rows())
    return np.array([held.get(y, np.nan) for y in years], dtype=np.float64)
