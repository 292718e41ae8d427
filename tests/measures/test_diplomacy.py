"""Visits both ways: counts against the list itself, repeated entries, the end of the list."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from multivector.errors import MultivectorError, OutOfCoverage
from multivector.measures.diplomacy import MissionLevel, UsVisitCount, VisaFreeEntry
from multivector.runner import Runner
from multivector.settings import Settings


def test_visits_to_kazakhstan_by_year(run: Runner) -> None:
    found = run(UsVisitCount(partners=("KAZ",)))
    out = {y: found.at(state="USA", partner="KAZ", year=y).value for y in range(1991, 2024)}
    came = {1991, 1993, 2000, 2001, 2005, 2008, 2010, 2015, 2020, 2023}
    assert {y for y, v in out.items() if v} == came  # ten journeys of Secretaries, one a year
    assert sum(v or 0 for v in out.values()) == 10
    back = found.at(state="KAZ", partner="USA", year=1999)
    assert back.value == 2
    assert "Nazarbayev (1999-12-20)" in back.note


def test_no_president_has_come(run: Runner) -> None:
    found = run(UsVisitCount(partners=("KAZ", "MNG"), office="president"))
    assert found.select(state="USA", partner="KAZ").draws.sum() == 0
    assert found.at(state="USA", partner="MNG", year=2005).value == 1  # G. W. Bush, Ulaanbaatar


def test_an_entry_that_is_listed_twice_counts_once(run: Runner, full: Runner) -> None:
    """Journeys to Japan of 2021: numbers 3992 and 4019 are one stop."""
    found = run(UsVisitCount(partners=("JPN",), years=(2021, 2021)))
    assert found.at(state="USA").note.count("2021-03-15") == 1
    frame = full(UsVisitCount(partners=("JPN",)).travels).frame
    assert len(frame.filter(pl.col("visit").is_in([3992, 4019]))) == 2  # the source keeps both


def test_state_must_exist(run: Runner) -> None:
    found = run(UsVisitCount(partners=("SSD",), years=(2005, 2013)))
    assert found.at(state="USA", year=2005).value is None
    assert found.at(state="USA", year=2013).value is not None


def test_after_the_list_nothing_is_known(run: Runner) -> None:
    with pytest.raises(OutOfCoverage, match="2023"):
        run(UsVisitCount(partners=("KAZ",), years=(2020, 2024)))
    with pytest.raises(MultivectorError, match="one side already"):
        UsVisitCount(partners=("USA",))


def test_outward_visits_against_a_plain_count(full: Runner, real_data: Path) -> None:
    plain = pl.read_csv(
        real_data / "ties/diplomacy/us_president_secretary_travels.csv.gz", infer_schema=False
    )
    found = full(UsVisitCount(partners=("CHN", "RUS"), years=(1995, 2019), office="president"))
    for partner, name in (("CHN", "China, People's Republic of"), ("RUS", "Russia")):
        listed = plain.filter(
            pl.col("country").str.contains(name.split(",")[0]),
            ~pl.col("country").str.contains("Republic of China|Taiwan"),
            pl.col("role") == "president",
        )
        for year in range(1995, 2020):
            count = len(listed.filter(pl.col("start").str.starts_with(str(year))))
            assert found.at(state="USA", partner=partner, year=year).value == count, (name, year)


def test_visas_both_ways(full: Runner) -> None:
    found = full(VisaFreeEntry(focal="KAZ", partners=("CHN", "USA", "DEU"), years=(2022, 2024)))
    assert found.at(state="KAZ", partner="CHN", year=2023).value == 0
    china = found.at(state="KAZ", partner="CHN", year=2024)  # exemption of November 2023
    assert (china.value, china.note) == (1, "visa free, 30 days")
    assert found.at(state="KAZ", partner="USA", year=2024).value == 0
    assert found.at(state="USA", partner="KAZ", year=2024).value == 1  # not mutual


def test_a_ban_of_the_pandemic_is_no_data(full: Runner) -> None:
    found = full(VisaFreeEntry(focal="KAZ", partners=("DEU",), years=(2021, 2021)))
    cell = found.at(state="KAZ", partner="DEU")
    assert cell.value is None
    assert "pandemic" in cell.note
    with pytest.raises(OutOfCoverage, match="2019, 2021"):
        full(VisaFreeEntry(focal="KAZ", partners=("DEU",), years=(2020, 2021)))


def test_missions_both_ways_in_the_years_of_the_record(tmp_path: Path) -> None:
    """In the hand-written file the United States have an ambassador in Kazakhstan in 2000."""
    folder = Path(__file__).parents[1] / "sources" / "data" / "diplomatic_exchange"
    run = Runner(Settings(data=folder, cache=tmp_path, offline=True))
    found = run(MissionLevel(focal="KAZ", partners=("USA", "CHN"), years=(2000, 2000)))
    assert found.at(state="USA", partner="KAZ").value == 3
    assert found.at(state="KAZ", partner="USA").value == 0  # DR at 1: the mission of 705 in 2
    assert found.at(state="KAZ", partner="CHN").value is None
    with pytest.raises(OutOfCoverage, match="2001–2002 was asked"):
        run(MissionLevel(focal="KAZ", partners=("USA",), years=(2001, 2002)))
