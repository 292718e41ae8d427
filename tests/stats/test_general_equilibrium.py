from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multivector.errors import InputError, NoConvergence, Problems
from multivector.stats import general_equilibrium as ge
from multivector.stats.general_equilibrium import armington, stays_open

Economy = tuple[np.ndarray, np.ndarray]


def made(n: int, seed: int, balanced: bool = False) -> Economy:
    """A world of states of very unequal size, with gaps in its trade."""
    rng = np.random.default_rng(seed)
    size = rng.lognormal(0, 1.5, n)
    trade = rng.lognormal(0, 1, (n, n)) * np.outer(size, size) / size.sum()
    trade[rng.random((n, n)) < 0.2] = 0
    trade = trade + trade.T if balanced else trade
    np.fill_diagonal(trade, 0)
    return trade, size * rng.uniform(0.5, 5, n)


def by_hand(
    trade: np.ndarray, home: np.ndarray, e: float, cost: np.ndarray, transfers: float
) -> list[float]:
    """Real income by the plainest iteration of the model's equations, in loops."""
    n = len(home)
    x = [[home[i] if i == j else trade[i][j] for j in range(n)] for i in range(n)]
    made_ = [sum(x[i]) for i in range(n)]
    spent = [sum(x[i][j] for i in range(n)) for j in range(n)]
    wage, price = [1.0] * n, [1.0] * n
    for _ in range(20_000):
        price = [
            sum(x[i][j] / spent[j] * (wage[i] * cost[i][j]) ** -e for i in range(n)) ** (-1 / e)
            for j in range(n)
        ]
        demand = [
            sum(
                x[i][j]
                / spent[j]
                * (wage[i] * cost[i][j] / price[j]) ** -e
                * (wage[j] * made_[j] + transfers * (spent[j] - made_[j]))
                for j in range(n)
            )
            for i in range(n)
        ]
        new = [wage[i] * (demand[i] / (wage[i] * made_[i])) ** 0.1 for i in range(n)]
        scale = sum(made_) / sum(w * y for w, y in zip(new, made_, strict=True))
        new = [w * scale for w in new]
        if max(abs(a / b - 1) for a, b in zip(new, wage, strict=True)) < 1e-15:
            break
        wage = new
    return [w / p for w, p in zip(wage, price, strict=True)]


@pytest.mark.parametrize("transfers", [0.0, 1.0])
@pytest.mark.parametrize("seed", [1, 2])
def test_loops_over_the_equations_give_the_same(seed: int, transfers: float) -> None:
    trade, home = made(5, seed)
    cost = np.random.default_rng(seed).uniform(0.8, 1.6, (5, 5))
    found = armington(trade, home, [3.0, 6.0], cost_change=cost, transfers=transfers)
    for draw, e in enumerate((3.0, 6.0)):
        twin = by_hand(trade, home, e, cost, transfers)
        np.testing.assert_allclose(found.real_income[draw], twin, rtol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_without_a_shock_nothing_changes(seed: int) -> None:
    trade, home = made(30, seed)
    found = armington(trade, home, np.linspace(2, 9, 7), cost_change=np.ones((30, 30)))
    for hat in (found.wage, found.price, found.real_income):
        assert np.abs(hat - 1).max() < 1e-12
    share = home / (home + trade.sum(axis=0))
    assert np.abs(found.home_share - share).max() < 1e-12


def test_two_like_states_have_a_closed_form() -> None:
    """Ŵ = (h + (1 − h) τ^−ε)^(1/ε); with h = .8, τ = 1.2, ε = 5 it is .9748405612."""
    for draws in (1, 3):
        epsilon = np.full(draws, 5.0)
        cost = [[1, 1.2], [1.2, 1]]
        found = armington([[0, 0.2], [0.2, 0]], [0.8, 0.8], epsilon, cost_change=cost)
        np.testing.assert_allclose(found.real_income, 0.9748405612, rtol=0, atol=5e-11)
        np.testing.assert_allclose(found.real_income, (0.8 + 0.2 * 1.2**-5) ** (1 / 5), rtol=1e-13)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.floats(0.5, 12), st.sampled_from([0.0, 1.0]))
def test_identities(seed: int, epsilon: float, transfers: float) -> None:
    """Arkolakis, Costinot & Rodríguez-Clare (2012): Ŵ = (home share's hat)^(−1/ε)."""
    trade, home = made(8, seed)
    rng = np.random.default_rng(seed)
    cost = np.where(np.eye(8) > 0, 1.0, rng.uniform(0.9, 1.5, (8, 8)))
    found = armington(trade, home, epsilon, cost_change=cost, transfers=transfers)
    hat = found.home_share[0] / (home / (home + trade.sum(axis=0)))
    np.testing.assert_allclose(found.real_income[0], hat ** (-1 / epsilon), rtol=1e-10)
    output = home + trade.sum(axis=1)
    assert abs((found.wage[0] * output).sum() / output.sum() - 1) < 1e-11  # the numeraire
    scaled = armington(7 * trade, 7 * home, epsilon, cost_change=cost, transfers=transfers)
    np.testing.assert_allclose(scaled.real_income, found.real_income, rtol=1e-9)


def test_dearer_everywhere_is_poorer_by_as_much() -> None:
    """Homogeneity: τ̂ = c on all flows, home ones too, divides real income by c, wages stay."""
    trade, home = made(12, 4)
    found = armington(trade, home, [2.0, 5.0], cost_change=np.full((12, 12), 1.3))
    np.testing.assert_allclose(found.real_income, 1 / 1.3, rtol=1e-12)
    np.testing.assert_allclose(found.wage, 1.0, rtol=1e-12)


def test_closing_is_the_limit_of_getting_dearer() -> None:
    trade, home = made(10, 6)
    shut = stays_open(10, [0], [1, 2])
    closed = armington(trade, home, 4.0, open_share=shut, transfers=0)
    dear = armington(trade, home, 4.0, cost_change=np.where(shut == 0, 1e6, 1.0), transfers=0)
    endless = armington(trade, home, 4.0, cost_change=np.where(shut == 0, np.inf, 1.0), transfers=0)
    np.testing.assert_allclose(dear.real_income, closed.real_income, rtol=1e-12)
    np.testing.assert_array_equal(endless.real_income, closed.real_income)
    base = armington(trade, home, 4.0, transfers=0)
    assert closed.real_income[0, 0] < base.real_income[0, 0]


def test_autarky_costs_the_gains_from_trade() -> None:
    """With all trade closed Ŵ = λ^(1/ε), λ the home share (Arkolakis et al. 2012, eq. 2)."""
    trade, home = made(9, 3, balanced=True)
    found = armington(trade, home, [3.0, 8.0], open_share=np.eye(9), transfers=0)
    share = home / (home + trade.sum(axis=0))
    expected = share ** (1 / np.array([[3.0], [8.0]]))
    np.testing.assert_allclose(found.real_income, expected, rtol=1e-11)


def test_a_share_of_routes_is_a_share_of_varieties() -> None:
    """Keeping the share θ of a flow equals τ̂ = θ^(−1/ε) on it."""
    trade, home = made(6, 8)
    kept = np.ones((6, 6))
    kept[0, 1:] = 0.4
    some = armington(trade, home, 5.0, open_share=kept, transfers=0)
    cost = armington(trade, home, 5.0, cost_change=kept ** (-1 / 5.0), transfers=0)
    np.testing.assert_allclose(some.real_income, cost.real_income, rtol=1e-12)


def test_transfers_can_be_taken_out_first() -> None:
    """Solving from the balanced economy gives the same ratio as two solutions of the observed."""
    trade, home = made(7, 11)
    shut = stays_open(7, [0], [3])
    base = armington(trade, home, 5.0, transfers=0)
    both = armington(trade, home, 5.0, open_share=shut, transfers=0)
    w, p = base.wage[0], base.price[0]
    spent, output = trade.sum(0) + home, trade.sum(1) + home
    flows = trade + np.diag(home)
    balanced = flows / spent * (w[:, None] / p) ** -5.0 * (w * output)
    own = np.diag(balanced).copy()
    np.fill_diagonal(balanced, 0)
    direct = armington(balanced, own, 5.0, open_share=shut)
    np.testing.assert_allclose(
        direct.real_income[0], both.real_income[0] / base.real_income[0], rtol=1e-10
    )


def test_draws_do_not_touch_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    trade, home = made(12, 5)
    rng = np.random.default_rng(0)
    epsilon = rng.uniform(3, 8, 9)
    homes = home * rng.uniform(0.8, 1.2, (9, 1))
    cost = np.where(rng.random((9, 12, 12)) < 0.9, 1.0, rng.uniform(1, 2, (9, 12, 12)))
    together = armington(trade, homes, epsilon, cost_change=cost)
    monkeypatch.setattr(ge, "BLOCK", 1)
    blocks = armington(trade, homes, epsilon, cost_change=cost)
    np.testing.assert_allclose(blocks.real_income, together.real_income, rtol=1e-10)
    monkeypatch.setattr(ge, "DENSE", 10_000)
    sparse = armington(trade, homes, epsilon, cost_change=cost)
    np.testing.assert_allclose(sparse.real_income, together.real_income, rtol=1e-10)
    for k in (0, 8):
        alone = armington(trade, homes[k], epsilon[k], cost_change=cost[k])
        np.testing.assert_allclose(alone.real_income[0], together.real_income[k], rtol=1e-10)


def test_a_deficit_that_cannot_be_paid_has_no_equilibrium() -> None:
    trade = np.array([[0.0, 5.0], [1.0, 0.0]])
    with pytest.raises(NoConvergence, match="transfers"):
        armington(trade, [1.0, 1.0], 5.0, open_share=np.eye(2), transfers=1.0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"trade": [[0, 1, 2], [1, 0, 2]]}, "shape"),
        ({"trade": [[0, -1], [1, 0]]}, "cannot have"),
        ({"trade": [[0, np.nan], [1, 0]]}, "cannot have"),
        ({"trade": [[3, 1], [1, 0]]}, "cannot have"),
        ({"home": [1, 0]}, "own goods|cannot have"),
        ({"home": [1, 1, 1]}, "home has shape"),
        ({"elasticity": -1.0}, "positive"),
        ({"cost_change": [[1, 0], [1, 1]]}, "cost_change is out of range"),
        ({"open_share": [[1, 2], [1, 1]]}, "open_share is out of range"),
        ({"open_share": [1, 2]}, "open_share has shape"),
        ({"open_share": [[0, 1], [1, 1]]}, "closed to itself"),
    ],
)
def test_what_is_no_economy_is_refused(change: dict[str, Any], words: str) -> None:
    sound: dict[str, Any] = {"trade": [[0, 1], [1, 0]], "home": [4, 4], "elasticity": 5.0}
    arguments = {**sound, **change}
    world = [arguments.pop(name) for name in ("trade", "home", "elasticity")]
    with pytest.raises((InputError, Problems)) as caught:
        armington(*world, **arguments)
    assert re.search(words, str(caught.value))


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(Problems) as caught:
        armington([[0, -1], [1, 0]], [1, 0], -1.0)
    assert len(caught.value.exceptions) == 3
