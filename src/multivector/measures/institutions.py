"""Institutional ties: organisations that two states share, and trade agreements between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from datetime import date
from typing import ClassVar, Literal

import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.measures._tie import Row, Tie, Years, code, covered
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step
from multivector.variable import span

Which = Literal["all", "distinctive"]
_FULL = 1


@dataclass(frozen=True)
class SharedIgos(Tie):
    """Number of intergovernmental organisations of which two states are both full members.

    Counted from COW's list of members, year by year. ``distinctive`` leaves out universal bodies
    (the United Nations, the Universal Postal Union, the Fund, the Bank …), which tie everyone to
    everyone: an organisation is universal in a year if its full members are at least ``universal``
    of all states that COW has in that year (n_full / n_states ≥ universal). Associates and
    observers do not count. Where the membership of one of the two is not known, the organisation
    does not count, and the note says how many such there are. A pair outside the state system is
    "no data"; years after 2014 raise ``OutOfCoverage``.

    Parameters
    ----------
    which
        ``all`` organisations or only ``distinctive`` ones.
    universal
        Share of all states from which on an organisation is universal; used by ``distinctive``.

    Examples
    --------
    >>> SharedIgos(focal="KAZ", partners=("RUS",), which="distinctive").universal
    0.5
    """

    name: ClassVar[str] = "shared_igos"
    label: ClassVar[str] = "Shared intergovernmental organisations"
    unit: ClassVar[str] = "organisations"
    members: Step[Panel] = default_input("cow_igo_members")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: Years | None = None
    which: Which = "all"
    universal: float = 0.5

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups, periods that run backwards and thresholds that are no share."""
        yield from self.refuse(self.focal, self.years, self.partners)
        if not 0 < self.universal <= 1:
            yield InputError(f"universal {self.universal} is no share.", "Above 0, at most 1.")

    def compute(self, get: Inputs) -> Estimate:
        """Intersect the two states' full memberships in each year."""
        panel = get(self.members)
        years = covered(self.years, panel.variables[0].coverage, "COW IGO 3.0")
        frame = panel.frame.filter(pl.col("year").is_in(years))
        broad = _universal(frame, self.universal) if self.which == "distinctive" else set()
        codes = {
            (a, y): code(a, panel.key.system, y)
            for a in (self.focal, *self.partners)
            for y in years
        }
        kept = frame.filter(pl.col("state").is_in({c for c in codes.values() if c is not None}))
        full: dict[tuple[int, int], set[str]] = {}
        unknown: dict[tuple[int, int], set[str]] = {}
        for igo, state, year, status in kept.iter_rows():
            if (igo, year) in broad:
                continue
            if status is None:
                unknown.setdefault((state, year), set()).add(igo)
            full.setdefault((state, year), set()).update({igo} if status == _FULL else ())
        rows: list[Row] = []
        for partner in self.partners:
            for year in years:
                one, other = (codes[self.focal, year], year), (codes[partner, year], year)
                value, note = None, ""
                if one in full and other in full:
                    value = float(len(full[one] & full[other]))
                    open_ = unknown.get(one, set()) | unknown.get(other, set())
                    note = f"{len(open_)} organisations not known" if open_ else ""
                rows.append((self.focal, partner, year, value, note))
        rule = f"without bodies of {self.universal:.0%} of states or more"
        chosen = rule if self.which == "distinctive" else "all organisations"
        return self.points(rows, f"full members; {chosen}")


def _universal(frame: pl.DataFrame, share: float) -> set[tuple[str, int]]:
    """Return the organisations (with year) whose full members are *share* of all states or more."""
    in_system = frame.group_by("year").agg(pl.col("state").n_unique().alias("all"))
    counts = frame.filter(pl.col("membership") == _FULL).group_by("igo", "year").len()
    broad = counts.join(in_system, on="year").filter(pl.col("len") >= share * pl.col("all"))
    return set(broad.select("igo", "year").iter_rows())


@dataclass(frozen=True)
class SharedGroups(Tie):
    """Number of dated organisations of our list to which two states both belong at year's end.

    Both are members on 31 December. The note names the organisations. ``distinctive`` leaves out
    those of which at least ``universal`` of all states are members on that day (n_members /
    n_states ≥ universal), as the United Nations and the World Trade Organization. The list is
    short (sixteen organisations and groups that matter to Kazakhstan and its partners) and goes on
    to mid-2025, where COW's ends in 2014: 0 means that the two share none of *these*. A pair of
    which one does not exist on the day is "no data".

    Parameters
    ----------
    which
        ``all`` organisations of the list or only ``distinctive`` ones.

    Examples
    --------
    >>> SharedGroups(focal="KAZ", partners=("RUS",)).which
    'distinctive'
    """

    name: ClassVar[str] = "shared_groups"
    label: ClassVar[str] = "Shared organisations of the dated list"
    unit: ClassVar[str] = "organisations"
    memberships: Step[Panel] = default_input("memberships")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: Years = (1992, 2024)
    which: Which = "distinctive"
    universal: float = 0.5

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups, years after the list, and thresholds that are no share."""
        yield from self.refuse(self.focal, self.years, self.partners)
        if not 0 < self.universal <= 1:
            yield InputError(f"universal {self.universal} is no share.", "Above 0, at most 1.")
        if self.years[1] > 2024:
            yield InputError(f"The list ends in mid-2025; {self.years[1]} was asked.", "To 2024.")

    def compute(self, get: Inputs) -> Estimate:
        """Intersect the two states' groups on the last day of each year."""
        frame = get(self.memberships).frame
        rows: list[Row] = []
        for year in span(*self.years):
            day = date(year, 12, 31)
            now = frame.filter(
                pl.col("entered") <= day, pl.col("left").is_null() | (pl.col("left") >= day)
            ).select("group", "state")
            if self.which == "distinctive":
                few = self.universal * len(states.all_states(day))
                now = now.filter(pl.len().over("group") < few)
            of = {g[0]: set(d["group"]) for g, d in now.group_by("state")}
            for partner in self.partners:
                there = states.exists(self.focal, day) and states.exists(partner, day)
                both = sorted(of.get(self.focal, set()) & of.get(partner, set()))
                value = float(len(both)) if there else None
                rows.append((self.focal, partner, year, value, " ".join(both) if there else ""))
        rows.sort(key=lambda r: (self.partners.index(r[1]), r[2]))
        rule = f"without bodies of {self.universal:.0%} of states or more"
        chosen = rule if self.which == "distinctive" else "all"
        return self.points(rows, f"members on 31 December; {chosen}")


Stage = Literal["signed", "in_force"]


@dataclass(frozen=True)
class TradeAgreementCount(Tie):
    """Number of preferential trade agreements to which two states are parties, by stage and year.

    An agreement counts from the year of the ``stage`` on: signed by, or in force for, both by the
    end of the year, as a party to the base treaty or by accession. Its amendments and consolidated
    texts do not count again; negotiations do not count. DESTA does not date the end of agreements
    and lists who was party at signature, so the count is of agreements *ever* made by the year;
    superseded ones stay. Agreements without a year of the stage are not counted; the note says how
    many. 0 means that DESTA lists none. States outside the state system are "no data"; years after
    2020 raise ``OutOfCoverage``.

    Parameters
    ----------
    stage
        ``signed`` or ``in_force``.

    Examples
    --------
    >>> TradeAgreementCount(focal="KAZ", partners=("RUS",)).stage
    'in_force'
    """

    name: ClassVar[str] = "trade_agreement_count"
    label: ClassVar[str] = "Trade agreements"
    unit: ClassVar[str] = "agreements"
    agreements: Step[Panel] = default_input("trade_agreements")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: Years | None = None
    stage: Stage = "in_force"

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups and periods that run backwards."""
        yield from self.refuse(self.focal, self.years, self.partners)

    def compute(self, get: Inputs) -> Estimate:
        """Find base treaties of which both are parties, with the later of their two years."""
        panel = get(self.agreements, "base", "entry", "signed", "in_force")
        years = covered(self.years, panel.variables[0].coverage, "DESTA")
        binding = panel.frame.filter(pl.col("entry").is_in([1, 2]))
        rows: list[Row] = []
        for partner in self.partners:
            both = (
                binding.filter(pl.col("state").is_in([self.focal, partner]))
                .filter(pl.col("state").n_unique().over("agreement") == 2)
                .group_by("base")
                .agg(pl.col(self.stage).min())
            )
            undated = both[self.stage].null_count()
            for year in years:
                there = states.exists(self.focal, year) and states.exists(partner, year)
                value = float((both[self.stage] <= year).sum()) if there else None
                note = f"{undated} without a year" if undated and there else ""
                rows.append((self.focal, partner, year, value, note))
        return self.points(rows, f"{self.stage.replace('_', ' ')}; ends are not dated")
