"""A user's own table: names, codes, pairs; every problem at once; its hash in the fingerprint."""

from __future__ import annotations

from pathlib import Path

import pytest

from multivector.errors import (
    AmbiguousName,
    InputError,
    MultivectorError,
    Problems,
    SchemaError,
    StudyError,
    Unavailable,
)
from multivector.panel import Panel
from multivector.panels.declared_table import DeclaredTable
from multivector.panels.together import With
from multivector.panels.universes import StateYears
from multivector.runner import Runner
from multivector.settings import Settings

HEAD = """
title = "Visits"
file = "mine.csv"
key = "directed dyad-year"
states = "names"
producer = "Us"
version = "1"
url = "https://example.org"
year = 2024
"""
VISITS = """
[[variable]]
name = "visits"
label = "Visits"
unit = "visits"
years = [2019, 2020]
least = 0
"""
ROWS = "state,partner,year,visits\nКазахстан,Россия,2019,3\nРоссия,Казахстан,2019,\n"


@pytest.fixture
def run(tmp_path: Path) -> Runner:
    return Runner(Settings(cache=tmp_path / "cache", offline=True))


def table(
    folder: Path, rows: str = ROWS, head: str = HEAD, variables: str = VISITS
) -> DeclaredTable:
    (folder / "mine.csv").write_text(rows, encoding="utf-8")
    (folder / "mine.toml").write_text(head + variables, encoding="utf-8")
    return DeclaredTable(str(folder / "mine.toml"))


def read(folder: Path, run: Runner, **parts: str) -> Panel:
    return run(table(folder, **parts))


def test_names_become_ids_and_empty_cells_are_missing(tmp_path: Path, run: Runner) -> None:
    panel = read(tmp_path, run)
    assert panel.frame.rows() == [("KAZ", "RUS", 2019, 3.0), ("RUS", "KAZ", 2019, None)]
    assert panel.key.directed
    assert panel.variable("visits").coverage.years == (2019, 2020)
    (origin,) = panel.provenance
    assert (origin.title, origin.producer, origin.licence.redistribute_raw) == (
        "Visits",
        "Us",
        False,
    )
    assert len(origin.sha256) == 64


def test_an_undirected_pair_may_be_written_either_way(tmp_path: Path, run: Runner) -> None:
    head = HEAD.replace('"directed', '"undirected')
    rows = "state,partner,year,visits\nRussia,Kazakhstan,2019,3\nChina,Russia,2020,1\n"
    panel = read(tmp_path, run, head=head, rows=rows)
    assert panel.frame.rows() == [("CHN", "RUS", 2020, 1.0), ("KAZ", "RUS", 2019, 3.0)]


def test_numeric_codes_join_a_universe(tmp_path: Path, run: Runner) -> None:
    head = HEAD.replace("directed dyad-year", "state-year").replace('"names"', '"cow"')
    variables = VISITS.replace("least = 0", 'column = "n"\nabsence = "zero"')
    own = table(tmp_path, "state,year,n\n705,2019,4\n", head, variables)
    frame = run(With(StateYears("cow", (2019, 2021)), (own,))).frame
    held = {y: v for s, y, v in frame.iter_rows() if s == 705}
    assert held == {2019: 4, 2020: 0, 2021: None}


def test_another_content_is_another_step(tmp_path: Path, run: Runner) -> None:
    before = run.fingerprint(table(tmp_path))
    later = Runner(run.settings).fingerprint(table(tmp_path, ROWS.replace("3", "4")))
    assert before != later


@pytest.mark.parametrize(
    ("parts", "kind", "said"),
    [
        ({"head": HEAD.replace('key = "directed dyad-year"', "")}, InputError, "lacks 'key'"),
        (
            {"head": HEAD.replace("directed dyad", "dyad")},
            InputError,
            "Nearest: directed dyad-year",
        ),
        ({"head": HEAD + "keys = 1\n"}, InputError, "Nearest: key"),
        ({"variables": ""}, InputError, "declares no variable"),
        (
            {"variables": VISITS.replace("[2019, 2020]", '"all"')},
            InputError,
            r"variable 1 \(visits\)\.years: ",
        ),
        ({"head": HEAD.replace("mine.csv", "yours.csv")}, Unavailable, "Put it beside"),
        ({"head": "title ="}, StudyError, "not valid TOML"),
        ({"rows": ROWS.replace("visits", "n")}, SchemaError, "has no column visits"),
        ({"rows": ROWS.replace(",3", ",three")}, SchemaError, "'three', which are no numbers"),
        ({"rows": ROWS.replace(",3", ",-3")}, SchemaError, "values it cannot have"),
        ({"rows": ROWS + "Казахстан,Россия,2019,3\n"}, SchemaError, "repeat a key"),
        ({"rows": ROWS.replace("Казахстан,Р", "Корея,Р")}, AmbiguousName, "Candidates: KOR"),
        ({"rows": ROWS.replace("Казахстан,Р", "Казахстон,Р")}, InputError, "Nearest: Казахстан"),
    ],
)
def test_what_is_wrong_is_said(
    tmp_path: Path, run: Runner, parts: dict[str, str], kind: type[Exception], said: str
) -> None:
    with pytest.raises((kind, Problems), match=said):
        read(tmp_path, run, **parts)


def test_every_problem_of_a_declaration_is_reported_at_once(tmp_path: Path, run: Runner) -> None:
    head = HEAD.replace('title = "Visits"', "").replace('"names"', '"latin"')
    with pytest.raises(Problems) as caught:
        read(tmp_path, run, head=head, variables=VISITS.replace("unit", "unti"))
    text = str(caught.value)
    assert "lacks 'title'" in text
    assert "Nearest: unit" in text


def test_only_a_declaration_is_taken(tmp_path: Path, run: Runner) -> None:
    with pytest.raises(InputError, match=r"ends in \.toml"):
        DeclaredTable("mine.csv")
    with pytest.raises(MultivectorError, match="There is no declaration"):
        run(DeclaredTable(str(tmp_path / "none.toml")))
