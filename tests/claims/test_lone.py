"""A lone source of trade contradicts only what lies beyond its difference from another."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from multivector.claims import lone
from multivector.claims.judge import judge
from multivector.claims.model import Answer, Claim, Document
from multivector.measures.trade import PartnerShare
from multivector.registry import find
from multivector.runner import Runner
from multivector.settings import Settings

from .toys import Sizes

PAPER = Document("A paper", date="2021")
STEP = PartnerShare(focal="KAZ", partners=("CHN",), flow="exports")
ANSWER = Answer("BACI", STEP, where=(("partner", "=", "CHN"),))
YEAR = 2015


@pytest.fixture(scope="module")
def run() -> Runner:
    return Runner(Settings(offline=True))


def quantile(values: list[float], level: float) -> float:
    """Return the quantile by linear interpolation, written out (Hyndman & Fan 1996, type 7)."""
    ordered = sorted(values)
    at = level * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])


def test_the_spread_is_the_quantile_of_differences_added_up_from_rows(run: Runner) -> None:
    """A slow twin: shares from the rows of BACI, cell by cell, without the measure."""
    baci = run(find("sources", "baci")()).frame.rename({"exports_kusd": "value"})
    book = run(find("sources", "factbook_partners")()).frame
    gaps: list[float] = []
    for flow, us, them in (("exports", "state", "partner"), ("imports", "partner", "state")):
        own = baci.filter(pl.col(us) == "KAZ", pl.col(them) != "KAZ")
        for row in book.filter(pl.col("state") == "KAZ").iter_rows(named=True):
            printed = row[f"{flow}_share"]
            year = own.filter(pl.col("year") == row["year"])
            if printed is None or printed < 0.05 or row["year"] == YEAR or year.is_empty():
                continue
            part = year.filter(pl.col(them) == row["partner"])["value"].sum()
            gaps.append(abs(part / year["value"].sum() - printed))
    assert len(gaps) > lone.FEWEST
    found = lone.spread(STEP, run, {YEAR})
    assert found == pytest.approx(quantile(gaps, 0.9), abs=1e-6)


def test_a_claim_within_the_spread_is_left_open_and_one_beyond_contradicted(run: Runner) -> None:
    has = run(STEP).at(partner="CHN", year=YEAR).value
    delta = lone.spread(STEP, run, {YEAR})
    assert has is not None
    assert delta is not None

    def word(value: float, *more: Answer) -> str:
        claim = Claim("x", "share", "x", value=value, tolerance=0.01, period=(YEAR, YEAR))
        return judge(replace(claim, answers=(ANSWER, *more)), PAPER, run).word

    assert word(has + 0.009) == "supported"
    assert word(has + 0.01 + delta - 0.001) == "depends on source"
    assert word(has + 0.01 + delta + 0.2) == "contradicted"
    second = Answer("another", Sizes((("KAZ", YEAR, 0.0),)), variable="size")
    own = run.__call__

    def with_origin(step: object) -> object:
        value = own(step)  # type: ignore[arg-type]
        if not isinstance(step, Sizes):
            return value
        origin = replace(run(STEP).origins[0], dataset="another")
        variables = tuple(replace(v, origins=(origin,)) for v in value.variables)
        return replace(value, variables=variables)

    claim = Claim("x", "share", "x", value=has + 0.01 + delta - 0.001, tolerance=0.01,
                  period=(YEAR, YEAR), answers=(ANSWER, second))  # fmt: skip
    assert judge(claim, PAPER, with_origin).word != "depends on source"


def test_the_rule_is_for_shares_of_trade_alone(run: Runner) -> None:
    assert lone.spread(Sizes((("KAZ", 2015, 1.0),)), run) is None
    assert lone.disagreement([0.1] * 9, [0.2] * 9) is None
