"""Sharp bounds: what balance, departure and partition can be, whatever is not measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any, ClassVar, Literal

import numpy as np

from multivector.measures._domains import DomainMeasure, Engaged, domain_names
from multivector.measures._ledger import Floats
from multivector.measures.balance import TargetMeasure
from multivector.measures.partition import Partition, is_security
from multivector.origin import Citation
from multivector.stats.bounds import mixed_departure_bounds, mixed_partition_bounds
from multivector.stats.concentration import Bounds
from multivector.step import Inputs

MANSKI = Citation(
    "manski2003",
    "book",
    "Manski, Charles F.",
    "Partial Identification of Probability Distributions",
    2003,
    "Springer",
    doi="10.1007/b97478",
)
ENDS = ("lowest", "highest")


@dataclass(frozen=True, kw_only=True)
class BoundsMeasure(DomainMeasure):
    """Sharp bounds of a measure on several domains, some of which are not measured.

    A domain without data, or with a missing cell in a year, may hold any shares at all in that
    year; its declared weight stays. Each year has two cells, ``lowest`` and ``highest``: some
    shares of the unmeasured domains attain either, none goes beyond. Draws of the measured domains
    give each end an interval of its own. Years in which no domain is measured have no value.
    """

    columns: ClassVar[tuple[str, ...]] = ("end",)
    citations: ClassVar[tuple[Citation, ...]] = (MANSKI,)
    absent: Literal["refuse", "leave out"] = "leave out"

    def chosen(self, engaged: Engaged) -> Engaged:
        """Return every year that some domain has."""
        return engaged

    def figures(self, engaged: Engaged) -> Sequence[tuple[str, ...]]:
        """Return the two ends."""
        del engaged
        return [(e,) for e in ENDS]

    def declared_weights(self) -> dict[str, float]:
        """Return the weight of each declared domain, measured or not."""
        return dict(zip(domain_names(self.domains), self.weights, strict=True))


def held(table: Floats, engaged: Engaged, weights: dict[str, float]) -> tuple[Floats, Floats]:
    """Return weighted shares, zero where not measured, and the weight not measured, by domain.

    Shapes (draws, years, domains, actors) and (draws, years, declared domains).
    """
    own = np.array([weights[d] for d in engaged.domains])
    gap = np.asarray(np.isnan(table).any(axis=-1), dtype=np.float64)
    lost = [w for d, w in weights.items() if d not in engaged.domains]
    known = np.where(gap[..., None] > 0, 0.0, table) * own[:, None]
    never = np.broadcast_to(lost, (*gap.shape[:-1], len(lost)))
    return known, np.concatenate([gap * own, never], axis=-1)


def ends(found: Bounds, rest: Floats) -> Floats:
    """Stack both ends on the last axis; NaN where nothing is measured."""
    nothing = rest.sum(axis=-1) > 1 - 1e-9
    return np.where(nothing[..., None], np.nan, np.stack([found.lower, found.upper], axis=-1))


@dataclass(frozen=True, kw_only=True)
class DepartureBounds(BoundsMeasure, TargetMeasure):
    """Sharp bounds of the departure from a target over all values of the unmeasured domains.

    With a = Σ_d w_d p_d over the measured domains and R the weight of the others, the pooled
    shares are a + t with t ≥ 0, Σ t ≤ R; the departure of them, closed over the named partners, is
    least where t fills up those furthest below the target and largest where it is zero or falls
    to one partner. In nats, 0 or more.

    Examples
    --------
    >>> DepartureBounds(focal="KAZ", partners=("RUS", "CHN")).absent
    'leave out'
    """

    name: ClassVar[str] = "departure_bounds"
    label: ClassVar[str] = "Sharp bounds of the departure"
    unit: ClassVar[str] = "nats"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, None)

    def kernel(self, table: Floats, engaged: Engaged, extra: Any) -> Floats:
        """Bound the pooled departure of each draw."""
        known, rest = held(table, engaged, self.declared_weights())
        amounts = known.sum(axis=2)[..., :-1]
        return ends(mixed_departure_bounds(amounts, rest.sum(axis=-1), extra), rest)


@dataclass(frozen=True, kw_only=True)
class BalanceBounds(BoundsMeasure):
    """Sharp bounds of the balance over all values of the unmeasured domains.

    B = 1 − KL(p̄ ‖ u)/ln n, so its bounds are those of the departure from equal shares, turned
    round; 0 to 1. They are wide where many domains are not measured: that is what is known.

    Examples
    --------
    >>> BalanceBounds(focal="KAZ", partners=("RUS", "CHN")).unit
    'index 0–1'
    """

    name: ClassVar[str] = "balance_bounds"
    label: ClassVar[str] = "Sharp bounds of the balance"
    unit: ClassVar[str] = "index 0–1"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, 1)

    def prepare(self, get: Inputs, engaged: Engaged) -> tuple[Any, str]:
        """Say which target it is."""
        return None, "uniform target"

    def kernel(self, table: Floats, engaged: Engaged, extra: Any) -> Floats:
        """Bound the pooled balance of each draw."""
        known, rest = held(table, engaged, self.declared_weights())
        n = len(self.partners)
        found = mixed_departure_bounds(
            known.sum(axis=2)[..., :-1], rest.sum(axis=-1), np.full(n, 1 / n)
        )
        turned = Bounds(1 - found.upper / log(n), 1 - found.lower / log(n))
        return np.clip(ends(turned, rest), 0.0, 1.0)


@dataclass(frozen=True, kw_only=True)
class PartitionBounds(BoundsMeasure, Partition):
    """Sharp bounds of each part of the partition over all values of the unmeasured domains.

    With L = Σ w ℓ, A = Σ w|ℓ|, M = Σ w m over the measured domains and R the weight of the others:
    net lean from max(|L| − R, 0) to |L| + R, evenness from M − A to M − A + R, outside from
    1 − M − R to 1 − M, offset from A − |L| to the largest that unmeasured domains leaning against
    the rest and each other attain. Shares, 0 to 1; the ends of different parts are not attained
    together. Only ``show`` = ``parts`` is bounded.

    Examples
    --------
    >>> PartitionBounds(focal="KAZ", partners=("RUS", "CHN"), power_a="RUS", power_b="CHN",
    ...                 domains=("trade", "security")).unit
    'share 0–1'
    """

    name: ClassVar[str] = "partition_bounds"
    example: ClassVar = {
        "power_a": "RUS",
        "power_b": "CHN",
        "domains": ("trade", "security", "arms"),
    }
    label: ClassVar[str] = "Sharp bounds of the partition"
    unit: ClassVar[str] = "share 0–1"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, 1)
    adds_up: ClassVar[bool] = False
    columns: ClassVar[tuple[str, ...]] = ("power_a", "power_b", "part", "end")
    citations: ClassVar[tuple[Citation, ...]] = (MANSKI,)

    def figures(self, engaged: Engaged) -> Sequence[tuple[str, ...]]:
        """Return the two ends of each part."""
        del engaged
        return [(self.power_a, self.power_b, p, e) for p in self.parts for e in ENDS]

    def declared_weights(self) -> dict[str, float]:
        """Return the weights of the domains that count, closed to one."""
        weights = super().declared_weights()
        if self.signals == "security":
            kinds = dict(zip(weights, self.domains, strict=True))
            weights = {d: w for d, w in weights.items() if is_security(kinds[d])}
        total = sum(weights.values())
        return {d: w / total for d, w in weights.items()}

    def kernel(self, table: Floats, engaged: Engaged, extra: Any) -> Floats:
        """Bound each part of each draw."""
        weights = self.declared_weights()
        every = dict.fromkeys(domain_names(self.domains), 0.0) | weights
        known, rest = held(table, engaged, every)
        a, b = (known[..., list(side)].sum(axis=-1) for side in extra[1:])
        lean, both = a - b, a + b
        sums = lean.sum(axis=-1), np.abs(lean).sum(axis=-1), both.sum(axis=-1)
        found = mixed_partition_bounds(sums, rest)
        stacked = [ends(found[p], rest) for p in self.parts]
        return np.clip(np.concatenate(stacked, axis=-1), 0.0, 1.0)
