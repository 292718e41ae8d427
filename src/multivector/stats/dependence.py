"""Dependence of states on each other's trade: shares, sensitivity, symmetry, intensity, exposure.

Trade is an array of exports from exporter (second last axis) to importer (last axis), leading axes
such as years free, one unit of money; NaN = not recorded, never zero. Output (GDP) and totals are
per state, last axis. Results over pairs have the focal state on the second last axis and its
partner on the last; the diagonal is undefined.

These are descriptions at given prices and trade: what would happen without a partner is the
business of :mod:`multivector.stats.general_equilibrium`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from multivector.errors import InputError
from multivector.stats.summaries import Floats, ratio


@dataclass(frozen=True)
class Interdependence:
    """Barbieri's three figures of a pair, 0 to 1; each of shape (…, n, n) and symmetric."""

    salience: Floats
    symmetry: Floats
    interdependence: Floats


@dataclass(frozen=True)
class Exposure:
    """Share-weighted mean and standard deviation of a partner attribute; each of shape (…).

    ``known`` is the share of trade with partners whose attribute is known.
    """

    mean: Floats
    spread: Floats
    known: Floats


def two_way(exports: ArrayLike) -> Floats:
    """Trade of each pair, exports plus imports; missing only if neither flow is recorded.

    Shape (…, n, n) to (…, n, n), symmetric, NaN on the diagonal.

    >>> two_way([[0.0, 3.0], [np.nan, 0.0]]).tolist()
    [[nan, 3.0], [3.0, nan]]
    """
    x = np.asarray(exports, dtype=np.float64)
    back = np.swapaxes(x, -1, -2)
    result = np.where(np.isnan(x), back, np.where(np.isnan(back), x, x + back))
    _blank_diagonal(result)
    return result


def recorded_total(flows: ArrayLike, axis: int = -1) -> Floats:
    """Sum of the recorded flows along an axis; missing if none is recorded.

    >>> recorded_total([[1.0, np.nan], [np.nan, np.nan]]).tolist()
    [1.0, nan]
    """
    x = np.asarray(flows, dtype=np.float64)
    there = ~np.isnan(x)
    return np.where(there.any(axis=axis), np.where(there, x, 0.0).sum(axis=axis), np.nan)


def openness(exports_total: ArrayLike, imports_total: ArrayLike, output: ArrayLike) -> Floats:
    """Trade openness, (exports + imports)/output; ≥ 0, above 1 for entrepôts; NaN if one is.

    >>> openness(30.0, 20.0, 100.0).item()
    0.5
    """
    return ratio(np.asarray(exports_total) + np.asarray(imports_total), output)


def sensitivity(trade: ArrayLike, output: ArrayLike) -> Floats:
    """Dependence of each state on each partner by output, s_ij = x_ij/GDP_i; ≥ 0.

    ``trade`` of shape (…, n, m) and ``output`` of shape (…, n) give (…, n, m). Without a known
    output the figure is undefined.

    >>> sensitivity([[np.nan, 6.0], [6.0, np.nan]], [60.0, 600.0]).tolist()
    [[nan, 0.1], [0.01, nan]]
    """
    return ratio(trade, np.asarray(output, dtype=np.float64)[..., None])


def asymmetry(dependence: ArrayLike) -> Floats:
    """Asymmetry of two dependences, A_ij = (s_ij − s_ji)/(s_ij + s_ji).

    −1 (only the partner depends) to 1 (only the focal state does); A_ij = −A_ji. Shape
    (…, n, n); NaN where either is missing or both are zero (Keohane & Nye 1977 on asymmetric
    interdependence as a source of power).

    >>> asymmetry([[np.nan, 0.3], [0.1, np.nan]]).round(3).tolist()
    [[nan, 0.5], [-0.5, nan]]
    """
    s = np.asarray(dependence, dtype=np.float64)
    back = np.swapaxes(s, -1, -2)
    return ratio(s - back, s + back)


def lower_dependence(dependence: ArrayLike) -> Floats:
    """Dependence of the less dependent of two states, min(s_ij, s_ji) (Oneal & Russett 1997).

    The weak-link assumption: the less constrained state decides (doi:10.1111/1468-2478.00042).
    Shape (…, n, n), symmetric; NaN where either is missing.

    >>> lower_dependence([[np.nan, 0.3], [0.1, np.nan]]).tolist()
    [[nan, 0.1], [0.1, nan]]
    """
    s = np.asarray(dependence, dtype=np.float64)
    return np.minimum(s, np.swapaxes(s, -1, -2))


def interdependence(share: ArrayLike) -> Interdependence:
    """Salience, symmetry and interdependence of each pair (Barbieri 1996).

    With the share a_ij of the partner in the state's total trade: salience √(a_ij a_ji), symmetry
    1 − |a_ij − a_ji|, interdependence their product (doi:10.1177/0022343396033001003).

    Parameters
    ----------
    share
        Shares of each partner (column) in each state's total trade (row), shape (…, n, n).

    >>> found = interdependence([[np.nan, 0.4], [0.1, np.nan]])
    >>> [round(float(v[0, 1]), 6) for v in (found.salience, found.symmetry, found.interdependence)]
    [0.2, 0.7, 0.14]
    """
    a = np.asarray(share, dtype=np.float64)
    back = np.swapaxes(a, -1, -2)
    salience, symmetry = np.sqrt(a * back), 1 - np.abs(a - back)
    return Interdependence(salience, symmetry, salience * symmetry)


def intensity(
    flow: ArrayLike,
    exports_total: ArrayLike,
    imports_total: ArrayLike,
    own_imports: ArrayLike,
    world_imports: ArrayLike,
) -> Floats:
    """Intensity of exports, I_ij = (x_ij/x_i)/(m_j/(m_w − m_i)) (Brown 1949; Kojima 1964).

    The partner's share in the state's exports over its share in the imports of the world without
    the state itself: 1 where the state sells as much there as the partner's size suggests, ≥ 0.

    Parameters
    ----------
    flow
        Exports of the state to the partner.
    exports_total
        All exports of the state.
    imports_total
        All imports of the partner.
    own_imports, world_imports
        All imports of the state itself, and of the world. All in one unit, shapes broadcast.

    >>> round(intensity(20.0, 100.0, 150.0, 50.0, 1050.0).item(), 6)
    1.333333
    """
    rest = np.asarray(world_imports, dtype=np.float64) - np.asarray(own_imports, dtype=np.float64)
    return ratio(ratio(flow, exports_total), ratio(imports_total, rest))


def vulnerability(
    flow: ArrayLike,
    output: ArrayLike,
    partner_total: ArrayLike,
    own_total: ArrayLike,
    world_total: ArrayLike,
) -> Floats:
    """Vulnerability to losing a partner, V = p·(x/GDP)·(1 − r) = (flow/GDP)·(1 − r).

    With p the partner's share in the flow and x/GDP the flow's weight in output. r is how far
    others could take its place, taken as their share in the market open to the state: 1 − r =
    partner_total/(world_total − own_total). ≥ 0; less than the sensitivity flow/GDP, which counts
    no alternatives.

    Parameters
    ----------
    flow, output
        The flow with the partner, and the state's output.
    partner_total, own_total, world_total
        The partner's, the state's own and the world's total on the other side of the market:
        exports for what the state imports, imports for what it exports. One unit, shapes broadcast.

    >>> round(vulnerability(10.0, 100.0, 40.0, 20.0, 180.0).item(), 6)
    0.025
    """
    rest = np.asarray(world_total, dtype=np.float64) - np.asarray(own_total, dtype=np.float64)
    return ratio(flow, output) * ratio(partner_total, rest)


def complementarity(exports: ArrayLike, imports: ArrayLike) -> Floats:
    """Trade complementarity, C = 1 − ½ Σ_k |m_k − x_k| (Michaely 1996).

    With x_k the product's share in the exports of one state and m_k in the imports of the other: 0
    (nothing that the one sells does the other buy) to 1 (the same mix); it is the overlap Σ_k min.

    Parameters
    ----------
    exports, imports
        Values by product, last axis, ≥ 0, shapes broadcast; NaN = not recorded, no part of the
        mix. Without any record on a side the figure is undefined.

    >>> round(complementarity([6.0, 4.0, 0.0], [1.0, 2.0, 1.0]).item(), 6)
    0.65
    """
    x, m = (np.nan_to_num(np.asarray(v, dtype=np.float64)) for v in (exports, imports))
    x, m = (ratio(v, v.sum(axis=-1, keepdims=True)) for v in (x, m))
    return 1 - np.abs(m - x).sum(axis=-1) / 2


def exposure(share: ArrayLike, attribute: ArrayLike) -> Exposure:
    """Share-weighted mean and standard deviation of an attribute over partners.

    With geopolitical distance as the attribute the mean is Aiyar and Ohnsorge's vulnerability and
    the deviation their connectedness (Aiyar & Ohnsorge 2024). Weights are closed over the
    partners whose attribute is known; ``known`` says how much of the trade that is.

    Parameters
    ----------
    share
        Shares or amounts per partner, last axis, ≥ 0; NaN = not recorded, left out.
    attribute
        Attribute per partner, shapes broadcast; NaN = not known.

    >>> found = exposure([0.5, 0.25, 0.25], [1.0, 3.0, np.nan])
    >>> [round(float(v), 6) for v in (found.mean, found.spread, found.known)]
    [1.666667, 0.942809, 0.75]
    """
    p, d = np.broadcast_arrays(
        np.asarray(share, dtype=np.float64), np.asarray(attribute, dtype=np.float64)
    )
    if (p < 0).any():
        raise InputError("share has negative values.", "Shares and flows are zero or more.")
    recorded = np.where(np.isnan(p), 0.0, p)
    weight = np.where(np.isnan(d), 0.0, recorded)
    total = weight.sum(axis=-1)
    value = np.where(weight > 0, d, 0.0)
    mean = ratio((weight * value).sum(axis=-1), total)
    variance = ratio((weight * (value - mean[..., None]) ** 2).sum(axis=-1), total)
    return Exposure(mean, np.sqrt(variance), ratio(total, recorded.sum(axis=-1)))


def _blank_diagonal(pairs: Floats) -> None:
    at = np.arange(min(pairs.shape[-2:]))
    pairs[..., at, at] = np.nan
