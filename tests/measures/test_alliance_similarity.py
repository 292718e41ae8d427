"""Portfolios of alliances: Signorino and Ritter's Table 6 as steps, and ATOP read plainly."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from multivector.errors import Problems
from multivector.measures.alliance_similarity import AllianceSimilarity
from multivector.origin import CC0, Origin
from multivector.panel import Panel
from multivector.runner import Runner
from multivector.step import Inputs, Step
from multivector.variable import Coverage, Key, Variable, span

# Obligations of level 1, 2 and 3, each by one that counts at that level.
LEVELS = {1: "consultation", 2: "neutrality", 3: "defense"}
FLAGS = ("defense", "offense", "neutrality", "nonaggression", "consultation")
COVER = Coverage(span(1900, 2018))
ORIGIN = (Origin("toy", "Toy", "test", "1", CC0),)
DIRECTED = Key("directed dyad-year", ("state", "partner", "year"), system="cow")
COW_1914 = {"GMY": 255, "RUS": 365}


@dataclass(frozen=True)
class Ties(Step[Panel]):
    """Made-up obligations as (state, partner, year, level)."""

    rows: tuple[tuple[int, int, int, int], ...]

    def compute(self, get: Inputs) -> Panel:
        made = [(a, b, y, *(int(LEVELS.get(v) == f) for f in FLAGS)) for a, b, y, v in self.rows]
        types = dict.fromkeys(("state", "partner", "year", *FLAGS), pl.Int64)
        frame = pl.DataFrame(made, types, orient="row")
        variables = (Variable(f, f, "flag", COVER, "zero", origins=ORIGIN) for f in FLAGS)
        return Panel(frame, DIRECTED, tuple(variables))


@dataclass(frozen=True)
class Members(Step[Panel]):
    """A made-up system of states in one year."""

    codes: tuple[int, ...]
    year: int

    def compute(self, get: Inputs) -> Panel:
        frame = pl.DataFrame({"state": self.codes, "year": [self.year] * len(self.codes)})
        return Panel(frame, Key("state-year", ("state", "year"), system="cow"), ())


@pytest.mark.parametrize(
    ("score", "distance", "value"),
    [
        ("s", "absolute", 0.4),
        ("s", "squared", 0.4444444),
        ("kappa", "squared", -0.07758621),
        ("pi", "nominal", -0.04477612),
        ("alignment", "absolute", -0.04),
        ("tau_b", "absolute", 0.03031695),
    ],
)
def test_germany_and_russia_in_1914(
    run: Runner, real_data: Path, score: str, distance: str, value: float
) -> None:
    """Portfolios of Signorino & Ritter (1999), Table 6; values as the fpsim package prints them."""
    text = (real_data / "unga" / "signorino_ritter_table6_1914.csv").read_text(encoding="utf-8")
    table = list(csv.DictReader(text.splitlines()))
    codes = {row["state"]: 900 + n for n, row in enumerate(table)} | COW_1914
    ties = tuple(
        (COW_1914[owner], codes[row["state"]], 1914, int(row[owner.lower()]))
        for owner in COW_1914
        for row in table
        if row["state"] != owner and int(row[owner.lower()])
    )
    step = AllianceSimilarity(
        Ties(ties),
        Members(tuple(codes.values()), 1914),
        focal="DEU",
        partners=("RUS",),
        years=(1914, 1914),
        score=score,
        distance=distance,
    )
    assert run(step).at().value == pytest.approx(value, abs=5.1e-8 if value != 0.4 else 1e-12)


def test_no_alliance_is_a_portfolio_and_no_state_is_none(run: Runner) -> None:
    step = AllianceSimilarity(
        Ties(((365, 705, 2000, 3),)),
        Members((2, 365, 705), 2000),
        focal="USA",
        partners=("KAZ", "CHN"),
        years=(2000, 2000),
    )
    found = run(step)
    # USA (3, 0, 0) and Kazakhstan (0, 0, 3): distances 3, 0, 3 of at most 3 each
    assert found.at(partner="KAZ").value == pytest.approx(1 - 2 * 6 / 9, abs=1e-12)
    assert not found.at(partner="CHN").known


def test_years_without_data_are_missing(run: Runner) -> None:
    step = AllianceSimilarity(
        Ties(((365, 705, 2018, 3),)),
        Members((2, 365, 705), 2019),
        focal="RUS",
        partners=("KAZ",),
        years=(2019, 2019),
    )
    cell = run(step).at()
    assert not cell.known
    assert "1900–2018" in cell.note


def test_kazakhstan_and_russia_from_the_file(full: Runner, real_data: Path) -> None:
    """S of 2016 by loops over ATOP's rows."""
    (path,) = real_data.rglob("atop51_directed_dyad_year.parquet")
    raw = pl.read_parquet(path).filter(pl.col("year") == 2016)
    owed: dict[tuple[int, int], int] = {}
    for row in raw.iter_rows(named=True):
        level = 3 if row["atop_defense"] or row["atop_offense"] else 0
        level = level or (2 if row["atop_neutral"] or row["atop_nonagg"] else 0)
        owed[int(row["ccode1"]), int(row["ccode2"])] = level or int(bool(row["atop_consul"]))
    step = AllianceSimilarity(focal="KAZ", partners=("RUS",), years=(2016, 2016))
    members = full(step.system).frame.filter(pl.col("year") == 2016)["state"].to_list()

    def portfolio(state: int) -> list[int]:
        return [3 if m == state else owed.get((state, m), 0) for m in members]

    apart = [abs(a - b) for a, b in zip(portfolio(705), portfolio(365), strict=True)]
    expected = 1 - 2 * sum(apart) / (3 * len(members))
    assert full(step).at().value == pytest.approx(expected, abs=1e-12)


def test_wrong_choices_are_named_at_once() -> None:
    with pytest.raises(Problems) as caught:
        AllianceSimilarity(focal="KAZ", partners=("KAZ", "EU"), years=(2018, 2000))
    assert len(caught.value.exceptions) == 3
