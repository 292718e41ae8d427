"""Agreements on trade and partnership by stage: initialled, signed, applied, in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation, Licence
from multivector.sources._own_table import CONFIDENCE, LEVEL, OwnTable, own_file
from multivector.variable import Coverage, Key, Variable, span

COVERAGE = Coverage(span(1992, 2025), ("KAZ",), sides="either")
STAGES = {
    "initialled": "Initialled",
    "signed": "Signed",
    "provisional": "Provisionally applied from",
    "in_force": "In force from",
}
"""In the order in which an agreement passes through them."""


@dataclass(frozen=True)
class AgreementStages(OwnTable):
    """Days of the stages of agreements with Kazakhstan: initialled, signed, applied, in force.

    One row per agreement; those of the Eurasian Economic Union bind Kazakhstan as its member. Days
    are ISO, shortened to what is known; a stage that was not established, or that an agreement did
    not pass through, is missing. The list is short: a pair without row may have agreements.
    ``basis`` names the page for each day.

    Examples
    --------
    >>> list(STAGES)
    ['initialled', 'signed', 'provisional', 'in_force']
    """

    name: ClassVar = "agreement_stages"
    folder: ClassVar = "treaties"
    title: ClassVar = "Agreements on trade and partnership of Kazakhstan, by stage"
    version: ClassVar = "to May 2025"
    homepage: ClassVar = "https://eec.eaeunion.org/"
    licence: ClassVar[Licence] = replace(
        OwnTable.licence, quote="Parties and days are facts; the table is ours."
    )
    citation: ClassVar = Citation(
        "multivector_agreements",
        "misc",
        "{The multivector authors}",
        "Agreements on trade and partnership of Kazakhstan, by stage",
        2025,
        "multivector",
    )
    key: ClassVar = Key("agreement of a pair", ("agreement", "state", "partner"))
    variables: ClassVar = (
        Variable("title", "Agreement, in our words", "text", COVERAGE),
        *(Variable(name, label, "text", COVERAGE) for name, label in STAGES.items()),
        Variable("confidence", "Confidence in the days", "category", COVERAGE, codes=CONFIDENCE),
        Variable("basis", "What the days rest on", "text", COVERAGE),
    )
    files: ClassVar = own_file("agreement_stages.csv", "treaties")
    without_facts: ClassVar = "The table is ours; the tests check the order of the stages."

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per agreement."""
        return pl.read_csv(paths[0], infer_schema=False).with_columns(
            pl.col("confidence").replace_strict(LEVEL, return_dtype=pl.Int8)
        )
