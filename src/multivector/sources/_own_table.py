"""What our own hand-checked tables share: they lie in the package and are read from there."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.resources import files as package_files
from pathlib import Path
from typing import ClassVar

from multivector.errors import Unavailable
from multivector.extract import extract_of
from multivector.lock import sha256_of
from multivector.origin import OWN, Licence
from multivector.settings import Settings
from multivector.source import Found, Source
from multivector.store import File, Snapshot

TABLE = "own table"
HOW = "Compiled by hand; ships in the package, in data/{}."
CONFIDENCE = ((1, "high"), (2, "medium"), (3, "low"))
LEVEL = {"h": 1, "m": 2, "l": 3}


@dataclass(frozen=True)
class OwnTable(Source):
    """A table compiled by hand; ``folder`` of ``data/`` holds its file.

    A user's file of another layout comes first, then the casebook, then the file of the package: a
    file of the same name among the user's own is never taken for it.
    """

    folder: ClassVar[str]
    producer: ClassVar = "The multivector authors"
    licence: ClassVar[Licence] = replace(
        OWN, quote="Names, offices, places and days are facts; the table is ours."
    )

    def found(self, settings: Settings) -> Found:
        """Return what would be read; the table of this package where it is asked for."""
        if self.layout not in ("", TABLE):
            return super().found(settings)
        if not self.layout:
            for other in self.layouts():
                if other != TABLE:
                    with suppress(Unavailable):
                        return replace(self, layout=other).found(settings)
            if extract_of(self.name) is not None:
                return replace(self, layout="casebook").found(settings)
        file = next(f for f in self.files if f.layout == TABLE)
        path = Path(str(package_files("multivector").joinpath("data", self.folder, file.name)))
        return Found(TABLE, (Snapshot(file, path, sha256_of(path), ""),))


def own_file(name: str, folder: str) -> tuple[File, ...]:
    """Return the declaration of a table that lies in *folder* of the package's data."""
    return (File(name, TABLE, how=HOW.format(f"{folder}/{name}")),)
