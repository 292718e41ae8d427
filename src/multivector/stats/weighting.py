"""Weights of indicators: equal, from experts, from data; never negative, summing to 1.

Weights are value judgements, also when a computer makes them. Effective weights and the importance
that an indicator really has (its correlation with the index) tell what a set of weights does
(OECD & JRC 2008, step 6, doi:10.1787/9789264043466-en).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from multivector.errors import InputError, NoConvergence
from multivector.stats.multivariate import correlation, principal_components
from multivector.stats.summaries import Floats


@dataclass(frozen=True)
class Optimised:
    """Weights found, the importance that they give, and its largest gap to what was asked."""

    weights: Floats
    importance: Floats
    gap: float


def equal_weights(k: int) -> Floats:
    """Equal weights of k indicators, 1/k each.

    >>> equal_weights(4).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    if k < 1:
        raise InputError(f"Weights of {k} indicators.", "Possible: 1 or more.")
    return np.full(k, 1 / k)


def budget_allocation(points: ArrayLike) -> Floats:
    """Weights from experts who each spread a budget of points over the indicators.

    Each expert's points are closed to 1, so that nobody has a larger say, and the mean over the
    experts is taken.

    Parameters
    ----------
    points
        Shape (…, experts, k), not negative; every expert spends at least one point.

    Returns
    -------
    array, shape (…, k), 0 to 1.

    >>> budget_allocation([[50, 50], [8, 2]]).tolist()
    [0.65, 0.35]
    """
    p = np.asarray(points, dtype=np.float64)
    total = p.sum(axis=-1, keepdims=True)
    if not ((p >= 0).all() and (total > 0).all()):
        raise InputError(
            "Some expert spent negative points, or none.",
            "Possible: 0 or more an indicator, and more than 0 in all.",
        )
    return (p / total).mean(axis=-2)


def pca_weights(x: ArrayLike) -> Floats:
    """Weights from the first principal component of the correlation matrix: squared loadings.

    Squared loadings of a component sum to 1 and are not negative. They reward indicators that move
    with the others, whatever they mean, so they are a description of the data and no argument.

    Parameters
    ----------
    x
        Shape (…, units, k), oriented so that higher is better; units with a gap are left out.

    Returns
    -------
    array, shape (…, k), 0 to 1, summing to 1; NaN where an indicator does not vary.

    >>> pca_weights([[1.0, 2.0], [2.0, 4.0], [3.0, 7.0]]).round(6).tolist()
    [0.5, 0.5]
    """
    return principal_components(x).loadings[..., 0] ** 2


def optimised_weights(x: ArrayLike, importance: ArrayLike | None = None) -> Optimised:
    """Weights on the simplex with which indicators have the importance that is asked of them.

    Importance of indicator k is r_k²/Σ r², with r_k the correlation of the indicator with the
    weighted arithmetic mean; nominal weights rarely give it (Becker et al. 2017,
    doi:10.1016/j.ecolind.2017.03.056). Minimises Σ (importance − asked)² subject to w ≥ 0 and
    Σ w = 1, from many starts; where no such weights reach the target, ``gap`` says how far off
    the best are.

    Parameters
    ----------
    x
        Shape (units, k), normalised, oriented; units with a gap are left out.
    importance
        Shape (k,), not negative, any sum; by default equal.

    Returns
    -------
    Optimised, weights of shape (k,).

    Raises
    ------
    InputError
        Fewer than three complete units, or an indicator that does not vary.
    NoConvergence
        When no start settles.

    >>> found = optimised_weights([[1.0, 2.0], [2.0, 1.0], [3.0, 5.0], [4.0, 3.0]])
    >>> found.importance.round(4).tolist(), bool((found.weights >= 0).all())
    ([0.5, 0.5], True)
    """
    from scipy.optimize import minimize

    table = np.asarray(x, dtype=np.float64)
    whole = table[~np.isnan(table).any(axis=1)]
    k = table.shape[1]
    asked = equal_weights(k) if importance is None else np.asarray(importance, dtype=np.float64)
    if len(whole) < 3 or (np.ptp(whole, axis=0) == 0).any():
        raise InputError(
            "Weights cannot be optimised on these values.",
            "Needed: three complete units, and indicators that vary among them.",
        )
    if asked.shape != (k,) or (asked < 0).any() or not asked.sum():
        raise InputError(f"Importance {asked.tolist()} for {k} indicators.", "0 or more each.")
    asked = asked / asked.sum()
    cov = np.cov(whole, rowvar=False).reshape(k, k)
    spread = np.sqrt(np.diag(cov))

    def reached(w: Floats) -> Floats:
        r = cov @ w / (spread * np.sqrt(max(w @ cov @ w, 1e-300)))
        return r**2 / max((r**2).sum(), 1e-300)

    def loss(w: Floats) -> float:
        return float(((reached(w) - asked) ** 2).sum())

    inverse = (1 / spread) / (1 / spread).sum()
    random = np.random.default_rng(0).dirichlet(np.ones(k), size=10)
    corners = 0.9 * np.eye(k) + 0.1 / k
    starts = (asked, equal_weights(k), asked * inverse / (asked @ inverse), *corners, *random)
    limits = {"type": "eq", "fun": lambda w: w.sum() - 1}
    found = [
        minimize(
            loss,
            start,
            method="SLSQP",
            bounds=[(0, 1)] * k,
            constraints=[limits],
            options={"ftol": 1e-14, "maxiter": 500},
        )
        for start in starts
    ]
    settled = [f for f in found if f.success]
    if not settled:
        raise NoConvergence(f"No weights were found: {found[0].message}.")
    best = np.clip(min(settled, key=lambda f: f.fun).x, 0, None)
    best /= best.sum()
    return Optimised(best, reached(best), float(np.abs(reached(best) - asked).max()))


def effective_weights(chain: Sequence[ArrayLike]) -> Floats:
    """Effective weight of each indicator in the whole index: the product of weights on its way up.

    Parameters
    ----------
    chain
        From the indicators upwards, for each level an array (indicators,) with the weight, closed
        among siblings, of the node through which each indicator passes.

    Returns
    -------
    array, shape (indicators,), 0 to 1, summing to 1 over all indicators of an index.

    >>> effective_weights([[0.5, 0.5, 1.0], [0.4, 0.4, 0.6]]).tolist()
    [0.2, 0.2, 0.6]
    """
    return np.prod([np.asarray(c, dtype=np.float64) for c in chain], axis=0)


def importance(x: ArrayLike, index: ArrayLike) -> Floats:
    """Share of each indicator in the squared correlations with the index, r_k²/Σ r²; sums to 1.

    Shapes (…, units, k) and (…, units) to (…, k); pairs with a gap are left out.

    >>> importance([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]], [1.0, 2.0, 3.0]).round(3).tolist()
    [0.8, 0.2]
    """
    both = np.concatenate([np.asarray(x), np.asarray(index)[..., None]], axis=-1)
    square = correlation(both)[..., :-1, -1] ** 2
    return square / square.sum(axis=-1, keepdims=True)


def dirichlet(uniform: ArrayLike, weights: ArrayLike, concentration: float) -> Floats:
    """Weights drawn from the Dirichlet distribution around given ones, by uniform numbers.

    w ~ Dirichlet(c·w₀), with mean w₀ and variance w₀(1 − w₀)/(c + 1): each is the gamma quantile of
    one uniform number, closed to 1. Uniform numbers rather than a generator let a design of
    sensitivity analysis choose the draws. A weight of zero stays zero.

    Parameters
    ----------
    uniform
        Shape (…, k), 0 < u < 1.
    weights
        Shape (k,), not negative, any sum: the nominal weights.
    concentration
        c > 0; k·10 keeps weights near the nominal, k makes all but everything possible.

    Returns
    -------
    array, shape (…, k), 0 to 1, summing to 1.

    >>> dirichlet([[0.5, 0.5]], [1.0, 1.0], concentration=8.0).tolist()
    [[0.5, 0.5]]
    """
    from scipy.special import gammaincinv

    u, w = np.asarray(uniform, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if not (concentration > 0 and (w >= 0).all() and w.sum() > 0):
        raise InputError(
            f"Weights {w.tolist()} with concentration {concentration} cannot be drawn.",
            "Possible: weights of 0 or more, one above 0, and a concentration above 0.",
        )
    shape = concentration * w / w.sum()
    gamma = np.where(shape > 0, gammaincinv(np.where(shape > 0, shape, 1.0), u), 0.0)
    total = gamma.sum(axis=-1, keepdims=True)
    return np.where(total > 0, gamma / np.where(total > 0, total, 1.0), w / w.sum())
