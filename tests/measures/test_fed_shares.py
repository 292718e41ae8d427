"""Shares from fed tables: counted again by hand, from the publishers' files where they are here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from multivector.errors import InputError, OutOfCoverage, Problems
from multivector.measures.engagement import Engagement
from multivector.measures.fed_shares import AllianceShare, VisitShare
from multivector.origin import CC0, Origin
from multivector.panel import Panel
from multivector.runner import Runner
from multivector.step import Inputs, Step
from multivector.variable import Coverage, Key, Variable, span


@dataclass(frozen=True)
class Members(Step[Panel]):
    """Azerbaijan and Russia to mid-2005; Azerbaijan, Russia, China and France, for good."""

    def compute(self, get: Inputs) -> Panel:
        rows = [
            (1, 0, 373, "2000-05", "2005-06-30"), (1, 0, 365, "2000-05", "2005-06-30"),
            *((2, 0, c, "2003-01-01", None) for c in (373, 365, 710, 220)),
        ]  # fmt: skip
        names = ("alliance", "phase", "state", "entered", "left")
        frame = pl.DataFrame(rows, names, orient="row")
        cover = Coverage(span(1815, 2018))
        key = Key("member of an alliance", names[:4], system="cow")
        origin = Origin("toy", "Toy alliances", "test", "1", CC0)
        return Panel(frame, key, (Variable("left", "Left", "text", cover, origins=(origin,)),))


def test_an_alliance_is_one_tie_divided_over_its_members(run: Runner) -> None:
    step = AllianceShare(
        Members(), focal="AZE", partners=("RUS", "EU27_2020"), years=(2002, 2006), draws=20
    )
    found = run(step)
    by_hand = {2002: (1, 0, 0), 2004: (4 / 6, 1 / 6, 1 / 6), 2006: (1 / 3, 1 / 3, 1 / 3)}
    for year, shares in by_hand.items():
        for partner, share in zip(("RUS", "EU27_2020", "ROW"), shares, strict=True):
            assert found.at(partner=partner, year=year).value == pytest.approx(share)
    with pytest.raises(OutOfCoverage, match="no alliance of MNG"):
        run(AllianceShare(Members(), focal="MNG", partners=("RUS",)))
    with pytest.raises((InputError, Problems), match="ends in 2018"):
        AllianceShare(focal="SRB", partners=("RUS",), years=(2010, 2020))


def test_trips_of_a_covered_state_are_those_of_a_plain_count(full: Runner, real_data: Path) -> None:
    raw = pl.read_parquet(
        next(real_data.rglob("colt_visits_CHN_DEU_JPN_SGP_USA_dyads_2018_2024.parquet"))
    ).filter(pl.col("reporter_iso") == "CHN", pl.col("year") == 2019)
    counts = Counter(dict(raw.select("partner_iso", "stateVisits").iter_rows()))
    found = full(VisitShare(focal="CHN", partners=("RUS", "USA"), draws=0))
    for partner in ("RUS", "USA"):
        own = counts[partner] / sum(counts.values())
        assert found.at(partner=partner, year=2019).value == pytest.approx(own)
    with pytest.raises(OutOfCoverage, match="not all partners of KAZ"):
        full(VisitShare(focal="KAZ", partners=("RUS", "CHN")))


def test_the_security_domain_takes_atop_where_the_list_has_no_treaty(full: Runner) -> None:
    serbia = full(Engagement(domain="security", focal="SRB", partners=("RUS", "TUR"), draws=20))
    assert "alliances of ATOP" in serbia.variant
    own = full(Engagement(domain="security", focal="KAZ", partners=("RUS", "TUR"), draws=20))
    assert "treaties with an obligation" in own.variant
