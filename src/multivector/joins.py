"""Joins: putting panels together without losing coverage, absence or direction."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multivector.errors import (
    DirectionCollapsed,
    KeyMismatch,
    PartialCoverage,
    SchemaError,
    UnknownName,
)
from multivector.origin import unite
from multivector.panel import Panel
from multivector.variable import Coverage, Variable

Side = Literal["", "state", "partner"]
_LARGEST = 2**62
_RULES: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "max": lambda c: c.max(),
    "either": lambda c: pl.when((c.drop_nulls().len() == 2) | (c.max() == 1)).then(c.max()),
    "mean": lambda c: c.mean(),
    "min": lambda c: c.min(),
    "both": lambda c: pl.when((c.drop_nulls().len() == 2) | (c.min() == 0)).then(c.min()),
}


def join(
    panel: Panel,
    other: Panel,
    *,
    side: Side = "",
    coverage: Literal["warn", "partial"] = "warn",
) -> Panel:
    """Add *other*'s variables to the rows of *panel*, obeying coverage and the meaning of absence.

    Inside a variable's coverage an absent row takes the declared meaning of absence; outside it
    the value is missing, always. A state-year table joins a dyad-year table on one ``side``, and
    its columns get that side as suffix. An undirected table joins a directed one by looking up
    the unordered pair; the reverse needs :func:`undirected` first.

    Warns
    -----
    PartialCoverage
        When some rows lie outside a variable's coverage; silence it with ``coverage="partial"``.

    Raises
    ------
    KeyMismatch
        When the units of analysis or the code systems do not fit, or a name is there twice.

    Examples
    --------
    >>> from multivector.variable import DYAD_YEAR, Coverage, span
    >>> rows = Panel(pl.DataFrame({"state": ["KAZ"] * 2, "partner": ["RUS"] * 2,
    ...                            "year": [2018, 2019]}), DYAD_YEAR, ())
    >>> ally = Variable("ally", "Alliance", "flag", Coverage(span(1816, 2018)), "zero")
    >>> atop = Panel(pl.DataFrame({"state": ["KAZ"], "partner": ["RUS"], "year": [2018],
    ...                            "ally": [1]}), DYAD_YEAR, (ally,))
    >>> join(rows, atop, coverage="partial").frame["ally"].to_list()
    [1, None]
    """
    on = _where_to_look(panel, other, side)
    suffix = f"_{side}" if side else ""
    names = {v.name: v.name + suffix for v in other.variables}
    clash = sorted(set(names.values()) & {v.name for v in panel.variables})
    if clash:
        raise KeyMismatch(f"Both tables have {', '.join(clash)}.", remedy="rename() one of them.")
    cells = panel.frame.select(on[c].alias(c) for c in on)
    rows = _rows_of(other.frame.select(list(on)), cells)
    covered: dict[Coverage, pl.Series] = {}
    columns: list[pl.Series] = []
    joined: list[Variable] = []
    for v in other.variables:
        if v.coverage not in covered:
            inside = v.coverage.holds(other.key.columns)
            covered[v.coverage] = cells.with_columns(inside.alias("__covered"))["__covered"]
        inside = covered[v.coverage]
        columns.append(_looked_up(v, other.frame[v.name], rows, inside).alias(names[v.name]))
        if coverage == "warn" and not inside.all():
            warnings.warn(_partial(panel, v, inside), PartialCoverage, stacklevel=2)
        joined.append(replace(v, name=names[v.name], origins=unite(other.origins, v.origins)))
    return replace(
        panel,
        frame=panel.frame.with_columns(columns),
        variables=(*panel.variables, *joined),
        methods=tuple(dict.fromkeys((*panel.methods, *other.methods))),
        trusted=True,
    )


def _rows_of(keys: pl.DataFrame, cells: pl.DataFrame) -> pl.Series:
    """Return, for each cell, the number of the row of *keys* that it names; null where none does.

    Keys are unique, so a join changes no row of the table that it adds to.
    """
    packed = _packed(keys, cells)
    if packed is None:
        numbered = keys.with_row_index("__row")
        return cells.join(numbered, on=keys.columns, how="left", maintain_order="left")["__row"]
    known, asked = packed
    place = np.searchsorted(known[:-1], asked)  # at most the last row
    hit = pl.Series(known[place] == asked)
    return pl.select(pl.when(hit).then(pl.Series(place))).to_series()


def _packed(keys: pl.DataFrame, cells: pl.DataFrame) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """Return the rows of both tables as one whole number each, in the order of the columns.

    None where they cannot be: text, dates, an empty table, or one that is not sorted.
    """
    if keys.is_empty() or cells.is_empty() or {*keys.dtypes, *cells.dtypes} != {pl.Int64}:
        return None
    size = 1
    known, asked = np.zeros(len(keys), np.int64), np.zeros(len(cells), np.int64)
    for column in keys.columns:
        here, there = keys[column].to_numpy(), cells[column].to_numpy()
        low, high = min(here.min(), there.min()), max(here.max(), there.max())
        span = int(high) - int(low) + 1
        size *= span
        if size > _LARGEST:
            return None
        known, asked = known * span + (here - low), asked * span + (there - low)
    return (known, asked) if bool(np.all(known[1:] > known[:-1])) else None


def _looked_up(v: Variable, values: pl.Series, rows: pl.Series, inside: pl.Series) -> pl.Series:
    """Return the values at *rows* inside the coverage; an absent row takes its declared meaning.

    Raises
    ------
    SchemaError
        When absence means zero and zero is no value that the variable can have.
    """
    absent = inside & rows.is_null()
    found = values.gather(rows)
    value = pl.lit(found) if inside.all() else pl.when(inside).then(found)
    if v.absence == "zero" and absent.any():
        if not _admits_zero(v):
            raise SchemaError(
                f"An absent row of {v.name} means zero, which the variable cannot be.",
                f"Declared: codes {[c for c, _ in v.codes]}, range {v.range}.",
                "Declare absence as missing, or admit zero.",
            )
        value = pl.when(absent).then(pl.lit(0).cast(values.dtype)).otherwise(value)
    return pl.select(value.alias(v.name)).to_series()


def _admits_zero(v: Variable) -> bool:
    low, high = v.range
    known = not v.codes or 0 in [code for code, _ in v.codes]
    return known and (low is None or low <= 0) and (high is None or high >= 0)


def swapped(panel: Panel) -> pl.DataFrame:
    """Return the rows of a dyadic table seen from the other side.

    Besides ``state`` and ``partner``, columns that speak of one side (``gdp_state`` and
    ``gdp_partner``, as `join` names them) change places.
    """
    names = {v.name for v in panel.variables}
    ends = {"_state": "_partner", "_partner": "_state"}
    pairs = {"state": "partner", "partner": "state"}
    for name in names:
        for end, other in ends.items():
            if name.endswith(end) and (twin := name.removesuffix(end) + other) in names:
                pairs[name] = twin
    return panel.frame.rename(pairs).select(panel.frame.columns)


def undirected(panel: Panel, how: str) -> Panel:
    """Collapse a directed table to undirected dyads by a named rule.

    A row that is not there counts by the meaning of absence: inside the coverage of a variable
    whose absence means zero it is 0. ``max``, ``mean`` and ``min`` use the value of one side where
    the other is missing. ``either`` and ``both`` are for 0/1 variables: with one side missing,
    ``either`` is known only if the other is 1, ``both`` only if it is 0.

    Warns
    -----
    DirectionCollapsed
        Always: who did what to whom is lost.
    """
    if how not in _RULES:
        raise UnknownName("rule", how, _RULES)
    if not (panel.key.dyadic and panel.key.directed):
        raise KeyMismatch(f"{panel.key.name} has no direction to collapse.")
    warnings.warn(f"{panel.key.name} made undirected by {how}", DirectionCollapsed, stacklevel=2)
    rows = replace(panel, frame=_both_ways(panel), trusted=True)
    turned = pl.col("state") > pl.col("partner")
    frame = (
        pl.concat([rows.where(~turned).frame, swapped(rows.where(turned))])
        .group_by(panel.key.columns)
        .agg(_RULES[how](pl.col(v.name)).alias(v.name) for v in panel.variables)
    )
    name = f"undirected {panel.key.name.removeprefix('directed ')}"
    return replace(
        panel,
        frame=frame,
        key=replace(panel.key, name=name, directed=False),
        variables=tuple(
            replace(v, defects=tuple(replace(d, directed=False) for d in v.defects))
            for v in panel.variables
        ),
        trusted=False,
    )


def _both_ways(panel: Panel) -> pl.DataFrame:
    """Return the rows and, where absence means zero, those of the other direction."""
    keys = list(panel.key.columns)
    there = panel.frame.rename({"state": "partner", "partner": "state"}).select(keys)
    silent = there.join(panel.frame, on=keys, how="anti")
    zeros = [
        pl.when(v.coverage.holds(keys)).then(pl.lit(0)).cast(panel.frame.schema[v.name])
        if v.absence == "zero"
        else pl.lit(None, panel.frame.schema[v.name])
        for v in panel.variables
    ]
    named = [z.alias(v.name) for z, v in zip(zeros, panel.variables, strict=True)]
    return pl.concat([panel.frame, silent.with_columns(named)])


def mirrored(panel: Panel) -> Panel:
    """Turn an undirected table into a directed one that holds every pair both ways."""
    if not panel.key.dyadic or panel.key.directed:
        raise KeyMismatch(f"{panel.key.name} is not an undirected dyadic table.")
    frame = pl.concat([panel.frame, swapped(panel)])
    name = f"directed {panel.key.name.removeprefix('undirected ')}"
    return replace(
        panel, frame=frame, key=replace(panel.key, name=name, directed=True), trusted=False
    )


def _where_to_look(panel: Panel, other: Panel, side: Side) -> dict[str, pl.Expr]:
    """Return, for each key column of *other*, the expression that gives it in *panel*."""
    here, there = panel.key, other.key
    if there.system != here.system:
        raise KeyMismatch(
            f"{here} cannot be joined with {there}: the code systems differ.",
            remedy=f"Recode one of them first, for instance Recode(…, system={here.system!r}).",
        )
    lost = [c for c in there.columns if c not in here.columns]
    if lost:
        raise KeyMismatch(
            f"{there.name} has {', '.join(lost)}, which {here.name} lacks.",
            remedy="Aggregate the finer table first.",
        )
    if side and (there.dyadic or not here.dyadic or "state" not in there.columns):
        raise KeyMismatch(
            f"{there.name} has no side to choose when joined to {here.name}.",
            remedy="Leave out side.",
        )
    on = {c: pl.col(c) for c in there.columns}
    if here.dyadic and not there.dyadic and "state" in on:
        if not side:
            raise KeyMismatch(
                f"{there.name} speaks of one state, {here.name} of two.",
                remedy='Say which one: side="state" or side="partner".',
            )
        on["state"] = pl.col(side)
    if here.dyadic and there.dyadic and here.directed != there.directed:
        if not here.directed:
            raise KeyMismatch(
                f"{there.name} cannot be joined to {here.name}: direction would be lost.",
                f"Rules: {', '.join(_RULES)}.",
                "Collapse it first: undirected(panel, how).",
            )
        on["state"] = pl.min_horizontal("state", "partner")
        on["partner"] = pl.max_horizontal("state", "partner")
    return on


def _partial(panel: Panel, variable: Variable, covered: pl.Series) -> str:
    first = panel.frame.filter(~covered).select(panel.key.columns).row(0)
    return (
        f"{variable.name} covers {variable.coverage}; {int((~covered).sum())} of {len(covered)} "
        f"rows lie outside it (first {first}) and are missing, not zero. "
        'Pass coverage="partial" if that is what you want.'
    )
