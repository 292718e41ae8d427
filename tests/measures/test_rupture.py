from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import triang

from multivector.errors import InputError, OutOfCoverage, Problems
from multivector.measures import rupture
from multivector.measures.rupture import LossIfClosed
from multivector.measures.transit import TransitDependence
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.stats.general_equilibrium import armington, stays_open
from multivector.stats.summaries import triangular

from .trade_toys import Exports, Sizes, Totals

STATES = ("CHN", "KAZ", "RUS", "USA", "UZB")
FIXED: dict[str, Any] = {
    "elasticity": (5.0, 5.0, 5.0),
    "output_ratio": (2.0, 2.0, 2.0),
    "draws": 2,
}


def world(seed: int = 2) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    trade = rng.uniform(1, 20, (5, 5)) * 1e3
    np.fill_diagonal(trade, 0)
    return trade, rng.uniform(30, 300, 5) * 1e3


def steps(trade: np.ndarray, gdp: np.ndarray, covered: tuple[str, ...] = ()) -> dict[str, Any]:
    """The world as tables, in thousand USD; with *covered*, only the rows of some states."""
    rows = tuple(
        (a, b, 2019, float(trade[i, j]))
        for i, a in enumerate(STATES)
        for j, b in enumerate(STATES)
        if i != j and (not covered or {a, b} & {*covered})
    )
    sums = tuple(
        (s, 2019, float(trade[k].sum()), float(trade[:, k].sum())) for k, s in enumerate(STATES)
    )
    return {
        "trade": Exports(rows, states=covered),
        "totals": Totals(sums),
        "gdp": Sizes(tuple((s, 2019, float(g) * 1e3) for s, g in zip(STATES, gdp, strict=True))),
    }


def test_the_loss_is_that_of_the_model_on_these_flows(run: Runner) -> None:
    trade, gdp = world()
    found = run(LossIfClosed(**steps(trade, gdp), focal="KAZ", partners=("RUS",), **FIXED))
    home = 2 * gdp - trade.sum(axis=1)
    shut = stays_open(5, [1], [2])
    base = armington(trade, home, 5.0, transfers=0).real_income[0, 1]
    closed = armington(trade, home, 5.0, open_share=shut, transfers=0).real_income[0, 1]
    cost = np.where(shut == 0, 1.1, 1.0)
    dearer = armington(trade, home, 5.0, cost_change=cost, transfers=0).real_income[0, 1]
    assert found.at(case="closed").value == pytest.approx(1 - closed / base, rel=1e-9)
    assert found.at(case="10% dearer").value == pytest.approx(1 - dearer / base, rel=1e-9)
    assert found.at(case="closed").value > found.at(case="10% dearer").value > 0
    routed = found.at(case="closed with transit")
    assert routed.value is None
    assert "oil_share" in routed.note


def test_assumptions_are_said_and_are_an_origin(run: Runner) -> None:
    trade, gdp = world()
    found = run(LossIfClosed(**steps(trade, gdp), focal="KAZ", partners=("RUS",), draws=50))
    assert found.draw_kind == "assumption"
    assert "trade elasticity 3–8, most likely 5" in found.variant
    assert [o.kind for o in found.origins].count("assumption") == 1
    cell = found.at(case="closed")
    assert cell.low < cell.value < cell.high


def test_transit_adds_the_share_of_exports_that_crosses(run: Runner) -> None:
    """With the shipped routes 62.218 of 64.3 million tonnes of 2022 cross Russia."""
    crossed = run(TransitDependence(focal="KAZ"))
    share = (52.2 + 8 + 2.018) / 64.3
    assert crossed.at(partner="RUS", year=2022).value == pytest.approx(share)
    assert "lower bound" in crossed.at(partner="RUS", year=2023).note
    trade, gdp = world()
    chosen = {**FIXED, "oil_share": (0.5, 0.5, 0.5)}
    found = run(LossIfClosed(**steps(trade, gdp), focal="KAZ", partners=("RUS", "UZB"), **chosen))
    home = 2 * gdp - trade.sum(axis=1)
    kept = stays_open(5, [1], [2])
    kept[1, [0, 3, 4]] = 1 - 0.5 * share
    base = armington(trade, home, 5.0, transfers=0).real_income[0, 1]
    routed = armington(trade, home, 5.0, open_share=kept, transfers=0).real_income[0, 1]
    cell = found.at(partner="RUS", case="closed with transit")
    assert cell.value == pytest.approx(1 - routed / base, rel=1e-9)
    assert "97%" in cell.note
    assert found.at(partner="UZB", case="closed with transit").value is None


def test_with_few_states_covered_the_rest_is_one_region(run: Runner) -> None:
    trade, gdp = world()
    part = run(LossIfClosed(**steps(trade, gdp, ("KAZ",)), focal="KAZ", partners=("RUS",), **FIXED))
    names, rest = [1, 2], [0, 3, 4]  # Kazakhstan, Russia; China, United States, Uzbekistan
    small = np.zeros((3, 3))
    small[:2, :2] = trade[np.ix_(names, names)]
    small[:2, 2] = trade[np.ix_(names, rest)].sum(axis=1)
    small[2, :2] = trade[np.ix_(rest, names)].sum(axis=0)
    sizes = np.array([*gdp[names], gdp[rest].sum()])
    home = 2 * sizes - small.sum(axis=1)
    base = armington(small, home, 5.0, transfers=0).real_income[0, 0]
    shut = stays_open(3, [0], [1])
    closed = armington(small, home, 5.0, open_share=shut, transfers=0).real_income[0, 0]
    assert part.at(case="closed").value == pytest.approx(1 - closed / base, rel=1e-9)
    whole = run(LossIfClosed(**steps(trade, gdp), focal="KAZ", partners=("RUS",), **FIXED))
    assert part.at(case="closed").value == pytest.approx(whole.at(case="closed").value, rel=0.1)


def test_what_is_not_known_has_no_figure_and_says_why(run: Runner) -> None:
    trade, gdp = world()
    some = steps(trade, gdp)
    some["gdp"] = Sizes(tuple(r for r in some["gdp"].rows if r[0] != "RUS"))
    cell = run(LossIfClosed(**some, focal="KAZ", partners=("RUS",), **FIXED)).at(case="closed")
    assert cell.value is None
    assert "GDP of Russia" in cell.note
    with pytest.raises(OutOfCoverage, match="only some partners of UZB"):
        run(LossIfClosed(**steps(trade, gdp, ("KAZ",)), focal="UZB", partners=("KAZ",), **FIXED))


def test_a_bloc_from_a_part_of_the_table_says_how_its_members_count(run: Runner) -> None:
    found = run(LossIfClosed(focal="KAZ", partners=("EU27_2020", "RUS"), draws=2))
    assert "members of EU-27 (2020)" in found.at(case="closed", partner="EU27_2020").note
    assert not found.at(case="closed", partner="RUS").note


@pytest.mark.parametrize(
    "change",
    [
        {"elasticity": (5.0, 3.0, 8.0)},
        {"output_ratio": (0.8, 1.0, 2.0)},
        {"oil_share": (0.5, 0.9, 1.2)},
        {"draws": 0},
        {"partners": ("EU27_2020", "DEU")},
        {"focal": "EU27_2020", "partners": ("USA",)},
    ],
)
def test_choices_that_make_no_sense_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises((InputError, Problems)):
        LossIfClosed(**{"focal": "KAZ", "partners": ("RUS",), **change})


def test_draws_follow_the_triangular_distribution() -> None:
    """Quantiles against scipy's, and an even cover of the unit square."""
    u = np.linspace(0.01, 0.99, 50)
    ours = triangular(u, (3.0, 5.0, 8.0))
    np.testing.assert_allclose(ours, triang.ppf(u, 0.4, 3, 5), rtol=1e-12)
    points = rupture._unit_square(2_000)
    counts = np.histogram2d(*points.T, bins=10, range=[[0, 1], [0, 1]])[0]
    assert counts.min() >= 15
    assert counts.max() <= 25


def test_casebook_and_full_table_agree(tmp_path: Path, run: Runner, real_data: Path) -> None:
    """25 to 52 regions or 199 states: Kazakhstan's own figures hardly change."""
    step = LossIfClosed(
        focal="KAZ", partners=("RUS", "CHN", "EU27_2020"), draws=10, years=(2019, 2019)
    )
    full = Runner(Settings(cache=tmp_path, data=real_data))
    whole, part = full(step), run(step)
    for partner, tolerance in (("RUS", 0.03), ("CHN", 0.03), ("EU27_2020", 0.05)):
        np.testing.assert_allclose(
            *(e.select(partner=partner).summary()["value"].drop_nulls() for e in (whole, part)),
            rtol=tolerance,
        )
