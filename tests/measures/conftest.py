"""The shipped casebook and the publishers' files, read plainly, and a runner over each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from multivector.runner import Runner
from multivector.settings import Settings

_CODES = """
    AUT BEL BGR HRV CYP CZE DNK EST FIN FRA DEU GRC HUN IRL ITA LVA LTU LUX MLT NLD POL PRT ROU
    SVK SVN ESP SWE
"""
EU27 = frozenset(_CODES.split())
"""Members of the European Union since 1 February 2020 (europa.eu, country profiles)."""


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """Evaluate on the casebook alone."""
    return Runner(Settings(cache=tmp_path_factory.mktemp("casebook")))


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Runner:
    """Evaluate on the publishers' files."""
    return Runner(Settings(cache=tmp_path_factory.mktemp("full"), data=real_data))


def shipped(name: str) -> pl.DataFrame:
    """Return a casebook table as it lies in the package."""
    with as_file(files("multivector").joinpath("casebook", f"{name}.parquet")) as path:
        return pl.read_parquet(path)


@dataclass
class Book:
    """Votes as a plain dictionary: roll call → state → code, with the date of each roll call."""

    votes: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    days: dict[str, Any] = field(default_factory=dict)

    def between(self, first: int, last: int) -> Iterator[dict[str, int]]:
        return (v for r, v in self.votes.items() if first <= self.days[r].year <= last)


@pytest.fixture(scope="session")
def book() -> Book:
    """The votes in the casebook; 1 yes, 2 abstain, 3 no, 8 absent, 9 not a member."""
    made = Book()
    table = shipped("un_votes").filter(pl.col("date").dt.year() >= 2007)
    for rcid, day, state, vote in table.select("rcid", "date", "state", "vote").iter_rows():
        made.votes[f"{rcid} {day}"][state] = vote
        made.days[f"{rcid} {day}"] = day
    return made


@pytest.fixture(scope="session")
def flows() -> dict[tuple[str, str, int], float]:
    """Exports in the casebook by exporter, importer and year."""
    table = shipped("baci").select("state", "partner", "year", "exports_kusd")
    return {(i, j, t): v for i, j, t, v in table.iter_rows()}
