"""The command check, and commands that reproduce what an answer read."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from multivector import cli
from multivector.claims.command import command
from multivector.claims.read import load
from multivector.measures.trade import PartnerShare
from multivector.options import step_of
from multivector.registry import catalogue
from multivector.sources.baci import Baci

PAPER = """
[document]
title = "A paper"
date = "2021"

[step.share]
step = "partner_share"
focal = "KAZ"
partners = ["RUS"]

[[claim]]
id = "right"
kind = "share"
says = "Russia has about a fifth of trade in goods."
quote = "a fifth of trade"
value = 0.2
tolerance = 0.02

[[claim.answer]]
source = "BACI"
step = "@share"
where = { partner = "RUS" }
"""
WRONG = PAPER[PAPER.index("[[claim]]") :].replace('"right"', '"wrong"').replace("0.2\n", "0.9\n")


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        cli.main(["check", *words])
    printed = capsys.readouterr()
    return int(stop.value.code or 0), printed.out, printed.err


def test_the_exit_code_says_whether_anything_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "paper.toml"
    path.write_text(PAPER, encoding="utf-8")
    code, out, _ = call(capsys, str(path))
    assert code == 0
    assert "1 supported" in out
    path.write_text(PAPER + WRONG, encoding="utf-8")
    code, out, _ = call(capsys, str(path))
    assert code == 1
    assert out.index("wrong") < out.index("right")


def test_one_claim_prints_its_numbers_and_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "paper.toml"
    path.write_text(PAPER + WRONG, encoding="utf-8")
    text = tmp_path / "paper.txt"
    text.write_text("Russia has a fifth of trade.", encoding="utf-8")
    code, out, _ = call(capsys, str(path), "--claim", "right", "--text", str(text))
    assert code == 0
    for part in ("20.8% in 2020", "multivector show partner_share --focal KAZ", "cites no source"):
        assert part in " ".join(out.split())
    assert "wrong" not in out
    assert "Quotes:" not in out


def test_json_has_every_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "paper.toml"
    path.write_text(PAPER, encoding="utf-8")
    _, out, _ = call(capsys, str(path), "--json")
    (found,) = json.loads(out)["claims"]
    assert found["verdict"] == "supported"
    (answer,) = found["answers"]
    assert len(answer["readings"]) >= 15
    assert abs(answer["readings"][-1]["value"] - found["interval"][0]) < 1e-12
    assert 2020 in found["years"]


def test_mistakes_in_a_file_end_with_the_code_of_an_input_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "paper.toml"
    path.write_text(PAPER.replace("tolerance", "tolerence"), encoding="utf-8")
    code, _, err = call(capsys, str(path))
    assert code == 2
    assert "line 11" in err
    assert "Nearest: tolerance" in err


def test_a_command_makes_the_same_step() -> None:
    for step in {a.step for c in load("kazakhstan").claims for a in c.answers}:
        typed = command(step)
        assert typed.startswith("multivector show ")
        words = shlex.split(typed)[3:]
        pairs = {words[i].removeprefix("--"): words[i + 1] for i in range(0, len(words), 2)}
        assert step_of(catalogue()[step.name], pairs) == step


def test_a_layout_is_part_of_the_command() -> None:
    step = PartnerShare(Baci(layout="casebook"), focal="KAZ", partners=("RUS",))
    assert "--trade baci:casebook" in command(step)
