"""Tenure in office against the calendar: breaks, changes of rank, dates that are not exact."""

from __future__ import annotations

from datetime import date

import pytest

from multivector.errors import MultivectorError
from multivector.measures.offices import OfficeTenure
from multivector.runner import Runner


def years(first: date, year: int) -> float:
    return (date(year, 12, 31) - first).days / 365.25


def test_a_change_of_rank_is_no_break(run: Runner) -> None:
    found = run(OfficeTenure())
    assert found.at(year=2022).value == pytest.approx(years(date(2019, 9, 18), 2022))
    assert found.at(year=2022).note == "tileuberdi, since 2019-09-18 (deputy prime minister)"
    assert found.at(year=2021).note == "tileuberdi, since 2019-09-18"
    assert found.at(year=2006).value == pytest.approx(years(date(2002, 1, 29), 2006))


def test_a_second_time_in_office_starts_anew(run: Runner) -> None:
    senate = run(OfficeTenure(office="senate_chair"))
    assert senate.at(year=2018).value == pytest.approx(years(date(2013, 10, 16), 2018))
    assert senate.at(year=2010).note == "tokayev, since 2007-01-11"


def test_vacant_is_no_data(run: Runner) -> None:
    found = run(OfficeTenure(office="mazhilis_chair"))
    assert found.at(year=2011).value is None  # chamber dissolved in November 2011
    assert found.at(year=1994).value is None
    with pytest.raises(MultivectorError, match="1992 to 2024"):
        OfficeTenure(years=(1985, 2000))


def test_president(run: Runner) -> None:
    found = run(OfficeTenure(office="president"))
    assert found.at(year=2018).value == pytest.approx(years(date(1990, 4, 24), 2018))
    assert found.at(year=2019).value == pytest.approx(years(date(2019, 3, 20), 2019))
