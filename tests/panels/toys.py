"""Hand-made tables as steps, and a way to run a step without files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import polars as pl

from multivector.estimate import Estimate
from multivector.panel import Panel
from multivector.settings import Settings
from multivector.step import Inputs, Step
from multivector.variable import DIRECTED_DYAD_YEAR, DYAD_YEAR, STATE_YEAR, Key, Variable

T = TypeVar("T", Panel, Estimate)
COW_STATES = replace(STATE_YEAR, system="cow")
COW_DYADS = replace(DYAD_YEAR, system="cow")
COW_DIRECTED = replace(DIRECTED_DYAD_YEAR, system="cow")


@dataclass(frozen=True)
class Toy(Step[Panel]):
    """A step whose value is looked up by its label."""

    label: str

    def compute(self, get: Inputs) -> Panel:
        return TABLES[self.label]


TABLES: dict[str, Panel] = {}


def toy(label: str, key: Key, rows: list[tuple[Any, ...]], *variables: Variable) -> Toy:
    """Return a step that yields these rows."""
    names = [*key.columns, *(v.name for v in variables)]
    schema: Mapping[str, Any] | list[str] = names
    TABLES[label] = Panel(pl.DataFrame(rows, schema, orient="row"), key, variables)
    return Toy(label)


class Compute:
    """What ``compute`` receives, without a cache."""

    settings = Settings()

    def __call__(self, step: Step[T], *variables: str) -> T:
        value = step.compute(self)
        return value.select(*variables) if variables and isinstance(value, Panel) else value


def value(step: Step[T]) -> T:
    """Return the value of *step*, computed."""
    return Compute()(step)
