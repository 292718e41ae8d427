"""Engagement: the share of each partner in one domain of a state's ties."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from multivector.choices import Actor
from multivector.domain import Domain, DomainName
from multivector.errors import DataError, InputError, MultivectorError, OutOfCoverage, Unavailable
from multivector.estimate import Estimate
from multivector.measures.trade import HIRSCHMAN
from multivector.origin import Citation
from multivector.quantity import DrawKind
from multivector.registry import everything, find
from multivector.step import Inputs, Measure, Step


@dataclass(frozen=True, kw_only=True)
class Engagement(Measure):
    """Engagement: the share of each partner in one declared domain of a state's ties.

    p_dj = x_dj / Σ_k x_dk over all partners k, the rest of the world (``ROW``) included; 0 to 1. A
    domain whose total is zero is undefined. What is counted, and by which steps, the domain
    declares; the first of them whose data are here and know the state is used.

    Parameters
    ----------
    domain
        Name of a registered domain of engagement.
    partners
        States or blocs, without overlap.
    draws, seed
        Draws, where the step has any, and their seed.
    options
        Steps that give the shares, best first; by default those of the domain.

    Examples
    --------
    >>> trade = Engagement(domain="trade", focal="KAZ", partners=("RUS", "CHN"))
    >>> [step.name for step in trade.options]
    ['reconciled_share', 'partner_share']
    """

    name: ClassVar[str] = "engagement"
    unit: ClassVar[str] = "share 0–1"
    citations: ClassVar[tuple[Citation, ...]] = (HIRSCHMAN,)
    domain: DomainName = "trade"
    focal: Actor
    partners: tuple[Actor, ...]
    draws: int = 500
    seed: int = 1
    options: tuple[Step[Estimate], ...] = ()

    def __post_init__(self) -> None:
        """Fill in the steps of the domain, then check."""
        super().__post_init__()
        if not self.options:
            made = self.declared.steps(self.focal, self.partners, self.draws, self.seed)
            object.__setattr__(self, "options", tuple(made))

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse to measure with too few draws."""
        if self.draws < 2:
            yield InputError(f"{self.draws} draws make no interval.", "At least 2.")

    @property
    def declared(self) -> Domain:
        """The domain as it is declared."""
        found: Domain = find("domains", self.domain)
        return found

    def compute(self, get: Inputs) -> Estimate:
        """Return the shares of the first step that has data."""
        problems: list[DataError] = []
        for option in self.options:
            try:
                found = get(option)
            except (Unavailable, OutOfCoverage) as problem:
                problems.append(problem)
                continue
            words = f"{self.declared.counted}; {found.variant}"
            return replace(found, label=self.declared.label, variant=words)
        raise _absent(self.declared, problems)


def _absent(domain: Domain, problems: Sequence[DataError]) -> DataError:
    if problems and not isinstance(problems[-1], Unavailable):
        return problems[-1]
    return Unavailable(f"{domain.label}: no data.", domain.absent[:1].upper() + domain.absent[1:])


def joint_kind(estimates: Iterable[Estimate]) -> DrawKind:
    """Return what draws stand for when they are combined over independent estimates.

    One kind where all that have draws agree; ``combined`` where they do not, so that nobody takes
    the interval for a posterior; point values enter as exact.
    """
    kinds: set[DrawKind] = {e.draw_kind for e in estimates if e.draw_kind != "point"}
    if not kinds:
        return "point"
    return kinds.pop() if len(kinds) == 1 else "combined"


def all_domains() -> tuple[str, ...]:
    """Return the names of the registered domains in their declared order.

    >>> all_domains()[:2]
    ('trade', 'investment')
    """
    known: dict[str, Domain] = everything("domains")
    return tuple(sorted(known, key=lambda n: (known[n].order, n)))
