"""Yearly series inside an estimate: what measures of trends and breaks start from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
import polars as pl

from multivector.errors import InputError, KeyMismatch, OutOfCoverage
from multivector.estimate import Estimate
from multivector.panel import Panel
from multivector.stats.breaks import Floats
from multivector.step import Step, edit

T = TypeVar("T", Panel, Estimate)
DRAWS = 199
"""Quantiles by which the sampling distribution of a coefficient is handed on."""
SIDES = (-np.inf, np.inf)


@dataclass(frozen=True)
class Series:
    """One yearly series: what tells it from others, its first year, and its values.

    ``values`` has one entry a year from ``first`` on, NaN where nothing is known.
    """

    cell: tuple[tuple[str, Any], ...]
    first: int
    values: Floats

    @property
    def state(self) -> str:
        """The state that the series speaks of, empty where it names none."""
        return str(dict(self.cell).get("state", ""))

    @property
    def rest(self) -> tuple[tuple[str, Any], ...]:
        """What identifies the series beside its state."""
        return tuple(pair for pair in self.cell if pair[0] != "state")

    @property
    def words(self) -> str:
        """The rest as text."""
        return ", ".join(str(value) for _, value in self.rest)


def series_of(estimate: Estimate, years: tuple[int, int] | None = None) -> Iterator[Series]:
    """Yield the yearly series of an estimate, one per combination of its other keys.

    Values are those that print (the observed value, else the median of the draws).

    Raises
    ------
    KeyMismatch
        When the cells have no year.
    OutOfCoverage
        When no value is known in any year.
    """
    if "year" not in estimate.key or not estimate.cells.schema["year"].is_integer():
        raise KeyMismatch(
            f"{estimate.label} has cells ({', '.join(estimate.key)}): no series of years.",
            remedy="Ask for the measure by year.",
        )
    apart = [k for k in estimate.key if k not in ("year", "session")]
    table = estimate.cells.select(*apart, "year").with_columns(value=estimate.summary()["value"])
    if years is not None:
        table = table.filter(pl.col("year").is_between(*years))
    groups: dict[tuple[Any, ...], list[tuple[int, float | None]]] = {}
    for *who, year, value in table.iter_rows():
        groups.setdefault(tuple(who), []).append((year, value))
    if table["value"].is_null().all():
        raise OutOfCoverage(f"{estimate.label}: no value is known in any year.")
    for who, rows in groups.items():
        known = {y: v for y, v in rows if v is not None}
        if known:
            first, last = min(known), max(known)
            values = np.array([known.get(y, np.nan) for y in range(first, last + 1)])
            yield Series(tuple(zip(apart, who, strict=True)), first, values)


def cells_of(rows: Sequence[tuple[Series, dict[str, Any]]]) -> pl.DataFrame:
    """Return one cell a row: what identifies the series, then further columns."""
    table = [{**dict(series.cell), **more} for series, more in rows]
    return pl.DataFrame(table, infer_schema_length=None)


def drawn(rows: Iterable[Floats]) -> Floats:
    """Stack draws of coefficients."""
    return np.array(list(rows), dtype=np.float64).reshape(-1, DRAWS)


def for_state(step: Step[T], focal: str, other: str) -> Step[T]:
    """Return the tree with *other* wherever a field ``focal`` or ``state`` names *focal*.

    >>> from multivector.measures.trade import HHI
    >>> for_state(HHI(focal="KAZ"), "KAZ", "UZB").focal
    'UZB'
    """
    changes: dict[Step[Any] | tuple[Step[Any], str], object] = {
        (part, f.name): other
        for part in step.walk()
        for f in fields(part)
        if f.name in ("focal", "state") and getattr(part, f.name) == focal
    }
    if not changes:
        raise InputError(f"{step.name} does not name {focal}.", remedy="Give a step about it.")
    return edit(step, changes)
