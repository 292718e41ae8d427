"""Compiled passes over the votes; imported only where they are used, since numba is heavy.

Each function works on a run of items, releases the interpreter's lock and writes to arrays of its
own, so that threads can share the work and the sums do not depend on how many there are.
"""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

Floats = NDArray[np.float64]

STEPS = 32  # nodes of the table per unit
LOWEST, HIGHEST = -20.0, 9.0
HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


def normal_table() -> Floats:
    """Log Φ(x), λ(x) = φ(x)/Φ(x) and λ'(x) = −λ(λ + x) at the nodes, shape (nodes, 3)."""
    x = LOWEST + np.arange(round((HIGHEST - LOWEST) * STEPS) + 1) / STEPS
    log_cdf = log_ndtr(x)
    mills = np.exp(-x * x / 2 - HALF_LOG_2PI - log_cdf)
    return np.stack([log_cdf, mills, -mills * (mills + x)], axis=1)


TABLE = normal_table()


def compiled(**options: Any) -> Any:
    """numba.njit with a cache on disk, or without one where no folder can be written."""

    def decorate(function: Any) -> Any:
        try:
            return numba.njit(cache=True, nogil=True, error_model="numpy", **options)(function)
        except RuntimeError:  # numba found no folder for its cache
            return numba.njit(nogil=True, error_model="numpy", **options)(function)

    return decorate


@compiled(inline="always")
def log_cdf_mills(x: float, table: Floats) -> tuple[float, float]:
    """Log Φ(x) and φ(x)/Φ(x) by cubic Hermite interpolation; error below 2e-9."""
    if x >= HIGHEST:
        return 0.0, 0.0
    if x < LOWEST:
        y = 1.0 / (x * x)
        series = 1.0 - y * (1.0 - y * (3.0 - 15.0 * y))
        return -0.5 * x * x - HALF_LOG_2PI - math.log(-x) + math.log(series), -x / series
    place = (x - LOWEST) * STEPS
    k = int(place)
    t = place - k
    s = 1.0 - t
    left, right = s * s * (1.0 + 2.0 * t), t * t * (1.0 + 2.0 * s)
    left_slope, right_slope = t * s * s / STEPS, -t * t * s / STEPS
    f = left * table[k, 0] + right * table[k + 1, 0]
    f += left_slope * table[k, 1] + right_slope * table[k + 1, 1]
    g = left * table[k, 1] + right * table[k + 1, 1]
    g += left_slope * table[k, 2] + right_slope * table[k + 1, 2]
    return f, g


@compiled()
def likelihood_pass(  # noqa: PLR0912, PLR0915, PLR0917
    first: int,
    last: int,
    start: NDArray[np.int64],
    row: NDArray[np.int32],
    theta: Floats,
    items: Floats,
    curvature: bool,
    table: Floats,
    value: Floats,
    item_gradient: Floats,
    item_hessian: Floats,
    theta_gradient: Floats,
    theta_hessian: Floats,
) -> None:
    """Log-likelihood of items first:last and its derivatives; see ideal_likelihood.Pass."""
    for v in range(first, last):
        beta, lower, upper = items[v, 0], items[v, 1], items[v, 2]
        total = 0.0
        g_beta = g_lower = g_upper = 0.0
        h_bb = h_bl = h_bu = h_ll = h_lu = h_uu = 0.0
        for i in range(start[v, 0], start[v, 1]):
            t = theta[row[i]]
            x = lower - beta * t
            f, g = log_cdf_mills(x, table)
            g_lower += g
            g_beta -= g * t
            theta_gradient[row[i]] -= g * beta
            if not curvature:
                total += f
            else:
                w = g * (g + x)
                h_ll -= w
                h_bl += w * t
                h_bb -= w * t * t
                theta_hessian[row[i]] -= w * beta * beta
        for i in range(start[v, 2], start[v, 3]):
            t = theta[row[i]]
            x = beta * t - upper
            f, g = log_cdf_mills(x, table)
            g_upper -= g
            g_beta += g * t
            theta_gradient[row[i]] += g * beta
            if not curvature:
                total += f
            else:
                w = g * (g + x)
                h_uu -= w
                h_bu += w * t
                h_bb -= w * t * t
                theta_hessian[row[i]] -= w * beta * beta
        if start[v, 2] > start[v, 1] and start[v, 1] > start[v, 0]:
            for i in range(start[v, 1], start[v, 2]):
                t = theta[row[i]]
                eta = beta * t
                d = lower - eta
                u = upper - eta
                # In the tail nearer to zero probability, so that the difference keeps its digits.
                swap = d + u > 0
                if swap:
                    d, u = -u, -d
                f_l, g_l = log_cdf_mills(d, table)
                f_u, g_u = log_cdf_mills(u, table)
                shrunk = math.exp(f_l - f_u)
                gap = -math.expm1(f_l - f_u)
                p = g_u / gap
                r = g_l * shrunk / gap
                if swap:
                    d, u = -u, -d
                    p, r = r, p
                g_upper += p
                g_lower -= r
                g_beta += (r - p) * t
                theta_gradient[row[i]] += (r - p) * beta
                if not curvature:
                    total += f_u + math.log(gap)
                else:
                    uu = -p * (u + p)
                    ll = r * (d - r)
                    lu = p * r
                    h_uu += uu
                    h_ll += ll
                    h_lu += lu
                    h_bu -= (uu + lu) * t
                    h_bl -= (ll + lu) * t
                    h_bb += (uu + 2.0 * lu + ll) * t * t
                    theta_hessian[row[i]] += (uu + 2.0 * lu + ll) * beta * beta
        if not curvature:
            value[v] = total
        item_gradient[v, 0] = g_beta
        item_gradient[v, 1] = g_lower
        item_gradient[v, 2] = g_upper
        if curvature:
            item_hessian[v, 0] = h_bb
            item_hessian[v, 1] = h_bl
            item_hessian[v, 2] = h_bu
            item_hessian[v, 3] = h_ll
            item_hessian[v, 4] = h_lu
            item_hessian[v, 5] = h_uu
