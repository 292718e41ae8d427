"""UCDP/PRIO armed conflicts since 1946: conflicts by year, the states in them, and onsets."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import polars as pl

from multivector.errors import SchemaError
from multivector.origin import Citation, Licence
from multivector.source import Fact, Source
from multivector.sources._ties import GW_STATE_YEAR, needs, table, text, whole
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span

OFFICIAL, COPY = "acd zip", "state copy"
COVERAGE = Coverage(span(1946, 2024))
TYPES = (
    (1, "extrasystemic"),
    (2, "interstate"),
    (3, "intrastate"),
    (4, "internationalized intrastate"),
)
INTENSITY = ((1, "minor: 25 to 999 battle deaths in the year"), (2, "war: 1,000 or more"))
ISSUES = ((1, "territory"), (2, "government"), (3, "territory and government"))
ROLES = {
    "gwno_a": "side A",
    "gwno_a_2nd": "supports side A",
    "gwno_b": "side B",
    "gwno_b_2nd": "supports side B",
}
_COPIED = {
    "type_of_conflict": {"extrasystemic": 1, "interstate": 2, "intrastate": 3, "II": 4},
    "incompatibility": {"territory": 1, "government": 2, "both": 3},
}
LICENCE = Licence(
    "CC BY 4.0",
    "https://creativecommons.org/licenses/by/4.0/",
    redistribute_raw=False,
    quote="Named CC BY 4.0 by those who list the data; the publisher's own sentence was not seen, "
    "so rows are not passed on.",
)
DAVIES = Citation(
    "davies2025",
    "article",
    "Davies, Shawn and Pettersson, Therése and Sollenberg, Margareta and Öberg, Magnus",
    "Organized violence 1989-2024, and the challenges of identifying civilian victims",
    2025,
    "Journal of Peace Research 62(4):1223-1240",
    doi="10.1177/00223433251345636",
)
GLEDITSCH = Citation(
    "gleditsch2002",
    "article",
    "Gleditsch, Nils Petter and Wallensteen, Peter and Eriksson, Mikael and Sollenberg, Margareta "
    "and Strand, Håvard",
    "Armed Conflict 1946-2001: A New Dataset",
    2002,
    "Journal of Peace Research 39(5):615-637",
    doi="10.1177/0022343302039005007",
)
FILES = (
    File(
        "ucdp-prio-acd-*-csv.zip",
        OFFICIAL,
        url="https://ucdp.uu.se/downloads/ucdpprio/ucdp-prio-acd-251-csv.zip",
        how="UCDP offers the UCDP/PRIO Armed Conflict Dataset on https://ucdp.uu.se/downloads/.",
        seen_real=False,
    ),
    File(
        "ucdp_acd.parquet",
        COPY,
        how="Version 25.1 with one row per combination of states, as S. Miller's peacesciencer "
        "distributes it (ucdp_acd), saved as Parquet.",
    ),
)


def _in_2024(**conditions: int) -> Callable[[pl.DataFrame], float]:
    where = [pl.col("year") == 2024, *(pl.col(c) == v for c, v in conditions.items())]
    return lambda f: float(len(f.filter(*where)))


def _conflicts(layout: str, path: Path) -> pl.DataFrame:
    """Return the rows of either layout, with the producer's numbers for categories."""
    if layout == OFFICIAL:
        with zipfile.ZipFile(path) as archive, TemporaryDirectory() as folder:
            inside = [n for n in archive.namelist() if n.lower().endswith(".csv")]
            if len(inside) != 1:
                raise SchemaError(
                    f"{path.name} holds {len(inside)} CSV files.",
                    "The archive of UCDP holds one.",
                    "Drop in the archive as UCDP publishes it.",
                )
            frame = text(Path(archive.extract(inside[0], folder)))
        return needs(frame, path, "conflict_id", "year", "gwno_a", "intensity_level", "ep_end")
    frame = needs(table(path), path, "conflict_id", "year", "gwno_a", "gwno_b_2nd")
    numbers = [pl.col(c).replace_strict(codes) for c, codes in _COPIED.items()]
    days = [pl.col(c).dt.to_string() for c in ("start_date", "start_date2", "ep_end_date")]
    return frame.with_columns(*numbers, *days)


@dataclass(frozen=True)
class _Acd(Source):
    """What both views of the UCDP/PRIO Armed Conflict Dataset share."""

    producer: ClassVar = (
        "Uppsala Conflict Data Program (UCDP) and Peace Research Institute Oslo (PRIO)"
    )
    version: ClassVar = "25.1"
    homepage: ClassVar = "https://ucdp.uu.se/downloads/"
    licence: ClassVar = LICENCE
    citation: ClassVar = DAVIES
    citations: ClassVar = (GLEDITSCH,)
    files: ClassVar = FILES


@dataclass(frozen=True)
class UcdpConflicts(_Acd):
    """State-based armed conflicts by year: kind, issue, intensity and dates.

    "Each conflict is listed in all years where fighting in one or more dyad(s) caused at least 25
    battle-related deaths" (codebook), at least one party being the government of a state.
    ``began`` is the day of the first death in the conflict, ``episode_began`` that of the present
    episode, with precisions from 1 (day known) to 7 (year not certain). ``episode_ended`` is the
    end of an episode that has no active year after this one. ``territory`` is UCDP's name of the
    part of a state that is fought over; conflicts over government have none, and the copy has no
    names at all.

    References
    ----------
    Davies, S. et al. (2025). Organized violence 1989-2024. Journal of Peace Research 62(4).
    Gleditsch, N. P. et al. (2002). Armed Conflict 1946-2001: A New Dataset. Journal of Peace
    Research 39(5):615-637.

    Examples
    --------
    >>> UcdpConflicts.key.columns
    ('conflict', 'year')
    """

    name: ClassVar = "ucdp_conflicts"
    title: ClassVar = "UCDP/PRIO armed conflicts"
    key: ClassVar = Key("conflict-year", ("conflict", "year"), system="gw")
    variables: ClassVar = (
        Variable("conflict_type", "Type of conflict", "category", COVERAGE, codes=TYPES),
        Variable("issue", "What the conflict is about", "category", COVERAGE, codes=ISSUES),
        Variable("territory", "Territory in dispute, a part of a state", "text", COVERAGE),
        Variable("intensity", "Intensity in the year", "level", COVERAGE, codes=INTENSITY),
        Variable("began", "First battle death in the conflict", "date", COVERAGE),
        Variable("began_precision", "Precision of began (1 best)", "level", COVERAGE, range=(1, 7)),
        Variable("episode_began", "First battle death in the episode", "date", COVERAGE),
        Variable(
            "episode_began_precision",
            "Precision of episode_began (1 best)",
            "level",
            COVERAGE,
            range=(1, 7),
        ),
        Variable("episode_ends", "Episode ends in the year", "flag", COVERAGE, range=(0, 1)),
        Variable("episode_ended", "Day of the end of the episode", "date", COVERAGE),
    )
    facts: ClassVar = (
        Fact(
            "state-based conflicts in 2024",
            61,
            "Rustad, Conflict Trends: A Global Overview, 1946-2024 (PRIO Paper, June 2025)",
            _in_2024(),
        ),
        Fact(
            "wars in 2024",
            11,
            "Davies et al. (2025), Organized violence 1989-2024",
            _in_2024(intensity=2),
        ),
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per conflict and year."""
        frame = _conflicts(layout, paths[0])

        def day(column: str) -> pl.Expr:
            return pl.col(column).str.slice(0, 10).str.to_date("%Y-%m-%d")

        there = "territory_name" in frame.columns
        territory = pl.col("territory_name") if there else pl.lit(None, pl.String)
        return frame.select(
            whole("conflict_id").alias("conflict"),
            whole("year"),
            whole("type_of_conflict").alias("conflict_type"),
            whole("incompatibility").alias("issue"),
            territory.alias("territory"),
            whole("intensity_level").alias("intensity"),
            day("start_date").alias("began"),
            whole("start_prec").alias("began_precision"),
            day("start_date2").alias("episode_began"),
            whole("start_prec2").alias("episode_began_precision"),
            whole("ep_end").alias("episode_ends"),
            day("ep_end_date").alias("episode_ended"),
        ).unique()


@dataclass(frozen=True)
class UcdpParties(_Acd):
    """States that fought in armed conflicts, by conflict, year and role.

    ``role`` is the side of a government that is a party, or of a government that supports one
    with troops. ``intensity`` is that of the conflict in the year; the deaths are those of the
    whole conflict, not of the state. Rebel groups have no row.

    References
    ----------
    Davies, S. et al. (2025). Organized violence 1989-2024. Journal of Peace Research 62(4).

    Examples
    --------
    >>> UcdpParties.key.columns
    ('conflict', 'year', 'state', 'role')
    """

    name: ClassVar = "ucdp_parties"
    title: ClassVar = "UCDP/PRIO armed conflicts, states in them"
    key: ClassVar = Key(
        "state in a conflict-year", ("conflict", "year", "state", "role"), system="gw"
    )
    variables: ClassVar = (
        Variable("conflict_type", "Type of conflict", "category", COVERAGE, codes=TYPES),
        Variable(
            "intensity", "Intensity of the conflict in the year", "level", COVERAGE, codes=INTENSITY
        ),
    )

    without_facts: ClassVar = (
        "No printed total of these rows was found; tests count them in the file."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per conflict, year, state and role."""
        frame = _conflicts(layout, paths[0])
        listed = [
            frame.select(
                whole("conflict_id").alias("conflict"),
                whole("year"),
                pl.col(column).cast(pl.String).str.split(", ").alias("state"),
                pl.lit(role).alias("role"),
                whole("type_of_conflict").alias("conflict_type"),
                whole("intensity_level").alias("intensity"),
            )
            .explode("state")
            .drop_nulls("state")
            for column, role in ROLES.items()
        ]
        return pl.concat(listed).with_columns(whole("state")).unique()


@dataclass(frozen=True)
class UcdpOnsets(Source):
    """Onsets of intrastate armed conflict in each state, by year, 1946–2017.

    ``new_conflicts`` counts conflicts that were never active before; ``onsets_2`` counts conflicts
    and episodes that began after more than two years without activity, and so for 1, 3, 5 and 10.
    Every state-year of the Gleditsch–Ward system has a row, so an onset that is not there is 0 in
    the file itself; from 2018 on the value is missing.

    References
    ----------
    Gleditsch, N. P. et al. (2002). Armed Conflict 1946-2001: A New Dataset. Journal of Peace
    Research 39(5):615-637.

    Examples
    --------
    >>> UcdpOnsets.variables[0].name
    'new_conflicts'
    """

    name: ClassVar = "ucdp_onsets"
    title: ClassVar = "UCDP onsets of intrastate armed conflict"
    producer: ClassVar = _Acd.producer
    version: ClassVar = "release not stated (1946-2017)"
    homepage: ClassVar = _Acd.homepage
    licence: ClassVar = LICENCE
    citation: ClassVar = GLEDITSCH
    key: ClassVar = GW_STATE_YEAR
    variables: ClassVar = (
        Variable(
            "new_conflicts",
            "Conflicts that begin for the first time",
            "onsets",
            Coverage(span(1946, 2017)),
            range=(0, None),
        ),
        *(
            Variable(
                f"onsets_{gap}",
                f"Onsets after more than {gap} quiet years",
                "onsets",
                Coverage(span(1946, 2017)),
                range=(0, None),
            )
            for gap in (1, 2, 3, 5, 10)
        ),
    )
    files: ClassVar = (
        File(
            "ucdp_onsets.parquet",
            "state-year copy",
            how="The onset data as S. Miller's peacesciencer distributes them (ucdp_onsets), saved "
            "as Parquet.",
        ),
    )

    without_facts: ClassVar = (
        "No printed total of these rows was found; tests count them in the file."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per state and year."""
        frame = needs(table(paths[0]), paths[0], "gwcode", "year", "sumnewconf", "sumonset10")
        return frame.select(
            whole("gwcode").alias("state"),
            whole("year"),
            whole("sumnewconf").alias("new_conflicts"),
            *(whole(f"sumonset{gap}").alias(f"onsets_{gap}") for gap in (1, 2, 3, 5, 10)),
        )
