"""Commitments, leaders' careers and visits against least squares with dummies, by plain loops."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from multivector import states
from multivector.errors import Unavailable
from multivector.measures._feols import panel_fit
from multivector.measures.belt_and_road import BeltToVotes
from multivector.measures.leader_background import BackgroundToVotes, smallest
from multivector.measures.reform_and_role import ReformAndRole
from multivector.panels.dyads import AllDyads
from multivector.runner import Runner

from .conftest import shipped

Cell = tuple[str, int]


def similar(run: Runner, power: str, votes: AllDyads | None = None) -> dict[Cell, float]:
    """Return S with a power by state and year."""
    frame = (
        run(votes or AllDyads()).frame.select("state", "partner", "year", "s_absolute").drop_nulls()
    )
    rows = {(a if b == power else b, y): s for a, b, y, s in frame.iter_rows() if power in (a, b)}
    assert len(rows) > 3000
    return rows


def within(rows: list[tuple[str, int, float, float]]) -> float:
    """Return the slope of the last column's outcome on the third, with state and year dummies."""
    names, years = sorted({r[0] for r in rows}), sorted({r[1] for r in rows})
    table = np.zeros((len(rows), 1 + len(names) + len(years)))
    for k, (state, year, x, _) in enumerate(rows):
        table[k, 0] = x
        table[k, 1 + names.index(state)] = 1
        table[k, 1 + len(names) + years.index(year)] = 1
    return float(np.linalg.lstsq(table, np.array([r[3] for r in rows]), rcond=None)[0][0])


def mean(values: dict[Cell, float], state: str, first: int, last: int) -> float | None:
    held = [values[state, y] for y in range(first, last + 1) if (state, y) in values]
    return sum(held) / len(held) if held else None


def test_commitments_are_set_against_the_change_of_votes(full: Runner, real_data: Path) -> None:
    """The publisher's totals and the trade of BACI, laid out by hand."""
    path = real_data / "economy" / "aiddata_gcdf_country_commitments.csv"
    with path.open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    money = {r["iso3c"]: float(r["total_commitments_bn"]) for r in lines if r["iso3c"] != "CHN"}
    recent = AllDyads(years=(2003, 2021))
    step = BeltToVotes(similarity=recent)
    output = full(step.gdp).frame.select("state", "year", "gdp_usd").drop_nulls()
    gdp = {(s, y): v for s, y, v in output.iter_rows()}
    trade: dict[Cell, float] = {}
    flows = full(step.trade).frame.select("state", "partner", "year", "exports_kusd").drop_nulls()
    for a, b, y, v in flows.filter(
        (pl.col("state") == "CHN") | (pl.col("partner") == "CHN")
    ).rows():
        trade[a if b == "CHN" else b, y] = trade.get((a if b == "CHN" else b, y), 0) + v
    part = {k: v / gdp[k] for k, v in trade.items() if k in gdp}
    for figure, power, (a, b), (c, d) in (
        ("estimate", "CHN", (2008, 2012), (2017, 2021)),
        ("placebo", "CHN", (2003, 2007), (2008, 2012)),
        ("placebo power", "IND", (2008, 2012), (2017, 2021)),
    ):
        votes = similar(full, power, recent)
        rows = []
        for state, amount in money.items():
            old, new = mean(votes, state, a, b), mean(votes, state, c, d)
            size, exposed = mean(gdp, state, 2008, 2021), mean(part, state, 2008, 2012)
            if None in (old, new, size, exposed) or amount <= 0 or state == "IND":
                continue
            assert old is not None
            assert new is not None
            assert size is not None
            rows.append((math.log(amount / size), old, exposed, math.log(size), 1, new - old))
        table = np.array(rows, dtype=float)
        assert len(table) > 100
        z = table[:, 0]
        table[:, 0] = (z - z.mean()) / z.std(ddof=1)
        expected = np.linalg.lstsq(table[:, :-1], table[:, -1], rcond=None)[0][0]
        assert full(step).at(figure=figure).value == pytest.approx(expected, rel=1e-4)


def test_without_commitments_the_file_is_named(run: Runner) -> None:
    with pytest.raises(Unavailable, match="aiddata_totals"):
        run(BeltToVotes())


def test_careers_are_those_of_the_leader_at_the_end_of_the_year(run: Runner) -> None:
    career: dict[tuple[int, str], float | None] = {}
    spells = shipped("leaders").select("state", "leader", "military", "began", "ended").rows()
    for code, leader, military, _, _ in spells:
        known = [m for m in (career.get((code, leader)), military) if m is not None]
        career[code, leader] = max(known, default=None)
    usa, rus = similar(run, "USA"), similar(run, "RUS")
    rows = []
    for year in range(1992, 2021):
        late: dict[int, tuple[str, str]] = {}
        for code, leader, _, began, ended in spells:
            inside = began[:4] <= str(year) and (ended is None or ended >= f"{year}-12")
            if inside and (code not in late or began > late[code][0]):
                late[code] = (began, leader)
        for code, (_, leader) in late.items():
            try:
                state = states.resolve(code, year, system="cow")
            except Exception:
                continue
            m, key = career[code, leader], (state, year)
            if m in (0, 1) and key in usa and key in rus and state not in ("USA", "RUS"):
                rows.append((state, year, float(m or 0), usa[key] - rus[key]))
    found = run(BackgroundToVotes()).at(figure="estimate")
    assert found.value == pytest.approx(within(rows), rel=0.02)
    assert found.low is not None
    assert found.high is not None
    assert "states had leaders of both kinds" in found.note


def test_the_smallest_effect_is_that_of_the_usual_formula() -> None:
    """With many clusters SE·(1.96 + 0.84), Cohen (1988), table of normal quantiles."""
    rng = np.random.default_rng(1)
    frame = pl.DataFrame({"state": [str(k) for k in range(400)], "x": rng.normal(size=400)})
    frame = frame.with_columns(y=pl.Series(rng.normal(size=400)))
    fit = panel_fit(frame, "y", ("x",))
    assert smallest(fit, "x") == pytest.approx(fit.terms["x"].error * (1.96 + 0.8416), rel=0.005)


def test_a_row_alone_in_an_effect_has_no_residual() -> None:
    rows = [("a", 1, 1.0, 2.0), ("a", 2, 2.0, 1.0), ("b", 1, 0.5, 3.0), ("b", 2, 3.0, 4.0)]
    rows += [("c", 1, 2.5, 2.0), ("c", 2, 1.0, 2.5)]
    columns = ["state", "year", "x", "y"]
    plain = panel_fit(pl.DataFrame(rows, columns, orient="row"), "y", ("x",), ("state", "year"))
    alone = pl.DataFrame([*rows, ("d", 3, 9.0, 9.0)], columns, orient="row")
    fit = panel_fit(alone, "y", ("x",), ("state", "year"))
    assert np.isnan(fit.residuals[-1])
    assert fit.terms["x"].value == pytest.approx(plain.terms["x"].value)
    assert fit.terms["x"].value == pytest.approx(within(rows))


def test_reform_comes_before_the_visits_and_after_them(full: Runner, real_data: Path) -> None:
    raw = pl.read_parquet(next(real_data.rglob("colt_trips_received_by_state_year*.parquet")))
    names = {n: s for n in raw["CountryVisited"].unique() if (s := _state(n)) is not None}
    visits: dict[Cell, float] = {}
    for name, year, count in raw.select("CountryVisited", "TripYear", "count").iter_rows():
        if name in names and count:
            visits[names[name], year] = visits.get((names[name], year), 0) + count
    step = ReformAndRole()
    regime = full(step.regime)
    series = regime.frame.select("state", "year", regime.variables[0].name).drop_nulls()
    score: dict[Cell, float] = {(s, y): v for s, y, v in series.iter_rows()}
    for figure, near, far in (("estimate", -1, -4), ("reverse", 4, 1)):
        rows = [
            (s, y, score[s, y + near] - score[s, y + far], math.log(v))
            for (s, y), v in visits.items()
            if (s, y + near) in score and (s, y + far) in score
        ]
        scaled = np.array([r[2:] for r in rows])
        scaled = (scaled - scaled.mean(axis=0)) / scaled.std(axis=0, ddof=1)
        if figure == "reverse":
            scaled = scaled[:, ::-1]
        expected = within([(s, y, *z) for (s, y, *_), z in zip(rows, scaled, strict=True)])
        assert full(step).at(figure=figure).value == pytest.approx(expected, rel=0.03)


def _state(name: str) -> str | None:
    return states.resolve_names(pl.Series([name]), 2010, unknown="null")[0]
