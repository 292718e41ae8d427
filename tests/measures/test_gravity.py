from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from multivector.errors import InputError, Unavailable
from multivector.estimate import Estimate
from multivector.measures._ppml import ppml
from multivector.measures.benchmarks import RelativeEngagement
from multivector.measures.engagement import Engagement
from multivector.measures.gravity import TERMS, ExpectedShare, gravity_pairs
from multivector.panel import Panel
from multivector.runner import Runner
from multivector.step import Inputs, Step
from multivector.variable import Coverage, Key, Variable

from .trade_toys import Exports

STATES = ("CHN", "DEU", "FRA", "KAZ", "RUS", "USA", "UZB", "TUR")


@pytest.fixture(scope="module")
def fixest() -> Any:
    """Return pyfixest, from the extra ``gravity``."""
    return pytest.importorskip("pyfixest", reason="the extra gravity is not installed")


@dataclass(frozen=True)
class Space(Step[Panel]):
    """Distances and common features, drawn by seed; one pair lacks a distance."""

    seed: int = 1
    lost: tuple[str, str] = ("KAZ", "TUR")

    def compute(self, get: Inputs) -> Panel:
        rng = np.random.default_rng(self.seed)
        rows: list[tuple[object, ...]] = []
        for i, a in enumerate(STATES):
            for b in STATES[i + 1 :]:
                made = (float(rng.uniform(300, 9000)), *(int(rng.random() < 0.4) for _ in range(3)))
                if {a, b} != {*self.lost}:
                    rows += [(a, b, *made), (b, a, *made)]
        names = ("dist_km", "contig", "comlang_off", "colony")
        schema = {"state": pl.String, "partner": pl.String, "dist_km": pl.Float64}
        frame = pl.DataFrame(rows, {**schema, **dict.fromkeys(names[1:], pl.Int8)}, orient="row")
        variables = tuple(
            Variable(n, n, "km" if n == "dist_km" else "flag", Coverage(())) for n in names
        )
        return Panel(frame, Key("directed dyad", ("state", "partner")), variables)


def trade() -> Exports:
    rng = np.random.default_rng(3)
    rows = tuple(
        (a, b, 2019, float(rng.lognormal(5, 1)))
        for a in STATES
        for b in STATES
        if a != b and (a, b) != ("UZB", "FRA")
    )
    return Exports(rows)


@dataclass(frozen=True)
class Given(Step[Estimate]):
    """Shares by partner in one year; −1 stands for no data."""

    values: tuple[tuple[str, float], ...]

    def compute(self, get: Inputs) -> Estimate:
        cells = pl.DataFrame(
            [("KAZ", p, 2019) for p, _ in self.values],
            {"state": pl.String, "partner": pl.String, "year": pl.Int64},
            orient="row",
        )
        values = np.array([[np.nan if v < 0 else v] for _, v in self.values])
        return Estimate(cells, values, "Toy", "share 0–1")


@pytest.fixture(scope="module")
def yotov(real_data: Path) -> pl.DataFrame:
    """The panel of Yotov, Piermartini, Monteiro & Larch (2016), years 1986, 1990 … 2006."""
    table = pl.read_csv(real_data / "economy" / "agtpa_applications.csv.gz")
    year, low = pl.col("year").cast(pl.String), pl.min_horizontal("exporter", "importer")
    both = pl.concat_str(low, pl.max_horizontal("exporter", "importer"))
    home = pl.col("exporter") == pl.col("importer")
    return table.filter(pl.col("year").is_in(range(1986, 2007, 4))).with_columns(
        exporter_year=pl.col("exporter") + year,
        importer_year=pl.col("importer") + year,
        pair=pl.when(home).then(pl.lit("domestic")).otherwise(both),
        log_distance=pl.col("dist").log(),
    )


EFFECTS = ("exporter_year", "importer_year")


def test_the_published_gravity_estimates(fixest: Any, yotov: pl.DataFrame) -> None:
    """Yotov et al. (2016), table 1, column (4): PPML on international trade, six years."""
    abroad = yotov.filter(pl.col("exporter") != pl.col("importer"))
    terms = ("log_distance", "cntg", "lang", "clny")
    found = ppml(abroad, "trade", terms, EFFECTS, "pair_id")
    expected = {"log_distance": -0.841, "cntg": 0.437, "lang": 0.247, "clny": -0.222}
    for name, value in expected.items():
        assert found.coefficients[name] == pytest.approx(value, abs=0.0006)
    # "PPML with exporter and importer effects reproduces the totals" (Fally 2015, section 2)
    sums = (
        abroad.with_columns(fitted=found.fitted)
        .group_by("exporter_year")
        .agg(pl.col("trade", "fitted").sum())
    )
    np.testing.assert_allclose(sums["fitted"], sums["trade"], rtol=1e-4)


def test_the_published_effect_of_agreements(fixest: Any, yotov: pl.DataFrame) -> None:
    """Yotov et al. (2016), table 3, column (3): pair effects, domestic trade in, RTA .557."""
    found = ppml(yotov, "trade", ("rta",), (*EFFECTS, "pair"), "pair_id")
    assert found.coefficients["rta"] == pytest.approx(0.557, abs=0.0006)
    assert found.separated == 84  # rows of pairs that never trade in these years
    never = yotov.group_by("pair").agg(pl.col("trade").sum()).filter(pl.col("trade") == 0)
    assert yotov["pair"].is_in(never["pair"].implode()).sum() == found.separated
    assert (found.fitted[yotov["pair"].is_in(never["pair"].implode()).to_numpy()] == 0).all()
    assert found.used + found.separated == len(yotov)


def test_every_covered_pair_is_there_once(run: Runner) -> None:
    pairs = gravity_pairs(run(trade()), run(Space()), 2019)
    assert (
        len(pairs) == len(STATES) * (len(STATES) - 1) - 2
    )  # without the pair that has no distance
    assert pairs.filter(pl.col("flow") == 0).select("exporter", "importer").rows() == [
        ("UZB", "FRA")
    ]
    assert not pairs.select("exporter", "importer").is_duplicated().any()


def test_expected_shares_are_those_of_a_fit_by_hand(fixest: Any, run: Runner) -> None:
    """Against iteratively reweighted least squares on dummies, written out."""
    step = ExpectedShare(trade(), Space(), focal="KAZ", partners=("RUS", "CHN", "TUR"))
    found = run(step)
    pairs = gravity_pairs(run(trade()), run(Space()), 2019)
    y = pairs["flow"].to_numpy()
    effects = [pairs[s].to_numpy()[:, None] == STATES for s in ("exporter", "importer")]
    x = np.hstack([pairs.select(TERMS).to_numpy(), *effects]).astype(np.float64)
    mu = (y + y.mean()) / 2
    for _ in range(60):
        z = np.log(mu) + (y - mu) / mu
        beta = np.linalg.lstsq(x * np.sqrt(mu)[:, None], z * np.sqrt(mu), rcond=None)[0]
        mu = np.exp(x @ beta)
    ours = (pairs["exporter"] == "KAZ").to_numpy() | (pairs["importer"] == "KAZ").to_numpy()
    for partner in ("RUS", "CHN"):
        them = (pairs["exporter"] == partner).to_numpy() | (pairs["importer"] == partner).to_numpy()
        expected = mu[ours & them].sum() / mu[ours].sum()
        assert found.at(partner=partner).value == pytest.approx(expected, rel=1e-5)
    assert found.at(partner="TUR").value is None
    assert "distance" in found.at(partner="TUR").note
    named = sum(found.at(partner=p).value for p in ("RUS", "CHN"))
    assert found.at(partner="ROW").value == pytest.approx(1 - named)
    assert "rows separated" in found.variant


def test_relative_engagement_by_hand(run: Runner) -> None:
    p = Given((("RUS", 0.4), ("CHN", 0.1), ("UZB", 0.0), ("TUR", 0.2)))
    pi = Given((("RUS", 0.1), ("CHN", 0.2), ("UZB", 0.1), ("TUR", -1.0)))
    found = run(RelativeEngagement(focal="KAZ", partners=("RUS",), engagement=p, benchmark=pi))
    assert found.at(partner="RUS").value == pytest.approx(np.log(4))
    assert found.at(partner="CHN").value == pytest.approx(np.log(0.5))
    assert found.at(partner="UZB").value is None
    assert found.at(partner="UZB").note == "none"  # a recorded zero
    assert found.at(partner="TUR").value is None
    assert found.at(partner="TUR").note == ""  # no benchmark


def test_the_default_engagement_is_trade_against_gravity() -> None:
    step = RelativeEngagement(focal="KAZ", partners=("RUS",), years=(2018, 2019))
    assert step.engagement == Engagement(domain="trade", focal="KAZ", partners=("RUS",))
    assert step.benchmark == ExpectedShare(focal="KAZ", partners=("RUS",), years=(2018, 2019))


def test_without_pyfixest_the_remedy_is_told(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyfixest", None)
    with pytest.raises(Unavailable, match=r"multivector\[gravity\]"):
        run(ExpectedShare(trade(), Space(), focal="KAZ", partners=("CHN",)))


def test_gaps_and_negative_flows_are_refused(fixest: Any) -> None:
    frame = pl.DataFrame({"y": [1.0, 2.0], "x": [0.0, None], "i": ["a", "b"]})
    with pytest.raises(InputError, match="missing"):
        ppml(frame, "y", ("x",), ("i",), "i")
    with pytest.raises(InputError, match="negative"):
        ppml(frame.with_columns(y=-1.0, x=1.0), "y", ("x",), ("i",), "i")
