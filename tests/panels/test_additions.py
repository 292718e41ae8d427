"""Standard additions: each against a plain twin, and missing, never zero, after its series ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from multivector.errors import InputError
from multivector.panel import Panel
from multivector.panels.cases import (
    ConflictYears,
    LeaderOfYear,
    PolityYears,
    SanctionYears,
    VisaYears,
)
from multivector.panels.distance import CapitalDistance
from multivector.panels.leader_years import LeaderYears
from multivector.panels.memberships import SharedIgoYears, TradeAgreementYears
from multivector.panels.peace import PeaceYears
from multivector.panels.recode import Recode
from multivector.panels.together import Columns, With
from multivector.registry import find
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.sources.visa import REGIMES
from multivector.step import Step
from multivector.variable import DIRECTED_DYAD_YEAR, Coverage, Key, Variable, span
from tests.panels.toys import COW_DIRECTED, TABLES, Toy, toy, value

IGO = Key("state by organisation by year", ("igo", "state", "year"), system="cow")
STANDING = ((0, "no membership"), (1, "full member"), (2, "associate"), (3, "observer"))


# organisations and agreements -----------------------------------------------------------------


def test_shared_organisations_against_sets() -> None:
    members = {"un": {1, 2, 3, 4}, "cis": {1, 2}, "nato": {3, 4}, "coal": {1, 2, 3}}
    rows = [(g, s, 2000, int(s in who)) for g, who in members.items() for s in (1, 2, 3, 4)]
    rows += [("new", 1, 2000, None), ("new", 2, 2000, 1), ("new", 3, 2000, 2), ("un", 1, 2001, 1)]
    cover = Coverage(span(1816, 2014))
    standing = Variable("membership", "Membership", "category", cover, codes=STANDING)
    panel = value(SharedIgoYears(toy("igos", IGO, rows, standing), universal=0.75))
    found = {(a, b): (n, d) for a, b, y, n, d in panel.frame.iter_rows() if y == 2000}
    for a, b in combinations((1, 2, 3, 4), 2):
        both = [g for g, who in members.items() if {a, b} <= who]
        few = [g for g in both if len(members[g]) / 4 < 0.75]
        assert found[a, b] == (len(both), len(few)), (a, b)
    assert panel.frame.filter(year=2001).is_empty()
    with pytest.raises(InputError, match="no share"):
        SharedIgoYears(universal=0)


def test_agreements_count_from_the_earliest_year_in_which_both_are_parties() -> None:
    cover = Coverage(span(1948, 2020))
    texts = Variable("title", "Name", "text", cover)
    numbers = tuple(Variable(n, n, "year", cover) for n in ("base", "entry", "signed", "in_force"))
    rows = [
        ("1", "KAZ", "t", 1, 1, 2010, 2012), ("1", "RUS", "t", 1, 1, 2010, 2012),
        ("2", "KAZ", "a", 1, 2, 2014, 2015), ("2", "RUS", "a", 1, 2, 2014, 2015),
        ("2", "KGZ", "a", 1, 2, 2014, 2015),  # accession of KGZ to treaty 1
        ("3", "KAZ", "x", 3, 1, 2011, None), ("3", "RUS", "x", 3, 1, 2011, None),
        ("4", "KAZ", "n", 4, 6, 2000, 2000), ("4", "RUS", "n", 4, 6, 2000, 2000),
    ]  # fmt: skip
    key = Key("party to an agreement", ("agreement", "state"))
    table = toy("desta", key, rows, texts, *numbers)
    frame = value(TradeAgreementYears(table)).frame
    cells = {(a, b, y): (s, f) for a, b, y, s, f in frame.iter_rows()}
    assert [cells["KAZ", "RUS", y] for y in (2010, 2011, 2012, 2020)] == [
        (1, 0), (2, 0), (2, 1), (2, 1),
    ]  # fmt: skip
    assert cells["KAZ", "KGZ", 2015] == (1, 1)
    assert ("KAZ", "KGZ", 2013) not in cells
    assert ("KAZ", "RUS", 2009) not in cells


# cases ----------------------------------------------------------------------------------------


def test_sanctions_in_force_by_year() -> None:
    cover = Coverage(span(1949, 2023))
    key = Key("sender and target of a case", ("case", "sender", "target"))
    names = ("sender_id", "target_id", "began", "ended")
    rows = [
        (1, "EU", "Russia", "EU", "RUS", 2014, 2023),
        (2, "EU", "Russia", "EU", "RUS", 2022, 2023),
        (3, "League", "Mali", None, "MLI", 1993, 1994),
    ]
    declared = [Variable(n, n, "text" if "id" in n else "year", cover) for n in names]
    frame = value(SanctionYears(toy("gsdb", key, rows, *declared))).frame
    cells = {y: n for _, _, y, n in frame.iter_rows()}
    assert cells == {**dict.fromkeys(range(2014, 2022), 1), 2022: 2, 2023: 2}


def test_visas_by_year_of_release() -> None:
    words = {word: code for code, word in REGIMES}
    rows = [
        ("KAZ", "TUR", date(2023, 2, 9), words["visa free"]),
        ("KAZ", "USA", date(2023, 2, 9), words["visa on arrival"]),
        ("KAZ", "CHN", date(2021, 1, 25), words["ban during the pandemic"]),
    ]
    regime = Variable("regime", "Regime", "category", Coverage(span(2019, 2026)), codes=REGIMES)
    key = Key("passport by destination by date", ("state", "partner", "date"))
    frame = value(VisaYears(toy("visa", key, rows, regime))).frame
    assert {(p, y): v for _, p, y, v in frame.iter_rows()} == {
        ("TUR", 2023): 1, ("USA", 2023): 0, ("CHN", 2021): None,
    }  # fmt: skip


def test_a_government_that_supports_a_side_has_no_conflict_of_its_own() -> None:
    key = Key("state in a conflict-year", ("conflict", "year", "state", "role"), system="gw")
    cover = Coverage(span(1946, 2024))
    level = Variable("intensity", "Intensity", "level", cover, codes=((1, "minor"), (2, "war")))
    rows = [
        (1, 1995, 365, "side A", 2), (2, 1995, 365, "side A", 1),
        (3, 1995, 365, "supports side A", 1), (3, 1995, 702, "side A", 1),
    ]  # fmt: skip
    frame = value(ConflictYears(toy("acd", key, rows, level))).frame
    assert frame.rows() == [(365, 1995, 2, 2), (702, 1995, 1, 1)]


def test_leader_of_the_end_of_the_year() -> None:
    key = Key("spell of a leader", ("state", "leader", "began"), system="cow")
    ended = Variable("ended", "Ended", "text", Coverage(span(1990, 2005)))
    rows = [(365, "Yeltsin", "1990-05-29", "1999-12"), (365, "Putin", "1999-12-31", None)]
    years = LeaderYears(toy("spells", key, rows, ended))
    frame = value(LeaderOfYear(years)).frame
    held = {y: (who, since) for _, y, who, since, _ in frame.iter_rows()}
    assert held[1998] == ("Yeltsin", "1990-05-29")
    assert held[1999] == held[2005] == ("Putin", "1999-12-31")


def test_polity_by_cow_number_keeps_the_state_that_began_last() -> None:
    cover = Coverage(span(1800, 2018))
    names = ("cow", "democracy", "autocracy", "polity", "polity2")
    declared = [Variable(n, n, "points", cover) for n in names]
    rows = [
        ("USR", 1990, 365, 1, 1, 0, 0), ("USR", 1991, 365, 1, 1, 0, 0),
        ("RUS", 1991, 365, 5, 0, 5, 5), ("XXX", 1991, None, 9, 0, 9, 9),
    ]  # fmt: skip
    key = Key("state-year", ("state", "year"), system="polity")
    frame = value(PolityYears(toy("p5", key, rows, *declared))).frame
    assert frame.select("state", "year", "polity2").rows() == [(365, 1990, 0), (365, 1991, 5)]


# after a series ends --------------------------------------------------------------------------

Make = Callable[[], Step[Panel]]


def source(name: str) -> Step[Panel]:
    made: Step[Panel] = find("sources", name)()
    return made


ADDITIONS: dict[str, tuple[Make, str, int]] = {
    "contiguity": (lambda: source("cow_contiguity"), "", 2016),
    "minimum distance": (lambda: source("cow_distance"), "", 2019),
    "major powers": (lambda: source("major_powers"), "_state", 2016),
    "capabilities": (lambda: source("material_capabilities"), "_state", 2022),
    "GDP and population": (lambda: source("size"), "_state", 2019),
    "Polity": (PolityYears, "_state", 2018),
    "alliances": (lambda: source("atop_dyads"), "", 2018),
    "organisations": (lambda: source("cow_igo_dyads"), "", 2014),
    "disputes, MID": (lambda: source("cow_disputes"), "", 2014),
    "disputes, GML": (lambda: source("gml_disputes"), "", 2010),
    "rivalries": (lambda: source("tss_rivalries"), "", 2020),
    "leaders": (LeaderOfYear, "_state", 2020),
    "troops": (lambda: source("us_troops"), "_state", 2024),
    "regime, V-Dem": (lambda: Recode(_polyarchy(), "cow", unmatched="drop"), "_state", 2024),
    "trade agreements": (
        lambda: Recode(TradeAgreementYears(), "cow", unmatched="drop"), "", 2020,
    ),
    "conflicts": (lambda: Recode(ConflictYears(), "cow", unmatched="drop"), "_state", 2024),
}  # fmt: skip
"""Each addition with the end of its columns on a dyadic table, and its last year (data README)."""


def _polyarchy() -> Step[Panel]:
    return Columns(source("vdem"), ("polyarchy", "polyarchy_low", "polyarchy_high"))


@pytest.fixture(scope="module")
def full(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    cache = tmp_path_factory.mktemp("additions")
    return Runner(Settings(data=real_data, cache=cache, offline=True))


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", ADDITIONS)
def test_after_a_series_ends_its_values_are_missing_never_zero(name: str, full: Runner) -> None:
    make, end, last = ADDITIONS[name]
    pairs = [(705, 365), (365, 705), (365, 710), (2, 365)]
    TABLES["base"] = Panel(
        pl.DataFrame(
            [(a, b, y) for a, b in pairs for y in (last, last + 1)],
            ["state", "partner", "year"],
            orient="row",
        ),
        COW_DIRECTED,
        (),
    )
    added = full(make())
    TABLES["added"] = replace(added, trusted=True)
    panel = value(With(Toy("base"), (Toy("added"),)))
    columns = [v.name + end for v in added.variables if not end or v.name + end]
    inside = panel.frame.filter(year=last).select(columns)
    outside = panel.frame.filter(year=last + 1).select(columns)
    assert outside.null_count().row(0) == (len(pairs),) * len(columns)
    assert inside.null_count().row(0) != (len(pairs),) * len(columns)
    assert all(max(v.coverage.years) == last for v in added.variables)
    assert added.provenance


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_peace_years_and_capitals_on_a_universe(full: Runner) -> None:
    universe: Any = find("panels", "dyad_years")(years=(2008, 2010))
    disputes = PeaceYears(With(universe, (source("gml_disputes"),)), "ongoing")
    frame = full(CapitalDistance(disputes)).frame
    assert frame["ongoing_peace_years"].null_count() == 0
    apart = frame.filter(state=705, partner=365)["capital_distance_km"]
    assert apart.to_list() == pytest.approx([2_275] * 3, abs=15)  # Astana to Moscow


def test_shared_organisations_are_the_published_dyads(full: Runner) -> None:
    """Every dyad of COW's own table; its counts are one to three higher in some, never lower."""
    members = full(source("cow_igo_members")).where(pl.col("year").is_in([1950, 2014]))
    TABLES["members"] = members
    ours = value(SharedIgoYears(Toy("members"))).frame
    theirs = full(source("cow_igo_dyads")).frame.filter(pl.col("year").is_in([1950, 2014]))
    both = ours.join(theirs, on=["state", "partner", "year"])
    assert len(ours) == len(both) == len(theirs)
    more = (both["shared_igos"] - both["shared_igos_all"]).value_counts(normalize=True)
    shares = dict(more.iter_rows())
    assert set(shares) <= {0, 1, 2, 3}
    assert shares[0] > 0.7
    assert (both["shared_igos_distinctive"] <= both["shared_igos_all"]).all()


def test_agreements_of_the_panel_are_those_of_the_measure(full: Runner) -> None:
    count = find("measures", "trade_agreement_count")(
        focal="KAZ", partners=("RUS", "TUR", "CHN"), years=(1995, 2020)
    )
    found = full(count)
    frame = full(TradeAgreementYears()).frame
    cells = {(a, b, y): n for a, b, y, n in frame.select(
        "state", "partner", "year", "agreements_in_force").iter_rows()}  # fmt: skip
    for q in found.quantities():
        cell = dict(q.cell)
        a, b = sorted((cell["state"], cell["partner"]))
        assert cells.get((a, b, cell["year"]), 0) == q.value


def test_visas_are_both_ways(full: Runner) -> None:
    frame = full(VisaYears()).frame
    assert DIRECTED_DYAD_YEAR.columns == ("state", "partner", "year")
    held = frame.filter(state="KAZ", partner="RUS")["visa_free"]
    back = frame.filter(state="RUS", partner="KAZ")["visa_free"]
    assert held[-1] == back[-1] == 1
