"""Belt and Road: China's commitments to states, and how their votes moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from multivector.choices import Actor
from multivector.estimate import Estimate
from multivector.measures._feols import PanelFit, panel_fit, standardised
from multivector.measures.mechanisms import Mechanism, Years
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step

CHINA = "CHN"


@dataclass(frozen=True)
class BeltToVotes(Mechanism):
    """Whether votes moved nearer to China where China committed more, beside placebos.

    ΔS_i = β·ln(C_i/Y_i) + γ·S_i,before + δ·T_i + ζ·ln Y_i + e over recipients i. S is similarity
    of votes with China (absolute distances), ΔS its mean in ``after`` less that in ``before``;
    C China's official commitments, Y mean GDP, T trade with China over GDP in ``before``. ln(C/Y)
    is standardised, so β is the change of S per standard deviation. A table by year
    counts from ``launch`` on; a table of totals (2000 to 2021) holds earlier commitments too.
    ``placebo``: the same with the change from ``earlier`` to ``before``, which Belt and Road (2013)
    cannot have caused. ``placebo power``: the change of votes toward ``other`` instead of
    China; what is as large there is the agenda of the Assembly, not China. Heteroskedasticity-
    robust errors. Memoranda by year would allow an event study, but there is no official list.
    Commitments are not assigned at random: β is an association, and no effect is identified.

    States without a recorded commitment, or outside the table of trade, are left out. Needs
    ``aiddata_totals`` or ``aiddata``, which the user feeds.

    Examples
    --------
    >>> BeltToVotes().launch
    2014
    """

    name: ClassVar[str] = "mechanism_belt"
    label: ClassVar[str] = "China's commitments and votes with China"
    unit: ClassVar[str] = "index, change of S per standard deviation"
    design: ClassVar[str] = "cross-section of recipients, heteroskedasticity-robust errors"
    finance: Step[Panel] = default_input("aiddata_totals")
    similarity: Step[Panel] = default_input("all_dyads", "panels")
    trade: Step[Panel] = default_input("baci")
    gdp: Step[Panel] = default_input("world_bank_gdp")
    other: Actor = "IND"
    earlier: Years = (2003, 2007)
    before: Years = (2008, 2012)
    after: Years = (2017, 2021)
    launch: int = 2014

    def compute(self, get: Inputs) -> Estimate:
        """Lay out the cross-section, then fit the change and its two placebos."""
        votes = get(self.similarity, "s_absolute").frame
        base = self._recipients(get).join(self._trade(get), on="state")
        fits: dict[str, tuple[PanelFit, str]] = {}
        for figure, power, first, second in (
            ("estimate", CHINA, self.before, self.after),
            ("placebo", CHINA, self.earlier, self.before),
            ("placebo power", self.other, self.before, self.after),
        ):
            start = mean_similarity(votes, power, first).rename({"s": "start"})
            frame = mean_similarity(votes, power, second).join(start, on="state")
            frame = frame.with_columns(change=pl.col("s") - pl.col("start")).join(base, on="state")
            frame = standardised(
                frame.filter(~pl.col("state").is_in([CHINA, self.other])), "committed"
            )
            terms = ("committed", "start", "exposed", "log_gdp")
            fits[figure] = (panel_fit(frame, "change", terms), "committed")
        return self.wrap(fits)

    def _recipients(self, get: Inputs) -> pl.DataFrame:
        """Return ln of commitments over GDP, and ln GDP, by recipient."""
        table = get(self.finance)
        amount = table.variables[0].name
        held = table.frame.drop_nulls(amount)
        if "year" in table.key.columns:
            held = held.filter(pl.col("year") >= self.launch)
        sums = held.group_by("state").agg(pl.col(amount).sum()).filter(pl.col(amount) > 0)
        span = (self.before[0], self.after[1])
        output = (
            get(self.gdp, "gdp_usd")
            .frame.filter(pl.col("year").is_between(*span))
            .group_by("state")
            .agg(log_gdp=pl.col("gdp_usd").mean().log())
        )
        ratio = pl.col(amount).log() - pl.col("log_gdp")
        return sums.join(output, on="state").select("state", "log_gdp", committed=ratio)

    def _trade(self, get: Inputs) -> pl.DataFrame:
        """Return trade with China over GDP before Belt and Road, by state."""
        trade = get(self.trade)
        flow = trade.variables[0].name
        held = trade.sound(flow).frame.filter(pl.col("year").is_between(*self.before))
        ends = [
            held.filter(pl.col(them) == CHINA).select("year", state=us, value=pl.col(flow))
            for us, them in (("state", "partner"), ("partner", "state"))
        ]
        output = get(self.gdp, "gdp_usd").frame
        sums = pl.concat(ends).drop_nulls().group_by("state", "year").agg(pl.col("value").sum())
        share = pl.col("value") / pl.col("gdp_usd")
        return (
            sums.join(output, on=["state", "year"])
            .group_by("state")
            .agg(exposed=share.mean() * 1e3)
        )


def mean_similarity(pairs: pl.DataFrame, power: str, years: Years) -> pl.DataFrame:
    """Return the mean of S with *power* over *years*, by state."""
    inside = pairs.filter(pl.col("year").is_between(*years))
    sides = [
        inside.filter(pl.col(them) == power).select(state=us, s="s_absolute")
        for us, them in (("state", "partner"), ("partner", "state"))
    ]
    return pl.concat(sides).drop_nulls().group_by("state").agg(pl.col("s").mean())
