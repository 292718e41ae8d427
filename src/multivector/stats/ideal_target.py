"""Coordinates in which the posterior of ideal points is round, and its density there.

Whitening takes three steps: each unit's walk by its tridiagonal curvature and each item by its
3 × 3 one; then the few directions that are left long. These are the ones in which all ideal
points of some sessions move or stretch together and the items follow: no vote tells them apart,
only the walks and bridged items do.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import cholesky_banded, get_lapack_funcs

from multivector.stats.ideal_data import Floats, Votes
from multivector.stats.ideal_likelihood import Likelihood
from multivector.stats.ideal_point import PointFit, item_curvature
from multivector.stats.ideal_prior import (
    free,
    identify,
    log_prior,
    move,
    prior_gradient,
    steps,
    walk_precision,
)

(solve_triangular_banded,) = get_lapack_funcs(("tbtrs",), dtype=np.float64)
LONG, LONGEST = 0.2, 0.004  # curvature below which a direction is shortened; least one assumed


class Whitening:
    """Coordinates in which the posterior is roughly standard normal, item by item, unit by unit.

    An item's cutpoints are described by the one on which the more evenly split votes bear and by
    x, where their distance is κ log(1 + exp(x/κ)) and κ is the distance at the mode.
    """

    def __init__(self, votes: Votes, evaluate: Likelihood, mode: PointFit) -> None:
        self.votes, self.evaluate = votes, evaluate
        self.free = free(votes)
        self.two = votes.cutpoints == 2
        self.prior = walk_precision(votes, mode.q)
        items = np.where(votes.cutpoints[:, None] > 0, mode.items, 0.0)
        self.kappa = np.where(self.two, items[:, 2] - items[:, 1], 1.0)
        full = item_curvature(votes, evaluate(mode.theta, items, True).item_hessian)
        self.from_upper = self.two & (full[:, 2, 2] > full[:, 1, 1])
        self.settle(mode.theta, self.to_points(items), *self.curvature(mode.theta, items))

    def settle(self, theta: Floats, points: Floats, of_theta: Floats, of_points: Floats) -> None:
        """Centre the coordinates on θ and (β, c, x) and scale them by their curvature."""
        self.theta, self.points = theta, points
        banded = np.stack([self.prior[1] + of_theta, np.append(self.prior[0, 1:], 0.0)])
        self.walk = cholesky_banded(banded, lower=True)
        root = np.linalg.cholesky(of_points)
        self.spread = np.linalg.inv(root).transpose(0, 2, 1)  # L⁻ᵀ
        self.shorten(np.zeros((theta.size + points.size, 0)), np.zeros(0))

    def shorten(self, directions: Floats, lengths: Floats) -> None:
        """Take orthonormal *directions*, shape (coordinates, k), in units of their *lengths*."""
        self.directions, self.lengths = directions, lengths

    def _stretched(self, y: Floats, by: Floats) -> Floats:
        return y + self.directions @ ((by - 1) * (self.directions.T @ y))

    def curvature(self, theta: Floats, items: Floats) -> tuple[Floats, Floats]:
        """Curvature of each θ by the votes, shape (rows,), and of (β, c, x), (items, 3, 3).

        For x it is that of the gap times (d gap/dx)², a little more than there is.
        """
        once = self.evaluate(theta, items, True)
        full = item_curvature(self.votes, once.item_hessian)
        slope = self._slope(items)
        inward = np.tile(np.eye(3), (len(items), 1, 1))  # ∂(β, a, b)/∂(β, c, x)
        inward[self.two, 2, 1] = 1.0
        inward[self.two, 2, 2] = slope[self.two]
        up = self.from_upper
        inward[up, 1, 2], inward[up, 2, 2] = -slope[up], 0.0
        of_points = inward.transpose(0, 2, 1) @ full @ inward
        of_points[:, 2, 2] += np.where(self.two, slope * (1 - slope) / self.kappa**2, 0.0)
        return -once.theta_hessian, of_points

    def _slope(self, items: Floats) -> Floats:
        """Return the derivative of the distance between the cutpoints by x."""
        gap = np.where(self.two, items[:, 2] - items[:, 1], self.kappa)
        return -np.expm1(-gap / self.kappa)

    def to_points(self, items: Floats) -> Floats:
        """β, anchoring cutpoint and x of items, shape (items, 3)."""
        scaled = np.where(self.two, items[:, 2] - items[:, 1], self.kappa) / self.kappa
        x = np.where(self.two, self.kappa * (scaled + np.log(-np.expm1(-scaled))), 0.0)
        return np.stack([items[:, 0], np.where(self.from_upper, items[:, 2], items[:, 1]), x], 1)

    def open(self, y: Floats) -> tuple[Floats, Floats]:
        """θ and items (β, a, b) at whitened *y*."""
        n, y = self.theta.size, self._stretched(y, self.lengths)
        theta = (
            self.theta
            + solve_triangular_banded(self.walk, y[:n, None], uplo="L", trans="T")[0][:, 0]
        )
        beta, cut, x = (self.points + (self.spread @ y[n:].reshape(-1, 3, 1))[..., 0]).T
        gap = np.where(self.two, self.kappa * np.logaddexp(0.0, x / self.kappa), 0.0)
        lower = np.where(self.from_upper, cut - gap, cut)
        return theta, np.stack([beta, lower, lower + gap], axis=1)

    def close(self, theta: Floats, items: Floats) -> Floats:
        """Whitened coordinates of θ and items, the inverse of :meth:`open`."""
        y = self.whiten(theta - self.theta, self.to_points(items) - self.points)
        return self._stretched(y, 1 / self.lengths)

    def whiten(self, theta: Floats, points: Floats) -> Floats:
        """Whitened form of a small move of θ and (β, c, x), before long directions."""
        y_theta = self.walk[0] * theta
        y_theta[:-1] += self.walk[1, :-1] * theta[1:]
        y_items: Floats = np.linalg.solve(self.spread, points[..., None]).astype(np.float64)
        return np.concatenate([y_theta, y_items.ravel()])

    def pull(
        self, items: Floats, theta_gradient: Floats, item_gradient: Floats
    ) -> tuple[float, Floats]:
        """Log volume of (β, a, b) per unit of (β, c, x), and the whitened gradient with it."""
        y_theta = solve_triangular_banded(self.walk, theta_gradient[:, None], uplo="L")[0][:, 0]
        beta, lower, upper = item_gradient.T
        slope = self._slope(items)
        outward = np.where(self.from_upper, -lower, upper) * slope + (1 - slope) / self.kappa
        gradient = np.stack([beta, lower + upper, np.where(self.two, outward, 0.0)], axis=1)
        y_items = (gradient[:, None, :] @ self.spread)[:, 0, :]
        volume = float(np.log(slope[self.two]).sum())
        y = np.concatenate([y_theta, np.where(self.free, y_items, 0.0).ravel()])
        return volume, self._stretched(y, self.lengths)


class Target:
    """Log posterior density and its gradient in whitened coordinates, at given q."""

    def __init__(self, votes: Votes, evaluate: Likelihood, white: Whitening) -> None:
        self.votes, self.evaluate, self.white = votes, evaluate, white
        self.volume = votes.unit.size - 1 - int((votes.cutpoints > 0).sum())
        self.tightness = float((white.walk**2).sum())  # 1/τ² of location and log scale

    def __call__(self, y: Floats, q: float) -> tuple[float, Floats]:
        """Log density, up to a constant, and gradient.

        log f = log L + log p(identified point) − (n − 1 − I) log s − ½ (m² + log² s)/τ² for n
        rows with mean m and standard deviation s and I items with parameters. In polar
        coordinates around the identifying scale this is the posterior on that scale times a
        density of (m, s) alone.
        """
        theta, items = self.white.open(y)
        once = self.evaluate(theta, items, False)
        m, s = float(theta.mean()), float(theta.std())
        unit_theta, unit_items = move(theta, items, m, s)
        g_theta, g_items = prior_gradient(self.votes, unit_theta, unit_items, q)
        value = float(once.value.sum()) + log_prior(self.votes, unit_theta, unit_items, q)
        value -= self.volume * np.log(s) + 0.5 * self.tightness * (m * m + np.log(s) ** 2)
        n = theta.size
        g_theta = g_theta / s - self.tightness * m / n
        g_theta -= unit_theta * (self.volume + self.tightness * np.log(s)) / (s * n)
        g_items[:, 0] = s * g_items[:, 0] - m * (g_items[:, 1] + g_items[:, 2])
        volume, gradient = self.white.pull(
            items, once.theta_gradient + g_theta, once.item_gradient + g_items
        )
        return value + volume, gradient

    def refresh(self, y: Floats, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
        """Draw location and scale anew; returns *y* there, and θ and items as identified."""
        theta, items = identify(*self.white.open(y))
        m, log_s = rng.normal(size=2) / np.sqrt(self.tightness)
        s = float(np.exp(log_s))
        return self.white.close(*move(theta, items, -m / s, 1 / s)), theta, items

    def long_directions(self, q: float) -> tuple[Floats, Floats]:
        """Directions in which the posterior is long, and its standard deviations along them.

        The space searched is spanned by a shift and a stretch of the ideal points of each
        session, with the items following in proportion to their votes in that session; its axes
        are those of the curvature at the centre (Rayleigh & Ritz). Shapes (coordinates, k), (k,).
        """
        votes, white = self.votes, self.white
        sessions, of_row = np.unique(votes.session, return_inverse=True)
        n, t = votes.items.size, sessions.size
        share = np.bincount(votes.item * np.int64(t) + of_row[votes.row], minlength=n * t)
        share = share.reshape(n, t) / np.maximum(np.bincount(votes.item, minlength=n), 1)[:, None]
        beta = white.points[:, 0] * white.free[:, 0]
        still = np.zeros(n)
        moves = [
            move
            for k in range(t)
            for here, part in [(of_row == k, beta * share[:, k])]
            for move in (
                white.whiten(here * 1.0, np.stack([still, part, still], axis=1)),
                white.whiten(here * white.theta, np.stack([-part, still, still], axis=1)),
            )
        ]
        basis = np.linalg.qr(np.stack(moves, axis=1))[0]
        h = 1e-3
        bent = [self(-h * b, q)[1] - self(h * b, q)[1] for b in basis.T]
        curvature = basis.T @ np.stack(bent, axis=1) / (2 * h)
        values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
        long = values < LONG
        return basis @ vectors[:, long], 1 / np.sqrt(np.maximum(values[long], LONGEST))

    def draw_q(self, theta: Floats, rng: np.random.Generator) -> float:
        """Draw q given θ on the identifying scale: inverse gamma with shape (N − 1)/2.

        From N steps with Σ (Δθ)²/e = S the density is q^(−N/2 − 1/2) exp(−S/2q), √q being uniform
        beforehand.
        """
        inner = ~self.votes.first
        total = (steps(self.votes, theta)[inner] ** 2 / self.votes.elapsed[inner]).sum()
        return float(0.5 * total / rng.gamma((int(inner.sum()) - 1) / 2))
