"""Visa regimes from the Passport Index: what a passport needs at each destination, by date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.errors import SchemaError
from multivector.origin import Citation, Licence
from multivector.source import Source
from multivector.sources._ties import needs, text
from multivector.store import File
from multivector.variable import Coverage, Key, Variable

DATES = (
    "2019-11-23",
    "2021-01-25",
    "2022-02-10",
    "2023-02-09",
    "2024-02-07",
    "2025-01-12",
    "2026-03-01",
)
COVERAGE = Coverage(tuple(int(d[:4]) for d in DATES))
REQUIRED, ELECTRONIC, ON_ARRIVAL, FREE, NOT_ADMITTED, COVID_BAN = range(6)
REGIMES = (
    (REQUIRED, "visa required"),
    (ELECTRONIC, "electronic visa or authorisation"),
    (ON_ARRIVAL, "visa on arrival"),
    (FREE, "visa free"),
    (NOT_ADMITTED, "no admission"),
    (COVID_BAN, "ban during the pandemic"),
)
_WORDS = {
    "visa required": REQUIRED,
    "e-visa": ELECTRONIC,
    "eta": ELECTRONIC,
    "EVW": ELECTRONIC,
    "Hayya Entry Permit": ELECTRONIC,
    "visa on arrival": ON_ARRIVAL,
    "visa free": FREE,
    "no admission": NOT_ADMITTED,
    "covid ban": COVID_BAN,
}
_SELF = "-1"
PUBLISHER = "https://github.com/ilyankou/passport-index-dataset"
HOW = (
    "https://github.com/ilyankou/passport-index-dataset, passport-index-tidy-iso3.csv (older dates "
    "in the folder legacy); save it as passport_index_ and the date of the release."
)


@dataclass(frozen=True)
class VisaRegimes(Source):
    """What holders of a state's passport need to enter another state, on the date of a release.

    The row (A, B, date) is the passport of A at the border of B. ``regime`` is a category, not a
    scale; ``days`` is the stay allowed without visa, missing where the release gives none (and in
    2019 always). The coding of the releases differs. From 2021 on a number is the days of visa-free
    stay and words name the rest. In 2019 a number is a code: 3 visa free, 2 on arrival, 1
    electronic, 0 visa required; electronic visas were partly counted there as 0 or 2, so 2019 is
    not compared with later years on that point. Own territory (−1) has no row.

    Examples
    --------
    >>> VisaRegimes.key.directed
    True
    """

    name: ClassVar = "visa"
    title: ClassVar = "Passport Index, visa regimes"
    producer: ClassVar = "Passport Index, collected by I. Ilyankou"
    version: ClassVar = "seven releases, November 2019 to March 2026"
    homepage: ClassVar = PUBLISHER
    licence: ClassVar = Licence(
        "MIT (data set); terms of the Passport Index not seen",
        PUBLISHER,
        redistribute_raw=False,
        quote='Since "Passport Index is a free tool, built with publicly available information and '
        'with content contributed by fans and government agencies around the world", feel free to '
        "use the dataset under the MIT license. (Terms of the Passport Index itself not seen.)",
    )
    citation: ClassVar = Citation(
        "ilyankou_passports",
        "misc",
        "Ilyankou, Ilya",
        "Passport Index Dataset",
        2025,
        "GitHub",
        url=PUBLISHER,
    )
    key: ClassVar = Key("passport by destination by date", ("state", "partner", "date"))
    variables: ClassVar = (
        Variable("regime", "Visa regime", "category", COVERAGE, codes=REGIMES),
        Variable("days", "Visa-free stay", "days", COVERAGE, range=(1, None)),
    )
    files: ClassVar = (
        *(File(f"passport_index_{d}.csv*", "all releases", how=HOW) for d in DATES),
        File("passport_index_20*.csv*", "one release", how=HOW),
    )
    without_facts: ClassVar = (
        "The publisher prints no totals of these releases; the tests compare pairs and codings."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per passport, destination and release."""
        return pl.concat([_release(path) for path in paths])


def _release(path: Path) -> pl.DataFrame:
    found = re.search(r"\d{4}-\d{2}-\d{2}", path.name)
    if found is None:
        raise SchemaError(
            f"{path.name} has no date in its name.",
            "The publisher's file does not say when it was made.",
            "Save it as passport_index_YYYY-MM-DD.csv.",
        )
    frame = needs(text(path), path, "Passport", "Destination")
    coded = "Code" in frame.columns
    given = pl.col(needs(frame, path, "Code" if coded else "Requirement").columns[2])
    days = given.cast(pl.Int64, strict=False)
    if coded:
        regime, days = days, pl.lit(None, pl.Int64)
    else:
        words = given.replace_strict(_WORDS, default=None, return_dtype=pl.Int64)
        regime = pl.when(days.is_not_null()).then(FREE).otherwise(words)
    rows = frame.filter(given != _SELF, pl.col("Passport") != pl.col("Destination")).select(
        pl.col("Passport").alias("state"),
        pl.col("Destination").alias("partner"),
        pl.lit(date.fromisoformat(found.group())).alias("date"),
        regime.alias("regime"),
        days.alias("days"),
    )
    if rows["regime"].null_count():
        raise SchemaError(
            f"{path.name} has {rows['regime'].null_count()} requirements of unknown meaning.",
            f"Known: {', '.join(_WORDS)}, days, and the codes 0 to 3 of 2019.",
        )
    return rows
