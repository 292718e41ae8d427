"""Replays of an index as one array program, equal to running each edited tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from multivector.errors import MultivectorError
from multivector.estimate import Estimate
from multivector.measures._indicators import Tabled
from multivector.measures.index import Index
from multivector.stats import composite
from multivector.stats.sensitivity import pick
from multivector.stats.summaries import Floats
from multivector.step import Inputs

CHUNK = 2_000_000
"""Numbers that one array of replays may hold; bounds the memory."""
EARLIER = ("tables", "indicators", "group", "draws", "seed", "known")
"""Choices that say which table is read; and whether it is imputed by draws."""
LATER = {"weights", "weighting", "aggregation", "power", "least", "show", "label"}
"""Choices that come after indicators are normalised."""


def index_replays(
    variants: Mapping[tuple[int, ...], Any],
    options: NDArray[np.intp],
    weights: Sequence[Floats],
    draw: Floats,
    get: Inputs,
) -> Iterator[tuple[NDArray[np.intp], Estimate | MultivectorError]]:
    """Yield places of replays with their values, cells × places, or with what went wrong.

    Replays with equal choices up to normalisation share their normalised indicators; weights and
    draws of the data are leading axes of one array.
    """
    tables: dict[tuple[Any, ...], Tabled] = {}
    prepared: dict[tuple[Any, ...], _Prepared] = {}
    for row, variant in variants.items():
        own = np.flatnonzero((options == np.array(row, dtype=np.intp)).all(axis=1))
        if isinstance(variant, MultivectorError):
            yield own, variant
            continue
        drawn = variant.imputation == "hot deck"
        source = (drawn, *(getattr(variant, name) for name in EARLIER))
        key = tuple(getattr(variant, f.name) for f in fields(variant) if f.name not in LATER)
        try:
            if source not in tables:
                tables[source] = variant.table(get)
            if key not in prepared:
                prepared[key] = _Prepared(variant, tables[source])
            scores = _scores(variant, prepared[key], own, weights, draw)
            yield own, variant.wrap(replace(prepared[key].table, kind="ensemble"), scores)
        except MultivectorError as problem:
            yield own, problem


class _Prepared:
    """Normalised indicators of a table, for each of its draws when it is asked for."""

    def __init__(self, index: Index, table: Tabled) -> None:
        self.table = table
        self.how = index.preparation(table)
        self.kept: Floats | None = None
        if table.draws.size <= CHUNK:
            self.kept = composite.prepare(table.draws, table.rows, self.how)

    def at(self, draws: NDArray[np.intp]) -> Floats:
        """Return draws × rows × indicators."""
        if self.kept is not None:
            return self.kept[draws]
        once, places = np.unique(draws, return_inverse=True)
        return composite.prepare(self.table.draws[once], self.table.rows, self.how)[places]


def _scores(
    variant: Index,
    prepared: _Prepared,
    own: NDArray[np.intp],
    weights: Sequence[Floats],
    draw: Floats,
) -> Floats:
    """Return scores or ranks, rows × replays."""
    table = prepared.table
    size, rows, count = table.draws.shape
    result = np.empty((rows, len(own)))
    together = max(1, CHUNK // (rows * count))
    for start in range(0, len(own), together):
        part = own[start : start + together]
        drawn = weights[0][part] if weights else variant.nominal_weights
        z = (
            prepared.at(np.zeros(1, np.intp))[0]
            if size == 1
            else prepared.at(pick(draw[part], size))
        )
        scores = variant.nodes(table, z, drawn)[..., -1]
        if variant.show == "rank":
            scores = composite.ranks(scores, table.rows)
        result[:, start : start + together] = scores.T if scores.ndim > 1 else scores[:, None]
    return result
