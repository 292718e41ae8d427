"""Arms transfers, military spending, exercises, troops, bases, signals of major powers."""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from multivector.errors import SchemaError, Unavailable
from multivector.panel import Panel
from multivector.settings import Settings
from multivector.source import Source
from multivector.sources import military_exercises
from multivector.sources.arms_transfers import DELIVERIES, SipriRegister
from multivector.sources.major_power_signals import MajorPowerSignals
from multivector.sources.military_exercises import JointExercises, MultinationalExercises
from multivector.sources.military_spending import SHEETS, MilitarySpending
from multivector.sources.us_bases import UsBases
from multivector.sources.us_troops import UsTroops

HERE = Path(__file__).parent / "data"


def load(source: Source, folder: Path, tmp_path: Path) -> Panel:
    return source.load(source.found(Settings(data=folder, cache=tmp_path, offline=True)))


# arms ------------------------------------------------------------------------------------------


def test_register_has_eleven_lines_of_title_and_one_line_that_breaks_off(tmp_path: Path) -> None:
    frame = load(SipriRegister(), HERE / "arms_transfers", tmp_path).frame
    assert frame.select("line", "recipient", "supplier", "delivery_years").rows() == [
        (1, "KAZ", "RUS", "2014 2015"),
        (2, "KAZ", "TUR", "2014"),
        (3, "KAZ", "ESP", "2015"),  # its comment holds a line end
        (4, "COG", "unknown supplier(s)", "1991"),  # SIPRI's Congo is Brazzaville
        (5, "PKK (Turkiye)*", "DDR", "1989"),
        (6, "KAZ", "SUN", None),
    ]
    assert frame["tiv_delivered_million"].to_list() == [20, 5, 5, 0.4, 0.05, 0]
    assert frame["status"].to_list() == [1, 2, 3, 1, 1, 1]
    assert frame["ordered_year_uncertain"].to_list() == [1, 0, 0, 1, 0, 0]
    assert frame["ordered"].to_list() == [8, 10, 2, None, 1, 1]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("to All countries .", "to Kazakhstan .", "not exported for all suppliers"),
        ("Recipient,Supplier,Year of order", "recipient,supplier,year", "has no line that begins"),
        (",New,,3,3,0\n", ",New,,3\n", "ends inside a line"),
    ],
)
def test_exports_that_cannot_be_read_are_refused(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    name = "sipri_trade_register_1950_2024.csv"
    content = (HERE / "arms_transfers" / name).read_bytes().decode("cp1252")
    assert old in content
    path = tmp_path / name
    path.write_bytes(content.replace(old, new).encode("cp1252"))
    with pytest.raises(SchemaError, match=message):
        SipriRegister().read(DELIVERIES, [path])


def test_volume_agrees_with_sipris_own_table(real_data: Path, tmp_path: Path) -> None:
    """SIPRI prints the world's exports 1950-2024; the register's lines add up to them."""
    frame = load(SipriRegister(layout=DELIVERIES), real_data, tmp_path).frame
    path = real_data / "ties/arms/sipri_tiv_world_exports_by_supplier_1950_2024.csv.gz"
    rows = list(csv.reader(io.StringIO(gzip.decompress(path.read_bytes()).decode("cp1252"))))
    world = next(r for r in rows if r and r[0] == "Total world export")
    printed = float(world[76])
    assert frame["tiv_delivered_million"].sum() == pytest.approx(printed, rel=1e-4)
    assert frame["recipient"].null_count() == frame["tiv_delivered_million"].null_count() == 0
    known = {"RUS", "SUN", "DDR", "YAR", "RVN", "COG", "COD", "CSK", "YUG", "TWN"}
    assert known <= set(frame["recipient"]) | set(frame["supplier"])


# spending --------------------------------------------------------------------------------------


def test_spending_is_as_published(real_data: Path, tmp_path: Path) -> None:
    source = MilitarySpending()
    panel = load(source, real_data, tmp_path)
    assert source.check_facts(panel.frame, "workbook") == 4
    last = panel.frame.filter(pl.col("year") == 2023).select("state", "milex_certainty")
    marked = dict(last.iter_rows())
    # The fact sheet prints China and Russia in brackets, as estimates, and the United States not.
    assert (marked["USA"], marked["CHN"], marked["RUS"]) == (0, 1, 1)
    early = panel.frame.filter(pl.col("state") == "KAZ")
    assert early["year"].min() == 1993  # "xxx" before


def test_workbook_without_a_sheet_is_refused(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Current US$"
    book.save(tmp_path / "SIPRI-Milex-data-1948-2023.xlsx")
    with pytest.raises(SchemaError, match="no sheet Constant"):
        MilitarySpending().read("workbook", [tmp_path / "SIPRI-Milex-data-1948-2023.xlsx"])


def test_regions_and_gaps_of_a_workbook(tmp_path: Path) -> None:
    import openpyxl
    from openpyxl.styles import Font
    from openpyxl.styles.colors import Color

    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in SHEETS.values():
        page = book.create_sheet(sheet)
        for row in (
            ["Military expenditure by country"],
            ["Country", "Notes", 1991, 1992, 1993],
            ["Central Asia"],
            ["Kazakhstan", "‡", "xxx", ". .", 12.5],
            ["Congo, DR", "", 1.0, 2.0, "..."],
        ):
            page.append(row)
        page["E4"].font = Font(color=Color(indexed=12))
        page["C5"].font = Font(color=Color(indexed=10))
    path = tmp_path / "SIPRI-Milex-data-1948-2023.xlsx"
    book.save(path)
    frame = MilitarySpending().read("workbook", [path]).sort("state", "year")
    assert frame.select("state", "year", "milex_constant_musd", "milex_certainty").rows() == [
        ("COD", 1991, 1.0, 2),
        ("COD", 1992, 2.0, 0),
        ("KAZ", 1993, 12.5, 1),
    ]


# exercises -------------------------------------------------------------------------------------


def test_participants_once_each_and_days_only_where_known(tmp_path: Path) -> None:
    frame = load(MultinationalExercises(), HERE / "military_exercises", tmp_path).frame
    assert frame.select("exercise", "year", "state", "participants", "began").rows() == [
        ("mme1", 1997, 2, 3, "1997-09-15"),
        ("mme1", 1997, 705, 3, "1997-09-15"),
        ("mme2", 1980, 2, 2, "1980-01"),
        ("mme2", 1980, 260, 2, "1980-01"),  # Gleditsch–Ward's Germany
    ]
    assert frame["exercise_name"].to_list() == ["Alfa 97", "Alfa 97", None, None]


def test_long_list_holds_every_exercise_of_the_wide_one(real_data: Path) -> None:
    folder = real_data / "ties/military"
    wide = pl.read_csv(folder / "multinational_military_exercises_v7.csv.gz", infer_schema=False)
    long = pl.read_csv(
        folder / "multinational_military_exercises_v7_long.csv.gz", infer_schema=False
    )
    assert set(wide["MMEID"]) == set(long["MMEID"])
    frame = MultinationalExercises().read(
        "long", [folder / "multinational_military_exercises_v7_long.csv.gz"]
    )
    named = {
        row["MMEID"]
        for row in wide.iter_rows(named=True)
        if "Kazakhstan" in [v for k, v in row.items() if k.startswith("State")]
    }
    assert set(frame.filter(pl.col("state") == 705)["exercise"]) == named


def test_lines_of_the_forerunner() -> None:
    header = [
        "Coder",
        "",
        "Exercise Name",
        "s.year",
        "s.month",
        "s.day",
        "e.year",
        "e.month",
        "e.day",
        "JME Type",
        "State A",
        "State B",
        "AUS",
    ]
    rows = [
        ["x", 1.0, "Alfa", 1999.0, 6.0, "xx", 1999.0, 7.0, 2.0, "FTX", "USA", "KAZ", ""],
        ["x", 2.0, -9.0, 1998.0, 6.0, 3.0, -9.0, -9.0, -9.0, "", "ROM", "NATO", "ROM"],
        ["x", 3.0, "No year", -9.0, 6.0, 3.0, -9.0, -9.0, -9.0, "", "USA", "KAZ", ""],
    ]
    frame = military_exercises.participants(header, rows).sort("exercise", "state")
    assert frame.select("exercise", "year", "state", "exercise_name", "began", "ended").rows() == [
        (1, 1999, "KAZ", "Alfa", "1999-06", "1999-07-02"),
        (1, 1999, "USA", "Alfa", "1999-06", "1999-07-02"),
        (2, 1998, "NATO", None, "1998-06-03", None),
        (2, 1998, "ROU", None, "1998-06-03", None),
    ]


def test_forerunner_in_the_real_workbook(real_data: Path, tmp_path: Path) -> None:
    pytest.importorskip("xlrd", reason="spreadsheets of 2003 need the excel extra")
    panel = load(JointExercises(), real_data, tmp_path)
    assert (panel.years[0], panel.years[-1]) == (1974, 2010)
    assert panel.frame.filter(pl.col("state").str.len_chars() != 3)[
        "state"
    ].unique().sort().to_list() == ["8 NATO members", "NATO"]


def test_missing_spreadsheet_package_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "xlrd", None)
    with pytest.raises(Unavailable, match=r"multivector\[excel\]"):
        JointExercises().read("workbook", [tmp_path / "joint_military_exercises_v3.xls"])


# troops and bases ------------------------------------------------------------------------------


def test_states_listed_under_two_names_are_summed_and_zeros_are_fillings(
    real_data: Path, tmp_path: Path
) -> None:
    path = real_data / "ties/military/us_troops_country_year.csv.gz"
    by_hand: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in rows_of(path):
        by_hand[int(row["ccode"]), int(row["year"])].append(int(row["troops_ad"]))
    twice = {k: v for k, v in by_hand.items() if len(v) > 1}
    assert len(twice) == 29
    assert all(min(v) == 0 for v in twice.values())
    frame = load(UsTroops(), real_data, tmp_path).frame
    got = {(s, y): v for s, y, v in frame.select("state", "year", "us_troops").iter_rows()}
    assert got == {k: sum(v) for k, v in by_hand.items()}


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    yield from csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode("utf-8")))


def test_every_base_of_the_list_is_kept(real_data: Path, tmp_path: Path) -> None:
    frame = load(UsBases(), real_data, tmp_path).frame
    assert len(frame) == 414
    assert frame.filter(pl.col("place") == "American Samoa")["state"].to_list() == [2]
    assert frame.select(pl.sum_horizontal("base", "lilypad", "funded_site") >= 1).to_series().all()
    assert frame.filter(pl.col("state") == 705).is_empty()


# signals ---------------------------------------------------------------------------------------


def test_signals_keep_every_cell_and_blank_what_is_not_coded(
    real_data: Path, tmp_path: Path
) -> None:
    path = real_data / "ties/military/mcmanus_nieman_major_power_signals_1950_2012.csv.gz"
    raw = [r for r in rows_of_latin(path) if r["ccode"] == "705"]
    frame = load(MajorPowerSignals(), real_data, tmp_path).frame.filter(pl.col("partner") == 705)
    assert len(frame) == 5 * len(raw)
    for power, code in (("us", 2), ("rus", 365), ("chi", 710)):
        ours = frame.filter(pl.col("state") == code).sort("year")
        for column, theirs in (
            ("visit", "vis"),
            ("arms_million_tiv", "arms"),
            ("troops", "troops"),
            ("defence_pact", "pact"),
        ):
            assert ours[f"signal_{column}"].to_list() == [int(r[f"{power}_{theirs}"]) for r in raw]
    coded = frame.filter(pl.col("signal_nuclear_weapons").is_not_null())["state"].unique().sort()
    assert coded.to_list() == [2, 200, 365]
    assert frame.filter(pl.col("signal_statements").is_not_null())["state"].unique().to_list() == [
        2
    ]


def rows_of_latin(path: Path) -> Iterator[dict[str, Any]]:
    yield from csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode("latin-1")))
