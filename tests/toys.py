"""Toy steps that the tests of the core share: each does one thing that a careless author might."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from multivector.choices import Actor
from multivector.estimate import Estimate
from multivector.origin import CC0, Citation, Origin, OriginKind
from multivector.panel import Panel
from multivector.settings import Settings
from multivector.step import Inputs, Measure, Step
from multivector.variable import STATE_YEAR, Coverage, Variable, span

YEARS = span(2018, 2020)
WORK = Citation("toy1999", "article", "Toy, Ann", "Toys", 1999, "Journal of Toys")


def origin(dataset: str, kind: OriginKind = "data") -> Origin:
    return Origin(dataset, f"Title of {dataset}", "producer", "1", CC0, kind=kind)


def computed(settings: Settings) -> list[str]:
    """Return the classes of the steps computed under these settings, by any process, in order."""
    log = settings.cache / "computed.log"
    return log.read_text().split() if log.exists() else []


def note(step: Step[Panel] | Step[Estimate], get: Inputs) -> None:
    get.settings.cache.mkdir(parents=True, exist_ok=True)
    with (get.settings.cache / "computed.log").open("a") as log:
        log.write(f"{type(step).__name__}\n")


def table(*columns: Variable) -> Panel:
    rows = {"state": ["KAZ"] * len(YEARS), "year": list(YEARS)}
    values = {v.name: [float(n) for n in range(1, len(YEARS) + 1)] for v in columns}
    return Panel(pl.DataFrame({**rows, **values}), STATE_YEAR, columns)


def plain(name: str, *origins: Origin) -> Variable:
    return Variable(name, name, "index", Coverage(YEARS), origins=origins)


@dataclass(frozen=True)
class Leaf(Step[Panel]):
    """Two variables, each with an origin of its own."""

    dataset: str
    kind: Literal["data", "assumption", "judgement"] = "data"

    def compute(self, get: Inputs) -> Panel:
        note(self, get)
        x, y = (origin(f"{self.dataset} {name}", self.kind) for name in "xy")
        return table(plain("x", x), plain("y", y))


@dataclass(frozen=True)
class FromFile(Step[Panel]):
    """A variable whose values are the numbers in a file."""

    path: str

    def material(self, settings: Settings) -> tuple[str, ...]:
        return (hashlib.sha256(Path(self.path).read_bytes()).hexdigest(),)

    def compute(self, get: Inputs) -> Panel:
        note(self, get)
        numbers = [float(word) for word in Path(self.path).read_text().split()]
        panel = table(plain("x", origin("file")))
        return replace(panel, frame=panel.frame.with_columns(x=pl.Series(numbers)))


@dataclass(frozen=True)
class Shock(Step[Panel]):
    """Doubles x and declares only its own assumption on it, forgetting where x came from."""

    panel: Step[Panel]
    story: str = "doubled"

    def compute(self, get: Inputs) -> Panel:
        note(self, get)
        frame = get(self.panel).frame.with_columns(pl.col("x") * 2)
        mark = origin(self.story, "assumption")
        return Panel(frame.select("state", "year", "x"), STATE_YEAR, (plain("x", mark),))


@dataclass(frozen=True)
class Merge(Step[Panel]):
    """Adds two x. The sum is declared without origins, or only with those of the left."""

    left: Step[Panel]
    right: Step[Panel]
    declared: Literal["blank", "left"] = "blank"

    def compute(self, get: Inputs) -> Panel:
        note(self, get)
        left, right = get(self.left, "x"), get(self.right, "x")
        total = left.frame.with_columns(pl.col("x") + right.frame["x"])
        old = left.variable("x")
        x = old if self.declared == "left" else replace(old, origins=())
        beside = replace(old, name="beside", origins=right.provenance)
        return Panel(total.with_columns(beside=right.frame["x"]), STATE_YEAR, (x, beside))


@dataclass(frozen=True)
class Mean(Measure):
    """Mean of x by year over panels, with as many draws as asked for."""

    name = "toy_mean"
    citations = (WORK,)

    panels: tuple[Step[Panel], ...]
    focal: Actor = "KAZ"
    draws: int = 1
    how: Literal["arithmetic", "geometric"] = "arithmetic"

    def compute(self, get: Inputs) -> Estimate:
        note(self, get)
        x = np.mean([get(p, "x").frame["x"].to_numpy() for p in self.panels], axis=0)
        cells = pl.DataFrame({"state": [self.focal] * len(YEARS), "year": list(YEARS)})
        draws = np.repeat(x[:, None], self.draws, axis=1)
        kind = "point" if self.draws == 1 else "assumption"
        return Estimate(cells, draws, "Mean", "index", kind)


@dataclass(frozen=True)
class Total(Measure):
    """Weighted sum of estimates; parts and weights travel in pairs."""

    name = "toy_total"

    parts: tuple[tuple[Step[Estimate], float], ...]

    def compute(self, get: Inputs) -> Estimate:
        note(self, get)
        first = get(self.parts[0][0])
        draws = sum((w * get(s).draws for s, w in self.parts), np.zeros((len(YEARS), 1)))
        return Estimate(first.cells, draws, "Total", "index", first.draw_kind)


@dataclass(frozen=True)
class Interrupted(Step[Panel]):
    """Reads its input, then stops as Ctrl-C does while the file ``stop`` is in the cache."""

    panel: Step[Panel]

    def compute(self, get: Inputs) -> Panel:
        note(self, get)
        value = get(self.panel)
        if (get.settings.cache / "stop").exists():
            raise KeyboardInterrupt
        return value


@dataclass(frozen=True)
class Sly(Step[Panel]):
    """Reads a step that is not among its inputs."""

    panel: Step[Panel]

    def compute(self, get: Inputs) -> Panel:
        return get(Leaf("elsewhere"))
