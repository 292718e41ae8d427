"""Breaks and trends of yearly series, with errors that allow for autocorrelation; placebo ranks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multivector.errors import InputError
from multivector.stats.summaries import ratio

Floats = NDArray[np.float64]
What = Literal["level", "trend"]
LEAST_BEFORE = 5
"""Fewest known years before a break, so that a trend can be told from noise at all."""
LEAST_AFTER = {"level": 2, "trend": 4}
"""Fewest known years from a break on: one parameter more needs two years more."""


class Fit(NamedTuple):
    """A coefficient, its standard error and its degrees of freedom; NaN where not identified."""

    value: float
    error: float
    df: int

    @property
    def t(self) -> float:
        """The studentised coefficient; NaN without a positive error."""
        return float(ratio(self.value, self.error))

    def draws(self, n: int) -> Floats:
        """Return n evenly spaced quantiles of value + error · t(df): its sampling distribution."""
        from scipy.stats import t as student

        if self.df < 1:
            return np.full(n, np.nan)
        even = (np.arange(n) + 0.5) / n
        return np.asarray(self.value + self.error * student.ppf(even, self.df), dtype=np.float64)


NOTHING = Fit(np.nan, np.nan, 0)


def newey_west_lag(n: int) -> int:
    """Return the usual lag for n yearly values, ⌊4·(n/100)^(2/9)⌋.

    Newey & West (1994), doi:10.2307/2297912.

    >>> newey_west_lag(25)
    2
    """
    return int(4 * (n / 100) ** (2 / 9))


def hac(y: ArrayLike, x: ArrayLike, lag: int | None = None) -> tuple[Floats, Floats, int]:
    """Least squares with errors robust to heteroskedasticity and autocorrelation.

    b = (X'X)⁻¹X'y, V = n/(n − k) · (X'X)⁻¹ S (X'X)⁻¹, S = Γ₀ + Σ_l (1 − l/(L + 1))(Γ_l + Γ_l') and
    Γ_l = Σ_t e_t e_{t−l} x_t x'_{t−l} (Newey & West 1987, doi:10.2307/1913610). Rows are
    consecutive years; a missing y leaves its year out and keeps the distance between the others.

    Parameters
    ----------
    y
        Shape (years,), any unit; NaN = missing.
    x
        Shape (years, k), finite.
    lag
        L; None takes :func:`newey_west_lag` of the number of known years.

    Returns
    -------
    coefficients (k,), covariance (k, k), degrees of freedom n − k; NaN and 0 where the known years
    do not identify every coefficient with a degree of freedom to spare.
    """
    values, design = np.asarray(y, dtype=np.float64), np.asarray(x, dtype=np.float64)
    known = np.isfinite(values)
    n, k = int(known.sum()), design.shape[1]
    rows = np.where(known[:, None], design, 0.0)
    if n <= k or np.linalg.matrix_rank(rows) < k:
        return np.full(k, np.nan), np.full((k, k), np.nan), 0
    inverse = np.linalg.inv(rows.T @ rows)
    b = inverse @ rows.T @ np.where(known, values, 0.0)
    scores = rows * np.where(known, values - rows @ b, 0.0)[:, None]
    width = newey_west_lag(n) if lag is None else lag
    s = scores.T @ scores
    for step in range(1, min(width, len(values) - 1) + 1):
        gamma = scores[step:].T @ scores[:-step]
        s += (1 - step / (width + 1)) * (gamma + gamma.T)
    return b, n / (n - k) * inverse @ s @ inverse, n - k


def trend(y: ArrayLike) -> Fit:
    """Linear trend per year of a yearly series, with an error robust to autocorrelation.

    >>> trend([1.0, 2.0, 3.0, 4.0, 5.0]).value
    1.0
    """
    values = np.asarray(y, dtype=np.float64)
    time = np.arange(len(values), dtype=np.float64)
    b, v, df = hac(values, np.column_stack([np.ones_like(time), time - time.mean()]))
    return Fit(float(b[1]), float(np.sqrt(np.maximum(v[1, 1], 0))), df)


def break_at(y: ArrayLike, at: int, what: What = "level") -> Fit:
    """Break of a yearly series from index *at* on: an interrupted time series.

    ``level``: δ in y_t = a + b·t + δ·[t ≥ at] + e, the mean departure from one trend common to both
    sides. ``trend``: γ in y_t = a + b·t + δ·[t ≥ at] + γ·(t − at)·[t ≥ at] + e, the change of the
    slope per year. Wagner et al. (2002), doi:10.1046/j.1365-2710.2002.00430.x. NaN with fewer than
    five known years before, or two (level) or four (trend) after.

    >>> round(break_at([0, 1, 2, 3, 4, 8, 9, 10], 5).value, 9)
    3.0
    """
    values = np.asarray(y, dtype=np.float64)
    if not admissible(values, at, what):
        return NOTHING
    time = np.arange(len(values), dtype=np.float64)
    after = (time >= at).astype(np.float64)
    columns = [np.ones_like(time), time - at, after]
    if what == "trend":
        columns.append((time - at) * after)
    b, v, df = hac(values, np.column_stack(columns))
    return Fit(float(b[-1]), float(np.sqrt(np.maximum(v[-1, -1], 0))), df)


def admissible(y: ArrayLike, at: int, what: What) -> bool:
    """Whether enough years are known on both sides of index *at*."""
    known = np.isfinite(np.asarray(y, dtype=np.float64))
    if at < 0:
        return False
    return int(known[:at].sum()) >= LEAST_BEFORE and int(known[at:].sum()) >= LEAST_AFTER[what]


def placebo_dates(y: ArrayLike, tested: Iterable[int], what: What = "level") -> Floats:
    """Studentised breaks of a series at every admissible index but those *tested*."""
    values = np.asarray(y, dtype=np.float64)
    others = [k for k in range(len(values)) if k not in set(tested)]
    found = [break_at(values, k, what).t for k in others if admissible(values, k, what)]
    return np.array([t for t in found if np.isfinite(t)], dtype=np.float64)


def placebo_p(t: float, placebos: ArrayLike) -> float:
    """Rank p of a break among placebos, (1 + number with |t| at least as large)/(1 + number).

    The smallest value that m placebos allow is 1/(1 + m). NaN without a break or a placebo.

    >>> placebo_p(2.5, [0.3, -3.0, 1.1])
    0.5
    """
    others = np.abs(np.asarray(placebos, dtype=np.float64))
    if not others.size or not np.isfinite(t):
        return float("nan")
    return float((1 + (others >= abs(t) - 1e-12).sum()) / (1 + others.size))


def holm(p: ArrayLike) -> Floats:
    """P-values adjusted for the family-wise error rate, after Holm (1979).

    p̃_(i) = max_{j ≤ i} min(1, (m − j + 1)·p_(j)) over the m defined values.

    >>> holm([0.01, 0.04, 0.03, float("nan")]).tolist()
    [0.03, 0.06, 0.06, nan]
    """
    return _stepwise(p, lambda m, rank: m - rank + 1, np.maximum.accumulate)


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """P-values adjusted for the false discovery rate, after Benjamini & Hochberg (1995).

    q_(i) = min_{j ≥ i} min(1, m·p_(j)/j) over the m defined values, valid for independent or
    positively dependent tests; doi:10.1111/j.2517-6161.1995.tb02031.x.

    >>> benjamini_hochberg([0.01, 0.04, 0.03, float("nan")]).tolist()
    [0.03, 0.04, 0.04, nan]
    """

    def from_above(values: Floats) -> Floats:
        return np.minimum.accumulate(values[::-1])[::-1]

    return _stepwise(p, lambda m, rank: m / rank, from_above)


def _stepwise(
    p: ArrayLike, factor: Callable[[int, Floats], Floats], gather: Callable[[Floats], Floats]
) -> Floats:
    values = np.asarray(p, dtype=np.float64)
    if bool(((values < 0) | (values > 1)).any()):
        raise InputError(f"{values} are no p-values.", "0 to 1, or NaN.")
    known = np.flatnonzero(np.isfinite(values))
    order = known[np.argsort(values[known], kind="stable")]
    ranks = np.arange(1.0, len(order) + 1)
    result = np.full(values.shape, np.nan)
    if len(order):
        scaled = values[order] * factor(len(order), ranks)
        result[order] = np.minimum(gather(scaled), 1.0)
    return result
