"""The tables of states and groups as they lie in ``data/states``, read once; see `states`."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple, TypeVar, get_args

from multivector.errors import UnknownName

System = Literal["iso3", "iso2", "m49", "cow", "gw", "vdem", "un"]

EVER = "9999-12-31"
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


@lru_cache(1 << 16)
def fold(text: str) -> str:
    """Reduce a name to what survives differences of case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.replace("ı", "i").replace("İ", "I").casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in ".'’‘`ʻʼ")
    words = re.sub(r"[\W_]+", " ", plain.replace("&", " and ")).split()
    return " ".join("saint" if word == "st" else word for word in words if word != "the")


def code_key(given: object) -> str:
    """Return a code as the tables of codes are keyed: text, upper case, no leading zeros."""
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    return str(given).strip().upper().lstrip("0")


def _table(*names: str) -> Iterator[dict[str, str]]:
    for each in names:
        text = (files("multivector") / "data" / "states" / each).read_text("utf-8")
        for row in csv.DictReader(text.splitlines()):
            yield {**row, "end": row.get("end") or EVER}


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
def spells() -> dict[str, tuple[Named, ...]]:
    """Return the spells of every state and territory, by id."""
    return _grouped((r["state"], _row(r)) for r in _table("states.csv"))


@cache
def territories() -> frozenset[str]:
    """Return the ids of territories."""
    return frozenset(r["state"] for r in _table("states.csv") if r["kind"] == "territory")


@cache
def codes(system: str, by: str = "code") -> dict[str, tuple[Named, ...]]:
    """Return the rows of a code system by code, or (``by="state"``) by state."""
    if system not in get_args(System):
        raise UnknownName("code system", system, get_args(System))
    rows = [r for r in _table("codes.csv") if r["system"] == system]
    if by == "state":
        return _grouped((r["state"], _row(r, "code")) for r in rows)
    return _grouped((code_key(r["code"]), _row(r)) for r in rows)


@cache
def names() -> dict[str, tuple[Named, ...]]:
    """Return what each folded name stands for."""
    made = [(fold(r["name"]), _row(r, label=r["kind"] == "short")) for r in _name_rows()]
    two = [(fold(key), row) for key, rows in codes("iso2").items() for row in rows]
    return _grouped([*made, *two])


@cache
def all_names() -> tuple[str, ...]:
    """Return every name as it is written."""
    return tuple(dict.fromkeys(r["name"] for r in _name_rows()))


@cache
def labels() -> dict[tuple[str, str], tuple[Named, ...]]:
    """Return the names to print, by id and language."""
    rows = (r for r in _name_rows() if r["kind"] == "short")
    return _grouped(((r["state"], r["language"]), _row(r, "name")) for r in rows)


@cache
def successions() -> tuple[Succession, ...]:
    """Return every succession, by date."""
    rows = [Succession._make(r[f] for f in Succession._fields) for r in _table("successors.csv")]
    return tuple(sorted(rows, key=lambda row: (row.date, row.predecessor, row.successor)))


@cache
def memberships() -> dict[str, tuple[Membership, ...]]:
    """Return every spell of membership, by group."""
    rows = ((r["grp"], Membership._make(r.values())) for r in _table("groups.csv"))
    return _grouped(rows)
