"""Mechanisms against least squares with dummies, and their placebos."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from multivector.errors import InputError, OutOfCoverage
from multivector.measures.mechanisms import (
    UNIDENTIFIED,
    GeographyToSpread,
    ReformToUnrest,
    SanctionsToDiversion,
    TensionToSpread,
    effective_partners,
)
from multivector.measures.trade import EffectivePartners
from multivector.registry import find
from multivector.runner import Runner

from .conftest import shipped


def dummies(labels: list[object]) -> np.ndarray:
    names = sorted({str(v) for v in labels})
    return np.array([[str(v) == n for n in names[1:]] for v in labels], dtype=float)


def slope(y: np.ndarray, x: np.ndarray) -> float:
    return float(np.linalg.lstsq(np.column_stack([x, np.ones(len(y))]), y, rcond=None)[0][0])


def test_effective_partners_are_those_of_the_measure(run: Runner) -> None:
    table = effective_partners(run(find("sources", "baci")()), (2015, 2019))
    ours = dict(table.filter(pl.col("state") == "KAZ").select("year", "partners").iter_rows())
    theirs = run(EffectivePartners(focal="KAZ", years=(2015, 2019))).select(eu="members")
    assert set(table["state"]) >= {"UZB", "RUS"}
    assert "USA" not in set(table["state"])  # the casebook holds some of its partners only
    for q in theirs.quantities():
        assert ours[dict(q.cell)["year"]] == pytest.approx(q.value)


def test_the_difference_in_differences_is_that_of_dummies(run: Runner) -> None:
    near = {"KAZ", "KGZ", "ARM", "GEO", "UZB"}
    rows = [
        (p, y, np.log(v))
        for p, y, v in shipped("eurostat_exports")
        .select("partner", "year", "exports_eur")
        .drop_nulls()
        .iter_rows()
        if 2014 <= y <= 2023 and p != "RUS" and v > 0
    ]
    after = np.array([float(p in near and y >= 2022) for p, y, _ in rows])
    x = np.column_stack([after, dummies([r[0] for r in rows]), dummies([r[1] for r in rows])])
    found = run(SanctionsToDiversion())
    estimate, placebo = found.at(figure="estimate"), found.at(figure="placebo")
    assert estimate.value == pytest.approx(slope(np.array([r[2] for r in rows]), x), rel=1e-6)
    assert estimate.low is not None
    assert estimate.low > 0
    assert placebo.low is not None
    assert placebo.high is not None
    assert placebo.low < 0 < placebo.high
    rank = found.at(figure="rank p")
    assert 0 < (rank.value or 0) < 0.1
    assert rank.low is None


def test_tension_is_lagged_and_its_placebo_lies_ahead(run: Runner) -> None:
    step = TensionToSpread()
    similar = run(step.similarity).frame.filter(
        pl.col("state") == "RUS", pl.col("partner") == "USA"
    )
    tension = {y: -s for y, s in similar.select("year", "s_absolute").iter_rows()}
    flat = np.array(list(tension.values()))
    tension = {y: (v - flat.mean()) / flat.std(ddof=1) for y, v in tension.items()}
    first: dict[tuple[str, str], float] = {}
    for i, j, t, v in (
        shipped("baci").select("state", "partner", "year", "exports_kusd").iter_rows()
    ):
        for us, them in ((i, j), (j, i)):
            if t <= 2002 and them in ("USA", "RUS") and v is not None:
                first[us, them] = first.get((us, them), 0.0) + v
    rows = effective_partners(run(step.trade), (2000, 2020)).rows()
    for figure, shift in (("estimate", -1), ("placebo", 2)):
        kept = []
        for state, year, partners in rows:
            ends = [first.get((state, p)) for p in ("USA", "RUS")]
            if state != "RUS" and None not in ends and year + shift in tension:
                z = min(ends) / sum(ends)  # type: ignore[type-var,arg-type]
                kept.append((state, year, np.log(partners), z * tension[year + shift]))
        push = np.array([r[3] for r in kept])
        x = np.column_stack([push, dummies([r[0] for r in kept]), dummies([r[1] for r in kept])])
        expected = slope(np.array([r[2] for r in kept]), x)
        assert run(step).at(figure=figure).value == pytest.approx(expected, rel=1e-5)


def test_place_between_powers_is_the_second_distance(run: Runner) -> None:
    step = GeographyToSpread()
    spread: dict[str, list[float]] = {}
    for state, _, partners in effective_partners(run(step.trade), step.years).iter_rows():
        spread.setdefault(state, []).append(partners)
    far: dict[str, list[float]] = {}
    for a, b, d in (
        shipped("geodist").select("state", "partner", "dist_km").drop_nulls().iter_rows()
    ):
        if b in step.powers and a not in step.powers:
            far.setdefault(a, []).append(d)
    gdp: dict[str, list[float]] = {}
    for s, y, v in shipped("world_bank_gdp").select("state", "year", "gdp_usd").iter_rows():
        if 2010 <= y <= 2020 and v is not None:
            gdp.setdefault(s, []).append(v)
    names = [s for s in spread if s in far and s in gdp]
    y = np.log([np.mean(spread[s]) for s in names])
    z = np.log([sorted(far[s])[1] for s in names])
    size = np.log([np.mean(gdp[s]) for s in names])
    x = np.column_stack([(z - z.mean()) / z.std(ddof=1), size])
    assert run(step).at(figure="estimate").value == pytest.approx(slope(y, x), rel=1e-6)
    with pytest.raises(InputError, match="two powers"):
        GeographyToSpread(powers=("RUS",))


def test_speed_of_reform_comes_before_the_onset(full: Runner, real_data: Path) -> None:
    from multivector import states

    step = ReformToUnrest()
    regime = full(step.regime)
    name = regime.variables[0].name
    score = {
        (s, y): v for s, y, v in regime.frame.select("state", "year", name).drop_nulls().iter_rows()
    }
    raw = pl.read_parquet(next(real_data.rglob("ucdp_onsets.parquet")))
    began = full(step.onsets).frame.select("state", "year", "onsets_2").drop_nulls()
    assert len(raw) >= len(began)
    onset = {(str(s), y): float(v > 0) for s, y, v in began.iter_rows()}
    rows = []
    for (s, y), now in score.items():
        lag, old = score.get((s, y - 1)), score.get((s, y - 4))
        code = states.code(s, "gw", y) if states.exists(s, y) else None
        if lag is not None and old is not None and code is not None and (str(code), y) in onset:
            rows.append((y, onset[str(code), y], abs(lag - old), lag))
        assert now is not None
    speed = np.array([r[2] for r in rows])
    level = np.array([r[3] for r in rows])
    x = np.column_stack(
        [(speed - speed.mean()) / speed.std(ddof=1), level, level**2, dummies([r[0] for r in rows])]
    )
    expected = slope(np.array([r[1] for r in rows]), x)
    assert full(step).at(figure="estimate").value == pytest.approx(expected, rel=1e-3, abs=1e-6)


def test_no_treated_partner_is_said(run: Runner) -> None:
    with pytest.raises(OutOfCoverage):
        run(SanctionsToDiversion(neighbours=("RUS",)))


def test_what_is_not_identified_says_why() -> None:
    assert set(UNIDENTIFIED) == {"belt", "role", "biography"}
    assert all(len(text) > 60 for text in UNIDENTIFIED.values())
