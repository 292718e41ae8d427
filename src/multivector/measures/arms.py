"""Arms: the share of each supplier in a state's imports of major conventional arms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Literal

import polars as pl

from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.measures._tie import Row, Tie, Years, covered, members
from multivector.measures.trade import overlaps
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step
from multivector.variable import Coverage

REST = "ROW"
Split = Literal["even", "first", "last"]
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
class ArmsImportShare(Tie):
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
        yield from self.refuse(self.focal, self.years)
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
        years = covered(self.years, Coverage(known), "The register")
        lines = panel.frame.filter(pl.col("recipient") == self.focal)
        yearly = by_year(lines, self.split).group_by("supplier", "year").agg(pl.col("tiv").sum())
        volume = {(s, y): v for s, y, v in yearly.select("supplier", "year", "tiv").iter_rows()}
        total: dict[int, float] = {}
        for (_, year), tiv in volume.items():
            total[year] = total.get(year, 0.0) + tiv
        rows: list[Row] = []
        for year in years:
            sums = dict.fromkeys(self.partners, 0.0)
            whole = 0.0
            for y in range(year - self.window + 1, year + 1):
                whole += total.get(y, 0.0)
                for p in self.partners:
                    sums[p] += sum(volume.get((m, y), 0.0) for m in members(p, y))
            sums[REST] = max(whole - sum(sums.values()), 0.0)
            note = "" if whole else "no deliveries identified"
            rows += [
                (self.focal, p, year, v / whole if whole else None, note) for p, v in sums.items()
            ]
        over = f"{self.window} years to the year given" if self.window > 1 else "single years"
        return self.points(rows, f"TIV, {over}, deliveries split: {self.split}", high=1)


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
