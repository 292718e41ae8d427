"""A move of all sessions together: each one's ideal points shift and stretch, items follow.

Shifting or stretching all ideal points of a session, together with the items voted on in that
session alone, changes no probability of a vote. Only the walks, the priors of the items and items
bridged over several sessions hold such moves back, so they are where the posterior is longest and
where updates of one block given all others are slowest. Here the means μ_t and standard deviations
σ_t of all sessions are updated jointly, given everything relative to them, by Hamiltonian Monte
Carlo; without bridged items that needs no vote.

A vote's item v has as its own location and scale the means of μ_t and log σ_t over its votes, and
keeps β̃ = β σ_v and ã = a − β μ_v. The volume of (θ, β, a, b) per unit of (μ, log σ) and these is
Π σ_t^(n_t − 1) / Π σ_v.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from multivector.stats.ideal_data import Floats, Ints, Votes, places
from multivector.stats.ideal_likelihood import Backend, Likelihood, bincount, likelihood
from multivector.stats.ideal_prior import item_precision, step_precision
from multivector.stats.ideal_totals import log_prior_and_slopes, sizes

LEAPS, STEP = 4, 0.4
SOFTEST = 1.0  # least curvature assumed


class SessionMove:
    """Leapfrog moves of (μ, log σ) of all sessions."""

    def __init__(self, votes: Votes, backend: Backend) -> None:
        self.votes, self.size = votes, sizes(votes)
        sessions, self.of_row = np.unique(votes.session, return_inverse=True)
        self.t, self.n = sessions.size, votes.items.size
        self.rows = np.bincount(self.of_row, minlength=self.t)
        self.precision, self.has = item_precision(votes), votes.cutpoints > 0
        at = self.of_row[votes.row]
        count = np.bincount(votes.item * np.int64(self.t) + at, minlength=self.n * self.t)
        count = count.reshape(self.n, self.t)
        self.home = count.argmax(axis=1)
        self.bridged = np.flatnonzero(((count > 0).sum(axis=1) > 1) & self.has)
        self.weight = count[self.bridged] / count[self.bridged].sum(axis=1, keepdims=True)
        self.parts, self.evaluate = _by_session(votes, self.bridged, at, self.t, backend)

    def scale(self, theta: Floats, items: Floats, q: float) -> Floats:
        """Inverse root of the curvature at a point, by central differences of the gradient.

        Shape (2 sessions, 2 sessions).
        """
        point = _Point(self, theta, items, q)
        h = 1e-4
        slopes = [
            self.density(point, point.x - h * e)[1] - self.density(point, point.x + h * e)[1]
            for e in np.eye(2 * self.t)
        ]
        curvature = np.stack(slopes) / (2 * h)
        values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
        return vectors / np.sqrt(np.maximum(values, SOFTEST))

    def __call__(
        self, theta: Floats, items: Floats, q: float, scale: Floats, rng: np.random.Generator
    ) -> tuple[Floats, Floats, float]:
        """Move; returns θ, items and the probability with which the move was accepted.

        ``scale`` comes from :meth:`scale`, and must not depend on the point moved from.
        """
        point = _Point(self, theta, items, q)
        x = point.x
        value, gradient = self.density(point, x)
        momentum, step = rng.normal(size=x.size), STEP * rng.uniform(0.7, 1.3)
        uniform = rng.uniform()
        before = value - 0.5 * momentum @ momentum
        with np.errstate(all="ignore"):  # a move that leaves the numbers is rejected
            for _ in range(LEAPS):
                momentum = momentum + 0.5 * step * (scale.T @ gradient)
                x = x + step * (scale @ momentum)
                value, gradient = self.density(point, x)
                momentum = momentum + 0.5 * step * (scale.T @ gradient)
            change = value - 0.5 * momentum @ momentum - before
        probability = float(np.exp(min(0.0, change))) if np.isfinite(change) else 0.0
        if uniform >= probability:
            return theta, items, probability
        moved, beta, cut = point.opened(x)
        return moved, np.concatenate([beta, cut], axis=1) * self.has[:, None], probability

    def of_items(self, by_session: Floats) -> Floats:
        """Each item's mean of a value by session, shape (items,)."""
        by_item = by_session[self.home]
        by_item[self.bridged] = self.weight @ by_session
        return by_item

    def to_sessions(self, by_item: Floats) -> Floats:
        """Transpose of :meth:`of_items`."""
        single = by_item.copy()
        single[self.bridged] = 0.0
        total = np.bincount(self.home, single, self.t)
        return total + self.weight.T @ by_item[self.bridged]

    def density(self, point: _Point, x: Floats) -> tuple[float, Floats]:
        """Log density and gradient by (μ, log σ), given all that is relative to them."""
        t, rows = self.t, self.rows
        mu, log_sigma = x[:t], x[t:]
        sigma = np.exp(log_sigma)
        ends = np.concatenate([mu, sigma])
        walked, began = point.walk @ ends, point.first @ ends
        of_theta = np.array(
            [
                rows @ mu,
                rows @ (mu**2 + sigma**2 * point.spread),
                point.first_sum @ ends,
                ends @ began,
                ends @ walked,
            ]
        )
        shift, log_scale = self.of_items(mu), self.of_items(log_sigma)
        beta = point.beta * np.exp(-log_scale)
        cut = point.cut + (beta * shift)[:, None]
        weight, weights = self.precision[:, 1:], self.precision[:, 1:].sum(axis=1)
        b2, cb = beta * beta, (weight * cut).sum(axis=1) * beta
        of_items = np.array(
            [self.precision[:, 0] @ b2, (weight * cut**2).sum(), cb.sum(), weights @ b2]
        )
        value, by_theta, by_items = log_prior_and_slopes(of_theta, of_items, point.q, self.size)
        value += point.volume @ log_sigma - log_scale[self.has].sum()

        by_ends = by_theta[2] * point.first_sum + 2 * (by_theta[3] * began + by_theta[4] * walked)
        by_mu = by_ends[:t] + rows * (by_theta[0] + 2 * by_theta[1] * mu)
        by_sigma = by_ends[t:] + 2 * rows * by_theta[1] * sigma * point.spread
        i_bb, i_cc, i_cb, i_b = by_items
        by_shift = 2 * i_cc * cb + i_cb * weights * b2
        by_scale = -2 * (i_bb * self.precision[:, 0] + i_b * weights) * b2 - i_cb * cb
        by_scale -= shift * by_shift + self.has
        by_log_sigma = by_sigma * sigma + point.volume
        if self.evaluate:
            v, at = self.parts
            slope = beta[v] * sigma[at]
            shifted = np.stack([beta * 0, beta * shift, beta * shift], axis=1)[v]
            shifted[:, 0] = slope
            shifted[:, 1:] += point.cut[v] - (beta[v] * mu[at])[:, None]
            once = self.evaluate.by_item(point.relative, shifted)
            value += float(once.value.sum())
            of_slope = once.gradient[:, 0] * slope
            of_cut = once.gradient[:, 1:].sum(axis=1) * beta[v]
            by_log_sigma += np.bincount(at, of_slope, t)
            by_mu -= np.bincount(at, of_cut, t)
            by_shift += np.bincount(v, of_cut, self.n)
            by_scale -= np.bincount(v, of_slope + of_cut * (shift[v] - mu[at]), self.n)
        gradient = np.concatenate(
            [by_mu + self.to_sessions(by_shift), by_log_sigma + self.to_sessions(by_scale)]
        )
        gradient[t:][point.spread == 0] = 0.0
        return value, gradient


class _Point:
    """What the move keeps: positions relative to each session's mean and standard deviation.

    A session whose ideal points are all the same has no scale of its own to move.
    """

    def __init__(self, move: SessionMove, theta: Floats, items: Floats, q: float) -> None:
        self.move, self.q = move, q
        of, t = move.of_row, move.t
        mu = np.bincount(of, theta, t) / move.rows
        variance = np.bincount(of, (theta - mu[of]) ** 2, t) / move.rows
        moves = variance > 0
        self.spread = moves.astype(np.float64)
        self.volume = (move.rows - 1.0) * moves
        log_sigma = 0.5 * np.log(np.where(moves, variance, 1.0))
        self.x = np.concatenate([mu, log_sigma])
        self.relative = (theta - mu[of]) * np.exp(-log_sigma)[of]
        self.beta = items[:, 0] * np.exp(move.of_items(log_sigma))
        self.cut = items[:, 1:] - items[:, :1] * move.of_items(mu)[:, None]
        self.walk, self.first, self.first_sum = self._quadratic()

    def _quadratic(self) -> tuple[Floats, Floats, Floats]:
        """Σ (Δθ)²/e and Σ θ_c1² as quadratic forms in (μ, σ), and Σ θ_c1 as a linear one."""
        votes, of, t, z = self.move.votes, self.move.of_row, self.move.t, self.relative
        later, first = np.flatnonzero(~votes.first), np.flatnonzero(votes.first)
        a, b = of[later - 1], of[later]
        weight = step_precision(votes, 1.0)[later]
        one = np.ones(later.size)
        ends = [(a, -one), (b, one), (a + t, -z[later - 1]), (b + t, z[later])]
        starts = [(of[first], np.ones(first.size)), (of[first] + t, z[first])]
        linear = sum((bincount(k, x, 2 * t) for k, x in starts), np.zeros(2 * t))
        return _form(ends, weight, 2 * t), _form(starts, np.ones(first.size), 2 * t), linear

    def opened(self, x: Floats) -> tuple[Floats, Floats, Floats]:
        """θ, β and cutpoints at (μ, log σ)."""
        t, of = self.move.t, self.move.of_row
        beta = self.beta * np.exp(-self.move.of_items(x[t:]))
        cut = self.cut + (beta * self.move.of_items(x[:t]))[:, None]
        return x[:t][of] + np.exp(x[t:])[of] * self.relative, beta[:, None], cut


def _form(ends: list[tuple[Ints, Floats]], weight: Floats, n: int) -> Floats:
    """Matrix of Σ weight (Σ_k x_k y_place(k))², shape (n, n)."""
    total = np.zeros(n * n)
    for i, x in ends:
        for j, y in ends:
            total += np.bincount(i * n + j, weight * x * y, n * n)
    return total.reshape(n, n)


def _by_session(
    votes: Votes, bridged: Ints, at: Ints, t: int, backend: Backend
) -> tuple[tuple[Ints, Ints], Likelihood | None]:
    """Bridged items taken apart by session: item and session of each part, and their likelihood.

    A part has the item's levels, whether or not they occur in that session.
    """
    if not bridged.size:
        return (bridged, bridged), None
    chosen = np.isin(votes.item, bridged)
    key = votes.item[chosen] * np.int64(t) + at[chosen]
    parts, of_part = np.unique(key, return_inverse=True)
    place = places(votes.seen)[votes.item[chosen], votes.choice[chosen]]
    order = np.lexsort((votes.row[chosen], place, of_part))
    counts = np.bincount(of_part * 3 + place, minlength=3 * parts.size)
    ends = np.concatenate([[0], np.cumsum(counts)])
    part_votes = replace(
        votes,
        row=votes.row[chosen][order],
        item=of_part[order].astype(np.int32),
        choice=votes.choice[chosen][order],
        order=order,
        start=ends[3 * np.arange(parts.size)[:, None] + np.arange(4)],
        seen=votes.seen[parts // t],
        items=parts,
    )
    return (parts // t, parts % t), likelihood(part_votes, backend, threads=1)
