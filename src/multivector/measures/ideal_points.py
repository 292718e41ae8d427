"""Ideal points: where states stand on the main dimension of voting, and between two powers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError, NoConvergence, UnknownName
from multivector.estimate import Estimate
from multivector.measures.roll_calls import sessions
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input, find
from multivector.step import Inputs, Measure, Step
from multivector.vote_set import VoteSetName

CHOICE = {3: 0, 2: 1, 1: 2}
"""Published vote codes as ordered choices: no, abstain, yes."""
WORST_RHAT = 1.05
BAILEY = Citation(
    "bailey2017",
    "article",
    "Bailey, Michael A. and Strezhnev, Anton and Voeten, Erik",
    "Estimating Dynamic State Preferences from United Nations Voting Data",
    2017,
    "Journal of Conflict Resolution 61(2):430-456",
    doi="10.1177/0022002715595700",
)
VEHTARI = Citation(
    "vehtari2021",
    "article",
    "Vehtari, Aki and Gelman, Andrew and Simpson, Daniel and Carpenter, Bob and Bürkner, "
    "Paul-Christian",
    "Rank-Normalization, Folding, and Localization: An Improved R-hat for Assessing Convergence "
    "of MCMC",
    2021,
    "Bayesian Analysis 16(2):667-718",
    doi="10.1214/20-BA1221",
)


@dataclass(frozen=True)
class IdealPoints(Measure):
    """Ideal points of states on the main dimension of General Assembly voting, by session.

    A vote is yes, abstain or no by where z = β_v θ_ct + ε falls among two ordered cutpoints,
    ε ~ N(0, 1); β_v ~ N(0, 1), cutpoints ~ N(0, 5²), θ_c1 ~ N(0, 1), and θ walks at random with
    variance q per elapsed session. The scale has mean 0 and standard deviation 1 over all
    state-sessions; ``higher`` lies above ``lower``. Draws are joint over states and sessions, so
    distances and positions between powers are computed draw by draw. Cells are (state, session,
    year), the year being that in which the session opened. A state without a vote in a session
    has no cell.

    Parameters
    ----------
    years
        First and last year of votes used; ``None`` takes all that are there.
    keep
        States that get a cell; empty keeps all. All states enter the estimation.
    q
        Variance of the walk per session; ``None`` estimates it.
    draws
        Posterior draws per chain; 0 gives the mode without an interval.

    Raises
    ------
    NoConvergence
        When split-R̂ of a reported position exceeds 1.05.

    Examples
    --------
    >>> IdealPoints(draws=0, keep=("KAZ", "RUS")).unit
    'standard deviations'
    """

    name: ClassVar[str] = "ideal_points"
    unit: ClassVar[str] = "standard deviations"
    citations: ClassVar[tuple[Citation, ...]] = (BAILEY, VEHTARI)
    votes: Step[Panel] = default_input("assembly_votes", "panels")
    roll_calls: Step[Panel] = default_input("assembly_roll_calls", "panels")
    _: KW_ONLY
    years: tuple[int, int] | None = None
    vote_set: VoteSetName = "all"
    higher: Actor = "USA"
    lower: Actor = "RUS"
    keep: tuple[Actor, ...] = ()
    q: float | None = None
    draws: int = 250
    chains: int = 4
    warmup: int = 100
    seed: int = 1

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups, an axis without ends, and numbers that make no sense."""
        for actor in (self.higher, self.lower, *self.keep):
            if states.is_group(actor):
                yield InputError(f"{actor} is a group.", "A state has an ideal point.")
        if self.higher == self.lower:
            yield InputError(f"{self.higher} cannot be both ends of the axis.")
        if self.draws < 0 or self.chains < 1 or self.warmup < 0:
            yield InputError("Draws, chains and warm-up count from zero, one and zero.")

    def compute(self, get: Inputs) -> Estimate:
        """Lay out the votes, find the mode, draw from the posterior, check that it mixed."""
        from multivector.stats.diagnostics import bulk_ess, split_rhat
        from multivector.stats.ideal_data import lay_out
        from multivector.stats.ideal_point import fit
        from multivector.stats.ideal_posterior import sample

        table = self._table(get)
        names = table["state"].unique().sort()
        at = {state: k for k, state in enumerate(names)}
        for end in (self.higher, self.lower):
            if end not in at:
                raise UnknownName("state in these votes", end, at)
        laid = lay_out(
            table["state"].replace_strict(at, return_dtype=pl.Int32).to_numpy(),
            table["session"].to_numpy(),
            table["item"].to_numpy(),
            table["choice"].to_numpy(),
        )
        threads = get.settings.threads
        mode = fit(laid, at[self.higher], at[self.lower], q=self.q, threads=threads)
        said = f"q = {mode.q:.4f} per session, {'estimated' if self.q is None else 'given'}"
        shown = np.array([not self.keep or names[int(u)] in self.keep for u in laid.unit])
        values = mode.theta[:, None]
        if self.draws:
            posterior = sample(
                laid,
                mode,
                draws=self.draws,
                chains=self.chains,
                warmup=self.warmup,
                seed=self.seed,
                draw_q=self.q is None,
                threads=threads,
            )
            reported = posterior.theta[shown].astype(np.float64)
            rhat, size = split_rhat(reported).max(), bulk_ess(reported).min()
            if rhat > WORST_RHAT:
                raise NoConvergence(
                    f"Split-R̂ of an ideal point is {rhat:.3f} (bulk sample size {size:.0f}).",
                    f"Possible: at most {WORST_RHAT}.",
                    "Ask for more draws or a longer warm-up.",
                )
            values = reported.reshape(int(shown.sum()), -1)
            said += f"; split-R̂ ≤ {rhat:.3f}, effective draws ≥ {size:.0f}"
        else:
            values = values[shown]
        session = laid.session[shown].astype(np.int64)
        return Estimate(
            pl.DataFrame(
                {
                    "state": [names[int(u)] for u in laid.unit[shown]],
                    "session": session,
                    "year": session + 1945,
                }
            ),
            values,
            label="Ideal point",
            unit=self.unit,
            draw_kind="posterior" if self.draws else "point",
            variant=f"{find('vote_sets', self.vote_set).label}; toward {self.higher}; {said}",
        )

    def _table(self, get: Inputs) -> pl.DataFrame:
        """Return one row a vote: state, session, item and choice."""
        calls = get(self.roll_calls).frame
        panel = get(self.votes, "vote").sound("vote")
        year = pl.col("date").dt.year()
        wanted = pl.lit(value=True) if self.years is None else year.is_between(*self.years)
        chosen = calls.filter(find("vote_sets", self.vote_set).holds(), wanted)
        chosen = chosen.select("rcid", "date", sessions(chosen).alias("session"))
        chosen = chosen.sort("date", "rcid").with_row_index("item")
        voted = panel.frame.filter(pl.col("vote").is_in(list(CHOICE)))
        table = voted.join(chosen, on=["rcid", "date"]).with_columns(
            pl.col("vote").replace_strict(CHOICE, return_dtype=pl.Int8).alias("choice")
        )
        if table.is_empty():
            raise InputError("No vote is left to estimate positions from.", remedy="Widen the set.")
        return table.sort("state", "session", "item")


@dataclass(frozen=True)
class AxisPosition(Measure):
    """Position of a state on the line between two powers: 0 at the first, 1 at the second.

    λ = (θ_i − θ_A)/(θ_B − θ_A) in each joint draw. Undefined in a session in which the order of
    the two powers is uncertain, the posterior probability of either sign of θ_B − θ_A being
    below .95: between powers that vote alike there is no line to stand on. Outside 0 to 1 the
    state lies beyond one of them.

    Parameters
    ----------
    positions
        Joint posterior of ideal points that holds the state and both powers.

    Examples
    --------
    >>> AxisPosition(focal="KAZ", power_a="RUS", power_b="USA").certainty
    0.95
    """

    name: ClassVar[str] = "axis_position"
    unit: ClassVar[str] = "index, 0 at the first power, 1 at the second"
    citations: ClassVar[tuple[Citation, ...]] = (BAILEY,)
    positions: Step[Estimate] = default_input("ideal_points", "measures")
    _: KW_ONLY
    focal: Actor
    power_a: Actor
    power_b: Actor
    others: tuple[Actor, ...] = ()
    certainty: float = 0.95

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a power set against itself and a certainty that is no probability."""
        if self.power_a == self.power_b:
            yield InputError(f"{self.power_a} cannot be both ends of the line.")
        if not 0.5 <= self.certainty <= 1:
            yield InputError(f"certainty = {self.certainty} is not possible.", "0.5 to 1.")

    def compute(self, get: Inputs) -> Estimate:
        """Divide differences of joint draws, session by session."""
        theta = get(self.positions)
        a, b = theta.select(state=self.power_a), theta.select(state=self.power_b)
        ends = _aligned(a, b)
        cells, draws = [], []
        for state in dict.fromkeys((self.focal, *self.others)):
            mine = theta.select(state=state)
            for k, (session, year) in enumerate(mine.cells.select("session", "year").rows()):
                if session not in ends:
                    continue
                first, second = ends[session]
                apart = second - first
                sure = max((apart > 0).mean(), (apart < 0).mean())
                line = apart if sure >= self.certainty else np.full_like(apart, np.nan)
                cells.append((state, self.power_a, self.power_b, session, year))
                draws.append((mine.draws[k] - first) / line)
        text = pl.String
        schema = {"state": text, "power_a": text, "power_b": text, "session": None, "year": None}
        return Estimate(
            pl.DataFrame(cells, schema, orient="row"),
            np.array(draws),
            label="Position between two powers",
            unit=self.unit,
            draw_kind=theta.draw_kind,
            variant=theta.variant,
        )


@dataclass(frozen=True)
class PositionGap(Measure):
    """Distance between two states' ideal points, |θ_i − θ_j|, from joint draws.

    In standard deviations of all state-sessions, ≥ 0; missing in a session without both.

    Examples
    --------
    >>> PositionGap(focal="KAZ", partners=("RUS", "USA")).unit
    'standard deviations'
    """

    name: ClassVar[str] = "position_gap"
    unit: ClassVar[str] = "standard deviations"
    citations: ClassVar[tuple[Citation, ...]] = (BAILEY,)
    positions: Step[Estimate] = default_input("ideal_points", "measures")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]

    def compute(self, get: Inputs) -> Estimate:
        """Take the absolute difference of joint draws, session by session."""
        theta = get(self.positions)
        cells, draws = [], []
        for partner in self.partners:
            both = _aligned(theta.select(state=self.focal), theta.select(state=partner))
            for session, (mine, theirs) in both.items():
                cells.append((self.focal, partner, session, session + 1945))
                draws.append(np.abs(mine - theirs))
        schema = {"state": pl.String, "partner": pl.String, "session": None, "year": None}
        return Estimate(
            pl.DataFrame(cells, schema, orient="row"),
            np.array(draws),
            label="Distance between ideal points",
            unit=self.unit,
            draw_kind=theta.draw_kind,
            variant=theta.variant,
            range=(0, None),
        )


def _aligned(a: Estimate, b: Estimate) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Return the joint draws of two states for each session in which both have a position."""
    first = dict(zip(a.cells["session"], a.draws, strict=True))
    second = dict(zip(b.cells["session"], b.draws, strict=True))
    return {s: (first[s], second[s]) for s in sorted(first.keys() & second.keys())}
