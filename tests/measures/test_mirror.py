from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from multivector.errors import InputError, KeyMismatch
from multivector.measures.dependence import TradeShare
from multivector.measures.mirror import MirrorTrade, Reconciled, paired_reports
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.sources.geodist import GeoDist
from multivector.stats import mirror_flows

from .trade_toys import Exports, Reports, Space, Totals

STATES = ("CHN", "DEU", "FRA", "KAZ", "RUS", "USA")


Truth = dict[tuple[str, str, int], float]


def made(seed: int = 5, years: int = 30) -> tuple[Reports, Space, Truth]:
    """Reports of six states of which Kazakhstan errs by 60 %, the others by 5 %, and the truth."""
    rng = np.random.default_rng(seed)
    rows: dict[tuple[str, str, int], list[float]] = {}
    truth: Truth = {}
    space: list[tuple[str, str, float, int]] = []
    for a in STATES:
        for b in STATES:
            if a == b:
                continue
            km = float(rng.uniform(500, 10_000))
            space.append((a, b, km, 0))
            for year in range(2000, 2000 + years):
                flow = truth[a, b, year] = float(rng.lognormal(7, 1))
                freight = 1.05 * (km / 1000) ** 0.02
                errors = {s: np.exp(rng.normal(0, 0.6 if s == "KAZ" else 0.05)) for s in (a, b)}
                rows.setdefault((a, b, year), [-1.0, -1.0])[0] = flow * errors[a]
                rows.setdefault((b, a, year), [-1.0, -1.0])[1] = flow * freight * errors[b]
    table = tuple((*key, *values) for key, values in rows.items())
    return Reports(table, years=(2000, 1999 + years)), Space(tuple(space)), truth


def test_the_reliable_side_is_believed(run: Runner) -> None:
    reports, space, truth = made()
    frame = run(Reconciled(reports=reports, distances=space)).frame
    for row in frame.filter(pl.col("state") == "KAZ").iter_rows(named=True):
        assert row["exporter_weight"] < 0.1
        true = truth["KAZ", row["partner"], row["year"]] * 1e6
        assert row["exports_usd"] == pytest.approx(true, rel=0.35)
    error = frame.with_columns(
        true=pl.struct("state", "partner", "year").map_elements(
            lambda k: truth[k["state"], k["partner"], k["year"]] * 1e6, pl.Float64
        )
    ).select((pl.col("exports_usd") / pl.col("true")).log().abs())
    assert float(error.to_series().median()) < 0.05


def test_both_reports_and_the_reconciled_value_stand_side_by_side(run: Runner) -> None:
    reports, space, truth = made()
    step = MirrorTrade(reports, space, focal="KAZ", partners=("CHN",), years=(2004, 2004))
    found = run(step)
    raw = {r[:3]: r[3:] for r in reports.rows}
    for flow, view, expected in (
        ("exports", "reporter", raw["KAZ", "CHN", 2004][0]),
        ("exports", "mirror", raw["CHN", "KAZ", 2004][1]),
        ("imports", "reporter", raw["KAZ", "CHN", 2004][1]),
        ("imports", "mirror", raw["CHN", "KAZ", 2004][0]),
    ):
        cell = found.at(flow=flow, view=view)
        assert cell.value == pytest.approx(1e6 * expected)
        assert cell.low is None
    cell = found.at(flow="imports", view="reconciled")
    assert cell.low < cell.value < cell.high
    assert cell.low < truth["CHN", "KAZ", 2004] * 1e6 < cell.high
    other = run(replace(step, seed=2))
    np.testing.assert_array_equal(other.observed, found.observed)
    assert other.at(flow="imports", view="reconciled").low != cell.low


def test_the_reconciled_table_is_a_table_of_trade(run: Runner) -> None:
    reports, space, _ = made(years=3)
    trade = Reconciled(reports=reports, distances=space)
    totals = Totals(tuple((s, 2000, 1.0, 1.0) for s in STATES))
    share = run(
        TradeShare(trade, reports, totals, focal="KAZ", partners=("CHN", "RUS"), view="each")
    )
    assert set(share.cells["view"]) == {"reconciled", "reporter", "mirror"}
    assert np.isfinite(share.draws).all()


def test_a_copy_is_no_second_report(run: Runner) -> None:
    """All figures of KAZ are made from the others': they are left out, the others' stay."""
    rows = [("KAZ", p, 2000, 10.0, 10.6) for p in ("CHN", "RUS")]
    rows += [(p, "KAZ", 2000, 10.0, 10.6) for p in ("CHN", "RUS")]
    rows += [("CHN", "RUS", 2000, 5.0, 7.0), ("RUS", "CHN", 2000, 6.0, 5.5)]
    pairs = {("KAZ", p) for p in ("CHN", "RUS")}
    copied = tuple(sorted(pairs | {(b, a) for a, b in pairs}))
    flows = paired_reports(run(Reports(tuple(rows), copied=copied)))
    at = {r[:2]: r[3:] for r in flows.iter_rows()}
    assert at["KAZ", "CHN"] == (10.0e6, 10.6e6, False, True)
    assert at["CHN", "KAZ"] == (10.0e6, 10.6e6, True, False)
    assert at["CHN", "RUS"] == (5.0e6, 5.5e6, True, True)


def test_what_cannot_be_compared_is_refused(run: Runner) -> None:
    with pytest.raises(InputError, match="is a group"):
        MirrorTrade(focal="KAZ", partners=("EU27_2020",))
    one_side = Exports((("KAZ", "CHN", 2000, 1.0),))
    with pytest.raises(KeyMismatch, match="who reports"):
        run(Reconciled(reports=one_side, distances=Space((("KAZ", "CHN", 1.0, 1),))))


def test_china_and_kazakhstan_on_the_real_file(tmp_path: Path, real_data: Path) -> None:
    """The two sides' figures of 2019 as the file prints them; the reconciled one between them."""
    run = Runner(Settings(cache=tmp_path, data=real_data))
    given: dict[str, Any] = {"distances": GeoDist(layout="casebook"), "draws": 200}
    found = run(MirrorTrade(**given, focal="KAZ", partners=("CHN",), years=(2013, 2019)))
    cell = {
        v: found.at(flow="imports", view=v, year=2019) for v in ("reporter", "mirror", "reconciled")
    }
    assert cell["reporter"].value == pytest.approx(6566.47e6)
    assert cell["mirror"].value == pytest.approx(12807e6)
    assert cell["reporter"].value < cell["reconciled"].value < cell["mirror"].value
    assert cell["reconciled"].low < cell["reconciled"].value < cell["reconciled"].high
    for year in range(2013, 2020):  # China reports half as much again, or more
        told, mirror = (
            found.at(flow="imports", view=v, year=year).value for v in ("reporter", "mirror")
        )
        assert mirror > 1.5 * told
    assert mirror_flows.PLAUSIBLE == 2.0
