"""Eurostat: labels in two languages, constant membership, sums equal Eurostat's own totals."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import polars as pl
import pytest

from multivector import states
from multivector.errors import SchemaError, UnknownName
from multivector.settings import Settings
from multivector.sources.eurostat import COMEXT, LONG, EurostatExports

HERE = Path(__file__).parent / "data" / "eurostat"
ORIGINALS = "economy/eurostat/eu27_exports_by_partner_2010_2023_originals.zip"
JOINED = "economy/eurostat/eu27_exports_by_partner_2010_2023.csv.gz"
AREAS = {"QP", "QS", "QW", "QZ", "XC", "XL"}


def archive(folder: Path, **changed: tuple[str, str]) -> Path:
    path = folder / "view.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name in ("english", "french"):
            text = (HERE / f"{name}.csv").read_text(encoding="utf-8")
            made.writestr(f"{name}.csv", text.replace(*changed.get(name, ("", ""))))
    return path


def test_labels_of_both_languages(tmp_path: Path) -> None:
    table = EurostatExports().read(COMEXT, [archive(tmp_path)]).sort("year", "partner")
    assert table.rows() == [
        ("EU27_2020", "GIN", 2016, 901.0),
        ("EU27_2020", "GNB", 2016, 125.0),
        ("EU27_2020", "QS", 2016, 13223.0),
        ("EU27_2020", "RUS", 2016, 69284.0),
        ("EU27_2020", "KAZ", 2019, 5937.0),
        ("EU27_2020", "USA", 2019, 384370.0),
        ("EU27_2020", "XC", 2019, 7.0),
    ]


@pytest.mark.parametrize(
    "change", [("2-EXPORT", "1-IMPORT"), ("HR, HU", "HU"), ("Jan.-Dec.", "Jan.-Aug.")]
)
def test_other_flow_members_or_period_is_refused(tmp_path: Path, change: tuple[str, str]) -> None:
    with pytest.raises(SchemaError, match="no yearly exports of the 27"):
        EurostatExports().read(COMEXT, [archive(tmp_path, english=change)])


def test_unknown_partner_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="Atlantis"):
        EurostatExports().read(COMEXT, [archive(tmp_path, english=('"Kazakhstan"', '"Atlantis"'))])


@pytest.fixture(scope="module")
def real(real_data: Path) -> pl.DataFrame:
    return EurostatExports().read(COMEXT, [real_data / ORIGINALS])


def casebook(folder: Path) -> pl.DataFrame:
    source = EurostatExports(layout="casebook")
    return source.load(source.found(Settings(cache=folder, offline=True))).frame


def test_facts_on_the_casebook(tmp_path: Path) -> None:
    assert EurostatExports().check_facts(casebook(tmp_path), "casebook") == 3


def test_facts_on_the_real_file_which_is_the_casebook(real: pl.DataFrame, tmp_path: Path) -> None:
    assert EurostatExports().check_facts(real, COMEXT) == 3
    assert casebook(tmp_path).equals(real.sort("state", "partner", "year"))


def test_partners_add_up_to_the_totals_that_eurostat_prints(
    real: pl.DataFrame, real_data: Path
) -> None:
    """Every year that prints "Extra-EU27 (from 2020)", 2016 in French among them, to the euro."""
    printed: dict[int, float] = {}
    with zipfile.ZipFile(real_data / ORIGINALS) as made:
        for member in made.namelist():
            for row in csv.DictReader(io.StringIO(made.read(member).decode("utf-8-sig"))):
                if row["PARTNER"].startswith("Extra-"):
                    printed[int(row["PERIOD"][-4:])] = float(row["VALUE_IN_EUR"])
    assert sorted(printed) == list(range(2010, 2019))
    sums = dict(real.group_by("year").agg(pl.col("exports_eur").sum()).iter_rows())
    assert {year: sums[year] for year in printed} == printed


def test_partners_are_states_outside_the_union_or_declared_areas(real: pl.DataFrame) -> None:
    partners = set(real["partner"])
    assert partners & AREAS == AREAS
    assert partners - AREAS <= set(states.all_states(territories=True)) | {"ANT"}
    assert not partners & set(states.members("EU27_2020", 2020))
    assert set(real["year"]) == set(range(2010, 2024))


def test_both_layouts_agree(real: pl.DataFrame, real_data: Path) -> None:
    long = EurostatExports().read(LONG, [real_data / JOINED])
    assert long.sort("partner", "year").equals(real.sort("partner", "year"))
