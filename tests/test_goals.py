"""Goals of a document: what is judged, what is not, and files that cannot be used."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import polars as pl
import pytest

from multivector import cli, terminal
from multivector.choices import Actor
from multivector.errors import InputError, Problems, StudyError, UnknownName
from multivector.estimate import Estimate
from multivector.goals import Goal, Goals, Indicator, Score, load_goals, scoreboard, shipped
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.step import Inputs, Step
from multivector.study import load


@dataclass(frozen=True)
class Line(Step[Estimate]):
    """A straight line with a little noise, to a last year."""

    name: ClassVar[str] = ""
    slope: float = 0.0
    last: int = 2024
    focal: Actor = "KAZ"

    def compute(self, get: Inputs) -> Estimate:
        years = np.arange(2005, self.last + 1)
        noise = np.resize([0.01, -0.01, 0.0, -0.01, 0.01], years.size)
        cells = pl.DataFrame({"state": ["KAZ"] * years.size, "year": years})
        return Estimate(cells, (self.slope * (years - 2005) + noise)[:, None], "Line", "share 0–1")


@pytest.fixture
def run(tmp_path: Path) -> Runner:
    return Runner(Settings(cache=tmp_path, offline=True))


def judged(run: Runner, step: Step[Estimate], direction: str) -> Score:
    goal = Goal("g", "A goal", indicators=(Indicator("s", "Line", direction),))  # type: ignore[arg-type]
    study = load("kazakhstan").with_steps({"s": step})
    return scoreboard(Goals(study, "Document", "", 2015, (goal,)), run)[0]


@pytest.mark.parametrize(
    ("slope", "direction", "verdict"),
    [
        (0.05, "up", "toward"),
        (0.05, "down", "away"),
        (-0.05, "down", "toward"),
        (0.05, "steady", "away"),
        (0.0, "up", "cannot be told"),
        (0.0, "steady", "cannot be told"),
    ],
)
def test_a_trend_is_set_against_its_direction(
    run: Runner, slope: float, direction: str, verdict: str
) -> None:
    score = judged(run, Line(slope), direction)
    assert score.verdict == verdict
    assert score.trend is not None
    assert score.trend.value == pytest.approx(10 * slope, abs=0.03)
    assert score.base is not None
    assert dict(score.base.cell)["year"] == 2014


def test_data_that_end_too_early_give_no_verdict(run: Runner) -> None:
    score = judged(run, Line(0.05, last=2017), "up")
    assert (score.verdict, score.trend) == ("too few years", None)
    assert score.note == "The data end in 2017."
    assert score.before is not None


def test_the_shipped_goals_are_judged_or_say_why_not(run: Runner) -> None:
    goals = load_goals("kazakhstan")
    scores = scoreboard(goals, run)
    assert {s.goal.name for s in scores} == {g.name for g in goals.goals}
    by_label = {s.indicator.label: s for s in scores if s.indicator}
    votes = by_label["Same vote as Russia in the General Assembly"]
    assert votes.last is not None
    assert votes.last.origins
    assert votes.trend is not None
    assert "wiiw" in by_label["Stock of direct investment from China"].note
    image = next(s for s in scores if s.goal.name == "image")
    assert (image.verdict, image.indicator) == ("no data", None)
    assert image.note


def test_every_goal_that_ships_has_sound_steps_and_says_what_it_lacks() -> None:
    assert shipped() == {"kazakhstan": "KAZ"}
    goals = load_goals("Kazakhstan")
    used = {i.step for g in goals.goals for i in g.indicators}
    assert used <= set(goals.study.steps)
    assert all(g.missing.endswith(".") for g in goals.goals)
    assert goals.url.startswith("https://")


HEAD = """
[document]
document = "A plan"
url = "https://example.org"
adopted = 2020
[study]
name = "toy"
title = "Toy"
focal = "KAZ"
partners = ["RUS"]
[step.s]
step = "hhi"
focal = "KAZ"
"""


def test_a_goals_file_of_a_user_is_read(tmp_path: Path) -> None:
    text = HEAD + '[[goal]]\nname="g"\ntext="G"\n[[goal.indicator]]\nstep="s"\nlabel="HHI"\n'
    path = tmp_path / "mine.toml"
    path.write_text(text + 'direction="down"\nwhere=["eu=one"]\ntarget=0.1\n', "utf-8")
    (goal,) = load_goals(str(path)).goals
    assert goal.indicators == (Indicator("s", "HHI", "down", ("eu=one",), 0.1),)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[[goal]]\nname="g"\ntext="G"\n', "has no indicator"),
        ('[[goal]]\nname="g"\n', "lacks 'text'"),
        ('[[goal]]\nname="g"\ntext="G"\nmissing="X."\nword=1\n', "no field 'word'"),
        (
            '[[goal]]\nname="g"\ntext="G"\n[[goal.indicator]]\nstep="t"\nlabel="L"\n'
            'direction="up"\n',
            "no step 't'",
        ),
        (
            '[[goal]]\nname="g"\ntext="G"\n[[goal.indicator]]\nstep="s"\nlabel="L"\n'
            'direction="sideways"\n',
            "no choice 'sideways'",
        ),
    ],
)
def test_what_is_wrong_with_a_goals_file_is_said(text: str, problem: str) -> None:
    with pytest.raises((InputError, Problems)) as caught:
        Goals.from_toml(HEAD + text)
    said = [str(caught.value), *map(str, getattr(caught.value, "exceptions", ()))]
    assert any(problem in s for s in said), said


def test_files_and_names_that_are_not_there() -> None:
    with pytest.raises(UnknownName):
        load_goals("atlantis")
    with pytest.raises(StudyError, match="no goals file"):
        load_goals("atlantis.toml")
    with pytest.raises(StudyError, match="not valid TOML"):
        Goals.from_toml("[")


def test_the_command_prints_verdicts_and_sources(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal.out, "width", 200)
    with contextlib.suppress(SystemExit):
        cli.main(["goals", "kazakhstan", "--cache", str(tmp_path)])
    text = capsys.readouterr().out
    assert "Same vote as Russia in the General Assembly (wanted: steady)" in text
    assert "not measurable here" in text
    assert "Source: " in text
