"""Visa regimes (two codings) and trade agreements (stages, separators, numbers for states)."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from multivector.errors import MultivectorError
from multivector.settings import Settings
from multivector.source import Source
from multivector.sources.trade_agreements import TradeAgreements
from multivector.sources.visa import ELECTRONIC, FREE, ON_ARRIVAL, REQUIRED, VisaRegimes

HERE = Path(__file__).parent / "data"


def load(source: Source, folder: Path, tmp_path: Path) -> pl.DataFrame:
    return source.load(source.found(Settings(data=folder, cache=tmp_path, offline=True))).frame


# visa ------------------------------------------------------------------------------------------


def test_a_number_is_a_code_in_2019_and_days_later() -> None:
    files = [HERE / f"visa/passport_index_{d}.csv" for d in ("2019-11-23", "2021-01-25")]
    frame = VisaRegimes().read("all releases", files)
    rows = {(a, b, d.year): (r, n) for a, b, d, r, n in frame.iter_rows()}
    assert rows["KAZ", "RUS", 2019] == (FREE, None)  # 3 is a code, not three days
    assert rows["KAZ", "RUS", 2021] == (FREE, 90)
    assert rows["KAZ", "USA", 2019] == (REQUIRED, None)
    assert rows["USA", "KAZ", 2021] == (FREE, 30)  # the two directions differ
    assert rows["KAZ", "IND", 2021] == (ELECTRONIC, None)
    assert not any(a == b for a, b, _ in rows)


def test_a_release_needs_its_date_and_known_words(tmp_path: Path) -> None:
    path = tmp_path / "passport-index-tidy-iso3.csv"
    path.write_text("Passport,Destination,Requirement\nKAZ,RUS,90\n")
    with pytest.raises(MultivectorError, match="no date in its name"):
        VisaRegimes().read("one release", [path])
    path = tmp_path / "passport_index_2027-01-01.csv"
    path.write_text("Passport,Destination,Requirement\nKAZ,RUS,telepathy\n")
    with pytest.raises(MultivectorError, match="unknown meaning"):
        VisaRegimes().read("one release", [path])


def test_real_releases(real_data: Path, tmp_path: Path) -> None:
    frame = load(VisaRegimes(), real_data, tmp_path)
    size = frame.group_by("date").len().sort("date")
    assert size["len"].to_list() == [199 * 198] * 7
    china = frame.filter(state="KAZ", partner="CHN").sort("date")
    # mutual exemption of 30 days, in force since 10 November 2023
    assert china["regime"].to_list()[3:5] == [REQUIRED, FREE]
    assert china["days"].to_list()[4] == 30


def test_what_the_codes_of_2019_mean(real_data: Path) -> None:
    """The publisher does not explain them beside the file: compare with the words of 2021."""
    folder = real_data / "ties/diplomacy/visa"
    read = VisaRegimes().read
    old = read("all releases", [folder / "passport_index_2019-11-23.csv.gz"])
    new = read("all releases", [folder / "passport_index_2021-01-25.csv.gz"])
    both = old.join(new, on=["state", "partner"], suffix="_new").filter(pl.col("regime_new") < 4)
    for code in (REQUIRED, ELECTRONIC, ON_ARRIVAL, FREE):
        later = both.filter(pl.col("regime") == code)["regime_new"]
        assert (later == code).sum() > 0.65 * len(later), code  # two years and a pandemic apart


# agreements ------------------------------------------------------------------------------------


def test_parties_by_stage(tmp_path: Path) -> None:
    frame = load(
        TradeAgreements(layout="list of treaties"), HERE / "trade_agreements", tmp_path
    ).sort("agreement", "state")
    rows = {(a, s): (e, y, f) for a, s, _, _, e, y, f in frame.iter_rows()}
    assert rows["1040", "KAZ"] == (1, 2014, 2015)
    assert rows["1040+1", "KGZ"] == (2, 2014, None)  # no year is not "never"
    assert rows["999", "CHN"] == (6, None, None)
    assert rows["77", "XKX"] == (1, 2013, 2014)


def test_comma_separated_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "desta_list_of_treaties.csv"
    path.write_text("number,base_treaty,name,entry_type,year,c1\n1,1,A,base_treaty,2014,398\n")
    with pytest.raises(MultivectorError, match="no column number"):
        TradeAgreements().read("list of treaties", [path])


def test_treaties_of_kazakhstan(real_data: Path, tmp_path: Path) -> None:
    frame = load(TradeAgreements(), real_data, tmp_path)
    kaz = frame.filter(pl.col("state") == "KAZ")
    union = frame.filter(agreement="1040")
    assert sorted(union["state"]) == ["BLR", "KAZ", "RUS"]
    assert union["signed"].unique().to_list() == [2014]  # Astana, 29 May 2014
    assert union["in_force"].unique().to_list() == [2015]
    vietnam = frame.filter(agreement="915")
    assert {"VNM", "KAZ", "RUS", "BLR"} <= set(vietnam["state"])
    assert vietnam["in_force"][0] == 2016  # 5 October 2016
    assert kaz.filter(entry=6)["signed"].null_count() == len(kaz.filter(entry=6)) == 2
    assert frame["signed"].max() == 2020
