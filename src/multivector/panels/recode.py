"""Recoding: a table in another system of state codes, without silent merges."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import polars as pl

from multivector import states
from multivector.errors import (
    KeyMismatch,
    MultivectorError,
    MultivectorWarning,
    SchemaError,
    UnknownName,
    raise_all,
)
from multivector.joins import swapped
from multivector.origin import OWN, Origin
from multivector.panel import Panel
from multivector.step import Inputs, Step
from multivector.variable import NUMERIC_SYSTEMS, Coverage, Defect

CodeSystem = Literal["iso3", "cow", "gw"]
_SIDES = ("state", "partner")


@dataclass(frozen=True)
class Recode(Step[Panel]):
    """A table with its states named in another system, each code in its own year.

    ``iso3`` are the ids of this package, ``cow`` and ``gw`` the numbers of the Correlates of War
    project and of Gleditsch and Ward. A code means the state that bore it on 31 December of the
    year, else the last that did. Where one system sees two states in a year and the other one (in
    1990 Germany is 260, from 3 October 255, in COW; DEU all year), two rows would become one.

    Parameters
    ----------
    panel
        The table.
    system
        The system wanted.
    merge
        ``last`` keeps the rows of the code that is valid on 31 December, with a warning and a note
        among the origins; ``refuse`` raises an error that lists the merges.
    unmatched
        ``refuse`` raises an error for a code that stands for no state, or for none of the other
        system; ``drop`` leaves its rows out, with a warning.

    Examples
    --------
    >>> from multivector.panels.universes import StateYears
    >>> from multivector.runner import run
    >>> run(Recode(StateYears("cow", (2020, 2020)), "iso3")).frame["state"].to_list()[:3]
    ['AFG', 'AGO', 'ALB']
    """

    name: ClassVar = "recode"

    panel: Step[Panel]
    system: CodeSystem
    merge: Literal["last", "refuse"] = "last"
    unmatched: Literal["refuse", "drop"] = "refuse"

    def compute(self, get: Inputs) -> Panel:
        """Recode both sides, settle merges, and put undirected pairs in order again."""
        panel = get(self.panel)
        if panel.key.system == self.system:
            return panel
        sides = [c for c in _SIDES if c in panel.key.columns]
        if not sides:
            raise KeyMismatch(f"{panel.key} has no states to recode.")
        table = _table(panel, sides, self.system, drop=self.unmatched == "drop")
        table = self._settle(table, panel.key.system)
        frame, time = panel.frame, _time(panel)
        for side in sides:
            named = table.rename({"code": side, "new": f"__{side}"})
            frame = frame.with_columns(time).join(named, on=[side, "__time"], how="inner")
        frame = frame.with_columns(pl.col(f"__{c}").alias(c) for c in sides)
        made = replace(
            panel,
            frame=frame.select(panel.frame.columns),
            key=replace(panel.key, system=self.system),
            variables=tuple(
                replace(
                    v,
                    coverage=_cover(v.coverage, panel.key.system, self.system),
                    defects=tuple(_defect(d, panel.key.system, self.system) for d in v.defects),
                )
                for v in panel.variables
            ),
            origins=(*panel.origins, self._note(panel.key.system)),
            trusted=True,
        )
        return replace(made, frame=_ordered(made), trusted=False)

    def _settle(self, table: pl.DataFrame, old: str) -> pl.DataFrame:
        """Return the codes to keep: one a new code and time, none without a new code."""
        lost = table.filter(pl.col("new").is_null())
        if len(lost):
            what = f"{_listing(lost)} of {old} stand for no state of {self.system} then"
            if self.unmatched == "refuse":
                raise SchemaError(f"{what}.", remedy='Leave them out: unmatched="drop".')
            warnings.warn(f"{what}; their rows are left out.", MultivectorWarning, stacklevel=4)
        table = table.drop_nulls("new")
        twice = table.filter(pl.struct("new", "__time").is_duplicated())
        if twice.is_empty():
            return table
        what = f"{_listing(twice)} of {old} are one state of {self.system} each time"
        if self.merge == "refuse":
            raise SchemaError(
                f"{what}.", "Rows would be merged.", 'Keep those of 31 December: merge="last".'
            )
        warnings.warn(
            f"{what}; the rows of the code of 31 December are kept.",
            MultivectorWarning,
            stacklevel=4,
        )
        last = twice.filter(pl.col("code") == pl.col("last"))
        if len(last) < len(twice.unique(["new", "__time"])):
            raise SchemaError(
                f"{what}, and the table does not hold the code of 31 December.",
                remedy="Leave those rows out before recoding.",
            )
        return pl.concat([table.join(twice, on=["code", "__time"], how="anti"), last])

    def _note(self, old: str) -> Origin:
        note = "A code means the state that bore it on 31 December of the year."
        if self.merge == "last":
            note += " Of two codes of one state in a year, the rows of that day's code are kept."
        return Origin(
            "recode",
            f"States recoded from {old} to {self.system}",
            "The multivector authors",
            "data/states",
            OWN,
            kind="judgement",
            note=note,
        )


def _time(panel: Panel) -> pl.Expr:
    """Return the day or year of each row; a table without time has one for all."""
    if "year" in panel.key.columns:
        return pl.col("year").alias("__time")
    return (pl.col("date") if "date" in panel.key.columns else pl.lit(0)).alias("__time")


def _table(panel: Panel, sides: list[str], system: str, *, drop: bool) -> pl.DataFrame:
    """Return each code and time that occurs, the new code, and the old code of 31 December."""
    old, time = panel.key.system, _time(panel)
    seen = pl.concat([panel.frame.select(pl.col(c).alias("code"), time) for c in sides]).unique()
    seen = seen.sort("code", "__time")
    problems: list[MultivectorError] = []
    rows = [_one(code, when, old, system, problems) for code, when in seen.iter_rows()]
    if drop:
        problems = [p for p in problems if not isinstance(p, UnknownName)]
    raise_all(f"Some codes of {old} do not stand for one state", problems)
    kinds = {"new": _type(system), "last": _type(old)}
    return seen.with_columns(
        pl.Series(name, [row[k] for row in rows], kind)
        for k, (name, kind) in enumerate(kinds.items())
    )


def _one(
    code: Any, when: Any, old: str, new: str, problems: list[MultivectorError]
) -> tuple[Any, Any]:
    """Return the new code and the old code of that state on the last day, None where none is."""
    time = when or None  # 0 where time plays no part
    try:
        state = code if old == "iso3" else states.resolve(code, time, system=old)  # type: ignore[arg-type]
        new_code = _coded(state, new, time)
    except MultivectorError as error:
        problems.append(error)
        return None, None
    if new_code is None:
        return None, None
    if new != "iso3":
        state = states.resolve(new_code, time, system=new)  # type: ignore[arg-type]
    return new_code, _coded(state, old, time)


def _coded(state: str, system: str, when: Any) -> Any:
    if system == "iso3":
        return state
    code = states.code(state, system, when)  # type: ignore[arg-type]
    return None if code is None else int(code)


def _type(system: str) -> Any:
    return pl.Int64 if system in NUMERIC_SYSTEMS else pl.String


def _cover(cover: Coverage, old: str, new: str) -> Coverage:
    """Return the coverage with its states in the new system, in any year that it covers."""
    if cover.states is None:
        return cover
    return replace(cover, states=_codes(cover.states, cover.years, old, new))


def _defect(defect: Defect, old: str, new: str) -> Defect:
    codes = (_codes((s,), defect.years, old, new) for s in defect.states)  # their order tells
    return replace(defect, states=tuple(dict.fromkeys(c for each in codes for c in each)))


def _codes(given: Iterable[Any], years: Iterable[int], old: str, new: str) -> tuple[Any, ...]:
    skip: list[MultivectorError] = []
    found = (_one(c, y, old, new, skip)[0] for c in given for y in tuple(years) or (0,))
    return tuple(sorted({c for c in found if c is not None}))


def _ordered(panel: Panel) -> pl.DataFrame:
    """Put the pairs of an undirected table in the order of the new codes."""
    if panel.key.directed or not panel.key.dyadic:
        return panel.frame
    turned = pl.col("state") > pl.col("partner")
    return pl.concat([panel.where(~turned).frame, swapped(panel.where(turned))])


def _listing(table: pl.DataFrame) -> str:
    codes = table.group_by("code").agg(pl.col("__time").unique().sort()).sort("code")
    rows = [
        f"{code} in {', '.join(map(str, times[:3]))}{' …' if len(times) > 3 else ''}"
        for code, times in codes.iter_rows()
    ]
    return "; ".join(rows[:8]) + (" …" if len(rows) > 8 else "")
