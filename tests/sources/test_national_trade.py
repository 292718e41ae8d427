"""National statistics of Uzbekistan, Kyrgyzstan, Kazakhstan and Armenia, against their own sums."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from multivector.errors import MultivectorError, SchemaError
from multivector.settings import Settings
from multivector.sources import (
    armenia_trade,
    kazakhstan_trade,
    kyrgyzstan_trade,
    uzbekistan_trade,
)
from multivector.sources.armenia_trade import ArmeniaTrade
from multivector.sources.kazakhstan_trade import KazakhstanTotals, KazakhstanTrade
from multivector.sources.kyrgyzstan_trade import KyrgyzstanTotals, KyrgyzstanTrade
from multivector.sources.uzbekistan_trade import UzbekistanTrade

FOLDER = "economy/national"


def cell(table: pl.DataFrame, partner: str, when: int | date, column: str) -> Any:
    time = "date" if isinstance(when, date) else "year"
    return table.filter(pl.col("partner") == partner, pl.col(time) == when)[column].item()


# Uzbekistan ------------------------------------------------------------------------------------

UZBEK = """\ufeffCode,Klassifikator,Klassifikator_ru,Klassifikator_en,2010,2023
398,Qozog'iston,Казахстан,Kazakhstan,886465.5,1417053.6
0,Boshqa,Другие страны,Other countries,10.5,0.0
736,Sudan,Судан,Sudan,,1.5
"""


def test_uzbekistan_by_number(tmp_path: Path) -> None:
    paths = [tmp_path / f"uzb_{flow}_by_country_x.csv" for flow in ("exports", "imports")]
    paths[0].write_text(UZBEK, encoding="utf-8")
    paths[1].write_text(UZBEK.replace("886465.5", "8e-05"), encoding="utf-8")
    table = UzbekistanTrade().read(uzbekistan_trade.TABLES, paths)
    assert set(table.select("partner", "year", "exports_kusd", "imports_kusd").rows()) == {
        ("KAZ", 2010, 886465.5, 8e-05),
        ("KAZ", 2023, 1417053.6, 1417053.6),
        ("QW", 2010, 10.5, 10.5),
        ("QW", 2023, 0.0, 0.0),  # a printed zero is a zero
        ("SDN", 2023, 1.5, 1.5),  # a blank is not there
    }


def test_uzbekistan_counts_services(real_data: Path) -> None:
    """The sums exceed what Uzbekistan reports to the IMF of goods, by the services."""
    paths = sorted((real_data / FOLDER).glob("uzb_*.csv"))
    table = UzbekistanTrade().read(uzbekistan_trade.TABLES, paths)
    raw = pl.read_csv(paths[0], infer_schema=False)
    for year in (2010, 2019, 2023):
        ours = table.filter(pl.col("year") == year)["exports_kusd"].sum()
        assert ours == pytest.approx(raw[str(year)].cast(pl.Float64).sum(), rel=1e-12)
    goods = 14_914.1  # million USD, IMF, Direction of Trade Statistics, UZB to World, 2019
    of_2019 = table.filter(pl.col("year") == 2019)["exports_kusd"].sum() / 1000
    assert 1.1 < of_2019 / goods < 1.3
    assert "services" in UzbekistanTrade.variables[0].label


# Kyrgyzstan ------------------------------------------------------------------------------------

KYRGYZ: list[tuple[Any, ...]] = [
    ("Бардыгы", "Всего", "Total", 107.5, 250),
    ("ЕС", "ЕС", "The EU", 7, "-"),
    ("Европа", "Европа", "Europe", "=SUM(D8:D9)", 1),
    ("Орусия", "Россия", "Russia", 100.5, 200),
    ("Бутан", "Бутан", "Butane", "-", 45),
    ("ЕБ", "Европейский союз (ЕС)", "European Union (EU)", 7, 0),
    ("Такталбаган өлкө", "Неопределенная страна", "Undefined country", "-", 5),
    (None, None, None, None, None),
    ("1 Алдын", "1 Предварительные данные", "1 Рreliminary data", None, None),
]


def kyrgyz(folder: Path, unit: str = "(thousand US dollars)", extra: Any = None) -> list[Path]:
    paths: list[Path] = []
    for number, flow in ((18, "exports"), (20, "imports")):
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        rows = [
            ("4.03", "4.03", f"4.03.00.{number}: Geographic distribution"),
            ("(миң)", "(тыс.)", unit),
            (None, None, None, 2022, "2023 1"),
            *KYRGYZ,
            *([extra] if extra else []),
        ]
        for row in rows:
            sheet.append(row)
        paths.append(folder / f"kgz_4.03.00.{number}_{flow}_by_country.xlsx")
        book.save(paths[-1])
    return paths


def test_kyrgyzstan_without_regions_and_unions(tmp_path: Path) -> None:
    kyrgyz(tmp_path)
    settings = Settings(data=tmp_path, cache=tmp_path / "c", offline=True)
    source, totals = KyrgyzstanTrade(), KyrgyzstanTotals()
    table = source.load(source.found(settings)).frame
    assert set(table.select("partner", "year", "exports_kusd").rows()) == {
        ("RUS", 2022, 100.5),
        ("RUS", 2023, 200.0),
        ("BTN", 2023, 45.0),  # "Butane" of the English column is Bhutan
        ("QV", 2022, 7.0),
        ("QV", 2023, 0.0),
        ("QW", 2023, 5.0),
    }
    world = totals.load(totals.found(settings)).frame
    assert world.rows() == [("KGZ", 2022, 107.5, 107.5), ("KGZ", 2023, 250.0, 250.0)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": "(million US dollars)"}, "unit in row 2"),
        ({"extra": ("x", "x", "Russia", 1, 2)}, "repeat a cell"),
        ({"extra": ("x", "x", "Chile", "many", 2)}, "A cell holds 'many'"),
        ({"extra": ("x", "x", "Atlantis", 1, 2)}, "Atlantis"),
    ],
)
def test_other_workbooks_are_refused(tmp_path: Path, change: Any, message: str) -> None:
    with pytest.raises(MultivectorError, match=message):
        KyrgyzstanTrade().read(kyrgyzstan_trade.BOOKS, kyrgyz(tmp_path, **change))


def test_kyrgyz_partners_add_up_to_the_total_but_for_gold(real_data: Path) -> None:
    paths = sorted((real_data / FOLDER).glob("kgz_*.xlsx"))
    table = KyrgyzstanTrade().read(kyrgyzstan_trade.BOOKS, paths)
    totals = KyrgyzstanTotals().read(kyrgyzstan_trade.BOOKS, paths)
    sums = table.group_by("year").agg(pl.col("exports_kusd", "imports_kusd").sum())
    both = sums.join(totals, on="year").sort("year")
    assert both["year"].to_list() == list(range(1994, 2024))
    left = dict(both.select("year", pl.col("exports_world_kusd") - pl.col("exports_kusd")).rows())
    assert left.pop(2021) == pytest.approx(1_105_454, abs=1)
    assert all(abs(value) < 5_000 for value in left.values())
    share = both.select(pl.col("imports_kusd") / pl.col("imports_world_kusd")).to_series()
    assert (share - 1).abs().max() < 5e-3


def test_australia_of_2023_is_a_defect(real_data: Path) -> None:
    source = KyrgyzstanTrade()
    found = source.found(Settings(data=real_data, cache=real_data / "none", offline=True))
    panel = source.load(found)
    assert cell(panel.frame, "AUS", 2023, "imports_kusd") == 5358.014
    assert cell(panel.frame, "ASM", 2023, "imports_kusd") == 4033.896
    sound = panel.sound("imports_kusd").frame
    assert cell(sound, "AUS", 2023, "imports_kusd") is None
    assert cell(sound, "NZL", 2023, "imports_kusd") == 1309.506
    assert cell(sound, "AUS", 2022, "imports_kusd") == 3350.858


# Kazakhstan ------------------------------------------------------------------------------------

KAZAKH = """REPORTER,PARTNER,PRODUCT,FLOW,STAT_PROCEDURE,PERIOD,VALUE_IN_EUR
Kazakhstan,Russia,TOTAL,IMPORT,NORMAL,Y2019,100.0
Kazakhstan,Russia,TOTAL,IMPORT,NORMAL,Y2023,100.0
Kazakhstan,World,TOTAL,IMPORT,NORMAL,Y2019,150.0
Kazakhstan,Eurasian Economic Union,TOTAL,IMPORT,NORMAL,Y2019,110.0
Kazakhstan,Rest of the world,TOTAL,IMPORT,NORMAL,Y2019,40.0
"""


def test_kazakhstan_back_to_dollars(tmp_path: Path) -> None:
    path = tmp_path / "kaz.csv"
    path.write_text(KAZAKH, encoding="utf-8")
    table = KazakhstanTrade().read(kazakhstan_trade.CONVERTED, [path]).sort("year")
    assert table["imports_usd"].to_list() == pytest.approx([112.0, 107.0], rel=1e-15)
    totals = KazakhstanTotals().read(kazakhstan_trade.CONVERTED, [path])
    assert totals["imports_world_usd"].to_list() == pytest.approx([168.0], rel=1e-15)
    path.write_text(KAZAKH.replace("Y2023", "Y2024"), encoding="utf-8")
    with pytest.raises(SchemaError, match="rate of its conversion is not known"):
        KazakhstanTrade().read(kazakhstan_trade.CONVERTED, [path])


def test_kazakhstan_agrees_with_its_report_to_the_imf(real_data: Path) -> None:
    path = real_data / FOLDER / "kaz_imports_by_partner_2019_2023_eur_converted.csv"
    table = KazakhstanTrade().read(kazakhstan_trade.CONVERTED, [path])
    totals = KazakhstanTotals().read(kazakhstan_trade.CONVERTED, [path])
    sums = table.group_by("year").agg(pl.col("imports_usd").sum()).join(totals, on="year")
    share = sums.select(pl.col("imports_usd") / pl.col("imports_world_usd")).to_series()
    assert share.min() > 0.99
    assert share.max() < 1
    for partner, imf in (("RUS", 14_065.1e6), ("CHN", 6_566.47e6)):  # DOTS, KAZ, 2019, CIF
        assert cell(table, partner, 2019, "imports_usd") == pytest.approx(imf, rel=0.05)


# Armenia ---------------------------------------------------------------------------------------

ARMENIAN = """country,year,month,export,import_origin,import_consignment,date
Russian Federation,2024,2,10.5,20,25,2024-02-01
Nagorno Karabagh,2021,12,5,0,0,2021-12-01
Nagorno-Karabakh,2022,1,6,0,0,2022-01-01
Saoma,2024,7,0.0,0.06293,0.0,2024-07-01
Korea, DPR of,2008,1,1,2,3,2008-01-01
""".replace("Korea, DPR of", '"Korea, DPR of"')


def test_armenia_by_month(tmp_path: Path) -> None:
    path = tmp_path / "arm.csv"
    path.write_text(ARMENIAN, encoding="utf-8")
    table = ArmeniaTrade().read(armenia_trade.MONTHLY, [path])
    assert table.sort("partner", "date").rows() == [
        ("ARM", "NKR", date(2021, 12, 1), 5.0, 0.0, 0.0),
        ("ARM", "NKR", date(2022, 1, 1), 6.0, 0.0, 0.0),
        ("ARM", "PRK", date(2008, 1, 1), 1.0, 2.0, 3.0),
        ("ARM", "RUS", date(2024, 2, 1), 10.5, 20.0, 25.0),
        ("ARM", "WSM", date(2024, 7, 1), 0.0, 0.06293, 0.0),
    ]


def test_armenia_origin_and_consignment_have_one_sum(real_data: Path) -> None:
    path = real_data / FOLDER / "arm_trade_by_country_monthly.csv.gz"
    table = ArmeniaTrade().read(armenia_trade.MONTHLY, [path])
    with gzip.open(path, "rt") as stream:
        exports = sum(float(row["export"]) for row in csv.DictReader(stream))
    assert table["exports_kusd"].sum() == pytest.approx(exports, rel=1e-12)
    sums = table.group_by("date").agg(
        pl.col("imports_origin_kusd", "imports_consignment_kusd").sum()
    )
    ratio = sums.select(
        pl.col("imports_origin_kusd") / pl.col("imports_consignment_kusd")
    ).to_series()
    assert len(sums) == 18 * 12
    assert (ratio - 1).abs().max() < 1e-3
