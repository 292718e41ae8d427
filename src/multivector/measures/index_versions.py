"""Versions of an index compared: shifts of ranks, and each indicator left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import polars as pl

from multivector.errors import InputError, KeyMismatch, MultivectorError
from multivector.estimate import Estimate
from multivector.measures._indicators import HANDBOOK
from multivector.measures._tree import words
from multivector.measures.index import Index
from multivector.origin import Citation
from multivector.stats.sensitivity import rank_shift
from multivector.stats.summaries import Floats
from multivector.step import Inputs, Measure, Step


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
    example: ClassVar = {
        "index": {"step": "index"},
        "other": {"step": "index", "aggregation": "copeland"},
    }
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
    example: ClassVar = {"index": {"step": "index"}}
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
