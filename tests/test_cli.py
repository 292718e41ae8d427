"""The command line: one rule for arguments, answers with sources, and errors one can act on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from multivector import cli, terminal
from multivector.commands import studies
from multivector.errors import (
    ComputeError,
    DataError,
    InputError,
    LicenceError,
    MultivectorError,
    NotTestable,
    Problems,
)
from multivector.measures.similarity import SScore
from multivector.registry import everything
from multivector.runner import run
from multivector.study import Study, about, load

COMMANDS = sorted(name for name in cli.app if not name.startswith("-"))
STEPS = """
[step.n]
step = "votes_in_common"
focal = "KAZ"
partners = ["CHN"]
years = [2007, 2019]
by = "period"

[step.shares]
step = "partner_share"
focal = "KAZ"
partners = ["RUS", "CHN"]
years = [2019, 2020]
"""

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run a command in this process at 100 columns; return exit code, output and errors."""
    monkeypatch.setattr(terminal.out, "width", 100)
    monkeypatch.setattr(terminal.err, "width", 100)
    monkeypatch.setattr("warnings.showwarning", lambda *_, **__: None)

    def call(*words: str) -> tuple[int, str, str]:
        code = 0
        try:
            cli.main(list(words))
        except SystemExit as stop:
            code = int(stop.code or 0)
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return code, printed.out, printed.err

    return call


@pytest.fixture
def study(tmp_path: Path) -> str:
    path = tmp_path / "mine.toml"
    path.write_text(about("KAZ").to_toml() + STEPS, encoding="utf-8")
    return str(path)


def shell(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "multivector.cli", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
    )


# help -------------------------------------------------------------------------------------------


def test_every_command_is_listed(call: Call) -> None:
    code, text, _ = call("--help")
    assert code == 0
    assert all(re.search(rf"\b{name}\b", text) for name in COMMANDS)
    assert call() == (0, text, "")
    assert set(COMMANDS) >= {"sources", "fetch", "show", "run", "report", "cite"}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_an_example(call: Call, command: str) -> None:
    code, text, _ = call(command, "--help")
    assert code == 0
    assert re.search(rf"Examples?: `multivector {command}", text)


# show -------------------------------------------------------------------------------------------


def test_show_prints_value_interval_and_sources(call: Call) -> None:
    code, text, _ = call(
        "show", "s_score", "--focal", "KAZ", "--partner", "CHN", "--year", "2007:2019", "--by",
        "period", "--draws", "50",
    )  # fmt: skip
    assert code == 0
    assert text.startswith("Similarity S of votes, index −1 to 1\n")
    assert re.search(r"KAZ +\+0\.77 +\[\+0\.\d\d, \+0\.\d\d\]", text)
    assert "50 resamples of resolution families" in text
    assert "United Nations General" in text
    assert "CC0 1.0" in text


@pytest.mark.parametrize(
    "words",
    [
        ("--focal", "KAZ", "--partners", "CHN,RUS", "--years", "2019", "--vote-set", "important"),
        ("--focal=Kazakhstan", "--partner=China,Russia", "--year=2019:2019",
         "--vote_set=important"),
        ("--focal", "Қазақстан", "--partner", "Китай, Россия", "--year", "2019", "--vote-set",
         "important"),
    ],
)  # fmt: skip
def test_options_have_one_meaning(call: Call, words: tuple[str, ...]) -> None:
    code, text, _ = call("show", "s_score", "--json", "--draws", "0", *words)
    assert code == 0
    step = SScore(
        focal="KAZ", partners=("CHN", "RUS"), years=(2019, 2019), vote_set="important", draws=0
    )
    assert json.loads(text)["step"] == run(step).fingerprint


def test_json_has_every_cell_and_origin(call: Call) -> None:
    words = ("--focal", "KAZ", "--partner", "TUR,RUS", "--year", "2023", "--draws", "20")
    code, text, _ = call("show", "s_score", "--json", *words)
    assert code == 0
    found = json.loads(text)
    assert set(found) == {"step", "cells", "origins"}
    missing, known = found["cells"]
    assert missing["value"] is missing["low"] is None
    assert "Türkiye" in missing["note"]
    assert known["low"] < known["value"] < known["high"]
    assert known["unit"] == "index −1 to 1"
    sets = {o["dataset"]: o for o in found["origins"]}
    assert set(sets) == {"un_votes", "un_roll_calls", "un_emergency_votes"}
    for origin in sets.values():
        assert origin["kind"] == "data"
        assert origin["extract"] is True
        assert re.fullmatch(r"[0-9a-f]{64}", origin["sha256"])
        assert all(origin[k] for k in ("title", "version", "licence"))


def test_a_missing_value_says_so_with_its_note(call: Call) -> None:
    words = ("--focal", "KAZ", "--partner", "TUR", "--year", "2022:2023", "--draws", "0")
    _, text, _ = call("show", "s_score", *words)
    assert re.search(r"^2023 +no data \[1\]", text, re.MULTILINE)
    assert "\n[1] Türkiye is coded absent" in text


def test_across_sets_a_column_of_cells_side_by_side(call: Call) -> None:
    words = ("--focal", "KAZ", "--partner", "RUS,CHN", "--flow", "each", "--year", "2009:2010")
    code, text, _ = call("show", "trade_share", *words, "--across", "flow")
    assert code == 0
    assert re.search(r"^partner +year +total +exports +imports *$", text, re.MULTILINE)
    assert len(re.findall(r"^RUS +2009( +\d+\.\d%){3} *$", text, re.MULTILINE)) == 1
    assert re.search(r"^CHN +2010( +no data \[1\]){3} *$", text, re.MULTILINE)
    code, _, problem = call("show", "trade_share", *words, "--across", "flows")
    assert code == 2
    assert "flow" in problem


def test_csv_is_the_table(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "hhi.csv"
    code, _, _ = call("show", "hhi", "--focal", "KAZ", "--year", "2020", "--csv", str(path))
    assert code == 0
    lines = path.read_text("utf-8").splitlines()
    assert lines[0].startswith("state,eu,year,")
    assert ",value,low,high,measure,unit," in lines[0]
    assert len(lines) == 3


def test_a_source_is_shown_as_its_table(call: Call) -> None:
    code, text, _ = call("show", "world_bank_gdp")
    assert code == 0
    assert "state-year" in text
    assert "World Bank" in text


def test_an_input_can_be_another_layout(call: Call, real_data: Path) -> None:
    code, text, _ = call(
        "show", "votes_in_common", "--json", "--data", str(real_data), "--focal", "KAZ",
        "--partner", "CHN", "--by", "period", "--year", "2007:2019",
        "--votes", "un_votes:unvotes wide", "--roll-calls", "un_roll_calls:unvotes wide",
    )  # fmt: skip
    assert code == 0
    assert json.loads(text)["cells"][0]["value"] == 1162  # unvotes 0.3.0
    assert not any(o["extract"] for o in json.loads(text)["origins"])


def test_without_a_name_every_measure_is_listed(call: Call) -> None:
    code, text, _ = call("show")
    assert code == 0
    for name, kind in everything("measures").items():
        if getattr(kind, "unit", ""):
            assert re.search(rf"^{name} ", text, re.MULTILINE), name


def test_ties_print_by_domain_with_sources(call: Call) -> None:
    code, text, complaint = call(
        "show", "ties", "--state", "KAZ", "--partners", "RUS,CHN,USA,TUR", "--year", "2014"
    )
    assert (code, complaint) == (0, "")
    assert text.startswith("Ties of Kazakhstan, 2014")
    for domain in ("trade", "votes", "security", "institutions", "diplomacy", "people"):
        assert re.search(rf"^{domain} +RUS +CHN +USA +TUR +source", text, re.MULTILINE), domain
    assert re.search(r"^Land border, km +7\u202f644 +1\u202f765 +0 +0 +\d+ *$", text, re.MULTILINE)
    assert "No file of SIPRI" in text
    assert re.search(r"^Source \d+: .*World Factbook, land", text, re.MULTILINE)


# what goes wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("shw hhi", 2, 'Did you mean "show"'),
        ("show hii --focal KAZ", 2, "Nearest: hhi"),
        ("show dyad_yeras", 2, "no measure, panel or source 'dyad_yeras'. Nearest: dyad_years"),
        ("show ties --state KAZ --partner RUS", 2, "ties needs --year."),
        ("show ties --state Казахстон --partner RUS --year 2014", 2, "Nearest: Казахстан"),
        ("show ties --state Корея --partner RUS --year 2014", 2, "Candidates: KOR (South Korea"),
        ("show ties --state KAZ --partner RUS --year 1985", 2, "did not exist in 1985"),
        ("show security_treaties --focal KAZ --partner RUS --year 1980", 3, "covers 1991–2024"),
        ("show us_visit_count --partner KAZ --year 2040", 3, "2040 was asked. Inside: none"),
        ("show shared_groups --focal KAZ --partner Конго", 2, "Candidates: COD (DR Congo), COG"),
        ("show hhi --focl KAZ", 2, "Nearest: --focal"),
        ("show hhi --focal Kazahkstan", 2, "Nearest: Kazakstan, Kazakhstan"),
        ("show hhi --focal KAZ --flow totl", 2, "Nearest: total"),
        ("show hhi", 2, "hhi needs --focal."),
        ("show hhi", 2, "--flow total|exports|imports"),
        ("show s_score --focal KAZ", 2, "s_score needs --partner."),
        ("show hhi KAZ", 2, "KAZ"),
        ("show hhi --focal KAZ --year soon", 2, "Years are written 2019 or 2007:2019"),
        ("show hhi --focal KAZ --year 2020:2000", 2, "runs backwards"),
        ("show hhi --focal KAZ --trade bacci", 2, "Nearest: baci"),
        ("show hhi --focal KAZ --trade baci:zip", 2, "There is no layout 'zip'"),
        ("show hhi --focal KAZ --trade hhi", 2, "needs choices of its own"),
        ("show hhi --focal KAZ --trade balance:x", 2, "needs choices of its own"),
        (
            "show balance --focal KAZ --partner RUS,CHN --domain partner_share",
            2,
            "no domain of engagement",
        ),
        ("show partner_share --focal KAZ --partner EU27_2020,DEU", 2, "never summed together"),
        ("show hhi --focal POL", 3, "multivector fetch baci"),
        ("show hhi --focal KAZ --year 1990", 3, "covers 2000–2020"),
        ("show hhi --focal KAZ --data /nowhere", 2, "does not exist"),
        ("show hhi --focal KAZ --csv /nowhere/x.csv", 1, "/nowhere/x.csv"),
        ("sources un_vote", 2, "Nearest: un_votes"),
        ("fetch un_vote", 2, "Nearest: un_votes"),
        ("fetch un_votes --offline", 3, "no connection may be opened"),
        ("fetch un_votes --offline", 3, "put the file"),
        ("run nowhere.toml", 2, "There is no study file 'nowhere.toml'"),
        ("run Kazahkstan", 2, "a shipped study (kazakhstan)"),
        ("report EU27_2020", 2, "one focal state"),
        ("report Korea", 2, "Several states"),
        ("cite XX", 2, "no study or state 'XX'"),
    ],
)
def test_an_error_says_what_to_do_and_the_code_its_class(
    call: Call, words: str, code: int, said: str
) -> None:
    got, text, complaint = call(*words.split())
    assert got == code
    assert said in re.sub(r"\s+", " ", complaint)
    assert not text


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError("x"), 2),
        (DataError("x"), 3),
        (LicenceError("x"), 4),
        (NotTestable("x"), 5),
        (ComputeError("x"), 6),
        (Problems("x", [DataError("y"), InputError("z")]), 3),
        (OSError("x"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_exit_codes(
    call: Call, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    def fail(_: str) -> None:
        raise error

    monkeypatch.setattr(studies, "load", fail)
    got, _, complaint = call("run", "kazakhstan")
    assert got == code
    if isinstance(error, MultivectorError | OSError):
        assert complaint.startswith("multivector: x")
    else:
        assert "the next run goes on from there" in complaint


def test_brackets_in_a_message_are_printed(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> None:
        raise InputError("study must be written [study].")

    monkeypatch.setattr(studies, "load", fail)
    assert "written [study]." in call("run", "kazakhstan")[2]


# sources ----------------------------------------------------------------------------------------


def test_sources_fit_a_hundred_columns(call: Call) -> None:
    code, text, _ = call("sources")
    assert code == 0
    lines = text.splitlines()
    assert max(map(len, lines)) <= 100
    assert "…" not in text
    for name in everything("sources"):
        (line,) = (line for line in lines if line.startswith(f"{name} "))
        assert re.search(r"(\d{4}–\d{4}|undated) +(casebook|not yet|full file) +\S", line), line


def test_sources_say_where_each_would_be_read(call: Call, real_data: Path) -> None:
    _, text, _ = call("sources", "--data", str(real_data))
    assert re.search(r"^un_votes .* 1946–2024 +full file +CC0 1.0", text, re.MULTILINE)
    assert re.search(r"^baci .* 2000–2020 +full file", text, re.MULTILINE)
    assert "full file, product sums" in call("sources", "baci", "--data", str(real_data))[1]


@pytest.mark.parametrize("name", sorted(everything("sources")))
def test_one_source_in_detail(call: Call, name: str) -> None:
    code, text, _ = call("sources", name)
    kind = everything("sources")[name]
    flat = re.sub(r"\s+", "", text)
    assert code == 0
    parts = [kind.title, kind.producer, kind.licence.quote, str(kind.citation), kind.notes]
    parts += [f.name for f in kind.files] + [f.what for f in kind.facts]
    parts += [v.label for v in kind.variables]
    for part in parts:
        assert re.sub(r"\s+", "", part) in flat, part


# studies ----------------------------------------------------------------------------------------


def test_run_evaluates_the_named_steps(call: Call, study: str) -> None:
    code, text, _ = call("run", study)
    assert code == 0
    assert re.search(r"^n ─+$", text, re.MULTILINE)
    assert "1\u202f162" in text  # unvotes 0.3.0
    code, text, _ = call("run", study, "--json")
    found = json.loads(text)
    assert list(found) == ["n", "shares"]
    assert found["n"]["cells"][0]["value"] == 1162


def test_run_without_named_steps_evaluates_those_of_the_report(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "uzbekistan.toml"
    path.write_text(replace(load("Uzbekistan"), posterior_draws=0).to_toml(), "utf-8")
    code, text, _ = call("run", str(path), "--json")
    assert code == 0
    found = json.loads(text)
    states = {cell.get("state") for value in found.values() for cell in value["cells"]}
    assert "UZB" in states
    assert all(value["origins"] for value in found.values())


def test_cite_prints_data_and_methods(call: Call, study: str) -> None:
    code, text, _ = call("cite", study)
    assert code == 0
    entries = re.findall(r"^@\w+\{(\w+),$", text, re.MULTILINE)
    assert entries == sorted(entries)
    assert {"voeten2013", "un2022es11", "gaulier2010", "hirschman1945"} <= set(entries)
    assert text.count("{") == text.count("}")


def test_the_settings_of_a_study_count_less_than_options(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [tmp_path / n for n in ("environment", "study", "option")]
    monkeypatch.setenv("MULTIVECTOR_CACHE", str(places[0]))
    path = tmp_path / "s.toml"
    path.write_text(f"{about('KAZ').to_toml()}\n[settings]\ncache = '{places[1]}'\n{STEPS}")
    assert call("run", str(path))[0] == 0
    assert [p.exists() for p in places] == [False, True, False]
    assert call("run", str(path), "--cache", str(places[2]))[0] == 0
    assert [p.exists() for p in places] == [False, True, True]


# as a program -----------------------------------------------------------------------------------


def test_as_a_program() -> None:
    done = shell("show", "hhi", "--focal", "Казахстан", "--year", "2020", COLUMNS="100")
    assert done.returncode == 0
    assert done.stdout.startswith("Concentration of trade (HHI)")
    assert not done.stderr
    done = shell("show", "hhi", "--focal", "POL")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("multivector: The trade table holds only some partners of POL")


def test_a_reader_that_has_enough_is_no_error() -> None:
    command = f"{sys.executable} -m multivector.cli show un_emergency_votes --json | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("{\n", "")


def test_interrupt_ends_with_130() -> None:
    code = (
        "import multivector.cli as c\n"
        "def stop(_): raise KeyboardInterrupt\n"
        "c.studies.load = stop\n"
        "c.main(['run', 'kazakhstan'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 130
    assert "Traceback" not in done.stderr
    assert "Finished steps are kept" in done.stderr


# index and sensitivity ---------------------------------------------------------------------------

OWN = """country,trade,people,conflict
A,120,40,3
B,30,5,1
C,900,130,6
D,15,9,
E,60,22,9
"""
STRUCTURE = """
[index]
label = "Openness"
scale = [1, 100]
imputation = "median"
[[indicator]]
column = "trade"
denominator = "people"
[[indicator]]
column = "conflict"
direction = -1
"""
CHOICES = """
[[choice]]
field = "aggregation"
values = ["arithmetic", "geometric"]
[[choice]]
field = "weights"
dirichlet = 10
"""


@pytest.fixture
def own(tmp_path: Path) -> tuple[str, str]:
    table, structure = tmp_path / "table.csv", tmp_path / "structure.toml"
    table.write_text(OWN, "utf-8")
    structure.write_text(STRUCTURE, "utf-8")
    return str(table), str(structure)


def test_an_index_of_ones_own_table(call: Call, own: tuple[str, str], tmp_path: Path) -> None:
    """Scores worked out by hand: D's conflict is the median 4.5; B is best in both."""
    written = tmp_path / "out.csv"
    code, text, _ = call("index", *own, "--statistics", "--csv", str(written))
    assert code == 0
    assert text.startswith("Openness, index points\n2 indicators, imputation median, min-max on 1")
    ratio = {"A": 3.0, "B": 6.0, "C": 900 / 130, "D": 15 / 9, "E": 60 / 22}
    conflict = {"A": 3, "B": 1, "C": 6, "D": 4.5, "E": 9}
    low, high = min(ratio.values()), max(ratio.values())
    score = {
        u: 1 + 99 * ((ratio[u] - low) / (high - low) + (9 - conflict[u]) / 8) / 2 for u in ratio
    }
    order = sorted(score, key=lambda u: -score[u])
    rows = [line.split(",") for line in written.read_text().splitlines()]
    assert rows[0] == ["country", "score", "rank"]
    assert [r[0] for r in rows[1:]] == order
    assert [float(r[1]) for r in rows[1:]] == pytest.approx([score[u] for u in order])
    assert re.search(r"conflict +index +0\.8 +0\.5", text)
    assert "Your own table: table.csv" in text


def test_choices_are_printed_before_the_ranks_that_they_move(
    call: Call, own: tuple[str, str]
) -> None:
    Path(own[1]).write_text(STRUCTURE + CHOICES, "utf-8")
    code, text, _ = call("index", *own, "--sensitivity", "--rows", "16")
    assert code == 0
    varied = "aggregation: arithmetic | geometric\nweights: drawn around what they are"
    assert text.index(varied) < text.index("90 % of rank")
    assert "It hangs" in text[text.index("Shares of the variance") :]
    assert "data" not in text[text.index("Varied") : text.index("90 % of rank")]
    other = call("index", *own, "--aggregation", "harmonic", "--rows", "16")
    assert "harmonic aggregation" in " ".join(other[1].split())


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--agregation", "x"), "Nearest: --aggregation"),
        (("--aggregation", "geometrik"), "Nearest: geometric"),
        (("--key", "land"), "no column 'land'"),
    ],
)
def test_an_index_says_what_is_wrong(
    call: Call, own: tuple[str, str], words: tuple[str, ...], part: str
) -> None:
    code, _, errors = call("index", *own, *words)
    assert code == 2
    assert part in errors


def test_a_structure_is_judged_with_its_choices(call: Call, own: tuple[str, str]) -> None:
    wrong = STRUCTURE.replace("median", "mode") + CHOICES.replace("dirichlet = 10", "values = 3")
    Path(own[1]).write_text(wrong, "utf-8")
    code, _, errors = call("index", *own)
    assert code == 2
    assert "structure.toml cannot be used (2 problems)" in errors
    assert "choice 2 (weights).values" in errors
    Path(own[1]).write_text(STRUCTURE + CHOICES.replace("aggregation", "agregation"), "utf-8")
    assert "Nearest: aggregation" in call("index", *own)[2]
    Path(own[1]).write_text(STRUCTURE, "utf-8")
    assert call("index", "no.csv", own[1])[0] == 3
    assert call("index", own[0], "no.toml")[0] == 2


def test_the_choices_are_printed_before_the_headlines(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(replace(load("kazakhstan"), draws=20).to_toml(), "utf-8")
    code, text, _ = call("sensitivity", str(path), "--rows", "8")
    assert code == 0
    for part in text.split("─ lean")[0].split("─ balance")[1:]:
        assert part.index("direction of trade: total | exports | imports") < part.index("Balance")
    assert text.index("vote set: ") < text.index("Distance where the powers split")
    assert "Turned round by one alternative alone: " in text


def test_a_step_of_a_study_hangs_on_its_choices(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    choice = '\n[[choice]]\nfield = "flow"\nvalues = ["total", "exports", "imports"]\n'
    balance = (
        '\n[step.spread]\nstep = "balance"\nfocal = "KAZ"\npartners = ["RUS", "CHN"]\n'
        'domains = ["@shares"]\n'
    )
    study = replace(about("KAZ"), choices=())
    path.write_text(study.to_toml() + STEPS + balance + choice, "utf-8")
    code, text, _ = call("sensitivity", str(path), "spread", "--rows", "16", "--alone")
    assert code == 0
    assert text.index("flow: total | exports | imports") < text.index("Balance among partners")
    assert "It hangs above all on flow (100.0%" in text
    assert re.search(r"2019 +imports +0\.\d\d", text)
    assert load(str(path)).choices[0].values == ("total", "exports", "imports")
    assert load(str(path)).choices == Study.from_toml(load(str(path)).to_toml()).choices
    assert "Nearest: spread" in call("sensitivity", str(path), "spred")[2]
    assert "Name the step too" in call("sensitivity", str(path), "--ranks")[2]
