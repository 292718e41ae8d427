"""Sensitivity analysis: how much of an output's variance each uncertain input brings about.

Variance-based (Sobol) indices from an A|B design: two independent samples A and B of all inputs,
and for each input i the sample AB_i, which is A with the columns of i taken from B (Saltelli et al.
2010, doi:10.1016/j.cpc.2009.09.018). The first-order index is the share of variance that fixing i
alone would remove; the total index also counts what i does together with others. A discrete choice
is an input like any other: a uniform number that picks one of the alternatives.

Outputs have shape (…, N), leading axes are cells; ``ab`` has one more axis for the inputs,
(…, d, N). An undefined output (NaN) takes its replay out of that cell's indices, in all of A, B and
AB. Inputs must be independent of one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multivector.errors import InputError
from multivector.stats.summaries import Floats, rank, ratio

EDGE = 1e-12
"""Uniform numbers are kept this far from 0 and 1, where quantiles may be infinite."""


@dataclass(frozen=True)
class Design:
    """Two samples of uniform numbers, each of shape (N, columns), between 0 and 1."""

    a: Floats
    b: Floats

    def mixed(self, groups: Sequence[Sequence[int]]) -> Floats:
        """Return AB for each group of columns: A with these from B, shape (groups, N, columns)."""
        result = np.repeat(self.a[None], len(groups), axis=0)
        for i, columns in enumerate(groups):
            result[i][:, list(columns)] = self.b[:, list(columns)]
        return result


@dataclass(frozen=True)
class Resampled:
    """Indices resampled over the rows of a design; each of shape (…, d, draws)."""

    first: Floats
    total: Floats


def design(n: int, columns: int, seed: int) -> Design:
    """Return an A|B design of N rows from a scrambled Sobol sequence.

    Parameters
    ----------
    n
        Rows, a power of two, which the balance of the sequence needs.
    columns
        Uniform numbers that one replay needs; at least 1.
    seed
        Seed of the scrambling (Owen 1998, doi:10.1006/jcom.1998.0487).

    >>> design(8, 2, seed=1).a.shape
    (8, 2)
    """
    from scipy.stats import qmc

    if n < 2 or n & (n - 1) or columns < 1:
        near = max(2, 2 ** max(1, round(np.log2(max(n, 1)))))
        raise InputError(
            f"A design of {n} rows and {columns} columns cannot be made.",
            f"Possible: a power of two rows, such as {near}, and at least one column.",
        )
    points = qmc.Sobol(2 * columns, scramble=True, rng=np.random.default_rng(seed)).random(n)
    points = np.clip(points, EDGE, 1 - EDGE)
    return Design(points[:, :columns], points[:, columns:])


def pick(uniform: ArrayLike, alternatives: int) -> NDArray[np.intp]:
    """Return which of several equally likely alternatives a uniform number picks, from 0.

    >>> pick([0.1, 0.5, 0.99], 2).tolist()
    [0, 1, 1]
    """
    u = np.asarray(uniform, dtype=np.float64)
    return np.minimum((u * alternatives).astype(np.intp), alternatives - 1)


def first_order(
    a: ArrayLike,
    b: ArrayLike,
    ab: ArrayLike,
    estimator: Literal["centred", "jansen"] = "centred",
) -> Floats:
    """First-order Sobol index of each input, S_i = V(E(f | x_i))/V(f).

    Centred: mean[(f_B − f̄)(f_ABi − f_A)]/V with f̄ the mean of A and B together (Saltelli et al.
    2010, table 2 b; without centring its error grows with the mean of the output). Jansen:
    1 − mean[(f_B − f_ABi)²]/2V (Jansen 1999, doi:10.1016/S0010-4655(98)00154-4). V is the sample
    variance (n − 1) of A and B together. Values below 0 are sampling error.

    Parameters
    ----------
    a, b
        Outputs on A and on B, shape (…, N).
    ab
        Outputs on AB_i, shape (…, d, N).
    estimator
        Which of the two.

    Returns
    -------
    array, shape (…, d), about 0 to 1; NaN where the output does not vary.

    >>> x = design(256, 2, seed=1)
    >>> f = lambda u: 3 * u[..., 0] + u[..., 1]
    >>> [abs(float(s)) for s in first_order(f(x.a), f(x.b), f(x.mixed([[0], [1]]))).round(1)]
    [0.9, 0.1]
    """
    terms = _Terms(a, b, ab)
    return terms.first(terms.ones, estimator)[..., 0]


def total_order(a: ArrayLike, b: ArrayLike, ab: ArrayLike) -> Floats:
    """Total Sobol index of each input, mean[(f_A − f_ABi)²]/2V: its share, interactions included.

    Jansen's estimator (1999, doi:10.1016/S0010-4655(98)00154-4), never negative; 0 means that the
    input plays no part. Arguments and result as in :func:`first_order`.
    """
    terms = _Terms(a, b, ab)
    return terms.total(terms.ones)[..., 0]


def bootstrap(a: ArrayLike, b: ArrayLike, ab: ArrayLike, draws: int, seed: int) -> Resampled:
    """First-order (centred) and total indices over resamples of the rows of the design.

    Rows (A_n, B_n, AB_n together) are taken with replacement (Archer, Saltelli & Sobol 1997,
    doi:10.1080/00949659708811825).

    >>> x = design(64, 1, seed=1)
    >>> r = bootstrap(x.a[:, 0], x.b[:, 0], x.mixed([[0]])[..., 0], draws=100, seed=1)
    >>> r.total.shape
    (1, 100)
    """
    if draws < 1:
        raise InputError(f"{draws} resamples were asked for.", "Possible: 1 or more.")
    terms = _Terms(a, b, ab)
    n = terms.known.shape[-1]
    rng = np.random.default_rng(seed)
    times = rng.multinomial(n, np.full(n, 1 / n), size=draws).astype(np.float64)
    return Resampled(terms.first(times, "centred"), terms.total(times))


def pooled(shares: ArrayLike, variances: ArrayLike) -> Floats:
    """Index of each input over several outputs at once: the mean weighted by their variances.

    Σ_c V_c S_ci/Σ_c V_c, the generalised Sobol index of a vector of outputs in one unit (Lamboni,
    Monod & Makowski 2011, doi:10.1016/j.ress.2010.09.002).

    Parameters
    ----------
    shares
        Shape (cells, d, …).
    variances
        Shape (cells,); cells that do not vary, or whose index is NaN, do not count.

    Returns
    -------
    array, shape (d, …).

    >>> pooled([[0.8, 0.2], [0.2, 0.8]], [3.0, 1.0]).round(6).tolist()
    [0.65, 0.35]
    """
    s, v = np.asarray(shares, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    v = v.reshape(-1, *(1,) * (s.ndim - 1))
    v = np.where(np.isnan(s) | np.isnan(v), 0.0, v)
    return ratio((v * np.where(np.isnan(s), 0.0, s)).sum(axis=0), v.sum(axis=0))


def rank_draws(scores: ArrayLike) -> Floats:
    """Rank of each unit in each draw, 1 for the largest score; tied units share the better rank.

    Shape (units, draws) to the same; NaN where a unit has no score in a draw. Quantiles over the
    draws are rank intervals.

    >>> rank_draws([[1.0, 5.0], [2.0, 3.0]]).tolist()
    [[2.0, 1.0], [1.0, 2.0]]
    """
    return rank(np.asarray(scores, dtype=np.float64).T).T


def rank_shift(ranks: ArrayLike, nominal: ArrayLike) -> Floats:
    """Mean absolute difference of ranks between a version of an index and the nominal one.

    Shapes (…, units) to (…), in ranks, 0 or more; units without a rank in one of them are left out
    (Saisana, Saltelli & Tarantola 2005, doi:10.1111/j.1467-985X.2005.00350.x).

    >>> float(rank_shift([2.0, 1.0, 3.0], [1.0, 2.0, 3.0]).round(6))
    0.666667
    """
    gap = np.abs(np.asarray(ranks, dtype=np.float64) - np.asarray(nominal, dtype=np.float64))
    known = ~np.isnan(gap)
    return ratio(np.where(known, gap, 0.0).sum(axis=-1), known.sum(axis=-1))


class _Terms:
    """Outputs of a design with the replays left out that are undefined somewhere."""

    def __init__(self, a: ArrayLike, b: ArrayLike, ab: ArrayLike) -> None:
        fa, fb, fab = (np.asarray(f, dtype=np.float64) for f in (a, b, ab))
        if fa.shape != fb.shape or fab.shape != (*fa.shape[:-1], fab.shape[-2], fa.shape[-1]):
            raise InputError(
                f"Outputs have shapes {fa.shape}, {fb.shape}, {fab.shape}.",
                "Possible: (…, N) on A and on B, (…, d, N) on AB.",
            )
        self.known = np.isfinite(fa) & np.isfinite(fb) & np.isfinite(fab).all(axis=-2)
        centre = self._mean(fa + fb, np.ones((1, fa.shape[-1])))[..., 0] / 2
        keep = (self.known, self.known, self.known[..., None, :])
        shift = (centre[..., None], centre[..., None], centre[..., None, None])
        self.a, self.b, self.ab = (
            np.where(k, f - c, 0.0) for k, f, c in zip(keep, (fa, fb, fab), shift, strict=True)
        )
        self.ones = np.ones((1, fa.shape[-1]))

    def _mean(self, x: Floats, times: Floats) -> Floats:
        """Weighted mean over replays by each row of *times*, shape (…, draws)."""
        deep = self.known if x.ndim == self.known.ndim else self.known[..., None, :]
        return ratio(np.where(deep, x, 0.0) @ times.T, deep.astype(np.float64) @ times.T)

    def _centre(self, times: Floats) -> Floats:
        return self._mean(self.a + self.b, times) / 2

    def variance(self, times: Floats) -> Floats:
        """Sample variance (n − 1) of A and B together, shape (…, draws)."""
        n = 2 * (self.known.astype(np.float64) @ times.T)
        square = self._mean(self.a**2 + self.b**2, times) / 2 - self._centre(times) ** 2
        scale = (np.abs(self.a) + np.abs(self.b)).max(axis=-1, keepdims=True)
        return np.where(square > 1e-24 * scale**2, square * ratio(n, n - 1), 0.0)

    def first(self, times: Floats, estimator: str) -> Floats:
        spread = self.variance(times)[..., None, :]
        b = self.b[..., None, :]
        if estimator == "jansen":
            half = self._mean((b - self.ab) ** 2, times) / 2
            return np.where(spread > 0, 1 - ratio(half, spread), np.nan)
        step = self.ab - self.a[..., None, :]
        product = self._mean(b * step, times)
        mean = self._centre(times)[..., None, :] * self._mean(step, times)
        return ratio(product - mean, spread)

    def total(self, times: Floats) -> Floats:
        half = self._mean((self.a[..., None, :] - self.ab) ** 2, times) / 2
        return ratio(half, self.variance(times)[..., None, :])
