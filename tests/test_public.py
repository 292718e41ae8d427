"""The public names: few, documented, the same whatever is imported first."""

from __future__ import annotations

import ast
import doctest
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import multivector as mv

HOME = Path(mv.__path__[0]) / "__init__.py"


def test_names_are_few_sorted_and_all_there() -> None:
    assert len(mv.__all__) <= 25
    assert mv.__all__ == sorted(mv.__all__)
    assert len(set(mv.__all__)) == len(mv.__all__)
    for name in mv.__all__:
        assert getattr(mv, name).__module__.startswith("multivector.")
        assert (getattr(mv, name).__doc__ or "").strip(), name
    assert set(mv.__all__) <= set(dir(mv))


def test_what_types_are_checked_against_is_what_is_exported() -> None:
    """The names under TYPE_CHECKING, ``__all__`` and the lazy table are the same."""
    tree = ast.parse(HOME.read_text("utf-8"))
    typed = {
        alias.name: node.module
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert set(typed) == set(mv.__all__)
    lazy = {name: f"multivector.{home}" for home, names in mv._HOMES.items() for name in names}
    assert lazy == typed


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'rnu'"):
        _ = mv.rnu


MODULES = sorted(p.stem for p in HOME.parent.glob("*.py") if p.stem not in ("__init__", "__main__"))


def test_no_module_hides_a_public_name() -> None:
    assert not set(MODULES) & set(mv.__all__)


@pytest.mark.parametrize("first", ["runner", "cli", "study", "estimate", "render.report"])
def test_run_is_the_function_whichever_module_comes_first(first: str) -> None:
    code = (
        f"import multivector.{first}, multivector as mv\n"
        "import multivector.runner, multivector.study\n"
        "assert mv.run is multivector.runner.run and callable(mv.load), mv.run"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_examples_of_public_classes_run() -> None:
    finder, runner = (
        doctest.DocTestFinder(recurse=False),
        doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE),
    )
    tried = 0
    for name in ("", *mv.__all__):
        thing: Callable[..., object] | object = getattr(mv, name) if name else mv
        home = sys.modules[getattr(thing, "__module__", "multivector")]
        for test in finder.find(thing, name or "multivector", globs=dict(vars(home))):
            tried += runner.run(test).attempted
    assert tried > 10
    assert runner.summarize(verbose=False).failed == 0
