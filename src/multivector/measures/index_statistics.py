"""What stands behind an index: statistics of its indicators, its pillars, bounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np
import polars as pl

from multivector.errors import InputError, MultivectorError
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
    example: ClassVar = {"index": {"step": "index"}}
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


@dataclass(frozen=True)
class PillarScores(_OfIndex):
    """Scores of the pillars of an index.

    Each is the mean Σ w z, or another, of what lies right below it. Cells are those of the index
    with the pillar's name; choices, missing values and draws are those of the index.

    Examples
    --------
    >>> from multivector.registry import find
    >>> table = find("panels", "table")("mine.csv")
    >>> parts = ({"column": "gdp", "parent": "economy"},)
    >>> index = Index(tables=(table,), indicators=parts, pillars=({"name": "economy"},))
    >>> PillarScores(index).index.tree.order
    ['economy', '']
    """

    name: ClassVar[str] = "pillar_scores"
    example: ClassVar = {
        "index": {
            "step": "index",
            "indicators": [{"column": "exports_share", "parent": "p"}],
            "pillars": [{"name": "p"}],
        }
    }
    unit: ClassVar[str] = "index points"
    citations: ClassVar[tuple[Citation, ...]] = (HANDBOOK,)

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse an index without pillars."""
        if not self.index.pillars:
            yield InputError("This index has no pillars.")

    def compute(self, get: Inputs) -> Estimate:
        """Keep the scores of every node but the last."""
        index = self.index
        table = index.table(get)
        how = index.preparation(table)

        def nodes(x: Floats) -> Floats:
            z = composite.prepare(x, table.rows, how)
            scores = index.nodes(table, z, index.nominal_weights)[..., :-1]
            return np.moveaxis(scores, -1, 0)

        names = index.tree.order[:-1]
        draws = nodes(table.draws)  # pillars × draws × rows
        cells = [table.cells.with_columns(pl.lit(name).alias("pillar")) for name in names]
        return Estimate(
            pl.concat(cells),
            np.moveaxis(draws, 1, -1).reshape(-1, draws.shape[1]),
            label=f"Pillars of: {index.label}",
            unit=self.unit,
            draw_kind=table.kind,
            variant=words(index),
            range=limits(index, len(table.cells)),
            observed=None if table.observed is None else nodes(table.observed).ravel(),
        )


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
    example: ClassVar = {"index": {"step": "index"}}
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
