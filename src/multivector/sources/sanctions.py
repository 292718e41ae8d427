"""Sanctions by case (GSDB): who sanctions whom, how, and from when to when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector import states
from multivector.origin import Citation
from multivector.source import Source
from multivector.sources._ties import needs, text, unseen, whole
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span

COVERAGE = Coverage(span(1949, 2023))
WEB = "https://www.globalsanctionsdatabase.com/"
KINDS = ("trade", "arms", "military", "financial", "travel", "other")
_AFTER = r"The|North|South|Arab Rep\.|Democratic Republic of(?: the)?|Republic of|Islamic Rep\."
_INVERTED = re.compile(rf", *({_AFTER})(?= *(?:,|$))")
"""Words that follow a comma inside one name: "Gambia, The", "Korea, North", "Egypt, Arab Rep."."""
_PLAIN = ("The", "Arab Rep.", "Islamic Rep.")
"""Those without which the name says the same."""


def parties(cell: str) -> list[str]:
    """Split a cell that lists several states by commas, keeping commas inside a name.

    >>> parties("Ghana, Gambia, The, Mali")
    ['Ghana', 'Gambia, The', 'Mali']
    """
    guarded = _INVERTED.sub(lambda m: "\x00" + m.group(1), cell)
    return [part.strip().replace("\x00", ", ") for part in guarded.split(",") if part.strip()]


@dataclass(frozen=True)
class Sanctions(Source):
    """Cases of sanctions, one row per case, sanctioning party and target.

    A case names several parties in one cell, separated by commas, though some names contain a comma
    ("Gambia, The"); they are written out. ``sender`` and ``target`` are names as listed (an
    organisation such as the EU is one sender); ``sender_id`` and ``target_id`` are our ids, missing
    where the name is neither a state nor a group of ours. ``began`` and ``ended`` are years;
    ``ended`` is the last year of the release for sanctions that go on. The kinds are 0 or 1. Terms
    do not allow passing the data on, so the user feeds the file.

    References
    ----------
    Felbermayr, G., Kirilakha, A., Syropoulos, C., Yalcin, E. and Yotov, Y. V. (2020). The Global
    Sanctions Data Base. European Economic Review 129:103561. doi:10.1016/j.euroecorev.2020.103561

    Examples
    --------
    >>> Sanctions.key.columns
    ('case', 'sender', 'target')
    """

    name: ClassVar = "sanctions"
    title: ClassVar = "Global Sanctions Data Base, cases"
    producer: ClassVar = "Drexel University, Hochschule Konstanz and others (GSDB)"
    version: ClassVar = "4 (1950 to 2023), fed by the user"
    homepage: ClassVar = WEB
    licence: ClassVar = unseen("GSDB, on request to the authors; terms not seen", WEB)
    citation: ClassVar = Citation(
        "felbermayr2020",
        "article",
        "Felbermayr, Gabriel and Kirilakha, Aleksandra and Syropoulos, Constantinos and Yalcin, "
        "Erdal and Yotov, Yoto V.",
        "The Global Sanctions Data Base",
        2020,
        "European Economic Review 129:103561",
        doi="10.1016/j.euroecorev.2020.103561",
    )
    key: ClassVar = Key("sender and target of a case", ("case", "sender", "target"))
    variables: ClassVar = (
        Variable("sender_id", "Sanctioning state or group", "text", COVERAGE),
        Variable("target_id", "Sanctioned state or group", "text", COVERAGE),
        Variable("began", "First year", "year", COVERAGE),
        Variable("ended", "Last year", "year", COVERAGE),
        *(Variable(kind, f"Sanctions: {kind}", "flag", COVERAGE, range=(0, 1)) for kind in KINDS),
        Variable("objective", "Objectives, as listed", "text", COVERAGE),
        Variable("success", "Success, as listed", "text", COVERAGE),
    )
    files: ClassVar = (
        File(
            "GSDB*.csv",
            "cases",
            how="The authors send the data on request: https://www.globalsanctionsdatabase.com/.",
        ),
        File(
            "gsdb*.csv",
            "cases, renamed",
            how="The authors send the data on request: https://www.globalsanctionsdatabase.com/.",
        ),
    )
    without_facts: ClassVar = (
        "No printed total of version 4 was at hand; the tests count cases and split names."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per case, sender and target."""
        wanted = ("case_id", "sanctioned_state", "sanctioning_state", "begin", "end", *KINDS)
        frame = needs(text(paths[0]), paths[0], *wanted, "objective", "success")
        split = pl.col("sanctioning_state", "sanctioned_state").map_elements(
            parties, return_dtype=pl.List(pl.String)
        )
        long = (
            frame.with_columns(split)
            .explode("sanctioning_state")
            .explode("sanctioned_state")
            .unique(["case_id", "sanctioning_state", "sanctioned_state"], maintain_order=True)
        )
        began = whole("begin")
        years = long.select(began).to_series().to_list()
        ids = [
            pl.Series(
                name, [_id(who, year) for who, year in zip(long[c], years, strict=True)], pl.String
            )
            for name, c in (("sender_id", "sanctioning_state"), ("target_id", "sanctioned_state"))
        ]
        return long.select(
            pl.col("case_id").cast(pl.Int64).alias("case"),
            pl.col("sanctioning_state").alias("sender"),
            pl.col("sanctioned_state").alias("target"),
            *ids,
            began.alias("began"),
            whole("end").alias("ended"),
            *(whole(kind) for kind in KINDS),
            "objective",
            "success",
        )


def _id(name: str, year: int) -> str | None:
    """Return our id of a listed name, inverted names put right; None where there is none."""
    first, _, rest = name.removesuffix(" (excludes Eritrea)").partition(", ")
    turned = [first] if rest in _PLAIN else [f"{rest} {first}"]
    tried = [name, *turned] if rest else [name]
    found = states.resolve_names(tried, year, unknown="null").drop_nulls()
    return found[0] if len(found) else None
