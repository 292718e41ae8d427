"""Validity checks: passed, failed and not run, against plain loops."""

from __future__ import annotations

import re
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

from .conftest import Book, shipped


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
    fed = [q for q in found.select(kind="convergent").quantities() if not q.known]
    assert len(fed) == 4
    for q in fed:
        assert "no data offline" in q.note
        assert "--data FOLDER" in q.note


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


def test_the_published_order_of_partners_is_set_against_plain_counts(
    run: Runner, book: Book
) -> None:
    """Order: the abstract of Yuneman (2023), doi:10.17323/1996-7845-2023-01-06.

    The twin leaves out the votes of emergency sessions that another table adds (30 or so).
    """
    published = {"CHN": 1, "RUS": 2, "TUR": 2, "DEU": 2, "USA": 3}
    same = {}
    for partner in published:
        pairs = [(v.get("KAZ"), v.get(partner)) for v in book.between(2007, 2022)]
        both = [(a, b) for a, b in pairs if a in (1, 2, 3) and b in (1, 2, 3)]
        same[partner] = sum(a == b for a, b in both) / len(both)
    rho = spearmanr([same[p] for p in published], [-r for r in published.values()]).statistic
    check = run(Validity()).at(check="order of Kazakhstan's partners by same votes, "
                               "against Yuneman (2023)")  # fmt: skip
    assert check.value == float(rho >= 0.5)
    assert f"ρ = {rho:.2f} over 5 partners" in check.note
    for partner, share in same.items():
        printed = re.search(rf"{partner} ([\d.]+)%", check.note)
        assert printed is not None
        assert float(printed[1]) == pytest.approx(100 * share, abs=0.3)


def test_dependence_is_set_against_the_published_index(full: Runner, real_data: Path) -> None:
    """Means over 2015-2020 of trade over GDP, and of the copy's own column, by plain loops."""
    years = (2015, 2020)
    found = full(Validity(AllDyads(years=years), years=years))
    raw = pl.read_csv(real_data / "economy" / "fbic_china_russia.csv", infer_schema=False)
    theirs: dict[tuple[str, int], float] = {}
    for state, year, value in raw.select("iso3", "year", "econd_rus").iter_rows():
        if value not in ("", "NA", None):
            theirs[state, int(year)] = float(value)
    trade: dict[tuple[str, int], float] = {}
    flows = full(find("sources", "baci")()).sound("exports_kusd").frame
    for a, b, year, value in flows.select("state", "partner", "year", "exports_kusd").iter_rows():
        if "RUS" in (a, b):
            key = (a if b == "RUS" else b, year)
            trade[key] = trade.get(key, 0) + (np.nan if value is None else value)
    output = full(find("sources", "world_bank_gdp")()).frame.select("state", "year", "gdp_usd")
    gdp = {(s, y): v for s, y, v in output.drop_nulls().iter_rows() if v > 0}
    pairs: dict[str, list[tuple[float, float]]] = {}
    for key in set(theirs) & set(trade) & set(gdp):
        if years[0] <= key[1] <= years[1] and np.isfinite(trade[key]):
            pairs.setdefault(key[0], []).append((trade[key] / gdp[key], theirs[key]))
    a, b = np.array([np.mean(v, axis=0) for v in pairs.values()]).T
    rho = float(spearmanr(a, b).statistic)
    note = found.at(check="trade with Russia over GDP, against FBIC").note
    assert f"ρ = {rho:.2f} over {len(pairs)} states" in note


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
