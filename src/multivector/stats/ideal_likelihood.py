"""Log-likelihood of ordered votes and its derivatives, compiled or in plain numpy.

A vote on item v by row r has a latent position z = β_v θ_r + ε, ε ~ N(0, 1), and reads no below
the lower cutpoint a_v, abstain between the two, yes above the upper cutpoint b_v:

P(no) = Φ(a_v − β_v θ_r),  P(yes) = Φ(β_v θ_r − b_v),  P(abstain) = 1 − P(no) − P(yes).

An item on which only two levels occur has one cutpoint, a_v = b_v, between them. An item on which
one level occurs has no parameters, and its votes have log-likelihood 0.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from multivector.errors import UnknownName
from multivector.stats.ideal_data import CHUNKS, Floats, Votes, places

Backend = Literal["auto", "compiled", "numpy"]
BACKENDS: tuple[Backend, ...] = ("auto", "compiled", "numpy")
HALF_LOG_2PI = 0.5 * np.log(2 * np.pi)


@dataclass(frozen=True)
class Pass:
    """Derivatives of the log-likelihood at one point, and either its value or its curvature.

    ``value`` by item, shape (items,). ``item_gradient`` with respect to (β, a, b), shape
    (items, 3), and ``item_hessian`` for the pairs ββ, βa, βb, aa, ab, bb, shape (items, 6); on an
    item with one cutpoint, a and b still count as two, to be added up by the caller.
    ``theta_gradient`` and ``theta_hessian`` (its diagonal) with respect to θ, shape (rows,). The
    value is NaN where the curvature was asked for, and the Hessians are where it was not.
    """

    value: Floats
    item_gradient: Floats
    item_hessian: Floats
    theta_gradient: Floats
    theta_hessian: Floats


Likelihood = Callable[[Floats, Floats, bool], Pass]


def likelihood(votes: Votes, backend: Backend = "auto", threads: int = 2) -> Likelihood:
    """Make the function of (θ, items, curvature or value?) that passes once over the votes.

    θ has shape (rows,) and items (items, 3): β, lower and upper cutpoint.

    Parameters
    ----------
    votes
        From :func:`~multivector.stats.ideal_data.lay_out`.
    backend
        ``compiled`` needs numba; ``numpy`` is about ten times slower and needs nothing;
        ``auto`` compiles and, if that fails, warns and goes on in numpy.
    threads
        Number of threads of the compiled pass. It does not change the result.

    >>> from multivector.stats.ideal_data import lay_out
    >>> votes = lay_out([1, 2], [1, 1], [1, 1], [0, 2])
    >>> once = likelihood(votes, "numpy")(np.array([-1.0, 1.0]), np.array([[1.0, 0, 0]]), False)
    >>> round(float(np.exp(once.value[0])), 6)  # Φ(1)²
    0.707861
    """
    if backend not in BACKENDS:
        raise UnknownName("backend", backend, BACKENDS)
    if backend != "numpy":
        try:
            return _compiled(votes, threads)
        except Exception as error:
            if backend == "compiled":
                raise
            warnings.warn(
                f"The votes could not be compiled ({error}); the slow path is used.",
                RuntimeWarning,
                stacklevel=2,
            )
    return lambda theta, items, curvature: _numpy(votes, theta, items, curvature)


def _compiled(votes: Votes, threads: int) -> Likelihood:
    from multivector.stats import ideal_kernels as kernels

    bounds = votes.chunks()
    rows, n = votes.unit.size, votes.items.size

    def evaluate(theta: Floats, items: Floats, curvature: bool) -> Pass:
        value, gradient = np.full(n, np.nan), np.zeros((n, 3))
        hessian = np.full((n, 6), np.nan)
        by_row = np.zeros((2, CHUNKS, rows))

        def work(k: int) -> None:
            kernels.likelihood_pass(
                bounds[k],
                bounds[k + 1],
                votes.start,
                votes.row,
                theta,
                items,
                curvature,
                kernels.TABLE,
                value,
                gradient,
                hessian,
                by_row[0, k],
                by_row[1, k],
            )

        share(work, threads)
        theta_gradient, theta_hessian = by_row.sum(axis=1)
        if not curvature:
            theta_hessian[:] = np.nan
        return Pass(value, gradient, hessian, theta_gradient, theta_hessian)

    evaluate(np.zeros(rows), np.tile([0.0, -1.0, 1.0], (n, 1)), False)  # compiles now, if it can
    return evaluate


def bincount(places: NDArray[np.integer[Any]], values: Floats, n: int) -> Floats:
    """Sum *values* by place, shape (n,)."""
    return np.bincount(places, values, n).astype(np.float64, copy=False)


_POOLS: dict[int, ThreadPoolExecutor] = {}


def share(work: Callable[[int], None], threads: int) -> None:
    """Call ``work(0)`` … ``work(CHUNKS − 1)`` on some threads and wait for all of them."""
    if threads <= 1:
        for k in range(CHUNKS):
            work(k)
        return
    pool = _POOLS.setdefault(threads, ThreadPoolExecutor(threads))
    for done in [pool.submit(work, k) for k in range(CHUNKS)]:
        done.result()


def _mills(x: Floats) -> tuple[Floats, Floats]:
    log_cdf = log_ndtr(x)
    return log_cdf, np.exp(-x * x / 2 - HALF_LOG_2PI - log_cdf)


def _numpy(votes: Votes, theta: Floats, items: Floats, curvature: bool) -> Pass:
    """Sum each vote's derivatives with respect to η = βθ, a and b by item and by row."""
    item, row = votes.item, votes.row
    place = places(votes.seen)[item, votes.choice]
    t, beta = theta[row], items[item, 0]
    low, high = items[item, 1] - beta * t, beta * t - items[item, 2]
    f = np.zeros(row.size)
    p, r = np.zeros(row.size), np.zeros(row.size)  # ∂f/∂b and −∂f/∂a
    aa, ab, bb = np.zeros(row.size), np.zeros(row.size), np.zeros(row.size)
    below, above = place == 0, place == 2
    f[below], g = _mills(low[below])
    r[below], aa[below] = -g, -g * (g + low[below])
    f[above], g = _mills(high[above])
    p[above], bb[above] = -g, -g * (g + high[above])

    between = (place == 1) & (votes.cutpoints[item] == 2)
    lo, up = low[between], -high[between]
    swap = lo + up > 0
    near, far = np.where(swap, -lo, up), np.where(swap, -up, lo)
    (f_near, g_near), (f_far, g_far) = _mills(near), _mills(far)
    gap = -np.expm1(f_far - f_near)
    f[between] = f_near + np.log(gap)
    g_near, g_far = g_near / gap, g_far * np.exp(f_far - f_near) / gap
    p[between], r[between] = np.where(swap, g_far, g_near), np.where(swap, g_near, g_far)
    bb[between] = -p[between] * (up + p[between])
    aa[between] = r[between] * (lo - r[between])
    ab[between] = p[between] * r[between]

    def by_item(*values: Floats) -> Floats:
        n = votes.items.size
        return np.stack([bincount(item, v, n) for v in values], axis=-1)

    def by_row(values: Floats) -> Floats:
        return bincount(row, values, votes.unit.size)

    eta = r - p
    ea, eb, ee = -(aa + ab), -(bb + ab), aa + 2 * ab + bb
    items_nan, rows_nan = np.full((votes.items.size, 6), np.nan), np.full(votes.unit.size, np.nan)
    return Pass(
        value=items_nan[:, 0] if curvature else by_item(f)[:, 0],
        item_gradient=by_item(eta * t, -r, p),
        item_hessian=by_item(ee * t * t, ea * t, eb * t, aa, ab, bb) if curvature else items_nan,
        theta_gradient=by_row(eta * beta),
        theta_hessian=by_row(ee * beta * beta) if curvature else rows_nan,
    )
