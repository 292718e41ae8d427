"""Published figures: values of a source, as they are, for named actors."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import polars as pl

from multivector.choices import Actor
from multivector.estimate import Estimate
from multivector.panel import Panel
from multivector.step import Inputs, Step


@dataclass(frozen=True)
class Published(Step[Estimate]):
    """The values of one variable of a dyadic source for one state and several partners.

    Cells are (state, partner, year), one per partner and year in which the source has any value
    for the state; a partner that the source does not print in such a year is missing. Nothing is
    computed; the unit is the source's own.

    Parameters
    ----------
    variable
        Name of the source's variable.
    state, partners
        The first and the second actor of the source's rows.

    Examples
    --------
    >>> from multivector.registry import find
    >>> book = find("sources", "factbook_partners")()
    >>> Published(book, variable="exports_share", state="KAZ", partners=("CHN",)).state
    'KAZ'
    """

    name: ClassVar[str] = "published"
    example: ClassVar = {
        "source": {"step": "factbook_partners"},
        "variable": "exports_share",
        "state": "KAZ",
    }
    source: Step[Panel]
    _: KW_ONLY
    variable: str
    state: Actor
    partners: tuple[Actor, ...]

    def compute(self, get: Inputs) -> Estimate:
        """Select the rows and lay them out, with nulls where the source is silent."""
        panel = get(self.source, self.variable)
        declared = panel.variable(self.variable)
        rows = panel.sound(self.variable).frame.filter(pl.col("state") == self.state)
        known = rows.filter(pl.col(self.variable).is_not_null())["year"].unique().sort()
        cells = pl.DataFrame({"state": [self.state]}).join(
            pl.DataFrame({"year": known}).join(
                pl.DataFrame({"partner": list(self.partners)}), how="cross"
            ),
            how="cross",
        )
        full = cells.select("state", "partner", "year").join(
            rows, on=["state", "partner", "year"], how="left", maintain_order="left"
        )
        values: Any = full[self.variable].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        return Estimate(
            full.select("state", "partner", pl.col("year").cast(pl.Int64)),
            values.reshape(-1, 1),
            label=declared.label,
            unit=declared.unit,
            variant="as published",
            range=declared.range,
        )
