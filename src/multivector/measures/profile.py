"""The profile of a state: every construct of its strategy as one long table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import polars as pl

from multivector import states
from multivector.choices import Actor
from multivector.domain import Benchmark, DomainName
from multivector.errors import (
    InputError,
    MultivectorError,
    NoConvergence,
    OutOfCoverage,
    Unavailable,
)
from multivector.estimate import Estimate
from multivector.measures import _constructs
from multivector.measures._constructs import COMMON, Entry, plain, points_of
from multivector.measures._domains import declared, domain_names
from multivector.measures.balance import (
    Balance,
    Compartmentalisation,
    Departure,
    DepartureSplit,
    Footprint,
    MarginalShift,
)
from multivector.measures.benchmarks import RelativeEngagement
from multivector.measures.engagement import Engagement, all_domains
from multivector.measures.partition import Partition, Side, is_security
from multivector.measures.ranks import RankAmong
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.step import Inputs, Step
from multivector.variable import Coverage, Key, Variable, span

PARTNERS = ("RUS", "CHN", "USA", "EU27_2020", "TUR")
POWERS = (("USA", "RUS"), ("USA", "CHN"))
PAIRS = (("RUS", "USA+EU27_2020"), ("RUS", "CHN"), ("CHN", "USA"))
CONSTRUCTS = (
    "engagement",
    "relative engagement",
    "footprint",
    "balance",
    "departure",
    "departure split",
    "compartmentalisation",
    "marginal shift",
    "partition",
    "sharp bounds",
    "dependence",
    "votes",
    "conflict votes",
    "position",
    "tension",
    "power shift",
    "continuity",
    "vacuum",
    "unexplained alignment",
    "region",
    "rank",
)
"""The constructs of a profile, in reading order."""
FEWEST_VOTES = 30
"""A year in which the state shares fewer roll calls than this with every partner says nothing."""
KEY = Key("figure of a profile", ("state", "construct", "domain", "counterpart", "part", "year"))
_NUMBERS = ("value", "low", "high")
_TEXTS = {
    "unit": "Unit of the value",
    "measure": "What is measured",
    "draws": "What the interval stands for",
    "variant": "Choices behind the figure",
    "source": "Data sets",
    "step": "Fingerprint of the step",
    "note": "Remark, or why there is no data",
}


@dataclass(frozen=True, kw_only=True)
class Profile(Step[Panel]):
    """Profile of a state between its partners: ties, dependence, votes, position, and the powers.

    One row per construct, domain, counterpart (a partner, or two powers), part and year, with
    ``value``, 90 % interval (``low``, ``high``), ``unit``, what the interval stands for, the
    choices, the data sets and the fingerprint of the step: rows of different units stand in one
    table and are never added. A construct without data has one row that says why.

    Parameters
    ----------
    partners
        States or blocs, without overlap; the rest of the world is always there. By default
        Russia, China, the United States, the European Union and Türkiye, without the focal state.
    domains
        Names of declared domains, or steps; by default every declared one. Those without data are
        left out and named, and the ``weights`` (by default equal) of the others closed to one.
    target, against
        Target of the departure, as in ``Departure``; that from equal shares is given besides.
    pairs
        Pairs of powers or blocs between which engagement is divided.
    powers
        Pairs of powers whose opposed votes are looked at; positions are taken between every two.
    comparators
        States among which the focal one is ranked.
    posterior_draws
        Draws of each chain behind ideal points, the slowest part; 0 gives the mode alone.
    parts
        The steps behind the rows; filled in from the choices.

    Examples
    --------
    >>> len(Profile(focal="KAZ", domains=("trade", "security"), comparators=("UZB",)).parts) > 20
    True
    """

    name: ClassVar[str] = "profile"
    example: ClassVar = {
        "domains": ("trade", "security"),
        "comparators": ("UZB",),
        "posterior_draws": 0,
    }
    citations: ClassVar[tuple[Citation, ...]] = ()
    focal: Actor
    partners: tuple[Actor, ...] = ()
    years: tuple[int, int] = (1992, 2024)
    domains: tuple[Step[Estimate] | DomainName, ...] = ()
    weights: tuple[float, ...] = ()
    target: tuple[float, ...] = ()
    against: Benchmark = "gravity"
    pairs: tuple[tuple[Side, Side], ...] = PAIRS
    powers: tuple[tuple[Actor, Actor], ...] = POWERS
    comparators: tuple[Actor, ...] = ()
    draws: int = 500
    seed: int = 1
    posterior_draws: int = 200
    parts: tuple[Step[Estimate], ...] = ()

    def __post_init__(self) -> None:
        """Fill in partners, domains and the steps, then check."""
        super().__post_init__()
        if not self.partners:
            object.__setattr__(self, "partners", _apart(self.focal, PARTNERS))
        if not self.domains:
            object.__setattr__(self, "domains", all_domains())
        if not self.parts:
            object.__setattr__(self, "parts", tuple(e.step for e in self.entries()))

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a group as focal state and periods that run backwards."""
        if states.is_group(self.focal):
            yield InputError(f"{self.focal} is a group.", "A profile is that of a state.")
        if self.years[0] > self.years[1]:
            yield InputError(f"years {self.years[0]}:{self.years[1]} runs backwards.")

    def entries(self) -> list[Entry]:
        """Return every construct with its step, in the order of ``parts``."""
        return [*self._ties(), *self._partitions(), *self._bounds(),
                *_constructs.dependence(self.focal, self.partners), *self._politics(),
                *self._ranks()]  # fmt: skip

    def compute(self, get: Inputs) -> Panel:
        """Evaluate each step and lay its cells out as rows."""
        frames = [
            self._rows(entry, get, step)
            for entry, step in zip(self.entries(), self.parts, strict=True)
        ]
        frames = [_without_thin_years(pl.concat(frames))]
        cover = Coverage(span(*self.years))
        numbers = [Variable(n, n.capitalize(), "see unit", cover) for n in _NUMBERS]
        texts = [Variable(n, label, "text", cover) for n, label in _TEXTS.items()]
        return Panel(pl.concat(frames), KEY, (*numbers, *texts))

    # the constructs ----------------------------------------------------------------------------

    @property
    def _among(self) -> dict[str, Any]:
        """The choices that measures on domains share."""
        return {
            "focal": self.focal,
            "partners": self.partners,
            "domains": self.domains,
            "weights": self.weights,
            "absent": "leave out",
            "years": self.years,
            "draws": self.draws,
            "seed": self.seed,
        }

    def _of_domain(self, domain: Step[Estimate] | str, focal: str = "") -> Step[Estimate]:
        if isinstance(domain, Step):
            return domain
        given = {"draws": self.draws, "seed": self.seed}
        partners = _apart(focal, self.partners) if focal else self.partners
        return Engagement(
            domain=domain, focal=focal or self.focal, partners=partners, **cast("Any", given)
        )

    def _ties(self) -> Iterator[Entry]:
        own: dict[str, Any] = {"against": self.against}
        if self.target:
            own = {"target": self.target}
        word = "given" if self.target else self.against
        names = domain_names(self.domains)
        for name, domain in zip(names, self.domains, strict=True):
            yield Entry("engagement", self._of_domain(domain), name)
        yield Entry("footprint", Footprint(**self._among), "pooled")
        for name, domain in zip(names, self.domains, strict=True):
            known = declared(domain)
            usual: Benchmark = known.benchmark if known else "world"
            for against in dict.fromkeys((usual, "uniform")):
                step = RelativeEngagement(
                    focal=self.focal, partners=self.partners, engagement=self._of_domain(domain),
                    against=against,
                )  # fmt: skip
                yield Entry("relative engagement", step, name, against)
        yield Entry("balance", Balance(**self._among), "pooled")
        yield Entry("balance", Balance(**self._among, of="each"))
        yield Entry("departure", Departure(**self._among), "pooled", "uniform")
        yield Entry("departure", Departure(**self._among, of="each"), part="uniform")
        for label, more in (("uniform", cast("dict[str, Any]", {})), (word, own)):
            if label != "uniform":
                yield Entry("departure", Departure(**self._among, **more), "pooled", label)
            yield Entry("departure split", DepartureSplit(**self._among, **more), "pooled", label)
            if label == self.against == "uniform" and not self.target:
                break
        yield Entry("compartmentalisation", Compartmentalisation(**self._among), "pooled")
        yield Entry("marginal shift", MarginalShift(**self._among), part="uniform")

    def _partitions(self) -> Iterator[Entry]:
        if len(self.domains) < 2:
            return
        secure = any(map(is_security, self.domains))
        for a, b in self._sides:
            sides: dict[str, Any] = {"power_a": a, "power_b": b}
            for signals in ("all", "security") if secure else ("all",):
                for show in ("parts", "signed lean"):
                    step = Partition(**self._among, **sides, signals=signals, show=show)
                    yield Entry(
                        "partition", step, "pooled" if signals == "all" else "security only"
                    )

    @property
    def _sides(self) -> tuple[tuple[str, str], ...]:
        """The pairs of powers or blocs, of which both are among the partners."""
        both = (
            tuple("+".join(p for p in s.split("+") if p in self.partners) for s in pair)
            for pair in self.pairs
        )
        return tuple((a, b) for a, b in both if a and b)

    def _bounds(self) -> Iterator[Entry]:
        targets: dict[str, dict[str, Any]] = {"uniform": {}}
        if self.target:
            targets["given"] = {"target": self.target}
        elif self.against != "uniform":
            targets[self.against] = {"against": self.against}
        sides = self._sides if len(self.domains) > 1 else ()
        yield from _constructs.bounds(self._among, targets, sides)

    def _politics(self) -> Iterator[Entry]:
        given: dict[str, Any] = {"focal": self.focal, "draws": self.draws, "seed": self.seed}
        powers = tuple(p for p in self.powers if self.focal not in p)
        points = points_of(self.focal, powers, self.posterior_draws, self.seed)
        yield from _constructs.votes(given, self.partners, powers)
        yield from _constructs.conflicts(given, powers, self.years)
        yield from _constructs.positions(self.focal, points)
        yield from _constructs.tension(self.focal, points, self.draws, self.seed)
        yield from _constructs.course(self.focal, self._among, points)

    def _ranks(self) -> Iterator[Entry]:
        among = tuple(dict.fromkeys((self.focal, *self.comparators)))
        if len(among) < 2:
            return
        for name, domain in zip(domain_names(self.domains), self.domains, strict=True):
            if isinstance(domain, Step) or not cast("Any", declared(domain)).options:
                continue
            of = tuple(
                Balance(
                    focal=s, partners=_apart(s, self.partners), years=self.years,
                    domains=(self._of_domain(domain, s),),
                )
                for s in among
                if _apart(s, self.partners) == self.partners
            )  # fmt: skip
            if len(of) > 1:
                yield Entry("rank", RankAmong(of=of), name, "balance")

    # rows --------------------------------------------------------------------------------------

    def _rows(self, entry: Entry, get: Inputs, step: Step[Estimate]) -> pl.DataFrame:
        try:
            found = get(step)
        except (Unavailable, OutOfCoverage, NoConvergence) as problem:
            return _absent(self.focal, entry, self.years[1], problem)
        return rows_of(found, entry, self.focal).filter(pl.col("year").is_between(*self.years))


def _without_thin_years(table: pl.DataFrame) -> pl.DataFrame:
    """Blank figures by year on votes, where a year has too few roll calls to say anything."""
    counts = table.filter(pl.col("part") == plain(COMMON)).group_by("year")
    enough = counts.agg(pl.col("value").max()).filter(pl.col("value") >= FEWEST_VOTES)["year"]
    thin = (
        ((pl.col("construct") == "votes") | (pl.col("part") == "opposed votes"))
        & ~pl.col("part").is_in([plain(COMMON), "split votes"])
        & ~pl.col("year").is_in(enough.implode())
    )
    note = pl.lit(f"Fewer than {FEWEST_VOTES} votes shared with every partner.")
    return table.with_columns(
        *(pl.when(~thin).then(pl.col(n)).alias(n) for n in _NUMBERS),
        pl.when(thin).then(note).otherwise(pl.col("note")).alias("note"),
    )


def rows_of(found: Estimate, entry: Entry, focal: str) -> pl.DataFrame:
    """Return the cells of an estimate as rows of a profile."""
    table = pl.concat([found.cells, found.summary()], how="horizontal")
    columns = set(found.key)
    if "session" in columns:  # of two sessions that opened in a year the later counts
        apart = [c for c in found.key if c != "session"]
        table = table.sort("session").unique(apart, keep="last", maintain_order=True)
    if "period" in columns:
        last = pl.col("period").cast(pl.String).str.slice(-4).cast(pl.Int64)
        table = table.with_columns(year=last)
    state = pl.col("state") if "state" in columns else pl.lit(focal)
    taken = {"state", "domain", "year", "session", *_counterpart(columns)[1]}
    rest = [pl.col(c).cast(pl.String) for c in found.key if c not in taken]
    words = [pl.lit(entry.part)] * bool(entry.part) + rest
    data = [f"{o.title}, {o.version}" for o in found.origins if o.kind == "data"]
    told = [f"{o.kind}: {o.title}" for o in found.origins if o.kind != "data"]
    note = pl.col("note").cast(pl.String) if "note" in table.columns else pl.lit(None, pl.String)
    return table.select(
        state=state.cast(pl.String),
        construct=pl.lit(entry.construct),
        domain=pl.col("domain") if "domain" in columns else pl.lit(entry.domain),
        counterpart=_counterpart(columns)[0],
        part=pl.concat_str(words, separator=", ") if words else pl.lit("value"),
        year=pl.col("year").cast(pl.Int64),
        value=pl.col("value"),
        low=pl.col("low"),
        high=pl.col("high"),
        unit=pl.lit(found.unit),
        measure=pl.lit(found.label),
        draws=pl.lit(found.draw_kind),
        variant=pl.lit(found.variant),
        source=pl.lit("; ".join(dict.fromkeys((*data, *told)))),
        step=pl.lit(found.fingerprint),
        note=note,
    )


def _counterpart(columns: set[str]) -> tuple[pl.Expr, tuple[str, ...]]:
    """Return with whom a row is about, and the key columns that say so."""
    for pair, sign in ((("power_a", "power_b"), " | "), (("giver", "taker"), " to ")):
        if columns.issuperset(pair):
            return pl.concat_str(list(pair), separator=sign), pair
    if "partner" in columns:
        return pl.col("partner").cast(pl.String), ("partner",)
    return pl.lit("all"), ()


def _absent(focal: str, entry: Entry, year: int, problem: MultivectorError) -> pl.DataFrame:
    """Return the one row of a construct without data."""
    step: Any = entry.step
    words = dict.fromkeys((*_NUMBERS, *_TEXTS))
    row: dict[str, Any] = {
        "state": getattr(step, "focal", focal),
        "construct": entry.construct,
        "domain": entry.domain,
        "counterpart": " | ".join(
            str(getattr(step, n)) for n in ("power_a", "power_b") if hasattr(step, n)
        )
        or "all",
        "part": ", ".join(w for w in (entry.part, str(getattr(step, "show", ""))) if w) or "value",
        "year": year,
        **words,
        "unit": getattr(step, "unit", ""),
        "measure": getattr(step, "label", step.name),
        "note": " ".join(str(problem).split()),
    }
    schema = {
        "year": pl.Int64,
        **dict.fromkeys(_NUMBERS, pl.Float64),
    }
    return pl.DataFrame([row], {k: schema.get(k, pl.String) for k in row}, orient="row")


def _apart(focal: str, partners: tuple[str, ...]) -> tuple[str, ...]:
    """Return the partners that the focal state is not and does not belong to."""

    def part_of(actor: str) -> bool:
        if not states.is_group(actor):
            return actor == focal
        return focal in {m.member for m in states.memberships(actor)}

    return tuple(p for p in partners if not part_of(p))
