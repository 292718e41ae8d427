"""Origins and citations: unions never lose a reason, and BibTeX is what BibTeX reads."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector.origin import CC0, Citation, Origin, bibliography, unite

WORK = Citation(
    "haege2011",
    "article",
    "Häge, Frank M.",
    "Choice or Circumstance? Adjusting Measures of Foreign Policy Similarity",
    2011,
    "Political Analysis 19(3):287-305",
    doi="10.1093/pan/mpr023",
)
ORIGINS = st.builds(
    lambda name, kind: Origin(name, name, "p", "1", CC0, kind=kind),
    st.sampled_from("abcd"),
    st.sampled_from(["data", "assumption", "judgement"]),
)


@given(groups=st.lists(st.lists(ORIGINS)))
def test_a_union_holds_every_reason_once_in_order_of_appearance(groups: list[list[Origin]]) -> None:
    flat = [o for group in groups for o in group]
    assert list(unite(*groups)) == [o for i, o in enumerate(flat) if o not in flat[:i]]
    assert unite(unite(*groups), *groups) == unite(*groups)


def test_the_same_data_set_in_two_releases_is_two_reasons() -> None:
    one = Origin("a", "A", "p", "1", CC0, sha256="x")
    assert len(unite([one], [replace(one, version="2")], [replace(one, sha256="y")])) == 3


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({}, "A, 1"),
        ({"extract": True}, "A, 1 (casebook extract)"),
        ({"kind": "assumption"}, "assumption: A, 1"),
        ({"kind": "judgement"}, "judgement: A, 1"),
    ],
)
def test_an_origin_says_what_it_is(facts: dict[str, object], text: str) -> None:
    assert str(replace(Origin("a", "A", "p", "1", CC0), **facts)) == text


@pytest.mark.parametrize(
    ("author", "short"),
    [
        ("Häge, Frank M.", "Häge (2011)"),
        ("Signorino, Curtis S. and Ritter, Jeffrey M.", "Signorino & Ritter (2011)"),
        ("A, X and B, Y and C, Z", "A, B & C (2011)"),
        ("A, X and B, Y and C, Z and D, W", "A et al. (2011)"),
        ("{World Bank}", "World Bank (2011)"),
    ],
)
def test_a_work_is_named_as_texts_cite_it(author: str, short: str) -> None:
    assert replace(WORK, author=author).short == short


def test_a_work_prints_with_its_link() -> None:
    assert str(WORK).endswith("https://doi.org/10.1093/pan/mpr023")
    assert str(replace(WORK, doi="", url="https://example.org")).endswith(". https://example.org")


def test_bibtex_has_the_fields_of_its_type() -> None:
    text = replace(WORK, title="Trade & war: 5% #1", url="https://example.org/a_b?c=1&d").bibtex()
    rows = dict(re.findall(r"^  (\w+) = \{(.*)\},?$", text, re.MULTILINE))
    assert text.startswith("@article{haege2011,\n")
    assert text.endswith("\n}")
    assert rows == {
        "author": "Häge, Frank M.",
        "title": r"{Trade \& war: 5\% \#1}",
        "year": "2011",
        "journal": "Political Analysis 19(3):287-305",
        "doi": "10.1093/pan/mpr023",
        "url": "https://example.org/a_b?c=1&d",
    }
    assert "booktitle = {" in replace(WORK, type="incollection").bibtex()


def test_a_doi_with_an_underscore_stays_a_doi() -> None:
    assert "doi = {10.1007/978-3_16}" in replace(WORK, doi="10.1007/978-3_16").bibtex()


def test_a_bibliography_has_one_entry_a_key_in_order() -> None:
    other = replace(WORK, key="alker1965")
    keys = re.findall(r"@article\{(\w+),", bibliography([WORK, other, WORK]))
    assert keys == ["alker1965", "haege2011"]
    assert bibliography([]) == ""
