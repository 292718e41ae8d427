"""Trade of every state with every other, year by year, as one side or both sides report it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import polars as pl

from multivector import states
from multivector.errors import InputError, KeyMismatch, OutOfCoverage, UnitMismatch
from multivector.panel import Panel
from multivector.stats.dependence import recorded_total
from multivector.variable import REPORTED_DYAD_YEAR, Coverage, Variable, year_ranges

View = Literal["reconciled", "reporter", "mirror"]
Views = Literal["reconciled", "reporter", "mirror", "each"]
Flow = Literal["total", "exports", "imports"]
FLOWS: tuple[Flow, ...] = ("total", "exports", "imports")
Floats = np.ndarray[Any, np.dtype[np.float64]]
WORDS: dict[str, str] = {
    "reconciled": "one reconciled value a flow",
    "reporter": "as the state itself reports, exports FOB and imports CIF",
    "mirror": "as its partners report, their imports CIF and exports FOB",
}
_TELLS: dict[View, tuple[int, ...]] = {"reconciled": (1, 2), "reporter": (1,), "mirror": (2,)}
"""Whose totals a row enters: a report its reporter's, in the mirror its partner's."""
_SCALES = {"thousand ": 1e3, "million ": 1e6, "billion ": 1e9}


@dataclass(frozen=True)
class Ledger:
    """Exports and imports by year, state and partner; NaN = not recorded, never zero.

    ``exports[t, i, j]`` is what i sold to j in year t, ``imports[t, i, j]`` what i bought from j,
    in ``unit``, both as the view of i has them. ``spoilt`` (years × states) marks totals that a
    known defect leaves unknown. ``complete`` names the states all of whose partners are there;
    None stands for all. ``totals`` (exports and imports, years × states) are used for the others.
    ``remark`` says what holds for every figure of the view.
    """

    states: tuple[str, ...]
    years: tuple[int, ...]
    exports: Floats
    imports: Floats
    unit: str
    spoilt: np.ndarray[Any, np.dtype[np.bool_]]
    complete: frozenset[str] | None = None
    totals: dict[str, Floats] = field(default_factory=dict)
    notes: dict[tuple[str, int], str] = field(default_factory=dict)
    remark: str | None = None

    def flow(self, which: Flow) -> Floats:
        """Return exports, imports, or their sum, missing only where neither is recorded."""
        if which != "total":
            return self.exports if which == "exports" else self.imports
        both = np.stack([self.exports, self.imports])
        return recorded_total(both, axis=0)

    def inside(self, actor: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Whether each state belongs to *actor* at the end of each year (years × states)."""
        known = np.array(self.states)
        if not states.is_group(actor):
            return np.repeat((known == actor)[None], len(self.years), axis=0)
        return np.stack([np.isin(known, states.members(actor, y)) for y in self.years])

    def between(self, actor: str, partner: str, which: Flow) -> Floats:
        """Return trade of *actor* with *partner* by year, summed over members of blocs."""
        table = self.flow(which)
        ours, theirs = self.inside(actor), self.inside(partner)
        pairs = [
            recorded_total(table[t][np.ix_(ours[t], theirs[t])].ravel())
            for t in range(len(self.years))
        ]
        return np.array(pairs, dtype=np.float64)

    def partners(self, actor: str, which: Flow) -> Floats:
        """Return trade of one state with each other state (years × states)."""
        table = self.flow(which)[:, self._at(actor)].copy()
        table[:, self._at(actor)] = np.nan
        return table

    def total(self, actor: str, which: Flow) -> Floats:
        """Return all recorded trade of *actor* by year, without trade inside a bloc.

        NaN where a defect spoils it, and for actors of whom the table holds only some partners
        and no total is published. The sum of both flows is known where each of them is.
        """
        if which == "total":
            return self.total(actor, "exports") + self.total(actor, "imports")
        result = np.full(len(self.years), np.nan)
        table, inside = self.flow(which), self.inside(actor)
        for t in range(len(self.years)):
            ours = inside[t]
            members = {s for s, in_ in zip(self.states, ours, strict=True) if in_}
            if not members or self.spoilt[t][ours].any():
                continue
            if self.complete is None or members <= self.complete:
                result[t] = recorded_total(table[t][np.ix_(ours, ~ours)].ravel())
            elif len(members) == 1 and self.totals:
                result[t] = float(self.totals[which][t][ours][0])
        return result

    def world(self, which: Literal["exports", "imports"]) -> Floats:
        """Return the sum of all states' exports or imports by year."""
        if self.totals:
            return recorded_total(self.totals[which])
        if self.complete is not None:
            return np.full(len(self.years), np.nan)
        return recorded_total(self.flow(which).reshape(len(self.years), -1))

    def since_first_record(self, actor: str) -> Ledger:
        """Return the ledger without the years before the first in which *actor* has any record."""
        at = self._at(actor)
        there = np.isfinite(self.exports[:, at]).any(axis=1)
        there |= np.isfinite(self.imports[:, at]).any(axis=1)
        first = int(np.argmax(there))
        return replace(
            self,
            years=self.years[first:],
            exports=self.exports[first:],
            imports=self.imports[first:],
            spoilt=self.spoilt[first:],
            totals={f: t[first:] for f, t in self.totals.items()},
        )

    def note(self, actor: str, year: int) -> str | None:
        """Return what is known to be wrong with the actor's figures of that year."""
        return self.notes.get((actor, year), self.remark)

    def _at(self, actor: str) -> int:
        if actor not in self.states:
            raise OutOfCoverage(f"{actor} does not occur in the trade table.")
        return self.states.index(actor)


def read_ledger(
    panel: Panel, view: View, years: tuple[int, int] | None = None, totals: Panel | None = None
) -> Ledger:
    """Arrange a table of trade as a Ledger.

    A directed dyad-year table of exports is the reconciled view; a table keyed by reporter gives
    the reporter's view (what each state says of its own trade) and the mirror (what its partners
    say of it).

    Raises
    ------
    KeyMismatch
        When the table has no such view.
    OutOfCoverage
        When it lacks some of the years.
    """
    reported = panel.key == REPORTED_DYAD_YEAR
    if "year" not in panel.key.columns or "partner" not in panel.key.columns:
        raise KeyMismatch(f"{panel.key} holds no trade by pair and year.")
    if reported == (view == "reconciled"):
        raise KeyMismatch(
            f"A table keyed by {panel.key.name} has no view {view!r}.",
            "Reported tables have the views reporter and mirror, reconciled ones only that.",
            "Give a reported table as reports=, a reconciled one as trade=.",
        )
    columns = {f: _column(panel, f) for f in (("exports", "imports") if reported else ("exports",))}
    found = {f: v for f, v in columns.items() if v is not None}
    if not found:
        raise KeyMismatch(f"{panel.key} has no column of exports or imports in money.")
    first = next(iter(found.values()))
    when = wanted_years(years, first.coverage)
    frame = panel.frame.filter(pl.col("year").is_in(when))
    actors = pl.concat([frame["state"], frame["partner"]]).unique().sort()
    extra = () if totals is None else totals.frame["state"].unique()
    names = tuple(sorted({*actors, *extra}))
    arrays: dict[str, Floats] = {}
    spoilt = np.zeros((len(when), len(names)), dtype=bool)
    notes: dict[tuple[str, int], str] = {}
    for flow, variable in found.items():
        arrays[flow], bad = _dense(
            panel.where(pl.col("year").is_in(when)), variable, names, when, _TELLS[view]
        )
        spoilt |= bad
        for defect in variable.defects:
            told = ((s, y) for s in defect.states for y in defect.years if y in when and s in names)
            notes.update(
                {(s, y): defect.note for s, y in told if bad[when.index(y), names.index(s)]}
            )
    blank = np.full((len(when), len(names), len(names)), np.nan)
    sold = arrays.get("exports", blank)
    bought = arrays.get("imports", blank) if reported else np.swapaxes(sold, 1, 2)
    if view == "mirror":
        sold, bought = np.swapaxes(bought, 1, 2), np.swapaxes(sold, 1, 2)
    cover = first.coverage.states
    few = cover if cover is not None and view == "mirror" else ()
    sums = {} if totals is None else _totals(totals, names, when)
    return Ledger(
        names,
        when,
        sold,
        bought,
        _currency(first.unit),
        spoilt,
        frozenset() if few else None if cover is None else frozenset(map(str, cover)),
        sums,
        notes,
        _few(few),
    )


def _few(reporters: Sequence[object]) -> str | None:
    """Say that in the mirror of a few reporters no state has a total."""
    if not reporters:
        return None
    named = ", ".join(map(str, reporters[:5])) + (" …" if len(reporters) > 5 else "")
    return f"The table holds reports of {named} only, so no total of the mirror is known."


def state_values(panel: Panel, names: Sequence[str], years: Sequence[int]) -> Floats:
    """Return the first variable of a state-year table as years × states, in single units.

    An absent or blank row is NaN.
    """
    variable = panel.variables[0]
    result = np.full((len(years), len(names)), np.nan)
    rows = panel.sound(variable.name).frame.filter(
        pl.col("year").is_in(years), pl.col("state").is_in(names)
    )
    at = {n: k for k, n in enumerate(names)}
    row = {y: k for k, y in enumerate(years)}
    unit = money_scale(variable.unit)
    for state, year, value in rows.select("state", "year", variable.name).iter_rows():
        result[row[year], at[state]] = np.nan if value is None else value * unit
    return result


def wanted_years(asked: tuple[int, int] | None, cover: Coverage) -> tuple[int, ...]:
    """Return the years asked for, all of them covered; by default every year covered."""
    if asked is None:
        return tuple(cover.years)
    if asked[0] > asked[1]:
        raise InputError(f"years {asked[0]}:{asked[1]} runs backwards.")
    wanted = tuple(range(asked[0], asked[1] + 1))
    inside = tuple(y for y in wanted if y in cover.years)
    if len(inside) < len(wanted):
        raise OutOfCoverage(
            f"The trade table covers {year_ranges(cover.years)}; {asked[0]}–{asked[1]} was asked.",
            f"Inside: {year_ranges(inside) or 'none of these years'}.",
            "Restrict the years, or fetch a longer release.",
        )
    return wanted


def reported_column(panel: Panel, flow: str) -> Variable:
    """Return the variable that holds *flow* in money, or raise ``KeyMismatch``."""
    found = _column(panel, flow)
    if found is None:
        raise KeyMismatch(f"{panel.key} has no column of {flow} in money.")
    return found


def _column(panel: Panel, flow: str) -> Variable | None:
    """Return the variable that holds *flow* in money."""
    for v in panel.variables:
        if v.name.startswith(flow) and any(money in v.unit for money in ("USD", "EUR")):
            return v
    return None


def _dense(
    panel: Panel,
    variable: Variable,
    names: tuple[str, ...],
    years: tuple[int, ...],
    tells: tuple[int, ...],
) -> tuple[Floats, np.ndarray[Any, np.dtype[np.bool_]]]:
    """Return the variable as years × states × partners, and the totals that defects spoil.

    *tells* are the sides (1 state, 2 partner) whose totals are made of a row.
    """
    shape = (len(years), len(names), len(names))
    ids = {n: k for k, n in enumerate(names)}
    frame = panel.sound(variable.name).frame.filter(pl.col("state") != pl.col("partner"))
    raw = panel.frame.filter(pl.col("state") != pl.col("partner"))[variable.name]
    at = tuple(
        frame[c].replace_strict(m, return_dtype=pl.Int64).to_numpy()
        for c, m in (
            ("year", {y: k for k, y in enumerate(years)}),
            ("state", ids),
            ("partner", ids),
        )
    )
    result = np.full(shape, np.nan)
    values = frame[variable.name].cast(pl.Float64)
    result[at] = values.fill_null(float("nan")).to_numpy() * money_scale(variable.unit)
    lost = (values.is_null() & raw.is_not_null()).to_numpy()
    spoilt = np.zeros(shape[:2], dtype=bool)
    for side in tells:
        spoilt[at[0][lost], at[side][lost]] = True
    return result, spoilt


def _totals(panel: Panel, names: tuple[str, ...], years: tuple[int, ...]) -> dict[str, Floats]:
    found = {f: _column(panel, f) for f in ("exports", "imports")}
    return {
        f: state_values(panel.select(v.name), names, years)
        for f, v in found.items()
        if v is not None
    }


def _currency(unit: str) -> str:
    return "EUR" if "EUR" in unit else "USD"


def money_scale(unit: str) -> float:
    """Return how many single units of money the unit of a column stands for."""
    return next((f for word, f in _SCALES.items() if unit.startswith(word)), 1.0)


def need_usd(ledger: Ledger, unit: str) -> None:
    """Raise unless trade and output are in the same currency."""
    if ledger.unit not in unit:
        raise UnitMismatch(
            f"Trade in {ledger.unit} cannot be set against output in {unit}.",
            remedy="Give both in one currency.",
        )
