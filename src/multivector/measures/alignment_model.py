"""Alignment with a patron that trade, size and distance do not explain, from a panel of states."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError, OutOfCoverage
from multivector.estimate import Estimate
from multivector.measures._feols import panel_fit, standardised
from multivector.measures._series import DRAWS, SIDES
from multivector.measures.similarity import SIGNORINO
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.stats.breaks import Floats
from multivector.step import Inputs, Measure, Step

CAMERON = Citation(
    "cameron2015",
    "article",
    "Cameron, A. Colin and Miller, Douglas L.",
    "A Practitioner's Guide to Cluster-Robust Inference",
    2015,
    "Journal of Human Resources 50(2):317-372",
    doi="10.3368/jhr.50.2.317",
)
TERMS = ("dependence", "log_gdp", "log_distance", "democracy")


@dataclass(frozen=True)
class AlignmentPanel(Measure):
    """What alignment with a patron is set against, across states; see the subclasses.

    Parameters
    ----------
    similarity
        Similarity of votes of all dyads.
    trade, totals
        Reconciled exports by pair, and totals by state: dependence is the patron's share.
    gdp, distances
        Output of states, and distances between them.
    regime
        A table of state-years whose first column is a score of democracy, such as ``vdem``.
        Without one, regime is no term; states that it does not cover drop out with one.
    patron
        The state with which alignment is measured.
    years
        First and last year.
    """

    similarity: Step[Panel] = default_input("all_dyads", "panels")
    trade: Step[Panel] = default_input("baci")
    totals: Step[Panel] = default_input("baci_world")
    gdp: Step[Panel] = default_input("world_bank_gdp")
    distances: Step[Panel] = default_input("geodist")
    regime: Step[Panel] | None = None
    _: KW_ONLY
    patron: Actor = "RUS"
    years: tuple[int, int] = (2000, 2020)

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a group as patron, and years that run backwards."""
        if states.is_group(self.patron):
            yield InputError(f"{self.patron} is a group.", "A patron is a state.")
        if self.years[0] > self.years[1]:
            yield InputError(f"years {self.years[0]}:{self.years[1]} runs backwards.")

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms of the model."""
        return TERMS if self.regime is not None else TERMS[:-1]

    def table(self, get: Inputs) -> pl.DataFrame:
        """Return one row per state and year with alignment and every term known."""
        frame = (
            self._alignment(get)
            .join(self._dependence(get), on=["state", "year"])
            .join(_column(get(self.gdp), "log_gdp", log=True), on=["state", "year"])
            .join(self._distance(get), on="state")
        )
        if self.regime is not None:
            panel = get(self.regime)
            frame = frame.join(_column(panel, "democracy"), on=["state", "year"])
        return frame.drop_nulls().sort("state", "year")

    def _alignment(self, get: Inputs) -> pl.DataFrame:
        pairs = get(self.similarity, "s_absolute").frame.filter(
            pl.col("year").is_between(*self.years)
        )
        ours = [
            pairs.filter(pl.col(us) == self.patron).select(
                pl.col(them).alias("state"), "year", alignment="s_absolute"
            )
            for us, them in (("state", "partner"), ("partner", "state"))
        ]
        return pl.concat(ours)

    def _dependence(self, get: Inputs) -> pl.DataFrame:
        panel, totals = get(self.trade), get(self.totals)
        flow = panel.variables[0]
        if flow.coverage.states is not None and self.patron not in flow.coverage.states:
            raise OutOfCoverage(
                f"The trade table holds only some partners of {self.patron}.",
                f"All partners are there for: {', '.join(map(str, flow.coverage.states))}.",
                "Run `multivector fetch baci` for the full table.",
            )
        frame = panel.sound(flow.name).frame
        sides = [
            frame.filter(pl.col(us) == self.patron, pl.col(them) != self.patron).select(
                pl.col(them).alias("state"), "year", value=flow.name
            )
            for us, them in (("state", "partner"), ("partner", "state"))
        ]
        known = pl.when(pl.col("value").is_not_null().all()).then(pl.col("value").sum())
        pairs = pl.concat(sides).group_by("state", "year").agg(known.alias("value"))
        names = [v.name for v in totals.variables]
        whole = totals.frame.select("state", "year", total=pl.sum_horizontal(names))
        share = (pl.col("value") / pl.col("total")).clip(0, 1)
        return pairs.join(whole, on=["state", "year"]).select("state", "year", dependence=share)

    def _distance(self, get: Inputs) -> pl.DataFrame:
        frame = get(self.distances, "dist_km").frame.filter(pl.col("partner") == self.patron)
        return frame.select("state", log_distance=pl.col("dist_km").log())


@dataclass(frozen=True)
class AlignmentModel(AlignmentPanel):
    """Coefficients of a panel model of alignment with a patron.

    S_it = β·(patron's share of trade, ln GDP, ln distance[, democracy]) + year + e, with S
    Signorino and Ritter's similarity of votes; each β is the change of S with one standard
    deviation of the term. Least squares, errors clustered by state. Association, not effect:
    trade may follow alignment. The note gives the number of rows and states and the share of
    variance explained.

    Examples
    --------
    >>> AlignmentModel(patron="RUS").terms
    ('dependence', 'log_gdp', 'log_distance')
    """

    name: ClassVar[str] = "alignment_model"
    example: ClassVar = {"years": (2015, 2016)}
    unit: ClassVar[str] = "index of similarity per standard deviation"
    citations: ClassVar[tuple[Citation, ...]] = (SIGNORINO, CAMERON)

    def compute(self, get: Inputs) -> Estimate:
        """Fit on all states."""
        table = standardised(self.table(get), *self.terms)
        fit = panel_fit(table, "alignment", self.terms, ("year",))
        cells = pl.DataFrame({"patron": self.patron, "term": list(self.terms), "note": fit.words})
        return Estimate(
            cells,
            np.array([fit.draws(t) for t in self.terms]),
            label=f"Model of alignment with {self.patron}",
            unit=self.unit,
            draw_kind="sampling",
            variant=f"{self.years[0]}–{self.years[1]}, year effects, clustered by state",
            range=SIDES,
            observed=np.array([fit.terms[t].value for t in self.terms]),
        )


@dataclass(frozen=True, kw_only=True)
class UnexplainedAlignment(AlignmentPanel):
    """Alignment with a patron less than others in a state's situation show, by year.

    u_it = (E[S_it | terms, year] − S_it)/σ, the model being fitted without the state itself, and
    σ² = the residual variance of the others plus the error of the prediction; in standard
    deviations, positive for less alignment than expected. It is a residual: it holds preference,
    constraint, and whatever the model leaves out, so it is never proof of independence. The
    interval is that of the prediction's error alone.

    Examples
    --------
    >>> UnexplainedAlignment(focal="KAZ").patron
    'RUS'
    """

    name: ClassVar[str] = "unexplained_alignment"
    example: ClassVar = {"years": (2015, 2016)}
    unit: ClassVar[str] = "index, standard deviations"
    citations: ClassVar[tuple[Citation, ...]] = (SIGNORINO, CAMERON)
    focal: Actor
    others: tuple[Actor, ...] = ()

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse the patron among the states."""
        yield from super().problems()
        if self.patron in (self.focal, *self.others):
            yield InputError(f"{self.patron} cannot be its own patron.")

    def compute(self, get: Inputs) -> Estimate:
        """Fit without each state, then predict it."""
        table = standardised(self.table(get), *self.terms)
        cells: list[tuple[str, str, int, str]] = []
        values: list[float] = []
        draws: list[Floats] = []
        for state in dict.fromkeys((self.focal, *self.others)):
            rest = table.filter(pl.col("state") != state)
            own = table.filter(pl.col("state") == state)
            if own.is_empty() and state != self.focal:
                continue  # the variant names it
            if own.is_empty():
                raise OutOfCoverage(f"No year of {state} has votes, trade, output and distance.")
            fit = panel_fit(rest, "alignment", self.terms, ("year",))
            slopes = np.array([fit.terms[t].value for t in self.terms])
            left = rest["alignment"].to_numpy() - rest.select(self.terms).to_numpy() @ slopes
            effects = rest.select("year").with_columns(left=left).group_by("year").mean()
            x = own.select(self.terms).to_numpy()
            level = own.join(effects, on="year", how="left", maintain_order="left")["left"]
            expected = level.to_numpy() + x @ slopes
            prediction = np.einsum("ij,jk,ik->i", x, fit.covariance, x)
            sigma = np.sqrt(np.nanvar(fit.residuals) + prediction)
            u = (expected - own["alignment"].to_numpy()) / sigma
            even = fit.terms[self.terms[0]]._replace(value=0.0, error=1.0).draws(DRAWS)
            values += u.tolist()
            draws += list(u[:, None] + (np.sqrt(prediction) / sigma)[:, None] * even)
            cells += [(state, self.patron, y, fit.words) for y in own["year"]]
        schema = {"state": pl.String, "patron": pl.String, "year": pl.Int64, "note": pl.String}
        lost = sorted({*self.others} - {c[0] for c in cells})
        return Estimate(
            pl.DataFrame(cells, schema, orient="row"),
            np.array(draws),
            label=f"Alignment with {self.patron} less than expected",
            unit=self.unit,
            draw_kind="sampling",
            variant=f"expected from {', '.join(self.terms)} and year, {self.years[0]}–"
            f"{self.years[1]}; a residual, not proof of independence"
            + (f"; without {', '.join(lost)}, of which a term is not known" if lost else ""),
            range=SIDES,
            observed=np.array(values),
        )


def _column(panel: Panel, name: str, *, log: bool = False) -> pl.DataFrame:
    variable = panel.variables[0].name
    value = pl.col(variable).cast(pl.Float64)
    frame = panel.sound(variable).frame
    return frame.select("state", "year", (value.log() if log else value).alias(name))
