"""Importing the package; the public names load when they are first used."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

from benchmarks.run import Case


def prepare() -> frozenset[str]:
    """Names of the modules that are loaded before the package."""
    return frozenset(sys.modules)


def fast(before: frozenset[str]) -> ModuleType:
    """Import the package as if nothing that it loads had been loaded."""
    for name in sys.modules.keys() - before:
        del sys.modules[name]
    return importlib.import_module("multivector")


CASE = Case("import multivector", prepare, fast, None, None, ceiling=0.3)
