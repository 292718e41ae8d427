"""Roll calls of the United Nations General Assembly since 1946: what was voted on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.source import Fact, Source
from multivector.sources import _undl_wide as undl_wide
from multivector.sources.un_votes import (
    CC0_VOETEN,
    COW_WIDE,
    DATAVERSE,
    DAYS,
    ISO3_WIDE,
    ISSUES,
    ROLLCALLS,
    UNDL,
    VOETEN,
    WHOLE,
    UNVotes,
    iso_day,
    number,
    text,
    undl_text,
)
from multivector.store import File
from multivector.variable import ROLL_CALL, Coverage, Variable

_FLAGS = {
    "important": "Important vote (US Department of State)",
    "amendment": "Vote on an amendment",
    "paragraph": "Vote on part of a text",
    **{code: f"Vote on {issue}" for code, issue in ISSUES.items()},
}


def _on(frame: pl.DataFrame, day: date, symbol: str) -> float:
    """Count the roll calls of *day* whose symbol ends in *symbol*."""
    return float(frame.filter(pl.col("date") == day, pl.col("symbol").str.ends_with(symbol)).height)


def _session(frame: pl.DataFrame) -> float:
    """Return the session of the only roll call in *frame*."""
    return float(frame["session"].item())


@dataclass(frozen=True)
class UNRollCalls(Source):
    """Recorded votes of the UN General Assembly: session, symbol, title, kind and issues.

    One row per roll call, keyed as in ``un_votes``. ``session`` is not the year: session *s* opens
    in the autumn of 1945 + *s* and runs into the next year. Flags are 1, 0 or null; null means
    that the file does not say. ``important`` marks votes that the US Department of State listed
    as important, ``amendment`` and ``paragraph`` votes on an amendment or on part of a text; these
    two are empty for nearly all final votes since 1985. The six issue flags come from words in
    the descriptions; a vote can have several or none.

    In the layout "iso3 wide" the votes themselves carry the date and the issues; session, symbol,
    title, description and kind come from the list of February 2021 by (rcid, date), so they are
    unknown after January 2020. ``title`` and ``description`` are printed as released.

    Examples
    --------
    >>> [v.name for v in UNRollCalls.variables][:3]
    ['session', 'symbol', 'title']
    """

    name: ClassVar[str] = "un_roll_calls"
    title: ClassVar[str] = "United Nations General Assembly roll calls"
    producer: ClassVar[str] = UNVotes.producer
    version: ClassVar[str] = UNVotes.version
    homepage: ClassVar[str] = UNVotes.homepage
    licence: ClassVar[Licence] = CC0_VOETEN
    licences: ClassVar[dict[str, Licence]] = UNVotes.licences
    citation: ClassVar[Citation] = VOETEN
    key = ROLL_CALL
    variables: ClassVar[tuple[Variable, ...]] = (
        Variable("session", "Session", "ordinal number", WHOLE, range=(1, None)),
        Variable("symbol", "Resolution or vote", "text", WHOLE),
        Variable("title", "Title", "text", WHOLE),
        Variable("description", "Description", "text", WHOLE),
        *(Variable(flag, label, "flag", WHOLE, range=(0, 1)) for flag, label in _FLAGS.items()),
    )
    files: ClassVar[tuple[File, ...]] = (
        DATAVERSE,
        UNDL,
        ISO3_WIDE,
        File(ROLLCALLS[0], "iso3 wide", how=ROLLCALLS[1]),
        File(ROLLCALLS[0], "unvotes wide", how=ROLLCALLS[1]),
        COW_WIDE,
        undl_wide.BY_NAME,
        undl_wide.BY_CODE,
    )
    facts: ClassVar[tuple[Fact, ...]] = (
        Fact(
            "roll calls of 27 March 2014 on resolution 68/262",
            1,
            "A/RES/68/262 and its record A/68/PV.80, 27 March 2014",
            lambda frame: _on(frame, date(2014, 3, 27), "68/262"),
            layouts=(
                "dataverse long",
                "undl",
                "iso3 wide",
                "unvotes wide",
                "undl by name",
                "casebook",
            ),
        ),
        Fact(
            "session of resolution 3379 (XXX)",
            30,
            "A/RES/3379(XXX), 10 November 1975",
            lambda frame: _session(frame.filter(pl.col("symbol") == "R/30/3379")),
            layouts=("dataverse long", "iso3 wide", "unvotes wide"),
        ),
    )
    coverages: ClassVar[dict[str, Coverage]] = UNVotes.coverages
    versions: ClassVar[dict[str, str]] = UNVotes.versions
    notes: ClassVar[str] = DAYS

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per roll call; what the layout does not tell is null."""
        table = _LISTS[layout](paths)
        known = {v.name: v.unit for v in self.variables}
        types = {"text": pl.String, "flag": pl.Int8, "ordinal number": pl.Int16}
        return table.select(
            "rcid",
            "date",
            *(
                (pl.col(n) if n in table.columns else pl.lit(None)).cast(types[u]).alias(n)
                for n, u in known.items()
            ),
        )


# roll calls, by layout ---------------------------------------------------------------------------

_RENAMED = {
    "unres": "symbol",
    "short": "title",
    "descr": "description",
    "importantvote": "important",
    "amend": "amendment",
    "para": "paragraph",
}


def _list_dataverse(paths: Sequence[Path]) -> pl.DataFrame:
    numbers = ["session", "importantvote", "amend", "para", *ISSUES]
    table = text(paths[0], ["rcid", "date", "unres", "short", "descr", *numbers])
    once = table.unique(["rcid", "date"], keep="first", maintain_order=True)
    typed = once.with_columns(number("rcid").cast(pl.String), iso_day(), *map(number, numbers))
    return typed.rename(_RENAMED)


def _list_undl(paths: Sequence[Path]) -> pl.DataFrame:
    once = undl_text(paths[0]).unique("rcid", keep="first", maintain_order=True)
    return once.with_columns(
        pl.col("session").cast(pl.Int16, strict=False),
        pl.col("resolution").alias("symbol"),
        pl.col("agenda_title").alias("description"),
        pl.lit(0).alias("amendment"),
        pl.lit(0).alias("paragraph"),
    )


def _listed(path: Path) -> pl.DataFrame:
    table = pl.read_csv(path, infer_schema_length=None, try_parse_dates=True)
    return table.with_columns(pl.col("rcid").cast(pl.String)).rename(_RENAMED)


def _list_iso3(paths: Sequence[Path]) -> pl.DataFrame:
    columns = ["rcid", "date", *ISSUES]
    votes = pl.read_csv(paths[0], columns=columns, try_parse_dates=True)
    listed = _listed(paths[1]).drop(ISSUES)
    votes = votes.with_columns(pl.col("rcid").cast(pl.String))
    return votes.join(listed, on=["rcid", "date"], how="left")


def _list_cow(paths: Sequence[Path]) -> pl.DataFrame:
    wide = pl.read_csv(paths[0], columns=["resid", "date"], try_parse_dates=True)
    return wide.with_columns(
        pl.format("resid:{}", "resid").alias("rcid"), (pl.col("resid") // 1000).alias("session")
    )


_LISTS: dict[str, Callable[[Sequence[Path]], pl.DataFrame]] = {
    "dataverse long": _list_dataverse,
    "undl": _list_undl,
    "iso3 wide": _list_iso3,
    "unvotes wide": lambda paths: _listed(paths[0]),
    "cow wide": _list_cow,
    "undl by name": lambda paths: undl_wide.roll_calls(paths[0]),
    "undl by code": lambda paths: undl_wide.roll_calls(paths[0]),
}
