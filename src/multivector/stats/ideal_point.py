"""Ideal points of voters over time: the most probable values under a dynamic ordinal probit.

The model is that of Bailey, Strezhnev & Voeten (2017, doi:10.1177/0022002715595700) with a random
walk per elapsed session; see :mod:`multivector.stats.ideal_likelihood` for the votes and
:mod:`multivector.stats.ideal_prior` for the priors and the scale. :func:`fit` finds the posterior
mode. It has no intervals: those come from :mod:`multivector.stats.ideal_posterior`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import solveh_banded
from scipy.special import ndtri

from multivector.errors import InputError, NoConvergence, UnknownName, raise_all
from multivector.stats.ideal_data import Floats, Votes
from multivector.stats.ideal_likelihood import Backend, ItemPass, Likelihood, likelihood
from multivector.stats.ideal_prior import (
    banded_covariance,
    directed,
    identify,
    item_precision,
    log_prior,
    prior_gradient,
    steps,
    walk_precision,
)

LONGEST_STEP = 2.0  # of one Newton step in θ, β or a cutpoint
FIRST_Q = 0.02
LEAST_Q = 1e-8  # a walk of 0.0001 per session: nobody moves, and rounding stays far below it
MEMORY = 8  # sweeps that the extrapolation looks back on


@dataclass(frozen=True)
class PointFit:
    """Posterior mode on the scale where θ has mean 0 and standard deviation 1 over all rows.

    ``theta`` ideal points, shape (rows,). ``items`` β, lower and upper cutpoint, shape
    (items, 3): both cutpoints are the same on an item with one, and all are NaN on an item
    without variation. ``q`` is the variance of the walk per elapsed session and ``q_estimated``
    tells whether it was estimated from the votes or given. ``log_posterior`` is the log density
    at the mode, up to a constant. ``change`` is the largest change of any ideal point in the last
    of ``sweeps``. ``higher`` and ``lower`` are the units that set the direction of the axis.
    """

    theta: Floats
    items: Floats
    q: float
    q_estimated: bool
    log_posterior: float
    sweeps: int
    change: float
    higher: int
    lower: int


@dataclass(frozen=True)
class _State:
    theta: Floats
    items: Floats
    q: float


def fit(
    votes: Votes,
    higher: int,
    lower: int,
    *,
    q: float | None = None,
    start: PointFit | None = None,
    tolerance: float = 1e-4,
    max_sweeps: int = 500,
    backend: Backend = "auto",
    threads: int = 2,
) -> PointFit:
    """Posterior mode of all ideal points and item parameters.

    One sweep is a Newton step for each item (3 × 3) given the ideal points and one for each unit
    (tridiagonal) given the items, both of which are concave problems; sweeps are extrapolated
    (Anderson 1965, doi:10.1145/321296.321305). If q is not given, it is estimated by the
    expectation–maximisation step q = mean E[(Δθ)²/e], with the covariance of θ taken from its
    curvature given the items; that iteration always starts from 0.02, since from near 0 it would
    hardly move. Where the votes show no movement, as between two sessions, q stops at 1e-8.

    Parameters
    ----------
    votes
        From :func:`~multivector.stats.ideal_data.lay_out`.
    higher, lower
        Labels of two units. On average over its sessions *higher* lies above *lower*; this sets
        the direction of the axis.
    q
        Variance of the walk per elapsed session; None to estimate it.
    start
        An earlier fit of the same rows and items (NaN where it has none) to start from, instead
        of the first principal component of the votes.
    tolerance
        Largest change of an ideal point in a sweep at which to stop.
    max_sweeps
        Sweeps after which to give up.
    backend, threads
        As in :func:`~multivector.stats.ideal_likelihood.likelihood`.

    Raises
    ------
    InputError
        Unknown units, or a bad q or start.
    NoConvergence
        The sweeps did not settle.

    >>> from multivector.stats.ideal_data import lay_out
    >>> unit, item = np.divmod(np.arange(30), 6)  # five units vote on six items
    >>> votes = lay_out(unit, 0 * unit, item, np.where(unit > item - 1, 2, 0))
    >>> fitted = fit(votes, higher=4, lower=0, backend="numpy")
    >>> bool((np.diff(fitted.theta) > 0).all())
    True
    """
    _check(votes, higher, lower, q, start)
    evaluate = likelihood(votes, backend, threads)
    if start is None:
        state = _cold(votes, evaluate, higher, lower)
    else:
        state = _warm(votes, start, principal_component(votes, higher, lower))
    state = replace(state, q=FIRST_Q if q is None else q)
    history = _History()
    change, sweep = np.inf, 0
    for sweep in range(1, max_sweeps + 1):
        after = _sweep(votes, evaluate, state, q is None)
        change = float(np.abs(after.theta - state.theta).max())
        if change <= tolerance:
            theta, items = directed(votes, after.theta, after.items, higher, lower)
            value = evaluate.by_row(theta, items).value.sum()
            value += log_prior(votes, theta, items, after.q)
            return PointFit(
                theta,
                np.where(votes.cutpoints[:, None] > 0, items, np.nan),
                after.q,
                q is None,
                float(value),
                sweep,
                change,
                higher,
                lower,
            )
        state = history.next(votes, state, after)
    raise NoConvergence(
        f"An ideal point still changed by {change:.2g} in the last of {sweep} sweeps.",
        f"Possible: a change of at most {tolerance:g}.",
        "Allow more sweeps, or leave out units and items with hardly any votes.",
    )


def principal_component(votes: Votes, higher: int, lower: int, rounds: int = 8) -> Floats:
    """First principal component of the votes, by unit, repeated for each of its rows.

    Power iteration on choices standardised within items, from +1 for *higher*, −1 for *lower*
    and 0 for all others. Shape (rows,), mean 0 and standard deviation 1 over rows.
    """
    units, of_row = np.unique(votes.unit, return_inverse=True)
    of_vote, item = of_row[votes.row], votes.item
    n = np.maximum(np.bincount(item, minlength=votes.items.size), 1)

    def by_item(values: Floats) -> Floats:
        return np.bincount(item, values, minlength=votes.items.size) / n

    y = votes.choice - by_item(votes.choice.astype(np.float64))[item]
    spread = np.sqrt(by_item(y * y))
    y /= np.where(spread > 0, spread, 1.0)[item]
    x = (units == higher).astype(np.float64) - (units == lower)
    size = np.maximum(np.bincount(of_vote, minlength=units.size), 1)
    for _ in range(rounds):
        x = np.bincount(of_vote, y * by_item(y * x[of_vote])[item], minlength=units.size) / size
        x = (x - x.mean()) / x.std()
    theta = x[of_row]
    return (theta - theta.mean()) / theta.std()


def tally_cutpoints(votes: Votes) -> Floats:
    """Item parameters with β = 0 and cutpoints at the shares of the votes, shape (items, 3)."""
    n, seen = votes.items.size, votes.seen
    counts = np.bincount(votes.item * np.int64(3) + votes.choice, minlength=3 * n).reshape(n, 3)
    below = (np.cumsum(counts, axis=1)[:, :2] + 0.5) / (counts.sum(axis=1) + 1.5)[:, None]
    first, second = ndtri(below).T
    one = np.where(seen[:, 0], first, second)
    two = votes.cutpoints == 2
    cuts = np.where(two, first, one), np.where(two, np.maximum(second, first + 0.05), one)
    return np.where(votes.cutpoints[:, None] > 0, np.stack([0 * first, *cuts], axis=1), 0.0)


def newton_items(votes: Votes, once: ItemPass, items: Floats) -> Floats:
    """One Newton step of every item's (β, a, b) given the ideal points, shape (items, 3)."""
    precision = item_precision(votes)
    gradient = once.gradient - precision * items
    curvature = item_curvature(votes, once.hessian)
    one, two = votes.cutpoints == 1, votes.cutpoints == 2
    gradient[one, 1] += gradient[one, 2]
    gradient[~two, 2] = 0.0
    step = np.linalg.solve(curvature, gradient[..., None])[..., 0]
    step[one, 2] = step[one, 1]
    gap, closing = items[:, 2] - items[:, 1], step[:, 1] - step[:, 2]
    share = np.minimum(1.0, LONGEST_STEP / np.maximum(np.abs(step).max(axis=1), 1e-300))
    tight = two & (closing * share > 0.9 * gap)
    share[tight] = 0.9 * gap[tight] / closing[tight]
    return items + share[:, None] * step


def item_curvature(votes: Votes, hessian: Floats) -> Floats:
    """Negative Hessian of each item's log posterior in (β, a, b), shape (items, 3, 3).

    An item with one cutpoint has it in the second place; places without a parameter hold 1.
    """
    bb, bl, bu, ll, lu, uu = -hessian.T
    one, two = votes.cutpoints == 1, votes.cutpoints == 2
    full = np.zeros((hessian.shape[0], 3, 3))
    full[:, 0, 0] = bb
    full[:, 0, 1] = full[:, 1, 0] = bl + one * bu
    full[:, 0, 2] = full[:, 2, 0] = two * bu
    full[:, 1, 1] = ll + one * (2 * lu + uu)
    full[:, 1, 2] = full[:, 2, 1] = two * lu
    full[:, 2, 2] = two * uu
    prior = item_precision(votes)
    prior[one, 1] *= 2
    prior[votes.cutpoints == 0] = 1.0
    prior[~two, 2] = 1.0
    full[:, [0, 1, 2], [0, 1, 2]] += prior
    return full


def _sweep(votes: Votes, evaluate: Likelihood, state: _State, estimate_q: bool) -> _State:
    theta, items, q = state.theta, state.items, state.q
    items = newton_items(votes, evaluate.by_item(theta, items), items)
    once = evaluate.by_row(theta, items)
    pull, _ = prior_gradient(votes, theta, items, q)
    precision = walk_precision(votes, q)
    precision[1] += once.curvature
    step = solveh_banded(precision, once.gradient + pull)
    theta = theta + np.clip(step, -LONGEST_STEP, LONGEST_STEP)
    if estimate_q:
        q = _expected_q(votes, theta, precision)
    theta, items = identify(theta, items)
    return _State(theta, items, q)


def _expected_q(votes: Votes, theta: Floats, precision: Floats) -> float:
    """Mean over all steps of E[(Δθ)²]/e, given the curvature of θ at its mode; at least 1e-8."""
    inner = ~votes.first
    if not inner.any():
        return FIRST_Q
    variance, beside = banded_covariance(precision)
    of_step = variance.copy()
    of_step[1:] += variance[:-1] - 2 * beside[1:]
    moved = (steps(votes, theta) ** 2 + of_step)[inner] / votes.elapsed[inner]
    return max(float(moved.mean()), LEAST_Q)


class _History:
    """Anderson's extrapolation of the sweeps, given up where it does more harm than good."""

    def __init__(self) -> None:
        self.before: list[Floats] = []
        self.after: list[Floats] = []
        self.size = np.inf

    def next(self, votes: Votes, state: _State, after: _State) -> _State:
        x, y = _flat(state), _flat(after)
        size = float(np.linalg.norm(y - x))
        if size > 2 * self.size or size > 0.1 * np.sqrt(x.size):
            self.before, self.after = [], []
        self.size = size
        self.before, self.after = [*self.before[-MEMORY:], x], [*self.after[-MEMORY:], y]
        if len(self.before) == 1:
            return after
        residuals = np.stack(self.after) - np.stack(self.before)
        differences = np.diff(residuals, axis=0)
        gram = differences @ differences.T
        gram[np.diag_indices_from(gram)] *= 1 + 1e-10
        weights = np.linalg.solve(gram, differences @ residuals[-1])
        z = y - weights @ np.diff(np.stack(self.after), axis=0)
        theta, items = z[: state.theta.size], z[state.theta.size : -1].reshape(-1, 3)
        crossed = items[:, 2] - items[:, 1] < 0.1 * (after.items[:, 2] - after.items[:, 1])
        items = np.where(crossed[:, None], after.items, items)
        q = max(float(np.exp(z[-1])), min(LEAST_Q, after.q))
        return _State(*identify(theta, items), q)


def _flat(state: _State) -> Floats:
    return np.concatenate([state.theta, state.items.ravel(), [np.log(state.q)]])


def _cold(votes: Votes, evaluate: Likelihood, higher: int, lower: int) -> _State:
    """First principal component, and the items that go with it."""
    theta, items = principal_component(votes, higher, lower), tally_cutpoints(votes)
    for _ in range(4):
        items = newton_items(votes, evaluate.by_item(theta, items), items)
    return _State(*identify(theta, items), FIRST_Q)


def _warm(votes: Votes, start: PointFit, otherwise: Floats) -> _State:
    """Values of an earlier fit; a row that it lacks takes the unit's previous ideal point."""
    known = np.isfinite(start.theta)
    last = np.maximum.accumulate(np.where(known, np.arange(known.size), -1))
    same = (last >= 0) & (votes.unit[last] == votes.unit)
    theta = np.where(same, start.theta[last], otherwise)
    items = np.where(np.isfinite(start.items), start.items, tally_cutpoints(votes))
    return _State(*identify(theta, items), FIRST_Q)


def carry_over(old: PointFit, old_votes: Votes, votes: Votes) -> PointFit:
    """Lay an earlier fit out for other votes, with NaN for rows and items that it lacks.

    Rows are matched by unit and session, items by label.

    >>> from multivector.stats.ideal_data import lay_out
    >>> before = lay_out([1, 2], [1, 1], [7, 7], [0, 2])
    >>> now = lay_out([1, 1], [1, 2], [7, 8], [0, 2])
    >>> theta, items = np.array([-1.0, 1.0]), np.array([[2.0, 0.0, 0.0]])
    >>> old = PointFit(theta, items, 0.1, False, -1.4, 5, 1e-6, higher=2, lower=1)
    >>> carry_over(old, before, now).theta.tolist()
    [-1.0, nan]
    """
    rows = {key: i for i, key in enumerate(zip(old_votes.unit, old_votes.session, strict=True))}
    at = [rows.get(key, -1) for key in zip(votes.unit, votes.session, strict=True)]
    labels = {label: i for i, label in enumerate(old_votes.items)}
    of = [labels.get(label, -1) for label in votes.items]
    theta = np.append(old.theta, np.nan)[at]
    items = np.concatenate([old.items, np.full((1, 3), np.nan)])[of]
    return replace(old, theta=theta, items=items)


def _check(votes: Votes, higher: int, lower: int, q: float | None, start: PointFit | None) -> None:
    problems: list[InputError] = [
        UnknownName("unit", unit, np.unique(votes.unit))
        for unit in (higher, lower)
        if unit not in votes.unit
    ]
    if higher == lower:
        problems.append(InputError(f"Unit {higher} was named at both ends of the axis."))
    if q is not None and not 0 < q < np.inf:
        problems.append(InputError(f"q is {q}.", "Possible: above 0, or None to estimate it."))
    if start is not None and (
        start.theta.shape != votes.unit.shape or start.items.shape != (votes.items.size, 3)
    ):
        problems.append(
            InputError(
                f"The start holds {start.theta.size} rows and {len(start.items)} items.",
                f"Possible: {votes.unit.size} rows and {votes.items.size} items, as the votes.",
                "Use carry_over to lay an earlier fit out for these votes.",
            )
        )
    raise_all("Ideal points cannot be fitted.", problems)
