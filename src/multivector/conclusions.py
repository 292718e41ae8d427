"""Conclusions: the headline figures of a study, and how sure each is over every source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from multivector.ensemble.alternatives import reversals
from multivector.ensemble.ensemble import OVERALL
from multivector.ensemble.standing import Assessment, assess
from multivector.errors import DataError, InputError, Problems
from multivector.estimate import Estimate
from multivector.measures.engagement import all_domains
from multivector.measures.over_period import OverPeriod
from multivector.measures.profile import FEWEST_VOTES
from multivector.registry import find
from multivector.step import Step

if TYPE_CHECKING:
    from multivector.study import Study

Run = Callable[[Step[Any]], Any]
PAIRS = (("RUS", "USA+EU27_2020"), ("RUS", "CHN"), ("CHN", "USA"))
"""Pairs of powers or blocs between which leans are looked at."""


@dataclass(frozen=True)
class Conclusion:
    """A headline figure of a study.

    Parameters
    ----------
    kind
        ``balance``, ``change``, ``departure``, ``lean``, ``distance`` or ``adjusted lean``.
    step
        Step with one cell.
    sides
        The two powers, where there are two; a positive figure is toward the first.
    years
        First and last year that it rests on.
    """

    kind: str
    step: Step[Estimate]
    years: tuple[int, int]
    sides: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """A name that no other conclusion of the study has."""
        return "-".join((self.kind, *self.sides)).lower().replace(" ", "-").replace("_", "")

    @property
    def signed(self) -> bool:
        """Whether the conclusion is a sign, which an alternative may turn."""
        return self.kind in ("change", "lean", "adjusted lean")


def pairs(study: Study) -> list[tuple[str, str]]:
    """Return the pairs of powers or blocs that are among the partners of the study."""
    found: list[tuple[str, str]] = []
    for one, other in PAIRS:
        a, b = ("+".join(p for p in s.split("+") if p in study.partners) for s in (one, other))
        if a and b:
            found.append((a, b))
    return found


def conclusions(study: Study, run: Run, votes: tuple[int, int] | None = None) -> list[Conclusion]:
    """Return the headline figures of a study that its data can answer.

    They are the balance of the ties pooled over all domains, its change since the first year, the
    departure from a target, the net lean between each pair of powers, and for the first pair of
    powers the distance and the adjusted lean where they vote opposite.

    Parameters
    ----------
    votes
        First and last year of the votes; by default those of :func:`vote_years`.
    """
    return [*_ties(study, run), *_votes(study, run, votes)]


def _ties(study: Study, run: Run) -> Iterator[Conclusion]:
    given: dict[str, Any] = {
        "focal": study.focal, "partners": study.partners, "domains": all_domains(),
        "absent": "leave out", "years": study.years, "draws": max(study.draws, 2),
        "seed": study.seed,
    }  # fmt: skip
    balance = find("measures", "balance")(**given)
    span = _known(run, balance)
    if not span:
        return
    last = (span[1], span[1])
    yield Conclusion("balance", OverPeriod(of=balance, years=last), last)
    if span[0] < span[1]:
        yield Conclusion("change", OverPeriod(of=balance, years=span, show="change"), span)
    departure = find("measures", "departure")(**{**given, "years": last})
    yield Conclusion("departure", departure, last)
    for pair in pairs(study):
        a, b = pair
        lean = find("measures", "partition")(**given, power_a=a, power_b=b, show="signed lean")
        if own := _known(run, lean):
            now = (own[1], own[1])
            yield Conclusion("lean", OverPeriod(of=lean, years=now), now, pair)


def _votes(study: Study, run: Run, years: tuple[int, int] | None) -> Iterator[Conclusion]:
    if not study.powers:
        return
    pair = study.powers[0]
    given: dict[str, Any] = {
        "focal": study.focal, "power_a": pair[0], "power_b": pair[1], "by": "period",
        "draws": study.draws, "seed": study.seed,
    }  # fmt: skip
    for kind in ("distance", "adjusted lean"):
        try:
            when = years or vote_years(study, run)
            step = find("measures", f"split_{kind.replace(' ', '_')}")(**given, years=when)
            known = run(step).quantities()[0].known
        except (DataError, InputError, Problems):
            continue
        if known:
            yield Conclusion(kind, step, when, pair)


def vote_years(study: Study, run: Run) -> tuple[int, int]:
    """Return the study's years as far as the roll-call votes cover them.

    Years at the end in which the focal state shared fewer than 30 roll calls with every partner
    are left out: what a handful of votes says of a year would make headlines of chance.
    """
    counts = votes_in_common(study, run)
    enough = {
        int(dict(q.cell)["year"])
        for q in counts.quantities()
        if q.value is not None and q.value >= FEWEST_VOTES
    }
    return (min(enough), max(enough)) if enough else study.years


def votes_in_common(study: Study, run: Run) -> Estimate:
    """Return the number of votes behind every similarity score, over all years covered."""
    covered = run(find("panels", "assembly_votes")()).variable("vote").coverage.years
    first, last = study.years
    span = (max(first, min(covered)), min(last, max(covered)))
    step = find("measures", "votes_in_common")
    return run(step(focal=study.focal, partners=study.partners, years=span))


def _known(run: Run, step: Step[Estimate]) -> tuple[int, int] | None:
    """Return the first and last year of a figure; None where it has none."""
    try:
        cells = run(step).quantities()
    except (DataError, InputError, Problems):
        return None
    found = sorted({int(dict(q.cell)["year"]) for q in cells if q.known})
    return (found[0], found[-1]) if found else None


@dataclass(frozen=True)
class Assessed:
    """A conclusion with how sure it is.

    ``turned`` names the alternatives that by themselves turn its sign, as (choice, alternative).
    """

    conclusion: Conclusion
    assessment: Assessment
    turned: tuple[tuple[str, str], ...]

    @property
    def shares(self) -> Estimate:
        """Total share of each source in the variance, with cells (conclusion, source)."""
        total = self.assessment.total
        found = total.select(**{c: OVERALL for c in total.key if c != "source"})
        cells = found.cells.select(pl.lit(self.conclusion.name).alias("conclusion"), "source")
        return replace(found, cells=cells)


def assessed(
    study: Study, run: Run, conclusion: Conclusion, rows: int = 64, seed: int | None = None
) -> Assessed:
    """Replay a conclusion over the choices of its study and the draws of its data.

    The seed of the design is that of the study where none is given.
    """
    seed = study.seed if seed is None else seed
    found = assess(run, conclusion.step, study.choices, rows=rows, seed=seed)
    nominal = run(conclusion.step).quantities()[0].value
    turned: list[tuple[str, str]] = []
    if conclusion.signed and found.alone is not None and nominal is not None:
        turned = reversals(found.alone, nominal)
    return Assessed(conclusion, found, tuple(turned))
