"""Panels: long tables with a declared unit of analysis, coverage and meaning of absence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import InitVar, dataclass, replace
from typing import Any, Self

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
from multivector.variable import NUMERIC_SYSTEMS, Key, Variable, year_ranges

_TIMES = {"year": pl.Int64, "date": pl.Date}


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
        With every problem at once: columns missing, undeclared or of the wrong type, null or
        repeated keys, values that are not finite or out of range, a table declared directed that
        holds each pair in one order only.

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
    trusted: InitVar[bool] = False

    def __post_init__(self, trusted: bool) -> None:
        """Check the table against its declaration, then order it."""
        if trusted:
            return
        problems = [*_schema_problems(self), *_key_problems(self), *_value_problems(self)]
        raise_all(f"This {self.key.name} table is not what it declares", problems)
        types = _key_types(self.key)
        keys = [pl.col(c).cast(types.get(c, self.frame.schema[c])) for c in self.key.columns]
        frame = self.frame.select(*keys, *(v.name for v in self.variables)).sort(self.key.columns)
        object.__setattr__(self, "frame", frame)

    # what is in it -----------------------------------------------------------------------------

    @property
    def provenance(self) -> tuple[Origin, ...]:
        """Every origin of the rows and of every column."""
        return unite(self.origins, *(v.origins for v in self.variables))

    @property
    def years(self) -> tuple[int, ...]:
        """Years that occur, ascending; none in a table without time."""
        if not {"year", "date"} & set(self.key.columns):
            return ()
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
        new = {self.variable(old).name: name for old, name in names.items()}
        kept = tuple(replace(v, name=new.get(v.name, v.name)) for v in self.variables)
        names_now = [*self.key.columns, *(v.name for v in kept)]
        twice = sorted({n for n in names_now if names_now.count(n) > 1})
        if twice:
            raise SchemaError(f"Two columns would be called {', '.join(twice)}.")
        return replace(self, frame=self.frame.rename(new), variables=kept, trusted=True)

    def sound(self, name: str) -> Self:
        """Return self with the known defects of variable *name* blanked out."""
        bad = [d.holds(self.key.columns) for d in self.variable(name).defects]
        if not bad:
            return self
        value = pl.when(~pl.any_horizontal(bad)).then(pl.col(name)).alias(name)
        return replace(self, frame=self.frame.with_columns(value), trusted=True)

    def covering(self, years: Iterable[int], *, variable: str) -> Self:
        """Return self if *variable* covers all *years*, else raise ``OutOfCoverage``.

        A variable in which time plays no part covers every year.
        """
        have = self.variable(variable).coverage.years
        lost = sorted(set(years) - set(have))
        if lost and have:
            raise OutOfCoverage(
                f"{variable} covers {year_ranges(have)}; you asked for {year_ranges(lost)} too.",
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
        """Add inherited origins and methods; ``run`` calls this, and only ``run``.

        What a step has read stands behind every row that it returns, whichever columns a later
        step selects.
        """
        del fingerprint
        works = tuple(dict.fromkeys((*methods, *self.methods)))
        return replace(self, origins=unite(self.origins, origins), methods=works, trusted=True)


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


def _key_types(key: Key) -> dict[str, Any]:
    """Return the type of each key column: numbers for numeric state systems, else text."""
    actor = pl.Int64 if key.system in NUMERIC_SYSTEMS else pl.String
    return {"state": actor, "partner": actor, **_TIMES}


def _key_problems(panel: Panel) -> list[MultivectorError]:
    frame, key = panel.frame, panel.key
    problems: list[MultivectorError] = []
    there = [c for c in key.columns if c in frame.columns]
    for column in there:
        dtype, wanted = frame.schema[column], _key_types(key).get(column)
        like = (wanted is pl.Int64 and dtype.is_integer()) or (
            wanted is pl.String and isinstance(dtype, pl.Categorical | pl.Enum)
        )
        if wanted and dtype not in {wanted(), pl.Null()} and not like:
            problems.append(
                SchemaError(f"Key column {column!r} is {dtype}.", f"{wanted} is needed.")
            )
        empty = frame[column].null_count()
        if empty:
            problems.append(SchemaError(f"Key column {column!r} is empty in {empty} rows."))
    if len(there) < len(key.columns):
        return problems
    twice = frame.filter(pl.struct(key.columns).is_duplicated())
    if len(twice):
        problems.append(
            SchemaError(
                f"{len(twice)} rows repeat a key, first {twice.row(0, named=True)}.",
                f"One row per {key.name} is possible.",
                "Aggregate the table, or key it by the column that tells the rows apart.",
            )
        )
    return problems + _direction_problems(panel)


def _value_problems(panel: Panel) -> list[MultivectorError]:
    problems: list[MultivectorError] = []
    for v in (v for v in panel.variables if v.name in panel.frame.columns):
        column, dtype = pl.col(v.name), panel.frame.schema[v.name]
        if dtype == pl.Null:
            continue
        numbers = v.numeric or v.codes or v.range != (None, None)
        if dtype == pl.Boolean:
            column = column.cast(pl.Int8)
        elif numbers and not dtype.is_numeric():
            problems.append(SchemaError(f"{v.name} is {dtype}.", f"Numbers, in {v.unit}."))
            continue
        low, high = v.range
        bad = pl.lit(value=False)
        if low is not None:
            bad |= column < low
        if high is not None:
            bad |= column > high
        if v.codes:
            bad |= ~column.is_in([c for c, _ in v.codes])
        if dtype.is_float():
            bad |= ~column.is_finite()
        wrong = panel.frame.filter(column.is_not_null() & bad)
        if len(wrong):
            allowed = f"codes {[c for c, _ in v.codes]}" if v.codes else f"range {v.range}"
            problems.append(
                SchemaError(
                    f"{v.name} has {len(wrong)} values it cannot have, first "
                    f"{wrong.row(0, named=True)}.",
                    f"Admissible: {allowed}, in {v.unit}; missing is null.",
                )
            )
    return problems


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
    alphabetical = len(both) > 2 and ordered in (0, len(both))
    if alphabetical or (len(both) > 9 and _acyclic(both)):
        return [
            SchemaError(
                f"None of the {len(both)} pairs of a directed table that could stand in both "
                "orders does: half of the dyads are not there.",
                "A directed table holds both orders.",
                "Declare the key undirected and call mirrored() if the relation is symmetric.",
            )
        ]
    return []


def _acyclic(pairs: pl.DataFrame) -> bool:
    """Whether some order of the actors puts every state before its partner.

    So it is when a producer lists each pair once, sorted by a code that is not ours.
    """
    left = -1
    while len(pairs) != left:
        left = len(pairs)
        pairs = pairs.filter(pl.col("state").is_in(pairs["partner"].unique().implode()))
    return left == 0
