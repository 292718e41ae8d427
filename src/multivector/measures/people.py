"""People: shares of ethnic groups and of speakers, which are two different things."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import polars as pl

from multivector.choices import Actor
from multivector.errors import MultivectorError, OutOfCoverage
from multivector.estimate import Estimate
from multivector.measures._tie import Row, Tie
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.registry import default_input
from multivector.step import Inputs, Step

FACTBOOK = Citation(
    "cia_factbook",
    "misc",
    "{Central Intelligence Agency}",
    "The World Factbook",
    2025,
    "Washington, DC",
    url="https://www.cia.gov/the-world-factbook/",
)


@dataclass(frozen=True)
class _Kin(Tie):
    """A share of the focal state's people that has to do with a partner; see the subclasses."""

    kind: ClassVar[str]
    citations: ClassVar[tuple[Citation, ...]] = (FACTBOOK,)
    peoples: Step[Panel] = default_input("peoples")
    _: KW_ONLY
    focal: Actor
    partners: tuple[Actor, ...]
    year: int = 2022

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse groups."""
        yield from self.refuse(self.focal, None, self.partners)

    def compute(self, get: Inputs) -> Estimate:
        """Find the estimate nearest to the year for each partner's group."""
        panel = get(self.peoples)
        ours = panel.frame.filter(state=self.focal, kind=self.kind)
        if ours.is_empty():
            states = ", ".join(panel.frame["state"].unique().sort())
            raise OutOfCoverage(
                f"The table of peoples does not have {self.focal}.",
                f"It has {states}.",
                "Feed a table of your own with the same columns.",
            )
        rows: list[Row] = []
        for partner in self.partners:
            kin = ours.filter(pl.col("kin") == partner)
            far = (pl.col("as_of") - self.year).abs()
            nearest = kin.sort(far, pl.col("edition"), nulls_last=True).head(1)
            if nearest.is_empty():
                rows.append((self.focal, partner, self.year, None, "not named apart"))
                continue
            row = nearest.row(0, named=True)
            of = "year not given" if row["as_of"] is None else f"estimate of {row['as_of']}"
            note = f"{row['group']}, {of}: {row['what']}"
            rows.append((self.focal, partner, self.year, row["share"], note))
        return self.points(rows, "nearest estimate that the Factbook prints", high=1)


@dataclass(frozen=True)
class EthnicShare(_Kin):
    """Share of a state's population that belongs to a partner's titular nationality.

    p = population of the group / population, as printed, 0 to 1. The estimate nearest to ``year``
    is taken; the note gives its own year. A group that the page does not name apart is "no data",
    not zero. Belonging to a nationality is not speaking its language (see ``language_share``) and
    says nothing of loyalty.

    Examples
    --------
    >>> EthnicShare(focal="KAZ", partners=("RUS",)).unit
    'share 0–1'
    """

    name: ClassVar[str] = "ethnic_share"
    label: ClassVar[str] = "Share of the partner's titular nationality"
    unit: ClassVar[str] = "share 0–1"
    kind: ClassVar[str] = "ethnic"


@dataclass(frozen=True)
class LanguageShare(_Kin):
    """Share of a state's people who have to do with a partner's main language, as the note says.

    p = people / population, as printed, 0 to 1. What the share means differs from page to page (who
    understands the spoken language, whose native language it is, or not said); the note says which,
    and shares of different meaning do not compare. The estimate nearest to ``year`` is taken. A
    language that the page does not name apart is "no data", not zero.

    Examples
    --------
    >>> LanguageShare(focal="KAZ", partners=("RUS",)).year
    2022
    """

    name: ClassVar[str] = "language_share"
    label: ClassVar[str] = "Share of people by the partner's language"
    unit: ClassVar[str] = "share 0–1"
    kind: ClassVar[str] = "language"
