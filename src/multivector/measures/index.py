"""The composite index: many indicators in one score a unit, every choice on the way a field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Literal, Self

import numpy as np

from multivector.choices import fitted
from multivector.errors import MultivectorError, UnknownName, raise_all
from multivector.estimate import Estimate
from multivector.measures._indicators import (
    HANDBOOK,
    Indicator,
    Pillar,
    Tabled,
    tabulate,
)
from multivector.measures._tree import Tree, lacks, limits, treated_words, words
from multivector.origin import Citation
from multivector.reading import records, table, toml
from multivector.stats import composite
from multivector.stats.composite import Aggregation, Imputation, Preparation, Treatment
from multivector.stats.composite import Normalisation as Scaling
from multivector.stats.composite import Weighting as Weights
from multivector.stats.summaries import Floats
from multivector.step import Inputs, Measure, Step


@dataclass(frozen=True, kw_only=True)
class Index(Measure):
    """Composite index of indicators of different units, combined up a tree of pillars.

    Indicators x are divided by their denominators, missing cells imputed, heavy tails drawn in,
    and each is normalised to z so that higher is better. The score of every pillar and at last of
    the index is a mean of what lies below: the weighted arithmetic mean Σ w z, or another. Every
    choice on the way is a field, so that ``edit`` and an ensemble can vary it. A missing value
    leaves the score missing unless ``imputation`` or ``least`` says otherwise. Scores compare units
    with one another; they have no meaning beyond the choices made.

    Parameters
    ----------
    tables
        Panels (their variables are the columns) and estimates (one column each, named as the
        measure is), all with the same unit of analysis; ``year`` in the key makes it a panel.
    indicators, pillars
        What is combined and in which tree; indicators without a parent hang from the index.
    label
        Name of the index.
    known
        Screening: least share of its indicators that must be known for a unit to stay.
    imputation, group, draws, seed
        How missing cells are filled: by mean or median of the unit's group in that year, by the
        last value, by interpolation, or drawn from the group (``hot deck``, multiple imputation
        with ``draws`` and ``seed``). ``group`` is a text column; without it all units are one.
    treatment, skew, kurtosis, moved
        What is done with indicators whose |G₁| and G₂ exceed the limits; ``moved`` is the most
        values that winsorising may move.
    normalisation, scale, reference
        How indicators become comparable; ``scale`` is that of min–max and goalposts, ``reference``
        the unit of ``distance to reference``.
    over
        Whether outliers and scales are judged over all years, so that scores are comparable
        through time, or in each year apart.
    weighting, weights
        ``given`` takes the weights of the structure, or ``weights`` (every indicator, then every
        pillar, in order) in their place; ``equal``, ``budget``, ``pca`` or ``optimised``.
    aggregation, power
        How the index, and every pillar that does not say so itself, is combined; ``power`` is that
        of the generalised mean.
    least
        Smallest share of the weight below a node that must be known.
    show
        Scores, or ranks within the year.

    Examples
    --------
    >>> from multivector.registry import find
    >>> table = find("panels", "table")("mine.csv")
    >>> parts = ({"column": "gdp"}, {"column": "debt", "parent": "debts"})
    >>> Index(tables=(table,), indicators=parts)
    Traceback (most recent call last):
    ...
    multivector.errors.UnknownName: There is no pillar 'debts' in indicator 2 (debt).
      Known: none.
    """

    name: ClassVar[str] = "index"
    example: ClassVar = {
        "tables": [{"step": "factbook_partners"}],
        "indicators": [{"column": "exports_share"}, {"column": "imports_share"}],
        "least": 0.5,
    }
    unit: ClassVar[str] = "index points"
    citations: ClassVar[tuple[Citation, ...]] = (HANDBOOK,)
    tables: tuple[Step[Any], ...]
    indicators: tuple[Indicator, ...]
    pillars: tuple[Pillar, ...] = ()
    label: str = "Composite index"
    known: float = 0.0
    imputation: Imputation = "none"
    group: str = ""
    draws: int = 100
    seed: int = 1
    treatment: Treatment = "none"
    skew: float = 2.0
    kurtosis: float = 3.5
    moved: int = 5
    normalisation: Scaling = "min-max"
    scale: tuple[float, float] = (0.0, 100.0)
    reference: str = ""
    over: Literal["all years", "each year"] = "all years"
    weighting: Weights = "given"
    weights: tuple[float, ...] = ()
    aggregation: Aggregation = "arithmetic"
    power: float = 0.5
    least: float = 1.0
    show: Literal["score", "rank"] = "score"

    @classmethod
    def from_toml(cls, text: str, *tables: Step[Any], where: str = "structure") -> Self:
        """Read a structure file, reporting every problem at once with its place.

        ``[index]`` holds the choices, ``[[indicator]]`` and ``[[pillar]]`` the tree;
        ``[[choice]]``, which an ensemble reads, is passed over.
        """
        data = toml(text, where)
        known = ("index", "indicator", "pillar", "choice")
        problems: list[MultivectorError] = [
            UnknownName("table", k, known, where=where) for k in data if k not in known
        ]
        indicators = records(Indicator, data, "indicator", problems, where)
        pillars = records(Pillar, data, "pillar", problems, where)
        parts = {"tables", "indicators", "pillars"}
        head = fitted(cls, table(data, "index", problems), f"{where}: index", problems, parts)
        raise_all(f"{where} cannot be used", problems)
        return cls(
            tables=tables,
            indicators=tuple(filter(None, indicators)),
            pillars=tuple(filter(None, pillars)),
            **head,
        )

    # checks ------------------------------------------------------------------------------------

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse a tree that is none, and choices that lack what they need."""
        yield from self.tree.problems()
        yield from lacks(self)

    # what the array program takes --------------------------------------------------------------

    @property
    def tree(self) -> Tree:
        """The tree of indicators and pillars."""
        return Tree(self.indicators, self.pillars)

    @property
    def nominal_weights(self) -> Floats:
        """Weight of every child of the tree, before it is closed among its siblings."""
        if self.weighting == "budget" and not self.weights:
            return self.tree.budget()
        given = self.weights or [c.weight for c in self.tree.children]
        return np.array(given, dtype=np.float64)

    def table(self, get: Inputs) -> Tabled:
        """Read the inputs as rows × indicators, denominated, one table a draw."""
        return tabulate(
            [get(t) for t in self.tables],
            [t.name for t in self.tables],
            self.indicators,
            group=self.group,
            imputations=self.draws if self.imputation == "hot deck" else 0,
            seed=self.seed,
            known=self.known,
        )

    def preparation(self, table: Tabled) -> Preparation:
        """Return the choices on the way from raw to normalised indicators."""
        names = {f.name for f in fields(Preparation)} & {f.name for f in fields(self)}
        same: dict[str, Any] = {n: getattr(self, n) for n in names - {"reference"}}

        def each(field: str) -> Floats | None:
            values = [getattr(i, field) for i in self.indicators]
            return None if None in values else np.array(values, dtype=np.float64)

        return Preparation(
            np.array([i.direction == 1 for i in self.indicators]),
            pooled=self.over == "all years",
            reference=table.unit(self.reference) if self.reference else -1,
            **{field: each(field) for field in ("low", "high", "target")},
            **same,
        )

    def nodes(self, table: Tabled, z: Floats, weights: Floats) -> Floats:
        """Combine normalised indicators (…, rows, indicators) into scores (…, rows, nodes)."""
        nodes, order = self.tree.nodes(self.aggregation)
        return composite.combine(
            z,
            weights[..., order],
            nodes,
            table.rows,
            weighting=self.weighting,
            power=self.power,
            least=self.least,
        )

    # the measure -------------------------------------------------------------------------------

    def compute(self, get: Inputs) -> Estimate:
        """Prepare and combine, for the values and for each draw of the inputs at once."""
        table = self.table(get)
        how = self.preparation(table)

        def final(x: Floats) -> Floats:
            z = composite.prepare(x, table.rows, how)
            scores = self.nodes(table, z, self.nominal_weights)[..., -1]
            return composite.ranks(scores, table.rows) if self.show == "rank" else scores

        observed = None if table.observed is None else final(table.observed)
        made = self.wrap(table, final(table.draws).T, observed)
        said = treated_words(self, table, how)
        return replace(made, variant=f"{made.variant}; {said}") if said else made

    def wrap(self, table: Tabled, draws: Floats, observed: Floats | None = None) -> Estimate:
        """Wrap scores or ranks, rows × draws."""
        ranked = self.show == "rank"
        return Estimate(
            table.cells,
            draws,
            label=f"Rank in: {self.label}" if ranked else self.label,
            unit=self.unit,
            draw_kind=table.kind,
            variant=words(self),
            range=(1, len(table.cells)) if ranked else limits(self, len(table.cells)),
            observed=observed,
        )
