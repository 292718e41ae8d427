"""Every directed dyad-year of the COW system since 1816, with six additions.

The universe and the joins are the package's own; the tables that are added (contiguity, major
powers, alliances, capabilities, regime, shared organisations) are drawn at random in the size and
with the years of the published ones, since the cost depends on these only. The twin makes and
joins one dyad in 400 with dictionaries, one row after the other; its time is scaled to all.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
import polars as pl

from benchmarks.run import Case
from multivector.estimate import Estimate
from multivector.panel import Panel
from multivector.panels.together import With
from multivector.panels.universes import DyadYears, dyad_years, spells, state_years
from multivector.settings import Settings
from multivector.step import Step
from multivector.variable import (
    DIRECTED_DYAD_YEAR,
    DYAD_YEAR,
    STATE_YEAR,
    Coverage,
    Key,
    Variable,
    span,
)

T = TypeVar("T", Panel, Estimate)
EVERY, FIRST, LAST = 400, 1816, 2023
STATES = replace(STATE_YEAR, system="cow")
DYADS = replace(DYAD_YEAR, system="cow")
DIRECTED = replace(DIRECTED_DYAD_YEAR, system="cow")
CAPABILITIES = ("milex", "milper", "irst", "pec", "tpop", "upop", "cinc")
REGIME = ("polyarchy", "polyarchy_low", "polyarchy_high", "polity")
OBLIGATIONS = ("defense", "offense", "neutrality", "nonaggression", "consultation")


@dataclass(frozen=True)
class Table(Step[Panel]):
    """A table that is already there."""

    label: str


@dataclass(frozen=True)
class Given:
    """The tables by step, and what the steps read them through."""

    tables: dict[Step[Any], Panel]
    step: With
    settings: Settings = field(default_factory=Settings)

    def __call__(self, step: Step[T], *variables: str) -> T:
        found: Any = self.tables.get(step) or step.compute(self)
        return found.select(*variables) if variables else found


def prepare() -> Given:
    """Tables of the published sizes: 41,000 borders, 273,000 alliances, 918,000 shared bodies."""
    rng = np.random.default_rng(1816)
    rows = dyad_years("cow", (FIRST, LAST), directed=False)
    members = state_years("cow", (FIRST, LAST))
    both = dyad_years("cow", (FIRST, LAST), directed=True)

    def table(
        key: Key, rows: pl.DataFrame, names: tuple[str, ...], last: int, share: float, **kind: Any
    ) -> Panel:
        here = rows.filter(pl.col("year") <= last).sample(fraction=share, seed=7)
        high = kind.pop("high", None)
        values = {
            name: rng.integers(1, high + 1, len(here)) if high else rng.random(len(here))
            for name in names
        }
        cover = Coverage(span(FIRST, last))
        kept = tuple(Variable(n, n, "units", cover, **kind) for n in names)
        return Panel(here.with_columns(**{n: pl.Series(v) for n, v in values.items()}), key, kept)

    made = {
        "contiguity": table(DYADS, rows, ("border",), 2016, 0.039, absence="zero", high=5),
        "majors": table(STATES, members, ("major",), 2016, 0.07, absence="zero", high=1),
        "alliances": table(DIRECTED, both, OBLIGATIONS, 2018, 0.13, absence="zero", high=1),
        "capabilities": table(STATES, members, CAPABILITIES, 2022, 0.99),
        "regime": table(STATES, members, REGIME, 2022, 0.95),
        "organisations": table(DYADS, rows, ("igos",), 2014, 0.98, high=99),
    }
    tables: dict[Step[Any], Panel] = {Table(label): panel for label, panel in made.items()}
    return Given(tables, With(DyadYears("cow", (FIRST, LAST)), tuple(tables)))


def fast(given: Given) -> pl.DataFrame:
    """The universe and six additions, as a study asks for them."""
    return given(given.step).frame


def slow(given: Given) -> list[dict[str, Any]]:
    """One dyad in 400, year by year and cell by cell."""
    looked = {
        step.label: {row[: len(p.key.columns)]: row for row in p.frame.iter_rows()}
        for step, p in given.tables.items()
        if isinstance(step, Table)
    }
    codes = sorted({s.code for s in spells("cow")})
    pairs = [(a, b) for a in codes for b in codes if a != b][::EVERY]
    found: list[dict[str, Any]] = []
    for a, b in pairs:
        for year in range(FIRST, LAST + 1):
            if any(
                max(s.start, t.start) <= min(s.end, t.end)
                and max(s.start, t.start).year <= year <= min(s.end, t.end).year
                for s in spells("cow")
                for t in spells("cow")
                if s.code == a and t.code == b
            ):
                found.append(_row(given, looked, a, b, year))
    return found


def _row(given: Given, looked: dict[str, Any], a: int, b: int, year: int) -> dict[str, Any]:
    row: dict[str, Any] = {"state": a, "partner": b, "year": year}
    for step, panel in given.tables.items():
        assert isinstance(step, Table)
        sides = {"": (min(a, b), max(a, b), year)}
        if panel.key == DIRECTED:
            sides = {"": (a, b, year)}
        if panel.key == STATES:
            sides = {"_state": (a, year), "_partner": (b, year)}
        for suffix, key in sides.items():
            there = looked[step.label].get(key)
            for k, v in enumerate(panel.variables, len(panel.key.columns)):
                zero = 0 if v.absence == "zero" else None
                value = zero if there is None else there[k]
                row[v.name + suffix] = value if year in v.coverage.years else None
    return row


def equal(result: pl.DataFrame, twin: list[dict[str, Any]]) -> None:
    """Agree on every cell of the dyads that the twin did, and on their years."""
    pairs = pl.DataFrame([{k: r[k] for k in ("state", "partner")} for r in twin]).unique()
    ours = result.join(pairs, on=["state", "partner"], how="semi", maintain_order="left")
    theirs = pl.DataFrame(twin, infer_schema_length=None).select(ours.columns)
    assert len(ours) == len(theirs) > 1000
    assert ours.equals(theirs.cast(dict(ours.schema)).sort("state", "partner", "year"))  # type: ignore[arg-type]
    assert len(result) == 2_177_100


CASE = Case(
    "directed dyad-years with six additions",
    prepare,
    fast,
    slow,
    equal,
    ceiling=2.0,
    memory=1500.0,
    slow_share=1 / EVERY,
    size=f"2,177,100 dyad-years, {FIRST}-{LAST}; twin on one dyad in {EVERY}, scaled",
    repeat=3,
)
