"""Replays: one step evaluated at every point of a design over its uncertain sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multivector.ensemble.fast import index_replays
from multivector.ensemble.sources import Choice, Weighting
from multivector.errors import (
    ComputeError,
    InputError,
    MultivectorError,
    Problems,
    UnitMismatch,
)
from multivector.estimate import Estimate
from multivector.measures.index import Index
from multivector.origin import Citation
from multivector.quantity import DrawKind
from multivector.stats.sensitivity import design, pick
from multivector.stats.summaries import Floats, rank
from multivector.stats.weighting import dirichlet
from multivector.step import Inputs, Step, edit

SAMPLING = "data"
"""Name of the source that the draws of the step itself are."""
Evaluated = Iterator[tuple[NDArray[np.intp], Estimate | MultivectorError]]
SALTELLI = Citation(
    "saltelli2010",
    "article",
    "Saltelli, Andrea and Annoni, Paola and Azzini, Ivano and Campolongo, Francesca and "
    "Ratto, Marco and Tarantola, Stefano",
    "Variance based sensitivity analysis of model output. Design and estimator for the total "
    "sensitivity index",
    2010,
    "Computer Physics Communications 181(2):259-270",
    doi="10.1016/j.cpc.2009.09.018",
)


@dataclass(frozen=True)
class Plan:
    """Every replay of a design: rows A, then B, then AB for each source in turn.

    ``sources`` are their names, choices first, then weights, then the data;
    ``options`` (replays, choices) says which alternative, ``weights`` holds an array
    (replays, k) for each field of weights, ``draw`` (replays,) a uniform number.
    """

    sources: tuple[str, ...]
    options: NDArray[np.intp]
    weights: tuple[Floats, ...]
    draw: Floats

    def __len__(self) -> int:
        return len(self.draw)


@dataclass(frozen=True, kw_only=True)
class Replays(Step[Estimate]):
    """The values of a step at every point of an A|B design over its uncertain sources.

    Sources are the named alternatives, the fields of weights, and the draws of the step itself,
    which stay apart: a replay takes one alternative of each choice, one vector of each weights and
    one draw. Draws of the result are the replays in the order of :class:`Plan`.

    Parameters
    ----------
    tree
        What is replayed; as it is, it gives the nominal value.
    choices, weights
        See ``ensemble.sources``.
    sampling
        Whether the draws of the step are a source as well.
    rows
        Rows of the design, a power of two; replays are rows × (sources + 2).
    of
        The value, or the rank of a cell among those of its year.
    tolerate
        Largest share of replays, 0 to 1, that may fail; those are left out and counted.
    generic
        Evaluate each replay by ``edit`` and ``run``, also where a faster way gives the same.
    """

    name: ClassVar[str] = "replays"
    citations: ClassVar[tuple[Citation, ...]] = (SALTELLI,)
    tree: Step[Estimate]
    choices: tuple[Choice, ...] = ()
    weights: tuple[Weighting, ...] = ()
    sampling: bool = True
    rows: int = 64
    seed: int = 1
    of: Literal["value", "rank"] = "value"
    tolerate: float = 0.0
    generic: bool = False

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a design over nothing, alternatives that are none, and changes that do not fit."""
        names = [name for name, *_ in (*self.choices, *self.weights)]
        if self.rows < 2 or self.rows & (self.rows - 1):
            yield InputError(f"rows is {self.rows}.", "Possible: a power of two, such as 64.")
        if not 0 <= self.tolerate <= 1:
            yield InputError(f"tolerate is {self.tolerate}.", "Possible: 0 to 1.")
        if not names and not self.sampling:
            yield InputError("Nothing is varied.", remedy="Name choices, weights or sampling.")
        for twice in sorted({n for n in names if names.count(n) > 1 or n == SAMPLING}):
            yield InputError(f"Two sources are called {twice!r}.")
        for name, options in self.choices:
            if len(options) < 2:
                yield InputError(
                    f"The choice {name!r} has {len(options)} alternatives.", "2 or more."
                )
        for _, step, field, concentration in self.weights:
            value = getattr(step, field, None)
            if step not in set(self.tree.walk()) or not isinstance(value, tuple):
                yield InputError(f"{step.name or step} has no weights {field!r} in this tree.")
            if concentration <= 0:
                yield InputError(f"The concentration is {concentration}.", "Above 0.")

    @property
    def fast(self) -> bool:
        """Whether all replays are one array program: an index whose own weights are drawn."""
        own = all(s == self.tree and f == "weights" for _, s, f, _ in self.weights)
        return isinstance(self.tree, Index) and own and not self.generic and self.sampling

    @property
    def grouped(self) -> bool:
        """Whether replays with equal alternatives are one call: weights are none, or the step's."""
        own = [s == _core(self.tree) and f == "weights" for _, s, f, _ in self.weights]
        can = not own or (hasattr(self.tree, "replayed") and own == [True])
        return can and self.sampling and not self.fast and not self.generic

    @property
    def inputs(self) -> tuple[Step[Any], ...]:
        """The step, and what evaluating the replays reads."""
        return _inputs(self)

    def compute(self, get: Inputs) -> Estimate:
        """Evaluate every replay; raise when more fail than are tolerated."""
        nominal = get(self.tree)
        plan = plan_of(self)
        values = np.full((len(nominal.cells), len(plan)), np.nan)
        failed: Counter[str] = Counter()
        way = self._at_once if self.fast else self._by_group if self.grouped else self._one_by_one
        evaluated = way(plan, get)
        for places, found in evaluated:
            try:
                if isinstance(found, MultivectorError):
                    raise found
                same_scale(found, nominal, self.of)
            except MultivectorError as problem:
                failed[_reason(problem)] += len(places)
                continue
            values[:, places] = aligned(found, nominal.cells)
        lost = sum(failed.values())
        if lost > self.tolerate * len(plan):
            raise ComputeError(
                f"{lost} of {len(plan)} replays failed: {_counted(failed)}",
                f"At most {self.tolerate:.0%} may fail.",
                "Drop alternatives that do not go together, or tolerate a share of failures.",
            )
        first = nominal.summary()["value"].fill_null(np.nan).to_numpy()
        gaps = int((np.isnan(values) & ~np.isnan(first)[:, None]).any(axis=0).sum()) - lost
        if self.of == "rank":
            values, first = ranked(values, nominal.cells), ranked(first, nominal.cells)
        varied: list[tuple[bool, DrawKind]] = [
            (bool(self.choices), "choice"),
            (bool(self.weights), "weight"),
            (self.sampling and nominal.draw_kind != "point", nominal.draw_kind),
        ]
        fixed = nominal.draw_kind == "point"
        names = [n for n in plan.sources if not (fixed and n == SAMPLING)]
        kinds: set[DrawKind] = {kind for used, kind in varied if used}
        if not kinds:
            raise InputError(
                "Nothing is varied: the step is a point value.", remedy="Name choices or weights."
            )
        return Estimate(
            nominal.cells,
            values,
            label=nominal.label if self.of == "value" else f"Rank in: {nominal.label}",
            unit=nominal.unit if self.of == "value" else "rank",
            draw_kind=kinds.pop() if len(kinds) == 1 else "ensemble",
            variant=f"{len(plan)} replays over {', '.join(names)}"
            + (f"; {lost} failed and are left out: {_counted(failed)}" if lost else "")
            + (f"; {gaps} leave some cell without a value" if gaps else ""),
            range=nominal.range if self.of == "value" else (1, len(nominal.cells)),
            observed=first,
        )

    def _at_once(self, plan: Plan, get: Inputs) -> Evaluated:
        """Evaluate all replays of an index as one array program."""
        return index_replays(_variants(self), plan.options, plan.weights, plan.draw, get)

    def _by_group(self, plan: Plan, get: Inputs) -> Evaluated:
        """Evaluate each combination of alternatives once, for all of its weights and draws."""
        _, group = np.unique(plan.options, axis=0, return_inverse=True)
        for n, variant in enumerate(_variants(self).values()):
            places = np.flatnonzero(group.reshape(-1) == n)
            try:
                if isinstance(variant, MultivectorError):
                    raise variant
                if self.weights:
                    found = variant.replayed(get, plan.weights[0][places], plan.draw[places])
                else:
                    found = get(variant)
                    at = pick(plan.draw[places], found.draws.shape[1])
                    found = replace(found, draws=found.draws[:, at], observed=None,
                                    draw_kind="ensemble")  # fmt: skip
            except MultivectorError as problem:
                yield places, problem
                continue
            yield places, found

    def _one_by_one(self, plan: Plan, get: Inputs) -> Evaluated:
        """Evaluate each replay by running the edited tree."""
        for n, variant in enumerate(_edited(self)):
            place = np.array([n])
            if isinstance(variant, MultivectorError):
                yield place, variant
                continue
            try:
                found = get(variant)
            except MultivectorError as problem:
                yield place, problem
                continue
            if self.sampling:
                one = found.draws[:, pick(plan.draw[place], found.draws.shape[1])]
            else:
                one = found.summary()["value"].fill_null(np.nan).to_numpy()[:, None]
            yield place, replace(found, draws=one, observed=None)


@lru_cache(maxsize=8)
def plan_of(replays: Replays) -> Plan:
    """Lay out the design over the sources of *replays*."""
    sizes = [1] * len(replays.choices)
    sizes += [len(nominal_weights(s, f)) for _, s, f, _ in replays.weights]
    sizes += [1] if replays.sampling else []
    ends = np.cumsum(sizes)
    groups = [list(range(end - size, end)) for size, end in zip(sizes, ends, strict=True)]
    points = design(replays.rows, int(ends[-1]), replays.seed)
    mixed = points.mixed(groups).reshape(-1, int(ends[-1]))
    u = np.concatenate([points.a, points.b, mixed])
    count = len(replays.choices)
    options = [pick(u[:, k], len(replays.choices[k][1])) for k in range(count)]
    weights = []
    for (_, step, field, concentration), group in zip(
        replays.weights, groups[count:], strict=False
    ):
        nominal = nominal_weights(step, field)
        drawn = np.empty((len(u), len(group)))
        for family in families(step, field):
            part = [group[m] for m in family]
            drawn[:, family] = dirichlet(u[:, part], nominal[family], concentration)
        weights.append(drawn)
    names = [name for name, *_ in (*replays.choices, *replays.weights)]
    names += [SAMPLING] if replays.sampling else []
    stacked = np.stack(options, axis=1) if options else np.zeros((len(u), 0), dtype=np.intp)
    draw = u[:, -1] if replays.sampling else np.zeros(len(u))
    return Plan(tuple(names), stacked, tuple(weights), draw)


def nominal_weights(step: Step[Any], field: str) -> Floats:
    """Return the weights of a step as they are; an index spells them out from its structure."""
    if isinstance(step, Index) and field == "weights":
        return step.nominal_weights
    return np.array(getattr(step, field), dtype=np.float64)


def families(step: Step[Any], field: str) -> Sequence[list[int]]:
    """Return the places of weights that add up to one, each family drawn by itself."""
    if isinstance(step, Index) and field == "weights":
        return [list(group) for group in step.tree.siblings]
    return [list(range(len(getattr(step, field))))]


@lru_cache(maxsize=8)
def _variants(replays: Replays) -> dict[tuple[int, ...], Any]:
    """Return the tree for every combination of alternatives, or why there is none."""
    found: dict[tuple[int, ...], Any] = {}
    for row in np.unique(plan_of(replays).options, axis=0).tolist():
        found[tuple(row)] = _edit(replays, tuple(row), {})
    return found


@lru_cache(maxsize=2)
def _edited(replays: Replays) -> list[Any]:
    """Return the tree of every replay, or why there is none."""
    plan = plan_of(replays)
    result: list[Any] = []
    for n, row in enumerate(plan.options.tolist()):
        drawn = {
            (step, field): tuple(w[n].tolist())
            for (_, step, field, _), w in zip(replays.weights, plan.weights, strict=True)
        }
        result.append(_edit(replays, tuple(row), drawn))
    return result


def _edit(replays: Replays, row: tuple[int, ...], drawn: dict[Any, Any]) -> Any:
    changes: dict[Any, Any] = {}
    for (_, options), number in zip(replays.choices, row, strict=True):
        changes |= {(step, field): value for step, field, value in options[number][1]}
    try:
        return edit(replays.tree, {**changes, **drawn})
    except MultivectorError as problem:
        return problem


@lru_cache(maxsize=8)
def _inputs(replays: Replays) -> tuple[Step[Any], ...]:
    if replays.fast:
        known = [v for v in _variants(replays).values() if isinstance(v, Index)]
        tables = [t for variant in known for t in variant.tables]
        return tuple(dict.fromkeys((replays.tree, *tables)))
    if replays.grouped:
        known = [v for v in _variants(replays).values() if isinstance(v, Step)]
        read = [_core(v).inputs if replays.weights else (v,) for v in known]
        return tuple(dict.fromkeys((replays.tree, *(s for steps in read for s in steps))))
    made = (v for v in _edited(replays) if isinstance(v, Step))
    return tuple(dict.fromkeys((replays.tree, *made)))


def _core(step: Step[Any]) -> Step[Any]:
    """Return the step whose weights count: that over which a period is taken, else the step."""
    inner = getattr(step, "of", None)
    return inner if isinstance(inner, Step) else step


def aligned(found: Estimate, cells: pl.DataFrame) -> Floats:
    """Return the draws of an estimate at the given cells, NaN where it has none.

    A figure over one period stands for another period's, since the period may be what is varied.
    """
    single = "period" in cells.columns and cells["period"].n_unique() == 1
    single = single and found.cells["period"].n_unique() == 1
    key = [c for c in found.key if not (single and c == "period")]
    if found.cells.select(key).equals(cells.select(key)):
        return found.draws
    place = found.cells.select(key).with_row_index("__place")
    joined = cells.join(place, on=key, how="left", maintain_order="left", nulls_equal=True)
    at = joined["__place"]
    values = found.draws[at.fill_null(0).to_numpy()].copy()
    values[at.is_null().to_numpy()] = np.nan
    return values


def same_scale(found: Estimate, nominal: Estimate, of: str) -> None:
    """Raise unless values of a variant can stand beside the nominal ones."""
    if of == "value" and (found.unit, found.range) != (nominal.unit, nominal.range):
        raise UnitMismatch(
            f"Alternatives on different scales: {nominal.unit} {nominal.range} and "
            f"{found.unit} {found.range}.",
            remedy="Compare ranks (of='rank'), or keep the scale.",
        )


def ranked(values: Floats, cells: pl.DataFrame) -> Floats:
    """Return the rank of each cell among those of its year, 1 for the highest; per replay."""
    year = cells["year"].to_numpy() if "year" in cells.columns else np.zeros(len(cells))
    result = np.empty_like(values)
    for now in np.unique(year):
        where = year == now
        result[where] = rank(values[where].T).T
    return result


def _reason(problem: MultivectorError) -> str:
    """Return in one line what went wrong."""
    parts = problem.exceptions if isinstance(problem, Problems) else (problem,)
    return " ".join(str(p).partition("\n")[0] for p in parts)


def _counted(failed: Counter[str]) -> str:
    return "; ".join(f"{why} ({n} times)" for why, n in failed.most_common(5))
