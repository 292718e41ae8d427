"""Exposure to sanctions: trade with those sanctioned, and with those that sanction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.measures._by_view import LedgerMeasure
from multivector.measures._ledger import Floats, Flow, Ledger
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.stats.dependence import recorded_total
from multivector.stats.summaries import ratio
from multivector.step import Inputs, Step
from multivector.variable import year_ranges

SYROPOULOS = Citation(
    "syropoulos2024",
    "article",
    "Syropoulos, Constantinos and Felbermayr, Gabriel and Kirilakha, Aleksandra and Yalcin, Erdal "
    "and Yotov, Yoto V.",
    "The Global Sanctions Data Base-Release 3: COVID-19, Russia, and Multilateral Sanctions",
    2024,
    "Review of International Economics 32(1):12-48",
    doi="10.1111/roie.12691",
)
Kind = Literal["trade", "arms", "military", "financial", "travel", "other"]
EVERYBODY = "UN"
"""A sender whose members are all states: its sanctions make targets, but tell no sides apart."""


@dataclass(frozen=True, kw_only=True)
class SanctionsExposure(LedgerMeasure):
    """Share of a state's trade with states under sanctions, and with states that impose them.

    Σ_j x_j/Σ_k x_k over the partners j that in the year are a target (``sanctioned``), a sender
    (``sanctioning``) or both (``both``) of a counted case; 0 to 1. A case counts from its first to
    its last year, if it is of one of the ``kinds`` and its sender and target are among those named.
    Members of a group that sends count as senders, except of the United Nations. Where no partner
    is on a side the share is zero; where none of them has a record it is missing, and so is every
    year outside the sanctions' table. It says where a state could be caught between sanctions, not
    which goods are.

    Parameters
    ----------
    sanctions
        Cases by sender and target.
    targets, senders
        Whose cases count; empty means anybody's.
    kinds
        Kinds of sanctions that count.
    flow
        ``exports``, ``imports``, or ``total``, their sum.

    Examples
    --------
    >>> SanctionsExposure(focal="KAZ", targets=("RUS",)).kinds
    ('trade', 'financial')
    """

    name: ClassVar[str] = "sanctions_exposure"
    label: ClassVar[str] = "Trade with sanctioned and sanctioning states"
    unit: ClassVar[str] = "share 0–1"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, 1)
    citations: ClassVar[tuple[Citation, ...]] = (SYROPOULOS,)
    sanctions: Step[Panel] = default_input("sanctions")
    targets: tuple[Actor, ...] = ()
    senders: tuple[Actor, ...] = ()
    kinds: tuple[Kind, ...] = ("trade", "financial")
    flow: Flow = "total"

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse an empty list of kinds."""
        yield from super().problems()
        if not self.kinds:
            yield InputError("No kind of sanctions counts.", "Such as trade, financial.")

    def compute(self, get: Inputs) -> Estimate:
        """Find the sides of each year, and add up trade with them."""
        panel = get(self.sanctions, "sender_id", "target_id", "began", "ended", *self.kinds)
        covered = panel.variable("began").coverage.years
        counted = panel.frame.filter(pl.any_horizontal(pl.col(k) == 1 for k in self.kinds))
        rows: list[tuple[object, ...]] = []
        values: list[Floats] = []
        for view, ledger in self.ledgers(get):
            shares = self._shares(ledger, counted, covered)
            outside = f"The table of sanctions covers {year_ranges(covered)}."
            for figure, share in shares.items():
                values.append(share)
                rows += [
                    (
                        self.focal, figure, view, y,
                        ledger.note(self.focal, y) if y in covered else outside,
                    )
                    for y in ledger.years
                ]  # fmt: skip
        return self.result(rows, ["state", "figure", "view", "year"], values)

    def _shares(
        self, ledger: Ledger, cases: pl.DataFrame, covered: tuple[int, ...]
    ) -> dict[str, Floats]:
        table = ledger.partners(self.focal, self.flow)
        total = ledger.total(self.focal, self.flow)
        found = {f: np.full(len(ledger.years), np.nan) for f in FIGURES}
        for t, year in enumerate(ledger.years):
            if year not in covered:
                continue
            hit, hitting = self._sides(cases, year)
            for figure, side in zip(FIGURES, (hit, hitting, hit & hitting), strict=True):
                inside = np.isin(ledger.states, sorted(side))
                with_them = recorded_total(table[t][inside]) if side else np.array(0.0)
                found[figure][t] = ratio(with_them, total[t])
        return found

    def _sides(self, cases: pl.DataFrame, year: int) -> tuple[set[str], set[str]]:
        """Return the targets and the senders of the cases in force in *year*."""
        in_force = cases.filter(pl.col("began") <= year, pl.col("ended") >= year)
        targets, senders = (_states(named, year) for named in (self.targets, self.senders))
        hit: set[str] = set()
        hitting: set[str] = set()
        for sender, target in in_force.select("sender_id", "target_id").iter_rows():
            to = _states((target,), year) & targets if targets else _states((target,), year)
            by = _states((sender,), year)
            if to and (not senders or by & senders):
                hit |= to
                hitting |= set() if sender == EVERYBODY else by & senders if senders else by
        return hit - {self.focal}, hitting - {self.focal}


FIGURES = ("sanctioned", "sanctioning", "both")


def _states(actors: Iterable[str | None], year: int) -> set[str]:
    """Return states, groups by their members at the end of *year*; what has no id is left out."""
    found: set[str] = set()
    for actor in actors:
        if actor is not None:
            found |= set(states.members(actor, year)) if states.is_group(actor) else {actor}
    return found
