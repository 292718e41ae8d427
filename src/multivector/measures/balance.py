"""Balance: how evenly a state's ties are spread over named partners, and how far from a target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from multivector.domain import Benchmark
from multivector.errors import InputError, MultivectorError
from multivector.estimate import Estimate
from multivector.measures._domains import DomainMeasure, Engaged
from multivector.measures._ledger import Floats
from multivector.measures.benchmarks import benchmark_step
from multivector.measures.trade import REST, SHANNON
from multivector.origin import Citation
from multivector.stats import composition, portfolio
from multivector.step import Inputs, Step

LIN = Citation(
    "lin1991",
    "article",
    "Lin, Jianhua",
    "Divergence Measures Based on the Shannon Entropy",
    1991,
    "IEEE Transactions on Information Theory 37(1):145-151",
    doi="10.1109/18.61115",
)
Scope = Literal["pooled", "each"]


@dataclass(frozen=True, kw_only=True)
class Footprint(DomainMeasure):
    """Pooled footprint: the weighted mean share of each partner over a state's domains.

    p̄_j = Σ_d w_d p_dj, the rest of the world (``ROW``) included; 0 to 1, and a year's cells add
    up to one. What prints is the mean of the draws. The linear pool commutes with merging
    partners. Undefined in a year in which one of the domains is.

    Examples
    --------
    >>> Footprint(focal="KAZ", partners=("RUS", "CHN")).unit
    'share 0–1'
    """

    name: ClassVar[str] = "footprint"
    label: ClassVar[str] = "Pooled footprint"
    unit: ClassVar[str] = "share 0–1"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, 1)
    adds_up: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("partner",)
    citations: ClassVar[tuple[Citation, ...]] = (LIN,)

    def figures(self, engaged: Engaged) -> Sequence[tuple[str, ...]]:
        """Return the partners and the rest."""
        del engaged
        return [(p,) for p in (*self.partners, REST)]

    def kernel(self, table: Floats, engaged: Engaged, extra: Any) -> Floats:
        """Pool the shares."""
        return portfolio.pool(table, engaged.weights)


@dataclass(frozen=True, kw_only=True)
class ScopedMeasure(DomainMeasure):
    """A measure of the pooled portfolio, or of each domain by itself.

    Parameters
    ----------
    of
        ``pooled`` measures the weighted mean over domains in the years that all have; ``each``
        measures every domain in its own years, with a column ``domain``.
    """

    of: Scope = "pooled"

    def keys(self) -> tuple[str, ...]:
        """Return the name of the domain as a key where domains stand apart."""
        return () if self.of == "pooled" else ("domain",)

    def chosen(self, engaged: Engaged) -> Engaged:
        """Return the common years, or all of them where domains stand apart."""
        return engaged.common() if self.of == "pooled" else engaged

    def figures(self, engaged: Engaged) -> Sequence[tuple[str, ...]]:
        """Return the domains, or nothing where they are pooled."""
        return [()] if self.of == "pooled" else [(d,) for d in engaged.domains]

    def portfolios(self, table: Floats, engaged: Engaged) -> Floats:
        """Return the named partners' amounts: draws × years × (one or domains) × partners."""
        if self.of == "each":
            return table[..., :-1]
        return portfolio.pool(table, engaged.weights)[..., None, :-1]

    def there(self, engaged: Engaged) -> np.ndarray:
        """Leave out the years of which a domain by itself has no cells."""
        return super().there(engaged) if self.of == "pooled" else engaged.listed

    def fixed(self, engaged: Engaged) -> np.ndarray:
        """Mark domains without draws, where they stand apart."""
        if self.of == "pooled":
            return super().fixed(engaged)
        return np.broadcast_to(engaged.exact, engaged.listed.shape)


@dataclass(frozen=True, kw_only=True)
class Balance(ScopedMeasure):
    """Balance: how evenly a state's engagement is spread over the named partners.

    B = 1 − KL(p̄ ‖ u)/ln n, the normalised Shannon entropy of the pooled shares p̄ = Σ_d w_d p_d on
    the subcomposition of the named partners; 0 (one partner) to 1 (equal shares). The target is
    the uniform one: for any other use the departure. Of counted ties, whose draws are posterior,
    the median of B is printed, not the B of the recorded shares.

    Examples
    --------
    >>> Balance(focal="KAZ", partners=("RUS", "CHN")).weights
    (1.0,)
    """

    name: ClassVar[str] = "balance"
    label: ClassVar[str] = "Balance among partners"
    unit: ClassVar[str] = "index 0–1"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, 1)
    citations: ClassVar[tuple[Citation, ...]] = (SHANNON,)

    def prepare(self, get: Inputs, engaged: Engaged) -> tuple[Any, str]:
        """Say which target it is."""
        return None, "uniform target"

    def kernel(self, table: Floats, engaged: Engaged, extra: Any) -> Floats:
        """Close the shares over the named partners and measure their evenness."""
        return composition.balance(self.portfolios(table, engaged))


@dataclass(frozen=True, kw_only=True)
class TargetMeasure(DomainMeasure):
    """A measure against a declared target distribution over the named partners.

    Parameters
    ----------
    target
        One positive share a partner, in their order, adding up to one. Empty takes ``against``.
    against
        Without shares of one's own: ``uniform``, the shares expected by ``gravity`` in trade, or
        shares in ``world`` output, of each year, closed over the named partners.
    benchmark
        The step that gives them; by default made from ``against``.
    """

    target: tuple[float, ...] = ()
    against: Benchmark = "uniform"
    benchmark: tuple[Step[Estimate], ...] = ()

    def __post_init__(self) -> None:
        """Fill in the step of the benchmark."""
        super().__post_init__()
        if not self.benchmark and not self.target and self.against != "uniform":
            made = benchmark_step(self.against, self.focal, self.partners)
            object.__setattr__(self, "benchmark", (made,))

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a target that is no distribution over the partners."""
        yield from super().problems()
        wrong = len(self.target) != len(self.partners) or min(self.target, default=0) <= 0
        if self.target and (wrong or abs(sum(self.target) - 1) > 1e-9):
            yield InputError(
                f"target {self.target} is no distribution over {len(self.partners)} partners.",
                "One positive share a partner, adding up to one.",
            )

    def prepare(self, get: Inputs, engaged: Engaged) -> tuple[Any, str]:
        """Return the target by year (years × partners) and say which it is."""
        n, years = len(self.partners), engaged.years
        if self.target or not self.benchmark:
            tau = np.array(self.target or (1 / n,) * n)
            parts = ", ".join(f"{p} {t:.0%}" for p, t in zip(self.partners, tau, strict=True))
            kind = "target" if self.target else "uniform target"
            return np.broadcast_to(tau, (len(years), n)), f"{kind} {parts}"
        found = get(self.benchmark[0])
        rows = found.cells.select("partner", "year").rows()
        held = dict(zip(rows, found.summary()["value"].to_list(), strict=True))
        value = [[held.get((p, y)) or np.nan for p in self.partners] for y in years]
        tau = composition.shares(np.array(value, dtype=np.float64).reshape(len(years), n))
        known = np.flatnonzero(np.isfinite(tau).all(axis=1))
        words = f"target by {self.against}"
        if known.size:
            last = zip(self.partners, tau[known[-1]], strict=True)
            words += f" ({years[known[-1]]}: {', '.join(f'{p} {t:.0%}' for p, t in last)})"
        return tau, words


@dataclass(frozen=True, kw_only=True)
class Departure(ScopedMeasure, TargetMeasure):
    """Departure of a state's engagement from a declared target distribution, in nats.

    KL(p̄ ‖ τ) = Σ_j p̄_j ln(p̄_j/τ_j) of the pooled shares on the named partners; 0 when they equal
    the target, no upper bound. A target is a political statement, so it is a field and is printed.
    Undefined in a year in which the target is not known.

    Examples
    --------
    >>> Departure(focal="KAZ", partners=("RUS", "CHN"), target=(0.25, 0.75)).target
    (0.25, 0.75)
    """

    name: ClassVar[str] = "departure"
    label: ClassVar[str] = "Departure from the target"
    unit: ClassVar[str] = "nats"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, None)
    citations: ClassVar[tuple[Citation, ...]] = (SHANNON,)

    def kernel(self, table: Floats, engaged: Engaged, extra: Any) -> Floats:
        """Measure the shares against the target of each year."""
        return composition.departure(self.portfolios(table, engaged), extra[:, None, :])


@dataclass(frozen=True, kw_only=True)
class DepartureSplit(TargetMeasure):
    """Departure of the domains from a target, split into overall imbalance and compartments.

    Σ_d v_d KL(q_d ‖ τ) = KL(q̄ ‖ τ) + JSD_v: ``domain imbalance`` is ``overall imbalance`` plus
    ``compartmentalisation``, in nats, exactly, whatever the target. q_d are the shares of domain d
    closed over the named partners and v_d its weight times their part in it, so that q̄ is the
    pooled footprint closed over them. Each 0 or more; what prints is the mean of the draws, so
    that the parts add up.

    Examples
    --------
    >>> DepartureSplit(focal="KAZ", partners=("RUS", "CHN"), against="gravity").against
    'gravity'
    """

    name: ClassVar[str] = "departure_split"
    label: ClassVar[str] = "Departure of the domains, split"
    unit: ClassVar[str] = "nats"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, None)
    adds_up: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("part",)
    citations: ClassVar[tuple[Citation, ...]] = (LIN,)

    def figures(self, engaged: Engaged) -> Sequence[tuple[str, ...]]:
        """Return the whole and its two parts."""
        del engaged
        return [("domain imbalance",), ("overall imbalance",), ("compartmentalisation",)]

    def kernel(self, table: Floats, engaged: Engaged, extra: Any) -> Floats:
        """Split each draw."""
        found = portfolio.split(table, engaged.weights, extra)
        return np.stack([found.domains, found.overall, found.between], axis=-1)


@dataclass(frozen=True, kw_only=True)
class Compartmentalisation(DomainMeasure):
    """Compartmentalisation: how far a state gives different domains to different partners.

    H = JSD_v / min(ln n, H(v)) of the domains' shares among the named partners; 0 (the same shares
    in every domain) to 1. Undefined with one domain.

    Examples
    --------
    >>> Compartmentalisation(focal="KAZ", partners=("RUS", "CHN")).unit
    'index 0–1'
    """

    name: ClassVar[str] = "compartmentalisation"
    example: ClassVar = {"domains": ("trade", "security")}
    label: ClassVar[str] = "Compartmentalisation of domains"
    unit: ClassVar[str] = "index 0–1"
    bounds: ClassVar[tuple[float | None, float | None]] = (0, 1)
    citations: ClassVar[tuple[Citation, ...]] = (LIN,)

    def kernel(self, table: Floats, engaged: Engaged, extra: Any) -> Floats:
        """Measure how far apart the domains are."""
        even = np.ones(len(self.partners))
        return portfolio.split(table, engaged.weights, even).index[..., None]


@dataclass(frozen=True, kw_only=True)
class MarginalShift(TargetMeasure):
    """Change of the departure from a target if one point of a domain's share changed hands.

    Δ = D(p with p_da − s, p_db + s) − D(p) with s = ``step``, for each domain d and each pair of
    named partners, in nats; negative where the departure falls. D is the mean departure of the
    domains, Σ v_d KL(q_d ‖ τ), or with ``of`` = ``overall`` that of the pooled shares. Arithmetic
    of the measure, not advice to a government: what a shift costs is not in it. Undefined where
    the giver has less than the step. Of the last year that all domains have.

    Parameters
    ----------
    step
        Share of the domain that moves; 0.01 is one point.

    Examples
    --------
    >>> MarginalShift(focal="KAZ", partners=("RUS", "CHN")).step
    0.01
    """

    name: ClassVar[str] = "marginal_shift"
    label: ClassVar[str] = "Change of the departure by one shift"
    unit: ClassVar[str] = "nats"
    bounds: ClassVar[tuple[float | None, float | None]] = (-1e3, 1e3)
    columns: ClassVar[tuple[str, ...]] = ("domain", "giver", "taker")
    citations: ClassVar[tuple[Citation, ...]] = (LIN,)
    step: float = 0.01
    of: Literal["domains", "overall"] = "domains"

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse also a step that is no small share."""
        yield from super().problems()
        if not 0 < self.step < 1:
            yield InputError(f"step {self.step} is no share.", "Above 0, below 1.")

    def chosen(self, engaged: Engaged) -> Engaged:
        """Return the last year that all domains have."""
        common = engaged.common()
        return common.at([len(common.years) - 1] if common.years else [])

    def figures(self, engaged: Engaged) -> Sequence[tuple[str, ...]]:
        """Return every domain with every ordered pair of partners."""
        return [(d, *pair) for d in engaged.domains for pair in self._pairs()]

    def kernel(self, table: Floats, engaged: Engaged, extra: Any) -> Floats:
        """Move the step in each domain and between each pair."""
        overall = self.of == "overall"
        found = portfolio.marginal(table, engaged.weights, extra, self.step, overall)
        apart = ~np.eye(len(self.partners), dtype=bool)
        return found[..., apart].reshape(*found.shape[:2], -1)

    def _pairs(self) -> list[tuple[str, str]]:
        return [(a, b) for a in self.partners for b in self.partners if a != b]
