"""What measures on trade by view share: the tables, the views, and the cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.measures._ledger import WORDS, Floats, Ledger, View, Views, read_ledger
from multivector.measures.trade import overlaps
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Measure, Step


@dataclass(frozen=True)
class LedgerMeasure(Measure):
    """A measure on one state's trade in one or several views of who reports it.

    Parameters
    ----------
    trade
        A reconciled table (one value a flow).
    reports
        A table keyed by reporter; the views ``reporter`` and ``mirror`` are read from it.
    totals
        Published totals, for partners of whom the reconciled table holds some rows only.
    view
        ``reconciled``, ``reporter``, ``mirror``, or ``each``: all three side by side. Views are
        never mixed in one figure.
    years
        First and last year; ``None`` takes what each table covers, from the focal state's first
        record on.
    """

    trade: Step[Panel] = default_input("baci")
    reports: Step[Panel] | None = None
    totals: Step[Panel] = default_input("baci_world")
    _: KW_ONLY
    focal: Actor
    view: Views = "reconciled"
    years: tuple[int, int] | None = None
    label: ClassVar[str]
    bounds: ClassVar[tuple[float | None, float | None]]

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a group as focal state, and views of reports that are not given."""
        if states.is_group(self.focal):
            yield InputError(f"{self.focal} is a group.", "Dependence is measured for a state.")
        if self.view != "reconciled" and self.reports is None:
            yield InputError(
                f"The view {self.view!r} needs a table of reports.",
                "Such as imf_dots or imf_imts, keyed by reporter.",
                "Give it as reports=, for instance --reports imf_dots.",
            )

    def ledgers(self, get: Inputs) -> Iterator[tuple[View, Ledger]]:
        """Yield each view asked for, with the years of its own table."""

        def told(panel: Panel, view: View, totals: Panel | None = None) -> tuple[View, Ledger]:
            ledger = read_ledger(panel, view, self.years, totals)
            return view, ledger if self.years else ledger.since_first_record(self.focal)

        if self.view in ("reconciled", "each"):
            yield told(get(self.trade), "reconciled", get(self.totals))
        if self.reports is not None and self.view != "reconciled":
            panel = get(self.reports)
            for view in ("reporter", "mirror"):
                if self.view in (view, "each"):
                    yield told(panel, view)

    def result(
        self, rows: Iterable[tuple[object, ...]], columns: list[str], values: Iterable[Floats]
    ) -> Estimate:
        """Wrap point values: rows of key columns with a note, and their values in order."""
        schema = {c: pl.Int64 if c == "year" else pl.String for c in (*columns, "note")}
        cells = pl.DataFrame(list(rows), schema, orient="row")
        used = cells["view"].unique(maintain_order=True) if len(cells) else []
        return Estimate(
            cells,
            np.concatenate(list(values)).reshape(-1, 1),
            label=self.label,
            unit=self.unit,
            variant="goods; " + "; ".join(f"{v}: {WORDS[v]}" for v in used),
            range=self.bounds,
        )


@dataclass(frozen=True, kw_only=True)
class DyadicLedgerMeasure(LedgerMeasure):
    """A measure on the focal state and each of several partners."""

    partners: tuple[Actor, ...]

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse partners that overlap, or the focal state among them."""
        yield from super().problems()
        yield from overlaps((self.focal, *self.partners))

    def pairs(self, get: Inputs) -> Iterator[tuple[View, Ledger, str]]:
        """Yield each view and partner."""
        for view, ledger in self.ledgers(get):
            for partner in self.partners:
                yield view, ledger, partner

    def rows(
        self, view: str, ledger: Ledger, partner: str, *figure: str
    ) -> list[tuple[object, ...]]:
        """Return the cells of one partner by year."""
        return [
            (self.focal, partner, *figure, view, y, ledger.note(self.focal, y))
            for y in ledger.years
        ]
