"""States and groups of states: who is meant by a code or a name, in a given year.

Every state has one stable id: the ISO 3166-1 alpha-3 code of today's states and territories
(``KAZ``), and an id of three letters for those that ended (``SUN``, ``YUG``, ``CSK``; ISO 3166-3
where it has one). Data sets and people use other codes and names, and the same code may belong
to different states in different years, so every look-up may carry a year or a day.

Where a whole year is asked for, a code or a name stands for the state that bears it on
31 December, or else the last that bore it in that year; a group has the members of 31 December;
a state exists if it existed on any day. Give a date to be exact.

The tables are in ``data/states``; SOURCES.md beside them says where each comes from.
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar, get_args

from multivector.errors import AmbiguousName, InputError, MultivectorError, UnknownName, raise_all

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Column = Sequence[object] | np.ndarray | pl.Series

When = int | date
System = Literal["iso3", "iso2", "m49", "cow", "gw", "vdem", "un"]
Language = Literal["en", "ru", "kk"]
Unknown = Literal["raise", "null"]

_EVER = "9999-12-31"
_K = TypeVar("_K")
_V = TypeVar("_V")


class Named(NamedTuple):
    """One row of codes or names: what it stands for, from day to day (ISO dates, inclusive)."""

    what: str
    start: str
    end: str
    label: bool = False


class Membership(NamedTuple):
    """One spell of membership; *confidence* is h (high), m (medium) or l (low: year only)."""

    group: str
    member: str
    start: str
    end: str
    confidence: str
    source: str


class Succession(NamedTuple):
    """One state after another; *rule* is continues (one legal person), separates or merges."""

    predecessor: str
    successor: str
    date: str
    rule: str
    source: str


def resolve(name: str | int, year: When | None = None, *, system: System | None = None) -> str:
    """Return the id of the state or group that *name* stands for.

    Without *system*: an id, an ISO 3166 code or a name in English, Russian or Kazakh, whatever
    its case and accents. With *system*: a code of that system; ``un`` means the short names of
    United Nations roll calls, where CONGO and CHINA have a meaning of their own.
    A label (what `name` prints) outranks an alias: "Yugoslavia" without a year is ``YUG``.

    Raises
    ------
    UnknownName
        Nothing answers to *name* in that year; the message has the nearest names.
    AmbiguousName
        Several states do; the message lists them with their years.

    Examples
    --------
    >>> resolve("Кеңес Одағы"), resolve("TURKIYE"), resolve("EU"), resolve("kz")
    ('SUN', 'TUR', 'EU', 'KAZ')
    >>> resolve(345, 1991, system="cow"), resolve(345, 2010, system="cow")
    ('YUG', 'SRB')
    """
    if isinstance(name, int) and system is None:
        raise InputError(
            f"The number {name} is no name of a state.",
            f"Numbers belong to a system: {', '.join(get_args(System)[2:6])}.",
            'Say which one, for instance system="cow".',
        )
    found = _find(name, year, system)
    if found is None:
        raise _problem(name, year, system)
    return found


def resolve_codes(
    codes: Column, years: Column | When | None, system: System, *, unknown: Unknown = "raise"
) -> pl.Series:
    """Return the ids of a column of codes, each in its own year; a missing code stays missing.

    Parameters
    ----------
    codes, years
        Columns of equal length; *years* may also be one year or day for all, or None.
    unknown
        ``"raise"`` reports every unknown or ambiguous (code, year) at once; ``"null"`` makes
        them missing.

    Examples
    --------
    >>> resolve_codes([260, 255, None], [1970, 1995, 1995], "cow").to_list()
    ['DEU', 'DEU', None]
    """
    return _resolve_all(codes, years, system, unknown)


def resolve_names(
    names: Column, years: Column | When | None = None, *, unknown: Unknown = "raise"
) -> pl.Series:
    """Return the ids of a column of names, as `resolve` does; see `resolve_codes`.

    >>> resolve_names(["США", "Ресей", "China"], 2020).to_list()
    ['USA', 'RUS', 'CHN']
    """
    return _resolve_all(names, years, None, unknown)


def code(state: str, system: System, year: When | None = None) -> str | None:
    """Return the code of *state* in *system*, None where it has none then.

    Of two codes that are valid at once the continuing one is given (M49 729, not 736, for Sudan).

    >>> code("DEU", "cow", 1970), code("DEU", "cow", 1995), code("EGY", "m49"), code("HKG", "cow")
    ('260', '255', '818', None)
    """
    _known_state(state)
    rows = _valid(_codes(system, "state").get(state, ()), year)
    return max(rows, key=lambda row: (row.end, row.start)).what if rows else None


def name(state: str, language: Language = "en", year: When | None = None) -> str:
    """Return the short name of a state or group in *language*, as printed; by default the latest.

    >>> name("KAZ", "kk"), name("EU", "ru"), name("VNM", year=1970)
    ('Қазақстан', 'Европейский союз', 'North Vietnam')
    """
    rows = _labels().get((state, language))
    if rows is None:
        if language not in get_args(Language):
            raise UnknownName("language", language, get_args(Language))
        raise UnknownName("state or group", state, [*_spells(), *_memberships()])
    return max(_valid(rows, year) or rows, key=lambda row: row.end).what


def exists(state: str, year: When) -> bool:
    """Say whether *state* was independent on that day, or on any day of that year.

    For a territory: whether it was the unit that its code names.

    >>> exists("KAZ", 1991), exists("KAZ", date(1991, 12, 1)), exists("SUN", 1992)
    (True, False, False)
    """
    return any(_overlaps(row, year) for row in _known_state(state))


def all_states(year: When | None = None, *, territories: bool = False) -> tuple[str, ...]:
    """Return the ids of all states (that existed in *year*), sorted.

    >>> len(all_states(date(2025, 1, 1)))  # members of the United Nations and the Holy See
    194
    """
    return tuple(
        state
        for state in _spells()
        if (territories or state not in _territories()) and (year is None or exists(state, year))
    )


def as_of(state: str, year: When) -> str | None:
    """Return the id that the same legal person bore then, None where it had none.

    >>> as_of("RUS", 1985), as_of("SUN", 2000), as_of("KAZ", 1985)
    ('SUN', 'RUS', None)
    """
    _known_state(state)
    links = [{s.predecessor, s.successor} for s in _successions() if s.rule == "continues"]
    same, more = set[str](), {state}
    while more != same:
        same = more
        more = same.union(*(link for link in links if link & same))
    rows = _valid([row for each in sorted(same) for row in _spells()[each]], year)
    return rows[-1].what if rows else None


def predecessors(state: str) -> tuple[Succession, ...]:
    """Return how *state* came from others, by date.

    >>> [(s.predecessor, s.rule) for s in predecessors("CZE")]
    [('CSK', 'separates')]
    """
    _known_state(state)
    return tuple(s for s in _successions() if s.successor == state)


def successors(state: str) -> tuple[Succession, ...]:
    """Return what came out of *state*, by date.

    >>> [(s.successor, s.date, s.rule) for s in successors("DDR")]
    [('DEU', '1990-10-03', 'merges')]
    """
    _known_state(state)
    return tuple(s for s in _successions() if s.predecessor == state)


def groups() -> tuple[str, ...]:
    """Return the ids of all groups.

    >>> "EU" in groups() and "EU27_2020" in groups()
    True
    """
    return tuple(_memberships())


def is_group(code: str) -> bool:
    """Say whether *code* is the id of a group.

    >>> is_group("EU"), is_group("KAZ")
    (True, False)
    """
    return code in _memberships()


def memberships(group: str) -> tuple[Membership, ...]:
    """Return every spell of membership in *group*, with its confidence and source.

    >>> [m.end for m in memberships("EU") if m.member == "GBR"]
    ['2020-01-31']
    """
    if group not in _memberships():
        raise UnknownName("group", group, _memberships())
    return _memberships()[group]


def members(group: str, when: When, *, whole_year: bool = False) -> tuple[str, ...]:
    """Return the members of *group* on a day, or on 31 December of a year, sorted.

    With *whole_year*, only those that were members from 1 January to 31 December.

    >>> len(members("EU", 2019)), len(members("EU", 2020)), "GBR" in members("EU27_2020", 2010)
    (28, 27, False)
    """
    first, last = _days(when)
    start = first if whole_year else last
    return tuple(
        sorted({m.member for m in memberships(group) if m.start <= start and last <= m.end})
    )


def _resolve_all(
    given: Column, years: Column | When | None, system: System | None, unknown: Unknown
) -> pl.Series:
    import polars as pl

    values = _listed(given)
    when: list[When | None] = (
        [years] * len(values) if years is None or isinstance(years, int | date) else _listed(years)
    )
    if len(when) != len(values):
        raise InputError(f"{len(values)} codes or names but {len(when)} years.")
    found: dict[tuple[object, When | None], str | None] = {}
    problems: list[MultivectorError] = []
    for value, year in dict.fromkeys(zip(values, when, strict=True)):
        if value is None or (isinstance(value, float) and math.isnan(value)):
            continue
        found[value, year] = _find(value, year, system)
        if found[value, year] is None and unknown == "raise":
            problems.append(_problem(value, year, system))
    raise_all("Some codes or names do not stand for one state.", problems)
    return pl.Series("state", [found.get(p) for p in zip(values, when, strict=True)], pl.String)


def _listed(column: Any) -> list[Any]:
    tolist = getattr(column, "to_list", None) or getattr(column, "tolist", None)
    return tolist() if tolist else list(column)


def _search(given: object, year: When | None, system: System | None) -> Sequence[Named]:
    """Return the rows that answer to *given* (in *year*)."""
    if system is not None:
        rows = _codes(system).get(_code_key(given), ())
        if rows or system != "un":
            return _valid(rows, year)
    exact = str(given).strip().upper()
    if exact in _spells() or exact in _memberships():
        return (Named(exact, "", _EVER),)
    return _valid(_names().get(_fold(str(given)), ()), year)


@lru_cache(1 << 16)
def _find(given: object, year: When | None, system: System | None) -> str | None:
    rows = _search(given, year, system)
    for some in (rows, [row for row in rows if row.label]):
        found = {row.what for row in some}
        if len(found) == 1:
            return found.pop()
    return None


def _problem(given: object, year: When | None, system: System | None) -> MultivectorError:
    kind = f"{system} code" if system else "state or group"
    valid, ever = _search(given, year, system), _search(given, None, system)
    if valid:
        return AmbiguousName(
            f"Several states answer to {kind} {given!r}{f' in {year}' if year else ''}.",
            f"Candidates: {_listing(valid)}.",
            "Give a year, or the id of the one that you mean.",
        )
    known = [row.what for row in ever] or (_codes(system) if system else _all_names())
    remedy = f"{given} stands for {_listing(ever)}." if ever else ""
    return UnknownName(kind, str(given), known, remedy, "" if year is None else str(year))


def _listing(rows: Iterable[Named]) -> str:
    spans = {(row.what, row.start[:4], "" if row.end == _EVER else row.end[:4]) for row in rows}
    return ", ".join(
        f"{what} ({name(what)}" + (f", {a}–{b})" if a or b else ")") for what, a, b in sorted(spans)
    )


def _days(when: When) -> tuple[str, str]:
    if isinstance(when, date):
        return (day := when.isoformat()[:10]), day
    return f"{when:04d}-01-01", f"{when:04d}-12-31"


def _overlaps(row: Named, when: When) -> bool:
    first, last = _days(when)
    return row.start <= last and first <= row.end


def _valid(rows: Sequence[Named], when: When | None) -> Sequence[Named]:
    """Rows valid at *when*: of a whole year those on its last day, else the last in it."""
    if when is None:
        return rows
    during = [row for row in rows if _overlaps(row, when)]
    latest = min(max((row.end for row in during), default=""), _days(when)[1])
    return [row for row in during if row.start <= latest <= row.end]


@lru_cache(1 << 16)
def _fold(text: str) -> str:
    """Reduce a name to what survives differences of case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.replace("ı", "i").replace("İ", "I").casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in ".'’‘`ʻʼ")
    words = re.sub(r"[\W_]+", " ", plain.replace("&", " and ")).split()
    return " ".join("saint" if word == "st" else word for word in words if word != "the")


def _code_key(given: object) -> str:
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    return str(given).strip().upper().lstrip("0")


def _known_state(state: str) -> tuple[Named, ...]:
    if state not in _spells():
        raise UnknownName("state", state, _spells(), "resolve() accepts names and other codes.")
    return _spells()[state]


def _table(*names: str) -> Iterator[dict[str, str]]:
    for each in names:
        text = (files("multivector") / "data" / "states" / each).read_text("utf-8")
        for row in csv.DictReader(text.splitlines()):
            yield {**row, "end": row.get("end") or _EVER}


def _name_rows() -> Iterator[dict[str, str]]:
    yield from _table("names.csv", "names_cldr.csv")
    for row in _table("group_names.csv"):
        yield {**row, "state": row["grp"], "start": ""}


def _grouped(pairs: Iterable[tuple[_K, _V]]) -> dict[_K, tuple[_V, ...]]:
    made: dict[_K, list[_V]] = {}
    for key, row in pairs:
        made.setdefault(key, []).append(row)
    return {key: tuple(rows) for key, rows in made.items()}


def _row(r: dict[str, str], what: str = "state", label: bool = False) -> Named:
    return Named(r[what], r["start"], r["end"], label)


@cache
def _spells() -> dict[str, tuple[Named, ...]]:
    return _grouped((r["state"], _row(r)) for r in _table("states.csv"))


@cache
def _territories() -> frozenset[str]:
    return frozenset(r["state"] for r in _table("states.csv") if r["kind"] == "territory")


@cache
def _codes(system: str, by: str = "code") -> dict[str, tuple[Named, ...]]:
    if system not in get_args(System):
        raise UnknownName("code system", system, get_args(System))
    rows = [r for r in _table("codes.csv") if r["system"] == system]
    if by == "state":
        return _grouped((r["state"], _row(r, "code")) for r in rows)
    return _grouped((_code_key(r["code"]), _row(r)) for r in rows)


@cache
def _names() -> dict[str, tuple[Named, ...]]:
    made = [(_fold(r["name"]), _row(r, label=r["kind"] == "short")) for r in _name_rows()]
    two = [(_fold(key), row) for key, rows in _codes("iso2").items() for row in rows]
    return _grouped([*made, *two])


@cache
def _all_names() -> tuple[str, ...]:
    return tuple(dict.fromkeys(r["name"] for r in _name_rows()))


@cache
def _labels() -> dict[tuple[str, str], tuple[Named, ...]]:
    rows = (r for r in _name_rows() if r["kind"] == "short")
    return _grouped(((r["state"], r["language"]), _row(r, "name")) for r in rows)


@cache
def _successions() -> tuple[Succession, ...]:
    rows = [Succession._make(r[f] for f in Succession._fields) for r in _table("successors.csv")]
    return tuple(sorted(rows, key=lambda row: (row.date, row.predecessor, row.successor)))


@cache
def _memberships() -> dict[str, tuple[Membership, ...]]:
    rows = ((r["grp"], Membership._make(r.values())) for r in _table("groups.csv"))
    return _grouped(rows)
