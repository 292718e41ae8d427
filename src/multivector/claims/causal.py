"""Causal claims: held against a stated design, which can speak against them but not prove them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from multivector.claims.answers import ABSENT, Run, tell
from multivector.claims.model import Claim, Told, Verdict, Word
from multivector.claims.spans import number
from multivector.stats.claim_designs import Effect, break_effect, lag_effect, rank_effect

LEVEL = 0.1
"""Share of placebos as large as the effect from which the design tells nothing."""
_NAMES = {
    "break": "change of the mean from {at} on",
    "lags": "slope on the driver's change of the year before",
    "cross-section": "rank correlation across states",
}


def judge_causal(claim: Claim, run: Run) -> Verdict:
    """Return consistent, inconsistent or not identified, by the sign and the placebos.

    Without a design, or with too few observations, the claim is not identified: that is said, and
    never "supported".
    """
    told = tuple(tell(replace(claim, period=None), a, run) for a in claim.answers)
    blank = Verdict(claim, "not identified", "", told=told)
    absent = next((t for t in told if not t.readings), None)
    if absent is not None:
        text = f"{absent.source}: {absent.absent} {absent.remedy}"
        return replace(blank, word="no data", reason=" ".join(text.split()))
    try:
        effect = _effect(claim, told)
    except ABSENT as problem:
        return replace(blank, reason=str(getattr(problem, "given", problem)))
    what = _NAMES[claim.design].format(at=claim.break_year)
    if not np.isfinite(effect.effect):
        return replace(blank, reason=f"Too few observations for the {what}.")
    word = verdict(effect, claim.sign)
    text = (
        f"{what[0].upper()}{what[1:]}: {effect.effect:+.3g} (claimed {claim.sign}), as large in "
        f"{100 * effect.p:.0f}% of {_placebos(claim)}, n = {effect.n}."
    )
    return replace(blank, word=word, reason=text.replace("-", "−"))


def verdict(effect: Effect, sign: str) -> Word:
    """Return the verdict on an effect: its sign counts only where placebos are smaller.

    >>> verdict(Effect(0.5, 0.02, 30), "+"), verdict(Effect(-0.5, 0.02, 30), "+")
    ('consistent', 'inconsistent')
    >>> verdict(Effect(0.5, 0.4, 30), "+")
    'not identified'
    """
    if not effect.p <= LEVEL:
        return "not identified"
    return "consistent" if (effect.effect > 0) == (sign == "+") else "inconsistent"


def _placebos(claim: Claim) -> str:
    return {"break": "placebo years", "lags": "placebo lags"}.get(claim.design, "permutations")


def _effect(claim: Claim, told: tuple[Told, ...]) -> Effect:
    roles = [a.role for a in claim.answers]
    outcome = told[roles.index("outcome")]
    if claim.design == "break":
        series = _series(outcome)
        years = sorted(series)
        return break_effect(years, [series[y] for y in years], claim.break_year or 0)
    driver = told[roles.index("driver")]
    if claim.design == "cross-section":
        a, b = ({r.unit: r.value for r in t.readings} for t in (driver, outcome))
        shared = sorted(u for u in set(a) & set(b) if number(a[u]) and number(b[u]))
        one, other = ([float(d[u] or 0) for u in shared] for d in (a, b))
        return rank_effect(one, other)
    x, y = _series(driver), _series(outcome)
    both = sorted(set(x) & set(y))
    span = range(both[0], both[-1] + 1) if both else range(0)
    return lag_effect(*([s.get(t, float("nan")) for t in span] for s in (x, y)))


def _series(told: Told) -> dict[int, float]:
    return {r.year: float(r.value) for r in told.readings if r.year is not None and number(r.value)}
