"""Priors of the ideal-point model, its random walks, and the scale that identifies it.

Ideal points are identified by their mean 0 and standard deviation 1 over all rows together. On
that scale β ~ N(0, 1); cutpoints ~ N(0, 5²), ordered; a unit's first ideal point ~ N(0, 1); and
θ_t − θ_(t−1) ~ N(0, q e) over e elapsed sessions, so that drift does not depend on the size of
the agenda.

The likelihood does not change under θ → (θ − m)/s, β → β s, a → a − β m, b → b − β m. So any
point can be moved to the scale with all parameters together, and the prior density of a point is
that of the point to which it moves. Location and scale are then part of the model, not a
correction of its results.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import cholesky_banded

from multivector.stats.ideal_data import Bools, Floats, Votes

CUTPOINT_VARIANCE = 25.0


def walk_precision(votes: Votes, q: float) -> Floats:
    """Prior precision of all ideal points, in the upper banded form of LAPACK, shape (2, rows).

    Row 1 holds the diagonal; row 0 at place i couples row i with its predecessor and is 0 where a
    new unit begins. The prior of a unit with times t_1 < t_2 < … is N(0, 1) and then a random
    walk with variance q (t_k − t_(k−1)).

    >>> from multivector.stats.ideal_data import lay_out
    >>> votes = lay_out([1, 1], [1, 3], [1, 2], [0, 2])
    >>> walk_precision(votes, 0.25).tolist()
    [[0.0, -2.0], [3.0, 2.0]]
    """
    step = step_precision(votes, q)
    banded = np.stack([-step, votes.first + step])
    banded[1, :-1] += step[1:]
    return banded


def step_precision(votes: Votes, q: float) -> Floats:
    """1/(q e) of the step into each row, 0 for a unit's first row, shape (rows,)."""
    return np.where(votes.first, 0.0, 1.0 / (q * np.where(votes.first, 1.0, votes.elapsed)))


def steps(votes: Votes, theta: Floats) -> Floats:
    """θ less its unit's previous θ; a unit's first θ itself. Shape (rows,)."""
    moved = theta.copy()
    moved[1:] -= np.where(votes.first[1:], 0.0, theta[:-1])
    return moved


def banded_product(banded: Floats, x: Floats) -> Floats:
    """Product of a symmetric tridiagonal matrix in upper banded form with a vector."""
    product = banded[1] * x
    product[1:] += banded[0, 1:] * x[:-1]
    product[:-1] += banded[0, 1:] * x[1:]
    return product


def banded_covariance(banded: Floats) -> tuple[Floats, Floats]:
    """Diagonal of the inverse of a tridiagonal matrix, and its entries next to the diagonal.

    With pivots f from the top and g from the bottom, (M⁻¹)_ii = 1/(f_i + g_i − M_ii) and
    (M⁻¹)_(i−1, i) = −M_(i−1, i) (M⁻¹)_ii / f_(i−1) (Meurant 1992, doi:10.1137/0613045).

    >>> variance, beside = banded_covariance(np.array([[0.0, -2.0], [3.0, 2.0]]))
    >>> variance.tolist(), beside.tolist()
    ([1.0, 1.5], [0.0, 1.0])
    """
    down = cholesky_banded(banded)[1] ** 2
    turned = np.zeros_like(banded)
    turned[1] = banded[1, ::-1]
    turned[0, 1:] = banded[0, 1:][::-1]
    up = cholesky_banded(turned)[1, ::-1] ** 2
    variance = 1 / (down + up - banded[1])
    beside = np.zeros_like(variance)
    beside[1:] = -banded[0, 1:] * variance[1:] / down[:-1]
    return variance, beside


def log_prior(votes: Votes, theta: Floats, items: Floats, q: float) -> float:
    """Log prior density of a point on the identifying scale, up to a constant.

    −½ Σ β² − Σ c²/50 − ½ Σ θ_c1² − ½ Σ (Δθ)²/(q e) − ½ Σ log q over the steps, where c runs over
    the cutpoints that items have. Items without cutpoints do not count.
    """
    precision = votes.first + step_precision(votes, q)
    walk = (precision * steps(votes, theta) ** 2).sum() + (~votes.first).sum() * np.log(q)
    return -0.5 * float(walk + (item_precision(votes) * items**2).sum())


def prior_gradient(votes: Votes, theta: Floats, items: Floats, q: float) -> tuple[Floats, Floats]:
    """Gradient of the log prior at a point on the identifying scale, in every direction.

    A step that leaves the scale counts as the step after moving back to it, so the gradient has
    no component along (θ, −β, −cutpoints …) or along a common shift. With P the precision of the
    walks, n rows, and Λ that of the items,
    ∂/∂θ = −Pθ + κ₁ + κ₂ θ,  κ₂ = (θ'Pθ − Σ β²)/n,  κ₁ = (1'Pθ + Σ β (a + b) Λ)/n.

    Returns
    -------
    Gradients with respect to θ, shape (rows,), and (β, a, b), shape (items, 3).
    """
    pulled = banded_product(walk_precision(votes, q), theta)
    of_items = item_precision(votes) * items
    beta = items[:, 0]
    shrink = ((theta * pulled).sum() - (of_items[:, 0] * beta).sum()) / theta.size
    shift = (pulled.sum() + (of_items[:, 1:] * beta[:, None]).sum()) / theta.size
    return shift + shrink * theta - pulled, -of_items


def item_precision(votes: Votes) -> Floats:
    """Prior precision of (β, a, b) of each item, shape (items, 3); 0 where there is no parameter.

    An item with one cutpoint has it in both columns, each with half the precision.
    """
    n = votes.cutpoints
    cut = np.where(n == 2, 1.0, np.where(n == 1, 0.5, 0.0)) / CUTPOINT_VARIANCE
    return np.stack([(n > 0).astype(np.float64), cut, cut], axis=1)


def move(theta: Floats, items: Floats, shift: float, scale: float) -> tuple[Floats, Floats]:
    """Move to another location and scale, which leaves every probability as it is.

    θ → (θ − shift)/scale, and β, a, b with it.

    >>> theta, items = move(np.array([3.0]), np.array([[1.0, 2.0, 4.0]]), 1.0, 2.0)
    >>> theta.tolist(), items.tolist()
    ([1.0], [[2.0, 1.0, 3.0]])
    """
    beta = items[:, :1]
    return (theta - shift) / scale, np.concatenate([beta * scale, items[:, 1:] - beta * shift], 1)


def identify(theta: Floats, items: Floats) -> tuple[Floats, Floats]:
    """Move to the identifying scale: mean 0 and standard deviation 1 (divisor n) over all rows."""
    return move(theta, items, float(theta.mean()), float(theta.std()))


def directed(
    votes: Votes, theta: Floats, items: Floats, higher: int, lower: int
) -> tuple[Floats, Floats]:
    """Turn the axis so that unit *higher* lies above unit *lower* on average over their rows.

    θ → −θ with β → −β changes neither a probability nor the prior density.
    """
    high, low = (theta[votes.unit == unit].mean() for unit in (higher, lower))
    return (theta, items) if high >= low else (-theta, items * [-1.0, 1.0, 1.0])


def free(votes: Votes) -> Bools:
    """Which of (β, first cutpoint, second cutpoint) each item has, shape (items, 3)."""
    n = votes.cutpoints
    return np.stack([n > 0, n > 0, n > 1], axis=1)
