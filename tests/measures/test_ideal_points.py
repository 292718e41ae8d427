"""Positions between powers from joint draws; the estimation itself is tested in tests/stats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector.errors import MultivectorError, UnknownName
from multivector.estimate import Estimate
from multivector.measures.ideal_points import AxisPosition, IdealPoints, PositionGap
from multivector.measures.roll_calls import sessions
from multivector.runner import run
from multivector.settings import Settings
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


def test_session_of_a_day_where_none_is_recorded() -> None:
    days = pl.Series("date", ["2019-12-12", "2020-03-01", "2022-03-02"]).str.to_date()
    calls = pl.DataFrame([days, pl.Series("session", [None, 74, None], dtype=pl.Int64)])
    assert calls.select(sessions(calls).alias("s"))["s"].to_list() == [74, 74, 76]


def test_wrong_choices_are_named() -> None:
    with pytest.raises(MultivectorError, match="both ends"):
        IdealPoints(higher="RUS", lower="RUS")
    with pytest.raises(UnknownName, match="KAZ"):
        IdealPoints(keep=("KAZZ",))


@pytest.mark.slow
def test_mode_on_the_casebook_orders_the_powers() -> None:
    """Without an interval: the United States, then Britain, then Russia and Kazakhstan.

    The order is that of the published series (Bailey, Strezhnev & Voeten 2017) since 1992.
    """
    states = ("USA", "GBR", "RUS", "KAZ")
    mode = run(IdealPoints(years=(2010, 2019), draws=0, keep=states))
    at = {s: mode.select(state=s).draws[:, 0] for s in states}
    assert (at["USA"] > at["GBR"]).all()
    assert (at["GBR"] > at["RUS"]).all()
    assert (at["GBR"] > at["KAZ"]).all()
