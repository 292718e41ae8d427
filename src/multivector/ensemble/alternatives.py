"""Each alternative alone: what one choice by itself does to a result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
import polars as pl

from multivector.ensemble.replays import Replays, aligned, ranked, same_scale
from multivector.estimate import Estimate
from multivector.step import Inputs, Step, edit


@dataclass(frozen=True)
class OneAtATime(Step[Estimate]):
    """The values of a step with each alternative of each choice put in alone, all else as it is.

    Cells are those of the step, with the choice and the alternative; values are those of the record
    (or medians of draws), without intervals. Interactions do not show here: that is what the total
    shares of an ensemble are for. An alternative that cannot be evaluated raises its error.

    Parameters
    ----------
    replays
        Which step, which choices, and whether values or ranks are compared.

    Examples
    --------
    >>> from multivector.ensemble import Ensemble
    >>> from multivector.registry import find
    >>> share = find("measures", "partner_share")(focal="KAZ", partners=("RUS", "CHN"))
    >>> flows = {(share, "flow"): ("exports", "imports")}
    >>> [made.flow for made in OneAtATime(Ensemble.over(share, flows).replays).inputs]
    ['total', 'exports', 'imports']
    """

    name: ClassVar[str] = "one_at_a_time"
    replays: Replays

    @property
    def inputs(self) -> tuple[Step[Any], ...]:
        """The step, and the step with each alternative."""
        return tuple(dict.fromkeys((self.replays.tree, *_edited(self.replays))))

    def compute(self, get: Inputs) -> Estimate:
        """Put the alternatives in one after another."""
        nominal = get(self.replays.tree)
        names = [(n, words) for n, options in self.replays.choices for words, _ in options]
        values: list[np.ndarray[Any, Any]] = []
        for step in _edited(self.replays):
            found = get(step)
            same_scale(found, nominal, self.replays.of)
            best = found.summary()["value"].fill_null(np.nan).to_numpy()[:, None]
            point = replace(found, draws=best, observed=None, draw_kind="point")
            column = aligned(point, nominal.cells)
            values.append(ranked(column, nominal.cells) if self.replays.of == "rank" else column)
        key = nominal.cells.select(nominal.key)
        cells = [
            key.with_columns(pl.lit(choice).alias("choice"), pl.lit(option).alias("alternative"))
            for choice, option in names
        ]
        ranks = self.replays.of == "rank"
        return Estimate(
            pl.concat(cells),
            np.concatenate(values),
            label=f"Rank in: {nominal.label}" if ranks else nominal.label,
            unit="rank" if ranks else nominal.unit,
            variant=f"each alternative alone; {nominal.variant}",
            range=(1, len(key)) if ranks else nominal.range,
        )


def without_value(alone: Estimate) -> list[tuple[str, str]]:
    """Return the alternatives under which no cell has a value, as pairs of choice and alternative.

    What :class:`OneAtATime` gives is looked through; such an alternative cannot be compared.
    """
    names = alone.cells.select("choice", "alternative").rows()
    known = {n for n, v in zip(names, alone.draws[:, 0], strict=True) if not np.isnan(v)}
    return [name for name in dict.fromkeys(names) if name not in known]


def reversals(
    alone: Estimate, nominal: float, threshold: float = 0.0, **cell: object
) -> list[tuple[str, str]]:
    """Return the alternatives that by themselves put a cell on the other side of a threshold.

    Parameters
    ----------
    alone
        What :class:`OneAtATime` gives.
    nominal
        The value as it is.
    threshold
        Where the conclusion turns, such as 0 for a signed lean.

    Returns
    -------
    Pairs of choice and alternative. An alternative without a value turns nothing, and one that
    lies on the threshold does.
    """
    rows = alone.select(**cell)
    names = rows.cells.select("choice", "alternative").rows()
    values = rows.draws[:, 0] - threshold
    side = np.sign(nominal - threshold)
    turned = (np.sign(values) != side) & ~np.isnan(values)
    return [name for name, t in zip(names, turned, strict=True) if t]


@lru_cache(maxsize=8)
def _edited(replays: Replays) -> list[Step[Any]]:
    """Return the step with each alternative of each choice, in their order."""
    return [
        edit(replays.tree, {(step, field): value for step, field, value in changes})
        for _, options in replays.choices
        for _, changes in options
    ]
