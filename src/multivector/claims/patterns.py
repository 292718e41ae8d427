"""Patterns: sentences, and what in them can be checked, in Russian, Kazakh and English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from multivector.claims.model import Kind
from multivector.state_tables import fold, names

_ABBREVIATIONS = (
    "г|гг|в|вв|млн|млрд|трлн|тыс|руб|долл|см|ср|стр|с|т|д|е|п|им|ул|др|пр|англ|рис|табл"
    "|mr|mrs|dr|gen|col|prof|st|no|vol|pp|p|fig|e|i|g|u|s|eg|ie|approx|ca|cf|inc|jan|feb|aug|sept|oct|nov|dec"
)
_END = re.compile(
    r"[.!?…]+[»”\")\]]*(?=\s+[«“\"(\[—–-]*\s*[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ0-9])|\n\s*\n(?!\s*[a-zа-яё])"
)
_TAIL = re.compile(rf"(?:^|[\s(«.-])(?:{_ABBREVIATIONS}|\w)\.$", re.IGNORECASE)

_NUMBER = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*"
_SCALES = {
    "тыс": 1e3, "thousand": 1e3, "мың": 1e3,
    "млн": 1e6, "миллион": 1e6, "million": 1e6, "mn": 1e6,
    "млрд": 1e9, "миллиард": 1e9, "billion": 1e9, "bn": 1e9,
    "трлн": 1e12, "триллион": 1e12, "trillion": 1e12,
}  # fmt: skip
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_UNITS = {
    "%": r"%|процент\w*|пайыз\w*|per ?cent",
    "USD": r"долл\w*(?:\.?\s+США)?|US dollars?|dollars?|USD",
    "EUR": r"евро|euros?|EUR",
    "km": r"км|километр\w*|kilomet\w+|km|шақырым",
    "persons": r"человек|жител\w+|people|persons|inhabitants|адам",
    "tonnes": r"тонн\w*|tonn?es|tons",
    "years": r"лет|years|жыл(?=\s+бойы)",
}
_UNIT = "|".join(f"(?P<u{i}>{p})" for i, p in enumerate(_UNITS.values()))
QUANTITY = re.compile(
    rf"(?P<sign>[$€])?\s?(?P<number>{_NUMBER})\s*(?:(?P<scale>{_SCALE})\w*\.?\s*)?(?:{_UNIT})?(?!\w)",
    re.IGNORECASE,
)
_MONTHS = (
    "янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек"
    "|january|february|march|april|may|june|july|august|september|october|november|december"
)
PERIOD = re.compile(
    r"(?:с|from|between)?\s*\b(?P<first>(?:1[89]|20)\d\d)\s*(?:[-–—]|по|до|to|and)\s*"
    r"(?P<last>(?:1[89]|20)\d\d)\b"
)
DATE = re.compile(
    rf"(?:\b(?P<day>\d{{1,2}})\s+)?\b(?P<month>{_MONTHS})\w*\.?(?:\s+\d{{1,2}},)?\s+"
    r"(?P<year>(?:1[89]|20)\d\d)\b|\b(?P<bare>(?:1[89]|20)\d\d)(?=\s*(?:г\.|год|г\b|жыл)|\b(?!\d))",
    re.IGNORECASE,
)
SINCE = re.compile(r"\b(?:с|начиная с|since|from)\s+(?:\w+\s+)?(?:1[89]|20)\d\d|\bбастап\b", re.I)
RANK = re.compile(
    r"крупнейш\w+|сам(?:ы[йм]\w*|ой|ая) (?:больш|крупн|быстр|хрупк|слаб|сильн)\w+|наибольш\w+"
    r"|лидер(?:ом|а|у|ы)?\b|(?:перв|втор|трет|четверт)\w+ (?:мест\w+|по )"
    r"|\b(?:largest|biggest|leading)\b|\branks?\b|ең ірі|\bбірінші орын",
    re.IGNORECASE,
)
TREND = re.compile(
    r"\b(?:вы|воз)рос\w*|\bрос(?:т\w{0,2}|л[аои])?\b|раст[уёе]\w*|снижен\w+|сниз\w+|сокра[тщ]\w+|увелич\w+|усил\w+|\bупал\w*"
    r"|\b(?:grew|grow\w*|rose|rising|fell|falling|increas\w+|declin\w+|decreas\w+)\b|өсті|төмендеді",
    re.IGNORECASE,
)
MEMBER = re.compile(
    r"\bчлен\w*\b|членств\w+|участник\w*|\bmembers?(?:hip)?\b|\bмүше", re.IGNORECASE
)
TREATY = re.compile(
    r"соглашени\w+|договор(?!ен)\w*|конвенци\w+|\btreaty\b|\btreaties\b|\bagreements?\b|келісім\w*"
    r"|\bпакт\w*",
    re.IGNORECASE,
)
STAGE = re.compile(
    r"подписа\w+|парафир\w+|вступи\w+ в силу|ратифи\w+|\bsign(?:ed|s)?\b|\binitialled\b"
    r"|\bentered into force\b|\bratif\w+|қол қой\w+",
    re.IGNORECASE,
)
OFFICE = re.compile(
    r"президент\w*|министр\w*|председател\w+|депутат\w*|\bглав[аы]\b|\bpresident\b|\bminister\b"
    r"|\bchair\w*\b|\bspeaker\b|\bsecretary\b",
    re.IGNORECASE,
)
SPEECH = re.compile(
    r"по (?:мнению|словам)|согласно мнению|заявил\w*|отметил\w*|отмечает|подчеркнул\w*|подчеркивает"
    r"|выразил\w*|\baccording to\b|\bsaid\b|\bstated\b|\bnoted\b|\bargues?\b|мәлімдеді",
    re.IGNORECASE,
)
CAUSE = re.compile(
    r"привел\w*|приведет|породил\w*|повлия\w+|завис\w+|поможет|помочь|подорвать|ускор\w+|усилива\w+"
    r"|приводящ\w+|ведущ\w+ к|способству\w+|в результате|благодаря|из-за"
    r"|\bcaus\w+|\bleads? to\b|\bled to\b|\bbecause\b|\bdue to\b|\bresult\w* in\b|нәтижесінде",
    re.IGNORECASE,
)
FORECAST = re.compile(
    r"\bбуд[еу]т?\b|вероятно|не стоит ожидать|ожидается|\bwill\b|\bis expected to\b|\blikely\b",
    re.IGNORECASE,
)
CITATION = re.compile(r"\[\d{1,3}(?:[^\]]*)\]|\([A-ZА-Я][\w-]+(?: et al\.)?,? (?:19|20)\d\d\w?\)")
INITIATIVE = re.compile(r"[«“\"][^»”\"\n]{3,60}[»”\"]")
NAME = re.compile(r"\b[A-ZА-ЯЁ]\.(?:\s?-?[A-ZА-ЯЁ]\.){0,2}\s?[A-ZА-ЯЁ][a-zа-яё]{2,}[\w-]*")
_DOLLARS = re.compile(r"долл\w*\.?\s+(США)", re.IGNORECASE)
_ENDINGS = re.compile(
    r"(?:ами|ями|ыми|ими|ого|его|ому|ему|ый|ий|ая|ую|ое|ые|ие|ым|им|ых|их|ой|ей|ом|ем|ах|ях"
    r"|ию|ии|ия|ов|а|у|е|ы|и|я|ю|ь|й)$"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence with the offset of its first character."""

    text: str
    start: int


@dataclass(frozen=True)
class Found:
    """Something in a sentence that can be checked: what kind, where, and its value."""

    kind: Kind
    start: int
    end: int
    value: str = ""
    unit: str = ""


def sentences(text: str) -> Iterator[Sentence]:
    """Yield sentences; initials, abbreviations and decimal points end none.

    >>> [s.text for s in sentences("В 2021 г. К.-Ж. Токаев выступил. Итог: 3.5 млрд. долл. США.")]
    ['В 2021 г. К.-Ж. Токаев выступил.', 'Итог: 3.5 млрд. долл. США.']
    """
    start = 0
    for match in _END.finditer(text):
        part = text[start : match.end()]
        short = _TAIL.search(part.rstrip('»”")]')) or part.count("[") > part.count("]")
        if short and "\n" not in match[0]:
            continue
        yield from _trimmed(part, start)
        start = match.end()
    yield from _trimmed(text[start:], start)


def _trimmed(part: str, start: int) -> Iterator[Sentence]:
    plain = part.strip()
    if re.search(r"\w{3}", plain):
        yield Sentence(plain, start + part.index(plain))


def quantities(text: str) -> Iterator[Found]:
    """Yield numbers with a unit or a scale; a year alone is none.

    >>> [(f.value, f.unit) for f in quantities("достиг 18,2 млрд. долларов США, или 40 процентов")]
    [('18200000000', 'USD'), ('40', '%')]
    """
    for match in QUANTITY.finditer(text):
        unit = next((u for i, u in enumerate(_UNITS) if match[f"u{i}"]), "")
        unit = unit or {"$": "USD", "€": "EUR"}.get(match["sign"] or "", "")
        scale = (match["scale"] or "").casefold()
        if not unit and not scale:
            continue
        value = _value(match["number"]) * _SCALES.get(scale, 1.0)
        yield Found("share" if unit == "%" else "quantity", match.start("number"), match.end(),
                    f"{value:.12g}", unit)  # fmt: skip


def _value(text: str) -> float:
    plain = re.sub(r"[ \u00a0\u202f]", "", text)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    return float(plain.replace(",", ".") if plain.count(",") + plain.count(".") < 2 else
                 re.sub(r"[.,]", "", plain))  # fmt: skip


def dates(text: str) -> Iterator[Found]:
    """Yield days, months, years and periods; a range of years is one period.

    >>> [f.value for f in dates("в марте 2020 года и на 2020-2030 годы")]
    ['2020-2030', '2020']
    """
    taken: list[tuple[int, int]] = []
    for match in PERIOD.finditer(text):
        taken.append(match.span())
        yield Found("spell", *match.span(), f"{match['first']}-{match['last']}")
    for match in DATE.finditer(text):
        if not any(a <= match.start() < b for a, b in taken):
            year = match["year"] or match["bare"]
            yield Found("date", *match.span(), year)


def actors(text: str) -> list[str]:
    """Return the states and groups that a text names, as nouns; adjectives are another class.

    The US dollar is no actor.

    >>> actors("Россия и США подписали; 5 млрд. долларов США")
    ['RUS', 'USA']
    >>> actors("казахстанский народ")
    []
    """
    plain = _DOLLARS.sub(lambda m: m[0].replace(m[1], "___"), text)
    raw = re.findall(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*", plain)
    words, known = [fold(w) for w in raw], _gazetteer()
    found: dict[str, None] = {}
    i = 0
    while i < len(words):
        for size in (4, 3, 2, 1):
            code = known.get(" ".join(map(_stem, words[i : i + size])))
            proper = raw[i].isupper() if len(raw[i]) < 4 else raw[i][0].isupper()
            if code is not None and not proper:
                code = None  # "того" is no Togo, "us" no United States
            if code is not None and i + size <= len(words):
                found.setdefault(code)
                i += size - 1
                break
        i += 1
    return list(found)


@cache
def _gazetteer() -> dict[str, str]:
    made: dict[str, str] = {}
    for name, rows in names().items():
        codes = {row.what for row in rows}
        if len(codes) == 1 and len(name) > 1:
            made.setdefault(" ".join(map(_stem, name.split())), codes.pop())
    return made


def _stem(word: str) -> str:
    """Cut the ending of a Russian noun; short words stay."""
    return _ENDINGS.sub("", word) if len(word) > 4 else word
