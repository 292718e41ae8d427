"""A source that speaks alone: how far sources of its kind differ, measured on what they share."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import polars as pl

from multivector.claims.answers import ABSENT, Run
from multivector.claims.model import Claim, Reading, Told
from multivector.claims.spans import claimed, number
from multivector.estimate import Estimate
from multivector.measures.trade import PartnerShare
from multivector.panel import Panel
from multivector.registry import find
from multivector.step import Step

LEVEL = 0.9
"""Share of the measured differences that the tolerance covers."""
FEWEST = 10
"""Differences from which a tolerance is estimated."""
LEAST = 0.05
"""Share from which a partner is compared: the World Factbook lists the main partners only."""


def disagreement(ours: Sequence[float], theirs: Sequence[float]) -> float | None:
    """Return the quantile of absolute differences between two sources on the same cells.

    δ = Q₀.₉ of the distances between aₖ and bₖ over the cells k that both sources have, in the
    unit of the values, ≥ 0.
    None for fewer than ten cells: too few to say how far the sources differ.

    >>> disagreement([0.1] * 10, [0.12] * 10)
    0.02
    >>> disagreement([0.1], [0.2]) is None
    True
    """
    gaps = np.abs(np.asarray(ours, float) - np.asarray(theirs, float))
    gaps = gaps[np.isfinite(gaps)]
    if len(gaps) < FEWEST:
        return None
    return round(float(np.quantile(gaps, LEVEL)), 6)


def spread(step: Step[Any], run: Run, without: Collection[int] = ()) -> float | None:
    """Return how far shares of goods trade differ between the source of *step* and the Factbook.

    It is :func:`disagreement` over all shares of at least 5 %, in exports and in imports, that
    the World Factbook prints for the focal state of *step*, in years other than *without*, so
    that no claim is judged by the difference that it would show itself. States differ a hundredfold
    in it, since customs of some record little of what their partners do. None where the step is
    no share of goods trade, or too few shares can be compared.
    """
    if not isinstance(step, PartnerShare):
        return None
    ours: list[float] = []
    theirs: list[float] = []
    try:
        book: Panel = run(find("sources", "factbook_partners")())
        for flow in ("exports", "imports"):
            name = f"{flow}_share"
            rows = book.sound(name).frame.filter(
                pl.col("state") == step.focal,
                pl.col(name) >= LEAST,
                ~pl.col("year").is_in(list(without)),
            )
            partners = tuple(sorted(set(rows["partner"])))
            if not partners:
                continue
            shares: Estimate = run(
                PartnerShare(step.trade, focal=step.focal, partners=partners, flow=flow)
            )
            both = rows.join(shares.to_polars(), on=["state", "partner", "year"])
            ours += both["value"].cast(pl.Float64).fill_null(float("nan")).to_list()
            theirs += both[name].to_list()
    except ABSENT:
        return None
    return disagreement(ours, theirs)


def widened(
    claim: Claim, told: Sequence[Told], readings: Sequence[Reading], run: Run
) -> float | None:
    """Return the spread of a lone source where its miss is no larger than that; else None.

    A lone source is one data set behind every answer that has a value. With the spread δ a reading
    r is no contradiction of a claim [a, b] if a − δ ≤ r ≤ b + δ (of an inequality, if it lies on
    the wrong side by at most δ). Only values are widened: a rank, a change or a date is judged as
    it stands.
    """
    sets = {o.dataset for t in told if t.readings for o in t.origins if o.kind == "data"}
    answers = [a for a in claim.answers if a.role == "answer" and a.take == "value"]
    if len(sets) != 1 or not answers or claim.kind not in ("share", "quantity"):
        return None
    span = claimed(claim)
    if span is None or claim.since or not readings:
        return None
    years = {r.year for r in readings if r.year is not None}
    delta = spread(answers[0].step, run, years)
    if delta is None:
        return None
    low = span[0] - delta if claim.comparator not in ("<", "≤") else float("-inf")
    high = span[1] + delta if claim.comparator not in (">", "≥") else float("inf")
    inside = all(number(r.value) and low <= r.value <= high for r in readings)
    return delta if inside else None
