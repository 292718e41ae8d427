"""Tension between powers, shares of the world, substitution and regional integration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector import states
from multivector.errors import InputError, KeyMismatch, OutOfCoverage, Problems
from multivector.estimate import Estimate
from multivector.measures.power import WorldShare
from multivector.measures.region import InternalShare, PairMean
from multivector.measures.similarity import VoteAgreement
from multivector.measures.substitution import Substitution
from multivector.measures.tension import DisputeHostility, EventBalance, OpposedVotes
from multivector.measures.trade import HHI
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.sources.event_days import EventDays
from multivector.stats.substitution import excess_gain, rank_p
from multivector.step import Inputs, Step

from .conftest import Book, shipped

Flows = dict[tuple[str, str, int], float]
CA5 = ("KAZ", "KGZ", "TJK", "TKM", "UZB")


def test_opposed_votes_are_counted_one_by_one(run: Runner, book: Book) -> None:
    both = opposed = 0
    for votes in book.between(2015, 2015):
        pair = {votes.get("USA"), votes.get("RUS")}
        if pair <= {1, 2, 3}:
            both += 1
            opposed += pair == {1, 3}
    step = OpposedVotes(focal="USA", partners=("RUS",), years=(2015, 2015), draws=0)
    assert run(step).at(year=2015).value == pytest.approx(opposed / both)


def test_hostility_is_the_highest_of_both_sides_and_zero_without_a_dispute(
    full: Runner, real_data: Path
) -> None:
    raw = pl.read_parquet(next(real_data.rglob("cow_mid_ddydisps.parquet")))
    levels = dict.fromkeys(range(1992, 2015), 0)
    for a, b, year, level in raw.select("ccode1", "ccode2", "year", "hostlev1").iter_rows():
        if {int(a), int(b)} == {2, 710} and year in levels:
            levels[int(year)] = max(levels[int(year)], int(level))
    found = full(DisputeHostility(focal="USA", partners=("CHN",)))
    assert {dict(q.cell)["year"]: q.value for q in found.quantities()} == levels
    assert 0 in levels.values()
    assert levels[2001] == 4  # an American aircraft was brought down near Hainan
    with pytest.raises(OutOfCoverage):
        full(DisputeHostility(focal="USA", partners=("CHN",), years=(2014, 2016)))


def events(folder: Path) -> Runner:
    rows = [
        (date(2020, 1, 1), "RUS", "USA", 30.0),
        (date(2020, 1, 2), "USA", "RUS", -10.0),
        (date(2021, 5, 1), "RUS", "USA", -4.0),
        (date(2021, 5, 1), "CHN", "CHN", 9.0),
    ]
    frame = pl.DataFrame(rows, ["date", "a", "b", "weight"], orient="row")
    frame.write_parquet(folder / "gdelt2_dyad_day_2018_2024.parquet")
    return Runner(Settings(data=folder, cache=folder / "cache", offline=True))


def test_balance_of_events_divides_by_their_size(tmp_path: Path) -> None:
    run = events(tmp_path)
    found = run(EventBalance(focal="USA", partners=("RUS", "CHN"), years=(2020, 2022)))
    assert found.at(partner="RUS", year=2020).value == pytest.approx((30 - 10) / (30 + 10))
    assert found.at(partner="RUS", year=2021).value == -1
    assert not found.at(partner="RUS", year=2022).known
    assert found.at(partner="RUS", year=2020).note == "2 days"
    assert set(run(EventDays()).frame["state"]) == {"RUS"}


def test_relations_of_two_powers_turned_in_2022(full: Runner) -> None:
    found = full(EventBalance(focal="USA", partners=("RUS",)))
    assert (found.at(year=2021).value or 0) > 0 > (found.at(year=2022).value or 0)


def test_shares_of_output_are_those_of_a_plain_sum(run: Runner) -> None:
    table = shipped("world_bank_gdp").filter(pl.col("year") == 2019)
    gdp: dict[str, float] = dict(table.drop_nulls().select("state", "gdp_usd").iter_rows())
    found = run(WorldShare(actors=("CHN", "EU27_2020"), years=(2019, 2019)))
    assert found.at(state="CHN").value == pytest.approx(gdp["CHN"] / sum(gdp.values()))
    union = sum(gdp[s] for s in states.members("EU27_2020", 2019))
    assert found.at(state="EU27_2020").value == pytest.approx(union / sum(gdp.values()))


def test_a_bloc_with_an_unknown_member_is_missing(run: Runner) -> None:
    found = run(WorldShare(actors=("EU27_2020",), years=(1990, 2019)))
    assert not found.at(year=1990).known
    assert found.at(year=2019).known


def test_capabilities_are_summed_since_they_are_shares_already(
    full: Runner, real_data: Path
) -> None:
    from multivector.sources.material_capabilities import MaterialCapabilities

    raw = pl.read_parquet(next(real_data.rglob("cow_nmc_v7_1816_2022.parquet")))
    cinc = raw.filter(pl.col("ccode") == 2, pl.col("year") == 2012)["cinc"].item()
    step = WorldShare(MaterialCapabilities(), actors=("USA",), variable="cinc_share")
    assert full(step).at(year=2012).value == pytest.approx(cinc)


def test_a_table_without_state_years_is_refused(run: Runner) -> None:
    from multivector.registry import find

    with pytest.raises(KeyMismatch, match="no state-years"):
        run(WorldShare(find("sources", "baci")(), actors=("CHN",)))


shares = st.lists(st.floats(0.01, 1), min_size=3, max_size=8)


@given(shares, shares)
def test_excesses_add_up_to_nothing(a: list[float], b: list[float]) -> None:
    n = min(len(a), len(b))
    p, q = np.array(a[:n]) / sum(a[:n]), np.array(b[:n]) / sum(b[:n])
    assert excess_gain(p[1:], q[1:], p[0], q[0]).sum() == pytest.approx(0, abs=1e-12)
    even = p[1:] * (1 - q[0]) / (1 - p[0])
    np.testing.assert_allclose(excess_gain(p[1:], even, p[0], q[0]), 0, atol=1e-12)
    assert rank_p([2.0, *a]) == pytest.approx(1 / (1 + len(a)))


def test_substitution_is_that_of_a_plain_loop(run: Runner, flows: Flows) -> None:
    def share(partner: str, year: int) -> float:
        def both(p: str) -> float:
            return flows.get(("UZB", p, year), 0) + flows.get((p, "UZB", year), 0)

        partners = {j for i, j, _ in flows if i == "UZB"} | {i for i, j, _ in flows if j == "UZB"}
        return both(partner) / sum(map(both, partners))

    def mean(partner: str, years: range) -> float:
        return float(np.mean([share(partner, y) for y in years]))

    a0, a1 = mean("RUS", range(2000, 2003)), mean("RUS", range(2018, 2021))
    b0, b1 = mean("CHN", range(2000, 2003)), mean("CHN", range(2018, 2021))
    found = run(Substitution(focal="UZB", loser="RUS", gainer="CHN"))
    assert found.at(figure="loser").value == pytest.approx(a1 - a0)
    assert found.at(figure="gainer").value == pytest.approx(b1 - b0)
    assert found.at(figure="excess").value == pytest.approx(b1 - b0 * (1 - a1) / (1 - a0))
    assert found.at(figure="gainer").value == pytest.approx(
        (found.at(figure="even split").value or 0) + (found.at(figure="excess").value or 0)
    )


def test_substitution_needs_two_windows(run: Runner) -> None:
    with pytest.raises(OutOfCoverage, match="two windows"):
        run(Substitution(focal="KAZ", loser="RUS", gainer="CHN", years=(2018, 2020)))
    with pytest.raises(Problems, match="cannot be made"):
        Substitution(focal="KAZ", loser="RUS", gainer="CIS")


def test_trade_inside_a_region_is_that_of_a_plain_sum(run: Runner, flows: Flows) -> None:
    inside = sum(v for (i, j, t), v in flows.items() if t == 2019 and {i, j} <= set(CA5))
    sold = sum(v for (i, _, t), v in flows.items() if t == 2019 and i in CA5)
    bought = sum(v for (_, j, t), v in flows.items() if t == 2019 and j in CA5)
    found = run(InternalShare(years=(2019, 2019)))
    share = 2 * inside / (sold + bought)
    assert found.at(figure="share").value == pytest.approx(share)
    world = shipped("baci_world").filter(pl.col("year") == 2019)
    everything = sum(float(world[c].sum()) for c in world.columns if "kusd" in c)
    w = (sold + bought) / everything
    assert found.at(figure="expected").value == pytest.approx(w)
    symmetric = (share - w) / (share + w - 2 * share * w)
    assert found.at(figure="symmetric").value == pytest.approx(symmetric)


def test_a_region_of_which_the_table_holds_some_partners_is_refused(run: Runner) -> None:
    with pytest.raises(OutOfCoverage, match="all partners of"):
        run(InternalShare(group="G7"))
    with pytest.raises(InputError, match="one state"):
        InternalShare(group="KAZ")


def test_a_mean_of_pairs_takes_each_pair_once(run: Runner) -> None:
    steps = [
        VoteAgreement(
            focal=a, partners=tuple(b for b in CA5 if b != a), years=(2015, 2016), draws=0
        )
        for a in CA5
    ]
    found = run(PairMean(tuple(steps), group="CA5"))
    pairs: dict[Any, float] = {}
    for step in steps:
        e = run(step).select(year=2015)
        for (a, b), value in zip(
            e.cells.select("state", "partner").iter_rows(), e.draws[:, 0], strict=True
        ):
            pairs[frozenset((a, b))] = value
    assert len(pairs) == 10
    assert found.at(year=2015).value == pytest.approx(np.mean(list(pairs.values())))
    assert found.at(year=2015).note == "10 of 10 pairs"


@dataclass(frozen=True)
class Pair(Step[Estimate]):
    """One pair told from both sides, the other not known."""

    def compute(self, get: Inputs) -> Estimate:
        rows = [
            ("KAZ", "UZB", 2010),
            ("UZB", "KAZ", 2010),
            ("KAZ", "KGZ", 2010),
            ("KAZ", "RUS", 2010),
        ]
        cells = pl.DataFrame(rows, ["state", "partner", "year"], orient="row")
        return Estimate(cells, np.array([[1.0], [3.0], [np.nan], [99.0]]), "Toy", "visits")


def test_two_tellings_of_a_pair_are_averaged_and_outsiders_left_out(run: Runner) -> None:
    found = run(PairMean((Pair(),), group="CA5")).at(year=2010)
    assert found.value == 2
    assert found.note == "1 of 10 pairs"
    with pytest.raises(KeyMismatch):
        run(PairMean((HHI(focal="KAZ"),), group="CA5"))
