"""Security ties: treaty obligations, from our own list and from ATOP."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Literal

import polars as pl

from multivector.choices import Actor
from multivector.errors import MultivectorError
from multivector.estimate import Estimate
from multivector.measures._tie import Row, Tie, Years, code, covered
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step

Obligation = Literal["any", "defense", "offense", "neutrality", "nonaggression", "consultation"]


@dataclass(frozen=True)
class SecurityTreatyCount(Tie):
    """Number of listed treaties with a security obligation that bind two states in a year.

    A treaty binds two parties in every year of which some day lies between the later of their
    signatures and the earlier of their ends. Signature counts, as in ATOP, not entry into force.
    The note of a cell names the treaties. The list is not complete (the Final Act of Helsinki, for
    one, is not in it), so a pair that never shares a treaty of the list is "no data"; 0 means that
    none of the pair's listed treaties binds in that year or contains the obligation. Years outside
    the list (1991 to 2024) raise ``OutOfCoverage``. Treaties are
    counted side by side: three do not bind thrice as much, and a count is never added to a flow.

    Parameters
    ----------
    obligation
        Count only treaties that contain this obligation; ``any`` counts all.

    Examples
    --------
    >>> SecurityTreatyCount(focal="KAZ", partners=("RUS",), obligation="defense").unit
    'treaties'
    """

    name: ClassVar[str] = "security_treaties"
    label: ClassVar[str] = "Treaties with security obligations"
    unit: ClassVar[str] = "treaties"
    treaties: Step[Panel] = default_input("alliance_obligations")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: Years | None = None
    obligation: Obligation = "any"

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups and periods that run backwards."""
        yield from self.refuse(self.focal, self.years, self.partners)

    def compute(self, get: Inputs) -> Estimate:
        """Pair the parties of each treaty, count those that bind in each year."""
        panel = get(self.treaties)
        years = covered(self.years, panel.variables[0].coverage, "The list of treaties")
        frame = panel.frame
        kept = frame if self.obligation == "any" else frame.filter(pl.col(self.obligation) == 1)
        rows: list[Row] = []
        for partner in self.partners:
            known = not shared_spells(frame, self.focal, partner).is_empty()
            spells = shared_spells(kept, self.focal, partner)
            for year in years:
                first, last = pl.col("from").dt.year(), pl.col("to").dt.year()
                now = spells.filter(first <= year, (last >= year) | last.is_null())
                titles = now.sort("from", "treaty").unique("treaty", maintain_order=True)
                note = "; ".join(
                    f"{t} ({d.year})" for t, d in titles.select("title", "from").rows()
                )
                rows.append((self.focal, partner, year, len(titles) if known else None, note))
        chosen = "any obligation" if self.obligation == "any" else self.obligation
        return self.points(rows, f"{chosen}, from signature; listed treaties")


def shared_spells(frame: pl.DataFrame, one: str, other: str) -> pl.DataFrame:
    """Return the spells in which both are bound by the same treaty."""
    a = frame.filter(pl.col("state") == one).select("treaty", "title", "signed", "ended")
    b = frame.filter(pl.col("state") == other).select("treaty", "signed", "ended")
    return (
        a.join(b, on="treaty", suffix="_b")
        .with_columns(
            pl.max_horizontal("signed", "signed_b").alias("from"),
            pl.min_horizontal("ended", "ended_b").alias("to"),
        )
        .filter((pl.col("from") <= pl.col("to")) | pl.col("to").is_null())
    )


@dataclass(frozen=True)
class AlliancePledges(Tie):
    """Whether an alliance obliges a state toward a partner in a year, after ATOP.

    1 if an alliance in effect on any day of the year contains the obligation of ``focal`` toward
    the partner, else 0. ATOP ends in 2018: other years raise ``OutOfCoverage``. A partner outside
    the state system of that year is "no data". ATOP takes the Final Act of Helsinki for a pact of
    non-aggression, so ``any`` and ``nonaggression`` are 1 between all members of the OSCE.

    Parameters
    ----------
    obligation
        ``any`` is 1 if the alliance contains at least one of the five.

    Examples
    --------
    >>> AlliancePledges(focal="KAZ", partners=("RUS",)).obligation
    'defense'
    """

    name: ClassVar[str] = "alliance_pledges"
    label: ClassVar[str] = "Alliance obligation"
    unit: ClassVar[str] = "0 or 1"
    atop: Step[Panel] = default_input("atop_dyads")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: Years | None = None
    obligation: Obligation = "defense"

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups and periods that run backwards."""
        yield from self.refuse(self.focal, self.years, self.partners)

    def compute(self, get: Inputs) -> Estimate:
        """Look up each pair and year; an absent row inside the coverage is 0."""
        panel = get(self.atop)
        years = covered(self.years, panel.variables[0].coverage, "ATOP")
        names = [v.name for v in panel.variables]
        wanted = names if self.obligation == "any" else [self.obligation]
        bound = panel.frame.filter(pl.any_horizontal(pl.col(n) == 1 for n in wanted))
        pairs = set(bound.select("state", "partner", "year").iter_rows())
        rows: list[Row] = []
        for partner in self.partners:
            for year in years:
                codes = [code(a, panel.key.system, year) for a in (self.focal, partner)]
                there = None not in codes
                value = float((*codes, year) in pairs) if there else None
                rows.append((self.focal, partner, year, value, ""))
        return self.points(rows, self.obligation, high=1)
