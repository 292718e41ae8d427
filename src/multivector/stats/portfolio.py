"""Portfolios of several domains: named partners within a whole, what splits, what would shift.

Arrays of shares p hold partners on the last axis, the rest of the world last of all, and domains
on the axis before it; leading axes (draws, years) are free. A domain's shares add up to one. What
is said of balance concerns the named partners alone: the subcomposition without the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import entr, gammaincinv, rel_entr

from multivector.errors import InputError
from multivector.stats.composition import shares
from multivector.stats.summaries import Floats, ratio


@dataclass(frozen=True)
class Split:
    """Departure of domains from a target, split exactly, in nats; each of shape (…).

    ``domains`` = ``overall`` + ``between``: the mean departure of the domains is that of the
    pooled portfolio plus compartmentalisation (the Jensen–Shannon divergence of the domains).
    ``index`` is ``between`` over the most that it can be, 0 to 1.
    """

    domains: Floats
    overall: Floats
    between: Floats
    index: Floats


def dirichlet(counts: ArrayLike, draws: int, seed: int | tuple[int, ...]) -> Floats:
    """Posterior draws of the shares behind counts, with the overall objective prior.

    Dirichlet(x_j + 1/n) for n cells: a prior of one count in all (Berger, Bernardo & Sun 2015,
    doi:10.1214/14-BA915). Gamma variates by inversion, with the same uniform numbers for every
    leading index: figures of two years differ by their counts, not by chance.

    Parameters
    ----------
    counts
        Shape (…, n), not negative; need not be whole numbers.
    draws
        Number of draws; 0 gives the recorded shares x_j/Σx as the only one.
    seed
        Seed of numpy's default generator.

    Returns
    -------
    array, shape (…, n, max(draws, 1)), 0 to 1, summing to one over n; NaN where all counts are 0.

    >>> p = dirichlet([[3.0, 1.0]], draws=4000, seed=1)
    >>> p.shape, bool(abs(p[0, 0].mean() - 3.5 / 5) < 0.01)  # mean (x + 1/2)/(4 + 1)
    ((1, 2, 4000), True)
    """
    x = np.asarray(counts, dtype=np.float64)
    if (x < 0).any() or draws < 0:
        raise InputError("Counts and draws are zero or more.")
    known = x.sum(axis=-1, keepdims=True)[..., None] > 0
    if draws == 0:
        return np.where(known, shares(x)[..., None], np.nan)
    n = x.shape[-1]
    uniform = np.random.default_rng(seed).random((n, draws))
    gamma = gammaincinv((x + 1 / n)[..., None], uniform)
    return np.where(known, gamma / gamma.sum(axis=-2, keepdims=True), np.nan)


def named(p: ArrayLike) -> Floats:
    """Subcomposition of the named partners: the last partner is left out, the rest closed.

    Shape (…, n + 1) to (…, n); NaN where no named partner has a share.

    >>> named([0.3, 0.1, 0.6]).round(6).tolist()
    [0.75, 0.25]
    """
    return shares(np.asarray(p, dtype=np.float64)[..., :-1])


def pool(p: ArrayLike, weights: ArrayLike) -> Floats:
    """Pooled footprint p̄ = Σ_d w_d p_d over the domains, the rest of the world included.

    Shapes (…, domains, n) and (domains,) to (…, n); NaN where a domain of positive weight is.

    >>> pool([[0.2, 0.8], [0.6, 0.4]], [0.5, 0.5]).round(6).tolist()
    [0.4, 0.6]
    """
    x, w = np.asarray(p, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    used = w > 0
    return np.einsum("...dn,d->...n", x[..., used, :], w[used])


def split(p: ArrayLike, weights: ArrayLike, target: ArrayLike) -> Split:
    """Split the departure of the named partners' shares from a target, over domains.

    With m_d the share of the named partners in domain d, q_d their subcomposition, the weights
    v_d = w_d m_d / Σ w m and q̄ = Σ v_d q_d (which is the subcomposition of the footprint)::

        Σ v_d KL(q_d ‖ τ)  =  KL(q̄ ‖ τ)  +  JSD_v(q_1 … q_D)

    exactly, for any τ > 0 (Lin 1991, doi:10.1109/18.61115). The index divides the last by
    min(ln n, H(v)). A domain that is all with the rest of the world has weight zero.

    Parameters
    ----------
    p
        Shares with the rest of the world last, shape (…, domains, n + 1); NaN = missing.
    weights
        Shape (domains,), summing to one.
    target
        Shape broadcasting to (…, n), positive.

    >>> found = split([[0.8, 0.2, 0.0], [0.2, 0.8, 0.0]], [0.5, 0.5], [0.5, 0.5])
    >>> [round(float(v), 6) for v in (found.domains, found.overall, found.between, found.index)]
    [0.192745, 0.0, 0.192745, 0.278072]
    """
    q, v = _inside(p, weights)
    tau = shares(np.asarray(target, dtype=np.float64))
    pooled = np.einsum("...dn,...d->...n", q, v)
    domains = np.einsum("...d,...d->...", v, rel_entr(q, tau[..., None, :]).sum(axis=-1))
    overall = rel_entr(pooled, tau).sum(axis=-1)
    between = np.einsum("...d,...d->...", v, rel_entr(q, pooled[..., None, :]).sum(axis=-1))
    ceiling = np.minimum(np.log(q.shape[-1]), entr(v).sum(axis=-1))
    index = ratio(between, np.where(ceiling > 1e-12, ceiling, 0.0))
    zero = np.maximum
    return Split(zero(domains, 0.0), zero(overall, 0.0), zero(between, 0.0), zero(index, 0.0))


def marginal(
    p: ArrayLike, weights: ArrayLike, target: ArrayLike, step: float, overall: bool = False
) -> Floats:
    """Change of the departure if a small share of one domain moved between two named partners.

    Each domain's shares p_da and p_db change by −step and +step, one domain and pair at a time.
    What changes is the mean departure of the domains, Σ v_d KL(q_d ‖ τ) as in :func:`split`, or
    with ``overall`` that of the pooled portfolio, KL(q̄ ‖ τ).

    Parameters
    ----------
    p, weights, target
        As in :func:`split`.
    step
        Share of the domain that moves, for instance 0.01.

    Returns
    -------
    array, shape (…, domains, n from, n to), nats, negative where the departure falls; NaN where
    the giver has less than the step to give, and on the diagonal.

    >>> found = marginal([[0.8, 0.2, 0.0]], [1.0], [0.5, 0.5], step=0.3)
    >>> found[0].round(6).tolist()  # from 0.8, 0.2 to even shares: −KL
    [[nan, -0.192745], [nan, nan]]
    """
    x = np.asarray(p, dtype=np.float64)
    q, v = _inside(x, weights)
    tau = shares(np.asarray(target, dtype=np.float64))[..., None, :]
    inside = x[..., :-1].sum(axis=-1, keepdims=True)
    moved = np.divide(step, inside, out=np.full(inside.shape, np.nan), where=inside > 0)
    if overall:
        base = np.einsum("...dn,...d->...n", q, v)[..., None, :]
        size, factor = v[..., None] * moved, np.ones(v.shape)
    else:
        base, size, factor = q, moved, v
    feasible = q - moved >= -1e-12
    less = np.where(feasible, rel_entr(np.maximum(base - size, 0.0), tau), np.nan)
    given = less - rel_entr(base, tau)
    taken = rel_entr(base + size, tau) - rel_entr(base, tau)
    change = factor[..., None, None] * (given[..., :, None] + taken[..., None, :])
    return np.where(np.eye(q.shape[-1], dtype=bool), np.nan, change)


def _inside(p: ArrayLike, weights: ArrayLike) -> tuple[Floats, Floats]:
    """Return the named partners' subcomposition of each domain, and the weights it then has."""
    x, w = np.asarray(p, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if x.ndim < 2 or w.shape != (x.shape[-2],) or (w < 0).any() or abs(w.sum() - 1) > 1e-9:
        raise InputError(
            f"Shares have shape {x.shape} and domain weights are {w.tolist()}.",
            "Possible: (…, domains, partners), and one weight a domain, summing to one.",
        )
    mass = np.where(w > 0, x[..., :-1].sum(axis=-1), 0.0)
    v = ratio(w * mass, (w * mass).sum(axis=-1, keepdims=True))
    q = np.where(np.asarray(mass == 0)[..., None], 0.0, shares(x[..., :-1]))
    return q, v
