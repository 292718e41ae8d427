"""Persons: holders of Kazakhstan's high offices, and everyone whom Tao's article of 2024 names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.origin import Citation
from multivector.sources._own_table import OwnTable, own_file
from multivector.variable import Coverage, Key, Variable


@dataclass(frozen=True)
class Persons(OwnTable):
    """Names of persons in English and Russian, with the form that the article gives them.

    One row per person; ``person`` is the id that :class:`~multivector.sources.offices.Offices`
    uses. ``in_article`` is 1 for everyone named in Tao (2024), authors cited included; ``note``
    says where a name is in doubt. ``born`` and ``died`` are ISO days or years, as exact as the page
    that ``life_basis`` names. A missing name or date was not established; a person without ``died``
    may be dead.

    References
    ----------
    Tao Zilong (2024). Analysis of foreign diplomatic strategy of Kazakhstan under President
    K.-Zh.K. Tokayev. doi:10.35775/PSI.2024.106.6.026

    Examples
    --------
    >>> Persons.key.columns
    ('person',)
    """

    name: ClassVar = "persons"
    folder: ClassVar = "persons"
    title: ClassVar = "Persons in Kazakhstan's foreign policy"
    version: ClassVar = "to September 2025"
    homepage: ClassVar = "https://doi.org/10.35775/PSI.2024.106.6.026"
    citation: ClassVar = Citation(
        "multivector_persons",
        "misc",
        "{The multivector authors}",
        "Persons in Kazakhstan's foreign policy",
        2025,
        "multivector",
    )
    key: ClassVar = Key("person", ("person",))
    variables: ClassVar = (
        Variable("name_en", "Name in English", "text", Coverage()),
        Variable("name_ru", "Name in Russian", "text", Coverage()),
        Variable("country", "State", "text", Coverage()),
        Variable("born", "Day or year of birth (ISO)", "text", Coverage()),
        Variable("died", "Day or year of death (ISO)", "text", Coverage()),
        Variable("life_basis", "What the life dates rest on", "text", Coverage()),
        Variable("in_article", "Named in the article", "flag", Coverage(), range=(0, 1)),
        Variable("article_form", "Name as the article has it", "text", Coverage()),
        Variable("note", "Remark", "text", Coverage()),
    )
    files: ClassVar = own_file("persons.csv", "persons")
    without_facts: ClassVar = (
        "The table is ours; the tests compare it with the article and the table of offices."
    )

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return one row per person."""
        frame = pl.read_csv(paths[0], infer_schema=False).rename({"state": "country"})
        return frame.with_columns(pl.col("in_article").cast(pl.Int8))
