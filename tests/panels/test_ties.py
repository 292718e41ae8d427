"""Ties: every indicator and partner has a row; what is not known says why; no file is no error."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from multivector.errors import InputError, MultivectorError
from multivector.measures.geography import LandBorder
from multivector.measures.institutions import SharedIgos
from multivector.measures.trade import PartnerShare
from multivector.panels.ties import Indicator, Ties
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.study import Study, about

PARTNERS = ("RUS", "CHN", "USA", "TUR")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(Settings(cache=tmp_path_factory.mktemp("ties"), offline=True))


@pytest.fixture(scope="module")
def ties(run: Runner) -> pl.DataFrame:
    return run(Ties(focal="KAZ", partners=PARTNERS, year=2014)).frame


def test_every_domain_has_a_row_for_every_partner(ties: pl.DataFrame) -> None:
    assert set(ties["domain"]) == {
        "trade", "votes", "security", "institutions", "diplomacy", "people", "geography",
    }  # fmt: skip
    rows = ties.group_by("domain", "indicator").agg(pl.col("partner").sort())
    assert all(set(p) == set(PARTNERS) for p in rows["partner"])
    known = ties.drop_nulls("value")
    assert set(known["domain"]) == set(ties["domain"])
    assert (known["source"].str.len_chars() > 20).all()
    assert ties.filter(pl.col("value").is_null(), pl.col("note").is_null()).is_empty()


def test_values_are_those_of_the_measures(run: Runner, ties: pl.DataFrame) -> None:
    share = run(PartnerShare(focal="KAZ", partners=PARTNERS, years=(2014, 2014), flow="imports"))
    for partner in PARTNERS:
        row = ties.filter(indicator="Share in imports", partner=partner).row(0, named=True)
        assert row["value"] == share.at(partner=partner).value
        assert row["unit"] == "share 0–1"
    border = ties.filter(indicator="Land border").select("partner", "value")
    assert dict(border.iter_rows()) == {"RUS": 7644, "CHN": 1765, "USA": 0, "TUR": 0}


def test_no_file_is_said_and_a_file_is_read(
    run: Runner, real_data: Path, tmp_path: Path, ties: pl.DataFrame
) -> None:
    row = ties.filter(indicator="Organisations of COW's list", partner="RUS").row(0, named=True)
    assert row["value"] is None
    assert "No file of COW intergovernmental organisations" in row["note"]
    asked = SharedIgos(focal="KAZ", partners=("RUS",), years=(2014, 2014), which="distinctive")
    one = Indicator(asked, "institutions", "Shared")
    full = Runner(Settings(data=real_data, cache=tmp_path, offline=True))
    step = Ties(focal="KAZ", partners=("RUS",), year=2014, indicators=(one,))
    assert full.fingerprint(step) != run.fingerprint(step)
    assert full(step).frame["value"].item() == full(asked).at().value
    assert run(step).frame["value"].item() is None


def test_a_fault_of_the_program_is_no_missing_value(
    run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(LandBorder, "compute", broken)
    one = Indicator(LandBorder(focal="KAZ", partners=("KGZ",)), "geography", "Border")
    with pytest.raises(ZeroDivisionError):
        run(Ties(focal="KAZ", partners=("KGZ",), year=2001, indicators=(one,)))


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"focal": "EU"}, "is a group"),
        ({"year": 1985}, "Kazakhstan did not exist in 1985"),
        ({"partners": ("KAZ",)}, "its own partner"),
        ({"partners": ()}, "No partner is named"),
        ({"partners": ("EU27_2020", "DEU")}, "DEU"),
        ({"partners": ("Корея",)}, "Candidates: KOR"),
    ],
)
def test_what_cannot_be_asked_is_refused(choices: dict[str, object], message: str) -> None:
    with pytest.raises((InputError, MultivectorError), match=message):
        Ties(**{"focal": "KAZ", "partners": ("RUS",), "year": 2014, **choices})  # type: ignore[arg-type]


def test_blocs_keep_their_trade_and_votes(run: Runner) -> None:
    frame = run(Ties(focal="KAZ", partners=("EU27_2020",), year=2014)).frame
    held = dict(frame.select("indicator", "value").iter_rows())
    assert held["Share in exports"] > 0.4
    assert held["Land border"] is None


def test_ties_travel_in_a_study_file() -> None:
    step = Ties(focal="KAZ", partners=("RUS",), year=2014)
    study = about("KAZ").with_steps({"ties": step})
    assert Study.from_toml(study.to_toml()).steps["ties"] == step
