"""Joint military exercises: the multinational list (MME) and its forerunner (JME)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from multivector.errors import SchemaError
from multivector.origin import Citation
from multivector.source import Source
from multivector.sources._ties import needs, no_excel, text, unseen, whole
from multivector.states import resolve_codes
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span

MME_COVERAGE = Coverage(span(1980, 2010))
JME_COVERAGE = Coverage(span(1974, 2010))
KINDS = {
    "command_post": ("CPX", "Command-post exercise"),
    "air": ("Air", "Air forces"),
    "land": ("Land", "Land forces"),
    "sea": ("Sea", "Naval forces"),
    "warfighting": ("Warfighting", "Trains warfighting"),
    "peacekeeping": ("Peacekeeping", "Trains peacekeeping"),
    "humanitarian": ("Humanitarian", "Trains humanitarian tasks"),
}
DORAZIO = Citation(
    "dorazio2012",
    "article",
    "D'Orazio, Vito",
    "War games: North Korea's reaction to US and South Korean military exercises",
    2012,
    "Journal of East Asian Studies 12(2):275-294",
    doi="10.1017/S1598240800007864",
)


def _parts(year: str, month: str, day: str) -> pl.Expr:
    """Return an ISO date, only to the month or year where the day is written xx or −9."""
    columns = (pl.col(c).cast(pl.String) for c in (year, month, day))
    numbers = [c.cast(pl.Float64, strict=False).cast(pl.Int64) for c in columns]
    known = [pl.when(n > 0).then(n.cast(pl.String).str.zfill(2)) for n in numbers]
    return pl.coalesce(pl.concat_str(known[:k], separator="-") for k in (3, 2, 1))


@dataclass(frozen=True)
class MultinationalExercises(Source):
    """States that took part in multinational military exercises, 1980–2010.

    One row per exercise, year and participant (Gleditsch–Ward numbers: Germany is 260). An
    exercise found in two years has rows in both. ``participants`` is the number of participants
    that the list names, also those without a number of the system (NATO, small islands, unknown),
    which have no row. The list ends in 2010: later years are missing. It is gathered from
    news reports, so a pair without row is not known to have had none.

    References
    ----------
    D'Orazio, V. (2012). War Games: North Korea's Reaction to US and South Korean Military
    Exercises. Journal of East Asian Studies 12(2):275-294.

    Examples
    --------
    >>> MultinationalExercises.variables[0].coverage.years[-1]
    2010
    """

    name: ClassVar = "multinational_exercises"
    title: ClassVar = "Multinational Military Exercises"
    producer: ClassVar = "Vito D'Orazio and others"
    version: ClassVar = "7"
    homepage: ClassVar = "https://www.vitodorazio.com/data.html"
    licence: ClassVar = unseen("Research data, citation", homepage)
    citation: ClassVar = DORAZIO
    key: ClassVar = Key("participant in an exercise", ("exercise", "year", "state"), system="gw")
    variables: ClassVar = (
        Variable("exercise_name", "Name of the exercise", "text", MME_COVERAGE),
        Variable("began", "First day (ISO date)", "text", MME_COVERAGE),
        Variable("ended", "Last day (ISO date)", "text", MME_COVERAGE),
        Variable(
            "participants", "Participants named", "participants", MME_COVERAGE, range=(1, None)
        ),
        *(
            Variable(name, label, "flag", MME_COVERAGE, range=(0, 1))
            for name, (_, label) in KINDS.items()
        ),
    )
    files: ClassVar = (
        File(
            "multinational_military_exercises_v7_long.csv*",
            "long",
            how="The table mme-v7-long.csv in the folder data-raw of "
            "https://github.com/meflynn/troopdata, saved as "
            "multinational_military_exercises_v7_long.csv.",
        ),
    )

    notes: ClassVar = "Gathered from news reports."
    without_facts: ClassVar = "No printed total of this version of the list was found."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per exercise, year and participant with a number."""
        frame = needs(text(paths[0]), paths[0], "MMEID", "gwcode", "year", "participant_count")
        return (
            frame.drop_nulls("gwcode")
            .select(
                pl.col("MMEID").alias("exercise"),
                whole("year"),
                whole("gwcode").alias("state"),
                pl.when(pl.col("Ex_Name") != "-9").then("Ex_Name").alias("exercise_name"),
                _parts("s.year", "s.month", "s.day").alias("began"),
                _parts("e.year", "e.month", "e.day").alias("ended"),
                whole("participant_count").alias("participants"),
                *(whole(theirs).alias(ours) for ours, (theirs, _) in KINDS.items()),
            )
            .unique(["exercise", "year", "state"], keep="first", maintain_order=True)
        )


@dataclass(frozen=True)
class JointExercises(Source):
    """States that took part in joint military exercises, from the forerunner of the MME list.

    One row per line of the list and participant. ``state`` is our id; participants that are no
    state of the table keep the code of the list. ``began`` and ``ended`` are ISO dates, to the
    month or year only where the day is not known. Lines without a year are left out. The list
    covers 1974 to 2010 unevenly; a pair without row is not known to have had no exercise.

    References
    ----------
    D'Orazio, V. (2012). War Games: North Korea's Reaction to US and South Korean Military
    Exercises. Journal of East Asian Studies 12(2):275-294.

    Examples
    --------
    >>> JointExercises.key.columns
    ('exercise', 'year', 'state')
    """

    name: ClassVar = "joint_exercises"
    title: ClassVar = "Joint Military Exercises"
    producer: ClassVar = "Vito D'Orazio and others"
    version: ClassVar = "3"
    homepage: ClassVar = "https://www.vitodorazio.com/data.html"
    licence: ClassVar = MultinationalExercises.licence
    citation: ClassVar = DORAZIO
    key: ClassVar = Key("participant in an exercise", ("exercise", "year", "state"))
    variables: ClassVar = (
        Variable("exercise_name", "Name of the exercise", "text", JME_COVERAGE),
        Variable("kind", "Kind of exercise, as listed", "text", JME_COVERAGE),
        Variable("began", "First day (ISO date)", "text", JME_COVERAGE),
        Variable("ended", "Last day (ISO date)", "text", JME_COVERAGE),
    )
    files: ClassVar = (
        File(
            "joint_military_exercises_v3.xls",
            "workbook",
            how="The workbook jme_v3.xls in the folder data-raw of "
            "https://github.com/meflynn/troopdata, saved as joint_military_exercises_v3.xls.",
        ),
    )

    notes: ClassVar = "Gathered from news reports."
    without_facts: ClassVar = "No printed total of this version of the list was found."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per line of the list and participant."""
        try:
            import xlrd
        except ImportError as error:
            raise no_excel(paths[0], "xlrd") from error
        sheet: Any = xlrd.open_workbook(str(paths[0])).sheet_by_index(0)
        rows = [sheet.row_values(k) for k in range(sheet.nrows)]
        return participants(rows[0], rows[1:])


def participants(header: Sequence[object], rows: Sequence[Sequence[object]]) -> pl.DataFrame:
    """Return one row per line of the list of joint exercises and participant in it."""
    names = [str(h) for h in header]
    lost = [c for c in ("Exercise Name", "s.year", "State A") if c not in names]
    if lost:
        raise SchemaError(f"The list of exercises has no column {', '.join(lost)}.")
    first = names.index("State A")
    columns = [*dict.fromkeys(n or f"_{k}" for k, n in enumerate(names[:first]))]
    columns += [f"who{k}" for k in range(len(names) - first)]
    table = pl.DataFrame(
        [[_plain(v) for v in row] for row in rows],
        dict.fromkeys(columns, pl.String),
        orient="row",
    ).with_row_index("exercise", offset=1)
    who = [c for c in table.columns if c.startswith("who")]
    long = (
        table.select(
            pl.col("exercise").cast(pl.Int64),
            pl.col("s.year").cast(pl.Float64, strict=False).cast(pl.Int64).alias("year"),
            pl.when(pl.col("Exercise Name") != "-9")
            .then("Exercise Name")
            .replace("", None)
            .alias("exercise_name"),
            pl.col("JME Type").replace("", None).alias("kind"),
            _parts("s.year", "s.month", "s.day").alias("began"),
            _parts("e.year", "e.month", "e.day").alias("ended"),
            *who,
        )
        .unpivot(who, index=["exercise", "year", "exercise_name", "kind", "began", "ended"])
        .with_columns(pl.col("value").str.strip_chars())
        .filter(pl.col("year").is_between(1900, 2100), ~pl.col("value").is_in(["", "-9"]))
    )
    codes = long["value"].replace("ROM", "ROU")  # Romania's code until 2002
    ids = resolve_codes(codes, long["year"], "iso3", unknown="null")
    return (
        long.with_columns(ids.alias("state"))
        .with_columns(pl.col("state").fill_null(pl.col("value")))
        .drop("variable", "value")
        .unique(["exercise", "year", "state"], keep="first", maintain_order=True)
    )


def _plain(value: object) -> str:
    whole_number = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole_number else str(value)  # type: ignore[arg-type]
