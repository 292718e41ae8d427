"""A composite index as one array program: prepare indicators, combine them up a tree.

Tables have shape (…, rows, indicators). Leading axes are replays (draws of the data), and weights
may have leading axes of their own that broadcast with them; so thousands of versions of an index
are a handful of array operations. A row is a unit, or a unit in a year.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multivector.errors import ComputeError, InputError
from multivector.stats import aggregation, normalisation, outliers
from multivector.stats.imputation import carry_forward, impute, interpolate, screen
from multivector.stats.summaries import Floats, rank
from multivector.stats.weighting import optimised_weights, pca_weights

Imputation = Literal["none", "mean", "median", "last", "interpolate", "hot deck"]
Treatment = Literal["none", "winsorise", "log", "box-cox"]
Normalisation = Literal[
    "min-max",
    "z-score",
    "rank",
    "percentile",
    "borda",
    "distance to maximum",
    "distance to reference",
    "distance to target",
    "goalposts",
]
Weighting = Literal["given", "equal", "budget", "pca", "optimised"]
Aggregation = Literal[
    "arithmetic", "geometric", "harmonic", "generalised", "copeland", "benefit of the doubt"
]
ORDINAL = ("copeland", "benefit of the doubt")
"""Aggregations in which the score of a unit depends on the units that it is compared with."""


@dataclass(frozen=True)
class Rows:
    """What rows of a table are: unit, year and group, each as whole numbers, shape (rows,)."""

    unit: NDArray[np.intp]
    year: NDArray[np.intp]
    group: NDArray[np.intp]

    def within_years(self, f: Callable[[Floats], Floats], x: Floats, axis: int) -> Floats:
        """Apply *f* to the rows of each year apart; rows lie on *axis* of x and of the result."""
        years = np.unique(self.year)
        if len(years) == 1:
            return f(x)
        places = [np.flatnonzero(self.year == year) for year in years]
        parts = [f(np.take(x, place, axis)) for place in places]
        joined = np.concatenate(parts, axis)
        return np.take(joined, np.argsort(np.concatenate(places)), axis)


@dataclass(frozen=True)
class Preparation:
    """Choices on the way from raw to normalised indicators; arrays have one entry an indicator."""

    higher_is_better: NDArray[np.bool_]
    known: float = 0.0
    imputation: Imputation = "none"
    treatment: Treatment = "none"
    skew: float = 2.0
    kurtosis: float = 3.5
    moved: int = 5
    normalisation: Normalisation = "min-max"
    scale: tuple[float, float] = (0.0, 100.0)
    pooled: bool = True
    reference: int = -1
    low: Floats | None = None
    high: Floats | None = None
    target: Floats | None = None


@dataclass(frozen=True)
class Node:
    """One mean of the tree: places of its children among indicators and earlier nodes, and how."""

    children: tuple[int, ...]
    aggregation: Aggregation


def prepare(x: ArrayLike, rows: Rows, how: Preparation) -> Floats:
    """Impute, screen, treat and normalise a table.

    Parameters
    ----------
    x
        Denominated indicators, shape (…, rows, indicators); NaN = missing.

    Returns
    -------
    array of the same shape, higher is better; all NaN in rows that screening drops. With
    ``pooled`` outliers and scales are judged over all years at once, so scores of different years
    are comparable; otherwise in each year apart.
    """
    values = complete(x, rows, how)

    def apart(f: Callable[[Floats], Floats], part: Floats) -> Floats:
        return f(part) if how.pooled else rows.within_years(f, part, part.ndim - 2)

    treated = apart(lambda part: treat(part, how).values, values)
    if how.normalisation == "distance to reference":
        return _to_reference(treated, rows, how)
    return apart(lambda part: normalise(part, how), treated)


def complete(x: ArrayLike, rows: Rows, how: Preparation) -> Floats:
    """Blank the rows that screening drops, which are no donors either, and impute the others."""
    given = np.asarray(x, dtype=np.float64)
    kept = screen(given, how.known).kept[..., None]
    return np.where(kept, fill(np.where(kept, given, np.nan), rows, how.imputation), np.nan)


def _to_reference(x: Floats, rows: Rows, how: Preparation) -> Floats:
    """Divide by the row of the reference unit in the same year."""
    base = np.full_like(x, np.nan)
    for year in np.unique(rows.year):
        now = rows.year == year
        own = np.flatnonzero(now & (rows.unit == how.reference))
        if not own.size:
            raise InputError("The reference unit is not in the table in every year.")
        base[..., now, :] = x[..., own, :]
    return normalisation.distance_to_reference(x, base, how.higher_is_better)


def fill(x: Floats, rows: Rows, how: Imputation) -> Floats:
    """Replace missing cells; ``hot deck`` has been drawn before, since it makes draws."""
    if how in ("none", "hot deck"):
        return x
    if how in ("mean", "median"):
        pairs = np.stack([rows.year, rows.group])
        like = np.unique(pairs, axis=1, return_inverse=True)[1].ravel()
        return impute(x, like, how)
    units, years = int(rows.unit.max()) + 1, np.unique(rows.year)
    place = np.searchsorted(years, rows.year)
    grid = np.full((*x.shape[:-2], units, len(years), x.shape[-1]), np.nan)
    grid[..., rows.unit, place, :] = x
    filled = carry_forward(grid) if how == "last" else interpolate(grid, years)
    return filled[..., rows.unit, place, :]


def treat(x: Floats, how: Preparation) -> outliers.Treated:
    """Draw in the heavy tails of a table, by the choice made."""
    limits = {"skew": how.skew, "kurt": how.kurtosis}
    if how.treatment == "winsorise":
        return outliers.winsorise(x, how.moved, **limits)
    if how.treatment == "log":
        return outliers.log_transform(x, **limits)
    if how.treatment == "box-cox":
        return outliers.box_cox(x, **limits)
    shape = (*x.shape[:-2], x.shape[-1])
    blank = np.zeros(shape, dtype=np.int64)
    return outliers.Treated(x, blank, blank.astype(np.bool_))


def normalise(x: Floats, how: Preparation) -> Floats:
    """Normalise a table, by the choice made."""
    up = how.higher_is_better
    plain = {
        "z-score": normalisation.z_score,
        "rank": normalisation.rank_score,
        "percentile": normalisation.percentile,
        "borda": normalisation.borda,
        "distance to maximum": normalisation.distance_to_maximum,
    }
    if how.normalisation in plain:
        return plain[how.normalisation](x, up)
    if how.normalisation == "distance to target" and how.target is not None:
        return normalisation.distance_to_target(x, how.target, up)
    if how.normalisation == "goalposts" and how.low is not None and how.high is not None:
        return normalisation.goalposts(x, how.low, how.high, up, how.scale)
    return normalisation.min_max(x, up, how.scale)


def combine(
    z: ArrayLike,
    weights: ArrayLike,
    tree: tuple[Node, ...],
    rows: Rows,
    *,
    weighting: Weighting = "given",
    power: float = 0.5,
    least: float = 1.0,
) -> Floats:
    """Aggregate normalised indicators up a tree.

    Parameters
    ----------
    z
        Shape (…, rows, indicators), higher is better; NaN = missing.
    weights
        Weight of every indicator and then of every node but the last, shape (…, children), not
        negative, any sum among siblings; leading axes broadcast with those of z.
    tree
        Nodes from the bottom up; the last is the index.
    weighting
        ``given`` uses the weights, ``equal`` none; ``pca`` and ``optimised`` find them from the
        values below each node, the latter so that importance is in proportion to the weights.
    power, least
        See :func:`multivector.stats.aggregation.generalised` and ``arithmetic``.

    Returns
    -------
    array, shape (…, rows, nodes): the score of every node; the index is the last.
    """
    values, w = np.asarray(z, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    lead = np.broadcast_shapes(values.shape[:-2], w.shape[:-1])
    count = values.shape[-1]
    found: list[Floats] = []
    for node in tree:
        below = [c for c in node.children if c < count]
        above = [found[c - count] for c in node.children if c >= count]
        v = values[..., below]
        if above:
            parts = np.stack(above, axis=-1)
            v = np.broadcast_to(v, (*parts.shape[:-1], len(below)))
            v = np.concatenate([v, parts], axis=-1)
        order = [*below, *(c for c in node.children if c >= count)]
        own = node_weights(v, w[..., order], weighting)
        found.append(aggregate(v, own, node.aggregation, rows, power=power, least=least))
    return np.stack([np.broadcast_to(f, (*lead, f.shape[-1])) for f in found], axis=-1)


def node_weights(v: Floats, given: Floats, weighting: Weighting) -> Floats:
    """Weights of the children of one node, shape (…, k), from values (…, rows, k)."""
    if weighting == "equal":
        return np.ones(v.shape[-1])
    if weighting == "pca" and v.shape[-1] > 1:
        found = pca_weights(v)
        if np.isnan(found).any():
            raise ComputeError(
                "Principal components are undefined: an indicator does not vary.",
                remedy="Drop it, or use other weights.",
            )
        return found
    if weighting == "optimised" and v.shape[-1] > 1:
        lead, k = np.broadcast_shapes(v.shape[:-2], given.shape[:-1]), v.shape[-1]
        tables = np.broadcast_to(v, (*lead, *v.shape[-2:])).reshape(-1, *v.shape[-2:])
        asked = np.broadcast_to(given, (*lead, k)).reshape(-1, k)
        pairs = zip(tables, asked, strict=True)
        return np.stack([optimised_weights(t, a).weights for t, a in pairs]).reshape(*lead, k)
    return given


def aggregate(
    v: Floats, w: Floats, how: Aggregation, rows: Rows, *, power: float, least: float
) -> Floats:
    """Aggregate the children of one node, (…, rows, k) to (…, rows), by the choice made."""
    if how in ORDINAL:
        if how == "copeland":
            lead = np.broadcast_shapes(v.shape[:-2], w.shape[:-1])
            wide = np.broadcast_to(v, (*lead, *v.shape[-2:]))
            return rows.within_years(
                lambda part: aggregation.copeland(part, w, least), wide, len(lead)
            )
        return rows.within_years(aggregation.benefit_of_the_doubt, v, v.ndim - 2)
    if how == "generalised":
        return aggregation.generalised(v, w, power, least)
    mean = {"geometric": aggregation.geometric, "harmonic": aggregation.harmonic}
    return mean.get(how, aggregation.arithmetic)(v, w, least)


def ranks(scores: ArrayLike, rows: Rows) -> Floats:
    """Rank of each row among those of its year, 1 for the highest score; shape (…, rows)."""
    s = np.asarray(scores, dtype=np.float64)
    return rows.within_years(rank, s, s.ndim - 1)
