"""Exact-hat Armington equilibria of a world of 200 states under 500 draws, against loops.

One border closes; trade, sizes and draws are made up, since the cost depends on the numbers of
states and draws only. The twin iterates the model's equations state by state in plain Python for
one draw in 500, and its time is scaled to all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.run import Case
from multivector.stats.general_equilibrium import Counterfactual, armington, stays_open

STATES, DRAWS = 200, 500
Array = NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """Flows between states, what each sells at home, elasticities, and what stays open."""

    trade: Array
    home: Array
    elasticity: Array
    kept: Array


def prepare() -> World:
    """A world of states of very unequal size, of which two stop trading."""
    rng = np.random.default_rng(2007)
    size = rng.lognormal(0, 2, STATES)
    trade = rng.lognormal(0, 1.5, (STATES, STATES)) * np.outer(size, size) / size.sum()
    trade[rng.random(trade.shape) < 0.3] = 0
    np.fill_diagonal(trade, 0)
    home = trade.sum(axis=1) * rng.uniform(0.5, 6, STATES)
    kept = stays_open(STATES, [3], [7])
    return World(trade, home, rng.uniform(3, 8, DRAWS), kept)


def fast(world: World) -> Counterfactual:
    """All draws together."""
    return armington(
        world.trade, world.home, world.elasticity, open_share=world.kept, transfers=0.0
    )


def slow(world: World) -> list[float]:
    """The first draw by damped iteration in loops."""
    e, n = float(world.elasticity[0]), STATES
    flows = (world.trade + np.diag(world.home)).tolist()
    kept = world.kept.tolist()
    output = [sum(row) for row in flows]
    spent = [sum(flows[i][j] for i in range(n)) for j in range(n)]
    share = [[flows[i][j] / spent[j] * kept[i][j] for j in range(n)] for i in range(n)]
    wage, world_income = [1.0] * n, sum(output)
    price = wage
    for _ in range(5_000):
        power = [w**-e for w in wage]
        price_power = [sum(share[i][j] * power[i] for i in range(n)) for j in range(n)]
        price = [p ** (-1 / e) for p in price_power]
        pull = [wage[j] * output[j] / price_power[j] for j in range(n)]
        demand = [
            power[i] * sum(a * b for a, b in zip(share[i], pull, strict=True)) for i in range(n)
        ]
        new = [
            w * (d / (w * y)) ** (1 / (1 + e)) for w, d, y in zip(wage, demand, output, strict=True)
        ]
        scale = world_income / sum(w * y for w, y in zip(new, output, strict=True))
        new = [w * scale for w in new]
        step = max(abs(a / b - 1) for a, b in zip(new, wage, strict=True))
        wage = new
        if step < 1e-11:
            break
    return [w / p for w, p in zip(wage, price, strict=True)]


def equal(result: Counterfactual, twin: list[float]) -> None:
    """Agree to eight digits on the draw that the twin did."""
    np.testing.assert_allclose(result.real_income[0], twin, rtol=1e-8)


CASE = Case(
    "general equilibrium",
    prepare,
    fast,
    slow,
    equal,
    floor=50.0,
    ceiling=10.0,
    slow_share=1 / DRAWS,
    size=f"{STATES} states x {DRAWS} draws; twin on one draw, scaled",
    repeat=3,
)
