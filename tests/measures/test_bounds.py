"""Sharp bounds: no completion lies outside, and some completion attains each end."""

from __future__ import annotations

from itertools import product
from math import log
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector.measures.balance import Balance, Departure
from multivector.measures.bounds import BalanceBounds, DepartureBounds, PartitionBounds
from multivector.measures.partition import Partition
from multivector.runner import Runner
from multivector.stats import composition
from multivector.stats.bounds import mixed_departure_bounds, mixed_partition_bounds
from tests.measures.test_domains import Drawn, P

part = st.floats(0.01, 1)


def completions(n: int, steps: int) -> np.ndarray:
    """Every split of one over n + 1 places in steps, the last of which is outside."""
    grid = [c for c in product(range(steps + 1), repeat=n) if sum(c) <= steps]
    return np.array(grid, dtype=np.float64) / steps


@given(st.lists(part, min_size=3, max_size=3), st.floats(0, 0.8), st.lists(part, min_size=3,
       max_size=3))  # fmt: skip
def test_departures_of_all_completions_lie_between_and_reach_both_ends(
    mass: list[float], rest: float, target: list[float]
) -> None:
    a = np.array(mass) / sum(mass) * (1 - rest) * 0.9
    tau = np.array(target) / sum(target)
    found = mixed_departure_bounds(a, rest, tau)
    tried = [
        sum(q * log(q / t) for q, t in zip(x / x.sum(), tau, strict=True) if q > 0)
        for x in a + rest * completions(3, 24)
    ]
    assert min(tried) >= found.lower - 1e-9
    assert max(tried) == pytest.approx(float(found.upper), abs=1e-9)  # vertices are in the grid
    assert min(tried) <= found.lower + 0.08


@given(st.lists(st.tuples(part, part, part), min_size=1, max_size=2), st.floats(0.1, 0.9),
       st.floats(0.1, 0.9))  # fmt: skip
def test_partitions_of_all_completions_lie_between_and_reach_both_ends(
    domains: list[tuple[float, float, float]], known: float, cut: float
) -> None:
    shares = np.array(domains) / np.sum(domains, axis=1, keepdims=True)
    w = np.full(len(domains), known / len(domains))
    r = np.array([(1 - known) * cut, (1 - known) * (1 - cut)])
    lean = w * (shares[:, 0] - shares[:, 1])
    sums = lean.sum(), np.abs(lean).sum(), (w * (shares[:, 0] + shares[:, 1])).sum()
    found = mixed_partition_bounds(sums, r)
    # ends lie at corners, at even splits, or where leans cancel
    own = [np.clip((s * lean.sum() + t * r[1 - k]) / r[k], -1, 1)
           for k in (0, 1) for s in (-1, 0, 1) for t in (-1, 0, 1)]  # fmt: skip
    pure = [(max(x, 0.0), max(-x, 0.0)) for x in own]
    corners = [(1.0, 0.0), (0.0, 1.0), (0.0, 0.0), (0.5, 0.5), (0.2, 0.1), (0.3, 0.6)]
    seen: dict[str, list[float]] = {k: [] for k in found}
    for one, other in product([*corners, *pure], repeat=2):
        q = np.array([(x, y, 1 - x - y) for x, y in (one, other)])
        made = composition.partition(np.concatenate([shares, q]), np.concatenate([w, r]), [0], [1])
        seen["net lean"].append(abs(float(made.net_lean)))
        for name in ("offset", "evenness", "outside"):
            seen[name].append(float(getattr(made, name)))
    for name, bounds in found.items():
        assert min(seen[name]) == pytest.approx(float(bounds.lower), abs=1e-9), name
        assert max(seen[name]) == pytest.approx(float(bounds.upper), abs=1e-9), name


ASKED: dict[str, Any] = {"focal": "KAZ", "partners": P}
WHOLE = (Drawn(1, draws=20), Drawn(2, draws=20))
TARGET: dict[str, Any] = {"target": (0.5, 0.3, 0.2)}
SIDES: dict[str, Any] = {"power_a": "RUS", "power_b": "USA"}


def test_with_all_domains_measured_both_ends_are_the_measure_itself(run: Runner) -> None:
    cases: tuple[tuple[Any, Any, dict[str, Any]], ...] = (
        (BalanceBounds, Balance, {}),
        (DepartureBounds, Departure, TARGET),
        (PartitionBounds, Partition, SIDES),
    )
    for bound, own, more in cases:
        given_: Any = {**ASKED, **more, "domains": WHOLE}
        found, whole = run(bound(**given_)), run(own(**given_))
        for end in ("lowest", "highest"):
            np.testing.assert_allclose(found.select(end=end).draws, whole.draws, atol=1e-9)


def test_an_unmeasured_domain_keeps_its_weight_and_any_value_of_it_lies_between(
    run: Runner,
) -> None:
    lost = (*WHOLE, Drawn(3, missing=True))
    given_: Any = {**ASKED, "domains": lost, "weights": (0.5, 0.3, 0.2)}
    found = run(BalanceBounds(**given_))
    parts = run(PartitionBounds(**given_, **SIDES))
    for seed in range(3, 8):
        full: Any = {**given_, "domains": (*WHOLE, Drawn(seed, draws=20))}
        own = run(Balance(**full)).draws
        assert (own >= found.select(end="lowest").draws - 1e-9).all()
        assert (own <= found.select(end="highest").draws + 1e-9).all()
        four = run(Partition(**full, **SIDES)).draws
        assert (four >= parts.select(end="lowest").draws - 1e-9).all()
        assert (four <= parts.select(end="highest").draws + 1e-9).all()
    assert "no data, left out" in found.variant


def test_years_that_one_domain_lacks_are_bounded_too(run: Runner) -> None:
    late = (Drawn(1, draws=20), Drawn(2, draws=20, years=(2018, 2019)))
    found = run(BalanceBounds(**ASKED, domains=late))
    assert found.at(end="lowest", year=2020).known
    width = [
        (found.at(end="highest", year=y).value or 0) - (found.at(end="lowest", year=y).value or 0)
        for y in (2019, 2020)
    ]
    assert width[0] == pytest.approx(0, abs=1e-9)
    assert width[1] > 0.05
