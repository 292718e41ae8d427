"""Domains with draws: joint intervals, kinds of draws, what is left out, counted ties by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import log
from typing import Any, cast

import numpy as np
import polars as pl
import pytest

from multivector.errors import InputError, KeyMismatch, OutOfCoverage, Unavailable
from multivector.estimate import Estimate
from multivector.measures.balance import (
    Balance,
    Compartmentalisation,
    Departure,
    DepartureSplit,
    Footprint,
    MarginalShift,
)
from multivector.measures.benchmarks import RelativeEngagement, WorldShare
from multivector.measures.engagement import Engagement
from multivector.measures.partition import Partition, side
from multivector.measures.ranks import RankAmong
from multivector.measures.reconciled_share import ReconciledShare
from multivector.measures.tie_shares import OrganisationShare, TreatyShare
from multivector.origin import CC0, Origin
from multivector.panel import Panel
from multivector.runner import Runner
from multivector.states import members
from multivector.step import Inputs, Step
from multivector.variable import DIRECTED_DYAD_YEAR, Coverage, Key, Variable, span
from tests.measures.test_balance import ASKED, DOMAINS, PARTNERS, domain

P = ("RUS", "CHN", "USA")
NAMES = (*P, "ROW")


@dataclass(frozen=True)
class Drawn(Step[Estimate]):
    """Shares with draws, from a seed: what a domain with an interval yields."""

    seed: int
    kind: str = "posterior"
    draws: int = 40
    years: tuple[int, int] = (2018, 2020)
    state: str = "KAZ"
    missing: bool = False

    def compute(self, get: Inputs) -> Estimate:
        if self.missing:
            raise Unavailable("No file is here.")
        years = span(*self.years)
        width = 1 if self.kind == "point" else self.draws
        x = np.random.default_rng(self.seed).gamma(2.0, size=(len(years), 4, width))
        rows = [(self.state, p, y) for y in years for p in NAMES]
        return Estimate(
            pl.DataFrame(
                rows, {"state": pl.String, "partner": pl.String, "year": pl.Int64}, orient="row"
            ),
            (x / x.sum(axis=1, keepdims=True)).reshape(len(rows), -1),
            label=f"Toy {self.seed}",
            unit="share 0–1",
            draw_kind=cast("Any", self.kind),
            variant="toy",
            range=(0, 1),
            origins=(Origin("toy", "Toy shares", "test", "1", CC0),),
        )


def asked(*domains: Step[Estimate], **more: Any) -> dict[str, Any]:
    return {"focal": "KAZ", "partners": P, "domains": domains, **more}


# the worked example, through the measures -------------------------------------------------------


def test_golden_example_of_the_split_and_of_compartments(run: Runner) -> None:
    given = {**ASKED, "domains": DOMAINS}
    found = run(DepartureSplit(**given))
    expected = {
        "domain imbalance": 0.210560 + 0.230985,
        "overall imbalance": 0.210560,
        "compartmentalisation": 0.230985,
    }
    for part, value in expected.items():
        assert found.at(part=part).value == pytest.approx(value, abs=1.1e-6)
    assert run(Compartmentalisation(**given)).at().value == pytest.approx(0.210252, abs=5e-7)
    pooled = run(Footprint(**given))
    for partner, value in zip(PARTNERS, (0.40, 0.15, 0.283333, 0.126667, 0.04), strict=True):
        assert pooled.at(partner=partner).value == pytest.approx(value, abs=5e-7)


def test_golden_example_between_russia_and_the_west_as_a_bloc(run: Runner) -> None:
    given = {**ASKED, "domains": DOMAINS}
    found = run(Partition(**given, power_a="RUS", power_b="EU27_2020 + USA"))
    expected = {"net lean": 0.01, "offset": 0.446667, "evenness": 0.353333, "outside": 0.19}
    for part, value in expected.items():
        assert found.at(part=part).value == pytest.approx(value, abs=5e-7)
    assert found.cells["power_b"].unique().to_list() == ["EU27_2020+USA"]
    assert "no security domain: says nothing of hedging" in found.variant


def test_each_domain_by_itself(run: Runner) -> None:
    found = run(Balance(**ASKED, domains=DOMAINS, of="each"))
    assert [q.value for q in found.quantities()] == pytest.approx(
        [0.854197, 0.471212, 0.851549], abs=5e-7
    )


# joint draws ------------------------------------------------------------------------------------


def test_balance_is_taken_draw_by_draw(run: Runner) -> None:
    steps = (Drawn(1), Drawn(2))
    found = run(Balance(**asked(*steps), weights=(0.25, 0.75)))
    one, two = (run(s) for s in steps)
    for s in (0, 17, 39):
        p = 0.25 * one.select(year=2019).draws[:3, s] + 0.75 * two.select(year=2019).draws[:3, s]
        p = p / p.sum()
        twin = -sum(x * log(x) for x in p) / log(3)
        assert found.select(year=2019).draws[0, s] == pytest.approx(twin)
    assert found.draw_kind == "posterior"
    q = found.at(year=2019)
    assert q.low is not None
    assert q.value == pytest.approx(float(np.median(found.select(year=2019).draws)))


def test_the_parts_add_up_in_print_and_in_every_draw(run: Runner) -> None:
    given = asked(Drawn(1), Drawn(2), Drawn(3))
    parts = run(Partition(**given, power_a="RUS", power_b="USA"))
    np.testing.assert_allclose(parts.draws.reshape(3, 4, -1).sum(axis=1), 1, atol=1e-12)
    assert (parts.draws >= 0).all()
    printed = parts.summary()["value"].to_numpy().reshape(3, 4)
    np.testing.assert_allclose(printed.sum(axis=1), 1, atol=1e-12)
    swapped = run(Partition(**given, power_a="USA", power_b="RUS"))
    np.testing.assert_allclose(parts.draws, swapped.draws, atol=1e-12)
    whole = run(DepartureSplit(**given)).summary()["value"].to_numpy().reshape(3, 3)
    np.testing.assert_allclose(whole[:, 0], whole[:, 1] + whole[:, 2], atol=1e-12)


def test_kinds_of_draws_are_never_silently_mixed(run: Runner) -> None:
    mixed = run(Balance(**asked(Drawn(1), Drawn(2, "bootstrap"))))
    assert mixed.draw_kind == "combined"
    assert "posterior" in mixed.variant
    assert "bootstrap" in mixed.variant
    with_exact = run(Balance(**asked(Drawn(1), Drawn(2, "point"))))
    assert with_exact.draw_kind == "posterior"
    assert "taken as exact: domain 2" in with_exact.variant
    apart = run(Balance(**asked(Drawn(1), Drawn(2, "point")), of="each"))
    for q in apart.quantities():
        assert (q.low is None) == (dict(q.cell)["domain"] == "domain 2")
        assert q.known
    with pytest.raises(KeyMismatch, match="20 and 40 draws"):
        run(Balance(**asked(Drawn(1), Drawn(2, draws=20))))


def test_resampled_domains_print_the_record(run: Runner) -> None:
    found = run(Balance(**asked(Drawn(1, "bootstrap"))))
    record = run(Drawn(1, "bootstrap")).select(year=2018).summary()["value"].to_numpy()[:3]
    p = record / record.sum()
    twin = -sum(x * log(x) for x in p) / log(3)
    assert found.at(year=2018).value == pytest.approx(twin)


def test_a_domain_without_data_is_refused_or_left_out_and_named(run: Runner) -> None:
    lost = Drawn(2, missing=True)
    with pytest.raises(Unavailable):
        run(Balance(**asked(Drawn(1), lost)))
    found = run(Balance(**asked(Drawn(1), lost), absent="leave out"))
    alone = run(Balance(**asked(Drawn(1))))
    np.testing.assert_allclose(found.draws, alone.draws)
    assert "no data, left out: domain 2" in found.variant
    parts = run(
        Partition(**asked(Drawn(1), lost), absent="leave out", power_a="RUS", power_b="USA")
    )
    assert not parts.at(part="offset", year=2019).known  # undefined with one domain
    assert parts.at(part="outside", year=2019).known


def test_marginal_shift_is_the_difference_of_two_measures(run: Runner) -> None:
    trade, security = (0.30, 0.25, 0.35, 0.05, 0.05), (0.80, 0.05, 0.05, 0.08, 0.02)
    steps = (domain(trade), domain(security))
    found = run(MarginalShift(**{**ASKED, "domains": steps}))
    moved = (domain(trade), domain((0.79, 0.05, 0.05, 0.08, 0.03)))
    before, after = (
        run(DepartureSplit(**{**ASKED, "domains": d})).at(part="domain imbalance").value
        for d in (steps, moved)
    )
    value = found.at(domain="domain 2", giver="RUS", taker="TUR").value
    assert value == pytest.approx(after - before, abs=1e-12)
    assert not found.at(domain="domain 2", giver="TUR", taker="RUS").value < 0
    assert min(q.value for q in found.quantities() if q.known) == pytest.approx(value)


def test_a_departure_follows_a_target_that_moves(run: Runner) -> None:
    drawn = Drawn(1, "point")
    target = Drawn(5, "point", years=(2019, 2020))
    found = run(Departure(**asked(drawn), against="world", benchmark=(target,)))
    assert not found.at(year=2018).known
    p, tau = (run(s).select(year=2019).draws[:3, 0] for s in (drawn, target))
    p, tau = p / p.sum(), tau / tau.sum()
    twin = sum(a * log(a / b) for a, b in zip(p, tau, strict=True))
    assert found.at(year=2019).value == pytest.approx(twin)
    assert "target by world" in found.variant


def test_sides_and_signals_are_checked() -> None:
    assert side("Russia + China") == "RUS+CHN"
    given = asked(Drawn(1), Drawn(2))
    with pytest.raises(InputError, match="RUS is named as both"):
        Partition(**given, power_a="RUS+CHN", power_b="RUS")
    with pytest.raises(InputError, match="No security domain"):
        Partition(**given, power_a="RUS", power_b="USA", signals="security")


# counted ties -----------------------------------------------------------------------------------

TREATIES = (
    # treaty, party, signed, ended
    ("pact", "KAZ", date(2000, 1, 1), None),
    ("pact", "RUS", date(2000, 1, 1), None),
    ("league", "KAZ", date(2001, 5, 1), None),
    ("league", "RUS", date(2001, 5, 1), None),
    ("league", "DEU", date(2001, 5, 1), None),
    ("league", "FRA", date(2001, 5, 1), date(2002, 6, 1)),
    ("league", "UZB", date(2001, 5, 1), None),
    ("theirs", "RUS", date(2000, 1, 1), None),
    ("theirs", "UZB", date(2000, 1, 1), None),
)


@dataclass(frozen=True)
class Spells(Step[Panel]):
    """Made-up treaties, or with other names memberships."""

    names: tuple[str, str, str] = ("treaty", "signed", "ended")

    def compute(self, get: Inputs) -> Panel:
        tie, first, last = self.names
        frame = pl.DataFrame(
            TREATIES, {tie: pl.String, "state": pl.String, first: pl.Date, last: pl.Date},
            orient="row",
        )  # fmt: skip
        end = Variable(last, "End", "date", Coverage())
        return Panel(frame, Key("party", (tie, "state", first)), (end,))


def test_treaties_are_divided_over_their_other_parties(run: Runner) -> None:
    given: dict[str, Any] = {
        "focal": "KAZ",
        "partners": ("RUS", "EU27_2020"),
        "years": (2000, 2003),
    }
    found = run(TreatyShare(Spells(), **given))
    hand = {  # pact: all Russia's; league: a quarter each, a third once France has left
        2000: (1, 0, 0),
        2001: (1.25 / 2, 0.5 / 2, 0.25 / 2),
        2003: (4 / 3 / 2, 1 / 3 / 2, 1 / 3 / 2),
    }
    for year, shares in hand.items():
        for partner, share in zip(("RUS", "EU27_2020", "ROW"), shares, strict=True):
            assert found.at(partner=partner, year=year).value == pytest.approx(share)
    assert found.at(partner="EU27_2020", year=2000).figure == "none"
    assert (
        found.at(partner="RUS", year=2001).low < 1.25 / 2 < found.at(partner="RUS", year=2001).high
    )
    np.testing.assert_allclose(
        found.draws[:3].sum(axis=0), np.ones(found.draws.shape[1]), atol=1e-12
    )
    shorter = run(OrganisationShare(Spells(("group", "entered", "left")), **given, draws=0))
    assert shorter.at(partner="RUS", year=2003).value == pytest.approx(4 / 3 / 2)
    with pytest.raises(OutOfCoverage, match="of SRB is listed"):
        run(TreatyShare(Spells(), **{**given, "focal": "SRB"}))


def test_a_bloc_has_the_sum_of_its_members(run: Runner) -> None:
    given: dict[str, Any] = {"focal": "KAZ", "years": (2001, 2001), "draws": 0}
    apart = run(TreatyShare(Spells(), partners=("DEU", "FRA"), **given))
    whole = run(TreatyShare(Spells(), partners=("EU27_2020",), **given))
    both = sum(apart.at(partner=p).value for p in ("DEU", "FRA"))
    assert whole.at(partner="EU27_2020").value == pytest.approx(both)


# trade ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Flows(Step[Panel]):
    """Reconciled exports without or with an error."""

    scale: float

    def compute(self, get: Inputs) -> Panel:
        rows = [
            ("KAZ", "RUS", 2020, 30.0), ("RUS", "KAZ", 2020, 10.0), ("KAZ", "DEU", 2020, 20.0),
            ("FRA", "KAZ", 2020, 20.0), ("UZB", "KAZ", 2020, 20.0), ("RUS", "UZB", 2020, 99.0),
        ]  # fmt: skip
        names = ("state", "partner", "year", "exports_usd")
        frame = pl.DataFrame(rows, names, orient="row").with_columns(
            exports_log_scale=pl.lit(self.scale), exports_freedom=pl.lit(5.0)
        )
        cover = Coverage((2020,))
        columns = [Variable(n, n, "current USD", cover) for n in frame.columns[3:]]
        return Panel(frame, DIRECTED_DYAD_YEAR, tuple(columns))


def test_exports_and_imports_are_pooled_and_errors_widen_the_interval(run: Runner) -> None:
    given: dict[str, Any] = {"focal": "KAZ", "partners": ("RUS", "EU27_2020", "CHN")}
    exact, wide = (run(ReconciledShare(Flows(s), **given)) for s in (0.0, 0.2))
    for partner, share in (("RUS", 0.4), ("EU27_2020", 0.4), ("ROW", 0.2)):
        assert exact.at(partner=partner).value == pytest.approx(share)
        assert np.ptp(exact.select(partner=partner).draws) < 1e-12
        q = wide.at(partner=partner)
        assert q.low < share < q.high
    assert not wide.at(partner="CHN").known  # no record is no zero
    for flow, part in (("exports", 30 / 50), ("imports", 10 / 50)):
        one = run(ReconciledShare(Flows(0.0), **given, flow=flow))
        assert one.at(partner="RUS").value == pytest.approx(part)
    known = wide.draws[[0, 1, 3]].sum(axis=0)
    np.testing.assert_allclose(known, 1, atol=1e-12)


# relative engagement ----------------------------------------------------------------------------


def test_against_equal_shares_engagement_is_closed_over_the_partners(run: Runner) -> None:
    step = Drawn(1)
    found = run(RelativeEngagement(focal="KAZ", partners=P, engagement=step, against="uniform"))
    p = run(step).select(year=2020).draws
    twin = np.log(p[:3] / p[:3].sum(axis=0) * 3)
    np.testing.assert_allclose(found.select(year=2020).draws, twin, atol=1e-12)
    assert found.draw_kind == "posterior"
    assert "ROW" not in set(found.cells["partner"])


def test_a_recorded_zero_prints_none_and_no_record_no_data(run: Runner) -> None:
    engagement = TreatyShare(
        Spells(), focal="KAZ", partners=("RUS", "EU27_2020"), years=(2000, 2000)
    )
    found = run(
        RelativeEngagement(
            focal="KAZ", partners=("RUS", "EU27_2020"), engagement=engagement, against="uniform"
        )
    )
    assert found.at(partner="EU27_2020").figure == "none"
    assert found.at(partner="RUS").known


def test_world_shares_leave_the_focal_state_out(run: Runner) -> None:
    found = run(WorldShare(focal="KAZ", partners=("RUS", "USA"), years=(2020, 2020)))
    gdp = run(cast("Any", WorldShare(focal="KAZ", partners=("RUS",)).output)).frame
    now = gdp.filter(pl.col("year") == 2020)
    value = dict(now.select("state", gdp.columns[2]).rows())
    world = sum(v for s, v in value.items() if v is not None and s != "KAZ")
    assert found.at(partner="RUS").value == pytest.approx(value["RUS"] / world, rel=1e-9)
    assert sum(q.value for q in found.quantities()) == pytest.approx(1)


def test_engagement_takes_the_first_step_that_has_data(run: Runner) -> None:
    given: dict[str, Any] = {"domain": "trade", "focal": "KAZ", "partners": P}
    found = run(Engagement(**given, options=(Drawn(1, missing=True), Drawn(2))))
    np.testing.assert_allclose(found.draws, run(Drawn(2)).draws)
    assert found.label == "Trade"
    with pytest.raises(Unavailable, match=r"Visits: no data[\s\S]*United States only"):
        run(Engagement(**{**given, "domain": "diplomacy"}))


# ranks ------------------------------------------------------------------------------------------


def test_ranks_are_taken_draw_by_draw(run: Runner) -> None:
    steps = tuple(
        Balance(focal=s, partners=P, domains=(Drawn(k, state=s),))
        for k, s in enumerate(("KAZ", "UZB", "SRB"))
    )
    found = run(RankAmong(of=steps))
    values = {s.focal: run(s).select(year=2019).draws[0] for s in steps}
    for s in (0, 13, 39):
        order = sorted(values, key=lambda k, s=s: -values[k][s])
        for place, state in enumerate(order, 1):
            assert found.select(state=state, year=2019).draws[0, s] == place
    assert found.draw_kind == "posterior"
    assert found.at(state="KAZ", year=2019).note == "of 3 states"
    assert len(members("EU27_2020", 2020)) == 27  # blocs in the tests above are today's Union
