"""Our table of security treaties: every row that ATOP covers is compared with ATOP."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest

from multivector import states
from multivector.measures.security import shared_spells
from multivector.settings import Settings
from multivector.sources.alliance_obligations import STATES, SecurityTreaties
from multivector.sources.atop import OBLIGATIONS, AtopAlliances, AtopDyads, AtopMembers

ENDS = {
    # ATOP follows the note of withdrawal; the Council of the Organisation suspended membership on
    # 19 December 2012 (data/states/groups.csv has the same day).
    ("cst", "UZB", date(2006, 8, 16)): ("2012-06-28", date(2012, 12, 19)),
}
BEGINS = {
    # ATOP dates two accessions to the Collective Security Treaty a day or three later.
    ("cst", "BLR"): ("1994-01-03", date(1993, 12, 31)),
    ("cst", "UZB"): ("2006-08-17", date(2006, 8, 16)),
}
PHASES = {"shanghai_five": 1, "sco": 2}  # one alliance of ATOP, two documents of ours


@pytest.fixture(scope="module")
def treaties() -> pl.DataFrame:
    return (
        SecurityTreaties(layout="casebook")
        .load(SecurityTreaties(layout="casebook").found(Settings(offline=True)))
        .frame
    )


def test_states_are_states_and_days_follow_each_other(treaties: pl.DataFrame) -> None:
    assert set(treaties["state"]) == set(STATES) <= set(states.all_states(2024))
    assert treaties.filter(pl.col("in_force") < pl.col("signed")).is_empty()
    assert treaties.filter(pl.col("ended") < pl.col("signed")).is_empty()
    assert treaties.group_by("treaty").len()["len"].min() >= 2
    same = treaties.group_by("treaty").agg(pl.col("title", "atop_number", *OBLIGATIONS).n_unique())
    assert same.drop("treaty").max().row(0) == (1,) * 7


def test_obligations_are_missing_where_nothing_was_compared(treaties: pl.DataFrame) -> None:
    late = treaties.filter(pl.col("signed") >= date(2022, 1, 1))
    assert late["treaty"].n_unique() == 3
    assert late.select(*OBLIGATIONS).null_count().row(0) == (len(late),) * 5
    assert treaties.filter(pl.col("atop_number").is_null())["signed"].min() > date(2018, 12, 31)


def test_every_row_names_the_treaty_and_where_it_was_compared(treaties: pl.DataFrame) -> None:
    number = pl.format("ATOP 5.1, alliance {}", "atop_number")
    old = treaties.drop_nulls("atop_number")
    assert old.filter(~pl.col("basis").str.ends_with(number)).is_empty()
    new = treaties.filter(pl.col("atop_number").is_null())
    assert new.filter(~pl.col("basis").str.contains(r"https://\S+$")).is_empty()


@pytest.fixture(scope="module")
def atop(real_data: Path) -> dict[str, pl.DataFrame]:
    folder = real_data / "ties/alliances"
    return {
        "alliances": AtopAlliances().read("alliances", [folder / "atop5_1a.csv.gz"]),
        "members": AtopMembers().read("members", [folder / "atop5_1m.csv.gz"]),
        "dyads": AtopDyads().read("dyad copy", [folder / "atop51_directed_dyad_year.parquet"]),
    }


def test_every_row_agrees_with_atop(treaties: pl.DataFrame, atop: dict[str, pl.DataFrame]) -> None:
    """Party, day of entry, day of end and five obligations, row by row."""
    compared = 0
    for row in treaties.drop_nulls("atop_number").iter_rows(named=True):
        treaty, state, signed, ended = (row[c] for c in ("treaty", "state", "signed", "ended"))
        code = int(states.code(state, "cow", signed) or 0)
        spells = atop["members"].filter(
            pl.col("alliance") == row["atop_number"], pl.col("state") == code
        )
        if treaty in PHASES:
            spells = spells.filter(pl.col("phase") == PHASES[treaty])
        begun, expected = BEGINS.get((treaty, state), ("", None))
        entered = begun if expected == signed else signed.isoformat()
        spell = spells.filter(pl.col("entered") == entered)
        assert len(spell) == 1, (treaty, state, signed, spells["entered"].to_list())
        # a later phase of the same alliance carries on
        last = spells.filter(pl.col("entered") >= entered).sort("entered")
        if state == "UZB" and treaty == "cst":
            last = spell
        theirs = last["left"].to_list()[-1]
        their_end, our_end = ENDS.get((treaty, state, signed), (theirs, None))
        assert theirs == their_end
        if treaty != "shanghai_five":  # the agreement of 1996 did not end with the Five
            assert ended == (our_end or (date.fromisoformat(theirs) if theirs else None)), treaty
        assert {k: row[k] for k in OBLIGATIONS} == {k: spell[k].item() for k in OBLIGATIONS}
        compared += 1
    assert compared == len(treaties) - 8


HELSINKI = 3740
"""Non-aggression among the members of the OSCE, which is not in our list."""


@pytest.mark.parametrize("obligation", ["defense", "neutrality", "offense", "consultation"])
def test_pairs_agree_with_atops_dyads(
    treaties: pl.DataFrame, atop: dict[str, pl.DataFrame], obligation: str
) -> None:
    """Kazakhstan and Russia with each other state: the union of listed treaties is ATOP's dyad."""
    theirs = set(
        atop["dyads"].filter(pl.col(obligation) == 1).select("state", "partner", "year").iter_rows()
    )
    ours = treaties.filter(pl.col(obligation) == 1)
    pairs = [p for p in combinations(STATES, 2) if {"KAZ", "RUS"} & set(p) and "GEO" not in p]
    for one, other in pairs:
        spells = shared_spells(ours, one, other)
        for year in range(1992, 2019):
            bound = any(
                start.year <= year and (end is None or end.year >= year)
                for start, end in spells.select("from", "to").iter_rows()
            )
            codes = [int(states.code(s, "cow", year) or 0) for s in (one, other)]
            assert bound == ((*codes, year) in theirs), (one, other, year)
