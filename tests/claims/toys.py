"""Toy tables for claims: small, with known values, changed at will."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from multivector.claims.model import Answer, Claim, Document
from multivector.estimate import Estimate
from multivector.origin import CC0, Origin
from multivector.panel import Panel
from multivector.step import Inputs, Measure, Step
from multivector.variable import Coverage, Key, Variable, span

PAPER = Document("A paper", date="2021-06")
ORIGIN = Origin("toy", "Toy table", "nobody", "1", CC0)


@dataclass(frozen=True)
class Shares(Measure):
    """Shares of partners in exports, imports or both, as given by year: exports first."""

    name = "toy_shares"
    exports: tuple[float, ...] = (0.40, 0.41)
    imports: tuple[float, ...] = (0.20, 0.19)
    flow: str = "total"
    spread: float = 0.0
    first: int = 2019

    def compute(self, get: Inputs) -> Estimate:
        """Average the two flows for the total."""
        both = {"exports": np.array(self.exports), "imports": np.array(self.imports)}
        both["total"] = (both["exports"] + both["imports"]) / 2
        value = both[self.flow]
        cells = pl.DataFrame(
            {
                "partner": ["EU"] * len(value) + ["REST"] * len(value),
                "year": [*range(self.first, self.first + len(value))] * 2,
            }
        )
        middle = np.concatenate([value, 1 - value])[:, None]
        draws = middle + (np.linspace(-self.spread, self.spread, 41) if self.spread else 0.0)
        kind = "bootstrap" if self.spread else "point"
        return Estimate(cells, draws, "Share", "share 0–1", kind, origins=(ORIGIN,))


@dataclass(frozen=True)
class Rows(Step[Panel]):
    """A table of texts and numbers: rows of (name, stage, began, ended, size)."""

    rows: tuple[tuple[str, str, str, str, float], ...] = ()

    def compute(self, get: Inputs) -> Panel:
        """Return the rows; empty texts are missing."""
        frame = pl.DataFrame(
            [tuple(v or None for v in row) for row in self.rows],
            {
                "name": pl.String,
                "stage": pl.String,
                "began": pl.String,
                "ended": pl.String,
                "size": pl.Float64,
            },
            orient="row",
        )
        cover = Coverage()
        return Panel(
            frame,
            Key("row", ("name", "stage")),
            (
                Variable("began", "First day", "date", cover, origins=(ORIGIN,)),
                Variable("ended", "Last day", "date", cover, origins=(ORIGIN,)),
                Variable("size", "Size", "km", cover, origins=(ORIGIN,)),
            ),
        )


@dataclass(frozen=True)
class Sizes(Step[Panel]):
    """A number by state and year."""

    values: tuple[tuple[str, int, float], ...] = ()

    def compute(self, get: Inputs) -> Panel:
        """Return the rows."""
        frame = pl.DataFrame(
            self.values, {"state": pl.String, "year": pl.Int64, "size": pl.Float64}, orient="row"
        )
        size = Variable("size", "Size", "billion USD", Coverage(span(1900, 2100)))
        return Panel(frame, Key("state-year", ("state", "year")), (replace(size),))


def claim(step: Step[Any], *more: Answer, **fields: Any) -> Claim:
    """Return a claim with one answer from *step*; fields of the answer are told apart by name."""
    own = {k: fields.pop(k) for k in list(fields) if k in Answer.__dataclass_fields__}
    own.pop("source", None)
    made = {"id": "X1", "kind": "share", "says": "Something."} | fields
    return Claim(**made, answers=(Answer("toy", step, **own), *more))
