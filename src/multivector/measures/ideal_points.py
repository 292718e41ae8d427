"""Ideal points: where voters stand on the main dimension of voting, and between two powers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import polars as pl

from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError, NoConvergence
from multivector.estimate import Estimate
from multivector.measures.ideal_point_mode import (
    BAILEY,
    POINT,
    WALK,
    lay_out,
    named,
    point,
    voter,
)
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Measure, Step

if TYPE_CHECKING:
    from multivector.stats.ideal_posterior import Posterior

WORST_RHAT = 1.05
EVERYWHERE = (-np.inf, np.inf)
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
    """Ideal points of voters on the main dimension of their roll calls, by session.

    A vote is yes, abstain or no by where z = β_v θ_ct + ε falls among two ordered cutpoints,
    ε ~ N(0, 1); β_v ~ N(0, 1), cutpoints ~ N(0, 5²), θ_c1 ~ N(0, 1), and θ walks at random with
    variance q per elapsed session. Roll calls on the same question share β and cutpoints. The
    scale has mean 0 and standard deviation 1 over all voter-sessions; its direction is that of
    the mode. Draws are joint over voters and sessions, so distances and positions between powers
    are computed draw by draw. Cells are (voter, session) and, where the votes tell it, the year
    in which the session opened. A voter without a vote in a session has no cell.

    Parameters
    ----------
    mode
        Votes with the posterior mode; it holds the choice of votes, period, bridging and axis.
    keep
        Voters that get a cell, states in any spelling; empty keeps all. All enter the estimation.
    draws, chains, warmup
        Posterior draws per chain, chains, and draws before the first that counts; 0 draws give
        the mode without an interval.
    thin
        Sweeps of the sampler for each draw.
    draw_q
        Whether q is drawn as well, or held at that of the mode.

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
    example: ClassVar = {"draws": 0}
    unit: ClassVar[str] = "standard deviations"
    citations: ClassVar[tuple[Citation, ...]] = (BAILEY, VEHTARI)
    mode: Step[Panel] = default_input("ideal_point_mode", "measures")
    _: KW_ONLY
    keep: tuple[str, ...] = ()
    draws: int = 200
    chains: int = 4
    warmup: int = 40
    thin: int = 2
    draw_q: bool = True
    seed: int = 1

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse numbers that make no sense."""
        if self.draws < 0 or self.chains < 1 or self.warmup < 0 or self.thin < 1:
            yield InputError(
                "Draws and warm-up count from zero, chains and sweeps for a draw from one."
            )

    def compute(self, get: Inputs) -> Estimate:
        """Take the mode, or draw from the posterior around it and check that the draws mix."""
        from multivector.stats.ideal_posterior import sample

        panel = get(self.mode)
        who, year = voter(panel.key), [c for c in ("opened",) if c in panel.frame.columns]
        names = panel.frame.group_by("unit", "session", *year).agg(
            pl.col(who).sort_by(panel.key.columns[:-1]).last(), pl.col(POINT).first()
        )
        kept = [named(k, panel.key, names[who].unique()) for k in self.keep]
        cells = names.sort("unit", "session").with_row_index("row")
        cells = cells.filter(pl.col(who).is_in(kept)) if kept else cells
        values, checked = cells[POINT].to_numpy()[:, None], ""
        if self.draws:
            laid, items = lay_out(panel.frame)
            posterior = sample(
                laid,
                point(panel.frame, laid, items),
                draws=self.draws,
                chains=self.chains,
                warmup=self.warmup,
                thin=self.thin,
                seed=self.seed,
                draw_q=self.draw_q,
                threads=get.settings.threads,
            )
            values, checked = _mixed(posterior, cells["row"].to_numpy())
            checked = f", {'drawn' if self.draw_q else 'held'}{checked}"
        labels = (panel.variable(n).label for n in ("vote", "item", POINT, WALK))
        walk = f"{panel.frame[WALK][0]:.4f}"
        return Estimate(
            cells.select(who, "session", *(pl.col(y).alias("year") for y in year)),
            values,
            label="Ideal point",
            unit=self.unit,
            draw_kind="posterior" if self.draws else "point",
            variant=f"{'; '.join(labels)} ({walk}){checked}",
            range=EVERYWHERE,
        )


def _mixed(posterior: Posterior, rows: np.ndarray) -> tuple[np.ndarray, str]:
    """Return the draws of some rows, chain after chain, and in words how well the chains mix.

    Raises
    ------
    NoConvergence
        When split-R̂ of one of them exceeds 1.05.
    """
    from multivector.stats.diagnostics import bulk_ess, split_rhat

    reported = posterior.theta[rows].astype(np.float64)
    rhat, size = split_rhat(reported).max(), bulk_ess(reported).min()
    if rhat > WORST_RHAT:
        raise NoConvergence(
            f"Split-R̂ of an ideal point is {rhat:.3f} (bulk sample size {size:.0f}).",
            f"Possible: at most {WORST_RHAT}.",
            "Ask for more draws or a longer warm-up.",
        )
    said = f"; split-R̂ ≤ {rhat:.3f}, effective draws ≥ {size:.0f}"
    return reported.reshape(rows.size, -1), said


@dataclass(frozen=True)
class AxisPosition(Measure):
    """Position of a state on the line between two powers: 0 at the first, 1 at the second.

    λ = (θ_i − θ_A)/(θ_B − θ_A) in each joint draw. Undefined in a session in which the order of
    the two powers is uncertain, the posterior probability of either sign of θ_B − θ_A being
    below .95: between powers that vote alike there is no line to stand on. Outside 0 to 1 the
    state lies beyond one of them. A mode without draws knows no probability, and its order of the
    powers is taken as it is.

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
            range=EVERYWHERE,
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
        years = dict(theta.cells.select("session", "year").iter_rows())
        cells, draws = [], []
        for partner in self.partners:
            both = _aligned(theta.select(state=self.focal), theta.select(state=partner))
            for session, (mine, theirs) in both.items():
                cells.append((self.focal, partner, session, years[session]))
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
