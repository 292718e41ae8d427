"""All dyads 1960-2020 from CSV.gz to a validated Panel, against a reading line by line.

The file is the IMF's Direction of Trade Statistics, 1.48 million rows. The twin reads it with the
csv module, leaves out the same sums over partners, checks that no key repeats, and does not look
for figures made from the partner's.
"""

from __future__ import annotations

import csv
import gzip
import tempfile
from pathlib import Path

import polars as pl

from benchmarks.run import Case, Skip
from multivector.panel import Panel
from multivector.settings import Settings
from multivector.source import Found
from multivector.sources.imf_dots import ALL, CODES, ImfDots

FILE = "imf_dots_annual_1960_2020.csv.gz"
SOURCE = ImfDots(layout=ALL)


def prepare() -> Found | Skip:
    """Find the file in the folder that MULTIVECTOR_DATA names."""
    settings = Settings.load(offline=True, cache=Path(tempfile.gettempdir()) / "multivector-none")
    if settings.data is None or not any(settings.data.rglob(FILE)):
        return Skip(reason=f"{FILE} is not in the folder that MULTIVECTOR_DATA names")
    return SOURCE.found(settings)


def fast(found: Found) -> Panel:
    """Read, mark, validate and sort."""
    return SOURCE.load(found)


def slow(found: Found) -> dict[tuple[str, str, int], tuple[float | None, float | None]]:
    """One row after the other."""
    rows: dict[tuple[str, str, int], tuple[float | None, float | None]] = {}
    with gzip.open(found.snapshots[0].path, "rt") as stream:
        for row in csv.DictReader(stream):
            reporter, partner = row["reporter"], row["partner"]
            if reporter in CODES.sums or partner in CODES.sums:
                continue
            key = (CODES.spellings.get(reporter, reporter), partner, int(row["year"]))
            if key in rows:
                raise ValueError(f"{key} is there twice")
            exports, imports = row["exports_fob"], row["imports_cif"]
            rows[key] = (
                float(exports) if exports else None,
                float(imports) if imports else None,
            )
    return rows


def equal(
    result: Panel, twin: dict[tuple[str, str, int], tuple[float | None, float | None]]
) -> bool:
    """Agree on every row and value."""
    columns = ["state", "partner", "year", "exports_fob_musd", "imports_cif_musd"]
    frame = result.frame.select(columns)
    if len(frame) != len(twin) or not frame.select(columns[:3]).equals(
        frame.select(columns[:3]).sort(columns[:3])
    ):
        return False
    flows = {(a, b, y): (x, m) for a, b, y, x, m in frame.iter_rows()}
    return flows == twin and frame["exports_fob_musd"].dtype == pl.Float64


CASE = Case(
    "all dyads, file to panel",
    prepare,
    fast,
    slow,
    equal,
    floor=2.0,
    ceiling=4.0,
    size="1,480,962 rows, 61 years",
    repeat=3,
)
