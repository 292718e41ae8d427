"""Templates and sections: no literal number, and no English outside the translation function."""

from __future__ import annotations

import ast
import re
from importlib.resources import files
from pathlib import Path

import pytest

from multivector import render
from multivector.measures.partition import Partition

FOLDER = Path(str(files("multivector.render")))
TEMPLATES = sorted((FOLDER / "templates").glob("*.j2"))
KEYS = {*Partition.parts, "signed lean", "leave out"}
"""Keys of cells and choices of measures that sections name; they are not printed."""
SECTIONS = sorted((FOLDER / "sections").glob("*.py"))


def literal_text(template: str) -> str:
    """Return what a template prints by itself: no tags, no attributes, no expressions."""
    bare = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", " ", template, flags=re.S)
    return re.sub(r"<[^>]*>", " ", bare)


def test_there_are_templates_and_sections() -> None:
    assert len(TEMPLATES) >= 4
    assert len(SECTIONS) >= 8
    assert render.__doc__


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_templates_hold_no_literal_numbers_or_words(path: Path) -> None:
    text = literal_text(path.read_text("utf-8"))
    assert not re.findall(r"\d", text)
    assert not re.findall(r"[^\W\d_]{2,}", text), "words must pass the translation function"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_expressions_hold_no_literal_numbers(path: Path) -> None:
    for expression in re.findall(r"{{(.*?)}}", path.read_text("utf-8"), flags=re.S):
        assert not re.search(r"\d", expression), expression


@pytest.mark.parametrize("path", SECTIONS, ids=lambda p: p.name)
def test_sentences_of_sections_pass_the_translation_function(path: Path) -> None:
    """A literal sentence is an argument of ``_``; docstrings, names and markup are none."""
    tree = ast.parse(path.read_text("utf-8"))
    translated = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
        for part in ast.walk(node)
    }
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and isinstance(node.body[0], ast.Expr)
    }
    loose = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    looked_up = {
        id(part)
        for node in ast.walk(tree)
        for part in (
            node.keys
            if isinstance(node, ast.Dict)
            else [node.slice]
            if isinstance(node, ast.Subscript)
            else []
        )
    }
    wild = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", node.value)
        and not node.value.startswith("<")
        and node.value not in KEYS
        and id(node) not in translated | documented | loose | looked_up
    ]
    assert not wild
