"""Registry: finds what is there to be found, in this package and in installed plug-ins.

Each kind of thing has a folder: ``sources``, ``panels``, ``measures``, ``vote_sets``, ``domains``,
``casebook``, ``render/charts``, ``render/sections``. A module dropped into the folder is found by
itself.

A plug-in is any installed package that declares an entry point in the group ``multivector``::

    [project.entry-points.multivector]
    my_plugin = "my_plugin"

Its own subpackages of the same names (``my_plugin.sources`` …) are searched after ours.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from dataclasses import field
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import ModuleType
from typing import Any

from multivector.errors import DataError, UnknownName

_CODE = (".py", ".csv", ".toml")

KINDS = {
    "sources": ("multivector.source", "Source", "source"),
    "panels": ("multivector.step", "Step", "panel"),
    "measures": ("multivector.step", "Step", "measure"),
    "ensemble": ("multivector.step", "Step", "way of replaying"),
    "vote_sets": ("multivector.vote_set", "VoteSet", "vote set"),
    "domains": ("multivector.domain", "Domain", "domain of engagement"),
    "casebook": ("multivector.extract", "Extract", "casebook table"),
    "render.charts": ("multivector.render.figure", "Chart", "chart"),
    "render.sections": ("multivector.render.section", "Section", "report section"),
}
"""For each folder: the class whose subclasses or instances it holds, and what to call one."""


def roots() -> tuple[str, ...]:
    """Return the packages that are searched: this one, then plug-ins by name."""
    return ("multivector", *_plugins(tuple(sys.path)))


@cache
def _plugins(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return the plug-ins that are installed along *path*, which is looked through once."""
    del path
    found = metadata.entry_points(group="multivector")
    return tuple(sorted({e.value.partition(":")[0] for e in found}))


def modules(folder: str) -> Iterator[ModuleType]:
    """Import and yield every module in *folder* (``sources``, ``render.charts`` …)."""
    for root in roots():
        name = f"{root}.{folder}"
        try:
            package = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != root and f"{name}.".startswith(f"{error.name}."):
                continue  # the plug-in has no such folder
            raise
        for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda i: i.name):
            if not info.name.startswith("_"):
                yield importlib.import_module(f"{name}.{info.name}")


@cache
def everything(folder: str) -> dict[str, Any]:
    """Return what *folder* holds, by name: subclasses, or instances, of the folder's class.

    Raises
    ------
    DataError
        When two things in one folder have the same name.
    """
    home, kind_name, _ = KINDS[folder]
    kind = getattr(importlib.import_module(home), kind_name)
    found: dict[str, Any] = {}
    for module in modules(folder):
        for thing in vars(module).values():
            if not _belongs(thing, kind, module):
                continue
            if found.setdefault(thing.name, thing) is not thing:
                raise DataError(
                    f"Two things in {folder} are called {thing.name!r}.", remedy="Rename one."
                )
    return dict(sorted(found.items()))


def _belongs(thing: Any, kind: type, module: ModuleType) -> bool:
    if not inspect.isclass(thing):
        return isinstance(thing, kind)
    ours = issubclass(thing, kind) and thing.__module__ == module.__name__
    return ours and bool(vars(thing).get("name"))


def catalogue() -> dict[str, Any]:
    """Return every step that has a name, by name: sources, panels, measures, ensembles.

    Raises
    ------
    DataError
        When two of them have the same name.
    """
    folders = ("sources", "panels", "measures", "ensemble")
    named = [(name, kind) for folder in folders for name, kind in everything(folder).items()]
    known = dict(named)
    if len(known) < len(named):
        twice = sorted(name for name, kind in named if known[name] is not kind)
        raise DataError(f"Two steps are called {', '.join(twice)}.", remedy="Rename one.")
    return known


def find(folder: str, name: str) -> Any:
    """Return the one thing called *name* in *folder*, or raise ``UnknownName``."""
    found = everything(folder)
    if name not in found:
        raise UnknownName(KINDS[folder][2], name, found)
    return found[name]


def resource(folder: str, file: str) -> Traversable | None:
    """Return a data file in *folder* of this package or of a plug-in, or None."""
    for root in roots():
        try:
            path = resources.files(root).joinpath(*folder.split("."), file)
        except ModuleNotFoundError:
            continue
        if path.is_file():
            return path
    return None


def default_input(name: str, folder: str = "sources") -> Any:
    """Return a dataclass field whose default is the registered step called *name*."""
    return field(default_factory=lambda: find(folder, name)())  # noqa: PLW0108 – found when used


@cache
def code_stamp(packages: frozenset[str]) -> str:
    """Hash the source code of *packages* and of this one, and the versions of array libraries.

    A fingerprint says what was asked; the cache must also know which code answered, so that a
    mended kernel or table of names is never answered from old entries. Empty when a package has
    no file to read, as in a notebook: then nobody can know.
    """
    digest = hashlib.sha256()
    for package in sorted(packages | {"multivector"}):
        module = sys.modules[package]
        places = sorted({Path(p).resolve() for p in getattr(module, "__path__", [])})
        found = [f for p in places for f in sorted(p.rglob("*")) if f.suffix in _CODE]
        files = found if places else [Path(getattr(module, "__file__", None) or "")]
        if not all(file.is_file() for file in files):
            return ""
        for file in files:
            digest.update(file.name.encode() + file.read_bytes())
    for library in ("numba", "numpy", "polars", "scipy"):
        digest.update(metadata.version(library).encode())
    return digest.hexdigest()[:16]
