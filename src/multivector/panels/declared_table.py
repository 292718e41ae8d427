"""Your own table: a CSV file as a first-class input, by a declaration of its key and its units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import polars as pl

from multivector.choices import Checked, Parsed
from multivector.errors import (
    InputError,
    MultivectorError,
    SchemaError,
    Unavailable,
    raise_all,
)
from multivector.lock import sha256_of
from multivector.origin import Citation, Licence, Origin
from multivector.panel import Panel
from multivector.reading import record, records, toml
from multivector.settings import Settings
from multivector.states import resolve_codes, resolve_names
from multivector.step import Inputs, Step
from multivector.variable import (
    DIRECTED_DYAD_YEAR,
    DYAD_YEAR,
    NUMERIC_SYSTEMS,
    STATE_YEAR,
    Coverage,
    Key,
    Variable,
    span,
)

KEYS = {"state-year": STATE_YEAR, "directed dyad-year": DIRECTED_DYAD_YEAR,
        "undirected dyad-year": DYAD_YEAR}  # fmt: skip
_TERMS = "As declared by the user; nothing was checked."


@dataclass(frozen=True)
class Column(Checked):
    """The declaration of one column: what it measures, in which unit, and what silence means."""

    name: str
    label: str
    unit: str
    years: tuple[int, int]
    absence: Literal["missing", "zero"] = "missing"
    least: float | None = None
    most: float | None = None
    column: str = ""

    def variable(self, origin: Origin) -> Variable:
        """Return the declaration as a panel has it."""
        cover = Coverage(span(*self.years))
        bounds = (self.least, self.most)
        made = Variable(self.name, self.label, self.unit, cover, self.absence, bounds)
        return replace(made, origins=(origin,))


@dataclass(frozen=True)
class Declaration(Checked):
    """What the table is: title, file, unit of analysis, how states are written, whence it comes."""

    title: str
    file: str
    key: Literal["state-year", "directed dyad-year", "undirected dyad-year"]
    states: Literal["names", "iso3", "cow", "gw"]
    producer: str
    version: str
    url: str
    year: int
    licence: str = "not stated"
    may_be_shared: bool = False
    variables: tuple[Column, ...] = ()

    @property
    def unit_of_analysis(self) -> Key:
        """The key, in the system of states of the table that is made."""
        system = self.states if self.states in NUMERIC_SYSTEMS else "iso3"
        return replace(KEYS[self.key], system=system)

    def origin(self, sha256: str) -> Origin:
        """Return the origin of every figure of the table."""
        shared = self.may_be_shared
        return Origin(
            dataset="declared_table",
            title=self.title,
            producer=self.producer,
            version=self.version,
            licence=Licence(self.licence, self.url, shared, shared, quote=_TERMS),
            citation=Citation(
                "own_table", "misc", f"{{{self.producer}}}", self.title, self.year, url=self.url
            ),
            sha256=sha256,
        )


def _toml(given: Any) -> Any:
    """Refuse what is no .toml file."""
    if not str(given).endswith(".toml"):
        raise InputError(f"{given!r} is no declaration.", "Its name ends in .toml.")
    return given


@dataclass(frozen=True)
class DeclaredTable(Step[Panel]):
    """A CSV file of yours, read and checked as its declaration says.

    The declaration is a TOML file beside the CSV file: title, file, key (``state-year``,
    ``directed dyad-year`` or ``undirected dyad-year``), how states are written (``names`` in
    English, Russian or Kazakh, ``iso3``, ``cow`` or ``gw``), producer, version, url and year, and
    for each variable its name, label, unit, first and last year, and what an absent row means. The
    CSV file has the columns ``state``, ``partner`` (of dyads) and ``year``, and one for each
    variable; an empty cell is missing. Everything that is wrong is reported at once. The table then
    joins others, is shown and cited like any source; its hash is part of every fingerprint.

    Parameters
    ----------
    declaration
        Path of the TOML file.

    Examples
    --------
    >>> DeclaredTable("missions.toml").declaration
    'missions.toml'
    """

    name: ClassVar = "declared_table"

    declaration: Annotated[str, Parsed(_toml)]

    def material(self, settings: Settings) -> tuple[str, ...]:
        """Return the hashes of the declaration and of the file that it names."""
        return tuple(sha256_of(p) for p in (Path(self.declaration), self._file()))

    def compute(self, get: Inputs) -> Panel:
        """Read the file, name its states, and check it against the declaration."""
        declared, path = declaration(Path(self.declaration)), self._file()
        frame = pl.read_csv(path, infer_schema=False, null_values=[""])
        key = declared.unit_of_analysis
        wanted = [*key.columns, *(c.column or c.name for c in declared.variables)]
        lost = [c for c in wanted if c not in frame.columns]
        if lost:
            raise SchemaError(
                f"{path.name} has no column {', '.join(lost)}.",
                f"It has {', '.join(frame.columns)}.",
                "Rename the columns, or say under column = … what a variable is called there.",
            )
        frame = frame.select(
            *key.columns, *(pl.col(c.column or c.name).alias(c.name) for c in declared.variables)
        )
        frame = frame.with_columns(_numbers(frame, ["year"], pl.Int64, path.name))
        sides = [c for c in ("state", "partner") if c in key.columns]
        frame = frame.with_columns(_named(frame, sides, declared.states, path.name))
        words = {c.name for c in declared.variables if c.unit == "text"}
        numbers = [c.name for c in declared.variables if c.name not in words]
        frame = frame.with_columns(_numbers(frame, numbers, pl.Float64, path.name))
        if key.dyadic and not key.directed:
            one, other = pl.min_horizontal(sides), pl.max_horizontal(sides)
            frame = frame.with_columns(one.alias("state"), other.alias("partner"))
        origin = declared.origin(sha256_of(path))
        return Panel(frame, key, tuple(c.variable(origin) for c in declared.variables))

    def _file(self) -> Path:
        path = Path(self.declaration)
        file = path.parent / declaration(path).file
        if not file.is_file():
            raise Unavailable(
                f"{path.name} names {file.name}, which is not here.",
                f"Looked in {file.parent.absolute()}.",
                "Put it beside the declaration, or correct file = ….",
            )
        return file


def declaration(path: Path) -> Declaration:
    """Read a declaration, reporting every problem at once."""
    if not path.is_file():
        raise Unavailable(
            f"There is no declaration {str(path)!r}.", f"Looked in {path.parent.absolute()}."
        )
    data = toml(path.read_text(encoding="utf-8"), path.name)
    problems: list[MultivectorError] = []
    columns = records(Column, data, "variable", problems, path.name)
    if not data.get("variable"):
        problems.append(InputError(f"{path.name} declares no variable.", "Write [[variable]]."))
    given = {k: v for k, v in data.items() if k != "variable"}
    kept = tuple(filter(None, columns))
    made = record(Declaration, given, path.name, problems, variables=kept)
    raise_all(f"{path.name} cannot be used", problems)
    assert made is not None
    return made


def _named(frame: pl.DataFrame, sides: Iterable[str], states: str, file: str) -> list[pl.Series]:
    """Return the actors as the table's system writes them, each in its year."""
    if states in NUMERIC_SYSTEMS:
        return _numbers(frame, sides, pl.Int64, file)
    if states == "names":
        return [resolve_names(frame[s], frame["year"]).alias(s) for s in sides]
    return [resolve_codes(frame[s], frame["year"], "iso3").alias(s) for s in sides]


def _numbers(
    frame: pl.DataFrame, columns: Iterable[str], kind: type[pl.DataType], file: str
) -> list[pl.Series]:
    """Return columns as numbers; all cells that are none are reported together."""
    problems: list[MultivectorError] = []
    made: list[pl.Series] = []
    for name in columns:
        number = frame[name].cast(kind, strict=False)
        bad = frame[name].filter(number.is_null() & frame[name].is_not_null()).unique().sort()
        if len(bad):
            shown = ", ".join(repr(v) for v in bad.head(5))
            problems.append(
                SchemaError(f"{file}: {name} has {shown}, which are no numbers.",
                            remedy="Leave a cell empty where the value is missing.")
            )  # fmt: skip
        made.append(number)
    raise_all(f"{file} cannot be read", problems)
    return made
