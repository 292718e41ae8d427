"""Compiled passes over the votes; imported only where they are used, since numba is heavy.

Each function works on a run of items or of rows, releases the interpreter's lock and writes to
places of its own, so that threads can share the work and the sums do not depend on how many there
are. The loops over votes have neither branches nor stores, so that they become vector
instructions: every sum over the votes of one item, or of one row, stays in registers.
"""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from multivector.stats.ideal_totals import accept_in_turn

Floats = NDArray[np.float64]
UInts = NDArray[np.uint32]

STEPS = 64  # nodes of the table per unit
LOWEST, HIGHEST = -37.0, 9.0
NODES = LOWEST + np.arange(round((HIGHEST - LOWEST) * STEPS) + 1) / STEPS
LOG_CDF = log_ndtr(NODES)
CDF = np.exp(LOG_CDF)
PDF = np.exp(-NODES * NODES / 2 - 0.5 * math.log(2 * math.pi))
MILLS = np.exp(-NODES * NODES / 2 - 0.5 * math.log(2 * math.pi) - LOG_CDF)  # φ(x)/Φ(x)
BLOCK = 16  # probabilities multiplied before their logarithm is taken
SMALLEST = 1e-18  # so that a product of BLOCK of them is a number
LAST = np.uint32(NODES.size - 1)
ALGEBRA = {"reassoc", "nsz", "contract", "arcp"}


def compiled(**options: Any) -> Any:
    """numba.njit with a cache on disk, or without one where no folder can be written."""

    def decorate(function: Any) -> Any:
        try:
            return numba.njit(cache=True, nogil=True, error_model="numpy", **options)(function)
        except RuntimeError:  # numba found no folder for its cache
            return numba.njit(nogil=True, error_model="numpy", **options)(function)

    return decorate


accept = compiled()(accept_in_turn)


@compiled(fastmath=ALGEBRA)
def log_cdf_mills(x: float, log_cdf: Floats, mills: Floats) -> tuple[float, float]:
    """Log Φ(x) and λ(x) = φ(x)/Φ(x) by Taylor's series from the nearest node; error below 1e-7.

    λ' = −λ(λ + x) and λ'' = λ((λ + x)(2λ + x) − 1) need no table. Below the lowest node the same
    series goes on, which is coarser.
    """
    y = min(x, HIGHEST)
    k = min(np.uint32((max(y, LOWEST) - LOWEST) * STEPS + 0.5), LAST)  # whatever x is
    node = LOWEST + k * (1.0 / STEPS)
    d = y - node
    g = mills[k]
    s = g + node
    first = -g * s
    second = g * (s * (s + g) - 1.0)
    f = log_cdf[k] + d * (g + d * (0.5 * first + d * second * (1 / 6)))
    return f, g + d * (first + 0.5 * d * second)


@compiled(fastmath=ALGEBRA)
def cdf_pdf(x: float, cdf: Floats, pdf: Floats) -> tuple[float, float]:
    """Φ(x) and φ(x) by their Taylor series, whose terms are Hermite polynomials at the node."""
    y = min(max(x, LOWEST), HIGHEST)
    k = min(np.uint32((y - LOWEST) * STEPS + 0.5), LAST)
    z = LOWEST + k * (1.0 / STEPS)
    d = y - z
    h2 = z * z - 1.0
    h3 = z * (z * z - 3.0)
    h4 = z * h3 - 3.0 * h2
    p = pdf[k]
    c = cdf[k] + p * d * (1.0 - d * (0.5 * z - d * ((1 / 6) * h2 - d * (1 / 24) * h3)))
    return c, p * (1.0 - d * (z - d * (0.5 * h2 - d * ((1 / 6) * h3 - d * (1 / 24) * h4))))


@compiled(fastmath=ALGEBRA)
def between(  # noqa: PLR0917
    lower: float, upper: float, log_cdf: Floats, mills: Floats, cdf: Floats, pdf: Floats
) -> tuple[float, float, float, float]:
    """Two parts of log(Φ(u) − Φ(l)) = f + log g, and p = φ(u)/(Φ(u) − Φ(l)) and r = φ(l)/(…).

    They are taken in the tail nearer to zero probability, so that differences keep their digits.
    """
    swap = lower + upper > 0
    a = -upper if swap else lower
    b = -lower if swap else upper
    f, mills_b = log_cdf_mills(b, log_cdf, mills)
    below, pdf_a = cdf_pdf(a, cdf, pdf)
    above, _ = cdf_pdf(b, cdf, pdf)
    gap = max(1.0 - below / above, SMALLEST)
    near, far = mills_b / gap, pdf_a / (gap * above)
    return f, gap, far if swap else near, near if swap else far


@compiled(fastmath=ALGEBRA)
def outer_of_item(  # noqa: PLR0917
    votes: UInts, theta: Floats, at: float, slope: float, log_cdf: Floats, mills: Floats
) -> tuple[float, float, float, float, float, float]:
    """Σ log Φ(x), Σ λ, Σ λ t, Σ w, Σ w t and Σ w t² over votes, x = at + slope t, w = λ(λ + x)."""
    value = g0 = g1 = w0 = w1 = w2 = 0.0
    for i in range(votes.size):
        t = theta[votes[i]]
        x = at + slope * t
        f, g = log_cdf_mills(x, log_cdf, mills)
        w = g * (g + x)
        value += f
        g0 += g
        g1 += g * t
        w0 += w
        w1 += w * t
        w2 += w * t * t
    return value, g0, g1, w0, w1, w2


@compiled(fastmath=ALGEBRA)
def items_pass(  # noqa: PLR0917
    first: int,
    last: int,
    start: NDArray[np.int64],
    row: UInts,
    theta: Floats,
    items: Floats,
    log_cdf: Floats,
    mills: Floats,
    cdf: Floats,
    pdf: Floats,
    value: Floats,
    gradient: Floats,
    hessian: Floats,
) -> None:
    """Log-likelihood and derivatives of items first:last; see ideal_likelihood.ItemPass."""
    for v in range(first, last):
        beta, lower, upper = items[v, 0], items[v, 1], items[v, 2]
        low = outer_of_item(row[start[v, 0] : start[v, 1]], theta, lower, -beta, log_cdf, mills)
        high = outer_of_item(row[start[v, 2] : start[v, 3]], theta, -upper, beta, log_cdf, mills)
        total = low[0] + high[0]
        g_b, g_l, g_u = high[2] - low[2], low[1], -high[1]
        bb, bl, bu, ll, lu, uu = -low[5] - high[5], low[4], high[4], -low[3], 0.0, -high[3]
        for begin in range(start[v, 1], start[v, 2], BLOCK):
            votes = row[begin : min(begin + BLOCK, start[v, 2])]
            product = 1.0
            for i in range(votes.size):
                t = theta[votes[i]]
                d, u = lower - beta * t, upper - beta * t
                f, gap, p, r = between(d, u, log_cdf, mills, cdf, pdf)
                total += f
                product *= gap
                h_uu, h_ll, h_lu = -p * (u + p), r * (d - r), p * r
                g_u += p
                g_l -= r
                g_b += (r - p) * t
                uu += h_uu
                ll += h_ll
                lu += h_lu
                bu -= (h_uu + h_lu) * t
                bl -= (h_ll + h_lu) * t
                bb += (h_uu + 2.0 * h_lu + h_ll) * t * t
            total += math.log(product)
        value[v] = total
        gradient[v, 0], gradient[v, 1], gradient[v, 2] = g_b, g_l, g_u
        hessian[v, 0], hessian[v, 1], hessian[v, 2] = bb, bl, bu
        hessian[v, 3], hessian[v, 4], hessian[v, 5] = ll, lu, uu


@compiled(fastmath=ALGEBRA)
def outer_of_row(  # noqa: PLR0917
    votes: UInts,
    t: float,
    beta: Floats,
    cutpoint: Floats,
    sign: float,
    log_cdf: Floats,
    mills: Floats,
) -> tuple[float, float, float]:
    """Σ log Φ(x), Σ λ β and Σ w β² over the votes of a row, x = ± (cutpoint − β t)."""
    value = gradient = curvature = 0.0
    for i in range(votes.size):
        b = beta[votes[i]]
        x = sign * (cutpoint[votes[i]] - b * t)
        f, g = log_cdf_mills(x, log_cdf, mills)
        value += f
        gradient += g * b
        curvature += g * (g + x) * b * b
    return value, gradient, curvature


@compiled(fastmath=ALGEBRA)
def rows_pass(  # noqa: PLR0917
    first: int,
    last: int,
    rows: NDArray[np.int64],
    start: NDArray[np.int64],
    item: UInts,
    theta: Floats,
    beta: Floats,
    lower: Floats,
    upper: Floats,
    log_cdf: Floats,
    mills: Floats,
    cdf: Floats,
    pdf: Floats,
    value: Floats,
    gradient: Floats,
    curvature: Floats,
) -> None:
    """Log-likelihood and derivatives of rows[first:last]; see ideal_likelihood.RowPass."""
    for k in range(first, last):
        r = rows[k]
        t = theta[r]
        low = outer_of_row(item[start[r, 0] : start[r, 1]], t, beta, lower, 1.0, log_cdf, mills)
        high = outer_of_row(item[start[r, 2] : start[r, 3]], t, beta, upper, -1.0, log_cdf, mills)
        total, g, w = low[0] + high[0], high[1] - low[1], low[2] + high[2]
        for begin in range(start[r, 1], start[r, 2], BLOCK):
            votes = item[begin : min(begin + BLOCK, start[r, 2])]
            product = 1.0
            for i in range(votes.size):
                b = beta[votes[i]]
                d, u = lower[votes[i]] - b * t, upper[votes[i]] - b * t
                f, gap, p, s = between(d, u, log_cdf, mills, cdf, pdf)
                total += f
                product *= gap
                g += (s - p) * b
                w += (p * (u + p) - s * (d - s) - 2.0 * p * s) * b * b
            total += math.log(product)
        value[k], gradient[k], curvature[k] = total, g, w
