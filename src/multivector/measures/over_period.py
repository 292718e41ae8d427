"""A figure over a period: the mean of its years, or its change from the first to the last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import polars as pl

from multivector.errors import InputError, KeyMismatch, MultivectorError, OutOfCoverage
from multivector.estimate import Estimate
from multivector.measures._ledger import Floats
from multivector.step import Inputs, Step
from multivector.variable import year_ranges


@dataclass(frozen=True, kw_only=True)
class OverPeriod(Step[Estimate]):
    """A yearly figure over a period: the mean of its years, or its change over them.

    Mean: Σ_t x_t / n over the n years of the period in which the cell has a value. Change:
    x_last − x_first of those years; undefined with fewer than two. Draw by draw, so that what
    years have in common counts once. In the unit of the figure (a change of an index 0–1 lies
    between −1 and 1). A cell without a value in the period is missing.

    Parameters
    ----------
    of
        Step whose cells have a column ``year``.
    years
        First and last year.
    show
        Which of the two.

    Examples
    --------
    >>> from multivector.measures.balance import Balance
    >>> balance = Balance(focal="KAZ", partners=("RUS", "CHN"))
    >>> OverPeriod(of=balance, years=(2016, 2020)).show
    'mean'
    """

    name: ClassVar[str] = "over_period"
    example: ClassVar = {"of": {"step": "hhi"}}
    of: Step[Estimate]
    years: tuple[int, int]
    show: Literal["mean", "change"] = "mean"

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse periods that run backwards, and a change within one year."""
        first, last = self.years
        if first > last or (self.show == "change" and first == last):
            yield InputError(
                f"years {first}:{last} have no {self.show}.", "A first year, then a last one."
            )

    def compute(self, get: Inputs) -> Estimate:
        """Reduce the years of each cell."""
        return self._reduced(get(self.of))

    def replayed(self, get: Inputs, weights: Floats, uniform: Floats) -> Estimate:
        """Reduce replays of the figure; see ``DomainMeasure.replayed``."""
        step: Any = self.of
        return self._reduced(step.replayed(get, weights, uniform))

    def _reduced(self, found: Estimate) -> Estimate:
        if "year" not in found.key:
            raise KeyMismatch(f"{found.label} has no years.", "A yearly figure is needed.")
        key = [c for c in found.key if c != "year"]
        cells = found.cells.with_row_index("at").filter(pl.col("year").is_between(*self.years))
        if cells.is_empty():
            held = year_ranges(found.cells["year"].to_list())
            raise OutOfCoverage(
                f"{found.label} has no cell in {self.years[0]}–{self.years[1]}.", f"Known: {held}."
            )
        value = found.summary()["value"].fill_null(np.nan).to_numpy()
        groups = cells.sort("year").group_by(key, maintain_order=True).agg("at", "year")
        drawn, printed, used = [], [], set[int]()
        for at, years in groups.select("at", "year").iter_rows():
            known = [(i, y) for i, y in zip(at, years, strict=True) if np.isfinite(value[i])]
            rows = [i for i, _ in known]
            used |= {y for _, y in known}
            drawn.append(self._over(found.draws[rows]))
            printed.append(self._over(value[rows, None])[0])
        low, high = found.range
        label = found.label
        change = self.show == "change"
        wide = None if low is None or high is None else high - low
        index = found.unit == "index 0–1" and change
        what = "change between" if change else "mean of"
        ends = ((min(used), max(used)) if change else used) if used else ()
        return Estimate(
            groups.select(key),
            np.stack(drawn),
            label=f"Change of {label[:1].lower()}{label[1:]}" if change else label,
            unit="index −1 to 1" if index else found.unit,
            draw_kind=found.draw_kind,
            variant=f"{what} {', '.join(map(str, sorted(ends))) if change else year_ranges(ends)}; "
            + found.variant,
            range=found.range if not change else (None if wide is None else -wide, wide),
            observed=None if found.observed is None else np.array(printed),
        )

    def _over(self, values: Floats) -> Floats:
        """Reduce years × draws to draws."""
        if len(values) < (2 if self.show == "change" else 1):
            return np.full(values.shape[1], np.nan)
        return values[-1] - values[0] if self.show == "change" else values.mean(axis=0)
