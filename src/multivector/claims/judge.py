"""Judge: from what the answers tell to one verdict with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from multivector.claims import lone, rules
from multivector.claims.answers import ABSENT, Run, last_day, mistake, neighbours, people, tell
from multivector.claims.causal import judge_causal
from multivector.claims.model import (
    DOUBTS,
    FAULTS,
    Claim,
    Document,
    Reading,
    Reference,
    Severity,
    Spell,
    Told,
    Verdict,
    Word,
)
from multivector.claims.spans import between, number
from multivector.claims.wording import (
    claimed_text,
    factor,
    reading_text,
    spell_text,
    years_text,
)
from multivector.origin import unite

_GRADES: dict[str, int] = {"conclusion": 2, "argument": 1, "detail": 0}


def judge(
    claim: Claim, document: Document, run: Run, references: Iterable[Reference] = ()
) -> Verdict:
    """Return what the data say of *claim*; nothing of the verdict is taken from the file."""
    if claim.cannot:
        made = Verdict(claim, "not checkable", claim.cannot)
    elif claim.kind == "causal" and claim.design == "implication":
        made = _judge_implication(claim, document, run)
    elif claim.kind == "causal":
        made = judge_causal(claim, run)
    elif claim.speaker:
        made = _judge_person(claim, document, run)
    elif any(a.began for a in claim.answers):
        made = _judge_spell(claim, document, run)
    else:
        made = _judge_value(claim, document, run)
    gap = rules.unsourced(claim, references)
    return replace(
        made,
        severity=severity(made.word, claim),
        notes=(*made.notes, gap) if gap else made.notes,
        query=next((t.query for t in made.told if t.query and (t.readings or t.spells)), ""),
        origins=unite(*(t.origins for t in made.told)),
    )


def severity(word: Word, claim: Claim) -> Severity:
    """Return how much of the document's argument a verdict touches.

    It is separate from the verdict: a plain error in a detail is low; a doubt about what the
    conclusion rests on is not.

    >>> c = Claim("Q1", "share", "x", bears="conclusion")
    >>> severity("contradicted", c), severity("contested", c), severity("supported", c)
    ('high', 'medium', 'none')
    """
    grade = 2 if word in FAULTS else 1 if word in DOUBTS else 0
    if not grade:
        return "none"
    total = grade + _GRADES[claim.bears]
    return "high" if total >= 4 else "medium" if total == 3 else "low"


# values -------------------------------------------------------------------------------------------


class _Time:
    """Picks the readings of the time of which a claim speaks."""

    def __init__(self, claim: Claim, document: Document) -> None:
        self.claim, self.now = claim, document.year

    def __call__(self, told: Told) -> Sequence[Reading]:
        """Return readings of the period, from the onset on, from the due year on, or the last."""
        claim, whole = self.claim, [r for r in told.readings if r.year is None]
        by_year = [(r.year, r) for r in told.readings if r.year is not None]
        if whole or not by_year:
            return whole
        if claim.period is not None:
            return [r for y, r in by_year if claim.period[0] <= y <= claim.period[1]]
        if claim.since:
            return [r for y, r in by_year if between(claim.since)[0].year <= y <= self.now]
        if claim.due is not None:
            return [r for y, r in by_year if y >= claim.due]
        past = [(y, r) for y, r in by_year if y <= self.now]
        return [max(past, key=lambda p: p[0])[1]] if past else []


def _judge_value(claim: Claim, document: Document, run: Run) -> Verdict:
    told = tuple(scaled(claim, tell(claim, a, run)) for a in claim.answers if a.role == "answer")
    at = _Time(claim, document)
    blank = Verdict(claim, "no data", "", told=told, years=rules.years_holding(claim, told))
    if not any(t.readings for t in told):
        return replace(blank, reason=_absent(told))
    begun = _onset(claim, told)
    if begun is not None:
        return replace(blank, word=begun[0], reason=begun[1], interval=_interval(told, at))
    split = rules.by_source(claim, told, at)
    if not (split.fits or split.misses or split.opens):
        return replace(blank, reason=_too_early(claim, told))
    made = replace(blank, interval=_interval(told, at), notes=_notes(told, at))
    wanted = claimed_text(claim, told[0].unit)
    if split.fits and split.misses:
        fits, misses = (_numbers(part, at) for part in (split.fits, split.misses))
        text = f"As claimed: {fits}. Not as claimed: {misses}."
        return replace(made, word="depends on source", reason=text)
    if split.fits:
        ranks = rules.places(told, at)
        text = f"{ranks}." if ranks else f"{_numbers(split.fits, at)}; claimed {wanted}."
        return replace(made, word="supported", reason=_sentence(text))
    if not split.misses:
        text = f"{_numbers(split.opens, at)}: the interval neither excludes nor confirms {wanted}."
        return replace(made, word="contested", reason=_sentence(text))
    others = [scaled(claim, t) for t in neighbours(claim, run)]
    found = _elsewhere(made, split, at, wanted, others)
    delta = lone.widened(claim, told, [r for t in split.misses for r in at(t)], run)
    return found if delta is None else _alone(found, _numbers(split.misses, at), wanted, delta)


def _alone(made: Verdict, found: str, wanted: str, delta: float) -> Verdict:
    """Say that one source alone has something else, by no more than sources of its kind differ."""
    also = f" It is also what {made.nearest} has." if made.nearest else ""
    text = (
        f"{found}; claimed {wanted}. It speaks alone, and in {100 * lone.LEVEL:.0f}% of the "
        f"shares that it has in common with the World Factbook they differ by up to "
        f"{100 * delta:.1f} points.{also}"
    )
    return replace(made, word="depends on source", reason=_sentence(text))


def _judge_implication(claim: Claim, document: Document, run: Run) -> Verdict:
    """Judge what would have to be seen if a causal claim were true; it may be seen anyway."""
    made = _judge_value(claim, document, run)
    if made.word == "no data":
        return made
    words: dict[Word, Word] = {
        "supported": "consistent",
        "contradicted": "inconsistent",
        "mislabelled": "inconsistent",
        "holds in another period": "inconsistent",
    }
    word = words.get(made.word, "not identified")
    text = f"{made.reason} It would have to be so if the claim were true, but need not be so by it."
    return replace(made, word=word, reason=text if word == "consistent" else made.reason)


def _elsewhere(
    made: Verdict, split: rules.Split, at: _Time, wanted: str, others: Sequence[Told]
) -> Verdict:
    """Say where else a claim holds that does not hold as it stands."""
    claim, found = made.claim, _numbers(split.misses, at)
    near = rules.other_stage(claim, others) or rules.nearest_measure(claim, others, at)
    if near:
        told = next(t for t in others if t.source == near)
        values = _numbers((told,), at)
        text = f"{found}; claimed {wanted}, which is what {values}."
        return replace(
            made, word="mislabelled", reason=_sentence(text), nearest=near, told=(*made.told, told)
        )
    if made.years and claim.due is None:
        text = f"{found}; {wanted} holds in {years_text(made.years)}."
        return replace(made, word="holds in another period", reason=_sentence(text))
    if split.opens:
        text = f"{found}; {_numbers(split.opens, at)} leaves {wanted} open."
        return replace(made, word="contested", reason=_sentence(text))
    return replace(made, word="contradicted", reason=_sentence(f"{found}; claimed {wanted}."))


def _onset(claim: Claim, told: Sequence[Told]) -> tuple[Word, str] | None:
    """Test the year before a claimed onset in series by year."""
    if not claim.since:
        return None
    before = [(t, r) for t in told if (r := rules.held_year_before(claim, t)) is not None]
    if not before:
        return None
    one, reading = before[0]
    wanted = claimed_text(claim, one.unit)
    text = f"{wanted} since {claim.since}, but {one.source} has it in {reading.year} already"
    return "contradicted", _sentence(f"Claimed {text}.")


def scaled(claim: Claim, told: Told) -> Told:
    """Return *told* in the unit of the claim, or without readings where units do not fit."""
    if not claim.unit or not told.readings or told.dated:
        return told
    (theirs, base), (ours, wanted) = factor(told.unit), factor(claim.unit)
    if base != wanted:
        return replace(
            told,
            readings=(),
            absent=f"It is in {told.unit}, the claim in {claim.unit}.",
        )
    k = theirs / ours

    def times(x: float | str | None) -> float | str | None:
        return x * k if number(x) else x

    readings = tuple(
        replace(
            r,
            value=times(r.value),
            low=None if r.low is None else r.low * k,
            high=None if r.high is None else r.high * k,
        )
        for r in told.readings
    )
    return replace(told, readings=readings, unit=claim.unit)


def _numbers(told: Iterable[Told], at: _Time) -> str:
    """Write the readings at the claimed time, by source."""
    parts: list[str] = []
    for one in told:
        shown = list(at(one)) or list(one.readings[:1])
        words = [reading_text(r, one) for r in shown]
        text = words[0] if len(words) == 1 else f"{words[0]} … {words[-1]}"
        parts.append(f"{one.source}{':' if one.change else ' has'} {text}")
    return "; ".join(parts)


def _interval(told: Iterable[Told], at: _Time) -> tuple[float, float] | None:
    ends = [
        x
        for one in told
        for r in at(one)
        for x in (r.value, r.low, r.high)
        if number(x) and not one.dated
    ]
    return (min(ends), max(ends)) if ends else None


def _notes(told: Sequence[Told], at: _Time) -> tuple[str, ...]:
    notes = [f"{t.source}: {r.note}." for t in told for r in at(t) if r.note]
    notes += [f"{t.source}: no data ({t.absent.rstrip('.')})." for t in told if t.absent]
    return tuple(dict.fromkeys(notes))


def _absent(told: Sequence[Told]) -> str:
    why = next((t for t in told if t.absent), None)
    if why is None:
        return "No answer has a value."
    return _sentence(f"{why.absent} {why.remedy}".strip())


def _too_early(claim: Claim, told: Sequence[Told]) -> str:
    last = max((r.year for t in told for r in t.readings if r.year is not None), default=None)
    when = claim.period[0] if claim.period else claim.due or claim.since
    return f"The data at hand end in {last}; the claim speaks of {when}."


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?")) else f"{text}."


# spells -------------------------------------------------------------------------------------------


def _judge_spell(claim: Claim, document: Document, run: Run) -> Verdict:
    told = tuple(tell(claim, a, run) for a in claim.answers if a.role == "answer")
    blank = Verdict(claim, "no data", "", told=told)
    spells = [s for t in told for s in t.spells]
    if not spells:
        silent = all(not t.absent for t in told)
        if silent:
            text = f"{told[0].source} has no such spell."
            return replace(blank, word="contradicted", reason=_sentence(text))
        return replace(blank, reason=_absent(told))
    whole = rules.joined(spells)
    listed = ", ".join(spell_text(s) for s in whole)
    if claim.since or claim.until:
        return _judge_ends(claim, blank, spells, whole, listed)
    period = _period(claim, document)
    spell = rules.holding(whole, period) or rules.holding(spells, period)
    if spell is not None:
        others = [s for s in whole if s != spell]
        notes = (f"It held in another time too: {', '.join(map(spell_text, others))}.",)
        return replace(
            blank,
            word="supported",
            reason=_sentence(f"It held {spell_text(spell)}."),
            notes=notes if others else (),
        )
    return replace(
        blank,
        word="holds in another period",
        reason=_sentence(f"It held {listed}, not all of the time of which the claim speaks."),
    )


def _judge_ends(
    claim: Claim, blank: Verdict, spells: Sequence[Spell], whole: Sequence[Spell], listed: str
) -> Verdict:
    spell = rules.matching(claim.since, claim.until, whole) or rules.matching(
        claim.since, claim.until, spells
    )
    when = " to ".join(w for w in (claim.since, claim.until) if w)
    early = rules.held_before(claim.since, whole) if claim.since else None
    if early is not None:
        text = f"Claimed from {claim.since} on, but it held {spell_text(early)}."
        return replace(blank, word="contradicted", reason=text)
    if spell is None:
        text = f"Claimed {when}; it held {listed}."
        return replace(blank, word="contradicted", reason=text)
    others = rules.other_spells(spell, whole)
    notes = (f"Not the only spell: also {', '.join(map(spell_text, others))}.",) if others else ()
    return replace(
        blank, word="supported", reason=_sentence(f"It held {spell_text(spell)}."), notes=notes
    )


def _period(claim: Claim, document: Document) -> tuple[date, date]:
    if claim.period is not None:
        return between(str(claim.period[0]), str(claim.period[1]))
    day = between(document.date)[0] if document.date else date.today()
    return day, day


# persons ------------------------------------------------------------------------------------------


def _judge_person(claim: Claim, document: Document, run: Run) -> Verdict:
    answer = next(a for a in claim.answers if a.role == "answer")
    try:
        table, origins = people(answer, run)
    except ABSENT as problem:
        mistake(answer, problem)
        return Verdict(claim, "no data", _sentence(str(getattr(problem, "given", problem))))
    period = _period(claim, document)
    named, other, against = rules.identity(claim.speaker, claim.role, period, table)
    roles = tuple(s for s in (named.roles if named else ()) if s.label == claim.role)
    told = (Told(answer.source, spells=roles, origins=origins),)
    if not against and named is None:
        against = f"no person of that name and these initials is in {answer.source}"
    if not against and named is not None:
        during = ", ".join(spell_text(s) for s in roles if last_day(s) >= period[0])
        role = f", {claim.role} {during}" if during else ""
        text = f"{named.name} was alive{role}."
        return Verdict(claim, "supported", text, told=told)
    if named is None and other is None:
        return Verdict(claim, "no data", _sentence(f"{against}."), told=told)
    text = f"Said of the time from {period[0].year} on, but {against}"
    if other is not None:
        text += f"; {other.name} bears the same name and was alive"
        return Verdict(claim, "mislabelled", _sentence(f"{text}."), told=told, nearest=other.name)
    return Verdict(claim, "contradicted", _sentence(f"{text}."), told=told)
