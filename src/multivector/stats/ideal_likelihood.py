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
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from multivector.errors import UnknownName
from multivector.stats.ideal_data import CHUNKS, Floats, Ints, Votes, places

Backend = Literal["auto", "compiled", "numpy"]
BACKENDS: tuple[Backend, ...] = ("auto", "compiled", "numpy")
HALF_LOG_2PI = 0.5 * np.log(2 * np.pi)


@dataclass(frozen=True)
class ItemPass:
    """Log-likelihood by item and its derivatives with respect to (β, a, b).

    ``value`` shape (items,), ``gradient`` (items, 3), and ``hessian`` (items, 6) for the pairs ββ,
    βa, βb, aa, ab, bb. On an item with one cutpoint, a and b still count as two, to be added up
    by the caller.
    """

    value: Floats
    gradient: Floats
    hessian: Floats


@dataclass(frozen=True)
class RowPass:
    """Log-likelihood by row, its derivative with respect to θ, and minus the second derivative.

    Each has shape (rows asked for,).
    """

    value: Floats
    gradient: Floats
    curvature: Floats


class Likelihood(Protocol):
    """Passes over the votes; θ has shape (rows,) and items, (β, a, b), (items, 3)."""

    def by_item(self, theta: Floats, items: Floats) -> ItemPass:
        """Log-likelihood and derivatives of each item."""
        ...

    def by_row(self, theta: Floats, items: Floats, rows: Ints | None = None) -> RowPass:
        """Log-likelihood and derivatives of each row, or of some rows."""
        ...


def likelihood(votes: Votes, backend: Backend = "auto", threads: int = 2) -> Likelihood:
    """Make the two passes over the votes: by item and by row.

    Parameters
    ----------
    votes
        From :func:`~multivector.stats.ideal_data.lay_out`.
    backend
        ``compiled`` needs numba; ``numpy`` is about thirty times slower and needs nothing;
        ``auto`` compiles and, if that fails, warns and goes on in numpy.
    threads
        Number of threads of a compiled pass. It does not change the result.

    >>> from multivector.stats.ideal_data import lay_out
    >>> votes = lay_out([1, 2], [1, 1], [1, 1], [0, 2])
    >>> once = likelihood(votes, "numpy").by_item(np.array([-1.0, 1.0]), np.array([[1.0, 0, 0]]))
    >>> round(float(np.exp(once.value[0])), 6)  # Φ(1)²
    0.707861
    """
    if backend not in BACKENDS:
        raise UnknownName("backend", backend, BACKENDS)
    if backend != "numpy":
        try:
            return _Compiled(votes, threads)
        except Exception as error:
            if backend == "compiled":
                raise
            warnings.warn(
                f"The votes could not be compiled ({error}); the slow path is used.",
                RuntimeWarning,
                stacklevel=2,
            )
    return _Numpy(votes)


class _Compiled:
    """Passes by compiled loops: over votes sorted by item, and over votes sorted by row."""

    def __init__(self, votes: Votes, threads: int) -> None:
        from multivector.stats import ideal_kernels as kernels

        self.kernels, self.threads = kernels, threads
        self.tables = kernels.LOG_CDF, kernels.MILLS, kernels.CDF, kernels.PDF
        self.bounds = votes.chunks() if threads > 1 else votes.chunks()[[0, -1]]
        self.n, self.all_rows = votes.items.size, np.arange(votes.unit.size)
        self.start = np.where(votes.cutpoints[:, None] > 0, votes.start, 0)
        self.row = votes.row.astype(np.uint32)
        self.row_start, self.item = votes_of_rows(votes)
        theta, items = np.zeros(votes.unit.size), np.tile([0.0, -1.0, 1.0], (self.n, 1))
        self.by_item(theta, items)  # compiles now, if it can
        self.by_row(theta, items)

    def by_item(self, theta: Floats, items: Floats) -> ItemPass:
        value, gradient, hessian = np.empty(self.n), np.empty((self.n, 3)), np.empty((self.n, 6))

        def work(k: int) -> None:
            self.kernels.items_pass(
                self.bounds[k],
                self.bounds[k + 1],
                self.start,
                self.row,
                theta,
                items,
                *self.tables,
                value,
                gradient,
                hessian,
            )

        share(work, self.threads, self.bounds.size - 1)
        return ItemPass(value, gradient, hessian)

    def by_row(self, theta: Floats, items: Floats, rows: Ints | None = None) -> RowPass:
        wanted = self.all_rows if rows is None else rows
        value, gradient, curvature = np.empty((3, wanted.size))
        beta, lower, upper = np.ascontiguousarray(items.T)
        bounds = np.linspace(0, wanted.size, self.bounds.size).astype(np.int64)

        def work(k: int) -> None:
            self.kernels.rows_pass(
                bounds[k],
                bounds[k + 1],
                wanted,
                self.row_start,
                self.item,
                theta,
                beta,
                lower,
                upper,
                *self.tables,
                value,
                gradient,
                curvature,
            )

        share(work, self.threads, self.bounds.size - 1)
        return RowPass(value, gradient, curvature)


def votes_of_rows(votes: Votes) -> tuple[Ints, NDArray[np.uint32]]:
    """Bounds of each row's votes by place, shape (rows, 4), and their items in that order.

    As in :class:`~multivector.stats.ideal_data.Votes`, but by row; items without cutpoints are
    left out.
    """
    place = places(votes.seen)[votes.item, votes.choice]
    order = np.lexsort((votes.item, place, votes.row))
    order = order[votes.cutpoints[votes.item[order]] > 0]
    n = votes.unit.size
    counts = np.bincount(votes.row[order] * np.int64(3) + place[order], minlength=3 * n)
    ends = np.concatenate([[0], np.cumsum(counts)])
    start = ends[3 * np.arange(n)[:, None] + np.arange(4)]
    return start, votes.item[order].astype(np.uint32)


def bincount(places: NDArray[np.integer[Any]], values: Floats, n: int) -> Floats:
    """Sum *values* by place, shape (n,)."""
    return np.bincount(places, values, n).astype(np.float64, copy=False)


_POOLS: dict[int, ThreadPoolExecutor] = {}


def share(work: Callable[[int], None], threads: int, chunks: int = CHUNKS) -> None:
    """Call ``work(0)`` … ``work(chunks − 1)`` on some threads and wait for all of them."""
    if threads <= 1:
        for k in range(chunks):
            work(k)
        return
    pool = _POOLS.setdefault(threads, ThreadPoolExecutor(threads))
    for done in [pool.submit(work, k) for k in range(chunks)]:
        done.result()


def _mills(x: Floats) -> tuple[Floats, Floats]:
    log_cdf = log_ndtr(x)
    return log_cdf, np.exp(-x * x / 2 - HALF_LOG_2PI - log_cdf)


class _Numpy:
    """The same passes in numpy: each vote's derivatives by η = βθ, a and b, and their sums."""

    def __init__(self, votes: Votes) -> None:
        self.votes = votes

    def by_item(self, theta: Floats, items: Floats) -> ItemPass:
        item, n, t = self.votes.item, self.votes.items.size, theta[self.votes.row]
        f, p, r, aa, ab, bb = _terms(self.votes, theta, items)
        ea, eb, ee = -(aa + ab), -(bb + ab), aa + 2 * ab + bb

        def summed(*values: Floats) -> Floats:
            return np.stack([bincount(item, v, n) for v in values], axis=-1)

        return ItemPass(
            value=bincount(item, f, n),
            gradient=summed((r - p) * t, -r, p),
            hessian=summed(ee * t * t, ea * t, eb * t, aa, ab, bb),
        )

    def by_row(self, theta: Floats, items: Floats, rows: Ints | None = None) -> RowPass:
        row, n, beta = self.votes.row, self.votes.unit.size, items[self.votes.item, 0]
        f, p, r, aa, ab, bb = _terms(self.votes, theta, items)
        parts = f, (r - p) * beta, -(aa + 2 * ab + bb) * beta * beta
        return RowPass(*(bincount(row, v, n)[slice(None) if rows is None else rows] for v in parts))


def _terms(votes: Votes, theta: Floats, items: Floats) -> tuple[Floats, ...]:
    """Each vote's f, ∂f/∂b, −∂f/∂a, and second derivatives for the pairs aa, ab, bb."""
    item, row = votes.item, votes.row
    place = places(votes.seen)[item, votes.choice]
    t, beta = theta[row], items[item, 0]
    low, high = items[item, 1] - beta * t, beta * t - items[item, 2]
    f, p, r, aa, ab, bb = np.zeros((6, row.size))
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
    return f, p, r, aa, ab, bb
