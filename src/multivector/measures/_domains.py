"""What measures on several domains share: joint draws of the shares in each, pooled or apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, cast

import numpy as np
import polars as pl

from multivector.choices import Actor
from multivector.domain import Domain, DomainName
from multivector.errors import (
    InputError,
    KeyMismatch,
    MultivectorError,
    OutOfCoverage,
    Unavailable,
    raise_all,
)
from multivector.estimate import Estimate
from multivector.measures._ledger import Floats
from multivector.measures.engagement import Engagement, joint_kind
from multivector.measures.trade import REST, overlaps
from multivector.quantity import DrawKind
from multivector.registry import everything
from multivector.stats.sensitivity import pick
from multivector.stats.summaries import summarise
from multivector.step import Inputs, Measure, Step


@dataclass(frozen=True)
class Engaged:
    """The shares of one state in several domains, with joint draws.

    ``table`` has the shape draws × years × domains × (partners + rest); ``recorded`` is the same
    of the values that print, with one draw, where draws resample a record; ``listed`` (years ×
    domains) says of which years a domain has cells, if only to say that it has no data; ``exact``
    which domains have no draws. Domains are drawn independently of each other; one without draws
    is taken as exact, and ``words`` says so.
    """

    table: Floats
    recorded: Floats
    listed: np.ndarray
    years: tuple[int, ...]
    domains: tuple[str, ...]
    weights: Floats
    exact: np.ndarray
    draw_kind: DrawKind
    words: str

    def common(self) -> Engaged:
        """Keep the years of which every domain has cells."""
        return self.at(np.flatnonzero(self.listed.all(axis=-1)))

    def at(self, rows: Sequence[int] | np.ndarray) -> Engaged:
        """Keep the years in these positions."""
        kept = tuple(self.years[int(t)] for t in rows)
        return replace(
            self,
            table=self.table[:, rows],
            recorded=self.recorded[:, rows],
            listed=self.listed[rows],
            years=kept,
        )


@dataclass(frozen=True, kw_only=True)
class DomainMeasure(Measure):
    """A measure on the engagement of one state with partners over one or more domains.

    Parameters
    ----------
    partners
        The partners among whom balance is judged; the rest of the world is reported apart.
    domains
        Names of declared domains, or steps that yield shares with cells (state, partner, year); by
        default trade alone.
    weights
        One weight a domain, adding up to one; by default equal.
    absent
        What happens to a domain without data: ``refuse`` raises, ``leave out`` goes on with the
        others, their weights closed to one, and says so.
    years
        First and last year; ``None`` takes all that the domains have.
    draws, seed
        Those of domains given by name.
    """

    columns: ClassVar[tuple[str, ...]] = ()
    label: ClassVar[str]
    bounds: ClassVar[tuple[float | None, float | None]]
    adds_up: ClassVar[bool] = False
    focal: Actor
    partners: tuple[Actor, ...]
    domains: tuple[Step[Estimate] | DomainName, ...] = ("trade",)
    weights: tuple[float, ...] = ()
    absent: Literal["refuse", "leave out"] = "refuse"
    years: tuple[int, int] | None = None
    draws: int = 500
    seed: int = 1

    def __post_init__(self) -> None:
        """Fill in the steps of domains given by name and the weights, then check."""
        if not self.weights:
            object.__setattr__(self, "weights", (1 / len(self.domains),) * len(self.domains))
        super().__post_init__()
        given = {"focal": self.focal, "partners": self.partners}
        given |= {"draws": self.draws, "seed": self.seed}
        made = tuple(
            Engagement(domain=d, **cast("Any", given)) if isinstance(d, str) else d
            for d in self.domains
        )
        object.__setattr__(self, "domains", made)

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
        if self.years is not None and self.years[0] > self.years[1]:
            yield InputError(f"years {self.years[0]}:{self.years[1]} runs backwards.")

    # to be overridden --------------------------------------------------------------------------

    def keys(self) -> tuple[str, ...]:
        """Return the names of the key columns between state and year."""
        return self.columns

    def figures(self, engaged: Engaged) -> Sequence[tuple[str, ...]]:
        """Return the figures of one year, as values of the key columns between state and year."""
        del engaged
        return [()]

    def kernel(self, table: Floats, engaged: Engaged, extra: Any) -> Floats:
        """Return the figures, shape (draws, years, figures), from shares as in ``Engaged``."""
        raise NotImplementedError

    def there(self, engaged: Engaged) -> np.ndarray:
        """Return which figures have a cell in which year (years × figures)."""
        return np.ones((len(engaged.years), len(self.figures(engaged))), dtype=bool)

    def fixed(self, engaged: Engaged) -> np.ndarray:
        """Return which figures rest on domains without draws alone (years × figures)."""
        return np.zeros((len(engaged.years), len(self.figures(engaged))), dtype=bool)

    def prepare(self, get: Inputs, engaged: Engaged) -> tuple[Any, str]:
        """Return what else the kernel needs, and words about it."""
        del get, engaged
        return None, ""

    def chosen(self, engaged: Engaged) -> Engaged:
        """Return what the measure looks at: the years that all domains have."""
        return engaged.common()

    # -------------------------------------------------------------------------------------------

    def compute(self, get: Inputs) -> Estimate:
        """Join the domains, apply the kernel to each draw."""
        engaged = self._joined(get)
        extra, words = self.prepare(get, engaged)
        there = self.there(engaged).reshape(-1)
        draws = _flat(self.kernel(engaged.table, engaged, extra), there)
        printed = None
        if engaged.draw_kind == "bootstrap":
            printed = self.kernel(engaged.recorded, engaged, extra).reshape(-1)[there]
        elif self.adds_up and engaged.draw_kind != "point":
            printed = _means(draws)
        fixed = self.fixed(engaged).reshape(-1)[there]
        if engaged.draw_kind != "point" and fixed.any():
            printed = summarise(draws).median if printed is None else printed
            draws[fixed] = np.nan  # an exact value has no interval
        return self._told(engaged, draws, printed, words)

    def replayed(self, get: Inputs, weights: Floats, uniform: Floats) -> Estimate:
        """Return the figures at given weights and draws, as an ensemble needs them.

        *weights* has the shape replays × domains, *uniform* (replays,) picks a draw of the shares.
        Equal to computing with each row of weights and taking that draw.
        """
        engaged = self._joined(get)
        extra, words = self.prepare(get, engaged)
        names = domain_names(self.domains)
        own = weights[:, [names.index(d) for d in engaged.domains]]
        places = pick(uniform, len(engaged.table))
        found = [
            self.kernel(engaged.table[[at]], replace(engaged, weights=w / w.sum()), extra)
            for at, w in zip(places, own, strict=True)
        ]
        draws = _flat(np.concatenate(found), self.there(engaged).reshape(-1))
        kind = "weight" if engaged.draw_kind == "point" else engaged.draw_kind
        return self._told(replace(engaged, draw_kind=kind), draws, None, words)

    def _joined(self, get: Inputs) -> Engaged:
        engaged = self.chosen(self.engaged(get))
        if not engaged.years:
            raise OutOfCoverage(
                f"{self.label}: no year is covered by all of {', '.join(engaged.domains)}.",
                remedy="Ask for other years, or for fewer domains.",
            )
        return engaged

    def _told(
        self, engaged: Engaged, draws: Floats, printed: Floats | None, words: str
    ) -> Estimate:
        figures = [(y, f) for y in engaged.years for f in self.figures(engaged)]
        there = self.there(engaged).reshape(-1)
        rows = [(self.focal, *f, y) for (y, f), kept in zip(figures, there, strict=True) if kept]
        columns = ("state", *self.keys(), "year")
        schema = {c: pl.Int64 if c == "year" else pl.String for c in columns}
        return Estimate(
            pl.DataFrame(rows, schema, orient="row"),
            draws,
            label=self.label,
            unit=self.unit,
            draw_kind=engaged.draw_kind,
            variant="; ".join(w for w in (words, engaged.words) if w),
            range=self.bounds,
            observed=printed,
        )

    def engaged(self, get: Inputs) -> Engaged:
        """Return the shares in every domain that has data, over all years that some domain has."""
        found: dict[int, Estimate] = {}
        problems: list[MultivectorError] = []
        for k, step in enumerate(cast("tuple[Step[Estimate], ...]", self.domains)):
            try:
                found[k] = get(step)
            except (Unavailable, OutOfCoverage) as problem:
                problems.append(problem)
        if problems and (self.absent == "refuse" or not found):
            raise problems[0]
        raise_all("The domains do not fit", [p for e in found.values() for p in self._misfits(e)])
        names = domain_names(self.domains)
        kept = tuple(names[k] for k in found)
        weights = np.array([self.weights[k] for k in found])
        if not weights.sum() > 0:
            raise Unavailable("No domain with a weight has data.")
        weights = weights / weights.sum()
        estimates = list(found.values())
        widths = {e.draws.shape[1] for e in estimates if e.draw_kind != "point"} or {1}
        if len(widths) > 1:
            raise KeyMismatch(
                f"The domains have {' and '.join(map(str, sorted(widths)))} draws.",
                remedy="Draw each the same number of times.",
            )
        years = sorted({int(y) for e in estimates for y in e.cells["year"] if self._wanted(y)})
        actors = (*self.partners, REST)
        table = np.stack([_shares(e, actors, years, max(widths)) for e in estimates], axis=2)
        kind, exact = joint_kind(estimates), np.array([e.draw_kind == "point" for e in estimates])
        recorded = table[:0]
        if kind == "bootstrap":
            recorded = np.stack([_shares(e, actors, years, 0) for e in estimates], axis=2)
        listed = np.stack([np.isin(years, e.cells["year"].to_numpy()) for e in estimates], axis=1)
        left = [names[k] for k in range(len(names)) if k not in found]
        words = _words(self.partners, kept, weights, estimates, left)
        return Engaged(table, recorded, listed, tuple(years), kept, weights, exact, kind, words)

    def _wanted(self, year: int) -> bool:
        return self.years is None or self.years[0] <= year <= self.years[1]

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


def _flat(found: Floats, there: np.ndarray) -> Floats:
    """Return cells × draws of what a kernel gave, without the cells that are not there."""
    return np.moveaxis(found, 0, -1).reshape(len(there), len(found))[there]


def declared(step: Step[Estimate] | str) -> Domain | None:
    """Return the domain that a step measures, None where no declared domain has such a step."""
    known: dict[str, Domain] = everything("domains")
    if isinstance(step, str):
        return known[step]
    if isinstance(step, Engagement):
        return step.declared
    return next((d for d in known.values() if step.name in {o.measure for o in d.options}), None)


def domain_names(steps: Iterable[Step[Estimate] | str]) -> tuple[str, ...]:
    """Return a name for each domain: as declared, else the step's, numbered where it recurs."""
    names: list[str] = []
    for step in steps:
        found = declared(step)
        base = found.name if found is not None else str(getattr(step, "name", "") or "domain")
        same = sum(n == base or n.rpartition(" ")[0] == base for n in names)
        names.append(f"{base} {same + 1}" if same else base)
    return tuple(names)


def _shares(e: Estimate, actors: tuple[str, ...], years: list[int], width: int) -> Floats:
    """Return draws × years × actors; with width 0 the values that print, as one draw."""
    values = e.draws if width else e.summary()["value"].fill_null(np.nan).to_numpy()[:, None]
    values = np.vstack([values, np.full((1, values.shape[1]), np.nan)])
    place = {(p, y): k for k, (p, y) in enumerate(e.cells.select("partner", "year").rows())}
    at = np.array([[place.get((a, y), -1) for a in actors] for y in years], dtype=np.intp)
    found = np.moveaxis(values[at.reshape(len(years), len(actors))], -1, 0)
    return np.broadcast_to(found, (max(width, 1), *found.shape[1:]))


def _words(
    partners: tuple[str, ...],
    kept: tuple[str, ...],
    weights: Floats,
    estimates: Sequence[Estimate],
    left: Sequence[str],
) -> str:
    even = np.allclose(weights, weights[0])
    parts = [f"{n} {w:.2f}" for n, w in zip(kept, weights, strict=True)]
    text = [f"over {len(partners)} partners"]
    text.append("domains: " + ", ".join(kept if even else parts))
    text += ["equal weights"] if even and len(kept) > 1 else []
    if left:
        text.append(f"no data, left out: {', '.join(left)}")
    drawn = [
        f"{n} {e.draw_kind}" for n, e in zip(kept, estimates, strict=True) if e.draw_kind != "point"
    ]
    exact = [n for n, e in zip(kept, estimates, strict=True) if e.draw_kind == "point"]
    if drawn:
        text.append("draws: " + ", ".join(drawn))
        text += [f"taken as exact: {', '.join(exact)}"] if exact else []
    return "; ".join(text)


def _means(draws: Floats) -> Floats:
    """Return the mean of each cell's draws; NaN where more than 5 % of them are undefined."""
    undefined = np.isnan(draws)
    known = (~undefined).sum(axis=1)
    total = np.where(undefined, 0.0, draws).sum(axis=1)
    enough = (undefined.mean(axis=1) <= 0.05) & (known > 0)
    return np.where(enough, total / np.maximum(known, 1), np.nan)
