"""Security ties: treaty obligations, suppliers of arms, joint exercises, foreign troops."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError, OutOfCoverage
from multivector.estimate import Estimate
from multivector.measures.trade import overlaps
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Measure, Step
from multivector.variable import Coverage, span, year_ranges

REST = "ROW"
Years = tuple[int, int]
Obligation = Literal["any", "defense", "offense", "neutrality", "nonaggression", "consultation"]
Split = Literal["even", "first", "last"]
_KEY = {"state": pl.String, "partner": pl.String, "year": pl.Int64}
SIPRI_METHOD = Citation(
    "sipri_tiv",
    "misc",
    "{Stockholm International Peace Research Institute}",
    "SIPRI Arms Transfers Database: Sources and methods",
    2025,
    "Stockholm",
    url="https://www.sipri.org/databases/armstransfers/sources-and-methods",
)


@dataclass(frozen=True)
class _Tie(Measure):
    """A measure of what ties one state to others, year by year; see the subclasses."""

    label: ClassVar[str]

    def _refuse(self, focal: str, years: Years | None) -> Iterable[MultivectorError]:
        if states.is_group(focal):
            yield InputError(f"{focal} is a group.", "Ties are measured for a state.")
        if years is not None and years[0] > years[1]:
            yield InputError(f"years {years[0]}:{years[1]} runs backwards.")

    def _estimate(self, rows: list[tuple[object, ...]], variant: str, **more: object) -> Estimate:
        """Wrap rows of state, partner, year, value and note as point values."""
        cells = pl.DataFrame(
            [(*row[:3], row[4]) for row in rows], {**_KEY, "note": pl.String}, orient="row"
        )
        values = np.array([row[3] for row in rows], dtype=np.float64).reshape(-1, 1)
        return Estimate(
            cells,
            values,
            label=self.label,
            unit=self.unit,
            variant=variant,
            **more,  # type: ignore[arg-type]
        )


@dataclass(frozen=True)
class SecurityTreatyCount(_Tie):
    """Number of listed treaties with a security obligation that bind two states in a year.

    A treaty binds two parties in every year of which some day lies between the later of their
    signatures and the earlier of their ends. Signature counts, as in ATOP, not entry into force.
    The note of a cell names the treaties. The list is not complete (the Final Act of Helsinki, for
    one, is not in it), so a pair that never shares a treaty of the list is "no data"; 0 means that
    none of the pair's listed treaties binds in that year or contains the obligation. Treaties are
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
    years: Years = (1992, 2024)
    obligation: Obligation = "any"

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups and periods that run backwards."""
        yield from self._refuse(self.focal, self.years)
        for partner in self.partners:
            if states.is_group(partner):
                yield InputError(f"{partner} is a group.", "Treaties are counted for two states.")

    def compute(self, get: Inputs) -> Estimate:
        """Pair the parties of each treaty, count those that bind in each year."""
        frame = get(self.treaties).frame
        kept = frame if self.obligation == "any" else frame.filter(pl.col(self.obligation) == 1)
        rows: list[tuple[object, ...]] = []
        for partner in self.partners:
            known = not _shared(frame, self.focal, partner).is_empty()
            spells = _shared(kept, self.focal, partner)
            for year in span(*self.years):
                first, last = pl.col("from").dt.year(), pl.col("to").dt.year()
                now = spells.filter(first <= year, (last >= year) | last.is_null())
                titles = now.sort("from", "treaty").unique("treaty", maintain_order=True)
                note = "; ".join(
                    f"{t} ({d.year})" for t, d in titles.select("title", "from").rows()
                )
                rows.append((self.focal, partner, year, len(titles) if known else np.nan, note))
        chosen = "any obligation" if self.obligation == "any" else self.obligation
        return self._estimate(rows, f"{chosen}, from signature; listed treaties", range=(0, None))


def _shared(frame: pl.DataFrame, one: str, other: str) -> pl.DataFrame:
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
class AlliancePledges(_Tie):
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
        yield from self._refuse(self.focal, self.years)
        for partner in self.partners:
            if states.is_group(partner):
                yield InputError(f"{partner} is a group.", "Alliances bind states.")

    def compute(self, get: Inputs) -> Estimate:
        """Look up each pair and year; an absent row inside the coverage is 0."""
        panel = get(self.atop)
        years = _years(self.years, panel.variables[0].coverage, "ATOP")
        names = [v.name for v in panel.variables]
        wanted = names if self.obligation == "any" else [self.obligation]
        bound = panel.frame.filter(pl.any_horizontal(pl.col(n) == 1 for n in wanted))
        pairs = set(bound.select("state", "partner", "year").iter_rows())
        rows: list[tuple[object, ...]] = []
        for partner in self.partners:
            for year in years:
                codes = [_code(a, panel.key.system, year) for a in (self.focal, partner)]
                there = None not in codes
                value = float((*codes, year) in pairs) if there else np.nan
                rows.append((self.focal, partner, year, value, ""))
        return self._estimate(rows, self.obligation, range=(0, 1))


@dataclass(frozen=True)
class ArmsImportShare(_Tie):
    """Share of each supplier in a state's imports of major conventional arms, by SIPRI's volume.

    p_j = v_j / Σ_k v_k, with v the trend-indicator value delivered in the years of the window that
    ends in the cell's year; between 0 and 1. TIV measures military worth, not money. All suppliers
    that are not named make the cell ``ROW`` (unknown ones too), so that the cells of a year add up
    to one. A window without identified deliveries is "no data". A bloc is the sum over its members
    of each year.

    Parameters
    ----------
    window
        Number of years summed; SIPRI prints five-year figures, since single years vary much.
    split
        Where the register gives several years for one line: ``even`` spreads the volume equally
        over them, ``first`` and ``last`` put it all into one. SIPRI does not say which is right.

    Examples
    --------
    >>> ArmsImportShare(focal="KAZ", partners=("RUS", "CHN")).window
    5
    """

    name: ClassVar[str] = "arms_import_share"
    label: ClassVar[str] = "Share in arms imports"
    unit: ClassVar[str] = "share 0–1"
    citations: ClassVar[tuple[Citation, ...]] = (SIPRI_METHOD,)
    register: Step[Panel] = default_input("sipri_register")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: Years | None = None
    window: int = 5
    split: Split = "even"

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups as focal, overlapping partners and empty windows."""
        yield from self._refuse(self.focal, self.years)
        if self.window < 1:
            yield InputError(f"window {self.window} has no year.", "One year or more.")
        yield from overlaps(self.partners)

    def compute(self, get: Inputs) -> Estimate:
        """Split lines over years, sum over the window, divide."""
        panel = get(
            self.register, "recipient", "supplier", "delivery_years", "tiv_delivered_million"
        )
        cover = panel.variables[0].coverage
        known = cover.years[self.window - 1 :]
        years = _years(self.years, Coverage(known), "The register")
        lines = panel.frame.filter(pl.col("recipient") == self.focal)
        yearly = by_year(lines, self.split).group_by("supplier", "year").agg(pl.col("tiv").sum())
        volume = {(s, y): v for s, y, v in yearly.select("supplier", "year", "tiv").iter_rows()}
        total: dict[int, float] = {}
        for (_, year), tiv in volume.items():
            total[year] = total.get(year, 0.0) + tiv
        rows: list[tuple[object, ...]] = []
        for year in years:
            sums = dict.fromkeys(self.partners, 0.0)
            whole = 0.0
            for y in range(year - self.window + 1, year + 1):
                whole += total.get(y, 0.0)
                for p in self.partners:
                    sums[p] += sum(volume.get((m, y), 0.0) for m in _members(p, y))
            sums[REST] = max(whole - sum(sums.values()), 0.0)
            note = "" if whole else "no deliveries identified"
            rows += [
                (self.focal, p, year, v / whole if whole else np.nan, note) for p, v in sums.items()
            ]
        over = f"{self.window} years to the year given" if self.window > 1 else "single years"
        return self._estimate(rows, f"TIV, {over}, deliveries split: {self.split}", range=(0, 1))


def by_year(lines: pl.DataFrame, split: Split) -> pl.DataFrame:
    """Return supplier, year and volume (``tiv``) of register lines, split over delivery years.

    ``even`` spreads a line equally over its years, ``first`` and ``last`` put it into one of them;
    the volume of a line is kept by each rule. Lines without deliveries have no row.

    >>> line = pl.DataFrame({"supplier": ["RUS"], "delivery_years": ["2014 2016"],
    ...                      "tiv_delivered_million": [30.0]})
    >>> by_year(line, "even").rows()
    [('RUS', 2014, 15.0), ('RUS', 2016, 15.0)]
    """
    years = pl.col("delivery_years").str.split(" ")
    chosen = {"even": years, "first": years.list.head(1), "last": years.list.tail(1)}[split]
    return (
        lines.drop_nulls("delivery_years")
        .with_columns(chosen.alias("year"))
        .with_columns((pl.col("tiv_delivered_million") / pl.col("year").list.len()).alias("tiv"))
        .explode("year")
        .select("supplier", pl.col("year").cast(pl.Int64), "tiv")
    )


@dataclass(frozen=True)
class JointExerciseCount(_Tie):
    """Number of listed multinational military exercises in which two states took part, by year.

    Exercises of the MME list with both among the participants; with a bloc, at least one of its
    members of that year. The list is gathered from news reports: 0 means that none is listed. A
    partner outside the state system of the year is "no data"; years after 2010 raise
    ``OutOfCoverage``.

    Examples
    --------
    >>> JointExerciseCount(focal="KAZ", partners=("RUS", "USA")).unit
    'exercises listed'
    """

    name: ClassVar[str] = "joint_exercise_count"
    label: ClassVar[str] = "Joint military exercises"
    unit: ClassVar[str] = "exercises listed"
    exercises: Step[Panel] = default_input("multinational_exercises")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: Years | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a group as focal and periods that run backwards."""
        yield from self._refuse(self.focal, self.years)

    def compute(self, get: Inputs) -> Estimate:
        """Count exercises that list both."""
        panel = get(self.exercises)
        years = _years(self.years, panel.variables[0].coverage, "The list of exercises")
        who: dict[tuple[int, int], set[str]] = {}
        for exercise, year, state in panel.frame.select("exercise", "year", "state").iter_rows():
            who.setdefault((year, state), set()).add(exercise)
        rows: list[tuple[object, ...]] = []
        for partner in self.partners:
            for year in years:
                ours = _code(self.focal, panel.key.system, year)
                members = [_code(m, panel.key.system, year) for m in _members(partner, year)]
                theirs = [c for c in members if c is not None]
                value = np.nan
                if ours is not None and theirs:
                    with_them = set().union(*(who.get((year, c), set()) for c in theirs))
                    value = float(len(with_them & who.get((year, ours), set())))
                rows.append((self.focal, partner, year, value, ""))
        return self._estimate(rows, "exercises of the MME list", range=(0, None))


@dataclass(frozen=True)
class UsTroopCount(_Tie):
    """United States military personnel on active duty in a state, by year.

    Persons, as the reports of the US Department of Defense give them. A year without row is "no
    data". Zeros may be filled in for states that a report does not list.

    Examples
    --------
    >>> UsTroopCount(focal="KAZ").unit
    'persons'
    """

    name: ClassVar[str] = "us_troop_count"
    label: ClassVar[str] = "US military personnel"
    unit: ClassVar[str] = "persons"
    troops: Step[Panel] = default_input("us_troops")
    _: KW_ONLY
    focal: Actor
    years: Years | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a group as focal and periods that run backwards."""
        yield from self._refuse(self.focal, self.years)

    def compute(self, get: Inputs) -> Estimate:
        """Look up the host in each year."""
        panel = get(self.troops, "us_troops")
        years = _years(self.years, panel.variables[0].coverage, "The table of troops")
        held = {(s, y): v for s, y, v in panel.frame.iter_rows()}
        rows: list[tuple[object, ...]] = []
        for year in years:
            value = held.get((_code(self.focal, panel.key.system, year), year))
            rows.append((self.focal, "USA", year, np.nan if value is None else value, ""))
        return self._estimate(rows, "active duty", range=(0, None))


def _members(actor: str, year: int) -> tuple[str, ...]:
    return states.members(actor, year) if states.is_group(actor) else (actor,)


def _code(state: str, system: str, year: int) -> int | None:
    """Return a state's number in COW or GW in a year, None where it is no member then."""
    if not states.exists(state, year):
        return None
    found = states.code(state, "cow" if system == "cow" else "gw", year)
    return None if found is None else int(found)


def _years(asked: Years | None, cover: Coverage, what: str) -> tuple[int, ...]:
    """Return the years asked for, or all that are covered; refuse those outside."""
    if asked is None:
        return cover.years
    wanted = span(*asked)
    inside = [y for y in wanted if y in cover.years]
    if len(inside) < len(wanted):
        raise OutOfCoverage(
            f"{what} covers {year_ranges(cover.years)}; {asked[0]}–{asked[1]} was asked.",
            f"Inside: {year_ranges(inside) or 'none of these years'}.",
            "Restrict the years: after a series ends its values are missing, not zero.",
        )
    return wanted
