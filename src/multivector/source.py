"""Sources: data sets as steps whose inputs are files in the publisher's own format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import polars as pl

from multivector.download import Progress
from multivector.errors import FactNotReproduced, MultivectorError, Shrunk, Unavailable, UnknownName
from multivector.extract import Extract, extract_of
from multivector.origin import Citation, Licence, Origin
from multivector.panel import Panel
from multivector.settings import Settings
from multivector.step import Inputs, Step
from multivector.store import File, Snapshot, fetch, find
from multivector.variable import Coverage, Key, Variable, year_ranges


@dataclass(frozen=True)
class Fact:
    """A published number that a reader must reproduce.

    ``value_in`` computes it from the source's table; ``published`` says where it is printed.
    ``layouts`` limits the fact to files that can show it (``casebook`` is the extract).
    """

    what: str
    value: float
    published: str
    value_in: Callable[[pl.DataFrame], float]
    tolerance: float = 0.0
    layouts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """The files (or the casebook extract) that a source reads under given settings."""

    layout: str
    snapshots: tuple[Snapshot, ...] = ()
    extract: Extract | None = None

    @property
    def sha256(self) -> tuple[str, ...]:
        """Hashes of what is read."""
        if self.extract is not None:
            return (self.extract.sha256(),)
        return tuple(s.sha256 for s in self.snapshots)


@dataclass(frozen=True)
class Source(Step[Panel]):
    """A data set: what it is, whom to cite, its terms, its files, and how to read them.

    A subclass declares the class variables below and implements :meth:`read`. Files of the same
    ``layout`` belong together; layouts are tried in the order of declaration, fetched files and
    the drop-in folder before the casebook.

    Parameters
    ----------
    layout
        Read only this layout (``casebook`` for the shipped extract); empty takes the best that
        is here.
    """

    title: ClassVar[str]
    producer: ClassVar[str]
    version: ClassVar[str]
    homepage: ClassVar[str]
    licence: ClassVar[Licence]
    citation: ClassVar[Citation]
    key: ClassVar[Key]
    variables: ClassVar[tuple[Variable, ...]]
    files: ClassVar[tuple[File, ...]] = ()
    facts: ClassVar[tuple[Fact, ...]] = ()
    without_facts: ClassVar[str] = ""
    """Why there is no published number to reproduce, where there is none."""
    coverages: ClassVar[dict[str, Coverage]] = {}
    """Coverage by layout, where a file covers other years than the variables declare."""
    versions: ClassVar[dict[str, str]] = {}
    """Version by layout, where it is not the declared one."""
    licences: ClassVar[dict[str, Licence]] = {}
    """Licence by layout, where the terms are not the declared ones."""
    notes: ClassVar[str] = ""

    layout: str = ""

    def problems(self) -> list[MultivectorError]:
        """Refuse a layout that this source does not have."""
        known = [*self.layouts(), "casebook"]
        wrong = self.layout not in ("", *known)
        return [UnknownName("layout", self.layout, known, where=self.name)] if wrong else []

    @classmethod
    def layouts(cls) -> tuple[str, ...]:
        """Return the layouts that this source can read, best first."""
        return tuple(dict.fromkeys(f.layout for f in cls.files))

    def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
        """Return the key columns and the variables from files of one layout; nothing derived."""
        raise NotImplementedError

    # finding -----------------------------------------------------------------------------------

    def found(self, settings: Settings) -> Found:
        """Return what would be read: the best layout whose files are here, or the casebook.

        Raises
        ------
        Unavailable
            When nothing is here, with where to get each file and where to put it.
        """
        for layout in self.layouts() if self.layout != "casebook" else ():
            if self.layout in ("", layout):
                files = [f for f in self.files if f.layout == layout]
                snapshots = [find(f, settings) for f in files]
                here = tuple(s for s in snapshots if s is not None)
                if len(here) == len(files):
                    return Found(layout, here)
        extract = extract_of(self.name) if self.layout in ("", "casebook") else None
        if extract is not None:
            return Found("casebook", extract=extract)
        wanted = [f for f in self.files if self.layout in ("", f.layout)]
        put = "ut the file into the folder that MULTIVECTOR_DATA names."
        fetchable = any(f.url for f in wanted)
        raise Unavailable(
            f"No file of {self.title} ({self.name}) is here.",
            " ".join(f"{f.name}: {(f.url or f.how or self.homepage).rstrip('.')}." for f in wanted),
            f"Run `multivector fetch {self.name}`, or p{put}" if fetchable else f"P{put}",
        )

    def material(self, settings: Settings) -> tuple[str, ...]:
        """Return the hashes of the files that would be read; one word where there are none."""
        try:
            return self.found(settings).sha256
        except Unavailable:
            return ("absent",)  # a step that can do without it has a value, and an identity

    # reading -----------------------------------------------------------------------------------

    def compute(self, get: Inputs) -> Panel:
        """Read the files that the settings lead to, with their origin on every variable."""
        return self.load(self.found(get.settings))

    def load(self, found: Found) -> Panel:
        """Read *found* and declare what it covers and where it comes from."""
        if found.extract is not None:
            frame, cover = found.extract.read(), found.extract.coverage
            version, retrieved = found.extract.vintage, ""
        else:
            frame = self.read(found.layout, [s.path for s in found.snapshots])
            cover = self.coverages.get(found.layout)
            version = self.versions.get(found.layout, self.version)
            retrieved = max(s.retrieved for s in found.snapshots)
        origin = Origin(
            dataset=self.name,
            title=self.title,
            producer=self.producer,
            version=version,
            licence=self.licences.get(found.layout, self.licence),
            citation=self.citation,
            sha256=" ".join(found.sha256),
            retrieved=retrieved,
            extract=found.extract is not None,
            note=self.notes,
        )
        variables = tuple(
            replace(v, origins=(origin,), coverage=cover or v.coverage) for v in self.variables
        )
        return Panel(frame, self.key, variables)

    def check_facts(self, frame: pl.DataFrame, layout: str) -> int:
        """Compare *frame* with every fact that *layout* can show; return how many were checked.

        Raises
        ------
        FactNotReproduced
            For the first published number that the table does not give.
        """
        facts = [f for f in self.facts if not f.layouts or layout in f.layouts]
        for fact in facts:
            value = fact.value_in(frame)
            if not abs(value - fact.value) <= fact.tolerance:
                raise FactNotReproduced(
                    f"{self.name} ({layout}): {fact.what} is {value}, published {fact.value}.",
                    f"Published in: {fact.published}.",
                    "Either the file differs from the published release, or the reader is wrong.",
                )
        return len(facts)

    # fetching ----------------------------------------------------------------------------------

    def fetch(
        self, settings: Settings, progress: Progress | None = None, *, accept_loss: bool = False
    ) -> tuple[Snapshot, ...]:
        """Download the files of the best layout that has official addresses.

        Raises
        ------
        Unavailable
            When offline, or when no file of this source can be downloaded.
        Shrunk
            When the new file has lost years or states that the old one had; the old one stays.
        """
        layouts = [f.layout for f in self.files if f.url and self.layout in ("", f.layout)]
        if not layouts:
            raise Unavailable(
                f"{self.title} has no address to download from.",
                " ".join(f"{f.name}: {f.how}." for f in self.files),
                "Put the file into the folder that MULTIVECTOR_DATA names.",
            )
        files = [f for f in self.files if f.layout == layouts[0]]
        alone = len(files) == 1 and not accept_loss
        return tuple(
            fetch(
                file,
                settings,
                progress=progress,
                check=(lambda new, old, f=file: self._refuse_loss(f, new, old)) if alone else None,
            )
            for file in files
        )

    def _refuse_loss(self, file: File, new: Path, old: Path | None) -> None:
        after = self.read(file.layout, [new])
        self.check_facts(after, file.layout)
        if old is None:
            return
        before = self.read(file.layout, [old])
        years = sorted(_years(before) - _years(after))
        lost = sorted(_states(before) - _states(after))
        if years or lost:
            raise Shrunk(
                f"The new {file.name} lost years {year_ranges(years) or 'none'} and "
                f"states {', '.join(lost) or 'none'}.",
                f"Rows: {len(before)} before, {len(after)} now. The old file is kept.",
                "If the publisher meant this, fetch again with accept_loss (--accept-loss).",
            )


def _years(frame: pl.DataFrame) -> set[int]:
    if "year" in frame.columns:
        return set(frame["year"].unique())
    return set(frame["date"].dt.year().unique()) if "date" in frame.columns else set()


def _states(frame: pl.DataFrame) -> set[str]:
    return set(frame["state"].unique()) if "state" in frame.columns else set()
