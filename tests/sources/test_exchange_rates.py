"""ECB rates: the shipped table, the ECB's own file, and which comes first."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from multivector.errors import Unavailable
from multivector.settings import Settings
from multivector.sources._own_table import TABLE
from multivector.sources.exchange_rates import ECB, ExchangeRates

HERE = Path(__file__).parent / "data" / "exchange_rates" / "EXR.A.USD.EUR.SP00.A.csv"
UNROUNDED = {  # annual averages of the ECB (2010–2016) and of the IMF's ER (2016–2024)
    **{2010: 1.325716666666667, 2011: 1.391955252918288, 2012: 1.284788671875001},
    **{2013: 1.328118039215687, 2014: 1.328500784313724, 2015: 1.109512890624999},
    **{2016: 1.1069031128405, 2017: 1.1296811764706, 2018: 1.1809545098039},
    **{2019: 1.1194745098039, 2020: 1.1421961089494, 2021: 1.1827403100775},
    **{2022: 1.0530486381323, 2023: 1.081268627451, 2024: 1.08238046875},
}


def load(settings: Settings, layout: str = "") -> tuple[str, pl.DataFrame]:
    source = ExchangeRates(layout=layout)
    found = source.found(settings)
    return found.layout, source.load(found).frame


def test_shipped_table_is_the_rounded_average(tmp_path: Path) -> None:
    layout, table = load(Settings(cache=tmp_path, offline=True))
    assert layout == TABLE
    rates = dict(table.rows())
    assert list(rates) == list(range(1999, 2025))
    assert {year: round(rate, 4) for year, rate in UNROUNDED.items()} == {
        year: rates[year] for year in UNROUNDED
    }
    assert ExchangeRates().check_facts(table, layout) == 4


def test_the_banks_own_file_comes_first(tmp_path: Path) -> None:
    (tmp_path / HERE.name).write_bytes(HERE.read_bytes())
    settings = Settings(data=tmp_path, cache=tmp_path / "cache", offline=True)
    layout, table = load(settings)
    assert layout == ECB
    assert table.rows()[0] == (2012, 1.284788671875001)
    assert ExchangeRates().check_facts(table, layout) == 4
    assert load(settings, TABLE)[0] == TABLE


def test_a_layout_that_is_not_here_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        load(Settings(cache=tmp_path, offline=True), ECB)
