"""Distance of capitals: how far apart two governments sit, in each year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multivector.errors import KeyMismatch
from multivector.joins import join
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step
from multivector.variable import STATE_YEAR, Coverage, Variable, span

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (International Union of Geodesy and Geophysics)."""


@dataclass(frozen=True)
class CapitalDistance(Step[Panel]):
    """A dyadic table with the great-circle distance of the two capitals, in kilometres.

    d = 2 R arcsin √(sin²(Δφ/2) + cos φ₁ cos φ₂ sin²(Δλ/2)), with latitudes φ, longitudes λ and
    R = 6371.0088 km. A state has the capital of 31 December of the year, or of 1 January where
    that is chosen; of two that the table gives for that day the later one counts. The distance is
    missing where one of the two states has none then, and in years that the table of capitals does
    not cover.

    Parameters
    ----------
    base
        A dyad-year table.
    capitals
        Capitals with days and coordinates, in the same system of states.
    day
        The day that stands for a year.

    Examples
    --------
    >>> float(round(great_circle_km(0.0, 0.0, 0.0, 90.0)))
    10008.0
    """

    name: ClassVar = "capital_distance"

    base: Step[Panel]
    capitals: Step[Panel] = default_input("capitals")
    day: Literal["31 December", "1 January"] = "31 December"

    def compute(self, get: Inputs) -> Panel:
        """Give each side the coordinates of its capital, then the distance."""
        panel = get(self.base)
        if not panel.key.dyadic or "year" not in panel.key.columns:
            raise KeyMismatch(f"{panel.key} is not a dyad-year table.")
        held = get(self.capitals, "until", "latitude_deg", "longitude_deg")
        yearly = _yearly(held, last=self.day == "31 December")
        both = replace(panel, frame=panel.frame.select(panel.key.columns), variables=())
        for side in ("state", "partner"):
            both = join(both, yearly, side=side, coverage="partial")
        columns = [
            both.frame[f"{c}_deg_{side}"].to_numpy()
            for side in ("state", "partner")
            for c in ("latitude", "longitude")
        ]
        km = pl.Series("capital_distance_km", great_circle_km(*columns)).fill_nan(None)
        variable = Variable(
            "capital_distance_km",
            f"Great-circle distance of the capitals on {self.day}",
            "km",
            yearly.variables[0].coverage,
            range=(0, 20_020),
            origins=yearly.provenance,
        )
        return replace(
            panel,
            frame=panel.frame.with_columns(km),
            variables=(*panel.variables, variable),
            trusted=True,
        )


def great_circle_km(
    lat1: NDArray[Any] | float,
    lon1: NDArray[Any] | float,
    lat2: NDArray[Any] | float,
    lon2: NDArray[Any] | float,
) -> NDArray[np.float64]:
    """Return distances on the sphere by the haversine formula, from degrees; NaN stays NaN."""
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    half_phi, half_lambda = (phi2 - phi1) / 2, (np.radians(lon2) - np.radians(lon1)) / 2
    h = np.sin(half_phi) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(h, 1)))


def _yearly(capitals: Panel, *, last: bool) -> Panel:
    """Return the coordinates of each state's capital on the first or last day of each year."""
    start, end = pl.col("since"), pl.col("until")
    since, until = start.dt.year(), end.dt.year()
    first_day = (start.dt.month() == 1) & (start.dt.day() == 1)
    last_day = (end.dt.month() == 12) & (end.dt.day() == 31)
    if last:
        first, after = since, pl.when(last_day).then(until + 1).otherwise(until)
    else:
        first, after = pl.when(first_day).then(since).otherwise(since + 1), until + 1
    frame = (
        capitals.frame.sort("state", "since")
        .with_columns(pl.int_ranges(first, after).alias("year"))
        .explode("year", empty_as_null=False)
        .select("state", pl.col("year").cast(pl.Int64), "latitude_deg", "longitude_deg")
        .unique(["state", "year"], keep="last")
    )
    years = capitals.variable("latitude_deg").coverage.years
    cover = Coverage(years or span(int(frame["year"].min()), int(frame["year"].max())))  # type: ignore[arg-type]
    kept = tuple(replace(v, coverage=cover) for v in capitals.variables if v.name in frame.columns)
    key = replace(STATE_YEAR, system=capitals.key.system)
    return Panel(frame, key, kept, origins=capitals.origins)
