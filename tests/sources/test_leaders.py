"""Leaders: open spells stay open, ends are months in REIGN, codes that stand for nothing."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from multivector.settings import Settings
from multivector.source import Source
from multivector.sources.leaders import Archigos, ReignLeaders

HERE = Path(__file__).parent / "data" / "leaders"
KAZ, KGZ = 705, 703


def load(source: Source, folder: Path | None, tmp_path: Path) -> pl.DataFrame:
    settings = Settings(data=folder, cache=tmp_path, offline=True)
    return source.load(source.found(settings)).frame


def test_kazakhstan_has_had_two(tmp_path: Path) -> None:
    frame = load(ReignLeaders(), None, tmp_path).filter(state=KAZ).sort("began")
    assert frame.select("leader", "began", "ended").rows() == [
        ("Nazarbaev", "1990-04-24", "2019-03"),  # first elected President by the Supreme Soviet
        ("Tokayev", "2019-03-20", None),  # sworn in the day after the resignation
    ]


def test_the_record_ends_and_the_spell_does_not(tmp_path: Path) -> None:
    frame = load(Archigos(layout="tab-separated"), HERE, tmp_path).sort("began")
    assert frame.select("leader", "ended", "born").rows() == [
        ("Nazarbayev", None, 1940),  # "Still in Office" on 31 December 2015
        ("Bakiyev", "2010-04-15", None),  # -999 is not a year of birth
    ]


def test_real_lists(real_data: Path, tmp_path: Path) -> None:
    reign = load(ReignLeaders(), real_data, tmp_path)
    assert len(reign) == 2524
    assert reign["gender"].drop_nulls().is_in([0, 1]).all()
    assert (reign["born"].drop_nulls() > 1800).all()
    assert reign.filter(pl.col("ended") < pl.col("began").str.slice(0, 7)).height <= 2
    archigos = load(Archigos(), real_data, tmp_path)
    assert archigos.filter(pl.col("ended").is_null())["exit"].unique().to_list() == [
        "Still in Office"
    ]
    assert (archigos["born"].drop_nulls() > 1700).all()


@pytest.mark.parametrize(
    ("cow", "gw"), [(KGZ, KGZ), (702, 702), (365, 365), (200, 200), (255, 260)]
)
def test_two_producers_agree_on_first_days_since_1991(
    real_data: Path, tmp_path: Path, cow: int, gw: int
) -> None:
    """Spells begun from 1992 to 2015 of two lists made by different people."""
    theirs = load(Archigos(), real_data, tmp_path).filter(state=gw)
    ours = load(ReignLeaders(), real_data, tmp_path).filter(state=cow)
    days = [
        set(f.filter(pl.col("began").is_between(pl.lit("1992"), pl.lit("2015")))["began"])
        for f in (theirs, ours)
    ]
    if cow == 365:  # Archigos has Medvedev for 2008 to 2012; REIGN has Putin throughout
        days[0] -= {"2008-05-07", "2008-05-08", "2012-05-07", "2000-01-01", "1999-12-31"}
        days[1] -= {"2000-01-01", "1999-12-31"}
    if cow == KGZ:  # Bakiyev: from the flight of his predecessor, or from the latter's resignation
        days[0] -= {"2005-03-25"}
        days[1] -= {"2005-04-11"}
    assert days[0] == days[1]
