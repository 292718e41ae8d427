from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t as student

from multivector.errors import InputError
from multivector.stats import mirror_flows as mf

TRUE_SD = np.array([0.05, 0.05, 0.1, 0.1, 0.2, 0.2, 0.4, 0.8])


def made(cells: int = 12_000, seed: int = 3) -> dict[str, np.ndarray]:
    """Flows with a known truth, freight and errors, as two reports."""
    rng = np.random.default_rng(seed)
    i, j = rng.integers(0, 8, (2, cells))
    km = rng.uniform(200, 15_000, cells)
    border = (km < 2_000) & (rng.random(cells) < 0.5)
    ratio = np.exp(0.05 + 0.02 * np.log(km / 1000) - 0.02 * border)
    truth = rng.lognormal(4, 2, cells)
    # the model's errors: normal given a scale that the two reports of a flow share
    spread = 1 / np.sqrt(rng.gamma(2, 1 / 2, cells))
    fob = truth * np.exp(spread * TRUE_SD[i] * rng.normal(size=cells))
    cif = truth * ratio * np.exp(spread * TRUE_SD[j] * rng.normal(size=cells))
    names = ("i", "j", "km", "border", "ratio", "truth", "fob", "cif")
    return dict(zip(names, (i, j, km, border, ratio, truth, fob, cif), strict=True))


def test_freight_is_found_again() -> None:
    d = made(100_000)
    good = (d["i"] < 2) & (d["j"] < 2)
    model = mf.freight(*(d[k][good] for k in ("fob", "cif", "km", "border")))
    assert model.cells > 6_000
    np.testing.assert_allclose(model.ratio(d["km"], d["border"]), d["ratio"], atol=0.015)
    assert np.isnan(model.ratio([np.nan], [0]))[0]
    assert model.ratio([1e-6], [1])[0] == 1.0  # never below 1


def test_reliability_is_found_again() -> None:
    d = made(40_000)
    gap = np.log(d["fob"]) - np.log(d["cif"] / d["ratio"])
    found = np.sqrt(mf.reliability(np.where(d["i"] == d["j"], np.nan, gap), d["i"], d["j"], 8))
    np.testing.assert_allclose(found, TRUE_SD, rtol=0.12)


def test_reliability_is_the_most_likely_one() -> None:
    """No small step away from it raises the likelihood of Student's t (scipy's density)."""
    d = made(3_000, seed=8)
    gap, i, j = np.log(d["fob"]) - np.log(d["cif"] / d["ratio"]), d["i"], d["j"]
    weights = 1 + d["truth"] / d["truth"].max()
    found = mf.reliability(gap, i, j, 8, weights)

    def likelihood(scale: np.ndarray) -> float:
        return float((weights * student.logpdf(gap, 4, scale=np.sqrt(scale[i] + scale[j]))).sum())

    best = likelihood(found)
    for k in range(8):
        for factor in (0.97, 1.03):
            moved = found.copy()
            moved[k] *= factor
            assert likelihood(moved) < best


def test_reconciliation_beats_either_report_and_its_interval_holds() -> None:
    d = made()
    apart = d["i"] != d["j"]
    d = {k: v[apart] for k, v in d.items()}
    s = TRUE_SD**2
    r = mf.reconcile(d["fob"], d["cif"], d["ratio"], s[d["i"]], s[d["j"]])
    error = np.log(r.value / d["truth"])
    for report in (d["fob"], d["cif"] / d["ratio"]):
        assert np.median(np.abs(error)) < 0.8 * np.median(np.abs(np.log(report / d["truth"])))
    inside = np.abs(error) < r.log_scale * student.ppf(0.95, r.freedom)
    assert abs(inside.mean() - 0.90) < 0.01
    close = np.abs(np.log(d["fob"] / d["cif"] * d["ratio"])) < 0.1 * np.sqrt(s[d["i"]] + s[d["j"]])
    for group in (close, ~close):  # conditionally on the disagreement too
        assert abs(inside[group].mean() - 0.90) < 0.035


def test_one_report_and_none() -> None:
    nan = np.nan
    r = mf.reconcile([nan, 100, nan, 0], [106, nan, nan, 0], 1.06, 0.01, 0.09)
    np.testing.assert_allclose(r.value[:2], [100, 100])
    np.testing.assert_allclose(r.log_scale[:2], [0.3, 0.1])
    assert r.exporter_weight[:2].tolist() == [0, 1]
    assert r.freedom[:2].tolist() == [4, 4]
    assert np.isnan(np.stack([r.value, r.log_scale, r.freedom, r.exporter_weight])[:, 2:]).all()


def test_disagreement_widens_the_interval_and_reliability_decides_the_weight() -> None:
    r = mf.reconcile([100, 100], [100, 400], 1.0, 0.01, 0.03)
    assert r.exporter_weight.tolist() == [0.75, 0.75]
    assert r.log_scale[1] > 3 * r.log_scale[0]
    assert r.value[0] == pytest.approx(100)
    assert r.value[1] == pytest.approx(100**0.75 * 400**0.25)


def test_a_reporter_without_a_mirror_gets_the_median() -> None:
    rng = np.random.default_rng(0)
    i, j = np.array([0, 1, 2] * 200), np.array([1, 2, 0] * 200)
    found = mf.reliability(rng.normal(size=600), i, j, 5)
    assert found[3] == found[4] == np.median(found[:3])


def test_what_cannot_be_reconciled_is_refused() -> None:
    with pytest.raises(InputError, match="Ten or more"):
        mf.freight([1.0], [1.1], [500.0], [0])
    with pytest.raises(InputError, match="two reports"):
        mf.reliability([np.nan], [0], [1], 2)
    with pytest.raises(InputError, match="negative"):
        mf.reconcile([-1.0], [1.0], 1.06, 0.1, 0.1)
