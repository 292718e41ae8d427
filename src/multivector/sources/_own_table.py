"""What our own hand-checked tables share: they lie in the package and are read from there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.resources import files as package_files
from pathlib import Path
from typing import ClassVar

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

    The casebook table is read unless the layout of the file itself is asked for: a file of the
    same name among the user's own is never taken for it.
    """

    folder: ClassVar[str]
    producer: ClassVar = "The multivector authors"
    licence: ClassVar[Licence] = replace(
        OWN, quote="Names, offices, places and days are facts; the table is ours."
    )

    def found(self, settings: Settings) -> Found:
        """Return the table of this package where it is asked for, else the casebook."""
        if self.layout != TABLE:
            return replace(self, layout="casebook")._shipped(settings)
        place = package_files("multivector").joinpath("data", self.folder, self.files[0].name)
        path = Path(str(place))
        return Found(TABLE, (Snapshot(self.files[0], path, sha256_of(path), ""),))

    def _shipped(self, settings: Settings) -> Found:
        return super().found(settings)


def own_file(name: str, folder: str) -> tuple[File, ...]:
    """Return the declaration of a table that lies in *folder* of the package's data."""
    return (File(name, TABLE, how=HOW.format(f"{folder}/{name}")),)
