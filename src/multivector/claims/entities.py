"""Actors and their adjectives in Russian, Kazakh and English text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from multivector.claims import models
from multivector.state_tables import all_names, fold, names

Language = Literal["ru", "kk", "en"]
LONGEST_NAME = 6
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"[’']s?$")
_DOLLARS = re.compile(r"долл\w*\.?\s+(США)|(АҚШ|\bUS|\bU\.S\.)\s+(?:долл|dollar)", re.I)
_CYRILLIC = re.compile("[а-яёәғқңөұүһі]", re.IGNORECASE)
_ENDINGS = re.compile(
    r"(?:ами|ями|ыми|ими|ого|его|ому|ему|ый|ий|ая|ую|ое|ые|ие|ым|им|ых|их|ой|ей|ом|ем|ах|ях"
    r"|ию|ии|ия|ов|а|у|е|ы|и|я|ю|ь|й)$"
)
_KAZAKH = re.compile(
    r"(?:дағы|дегі|тағы|тегі|ндағы|ндегі|мен|бен|пен|ның|нің|дың|дің|тың|тің|дан|ден|тан|тен|нан|нен"
    r"|да|де|та|те|нда|нде|ға|ге|қа|ке|на|не|ны|ні|ды|ді|ты|ті|сын|сін|ын|ін|сы|сі|н)$"
)
_KAZAKH_ADJECTIVE = re.compile(r"(?:лық|лік|дық|дік|тық|тік)(?:тар|тер)?$")
_RUSSIAN_ADJECTIVE = re.compile(  # of folded words, where й is и
    r"(?:ск|цк)(?:ого|ому|ии|ая|ое|ие|им|ои|ую|их|ими|ом|ою)$"
)
_IRREGULAR = (
    "американ британ англий француз немец турец гречес шотланд швейцар бельгий узбек таджик киргиз "
    "кыргыз туркмен казах украин белорус грузин совет европей азиат евразий центральноазиат "
    "среднеазиат африкан арабск палестин северокорей южнокорей западноевропей восточноевропей "
    "североамерикан латиноамерикан постсовет"
)
_ENGLISH = (
    "afghan african albanian american arab argentine armenian asian australian austrian "
    "azerbaijani balkan baltic belarusian belgian brazilian british bulgarian canadian "
    "caucasian chilean chinese croatian cuban czech danish dutch egyptian english estonian "
    "eurasian european finnish french georgian german greek hungarian indian indonesian iranian "
    "iraqi irish israeli italian japanese kazakh kazakhstani korean kuwaiti kyrgyz latvian "
    "lithuanian mexican moldovan mongolian nigerian norwegian pakistani palestinian polish "
    "portuguese romanian russian saudi scottish serbian slovak slovenian soviet spanish swedish "
    "swiss syrian tajik thai turkish turkmen ukrainian uzbek vietnamese"
)
_SIDES = "central east eastern west western north northern south southern"


@dataclass(frozen=True)
class Name:
    """A name in a text: an actor, an adjective made from an actor's name, or a person.

    ``code`` is the actor's code where the tables know exactly one, else empty.
    """

    kind: Literal["actor", "adjective", "person"]
    start: int
    end: int
    code: str = ""


@lru_cache(4096)
def named(text: str, language: str = "") -> tuple[Name, ...]:
    """Return actors, adjectives and persons in the order of the text.

    Actors are the names of states and groups in the tables, in any of the three languages, and, in
    Russian, the organisations that the model recognises; where the two overlap, the longer name
    counts. Persons come from the model alone. The United States in "US dollar" is no actor.

    >>> [(n.kind, n.code) for n in named("Россия; 5 млрд. долларов США; китайский товар", "ru")]
    [('actor', 'RUS'), ('adjective', '')]
    """
    money = [next(m.span(g) for g in (1, 2) if m[g]) for m in _DOLLARS.finditer(text)]
    found = [n for n in _in_tables(text) if (n.start, n.end) not in money]
    if language in ("", "ru") and _CYRILLIC.search(text):
        for one in models.entities(text):
            if one.type == "PER":
                found.append(Name("person", one.start, one.end))
            elif one.type == "ORG" and _bounded(text, one.start, one.end):
                found = _joined(found, one.start, one.end)
    taken = [(n.start, n.end) for n in found if n.kind == "actor"]
    found += [n for n in _adjectives(text) if not any(a < n.end and n.start < b for a, b in taken)]
    return tuple(sorted(found, key=lambda n: (n.start, n.end)))


def _bounded(text: str, start: int, end: int) -> bool:
    """Return whether a name is a proper one and not cut out of a quotation."""
    return any(c.isupper() for c in text[start:end]) and text[start - 1 : start] not in ("«", '"')


def _joined(found: list[Name], start: int, end: int) -> list[Name]:
    over = [n for n in found if n.kind == "actor" and n.start < end and start < n.end]
    rest = [n for n in found if n not in over]
    code = over[0].code if len(over) == 1 and (over[0].start, over[0].end) == (start, end) else ""
    over += [n for n in rest if n.kind == "actor" and n.start == end + 1]  # "the Senate" of whom
    rest = [n for n in rest if n not in over]
    first = min([start, *(n.start for n in over)])
    last = max([end, *(n.end for n in over)])
    known = {n.code for n in over} - {""}
    return [*rest, Name("actor", first, last, code or (known.pop() if len(known) == 1 else ""))]


def _in_tables(text: str) -> list[Name]:
    words = list(_WORD.finditer(text))
    forms = [_forms(_POSSESSIVE.sub("", m[0])) for m in words]
    found: list[Name] = []
    i = 0
    while i < len(words):
        size, code = _longest(text, words, forms, i)
        if size:
            last = words[i + size - 1]
            end = last.start() + len(_POSSESSIVE.sub("", last[0]))
            found.append(Name("actor", words[i].start(), end, code))
        i += max(size, 1)
    return found


def _longest(
    text: str, words: list[re.Match[str]], forms: list[tuple[str, ...]], at: int
) -> tuple[int, str]:
    """Return how many words from *at* on are a name, and its code; 0 where they are none."""
    word = words[at][0]
    if not (word.isupper() if len(word) < 4 else word[0].isupper()):
        return 0, ""  # "того" is no Togo, "us" no United States
    known = _gazetteer()
    for size in range(min(LONGEST_NAME, len(words) - at), 0, -1):
        part = words[at : at + size]
        between = text[part[0].start() : part[-1].end()]
        if re.search(r"[.;:,()\n]\s", between):
            continue
        for form in range(3):
            code = known.get(" ".join(forms[i][form] for i in range(at, at + size)))
            if code is not None:
                return size, code
    return 0, ""


@cache
def _gazetteer() -> dict[str, str]:
    """Return codes by name in each normal form; the empty code where several states share it."""
    made: dict[str, str] = {}
    for name in all_names():
        words = [m[0] for m in _WORD.finditer(name)]
        codes = {row.what for row in names()[fold(name)]}
        code = codes.pop() if len(codes) == 1 else ""
        for form in zip(*(_forms(w) for w in words), strict=True):
            if len(name) > 1:
                made.setdefault(" ".join(form), code)
    return made


@lru_cache(1 << 16)
def _forms(word: str) -> tuple[str, str, str]:
    """Return a word as it is, as a Russian lemma or stem, and without Kazakh endings."""
    plain = fold(word).replace(" ", "")
    if not _CYRILLIC.search(plain):
        return plain, plain, plain
    return plain, _russian(word), _kazakh(plain)


def _russian(word: str) -> str:
    """Return the stem of the dictionary form; short words stay."""
    base = fold(models.lemma(word.casefold()))
    return _ENDINGS.sub("", base) if len(base) > 4 else base


def _kazakh(plain: str) -> str:
    """Cut case and possessive endings, at most two, and leave four letters or more."""
    for _ in range(2):
        cut = _KAZAKH.sub("", plain)
        if len(cut) < 4:
            break
        plain = cut
    return plain


@cache
def _english() -> frozenset[str]:
    return frozenset(_ENGLISH.split())


@cache
def _adjective_stems() -> frozenset[str]:
    """Return what stands before -ск- in Russian adjectives of states."""
    made = {fold(w) for w in _IRREGULAR.split()}
    for name in names():
        if " " in name or not _CYRILLIC.search(name) or len(name) < 4:
            continue
        base = re.sub(r"[аяыеи]$", "", name)
        made |= {name, base, f"{base}и"} if base.endswith("и") else {name, base, f"{base}н"}
    return frozenset(made)


def _adjectives(text: str) -> list[Name]:
    found: list[Name] = []
    words = list(_WORD.finditer(text))
    for i, match in enumerate(words):
        start, word = match.start(), match[0]
        plain = fold(_POSSESSIVE.sub("", word))
        last = plain.split(" ")[-1]
        if _CYRILLIC.search(plain):
            stem = _RUSSIAN_ADJECTIVE.sub("", last)
            kazakh = _KAZAKH_ADJECTIVE.sub("", plain)
            hit = (stem != last and stem in _adjective_stems()) or (
                kazakh != plain and _gazetteer().get(kazakh) is not None
            )
        else:
            hit = last in _english() and word[0].isupper()
            side = words[i - 1] if i else None
            if hit and side and fold(side[0]) in _SIDES.split() and side[0][0].isupper():
                start = side.start()
        if hit:
            found.append(Name("adjective", start, match.end()))
    return found
