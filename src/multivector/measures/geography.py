"""Geography of ties: distance of the capitals, length of the common land border."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import polars as pl

from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.measures._tie import Tie
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step


@dataclass(frozen=True)
class _Geography(Tie):
    """A figure of two states that does not change with the years."""

    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups, and a state as its own neighbour."""
        yield from self.refuse(self.focal, None, self.partners)
        if self.focal in self.partners:
            yield InputError(f"{self.focal} cannot be its own partner.")

    def looked_up(self, panel: Panel, name: str, variant: str) -> Estimate:
        """Return the variable *name* for the focal state and each partner."""
        declared = panel.variable(name)
        ours = panel.frame.filter(pl.col("state") == self.focal)
        held = dict(ours.select("partner", name).iter_rows())
        known = not ours.is_empty() and declared.absence == "zero"
        values = [held.get(p, 0.0 if known else None) for p in self.partners]
        cells = pl.DataFrame({"state": [self.focal] * len(values), "partner": list(self.partners)})
        column = pl.Series(values, dtype=pl.Float64).fill_null(float("nan"))
        return Estimate(
            cells,
            column.to_numpy().reshape(-1, 1),
            label=self.label,
            unit=self.unit,
            variant=variant,
            range=(0, None),
        )


@dataclass(frozen=True)
class CapitalsApart(_Geography):
    """Great-circle distance between the capitals of two states, in kilometres.

    As CEPII's GeoDist gives it for about 2004 (``distcap_km``): Kazakhstan's capital has been
    Astana since 1997. A pair that GeoDist does not have is "no data". For distances by year see the
    panel ``capital_distance``.

    Examples
    --------
    >>> CapitalsApart(focal="KAZ", partners=("RUS",)).unit
    'km'
    """

    name: ClassVar[str] = "capitals_apart"
    label: ClassVar[str] = "Distance of the capitals"
    unit: ClassVar[str] = "km"
    distances: Step[Panel] = default_input("geodist")

    def compute(self, get: Inputs) -> Estimate:
        """Look up the pair."""
        return self.looked_up(get(self.distances), "distcap_km", "GeoDist, about 2004")


@dataclass(frozen=True)
class LandBorder(_Geography):
    """Length of the land border of two states, in kilometres.

    As the Factbook's page of the first state gives it. 0 where the page names no common border; a
    state whose page names no neighbour at all (an island) is "no data".

    Examples
    --------
    >>> LandBorder(focal="KAZ", partners=("RUS", "TUR")).unit
    'km'
    """

    name: ClassVar[str] = "land_border"
    label: ClassVar[str] = "Land border"
    unit: ClassVar[str] = "km"
    borders: Step[Panel] = default_input("land_borders")

    def compute(self, get: Inputs) -> Estimate:
        """Look up the pair; a pair that the page does not name has no border."""
        return self.looked_up(get(self.borders), "border_km", "page of the first state")
