"""Results with how sure they are: any step, and the standing of units in an index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import polars as pl

from multivector.ensemble.alternatives import OneAtATime, without_value
from multivector.ensemble.ensemble import OVERALL, Ensemble, hangs_on
from multivector.ensemble.replays import Replays
from multivector.ensemble.sources import Choice, Varied, sources_in
from multivector.errors import MultivectorError, each_of, raise_all
from multivector.estimate import Estimate
from multivector.measures.index import Index
from multivector.measures.index_statistics import IndexStatistics
from multivector.reading import records, toml
from multivector.step import Step

Run = Callable[[Step[Any]], Any]
STATISTICS = ("availability", "effective weight", "importance", "correlation", "redundancy")


@dataclass(frozen=True)
class Assessment:
    """How sure a step is: what was varied, the draws over it, and what it hangs on.

    ``varied`` is printed before the draws. ``shares`` has first-order and total shares of the
    variance of all cells together by source, with 90 % intervals, and ``total`` the latter by
    source and cell; ``direction`` the probability of the more probable sign; ``alone`` the values
    with each alternative by itself, None where no choice is varied.
    """

    varied: str
    draws: Estimate
    shares: pl.DataFrame
    words: str
    total: Estimate
    direction: Estimate
    alone: Estimate | None


@dataclass(frozen=True)
class Standing:
    """Scores and ranks of an index, with rank intervals where something was varied."""

    index: Estimate
    table: pl.DataFrame
    assessed: Assessment | None = None


def read_structure(
    text: str, *tables: Step[Any], where: str = "structure"
) -> tuple[Index, tuple[Varied, ...]]:
    """Read an index and the choices to vary from a structure file, with all problems at once."""
    problems: list[MultivectorError] = []
    index: Index | None = None
    found = records(Varied, toml(text, where), "choice", problems, where)
    varied = tuple(v for v in found if v is not None)
    try:
        index = Index.from_toml(text, *tables, where=where)
        sources_in(index, varied, strict=True)
    except MultivectorError as problem:
        problems += each_of(problem)
    raise_all(f"{where} cannot be used", problems)
    assert index is not None
    return index, varied


def assess(
    run: Run,
    step: Step[Estimate],
    varied: Sequence[Varied],
    *,
    of: Literal["value", "rank"] = "value",
    rows: int = 64,
    seed: int = 1,
) -> Assessment:
    """Replay a step over the choices that a file asks to vary, and over its own draws."""
    choices, weights = sources_in(step, varied)
    replays = Replays(tree=step, choices=choices, weights=weights, rows=rows, seed=seed, of=of)
    alone = run(OneAtATime(replays)) if choices else None
    lost = without_value(alone) if alone is not None else []
    if lost:
        replays = replace(replays, choices=_without(choices, lost))
    spread = Ensemble(replays)
    drawn, total, first, sign = (
        run(replace(spread, show=show)) for show in ("draws", "total", "first order", "direction")
    )
    said = spread.words(point=run(step).draw_kind == "point")
    said += "".join(
        f"\n{name}: {words} leaves no value, so it is not varied" for name, words in lost
    )
    return Assessment(said, drawn, _shares(first, total), hangs_on(total), total, sign, alone)


def _without(choices: Sequence[Choice], lost: Sequence[tuple[str, str]]) -> tuple[Choice, ...]:
    """Return the choices without alternatives that leave no value, while two or more are left."""
    kept = [(n, tuple(o for o in options if (n, o[0]) not in lost)) for n, options in choices]
    return tuple((n, options) for n, options in kept if len(options) > 1)


def standing(run: Run, index: Index, varied: Sequence[Varied], *, rows: int, seed: int) -> Standing:
    """Compute scores and ranks; with choices to vary, also rank intervals and shares by source."""
    scores: Estimate = run(replace(index, show="score"))
    ranks: Estimate = run(replace(index, show="rank"))
    table = scores.cells.with_columns(
        scores.summary()["value"].alias("score"), ranks.summary()["value"].alias("rank")
    )
    last = ["year", "rank"] if "year" in table.columns else ["rank"]
    if not varied and scores.draw_kind == "point":
        return Standing(scores, table.sort(last, nulls_last=True))
    found = assess(run, replace(index, show="score"), varied, of="rank", rows=rows, seed=seed)
    ends = (
        replace(found.draws, observed=None)
        .summary()
        .select(median_rank="value", rank_low="low", rank_high="high")
    )
    table = pl.concat([table, ends], how="horizontal").sort(last, nulls_last=True)
    return Standing(scores, table, found)


def _shares(first: Estimate, total: Estimate) -> pl.DataFrame:
    """Return shares of all cells together, one row a source."""
    where = {c: OVERALL for c in total.key if c != "source"}
    a, b = (e.select(**where) for e in (first, total))
    return pl.concat(
        [
            a.cells.select("source"),
            a.summary().rename({"value": "first", "low": "first_low", "high": "first_high"}),
            b.summary().rename({"value": "total", "low": "total_low", "high": "total_high"}),
        ],
        how="horizontal",
    )


def indicator_statistics(run: Run, index: Index) -> pl.DataFrame:
    """Return the statistics of every indicator, effective weights where weights are given."""
    found_weights = index.weighting in ("pca", "optimised")
    names = [n for n in STATISTICS if not (found_weights and n == "effective weight")]
    made = {n: run(IndexStatistics(index, statistic=n)) for n in names}  # type: ignore[arg-type]
    cells = made["importance"].cells
    return cells.with_columns(e.summary()["value"].alias(n) for n, e in made.items())
