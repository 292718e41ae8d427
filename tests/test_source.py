"""Sources: which file is read, what the table declares, and which published numbers it gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import polars as pl
import pytest

from multivector import source as source_module
from multivector.errors import (
    FactNotReproduced,
    Problems,
    SchemaError,
    Shrunk,
    Unavailable,
    UnknownName,
)
from multivector.extract import Extract
from multivector.origin import CC0, Citation
from multivector.runner import Runner, run
from multivector.settings import Settings
from multivector.source import Fact, Found, Source
from multivector.store import File
from multivector.variable import STATE_YEAR, Coverage, Variable, span

X = Variable("x", "X", "index", Coverage(span(2018, 2020)), range=(0, 10))
CSV, BLOCKS = File("toy.csv", "long", how="Ask Ann."), File("toy_a.txt", "blocks", how="Ask Bob.")


@dataclass(frozen=True)
class Toy(Source):
    """State, year and x, as CSV or in two files that belong together."""

    name: ClassVar[str] = "toy"
    title: ClassVar[str] = "Toy data"
    producer: ClassVar[str] = "Ann"
    version: ClassVar[str] = "3"
    homepage: ClassVar[str] = "https://example.org"
    licence = CC0
    citation = Citation("toy", "misc", "Toy, Ann", "Toy data", 2020)
    key = STATE_YEAR
    variables = (X,)
    files = (CSV, BLOCKS, File("toy_b.txt", "blocks", how="Ask Bob."))
    versions: ClassVar[dict[str, str]] = {"blocks": "2"}
    coverages: ClassVar[dict[str, Coverage]] = {"blocks": Coverage((2018,))}
    facts = (Fact("sum of x", 6.0, "Toy (2020: 1)", lambda t: t["x"].sum(), layouts=("long",)),)

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        if layout == "blocks":
            assert [p.name for p in paths] == ["toy_a.txt", "toy_b.txt"]
            values = [float(p.read_text()) for p in paths]
            return pl.DataFrame({"state": ["KAZ", "RUS"], "year": [2018] * 2, "x": values})
        return pl.read_csv(paths[0])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "data" / "deep").mkdir(parents=True)
    return Settings(cache=tmp_path / "cache", data=tmp_path / "data")


def drop(settings: Settings, **texts: str) -> None:
    assert settings.data is not None
    for name, text in texts.items():
        suffix = "csv" if name == "toy" else "txt"
        (settings.data / "deep" / f"{name}.{suffix}").write_text(text)


LONG = "state,year,x\nKAZ,2018,1\nKAZ,2019,2\nRUS,2018,3\n"


def shipped(frame: pl.DataFrame) -> Extract:
    class Held(Extract):
        def read(self) -> pl.DataFrame:
            return frame

        def sha256(self) -> str:
            return "e" * 64

    return Held("toy", "long", "as of 2019", Coverage((2019,), ("KAZ",)), lambda f: f, "By Ann.")


# finding ----------------------------------------------------------------------------------------


def test_nothing_here_says_where_to_get_each_file(settings: Settings) -> None:
    with pytest.raises(Unavailable) as caught:
        run(Toy(), settings)
    text = str(caught.value)
    assert "No file of Toy data (toy) is here" in text
    assert "toy.csv: Ask Ann. toy_a.txt: Ask Bob." in text
    assert "multivector fetch" not in text  # no file has an address
    assert "Put the file into the folder that MULTIVECTOR_DATA names" in text


def test_layouts_are_tried_in_order_and_only_when_complete(settings: Settings) -> None:
    drop(settings, toy_a="4")
    with pytest.raises(Unavailable):
        Toy().found(settings)
    drop(settings, toy_b="5")
    assert Toy().found(settings).layout == "blocks"
    drop(settings, toy=LONG)
    assert Toy().found(settings).layout == "long"
    assert Toy(layout="blocks").found(settings).layout == "blocks"


def test_a_file_takes_precedence_over_the_casebook(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    extract = shipped(pl.DataFrame({"state": ["KAZ"], "year": [2019], "x": [2.0]}))
    monkeypatch.setattr(source_module, "extract_of", lambda name: extract)
    panel = run(Toy(), settings)
    assert (panel.provenance[0].extract, panel.provenance[0].version) == (True, "as of 2019")
    assert panel.variable("x").coverage == extract.coverage
    drop(settings, toy=LONG)
    assert not run(Toy(), settings).provenance[0].extract
    assert run(Toy(layout="casebook"), settings).provenance[0].extract
    with pytest.raises(Unavailable):
        run(Toy(layout="blocks"), settings)


def test_a_misspelt_layout_fails_when_the_source_is_made() -> None:
    with pytest.raises(UnknownName, match="Nearest: blocks"):
        Toy(layout="block")


# reading ----------------------------------------------------------------------------------------


def test_the_origin_says_which_bytes_were_read(settings: Settings) -> None:
    drop(settings, toy=LONG)
    (origin,) = run(Toy(), settings).provenance
    assert (origin.dataset, origin.version, origin.kind) == ("toy", "3", "data")
    assert origin.sha256 == "".join(Toy().material(settings))
    assert origin.citation == Toy.citation


def test_a_layout_declares_its_own_version_and_coverage(settings: Settings) -> None:
    drop(settings, toy_a="4", toy_b="5")
    panel = run(Toy(), settings)
    assert panel.provenance[0].version == "2"
    assert panel.variable("x").coverage == Coverage((2018,))
    assert len(panel.provenance[0].sha256.split()) == 2
    assert panel.frame["x"].to_list() == [4.0, 5.0]


def test_other_bytes_are_read_anew(settings: Settings) -> None:
    drop(settings, toy=LONG)
    before = Runner(settings).fingerprint(Toy())
    assert run(Toy(), settings).frame["x"].sum() == 6
    drop(settings, toy=LONG.replace("KAZ,2018,1", "KAZ,2018,9"))
    assert Runner(settings).fingerprint(Toy()) != before
    assert run(Toy(), settings).frame["x"].sum() == 14


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LONG + "KAZ,2018,1\n", "repeat a key"),
        (LONG.replace("3", "300"), "cannot have"),
        (LONG.replace("x", "y", 1), "declared"),
    ],
)
def test_a_file_that_is_not_what_the_source_declares_is_refused(
    settings: Settings, text: str, message: str
) -> None:
    drop(settings, toy=text)
    with pytest.raises((SchemaError, Problems)) as caught:
        run(Toy(), settings)
    assert message in str(caught.value)


# facts and loss ---------------------------------------------------------------------------------


def test_facts_are_checked_where_they_can_be_seen() -> None:
    frame = pl.DataFrame({"x": [1.0, 2.0, 3.0]})
    assert Toy().check_facts(frame, "long") == 1
    assert Toy().check_facts(frame, "blocks") == 0


@pytest.mark.parametrize("wrong", [[1.0], [float("nan")]])
def test_a_published_number_that_is_missed_is_an_error(wrong: list[float]) -> None:
    with pytest.raises(FactNotReproduced, match=r"sum of x is .*, published 6.0"):
        Toy().check_facts(pl.DataFrame({"x": wrong}), "long")


def test_a_tolerance_is_inclusive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Toy, "facts", (replace(Toy.facts[0], tolerance=0.5),))
    assert Toy().check_facts(pl.DataFrame({"x": [6.5]}), "long") == 1
    with pytest.raises(FactNotReproduced):
        Toy().check_facts(pl.DataFrame({"x": [6.6]}), "long")


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("state,year,x\nKAZ,2018,3\nRUS,2018,3\n", "lost years 2019 and states none"),
        ("state,year,x\nKAZ,2018,3\nKAZ,2019,3\n", "lost years none and states RUS"),
    ],
)
def test_a_release_that_lost_years_or_states_is_refused(
    tmp_path: Path, new: str, message: str
) -> None:
    (tmp_path / "old.csv").write_text(LONG)
    (tmp_path / "new.csv").write_text(new)
    with pytest.raises(Shrunk, match=message):
        Toy()._refuse_loss(CSV, tmp_path / "new.csv", tmp_path / "old.csv")
    Toy()._refuse_loss(CSV, tmp_path / "new.csv", None)
    Toy()._refuse_loss(CSV, tmp_path / "old.csv", tmp_path / "new.csv")


def test_what_has_no_address_cannot_be_fetched(settings: Settings) -> None:
    with pytest.raises(Unavailable, match="no address to download from"):
        Toy().fetch(settings)


def test_the_hash_of_what_is_read() -> None:
    extract = shipped(pl.DataFrame())
    assert Found("casebook", extract=extract).sha256 == ("e" * 64,)
    assert Found("long").sha256 == ()
