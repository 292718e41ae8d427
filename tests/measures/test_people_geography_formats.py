"""People, geography and formats: figures as printed, nearest estimates, what is not known."""

from __future__ import annotations

import pytest

from multivector.errors import InputError, OutOfCoverage
from multivector.measures.formats import FormatLevel
from multivector.measures.geography import CapitalsApart, LandBorder
from multivector.measures.people import EthnicShare, LanguageShare
from multivector.runner import Runner


def test_the_nearest_estimate_is_taken_and_named(run: Runner) -> None:
    early = run(EthnicShare(focal="KAZ", partners=("RUS", "TUR"), year=2014))
    assert early.at(partner="RUS").value == 0.193
    assert early.at(partner="RUS").note == "Russian, estimate of 2019: share of the population"
    assert early.at(partner="TUR").value is None  # among "other"
    assert run(EthnicShare(focal="KAZ", partners=("RUS",), year=2022)).at().value == 0.179
    undated = run(LanguageShare(focal="UZB", partners=("RUS",))).at()
    assert (undated.value, undated.note.partition(":")[0]) == (0.142, "Russian, year not given")


def test_states_outside_the_table_are_refused(run: Runner) -> None:
    with pytest.raises(OutOfCoverage, match="does not have FRA"):
        run(LanguageShare(focal="FRA", partners=("RUS",)))


def test_borders_and_distances_of_the_neighbours(run: Runner) -> None:
    five = ("CHN", "KGZ", "RUS", "TKM", "UZB")
    borders = run(LandBorder(focal="KAZ", partners=(*five, "TUR")))
    assert [borders.at(partner=p).value for p in five] == [1765, 1212, 7644, 413, 2330]
    assert borders.at(partner="TUR").value == 0
    apart = run(CapitalsApart(focal="KAZ", partners=five))
    back = run(CapitalsApart(focal="RUS", partners=("KAZ",)))
    assert apart.at(partner="RUS").value == pytest.approx(back.at().value)
    # Astana 51.18 N 71.45 E, Moscow 55.75 N 37.62 E: 2,275 km on the sphere
    assert apart.at(partner="RUS").value == pytest.approx(2_275, abs=15)
    with pytest.raises(InputError, match="its own partner"):
        LandBorder(focal="KAZ", partners=("KAZ",))


def test_an_island_has_no_page_of_borders(run: Runner) -> None:
    assert run(LandBorder(focal="ISL", partners=("NOR",))).at().value is None


def test_level_of_a_format_rises_with_its_first_meetings(run: Runner) -> None:
    found = run(FormatLevel(focal="KAZ", partners=("USA", "JPN", "TUR")))
    assert [found.at(partner="USA", year=y).value for y in (2014, 2015, 2022, 2023)] == [0, 1, 1, 2]
    assert found.at(partner="JPN", year=2004).value == 1
    assert found.at(partner="TUR", year=2020).value is None
    assert "ministers since 2015-09-26" in found.at(partner="USA", year=2015).note
    russia = run(FormatLevel(focal="KAZ", partners=("RUS",)))
    assert [russia.at(year=y).value for y in (2018, 2020, 2022)] == [None, 1, 2]
    assert "before 2020-10-15, day not known" in russia.at(year=2018).note
    with pytest.raises(InputError, match="none of the five"):
        FormatLevel(focal="RUS", partners=("USA",))
