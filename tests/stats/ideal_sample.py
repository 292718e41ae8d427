"""The April 2020 sample of Bailey, Strezhnev & Voeten, rebuilt from the roll calls.

The rules are those of their data preparation (evoeten/United-Nations-General-Assembly-Votes-and-
Ideal-Points, MIT): without paragraph and amendment votes after 1989, session 19, Zanzibar and
South Africa's lone vote of session 48; bridged resolutions carry the smallest number; items on
which all votes are alike are dropped.
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RENAMED = {
    "Eswatini": "Swaziland",
    "North Macedonia": "Macedonia",
    "Federal Republic of Germany": "German Federal Republic",
}
ZANZIBAR, SOUTH_AFRICA, USA, RUSSIA = 511, 560, 2, 365


@dataclass(frozen=True)
class Sample:
    """One row per vote: state (Correlates of War code), session, item, choice 0 no … 2 yes.

    ``published`` holds state, session, number of votes and ideal point of the published series;
    ``tallies`` item, yes, abstain, no of the published list of items.
    """

    state: NDArray[np.int64]
    session: NDArray[np.int64]
    item: NDArray[np.int64]
    choice: NDArray[np.int64]
    published: NDArray[np.float64]
    tallies: NDArray[np.int64]


def april_2020(folder: Path) -> Sample:
    """Rebuild the sample from the files in *folder*."""
    published, codes = _published(folder / "bsv_idealpoints_all_apr2020.csv.gz")
    _, calls = _table(folder / "unvotes_rollcalls.csv.gz")
    names, rows = _table(folder / "unvotes_wide.csv.gz")
    wide = np.array([[int(v or 0) for v in row[1:]] for row in rows], dtype=np.int8)
    column = np.array([codes[_plain(RENAMED.get(n, n))] for n in names[1:]])
    session = np.array([int(float(c[1])) for c in calls])
    late = np.array([c[3] >= "1990" and "1" in (c[5], c[6]) for c in calls])
    assert [c[0] for c in calls] == [r[0] for r in rows]

    call, state = np.nonzero(wide)
    vote, of, at = wide[call, state], column[state], session[call]
    kept = ~late[call] & (at != 19) & (of != ZANZIBAR) & ~((of == SOUTH_AFRICA) & (at == 48))
    item = _linked(np.array([int(r[0]) for r in rows]), folder / "bsv_matches_bridging.csv")[call]
    item, of, at, vote = item[kept], of[kept], at[kept], vote[kept]
    _, index = np.unique(item, return_inverse=True)
    levels = [np.bincount(index, vote == v) > 0 for v in (1, 2, 3)]
    varied = (np.sum(levels, axis=0) > 1)[index]
    order = np.lexsort((at[varied], of[varied], item[varied]))
    item, of, at, vote = (x[varied][order].astype(np.int64) for x in (item, of, at, vote))
    with (folder / "bsv_votetally_apr2020.csv").open(encoding="utf-8") as file:
        tallies = np.array([[int(v) for v in r[:4]] for r in list(csv.reader(file))[1:]])
    return Sample(of, at, item, 3 - vote, published, tallies)


def _published(path: Path) -> tuple[NDArray[np.float64], dict[str, int]]:
    header, rows = _table(path, "latin-1")
    at = {name: i for i, name in enumerate(header)}
    columns = [at[name] for name in ("ccode", "session", "NVotes", "IdealPoint")]
    codes = {_plain(row[at["Countryname"]]): int(row[at["ccode"]]) for row in rows}
    codes["Zanzibar"] = ZANZIBAR
    return np.array([[float(row[c]) for c in columns] for row in rows]), codes


def _plain(name: str) -> str:
    """The ASCII letters of a name, since the files differ in encoding and in the apostrophe."""
    return "".join(c for c in name if c.isascii() and (c.isalpha() or c in " ()'"))


def _linked(calls: NDArray[np.int64], path: Path) -> NDArray[np.int64]:
    """Each roll call's item: from the highest on, a bridged one takes its smallest partner."""
    with path.open(encoding="utf-8") as file:
        pairs = [(int(r["rcid1"]), int(r["rcid2"])) for r in csv.DictReader(file)]
    earliest: dict[int, int] = {}
    for first, second in pairs:
        earliest[second] = min(first, earliest.get(second, first))
    linked = calls.copy()
    for second in sorted(earliest, reverse=True):
        linked[linked == second] = earliest[second]
    return linked


def _table(path: Path, encoding: str = "utf-8") -> tuple[list[str], list[list[str]]]:
    with gzip.open(path, "rt", encoding=encoding, newline="") as file:
        rows = csv.reader(file)
        return next(rows), list(rows)
