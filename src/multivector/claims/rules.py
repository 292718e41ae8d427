"""The ten rules: kinds of error that real papers make, each found by one small function."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from multivector.claims.model import Claim, Reading, Reference, Spell, Told
from multivector.claims.spans import LAST, Days, between, days, holds, number, overlap

SPEECH = "speech"


# 1 and 4: the right number for another referent, the right date for another stage ----------------


def nearest_measure(
    claim: Claim, others: Iterable[Told], at: Callable[[Told], Sequence[Reading]]
) -> str:
    """Rule 1: return the other measure that has the claimed value at the claimed time, or "".

    A share of exports is not a share of trade; an ethnic group is not the speakers of a language.
    """
    for other in others:
        readings = at(other)
        if not other.dated and readings and all(holds(claim, r) for r in readings):
            return other.source
    return ""


def other_stage(claim: Claim, others: Iterable[Told]) -> str:
    """Rule 4: return the stage (or other event) whose date lies in the claimed days, or "".

    A treaty is initialled, signed, provisionally applied and in force on different days.
    """
    for other in others:
        if other.dated and any(holds(claim, r) for r in other.readings):
            return other.source
    return ""


# 2: several valid values --------------------------------------------------------------------------


@dataclass(frozen=True)
class Split:
    """Answers by what they say of the claim: as claimed, otherwise, open."""

    fits: tuple[Told, ...]
    misses: tuple[Told, ...]
    opens: tuple[Told, ...]


def by_source(claim: Claim, told: Iterable[Told], at: Callable[[Told], Sequence[Reading]]) -> Split:
    """Rule 2: part the answers into those that fit the claim, those that do not, and open ones.

    Gross inflow, net inflow and stock are all "investment"; a flow has two reporters. An answer
    fits if every reading of the claimed time is as claimed.
    """
    parts: dict[bool | None, list[Told]] = {True: [], False: [], None: []}
    for one in told:
        found = [holds(claim, r) for r in at(one)]
        if found:
            parts[False if False in found else None if None in found else True].append(one)
    return Split(tuple(parts[True]), tuple(parts[False]), tuple(parts[None]))


# 3: no date given ---------------------------------------------------------------------------------


def years_holding(claim: Claim, told: Iterable[Told]) -> tuple[int, ...]:
    """Rule 3: return the years in which the claim holds by at least one answer."""
    found = {r.year for one in told for r in one.readings if r.year is not None and holds(claim, r)}
    return tuple(sorted(found))


# 5: onset -----------------------------------------------------------------------------------------


def held_before(since: str, spells: Iterable[Spell]) -> Spell | None:
    """Rule 5: return a spell that covers the end of the year before the claimed beginning.

    "Since 2022" is wrong where the state of affairs held in 2021 already.
    """
    day = date(between(since)[0].year - 1, 12, 31)
    begins = between(since)
    for spell in spells:
        goes_on = spell.ended is None or spell.ended[0] >= day
        if spell.began[1] <= day and goes_on and not overlap(spell.began, begins):
            return spell
    return None


def held_year_before(claim: Claim, told: Told) -> Reading | None:
    """Rule 5: return the reading of the year before the claimed onset if the claim held then.

    Where that year is not known, the last known year of the three before it is looked at.
    """
    onset = between(claim.since)[0].year
    known = [r for r in told.readings if r.year is not None and onset - 3 <= r.year < onset]
    last = max(known, key=lambda r: r.year or 0, default=None)
    return last if last is not None and holds(claim, last) else None


# 6: identity in time ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """A person with life dates and roles, as far as known."""

    name: str
    family: str
    initials: str
    born: Days | None
    died: Days | None
    roles: tuple[Spell, ...] = ()


def identity(
    speaker: str, role: str, period: Days, people: Sequence[Person]
) -> tuple[Person | None, Person | None, str]:
    """Rule 6: return who is named, who else may be meant, and what speaks against the one named.

    A person quoted must be alive, and in the role named, at the time of what is described. Names
    are compared by family name, up to one letter, and by initials.
    """
    family, initials = _parts(speaker)
    alike = [p for p in people if _near(p.family.casefold(), family.casefold())]
    exact = [p for p in alike if p.initials == initials]
    fits = [p for p in exact if not role or any(s.label == role for s in p.roles)]
    named = next(iter(fits or exact), None)
    other = next((p for p in alike if p is not named and _alive(p, period)), None)
    if named is None:
        return None, other, f"nobody called {speaker} is in the table of persons" * (not alike)
    if not _alive(named, period):
        died = named.died[0].isoformat() if named.died else "unknown"
        return named, other, f"{named.name} died on {died}"
    held = [s for s in named.roles if s.label == role]
    if role and not held:
        return named, other, f"{named.name} is not known to have been {role}"
    if role and not any(overlap((s.began[0], _end(s)), period) for s in held):
        return named, other, f"{named.name} was not {role} at that time"
    return named, other, ""


def _alive(person: Person, period: Days) -> bool:
    return person.died is None or person.died[0] >= period[0]


def _end(spell: Spell) -> date:
    return LAST if spell.ended is None else spell.ended[1]


def _parts(name: str) -> tuple[str, str]:
    """Return family name and initials.

    >>> _parts("В.С. Сафранчук"), _parts("Bokhari K.")
    (('Сафранчук', 'ВС'), ('Bokhari', 'K'))
    """
    initials = "".join(re.findall(r"(\w)(?:\.|\b(?=-\w\.))", name))
    words = [w for w in re.split(r"[\s.]+", re.sub(r"\b\w\.", " ", name)) if len(w) > 1]
    return (words[-1] if words else name), initials


def _near(a: str, b: str) -> bool:
    """Whether two words differ by at most one letter put in, left out or changed.

    >>> _near("сафрончук", "сафранчук"), _near("иванов", "петров")
    (True, False)
    """
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    if start is None:
        return True
    rest = a[start:], b[start:]
    return rest[0][1:] == rest[1][1:] or rest[0][1:] == rest[1] or rest[0] == rest[1][1:]


# 7 and 8: spells ----------------------------------------------------------------------------------


def matching(since: str, until: str, spells: Iterable[Spell]) -> Spell | None:
    """Return the spell that begins and ends when it is claimed to, at the claimed precision."""
    for spell in spells:
        begins = not since or overlap(spell.began, between(since))
        ends = not until or (spell.ended is not None and overlap(spell.ended, between(until)))
        if begins and ends:
            return spell
    return None


def other_spells(spell: Spell, spells: Iterable[Spell]) -> tuple[Spell, ...]:
    """Rule 7: return the spells beside the one claimed that do not just continue or precede it.

    A stated spell can be true and not the only one.
    """
    return tuple(s for s in spells if s != spell and not _touches(s, spell))


def _touches(a: Spell, b: Spell) -> bool:
    day = timedelta(days=1)
    return any(
        x.ended is not None and abs(x.ended[1] - y.began[0]) <= day for x, y in ((a, b), (b, a))
    )


def joined(spells: Sequence[Spell]) -> tuple[Spell, ...]:
    """Return spells with those that follow each other without a gap made one."""
    made: list[Spell] = []
    for spell in sorted(spells, key=lambda s: s.began):
        if made and made[-1].ended is not None and _touches(made[-1], spell):
            made[-1] = Spell(made[-1].began, spell.ended, spell.label)
        else:
            made.append(spell)
    return tuple(made)


def holding(spells: Iterable[Spell], period: Days) -> Spell | None:
    """Rule 8: return the spell that covers the whole period, or None; the interval is the answer.

    A state of affairs can be true for a time and false at another.
    """
    for spell in spells:
        if spell.began[0] <= period[0] and period[1] <= _end(spell):
            return spell
    return None


# 9: ranks -----------------------------------------------------------------------------------------


def places(told: Iterable[Told], at: Callable[[Told], Sequence[Reading]]) -> str:
    """Rule 9: return each rank with its set and attribute, since a rank without them says nothing.

    Area, population and output are different rankings.
    """
    parts = []
    for one in told:
        readings = [r for r in at(one) if number(r.value)]
        if one.of and readings:
            last = readings[-1]
            year = f" in {last.year}" if last.year is not None else ""
            parts.append(f"rank {last.value:.0f} by {one.source} ({one.of}){year}")
    return "; ".join(parts)


# 10: sources --------------------------------------------------------------------------------------


def unsourced(claim: Claim, references: Iterable[Reference]) -> str:
    """Rule 10: return what is wrong with the sources of a figure: none, or a speech only; or "".

    Dates of public record and judgements are not figures.
    """
    if claim.kind not in ("quantity", "share", "rank", "trend"):
        return ""
    kinds = {r.id: r.kind for r in references}
    cited = [kinds.get(c, "") for c in claim.cites]
    if not cited:
        return "The sentence cites no source."
    if all(k == SPEECH for k in cited):
        return "The only source cited is a speech."
    return ""


def life(text: str | None) -> Days | None:
    """Return the days that a date of birth or death may mean, None where it is not known."""
    return None if not text else days(text)
