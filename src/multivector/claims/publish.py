"""Publish: verdicts as plain data, with sources and terms, for files that are passed on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from multivector.claims.model import Reading, Told, Verdict
from multivector.claims.wording import claimed_text, reading_text, spell_text, years_text
from multivector.origin import Origin

HIDDEN = "Its figures may not be passed on; the command computes them."


def showable(one: Told) -> bool:
    """Whether the terms of every source let these figures be passed on."""
    computed = bool(one.fingerprint)
    terms = [o.licence for o in one.origins]
    return all(t.redistribute_derived if computed else t.redistribute_raw for t in terms)


def passable(verdict: Verdict) -> Verdict:
    """Return *verdict* without the figures that the terms of a source do not let pass on.

    The word stays; reason, interval, years and notes go too where one answer is closed, since
    each may repeat its figures.
    """
    if all(showable(t) for t in verdict.told):
        return verdict
    told = tuple(
        t if showable(t) else replace(t, readings=(), spells=(), absent=HIDDEN)
        for t in verdict.told
    )
    return replace(verdict, told=told, reason=HIDDEN, interval=None, years=(), notes=())


def plain(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as plain data, with every number of every answer."""
    claim = verdict.claim
    return {
        "id": claim.id,
        "kind": claim.kind,
        "says": claim.says,
        "quote": claim.quote,
        "at": None if claim.at is None else list(claim.at),
        "claimed": claimed(verdict),
        "verdict": verdict.word,
        "severity": verdict.severity,
        "bears": claim.bears,
        "reason": verdict.reason,
        "answers": [_answer(t) for t in verdict.told],
        "years": list(verdict.years),
        "interval": None if verdict.interval is None else list(verdict.interval),
        "nearest": verdict.nearest,
        "notes": list(verdict.notes),
        "query": verdict.query,
    }


def claimed(verdict: Verdict) -> str:
    """Write what is claimed: value, beginning and end, period, speaker; as far as given."""
    claim = verdict.claim
    unit = next((t.unit for t in verdict.told if t.unit), "")
    parts = [claimed_text(claim, unit) if claim.value is not None else ""]
    parts += [f"since {claim.since}" if claim.since else ""]
    parts += [f"until {claim.until}" if claim.until else ""]
    parts += [
        years_text(tuple(range(claim.period[0], claim.period[1] + 1))) if claim.period else ""
    ]
    parts += [", ".join(p for p in (claim.speaker, claim.role) if p)]
    return "; ".join(p for p in parts if p)


def values(one: Told) -> list[str]:
    """Write the readings or spells of an answer, or why it has none."""
    found = [reading_text(r, one) for r in one.readings] or [spell_text(s) for s in one.spells]
    return found or ([f"no data: {one.absent}"] if one.absent else [])


def origin_of(origin: Origin) -> dict[str, str]:
    """Return what identifies a data set and its terms."""
    return {
        "title": origin.title,
        "producer": origin.producer,
        "version": origin.version,
        "licence": origin.licence.name,
        "terms": origin.licence.url,
        "sha256": origin.sha256,
        "read from": "casebook extract" if origin.extract else "full file",
    }


def flat(verdict: Verdict) -> dict[str, str]:
    """Return a verdict as one row of text."""
    whole = plain(verdict)
    row = {k: str(whole[k]) for k in ("id", "kind", "says", "quote", "claimed", "verdict")}
    row |= {k: str(whole[k]) for k in ("severity", "bears", "reason")}
    row["values"] = " | ".join(f"{t.source}: {'; '.join(values(t))}" for t in verdict.told)
    row["holds in"] = years_text(verdict.years) if verdict.years else ""
    row["interval"] = " to ".join(f"{x:.6g}" for x in verdict.interval or ())
    row |= {"nearest": verdict.nearest, "notes": " | ".join(verdict.notes)}
    row["sources"] = " | ".join(
        f"{o.title}, {o.version} ({o.licence.name})" for o in verdict.origins
    )
    row["query"] = verdict.query
    return row


def _answer(one: Told) -> dict[str, Any]:
    return {
        "source": one.source,
        "unit": "date" if one.dated else one.unit,
        "readings": [_reading(r, one) for r in one.readings],
        "spells": [spell_text(s) for s in one.spells],
        "absent": one.absent,
        "query": one.query,
        "fingerprint": one.fingerprint,
        "data sets": [o.dataset for o in one.origins],
    }


def _reading(reading: Reading, told: Told) -> dict[str, Any]:
    row = {"year": reading.year, "text": reading_text(reading, told)}
    numbers = {"value": reading.value, "low": reading.low, "high": reading.high}
    extra = {"unit": reading.unit, "note": reading.note}
    return {**row, **({} if told.dated else numbers), **{k: v for k, v in extra.items() if v}}
