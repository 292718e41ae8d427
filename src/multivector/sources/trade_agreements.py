"""Trade agreements (DESTA): parties and the years of signature and of entry into force."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector import states
from multivector.origin import Citation
from multivector.source import Source
from multivector.sources._ties import needs, unseen, whole
from multivector.store import File
from multivector.variable import Coverage, Key, Variable, span

COVERAGE = Coverage(span(1948, 2020))
ENTRIES = (
    (1, "base_treaty"),
    (2, "accession"),
    (3, "withdrawal"),
    (4, "protocol or amendment"),
    (5, "consolidated"),
    (6, "negotiation"),
)
_KOSOVO = {900: "XKX"}
"""DESTA's number for Kosovo, which has none in ISO 3166."""
HOW = (
    "Offered as the list of treaties on https://www.designoftradeagreements.org/downloads/ (csv, "
    "separated by semicolons)."
)


@dataclass(frozen=True)
class TradeAgreements(Source):
    """Parties to preferential trade agreements, treaty by treaty, with years of their stages.

    One row per entry of the list and party. ``entry`` says what the entry is: a treaty, an
    accession to one, a withdrawal, an amendment, a consolidated text, or mere negotiations.
    ``base`` is the number of the treaty that it belongs to. ``signed`` and ``in_force`` are years;
    each is missing where DESTA gives none (not in force, not known, or negotiations only): missing
    is not "never". Parties are written out (c1 to c91, ISO numeric codes); in an accession or a
    withdrawal they include those that were party before. DESTA does not date the end of treaties.

    References
    ----------
    Dür, A., Baccini, L. and Elsig, M. (2014). The design of international trade agreements:
    Introducing a new dataset. Review of International Organizations 9(3):353-375.

    Examples
    --------
    >>> TradeAgreements.key.columns
    ('agreement', 'state')
    """

    name: ClassVar = "trade_agreements"
    title: ClassVar = "DESTA, trade agreements and their parties"
    producer: ClassVar = "Design of Trade Agreements project (World Trade Institute)"
    version: ClassVar = "to 2020"
    homepage: ClassVar = "https://www.designoftradeagreements.org/"
    licence: ClassVar = unseen("DESTA, free with citation; terms not seen", homepage)
    citation: ClassVar = Citation(
        "dur2014",
        "article",
        "Dür, Andreas and Baccini, Leonardo and Elsig, Manfred",
        "The design of international trade agreements: Introducing a new dataset",
        2014,
        "The Review of International Organizations 9(3):353-375",
        doi="10.1007/s11558-013-9179-8",
    )
    key: ClassVar = Key("party to an agreement", ("agreement", "state"))
    variables: ClassVar = (
        Variable("base", "Number of the base treaty", "identifier", COVERAGE),
        Variable("title", "Name of the agreement", "text", COVERAGE),
        Variable("entry", "Kind of entry", "category", COVERAGE, codes=ENTRIES),
        Variable("signed", "Year of signature", "year", COVERAGE),
        Variable("in_force", "Year of entry into force", "year", COVERAGE),
    )
    files: ClassVar = (
        File("desta_list_of_treaties*.csv", "list of treaties", how=HOW, seen_real=False),
        File("desta_trade_agreements.csv*", "copy", how=HOW),
    )
    without_facts: ClassVar = (
        "Totals printed in the article of 2014 are of an earlier edition; the tests check treaties "
        "of Kazakhstan one by one."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per entry and party."""
        raw = paths[0].read_bytes()
        plain = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        frame = pl.read_csv(
            plain.decode("utf-8-sig", errors="replace").encode(),
            separator=";",
            infer_schema=False,
            null_values=["NA", ""],
        )
        frame = needs(frame, paths[0], "number", "base_treaty", "entry_type", "year", "c1")
        parties = [c for c in frame.columns if c[0] == "c" and c[1:].isdigit()]
        names = {word: code for code, word in ENTRIES}
        long = (
            frame.select(
                pl.col("number").alias("agreement"),
                whole("base_treaty").alias("base"),
                pl.col("name").alias("title"),
                pl.col("entry_type").replace_strict(names, return_dtype=pl.Int8).alias("entry"),
                whole("year").alias("signed"),
                whole("entryforceyear").alias("in_force"),
                pl.concat_list(pl.col(c).cast(pl.Int64) for c in parties).alias("party"),
            )
            .explode("party")
            .drop_nulls("party")
            .unique(["agreement", "party"], maintain_order=True)
        )
        numbers = long["party"].unique().to_list()
        ids = {n: _KOSOVO.get(n) for n in numbers if n in _KOSOVO}
        rest = [n for n in numbers if n not in _KOSOVO]
        ids |= dict(zip(rest, states.resolve_codes(rest, None, "m49").to_list(), strict=True))
        return long.with_columns(
            pl.col("party").replace_strict(ids, return_dtype=pl.String).alias("state")
        ).select("agreement", "state", *(v.name for v in self.variables))
