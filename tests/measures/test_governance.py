"""Tenure of leaders against the calendar; V-Dem's indices and their bounds; ends of series."""

from __future__ import annotations

from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from multivector.errors import MultivectorError, OutOfCoverage, Unavailable
from multivector.measures.governance import (
    DemocracyComponent,
    DemocracyIndex,
    LeaderTenure,
    split_normal,
)
from multivector.runner import Runner
from multivector.settings import Settings


def shipped(name: str) -> pl.DataFrame:
    with as_file(files("multivector").joinpath("casebook", f"{name}.parquet")) as path:
        return pl.read_parquet(path)


def test_tenure_counts_from_the_first_day(run: Runner) -> None:
    found = run(LeaderTenure(focal="KAZ"))
    last = found.at(year=2018)
    assert last.value == pytest.approx((date(2018, 12, 31) - date(1990, 4, 24)).days / 365.25)
    assert last.note == "Nazarbaev, since 1990-04-24"
    assert found.at(year=2019).note.startswith("Tokayev")
    assert found.at(year=1990).value is None  # no state yet


def test_the_last_to_begin_leads_on_31_december(run: Runner) -> None:
    notes = {y: run(LeaderTenure(focal="KGZ")).at(year=y).note for y in (2005, 2010, 2017, 2020)}
    assert {y: n.split(",")[0] for y, n in notes.items()} == {
        2005: "Bakiyev",
        2010: "Otunbayeva",
        2017: "Sooronbay Jeenbekov",
        2020: "Talant Mamytov",
    }
    russia = run(LeaderTenure(focal="RUS", years=(1999, 2000)))
    assert russia.at(year=1999).note.startswith("Yeltsin")  # resigned on 31 December 1999
    assert russia.at(year=2000).note.startswith("Putin")


def test_after_the_list_nothing_is_known(run: Runner) -> None:
    with pytest.raises(OutOfCoverage, match="2020"):
        run(LeaderTenure(focal="KAZ", years=(2018, 2023)))
    with pytest.raises(MultivectorError, match="is a group"):
        LeaderTenure(focal="EU")


def test_index_of_democracy_is_vdems(run: Runner) -> None:
    found = run(DemocracyIndex(states=("KAZ", "TKM"), years=(2020, 2024)))
    shipped_row = shipped("vdem").filter(pl.col("state") == "KAZ", pl.col("year") == 2024)
    cell = found.at(state="KAZ", year=2024)
    assert cell.value == shipped_row["polyarchy"].item()
    assert cell.low is not None
    assert cell.high is not None
    # wider than the published bounds of one standard deviation: 90 against 68 per cent
    assert cell.low < shipped_row["polyarchy_low"].item() < cell.value
    assert cell.value < shipped_row["polyarchy_high"].item() < cell.high
    assert f"{shipped_row['polyarchy_low'].item():.3f}" in cell.note


def test_draws_have_vdems_bounds_as_quantiles() -> None:
    """68.27 per cent of a normal lie within one standard deviation."""
    rows = np.array([[0.3, 0.25, 0.40], [np.nan, np.nan, np.nan]])
    drawn = split_normal(rows, 20_000, seed=3)
    assert np.quantile(drawn[0], [0.1587, 0.5, 0.8413]) == pytest.approx(
        rows[0, [1, 0, 2]], abs=4e-3
    )
    assert np.isnan(drawn[1]).all()


def test_components_need_vdems_file(run: Runner, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="V-Dem-CY-Core"):
        run(DemocracyComponent(component="media"))
    folder = Path(__file__).parents[1] / "sources" / "data" / "vdem"
    own = Runner(Settings(data=folder, cache=tmp_path, offline=True))
    found = own(DemocracyComponent(component="parties", years=(2024, 2024)))
    assert found.at(state="KAZ").value == pytest.approx(0.36)
    assert "Party" in found.label


def test_states_and_years_without_index_are_no_data(run: Runner) -> None:
    found = run(DemocracyIndex(states=("USA", "LIE"), years=(2020, 2020)))
    assert found.at(state="LIE").value is None
    with pytest.raises(OutOfCoverage):
        run(DemocracyIndex(years=(2020, 2026)))
