"""Leader-years: who led each state in each year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from multivector.errors import InputError, MultivectorError
from multivector.panel import Panel
from multivector.panels.universes import state_years
from multivector.registry import default_input
from multivector.step import Inputs, Step
from multivector.variable import Key, Variable


@dataclass(frozen=True)
class LeaderYears(Step[Panel]):
    """Every leader of a state in every year in which the leader was in power on some day.

    One row per state, leader and year in which the state was a member of its system (a list of
    leaders may begin before the state does). Two spells of one leader in a year are one row.
    ``since`` is the first day of the spell (ISO), of the earlier one where there are two;
    ``years_in_power`` counts calendar years since that day's; ``at_year_end`` is 1 for whoever of
    the year's leaders was the last to begin, provided that the spell goes on beyond the year or
    ends in its December, else 0. A spell without end goes on to the end of the list.

    Parameters
    ----------
    leaders
        Spells with state, leader, and the days ``began`` and ``ended``: REIGN or Archigos.
    years
        First and last year, which the list must cover; ``None`` takes all that it covers.

    Examples
    --------
    >>> from multivector.sources.leaders import ReignLeaders
    >>> LeaderYears(ReignLeaders(), (1992, 2020)).years
    (1992, 2020)
    """

    name: ClassVar = "leader_years"

    leaders: Step[Panel] = default_input("leaders")
    years: tuple[int, int] | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse years that run backwards."""
        if self.years is not None and self.years[0] > self.years[1]:
            yield InputError(f"{self.years[0]} to {self.years[1]} runs backwards.")

    def compute(self, get: Inputs) -> Panel:
        """Expand the spells into years and keep those of members of the system."""
        panel = get(self.leaders)
        cover = panel.variable("ended").coverage
        first, last = self.years or (min(cover.years), max(cover.years))
        panel = panel.covering(range(first, last + 1), variable="ended")
        began, ended = (pl.col(c).str.head(4).cast(pl.Int64) for c in ("began", "ended"))
        rows = (
            panel.frame.select("state", "leader", "began", "ended")
            .with_columns(pl.int_ranges(began, ended.fill_null(last) + 1).alias("year"))
            .explode("year", empty_as_null=False)
            .filter(pl.col("year").is_between(first, last))
            .join(state_years(panel.key.system, (first, last)), on=["state", "year"], how="semi")  # type: ignore[arg-type]
        )
        year = pl.col("year").cast(pl.String)
        stays = pl.col("ended").is_null() | (pl.col("ended").str.head(7) >= year + "-12")
        latest = pl.col("began") == pl.col("began").max().over("state", "year")
        since = pl.col("since").str.head(4).cast(pl.Int64)
        frame = (
            rows.with_columns((latest & stays).cast(pl.Int8).alias("at_year_end"))
            .group_by("state", "leader", "year")
            .agg(pl.col("began").min().alias("since"), pl.col("at_year_end").max())
            .with_columns((pl.col("year") - since).alias("years_in_power"))
        )
        key = Key("leader-year", ("state", "leader", "year"), system=panel.key.system)
        variables = (
            Variable("since", "First day in power (ISO date)", "text", cover),
            Variable("at_year_end", "In power at the end of the year", "flag", cover, range=(0, 1)),
            Variable(
                "years_in_power",
                "Calendar years since power began",
                "years",
                cover,
                range=(0, None),
            ),
        )
        return Panel(frame, key, variables)
