"""Estimates: results with uncertainty, as cells × draws in a declared unit of measure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import zip_longest
from typing import Any, Self

import numpy as np
import polars as pl

from multivector.errors import InputError, SchemaError, UnitMismatch, UnknownName, raise_all
from multivector.export import Exportable
from multivector.origin import Citation, Origin, unite
from multivector.quantity import DrawKind, Quantity
from multivector.stats.summaries import summarise

LEVEL = 0.90
FEW = 2_000
"""Most cells of an estimate that is written out whole when one of them is asked for."""
SMALL = 100_000
"""Most numbers of an estimate that is summarised whole when a part of it is asked for."""
TAKEN = {"value", "low", "high", "measure", "unit", "draw_kind", "variant"}


@dataclass(frozen=True)
class Estimate(Exportable):
    """A result with uncertainty: one row of draws per cell.

    Parameters
    ----------
    cells
        Key columns, one row per cell, unique. A column ``note`` may carry a remark per cell;
        names of the exported columns (``value``, ``low``, ``unit`` …) are taken.
    draws
        Array (cells × S), float64. S = 1 is a point value. NaN means undefined or not known. The
        array is taken over and becomes read-only.
    label, unit
        What is measured, and in which unit of measure.
    draw_kind
        What the draws stand for: ``point``, ``bootstrap`` (sampling of the units named in
        ``variant``), ``sampling`` (an estimator's sampling distribution, by its standard error),
        ``posterior``, ``choice`` (analytic choices), ``weight`` (drawn weights), ``assumption``,
        or ``ensemble`` (several of these at once).
    variant
        The choices that a reader must know to compare two such estimates, in words.
    observed
        Array (cells): the statistic of the record as it is, where draws resample that record. It
        is what prints; without it the median of the draws does.

    Examples
    --------
    >>> e = Estimate(pl.DataFrame({"state": ["KAZ"], "year": [2020]}), np.array([[0.25]]),
    ...              "Herfindahl index", "index 0–1")
    >>> print(e.at(year=2020))
    0.25
    """

    cells: pl.DataFrame
    draws: np.ndarray
    label: str
    unit: str
    draw_kind: DrawKind = "point"
    variant: str = ""
    range: tuple[float | None, float | None] = (None, None)
    origins: tuple[Origin, ...] = ()
    methods: tuple[Citation, ...] = ()
    fingerprint: str = ""
    observed: np.ndarray | None = None

    def __post_init__(self) -> None:
        """Check shapes, uniqueness and range."""
        draws = np.atleast_2d(np.asarray(self.draws, dtype=np.float64))
        draws.setflags(write=False)
        object.__setattr__(self, "draws", draws)
        problems = []
        if self.observed is not None:
            observed = np.asarray(self.observed, dtype=np.float64)
            observed.setflags(write=False)
            object.__setattr__(self, "observed", observed)
            if observed.shape != (len(self.cells),):
                problems.append(
                    SchemaError(
                        f"{self.label}: {len(self.cells)} cells but {observed.shape} observed."
                    )
                )
        if draws.ndim != 2 or draws.shape[0] != len(self.cells) or not draws.shape[1]:
            problems.append(
                SchemaError(
                    f"{self.label}: {len(self.cells)} cells but draws of shape {draws.shape}.",
                    "Draws are cells × S, with S at least 1.",
                )
            )
        taken = sorted(TAKEN.intersection(self.key))
        if taken:
            problems.append(
                SchemaError(
                    f"{self.label}: key column {', '.join(taken)} would be lost in an export.",
                    remedy="Give it another name.",
                )
            )
        if len(self.cells) and self.cells.select(self.key).is_duplicated().any():
            twice = self.cells.filter(self.cells.select(self.key).is_duplicated()).row(0)
            problems.append(SchemaError(f"{self.label}: cell {twice} occurs more than once."))
        if self.draw_kind == "point" and draws.ndim == 2 and draws.shape[1] != 1:
            problems.append(
                SchemaError(f"{self.label}: a point value has one draw, not {draws.shape[1]}.")
            )
        low, high = self.range
        tolerance = 1e-9
        for values in (draws,) if self.observed is None else (draws, self.observed):
            if low is not None and bool((values < low - tolerance).any()):
                problems.append(SchemaError(f"{self.label}: {np.nanmin(values)} is below {low}."))
            if high is not None and bool((values > high + tolerance).any()):
                problems.append(SchemaError(f"{self.label}: {np.nanmax(values)} is above {high}."))
        raise_all(f"This estimate of {self.label} is not well formed", problems)

    @property
    def key(self) -> list[str]:
        """Names of the columns that identify a cell."""
        return [c for c in self.cells.columns if c != "note"]

    @property
    def provenance(self) -> tuple[Origin, ...]:
        """Every origin of these numbers."""
        return self.origins

    # cells -------------------------------------------------------------------------------------

    def select(self, **where: object) -> Self:
        """Keep the cells where each named column equals the value, or is among the values."""
        rows = self._rows(where)
        return self if len(rows) == len(self.cells) else self._part(rows)

    def _rows(self, where: Mapping[str, object]) -> np.ndarray:
        """Return the positions of the cells that *where* names, ascending."""
        kept = np.ones(len(self.cells), dtype=bool)
        for name, wanted in where.items():
            if name not in self.key:
                raise UnknownName("cell column", name, self.key, where=self.label)
            places = self._places(name)
            mask = np.zeros(len(self.cells), dtype=bool)
            for value in wanted if isinstance(wanted, (list, tuple, set, range)) else [wanted]:
                mask[places.get(value, [])] = True
            kept &= mask
        return np.flatnonzero(kept)

    def _places(self, column: str) -> dict[Any, list[int]]:
        """Return where each value of a key column stands; a column is looked through once."""
        if column not in self._index:
            places = self._index.setdefault(column, {})
            for row, value in enumerate(self.cells[column].to_list()):
                places.setdefault(value, []).append(row)
        return self._index[column]

    @cached_property
    def _index(self) -> dict[str, dict[Any, list[int]]]:
        return {}

    def _part(self, rows: np.ndarray) -> Self:
        """Return some of the cells, which need no check: they passed it as part of the whole."""
        part = object.__new__(type(self))
        draws = self.draws[rows]
        draws.setflags(write=False)
        observed = None if self.observed is None else self.observed[rows]
        if observed is not None:
            observed.setflags(write=False)
        given = {f.name: getattr(self, f.name) for f in fields(self)}
        vars(part).update(given, cells=self.cells[rows], draws=draws, observed=observed)
        if "_usual" in vars(self) or self.draws.size <= SMALL:
            vars(part)["_usual"] = self._usual[rows]
        return part

    def at(self, **where: object) -> Quantity:
        """Return the one cell that *where* names.

        Raises
        ------
        InputError
            When no cell or several cells match, with the values that are possible.
        """
        rows = self._rows(where)
        if len(rows) == 1 and len(self.cells) <= FEW and self.draws.size <= SMALL:
            return self._quantities[rows[0]]
        found = self._part(rows)
        if len(rows) != 1:
            cells = found.cells if len(found.cells) else self.cells
            varying = {c: cells[c].unique().sort().to_list() for c in self.key}
            options = "; ".join(
                f"{c}: {', '.join(map(str, v[:8]))}{' …' if len(v) > 8 else ''}"
                for c, v in varying.items()
            )
            asked = ", ".join(f"{k}={v!r}" for k, v in where.items()) or "no condition"
            raise InputError(
                f"{self.label} has {len(found.cells)} cells with {asked}; one is needed.",
                f"Possible: {options}.",
                "Name one value for each column that still varies.",
            )
        return found.quantities()[0]

    def quantities(self) -> list[Quantity]:
        """Return every cell as a Quantity, in order."""
        return list(self._quantities)

    @cached_property
    def _quantities(self) -> tuple[Quantity, ...]:
        key = self.key
        notes = self.cells["note"].to_list() if "note" in self.cells.columns else ()
        rows = zip_longest(self.summary().iter_rows(), self.cells.select(key).iter_rows(), notes)
        unit, label, kind = self.unit, self.label, self.draw_kind
        origins, mark = self.origins, self.fingerprint
        return tuple(
            Quantity(
                value,
                low,
                high,
                unit,
                label,
                tuple(zip(key, at, strict=True)),
                kind,
                origins,
                mark,
                note or "",
            )
            for (value, low, high), at, note in rows
        )

    def summary(self, level: float = LEVEL) -> pl.DataFrame:
        """Return value, low and high per cell: observed value (or median) and interval.

        A cell of which more than 5 % of the draws are undefined has no interval that could be
        defended. Point values have no interval.
        """
        return self._usual if level == LEVEL else self._summarised(level)

    @cached_property
    def _usual(self) -> pl.DataFrame:
        return self._summarised(LEVEL)

    def _summarised(self, level: float) -> pl.DataFrame:
        drawn = summarise(self.draws, level)
        value = drawn.median if self.observed is None else self.observed
        blank = np.full(len(self.cells), np.nan)
        point = self.draw_kind == "point"
        low, high = (blank, blank) if point else (drawn.lower, drawn.upper)
        columns = {"value": value, "low": low, "high": high}
        return pl.DataFrame(
            {k: pl.Series(k, v, pl.Float64, nan_to_null=True) for k, v in columns.items()}
        )

    def to_polars(self) -> pl.DataFrame:
        """Return cells, value, 90 % interval, unit and what the draws stand for."""
        return pl.concat([self.cells, self.summary()], how="horizontal").with_columns(
            pl.lit(self.label).alias("measure"),
            pl.lit(self.unit).alias("unit"),
            pl.lit(self.draw_kind).alias("draw_kind"),
            pl.lit(self.variant).alias("variant"),
        )

    # travel ------------------------------------------------------------------------------------

    def with_provenance(
        self, origins: Iterable[Origin], methods: Iterable[Citation], fingerprint: str
    ) -> Self:
        """Add inherited origins and methods; ``run`` calls this, and only ``run``."""
        return replace(
            self,
            origins=unite(self.origins, origins),
            methods=tuple(dict.fromkeys((*methods, *self.methods))),
            fingerprint=fingerprint,
        )


def stack(column: str, estimates: Mapping[Any, Estimate]) -> Estimate:
    """Stack estimates of the same unit, telling them apart by a new first key column.

    Point values beside draws keep their value and have no interval.

    Raises
    ------
    UnitMismatch
        When units, what the draws stand for, or their number differ.
    InputError
        When there is nothing to stack, or *column* is a key column already.
    """
    parts: Sequence[Estimate] = list(estimates.values())
    if not parts or any(column in e.cells.columns for e in parts):
        raise InputError(
            f"Estimates cannot be stacked by {column!r}.",
            "At least one estimate, and a column that none of them has.",
        )
    units = {e.unit for e in parts}
    if len(units) > 1:
        raise UnitMismatch(
            f"Estimates in {' and '.join(sorted(units))} cannot be stacked.",
            remedy="Stack estimates of one unit.",
        )
    kinds = {e.draw_kind for e in parts} - {"point"}
    if len(kinds) > 1:
        raise UnitMismatch(
            f"Draws that stand for {' and '.join(sorted(kinds))} cannot share one array.",
            remedy="Stack estimates whose draws mean the same.",
        )
    widths = {e.draws.shape[1] for e in parts if e.draw_kind != "point"} or {1}
    if len(widths) > 1:
        raise UnitMismatch(
            f"{' and '.join(map(str, sorted(widths)))} draws cannot share one array.",
            remedy="Draw each the same number of times.",
        )
    cells = pl.concat(
        [e.cells.select(pl.lit(name).alias(column), pl.all()) for name, e in estimates.items()],
        how="diagonal_relaxed",
    )
    mixed = bool(kinds) and any(e.draw_kind == "point" or e.observed is not None for e in parts)
    blank = [kinds and e.draw_kind == "point" for e in parts]
    draws = [
        np.full((len(e.cells), max(widths)), np.nan) if unknown else e.draws
        for e, unknown in zip(parts, blank, strict=True)
    ]
    values = [e.summary()["value"].fill_null(np.nan).to_numpy() for e in parts] if mixed else []
    return replace(
        parts[0],
        cells=cells,
        draws=np.vstack(draws),
        observed=np.concatenate(values) if mixed else None,
        label=" / ".join(dict.fromkeys(e.label for e in parts)),
        variant="; ".join(dict.fromkeys(e.variant for e in parts if e.variant)),
        draw_kind=kinds.pop() if kinds else "point",
        range=(None, None),
        origins=unite(*(e.origins for e in parts)),
        methods=tuple(dict.fromkeys(m for e in parts for m in e.methods)),
        fingerprint="",
    )
