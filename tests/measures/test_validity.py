"""Validity checks: passed, failed and not run, against plain loops."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import spearmanr

from multivector.errors import SchemaError
from multivector.estimate import Estimate
from multivector.measures.mechanisms import effective_partners
from multivector.measures.validity import Validity, spearman
from multivector.panels.dyads import AllDyads
from multivector.registry import find
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.sources.csis_alignment import CsisAlignment
from multivector.step import Inputs, Step

from .conftest import shipped


@dataclass(frozen=True)
class Share(Step[Estimate]):
    """A constant share of trade with Russia."""

    focal: str = "KAZ"
    share: float = 0.5

    def compute(self, get: Inputs) -> Estimate:
        cells = pl.DataFrame({"state": [self.focal], "partner": ["RUS"], "year": [2015]})
        return Estimate(cells, np.array([[self.share]]), "Share", "share 0–1")


@dataclass(frozen=True)
class Percentiles(Step[Estimate]):
    """Percentiles of members on the war."""

    values: tuple[float, ...] = field(default=(40.0, 95.0))

    def compute(self, get: Inputs) -> Estimate:
        cells = pl.DataFrame({"state": ["FRA", "DEU"][: len(self.values)]})
        return Estimate(cells, np.array(self.values)[:, None], "Percentile", "percentile")


def test_the_checks_of_the_casebook_are_those_of_plain_figures(run: Runner) -> None:
    found = run(Validity())
    near = effective_partners(run(find("sources", "baci")()), (2010, 2020))
    gdp = shipped("world_bank_gdp").filter(pl.col("year").is_between(2010, 2020))
    a, b = [], []
    for (state,), part in near.group_by("state"):
        own = gdp.filter(pl.col("state") == state)["gdp_usd"].drop_nulls()
        if len(own):
            a.append(part["partners"].to_numpy().mean())
            b.append(own.to_numpy().mean())
    rho = float(spearmanr(a, b).statistic)
    check = found.at(check="effective partners, against GDP")
    assert f"ρ = {rho:.2f} over {len(a)} states" in check.note
    assert check.value == float(abs(rho) < 0.7)
    groups = found.select(kind="known groups")
    assert [q.value for q in groups.quantities()] == [1, 1]
    assert not found.select(kind="convergent").quantities()[0].known


def test_a_check_can_fail(run: Runner) -> None:
    shares = tuple(Share(s, x) for s, x in (("KAZ", 0.5), ("BLR", 0.4), ("ARM", 0.6)))
    found = run(Validity(shares=shares, percentiles=Percentiles()))
    groups = [q.value for q in found.select(kind="known groups").quantities()]
    assert groups == [0, 1]
    face = found.select(kind="face").quantities()[0]
    assert (face.value, "in the top decile: DEU" in face.note) == (0, True)


def test_the_series_of_others_agrees(full: Runner) -> None:
    similar = AllDyads(years=(2018, 2020))
    found = full(Validity(similar, convergent=CsisAlignment(), years=(2018, 2020)))
    assert found.select(kind="convergent").quantities()[0].value == 1


def test_the_series_of_others_is_read_as_it_lies(full: Runner, tmp_path: Path) -> None:
    frame = full(CsisAlignment()).frame
    row = frame.filter(pl.col("state") == "AFG", pl.col("year") == 1990)
    gap = row["alignment_us"].item() - row["alignment_china"].item()
    assert row["us_minus_china"].item() == pytest.approx(gap)
    (tmp_path / "csis_alignment_country_year_1990_2024.csv").write_text("a,b\n1,2\n", "utf-8")
    settings = Settings(data=tmp_path, cache=tmp_path / "cache", offline=True)
    with pytest.raises(SchemaError, match="no column"):
        CsisAlignment().load(CsisAlignment().found(settings))


def test_ranks_with_ties_are_those_of_another_package() -> None:
    a, b = np.array([1.0, 2, 2, 5, 4]), np.array([2.0, 1, 3, 3, 9])
    assert spearman(a, b) == pytest.approx(spearmanr(a, b).statistic)
