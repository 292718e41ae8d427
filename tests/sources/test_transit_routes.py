"""Own table of oil routes: one row a state crossed, sums within the total, sources given."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from multivector.panel import Panel
from multivector.settings import Settings
from multivector.sources.transit_routes import OilExports, TransitRoutes


@pytest.fixture
def routes(tmp_path: Path) -> Panel:
    source = TransitRoutes()
    return source.load(source.found(Settings(cache=tmp_path, offline=True)))


@pytest.fixture
def exports(tmp_path: Path) -> Panel:
    source = OilExports()
    return source.load(source.found(Settings(cache=tmp_path, offline=True)))


def test_a_route_has_one_quantity_whatever_it_crosses(routes: Panel) -> None:
    per_route = routes.frame.group_by("route", "year").agg(
        pl.col("oil_mt").n_unique().alias("quantities"), pl.len()
    )
    assert per_route["quantities"].to_list() == [1] * len(per_route)
    ceyhan = per_route.filter(pl.col("route").str.contains("Ceyhan"))
    assert ceyhan["len"].to_list() == [3, 3]


def test_routes_of_2022_are_the_exports_but_for_rail_and_rounding(
    routes: Panel, exports: Panel
) -> None:
    once = routes.frame.unique(["route", "year"])
    sums = dict(once.group_by("year").agg(pl.col("oil_mt").sum()).rows())
    total = dict(exports.frame.select("year", "oil_exports_mt").rows())
    assert 0 <= total[2022] - sums[2022] < 0.4 + 0.5 + 0.5  # rail; two routes in whole tonnes
    assert sums[2023] < 0.1 * total[2023]  # the pipelines to Russia are not there


def test_most_oil_leaves_through_russia(routes: Panel, exports: Panel) -> None:
    """94 % by pipeline alone (Lee Kuan Yew School of Public Policy, 11 February 2025)."""
    through = routes.frame.filter(
        pl.col("year") == 2022, pl.col("partner") == "RUS", ~pl.col("route").str.contains("Aktau")
    )
    total = exports.frame.filter(pl.col("year") == 2022)["oil_exports_mt"].item()
    assert through["oil_mt"].sum() / total == pytest.approx(0.94, abs=0.01)


def test_port_of_aktau_in_2023_is_both_of_its_routes(routes: Panel) -> None:
    """KazTransOil: 3.376 million tonnes from Aktau in 2023."""
    aktau = routes.frame.filter(pl.col("year") == 2023, pl.col("route").str.contains("Aktau"))
    assert aktau.unique("route")["oil_mt"].sum() == pytest.approx(3.376, abs=1e-9)


def test_every_figure_has_its_source(routes: Panel, exports: Panel) -> None:
    for panel in (routes, exports):
        assert panel.frame["source"].str.len_chars().min() > 10
