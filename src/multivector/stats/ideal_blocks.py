"""Updates of a chain's items given the ideal points, and of its ideal points given the items.

Both are Metropolis-Hastings steps with Newton proposals (Qi & Minka 2002), block by block: one
block for each item, and one for each stretch of some sessions of a unit. Given the ideal points
the items are independent; given the items, blocks of a unit that do not touch are, but for the
location and scale of all (see :mod:`multivector.stats.ideal_totals`).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.linalg import cholesky_banded, get_lapack_funcs

from multivector.stats.ideal_data import Bools, Floats, Ints, Votes
from multivector.stats.ideal_likelihood import ItemPass, Likelihood
from multivector.stats.ideal_point import item_curvature
from multivector.stats.ideal_prior import (
    banded_product,
    free,
    item_precision,
    step_precision,
    walk_precision,
)
from multivector.stats.ideal_totals import item_totals, sizes, theta_totals

(solve_triangular_banded,) = get_lapack_funcs(("tbtrs",), dtype=np.float64)
WANTED = 0.8  # acceptance to which the length of blocks is tuned
LONGEST = 12
COMMON, MOST = 6, 4  # units with shorter blocks than common are updated more often, at most 4 times

Accept = Callable[..., None]


class ItemUpdate:
    """Newton proposals of (β, a, b) with a curvature that stays as it is while draws are kept.

    With S S' the inverse curvature and g the gradient of the item's log posterior, the proposal
    is x + S(S'g + ε), ε ~ N(0, I). Learnt during warm-up, the curvature is the mean over draws.
    """

    def __init__(self, votes: Votes, evaluate: Likelihood, theta: Floats, items: Floats) -> None:
        self.votes, self.evaluate = votes, evaluate
        self.precision, self.free = item_precision(votes), free(votes)
        self.one, self.two = votes.cutpoints == 1, votes.cutpoints == 2
        self.learning, self.seen, self.total = False, 0, np.zeros((votes.items.size, 3, 3))
        self.total += item_curvature(votes, evaluate.by_item(theta, items).hessian)
        self.seen = 1
        self.settle()

    def settle(self) -> None:
        """Propose with the mean of the curvatures seen since the last time."""
        root = np.linalg.cholesky(self.total / self.seen)
        self.spread = np.linalg.inv(root).transpose(0, 2, 1)  # L⁻ᵀ
        self.seen, self.total = 0, np.zeros_like(self.total)

    def __call__(
        self, theta: Floats, items: Floats, rng: np.random.Generator
    ) -> tuple[Floats, Floats]:
        """Propose for all items at once; returns items and probabilities of acceptance.

        θ and items lie on the identifying scale.
        """
        noise = rng.normal(size=items.shape) * self.free
        log_uniform = np.log(rng.uniform(size=len(items)))
        value, pull = self._at(self.evaluate.by_item(theta, items), items)
        whitened = pull + noise
        step = np.einsum("vij,vj->vi", self.spread, whitened)
        step[self.one, 2] = step[self.one, 1]
        proposed = np.where(self.free[:, :1], items + step, items)
        crossed = self.two & (proposed[:, 2] <= proposed[:, 1])
        proposed[crossed] = items[crossed]
        after, back = self._at(self.evaluate.by_item(theta, proposed), proposed)
        ratio = after - value + 0.5 * (noise**2).sum(axis=1)
        ratio -= 0.5 * ((whitened + back) ** 2).sum(axis=1)
        ratio[crossed | ~np.isfinite(ratio)] = -np.inf
        accepted = log_uniform < ratio
        return np.where(accepted[:, None], proposed, items), np.exp(np.minimum(ratio, 0.0))

    def _at(self, once: ItemPass, items: Floats) -> tuple[Floats, Floats]:
        """Log posterior density of each item, and S' times its gradient."""
        if self.learning:
            self.total += item_curvature(self.votes, once.hessian)
            self.seen += 1
        weighted = self.precision * items
        gradient = once.gradient - weighted
        gradient[self.one, 1] += gradient[self.one, 2]
        gradient = np.where(self.free, gradient, 0.0)
        value = once.value - 0.5 * (weighted * items).sum(axis=1)
        return value, np.einsum("vji,vj->vi", self.spread, gradient)


class ThetaUpdate:
    """Newton proposals for stretches of a unit's ideal points, with the curvature at each end.

    Stretches begin at random, and every second of them is updated while the others stand still.
    Their length is tuned by unit: far from the middle few votes say much, and the density is far
    from normal. Units with short ones, which would be slow, are updated several times.
    """

    def __init__(self, votes: Votes, evaluate: Likelihood, accept: Accept) -> None:
        self.votes, self.evaluate, self.accept = votes, evaluate, accept
        self.size, self.inverse_elapsed = sizes(votes), step_precision(votes, 1.0)
        self.first = np.flatnonzero(votes.first)
        self.of_unit = np.cumsum(votes.first) - 1
        self.place = np.arange(votes.unit.size) - self.first[self.of_unit]
        self.length = np.full(self.first.size, LONGEST // 2)
        self.accepted, self.proposed = np.zeros(votes.unit.size), np.zeros(votes.unit.size)

    def settle(self) -> None:
        """Choose lengths of blocks at which about as many are accepted as wanted."""
        rate = np.add.reduceat(self.accepted, self.first)
        rate /= np.maximum(np.add.reduceat(self.proposed, self.first), 1)
        longer = np.log(WANTED) / np.log(np.clip(rate, 1e-3, 1 - 1e-3))
        length = np.rint(self.length * np.minimum(longer, LONGEST))
        self.length = np.clip(length, 1, LONGEST).astype(np.int64)
        self.accepted[:] = self.proposed[:] = 0.0

    def __call__(
        self,
        theta: Floats,
        items: Floats,
        q: float,
        place: tuple[float, float],
        rng: np.random.Generator,
    ) -> Floats:
        """Propose for all blocks, every second at a time; returns θ.

        ``place`` is a location and scale near which θ lies, for the proposals; it must not depend
        on θ.
        """
        prior = walk_precision(self.votes, q) / place[1] ** 2, place[0]
        totals = theta_totals(self.votes, theta), item_totals(self.votes, items)
        times = np.clip(-(-COMMON // self.length), 1, MOST)
        for k in range(int(times.max())):
            offset = (rng.uniform(size=self.length.size) * 2 * self.length).astype(np.int64)
            block = (self.place + offset[self.of_unit]) // self.length[self.of_unit]
            wanted = (times > k)[self.of_unit]
            for odd in (0, 1):
                rows = np.flatnonzero(wanted & (block % 2 == odd))
                if rows.size:
                    theta = self._update(theta, items, q, rows, block[rows], prior, totals, rng)
        return theta

    def _update(  # noqa: PLR0917
        self,
        theta: Floats,
        items: Floats,
        q: float,
        rows: Ints,
        block: Ints,
        prior: tuple[Floats, float],
        totals: tuple[Floats, Floats],
        rng: np.random.Generator,
    ) -> Floats:
        unit, (precision, centre) = self.of_unit[rows], prior
        new = np.append(True, (np.diff(unit) != 0) | (np.diff(block) != 0))
        start = np.flatnonzero(new)
        beside = np.append(np.where(new[1:], 0.0, precision[0, rows[1:]]), 0.0)
        noise = rng.normal(size=rows.size)
        log_uniform = np.log(rng.uniform(size=start.size))

        def at(x: Floats) -> tuple[Floats, Floats, Floats, Floats]:
            once = self.evaluate.by_row(x, items, rows)
            curvature = np.stack([precision[1, rows] + once.curvature, beside])
            root = cholesky_banded(curvature, lower=True)
            gradient = once.gradient - banded_product(precision, x - centre)[rows]
            pull = solve_triangular_banded(root, gradient[:, None], uplo="L")[0][:, 0]
            return once.value, pull, root, np.log(root[0])

        value, pull, root, log_root = at(theta)
        step = solve_triangular_banded(root, (pull + noise)[:, None], uplo="L", trans="T")[0][:, 0]
        proposed = theta.copy()
        proposed[rows] += step
        value_after, pull, root, log_root_after = at(proposed)
        back = root[0] * step
        back[:-1] += root[1, :-1] * step[1:]
        terms = value_after - value + log_root_after - log_root
        terms += 0.5 * noise**2 - 0.5 * (back + pull) ** 2
        accepted = np.zeros(start.size, dtype=np.bool_)
        probability = np.zeros(start.size)
        self.accept(
            *totals,
            self._change(theta, proposed, rows, start),
            np.add.reduceat(terms, start),
            log_uniform,
            q,
            tuple(self.size),
            accepted,
            probability,
        )
        of_block = np.cumsum(new) - 1
        self.accepted[rows] += probability[of_block]
        self.proposed[rows] += 1
        theta = theta.copy()
        theta[rows[accepted[of_block]]] = proposed[rows[accepted[of_block]]]
        return theta

    def _change(self, theta: Floats, proposed: Floats, rows: Ints, start: Ints) -> Floats:
        """Return what each block would add to the totals of θ, shape (blocks, 5)."""
        votes = self.votes
        last = np.append(rows[start[1:] - 1], rows[-1])
        out = np.minimum(last + 1, votes.unit.size - 1)  # the step out of a block's last row
        inside = (last + 1 < votes.unit.size) & ~votes.first[out]
        first: Bools = votes.first[rows]
        now, then = proposed[rows], theta[rows]
        walk = self._steps(proposed, rows) - self._steps(theta, rows)
        parts = [now - then, now**2 - then**2, first * (now - then), first * (now**2 - then**2)]
        change = np.add.reduceat(np.stack([*parts, walk], axis=1), start, axis=0)
        change[:, 4] += inside * (self._steps(proposed, out) - self._steps(theta, out))
        return change

    def _steps(self, theta: Floats, rows: Ints) -> Floats:
        """(Δθ)²/e of the steps into some rows, 0 for a unit's first."""
        return self.inverse_elapsed[rows] * (theta[rows] - theta[rows - 1]) ** 2
