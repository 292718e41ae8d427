"""Models that read Russian text, as they lie inside installed packages; nothing is fetched."""

from __future__ import annotations

import importlib.util
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

MISSING = (
    "Names were looked up in tables alone: the models that read Russian are not installed. "
    "Install multivector[text]."
)
_SAMPLE = 6000
_SHORT = 200


class Entity(NamedTuple):
    """A name that the model found: PER, LOC or ORG, with offsets."""

    type: str
    start: int
    end: int


@cache
def installed() -> bool:
    """Return whether the packages of the extra ``text`` that read Russian are here."""
    return all(importlib.util.find_spec(n) for n in ("slovnet", "navec", "natasha", "pymorphy3"))


@cache
def _recogniser() -> Any:
    from navec import Navec
    from slovnet import NER

    # natasha carries the weights; importing it would need a module that Python no longer has.
    spec = importlib.util.find_spec("natasha")
    places = spec.submodule_search_locations if spec else None
    folder = Path(next(iter(places or [""]))) / "data"
    made = NER.load(folder / "model" / "slovnet_ner_news_v1.tar")
    made.navec(Navec.load(folder / "emb" / "navec_news_v1_1B_250K_300d_100q.tar"))
    return made


@lru_cache(4096)
def entities(sentence: str) -> tuple[Entity, ...]:
    """Return persons, places and organisations of a Russian sentence; none without the models.

    Weights: slovnet 0.6 on navec embeddings of news, from the package natasha.

    >>> from multivector.claims.models import entities, installed
    >>> found = entities("Сергей Лавров приехал в Казахстан.")
    >>> [e.type for e in found] == (["PER", "LOC"] if installed() else [])
    True
    """
    if not installed() or not sentence.strip():
        return ()
    return tuple(Entity(s.type, s.start, s.stop) for s in _recogniser()(sentence).spans)


@cache
def _morphology() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer()


@lru_cache(1 << 16)
def lemma(word: str) -> str:
    """Return the dictionary form of a Russian word; the word itself without the dictionary."""
    return str(_morphology().parse(word)[0].normal_form) if installed() else word


@cache
def _languages() -> Any:
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_all_languages().with_low_accuracy_mode().build()


def detected(text: str) -> str:
    """Return the name of a text's language in English, or nothing if it is short or unknown.

    Nothing too where lingua is not installed.

    >>> from multivector.claims.models import detected
    >>> detected("Too short.")
    ''
    """
    if len(text) < _SHORT or importlib.util.find_spec("lingua") is None:
        return ""
    middle = max(len(text) // 2 - _SAMPLE // 2, 0)
    found = _languages().detect_language_of(text[middle : middle + _SAMPLE])
    return "" if found is None else str(found.name).capitalize()
