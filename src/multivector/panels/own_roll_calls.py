"""Roll calls of any group, from a table of one's own: a parliament, a committee, a court."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.errors import DataError, MultivectorError, SchemaError, Unavailable, raise_all
from multivector.lock import sha256_of
from multivector.origin import Licence, Origin
from multivector.panel import Panel
from multivector.settings import Settings
from multivector.step import Inputs, Step
from multivector.variable import Coverage, Key, Variable

VOTER_ROLL_CALL = Key("voter by roll call", ("rcid", "voter"), system="the file's own")
CODES = ((1, "yes"), (2, "abstain"), (3, "no"))
ABSENT = ("absent", "8", "9", "")
NEEDED = ("voter", "session", "rcid", "vote")
_WORDS = {word: code for code, name in CODES for word in (name, str(code))}
_TERMS = Licence(
    "Terms of the file's owner",
    "",
    redistribute_raw=False,
    quote="A table that the user supplies; its terms are not known here.",
)


@dataclass(frozen=True)
class OwnRollCalls(Step[Panel]):
    """Votes of any group from a CSV table with one row per voter and roll call.

    The columns ``voter``, ``session``, ``rcid`` and ``vote`` are needed; others are not read, but
    for the optional ``item``. Labels of voters are free. ``session`` is a whole number that counts
    terms, years or whatever lets positions move; what matters is how many lie between two.
    ``vote`` is yes, abstain or no (or 1, 2, 3); a row with absent, 8, 9 or nothing is no vote and
    is left out. Roll calls of different sessions that put the same question may carry the same
    ``item``, which ties the scale of those sessions together; without it each is its own.

    Parameters
    ----------
    path
        The file; CSV, also compressed with gzip.
    title
        What to call it in captions and sources; its name by default.

    Raises
    ------
    Unavailable
        When there is no such file.
    SchemaError
        With every problem at once: columns missing, words that are no votes, sessions that are no
        whole numbers, voters or roll calls without a label, a voter twice on one roll call.

    Examples
    --------
    >>> OwnRollCalls("parliament.csv", title="Votes of a parliament").path
    'parliament.csv'
    """

    name: ClassVar[str] = "own_roll_calls"
    path: str
    title: str = ""

    def material(self, settings: Settings) -> tuple[str, ...]:
        """Return the hash of the file, so that a changed file is read anew."""
        del settings
        return (sha256_of(self._file()),)

    def compute(self, get: Inputs) -> Panel:
        """Read the table, check it, number the voters."""
        del get
        path = self._file()
        try:
            table = pl.read_csv(path, infer_schema=False)
        except pl.exceptions.PolarsError as error:
            raise DataError(f"{self.path} cannot be read as CSV: {error}.") from None
        where = self.title or path.name
        lost = [c for c in NEEDED if c not in table.columns]
        if lost:
            raise SchemaError(
                f"{where} lacks the column {', '.join(lost)}.",
                f"It has {', '.join(table.columns)}.",
                "Rename its columns.",
            )
        table = table.with_columns(pl.col(*NEEDED).str.strip_chars())
        raise_all(f"{where} cannot be used", list(_problems(table)))
        item = pl.coalesce(pl.col("item").replace("", None), "rcid")
        cast = table.filter(~_absent()).select(
            "rcid",
            "voter",
            pl.col("vote").str.to_lowercase().replace_strict(_WORDS, return_dtype=pl.Int8),
            (pl.col("voter").rank("dense") - 1).cast(pl.Int64).alias("unit"),
            pl.col("session").cast(pl.Int64),
            (item if "item" in table.columns else pl.col("rcid")).alias("item"),
        )
        origin = Origin(
            self.name, where, "the user", "as in the file", _TERMS, sha256=sha256_of(path)
        )
        variables = (
            Variable("vote", where, "category", Coverage(), codes=CODES, origins=(origin,)),
            *(
                Variable(name, label, unit, Coverage(), origins=(origin,))
                for name, label, unit in (
                    ("unit", "Number of the voter", "ordinal number"),
                    ("session", "Session", "ordinal number"),
                    ("item", "Question put to the vote, as the file tells it", "text"),
                )
            ),
        )
        return Panel(cast, VOTER_ROLL_CALL, variables)

    def _file(self) -> Path:
        path = Path(self.path)
        if not path.is_file():
            raise Unavailable(
                f"There is no file {self.path!r}.", f"Looked in {path.absolute().parent}."
            )
        return path


def _absent() -> pl.Expr:
    return pl.col("vote").fill_null("").str.to_lowercase().is_in(ABSENT)


def _problems(table: pl.DataFrame) -> Iterator[MultivectorError]:
    """Yield what makes a table unusable."""
    words = table.filter(~_absent())["vote"].unique().sort()
    strange = [w for w in words if w.lower() not in _WORDS]
    if strange:
        yield SchemaError(
            f"Column vote holds {', '.join(strange[:5])}.",
            f"Possible: {', '.join(_WORDS)}; for no vote {', '.join(filter(None, ABSENT))}.",
        )
    session = pl.col("session")
    odd = table.filter(session.is_null() | session.cast(pl.Int64, strict=False).is_null())
    if len(odd):
        yield SchemaError(
            f"Column session holds {odd['session'][0]!r} ({len(odd)} rows).",
            "Possible: whole numbers.",
            "Number the sessions or terms in order.",
        )
    for column in ("voter", "rcid"):
        empty = table.filter(pl.col(column).fill_null("") == "").height
        if empty:
            yield SchemaError(f"Column {column} is empty in {empty} rows.", "A label is needed.")
