"""The profile: one row a figure, each with its step; what is absent says why."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import polars as pl
import pytest

from multivector import terminal
from multivector.errors import InputError, UnknownName
from multivector.measures._constructs import points_of, reading
from multivector.measures.profile import CONSTRUCTS, FEWEST_VOTES, Profile
from multivector.measures.region import InternalShare
from multivector.panel import Panel
from multivector.runner import Runner
from tests.measures.test_domains import Drawn

ASKED: dict[str, Any] = {
    "focal": "KAZ",
    "partners": ("RUS", "CHN", "USA"),
    "years": (2018, 2020),
    "against": "uniform",
    "pairs": (("RUS", "USA+EU27_2020"), ("RUS", "CHN")),
    "powers": (("USA", "RUS"),),
    "draws": 20,
    "posterior_draws": 0,
}


@pytest.fixture(scope="module")
def made(run: Runner) -> tuple[Profile, Panel]:
    asked = Profile(**ASKED, domains=(Drawn(1, draws=20), Drawn(2, draws=20), "arms"))
    return asked, run(asked)


def rows(panel: Panel, **where: Any) -> pl.DataFrame:
    return panel.frame.filter(*(pl.col(k) == v for k, v in where.items()))


def test_every_step_has_rows_and_every_row_a_step(made: tuple[Profile, Panel], run: Runner) -> None:
    asked, panel = made
    assert set(panel.frame["construct"]) <= set(CONSTRUCTS)
    fingerprints = {run.fingerprint(s) for s in asked.parts}
    held = panel.frame.drop_nulls("step")
    assert set(held["step"]) <= fingerprints
    assert held["unit"].null_count() == held["variant"].null_count() == 0
    assert held["year"].is_between(2018, 2020).all()
    names = {o.dataset for o in panel.provenance}
    assert {"toy", "baci", "un_votes"} <= names


def test_a_row_is_the_cell_of_its_step(made: tuple[Profile, Panel], run: Runner) -> None:
    asked, panel = made
    step = next(s for s in asked.parts if s.name == "footprint")
    value = run(step)
    for q in value.quantities():
        cell = dict(q.cell)
        found = rows(panel, construct="footprint", counterpart=cell["partner"], year=cell["year"])
        assert found.select("value", "low", "high").row(0) == (q.value, q.low, q.high)
        assert found["step"][0] == value.fingerprint
        assert found["draws"][0] == "posterior"


def test_the_four_parts_add_up_in_the_table(made: tuple[Profile, Panel]) -> None:
    parts = rows(made[1], construct="partition", domain="pooled", counterpart="RUS | USA")
    shares = parts.filter(pl.col("part") != "signed lean").group_by("year").agg(pl.sum("value"))
    np.testing.assert_allclose(shares["value"].to_numpy(), 1, atol=1e-9)


def test_what_has_no_data_says_why(made: tuple[Profile, Panel]) -> None:
    arms = rows(made[1], construct="engagement", domain="arms")
    assert arms.select("value", "draws").row(0) == (None, None)
    assert "SIPRI" in arms["note"][0]
    pooled = rows(made[1], construct="balance", domain="pooled")
    assert pooled["value"].null_count() == 0
    assert "no data, left out: arms" in pooled["variant"][0]


def test_years_of_a_handful_of_votes_are_blank(run: Runner) -> None:
    late = run(Profile(**{**ASKED, "years": (2023, 2024)}, domains=(Drawn(1, draws=20),)))
    common = rows(late, construct="votes", part="votes in common", year=2024)
    assert common["value"].max() < FEWEST_VOTES
    agreement = rows(late, construct="votes", part="vote agreement")
    assert agreement.filter(pl.col("year") == 2024)["value"].null_count() == 3
    assert agreement.filter(pl.col("year") == 2023)["value"].null_count() == 0


def test_position_is_that_of_the_shared_ideal_points_between_every_two_powers(
    made: tuple[Profile, Panel], run: Runner
) -> None:
    theta = run(points_of("KAZ", ASKED["powers"], 0, 1))
    x = {s: theta.at(state=s, year=2019).value or 0.0 for s in ("KAZ", "USA", "RUS", "CHN")}
    held = rows(made[1], construct="position", part="position between two powers", year=2019)
    for a, b in (("USA", "RUS"), ("USA", "CHN"), ("RUS", "CHN")):
        own = held.filter(pl.col("counterpart") == f"{a} | {b}")["value"].item()
        assert own == pytest.approx((x["KAZ"] - x[a]) / (x[b] - x[a]))


def test_dependence_has_three_levels_apart_and_conflicts_their_absence(
    made: tuple[Profile, Panel],
) -> None:
    levels = set(rows(made[1], construct="dependence")["domain"])
    assert levels == {"sensitivity", "substitutability", "structural"}  # routes are of 2023
    late = made[1].frame.filter(pl.col("construct") == "tension")
    assert {"opposed votes", "distance of ideal points"} <= set(late["part"])
    assert set(rows(made[1], construct="sharp bounds")["part"].str.split(", ").list.first()) == {
        "balance", "departure", "partition",
    }  # fmt: skip


def test_the_course_of_the_profile_is_that_of_its_steps(
    run: Runner, made: tuple[Profile, Panel]
) -> None:
    breaks = rows(made[1], construct="continuity", domain="votes")
    assert breaks.filter(year=2019)["low"].is_not_null().all()
    share = run(InternalShare(group="CA5")).select(figure="share").at(year=2019).value
    inside = rows(made[1], construct="region", year=2019).filter(pl.col("part") == "CA5, share")
    assert inside["value"].to_list() == [share]
    moved = rows(made[1], construct="vacuum").filter(pl.col("part").str.contains("CHN for RUS"))
    assert moved["value"].is_not_null().any()
    left = rows(made[1], construct="unexplained alignment")
    assert left.filter(pl.col("part").str.contains("beyond ties to RUS"))["low"].count() > 0


def test_the_reading_follows_the_intervals() -> None:
    def row(part: str, value: float, width: float = 0.01) -> dict[str, Any]:
        return {"part": part, "value": value, "low": value - width, "high": value + width}

    sure = [row("net lean", 0.1), row("offset", 0.2), row("evenness", 0.5)]
    assert "equidistance" in reading(sure, secure=True)
    assert "nothing of hedging" in reading(sure, secure=False)
    assert "beyond doubt" in reading([row(p["part"], p["value"], 0.4) for p in sure], secure=True)


def test_defaults_leave_out_what_the_state_is_or_belongs_to() -> None:
    assert Profile(focal="DEU").partners == ("RUS", "CHN", "USA", "TUR")
    assert "RUS" not in Profile(focal="RUS").partners
    sides = {
        s.power_b
        for s in Profile(focal="DEU").parts
        if s.name == "partition" and s.power_a == "RUS"
    }
    assert sides == {"USA", "CHN"}
    with pytest.raises(InputError, match="is a group"):
        Profile(focal="EU")


def test_the_terminal_prints_last_years_and_reasons(
    made: tuple[Profile, Panel], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal.out, "width", 120)
    terminal.print_profile(made[1])
    printed = capsys.readouterr().out
    heads = re.findall(r"^([a-z ]+) ─", printed, flags=re.MULTILINE)
    assert heads == [c for c in CONSTRUCTS if c != "rank"]
    assert "arms: Arms imports: no data." in printed
    shifts = printed.partition("marginal shift")[2].partition("partition ─")[0]
    assert len(re.findall(r" to ", shifts)) == terminal.SHIFTS
    terminal.print_profile(made[1], "balance", 2019)
    only = capsys.readouterr().out
    assert "2019" in only
    assert "partition" not in only
    with pytest.raises(UnknownName, match="balance"):
        terminal.print_profile(made[1], "balanse")
