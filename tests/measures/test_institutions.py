"""Shared organisations against counts made otherwise; the rule for universal bodies."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from multivector.errors import MultivectorError, OutOfCoverage
from multivector.estimate import Estimate
from multivector.measures.institutions import SharedGroups, SharedIgos, TradeAgreementCount
from multivector.runner import Runner
from multivector.settings import Settings

SOURCES = Path(__file__).parents[1] / "sources" / "data"


def value(estimate: Estimate, **where: object) -> float | None:
    return estimate.at(**where).value


@pytest.fixture
def toy(tmp_path: Path) -> Runner:
    return Runner(Settings(data=SOURCES / "igos", cache=tmp_path, offline=True))


def test_distinctive_leaves_out_universal_bodies(toy: Runner) -> None:
    """Six states: all are in the UN, three in the CIS (half of six), two in NAFTA."""
    chosen = {"focal": "KAZ", "partners": ("RUS", "CHN"), "years": (2014, 2014)}
    every = toy(SharedIgos(**chosen))  # type: ignore[arg-type]
    assert [value(every, partner=p) for p in ("RUS", "CHN")] == [2, 1]
    assert set(every.cells["note"]) == {"1 organisations not known"}
    some = toy(SharedIgos(**chosen, which="distinctive", universal=0.6))  # type: ignore[arg-type]
    assert [value(some, partner=p) for p in ("RUS", "CHN")] == [1, 0]
    none = toy(SharedIgos(**chosen, which="distinctive"))  # type: ignore[arg-type]
    assert [value(none, partner=p) for p in ("RUS", "CHN")] == [0, 0]


def test_shared_igos_agree_with_the_dyadic_count(full: Runner, real_data: Path) -> None:
    """COW's own dyadic table, counted by peacesciencer."""
    theirs = pl.read_parquet(real_data / "ties/igo/cow_igo_ndy.parquet")
    found = full(SharedIgos(focal="KAZ", partners=("RUS", "CHN", "USA", "UZB"), years=(1991, 2014)))
    numbers = {"RUS": (365, 705), "CHN": (705, 710), "USA": (2, 705), "UZB": (704, 705)}
    for partner, (a, b) in numbers.items():
        for year, count in theirs.filter(ccode1=a, ccode2=b).select("year", "dyadigos").iter_rows():
            assert value(found, partner=partner, year=year) == count, (partner, year)


def test_record_ends_in_2014(full: Runner) -> None:
    with pytest.raises(OutOfCoverage, match="missing, not zero"):
        full(SharedIgos(focal="KAZ", partners=("RUS",), years=(2010, 2020)))


def test_symmetry(full: Runner) -> None:
    there = full(SharedIgos(focal="KAZ", partners=("RUS",), years=(2000, 2004)))
    back = full(SharedIgos(focal="RUS", partners=("KAZ",), years=(2000, 2004)))
    assert there.draws.tolist() == back.draws.tolist()


def test_choices_that_make_no_sense() -> None:
    with pytest.raises(MultivectorError, match="states only"):
        SharedIgos(focal="KAZ", partners=("EU",))
    with pytest.raises(MultivectorError, match="no share"):
        SharedIgos(focal="KAZ", partners=("RUS",), universal=1.5)
    with pytest.raises(MultivectorError, match="mid-2025"):
        SharedGroups(focal="KAZ", partners=("RUS",), years=(2000, 2030))


def test_groups_name_what_is_shared(run: Runner) -> None:
    found = run(SharedGroups(focal="KAZ", partners=("RUS", "UZB", "USA", "TUR")))
    row = found.cells.with_columns(pl.Series("value", found.draws[:, 0]))
    note = {(p, y): n for p, y, n in row.select("partner", "year", "note").iter_rows()}
    assert note["RUS", 2020].split() == ["CICA", "CIS", "CSTO", "EAEU", "OSCE", "SCO"]
    assert note["UZB", 2011].split() == ["CICA", "CIS", "CSTO", "OSCE", "SCO"]
    assert "CSTO" not in note["UZB", 2013].split()  # out since December 2012
    assert note["USA", 2020].split() == ["OSCE"]
    assert value(found, partner="TUR", year=2020) == 3  # CICA, OSCE, OTS


def test_all_groups_add_the_universal_ones(run: Runner) -> None:
    some = run(SharedGroups(focal="KAZ", partners=("RUS",), years=(2020, 2020)))
    every = run(SharedGroups(focal="KAZ", partners=("RUS",), years=(2020, 2020), which="all"))
    extra = set(every.cells["note"].item().split()) - set(some.cells["note"].item().split())
    assert extra == {"UN", "WTO"}


def test_agreements_by_stage(full: Runner, real_data: Path) -> None:
    """Twin: entries of the list with both numbers among c1 to c91, read plainly."""
    plain = pl.read_csv(
        real_data / "ties/treaties/desta_trade_agreements.csv.gz",
        separator=";",
        infer_schema=False,
        null_values=["NA"],
    )
    found = full(TradeAgreementCount(focal="KAZ", partners=("RUS", "CHN", "VNM", "KGZ")))
    numbers = {"RUS": "643", "CHN": "156", "VNM": "704", "KGZ": "417"}
    for partner, number in numbers.items():
        bases: dict[str, int] = {}
        for row in plain.iter_rows(named=True):
            parties = {v for k, v in row.items() if k[0] == "c" and k[1:].isdigit()}
            dated = row["entryforceyear"] is not None
            kind = row["entry_type"] in ("base_treaty", "accession")
            if {"398", number} <= parties and kind and dated:
                year = int(row["entryforceyear"])
                bases[row["base_treaty"]] = min(year, bases.get(row["base_treaty"], year))
        for year in (1995, 2005, 2015, 2020):
            count = sum(y <= year for y in bases.values())
            assert value(found, partner=partner, year=year) == count, (partner, year)
    assert value(found, partner="CHN", year=2020) == 0
    assert value(found, partner="VNM", year=2016) == 1
    with pytest.raises(OutOfCoverage, match="2020"):
        full(TradeAgreementCount(focal="KAZ", partners=("RUS",), years=(2015, 2023)))
