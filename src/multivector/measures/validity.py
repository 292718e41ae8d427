"""Validity: checks declared before they are run, each passed or failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.estimate import Estimate
from multivector.measures._convergent import YUNEMAN, Check, csis, fed, influence, spearman, yuneman
from multivector.measures.conflict_votes import ConflictPercentile
from multivector.measures.mechanisms import effective_partners
from multivector.measures.trade import PartnerShare
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Measure, Step

CAMPBELL = Citation(
    "campbell1959",
    "article",
    "Campbell, Donald T. and Fiske, Donald W.",
    "Convergent and Discriminant Validation by the Multitrait-Multimethod Matrix",
    1959,
    "Psychological Bulletin 56(2):81-105",
    doi="10.1037/h0046016",
)
MOST_DISCRIMINANT = 0.7
"""Above it a measure of choice shares half of its variance (in ranks) with size or place."""
EXEMPT = ("TUR", "HUN")
"""Members of NATO whose distance on the war would be no surprise."""
NATO_DAY = 2021


def _face() -> Step[Estimate]:
    members = tuple(s for s in states.members("NATO", NATO_DAY) if s not in EXEMPT)
    return ConflictPercentile(focal=members[0], others=members[1:], vote_set="ukraine")


@dataclass(frozen=True)
class Validity(Measure):
    """Whether measures behave as was declared beforehand: 1 passed, 0 failed.

    Convergent, Spearman's ρ at least .5 for each: over state-years, S with the United States less S
    with China and the alignment series of CSIS (``csis_alignment``); over states, China's part of
    trade with China and Russia and its part of the two powers' formal bilateral influence
    capacity (``fbic``), and trade with each over GDP and economic dependence on it in FBIC; over
    five partners of Kazakhstan, the share of same votes in 2007–2022 and the order that Yuneman
    (2023) published. All but the last need a file of the user's. Each draws on the same votes or
    the same trade as ours, so that it is agreement of methods and not of evidence. Discriminant:
    |ρ| of the effective number of trade partners with GDP, and with distance to the nearest of
    Russia, China, Germany and the United States, is below .7. Known groups: Belarus, and Armenia,
    have a larger share of trade with Russia than Kazakhstan, on average to 2020. Face: on the war
    against Ukraine no member of NATO other than Türkiye and Hungary is in the top decile of
    distance. A check that lacks its data has no value, and says which file it needs.

    Examples
    --------
    >>> Validity().unit
    'passed 1, failed 0'
    """

    name: ClassVar[str] = "validity"
    unit: ClassVar[str] = "passed 1, failed 0"
    citations: ClassVar[tuple[Citation, ...]] = (CAMPBELL, YUNEMAN)
    similarity: Step[Panel] = default_input("all_dyads", "panels")
    trade: Step[Panel] = default_input("baci")
    gdp: Step[Panel] = default_input("world_bank_gdp")
    distances: Step[Panel] = default_input("geodist")
    convergent: Step[Panel] = default_input("csis_alignment")
    capacity: Step[Panel] = default_input("fbic")
    percentiles: Step[Estimate] | None = None
    shares: tuple[Step[Estimate], ...] = ()
    groups: tuple[Actor, ...] = ("BLR", "ARM")
    focal: Actor = "KAZ"
    years: tuple[int, int] = (2010, 2020)

    def __post_init__(self) -> None:
        """Fill in the steps that depend on other fields, then check."""
        if self.percentiles is None:
            object.__setattr__(self, "percentiles", _face())
        if not self.shares:
            made = (
                PartnerShare(self.trade, focal=s, partners=("RUS",))
                for s in (self.focal, *self.groups)
            )
            object.__setattr__(self, "shares", tuple(made))
        super().__post_init__()

    def compute(self, get: Inputs) -> Estimate:
        """Run every check."""
        checks = [
            *self._convergent(get),
            *self._discriminant(get),
            *self._known_groups(get),
            self._face(get),
        ]
        cells = pl.DataFrame(
            [(c.kind, c.what, c.note) for c in checks],
            {"kind": pl.String, "check": pl.String, "note": pl.String},
            orient="row",
        )
        values = [np.nan if c.passed is None else float(c.passed) for c in checks]
        return Estimate(
            cells,
            np.array(values).reshape(-1, 1),
            label="Validity checks",
            unit=self.unit,
            variant=f"declared beforehand; {self.years[0]}–{self.years[1]}",
            range=(0, 1),
        )

    def _convergent(self, get: Inputs) -> Iterator[Check]:
        pairs = get(self.similarity, "exact", "n", "s_absolute").frame
        yield csis(pairs, fed(get, self.convergent), self.years)
        capacity = fed(get, self.capacity)
        yield from influence(get(self.trade), get(self.gdp, "gdp_usd"), capacity, self.years)
        yield yuneman(pairs)

    def _discriminant(self, get: Inputs) -> Iterator[Check]:
        spread = effective_partners(get(self.trade), self.years).group_by("state").mean()
        gdp = get(self.gdp, "gdp_usd").frame.filter(pl.col("year").is_between(*self.years))
        near = get(self.distances, "dist_km").frame.filter(
            pl.col("partner").is_in(["RUS", "CHN", "USA", "DEU"])
        )
        against = {
            "GDP": gdp.group_by("state").agg(x=pl.col("gdp_usd").mean()),
            "distance to a power": near.group_by("state").agg(x=pl.col("dist_km").min()),
        }
        for what, table in against.items():
            frame = spread.join(table, on="state").drop_nulls()
            rho = spearman(frame["partners"].to_numpy(), frame["x"].to_numpy())
            note = f"Spearman's ρ = {rho:.2f} over {len(frame)} states; |ρ| below .7 declared."
            check = f"effective partners, against {what}"
            yield Check("discriminant", check, abs(rho) < MOST_DISCRIMINANT, note)

    def _known_groups(self, get: Inputs) -> Iterator[Check]:
        means: dict[str, float] = {}
        for step in self.shares:
            e = get(step).select(partner="RUS")
            inside = e.cells["year"].is_between(*self.years).to_numpy()
            means[str(e.cells["state"][0])] = float(np.nanmean(e.draws[inside]))
        for state in self.groups:
            check = f"share of trade with Russia, {state} above {self.focal}"
            note = f"{means[state]:.1%} against {means[self.focal]:.1%}."
            yield Check("known groups", check, means[state] > means[self.focal], note)

    def _face(self, get: Inputs) -> Check:
        assert self.percentiles is not None
        known = {
            str(dict(q.cell)["state"]): q.value
            for q in get(self.percentiles).quantities()
            if q.value is not None
        }
        far = sorted(s for s, v in known.items() if v >= 90)
        note = (
            f"{len(known)} members with a position; in the top decile: {', '.join(far) or 'none'}."
        )
        what = "distance on the war against Ukraine, members of NATO"
        return Check("face", what, not far if known else None, note)
