"""Steps that put tables together: a universe with additions, and a choice of columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

from multivector.errors import InputError, MultivectorError
from multivector.joins import join, undirected
from multivector.panel import Panel
from multivector.step import Inputs, Step

Rule = Literal["", "max", "either", "mean", "min", "both"]


@dataclass(frozen=True)
class With(Step[Panel]):
    """A table with the variables of other tables added to its rows.

    Each addition is joined by the rules of :func:`multivector.joins.join`: no row is added or
    lost; inside a variable's coverage an absent row takes its declared meaning, outside it the
    value is missing. A table that speaks of one state is joined to a dyadic table twice, and its
    columns end in ``_state`` and ``_partner``. An undirected table is found from both orders of a
    pair; a directed one is added to undirected rows only by a named rule.

    Parameters
    ----------
    base
        The table whose rows are kept, such as ``DyadYears()``.
    add
        The tables to add, in the same system of states (see :class:`Recode`).
    coverage
        Whether to warn (``warn``) of rows that lie outside a variable's coverage.
    collapse
        How a directed addition becomes undirected where the base is (``max``, ``either``,
        ``mean``, ``min``, ``both``); empty refuses.

    Examples
    --------
    >>> from multivector.panels.universes import DyadYears, StateYears
    >>> from multivector.runner import run
    >>> run(With(DyadYears("cow", (1991, 1991)), (StateYears("cow"),))).variables
    ()
    """

    name: ClassVar = "with"

    base: Step[Panel]
    add: tuple[Step[Panel], ...] = ()
    coverage: Literal["partial", "warn"] = "partial"
    collapse: Rule = ""

    def compute(self, get: Inputs) -> Panel:
        """Join one addition after the other."""
        panel = get(self.base)
        for step in self.add:
            panel = self._added(panel, get(step))
        return panel

    def _added(self, panel: Panel, other: Panel) -> Panel:
        here, there = panel.key, other.key
        if here.dyadic and not there.dyadic and "state" in there.columns:
            panel = join(panel, other, side="state", coverage=self.coverage)
            return join(panel, other, side="partner", coverage=self.coverage)
        if self.collapse and there.dyadic and there.directed and not here.directed:
            other = undirected(other, self.collapse)
        return join(panel, other, coverage=self.coverage)


@dataclass(frozen=True)
class Columns(Step[Panel]):
    """A table with some of its variables only, under other names where they are given.

    Parameters
    ----------
    panel
        The table.
    variables
        The variables to keep, in this order.
    names
        Their new names, as many; none keeps the names.

    Examples
    --------
    >>> from multivector.runner import run
    >>> from multivector.sources.baci import Baci
    >>> from multivector.settings import Settings
    >>> table = Columns(Baci(layout="casebook"), ("exports_kusd",), ("sold_kusd",))
    >>> [v.name for v in run(table).variables]
    ['sold_kusd']
    """

    name: ClassVar = "columns"

    panel: Step[Panel]
    variables: tuple[str, ...]
    names: tuple[str, ...] = ()

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a list of names that does not fit the variables."""
        if self.names and len(self.names) != len(self.variables):
            yield InputError(
                f"{len(self.names)} names for {len(self.variables)} variables.",
                "Give as many names as variables, or none.",
            )
        for twice in {v for v in self.variables if self.variables.count(v) > 1}:
            yield InputError(f"{twice!r} is asked for twice.")

    def compute(self, get: Inputs) -> Panel:
        """Select, then rename."""
        kept = get(self.panel, *self.variables).select(*self.variables)
        return kept.rename(dict(zip(self.variables, self.names, strict=False)))
