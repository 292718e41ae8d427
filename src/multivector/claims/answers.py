"""Answers: from a step of the analysis tree to the readings that a claim is held against."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, Literal

import polars as pl

from multivector.choices import hints
from multivector.claims.command import command
from multivector.claims.model import Answer, Claim, Condition, Reading, Spell, Told
from multivector.claims.rules import Person, life
from multivector.claims.spans import LAST, days
from multivector.errors import DataError, InputError, MultivectorError, Problems, UnknownName
from multivector.estimate import Estimate
from multivector.origin import Origin
from multivector.panel import Panel
from multivector.step import Step

Run = Callable[[Step[Any]], Any]
ABSENT = (DataError, InputError, Problems)
TECHNICAL = {"absence", "by", "distance", "layout", "show", "view"}
"""Choices of a measure that do not change what it is of."""


@dataclass(frozen=True)
class Cells:
    """The rows that an answer selects, with the columns ``value``, ``low``, ``high``, ``year``."""

    frame: pl.DataFrame
    label: str
    unit: str
    dated: bool
    origins: tuple[Origin, ...]
    fingerprint: str = ""


def tell(claim: Claim, answer: Answer, run: Run) -> Told:
    """Return what *answer* says of *claim*; data that are not here are told, not raised."""
    query = command(answer.step)
    try:
        if answer.began:
            spells, origins = _spells(answer, run)
            return Told(answer.source, spells=spells, origins=origins, query=query)
        cells = read(answer, run)
        if claim.kind == "date" and cells.frame.schema["value"] == pl.String:
            cells = replace(cells, dated=True)
        readings, of = _taken(claim, answer, cells)
    except ABSENT as problem:
        mistake(answer, problem)
        return Told(answer.source, query=query, absent=_why(problem), remedy=_remedy(problem))
    unit = {"rank": "rank", "order": "rank", "count": "count", "distinct": "count"}.get(
        answer.take, "share 0–1" if answer.take == "share" else cells.unit
    )
    known = tuple(r for r in readings if r.value is not None)
    return Told(
        answer.source,
        known,
        unit=unit,
        dated=cells.dated and answer.take == "value",
        origins=cells.origins,
        query=query,
        absent="" if known else "The data hold no value for it.",
        of=of,
        fingerprint=cells.fingerprint,
        change="change" in answer.take,
    )


def mistake(answer: Answer, problem: Exception) -> None:
    """Raise *problem* again where it is a mistake in the file, with its place."""
    if isinstance(problem, UnknownName) and problem.what in ("column", "variable"):
        if answer.place:
            problem.given = f"{answer.place}: {problem.given}"
        raise problem


def neighbours(claim: Claim, run: Run) -> Iterator[Told]:
    """Yield what other measures say: those declared, other values of ``beside``, other choices.

    A choice of a measure among named alternatives (exports, imports, total) makes each
    alternative a neighbour by itself.
    """
    for answer in claim.answers:
        if answer.role == "neighbour":
            yield tell(claim, answer, run)
        if answer.role != "answer" or answer.began:
            continue
        for other in _beside(answer, run):
            yield tell(claim, other, run)
        for other in _alternatives(answer):
            yield tell(claim, other, run)


def read(answer: Answer, run: Run, where: tuple[Condition, ...] | None = None) -> Cells:
    """Evaluate the step of *answer* and select its cells."""
    value: Panel | Estimate = run(answer.step)
    conditions, fingerprint = answer.where if where is None else where, ""
    if isinstance(value, Estimate):
        frame, label, unit, dated = value.to_polars(), value.label, value.unit, False
        origins, fingerprint = value.origins, value.fingerprint
        if "period" in frame.columns and "year" not in frame.columns:
            frame = frame.rename({"period": "of_period"})
    else:
        name = answer.variable or (value.variables[0].name if len(value.variables) == 1 else "")
        columns = [*value.key.columns, *(v.name for v in value.variables)]
        if not name and answer.take in ("count", "distinct"):
            name = value.key.columns[0]
        if name not in columns:
            raise UnknownName("variable", name, columns, where=answer.source)
        if name in value.key.columns:
            label, unit, frame = name, "text", value.frame
        else:
            declared = value.variable(name)
            label, unit, frame = declared.label, declared.unit, value.sound(name).frame
            if declared.codes:
                frame = frame.with_columns(
                    pl.col(name).replace_strict(dict(declared.codes), return_dtype=pl.String)
                )
        dated = frame.schema[name] == pl.Date or unit == "date"
        origins = value.provenance
        frame = frame.with_columns(
            pl.col(name).alias("value"),
            pl.lit(None, pl.Float64).alias("low"),
            pl.lit(None, pl.Float64).alias("high"),
        )
        for day in ("date", "start"):
            if "year" not in frame.columns and frame.schema.get(day) == pl.Date:
                frame = frame.with_columns(pl.col(day).dt.year().cast(pl.Int64).alias("year"))
    chosen = select(frame, conditions, answer.source)
    return Cells(chosen, label, unit, dated, origins, fingerprint)


def select(frame: pl.DataFrame, conditions: tuple[Condition, ...], where: str = "") -> pl.DataFrame:
    """Return the rows that satisfy every condition; days compare as ISO text."""
    for column, relation, wanted in conditions:
        if column not in frame.columns:
            raise UnknownName("column", column, frame.columns, where=where)
        cell = pl.col(column)
        if frame.schema[column] == pl.Date:
            cell = cell.dt.to_string("%Y-%m-%d")
        tests: dict[str, Callable[[], pl.Expr]] = {
            "=": lambda c=cell, w=wanted: c == w,
            "in": lambda c=cell, w=wanted: c.is_in(list(w)),
            "≥": lambda c=cell, w=wanted: c >= w,
            "≤": lambda c=cell, w=wanted: c <= w,
        }
        try:
            frame = frame.filter(tests[relation]())
        except pl.exceptions.PolarsError:
            kind = frame.schema[column]
            raise InputError(
                f"{where}: {column} cannot be compared with {wanted!r}.", f"It holds {kind}."
            ) from None
    return frame


# how cells become readings -----------------------------------------------------------------------


def _taken(claim: Claim, answer: Answer, cells: Cells) -> tuple[list[Reading], str]:
    frame, take = cells.frame, answer.take
    if answer.over:
        rows = frame.select(answer.over, "value").drop_nulls().iter_rows()
        return [Reading(float(value), unit=str(unit)) for unit, value in rows], ""
    if take in ("rank", "order", "share"):
        among = frame.filter(pl.col("value").is_not_null())
        groups = (
            among.partition_by("year", as_dict=True) if "year" in among.columns else {(): among}
        )
        made = [
            _placed(answer, rows, int(key[0]) if key else None, claim.peers)
            for key, rows in sorted(groups.items())
        ]
        largest = max((len(rows) for rows in groups.values()), default=0)
        return [r for r in made if r is not None], f"{cells.label}, among {largest}"
    if take == "value":
        years = "year" in frame.columns and frame["year"].n_unique() > 1
        if not years and len(frame) > 1:
            raise InputError(
                f"{answer.source}: {len(frame)} cells answer; one is needed.",
                remedy="Name one value in `where` for each column that varies.",
            )
        if years and frame["year"].is_duplicated().any():
            raise InputError(
                f"{answer.source}: several cells of one year answer; one is needed.",
                remedy="Name one value in `where` for each column that varies.",
            )
        return [_reading(row, cells.dated) for row in frame.iter_rows(named=True)], ""
    if claim.period is not None and "year" in frame.columns:
        frame = frame.filter(pl.col("year").is_between(*claim.period))
    return _whole(answer, frame), ""


def _reading(row: dict[str, Any], dated: bool) -> Reading:
    value, note = row["value"], row.get("note") or ""
    year = None if row.get("year") is None else int(row["year"])
    if dated and value is not None:
        first, last = days(value) if isinstance(value, str) else (value, value)
        low, high = float(first.toordinal()), float(last.toordinal())
        return Reading(low, low, high, None, note)
    if isinstance(value, bool):
        value = float(value)
    plain = value if value is None or isinstance(value, str) else float(value)
    return Reading(plain, row.get("low"), row.get("high"), year, note)


def _placed(
    answer: Answer, rows: pl.DataFrame, year: int | None, peers: tuple[str, ...]
) -> Reading | None:
    """Return the place (or the share) of the item among *rows*; peers without data widen it."""
    item = select(rows, answer.item, answer.source)
    if len(item) != 1:
        if item.is_empty():
            return None
        raise InputError(
            f"{answer.source}: {len(item)} cells answer to the item; one is needed.",
            remedy="Name one value in `item` for each column that varies.",
        )
    own: dict[str, Any] = item.row(0, named=True)
    if answer.take == "share":
        return Reading(own["value"] / rows["value"].sum(), year=year)
    before = rows["value"] > own["value"] if answer.take == "rank" else rows["value"] < own["value"]
    place = 1.0 + int(before.sum())
    low, high = place, place
    if own["low"] is not None and own["high"] is not None and answer.take == "rank":
        low = 1.0 + int((rows["low"] > own["high"]).sum())
        high = float(int((rows["high"] >= own["low"]).sum()))
    columns = [c for c in rows.columns if peers and rows.schema[c] == pl.String]
    lost = min((len(set(peers) - set(rows[c])) for c in columns), default=0)
    high += lost
    note = f"{lost} of {len(peers)} in the set have no value" if lost else ""
    return Reading(place, low if low < high else None, high if low < high else None, year, note)


def _whole(answer: Answer, frame: pl.DataFrame) -> list[Reading]:
    """Return one reading of all rows together."""
    if answer.take == "count":
        return [Reading(float(len(frame)))]
    if answer.take == "distinct":
        return [Reading(float(frame["value"].n_unique()))]
    known = frame.filter(pl.col("value").is_not_null()).sort("year")
    if answer.take.startswith("change of"):
        total = pl.len() if answer.take == "change of counts" else pl.col("value").sum()
        known = known.group_by("year").agg(total.cast(pl.Float64).alias("value")).sort("year")
        known = known.with_columns(pl.lit(None, pl.Float64).alias(c) for c in ("low", "high"))
    if known["year"].is_duplicated().any():
        raise InputError(
            f"{answer.source}: several cells of one year answer; one is needed.",
            remedy="Name one value in `where` for each column that varies.",
        )
    if len(known) < (1 if answer.take in ("sum", "mean") else 2):
        return []
    values = known["value"].to_list()
    note = f"{known['year'][0]}–{known['year'][-1]}"
    if answer.take == "sum":
        return [Reading(float(sum(values)), note=note)]
    if answer.take == "mean":
        return [Reading(float(sum(values)) / len(values), note=note)]
    if answer.take in ("least change", "largest change"):
        steps = [float(b - a) for a, b in pairwise(values)]
        extreme = min(steps) if answer.take == "least change" else max(steps)
        return [Reading(extreme, note=note)]
    low, high = known["low"], known["high"]
    ends = (low[-1], high[-1], low[0], high[0])
    if any(e is None for e in ends):
        return [Reading(float(values[-1] - values[0]), note=note)]
    return [
        Reading(values[-1] - values[0], low[-1] - high[0], high[-1] - low[0], note=note),
    ]


def _spells(answer: Answer, run: Run) -> tuple[tuple[Spell, ...], tuple[Origin, ...]]:
    panel = _rows(answer, run, ())
    frame = select(panel.frame.with_columns(*_words(panel)), answer.where, answer.source)
    for column in (answer.began, answer.ended):
        if column and column not in frame.columns:
            raise UnknownName("column", column, frame.columns, where=answer.source)
    made: list[Spell] = []
    for row in frame.iter_rows(named=True):
        began, ended = row[answer.began], row.get(answer.ended)
        first = days(str(began)) if began is not None else (date.min, date.min)
        made.append(Spell(first, None if ended is None else days(str(ended))))
    return tuple(sorted(made, key=lambda s: s.began)), panel.provenance


def _rows(answer: Answer, run: Run, needed: tuple[str, ...]) -> Panel:
    """Return the table that *answer* names, with the columns that persons or spells need."""
    value: Panel | Estimate = run(answer.step)
    columns = value.frame.columns if isinstance(value, Panel) else value.cells.columns
    if isinstance(value, Estimate) or not set(needed) <= set(columns):
        lost = next((c for c in needed if c not in columns), "began")
        raise UnknownName("column", lost, columns, where=answer.source)
    return value


def _words(panel: Panel) -> list[pl.Expr]:
    """Return expressions that turn codes of categories into their words."""
    return [
        pl.col(v.name).replace_strict(dict(v.codes), return_dtype=pl.String)
        for v in panel.variables
        if v.codes
    ]


def last_day(spell: Spell) -> date:
    """Return the last day of a spell, the end of time for one that goes on."""
    return LAST if spell.ended is None else spell.ended[1]


# neighbours ---------------------------------------------------------------------------------------


def _beside(answer: Answer, run: Run) -> Iterator[Answer]:
    """Yield the answer with every other value of its column ``beside``."""
    own = [c for c in answer.where if c[0] == answer.beside]
    if not answer.beside or not own:
        return
    rest = tuple(c for c in answer.where if c[0] != answer.beside)
    try:
        values = read(answer, run, rest).frame[answer.beside].unique(maintain_order=True)
    except MultivectorError:
        return
    for value in values:
        if value is not None and value != own[0][2]:
            conditions = (*rest, (answer.beside, "=", value))
            yield replace(answer, source=f"{answer.source}: {value}", where=conditions, beside="")


def _alternatives(answer: Answer) -> Iterator[Answer]:
    """Yield the answer with every other alternative of its step's choices."""
    known = hints(type(answer.step))
    for name, hint in known.items():
        if name in TECHNICAL or typing.get_origin(hint) is not Literal:
            continue
        for choice in typing.get_args(hint):
            if choice == getattr(answer.step, name):
                continue
            try:
                other: Step[Any] = replace(answer.step, **{name: choice})
            except MultivectorError:
                continue
            yield replace(answer, source=f"{answer.source}: {choice}", step=other)


def _why(problem: Exception) -> str:
    if isinstance(problem, Problems):
        return " ".join(_why(p) for p in problem.exceptions)
    return str(getattr(problem, "given", problem))


def _remedy(problem: Exception) -> str:
    return str(getattr(problem, "remedy", ""))


# persons ------------------------------------------------------------------------------------------


def people(answer: Answer, run: Run) -> tuple[tuple[Person, ...], tuple[Origin, ...]]:
    """Return the persons of a table of biographies, each with the roles that it lists."""
    needed = ("person", "name", "family", "initials", "born", "died", "began", "ended", "post")
    panel = _rows(answer, run, needed)
    frame = select(panel.frame, answer.where, answer.source)
    found: dict[str, Person] = {}
    for row in frame.iter_rows(named=True):
        began, ended = life(row["began"]), life(row["ended"])
        roles = (Spell(began, ended, row["post"]),) if began is not None else ()
        old = found.get(row["person"])
        found[row["person"]] = Person(
            row["name"],
            row["family"],
            row["initials"],
            life(row["born"]),
            life(row["died"]),
            (*(old.roles if old else ()), *roles),
        )
    return tuple(found.values()), panel.provenance
