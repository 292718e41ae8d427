"""Two reports of one flow: the exporter's and the importer's, reconciled into one value.

The steps are those of BACI (Gaulier & Zignago 2010, CEPII Working Paper 2010-23): take transport
and insurance out of the importer's report, judge how reliable each reporter is from how far it
departs from its partners, and average with those reliabilities as weights. Here the flows are all
goods together, so the products and unit values of BACI play no part; a reporter has one
reliability, which mirror data identify without a convention (Ten Cate 2014,
doi:10.1515/jbnst-2014-0106, on why two of them need one); and the disagreement that is left gives
an interval.

Arrays hold one cell per flow: exporter's report ``fob``, importer's report ``cif``, one unit of
money, NaN where there is no report. A report of zero carries no information about ratios and
counts as none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multivector.errors import InputError, raise_all
from multivector.stats.summaries import Floats

PLAUSIBLE = 2.0
"""Reports that differ by more than this factor say more about errors than about freight."""
STUDENT = 4.0
"""Degrees of freedom of reporting errors: heavy tails, so that single wild cells count little."""
ITERATIONS = 5_000
TOLERANCE = 1e-6


@dataclass(frozen=True)
class FreightModel:
    """Ratio of CIF to FOB value: ln ratio = a + b ln km + c (ln km)² + d contiguous."""

    coefficients: Floats
    cells: int

    def ratio(self, distance_km: ArrayLike, contiguous: ArrayLike) -> Floats:
        """Predicted CIF/FOB ratio, never below 1; NaN where distance or contiguity is missing."""
        return np.maximum(np.exp(_freight_terms(distance_km, contiguous) @ self.coefficients), 1.0)


@dataclass(frozen=True)
class Reconciled:
    """One value per flow, in the unit of the reports, with what it rests on; each of shape (n,).

    ln of the true value has Student's t distribution about ln ``value`` with scale ``log_scale``
    and ``freedom`` degrees of freedom. ``exporter_weight`` is the weight of the exporter's report.
    NaN where nobody reports.
    """

    value: Floats
    log_scale: Floats
    freedom: Floats
    exporter_weight: Floats


def freight(
    fob: ArrayLike, cif: ArrayLike, distance_km: ArrayLike, contiguous: ArrayLike
) -> FreightModel:
    """Least-squares model of the CIF/FOB ratio on distance and contiguity.

    Fitted to flows that both sides report above zero, with reports within a factor of two of each
    other, weighted by ln(1 + the smaller report over its median), so that large flows count more.

    Parameters
    ----------
    fob, cif
        Reports of exporter and importer, shape (n,), same unit; NaN = none.
    distance_km, contiguous
        Kilometres between the states, > 0, and 1 where they share a border; shape (n,).

    Raises
    ------
    InputError
        Fewer than ten usable flows.

    >>> km = np.geomspace(100, 15_000, 50)
    >>> made = 1.02 * km**0.01
    >>> model = freight(np.ones(50), made, km, np.arange(50) % 2)
    >>> [round(float(r), 3) for r in model.ratio([1_000, 10_000], [0, 0])]
    [1.093, 1.118]
    """
    x, m = _reports(fob, cif)
    terms = _freight_terms(distance_km, contiguous)
    log_ratio = np.log(m) - np.log(x)
    usable = np.isfinite(log_ratio) & np.isfinite(terms).all(axis=1)
    usable &= np.abs(np.where(usable, log_ratio, np.inf)) <= np.log(PLAUSIBLE)
    if usable.sum() < 10:
        raise InputError(
            f"{int(usable.sum())} flows have two reports within a factor of {PLAUSIBLE:g} of each "
            "other and a distance.",
            "Ten or more are needed.",
        )
    smaller = np.minimum(x, m)[usable]
    root = np.sqrt(np.log1p(smaller / np.median(smaller)))
    found = np.linalg.lstsq(terms[usable] * root[:, None], log_ratio[usable] * root, rcond=None)[0]
    return FreightModel(found, int(usable.sum()))


def reliability(
    discrepancy: ArrayLike,
    exporter: ArrayLike,
    importer: ArrayLike,
    n: int,
    weights: ArrayLike | None = None,
) -> Floats:
    """Squared scale of each reporter's error, on the log scale, from discrepancies of reports.

    The errors of the two reports of flow i → j are normal with variances λ s_i and λ s_j; λ,
    common to the flow, is inverse gamma with shape and rate 2, so the discrepancy
    ln(exporter's report) − ln(importer's FOB value) has Student's t distribution with four degrees
    of freedom and squared scale s_i + s_j, and single wild flows count little (Lange, Little &
    Taylor 1989, doi:10.1080/01621459.1989.10478852). Maximum likelihood by
    expectation–maximisation. Identified as soon as some reporters form a triangle; a reporter
    without a partner that reports too gets the median of the others.

    Parameters
    ----------
    discrepancy
        Shape (cells,), NaN where there are not two reports.
    exporter, importer
        Position of the reporter on either side, 0 to n − 1, shape (cells,).
    n
        Number of reporters.
    weights
        Weight of each cell, ≥ 0; by default all alike.

    Returns
    -------
    array s, shape (n,), ≥ 0. The variance of a reporter's error is 2 s.

    >>> rng = np.random.default_rng(0)
    >>> i, j = (rng.integers(0, 3, 3000) for _ in range(2))
    >>> sd = np.array([0.1, 0.1, 1.0])
    >>> d = rng.normal(0, 1, 3000) * sd[i] - rng.normal(0, 1, 3000) * sd[j]
    >>> found = reliability(np.where(i == j, np.nan, d), i, j, 3)
    >>> bool(found[2] > 20 * found[0] and found[2] > 20 * found[1])
    True
    """
    d = np.asarray(discrepancy, dtype=np.float64)
    weight = np.ones(d.shape) if weights is None else np.asarray(weights, dtype=np.float64)
    used = np.isfinite(d) & (weight > 0)
    d2, w = d[used] ** 2, weight[used]
    i, j = (np.asarray(side)[used] for side in (exporter, importer))
    mass = np.bincount(i, w, n) + np.bincount(j, w, n)
    known = mass > 0
    if not known.any():
        raise InputError("No flow has two reports.", "At least one is needed to judge reporters.")
    scale = np.where(known, np.median(d2) / 2 + 1e-12, 0.0)
    for _ in range(ITERATIONS):
        both = scale[i] + scale[j]
        tail = (STUDENT + 1) / (STUDENT + d2 / both)
        pull = w * (tail * d2 / both - 1) / both  # slope of the likelihood in either scale
        change = np.bincount(i, pull * scale[i] ** 2, n) + np.bincount(j, pull * scale[j] ** 2, n)
        new = scale + np.divide(change, mass, out=np.zeros(n), where=known)
        new = np.maximum(new, 1e-12 * known)
        done = np.abs(new - scale).max() < TOLERANCE * scale.max()
        scale = new
        if done:
            break
    return np.where(known, scale, np.median(scale[known]))


def reconcile(
    fob: ArrayLike,
    cif: ArrayLike,
    freight_ratio: ArrayLike,
    exporter_scale: ArrayLike,
    importer_scale: ArrayLike,
) -> Reconciled:
    """Reconcile the two reports of each flow into one FOB value.

    ln value = g ln fob + (1 − g) ln(cif/ratio), g = s_j/(s_i + s_j): each report counts by the
    reliability of who makes it. Under the model of :func:`reliability` and a flat prior, ln of the
    true value has Student's t distribution about it with 5 degrees of freedom and squared scale
    s_i s_j/(s_i + s_j)·(4 + z²)/5, z² = discrepancy²/(s_i + s_j): reports that differ by more
    than their makers usually do leave more doubt, reports that agree less. With one report: that
    report, four degrees of freedom and its maker's scale.

    Parameters
    ----------
    fob, cif
        Reports, shape (n,), same unit; NaN = none.
    freight_ratio
        CIF/FOB ratio ≥ 1; where it is missing the importer's report cannot be used.
    exporter_scale, importer_scale
        Squared scales s of the two reporters' errors, from :func:`reliability`.

    Returns
    -------
    Reconciled; NaN where nobody reports more than zero.

    >>> r = reconcile([100.0, 100.0], [110.0, float("nan")], 1.1, 0.04, 0.04)
    >>> r.value.round(6).tolist(), r.log_scale.round(4).tolist(), r.exporter_weight.tolist()
    ([100.0, 100.0], [0.1265, 0.2], [0.5, 1.0])
    """
    x, m = _reports(fob, cif)
    ours = np.log(x)
    theirs = np.log(m) - np.log(np.asarray(freight_ratio, dtype=np.float64))
    s, t = (
        np.broadcast_to(np.maximum(np.asarray(v, dtype=np.float64), 1e-12), x.shape)
        for v in (exporter_scale, importer_scale)
    )
    has_ours, has_theirs = np.isfinite(ours), np.isfinite(theirs)
    two, any_ = has_ours & has_theirs, has_ours | has_theirs
    weight = np.where(two, t / (s + t), np.where(has_ours, 1.0, 0.0))
    gap = np.where(two, ours - theirs, 0.0)
    mean = weight * np.where(has_ours, ours, 0) + (1 - weight) * np.where(has_theirs, theirs, 0)
    surprise = (STUDENT + gap**2 / (s + t)) / (STUDENT + 1)
    scale2 = np.where(two, s * t / (s + t) * surprise, np.where(has_ours, s, t))
    return Reconciled(
        *(
            np.where(any_, values, np.nan)
            for values in (np.exp(mean), np.sqrt(scale2), STUDENT + two, weight)
        )
    )


def _reports(fob: ArrayLike, cif: ArrayLike) -> tuple[Floats, Floats]:
    """Return both reports with zero made missing, or raise."""
    x, m = np.broadcast_arrays(np.asarray(fob, dtype=np.float64), np.asarray(cif, dtype=np.float64))
    negative = [
        InputError(f"{name} has negative values.", "Flows are zero or more; NaN is missing.")
        for name, values in (("fob", x), ("cif", m))
        if (values < 0).any()
    ]
    raise_all("The reports are not flows", negative)
    return np.where(x > 0, x, np.nan), np.where(m > 0, m, np.nan)


def _freight_terms(distance_km: ArrayLike, contiguous: ArrayLike) -> NDArray[np.float64]:
    log_km = np.log(np.asarray(distance_km, dtype=np.float64) / 1_000)
    border = np.broadcast_to(np.asarray(contiguous, dtype=np.float64), log_km.shape)
    return np.stack([np.ones_like(log_km), log_km, log_km**2, border], axis=-1)
