"""Trade: who a state trades with, and how concentrated that is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError, OutOfCoverage
from multivector.estimate import Estimate
from multivector.measures._ledger import Flow, wanted_years
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.stats import concentration
from multivector.stats.summaries import ratio
from multivector.step import Inputs, Measure, Step
from multivector.variable import Coverage

REST = "ROW"
EU = "EU27_2020"
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
class Flows:
    """Recorded flows of one state: ``table`` (years × partners), NaN where nothing is recorded.

    ``spoilt`` (years) marks the years in which a known defect blanks a flow, so that no total is
    known; ``notes`` says why.
    """

    table: np.ndarray
    partners: tuple[str, ...]
    years: tuple[int, ...]
    spoilt: np.ndarray
    notes: dict[int, str]

    @property
    def total(self) -> np.ndarray:
        """Sum over recorded partners, shape (years); NaN in a spoilt year or without a record."""
        unknown = self.spoilt | ~np.isfinite(self.table).any(axis=1)
        return np.where(unknown, np.nan, np.nansum(self.table, axis=1))

    def of(self, actor: str) -> np.ndarray:
        """Return an actor's values by year: a state's, or the sum over a bloc's members.

        A bloc's members are those at the end of each year. Members without a record do not enter
        the sum; a bloc none of whose members has one is missing.
        """
        result = np.full(len(self.years), np.nan)
        for k, year in enumerate(self.years):
            members = states.members(actor, year) if states.is_group(actor) else (actor,)
            values = self.table[k, np.isin(self.partners, members)]
            if np.isfinite(values).any():
                result[k] = np.nansum(values)
        return result


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

    def flows(self, get: Inputs) -> Flows:
        """Return the focal state's recorded flows, with the years that a known defect spoils."""
        panel = get(self.trade)
        value = panel.variables[0]
        years = wanted_years(self.years, value.coverage)
        _need_all_partners(self.focal, value.coverage)
        frame = panel.sound(value.name).frame
        sides = {"exports": ("state", "partner"), "imports": ("partner", "state")}
        chosen = sides.values() if self.flow == "total" else [sides[self.flow]]
        parts = [
            frame.filter(
                pl.col("year").is_in(years), pl.col(us) == self.focal, pl.col(them) != self.focal
            ).select(pl.col(them).alias("them"), "year", pl.col(value.name).alias("value"))
            for us, them in chosen
        ]
        both = pl.concat(parts)
        spoilt = sorted(both.filter(pl.col("value").is_null())["year"].unique())
        known = pl.when(pl.col("value").is_not_null().all()).then(pl.col("value").sum())
        both = both.group_by("them", "year").agg(known.alias("value"))
        partners = tuple(both["them"].unique().sort())
        table = np.full((len(years), len(partners)), np.nan)
        at = {p: k for k, p in enumerate(partners)}
        row = {y: k for k, y in enumerate(years)}
        for them, when, amount in both.iter_rows():
            table[row[when], at[them]] = np.nan if amount is None else amount
        said = {y: " ".join(d.note for d in value.defects if y in d.years) for y in spoilt}
        return Flows(table, partners, years, np.isin(years, spoilt), said)

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
        flows = self.flows(get)
        named = np.column_stack([flows.of(p) for p in self.partners])
        rest = flows.total - np.nansum(named, axis=1)
        shares = ratio(np.column_stack([named, rest]), flows.total[:, None])
        names = [*self.partners, REST]
        cells = pl.DataFrame(
            [(self.focal, p, y, flows.notes.get(y)) for y in flows.years for p in names],
            {"state": pl.String, "partner": pl.String, "year": pl.Int64, "note": pl.String},
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
        flows = self.flows(get)
        values = np.column_stack([*(flows.of(p) for p in self.partners), flows.total])
        names = [*self.partners, "WLD"]
        text = pl.String
        cells = pl.DataFrame(
            [(self.focal, p, self.flow, y, flows.notes.get(y)) for y in flows.years for p in names],
            {"state": text, "partner": text, "flow": text, "year": pl.Int64, "note": text},
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
        flows = self.flows(get)
        inside = np.isin(flows.partners, states.members(EU, flows.years[-1]))
        apart = np.nan_to_num(flows.table)
        union = apart[:, inside].sum(axis=1, keepdims=True)
        kernel = type(self).of
        values = {"members": apart, "one": np.hstack([apart[:, ~inside], union])}
        result = {eu: np.where(flows.spoilt, np.nan, kernel(x)) for eu, x in values.items()}
        cells = pl.DataFrame(
            [(self.focal, eu, y, flows.notes.get(y)) for eu in result for y in flows.years],
            {"state": pl.String, "eu": pl.String, "year": pl.Int64, "note": pl.String},
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


def _need_all_partners(focal: str, cover: Coverage) -> None:
    if cover.states is not None and focal not in cover.states:
        raise OutOfCoverage(
            f"The trade table holds only some partners of {focal}: its totals would be too small.",
            f"All partners are there for: {', '.join(map(str, cover.states))}.",
            "Run `multivector fetch baci` for the full table.",
        )
