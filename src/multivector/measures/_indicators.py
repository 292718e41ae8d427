"""Indicators and pillars as records, and the table of units by indicators behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl

from multivector.choices import Record
from multivector.errors import (
    InputError,
    KeyMismatch,
    MultivectorError,
    UnitMismatch,
    UnknownName,
    raise_all,
)
from multivector.estimate import Estimate
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.quantity import DrawKind
from multivector.stats.composite import Aggregation, Rows
from multivector.stats.imputation import denominate, hot_deck, screen
from multivector.stats.summaries import Floats

HANDBOOK = Citation(
    "oecd2008",
    "book",
    "{OECD} and {European Commission Joint Research Centre}",
    "Handbook on Constructing Composite Indicators: Methodology and User Guide",
    2008,
    "OECD Publishing",
    doi="10.1787/9789264043466-en",
)


@dataclass(frozen=True, kw_only=True)
class Indicator(Record):
    """One indicator: a column, what is good, and where it hangs.

    Parameters
    ----------
    column
        Column of a table; for an estimate, the name of its measure.
    direction
        1 if higher is better, −1 if lower is.
    unit
        Unit of measure; where the table declares one, the two must agree.
    denominator
        Column that the values are divided by; empty for none.
    weight, parent
        Weight among those with the same parent, and the pillar; empty for the index itself.
    low, high, target
        Goalposts and target in the indicator's (denominated) unit.
    points
        Points that each expert gave it (budget allocation).
    """

    column: str
    direction: Literal[1, -1] = 1
    unit: str = ""
    denominator: str = ""
    weight: float = 1.0
    parent: str = ""
    low: float | None = None
    high: float | None = None
    target: float | None = None
    points: tuple[float, ...] = ()

    @property
    def called(self) -> str:
        """Its name where results speak of it."""
        return self.column


@dataclass(frozen=True, kw_only=True)
class Pillar(Record):
    """A node between indicators and index; without an aggregation it takes that of the index."""

    name: str
    parent: str = ""
    weight: float = 1.0
    aggregation: Aggregation | None = None
    points: tuple[float, ...] = ()

    @property
    def called(self) -> str:
        """Its name where results speak of it."""
        return self.name


@dataclass(frozen=True)
class Tabled:
    """Denominated indicators as an array (draws, rows, indicators) with what the rows are.

    ``observed`` is (rows, indicators) where the draws of an input resample a record.
    """

    cells: pl.DataFrame
    rows: Rows
    draws: Floats
    observed: Floats | None
    kind: DrawKind
    units: tuple[str, ...]

    def unit(self, name: str) -> int:
        """Return the number of the unit called *name*."""
        if name not in self.units:
            raise UnknownName("unit", name, self.units)
        return self.units.index(name)


@dataclass(frozen=True)
class _Column:
    """One column of an input: its keys, values (rows × draws), or text."""

    keys: pl.DataFrame
    draws: Floats
    observed: Floats | None
    kind: DrawKind
    unit: str
    text: pl.Series | None = None

    def at(self, cells: pl.DataFrame, values: Floats) -> Floats:
        """Return values (rows, …) at other cells, NaN where this input has no row."""
        place = self.keys.with_row_index("__place")
        joined = cells.join(place, on=cells.columns, how="left", maintain_order="left")["__place"]
        found = joined.fill_null(0).to_numpy()
        missing = joined.is_null().to_numpy()
        result = values[found].astype(np.float64)
        result[missing] = np.nan
        return result


def tabulate(
    inputs: Sequence[Panel | Estimate],
    names: Sequence[str],
    indicators: Sequence[Indicator],
    *,
    group: str,
    imputations: int,
    seed: int,
    known: float = 0.0,
) -> Tabled:
    """Join panels and estimates of one unit of analysis into a table of indicators.

    Rows are those that any input has; a cell that an input does not have is missing. With
    *imputations*, missing cells are drawn by hot deck within year and group; rows with a smaller
    share of indicators than *known* are blank then, and no donors.
    """
    keys = sorted({tuple(_key(v)) for v in inputs})
    if len({tuple(sorted(k)) for k in keys}) > 1:
        cells = [f"({', '.join(k)})" for k in keys]
        raise KeyMismatch(
            f"The tables have cells {' and '.join(cells)}.",
            "All tables of an index have the same unit of analysis.",
        )
    key = list(keys[0])
    columns = _columns(inputs, names, key)
    raise_all("The indicators do not fit the tables", list(_misfits(columns, indicators, group)))
    wanted = [c for i in indicators for c in (i.column, i.denominator) if c]
    used = {n: columns[n] for n in dict.fromkeys(wanted)}
    cells = pl.concat([c.keys for c in used.values()]).unique().sort(key)
    rows, units = _rows(cells, key, columns[group] if group else None)
    kind, size = _draws_of(used.values(), imputations)

    def table(values: Mapping[str, Floats]) -> Floats:
        parts = [
            denominate(values[i.column], values[i.denominator])
            if i.denominator
            else values[i.column]
            for i in indicators
        ]
        return np.stack(parts, axis=-1)

    draws = table(
        {n: np.broadcast_to(c.at(cells, c.draws).T, (size, len(cells))) for n, c in used.items()}
    )
    observed = None
    if any(c.observed is not None for c in used.values()):
        best = {n: np.nanmedian(c.draws, axis=1) if c.observed is None else c.observed
                for n, c in used.items()}  # fmt: skip
        observed = table({n: used[n].at(cells, v) for n, v in best.items()})
    if imputations and np.isnan(draws).any():
        like = _alike(rows)
        kept = screen(draws, known).kept[..., None]
        draws = np.where(kept, draws, np.nan)
        draws = (
            hot_deck(draws[0], like, draws=imputations, seed=seed)
            if size == 1
            else np.concatenate(
                [hot_deck(d, like, draws=1, seed=seed + n) for n, d in enumerate(draws)]
            )
        )
        draws = np.where(kept, draws, np.nan)
    return Tabled(cells, rows, draws, observed, kind, units)


def _draws_of(used: Iterable[_Column], imputations: int) -> tuple[DrawKind, int]:
    """Return what the draws of a table stand for and how many there are."""
    drawn = [c for c in used if c.kind != "point"]
    kinds: set[DrawKind] = {c.kind for c in drawn}
    widths = {c.draws.shape[1] for c in drawn}
    if len(kinds | ({"posterior"} if imputations else set())) > 1 or len(widths) > 1:
        what = " and ".join(sorted(kinds | ({"posterior (imputed)"} if imputations else set())))
        raise UnitMismatch(
            f"Draws that stand for {what}, {sorted(widths)} in number, cannot be paired.",
            "An index takes inputs whose draws mean the same and are as many.",
        )
    blank: DrawKind = "posterior" if imputations else "point"
    return (kinds.pop() if kinds else blank), (widths.pop() if widths else 1)


def _key(value: Panel | Estimate) -> list[str]:
    return list(value.key if isinstance(value, Estimate) else value.key.columns)


def _columns(
    inputs: Sequence[Panel | Estimate], names: Sequence[str], key: list[str]
) -> dict[str, _Column]:
    """Return every column by name; of two with one name the second gets ``_2`` and so on."""
    found: dict[str, _Column] = {}

    def add(name: str, column: _Column) -> None:
        number = next(n for n in range(1, len(found) + 2) if _numbered(name, n) not in found)
        found[_numbered(name, number)] = column

    for value, name in zip(inputs, names, strict=True):
        if isinstance(value, Estimate):
            keys = value.cells.select(key)
            add(name, _Column(keys, value.draws, value.observed, value.draw_kind, value.unit))
            continue
        for v in value.variables:
            frame = value.sound(v.name).frame
            series, keys = frame[v.name], frame.select(key)
            if v.numeric and series.dtype.is_numeric():
                x = series.cast(pl.Float64).fill_null(np.nan).to_numpy()
                add(v.name, _Column(keys, x[:, None], None, "point", v.unit))
            else:
                blank = np.full((len(keys), 1), np.nan)
                text = series.cast(pl.String)
                add(v.name, _Column(keys, blank, None, "point", v.unit, text))
    return found


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_{number}"


def _misfits(
    columns: Mapping[str, _Column], indicators: Sequence[Indicator], group: str
) -> Iterable[MultivectorError]:
    for i in indicators:
        for name in filter(None, (i.column, i.denominator)):
            if name not in columns:
                yield UnknownName("column", name, columns, where=f"indicator {i.column}")
            elif (text := columns[name].text) is not None:
                yield InputError(
                    f"Column {name!r} holds text, such as {next(iter(text.drop_nulls()), '')!r}.",
                    "An indicator needs numbers.",
                    "Write missing cells as NA or leave them empty.",
                )
        declared = columns[i.column].unit if i.column in columns else ""
        if i.unit and declared and not i.denominator and i.unit != declared:
            yield UnitMismatch(f"{i.column} is in {declared}, not in {i.unit}.")
    if group and group not in columns:
        yield UnknownName("column", group, columns, where="group")


def _rows(
    cells: pl.DataFrame, key: list[str], group: _Column | None
) -> tuple[Rows, tuple[str, ...]]:
    """Return unit, year and group of each row as numbers, and the units' names."""
    who = [c for c in key if c != "year"]
    named = cells.select(pl.concat_str(pl.col(who).cast(pl.String), separator=" ").alias("u"))["u"]
    units = tuple(dict.fromkeys(named))
    number = {u: n for n, u in enumerate(units)}
    unit = np.array([number[u] for u in named], dtype=np.intp)
    year = cells["year"].to_numpy() if "year" in key else np.zeros(len(cells))
    label = np.zeros(len(cells), dtype=np.intp)
    if group is not None:
        joined = cells.join(
            group.keys.with_columns(pl.Series("__group", _texts(group))),
            on=key, how="left", maintain_order="left",
        )["__group"].fill_null("")  # fmt: skip
        known = {g: n for n, g in enumerate(sorted(set(joined)))}
        label = np.array([known[g] for g in joined], dtype=np.intp)
    return Rows(unit, year.astype(np.intp), label), units


def _texts(column: _Column) -> list[str]:
    if column.text is not None:
        return column.text.fill_null("").to_list()
    return [f"{v:g}" for v in column.draws[:, 0]]


def _alike(rows: Rows) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Return a number for each group in each year."""
    pairs = np.stack([rows.year, rows.group])
    return np.unique(pairs, axis=1, return_inverse=True)[1].ravel()
