"""Shared organisations and agreements of every pair of states, year by year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import polars as pl

from multivector.errors import InputError, MultivectorError
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step
from multivector.variable import DYAD_YEAR, Variable

_FULL = 1


@dataclass(frozen=True)
class SharedIgoYears(Step[Panel]):
    """Organisations of which two states are both full members: all, and the distinctive ones.

    One row per pair of states that COW's list has in the year. An organisation is universal in a
    year, and not distinctive, if its full members are at least ``universal`` of all states of the
    list (n_full / n_states ≥ universal): it ties everyone to everyone. A membership that is not
    known counts as none. Counted from COW's table of states; its table of dyads has one to three
    organisations more in 4 per cent of the dyad-years, and never fewer.

    Parameters
    ----------
    members
        Standing of each state in each organisation, by year.
    universal
        Share of all states from which on an organisation is universal.

    Examples
    --------
    >>> SharedIgoYears().universal
    0.5
    """

    name: ClassVar = "shared_igo_years"

    members: Step[Panel] = default_input("cow_igo_members")
    universal: float = 0.5

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse thresholds that are no share."""
        if not 0 < self.universal <= 1:
            yield InputError(f"universal {self.universal} is no share.", "Above 0, at most 1.")

    def compute(self, get: Inputs) -> Panel:
        """Multiply the table of members of each year with itself."""
        panel = get(self.members, "membership")
        cover = panel.variables[0].coverage
        listed = panel.frame.select("state", "year").unique().sort("year", "state")
        igo = pl.col("igo").rank("dense").cast(pl.Int64) - 1
        held = panel.frame.with_columns(igo).filter(pl.col("membership") == _FULL)
        full = held.partition_by("year", as_dict=True)
        width = panel.frame["igo"].n_unique()
        parts: list[pl.DataFrame] = []
        for (year,), there in listed.group_by("year", maintain_order=True):
            if (year,) in full:
                parts.append(self._year(there["state"].to_numpy(), full[(year,)], width, year))
        variables = tuple(
            Variable(f"shared_igos_{which}", label, "organisations", cover, range=(0, None))
            for which, label in (
                ("all", "Shared organisations"),
                ("distinctive", "Shared organisations, universal ones left out"),
            )
        )
        return Panel(pl.concat(parts), replace(DYAD_YEAR, system=panel.key.system), variables)

    def _year(self, states: np.ndarray, held: pl.DataFrame, width: int, year: Any) -> pl.DataFrame:
        """Return the pairs of one year, from its sorted states and their full memberships."""
        full = np.zeros((len(states), width))
        full[np.searchsorted(states, held["state"].to_numpy()), held["igo"].to_numpy()] = 1
        few = full.mean(axis=0) < self.universal
        one, other = np.triu_indices(len(states), 1)
        return pl.DataFrame(
            {
                "state": states[one],
                "partner": states[other],
                "year": np.full(len(one), year, dtype=np.int64),
                "shared_igos_all": _products(full, one, other),
                "shared_igos_distinctive": _products(full[:, few], one, other),
            }
        )


def _products(full: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return (full @ full.T)[one, other].astype(np.int32)


@dataclass(frozen=True)
class TradeAgreementYears(Step[Panel]):
    """Trade agreements ever made by two states up to a year: signed, and in force.

    One row per pair with an agreement and year from its first stage on; inside the coverage a pair
    without row has none: 0. An agreement counts once, from the earliest year in which an entry of
    its base treaty (the treaty itself or an accession) has both as parties. DESTA does not date the
    end of agreements, so superseded ones stay; entries without a year of the stage do not count.

    Examples
    --------
    >>> TradeAgreementYears.name
    'trade_agreement_years'
    """

    name: ClassVar = "trade_agreement_years"

    agreements: Step[Panel] = default_input("trade_agreements")

    def compute(self, get: Inputs) -> Panel:
        """Pair the parties of each entry, then count agreements by year."""
        panel = get(self.agreements, "base", "entry", "signed", "in_force")
        cover = panel.variables[0].coverage
        entries = panel.frame.filter(pl.col("entry").is_in([1, 2]))
        sides = entries.select("agreement", "base", "state", "signed", "in_force")
        pairs = (
            sides.join(sides.select("agreement", partner="state"), on="agreement")
            .filter(pl.col("state") < pl.col("partner"))
            .group_by("state", "partner", "base")
            .agg(pl.col("signed", "in_force").min())
        )
        counts = [_since(pairs, stage, max(cover.years)) for stage in ("signed", "in_force")]
        keys = ["state", "partner", "year"]
        frame = counts[0].join(counts[1], on=keys, how="full", coalesce=True)
        variables = tuple(
            Variable(f"agreements_{stage}", label, "agreements", cover, "zero", (0, None))
            for stage, label in (
                ("signed", "Trade agreements signed by both"),
                ("in_force", "Trade agreements in force for both"),
            )
        )
        frame = frame.with_columns(pl.col(v.name).fill_null(0) for v in variables)
        return Panel(frame, DYAD_YEAR, variables)


def _since(pairs: pl.DataFrame, stage: str, last: int) -> pl.DataFrame:
    """Return for each pair and year how many agreements have reached *stage*."""
    return (
        pairs.drop_nulls(stage)
        .filter(pl.col(stage) <= last)
        .with_columns(pl.int_ranges(pl.col(stage), last + 1).alias("year"))
        .explode("year")
        .group_by("state", "partner", pl.col("year").cast(pl.Int64))
        .agg(pl.len().cast(pl.Int64).alias(f"agreements_{stage}"))
    )
