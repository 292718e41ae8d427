"""Mechanisms: assertions about strategy, each with a stated design, an estimate, a placebo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError, OutOfCoverage
from multivector.estimate import Estimate
from multivector.measures._feols import PanelFit, panel_fit, standardised
from multivector.measures._series import DRAWS, SIDES
from multivector.measures.alignment_model import CAMERON
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.stats import concentration
from multivector.step import Inputs, Measure, Step

BERTRAND = Citation(
    "bertrand2004",
    "article",
    "Bertrand, Marianne and Duflo, Esther and Mullainathan, Sendhil",
    "How Much Should We Trust Differences-in-Differences Estimates?",
    2004,
    "Quarterly Journal of Economics 119(1):249-275",
    doi="10.1162/003355304772839588",
)
Years = tuple[int, int]


@dataclass(frozen=True)
class Mechanism(Measure):
    """An assertion set against data: an association with its interval, and a placebo beside it.

    Cells: ``estimate`` and ``placebo``. A design that the note calls identified no further than an
    association says nothing of cause.
    """

    citations: ClassVar[tuple[Citation, ...]] = (CAMERON, BERTRAND)
    label: ClassVar[str]
    design: ClassVar[str]

    def wrap(self, fits: dict[str, tuple[PanelFit, str]]) -> Estimate:
        """Return one cell for each fit, by name, with the coefficient of its term."""
        cells = pl.DataFrame(
            {"figure": list(fits), "note": [fit.words for fit, _ in fits.values()]}
        )
        return Estimate(
            cells,
            np.array([fit.draws(term) for fit, term in fits.values()]).reshape(-1, DRAWS),
            label=self.label,
            unit=self.unit,
            draw_kind="sampling",
            variant=self.design,
            range=SIDES,
            observed=np.array([fit.terms[term].value for fit, term in fits.values()]),
        )


def effective_partners(trade: Panel, years: Years) -> pl.DataFrame:
    """Return 1/HHI of trade by state and year, for the states all of whose partners are there."""
    flow = trade.variables[0]
    frame = trade.sound(flow.name).frame.filter(pl.col("year").is_between(*years))
    both = [
        frame.select(pl.col(us).alias("us"), pl.col(them).alias("them"), "year", value=flow.name)
        for us, them in (("state", "partner"), ("partner", "state"))
    ]
    covered = flow.coverage.states
    held = pl.concat(both).filter(pl.col("us") != pl.col("them"))
    if covered is not None:
        held = held.filter(pl.col("us").is_in(covered))
    known = pl.when(pl.col("value").is_not_null().all()).then(pl.col("value").sum())
    sums = held.group_by("us", "them", "year").agg(known.alias("value"))
    rows = [
        (us, year, float(concentration.effective_number_simpson(part["value"].to_numpy()[None])[0]))
        for (us, year), part in sums.group_by("us", "year", maintain_order=True)
        if part["value"].null_count() == 0
    ]
    return pl.DataFrame(rows, ["state", "year", "partners"], orient="row").sort("state", "year")


@dataclass(frozen=True)
class TensionToSpread(Mechanism):
    """Whether states between two powers spread their trade as the powers' tension grows.

    ln P_it = β·(T_{t−1} × z_i) + state + year + e, with P = 1/HHI the effective number of partners,
    T = −S of the two powers' votes, standardised, and z_i the state's trade with the lesser of the
    two over its trade with both, in the first three years: states that trade with both are those
    the tension should move. ``placebo``: T_{t+2} in place of T_{t−1}; the future cannot work. In
    log points per standard deviation of tension and unit of z. Tension is one series: all
    that is common to all states goes into the year effects, and what is left is an association.

    Examples
    --------
    >>> TensionToSpread().powers
    ('USA', 'RUS')
    """

    name: ClassVar[str] = "mechanism_tension"
    example: ClassVar = {"years": (2000, 2020)}
    label: ClassVar[str] = "Tension between powers and the spread of trade"
    unit: ClassVar[str] = "index, log points"
    design: ClassVar[str] = "panel with lags, state and year effects, clustered by state"
    trade: Step[Panel] = default_input("baci")
    similarity: Step[Panel] = default_input("all_dyads", "panels")
    powers: tuple[Actor, Actor] = ("USA", "RUS")
    years: Years = (2000, 2020)

    def compute(self, get: Inputs) -> Estimate:
        """Lay out the panel, then fit with the past and with the future."""
        trade = get(self.trade)
        spread = effective_partners(trade, self.years).with_columns(spread=pl.col("partners").log())
        table = spread.join(self._exposure(trade), on="state").join(self._tension(get), on="year")
        fits: dict[str, tuple[PanelFit, str]] = {}
        for figure, column in (("estimate", "past"), ("placebo", "future")):
            frame = table.with_columns((pl.col(column) * pl.col("exposure")).alias("push"))
            fits[figure] = (panel_fit(frame, "spread", ("push",), ("state", "year")), "push")
        return self.wrap(fits)

    def _tension(self, get: Inputs) -> pl.DataFrame:
        a, b = sorted(self.powers)
        frame = get(self.similarity, "s_absolute").frame.filter(
            pl.col("state") == a, pl.col("partner") == b
        )
        series = frame.select("year", tension=-pl.col("s_absolute")).sort("year")
        series = standardised(series, "tension")
        return (
            series.select("year")
            .join(series.select(pl.col("year") + 1, past="tension"), on="year", how="left")
            .join(series.select(pl.col("year") - 2, future="tension"), on="year", how="left")
        )

    def _exposure(self, trade: Panel) -> pl.DataFrame:
        flow = trade.variables[0].name
        first = trade.frame.filter(pl.col("year").is_between(self.years[0], self.years[0] + 2))
        both = [
            first.filter(pl.col(them).is_in(self.powers)).select(
                pl.col(us).alias("state"), pl.col(them).alias("power"), value=flow
            )
            for us, them in (("state", "partner"), ("partner", "state"))
        ]
        sums = pl.concat(both).group_by("state", "power").agg(pl.col("value").sum())
        return (
            sums.group_by("state")
            .agg(low=pl.col("value").min(), all=pl.col("value").sum(), n=pl.len())
            .filter(pl.col("n") == 2, ~pl.col("state").is_in(self.powers))
            .select("state", exposure=pl.col("low") / pl.col("all"))
        )


@dataclass(frozen=True)
class GeographyToSpread(Mechanism):
    """Whether states near to several great powers spread their trade more.

    ln P_i = β·z_i + γ·ln GDP_i + e over states, P the effective number of partners on average over
    the years, z the second shortest distance to one of the powers (ln km), standardised: near to
    one is no choice, near to two is. A positive β says that those far from a second power spread
    more, against the assertion. ``placebo``: distance to states that are no power (the same
    reading). A cross-section: what else differs with place is in it.

    Examples
    --------
    >>> GeographyToSpread().powers
    ('RUS', 'CHN', 'USA', 'DEU')
    """

    name: ClassVar[str] = "mechanism_geography"
    example: ClassVar = {"years": (2010, 2020)}
    label: ClassVar[str] = "Place between powers and the spread of trade"
    unit: ClassVar[str] = "index, log points"
    design: ClassVar[str] = "cross-section of states, heteroskedasticity-robust errors"
    trade: Step[Panel] = default_input("baci")
    gdp: Step[Panel] = default_input("world_bank_gdp")
    distances: Step[Panel] = default_input("geodist")
    powers: tuple[Actor, ...] = ("RUS", "CHN", "USA", "DEU")
    placebos: tuple[Actor, ...] = ("AUS", "ZAF", "ARG", "NGA")
    years: Years = (2010, 2020)

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse fewer than two powers."""
        if min(len(self.powers), len(self.placebos)) < 2:
            yield InputError("A place between powers needs two powers, and two placebos.")

    def compute(self, get: Inputs) -> Estimate:
        """Average over years, then fit with powers and with placebos."""
        spread = effective_partners(get(self.trade), self.years).group_by("state").mean()
        gdp = get(self.gdp, "gdp_usd").frame.filter(pl.col("year").is_between(*self.years))
        size = gdp.group_by("state").agg(log_gdp=pl.col("gdp_usd").mean().log())
        space = get(self.distances, "dist_km").frame.drop_nulls()
        fits: dict[str, tuple[PanelFit, str]] = {}
        for figure, ends in (("estimate", self.powers), ("placebo", self.placebos)):
            near = (
                space.filter(pl.col("partner").is_in(ends), ~pl.col("state").is_in(ends))
                .group_by("state")
                .agg(second=pl.col("dist_km").sort().slice(1, 1).first().log())
            )
            frame = spread.join(near, on="state").join(size, on="state")
            frame = frame.with_columns(spread=pl.col("partners").log())
            frame = standardised(frame, "second", "log_gdp")
            fits[figure] = (panel_fit(frame, "spread", ("second", "log_gdp")), "second")
        return self.wrap(fits)


@dataclass(frozen=True)
class SanctionsToDiversion(Mechanism):
    """Whether a side's exports to the target's neighbours grew more than to others after sanctions.

    ln x_jt = β·(neighbour_j × after_t) + partner + year + e over the sanctioning side's partners j
    other than the target, a difference in differences; 0.5 is 65 % more than elsewhere.
    ``placebo``: the same with an event three years earlier, on the years before the true one.
    Errors clustered by partner; with five treated partners they are too small if anything, so
    ``rank p`` gives the share of partners whose own change is at least the mean of the treated.

    Examples
    --------
    >>> SanctionsToDiversion().event
    2022
    """

    name: ClassVar[str] = "mechanism_sanctions"
    example: ClassVar = {"years": (2014, 2023)}
    label: ClassVar[str] = "Sanctions and exports to the target's neighbours"
    unit: ClassVar[str] = "index, log points"
    design: ClassVar[str] = "difference in differences, partner and year effects"
    supplied: Step[Panel] = default_input("eurostat_exports")
    neighbours: tuple[Actor, ...] = ("KAZ", "KGZ", "ARM", "GEO", "UZB")
    target: Actor = "RUS"
    event: int = 2022
    years: Years = (2014, 2023)

    def compute(self, get: Inputs) -> Estimate:
        """Fit at the event and at the placebo, then rank the treated among all partners."""
        panel = get(self.supplied)
        flow = panel.variables[0].name
        table = (
            panel.sound(flow)
            .frame.filter(
                pl.col("year").is_between(*self.years),
                ~pl.col("partner").is_in([self.target]),
                pl.col(flow) > 0,
            )
            .select(state="partner", year="year", log=pl.col(flow).log())
        )
        treated = pl.col("state").is_in(self.neighbours)
        fits: dict[str, tuple[PanelFit, str]] = {}
        early = self.event - 3
        for figure, event, last in (
            ("estimate", self.event, self.years[1]),
            ("placebo", early, self.event - 1),
        ):
            frame = table.filter(pl.col("year") <= last).with_columns(
                after=(treated & (pl.col("year") >= event)).cast(pl.Float64)
            )
            fits[figure] = (panel_fit(frame, "log", ("after",), ("state", "year")), "after")
        found = self.wrap(fits)
        late = pl.col("year") >= self.event
        change = (
            table.group_by("state")
            .agg(change=pl.col("log").filter(late).mean() - pl.col("log").filter(~late).mean())
            .drop_nulls()
        )
        ours = change.filter(treated)["change"].to_numpy()
        others = change.filter(~treated)["change"].to_numpy()
        if not ours.size or not others.size:
            raise OutOfCoverage("No treated or no other partner has both periods.")
        p = float((1 + (others >= ours.mean()).sum()) / (1 + others.size))
        note = f"{len(others)} other partners"
        cells = pl.concat([found.cells, pl.DataFrame({"figure": ["rank p"], "note": [note]})])
        return Estimate(
            cells,
            np.vstack([found.draws, np.full((1, DRAWS), np.nan)]),
            label=self.label,
            unit=self.unit,
            draw_kind="sampling",
            variant=self.design,
            range=SIDES,
            observed=np.append(found.observed if found.observed is not None else [], p),
        )


@dataclass(frozen=True)
class ReformToUnrest(Mechanism):
    """Whether conflict breaks out more often after democracy has changed fast.

    onset_it = β·|D_{i,t−1} − D_{i,t−4}| + γ·D_{i,t−1} + δ·D²_{i,t−1} + year + e, D the score of
    democracy, a linear hazard of the onset of conflict at home; β is the change of the yearly
    probability per standard deviation of speed. ``placebo``: the speed two years after.
    Errors clustered by state. Speed is not assigned: a regime in trouble reforms and falls.

    Examples
    --------
    >>> ReformToUnrest().window
    3
    """

    name: ClassVar[str] = "mechanism_reform"
    label: ClassVar[str] = "Speed of political change and onset of conflict"
    unit: ClassVar[str] = "share of years with an onset, per standard deviation"
    design: ClassVar[str] = "linear hazard, year effects, clustered by state"
    onsets: Step[Panel] = default_input("ucdp_onsets")
    regime: Step[Panel] = default_input("vdem")
    window: int = 3

    def compute(self, get: Inputs) -> Estimate:
        """Join onsets with earlier and with later speed."""
        from multivector import states
        from multivector.measures._tie import code

        regime, onsets = get(self.regime), get(self.onsets, "onsets_2")
        score = regime.variables[0].name
        held = regime.frame.select("state", "year", score=pl.col(score)).drop_nulls()
        system = onsets.key.system
        pairs = held.select("state", "year").unique().iter_rows()
        codes = pl.DataFrame(
            [(s, y, str(code(s, system, y))) for s, y in pairs if states.exists(s, y)],
            {"state": pl.String, "year": pl.Int64, "code": pl.String},
            orient="row",
        )
        began = onsets.frame.select(
            "year", code=pl.col("state").cast(pl.String), onset=(pl.col("onsets_2") > 0)
        )
        base = codes.join(began, on=["code", "year"]).with_columns(pl.col("onset").cast(pl.Float64))
        fits: dict[str, tuple[PanelFit, str]] = {}
        for figure, shift in (("estimate", 1), ("placebo", -2 - self.window)):
            late = held.select("state", pl.col("year") + shift, level="score")
            early = held.select("state", pl.col("year") + shift + self.window, before="score")
            frame = base.join(late, on=["state", "year"]).join(early, on=["state", "year"])
            frame = frame.with_columns(
                speed=(pl.col("level") - pl.col("before")).abs(), square=pl.col("level") ** 2
            )
            frame = standardised(frame, "speed")
            terms = ("speed", "level", "square")
            fits[figure] = (panel_fit(frame, "onset", terms, ("year",)), "speed")
        return self.wrap(fits)


UNIDENTIFIED: dict[str, str] = {
    "belt": "Chinese commitments go where alignment is expected to follow, and no public record of "
    "what moved them apart from that is known; influence is not told from selection.",
    "role": "Visits are one sign of a role abroad, and lags order in time only: what brings both "
    "reform and visits is in no table.",
    "biography": "A military career is the one line of biography in an open table of all leaders. "
    "Where leaders were schooled and served, as the article has it, is in none, and each state has "
    "had few leaders: a leader's effect is not told from that of the times in office.",
}
"""Effects that these data cannot identify, whatever the association, and why."""
