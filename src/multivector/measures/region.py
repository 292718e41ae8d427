"""Regional integration: how much of a group's ties are among its own members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, KeyMismatch, MultivectorError, OutOfCoverage, raise_all
from multivector.estimate import Estimate
from multivector.measures._ledger import read_ledger
from multivector.measures._tie import Years
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.stats.summaries import ratio
from multivector.step import Inputs, Measure, Step

IAPADRE = Citation(
    "iapadre2006",
    "incollection",
    "Iapadre, Lelio",
    "Regional Integration Agreements and the Geography of World Trade: Statistical Indicators and "
    "Empirical Evidence",
    2006,
    "Assessment and Measurement of Regional Integration, 66-86, Routledge",
)


@dataclass(frozen=True)
class InternalShare(Measure):
    """Share of a group's trade that its members have with each other, and its intensity.

    ``share``: s = Σ_{i,j in G} x_ij / Σ_{i in G} x_i over exports, imports or both; 0 to 1. It
    grows with the group. ``expected``: the group's share w in the world's trade, which s would be
    if partners did not matter. ``symmetric``: (s − w)/(s + w − 2sw), −1 to 1 and 0 where s = w,
    after Iapadre, which takes the size out. A year in which a member's total is not known is
    missing. Smuggling and bazaar trade, large in Central Asia, are not in the figures.

    Parameters
    ----------
    trade, totals
        Reconciled exports by pair, and totals by state.
    group
        A group of states; members are those at the end of each year.

    Examples
    --------
    >>> InternalShare(group="CA5").flow
    'total'
    """

    name: ClassVar[str] = "internal_share"
    unit: ClassVar[str] = "share or index, see the figure"
    citations: ClassVar[tuple[Citation, ...]] = (IAPADRE,)
    trade: Step[Panel] = default_input("baci")
    totals: Step[Panel] = default_input("baci_world")
    _: KW_ONLY
    group: Actor = "CA5"
    flow: Literal["total", "exports", "imports"] = "total"
    years: Years | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a single state."""
        if not states.is_group(self.group):
            yield InputError(f"{self.group} is one state.", f"Groups: {', '.join(states.groups())}")

    def compute(self, get: Inputs) -> Estimate:
        """Sum inside, in all, and over the world."""
        totals = get(self.totals)
        ledger = read_ledger(get(self.trade), "reconciled", self.years, totals)
        missed = sorted(
            {m for y in ledger.years for m in states.members(self.group, y)}
            - set(ledger.complete or ledger.states)
        )
        if missed:
            raise OutOfCoverage(
                f"The trade table does not hold all partners of {', '.join(missed)}.",
                remedy="Run `multivector fetch baci` for the full table.",
            )
        inside = ledger.between(self.group, self.group, self.flow)
        whole = inside + ledger.total(self.group, self.flow)
        sides: tuple[Literal["exports", "imports"], ...] = ("exports", "imports")
        chosen = sides if self.flow == "total" else (self.flow,)
        world = sum(ledger.world(side) for side in chosen)
        share, size = ratio(inside, whole), ratio(whole, world)
        symmetric = ratio(share - size, share + size - 2 * share * size)
        figures = {"share": share, "expected": size, "symmetric": symmetric}
        cells = pl.DataFrame(
            [(self.group, f, y) for f in figures for y in ledger.years],
            {"group": pl.String, "figure": pl.String, "year": pl.Int64},
            orient="row",
        )
        return Estimate(
            cells,
            np.concatenate(list(figures.values())).reshape(-1, 1),
            label=f"Trade inside {self.group}",
            unit=self.unit,
            variant=f"goods, {self.flow}; members of each year; recorded trade only",
            range=(-1, 1),
        )


@dataclass(frozen=True)
class PairMean(Step[Estimate]):
    """Mean of a dyadic figure over all pairs inside a group, by year.

    m_t = Σ_{i<j in G} x_ijt / n_t over the n_t pairs with a figure; members of each year. A pair
    that is told from both sides enters with the mean of the two. In the unit of the figure; counts
    become means. The note says how many of the pairs have a figure. What is averaged is the value
    that prints; intervals of single pairs are not carried over.

    Parameters
    ----------
    of
        Steps with cells (state, partner, year), such as vote agreement of each member.

    Examples
    --------
    >>> from multivector.measures.security import SecurityTreatyCount
    >>> treaties = SecurityTreatyCount(focal="KAZ", partners=("UZB", "KGZ"))
    >>> PairMean((treaties,), group="CA5").group
    'CA5'
    """

    name: ClassVar[str] = "pair_mean"
    example: ClassVar = {"of": [{"step": "partner_share", "partners": ("UZB", "KGZ")}]}
    of: tuple[Step[Estimate], ...]
    _: KW_ONLY
    group: Actor = "CA5"

    def compute(self, get: Inputs) -> Estimate:
        """Keep pairs of members, put both sides of a pair together, and average."""
        parts = [get(step) for step in self.of]
        first = parts[0]
        raise_all(
            "These figures cannot be averaged",
            [
                KeyMismatch(f"{e.label} in {e.unit} has cells ({', '.join(e.key)}).")
                for e in parts
                if (e.unit, e.label) != (first.unit, first.label)
                or set(e.key) != {"state", "partner", "year"}
            ],
        )
        pairs: dict[int, dict[tuple[str, str], list[float]]] = {}
        for e in parts:
            values = e.summary()["value"]
            for (a, b, year), value in zip(
                e.cells.select("state", "partner", "year").iter_rows(), values, strict=True
            ):
                inside = {a, b} <= set(states.members(self.group, year)) and a != b
                if inside:
                    held = pairs.setdefault(year, {}).setdefault((min(a, b), max(a, b)), [])
                    held += [] if value is None else [value]
        years = sorted(pairs)
        means, notes = [], []
        for year in years:
            known = [float(np.mean(v)) for v in pairs[year].values() if v]
            n = len(states.members(self.group, year))
            means.append(float(np.mean(known)) if known else np.nan)
            notes.append(f"{len(known)} of {n * (n - 1) // 2} pairs")
        cells = pl.DataFrame(
            {"group": [self.group] * len(years), "year": years, "note": notes},
            {"group": pl.String, "year": pl.Int64, "note": pl.String},
        )
        return Estimate(
            cells,
            np.array(means, dtype=np.float64).reshape(-1, 1),
            label=f"{first.label}, mean of pairs in {self.group}",
            unit=first.unit.replace("treaties", "mean of treaties").replace("votes", "mean votes"),
            variant=f"members of each year; {first.variant}",
            range=first.range,
        )
