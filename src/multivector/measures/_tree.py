"""The tree of an index, what its choices need, and how they read in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from multivector.errors import InputError, MultivectorError, UnknownName
from multivector.measures._indicators import Indicator, Pillar, Tabled
from multivector.stats import composite
from multivector.stats.composite import Aggregation, Node, Preparation
from multivector.stats.summaries import Floats
from multivector.stats.weighting import budget_allocation

NEEDS = {"goalposts": ("low", "high"), "distance to target": ("target",)}


@dataclass(frozen=True)
class Tree:
    """Indicators and the pillars that they hang from; what names no parent hangs from the index."""

    indicators: tuple[Indicator, ...]
    pillars: tuple[Pillar, ...]

    @property
    def children(self) -> tuple[Indicator | Pillar, ...]:
        """All indicators, then all pillars; their order is that of weights."""
        return (*self.indicators, *self.pillars)

    @property
    def siblings(self) -> tuple[tuple[int, ...], ...]:
        """Places, among the children, of those that share a parent; each has weights of its own."""
        parents = dict.fromkeys(c.parent for c in self.children)
        return tuple(
            tuple(n for n, c in enumerate(self.children) if c.parent == p) for p in parents
        )

    def budget(self) -> Floats:
        """Return the weights that experts' points give."""
        points = np.array([c.points for c in self.children], dtype=np.float64)
        result = np.empty(len(points))
        for group in self.siblings:
            result[list(group)] = budget_allocation(points[list(group)].T)
        return result

    @property
    def order(self) -> list[str]:
        """Names of the nodes from the bottom up; the last, without a name, is the index."""
        found: list[str] = []

        def visit(name: str) -> None:
            for pillar in self.pillars:
                if pillar.parent == name:
                    visit(pillar.name)
            found.append(name)

        visit("")
        return found

    def nodes(self, aggregation: Aggregation) -> tuple[tuple[Node, ...], NDArray[np.intp]]:
        """Return the nodes from the bottom up, and the place of each child's weight in that order.

        A pillar that names no aggregation takes the one given.
        """
        order = self.order
        count = len(self.indicators)
        place = {name: count + n for n, name in enumerate(order)}
        own: dict[str, Aggregation] = {p.name: p.aggregation or aggregation for p in self.pillars}
        nodes = tuple(
            Node(
                (
                    *(n for n, i in enumerate(self.indicators) if i.parent == name),
                    *(place[p.name] for p in self.pillars if p.parent == name),
                ),
                own.get(name, aggregation),
            )
            for name in order
        )
        listed = {p.name: count + n for n, p in enumerate(self.pillars)}
        return nodes, np.array([*range(count), *(listed[n] for n in order[:-1])], dtype=np.intp)

    def problems(self) -> Iterator[MultivectorError]:
        """Yield what makes this no tree."""
        names = [p.name for p in self.pillars]
        for twice in sorted({n for n in names if names.count(n) > 1}):
            yield InputError(f"Two pillars are called {twice!r}.")
        for n, child in enumerate(self.children, 1):
            kind = "pillar" if isinstance(child, Pillar) else "indicator"
            number = n - len(self.indicators) if kind == "pillar" else n
            if child.parent and child.parent not in names:
                place = f"{kind} {number} ({child.called})"
                yield UnknownName("pillar", child.parent, names, where=place)
            if child.weight < 0:
                yield InputError(f"{child.called} has the weight {child.weight}.", "0 or more.")
        parents = {c.parent for c in self.children}
        above = {p.name: p.parent for p in self.pillars}
        for name in names:
            if name not in parents:
                yield InputError(f"pillar {name!r} has nothing below it.", "Drop it.")
            at, seen = above[name], {""}
            while at not in seen and at in above:
                seen.add(at)
                at = above[at]
            if name in seen:
                yield InputError(f"pillar {name!r} is its own ancestor.")
        if "" not in parents:
            yield InputError("Nothing hangs from the index.", "Leave out one pillar's parent.")


def lacks(index: Any) -> Iterator[MultivectorError]:
    """Yield what the choices of an index need and do not have."""
    if not index.tables:
        yield InputError("An index needs a table.")
    for field in NEEDS.get(index.normalisation, ()):
        lost = [i.column for i in index.indicators if getattr(i, field) is None]
        if lost:
            yield InputError(
                f"normalisation {index.normalisation!r} needs {field!r} of every indicator.",
                f"Without: {', '.join(lost)}.",
            )
    if index.normalisation == "distance to reference" and not index.reference:
        yield InputError("distance to reference needs a reference unit.")
    if index.scale[0] >= index.scale[1]:
        yield InputError(f"scale {index.scale} does not rise.")
    for choice, low, high in (("known", 0, 1), ("least", 0, 1)):
        if not low <= getattr(index, choice) <= high:
            yield InputError(f"{choice} is {getattr(index, choice)}.", "Possible: 0 to 1.")
    for choice in ("moved", "draws"):
        if getattr(index, choice) < 1:
            yield InputError(f"{choice} is {getattr(index, choice)}.", "Possible: 1 or more.")
    if index.weights and (len(index.weights) != len(index.tree.children) or min(index.weights) < 0):
        yield InputError(
            f"{len(index.weights)} weights for {len(index.tree.children)} indicators and pillars.",
            "One each, in order, none negative.",
        )
    if index.weighting == "budget":
        experts = {len(c.points) for c in index.tree.children}
        if experts == {0} or len(experts) > 1:
            yield InputError("budget weights need points of the same experts everywhere.")


def limits(index: Any, rows: int) -> tuple[float | None, float | None]:
    """Return the smallest and largest score that the choices allow among so many rows."""
    if index.aggregation == "copeland":
        return (1 - rows, rows - 1)
    if index.aggregation == "benefit of the doubt":
        return (0, 1)
    if any(p.aggregation in composite.ORDINAL for p in index.pillars):
        return (None, None)
    known: dict[str, tuple[float | None, float | None]] = {
        "min-max": index.scale,
        "goalposts": index.scale,
        "rank": (1, rows),
        "borda": (0, rows),
        "percentile": (0, 100),
        "distance to maximum": (0, 1),
        "distance to target": (0, 1),
        "distance to reference": (0, None),
    }
    return known.get(index.normalisation, (None, None))


def words(index: Any) -> str:
    """Say the choices that a reader must know to compare two such indices."""
    on = f" on {index.scale[0]:g}–{index.scale[1]:g}" if index.normalisation in (
        "min-max", "goalposts") else ""  # fmt: skip
    parts = [
        f"{len(index.indicators)} indicators",
        f"{len(index.pillars)} pillars" if index.pillars else "",
        f"imputation {index.imputation}" if index.imputation != "none" else "nothing imputed",
        f"outliers: {index.treatment}" if index.treatment != "none" else "",
        f"{index.normalisation}{on} over {index.over}",
        f"{index.weighting} weights",
        f"{index.aggregation} aggregation",
    ]
    return ", ".join(p for p in parts if p)


def treated_words(index: Any, table: Tabled, how: Preparation) -> str:
    """Say which indicators were treated, and which are beyond the limits all the same."""
    if index.treatment == "none" or not how.pooled:
        return ""
    x = np.median(table.draws, axis=0) if table.observed is None else table.observed
    found = composite.treat(composite.complete(x, table.rows, how), how)
    names = [i.column for i in index.indicators]
    done = [
        f"{name} ({n} moved)" if index.treatment == "winsorise" else name
        for name, n in zip(names, found.points, strict=True)
        if n
    ]
    left = [name for name, beyond in zip(names, found.remaining, strict=True) if beyond]
    text = f"treated: {', '.join(done) or 'none'}"
    return f"{text}; still beyond the limits: {', '.join(left)}" if left else text
