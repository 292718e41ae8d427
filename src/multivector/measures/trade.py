"""Trade: who a state trades with, and how concentrated that is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError, OutOfCoverage
from multivector.estimate import Estimate
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.stats import concentration
from multivector.step import Inputs, Measure, Step
from multivector.variable import Coverage, year_ranges

REST = "ROW"
EU = "EU27_2020"
Flow = Literal["total", "exports", "imports"]
HIRSCHMAN = Citation(
    "hirschman1945",
    "book",
    "Hirschman, Albert O.",
    "National Power and the Structure of Foreign Trade",
    1945,
    "University of California Press",
)
SHANNON = Citation(
    "shannon1948",
    "article",
    "Shannon, Claude E.",
    "A Mathematical Theory of Communication",
    1948,
    "Bell System Technical Journal 27(3):379-423",
    doi="10.1002/j.1538-7305.1948.tb01338.x",
)


@dataclass(frozen=True)
class TradeMeasure(Measure):
    """A measure on one state's trade with all its partners, from one reconciled table.

    The table gives one value per exporter, importer and year, so exports and imports of the focal
    state are told apart by its side. A flow that the table does not hold is not recorded there;
    shares are of recorded trade. The totals are exact only for states all of whose partner rows
    are in the table; others raise ``OutOfCoverage``.

    Parameters
    ----------
    flow
        ``exports``, ``imports``, or ``total``, their sum.
    years
        First and last year; ``None`` takes all that the table covers.
    """

    trade: Step[Panel] = default_input("baci")
    _: KW_ONLY
    focal: Actor
    flow: Flow = "total"
    years: tuple[int, int] | None = None
    label: ClassVar[str]

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups as focal and periods that run backwards."""
        if states.is_group(self.focal):
            yield InputError(f"{self.focal} is a group.", "Trade is measured for a state.")
        if self.years is not None and self.years[0] > self.years[1]:
            yield InputError(f"years {self.years[0]}:{self.years[1]} runs backwards.")

    def flows(self, get: Inputs) -> tuple[np.ndarray, tuple[str, ...], tuple[int, ...]]:
        """Return values (years × partners; NaN = not recorded), partners, and years."""
        panel = get(self.trade)
        value = panel.variables[0]
        cover = value.coverage
        years = _years(self.years, cover)
        _need_all_partners(self.focal, cover)
        frame = panel.sound(value.name).frame
        year = pl.col("year").is_in(years)
        sides = {"exports": ("state", "partner"), "imports": ("partner", "state")}
        chosen = sides.values() if self.flow == "total" else [sides[self.flow]]
        parts = [
            frame.filter(year, pl.col(us) == self.focal, pl.col(them) != self.focal).select(
                pl.col(them).alias("them"), "year", pl.col(value.name).alias("value")
            )
            for us, them in chosen
        ]
        both = pl.concat(parts).group_by("them", "year").agg(pl.col("value").sum())
        partners = tuple(both["them"].unique().sort())
        table = np.full((len(years), len(partners)), np.nan)
        at = {p: k for k, p in enumerate(partners)}
        row = {y: k for k, y in enumerate(years)}
        for them, when, amount in both.iter_rows():
            table[row[when], at[them]] = amount
        return table, partners, years

    def result(self, cells: pl.DataFrame, values: np.ndarray, **more: object) -> Estimate:
        """Wrap point values: the table publishes one figure a flow and no interval with it."""
        words = {"total": "exports and imports", "exports": "exports", "imports": "imports"}
        return Estimate(
            cells,
            values.reshape(-1, 1),
            label=self.label,
            unit=self.unit,
            variant=f"goods, {words[self.flow]}; point values, no interval published",
            **more,  # type: ignore[arg-type]
        )


@dataclass(frozen=True, kw_only=True)
class PartnerShare(TradeMeasure):
    """Share of each partner in a state's recorded goods trade.

    p_j = x_j / Σ_k x_k over all recorded partners; a bloc's share is the sum over its members, of
    that year or constant as the bloc's name says. The rest of the world is the cell ``ROW``, so
    that the cells of a year add up to one. A named partner without a record is "no data".

    Examples
    --------
    >>> PartnerShare(focal="KAZ", partners=("RUS", "EU27_2020")).flow
    'total'
    """

    name: ClassVar[str] = "partner_share"
    label: ClassVar[str] = "Share of goods trade"
    unit: ClassVar[str] = "share 0–1"
    citations: ClassVar[tuple[Citation, ...]] = (HIRSCHMAN,)
    partners: tuple[Actor, ...]

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse partners that overlap: a bloc and its members never meet in one total."""
        yield from super().problems()
        if self.focal in self.partners:
            yield InputError(f"{self.focal} cannot be its own partner.")
        yield from overlaps(self.partners)

    def compute(self, get: Inputs) -> Estimate:
        """Sum partners, take shares of the recorded total."""
        table, known, years = self.flows(get)
        total = np.nansum(table, axis=1)
        shares = np.full((len(years), len(self.partners) + 1), np.nan)
        for k, partner in enumerate(self.partners):
            shares[:, k] = bloc_sum(table, known, years, partner)
        shares[:, -1] = total - np.nansum(shares[:, :-1], axis=1)
        shares = np.divide(shares, total[:, None], where=total[:, None] > 0, out=shares * np.nan)
        names = [*self.partners, REST]
        cells = pl.DataFrame(
            [(self.focal, p, y) for y in years for p in names],
            {"state": pl.String, "partner": pl.String, "year": pl.Int64},
            orient="row",
        )
        return self.result(cells, np.clip(shares, 0, 1), range=(0, 1))


@dataclass(frozen=True, kw_only=True)
class TradeValue(TradeMeasure):
    """Value of a state's recorded goods trade with each partner, in current US dollars.

    Exports and imports are FOB values of the reconciled table. A missing record is "no data",
    never zero. The cell ``WLD`` is the sum over all recorded partners.

    Examples
    --------
    >>> TradeValue(focal="KAZ", partners=("RUS",), flow="exports").unit
    'thousand current USD'
    """

    name: ClassVar[str] = "trade_value"
    label: ClassVar[str] = "Goods trade"
    unit: ClassVar[str] = "thousand current USD"
    citations: ClassVar[tuple[Citation, ...]] = ()
    partners: tuple[Actor, ...]

    def compute(self, get: Inputs) -> Estimate:
        """Sum blocs; give each partner and the total."""
        table, known, years = self.flows(get)
        columns = [bloc_sum(table, known, years, p) for p in self.partners]
        known_at_all = np.isfinite(table).any(axis=1)
        total = np.where(known_at_all, np.nansum(table, axis=1), np.nan)
        values = np.stack([*columns, total], axis=1)
        cells = pl.DataFrame(
            [(self.focal, p, self.flow, y) for y in years for p in (*self.partners, "WLD")],
            {"state": pl.String, "partner": pl.String, "flow": pl.String, "year": pl.Int64},
            orient="row",
        )
        return self.result(cells, values, range=(0, None))


@dataclass(frozen=True)
class ConcentrationMeasure(TradeMeasure):
    """A measure of how concentrated a state's trade is, with the EU as one and as members.

    Cells are (state, eu, year) with ``eu`` "one" or "members": both are shown, since the sign of
    a trend can depend on it. Partners without a record do not enter.
    """

    of: ClassVar[Callable[[np.ndarray], np.ndarray]]
    bounds: ClassVar[tuple[float, float | None]]

    def compute(self, get: Inputs) -> Estimate:
        """Apply the kernel to recorded flows, with members apart and summed."""
        table, known, years = self.flows(get)
        inside = np.isin(known, states.members(EU, years[-1]))
        union = np.where(inside.any(), np.nansum(table[:, inside], axis=1), np.nan)
        merged = np.column_stack([table[:, ~inside], union])
        kernel = type(self).of
        values = {"members": table, "one": merged}
        result = {eu: kernel(np.nan_to_num(x, nan=0.0)) for eu, x in values.items()}
        cells = pl.DataFrame(
            [(self.focal, eu, y) for eu in result for y in years],
            {"state": pl.String, "eu": pl.String, "year": pl.Int64},
            orient="row",
        )
        return self.result(cells, np.concatenate(list(result.values())), range=self.bounds)


@dataclass(frozen=True)
class HHI(ConcentrationMeasure):
    """Herfindahl–Hirschman index of a state's recorded goods trade over partners.

    HHI = Σ_j p_j²; 1/n (equal shares) to 1 (one partner).

    Examples
    --------
    >>> HHI(focal="KAZ").unit
    'index 0–1'
    """

    name: ClassVar[str] = "hhi"
    label: ClassVar[str] = "Concentration of trade (HHI)"
    unit: ClassVar[str] = "index 0–1"
    bounds: ClassVar[tuple[float, float | None]] = (0, 1)
    citations: ClassVar[tuple[Citation, ...]] = (HIRSCHMAN,)
    of = staticmethod(concentration.hhi)


@dataclass(frozen=True)
class Entropy(ConcentrationMeasure):
    """Shannon entropy of a state's recorded goods trade over partners, in nats.

    H = −Σ_j p_j ln p_j; 0 (one partner) to ln n.

    Examples
    --------
    >>> Entropy(focal="KAZ").unit
    'nats'
    """

    name: ClassVar[str] = "entropy"
    label: ClassVar[str] = "Spread of trade (entropy)"
    unit: ClassVar[str] = "nats"
    bounds: ClassVar[tuple[float, float | None]] = (0, None)
    citations: ClassVar[tuple[Citation, ...]] = (SHANNON,)
    of = staticmethod(concentration.entropy)


@dataclass(frozen=True)
class EffectivePartners(ConcentrationMeasure):
    """Effective number of trade partners: how many equal ones would be as concentrated.

    1/HHI = 1/Σ_j p_j²; 1 to the number of partners.

    Examples
    --------
    >>> EffectivePartners(focal="KAZ").unit
    'effective partners'
    """

    name: ClassVar[str] = "effective_partners"
    label: ClassVar[str] = "Effective number of trade partners"
    unit: ClassVar[str] = "effective partners"
    bounds: ClassVar[tuple[float, float | None]] = (1, None)
    citations: ClassVar[tuple[Citation, ...]] = (HIRSCHMAN,)
    of = staticmethod(concentration.effective_number_simpson)


def overlaps(actors: tuple[str, ...]) -> Iterable[MultivectorError]:
    """Yield an error for each pair of actors of which one contains the other, or a member of it."""
    for i, a in enumerate(actors):
        for b in actors[i + 1 :]:
            ours, theirs = (
                {m.member for m in states.memberships(x)} if states.is_group(x) else {x}
                for x in (a, b)
            )
            if ours & theirs:
                yield InputError(
                    f"{a} and {b} overlap ({', '.join(sorted(ours & theirs)[:3])}).",
                    remedy="Name the bloc or its members: levels are never summed together.",
                )


def bloc_sum(
    table: np.ndarray, known: tuple[str, ...], years: tuple[int, ...], actor: str
) -> np.ndarray:
    """Return an actor's values by year: a state's column, or the sum over a bloc's members.

    A bloc's members are those at the end of each year. Members without a record do not enter the
    sum; a bloc none of whose members has one is missing.
    """
    result = np.full(len(years), np.nan)
    for k, year in enumerate(years):
        members = states.members(actor, year) if states.is_group(actor) else (actor,)
        inside = np.isin(known, members)
        values = table[k, inside]
        if np.isfinite(values).any():
            result[k] = np.nansum(values)
    return result


def _years(asked: tuple[int, int] | None, cover: Coverage) -> tuple[int, ...]:
    if asked is None:
        return cover.years
    wanted = range(asked[0], asked[1] + 1)
    inside = tuple(y for y in wanted if y in cover.years)
    if not inside or len(inside) < len(wanted):
        raise OutOfCoverage(
            f"The trade table covers {year_ranges(cover.years)}; {asked[0]}–{asked[1]} was asked.",
            f"Inside: {year_ranges(inside) or 'none of these years'}.",
            "Restrict the years, or fetch a longer release.",
        )
    return inside


def _need_all_partners(focal: str, cover: Coverage) -> None:
    if cover.states is not None and focal not in cover.states:
        raise OutOfCoverage(
            f"The trade table holds only some partners of {focal}: its totals would be too small.",
            f"All partners are there for: {', '.join(map(str, cover.states))}.",
            "Run `multivector fetch baci` for the full table.",
        )
