"""Diplomatic ties: visits of leaders both ways, visa regimes, and missions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar, Literal

import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.measures._tie import Row, Tie, Years, code, covered
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step

Office = Literal["president", "secretary", "both"]
USA = "USA"
OTHER = 9
_FREE, _BAN = "visa free", "ban during the pandemic"


@dataclass(frozen=True)
class UsVisitCount(Tie):
    """Number of visits between the United States and a state, each way, by year of the first day.

    The row (USA, partner) counts stops of the President or the Secretary of State in the partner's
    country; the row (partner, USA) counts visits of the partner's head of state or government to
    the United States, as the Office of the Historian lists both. A stop that the list has twice
    (same person, days, country and occasion) counts once; a meeting of ministers in Washington and
    a visit of the President weigh the same, so ``office`` should be named in a comparison. 0 means
    that none is listed; a partner that does not exist in the year is "no data". The note names
    persons and days.

    Parameters
    ----------
    office
        Whose travels abroad count: the ``president``'s, the ``secretary``'s or ``both``.

    Examples
    --------
    >>> UsVisitCount(partners=("KAZ",)).unit
    'visits listed'
    """

    name: ClassVar[str] = "us_visit_count"
    label: ClassVar[str] = "Visits to and from the United States"
    unit: ClassVar[str] = "visits listed"
    travels: Step[Panel] = default_input("us_travels")
    visits: Step[Panel] = default_input("us_hosted_visits")
    _: KW_ONLY
    partners: tuple[Actor, ...]
    years: Years | None = None
    office: Office = "both"

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups, the United States themselves, and years that run backwards."""
        yield from self.refuse(USA, self.years, self.partners)
        if USA in self.partners:
            yield InputError("The United States are one side already.", "Name their partners.")

    def compute(self, get: Inputs) -> Estimate:
        """Count listed stops and visits by country and year, repeated entries once."""
        out, back = get(self.travels), get(self.visits)
        rows: list[Row] = []
        both = set(out.variables[0].coverage.years) & set(back.variables[0].coverage.years)
        if self.years is not None:
            for panel, what in ((out, "The list of travels"), (back, "The list of visits")):
                covered(self.years, panel.variables[0].coverage, what)
        years = sorted(both) if self.years is None else range(self.years[0], self.years[1] + 1)
        stops = out.frame
        if self.office != "both":
            stops = stops.filter(pl.col("office") == self.office)
        there, here = _listed(stops), _listed(back.frame)
        for partner in self.partners:
            for year in years:
                for one, other, record in ((USA, partner, there), (partner, USA, here)):
                    entries = record.get((partner, year), [])
                    value = float(len(entries)) if states.exists(partner, year) else None
                    rows.append((one, other, year, value, "; ".join(entries)))
        who = {"both": "President and Secretary of State"}.get(self.office, self.office)
        return self.points(rows, f"outward: {who}; inward: heads of state and government")


def _listed(frame: pl.DataFrame) -> dict[tuple[str, int], list[str]]:
    """Return who came when, by country and year of the first day; repeated entries once."""
    once = frame.drop_nulls("country").unique(
        ["person", "start", "end", "country", "remarks"], maintain_order=True
    )
    found: dict[tuple[str, int], list[str]] = {}
    for country, day, person in once.sort("start").select("country", "start", "person").rows():
        found.setdefault((country, day.year), []).append(f"{person} ({day.isoformat()})")
    return found


@dataclass(frozen=True)
class VisaFreeEntry(Tie):
    """Whether holders of a state's passport enter another without a visa, both ways, by release.

    The row (A, B) is 1 if the passport of A needs no visa at the border of B, and 0 if it needs
    one, electronic or on arrival included. The note gives the regime and the days of stay. Where
    the release has a ban during the pandemic (2021, 2022) the rule of ordinary times is not known:
    "no data". ``year`` is that of the release; other years raise ``OutOfCoverage``.

    Examples
    --------
    >>> VisaFreeEntry(focal="KAZ", partners=("CHN",)).unit
    '0 or 1'
    """

    name: ClassVar[str] = "visa_free_entry"
    label: ClassVar[str] = "Visa-free entry"
    unit: ClassVar[str] = "0 or 1"
    visa: Step[Panel] = default_input("visa")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: Years | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups and periods that run backwards."""
        yield from self.refuse(self.focal, self.years, self.partners)

    def compute(self, get: Inputs) -> Estimate:
        """Look up both directions in each release."""
        panel = get(self.visa)
        regime = panel.variable("regime")
        names = dict(regime.codes)
        years = covered(self.years, regime.coverage, "The Passport Index")
        pairs = [p for b in self.partners for p in ((self.focal, b), (b, self.focal))]
        ours = panel.frame.filter(pl.col("state").is_in({a for a, _ in pairs}))
        held = {(a, b, d.year): (r, days) for a, b, d, r, days in ours.iter_rows()}
        rows: list[Row] = []
        for a, b in pairs:
            for year in years:
                kind, days = held.get((a, b, year), (None, None))
                word = "" if kind is None else names[kind]
                known = word not in ("", _BAN)
                note = word + (f", {days} days" if days else "")
                rows.append((a, b, year, float(word == _FREE) if known else None, note))
        return self.points(rows, "passport of the first state at the border of the second", high=1)


@dataclass(frozen=True)
class MissionLevel(Tie):
    """Level of the mission of one state in another, both ways, in the years of COW's record.

    The row (A, B) is A's mission in B: 0 none, 1 chargé d'affaires, 2 minister, 3 ambassador.
    "Other" has no rank and is "no data", as is a pair that the record does not have. The record is
    of single years, about every five, and ends in 2005: other years raise ``OutOfCoverage``.

    Examples
    --------
    >>> MissionLevel(focal="KAZ", partners=("RUS",)).unit
    'level 0–3'
    """

    name: ClassVar[str] = "mission_level"
    label: ClassVar[str] = "Level of the diplomatic mission"
    unit: ClassVar[str] = "level 0–3"
    missions: Step[Panel] = default_input("diplomatic_exchange")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: Years | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups and periods that run backwards."""
        yield from self.refuse(self.focal, self.years, self.partners)

    def compute(self, get: Inputs) -> Estimate:
        """Look up both directions in each year of the record."""
        panel = get(self.missions, "level")
        years = covered(self.years, panel.variables[0].coverage, "COW's record of missions")
        held: dict[Any, Any] = {(a, b, y): level for a, b, y, level in panel.frame.iter_rows()}
        rows: list[Row] = []
        for a, b in (p for q in self.partners for p in ((self.focal, q), (q, self.focal))):
            for year in years:
                key = (code(a, panel.key.system, year), code(b, panel.key.system, year), year)
                level = held.get(key)
                ranked = None if level in (None, OTHER) else float(level)
                rows.append((a, b, year, ranked, ""))
        return self.points(rows, "mission of the first state in the second", high=3)
