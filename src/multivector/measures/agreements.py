"""Agreements by stage: how far the listed agreements of two states have come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import polars as pl

from multivector.choices import Actor
from multivector.errors import MultivectorError
from multivector.estimate import Estimate
from multivector.measures._tie import Row, Tie, Years, covered
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step

STAGES = ("initialled", "signed", "provisional", "in_force")


@dataclass(frozen=True)
class AgreementStage(Tie):
    """Furthest stage that a listed agreement of two parties has reached by the end of a year.

    0: none yet; 1: initialled; 2: signed; 3: provisionally applied; 4: in force. Of several
    agreements the furthest counts; the note gives each with its stage and day. A stage that was not
    established does not count, so the level is the least that is known. The list is short: a pair
    without a listed agreement is "no data". A partner may be a bloc that signs for itself (``EU``).

    Examples
    --------
    >>> AgreementStage(focal="KAZ", partners=("EU",)).unit
    'level 0–4'
    """

    name: ClassVar[str] = "agreement_stage"
    label: ClassVar[str] = "Stage of listed agreements"
    unit: ClassVar[str] = "level 0–4"
    agreements: Step[Panel] = default_input("agreement_stages")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: Years | None = None

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a group as focal and periods that run backwards."""
        yield from self.refuse(self.focal, self.years)

    def compute(self, get: Inputs) -> Estimate:
        """Find the last stage of each agreement by the end of each year."""
        panel = get(self.agreements)
        years = covered(self.years, panel.variables[0].coverage, "The list of agreements")
        rows: list[Row] = []
        for partner in self.partners:
            sides = pl.col("state", "partner").is_in([self.focal, partner])
            listed = panel.frame.filter(pl.all_horizontal(sides)).to_dicts()
            for year in years:
                level, notes = 0, list[str]()
                for agreement in listed:
                    days = [agreement[stage] for stage in STAGES]
                    reached = [k for k, d in enumerate(days, 1) if d and int(d[:4]) <= year]
                    if reached:
                        level = max(level, reached[-1])
                        word = STAGES[reached[-1] - 1].replace("_", " ")
                        notes.append(f"{agreement['title']}: {word}, {days[reached[-1] - 1]}")
                value = float(level) if listed else None
                rows.append((self.focal, partner, year, value, "; ".join(notes)))
        return self.points(rows, "listed agreements, to 31 December", high=len(STAGES))
