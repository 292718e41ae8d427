"""Re-export signal: more from the sanctioning side as more goes to the target of sanctions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError, OutOfCoverage
from multivector.estimate import Estimate
from multivector.measures._ledger import Floats, money_scale, reported_column
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.stats.summaries import ratio
from multivector.step import Inputs, Measure, Step
from multivector.variable import REPORTED_DYAD_YEAR, Variable, year_ranges

CHUPILKIN = Citation(
    "chupilkin2023",
    "techreport",
    "Chupilkin, Maxim and Javorcik, Beata and Plekhanov, Alexander",
    "The Eurasian Roundabout: Trade Flows into Russia through the Caucasus and Central Asia",
    2023,
    "EBRD Working Paper 276",
)


@dataclass(frozen=True)
class ReexportSignal(Measure):
    """Excess imports from the sanctioning side that excess exports to the target can match.

    With x̄ the mean of the base years, E_t = max(0, min(m_t − m̄, x_t − x̄))/m̄: m what the state
    imports from the sanctioning side, x what it exports to the target, both in current US dollars;
    ≥ 0, and 0.5 means that half of the base year's imports could have been passed on. The cells
    ``excess imports`` and ``excess exports`` are (m_t − m̄)/m̄ and (x_t − x̄)/x̄. Years between base
    and event are placebos: growth and inflation show there too.

    All goods are in it, so it is a signal and no proof: what is passed on cannot be told from what
    is used. The two tables have different reporters, and both are named in the sources.

    Parameters
    ----------
    supplied
        The sanctioning side's exports by partner.
    delivered
        A table keyed by reporter, with the target's or the state's reports.
    told_by
        Who reports the exports to the target: ``target`` (its imports) or ``state``. Russia has
        published none since 2022: its rows at the IMF are its partners' reports from then on.
    rates
        US dollars per euro by year, where the tables differ in currency.
    base, event
        First and last base year, and the year from which sanctions count.

    Examples
    --------
    >>> ReexportSignal(focal="KGZ").event
    2022
    """

    name: ClassVar[str] = "reexport_signal"
    unit: ClassVar[str] = "share of base-year trade"
    citations: ClassVar[tuple[Citation, ...]] = (CHUPILKIN,)
    supplied: Step[Panel] = default_input("eurostat_exports")
    delivered: Step[Panel] = default_input("imf_imts")
    rates: Step[Panel] = default_input("exchange_rates")
    _: KW_ONLY
    focal: Actor
    target: Actor = "RUS"
    told_by: Literal["target", "state"] = "target"
    base: tuple[int, int] = (2016, 2018)
    event: int = 2022

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups, and periods out of order."""
        if states.is_group(self.focal) or states.is_group(self.target):
            yield InputError("State and target are states.")
        if not self.base[0] <= self.base[1] < self.event:
            yield InputError(f"base {self.base} does not end before {self.event}.")

    def compute(self, get: Inputs) -> Estimate:
        """Set both flows against their base years."""
        rates = dict(get(self.rates).frame.select("year", "usd_per_eur").iter_rows())
        supply = get(self.supplied)
        came = _series(supply, reported_column(supply, "exports"), None, self.focal, rates)
        table = get(self.delivered)
        if table.key != REPORTED_DYAD_YEAR:
            raise InputError("delivered does not say who reports.", "Such as imf_imts.")
        if self.told_by == "target":
            column = reported_column(table, "imports")
            went = _series(table, column, self.target, self.focal, rates)
        else:
            column = reported_column(table, "exports")
            went = _series(table, column, self.focal, self.target, rates)
        years = sorted(came.keys() & went.keys())
        base = [y for y in years if self.base[0] <= y <= self.base[1]]
        if len(base) < self.base[1] - self.base[0] + 1:
            raise OutOfCoverage(
                f"Both flows of {self.focal} are known for {year_ranges(years) or 'no year'}; the "
                f"base is {self.base[0]}–{self.base[1]}.",
                remedy="Choose base years that both tables cover.",
            )
        m, x = (np.array([flow[y] for y in years], dtype=np.float64) for flow in (came, went))
        inside = np.isin(years, base)
        more_in, more_out = m - m[inside].mean(), x - x[inside].mean()
        figures: dict[str, Floats] = {
            "signal": ratio(np.maximum(np.minimum(more_in, more_out), 0.0), m[inside].mean()),
            "excess imports": ratio(more_in, m[inside].mean()),
            "excess exports": ratio(more_out, x[inside].mean()),
        }
        period = ["base" if y in base else "after" if y >= self.event else "placebo" for y in years]
        cells = pl.concat(
            pl.DataFrame({"year": years, "period": period}).select(
                state=pl.lit(self.focal),
                target=pl.lit(self.target),
                figure=pl.lit(figure),
                period="period",
                year=pl.col("year").cast(pl.Int64),
            )
            for figure in figures
        )
        return Estimate(
            cells,
            np.concatenate(list(figures.values())).reshape(-1, 1),
            label="Re-export signal, all goods",
            unit=self.unit,
            variant=f"base {self.base[0]}–{self.base[1]}, event {self.event}; exports to the "
            f"target as the {self.told_by} reports them; current USD",
            range=(-1, None),
        )


def _series(
    panel: Panel, column: Variable, state: str | None, partner: str, rates: dict[int, float]
) -> dict[int, float]:
    """Return one flow by year in USD; years that are blank, or spoilt by a defect, are left out."""
    rows = panel.sound(column.name).frame.filter(pl.col("partner") == partner)
    if state is not None:
        rows = rows.filter(pl.col("state") == state)
    scale, euro = money_scale(column.unit), "EUR" in column.unit
    return {
        y: v * scale * (rates[y] if euro else 1.0)
        for y, v in rows.select("year", column.name).drop_nulls().iter_rows()
        if not euro or y in rates
    }
