"""Positions between powers from joint draws; the estimation itself is tested in tests/stats."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from multivector.errors import MultivectorError, NoConvergence, UnknownName
from multivector.estimate import Estimate
from multivector.measures.ideal_point_mode import IdealPointMode, lay_out
from multivector.measures.ideal_points import AxisPosition, IdealPoints, PositionGap
from multivector.panels.bridged_votes import BridgedVotes
from multivector.panels.own_roll_calls import OwnRollCalls
from multivector.runner import run
from multivector.settings import Settings
from multivector.stats.ideal_point import fit
from multivector.step import Inputs, Step

STATES = ("KAZ", "RUS", "USA")


@dataclass(frozen=True)
class Positions(Step[Estimate]):
    """Made-up joint draws of three states in two sessions; ``shift`` and ``scale`` move them."""

    name: ClassVar[str] = "toy_positions"
    seed: int = 1
    shift: float = 0.0
    scale: float = 1.0
    close: bool = False

    def compute(self, get: Inputs) -> Estimate:
        del get
        rng = np.random.default_rng(self.seed)
        centre = {"KAZ": 0.2, "RUS": 0.0, "USA": 0.1 if self.close else 3.0}
        cells = [(s, session, session + 1945) for s in STATES for session in (70, 71)]
        draws = np.array([centre[s] + 0.2 * rng.normal(size=400) for s, _, _ in cells])
        frame = pl.DataFrame(cells, ["state", "session", "year"], orient="row")
        return Estimate(frame, self.shift + self.scale * draws, "θ", "sd", "posterior")


@given(st.floats(-3, 3), st.floats(0.1, 4), st.booleans())
def test_position_is_free_of_location_scale_and_direction(
    shift: float, scale: float, flip: bool
) -> None:
    """λ is invariant to rotation (in one dimension, reflection), translation and scale."""
    plain = AxisPosition(Positions(), focal="KAZ", power_a="RUS", power_b="USA")
    moved = Positions(shift=shift, scale=-scale if flip else scale)
    other = AxisPosition(moved, focal="KAZ", power_a="RUS", power_b="USA")
    settings = Settings()
    np.testing.assert_allclose(run(plain, settings).draws, run(other, settings).draws, atol=1e-9)


def test_positions_from_either_end_add_up_to_one() -> None:
    one = run(AxisPosition(Positions(), focal="KAZ", power_a="RUS", power_b="USA"))
    other = run(AxisPosition(Positions(), focal="KAZ", power_a="USA", power_b="RUS"))
    np.testing.assert_allclose(one.draws, 1 - other.draws, atol=1e-12)
    assert one.draw_kind == "posterior"


def test_powers_are_at_nought_and_one() -> None:
    ends = AxisPosition(Positions(), focal="RUS", power_a="RUS", power_b="USA", others=("USA",))
    assert sorted(q.value for q in run(ends).quantities()) == [0, 0, 1, 1]


def test_without_an_order_of_the_powers_there_is_no_line() -> None:
    near = AxisPosition(Positions(close=True), focal="KAZ", power_a="RUS", power_b="USA")
    assert [q.known for q in run(near).quantities()] == [False, False]


def test_draws_are_joint_not_marginal() -> None:
    """The interval of a distance is that of the differences, draw by draw."""
    theta = run(Positions())
    gap = run(PositionGap(Positions(), focal="KAZ", partners=("USA",)))
    mine, theirs = (theta.select(state=s, session=70).draws[0] for s in ("KAZ", "USA"))
    np.testing.assert_array_equal(gap.select(session=70).draws[0], np.abs(mine - theirs))
    shuffled = np.abs(mine - np.sort(theirs))
    assert not np.allclose(np.std(shuffled), np.std(mine - theirs))


def test_a_line_has_two_ends() -> None:
    with pytest.raises(MultivectorError, match="both ends"):
        AxisPosition(Positions(), focal="KAZ", power_a="USA", power_b="United States")


# a group of one's own -----------------------------------------------------------------------------

VOTERS = ("Ada", "Ben", "Cy", "Dee", "Eve", "Fay", "Gus")
TRUE = dict(zip(VOTERS, np.linspace(1.5, -1.5, len(VOTERS)), strict=True))
TERMS, PER_TERM, SHARED = 3, 40, 10


@pytest.fixture(scope="module")
def parliament(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Votes drawn from the model by its definition; the first ten questions recur every term."""
    rng = np.random.default_rng(11)
    lines = ["voter,session,rcid,vote,item"]
    shared = [(rng.normal(0, 1.5), *np.sort(rng.normal(size=2))) for _ in range(SHARED)]
    for term in range(1, TERMS + 1):
        for k in range(PER_TERM):
            own = (rng.normal(0, 1.5), *np.sort(rng.normal(size=2)))
            beta, lower, upper = shared[k] if k < SHARED else own
            item = f"q{k}" if k < SHARED else f"t{term}-{k}"
            for name, theta in TRUE.items():
                z = beta * theta + rng.normal()
                vote = "no" if z < lower else "abstain" if z < upper else "yes"
                lines.append(f"{name},{term},t{term}-{k},{vote},{item}")
    path = tmp_path_factory.mktemp("parliament") / "votes.csv"
    path.write_text("\n".join([*lines, "Hal,1,t1-0,absent,q0"]), "utf-8")
    return path


def _mode(path: Path, **choices: Any) -> IdealPointMode:
    return IdealPointMode(OwnRollCalls(str(path)), higher="Ada", lower="Gus", **choices)


def test_any_group_is_placed_in_its_true_order(parliament: Path) -> None:
    found = run(IdealPoints(_mode(parliament), draws=0))
    assert found.cells.columns == ["voter", "session"]
    mean = {v: found.select(voter=v).draws.mean() for v in VOTERS}
    assert np.corrcoef(list(mean.values()), list(TRUE.values()))[0, 1] > 0.97
    assert mean["Ada"] > mean["Dee"] > mean["Gus"]
    assert "Ada above Gus" in found.variant
    assert abs(found.draws.mean()) < 1e-9
    assert found.draws.std() == pytest.approx(1)


def test_the_mode_satisfies_the_likelihood_as_written(parliament: Path) -> None:
    """No small change of a question's parameters raises its posterior, computed vote by vote."""
    frame = run(_mode(parliament)).frame.filter(pl.col("item") == "q3")
    assert frame["session"].n_unique() == TERMS
    names = ("discrimination", "lower", "upper")
    assert frame.select(names).unique().height == 1

    def log_posterior(beta: float, lower: float, upper: float) -> float:
        total = -(beta**2) / 2 - (lower**2 + upper**2) / 50
        for vote, theta in frame.select("vote", "ideal_point").iter_rows():
            below, above = norm.cdf(lower - beta * theta), norm.cdf(upper - beta * theta)
            total += np.log({1: 1 - above, 2: above - below, 3: below}[vote])
        return float(total)

    best = frame.select(names).row(0)
    at_best = log_posterior(*best)
    for k in range(3):
        for step in (-0.02, 0.02):
            moved = [x + step * (j == k) for j, x in enumerate(best)]
            assert log_posterior(*moved) < at_best


def test_an_earlier_mode_is_a_start_and_not_an_answer(parliament: Path, tmp_path: Path) -> None:
    """The first two terms are fitted, the third is added: the mode is that of a cold start."""
    lines = parliament.read_text("utf-8").splitlines()
    early = tmp_path / "early.csv"
    early.write_text("\n".join(ln for ln in lines if ln.split(",")[1] != "3"), "utf-8")
    start = _mode(early)
    assert run(start).frame["session"].max() == 2
    cold, warm = run(_mode(parliament)).frame, run(_mode(parliament, start=start)).frame
    for column in ("ideal_point", "discrimination", "lower", "upper"):
        np.testing.assert_allclose(warm[column], cold[column], atol=5e-3)


def test_draws_surround_the_mode_and_are_checked(parliament: Path) -> None:
    asked = IdealPoints(_mode(parliament, q=0.01), keep=("Ada", "Gus"), draws=120, draw_q=False)
    found = run(asked)
    assert found.draws.shape == (2 * TERMS, 480)
    assert found.draw_kind == "posterior"
    assert "split-R̂" in found.variant
    assert "given (0.0100), held" in found.variant
    table = found.summary()
    mode = run(IdealPoints(asked.mode, keep=asked.keep, draws=0)).draws[:, 0]
    assert (table["low"].to_numpy() < mode).all()
    assert (mode < table["high"].to_numpy()).all()


def test_chains_that_do_not_mix_are_refused(
    parliament: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One chain in four lies a standard deviation off, as after too short a warm-up."""
    rows = len(VOTERS) * TERMS
    theta = np.random.default_rng(5).normal(size=(rows, 4, 200)) + np.eye(4)[0][:, None]
    posterior: Any = SimpleNamespace(theta=theta.astype(np.float32))
    monkeypatch.setattr(
        "multivector.stats.ideal_posterior.sample", lambda *args, **choices: posterior
    )
    with pytest.raises(NoConvergence, match="Split-R̂"):
        run(IdealPoints(_mode(parliament), draws=200))


def test_wrong_choices_are_named(parliament: Path) -> None:
    with pytest.raises(MultivectorError, match="both ends"):
        IdealPointMode(higher="RUS", lower="RUS")
    with pytest.raises(MultivectorError, match="q = 0"):
        IdealPointMode(q=0.0)
    with pytest.raises(UnknownName, match="Ada"):
        run(IdealPointMode(OwnRollCalls(str(parliament)), higher="Adda", lower="Gus"))
    with pytest.raises(UnknownName, match="Nobody"):
        run(IdealPoints(_mode(parliament), draws=0, keep=("Nobody",)))


# the Assembly -------------------------------------------------------------------------------------


def test_mode_on_the_casebook_orders_the_powers() -> None:
    """Without an interval: the United States, then Britain, then Russia and Kazakhstan.

    The order is that of the published series (Bailey, Strezhnev & Voeten 2017) since 1992. The
    states may be written in any way that the table of states knows.
    """
    votes = BridgedVotes(years=(2015, 2017))
    mode = run(IdealPoints(IdealPointMode(votes), draws=0, keep=("USA", "GBR", "Russia", "KAZ")))
    at = {s: mode.select(state=s).draws[:, 0] for s in ("USA", "GBR", "RUS", "KAZ")}
    assert (at["USA"] > at["GBR"]).all()
    assert (at["GBR"] > at["RUS"]).all()
    assert (at["GBR"] > at["KAZ"]).all()
    assert mode.cells["year"].to_list() == (mode.cells["session"] + 1945).to_list()
    assert "linked as published" in mode.variant


def test_a_subset_of_issues_has_positions_of_its_own() -> None:
    """On nuclear weapons Britain and France stand beside the United States, Kazakhstan does not."""
    votes = BridgedVotes(years=(2010, 2019), vote_set="nuclear", bridging="none")
    found = run(IdealPoints(IdealPointMode(votes), draws=0))
    at = {s: found.select(state=s).draws.mean() for s in ("USA", "GBR", "FRA", "KAZ", "CUB")}
    assert min(at["GBR"], at["FRA"]) > at["KAZ"] > at["CUB"]
    assert at["USA"] > at["KAZ"] + 1
    assert "nuclear weapons" in found.variant
    assert "a question of its own" in found.variant


def test_two_years_in_which_nobody_moves_have_a_mode() -> None:
    """Roll calls of 2022 and 2023: the variance of the walk runs towards zero, and stays above."""
    panel = run(BridgedVotes(years=(2022, 2023)))
    units = dict(panel.frame.select("state", "unit").iter_rows())
    votes, _ = lay_out(panel.frame)
    found = fit(votes, units["USA"], units["RUS"], tolerance=1e-6)
    assert 0 < found.q < 1e-6
    held = fit(votes, units["USA"], units["RUS"], q=found.q, tolerance=1e-6)
    np.testing.assert_allclose(found.theta, held.theta, atol=1e-4)
