"""Made-up steps: rows that a test writes down, as the value of a step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from multivector.estimate import Estimate
from multivector.origin import CC0, Origin
from multivector.panel import Panel
from multivector.step import Inputs, Step
from multivector.variable import ROLL_CALL, STATE_ROLL_CALL, Coverage, Defect, Variable, span

FLAGS = ("me", "nu", "di", "hr", "co", "ec", "important", "amendment", "paragraph")


@dataclass(frozen=True)
class Votes(Step[Panel]):
    """Votes as (roll call, date, state, code), with the years that they are said to cover."""

    rows: tuple[tuple[str, date, str, int], ...]
    years: tuple[int, int] = (2000, 2024)
    complete: int = -1
    defect: tuple[str, int] = ("", 0)

    def compute(self, get: Inputs) -> Panel:
        cover = Coverage(span(*self.years))
        state, year = self.defect
        defects = (Defect((state,), (year,), "A known error."),) if state else ()
        origin = Origin("toy", "Toy votes", "test", "1", CC0)
        columns = [Variable("vote", "Vote", "category", cover, defects=defects, origins=(origin,))]
        if self.complete >= 0:
            columns.append(Variable("complete", "Complete", "flag", cover, origins=(origin,)))
        frame = pl.DataFrame(
            list(self.rows),
            {"rcid": pl.String, "date": pl.Date, "state": pl.String, "vote": pl.Int8},
            orient="row",
        )
        if self.complete >= 0:
            frame = frame.with_columns(pl.lit(self.complete, pl.Int8).alias("complete"))
        return Panel(frame, STATE_ROLL_CALL, tuple(columns))


@dataclass(frozen=True)
class Calls(Step[Panel]):
    """Roll calls as (roll call, date, title); every flag is unknown."""

    rows: tuple[tuple[str, date, str], ...]

    def compute(self, get: Inputs) -> Panel:
        cover = Coverage(span(1946, 2024))
        frame = pl.DataFrame(
            list(self.rows),
            {"rcid": pl.String, "date": pl.Date, "title": pl.String},
            orient="row",
        ).with_columns(
            pl.lit(None, pl.String).alias("symbol"),
            *(pl.lit(None, pl.Int8).alias(flag) for flag in FLAGS),
        )
        texts = (Variable("title", "Title", "text", cover), Variable("symbol", "S", "text", cover))
        flags = (Variable(flag, flag, "flag", cover) for flag in FLAGS)
        return Panel(frame, ROLL_CALL, (*texts, *flags))


@dataclass(frozen=True)
class Shares(Step[Estimate]):
    """Shares of partners in one domain as (partner, year, share); −1 stands for no data."""

    rows: tuple[tuple[str, int, float], ...]
    state: str = "KAZ"
    label: str = "Toy domain"
    unit: str = "share 0–1"

    def compute(self, get: Inputs) -> Estimate:
        cells = [(self.state, partner, year) for partner, year, _ in self.rows]
        values = np.array([[np.nan if v < 0 else v] for *_, v in self.rows])
        schema = {"state": pl.String, "partner": pl.String, "year": pl.Int64}
        return Estimate(pl.DataFrame(cells, schema, orient="row"), values, self.label, self.unit)
