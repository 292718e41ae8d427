from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from multivector.stats.agreement import ABSTAIN, NO, UNRECORDED, YES

VOETEN = {"1": YES, "2": ABSTAIN, "3": NO, "": UNRECORDED}


@dataclass(frozen=True)
class Record:
    """Roll calls as positions (states × roll calls), with what is known of each roll call."""

    states: dict[str, int]
    votes: NDArray[np.int8]
    dates: NDArray[np.str_]
    whole: NDArray[np.bool_]  # neither an amendment nor a paragraph vote

    def between(self, first: str, last: str) -> NDArray[np.bool_]:
        return (self.dates >= first) & (self.dates <= last)


def read(path: Path) -> tuple[list[str], list[list[str]]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        return next(rows), list(rows)


def positions(rows: list[list[str]], first_state: int) -> NDArray[np.int8]:
    return np.array([[VOETEN[v] for v in row[first_state:]] for row in rows], dtype=np.int8).T


@pytest.fixture(scope="session")
def un_record(real_data: Path) -> Record:
    """The roll calls of 1946 to January 2020; blank is absent or not a member, it does not say."""
    header, rows = read(real_data / "unga" / "unvotes_wide.csv.gz")
    names, calls = read(real_data / "unga" / "unvotes_rollcalls.csv.gz")
    assert [row[0] for row in rows] == [row[0] for row in calls]
    at = {name: i for i, name in enumerate(names)}
    return Record(
        {name: i for i, name in enumerate(header[1:])},
        positions(rows, 1),
        np.array([call[at["date"]] for call in calls]),
        np.array([call[at["amend"]] != "1" and call[at["para"]] != "1" for call in calls]),
    )


@pytest.fixture(scope="session")
def votes_2015(real_data: Path) -> tuple[dict[str, int], NDArray[np.int8]]:
    """The roll calls of 2015 by Correlates of War state code."""
    header, rows = read(real_data / "unga" / "fpsim_votes_cow_wide.csv.gz")
    chosen = [row for row in rows if row[1].startswith("2015")]
    return {code: i for i, code in enumerate(header[3:])}, positions(chosen, 3)
