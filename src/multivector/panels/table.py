"""A table of your own: any CSV file of units, or units and years, by variables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.errors import SchemaError, Unavailable, UnknownName, raise_all
from multivector.estimate import TAKEN
from multivector.lock import sha256_of
from multivector.origin import Licence, Origin
from multivector.panel import Panel
from multivector.settings import Settings
from multivector.step import Inputs, Step
from multivector.variable import Coverage, Key, Variable

OWN_TERMS = Licence(
    "the owner's terms",
    "",
    redistribute_raw=False,
    quote="A table that the user brought; nothing is known of its terms.",
)
BLANK = ("", "NA", "N/A", "n/a", "NaN", "nan", "null", ".", "..", "…")
"""What an empty cell may be written as."""


@dataclass(frozen=True)
class Table(Step[Panel]):
    """The rows of a CSV file, as they are: numbers as numbers, all else as text.

    Empty cells (also ``NA``, ``NaN``, ``..``) are missing. The fingerprint covers the content of
    the file, so a table that changed is never answered from the cache.

    Parameters
    ----------
    file
        Path of the file, UTF-8 with a header line.
    key
        Columns that identify a row; by default the first one, and ``year`` where there is one. One
        that is called as a column of our exports (``unit``, ``value`` …) becomes ``unit_name``.

    Examples
    --------
    >>> Table("my_table.csv", key=("country", "year")).key
    ('country', 'year')
    """

    name: ClassVar[str] = "table"
    file: str
    key: tuple[str, ...] = ()

    def material(self, settings: Settings) -> tuple[str, ...]:
        """Return the hash of the file."""
        del settings
        return (sha256_of(self._path()),)

    def _path(self) -> Path:
        path = Path(self.file)
        if not path.is_file():
            raise Unavailable(
                f"There is no table {self.file!r}.", f"Looked in {path.absolute().parent}."
            )
        return path

    def compute(self, get: Inputs) -> Panel:
        """Read the file."""
        del get
        path = self._path()
        try:
            frame = pl.read_csv(path, infer_schema_length=None, null_values=list(BLANK))
        except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
            raise SchemaError(f"{self.file} cannot be read as CSV: {error}.") from error
        frame = frame.rename({c: c.strip() for c in frame.columns})
        key = self.key or tuple(dict.fromkeys((*frame.columns[:1], *_years(frame))))
        frame = frame.rename({c: f"{c}_name" for c in TAKEN if c in key and c in frame.columns})
        key = tuple(f"{c}_name" if c in TAKEN else c for c in key)
        raise_all(
            f"The key of {self.file} does not fit",
            [UnknownName("column", c, frame.columns, where=path.name) for c in key
             if c not in frame.columns],
        )  # fmt: skip
        origin = Origin(
            dataset=self.name,
            title=path.name,
            producer="Your own table",
            version=f"sha256 {sha256_of(path)[:12]}",
            licence=OWN_TERMS,
            sha256=sha256_of(path),
        )
        years = tuple(sorted(frame["year"].unique())) if "year" in key else ()
        texts = [c for c in frame.columns if not frame.schema[c].is_numeric() and c not in key]
        numbers = [c for c in frame.columns if c not in (*key, *texts)]
        frame = frame.with_columns(
            *(pl.col(c).cast(pl.Float64) for c in numbers),
            *(pl.col(c).cast(pl.String) for c in texts),
        )
        variables = tuple(
            Variable(c, c, "text" if c in texts else "", Coverage(years), origins=(origin,))
            for c in (*numbers, *texts)
        )
        return Panel(frame, Key("row", key, system="the table's own names"), variables, (origin,))


def _years(frame: pl.DataFrame) -> tuple[str, ...]:
    return ("year",) if "year" in frame.columns else ()
