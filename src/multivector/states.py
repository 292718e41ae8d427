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

import math
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, get_args

from multivector import state_tables as tables
from multivector.errors import AmbiguousName, InputError, MultivectorError, UnknownName, raise_all
from multivector.state_tables import EVER, Membership, Named, Succession, System

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Column = Sequence[object] | np.ndarray | pl.Series

When = int | date
Language = Literal["en", "ru", "kk"]
Unknown = Literal["raise", "null"]


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
    rows = _valid(tables.codes(system, "state").get(state, ()), year)
    return max(rows, key=lambda row: (row.end, row.start)).what if rows else None


def name(state: str, language: Language = "en", year: When | None = None) -> str:
    """Return the short name of a state or group in *language*, as printed; by default the latest.

    >>> name("KAZ", "kk"), name("EU", "ru"), name("VNM", year=1970)
    ('Қазақстан', 'Европейский союз', 'North Vietnam')
    """
    rows = tables.labels().get((state, language))
    if rows is None:
        if language not in get_args(Language):
            raise UnknownName("language", language, get_args(Language))
        raise UnknownName("state or group", state, [*tables.spells(), *tables.memberships()])
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
        for state in tables.spells()
        if (territories or state not in tables.territories())
        and (year is None or exists(state, year))
    )


def as_of(state: str, year: When) -> str | None:
    """Return the id that the same legal person bore then, None where it had none.

    >>> as_of("RUS", 1985), as_of("SUN", 2000), as_of("KAZ", 1985)
    ('SUN', 'RUS', None)
    """
    _known_state(state)
    links = [{s.predecessor, s.successor} for s in tables.successions() if s.rule == "continues"]
    same, more = set[str](), {state}
    while more != same:
        same = more
        more = same.union(*(link for link in links if link & same))
    rows = _valid([row for each in sorted(same) for row in tables.spells()[each]], year)
    return rows[-1].what if rows else None


def predecessors(state: str) -> tuple[Succession, ...]:
    """Return how *state* came from others, by date.

    >>> [(s.predecessor, s.rule) for s in predecessors("CZE")]
    [('CSK', 'separates')]
    """
    _known_state(state)
    return tuple(s for s in tables.successions() if s.successor == state)


def successors(state: str) -> tuple[Succession, ...]:
    """Return what came out of *state*, by date.

    >>> [(s.successor, s.date, s.rule) for s in successors("DDR")]
    [('DEU', '1990-10-03', 'merges')]
    """
    _known_state(state)
    return tuple(s for s in tables.successions() if s.predecessor == state)


def groups() -> tuple[str, ...]:
    """Return the ids of all groups.

    >>> "EU" in groups() and "EU27_2020" in groups()
    True
    """
    return tuple(tables.memberships())


def is_group(code: str) -> bool:
    """Say whether *code* is the id of a group.

    >>> is_group("EU"), is_group("KAZ")
    (True, False)
    """
    return code in tables.memberships()


def memberships(group: str) -> tuple[Membership, ...]:
    """Return every spell of membership in *group*, with its confidence and source.

    >>> [m.end for m in memberships("EU") if m.member == "GBR"]
    ['2020-01-31']
    """
    if group not in tables.memberships():
        raise UnknownName("group", group, tables.memberships())
    return tables.memberships()[group]


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
        rows = tables.codes(system).get(tables.code_key(given), ())
        if rows or system != "un":
            return _valid(rows, year)
    exact = str(given).strip().upper()
    if exact in tables.spells() or exact in tables.memberships():
        return (Named(exact, "", EVER),)
    return _valid(tables.names().get(tables.fold(str(given)), ()), year)


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
    known = [row.what for row in ever] or (tables.codes(system) if system else tables.all_names())
    remedy = f"{given} stands for {_listing(ever)}." if ever else ""
    return UnknownName(kind, str(given), known, remedy, "" if year is None else str(year))


def _listing(rows: Iterable[Named]) -> str:
    spans = {(row.what, row.start[:4], "" if row.end == EVER else row.end[:4]) for row in rows}
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


def _known_state(state: str) -> tuple[Named, ...]:
    if state not in tables.spells():
        raise UnknownName(
            "state", state, tables.spells(), "resolve() accepts names and other codes."
        )
    return tables.spells()[state]
