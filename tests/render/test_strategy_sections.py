"""Sections on strategy: sentences follow the measures, and what is missing is said."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from markupsafe import Markup, escape

from multivector.goals import load_goals, scoreboard
from multivector.render.figure import Figure, Table
from multivector.render.section import Block
from multivector.render.sections import (
    continuity,
    goals,
    mechanisms,
    patron,
    position,
    region,
    tension,
    vacuum,
    validity,
)
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.study import Study, load


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(Settings(cache=tmp_path_factory.mktemp("cache"), offline=True))


@pytest.fixture(scope="module")
def study() -> Study:
    return replace(load("kazakhstan"), draws=20, posterior_draws=0, comparators=("UZB", "BLR"))


def text(blocks: list[Block]) -> str:
    return " ".join(re.sub("<[^>]*>", "", b) for b in blocks if isinstance(b, Markup))


def drawn(blocks: list[Block]) -> dict[str, Figure | Table]:
    return {b.name: b for b in blocks if isinstance(b, Figure | Table)}


def test_tension_shows_each_pair_apart(study: Study, run: Runner) -> None:
    blocks = tension.build(study, run)
    figures = drawn(blocks)
    assert set(figures) == {"tension", "tension-distance", "power-shift"}
    for name in ("tension", "tension-distance"):
        pairs = set(figures[name].table.select("state", "partner").iter_rows())
        assert pairs == {("USA", "RUS"), ("USA", "CHN"), ("RUS", "CHN")}
    said = text(blocks)
    assert "none is averaged" in said
    assert "Asian paradox" in said
    assert said.count("multivector report kazakhstan --data FOLDER") == 3


def test_distances_of_powers_are_those_of_the_points_of_the_section_on_position(
    study: Study, run: Runner
) -> None:
    _step, theta = position.points(study, run)
    gap = tension.distance(study, run).estimates[0].at(partner="RUS", year=2015).value
    a, b = (theta.at(state=s, year=2015).value or 0.0 for s in ("USA", "RUS"))
    assert gap == pytest.approx(abs(a - b))


def test_with_fed_files_disputes_events_and_capabilities_are_drawn(
    study: Study, real_data: Path, tmp_path: Path
) -> None:
    fed = Runner(Settings(cache=tmp_path, offline=True, data=real_data))
    figures = [tension.disputes(study, fed), tension.events(study, fed)]
    for figure in figures:
        assert set(figure.table.select("state", "partner").iter_rows()) == set(tension.pairs(study))
    hatched = [v["says"] for v in figures[0].drawings[0].specs["wide"]["data"]["values"]
               if v["year"] == "2020"]  # fmt: skip
    assert hatched == ["", "", ""]  # the list ends in 2014
    own = tension.capabilities(study, fed).estimates[0]
    assert (own.at(state="CHN", year=2012).value or 0) > (own.at(state="USA", year=2012).value or 0)


def test_continuity_says_what_stands_out_after_adjustment(study: Study, run: Runner) -> None:
    blocks = continuity.build(study, run)
    found = continuity.tested(study, run).select(figure="BH")
    smallest = min(q.value for q in found.quantities() if q.value is not None)
    said = "stands out: the smallest probability" in text(blocks)
    assert said == (smallest > continuity.STANDS_OUT)
    assert {"continuity", "placebos-a", "placebos-b"} <= set(drawn(blocks))
    assert "attributes a step to a person" in text(blocks)


def test_continuity_without_events_says_so(study: Study, run: Runner) -> None:
    assert "no event" in text(continuity.build(replace(study, events=()), run))


def test_the_largest_fall_is_set_beside_the_largest_rise(study: Study, run: Runner) -> None:
    assert vacuum.movers(study, run) == ("RUS", "CHN")
    assert "beyond an even split" in text(vacuum.build(study, run))
    steady = replace(study, partners=("CHN", "TUR"))
    assert "no vacuum to fill" in text(vacuum.build(steady, run))


def test_the_region_is_shown_where_one_is_declared(study: Study, run: Runner) -> None:
    assert "region" in drawn(region.build(study, run))
    assert "in no region" in text(region.build(load("SRB"), run))


def test_the_scoreboard_is_that_of_the_goals(study: Study, run: Runner) -> None:
    blocks = goals.build(study, run)
    scores = scoreboard(load_goals("kazakhstan"), run)
    for score in scores:
        if score.indicator is not None:
            row = re.search(f"{re.escape(escape(score.indicator.label))}.*?</tr>", str(blocks[1]))
            assert row is not None
            assert goals.VERDICTS[score.verdict] in row[0]
    assert "No goals of Serbia ship" in text(goals.build(load("SRB"), run))


def test_a_patron_is_not_set_against_itself(run: Runner) -> None:
    assert "own patron" in text(patron.build(load("RUS"), run))


def test_what_is_left_of_alignment_is_no_proof(study: Study, run: Runner) -> None:
    blocks = patron.build(study, run)
    assert set(drawn(blocks)["patron"].table["state"]) == {"KAZ", "UZB", "BLR"}
    assert "no proof of independence" in text(blocks)
    assert "within R²" in text(blocks)


def test_each_mechanism_is_answered_or_left_open(study: Study, run: Runner) -> None:
    said = text(mechanisms.build(study, run))
    assert said.count("not identified by these data") == 3
    assert "event three years earlier" in said
    assert "ucdp_onsets" in said  # which file to feed


def test_checks_print_their_result(study: Study, run: Runner) -> None:
    said = text(validity.build(study, run))
    assert said.count("passed") >= 4
    assert "not run" in said
