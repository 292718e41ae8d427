"""Patterns: sentences, and what in them can be checked, in Russian, Kazakh and English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from multivector.claims.entities import named
from multivector.claims.model import Kind

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
    "KZT": r"тенге|теңге\w*|tenge",
    "EUR": r"евро|euros?|EUR",
    "sq km": r"кв\.?\s?км|sq\.? km|square kilomet\w+|шаршы (?:км|шақырым)",
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
_KAZAKH_MONTHS = (
    "қаңтар|ақпан|наурыз|сәуір|мамыр|маусым|шілде|тамыз|қыркүйек|қазан|қараша|желтоқсан"
)
_OF_MONTHS = "(?:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)"
_YEAR = r"(?:1[5-9]|20)\d\d"
_YEARS = r"(?:\s*(?:гг?\.|год\w*|жыл\w*))"
PERIOD = re.compile(
    r"(?:\b(?:с|from|between|период с)\s+)?(?:(?:mid|early|late)-)?"
    rf"\b(?P<first>{_YEAR})(?:'?s|-х)?{_YEARS}?\s*(?:[-–—]|по|до|to|and|through the|through)\s*"
    rf"(?:(?:mid|early|late)-)?(?P<last>{_YEAR})(?:'?s|-х)?\b{_YEARS}?",
    re.IGNORECASE,
)
DATE = re.compile(
    rf"\b\d{{1,2}}\.\d{{1,2}}\.(?P<dotted>{_YEAR})\b"
    rf"|\b(?P<kazakh>{_YEAR})\s+жыл\w*\s+(?:\d{{1,2}}\s+)?(?:{_KAZAKH_MONTHS})\w*"
    rf"|(?:\b\d{{1,2}}\s+)?\b(?:{_MONTHS})\w*\.?(?:\s+\d{{1,2}},)?\s+(?P<year>{_YEAR})\b{_YEARS}?"
    rf"|\b\d{{1,2}}\s+(?:{_OF_MONTHS}|(?:{_KAZAKH_MONTHS})\w*)\b"
    rf"|(?:(?:начал|середин|конц)\w+\s+)?\b(?P<decade>{_YEAR})(?:'?s\b|-х\b){_YEARS}?"
    r"|\b(?P<century>\d{1,2})(?:th|st|nd|rd)\s+century|\b[IVX]+\s+(?:век\w*|ғасыр\w*)"
    rf"|(?:(?:начал|середин|конц)\w+\s+)?\b(?P<bare>{_YEAR})\b(?!\s*(?:км|km|%)){_YEARS}?",
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
SPOKEN = re.compile(
    r"выступлени\w+|речь|послани\w+|обращени\w+|заявлени\w+|интервью|встреч\w+|пресс-конференц\w+"
    r"|\b(?:speech|address|remarks|statement|interview|press conference)\b"
    r"|жолдау\w*|сөйле\w+|сұхбат\w*|мәлімдеме\w*",
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
_REFERENTS = {
    "exports": r"экспорт\w*|exports?",
    "imports": r"импорт\w*|imports?",
    "trade": r"товарооборот\w*|торговл\w+|trade|turnover|сауда\w*|тауар айналым\w*",
    "investment": r"инвестици\w+|investments?|инвестиция\w*",
    "output": r"ВВП|GDP|ЖІӨ|добыч\w+|производств\w+|production|output|өндіріс\w*",
    "population": r"населени\w+|population|халық\w*|халқ\w+",
    "border": r"границ\w+|borders?|boundar\w+|шекара\w*",
    "area": r"площад\w+|территори\w+|area|territory|аума[қғ]\w*",
    "debt": r"долг\w*|debt|қарыз\w*",
    "spending": r"расход\w*|expenditures?|spending|шығыс\w*",
    "votes": r"голос\w*|votes?|дауыс\w*",
}
REFERENT = re.compile(
    r"\b(?:" + "|".join(f"(?P<r{i}>{p})" for i, p in enumerate(_REFERENTS.values())) + r")\b",
    re.IGNORECASE,
)
INITIATIVE = re.compile(r"[«“\"][^»”\"\n]{3,60}[»”\"]")
NAME = re.compile(r"\b[A-ZА-ЯЁ]\.(?:\s?-?[A-ZА-ЯЁ]\.){0,2}\s?[A-ZА-ЯЁ][a-zа-яё]{2,}[\w-]*")


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


def referent(text: str, found: Found) -> str:
    """Return what a figure is about: the nearest word that names a known measure.

    A word beyond a comma, a semicolon or an "and" comes after any that is not. Empty where the
    sentence names none. The nearest word can be the wrong one.

    >>> text = "Доля ЕС во внешней торговле составляет 40 процентов, население растет."
    >>> referent(text, next(quantities(text)))
    'trade'
    """
    near: list[tuple[bool, int, int]] = []
    for match in REFERENT.finditer(text):
        first, last = min(match.end(), found.end), max(match.start(), found.start)
        between = text[first:last]
        far = re.search(r"[,;]\s|\b(?:and|и|мен)\b", between) is not None
        near.append((far, len(between), int(str(match.lastgroup)[1:])))
    return list(_REFERENTS)[min(near)[2]] if near else ""


def _value(text: str) -> float:
    plain = re.sub(r"[ \u00a0\u202f]", "", text)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    return float(plain.replace(",", ".") if plain.count(",") + plain.count(".") < 2 else
                 re.sub(r"[.,]", "", plain))  # fmt: skip


def dates(text: str) -> Iterator[Found]:
    """Yield days, months, years, decades, centuries and periods; a range of years is one period.

    The value is the year, or the first year of a decade; a day without a year and a century have
    none.

    >>> [f.value for f in dates("в марте 2020 года и на 2020-2030 годы")]
    ['2020-2030', '2020']
    """
    taken: list[tuple[int, int]] = []
    for match in PERIOD.finditer(text):
        taken.append(match.span())
        yield Found("spell", *match.span(), f"{match['first']}-{match['last']}")
    for match in DATE.finditer(text):
        if not any(a < match.end() and match.start() < b for a, b in taken):
            names = ("dotted", "kazakh", "year", "decade", "bare")
            yield Found("date", *match.span(), next((match[n] for n in names if match[n]), ""))


def actors(text: str, language: str = "") -> list[str]:
    """Return the codes of the states and groups that a text names, as nouns.

    Adjectives are another class, and the US dollar is no actor; see
    `multivector.claims.entities.named`.

    >>> actors("Россия и США подписали; 5 млрд. долларов США")
    ['RUS', 'USA']
    >>> actors("казахстанский народ")
    []
    """
    found = (n.code for n in named(text, language) if n.kind == "actor" and n.code)
    return list(dict.fromkeys(found))
