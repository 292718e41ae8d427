"""Alignment that trade, size and distance do not explain, against least squares with dummies."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from multivector.errors import InputError, OutOfCoverage
from multivector.measures._feols import panel_fit, standardised
from multivector.measures.alignment_model import AlignmentModel, UnexplainedAlignment
from multivector.panels.dyads import AllDyads
from multivector.registry import find
from multivector.runner import Runner

from .conftest import shipped

YEARS = (2015, 2016)
SIMILAR = AllDyads(years=YEARS)
Rows = list[tuple[str, int, float, list[float]]]


@pytest.fixture(scope="module")
def rows(run: Runner) -> Rows:
    """State, year, S with Russia, and share, ln GDP, ln distance, each looked up by itself."""
    similar = {
        frozenset((a, b)) | {y}: s
        for a, b, y, s in run(SIMILAR)
        .frame.select("state", "partner", "year", "s_absolute")
        .iter_rows()
    }
    trade: dict[Any, float] = {}
    for i, j, t, v in (
        shipped("baci").select("state", "partner", "year", "exports_kusd").iter_rows()
    ):
        if "RUS" in (i, j):
            key = (j if i == "RUS" else i, t)
            trade[key] = trade.get(key, 0.0) + v
    columns = ("state", "year", "exports_world_kusd", "imports_world_kusd")
    total = {
        (s, t): x + m
        for s, t, x, m in shipped("baci_world").select(columns).drop_nulls().iter_rows()
    }
    gdp = {
        (s, t): v
        for s, t, v in shipped("world_bank_gdp")
        .select("state", "year", "gdp_usd")
        .drop_nulls()
        .iter_rows()
    }
    space = {
        a: d
        for a, b, d in shipped("geodist").select("state", "partner", "dist_km").iter_rows()
        if b == "RUS"
    }
    found: Rows = []
    for (state, year), value in sorted(trade.items()):
        s = similar.get(frozenset((state, "RUS")) | {year})
        at = (state, year)
        if s is not None and at in total and at in gdp and space.get(state):
            x = [min(value / total[at], 1), np.log(gdp[at]), np.log(space[state])]
            found.append((state, year, s, x))
    return found


def scaled(rows: Rows) -> np.ndarray:
    x = np.array([r[3] for r in rows])
    return (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)


def dummies(rows: Rows) -> np.ndarray:
    return np.array([[r[1] == y for y in range(YEARS[0], YEARS[1] + 1)] for r in rows], dtype=float)


def test_coefficients_and_errors_are_those_of_dummies_and_a_sandwich(
    run: Runner, rows: Rows
) -> None:
    x = np.hstack([scaled(rows), dummies(rows)])
    y = np.array([r[2] for r in rows])
    b = np.linalg.lstsq(x, y, rcond=None)[0]
    found = run(AlignmentModel(SIMILAR, years=YEARS))
    np.testing.assert_allclose([q.value for q in found.quantities()], b[:3], rtol=1e-6)
    e, names = y - x @ b, np.array([r[0] for r in rows])
    scores = np.array([(x * e[:, None])[names == s].sum(axis=0) for s in np.unique(names)])
    bread = np.linalg.inv(x.T @ x)
    g, n, k = len(scores), len(y), x.shape[1]
    v = g / (g - 1) * (n - 1) / (n - k) * bread @ scores.T @ scores @ bread
    spread = found.draws.std(axis=1) / np.sqrt(v.diagonal()[:3])
    np.testing.assert_allclose(spread, spread[0], rtol=1e-6)  # the same t for all
    assert spread[0] == pytest.approx(1.0, abs=0.03)
    assert f"{n} rows, {g} clusters" in found.quantities()[0].note


def test_a_state_is_judged_by_a_model_fitted_without_it(run: Runner, rows: Rows) -> None:
    x, y = np.hstack([scaled(rows), dummies(rows)]), np.array([r[2] for r in rows])
    own = np.array([r[0] == "KAZ" for r in rows])
    b = np.linalg.lstsq(x[~own], y[~own], rcond=None)[0]
    apart = x[own] @ b - y[own]
    found = run(UnexplainedAlignment(SIMILAR, focal="KAZ", years=YEARS))
    values = np.array([q.value for q in found.quantities()], dtype=float)
    sigma = (y[~own] - x[~own] @ b).std()
    assert (np.sign(values) == np.sign(apart)).all()
    np.testing.assert_allclose(values, apart / sigma, rtol=0.02)
    assert "not proof of independence" in found.variant


def test_a_term_may_be_added(run: Runner) -> None:
    vdem = find("sources", "vdem")()
    found = run(AlignmentModel(SIMILAR, regime=vdem, years=YEARS))
    assert found.cells["term"].to_list()[-1] == "democracy"


def test_what_cannot_be_fitted_is_refused(run: Runner) -> None:
    with pytest.raises(OutOfCoverage, match="some partners of CHN"):
        run(AlignmentModel(SIMILAR, patron="CHN", years=YEARS))
    with pytest.raises(InputError, match="own patron"):
        UnexplainedAlignment(focal="RUS")
    frame = pl.DataFrame({"state": ["A", "B"], "year": [1, 1], "y": [1.0, 2.0], "x": [0.0, 1.0]})
    with pytest.raises(OutOfCoverage, match="2 complete rows"):
        panel_fit(frame, "y", ("x",))
    flat = pl.DataFrame({"state": list("ABCDEFGH"), "year": [1] * 8, "y": range(8), "x": [1.0] * 8})
    with pytest.raises(OutOfCoverage, match="does not vary"):
        panel_fit(flat, "y", ("x",), ("year",))
    assert standardised(flat, "y")["y"].std() == pytest.approx(1)
