"""Ties of a state with its partners in one year: every domain in one table, with its sources."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import DataError, InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.panel import Panel
from multivector.quantity import Quantity
from multivector.registry import find
from multivector.settings import Settings
from multivector.step import Inputs, Step
from multivector.variable import Coverage, Key, Variable

Way = Literal["from", "to"]
USA = "USA"


@dataclass(frozen=True)
class Indicator(Step[Estimate]):
    """One measure of ties, with its domain; an estimate without cells where it has no data.

    What the data cannot answer (no file is here, the year lies outside the record, the state is not
    in it) becomes an estimate without cells whose ``variant`` says why. A fault of the program is
    raised.

    Parameters
    ----------
    measure
        The measure; its cells have ``state`` and ``partner``.
    way
        ``from`` reads the cells (focal state, partner), ``to`` the cells (partner, focal state).
    silent
        Why a partner is not in the measure.

    Examples
    --------
    >>> border = find("measures", "land_border")(focal="KAZ", partners=("RUS",))
    >>> Indicator(border, "geography", "Land border, km").way
    'from'
    """

    name: ClassVar[str] = "tie_indicator"
    measure: Step[Estimate]
    domain: str
    title: str
    way: Way = "from"
    silent: str = "not in the record"

    def compute(self, get: Inputs) -> Estimate:
        """Return the measure's estimate, or one without cells."""
        try:
            return get(self.measure)
        except (DataError, InputError) as problem:
            why = " ".join(problem.given.split())
            cells = pl.DataFrame(schema={"state": pl.String, "partner": pl.String})
            return Estimate(cells, np.zeros((0, 1)), self.title, "", variant=why)

    def fingerprint(self, settings: Settings, version: str, known: dict[Any, str]) -> str:
        """Hash what was asked; where a file is not here, that it is not."""
        try:
            return super().fingerprint(settings, version, known)
        except DataError:
            text = repr((version, self, "no file is here"))
            known[self] = hashlib.sha256(text.encode()).hexdigest()[:20]
            return known[self]


@dataclass(frozen=True)
class Ties(Step[Panel]):
    """Ties of a state with its partners in one year: domain by domain, each with its source.

    One row per indicator and partner. ``value`` is in the row's ``unit``; indicators of different
    units are never added up. ``low`` and ``high`` are a 90 per cent interval where there is one. A
    row without value is "no data", and its ``note`` says why: no public list, outside the record's
    years, or no file here. ``source`` names every data set behind the row.

    Parameters
    ----------
    focal, partners, year
        Whose ties, with whom, and when. Figures that are not of that year (distances, censuses) say
        so in their note.
    indicators
        What to show; empty takes all that can be asked of the focal state.

    Examples
    --------
    >>> Ties(focal="KAZ", partners=("RUS", "CHN"), year=2014).indicators[0].title
    'Share in exports'
    """

    name: ClassVar[str] = "ties"
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    year: int
    indicators: tuple[Indicator, ...] = ()

    def __post_init__(self) -> None:
        """Check the choices, then fill in the indicators."""
        super().__post_init__()
        if not self.indicators:
            made = tuple(indicators(self.focal, self.partners, (self.year, self.year)))
            object.__setattr__(self, "indicators", made)

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a group as focal state, a state as its own partner, and years of no state."""
        if not self.partners:
            yield InputError("No partner is named.", remedy="Name at least one: --partners RUS.")
        if states.is_group(self.focal):
            yield InputError(f"{self.focal} is a group.", "Ties are shown of one state.")
        elif not states.exists(self.focal, self.year):
            yield InputError(
                f"{states.name(self.focal)} did not exist in {self.year}.",
                f"It did {_spans(self.focal)}.",
                "Give another year.",
            )
        if self.focal in self.partners:
            yield InputError(f"{self.focal} cannot be its own partner.")

    def compute(self, get: Inputs) -> Panel:
        """Lay out every indicator for every partner."""
        rows = [row for one in self.indicators for row in self._rows(one, get(one))]
        cover = Coverage((self.year,), (self.focal,), "either")
        variables = (
            Variable("value", "Value, in the row's unit", "as the row says", cover),
            Variable("low", "Lower end of the 90 per cent interval", "as the row says", cover),
            Variable("high", "Upper end of the 90 per cent interval", "as the row says", cover),
            Variable("unit", "Unit", "text", cover),
            Variable("note", "Remark", "text", cover),
            Variable("source", "Source", "text", cover),
        )
        key = Key("tie", ("domain", "indicator", "state", "partner", "year"))
        numbers = dict.fromkeys(("value", "low", "high"), pl.Float64)
        schema = {**dict.fromkeys(key.columns, pl.String), "year": pl.Int64, **numbers}
        texts = dict.fromkeys(("unit", "note", "source"), pl.String)
        return Panel(pl.DataFrame(rows, {**schema, **texts}, orient="row"), key, variables)

    def _rows(self, one: Indicator, found: Estimate) -> Iterator[tuple[object, ...]]:
        """Yield a row per partner, without value where the indicator has none."""
        ours, theirs = ("state", "partner") if one.way == "from" else ("partner", "state")
        held = {
            dict(q.cell)[theirs]: q for q in found.quantities() if dict(q.cell)[ours] == self.focal
        }
        source = "; ".join(map(str, found.provenance))
        for partner in self.partners:
            where = (one.domain, one.title, self.focal, partner, self.year)
            q = held.get(partner)
            if q is not None:
                yield (*where, q.value, q.low, q.high, found.unit, q.note, source)
                continue
            unit = found.unit or one.measure.unit  # type: ignore[attr-defined]
            why = found.variant if found.cells.is_empty() else one.silent
            yield (*where, None, None, None, unit, why, source)

    def shown(self, panel: Panel) -> Shown:
        """Return what people read: a table per domain, with remarks and sources numbered."""
        notes: dict[str, int] = {}
        sources: dict[str, int] = {}
        tables: dict[str, pl.DataFrame] = {}
        unknown: list[tuple[str, str]] = []
        for domain in dict.fromkeys(i.domain for i in self.indicators):
            lines: list[dict[str, str]] = []
            for one in (i for i in self.indicators if i.domain == domain):
                rows = panel.frame.filter(domain=domain, indicator=one.title)
                if rows["value"].null_count() == len(rows):
                    why = "; ".join(rows["note"].unique().sort().drop_nulls())
                    unknown.append((one.title, why.rstrip(".") or "not in the record"))
                    continue
                cells = {r["partner"]: _figure(r, notes) for r in rows.iter_rows(named=True)}
                names = [s for s in str(rows["source"][0]).split("; ") if s]
                marks = ", ".join(str(sources.setdefault(s, len(sources) + 1)) for s in names)
                head = {domain: f"{one.title}, {rows['unit'][0]}"}
                lines.append(head | {p: cells[p] for p in self.partners} | {"source": marks})
            if lines:
                tables[domain] = pl.DataFrame(lines)
        return Shown(tables, tuple(unknown), tuple(notes), tuple(sources))


@dataclass(frozen=True)
class Shown:
    """Ties as people read them.

    A table per domain; what has no data, with the reason; remarks and sources in the order of the
    numbers that the tables give.
    """

    tables: dict[str, pl.DataFrame]
    unknown: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]


def indicators(
    focal: str, partners: tuple[str, ...], years: tuple[int, int] | None = None
) -> Iterator[Indicator]:
    """Yield the indicators of all domains that can be asked of *focal*, in order.

    Measures that compare states leave out groups among the partners, and the public lists of visits
    know the United States only. Without *years* each measure takes those that its data cover.
    """
    alone = tuple(p for p in partners if not states.is_group(p))
    when = {} if years is None else {"years": years}
    ask: dict[str, Any] = {"focal": focal, "partners": partners, **when}
    bilateral = {**ask, "partners": alone}
    if USA in alone:
        visits = {"partners": (focal,), **when}
    else:
        visits = {"partners": alone if focal == USA else (), **when}
    still = {"focal": focal, "partners": alone}
    dated = still if years is None else {**still, "year": years[1]}
    states_only, usa = "compared for states only", "the public lists are those of the United States"
    wanted: list[tuple[str, str, str, dict[str, Any], Way, str]] = [
        ("trade", "Share in exports", "partner_share", {**ask, "flow": "exports"}, "from", ""),
        ("trade", "Share in imports", "partner_share", {**ask, "flow": "imports"}, "from", ""),
        ("votes", "Votes alike in the UN", "vote_agreement", ask, "from", ""),
        ("votes", "The same, beyond chance (κ)", "kappa", ask, "from", ""),
        ("security", "Listed treaties", "security_treaties", bilateral, "from", states_only),
        ("security", "Listed treaties of defence", "security_treaties",
         {**bilateral, "obligation": "defense"}, "from", states_only),
        ("security", "Obligation of defence (ATOP)", "alliance_pledges", bilateral, "from",
         states_only),
        ("security", "Share in arms imports, 5 years", "arms_import_share", ask, "from", ""),
        ("security", "Joint exercises", "joint_exercise_count", ask, "from", ""),
        ("security", "US military personnel", "us_troop_count",
         {"focal": focal, **when}, "from", usa),
        ("security", "US bases and sites, about 2018", "us_base_count", {"focal": focal}, "from",
         usa),
        ("institutions", "Organisations of the dated list", "shared_groups", bilateral, "from",
         states_only),
        ("institutions", "Organisations of COW's list", "shared_igos",
         {**bilateral, "which": "distinctive"}, "from", states_only),
        ("institutions", "Trade agreements in force", "trade_agreement_count", bilateral, "from",
         states_only),
        ("institutions", "Stage of listed agreements", "agreement_stage", ask, "from", ""),
        ("institutions", "Format with Central Asia", "format_level", ask, "from", ""),
        ("diplomacy", "Visits paid", "us_visit_count", visits, "from", usa),
        ("diplomacy", "Visits received", "us_visit_count", visits, "to", usa),
        ("diplomacy", "Mission there", "mission_level", bilateral, "from", states_only),
        ("diplomacy", "Mission from there", "mission_level", bilateral, "to", states_only),
        ("diplomacy", "Visa-free entry there", "visa_free_entry", bilateral, "from", states_only),
        ("diplomacy", "Visa-free entry from there", "visa_free_entry", bilateral, "to",
         states_only),
        ("people", "Share of the titular nationality", "ethnic_share", dated, "from", states_only),
        ("people", "Share by language", "language_share", dated, "from", states_only),
        ("geography", "Distance of capitals", "capitals_apart", still, "from", states_only),
        ("geography", "Land border", "land_border", still, "from", states_only),
    ]  # fmt: skip
    for domain, title, name, choices, way, silent in wanted:
        if name == "format_level" and focal not in states.members("CA5", 2024):
            continue
        measure: Step[Estimate] = find("measures", name)(**choices)
        yield Indicator(measure, domain, title, way, silent or "not in the record")


def _figure(row: dict[str, Any], notes: dict[str, int]) -> str:
    """Write a cell: figure and the number of its remark, the interval on a line of its own."""
    q = Quantity(row["value"], row["low"], row["high"], row["unit"], "", note=row["note"] or "")
    mark = f"[{notes.setdefault(q.note, len(notes) + 1)}]" if q.note else ""
    first = " ".join(part for part in (q.figure, mark) if part)
    return f"{first}\n{q.interval}" if q.interval else first


def _spans(state: str) -> str:
    """Return the years in which a state was independent, in words."""
    found = [y for y in range(1816, 2026) if states.exists(state, y)]
    return f"from {found[0]} to {found[-1]}" if found else "in no year of 1816 to 2025"
