"""Shares of a whole: balance, departure from a target, and how domains differ.

Arrays of amounts x hold partners on the last axis and, where domains are compared, domains on the
axis before it. They are closed to shares p = x / Σx inside each function, so any unit will do. A
missing amount (NaN) leaves the total unknown and every result that needs it NaN; a total of zero
is undefined too. Balance and partition are descriptions of shares, not proof of intent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import entr, rel_entr

from multivector.errors import InputError
from multivector.stats.summaries import Floats, ratio

TOLERANCE = 1e-9


@dataclass(frozen=True)
class ChainRule:
    """Departure from a target, split into that between blocs and that within each, in nats.

    ``between`` has shape (…), ``within`` shape (…, blocs), each bloc weighted by its share; the
    departure is ``between + within.sum(axis=-1)``.
    """

    between: Floats
    within: Floats


@dataclass(frozen=True)
class Partition:
    """Four parts of a portfolio between two powers; each of shape (…).

    ``net_lean`` is signed, positive towards A. |net_lean| + offset + evenness + outside = 1.
    """

    net_lean: Floats
    offset: Floats
    evenness: Floats
    outside: Floats


@dataclass(frozen=True)
class RelativeEngagement:
    """Engagement relative to a benchmark, with its two kinds of blank; each of shape (…, n).

    ``log_ratio`` is −∞ where ``none`` (a recorded zero) and NaN where ``no_data``.
    """

    log_ratio: Floats
    none: NDArray[np.bool_]
    no_data: NDArray[np.bool_]


def shares(amounts: ArrayLike, total: ArrayLike | None = None) -> Floats:
    """Share of each cell in the whole, p_j = x_j / Σ_k x_k.

    Parameters
    ----------
    amounts
        Flows or stocks of one unit, shape (…, n), not negative; NaN = missing.
    total
        Known total in the same unit, shape (…); by default the sum of the cells, which is
        unknown as soon as one of them is missing. With a known total only the missing cells
        themselves stay NaN.

    Returns
    -------
    array, shape (…, n), 0 to 1; NaN where the total is zero or unknown.

    Raises
    ------
    InputError
        Negative or infinite amounts, or known cells that exceed the total.

    >>> shares([3.0, 1.0, float("nan")], total=8.0).tolist()
    [0.375, 0.125, nan]
    """
    x = _amounts(amounts)
    if total is None:
        return ratio(x, x.sum(axis=-1, keepdims=True))
    whole = np.asarray(total, dtype=np.float64)
    if (np.nansum(x, axis=-1) > whole * (1 + TOLERANCE)).any():
        raise InputError(
            "Known cells add up to more than the total given.",
            "Possible: a total that covers all cells, in the same unit.",
            "Check the unit and vintage of the total, or leave it out.",
        )
    return ratio(x, whole[..., None])


def merge(amounts: ArrayLike, blocs: ArrayLike) -> Floats:
    """Sum partners into blocs, for instance member states into a union; (…, n) to (…, blocs).

    Parameters
    ----------
    amounts
        Shape (…, n), any unit; NaN makes its own bloc NaN, not the others.
    blocs
        Bloc of each partner, shape (n,), whole numbers 0 to blocs − 1, each of them used.

    >>> merge([1.0, 2.0, 4.0], [0, 1, 0]).tolist()
    [5.0, 2.0]
    """
    x = np.asarray(amounts, dtype=np.float64)
    label = _blocs(blocs, x.shape[-1])
    return np.stack([x[..., label == g].sum(axis=-1) for g in range(label.max() + 1)], axis=-1)


def balance(amounts: ArrayLike) -> Floats:
    """Balance B: how evenly a whole is spread over its partners.

    B = 1 − KL(p ‖ u)/ln n = H(p)/ln n with u uniform over the n partners: Shannon entropy over its
    maximum, 0 (all with one partner) to 1 (equal shares). For a target other than the uniform one
    use :func:`departure`; rescaled to 0…1 it could make a captured state look balanced.

    Parameters
    ----------
    amounts
        Shape (…, n), any unit, not negative; NaN = missing.

    Returns
    -------
    array, shape (…); NaN if a cell is missing, the total is zero, or n = 1.

    >>> round(float(balance([0.30, 0.25, 0.35, 0.05, 0.05])), 6)
    0.854197
    """
    p = shares(amounts)
    return ratio(entr(p).sum(axis=-1), np.log(p.shape[-1]))


def departure(amounts: ArrayLike, target: ArrayLike) -> Floats:
    """Departure of the shares from a declared target, in nats.

    KL(p ‖ τ) = Σ p ln(p/τ), 0 if and only if p = τ, at most −ln min τ (Kullback & Leibler 1951,
    doi:10.1214/aoms/1177729694). A target is a political statement: state which one was used.

    Parameters
    ----------
    amounts
        Shape (…, n), any unit, not negative; NaN = missing.
    target
        Shape broadcasting to (…, n), positive, any scale (closed to sum 1); NaN = unknown.

    Returns
    -------
    array, shape (…), nats; NaN if a cell of either is missing or the total is zero.

    Raises
    ------
    InputError
        Negative amounts, or a target that is not positive everywhere.

    >>> round(float(departure([0.30, 0.25, 0.35, 0.05, 0.05], [1, 1, 1, 1, 1])), 6)
    0.234662
    """
    p, tau = shares(amounts), shares(_positive(target, "target"))
    return np.maximum(rel_entr(p, tau).sum(axis=-1), 0.0)


def chain_rule(amounts: ArrayLike, blocs: ArrayLike, target: ArrayLike) -> ChainRule:
    """Split the departure from a target into parts between blocs and within them.

    KL(p ‖ τ) = KL(P ‖ T) + Σ_g P_g KL(p_g ‖ τ_g), where P and T are the bloc sums and p_g, τ_g the
    shares inside bloc g (Cover & Thomas 2006, theorem 2.5.3, doi:10.1002/047174882X). Merging
    partners therefore never raises the departure. With the blocs {rest of the world}, {named
    partners} it links a balance among named partners with the share of the rest.

    Parameters
    ----------
    amounts, target
        As in :func:`departure`.
    blocs
        As in :func:`merge`.

    Returns
    -------
    ChainRule, in nats; NaN as in :func:`departure`. A bloc with no share contributes 0.

    >>> parts = chain_rule([0.5, 0.3, 0.2], [0, 1, 1], [1, 1, 1])
    >>> round(float(parts.between), 6), parts.within.round(6).tolist()
    (0.058892, [0.0, 0.010068])
    """
    p, tau = shares(amounts), shares(_positive(target, "target"))
    label = _blocs(blocs, p.shape[-1])
    p_bloc, tau_bloc = merge(p, label), merge(tau, label)
    expected = (p_bloc / tau_bloc)[..., label] * tau
    between = rel_entr(p_bloc, tau_bloc).sum(axis=-1)
    within = merge(rel_entr(p, expected), label)
    return ChainRule(np.maximum(between, 0.0), np.maximum(within, 0.0))


def footprint(amounts: ArrayLike, weights: ArrayLike) -> Floats:
    """Pooled footprint of each partner over domains, p̄ = Σ_d w_d p_d.

    The linear pool commutes with merging partners.

    Parameters
    ----------
    amounts
        Shape (…, domains, n), not negative, one unit per domain; NaN = missing.
    weights
        Weight of each domain, shape (domains,), not negative, summing to 1.

    Returns
    -------
    array, shape (…, n), 0 to 1; NaN if a domain of positive weight is undefined.

    >>> footprint([[1, 3], [1, 1]], [0.5, 0.5]).tolist()
    [0.375, 0.625]
    """
    p, w = _domains(amounts, weights)
    return (w[:, None] * p).sum(axis=-2)


def jensen_shannon(amounts: ArrayLike, weights: ArrayLike) -> Floats:
    """Weighted Jensen–Shannon divergence between the portfolios of several domains, in nats.

    JSD_w = Σ_d w_d KL(p_d ‖ p̄), 0 (same shares in every domain) to H(w) (Lin 1991,
    doi:10.1109/18.61115). For any target τ the weighted mean departure of the domains is
    KL(p̄ ‖ τ) + JSD_w exactly: domain imbalance = overall imbalance + compartmentalisation.

    Arguments and missing values as in :func:`footprint`; result in nats, shape (…).

    >>> round(float(jensen_shannon([[1, 0], [0, 1]], [0.5, 0.5])), 6)  # ln 2
    0.693147
    """
    p, w = _domains(amounts, weights)
    pooled = (w[:, None] * p).sum(axis=-2, keepdims=True)
    return np.maximum((w * rel_entr(p, pooled).sum(axis=-1)).sum(axis=-1), 0.0)


def compartmentalisation(amounts: ArrayLike, weights: ArrayLike) -> Floats:
    """Compartmentalisation: how far different domains are given to different partners.

    JSD_w / min(ln n, H(w)), 0 (same portfolio everywhere) to 1. Arguments as in :func:`footprint`;
    result of shape (…), NaN with one partner, one domain of positive weight, or a domain undefined.

    >>> round(float(compartmentalisation([[1, 0], [0, 1]], [0.5, 0.5])), 6)
    1.0
    """
    p, w = _domains(amounts, weights)
    ceiling = min(float(np.log(p.shape[-1])), float(entr(w).sum()))
    return ratio(jensen_shannon(amounts, weights), ceiling)


def aitchison_distance(amounts: ArrayLike, others: ArrayLike) -> Floats:
    """Aitchison distance between two compositions.

    √Σ_j (d_j − d̄)², d_j = ln(x_j / y_j): the Euclidean distance of the centred log ratios, 0 or
    more, unchanged by scale (Aitchison 1992, doi:10.1007/BF00891269). It is not defined for a
    composition with a zero, and no zero is replaced here.

    Shapes broadcast to (…, n), any units; result of shape (…), NaN where either argument holds a
    zero or a missing cell.

    >>> round(float(aitchison_distance([1.0, 2.0], [2.0, 1.0])), 6)  # √2 ln 2
    0.980258
    """
    x, y = _amounts(amounts), _amounts(others)
    d = np.log(np.where(x > 0, x, np.nan)) - np.log(np.where(y > 0, y, np.nan))
    return np.sqrt(((d - d.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1))


def partition(
    amounts: ArrayLike, weights: ArrayLike, a: Sequence[int], b: Sequence[int]
) -> Partition:
    """Partition a portfolio between two powers or blocs: lean, offset, evenness, outside.

    With the shares p_dA, p_dB of the two in domain d, ℓ_d = p_dA − p_dB and m_d = p_dA + p_dB::

        net lean = |Σ w ℓ| (given with its sign)   offset  = Σ w|ℓ| − |Σ w ℓ|
        evenness = Σ w m − Σ w|ℓ|                  outside = 1 − Σ w m

    The four are 0 or more and sum to 1. Offset (leaning to A in one domain and to B in another) is
    the hedge of Kuik (2008, doi:10.1355/cs30-2a); evenness lies inside domains. Splitting one
    domain into two turns evenness into offset, so the domains must be substantive.

    Parameters
    ----------
    amounts, weights
        As in :func:`footprint`; the partners include the rest of the world.
    a, b
        Positions of the partners that make up A and B on the last axis, without overlap.

    Returns
    -------
    Partition, each field of shape (…); NaN if a domain of positive weight is undefined, and the
    offset also if there is only one domain.

    Raises
    ------
    InputError
        Empty, overlapping or unknown partners; weights that do not sum to 1.

    >>> parts = partition([[0.5, 0.2, 0.3], [0.1, 0.6, 0.3]], [0.5, 0.5], [0], [1])
    >>> [round(float(v), 6) for v in (parts.net_lean, parts.offset, parts.evenness, parts.outside)]
    [-0.1, 0.3, 0.3, 0.3]
    """
    p, w = _domains(amounts, weights)
    in_a, in_b = set(a), set(b)
    if not in_a or not in_b or in_a & in_b or not (in_a | in_b) <= set(range(p.shape[-1])):
        raise InputError(
            f"The two sides are the partners {sorted(in_a)} and {sorted(in_b)}.",
            f"Possible: two sets without overlap, of partners 0 to {p.shape[-1] - 1}.",
        )
    p_a, p_b = p[..., sorted(in_a)].sum(axis=-1), p[..., sorted(in_b)].sum(axis=-1)
    lean = (w * (p_a - p_b)).sum(axis=-1)
    leaning = (w * np.abs(p_a - p_b)).sum(axis=-1)
    either = (w * (p_a + p_b)).sum(axis=-1)
    offset = np.maximum(leaning - np.abs(lean), 0.0)
    return Partition(
        net_lean=np.asarray(lean),
        offset=offset if w.size > 1 else np.full_like(offset, np.nan),
        evenness=np.maximum(either - leaning, 0.0),
        outside=np.maximum(1 - either, 0.0),
    )


def relative_engagement(engagement: ArrayLike, benchmark: ArrayLike) -> RelativeEngagement:
    """Engagement beyond a benchmark of size and geography, e = ln(p / π).

    0 where the share equals the benchmark, ln 2 where it is twice as large; not centred.

    Parameters
    ----------
    engagement
        Shares p, shape (…, n), 0 to 1; NaN = missing.
    benchmark
        Shares π > 0 that broadcast to (…, n): uniform, world share, or predicted; NaN = unknown.

    Returns
    -------
    RelativeEngagement; a recorded zero is −∞ and flagged ``none``, a missing share or benchmark is
    NaN and flagged ``no_data``.

    >>> e = relative_engagement([0.5, 0.0, float("nan")], [0.25, 0.25, 0.5])
    >>> e.log_ratio.round(6).tolist(), e.none.tolist(), e.no_data.tolist()
    ([0.693147, -inf, nan], [False, True, False], [False, False, True])
    """
    p, pi = np.broadcast_arrays(_amounts(engagement), _positive(benchmark, "benchmark"))
    if (p > 1 + TOLERANCE).any():
        raise InputError(
            "Engagement above 1 was given.", "Possible: shares, 0 to 1.", "Divide by the total."
        )
    with np.errstate(divide="ignore"):
        log_ratio = np.log(p / pi)
    no_data = np.isnan(log_ratio)
    return RelativeEngagement(log_ratio, (p == 0) & ~no_data, no_data)


def _amounts(amounts: ArrayLike) -> Floats:
    x = np.asarray(amounts, dtype=np.float64)
    if (x < 0).any() or np.isinf(x).any():
        raise InputError(
            "Negative or infinite amounts cannot be turned into shares.",
            "Possible: finite flows or stocks of 0 or more; NaN for a missing one.",
            "Use stocks where net flows can be negative.",
        )
    return x


def _positive(values: ArrayLike, what: str) -> Floats:
    x = np.asarray(values, dtype=np.float64)
    if (x <= 0).any():
        raise InputError(
            f"The {what} is zero or negative for some partner.",
            f"Possible: a {what} above 0 for every partner; NaN where it is unknown.",
        )
    return x


def _domains(amounts: ArrayLike, weights: ArrayLike) -> tuple[Floats, Floats]:
    """Shares and weights of the domains that have a positive weight."""
    x, w = np.asarray(amounts, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if x.ndim < 2 or w.shape != (x.shape[-2],):
        raise InputError(
            f"Amounts have shape {x.shape} and domain weights shape {w.shape}.",
            "Possible: (…, domains, partners) and (domains,).",
        )
    if not ((w >= 0).all() and abs(w.sum() - 1) <= TOLERANCE):
        raise InputError(f"Domain weights are {w.tolist()}.", "Possible: 0 or more, summing to 1.")
    used = w > 0
    return shares(x[..., used, :]), w[used]


def _blocs(blocs: ArrayLike, n: int) -> NDArray[np.intp]:
    label = np.asarray(blocs)
    used = np.unique(label)
    if label.shape != (n,) or not np.array_equal(used, np.arange(used.size)):
        raise InputError(
            f"Blocs {label.tolist()} were given for {n} partners.",
            "Possible: one whole number per partner, 0 to the number of blocs − 1, each used.",
        )
    return label.astype(np.intp)
