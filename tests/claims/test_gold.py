"""Extraction against the gold lists, and the published table against a recomputation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from multivector.claims import entities, models
from multivector.claims.marks import CLASSES, Mark, marks
from scripts.score_extraction import (
    ARTICLE,
    GOLD,
    Gold,
    article_path,
    errors,
    golds,
    score,
    share,
    table,
    wilson,
)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "claims.md"


@pytest.fixture(scope="module")
def texts() -> list[Gold]:
    return list(golds(article_path()))


def test_the_published_table_is_what_the_script_computes(texts: list[Gold]) -> None:
    assert models.installed(), "the packages of the extra text are part of dev"
    printed = [r for r in PAGE.read_text("utf-8").splitlines() if r.split("|")[2:3] != []]
    names = {p.stem for p in GOLD.glob("*.t*")} | {"all that ship"}
    printed = [r for r in printed if r.split("|")[1].strip() in names]
    if ARTICLE not in {t.name for t in texts}:
        printed = [r for r in printed if r.split("|")[1].strip() != ARTICLE]
    assert table(texts) == printed


def test_gold_lists_are_as_they_were_marked(texts: list[Gold]) -> None:
    """Their hashes are compared on reading; here, that marks keep apart and name known classes."""
    for gold in texts:
        ends = [0, *(m.end for m in gold.marks)]
        assert all(a <= m.start < m.end for a, m in zip(ends, gold.marks, strict=False)), gold.name
        assert {m.name for m in gold.marks} <= set(CLASSES)
    assert {t.language for t in texts} == {"ru", "kk", "en"}


def test_a_score_counts_same_spans_overlaps_and_values() -> None:
    made = [Mark("time", 0, 4, "1999"), Mark("time", 10, 14, "2001"), Mark("time", 20, 24)]
    found = [Mark("time", 0, 4, "1999"), Mark("time", 8, 14, "2002"), Mark("time", 30, 34)]
    one = score(made, found)
    assert (one.made, one.found, one.same, one.kept, one.right) == (3, 3, 1, 2, 2)
    assert (one.valued, one.values) == (2, 1)
    assert share(0, 0) == "–"


def test_the_interval_is_that_of_wilson() -> None:
    """Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E.

    Table I, method 3: 81 of 263 and 15 of 148.
    """
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)


def test_errors_name_the_words() -> None:
    text = "Kazakhstan joined in 2010."
    gold = Gold("x", "en", text, (Mark("actor", 0, 10), Mark("membership", 11, 17)), (0, 26))
    assert list(errors(gold)) == ["false time: 2010", "missed membership: joined"]


@pytest.mark.parametrize(
    ("language", "text", "actors", "adjectives"),
    [
        ("ru", "Граница Казахстана с Россией, после американо-канадской", 2, 1),
        ("ru", "18,2 млрд. долларов США, 3 млн долл. США", 0, 0),
        ("ru", "Европейским союзом, ЕАЭС и Соединенными Штатами", 3, 0),
        ("kk", "Қазақстанның ресейлік серіктесі Қытаймен шарт жасады", 2, 1),
        ("kk", "2 млрд АҚШ доллары", 0, 0),
        ("en", "Kazakhstan’s border with Central Asian states, US dollars, give it to us", 1, 1),
    ],
)
def test_actors_and_adjectives_are_apart_and_money_is_neither(
    language: str, text: str, actors: int, adjectives: int
) -> None:
    kinds = [n.kind for n in entities.named(text, language)]
    assert (kinds.count("actor"), kinds.count("adjective")) == (actors, adjectives)


def test_ranges_and_days_are_one_time_each() -> None:
    cases = {
        "на 2025 - 2030 годы": "2025 - 2030 годы",
        "от 21.05.2007 № 254": "21.05.2007",
        "не позднее 1 февраля": "1 февраля",
        "2008 жылғы желтоқсанда басталды": "2008 жылғы желтоқсанда",
        "from the mid-1990s through the mid-2000s": "mid-1990s through the mid-2000s",
        "by the 13th century": "13th century",
    }
    for text, words in cases.items():
        (found,) = (m for m in marks(text, "") if m.name == "time")
        assert text[found.start : found.end] == words


def test_persons_and_organisations_come_from_the_model() -> None:
    text = "Сергей Лавров заявил, что Министерство обороны России поддержит Казахстан."
    found = {(m.name, text[m.start : m.end]) for m in marks(text, "ru")}
    assert ("speaker", "Сергей Лавров") in found
    assert ("actor", "Казахстан") in found
    assert any(n == "actor" and re.match("Министерство обороны", w) for n, w in found)


def test_without_the_models_tables_and_patterns_work_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caches = (models.entities, models.lemma, entities.named, entities._forms, entities._gazetteer)
    for one in caches:
        one.cache_clear()
    monkeypatch.setattr(models, "installed", lambda: False)
    text = "По словам К.-Ж.К. Токаева, Китай и Россия увеличили торговлю; Сергей Лавров."
    found = [(m.name, m.value) for m in marks(text, "ru")]
    for one in caches:
        one.cache_clear()
    assert ("actor", "CHN") in found
    assert ("actor", "RUS") in found
    assert [n for n, _ in found].count("speaker") == 1
