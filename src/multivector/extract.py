"""Extracts: the casebook tables that ship in the package, each cut from one source."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file
from pathlib import Path

import polars as pl

from multivector.registry import everything, resource
from multivector.variable import Coverage


@dataclass(frozen=True)
class Extract:
    """A casebook table: which rows of a source ship, under which terms, from which vintage.

    The table has the same columns as the source that it is cut from, and two more: ``source`` and
    ``vintage``. It lies beside its declaration as ``casebook/<name>.parquet`` and is written by
    ``scripts/compile_casebook.py`` only.

    Parameters
    ----------
    name
        Registry name of the source, of which this is an extract.
    layout
        The layout of the file that it was cut from.
    vintage
        What is known of the file's date and release, in words.
    coverage
        The years and states for which the extract speaks.
    keep
        From the source's full table to the rows that ship.
    attribution
        The line that the publisher's terms ask for.
    """

    name: str
    layout: str
    vintage: str
    coverage: Coverage
    keep: Callable[[pl.DataFrame], pl.DataFrame]
    attribution: str

    @property
    def file(self) -> str:
        """File name of the table."""
        return f"{self.name}.parquet"

    def sha256(self) -> str:
        """Return the hash of the shipped table."""
        return _hash(self.file)

    def read(self) -> pl.DataFrame:
        """Return the shipped table without its two columns of origin."""
        path = resource("casebook", self.file)
        if path is None:
            raise FileNotFoundError(self.file)
        with as_file(path) as local:
            return pl.read_parquet(local).drop("source", "vintage")

    def write(self, frame: pl.DataFrame, folder: Path) -> Path:
        """Cut *frame*, mark every row with source and vintage, and write it to *folder*."""
        kept = self.keep(frame)
        marked = kept.sort(kept.columns[:3]).with_columns(
            pl.lit(self.name).alias("source"), pl.lit(self.vintage).alias("vintage")
        )
        path = folder / self.file
        marked.write_parquet(path, compression="zstd", compression_level=19, statistics=False)
        return path


def extract_of(source: str) -> Extract | None:
    """Return the casebook extract of *source*, if it ships."""
    found: Extract | None = everything("casebook").get(source)
    return found if found is not None and resource("casebook", found.file) else None


@cache
def _hash(file: str) -> str:
    path = resource("casebook", file)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path else ""
