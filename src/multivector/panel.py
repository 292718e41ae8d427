"""Panels: long tables with a declared unit of analysis, coverage and meaning of absence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import polars as pl

from multivector.errors import (
    MultivectorError,
    OutOfCoverage,
    SchemaError,
    UnknownName,
    raise_all,
)
from multivector.export import Exportable
from multivector.origin import Citation, Origin, unite
from multivector.variable import Key, Variable, year_ranges


@dataclass(frozen=True)
class Panel(Exportable):
    """A long table keyed by a unit of analysis, unique and sorted on it by construction.

    Parameters
    ----------
    frame
        The key columns, then one column per variable. Missing values are null, never zero.
    variables
        One declaration per non-key column.
    origins, methods
        Reasons to believe the rows themselves, and works whose methods made them.

    Raises
    ------
    SchemaError
        With every problem at once: columns missing or undeclared, null or repeated keys, values
        out of range, a table declared directed that holds each pair in one order only.

    Examples
    --------
    >>> from multivector.variable import STATE_YEAR, Coverage, span
    >>> gdp = Variable("gdp_usd", "GDP", "current USD", Coverage(span(2019, 2020)))
    >>> Panel(pl.DataFrame({"state": ["KAZ"], "year": [2019], "gdp_usd": [1.8e11]}),
    ...       STATE_YEAR, (gdp,)).years
    (2019,)
    """

    frame: pl.DataFrame
    key: Key
    variables: tuple[Variable, ...]
    origins: tuple[Origin, ...] = ()
    methods: tuple[Citation, ...] = ()
    trusted: bool = field(default=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the table against its declaration, then order it."""
        if self.trusted:
            return
        raise_all(f"This {self.key.name} table is not what it declares", _schema_problems(self))
        names = [*self.key.columns, *(v.name for v in self.variables)]
        frame = self.frame.select(names).sort(self.key.columns)
        object.__setattr__(self, "frame", frame)
        raise_all(f"This {self.key.name} table is not what it declares", _row_problems(self))

    # what is in it -----------------------------------------------------------------------------

    @property
    def provenance(self) -> tuple[Origin, ...]:
        """Every origin of the rows and of every column."""
        return unite(self.origins, *(v.origins for v in self.variables))

    @property
    def years(self) -> tuple[int, ...]:
        """Years that occur, ascending."""
        time = pl.col("year") if "year" in self.key.columns else pl.col("date").dt.year()
        return tuple(self.frame.select(time.unique().sort()).to_series().to_list())

    def variable(self, name: str) -> Variable:
        """Return the declaration of column *name*."""
        for variable in self.variables:
            if variable.name == name:
                return variable
        raise UnknownName("variable", name, [v.name for v in self.variables], where=str(self.key))

    def select(self, *names: str) -> Self:
        """Keep only the named variables, and only their origins."""
        kept = tuple(self.variable(name) for name in names)
        frame = self.frame.select(*self.key.columns, *names)
        return replace(self, frame=frame, variables=kept, trusted=True)

    def where(self, *conditions: pl.Expr) -> Self:
        """Keep the rows that satisfy every condition; coverage and origins stay as declared."""
        return replace(self, frame=self.frame.filter(*conditions), trusted=True)

    def rename(self, names: Mapping[str, str]) -> Self:
        """Give variables other names."""
        kept = tuple(replace(v, name=names.get(v.name, v.name)) for v in self.variables)
        return replace(self, frame=self.frame.rename(dict(names)), variables=kept, trusted=True)

    def sound(self, name: str) -> Self:
        """Return self with the known defects of variable *name* blanked out."""
        bad = [d.holds(self.key.columns) for d in self.variable(name).defects]
        if not bad:
            return self
        value = pl.when(~pl.any_horizontal(bad)).then(pl.col(name)).alias(name)
        return replace(self, frame=self.frame.with_columns(value), trusted=True)

    def covering(self, years: Iterable[int], *, variable: str) -> Self:
        """Return self if *variable* covers all *years*, else raise ``OutOfCoverage``."""
        have = self.variable(variable).coverage.years
        lost = sorted(set(years) - set(have))
        if lost:
            raise OutOfCoverage(
                f"{variable} covers {year_ranges(have)}; you asked for {year_ranges(lost)} as well.",
                f"Nearest year covered: {min(have, key=lambda y: abs(y - lost[0]))}.",
                "Restrict the years, or feed a source that covers them.",
            )
        return self

    # travel ------------------------------------------------------------------------------------

    def to_polars(self) -> pl.DataFrame:
        """Return the table."""
        return self.frame

    def with_provenance(
        self, origins: Iterable[Origin], methods: Iterable[Citation], fingerprint: str
    ) -> Self:
        """Add inherited origins and methods; ``run`` calls this, and only ``run``."""
        del fingerprint
        new = [o for o in unite(origins) if o not in set(self.provenance)]
        works = tuple(dict.fromkeys((*methods, *self.methods)))
        return replace(self, origins=unite(self.origins, new), methods=works, trusted=True)


def _schema_problems(panel: Panel) -> list[MultivectorError]:
    have = set(panel.frame.columns)
    need = [*panel.key.columns, *(v.name for v in panel.variables)]
    problems: list[MultivectorError] = [
        SchemaError(f"Column {name!r} is declared but not in the table.", f"It has {sorted(have)}.")
        for name in need
        if name not in have
    ]
    problems += [
        SchemaError(
            f"Column {name!r} is not declared.", remedy="Declare it as a Variable or drop it."
        )
        for name in panel.frame.columns
        if name not in need
    ]
    if len(set(need)) < len(need):
        problems.append(SchemaError(f"A column is declared twice among {need}."))
    return problems


def _row_problems(panel: Panel) -> list[MultivectorError]:
    frame, key = panel.frame, panel.key
    problems: list[MultivectorError] = []
    for column in key.columns:
        empty = frame[column].null_count()
        if empty:
            problems.append(SchemaError(f"Key column {column!r} is empty in {empty} rows."))
    twice = frame.filter(pl.struct(key.columns).is_duplicated())
    if len(twice):
        problems.append(
            SchemaError(
                f"{len(twice)} rows repeat a key, first {twice.row(0, named=True)}.",
                f"One row per {key.name} is possible.",
                "Aggregate the table, or key it by the column that tells the rows apart.",
            )
        )
    for v in panel.variables:
        low, high = v.range
        bad = pl.lit(value=False)
        column = pl.col(v.name)
        if low is not None:
            bad |= column < low
        if high is not None:
            bad |= column > high
        if v.codes:
            bad |= ~column.is_in([c for c, _ in v.codes])
        if frame.schema[v.name].is_float():
            bad |= column.is_nan()
        wrong = frame.filter(column.is_not_null() & bad)
        if len(wrong):
            allowed = f"codes {[c for c, _ in v.codes]}" if v.codes else f"range {v.range}"
            problems.append(
                SchemaError(
                    f"{v.name} has {len(wrong)} values it cannot have, first "
                    f"{wrong.row(0, named=True)}.",
                    f"Admissible: {allowed}, in {v.unit}; missing is null.",
                )
            )
    return problems + _direction_problems(panel)


def _direction_problems(panel: Panel) -> list[MultivectorError]:
    """Find tables whose direction is not as declared.

    A producer's "directed" file that lists each pair once has lost half of its rows, and every
    figure for the second state with them. Only actors that occur on both sides can show this.
    """
    if not panel.key.dyadic or panel.frame.is_empty():
        return []
    state, partner = pl.col("state"), pl.col("partner")
    if not panel.key.directed:
        wrong = int(panel.frame.select((state >= partner).sum()).item())
        return [
            SchemaError(
                f"{wrong} rows of an undirected table have state after partner (or equal to it).",
                "An undirected pair is stored once, in alphabetical order.",
                "Sort the pair when reading.",
            )
        ] * bool(wrong)
    pairs = panel.frame.select("state", "partner").unique()
    sides = set(pairs["state"]) & set(pairs["partner"])
    both = pairs.filter(state.is_in(sides), partner.is_in(sides), state != partner)
    ordered = int(both.select((state < partner).sum()).item())
    if len(both) > 1 and ordered in (0, len(both)):
        return [
            SchemaError(
                f"All {len(both)} pairs of a directed table have state "
                f"{'before' if ordered else 'after'} partner: half of the dyads are not there.",
                "A directed table holds both orders.",
                "Declare the key undirected and call mirrored() if the relation is symmetric.",
            )
        ]
    return []
