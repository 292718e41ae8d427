"""Recoding: codes that change hands, and the merges that it must not hide."""

from __future__ import annotations

import warnings
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from multivector.errors import KeyMismatch, MultivectorWarning, SchemaError
from multivector.panels.recode import Recode
from multivector.panels.universes import DyadYears, StateYears
from multivector.variable import Coverage, Defect, Key, Variable, span
from tests.panels.toys import COW_DYADS, COW_STATES, toy, value

GDP = Variable("gdp", "GDP", "USD", Coverage(span(1988, 2008)))
GERMANY_1990 = "255 in 1990; 260 in 1990 of cow are one state of iso3"


def test_germany_in_1990_keeps_the_code_of_31_december_and_says_so() -> None:
    rows = toy("germanies", COW_STATES, [(260, 1989, 1.0), (260, 1990, 2.0), (255, 1990, 3.0)], GDP)
    with pytest.warns(MultivectorWarning, match=GERMANY_1990):
        panel = value(Recode(rows, "iso3"))
    assert panel.frame.rows() == [("DEU", 1989, 1.0), ("DEU", 1990, 3.0)]
    assert any("31 December" in o.note for o in panel.provenance)
    with pytest.raises(SchemaError, match=GERMANY_1990):
        value(Recode(rows, "iso3", merge="refuse"))


def test_without_a_merge_nothing_is_said() -> None:
    alone = toy("alone", COW_STATES, [(260, 1990, 2.0), (345, 1991, 1.0), (345, 2008, 4.0)], GDP)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        panel = value(Recode(alone, "iso3"))
    assert panel.frame.rows() == [("DEU", 1990, 2.0), ("SRB", 2008, 4.0), ("YUG", 1991, 1.0)]


def test_numbers_that_the_two_systems_use_differently() -> None:
    """Yemen is COW 679 and GW 678, Serbia COW 345 and GW 340 (Gleditsch and Ward's list)."""
    rows = [(679, 2000, 1.0), (345, 2000, 2.0), (345, 2008, 3.0), (255, 2000, 4.0)]
    panel = value(Recode(toy("numbers", COW_STATES, rows, GDP), "gw"))
    assert panel.frame.rows() == [
        (260, 2000, 4.0),
        (340, 2008, 3.0),
        (345, 2000, 2.0),
        (678, 2000, 1.0),
    ]


def test_undirected_pairs_are_ordered_again_with_their_sides() -> None:
    names = ("flow", "gdp_state", "gdp_partner")
    kept = tuple(Variable(n, n, "USD", Coverage(span(2000, 2000))) for n in names)
    rows = toy("pairs", COW_DYADS, [(365, 705, 2000, 7.0, 1.0, 2.0)], *kept)  # RUS, KAZ
    panel = value(Recode(rows, "iso3"))
    assert panel.frame.row(0) == ("KAZ", "RUS", 2000, 7.0, 2.0, 1.0)
    assert panel.key.system == "iso3"


def test_whole_lists_keep_every_row_but_those_of_a_merge() -> None:
    with pytest.warns(MultivectorWarning, match=GERMANY_1990):
        ours = value(Recode(DyadYears("cow", (1988, 1992)), "iso3"))
    cow = value(DyadYears("cow", (1988, 1992))).frame
    german = cow.filter(
        (pl.col("year") == 1990) & ((pl.col("state") == 260) | (pl.col("partner") == 260))
    )
    assert len(ours.frame) == len(cow) - len(german)
    back = value(Recode(Recode(StateYears("gw", (2000, 2005)), "iso3"), "gw"))
    assert back.frame.equals(value(StateYears("gw", (2000, 2005))).frame)


def test_codes_without_a_counterpart_are_refused_or_dropped_aloud() -> None:
    microstates = StateYears("gw", (2010, 2010))  # with Abkhazia and South Ossetia
    with pytest.raises(SchemaError, match="396 in 2010; 397 in 2010 of gw stand for no state"):
        value(Recode(microstates, "cow"))
    with pytest.warns(MultivectorWarning, match="their rows are left out"):
        panel = value(Recode(microstates, "cow", unmatched="drop"))
    assert len(panel.frame) == len(value(microstates).frame) - 2


def test_coverage_and_defects_follow() -> None:
    cover = Coverage(span(1991, 2008), (345, 705))
    defect = Defect((345,), (2008,), "Wrong.")  # type: ignore[arg-type]
    gdp = Variable("gdp", "GDP", "USD", cover, defects=(defect,))
    panel = value(Recode(toy("covered", COW_STATES, [(345, 2008, 1.0)], gdp), "iso3"))
    (variable,) = panel.variables
    assert variable.coverage.states == ("KAZ", "SCG", "SRB", "YUG")
    assert variable.defects[0].states == ("SRB",)
    assert panel.sound("gdp").frame["gdp"].to_list() == [None]


def test_dated_rows_use_the_day() -> None:
    key = Key("state-day", ("state", "date"), system="cow")
    rows = [(260, date(1990, 10, 2), 1.0), (255, date(1990, 10, 3), 2.0)]
    panel = value(Recode(toy("days", key, rows, GDP), "iso3"))
    assert panel.frame["state"].to_list() == ["DEU", "DEU"]


def test_a_table_without_states_has_nothing_to_recode() -> None:
    key = Key("treaty", ("treaty",), system="cow")
    with pytest.raises(KeyMismatch, match="no states to recode"):
        value(Recode(toy("treaties", key, [(1, 2.0)], GDP), "iso3"))


@pytest.mark.real
def test_capabilities_recode_as_a_whole(real_data: Path) -> None:
    """The only state-year that has two COW numbers and one id is Germany in 1990."""
    codes = pl.read_parquet(real_data / "ties/governance/cow_nmc_v7_1816_2022.parquet")
    rows = codes.select("ccode", "year", pl.col("cinc").alias("gdp")).rows()
    with pytest.warns(MultivectorWarning, match=GERMANY_1990):
        panel = value(Recode(toy("nmc", COW_STATES, rows, GDP), "iso3"))
    assert len(panel.frame) == len(rows) - 1
