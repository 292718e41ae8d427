"""Partition: what a portfolio between two powers or blocs is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from multivector import states
from multivector.choices import Parsed
from multivector.errors import InputError, MultivectorError
from multivector.measures._domains import DomainMeasure, Engaged, declared, domain_names
from multivector.measures._ledger import Floats
from multivector.origin import Citation
from multivector.stats import composition

KUIK = Citation(
    "kuik2016",
    "article",
    "Kuik, Cheng-Chwee",
    "How Do Weaker States Hedge? Unpacking ASEAN States' Alignment Behavior towards China",
    2016,
    "Journal of Contemporary China 25(100):500-514",
    doi="10.1080/10670564.2015.1132714",
)
LIM = Citation(
    "lim2015",
    "article",
    "Lim, Darren J. and Cooper, Zack",
    "Reassessing Hedging: The Logic of Alignment in East Asia",
    2015,
    "Security Studies 24(4):696-727",
    doi="10.1080/09636412.2015.1103130",
)


NO_SECURITY = "no security domain: says nothing of hedging"
"""What the variant of a partition says where none of the domains measured is one of security."""


def side(text: str) -> str:
    """Return a side in canonical form: codes of states and blocs, joined by ``+``.

    >>> side("Russia + China")
    'RUS+CHN'
    """
    return "+".join(states.resolve(part.strip()) for part in str(text).split("+"))


Side = Annotated[str, Parsed(side)]


@dataclass(frozen=True, kw_only=True)
class Partition(DomainMeasure):
    """Partition of a state's engagement between two powers into four parts that add up to one.

    With ℓ_d = p_dA − p_dB and m_d = p_dA + p_dB: net lean |Σ w ℓ|, cross-domain offset
    Σ w|ℓ| − |Σ w ℓ|, within-domain evenness Σ w m − Σ w|ℓ|, outside 1 − Σ w m. Offsetting leans
    (hedging across domains) are told apart from evenness inside each domain. At least two
    substantive domains are needed, and a state is "consistent with hedging" only with a security
    domain among them. The cell ``signed lean`` is Σ w ℓ, positive toward A. What prints is the
    mean of the draws, so that the parts add up.

    Parameters
    ----------
    power_a, power_b
        Two of the partners, or two groups of them: ``RUS+CHN`` against ``USA+EU27_2020``. A bloc
        that is no partner itself stands for its members among the partners.
    signals
        ``all`` domains count (Kuik 2016), or ``security`` ones only (Lim & Cooper 2015).

    Examples
    --------
    >>> from multivector.measures.trade import PartnerShare
    >>> share = PartnerShare(focal="KAZ", partners=("RUS", "CHN"))
    >>> Partition(focal="KAZ", partners=("RUS", "CHN"), power_a="RUS", power_b="CHN",
    ...           domains=(share,))
    Traceback (most recent call last):
    ...
    multivector.errors.InputError: The partition needs at least two domains; 1 given.
      With one domain the cross-domain offset is undefined.
      Add a substantive domain, such as security.
    """

    name: ClassVar[str] = "partition"
    example: ClassVar = {
        "power_a": "RUS",
        "power_b": "CHN",
        "domains": [{"step": "partner_share", "flow": flow} for flow in ("exports", "imports")],
    }
    label: ClassVar[str] = "Partition between two powers"
    unit: ClassVar[str] = "share 0–1"
    bounds: ClassVar[tuple[float | None, float | None]] = (-1, 1)
    adds_up: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("power_a", "power_b", "part")
    citations: ClassVar[tuple[Citation, ...]] = (KUIK, LIM)
    power_a: Side
    power_b: Side
    parts: ClassVar[tuple[str, ...]] = ("net lean", "offset", "evenness", "outside")
    show: Literal["parts", "signed lean"] = "parts"
    signals: Literal["all", "security"] = "all"

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a single domain and powers that are not among the partners."""
        yield from super().problems()
        if len(self.domains) < 2 and self.signals == "all":
            yield InputError(
                f"The partition needs at least two domains; {len(self.domains)} given.",
                "With one domain the cross-domain offset is undefined.",
                "Add a substantive domain, such as security.",
            )
        if self.signals == "security" and not any(map(is_security, self.domains)):
            yield InputError("No security domain is among the domains.", "Such as arms, security.")
        a, b = self._named(self.power_a), self._named(self.power_b)
        for power in (*a, *b):
            if power not in self.partners:
                yield InputError(f"{power} is not among the partners.")
        both = set(a) & set(b)
        if both or len(set(a)) < len(a) or len(set(b)) < len(b):
            yield InputError(f"{', '.join(sorted(both)) or 'A power'} is named as both powers.")

    def _named(self, side: str) -> list[str]:
        """Return the partners of a side; a bloc that is no partner stands for its members."""
        return [
            p
            for power in side.split("+")
            for p in (
                (power,) if power in self.partners or not states.is_group(power)
                else sorted({m.member for m in states.memberships(power)} & set(self.partners))
                or (power,)
            )
        ]  # fmt: skip

    def figures(self, engaged: Engaged) -> Sequence[tuple[str, ...]]:
        """Return the parts, or the lean with its sign."""
        del engaged
        names = ("signed lean",) if self.show == "signed lean" else self.parts
        return [(self.power_a, self.power_b, n) for n in names]

    def prepare(self, get: Any, engaged: Engaged) -> tuple[Any, str]:
        """Find the domains that count, and the positions of the sides."""
        del get
        kinds = dict(zip(domain_names(self.domains), self.domains, strict=True))
        secure = [is_security(kinds[d]) for d in engaged.domains]
        count = np.array(secure) if self.signals == "security" else np.ones(len(secure), dtype=bool)
        sides = [
            [self.partners.index(p) for p in self._named(power)]
            for power in (self.power_a, self.power_b)
        ]
        words = "security domains only" if self.signals == "security" else ""
        if not any(secure):
            words = NO_SECURITY
        return (count, *sides), words

    def kernel(self, table: Floats, engaged: Engaged, extra: Any) -> Floats:
        """Apply the four definitions to each draw."""
        count, a, b = extra
        weights = np.where(count, engaged.weights, 0.0)
        if not weights.sum() > 0:
            return np.full((*table.shape[:2], len(self.figures(engaged))), np.nan)
        weights = weights / weights.sum()
        found = composition.partition(table, weights, a, b)
        if self.show == "signed lean":
            return found.net_lean[..., None]
        columns = (np.abs(found.net_lean), found.offset, found.evenness, found.outside)
        return np.stack(columns, axis=-1)


def is_security(domain: Any) -> bool:
    """Whether a domain, given by name or by step, is declared as one of security."""
    found = declared(domain)
    return found is not None and found.kind == "security"
