"""Leaders' backgrounds: whether a state votes otherwise under another kind of leader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.estimate import Estimate
from multivector.measures._feols import PanelFit, panel_fit
from multivector.measures.mechanisms import Mechanism
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step


@dataclass(frozen=True)
class BackgroundToVotes(Mechanism):
    """Whether votes lean otherwise between two powers under leaders with a military career.

    S_it,A − S_it,B = β·M_it + state + year + e, S the similarity of votes (absolute distances) with
    powers A and B, M = 1 where the leader at the end of the year had a military career (REIGN),
    the one line of biography that an open table has of all leaders. Only states that had leaders of
    both kinds tell; the note counts them and their leaders, and gives the smallest |β| that would
    be found at the 5 % level in four samples of five. ``placebo``: the leader of ``ahead`` years
    later, where that is another person, beside the present one. Errors clustered by state. Who
    comes to power is not assigned: β is an association, and says nothing of Soviet or Russian
    schooling, of which there is no open table.

    Years from ``first`` on. A doubtful career, and a year without a leader at its end, are left
    out.

    Examples
    --------
    >>> BackgroundToVotes().powers
    ('USA', 'RUS')
    """

    name: ClassVar[str] = "mechanism_biography"
    label: ClassVar[str] = "Leaders' military careers and votes between two powers"
    unit: ClassVar[str] = "index, difference of two S"
    design: ClassVar[str] = "leader-years, state and year effects, clustered by state"
    leaders: Step[Panel] = default_input("leaders")
    spells: Step[Panel] = default_input("leader_years", "panels")
    similarity: Step[Panel] = default_input("all_dyads", "panels")
    powers: tuple[Actor, Actor] = ("USA", "RUS")
    ahead: int = 4
    first: int = 1992

    def compute(self, get: Inputs) -> Estimate:
        """Join votes with the leader in power, then with the one to come."""
        held = self._leaders(get)
        now = held.rename({"military": "career"})
        later = held.select("state", pl.col("year") - self.ahead, next="leader", later="military")
        table = self._lean(get).join(now, on=["state", "year"])
        table = table.filter(~pl.col("state").is_in(self.powers))
        other = table.join(later, on=["state", "year"]).filter(pl.col("next") != pl.col("leader"))
        fits: dict[str, tuple[PanelFit, str]] = {
            "estimate": (panel_fit(table, "lean", ("career",), ("state", "year")), "career"),
            "placebo": (panel_fit(other, "lean", ("later", "career"), ("state", "year")), "later"),
        }
        found = self.wrap(fits)
        mixed = table.filter(pl.col("career").n_unique().over("state") > 1)
        seen = (
            f"{mixed['state'].n_unique()} states had leaders of both kinds, "
            f"{mixed.select('state', 'leader').n_unique()} leaders"
        )
        least = [
            f"smallest difference found with power .8: {smallest(*f):.2f}" for f in fits.values()
        ]
        notes = [
            "; ".join(part for part in (words, seen if k == 0 else "", least[k]) if part)
            for k, words in enumerate(found.cells["note"])
        ]
        return Estimate(
            found.cells.with_columns(note=pl.Series(notes)),
            found.draws,
            label=found.label,
            unit=found.unit,
            draw_kind=found.draw_kind,
            variant=found.variant,
            range=found.range,
            observed=found.observed,
        )

    def _leaders(self, get: Inputs) -> pl.DataFrame:
        """Return the leader at the end of each year with 1 for a military career, else 0."""
        careers = (
            get(self.leaders, "military")
            .frame.group_by("state", "leader")
            .agg(pl.col("military").max())
            .filter(pl.col("military").is_in([0.0, 1.0]))
        )
        years = (
            get(self.spells, "at_year_end")
            .frame.filter(pl.col("at_year_end") == 1, pl.col("year") >= self.first)
            .select("state", "leader", "year")
            .unique(["state", "year"], keep="none")
            .join(careers, on=["state", "leader"])
        )
        ids = states.resolve_codes(years["state"], years["year"], "cow")
        return years.with_columns(state=ids).drop_nulls().sort("state", "year")

    def _lean(self, get: Inputs) -> pl.DataFrame:
        """Return the difference of the similarities with the two powers."""
        pairs = get(self.similarity, "s_absolute").frame.drop_nulls()
        one, two = (
            pl.concat(
                pairs.filter(pl.col(them) == power).select("year", state=us, s="s_absolute")
                for us, them in (("state", "partner"), ("partner", "state"))
            )
            for power in self.powers
        )
        both = one.join(two, on=["state", "year"], suffix="_other")
        return both.select("state", "year", lean=pl.col("s") - pl.col("s_other"))


def smallest(fit: PanelFit, term: str) -> float:
    """Return the smallest coefficient found at the 5 % level with power .8: SE·(t.975 + t.8)."""
    from scipy.stats import t as student

    error, df = fit.terms[term].error, fit.terms[term].df
    return float(error * (student.ppf(0.975, df) + student.ppf(0.8, df)))
