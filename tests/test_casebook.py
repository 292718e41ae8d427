"""The casebook: what ships is small, licensed, marked, sound, and what the script makes."""

from __future__ import annotations

from importlib.resources import as_file
from pathlib import Path

import polars as pl
import pytest

from multivector.extract import Extract
from multivector.registry import everything, find, resource
from multivector.settings import Settings
from multivector.source import Source
from scripts.compile_casebook import compile_table

TABLES: dict[str, Extract] = everything("casebook")


def _file(extract: Extract) -> pl.DataFrame:
    path = resource("casebook", extract.file)
    assert path is not None, f"{extract.file} does not ship"
    with as_file(path) as local:
        return pl.read_parquet(local)


@pytest.fixture(params=TABLES.values(), ids=TABLES.keys())
def extract(request: pytest.FixtureRequest) -> Extract:
    return request.param


def test_the_casebook_is_small() -> None:
    paths = [resource("casebook", e.file) for e in TABLES.values()]
    assert sum(len(path.read_bytes()) for path in paths if path is not None) < 2_000_000


def test_every_table_belongs_to_a_source_and_no_file_is_left_over() -> None:
    home = resource("casebook", "__init__.py")
    assert isinstance(home, Path)
    assert {p.name for p in home.parent.glob("*.parquet")} == {e.file for e in TABLES.values()}
    assert set(TABLES) <= set(everything("sources"))


def test_terms_allow_shipping(extract: Extract) -> None:
    source: type[Source] = find("sources", extract.name)
    assert source.licence.redistribute_raw
    assert not source.licence.non_commercial
    assert extract.layout in source.layouts()
    assert extract.attribution


def test_every_row_has_source_and_vintage(extract: Extract) -> None:
    frame = _file(extract)
    assert frame.columns[-2:] == ["source", "vintage"]
    assert frame["source"].unique().to_list() == [extract.name]
    assert frame["vintage"].unique().to_list() == [extract.vintage]


def test_reads_as_a_panel_and_reproduces_its_facts(extract: Extract, tmp_path: Path) -> None:
    source: Source = find("sources", extract.name)(layout="casebook")
    panel = source.load(source.found(Settings(cache=tmp_path)))
    assert len(panel.frame) == len(_file(extract)) > 0
    assert all(o.extract and o.version == extract.vintage for o in panel.provenance)
    outside = panel.frame.filter(~extract.coverage.holds(panel.frame.columns))
    assert outside.is_empty()
    assert source.check_facts(panel.frame, "casebook") >= 0


def test_equals_what_the_script_makes(extract: Extract, real_data: Path, tmp_path: Path) -> None:
    settings = Settings(cache=tmp_path / "cache", data=real_data)
    made = pl.read_parquet(compile_table(extract, settings, tmp_path))
    shipped = _file(extract)
    key = find("sources", extract.name).key.columns
    assert made.sort(key).equals(shipped.sort(key))
