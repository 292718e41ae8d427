"""Terminal: how tables, estimates and their origins print."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl
from rich.console import Console
from rich.table import Table

from multivector import states
from multivector.errors import UnknownName
from multivector.estimate import Estimate
from multivector.origin import Origin, unite
from multivector.panel import Panel
from multivector.quantity import NONE, Quantity
from multivector.step import Measure

if TYPE_CHECKING:
    from multivector.claims.check import Audit
    from multivector.claims.model import Verdict
    from multivector.ensemble.standing import Assessment
    from multivector.goals import Score
    from multivector.panels.ties import Shown

LONGEST_WORD = 20
"""Characters of a cell above which its column may break lines."""
FIRST_ROWS = 40
"""Rows of a table that print; the whole goes to a CSV file."""
SHIFTS = 5
"""How many of the shifts that lower a departure most are printed."""
out = Console(highlight=False, markup=False, emoji=False)
err = Console(stderr=True, highlight=False, markup=False, emoji=False)


def print_estimate(value: Estimate, across: str = "") -> None:
    """Print an estimate: what it is, its cells with intervals, remarks and sources.

    The values of the key column *across* stand side by side, each with its interval below.
    """
    if across and across not in value.key:
        raise UnknownName("cell column", across, value.key, where=value.label)
    out.print(f"{value.label}, {value.unit}")
    out.print(f"{value.variant}\n", style="dim")
    varying = [c for c in value.key if c == across or value.cells[c].n_unique() > 1]
    varying = varying or value.key[:1]
    down = [c for c in varying if c != across]
    heads = [str(v) for v in value.cells[across].unique(maintain_order=True)] if across else []
    table = Table(*down, *(heads or ("value", "90 % interval")), box=None, pad_edge=False)
    notes: dict[str, int] = {}
    side_by_side: dict[tuple[str, ...], dict[str, str]] = {}
    for q in value.quantities():
        cell = dict(q.cell)
        mark = f" [{notes.setdefault(q.note, len(notes) + 1)}]" if q.note else ""
        line = tuple(str(cell[c]) for c in down)
        if across:
            text = f"{q.figure}{mark}\n{q.interval}".rstrip()
            side_by_side.setdefault(line, {})[str(cell[across])] = text
        else:
            table.add_row(*line, q.figure + mark, q.interval)
    places = [{str(v): i for i, v in enumerate(_in_order(value.cells[c]))} for c in down]
    for line in sorted(side_by_side, key=lambda n: [p[v] for p, v in zip(places, n, strict=True)]):
        table.add_row(*line, *(side_by_side[line].get(h, "") for h in heads))
    fixed = {c: value.cells[c][0] for c in value.key if c not in varying and len(value.cells)}
    if fixed:
        out.print(", ".join(f"{k} {v}" for k, v in fixed.items()))
    out.print(table)
    for note, number in notes.items():
        out.print(f"[{number}] {note}")
    print_origins(value.provenance)


def _in_order(column: pl.Series) -> pl.Series:
    """Return the distinct values: numbers ascending, words in the order of the cells."""
    return (
        column.unique(maintain_order=True) if column.dtype == pl.String else column.unique().sort()
    )


def print_panel(value: Panel) -> None:
    """Print a table: its unit of analysis, its first rows, and its sources."""
    out.print(str(value.key))
    print_frame(value.frame.head(FIRST_ROWS))
    if (rows := len(value.frame)) > FIRST_ROWS:
        out.print(f"… {rows} rows in all; --csv FILE writes them.")
    print_origins(value.provenance)


def print_ties(shown: Shown, focal: str, year: int, origins: Iterable[Origin]) -> None:
    """Print a state's ties by domain, then what has no data, the remarks and the sources."""
    out.print(f"Ties of {states.name(focal)}, {year}; in brackets 90 % intervals and remarks")
    for table in shown.tables.values():
        out.print()
        print_frame(table)
    if shown.unknown:
        out.print("\nNo data (`multivector sources NAME` says where a file is to be had):")
        print_pairs(dict(shown.unknown))
    for number, note in enumerate(shown.notes, 1):
        out.print(f"[{number}] {note}")
    known = {str(o): o for o in origins}
    out.print()
    for number, text in enumerate(shown.sources, 1):
        origin = known[text]
        out.print(
            f"Source {number}: {origin.producer}: {origin}. {origin.licence.name}.", style="dim"
        )


def print_profile(value: Panel, construct: str = "", year: int | None = None) -> None:
    """Print a profile by construct, each figure in its last year with a value (or in *year*)."""
    from multivector.measures.profile import CONSTRUCTS

    if construct and construct not in CONSTRUCTS:
        raise UnknownName("construct", construct, CONSTRUCTS)
    some = pl.col("value").is_not_null() | (pl.col("note") == NONE)
    last = pl.col("year").filter(some).max().over("construct", "domain", "part")
    last = last.fill_null(pl.col("year").max().over("construct", "domain", "part"))
    rows = value.frame.filter(pl.col("year") == (last if year is None else year))
    for name in (construct,) if construct else CONSTRUCTS:
        part = rows.filter(pl.col("construct") == name).sort(
            [c for c in value.key.columns if c != "state"], maintain_order=True
        )
        if name == "marginal shift":
            part = part.drop_nulls("value").sort("value").head(SHIFTS)
        if part.is_empty():
            continue
        out.rule(name, align="left")
        table = Table("domain", "with", "what", "year", "value", "90 % interval", box=None)
        for row in part.iter_rows(named=True):
            cell = Quantity(*(row[n] for n in ("value", "low", "high", "unit", "measure")),
                            note=row["note"] or "")  # fmt: skip
            state = f"{row['state']}: " if part["state"].n_unique() > 1 else ""
            table.add_row(row["domain"], row["counterpart"], state + row["part"], str(row["year"]),
                          cell.figure, cell.interval)  # fmt: skip
        out.print(table)
        if name == "partition":
            _print_readings(part)
        lost = part.filter(pl.col("draws").is_null())
        for domain, note in dict(lost.select("domain", "note").rows()).items():
            out.print(f"{domain}: {note}", style="dim")
    print_origins(o for o in value.provenance if o.kind == "data")


def _print_readings(part: pl.DataFrame) -> None:
    """Print in words what the partition between each two powers is made of."""
    from multivector.measures._constructs import reading
    from multivector.measures.partition import NO_SECURITY

    pooled = part.filter(pl.col("domain") == "pooled", pl.col("variant").is_not_null())
    for (powers,), held in pooled.group_by("counterpart", maintain_order=True):
        secure = NO_SECURITY not in held["variant"][0]
        out.print(f"{powers}: {reading(held.iter_rows(named=True), secure)}.")


def print_origins(origins: Iterable[Origin]) -> None:
    """Print one line a source."""
    for origin in origins:
        out.print(
            f"Source: {origin.producer}: {origin}. {origin.licence.name}.",
            style="dim",
        )


def print_scores(document: str, adopted: int, scores: Iterable[Score]) -> None:
    """Print goals with their indicators: value before and now, the trend, and what it says."""
    out.print(f"{document}\n")
    origins: list[tuple[Origin, ...]] = []
    told = None
    for s in scores:
        if s.goal != told:
            out.print(s.goal.text)
            told = s.goal
            if s.goal.missing:
                out.print(f"  Not covered: {s.goal.missing}", style="dim")
        if s.indicator is None:
            out.print("  not measurable here")
            continue
        target = s.indicator.target
        aim = s.indicator.direction + ("" if target is None else f" to {target:g}")
        out.print(f"  {s.indicator.label} (wanted: {aim}): {s.verdict}")
        for name, q in (("before", s.base), ("latest", s.last)):
            if q is not None:
                out.print(f"    {name}, {dict(q.cell)['year']}: {q.figure}")
        if s.trend is not None:
            text = f"{s.trend.figure} {s.trend.interval} per decade"
            out.print(f"    trend since {adopted}: {text}")
        if s.note:
            out.print(f"    {s.note}", style="dim")
        origins += [q.origins for q in (s.base, s.last) if q is not None]
    out.print()
    print_origins(unite(*origins))


def print_audit(audit: Audit, *, whole: bool) -> None:
    """Print one line a claim, the gravest first; *whole* adds numbers, notes and the command."""
    document = audit.file.document
    out.print(f"{document.author}, {document.title}".removeprefix(", "))
    table = Table(box=None, pad_edge=False)
    for name, wide in (("claim", False), ("verdict", False), ("severity", False), ("why", True)):
        table.add_column(name, no_wrap=not wide, overflow="fold")
    for v in audit.verdicts:
        table.add_row(v.claim.id, v.word, v.severity, f"{v.claim.says} {v.reason}")
    out.print(table)
    for verdict in audit.verdicts if whole else ():
        _print_verdict(verdict)
    out.print()
    out.print(", ".join(f"{n} {word}" for word, n in audit.counts.items()))
    for problem in audit.text.problems if audit.text else ():
        out.print(f"Quotes: {problem}")
    if audit.text and audit.text.uncited:
        out.print(f"References never cited: {', '.join(map(str, audit.text.uncited))}")


def _print_verdict(verdict: Verdict) -> None:
    """Print one verdict in full."""
    from multivector.claims.publish import claimed, values

    claim = verdict.claim
    rows = {"quote": claim.quote, "claimed": claimed(verdict)}
    rows |= {t.source: "; ".join(values(t)[-12:]) for t in verdict.told}
    rows["holds in"] = ", ".join(map(str, verdict.years))
    rows["nearest"] = verdict.nearest
    rows |= {f"note {n}": note for n, note in enumerate(verdict.notes, 1)}
    rows["sources"] = "; ".join(
        f"{o.title}, {o.version} ({o.licence.name})" for o in verdict.origins
    )
    rows["command"] = verdict.query
    out.print(f"\n{claim.id}: {claim.says}")
    print_pairs({k: v for k, v in rows.items() if v})


def list_measures(measures: Mapping[str, type[Measure]]) -> None:
    """List the measures with what they are and their unit."""
    table = columns("measure", "what", "unit")
    for name, kind in measures.items():
        table.add_row(name, first_line(kind), kind.unit)
    out.print(table)
    out.print("\nOptions of one: multivector show NAME.")


def columns(*names: str) -> Table:
    """Return a table in which only what is said in words breaks its lines."""
    table = Table(box=None, pad_edge=False)
    for name in names:
        words = name in ("what", "licence")
        table.add_column(name, no_wrap=not words, max_width=18 if name == "licence" else None)
    return table


def print_pairs(rows: Mapping[str, str]) -> None:
    """Print names beside what they stand for."""
    table = Table(box=None, show_header=False, pad_edge=True)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for key, value in rows.items():
        table.add_row(key, value)
    out.print(table)


def print_frame(frame: pl.DataFrame) -> None:
    """Print a table; missing cells are blank, and only long texts break their lines."""
    table = Table(box=None, pad_edge=False)
    texts = frame.select(pl.all().cast(pl.String).fill_null(""))
    for name in texts.columns:
        longest = max((len(cell) for cell in texts[name]), default=0)
        table.add_column(name, no_wrap=longest <= LONGEST_WORD, overflow="fold")
    for row in texts.iter_rows():
        table.add_row(*row)
    out.print(table)


def print_json(plain: Mapping[str, Any]) -> None:
    """Print JSON as it is, without wrapping."""
    print(json.dumps(plain, default=str, ensure_ascii=False, indent=2))


def plain(value: Any, fingerprint: str) -> dict[str, Any]:
    """Return a value as plain data: cells, and the origins behind them."""
    rows = value.to_polars().to_dicts()
    origins = [
        {"dataset": o.dataset, "title": o.title, "version": o.version, "kind": o.kind}
        | {"licence": o.licence.name, "sha256": o.sha256, "extract": o.extract}
        for o in value.provenance
    ]
    return {"step": fingerprint, "cells": rows, "origins": origins}


def span_of(years: Collection[int]) -> str:
    """Return the first and the last year."""
    return f"{min(years)}–{max(years)}" if years else "undated"


def first_line(thing: Any) -> str:
    """Return the first line of a docstring."""
    return (thing.__doc__ or "").strip().partition("\n")[0]


def print_varied(found: Assessment) -> None:
    """Print what was varied; before any result."""
    out.print(f"Varied ({found.draws.variant}):\n{found.varied}\n")


def print_shares(found: Assessment) -> None:
    """Print the shares of the sources, and which of them the result hangs on."""
    out.print("\nShares of the variance of all cells together")
    print_figures(found.shares)
    out.print(f"\n{found.words}")


def print_figures(frame: pl.DataFrame, digits: int = 2) -> None:
    """Print a table of numbers, rounded; the ends of an interval stand in one column."""
    floats = [c for c, t in frame.schema.items() if t.is_float()]
    whole = [c for c in floats if (frame[c].drop_nulls() % 1 == 0).all()]
    shown = frame.with_columns(
        *(pl.col(c).cast(pl.Int64) for c in whole),
        *(pl.col(c).round(digits) for c in floats if c not in whole),
    )
    for low in [c for c in frame.columns if c.endswith("_low")]:
        name = low.removesuffix("_low")
        ends = pl.format("[{}, {}]", f"{name}_low", f"{name}_high").alias(f"90 % of {name}")
        shown = shown.with_columns(ends).drop(low, f"{name}_high")
    print_frame(shown)
