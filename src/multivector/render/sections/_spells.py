"""What the sections on ties share: spells of pairs, years within a record, absence in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl
from markupsafe import Markup

from multivector import states
from multivector.render.charts.spells import Spell
from multivector.render.figure import Figure, Table
from multivector.render.section import ABSENT, Block
from multivector.render.sections._shared import paragraph
from multivector.render.text import decimal_year

if TYPE_CHECKING:
    from multivector.study import Study


def state_partners(study: Study) -> tuple[str, ...]:
    """Return the partners that are states; a bloc signs no treaty and joins no group of ours."""
    return tuple(p for p in study.partners if not states.is_group(p))


def within(study: Study, first: int, last: int) -> tuple[int, int] | None:
    """Return the study's years as far as a record from *first* to *last* goes, None if not at all.

    >>> from multivector.study import load
    >>> within(load("kazakhstan"), 1991, 2023)
    (1992, 2023)
    """
    span = (max(first, study.years[0]), min(last, study.years[1]))
    return span if span[0] <= span[1] else None


def axis(span: tuple[int, int]) -> tuple[float, float]:
    """Return the ends of a time axis that shows whole years, where years stand at mid-year."""
    return span[0] - 0.5, span[1] + 0.5


def pairs(
    frame: pl.DataFrame, states: tuple[str, str], *, by: str, begin: str, end: str
) -> pl.DataFrame:
    """Return the spells in which both states are bound by the same thing.

    Of two parties the later beginning and the earlier end count (columns ``start`` and ``stop``;
    ``stop`` is missing where neither has ended). All columns of the first state stay; those of the
    second have the suffix ``_other``.
    """
    a, b = (frame.filter(pl.col("state") == s) for s in states)
    start = pl.max_horizontal(begin, f"{begin}_other").alias("start")
    stop = pl.min_horizontal(end, f"{end}_other").alias("stop")
    both = a.join(b, on=by, suffix="_other").with_columns(start, stop)
    lasts = pl.col("stop").is_null() | (pl.col("start") <= pl.col("stop"))
    return both.filter(lasts).sort("start", by)


def bar(group: str, row: str, start: Any, stop: Any, **look: Any) -> Spell:
    """Return a bar for the days *start* to *stop* (dates or ISO texts; None: no end known)."""
    end = None if stop is None else decimal_year(str(stop))
    return Spell(group, row, decimal_year(str(start)), end, **look)


def either(make: Callable[[], Block | Sequence[Block]], words: Markup) -> list[Block]:
    """Return what *make* yields, or *words* where the data are not here."""
    try:
        made = make()
    except ABSENT:
        return [paragraph(words)]
    return [made] if isinstance(made, Markup | Figure | Table) else list(made)
