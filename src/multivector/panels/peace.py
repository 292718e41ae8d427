"""Peace years: how long nothing has happened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multivector.errors import KeyMismatch
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.step import Inputs, Step
from multivector.variable import Variable

_BTSCS = Citation(
    "beck1998",
    "article",
    "Beck, Nathaniel and Katz, Jonathan N. and Tucker, Richard",
    "Taking Time Seriously: Time-Series-Cross-Section Analysis with a Binary Dependent Variable",
    1998,
    "American Journal of Political Science 42(4):1260-1288",
    doi="10.2307/2991857",
)


@dataclass(frozen=True)
class PeaceYears(Step[Panel]):
    """A table with the years since an event last occurred, or since the record of the unit begins.

    For a unit (a state or a dyad) and year t, p(t) = t − 1 − max(e, s − 1), where e is the last
    year before t with the event and s the first year of the unbroken run of rows in which the
    event is known; so p is 0 in the first year and in the year after an event, and counts on in
    the year of an event itself. What came before the record is not known: p is then the least
    possible number. p is missing where the event is missing, and stays so, after a gap in what is
    known, until the event occurs again. A break in the unit's years begins a new run.

    The new variable is called after the event, with ``_peace_years`` at the end; it is covered
    where the event is.

    Parameters
    ----------
    base
        A table with one row per unit and year.
    event
        Its variable that is above 0 where the event occurs, such as a dispute.

    References
    ----------
    Beck, N., Katz, J. N. and Tucker, R. (1998). Taking Time Seriously. American Journal of
    Political Science 42(4): 1260–1288. doi:10.2307/2991857

    Examples
    --------
    >>> count_years(np.ones(5, bool), np.array([0.0, 0, 1, 0, 0])).tolist()
    [0.0, 1.0, 2.0, 0.0, 1.0]
    """

    name: ClassVar = "peace_years"
    citations: ClassVar = (_BTSCS,)

    base: Step[Panel]
    event: str

    def compute(self, get: Inputs) -> Panel:
        """Count within each unbroken run of a unit's years."""
        panel = get(self.base)
        event = panel.variable(self.event)
        if "year" not in panel.key.columns:
            raise KeyMismatch(f"{panel.key} has no years to count.")
        units = [c for c in panel.key.columns if c != "year"]
        frame = panel.frame.sort(*units, "year")
        same = [pl.col(c) == pl.col(c).shift() for c in units]
        on = pl.all_horizontal(*same, pl.col("year") == pl.col("year").shift() + 1)
        joined = frame.select(on.fill_null(value=False).alias("on")).to_series().to_numpy()
        happened = frame[self.event].cast(pl.Float64).to_numpy()
        name = f"{self.event}_peace_years"
        years = pl.Series(name, count_years(joined, happened)).fill_nan(None).cast(pl.Int32)
        variable = Variable(
            name,
            f"Years since the last event, or since the record begins: {event.label}",
            "years",
            event.coverage,
            range=(0, None),
            origins=event.origins,
        )
        return replace(
            panel,
            frame=frame.with_columns(years).sort(panel.key.columns),
            variables=(*panel.variables, variable),
            trusted=True,
        )


def count_years(joined: NDArray[np.bool_], event: NDArray[Any]) -> NDArray[np.float64]:
    """Return peace years of rows sorted by unit and year.

    Parameters
    ----------
    joined
        Whether a row follows the one before it: same unit, next year (the first is ignored).
    event
        Above 0 where the event occurs, NaN where that is not known.
    """
    n = len(event)
    if not n:
        return np.zeros(0)
    index, unknown = np.arange(n), np.isnan(event)
    begins = ~joined.astype(bool)
    begins[0] = True
    run = np.maximum.accumulate(np.where(begins, index, 0))
    known_before = np.cumsum(~unknown) - ~unknown  # rows before this one with a known event
    first_known = ~unknown & (known_before == known_before[run])
    after_event = np.r_[False, event[:-1] > 0] & ~begins
    start = np.maximum.accumulate(np.where(begins | first_known | after_event, index, 0))
    gaps = np.cumsum(unknown)
    lost = gaps - gaps[start] + unknown[start] > 0
    return np.where(lost, np.nan, index - start)
