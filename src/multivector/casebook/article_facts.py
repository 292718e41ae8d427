"""Small tables by hand that answer claims of an article."""

from __future__ import annotations

import polars as pl

from multivector.extract import Extract
from multivector.variable import Coverage, span

VINTAGE = "table compiled by hand, as of 2025"
ATTRIBUTION = "Table by the multivector authors; what each row rests on is said beside it."
CENSUSES = Coverage((2009, 2021), ("KAZ",))
STATED = Coverage(span(2020, 2023), ("KAZ",), sides="either")
INVESTED = Coverage((2020, 2021, 2022))


def _table(name: str, coverage: Coverage) -> Extract:
    return Extract(name, "own table", VINTAGE, coverage, _all, ATTRIBUTION)


def _all(frame: pl.DataFrame) -> pl.DataFrame:
    return frame


CHRONOLOGY = _table("chronology", Coverage())
BIOGRAPHIES = _table("biographies", Coverage())
CENSUS = _table("census", CENSUSES)
STATED_TRADE = _table("stated_trade", STATED)
CHINESE_INVESTMENT = _table("chinese_investment", INVESTED)
HEAD_TRIPS = _table("head_trips", Coverage())
