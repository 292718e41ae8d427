"""Counterfactual trade and real income in a one-sector Armington economy, by exact hat algebra.

Every state makes one variety of one good out of one factor; demand is CES with trade elasticity
ε > 0. Under those assumptions the change of every wage and price follows from observed flows, the
change of trade costs and ε alone (Dekle, Eaton & Kortum 2007, doi:10.1257/aer.97.2.351). "Hat"
means the counterfactual value over the observed one. World income is the numeraire.

This is arithmetic under assumptions, not a forecast: no dynamics, no inputs of one sector into
another, full use of all factors, one elasticity for all flows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multivector.errors import InputError, MultivectorError, NoConvergence, raise_all
from multivector.stats.summaries import Floats

Cells = tuple[NDArray[np.intp], NDArray[np.intp]]

TOLERANCE = 1e-12
ITERATIONS = 2_000
BLOCK = 4_000_000
"""Changed cells times draws that are held at once."""
RIDGE = 1e-8
"""Keeps Newton's step defined where parts of the world no longer trade with each other."""
DENSE = 8
"""Changed cells per state above which whole matrices are held for each draw."""


@dataclass(frozen=True)
class Counterfactual:
    """Hats of wages, price indices and real income, and home shares; each of shape (draws, n).

    ``real_income`` is ŵ/P̂, what a unit of the state's own factor buys: the change of a state's
    welfare where trade is balanced. ``home_share`` is the counterfactual share of expenditure on
    the state's own goods.
    """

    wage: Floats
    price: Floats
    real_income: Floats
    home_share: Floats


def armington(
    trade: ArrayLike,
    home: ArrayLike,
    elasticity: ArrayLike,
    *,
    cost_change: ArrayLike | None = None,
    open_share: ArrayLike | None = None,
    transfers: float = 1.0,
) -> Counterfactual:
    """Solve the exact-hat Armington model for wages, prices and real income.

    With expenditure shares π_ij = X_ij/E_j, the equilibrium satisfies::

        π̂_ij = θ_ij (ŵ_i τ̂_ij)^−ε / P̂_j^−ε,   P̂_j^−ε = Σ_k π_kj θ_kj (ŵ_k τ̂_kj)^−ε
        ŵ_i Y_i = Σ_j π̂_ij π_ij E'_j,           E'_j = ŵ_j Y_j + κ D_j,  Σ ŵ_i Y_i = Σ Y_i

    where Y is output (row sums), E expenditure (column sums) and D = E − Y the deficit, which is
    kept in units of world income for κ = 1 and removed for κ = 0.

    Parameters
    ----------
    trade
        Flows from exporter (row) to importer (column), shape (n, n), one unit of money; the
        diagonal is zero. A flow that is not there is none: the caller decides that.
    home
        What each state sells to itself, > 0, same unit, shape (n,) or (draws, n).
    elasticity
        Trade elasticity ε > 0, shape () or (draws,).
    cost_change
        Gross change τ̂ of trade costs, > 0, shape (n, n) or (draws, n, n); 1 = as observed, 1.1 =
        10 % dearer, infinity = closed.
    open_share
        Share θ of each flow's varieties (or routes, when these are varieties) that stays open,
        0 to 1, shaped like ``cost_change``; 0 closes the flow.
    transfers
        κ, the part of the observed deficits that is kept.

    Returns
    -------
    Counterfactual, fields of shape (draws, n).

    Raises
    ------
    InputError
        Shapes that do not fit, or values that are negative or not finite.
    NoConvergence
        When excess demand stays above 1e-12 of income; for instance when κ = 1 keeps a deficit of
        a state that can no longer trade.

    Examples
    --------
    Two like states that spend a fifth abroad, when all trade gets 20 % dearer:

    >>> dearer = armington([[0, 2], [2, 0]], [8, 8], 5.0, cost_change=[[1, 1.2], [1.2, 1]])
    >>> round(float(dearer.real_income[0, 0]), 10)
    0.9748405612
    """
    flows, own, epsilon, shock = _checked(trade, home, elasticity, cost_change, open_share)
    at, factor = _changed_cells(*shock, epsilon)
    step = max(1, BLOCK // max(len(at[0]), 1))
    parts: list[Counterfactual] = []
    for first in range(0, len(epsilon), step):
        some = slice(first, first + step)
        block = own if len(own) == 1 else own[some]
        economy = _Economy(
            flows, block, epsilon[some], at=at, factor=factor(some), transfers=transfers
        )
        parts.append(economy.solve())
    return Counterfactual(
        *(
            np.concatenate([getattr(p, name) for p in parts])
            for name in ("wage", "price", "real_income", "home_share")
        )
    )


def stays_open(n: int, between: ArrayLike, and_: ArrayLike) -> Floats:
    """Share of each flow that stays open when the border between two groups of states closes.

    Parameters
    ----------
    n
        Number of states.
    between, and_
        Positions of the states on either side of the border.

    Returns
    -------
    array, shape (n, n): 0 for flows across the border, both ways, 1 elsewhere.

    >>> stays_open(3, [0], [2]).tolist()
    [[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]]
    """
    result = np.ones((n, n))
    ours, theirs = np.atleast_1d(between), np.atleast_1d(and_)
    result[np.ix_(ours, theirs)] = 0.0
    result[np.ix_(theirs, ours)] = 0.0
    return result


class _Economy:
    """One block of draws, iterated together; arrays are (draws, n)."""

    def __init__(
        self,
        trade: Floats,
        home: Floats,
        epsilon: Floats,
        *,
        at: Cells,
        factor: Floats,
        transfers: float,
    ) -> None:
        self.trade, self.epsilon = trade, epsilon[:, None]
        self.at, self.factor, self.transfers = at, factor, transfers
        self.home = np.broadcast_to(home, (len(epsilon), len(trade)))
        self.output = trade.sum(axis=1) + self.home
        self.spent = trade.sum(axis=0) + self.home
        self.deficit = transfers * (self.spent - self.output)
        self.full: Floats | None = None
        if len(at[0]) > DENSE * len(trade):
            self.full = np.repeat(trade[None], len(epsilon), axis=0)
            self.full[:, *at] *= factor
        self.lost = (factor - 1.0) * trade[at]
        abroad = at[0] != at[1]
        self.kept_home = self.home.copy()
        self.kept_home[:, at[0][~abroad]] *= factor[:, ~abroad]

    def solve(self) -> Counterfactual:
        """Newton's method for the mean of the draws, then its last Jacobian for each of them."""
        mean = _Economy(
            self.trade,
            self.home.mean(axis=0),
            self.epsilon.mean(axis=0),
            at=self.at,
            factor=self.factor.mean(axis=0, keepdims=True),
            transfers=self.transfers,
        )
        start = mean._settle(np.zeros((1, len(self.trade))))
        wages = self._settle(np.repeat(start, len(self.epsilon), axis=0), mean._chord(start))
        return self._hats(wages)

    def _settle(self, log_wage: Floats, chord: Floats | None = None) -> Floats:
        """Return the log wages at which markets clear.

        Steps that do not shrink excess demand are replaced by ln ŵ + ln(demand/income)/(1 + ε).
        Without transfers that map is monotone and homogeneous, so it never leads away.
        """
        gap = self._gap(log_wage)
        for _ in range(ITERATIONS):
            size = np.abs(gap).max(axis=1, keepdims=True)
            if (size < TOLERANCE).all():
                return log_wage
            scaled = gap / (1 + self.epsilon)
            newton = self._scaled(
                log_wage + scaled @ (self._chord(log_wage) if chord is None else chord)
            )
            found = self._gap(newton)
            good = np.abs(found).max(axis=1, keepdims=True) < size * 0.9
            if not good.all():
                plain = self._scaled(log_wage + scaled)
                newton = np.where(good, newton, plain)
                found = np.where(good, found, self._gap(plain))
            log_wage, gap = newton, found
            if not np.isfinite(gap).all():
                break
        size = np.abs(gap).max(axis=1)
        raise NoConvergence(
            f"Excess demand stays at {size.max():.1e} of income in "
            f"{int((~(size < TOLERANCE)).sum())} of {len(size)} draws.",
            "Without transfers there is an equilibrium for every change of costs.",
            "Set transfers=0, or make the change smaller.",
        )

    def _scaled(self, log_wage: Floats) -> Floats:
        """Put wages into units of world income."""
        top = log_wage.max(axis=1, keepdims=True)
        income = (np.exp(log_wage - top) * self.output).sum(axis=1, keepdims=True)
        return log_wage - top - np.log(income / self.output.sum(axis=1, keepdims=True))

    def _chord(self, log_wage: Floats) -> Floats:
        """Return the transposed inverse that turns scaled excess demand into a step of ln w."""
        power, price_power, income = self._market(log_wage)
        spent = (income + self.deficit)[0]
        flows = self.trade + np.diag(self.home[0])
        flows[self.at] *= self.factor[0]
        shares = power[0][:, None] * flows / (price_power * self.spent)[0]
        sold, epsilon = shares * spent, float(self.epsilon[0, 0])
        slope = (epsilon * sold @ shares.T + shares * income) / sold.sum(axis=1)[:, None]
        slope -= (1 + epsilon) * (1 + RIDGE) * np.eye(len(spent))
        slope -= (1 + epsilon) * income / income.sum()  # wages are fixed up to the numeraire only
        return -(1 + epsilon) * np.linalg.inv(slope).T

    def _market(self, log_wage: Floats) -> tuple[Floats, Floats, Floats]:
        """Return ŵ^−ε, P̂^−ε, and counterfactual income."""
        power = np.exp(-self.epsilon * log_wage)
        sold = self._through(power, 0) + power * self.kept_home
        return power, sold / self.spent, np.exp(log_wage) * self.output

    def _through(self, values: Floats, side: int) -> Floats:
        """Sum *values* over exporters (side 0) or importers (1), weighted by open trade."""
        if self.full is not None:
            cells = np.swapaxes(self.full, 1, 2) if side == 0 else self.full
            return (cells @ values[:, :, None])[:, :, 0]
        whole = values @ (self.trade if side == 0 else self.trade.T)
        here, there = self.at[side], self.at[1 - side]
        return whole + _sums(values[:, here] * self.lost, there, len(self.trade))

    def _gap(self, log_wage: Floats) -> Floats:
        """Return ln of demand for each state's goods over its income; NaN where there is none."""
        with np.errstate(all="ignore"):
            power, price_power, income = self._market(log_wage)
            demand = (income + self.deficit) / (price_power * self.spent)
            bought = self._through(demand, 1) + demand * self.kept_home
            return np.log(power * bought / income)

    def _hats(self, log_wage: Floats) -> Counterfactual:
        power, price_power, _ = self._market(log_wage)
        price = price_power ** (-1 / self.epsilon)
        wage = np.exp(log_wage)
        home_share = power * self.kept_home / (price_power * self.spent)
        return Counterfactual(wage, price, wage / price, home_share)


def _sums(values: Floats, label: NDArray[np.intp], n: int) -> Floats:
    """Sum the columns of *values* by label into n columns."""
    result = np.zeros((len(values), n))
    if label.size:
        order = np.argsort(label, kind="stable")
        names, starts = np.unique(label[order], return_index=True)
        result[:, names] = np.add.reduceat(values[:, order], starts, axis=1)
    return result


def _changed_cells(
    cost: Floats, kept: Floats, epsilon: Floats
) -> tuple[Cells, Callable[[slice], Floats]]:
    """Return where anything changes, and a function that gives θ τ̂^−ε there for some draws."""
    changed = ((cost != 1) | (kept != 1)).any(axis=0)
    rows, columns = np.nonzero(changed)
    at = rows, columns

    def factor(some: slice) -> Floats:
        tau = cost[:, *at] if len(cost) == 1 else cost[some][:, *at]
        theta = kept[:, *at] if len(kept) == 1 else kept[some][:, *at]
        return theta * tau ** -epsilon[some, None]

    return at, factor


def _checked(
    trade: ArrayLike,
    home: ArrayLike,
    elasticity: ArrayLike,
    cost_change: ArrayLike | None,
    open_share: ArrayLike | None,
) -> tuple[Floats, Floats, Floats, tuple[Floats, Floats]]:
    """Return arrays with a leading axis of draws (1 or all), or raise every problem at once."""
    flows = np.asarray(trade, dtype=np.float64)
    own = np.atleast_2d(np.asarray(home, dtype=np.float64))
    epsilon = np.atleast_1d(np.asarray(elasticity, dtype=np.float64))
    n = flows.shape[-1] if flows.ndim else 0
    problems: list[MultivectorError] = []

    def need(fits: bool, given: str, possible: str) -> None:
        if not fits:
            problems.append(InputError(given, possible))

    square = flows.shape == (n, n) and n > 0
    need(square, f"trade has shape {flows.shape}.", "Possible: (n, n), exporter by importer.")
    sound = square and bool((np.isfinite(flows) & (flows >= 0)).all() and not np.diag(flows).any())
    need(sound, "trade has cells it cannot have.", "Finite, not negative, zero on the diagonal.")
    need(
        bool((np.isfinite(own) & (own > 0)).all()),
        "home has cells it cannot have.",
        "Finite and above zero: every state buys some of its own goods.",
    )
    need(
        epsilon.ndim == 1 and bool((np.isfinite(epsilon) & (epsilon > 0)).all()),
        "elasticity is not one positive number, or one a draw.",
        "Estimates for goods lie between 3 and 8.",
    )
    draws = len(epsilon)
    need(own.shape in {(1, n), (draws, n)}, f"home has shape {own.shape}.", f"({draws}, {n}).")
    shocks: list[Floats] = []
    for name, given, top in (("cost_change", cost_change, np.inf), ("open_share", open_share, 1.0)):
        values = np.ones((1, n, n)) if given is None else np.asarray(given, dtype=np.float64)
        values = values[None] if values.ndim == 2 else values
        need(
            values.shape in {(1, n, n), (draws, n, n)},
            f"{name} has shape {values.shape}.",
            f"Possible: ({n}, {n}) or ({draws}, {n}, {n}).",
        )
        low = values > 0 if name == "cost_change" else values >= 0
        need(bool((low & (values <= top)).all()), f"{name} is out of range.", "See the docstring.")
        shocks.append(values)
    raise_all("This economy cannot be solved", problems)
    cost, kept = shocks
    shut = np.isinf(cost)
    if shut.any():
        kept = np.where(shut, 0.0, kept)
        cost = np.where(shut, 1.0, cost)
    closed = (np.diagonal(kept, axis1=1, axis2=2) == 0).any()
    raise_all("", [InputError("A state cannot be closed to itself.")] if closed else [])
    return flows, own, epsilon, (cost, kept)
