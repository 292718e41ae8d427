"""Ensembles: how sure a result is, and which source of uncertainty it hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Self

import numpy as np
import polars as pl

from multivector.ensemble.replays import SALTELLI, SAMPLING, Replays, plan_of
from multivector.ensemble.sources import Dirichlet, described, sources_of
from multivector.estimate import Estimate
from multivector.origin import Citation
from multivector.stats.normalisation import deviation
from multivector.stats.sensitivity import bootstrap, first_order, pooled, total_order
from multivector.stats.summaries import probability_of_direction
from multivector.step import Inputs, Step

OVERALL = "all cells"
"""What stands in the key columns of the row for all cells together."""
__all__ = ["OVERALL", "Dirichlet", "Ensemble", "hangs_on"]


@dataclass(frozen=True)
class Ensemble(Step[Estimate]):
    """A step under every source of uncertainty at once, and the share of each source in it.

    ``draws`` are the replays A and B of the design: their median is the centre, their 5 and 95 %
    quantiles the interval, and with ``of="rank"`` these are rank intervals; the observed value is
    that of the step as it is. ``first order`` and ``total`` are Sobol indices by source, one row a
    cell and source, and a row for all cells together weighted by their variances; their intervals
    come from resampling the rows of the design. The first-order index is the share of variance
    that goes if the source were settled; the total also counts what the source does together with
    others, so it says what a result hangs on. ``direction`` is the probability that a value has its
    more probable sign.

    Parameters
    ----------
    replays
        What is replayed over which sources.
    show
        Which of these results.
    resamples
        Resamples of the rows for intervals of the indices.

    Examples
    --------
    >>> from multivector.registry import find
    >>> index = find("measures", "index")(
    ...     tables=(find("panels", "table")("mine.csv"),),
    ...     indicators=({"column": "a"}, {"column": "b"}),
    ... )
    >>> spread = Ensemble.over(index, {
    ...     (index, "normalisation"): ("min-max", "rank"),
    ...     (index, "weights"): Dirichlet(20),
    ... }, of="rank")
    >>> print(spread.words())
    normalisation: min-max | rank
    weights: drawn around what they are (Dirichlet, concentration 20)
    data: draws of the step itself, where it has any
    """

    name: ClassVar[str] = "ensemble"
    citations: ClassVar[tuple[Citation, ...]] = (SALTELLI,)
    replays: Replays
    show: Literal["draws", "first order", "total", "direction"] = "draws"
    resamples: int = 200

    @classmethod
    def over(cls, step: Step[Estimate], varied: Mapping[Any, Any], **choices: Any) -> Self:
        """Make an ensemble from what is varied; see ``ensemble.sources.sources_of``."""
        found, weights = sources_of(varied)
        return cls(Replays(tree=step, choices=found, weights=weights, **choices))

    def words(self, *, point: bool = False) -> str:
        """Say what is varied, one line a source; print it before any result.

        With *point* the step has no draws of its own, so nothing is said of data.
        """
        lines = [
            f"{name}: {what}"
            for name, what in described(self.replays.choices, self.replays.weights)
        ]
        if self.replays.sampling and not point:
            lines.append(f"{SAMPLING}: draws of the step itself, where it has any")
        return "\n".join(lines)

    @property
    def inputs(self) -> tuple[Step[Any], ...]:
        """The replays, and the step as it is."""
        return (self.replays, self.replays.tree)

    def compute(self, get: Inputs) -> Estimate:
        """Summarise the replays."""
        found = get(self.replays)
        if self.show in ("first order", "total"):
            return self._shares(found, get(self.replays.tree).draw_kind == "point")
        whole = found.draws[:, : 2 * self.replays.rows]
        whole = whole[:, ~np.isnan(whole).all(axis=0)]
        if self.show == "draws":
            return replace(found, draws=whole)
        return replace(
            found,
            draws=probability_of_direction(whole)[:, None],
            observed=None,
            draw_kind="point",
            label=f"Probability of direction: {found.label}",
            unit="share 0–1",
            range=(0.5, 1),
        )

    def _shares(self, found: Estimate, point: bool) -> Estimate:
        """Compute Sobol indices by source, for each cell and for all together."""
        n = self.replays.rows
        a, b = found.draws[:, :n], found.draws[:, n : 2 * n]
        ab = found.draws[:, 2 * n :].reshape(len(a), -1, n)
        names = plan_of(self.replays).sources
        used = [k for k, name in enumerate(names) if not (point and name == SAMPLING)]
        resampled = bootstrap(a, b, ab, self.resamples, self.replays.seed)
        total = self.show == "total"
        value = (total_order if total else first_order)(a, b, ab)
        drawn = resampled.total if total else resampled.first
        if len(used) == 1:  # all variance is due to the only source; estimates scatter around that
            value, drawn = (np.where(np.isnan(x), np.nan, 1.0) for x in (value, drawn))
        spread = np.where(np.isnan(value).all(axis=1), 0.0, deviation(np.hstack([a, b]).T)[0] ** 2)
        key = [c for c in found.cells.columns if c != "note"]
        last = pl.DataFrame({c: [OVERALL] for c in key}, dict.fromkeys(key, pl.String))
        cells = pl.concat([found.cells.select(pl.col(key).cast(pl.String)), last])
        sources = pl.DataFrame({"source": [names[k] for k in used]})
        observed = np.concatenate([value, pooled(value, spread)[None]])[:, used]
        draws = np.concatenate([drawn, pooled(drawn, spread)[None]])[:, used]
        return Estimate(
            cells.join(sources, how="cross", maintain_order="left_right"),
            draws.reshape(-1, self.resamples),
            label=f"{'Total' if total else 'First-order'} share of variance: {found.label}",
            unit="share 0–1",
            draw_kind="bootstrap",
            variant=f"Sobol indices, {self.resamples} resamples of {n} rows; {found.variant}",
            observed=observed.reshape(-1),
        )


def hangs_on(total: Estimate, **cell: object) -> str:
    """Say in words which source a result hangs on, from total shares.

    Without *cell*, of all cells together. Sources are told apart only where the 90 % intervals of
    their total shares do.
    """
    where = cell or {c: OVERALL for c in total.key if c != "source"}
    known = [q for q in total.select(**where).quantities() if q.value is not None]
    rows = [q for q in known if q.value or q.high]
    if not rows:
        return "Nothing that was varied changes it."
    rows.sort(key=lambda q: -(q.value or 0.0))
    said = [f"{dict(q.cell)['source']} ({q.figure} {q.interval})".replace(" )", ")") for q in rows]
    best = rows[0]
    even = [s for q, s in zip(rows, said, strict=True) if (q.high or 0) >= (best.low or 0)]
    rest = said[len(even) :]
    text = (
        f"It hangs above all on {even[0]}"
        if len(even) == 1
        else f"It hangs on {', '.join(even[:-1])} and {even[-1]}, which cannot be told apart"
    )
    idle = [dict(q.cell)["source"] for q in known if q not in rows]
    text += f"; less on {', '.join(rest)}" if rest else ""
    text += f"; not at all on {', '.join(idle)}" if idle else ""
    return f"{text}."
