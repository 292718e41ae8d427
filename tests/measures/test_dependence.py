from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from multivector.errors import InputError, KeyMismatch, OutOfCoverage, UnitMismatch
from multivector.measures.dependence import (
    Asymmetry,
    Interdependence,
    TradeDependence,
    TradeIntensity,
    TradeOpenness,
    TradeShare,
)
from multivector.measures.exposure import DemandVolatility, GeopoliticalExposure
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.sources.imf_dots import ImfDots
from multivector.sources.world_bank import WorldBankGDP

from .conftest import EU27, shipped
from .trade_toys import Exports, Positions, Reports, Sizes, Totals

Flows = dict[tuple[str, str, int], float]
TOY = Exports(
    (
        ("KAZ", "RUS", 2000, 30.0),
        ("RUS", "KAZ", 2000, 50.0),
        ("KAZ", "CHN", 2000, 20.0),
        ("CHN", "RUS", 2000, 100.0),
        ("RUS", "CHN", 2000, 40.0),
    )
)
GDP = Sizes((("KAZ", 2000, 1e6), ("RUS", 2000, 1e7)))
TOTALS = Totals((("KAZ", 2000, 50.0, 50.0), ("RUS", 2000, 90.0, 130.0), ("CHN", 2000, 100.0, 60.0)))
REPORTS = Reports(
    (
        ("KAZ", "RUS", 2000, 30.0, 55.0),
        ("RUS", "KAZ", 2000, 45.0, 33.0),
        ("KAZ", "CHN", 2000, 20.0, -1.0),
        ("CHN", "KAZ", 2000, 8.0, 24.0),
    )
)
KAZ: dict[str, Any] = {"focal": "KAZ", "trade": TOY, "totals": TOTALS}


@pytest.fixture(scope="module")
def gdp() -> dict[tuple[str, int], float]:
    table = shipped("world_bank_gdp").select("state", "year", "gdp_usd")
    return {(s, y): v for s, y, v in table.iter_rows()}


def value(run: Runner, step: Any, **cell: Any) -> float | None:
    return run(step).at(**cell).value


def test_shares_and_dependence_by_hand(run: Runner) -> None:
    """Exports 50, imports 50, with Russia 80 (thousand USD); GDP 1 and 10 million USD."""
    assert value(run, TradeShare(**KAZ, partners=("RUS",)), year=2000) == pytest.approx(0.8)
    exports = TradeShare(**KAZ, partners=("RUS", "CHN"), flow="exports")
    assert value(run, exports, partner="CHN") == pytest.approx(0.4)
    imports = TradeShare(**KAZ, partners=("RUS", "CHN"), flow="imports")
    assert value(run, imports, partner="CHN") is None  # not recorded, not zero
    assert value(run, TradeOpenness(**KAZ, output=GDP)) == pytest.approx(0.1)
    depends = TradeDependence(**KAZ, output=GDP, partners=("RUS", "CHN"))
    assert value(run, depends, partner="RUS", side="own") == pytest.approx(0.08)
    assert value(run, depends, partner="RUS", side="partner's") == pytest.approx(0.008)
    assert value(run, depends, partner="RUS", side="lower") == pytest.approx(0.008)
    assert value(run, depends, partner="CHN", side="own") == pytest.approx(0.02)
    assert value(run, depends, partner="CHN", side="lower") is None  # no GDP
    tilt = Asymmetry(**KAZ, output=GDP, partners=("RUS",))
    assert value(run, tilt) == pytest.approx((0.08 - 0.008) / (0.08 + 0.008))
    bond = Interdependence(**KAZ, partners=("RUS",))
    a, b = 80 / 100, 80 / 220
    assert value(run, bond, figure="salience") == pytest.approx((a * b) ** 0.5)
    assert value(run, bond, figure="symmetry") == pytest.approx(1 - (a - b))
    assert value(run, bond, figure="interdependence") == pytest.approx(
        (a * b) ** 0.5 * (1 - (a - b))
    )
    intensity = TradeIntensity(**KAZ, partners=("CHN",))
    assert value(run, intensity) == pytest.approx((20 / 50) / (60 / (240 - 50)))


def test_views_stand_side_by_side_and_never_mix(run: Runner) -> None:
    step = TradeShare(**KAZ, partners=("RUS", "CHN"), flow="imports", reports=REPORTS, view="each")
    table = run(step)
    assert table.at(partner="RUS", view="reconciled").value == pytest.approx(1.0)
    assert table.at(partner="RUS", view="reporter").value == pytest.approx(1.0)
    assert table.at(partner="CHN", view="reporter").value is None
    assert table.at(partner="RUS", view="mirror").value == pytest.approx(45 / 53)
    assert table.at(partner="CHN", view="mirror").value == pytest.approx(8 / 53)
    for view in ("reconciled", "reporter", "mirror"):
        assert f"{view}:" in table.variant
    assert {o.dataset for o in table.origins} == {"trade", "reports", "totals"}
    alone = run(TradeShare(**KAZ, partners=("RUS",), reports=REPORTS, view="mirror"))
    assert {o.dataset for o in alone.origins} == {"reports"}
    exports = run(
        TradeShare(**KAZ, partners=("RUS",), reports=REPORTS, view="mirror", flow="exports")
    )
    assert exports.at().value == pytest.approx(33 / 57)  # what the partners say they bought


def test_a_view_needs_its_table(run: Runner) -> None:
    with pytest.raises(InputError, match="needs a table of reports"):
        TradeShare(**KAZ, partners=("RUS",), view="mirror")
    with pytest.raises(KeyMismatch, match="no view 'mirror'"):
        run(TradeShare(**KAZ, partners=("RUS",), reports=TOY, view="mirror"))
    with pytest.raises(KeyMismatch, match="no view 'reconciled'"):
        run(TradeShare(focal="KAZ", trade=REPORTS, totals=TOTALS, partners=("RUS",)))


def test_blocs_overlaps_and_groups_are_refused() -> None:
    with pytest.raises(InputError, match="overlap"):
        TradeShare(**KAZ, partners=("EU27_2020", "DEU"))
    with pytest.raises(InputError, match="overlap"):
        TradeShare(focal="DEU", partners=("EU27_2020",))
    with pytest.raises(InputError, match="is a group"):
        TradeOpenness(focal="EU27_2020")


def test_years_outside_are_refused(run: Runner) -> None:
    with pytest.raises(OutOfCoverage, match="2000"):
        run(TradeShare(**KAZ, partners=("RUS",), years=(1999, 2000)))
    with pytest.raises(InputError, match="backwards"):
        run(TradeShare(**KAZ, partners=("RUS",), years=(2001, 2000)))


def test_currencies_are_not_mixed(run: Runner) -> None:
    euro = Exports(TOY.rows, unit="thousand current EUR")
    with pytest.raises(UnitMismatch, match="EUR"):
        run(TradeOpenness(focal="KAZ", trade=euro, totals=TOTALS, output=GDP))


def test_a_defect_leaves_totals_unknown_and_says_why(run: Runner) -> None:
    wrong = Exports(TOY.rows, defect=("KAZ", "RUS", 2000))
    table = run(TradeShare(focal="KAZ", trade=wrong, totals=TOTALS, partners=("RUS", "CHN")))
    for partner in ("RUS", "CHN"):
        cell = table.at(partner=partner)
        assert cell.value is None
        assert cell.note == "Half is missing."


def test_the_mirror_of_a_few_reporters_has_no_total(run: Runner) -> None:
    """Where only Russia reports, it is not all of Kazakhstan's trade."""
    one = Reports(tuple(r for r in REPORTS.rows if r[0] == "RUS"), reporters=("RUS",))
    cell = run(TradeShare(focal="KAZ", partners=("RUS",), reports=one, view="mirror")).at()
    assert cell.value is None
    assert "reports of RUS only" in cell.note
    own = run(TradeShare(focal="RUS", partners=("KAZ",), reports=one, view="reporter")).at()
    assert own.value == pytest.approx(1.0)


def test_one_flow_alone_is_no_total(run: Runner) -> None:
    """A state that reports imports only has no total trade; its imports are known."""
    half = Reports((("KAZ", "RUS", 2000, -1.0, 30.0), ("KAZ", "CHN", 2000, -1.0, 10.0)))
    found = run(
        TradeShare(focal="KAZ", partners=("RUS",), reports=half, view="reporter", flow="each")
    )
    assert found.at(flow="imports").value == pytest.approx(0.75)
    assert found.at(flow="exports").value is None
    assert found.at(flow="total").value is None


def test_a_defect_of_one_report_spoils_that_reporter_only(run: Runner) -> None:
    """Kazakhstan's report on Russia is flawed; what Russia reports stands in either view."""
    wrong = Reports(REPORTS.rows, defect=("KAZ", "RUS", 2000))
    asked: dict[str, Any] = {"trade": TOY, "totals": TOTALS, "reports": wrong, "view": "each"}
    ours = run(TradeShare(focal="KAZ", partners=("RUS",), **asked))
    theirs = run(TradeShare(focal="RUS", partners=("KAZ",), **asked))
    assert ours.at(view="reporter").value is None
    assert ours.at(view="reporter").note == "Half is missing."
    assert ours.at(view="mirror").value == pytest.approx((45 + 33) / (45 + 33 + 8 + 24))
    assert theirs.at(view="reporter").value == pytest.approx(1.0)
    assert theirs.at(view="reporter").note == ""
    assert theirs.at(view="mirror").value is None
    assert theirs.at(view="mirror").note == "Half is missing."


def test_each_flow_beside_the_others_from_the_first_record_on(run: Runner) -> None:
    """The table covers 1999, of which the state has no record: its rows begin in 2000."""
    early = Reports((("CHN", "RUS", 1999, 1.0, 1.0), *REPORTS.rows), years=(1999, 2000))
    table = run(
        TradeShare(focal="KAZ", partners=("RUS",), reports=early, view="reporter", flow="each")
    )
    found = {(q["flow"], q["year"]): v.value for v in table.quantities() for q in [dict(v.cell)]}
    assert found == pytest.approx(
        {("total", 2000): 85 / 105, ("exports", 2000): 30 / 50, ("imports", 2000): 1.0}
    )


def test_partners_with_some_rows_only_use_published_totals(run: Runner) -> None:
    """Of Russia only the rows with Kazakhstan are there; its totals come from the other table."""
    some = Exports(tuple(r for r in TOY.rows if "KAZ" in r[:2]), states=("KAZ",))
    part: dict[str, Any] = {"focal": "KAZ", "trade": some, "totals": TOTALS}
    for whole, less in (
        (Interdependence(**KAZ, partners=("RUS",)), Interdependence(**part, partners=("RUS",))),
        (TradeIntensity(**KAZ, partners=("RUS",)), TradeIntensity(**part, partners=("RUS",))),
    ):
        np.testing.assert_allclose(run(less).draws, run(whole).draws)


def test_the_casebook_by_loops(
    run: Runner, flows: Flows, gdp: dict[tuple[str, int], float]
) -> None:
    """Shares, dependence and asymmetry of 2015 to 2020 from the shipped rows, pair by pair."""
    partners = ("RUS", "CHN", "EU27_2020")
    share = run(TradeShare(focal="KAZ", partners=partners, years=(2015, 2020)))
    depends = run(TradeDependence(focal="KAZ", partners=partners, years=(2015, 2020)))
    for year in range(2015, 2021):
        trade: dict[str, float] = {}
        for (i, j, t), v in flows.items():
            if t == year and "KAZ" in (i, j) and i != j:
                them = j if i == "KAZ" else i
                them = "EU27_2020" if them in EU27 else them
                trade[them] = trade.get(them, 0.0) + v
        for partner in partners:
            cell = share.at(partner=partner, year=year)
            assert cell.value == pytest.approx(trade[partner] / sum(trade.values()), rel=1e-12)
            members = EU27 if partner == "EU27_2020" else {partner}
            theirs = sum(gdp[m, year] for m in members)
            own = depends.at(partner=partner, year=year, side="own")
            back = depends.at(partner=partner, year=year, side="partner's")
            assert own.value == pytest.approx(1000 * trade[partner] / gdp["KAZ", year], rel=1e-12)
            assert back.value == pytest.approx(1000 * trade[partner] / theirs, rel=1e-12)


def test_asymmetry_turns_its_sign_with_the_view_from_the_other_side(run: Runner) -> None:
    ours = run(Asymmetry(focal="KAZ", partners=("RUS",)))
    theirs = run(Asymmetry(focal="RUS", partners=("KAZ",)))
    np.testing.assert_allclose(ours.draws, -theirs.draws, rtol=1e-12)


def test_vulnerability_and_connectedness_by_hand(run: Runner) -> None:
    """Shares .8 and .2, distances 2 and 5: mean 2.6, deviation 1.2; a draw k times as far is k."""
    where = Positions((("KAZ", 2000, 1.0), ("RUS", 2000, 3.0), ("CHN", 2000, -4.0)))
    found = run(GeopoliticalExposure(**KAZ, positions=where))
    vulnerable = found.select(figure="vulnerability").draws[0]
    connected = found.select(figure="connectedness").draws[0]
    np.testing.assert_allclose(vulnerable, [2.6, 5.2, 7.8])
    np.testing.assert_allclose(connected, [1.2, 2.4, 3.6])
    assert found.draw_kind == "posterior"
    less = run(GeopoliticalExposure(**KAZ, positions=Positions(where.rows[:2])))
    assert less.at(figure="vulnerability").value == pytest.approx(4.0)  # the median draw
    assert "80%" in less.at(figure="vulnerability").note


def test_volatility_of_demand_by_hand(run: Runner) -> None:
    growth = {"RUS": (0.1, -0.1, 0.2), "CHN": (0.05, 0.05, 0.05)}
    levels = {s: np.exp(np.cumsum([3.0, *g])) for s, g in growth.items()}
    sizes = Sizes(tuple((s, 1997 + k, v) for s, x in levels.items() for k, v in enumerate(x)))
    found = run(DemandVolatility(**KAZ, output=sizes, window=3))
    demand = 0.6 * np.array(growth["RUS"]) + 0.4 * np.array(growth["CHN"])
    assert found.at().value == pytest.approx(np.std(demand, ddof=1))
    without = Sizes(tuple(r for r in sizes.rows if r[0] == "RUS"))
    alone = run(DemandVolatility(**KAZ, output=without, window=3)).at()
    assert alone.value == pytest.approx(np.std(growth["RUS"], ddof=1))
    assert "60%" in alone.note


def test_the_real_reports_differ_by_who_tells(tmp_path: Path, real_data: Path) -> None:
    """China's share in Kazakhstan's imports of 2019 from the rows of the file, both ways."""
    raw = pl.read_csv(
        real_data / "economy" / "imf_dots_annual_1960_2020.csv.gz",
        schema_overrides={"exports_fob": pl.Float64, "imports_cif": pl.Float64},
    ).filter(pl.col("year") == 2019, ~pl.col("partner").is_in(["W00"]))
    sums = pl.col("partner").str.contains(r"^_(AE|AFR|EA|ED|EMDE|EU|FUEL|ME|NONFUEL|SSA|WH)")
    told = raw.filter(pl.col("reporter") == "KAZ", ~sums)
    china = told.filter(pl.col("partner") == "CHN")["imports_cif"].item()
    ours = china / told["imports_cif"].sum()
    group = pl.col("reporter").str.starts_with("_") | pl.col("reporter").is_in(["W00"])
    sold = raw.filter(pl.col("partner") == "KAZ", ~group, pl.col("reporter") != "KAZ")
    china = sold.filter(pl.col("reporter") == "CHN")["exports_fob"].item()
    theirs = china / sold["exports_fob"].sum()
    run = Runner(Settings(cache=tmp_path, data=real_data))
    step = TradeShare(
        focal="KAZ",
        partners=("CHN",),
        flow="imports",
        years=(2019, 2019),
        view="each",
        reports=ImfDots(),
    )
    found = run(step)
    assert found.at(view="reporter").value == pytest.approx(ours, rel=1e-3)
    assert found.at(view="mirror").value == pytest.approx(theirs, rel=1e-2)
    assert theirs > 1.5 * ours
    assert WorldBankGDP.name not in {o.dataset for o in found.origins}
