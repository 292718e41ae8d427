"""Cases as years: sanctions, visas; conflicts, protests, leaders and regime of a state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import polars as pl

from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step
from multivector.variable import DIRECTED_DYAD_YEAR, STATE_YEAR, Key, Variable

SIDES = ("side A", "side B")
"""Roles of a government that is itself a party, as the source of conflicts names them."""
_FREE, _BAN = "visa free", "ban during the pandemic"


@dataclass(frozen=True)
class SanctionYears(Step[Panel]):
    """Sanctions of one state or group against another, by year: number of cases in force.

    The row (A, B, year) counts the cases of the list in which A is a sender and B a target and of
    which the year lies between the first and the last, both inclusive. A group (the European
    Union) is a sender of its own; senders and targets that are no actors of ours are left out.
    Inside the coverage a pair without row has no listed case: 0.

    Examples
    --------
    >>> SanctionYears.name
    'sanction_years'
    """

    name: ClassVar = "sanction_years"

    sanctions: Step[Panel] = default_input("sanctions")

    def compute(self, get: Inputs) -> Panel:
        """Expand the cases into years."""
        panel = get(self.sanctions, "sender_id", "target_id", "began", "ended")
        cover = panel.variable("began").coverage
        frame = (
            panel.frame.drop_nulls(["sender_id", "target_id", "began", "ended"])
            .with_columns(pl.int_ranges("began", pl.col("ended") + 1).alias("year"))
            .explode("year")
            .group_by(state="sender_id", partner="target_id", year=pl.col("year").cast(pl.Int64))
            .agg(pl.col("case").n_unique().cast(pl.Int64).alias("sanction_cases"))
            .filter(pl.col("year").is_in(cover.years))
        )
        cases = Variable("sanction_cases", "Sanctions in force", "cases", cover, "zero", (0, None))
        return _checked(frame, DIRECTED_DYAD_YEAR, cases)


@dataclass(frozen=True)
class VisaYears(Step[Panel]):
    """Whether holders of one state's passport enter another without a visa, by year of release.

    The row (A, B, year) is 1 if the passport of A needs no visa at the border of B, 0 if it needs
    one, electronic or on arrival included. Missing where the release has a ban during the pandemic.

    Examples
    --------
    >>> VisaYears.name
    'visa_years'
    """

    name: ClassVar = "visa_years"

    visa: Step[Panel] = default_input("visa")

    def compute(self, get: Inputs) -> Panel:
        """Read each release as its year."""
        panel = get(self.visa, "regime")
        declared = panel.variable("regime")
        words = {word: code for code, word in declared.codes}
        regime = pl.col("regime")
        free = pl.when(regime != words[_BAN]).then((regime == words[_FREE]).cast(pl.Int8))
        frame = (
            panel.frame.with_columns(pl.col("date").dt.year().cast(pl.Int64).alias("year"))
            .sort("date")
            .unique(["state", "partner", "year"], keep="last", maintain_order=True)
            .select("state", "partner", "year", free.alias("visa_free"))
        )
        cover = declared.coverage
        entry = Variable("visa_free", "Visa-free entry", "flag", cover, range=(0, 1))
        return _checked(frame, DIRECTED_DYAD_YEAR, entry)


@dataclass(frozen=True)
class ConflictYears(Step[Panel]):
    """Armed conflicts to which the government of a state is a party, by year.

    ``conflicts`` counts them, ``conflict_intensity`` is the highest intensity (1: 25 to 999 deaths
    in battle in the year, 2: 1,000 or more). Governments that only support a side do not count.
    UCDP lists every conflict with 25 deaths or more, so inside the coverage a state without row has
    none: 0. States bear Gleditsch–Ward numbers.

    Examples
    --------
    >>> ConflictYears.name
    'conflict_years'
    """

    name: ClassVar = "conflict_years"

    parties: Step[Panel] = default_input("ucdp_parties")

    def compute(self, get: Inputs) -> Panel:
        """Count the conflicts of each government in each year."""
        panel = get(self.parties, "intensity")
        cover = panel.variables[0].coverage
        frame = (
            panel.frame.filter(pl.col("role").is_in(SIDES))
            .group_by("state", "year")
            .agg(
                pl.col("conflict").n_unique().cast(pl.Int64).alias("conflicts"),
                pl.col("intensity").max().alias("conflict_intensity"),
            )
        )
        levels = ((0, "none"), (1, "minor"), (2, "war"))
        conflicts = Variable("conflicts", "Armed conflicts", "count", cover, "zero", (0, None))
        intensity = Variable(
            "conflict_intensity", "Highest intensity", "level", cover, "zero", codes=levels
        )
        key = replace(STATE_YEAR, system=panel.key.system)
        return Panel(frame, key, (conflicts, intensity))


@dataclass(frozen=True)
class ProtestYears(Step[Panel]):
    """Listed protests against a government, by state and year; in one region where it is named.

    ``protests`` counts those of 50 people or more, ``violent_protests`` those in which protesters
    used violence. Each state-year of the list has a row, with 0 where it lists none; a state that
    is not in the list is missing. With ``place`` only protests whose place holds these words count
    (Mangystau, Xinjiang): places are words of press reports, so the count is a lower bound.

    Parameters
    ----------
    place
        Words of the place, whatever their case; empty counts the whole state.

    Examples
    --------
    >>> ProtestYears(place="Xinjiang").place
    'Xinjiang'
    """

    name: ClassVar = "protest_years"

    protests: Step[Panel] = default_input("protests")
    place: str = ""

    def compute(self, get: Inputs) -> Panel:
        """Count the protests of each state-year of the list."""
        panel = get(self.protests, "protest", "violent", "place")
        cover = panel.variables[0].coverage
        here = pl.col("place").str.to_lowercase().str.contains(self.place.lower(), literal=True)
        counts = (pl.col("protest") == 1) & (here if self.place else pl.lit(value=True))
        violent = counts & (pl.col("violent") == 1)
        frame = panel.frame.group_by("state", "year").agg(
            counts.sum().cast(pl.Int64).alias("protests"),
            violent.sum().cast(pl.Int64).alias("violent_protests"),
        )
        where = f" in {self.place}" if self.place else ""
        variables = tuple(
            Variable(name, label + where, "count", cover, range=(0, None))
            for name, label in (
                ("protests", "Protests listed"),
                ("violent_protests", "Protests with violence by protesters"),
            )
        )
        return Panel(frame, replace(STATE_YEAR, system=panel.key.system), variables)


@dataclass(frozen=True)
class LeaderOfYear(Step[Panel]):
    """The leader of each state at the end of each year, with the day on which power began.

    Of the leaders of a year the one who is in power at its end (see ``leader_years``); of
    several the last to begin. A year at whose end nobody on the list is in power has no row.

    Examples
    --------
    >>> LeaderOfYear().leaders.name
    'leader_years'
    """

    name: ClassVar = "leader_of_year"

    leaders: Step[Panel] = default_input("leader_years", "panels")

    def compute(self, get: Inputs) -> Panel:
        """Keep one leader a year."""
        panel = get(self.leaders)
        cover = panel.variable("since").coverage
        frame = (
            panel.frame.filter(pl.col("at_year_end") == 1)
            .sort("since")
            .unique(["state", "year"], keep="last", maintain_order=True)
            .select(
                "state", "year", "leader", leader_since="since", years_in_power="years_in_power"
            )
        )
        variables = (
            Variable("leader", "Leader at the end of the year", "text", cover),
            Variable("leader_since", "First day in power (ISO date)", "text", cover),
            replace(panel.variable("years_in_power"), coverage=cover),
        )
        return Panel(frame, replace(STATE_YEAR, system=panel.key.system), variables)


@dataclass(frozen=True)
class PolityYears(Step[Panel]):
    """Polity's scores by COW number, so that they join other tables of states.

    Polity numbers some states in its own way (Serbia, Ethiopia, Vietnam); the COW number is the one
    that the copy of the data gives beside it. Where two of Polity's states fall on one COW number
    in a year (the Soviet Union and Russia in 1991), the one whose record began last is kept.

    Examples
    --------
    >>> PolityYears.name
    'polity_years'
    """

    name: ClassVar = "polity_years"

    polity: Step[Panel] = default_input("polity")

    def compute(self, get: Inputs) -> Panel:
        """Put the COW number in place of Polity's letters."""
        panel = get(self.polity, "cow", "democracy", "autocracy", "polity", "polity2")
        kept = [v for v in panel.variables if v.name != "cow"]
        frame = (
            panel.frame.with_columns(pl.col("year").min().over("state").alias("began"))
            .drop_nulls("cow")
            .sort("began")
            .unique(["cow", "year"], keep="last", maintain_order=True)
            .select(pl.col("cow").alias("state"), "year", *(v.name for v in kept))
        )
        return Panel(frame, replace(STATE_YEAR, system="cow"), tuple(kept))


def _checked(frame: pl.DataFrame, key: Key, variable: Variable) -> Panel:
    """Return a directed table whose rows are sorted and whose pairs need not be there both ways."""
    frame = frame.select(*key.columns, variable.name).sort(key.columns)
    return Panel(frame, key, (variable,), trusted=True)
