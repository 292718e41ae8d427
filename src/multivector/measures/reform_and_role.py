"""Reform at home and role abroad: which comes first, over all states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from multivector.estimate import Estimate
from multivector.measures._feols import PanelFit, panel_fit, standardised
from multivector.measures.mechanisms import Mechanism
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step


@dataclass(frozen=True)
class ReformAndRole(Mechanism):
    """Whether visits of foreign leaders follow reform, and whether reform follows visits.

    ``estimate``: V_it = β·(D_{i,t−1} − D_{i,t−1−w}) + state + year + e, V = ln of the trips of
    foreign leaders that a state received, D its score of democracy. ``reverse``: (D_{i,t+w} −
    D_it) = β·V_{i,t−1} + state + year + e. ``placebo``: the first with the reform of the next state
    in the alphabet. All standardised: β is in standard deviations of the outcome per standard
    deviation. Errors clustered by state. Visits stand for the role abroad, of which they are one
    sign; lags order in time and do not identify an effect. A year without a recorded trip is
    left out, since the list does not say that there was none.

    Needs ``colt_trips``, which the user feeds; with the shipped V-Dem it covers 29 states.

    Examples
    --------
    >>> ReformAndRole().window
    3
    """

    name: ClassVar[str] = "mechanism_role"
    label: ClassVar[str] = "Reform at home and leaders' visits received"
    unit: ClassVar[str] = "index, standard deviations"
    design: ClassVar[str] = "panel with lags both ways, state and year effects, clustered by state"
    visits: Step[Panel] = default_input("colt_trips")
    regime: Step[Panel] = default_input("vdem")
    window: int = 3

    def compute(self, get: Inputs) -> Estimate:
        """Fit visits on past reform, reform to come on past visits, and the placebo."""
        regime = get(self.regime)
        score = regime.variables[0].name
        held = regime.frame.select("state", "year", score=pl.col(score)).drop_nulls()
        old = held.select("state", pl.col("year") + self.window, before="score")
        change = held.join(old, on=["state", "year"]).select(
            "state", "year", reform=pl.col("score") - pl.col("before")
        )
        visits = (
            get(self.visits, "state", "received")
            .frame.drop_nulls(["state", "received"])
            .group_by("state", "year")
            .agg(pl.col("received").sum())
            .filter(pl.col("received") > 0)
            .select("state", "year", visits=pl.col("received").log())
        )
        names = change["state"].unique().sort()
        following = dict(zip(names, [*names[1:], names[0]], strict=True))
        late = change.with_columns(pl.col("year") + 1)
        wrong = late.with_columns(state=pl.col("state").replace_strict(following))
        ahead = change.with_columns(pl.col("year") - self.window - 1)
        fits: dict[str, tuple[PanelFit, str]] = {}
        for figure, table, outcome, term in (
            ("estimate", late, "visits", "reform"),
            ("reverse", ahead, "reform", "visits"),
            ("placebo", wrong, "visits", "reform"),
        ):
            frame = standardised(visits.join(table, on=["state", "year"]), "visits", "reform")
            fits[figure] = (panel_fit(frame, outcome, (term,), ("state", "year")), term)
        return self.wrap(fits)
