"""Shares of ties that are counted: treaties and organisations, each divided over its parties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import date
from typing import ClassVar
from zlib import crc32

import numpy as np
import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.errors import InputError, MultivectorError, OutOfCoverage
from multivector.estimate import Estimate
from multivector.measures.security import Obligation
from multivector.measures.trade import REST, overlaps
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.quantity import NONE
from multivector.registry import default_input
from multivector.stats.composition import shares
from multivector.stats.portfolio import dirichlet
from multivector.step import Inputs, Measure, Step
from multivector.variable import span

NEWMAN = Citation(
    "newman2001",
    "article",
    "Newman, M. E. J.",
    "Scientific collaboration networks. II. Shortest paths, weighted networks, and centrality",
    2001,
    "Physical Review E 64(1):016132",
    doi="10.1103/PhysRevE.64.016132",
)
BERGER = Citation(
    "berger2015",
    "article",
    "Berger, James O. and Bernardo, Jose M. and Sun, Dongchu",
    "Overall Objective Priors",
    2015,
    "Bayesian Analysis 10(1):189-221",
    doi="10.1214/14-BA915",
)
LISTED = (1992, 2024)
"""Years for which the lists answer at the year's end."""
Parties = Mapping[str, frozenset[str]]
"""Who belongs to each treaty or organisation on a day."""


@dataclass(frozen=True)
class CountedShare(Measure):
    """A measure of shares in ties that are counted, with a posterior; see the subclasses.

    Parameters
    ----------
    years
        First and last year; a year counts what binds on 31 December.
    draws, seed
        Draws of the posterior, and their seed; 0 draws give the recorded shares alone.
    """

    label: ClassVar[str]
    unit: ClassVar[str] = "share 0–1"
    citations: ClassVar[tuple[Citation, ...]] = (NEWMAN, BERGER)

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a group as focal, overlapping partners, years outside the list."""
        focal, partners, years, draws = (
            getattr(self, n) for n in ("focal", "partners", "years", "draws")
        )
        if states.is_group(focal):
            yield InputError(f"{focal} is a group.", "Ties are those of a state.")
        yield from overlaps((focal, *partners))
        if not LISTED[0] <= years[0] <= years[1] <= LISTED[1]:
            yield InputError(
                f"years {years[0]}:{years[1]} were asked.", f"Listed: {LISTED[0]}–{LISTED[1]}."
            )
        if draws < 0:
            yield InputError(f"{draws} draws were asked for.", "0 or more.")

    def share(
        self,
        asked: tuple[str, tuple[str, ...], tuple[int, int]],
        by_year: Mapping[int, Parties],
        random: tuple[int, int],
        variant: str,
    ) -> Estimate:
        """Divide each tie over its other parties, add up by partner, draw the posterior."""
        focal, partners, between = asked
        years, names = span(*between), (*partners, REST)
        counts = np.zeros((len(years), len(names)))
        for t, year in enumerate(years):
            who = {p: set(_members(p, year)) for p in partners}
            for parties in by_year[year].values():
                others = parties - {focal}
                if focal not in parties or not others:
                    continue
                part = [len(others & who[p]) / len(others) for p in partners]
                counts[t] += (*part, max(1 - sum(part), 0.0))
        words = f"{variant}, on 31 December; each divided over its other parties"
        return self.drawn(asked, counts, random, words)

    def drawn(
        self,
        asked: tuple[str, tuple[str, ...], tuple[int, int]],
        counts: np.ndarray,
        random: tuple[int, int],
        variant: str,
    ) -> Estimate:
        """Turn counts (years × partners and the rest) into shares and draw the posterior."""
        focal, partners, between = asked
        years, names = span(*between), (*partners, REST)
        draws, seed = random
        key = crc32(f"{self.name} {focal}".encode())
        values = dirichlet(counts, draws, seed=(seed, key))
        notes = [NONE if n == 0 else None for n in counts.ravel()]
        rows = [(focal, p, y) for y in years for p in names]
        cells = pl.DataFrame(
            rows, {"state": pl.String, "partner": pl.String, "year": pl.Int64}, orient="row"
        )
        words = "Dirichlet posterior" if draws else "recorded shares"
        return Estimate(
            cells.with_columns(note=pl.Series(notes, dtype=pl.String)),
            values.reshape(len(rows), -1),
            label=self.label,
            unit=self.unit,
            draw_kind="posterior" if draws else "point",
            variant=f"{variant}; {words}",
            range=(0, 1),
            observed=shares(counts).ravel() if draws else None,
        )


@dataclass(frozen=True)
class TreatyShare(CountedShare):
    """Share of each partner in the listed security treaties that bind a state.

    p_j = x_j / Σ_k x_k with x_j = Σ_t 1/(n_t − 1) over the treaties t that bind both on 31
    December, n_t the number of its parties: a treaty is one tie, however many sign it (Newman
    2001), so that the counts of a bloc are the sum of its members' and all counts add up to the
    number of treaties. Draws are those of the Dirichlet posterior with a prior of one count in
    all, spread evenly over the cells (Berger, Bernardo & Sun 2015); across years they share their
    random numbers, since treaties last. 0 to 1; a year without a treaty is undefined. The list is
    not complete: what prints is the recorded share, and "none" where none is listed.

    Parameters
    ----------
    obligation
        Count only treaties that contain this obligation; ``any`` counts all.

    Examples
    --------
    >>> TreatyShare(focal="KAZ", partners=("RUS", "CHN")).obligation
    'any'
    """

    name: ClassVar[str] = "treaty_share"
    label: ClassVar[str] = "Share in listed security treaties"
    treaties: Step[Panel] = default_input("alliance_obligations")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: tuple[int, int] = LISTED
    obligation: Obligation = "any"
    draws: int = 500
    seed: int = 1

    def compute(self, get: Inputs) -> Estimate:
        """Find who is bound by each treaty at the end of each year."""
        frame = get(self.treaties).frame
        if self.obligation != "any":
            frame = frame.filter(pl.col(self.obligation) == 1)
        _need(self.focal, frame["state"], "treaty with a security obligation")
        spells = frame.select("treaty", "state", "signed", "ended")
        return self.share(
            (self.focal, self.partners, self.years),
            _by_year(spells, self.years),
            (self.draws, self.seed),
            f"treaties with an obligation ({self.obligation})",
        )


@dataclass(frozen=True)
class OrganisationShare(CountedShare):
    """Share of each partner in the listed organisations to which a state belongs.

    p_j = x_j / Σ_k x_k with x_j = Σ_o 1/(n_o − 1) over the organisations o to which both belong on
    31 December, n_o the number of members: an organisation is one tie, however many belong to it
    (Newman 2001), so that counts of a bloc are the sum of its members'. Organisations to which at
    least ``universal`` of all states belong (n_o / n_states ≥ universal) are left out, as the
    United Nations: they tie everyone to everyone. Draws as in ``treaty_share``. 0 to 1; a year
    without an organisation is undefined. The list is short: it holds what matters to Kazakhstan
    and its partners.

    Examples
    --------
    >>> OrganisationShare(focal="KAZ", partners=("RUS", "CHN")).universal
    0.5
    """

    name: ClassVar[str] = "organisation_share"
    label: ClassVar[str] = "Share in listed organisations"
    memberships: Step[Panel] = default_input("memberships")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    years: tuple[int, int] = LISTED
    universal: float = 0.5
    draws: int = 500
    seed: int = 1

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse also a threshold that is no share."""
        yield from super().problems()
        if not 0 < self.universal <= 1:
            yield InputError(f"universal {self.universal} is no share.", "Above 0, at most 1.")

    def compute(self, get: Inputs) -> Estimate:
        """Find who belongs to each organisation at the end of each year."""
        frame = get(self.memberships).frame
        _need(self.focal, frame["state"], "organisation")
        spells = frame.select("group", "state", "entered", "left")
        by_year = {
            y: {g: m for g, m in held.items() if len(m) < self.universal * _all(y)}
            for y, held in _by_year(spells, self.years).items()
        }
        return self.share(
            (self.focal, self.partners, self.years),
            by_year,
            (self.draws, self.seed),
            f"organisations without those of {self.universal:.0%} of states or more",
        )


def _by_year(spells: pl.DataFrame, years: tuple[int, int]) -> dict[int, Parties]:
    """Return who belongs to what on 31 December, from rows of tie, state, first and last day."""
    found: dict[int, Parties] = {}
    rows = spells.rows()
    for year in span(*years):
        day = date(year, 12, 31)
        held: dict[str, set[str]] = {}
        for tie, state, first, last in rows:
            if first <= day and (last is None or last >= day) and states.exists(state, day):
                held.setdefault(tie, set()).add(state)
        found[year] = {t: frozenset(m) for t, m in held.items()}
    return found


def _need(focal: str, listed: pl.Series, what: str) -> None:
    if focal not in set(listed):
        raise OutOfCoverage(
            f"No {what} of {focal} is listed.",
            f"Listed: {', '.join(sorted(set(listed))[:12])} …",
            "Absence from the list does not mean that there is none.",
        )


def _members(actor: str, year: int) -> tuple[str, ...]:
    return states.members(actor, year) if states.is_group(actor) else (actor,)


def _all(year: int) -> int:
    return len(states.all_states(date(year, 12, 31)))
