"""Balance: how evenly a state's ties are spread over named partners, and between two powers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from multivector.choices import Actor
from multivector.errors import InputError, KeyMismatch, MultivectorError, raise_all
from multivector.estimate import Estimate
from multivector.measures.trade import REST, SHANNON, PartnerShare, overlaps
from multivector.origin import Citation
from multivector.stats import composition
from multivector.step import Inputs, Measure, Step

KUIK = Citation(
    "kuik2016",
    "article",
    "Kuik, Cheng-Chwee",
    "How Do Weaker States Hedge? Unpacking ASEAN States' Alignment Behavior towards China",
    2016,
    "Journal of Contemporary China 25(100):500-514",
    doi="10.1080/10670564.2015.1132714",
)


@dataclass(frozen=True, kw_only=True)
class DomainMeasure(Measure):
    """A measure on the engagement of one state with partners over one or more domains.

    Parameters
    ----------
    partners
        The partners among whom balance is judged; the rest of the world is reported apart.
    domains
        Steps that yield shares with cells (state, partner, year); by default trade alone.
    weights
        One weight a domain, adding up to one; by default equal.
    """

    focal: Actor
    partners: tuple[Actor, ...]
    domains: tuple[Step[Estimate], ...] = ()
    weights: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Fill in the defaults, then check."""
        if not self.domains:
            trade = PartnerShare(focal=self.focal, partners=self.partners)
            object.__setattr__(self, "domains", (trade,))
        if not self.weights:
            object.__setattr__(self, "weights", (1 / len(self.domains),) * len(self.domains))
        super().__post_init__()

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse overlapping partners and weights that are no weights."""
        yield from overlaps(self.partners)
        if len(self.partners) < 2:
            yield InputError("Balance needs at least two partners.")
        fits = len(self.weights) == len(self.domains) and min(self.weights) >= 0
        if not fits or abs(sum(self.weights) - 1) > 1e-9:
            yield InputError(
                f"weights {self.weights} do not fit {len(self.domains)} domains.",
                "One weight a domain, none negative, adding up to one.",
            )

    def shares(self, get: Inputs) -> tuple[np.ndarray, list[int], str]:
        """Return shares (years × domains × partners + rest), the common years, and the variant."""
        estimates = [get(d) for d in self.domains]
        raise_all("The domains do not fit", [p for e in estimates for p in self._misfits(e)])
        years = sorted(set.intersection(*(set(e.cells["year"]) for e in estimates)))
        table = np.full((len(years), len(estimates), len(self.partners) + 1), np.nan)
        for d, e in enumerate(estimates):
            rows = e.cells.select("partner", "year").with_columns(value=e.summary()["value"])
            wide = rows.pivot("partner", index="year", values="value").sort("year")
            wide = wide.filter(pl.col("year").is_in(years))
            table[:, d] = wide.select(*self.partners, REST).cast(pl.Float64).to_numpy()
        labels = ", ".join(dict.fromkeys(e.label.lower() for e in estimates))
        return table, years, f"over {len(self.partners)} partners; domains: {labels}"

    def _misfits(self, domain: Estimate) -> Iterable[MultivectorError]:
        shares = domain.unit.startswith("share")
        if not shares or sorted(domain.key) != ["partner", "state", "year"]:
            yield KeyMismatch(
                f"{domain.label} has cells ({', '.join(domain.key)}) in {domain.unit}.",
                "A domain has cells (state, partner, year) and shares.",
            )
            return
        if set(domain.cells["state"]) - {self.focal}:
            yield KeyMismatch(
                f"{domain.label} speaks of {', '.join(domain.cells['state'].unique())}, "
                f"not of {self.focal}.",
                remedy="Give every domain the same focal state.",
            )
        lost = {*self.partners, REST} - set(domain.cells["partner"])
        if lost:
            yield KeyMismatch(
                f"{domain.label} has no cells for {', '.join(sorted(lost))}.",
                remedy="Give every domain the same partners.",
            )

    def wrap(
        self,
        rows: Iterable[tuple[object, ...]],
        columns: list[str],
        values: np.ndarray,
        **more: object,
    ) -> Estimate:
        """Wrap point values, one row a cell."""
        schema = {c: pl.Int64 if c == "year" else pl.String for c in columns}
        cells = pl.DataFrame(list(rows), schema, orient="row")
        return Estimate(cells, values.reshape(-1, 1), unit=self.unit, **more)  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class Balance(DomainMeasure):
    """Balance: how evenly a state's engagement is spread over the named partners.

    B = 1 − KL(p̄ ‖ u)/ln n, the normalised Shannon entropy of the pooled shares p̄ = Σ_d w_d p_d on
    the subcomposition of the named partners; 0 (one partner) to 1 (equal shares). The target is
    the uniform one: for any other use the departure.

    Examples
    --------
    >>> Balance(focal="KAZ", partners=("RUS", "CHN")).weights
    (1.0,)
    """

    name: ClassVar[str] = "balance"
    unit: ClassVar[str] = "index 0–1"
    citations: ClassVar[tuple[Citation, ...]] = (SHANNON,)

    def compute(self, get: Inputs) -> Estimate:
        """Close the shares over the named partners and measure their evenness."""
        table, years, variant = self.shares(get)
        pooled = np.einsum("tdp,d->tp", table[..., :-1], np.array(self.weights))
        return self.wrap(
            [(self.focal, y) for y in years],
            ["state", "year"],
            composition.balance(pooled),
            label="Balance among partners",
            variant=f"uniform target, {variant}",
            range=(0, 1),
        )


@dataclass(frozen=True, kw_only=True)
class Departure(DomainMeasure):
    """Departure of a state's engagement from a declared target distribution, in nats.

    KL(p̄ ‖ τ) = Σ_j p̄_j ln(p̄_j/τ_j) of the pooled shares on the named partners; 0 when they equal
    the target, no upper bound. A target is a political statement, so it is a field and is printed.

    Parameters
    ----------
    target
        One positive share a partner, in their order, adding up to one; empty means uniform.

    Examples
    --------
    >>> Departure(focal="KAZ", partners=("RUS", "CHN"), target=(0.25, 0.75)).target
    (0.25, 0.75)
    """

    name: ClassVar[str] = "departure"
    unit: ClassVar[str] = "nats"
    citations: ClassVar[tuple[Citation, ...]] = (SHANNON,)
    target: tuple[float, ...] = ()

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a target that is no distribution over the partners."""
        yield from super().problems()
        wrong = len(self.target) != len(self.partners) or min(self.target, default=0) <= 0
        if self.target and (wrong or abs(sum(self.target) - 1) > 1e-9):
            yield InputError(
                f"target {self.target} is no distribution over {len(self.partners)} partners.",
                "One positive share a partner, adding up to one.",
            )

    def compute(self, get: Inputs) -> Estimate:
        """Measure the pooled shares against the target."""
        table, years, variant = self.shares(get)
        pooled = np.einsum("tdp,d->tp", table[..., :-1], np.array(self.weights))
        n = len(self.partners)
        target = np.array(self.target or (1 / n,) * n)
        words = ", ".join(f"{p} {t:.0%}" for p, t in zip(self.partners, target, strict=True))
        return self.wrap(
            [(self.focal, y) for y in years],
            ["state", "year"],
            composition.departure(pooled, target),
            label="Departure from the target",
            variant=f"target {words}; {variant}",
            range=(0, None),
        )


@dataclass(frozen=True, kw_only=True)
class Partition(DomainMeasure):
    """Partition of a state's engagement between two powers into four parts that add up to one.

    With ℓ_d = p_dA − p_dB and m_d = p_dA + p_dB: net lean |Σ w ℓ|, cross-domain offset
    Σ w|ℓ| − |Σ w ℓ|, within-domain evenness Σ w m − Σ w|ℓ|, outside 1 − Σ w m. Offsetting leans
    (hedging across domains) are told apart from evenness inside each domain. At least two
    substantive domains are needed, and a state is "consistent with hedging" only with a security
    domain among them. The cell ``signed lean`` is Σ w ℓ, positive toward A.

    Parameters
    ----------
    power_a, power_b
        Two of the partners.

    Examples
    --------
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
    unit: ClassVar[str] = "share 0–1"
    citations: ClassVar[tuple[Citation, ...]] = (KUIK,)
    power_a: Actor
    power_b: Actor
    parts: ClassVar[tuple[str, ...]] = ("net lean", "offset", "evenness", "outside")
    show: Literal["parts", "signed lean"] = "parts"

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a single domain and powers that are not among the partners."""
        yield from super().problems()
        if len(self.domains) < 2:
            yield InputError(
                f"The partition needs at least two domains; {len(self.domains)} given.",
                "With one domain the cross-domain offset is undefined.",
                "Add a substantive domain, such as security.",
            )
        for power in (self.power_a, self.power_b):
            if power not in self.partners:
                yield InputError(f"{power} is not among the partners.")
        if self.power_a == self.power_b:
            yield InputError(f"{self.power_a} is named as both powers.")

    def compute(self, get: Inputs) -> Estimate:
        """Apply the four definitions to the shares of each year."""
        table, years, variant = self.shares(get)
        a, b = (self.partners.index(p) for p in (self.power_a, self.power_b))
        found = composition.partition(table, np.array(self.weights), [a], [b])
        columns = (np.abs(found.net_lean), found.offset, found.evenness, found.outside)
        signed = self.show == "signed lean"
        names = ("signed lean",) if signed else self.parts
        values = np.stack((found.net_lean,) if signed else columns, axis=1)
        rows = [(self.focal, self.power_a, self.power_b, n, y) for y in years for n in names]
        return self.wrap(
            rows,
            ["state", "power_a", "power_b", "part", "year"],
            values,
            label="Partition between two powers",
            variant=variant,
            range=(-1, 1) if signed else (0, 1),
        )
