"""Investment shares: stock, net and gross inflow apart; negative flows; published totals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from multivector.errors import InputError, KeyMismatch, UnitMismatch
from multivector.measures.investment import Figure, InvestmentShare
from multivector.panel import Panel
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.sources.fdi import WiiwFdiTotals
from multivector.sources.fdi_gross import TIDY, GrossFdi
from multivector.step import Inputs, Step
from multivector.variable import REPORTED_DYAD_YEAR, STATE_YEAR, Coverage, Variable

from .trade_toys import origin

STOCK: dict[str, float] = {"NLD": 60.0, "DEU": 10.0, "RUS": 20.0, "CHN": 10.0}
NET: dict[str, float] = {"NLD": -30.0, "DEU": 10.0, "RUS": 60.0}


@dataclass(frozen=True)
class Investment(Step[Panel]):
    """Stock and net inflow of 2019, made by hand."""

    net: tuple[tuple[str, float], ...] = tuple(NET.items())

    def compute(self, get: Inputs) -> Panel:
        net = dict(self.net)
        rows = [("KAZ", p, 2019, STOCK.get(p), net.get(p)) for p in STOCK]
        names = ("inward_stock_meur", "net_inflow_meur")
        schema: dict[str, Any] = {"state": pl.String, "partner": pl.String, "year": pl.Int64}
        frame = pl.DataFrame(rows, schema | dict.fromkeys(names, pl.Float64), orient="row")
        cover = Coverage((2019,), ("KAZ",), "either")
        made = [Variable(n, n, "million EUR", cover, origins=(origin("fdi"),)) for n in names]
        return Panel(frame, REPORTED_DYAD_YEAR, tuple(made))


@dataclass(frozen=True)
class Whole(Step[Panel]):
    """A published total."""

    unit: str = "million EUR"

    def compute(self, get: Inputs) -> Panel:
        made = Variable("inward_stock_world", "Total", self.unit, Coverage((2019,)))
        frame = pl.DataFrame({"state": ["KAZ"], "year": [2019], "inward_stock_world": [125.0]})
        return Panel(frame, STATE_YEAR, (replace(made, origins=(origin("fdi_world"),)),))


def asked(**more: Any) -> InvestmentShare:
    given: dict[str, Any] = {"investment": Investment(), "partners": ("NLD", "RUS"), **more}
    return InvestmentShare(focal="KAZ", **given)


def test_stocks_by_hand(run: Runner) -> None:
    found = run(asked())
    assert found.at(partner="NLD").value == pytest.approx(0.6)
    assert found.at(partner="ROW").value == pytest.approx(0.2)
    bloc = run(asked(partners=("EU27_2020", "CHN", "USA")))
    assert bloc.at(partner="EU27_2020").value == pytest.approx(0.7)
    assert bloc.at(partner="USA").value is None  # no record, not zero
    whole = run(asked(totals=Whole()))
    assert whole.at(partner="NLD").value == pytest.approx(60 / 125)
    assert whole.at(partner="ROW").value == pytest.approx(45 / 125)


def test_net_inflows_may_be_negative(run: Runner) -> None:
    found = run(asked(of="net_inflow"))
    assert found.at(partner="NLD").value == pytest.approx(-30 / 40)
    assert found.at(partner="RUS").value == pytest.approx(60 / 40)
    assert found.at(partner="ROW").value == pytest.approx(10 / 40)
    fled = run(asked(of="net_inflow", investment=Investment((("NLD", -30.0), ("RUS", 10.0)))))
    assert fled.at(partner="RUS").value is None  # no whole to be a part of


def test_negative_positions_left_out_are_counted(run: Runner) -> None:
    found = run(asked(of="net_inflow", negative="leave out"))
    assert found.at(partner="RUS").value == pytest.approx(60 / 70)  # of 10 + 60, without −30
    assert found.at(partner="NLD").value is None
    assert found.cells["note"].unique().to_list() == ["Left out: 1 negative positions."]


def test_figures_are_never_mixed(run: Runner) -> None:
    with pytest.raises(KeyMismatch, match="fdi_gross_inflow"):
        run(asked(of="gross_inflow"))
    with pytest.raises(UnitMismatch, match="million USD"):
        run(asked(totals=Whole("million USD")))
    with pytest.raises(InputError, match="overlap"):
        asked(partners=("EU27_2020", "NLD"))


def test_gross_inflow_from_the_user_s_table(tmp_path: Path) -> None:
    path = tmp_path / "fdi_gross_inflow_KAZ.csv"
    path.write_text(
        "state,partner,year,gross_inflow_musd\n"
        "Kazakhstan,Netherlands,2019,7000\nKAZ,USA,2019, 5500\nKAZ,Total,2019,24000\n"
        "KAZ,Russia,2019,\n",
        encoding="utf-8",
    )
    rows = GrossFdi().read(TIDY, [path]).rows()
    assert rows == [("KAZ", "NLD", 2019, 7000.0), ("KAZ", "USA", 2019, 5500.0),
                    ("KAZ", "RUS", 2019, None)]  # fmt: skip
    run = Runner(Settings(data=tmp_path, cache=tmp_path / "c", offline=True))
    found = run(
        InvestmentShare(
            investment=GrossFdi(), focal="KAZ", partners=("NLD", "RUS"), of="gross_inflow"
        )
    )
    assert found.at(partner="NLD").value == pytest.approx(7000 / 12_500)
    assert found.at(partner="RUS").value is None


def test_shares_are_the_publisher_s_percentages(real_data: Path, tmp_path: Path) -> None:
    """The same file prints each partner's per cent of the total: 2019, stock and net inflow."""
    raw = pl.read_csv(
        real_data / "economy/wiiw_fdi_kazakhstan_by_partner_2003_2021.csv", infer_schema=False
    ).filter(pl.col("Unit") == "in % of total")
    printed = {(d, p): v for d, p, v in raw.select("Direction", "Partner-Code", "_2019").rows()}
    run = Runner(Settings(data=real_data, cache=tmp_path, offline=True))
    kinds: dict[Figure, str] = {"inward_stock": "FDI inward stock", "net_inflow": "FDI inflow"}
    for of, direction in kinds.items():
        step = InvestmentShare(
            totals=WiiwFdiTotals(), focal="KAZ", partners=("NLD", "RUS", "CHN"), of=of
        )
        found = run(step)
        for partner, code in (("NLD", "NL"), ("RUS", "RU"), ("CHN", "CN")):
            ours = found.at(partner=partner, year=2019).value
            assert ours == pytest.approx(float(printed[direction, code]) / 100, abs=1e-6)
