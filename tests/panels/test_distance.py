"""Distance of capitals: the formula, the day that counts, and the coverage."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector.errors import KeyMismatch
from multivector.panels.distance import EARTH_RADIUS_KM, CapitalDistance, great_circle_km
from multivector.panels.universes import DyadYears, StateYears
from multivector.settings import Settings
from multivector.sources.capitals import Capitals
from multivector.variable import Coverage, Key, Variable, span
from tests.panels.toys import TABLES, Toy, toy, value

CITY = Key("capital of a state", ("state", "since"), system="cow")
NAMES = ("until", "latitude_deg", "longitude_deg")
UNITS = ("date", "degrees north", "degrees east")
YEARS = Coverage(span(1992, 2005))
VARIABLES = tuple(Variable(n, n, u, YEARS) for n, u in zip(NAMES, UNITS, strict=True))
CITIES = [
    (705, date(1991, 1, 1), date(1998, 5, 5), 43.24, 76.95),  # Almaty
    (705, date(1998, 5, 6), date(2024, 12, 31), 51.12, 71.47),  # Astana
    (704, date(1991, 1, 1), date(2024, 12, 31), 41.31, 69.28),  # Tashkent
]

degrees = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(degrees, degrees)
def test_haversine_is_the_angle_between_the_two_directions(
    one: tuple[float, float], two: tuple[float, float]
) -> None:
    def vector(lat: float, lon: float) -> tuple[float, float, float]:
        phi, lam = math.radians(lat), math.radians(lon)
        return math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)

    dot = sum(a * b for a, b in zip(vector(*one), vector(*two), strict=True))
    expected = math.acos(max(-1.0, min(1.0, dot))) * EARTH_RADIUS_KM
    assert float(great_circle_km(*one, *two)) == pytest.approx(expected, abs=0.5)


def rows(day: str) -> dict[int, float | None]:
    step = CapitalDistance(
        DyadYears("cow", (1997, 2006), directed=False),
        toy("cities", CITY, CITIES, *VARIABLES),
        day,  # type: ignore[arg-type]
    )
    frame = value(step).frame
    return {
        y: km
        for a, b, y, km in frame.select("state", "partner", "year", "capital_distance_km").rows()
        if (a, b) == (704, 705)
    }


def test_the_capital_of_the_chosen_day_counts() -> None:
    almaty = float(great_circle_km(41.31, 69.28, 43.24, 76.95))
    astana = float(great_circle_km(41.31, 69.28, 51.12, 71.47))
    end, start = rows("31 December"), rows("1 January")
    assert (end[1997], end[1998]) == pytest.approx((almaty, astana))
    assert (start[1998], start[1999]) == pytest.approx((almaty, astana))
    assert end[2006] is None  # beyond the coverage


def test_states_without_capital_have_no_distance() -> None:
    step = CapitalDistance(DyadYears("cow", (2000, 2000)), Toy("cities"))
    assert "cities" in TABLES
    frame = value(step).frame
    assert frame["capital_distance_km"].drop_nulls().len() == 2


def test_state_years_have_no_distance() -> None:
    with pytest.raises(KeyMismatch, match="not a dyad-year table"):
        value(CapitalDistance(StateYears("cow"), Toy("cities")))


@pytest.mark.real
def test_against_the_distances_of_cepii(real_data: Path, tmp_path: Path) -> None:
    """GeoDist (Mayer and Zignago 2011) gives capitals of about 2004 the same distances."""
    from multivector.sources.geodist import GeoDist

    settings = Settings(data=real_data, cache=tmp_path, offline=True)
    cepii = {
        (a, b): km
        for a, b, km in GeoDist()
        .load(GeoDist().found(settings))
        .frame.select("state", "partner", "distcap_km")
        .rows()
    }
    source = Capitals()
    TABLES["real capitals"] = source.load(source.found(settings))
    step = CapitalDistance(DyadYears("cow", (2004, 2004)), Toy("real capitals"))
    ours = {(a, b): km for a, b, _, km in value(step).frame.rows()}
    numbers = {"KAZ": 705, "RUS": 365, "USA": 2, "DEU": 255, "UZB": 704, "TUR": 640, "JPN": 740}
    pairs = [(a, b) for a in numbers for b in numbers if a < b]
    close = [abs(ours[numbers[a], numbers[b]] / cepii[a, b] - 1) < 0.03 for a, b in pairs]
    assert sum(close) >= len(pairs) - 6  # GeoDist keeps Almaty for Kazakhstan
    assert close[pairs.index(("DEU", "USA"))]
