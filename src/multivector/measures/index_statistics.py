"""What stands behind an index: statistics of its indicators, versions compared, bounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np
import polars as pl

from multivector.errors import InputError, KeyMismatch, MultivectorError
from multivector.estimate import Estimate
from multivector.measures._indicators import HANDBOOK, Tabled
from multivector.measures._tree import limits, words
from multivector.measures.index import Index
from multivector.origin import Citation
from multivector.stats import composite
from multivector.stats.bounds import score_bounds
from multivector.stats.imputation import availability
from multivector.stats.multivariate import (
    correlation,
    cronbach_alpha,
    principal_components,
    redundancy,
)
from multivector.stats.sensitivity import rank_shift
from multivector.stats.summaries import Floats
from multivector.stats.weighting import effective_weights, importance
from multivector.step import Inputs, Measure, Step

FIXED = ("min-max", "goalposts", "distance to target")
"""Normalisations that a missing cell inside the known range leaves as they are."""


@dataclass(frozen=True)
class _OfIndex(Measure):
    """A measure of an index that reads the tables of the index itself."""

    index: Index

    @property
    def inputs(self) -> tuple[Step[Any], ...]:
        """The index and its tables."""
        return (self.index, *self.index.inputs)

    def read(self, get: Inputs) -> tuple[Tabled, Floats, Floats]:
        """Return the table, its values (rows × indicators) and these normalised."""
        table = self.index.table(get)
        x = np.median(table.draws, axis=0) if table.observed is None else table.observed
        return table, x, composite.prepare(x, table.rows, self.index.preparation(table))


@dataclass(frozen=True)
class IndexStatistics(_OfIndex):
    """Statistics of the indicators of an index, one figure an indicator.

    ``availability``: share of known cells. ``effective weight``: product of the closed weights on
    the way up. ``correlation``: that of the normalised indicator with the index; ``importance``:
    its share r²/Σ r² among all. Within each pillar, for the indicators right below it:
    ``redundancy``, the R² of one on the others; ``alpha``, Cronbach's k/(k − 1)·(1 − Σ var/var Σ);
    ``explained``, the share of variance of their first principal component. All over all rows;
    undefined (no data) where a pillar has one indicator, or one that does not vary.

    Examples
    --------
    >>> from multivector.registry import find
    >>> table = find("panels", "table")("mine.csv")
    >>> index = Index(tables=(table,), indicators=({"column": "gdp"},))
    >>> IndexStatistics(index, statistic="alpha").statistic
    'alpha'
    """

    name: ClassVar[str] = "index_statistics"
    unit: ClassVar[str] = "index −1 to 1"
    citations: ClassVar[tuple[Citation, ...]] = (HANDBOOK,)
    statistic: Literal[
        "availability",
        "effective weight",
        "correlation",
        "importance",
        "redundancy",
        "alpha",
        "explained",
    ] = "correlation"

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse effective weights where weights are found from the data."""
        if self.statistic == "effective weight" and self.index.weighting in ("pca", "optimised"):
            yield InputError(
                "Weights that are found from data are no weights given.",
                remedy="Ask for the importance, which holds for all.",
            )

    def compute(self, get: Inputs) -> Estimate:
        """Compute the statistic from the normalised indicators of the index."""
        table, x, z = self.read(get)
        parents = [i.parent or "index" for i in self.index.indicators]
        cells = pl.DataFrame(
            {"indicator": [i.column for i in self.index.indicators], "parent": parents}
        )
        return Estimate(
            cells,
            self._values(table, x, z)[:, None],
            label=f"{self.statistic.capitalize()} of indicators",
            unit=self.unit,
            variant=f"{self.index.label}: {words(self.index)}",
            range=(None if self.statistic == "alpha" else -1, 1),
        )

    def _values(self, table: Tabled, x: Floats, z: Floats) -> Floats:
        index = self.index
        if self.statistic == "availability":
            return availability(x)
        if self.statistic == "effective weight":
            return _weights_up(index)
        if self.statistic in ("correlation", "importance"):
            score = index.nodes(table, z, index.nominal_weights)[..., -1]
            if self.statistic == "importance":
                return importance(z, score)
            return correlation(np.column_stack([z, score]))[:-1, -1]
        result = np.full(z.shape[1], np.nan)
        for parent in {i.parent for i in index.indicators}:
            own = [n for n, i in enumerate(index.indicators) if i.parent == parent]
            if len(own) > 1:
                part = z[:, own]
                one: dict[str, Any] = {
                    "redundancy": redundancy,
                    "alpha": cronbach_alpha,
                    "explained": lambda v: principal_components(v).explained[0],
                }
                result[own] = one[self.statistic](part)
        return result


def _weights_up(index: Index) -> Floats:
    """Return the effective weight of each indicator."""
    given = (
        np.ones(len(index.tree.children)) if index.weighting == "equal" else index.nominal_weights
    )
    closed = given.copy()
    for group in index.tree.siblings:
        closed[list(group)] /= given[list(group)].sum()
    place = {p.name: len(index.indicators) + n for n, p in enumerate(index.pillars)}
    parent = {p.name: p.parent for p in index.pillars}
    chains: list[list[float]] = []
    for n, indicator in enumerate(index.indicators):
        chain, at = [float(closed[n])], indicator.parent
        while at:
            chain.append(float(closed[place[at]]))
            at = parent[at]
        chains.append(chain)
    deep = max(map(len, chains))
    padded = np.array([c + [1.0] * (deep - len(c)) for c in chains])
    return effective_weights(list(padded.T))


@dataclass(frozen=True)
class IndexBounds(_OfIndex):
    """Sharp bounds of the scores of an index over all completions of its missing cells.

    A missing cell may be anything between the goalposts, or between the smallest and the largest
    known value of its indicator; lower ≤ score ≤ upper for every completion, and both are attained.
    Nothing is imputed. Defined for min–max, goalposts and distance to target without treatment,
    and for weights that are not found from the data, since otherwise a completion of one cell
    moves the scale of all.

    Examples
    --------
    >>> from multivector.registry import find
    >>> table = find("panels", "table")("mine.csv")
    >>> index = Index(tables=(table,), indicators=({"column": "gdp"},), normalisation="z-score")
    >>> IndexBounds(index)
    Traceback (most recent call last):
    ...
    multivector.errors.InputError: Bounds are not defined with normalisation 'z-score'.
      Possible: min-max, goalposts, distance to target.
    """

    name: ClassVar[str] = "index_bounds"
    unit: ClassVar[str] = "index points"
    citations: ClassVar[tuple[Citation, ...]] = (HANDBOOK,)

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse an index on which completions of one cell move everything."""
        index = self.index
        if index.normalisation not in FIXED:
            what = f"Bounds are not defined with normalisation {index.normalisation!r}."
            yield InputError(what, f"Possible: {', '.join(FIXED)}.")
        if index.treatment != "none":
            yield InputError(f"Bounds are not defined with treatment {index.treatment!r}.")
        if index.weighting in ("pca", "optimised"):
            yield InputError(f"Bounds are not defined with {index.weighting} weights.")
        if index.over == "each year":
            yield InputError("Bounds are defined on a scale over all years.")

    def compute(self, get: Inputs) -> Estimate:
        """Fill the gaps of each row with the worst and with the best, the others' in reverse."""
        index = replace(self.index, imputation="none", least=1.0, known=0.0, show="score")
        table = index.table(get)
        x = np.median(table.draws, axis=0) if table.observed is None else table.observed
        z = composite.prepare(x, table.rows, index.preparation(table))
        ends = (0.0, 1.0) if index.normalisation == "distance to target" else index.scale
        if index.normalisation == "goalposts":
            low, high = np.full(z.shape[1], ends[0]), np.full(z.shape[1], ends[1])
        else:
            low, high = np.nanmin(z, axis=0), np.nanmax(z, axis=0)
        relative = {index.aggregation, *(p.aggregation for p in index.pillars)}

        def score(v: Floats) -> Floats:
            return index.nodes(table, v, index.nominal_weights)[..., -1]

        if relative & set(composite.ORDINAL):
            found = score_bounds(score, z, low, high)
            lower, upper = found.lower, found.upper
        else:
            gaps = np.isnan(z)
            lower, upper = score(np.where(gaps, low, z)), score(np.where(gaps, high, z))
        cells = pl.concat(
            [table.cells.with_columns(pl.lit(b).alias("bound")) for b in ("lower", "upper")]
        )
        return Estimate(
            cells,
            np.concatenate([lower, upper])[:, None],
            label=f"Bounds of: {index.label}",
            unit=self.unit,
            variant=f"{words(index)}; every completion of the missing cells",
            range=limits(index, len(table.cells)),
        )


@dataclass(frozen=True)
class RankShift(Measure):
    """Shift of each unit's rank from one version of an index to another, rank₂ − rank₁.

    Negative where the unit does better in the second version. Rank 1 is the highest score within
    the year; no data where either version has no score.

    Examples
    --------
    >>> from multivector.registry import find
    >>> table = find("panels", "table")("mine.csv")
    >>> index = Index(tables=(table,), indicators=({"column": "gdp"},))
    >>> RankShift(index, replace(index, normalisation="rank")).other.normalisation
    'rank'
    """

    name: ClassVar[str] = "rank_shift"
    unit: ClassVar[str] = "ranks"
    citations: ClassVar[tuple[Citation, ...]] = (HANDBOOK,)
    index: Index
    other: Index

    @property
    def inputs(self) -> tuple[Step[Any], ...]:
        """Both versions, as they are and as ranks."""
        return (self.index, self.other, *self.ranked)

    @property
    def ranked(self) -> tuple[Index, Index]:
        """Both versions as ranks."""
        return replace(self.index, show="rank"), replace(self.other, show="rank")

    def compute(self, get: Inputs) -> Estimate:
        """Subtract the ranks."""
        first, second = (get(s) for s in self.ranked)
        if not first.cells.equals(second.cells):
            raise KeyMismatch("The two versions do not rank the same units.")
        shift = _values(second) - _values(first)
        return Estimate(
            first.cells,
            shift[:, None],
            label=f"Shift of ranks from {self.index.label} to {self.other.label}",
            unit=self.unit,
            variant=f"from: {words(self.index)}; to: {words(self.other)}",
            range=(-len(first.cells), len(first.cells)),
        )


@dataclass(frozen=True)
class LeaveOneOut(Measure):
    """Mean shift of ranks when one indicator is left out, (1/n) Σ |rank without − rank with|.

    One figure an indicator, 0 or more; the others keep their weights, closed anew. A pillar whose
    only indicator is left out goes with it.

    Examples
    --------
    >>> from multivector.registry import find
    >>> table = find("panels", "table")("mine.csv")
    >>> index = Index(tables=(table,), indicators=({"column": "gdp"}, {"column": "debt"}))
    >>> [i.column for i in LeaveOneOut(index).without(0).indicators]
    ['debt']
    """

    name: ClassVar[str] = "leave_one_out"
    unit: ClassVar[str] = "ranks"
    citations: ClassVar[tuple[Citation, ...]] = (HANDBOOK,)
    index: Index

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse an index of a single indicator."""
        if len(self.index.indicators) < 2:
            yield InputError("There is nothing to rank by without the only indicator.")

    def without(self, place: int) -> Index:
        """Return the index, as ranks, without the indicator at *place*."""
        index = self.index
        children = list(index.tree.children)
        gone = {place}
        while True:
            parents = {c.parent for n, c in enumerate(children) if n not in gone}
            empty = {
                n
                for n, p in enumerate(index.pillars, len(index.indicators))
                if p.name not in parents and n not in gone
            }
            if not empty:
                break
            gone |= empty
        count = len(index.indicators)
        weights = tuple(w for n, w in enumerate(index.weights) if n not in gone)
        return replace(
            index,
            indicators=tuple(i for n, i in enumerate(index.indicators) if n not in gone),
            pillars=tuple(p for n, p in enumerate(index.pillars, count) if n not in gone),
            weights=weights,
            show="rank",
        )

    @property
    def inputs(self) -> tuple[Step[Any], ...]:
        """The index, and the index without each indicator."""
        return (self.index, *self.versions)

    @property
    def versions(self) -> tuple[Index, ...]:
        """The index as ranks, and so without each indicator."""
        places = range(len(self.index.indicators))
        return (replace(self.index, show="rank"), *(self.without(n) for n in places))

    def compute(self, get: Inputs) -> Estimate:
        """Compare the ranks without each indicator with those with all."""
        whole, *rest = (get(s) for s in self.versions)
        key = whole.cells.columns
        shifts: list[float] = []
        for part in rest:
            ranks = part.cells.with_columns(pl.Series("__rank", _values(part)))
            joined = whole.cells.join(ranks, on=key, how="left", maintain_order="left")["__rank"]
            nominal = _values(whole)
            shifts.append(float(rank_shift(joined.fill_null(np.nan).to_numpy(), nominal)))
        return Estimate(
            pl.DataFrame({"left_out": [i.column for i in self.index.indicators]}),
            np.array(shifts)[:, None],
            label=f"Mean shift of ranks without an indicator of {self.index.label}",
            unit=self.unit,
            variant=words(self.index),
            range=(0, None),
        )


def _values(estimate: Estimate) -> Floats:
    return estimate.summary()["value"].fill_null(np.nan).to_numpy()
