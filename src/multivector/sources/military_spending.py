"""SIPRI military expenditure of states since 1948, from the workbook that the user feeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from multivector.errors import SchemaError
from multivector.origin import Citation
from multivector.source import Fact, Source
from multivector.sources._ties import no_excel
from multivector.sources.arms_transfers import SIPRI_TERMS
from multivector.states import resolve_names
from multivector.store import File
from multivector.variable import STATE_YEAR, Coverage, Variable, span

COVERAGE = Coverage(span(1948, 2023))
SHEETS = {
    "milex_constant_musd": "Constant (2022) US$",
    "milex_current_musd": "Current US$",
    "milex_gdp_share": "Share of GDP",
    "milex_per_capita_usd": "Per capita",
    "milex_government_share": "Share of Govt. spending",
}
CERTAINTY = ((0, "reported"), (1, "estimate of SIPRI"), (2, "highly uncertain"))
SPELLINGS = {"Congo, DR": "COD"}
_BLUE, _RED = 12, 10
"""Numbers of the two colours in the palette of the workbook."""


def _usd_2023(state: str, billion: float) -> Fact:
    def value(frame: pl.DataFrame) -> float:
        row = frame.filter(pl.col("state") == state, pl.col("year") == 2023)
        return float(row["milex_current_musd"].item()) / 1000

    return Fact(
        f"military expenditure of {state} in 2023, billion current USD",
        billion,
        "SIPRI Fact Sheet, April 2024: Trends in World Military Expenditure, 2023, table 1",
        value,
        tolerance=0.5 if billion > 100 else 0.05,
    )


@dataclass(frozen=True)
class MilitarySpending(Source):
    """Military expenditure of each state by year, in US dollars and as shares.

    Calendar years. Million US dollars at constant prices and exchange rates of 2022 and at current
    ones, US dollars per inhabitant, shares of gross domestic product and of general government
    expenditure (0–1). ``milex_certainty`` repeats the colour of the figure in constant dollars:
    SIPRI prints its own estimates in blue and highly uncertain figures in red. ". ." (not
    available) and "xxx" (no independent state) are missing.

    References
    ----------
    SIPRI Military Expenditure Database, https://www.sipri.org/databases/milex.

    Examples
    --------
    >>> MilitarySpending.variables[0].unit
    'million USD of 2022'
    """

    name: ClassVar = "military_spending"
    title: ClassVar = "SIPRI Military Expenditure Database"
    producer: ClassVar = "Stockholm International Peace Research Institute (SIPRI)"
    version: ClassVar = "workbook 1948-2023 (April 2024)"
    homepage: ClassVar = "https://www.sipri.org/databases/milex"
    licence: ClassVar = SIPRI_TERMS
    citation: ClassVar = Citation(
        "sipri_milex",
        "misc",
        "{Stockholm International Peace Research Institute}",
        "SIPRI Military Expenditure Database",
        2024,
        "Stockholm",
        doi="10.55163/CQGC9685",
    )
    key: ClassVar = STATE_YEAR
    variables: ClassVar = (
        Variable(
            "milex_constant_musd",
            "Military expenditure",
            "million USD of 2022",
            COVERAGE,
            range=(0, None),
        ),
        Variable(
            "milex_current_musd",
            "Military expenditure",
            "million current USD",
            COVERAGE,
            range=(0, None),
        ),
        Variable(
            "milex_gdp_share",
            "Military expenditure in gross domestic product",
            "share 0–1",
            COVERAGE,
            range=(0, None),
        ),
        Variable(
            "milex_per_capita_usd",
            "Military expenditure per inhabitant",
            "current USD",
            COVERAGE,
            range=(0, None),
        ),
        Variable(
            "milex_government_share",
            "Military expenditure in government expenditure",
            "share 0–1",
            COVERAGE,
            range=(0, None),
        ),
        Variable(
            "milex_certainty",
            "How the figure in constant dollars is known",
            "category",
            COVERAGE,
            codes=CERTAINTY,
        ),
    )
    files: ClassVar = (
        File(
            "SIPRI-Milex-data-1948-2023*.xlsx",
            "workbook",
            how="SIPRI offers the workbook of all countries on https://www.sipri.org/databases/"
            "milex; it may be used under SIPRI's terms and is not downloaded for you.",
        ),
    )
    facts: ClassVar = (
        _usd_2023("USA", 916),
        _usd_2023("CHN", 296),
        _usd_2023("RUS", 109),
        _usd_2023("IND", 83.6),
    )
    notes: ClassVar = "Financial years are turned into calendar years by SIPRI."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and year with a figure in any sheet."""
        sheets = _cells(paths[0])
        parts: list[pl.DataFrame] = []
        for name in SHEETS:
            rows = [(c, y, v) for c, y, v, _ in sheets[name]]
            schema = {"country": pl.String, "year": pl.Int64, name: pl.Float64}
            parts.append(pl.DataFrame(rows, schema, orient="row"))
        marks = [(c, y, m) for c, y, _, m in sheets["milex_constant_musd"]]
        schema = {"country": pl.String, "year": pl.Int64, "milex_certainty": pl.Int8}
        parts.append(pl.DataFrame(marks, schema, orient="row"))
        frame = parts[0]
        for part in parts[1:]:
            frame = frame.join(part, on=["country", "year"], how="full", coalesce=True)
        ids = resolve_names(frame["country"].replace(SPELLINGS), frame["year"])
        return frame.select(ids.alias("state"), "year", *(v.name for v in self.variables))


def _cells(path: Path) -> dict[str, list[tuple[str, int, float, int]]]:
    """Return country, year, figure and certainty of each sheet."""
    try:
        import openpyxl
    except ImportError as error:
        raise no_excel(path, "openpyxl") from error
    book: Any = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        lost = sorted(set(SHEETS.values()) - set(book.sheetnames))
        if lost:
            raise SchemaError(
                f"{path.name} has no sheet {', '.join(lost)}.",
                f"It has {', '.join(book.sheetnames)}.",
                "Drop in the workbook as SIPRI publishes it.",
            )
        return {name: list(_sheet(book[sheet])) for name, sheet in SHEETS.items()}
    finally:
        book.close()


def _sheet(sheet: Any) -> Iterator[tuple[str, int, float, int]]:
    """Yield the figures of a sheet, below the line that begins with "Country"."""
    years: dict[int, int] = {}
    for row in sheet.iter_rows():
        values = [cell.value for cell in row]
        if not years:
            if values and values[0] == "Country":
                years = {k: int(v) for k, v in enumerate(values) if _year(v)}
            continue
        if not values or not isinstance(values[0], str):
            continue
        for k, year in years.items():
            figure = values[k] if k < len(values) else None
            if isinstance(figure, int | float):
                yield values[0].strip(), year, float(figure), _certainty(row[k])


def _year(value: object) -> bool:
    text = str(value)
    return text.isdigit() and 1900 < int(text) < 2100


def _certainty(cell: Any) -> int:
    colour = cell.font.color
    number = colour.indexed if colour is not None and colour.type == "indexed" else None
    return {_BLUE: 1, _RED: 2}.get(number, 0) if isinstance(number, int) else 0
