"""Governance: how long leaders hold power, how often offices change hands, V-Dem's indices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from datetime import date
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.measures._tie import Years, code, covered
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Measure, Step

_DAYS_IN_YEAR = 365.25
Cell = tuple[str, int, float | None, str]
"""State, year, value (None where it is not known), note."""


@dataclass(frozen=True)
class _OfState(Measure):
    """A measure of one state or several, year by year; see the subclasses."""

    label: ClassVar[str]

    def points(self, cells: list[Cell], variant: str) -> Estimate:
        """Wrap cells as point values of zero or more."""
        frame = pl.DataFrame(
            [(s, y, n) for s, y, _, n in cells],
            {"state": pl.String, "year": pl.Int64, "note": pl.String},
            orient="row",
        )
        values = [np.nan if v is None else v for _, _, v, _ in cells]
        return Estimate(
            frame,
            np.array(values, dtype=np.float64).reshape(-1, 1),
            label=self.label,
            unit=self.unit,
            variant=variant,
            range=(0, None),
        )


@dataclass(frozen=True)
class LeaderTenure(_OfState):
    """Years for which the leader of 31 December has been in power without a break.

    t − b in years of 365.25 days, from the first day b of the leader's spell to 31 December. The
    note names the leader. Who leads is as the source judges: REIGN lists the person with the
    greatest power, so an office may change hands without a new spell. Where the source knows the
    end of a spell to the month only, a leader whose month of end is December counts for that
    year unless the successor has begun. A state without leader on the list is "no data"; years
    after the list raise ``OutOfCoverage``.

    Examples
    --------
    >>> LeaderTenure(focal="KAZ").unit
    'years'
    """

    name: ClassVar[str] = "leader_tenure"
    label: ClassVar[str] = "Years in power of the leader"
    unit: ClassVar[str] = "years"
    leaders: Step[Panel] = default_input("leaders")
    _: KW_ONLY
    focal: Actor
    years: Years | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups and years that run backwards."""
        yield from _wrong((self.focal,), self.years)

    def compute(self, get: Inputs) -> Estimate:
        """Find the last spell that has begun by the end of each year and has not ended before."""
        panel = get(self.leaders)
        years = covered(self.years, panel.variables[0].coverage, "The list of leaders")
        spells = panel.frame.select("state", "leader", "began", "ended").sort("began")
        cells: list[Cell] = []
        for year in years:
            number = code(self.focal, panel.key.system, year)
            now = spells.filter(
                pl.col("state").eq_missing(pl.lit(number, pl.Int64)),
                pl.col("began") <= f"{year}-12-31",
                pl.col("ended").is_null() | (pl.col("ended") >= f"{year}-12"),
            )
            if now.is_empty():
                cells.append((self.focal, year, None, ""))
                continue
            _, leader, began, _ = now.row(-1)
            since = (date(year, 12, 31) - date.fromisoformat(began)).days / _DAYS_IN_YEAR
            cells.append((self.focal, year, since, f"{leader}, since {began}"))
        return self.points(cells, f"leaders of {panel.provenance[0].title}, on 31 December")


def _wrong(actors: Iterable[str], years: Years | None) -> Iterable[MultivectorError]:
    for actor in actors:
        if states.is_group(actor):
            yield InputError(f"{actor} is a group.", "Governance is measured for a state.")
    if years is not None and years[0] > years[1]:
        yield InputError(f"years {years[0]}:{years[1]} runs backwards.")


Index = Literal["polyarchy", "liberal", "participatory", "deliberative", "egalitarian"]
Component = Literal["media", "elections", "association", "parties", "civil_society"]
PEMSTEIN = Citation(
    "pemstein2025",
    "techreport",
    "Pemstein, Daniel and Marquardt, Kyle L. and Tzelgov, Eitan and Wang, Yi-ting and "
    "Medzihorsky, Juraj and Krusell, Joshua and Miri, Farhad and von Römer, Johannes",
    "The V-Dem Measurement Model: Latent Variable Analysis for Cross-National and Cross-Temporal "
    "Expert-Coded Data",
    2025,
    "V-Dem Working Paper 21, 10th edition, University of Gothenburg",
    url="https://v-dem.net/our-work/research-publications/working-papers/",
)


@dataclass(frozen=True)
class _Democracy(Measure):
    """An index of V-Dem with its uncertainty; see the subclasses."""

    unit: ClassVar[str] = "index 0–1"
    citations: ClassVar[tuple[Citation, ...]] = (PEMSTEIN,)

    def cells(
        self, panel: Panel, name: str, actors: tuple[str, ...], asked: Years | None, size: int
    ) -> Estimate:
        """Draw each state and year of the index *name* between its bounds."""
        variable = panel.variable(name)
        years = covered(asked, variable.coverage, "V-Dem")
        columns = [name, f"{name}_low", f"{name}_high"]
        held = {
            (s, y): (value, low, high)
            for s, y, value, low, high in panel.frame.select("state", "year", *columns).iter_rows()
        }
        where = [(a, y) for a in actors for y in years]
        table = np.array(
            [[np.nan if x is None else x for x in held.get(w, (None,) * 3)] for w in where],
            dtype=np.float64,
        ).reshape(-1, 3)
        notes = [
            "" if np.isnan(low) else f"V-Dem's interval (68 per cent): {low:.3f} to {high:.3f}"
            for _, low, high in table
        ]
        return Estimate(
            pl.DataFrame(
                {
                    "state": [a for a, _ in where],
                    "year": [y for _, y in where],
                    "note": notes,
                },
                schema_overrides={"state": pl.String, "year": pl.Int64, "note": pl.String},
            ),
            split_normal(table, size, seed=0),
            label=variable.label,
            unit=self.unit,
            draw_kind="posterior",
            variant="two half-normals through V-Dem's bounds; states and years independent",
            range=(0, 1),
            observed=table[:, 0],
        )


def split_normal(table: np.ndarray, size: int, seed: int) -> np.ndarray:
    """Return draws (rows × *size*) around a value with bounds one standard deviation to each side.

    With value m, bounds l and h: x = m + |z|·(h − m) with probability ½, else m − |z|·(m − l),
    for z standard normal; cut to 0–1. Median m, and 68 per cent of the draws lie in [l, h], as
    V-Dem says of its bounds. Rows with a missing value are missing throughout.

    >>> draws = split_normal(np.array([[0.5, 0.4, 0.6]]), 4001, seed=1)
    >>> bool(abs(np.mean((draws > 0.4) & (draws < 0.6)) - 0.68) < 0.03)
    True
    """
    z = np.random.default_rng(seed).standard_normal((len(table), size))
    value, low, high = (table[:, [k]] for k in range(3))
    return np.clip(value + np.where(z > 0, z * (high - value), z * (value - low)), 0, 1)


@dataclass(frozen=True)
class DemocracyIndex(_Democracy):
    """A high-level index of democracy of V-Dem, 0 to 1, by state and year, with its uncertainty.

    The value is V-Dem's. The 90 % interval comes from draws x = m + z·(h − m) for z > 0, else
    m + z·(m − l), with m the value and l, h V-Dem's bounds of one standard deviation: V-Dem prints
    no 90 % interval for them. Draws of different years are independent here, though V-Dem's errors
    persist over years, so the interval of a change is too wide rather than too narrow. A state or
    year that V-Dem does not have is "no data". Indices are of one release; never mix releases.

    Examples
    --------
    >>> DemocracyIndex(states=("KAZ", "UZB")).index
    'polyarchy'
    """

    name: ClassVar[str] = "democracy_index"
    vdem: Step[Panel] = default_input("vdem")
    _: KW_ONLY
    states: tuple[Actor, ...] = ("KAZ",)
    years: Years | None = None
    index: Index = "polyarchy"
    draws: int = 1000

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups and years that run backwards."""
        yield from _wrong(self.states, self.years)

    def compute(self, get: Inputs) -> Estimate:
        """Look up the index and draw between its bounds."""
        panel = get(self.vdem, self.index, f"{self.index}_low", f"{self.index}_high")
        return self.cells(panel, self.index, self.states, self.years, self.draws)


@dataclass(frozen=True)
class DemocracyComponent(_Democracy):
    """A component of democracy of V-Dem, 0 to 1: media, elections, parties or civil society.

    The value is V-Dem's; its interval is drawn as in ``democracy_index``: x = m + z·(h − m) for
    z > 0, else m + z·(m − l). The components are in V-Dem's own file only.

    Parameters
    ----------
    component
        ``media`` (freedom of expression and alternative information), ``elections`` (clean
        elections), ``association``, ``parties`` (institutionalization), ``civil_society`` (core).

    Examples
    --------
    >>> DemocracyComponent(component="media").unit
    'index 0–1'
    """

    name: ClassVar[str] = "democracy_component"
    vdem: Step[Panel] = default_input("vdem_components")
    _: KW_ONLY
    component: Component = "media"
    states: tuple[Actor, ...] = ("KAZ",)
    years: Years | None = None
    draws: int = 1000

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups and years that run backwards."""
        yield from _wrong(self.states, self.years)

    def compute(self, get: Inputs) -> Estimate:
        """Look up the component and draw between its bounds."""
        name = self.component
        panel = get(self.vdem, name, f"{name}_low", f"{name}_high")
        return self.cells(panel, name, self.states, self.years, self.draws)
