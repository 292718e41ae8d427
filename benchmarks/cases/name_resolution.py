"""100,000 names of states in English, Russian and Kazakh, against one look-up after the other.

The names are the labels and aliases of the package's own tables, with their case and accents
changed at random, as columns of real tables have them: many rows, few different names.
"""

from __future__ import annotations

import random

import polars as pl

from benchmarks.run import Case
from multivector import state_tables, states
from multivector.errors import MultivectorError

NAMES, DIFFERENT = 100_000, 2_000


def prepare() -> list[str]:
    """Names that stand for one state, in random order and spelling."""
    rng = random.Random(1991)
    known = [
        states.name(state, language)
        for state in states.all_states(2020, territories=True)
        for language in ("en", "ru", "kk")
    ]
    plain = [name for name in known if _one(name) is not None]
    spelt = [rng.choice((str.upper, str.lower, str.title, str))(n) for n in plain * 4]
    different = rng.sample(spelt, min(DIFFERENT, len(spelt)))
    return [rng.choice(different) for _ in range(NAMES)]


def _one(name: str) -> str | None:
    try:
        return states.resolve(name, 2020)
    except MultivectorError:
        return None


def _forget() -> None:
    for home, memory in ((states, "_find"), (state_tables, "fold")):
        getattr(home, memory).cache_clear()


def fast(names: list[str]) -> pl.Series:
    """The column at once, with nothing remembered from another column."""
    _forget()
    return states.resolve_names(names, 2020)


def slow(names: list[str]) -> list[str]:
    """One name after the other, with nothing remembered from the last look-up."""
    found: list[str] = []
    for name in names[:: NAMES // 1000]:
        _forget()
        found.append(states.resolve(name, 2020))
    return found


def equal(result: pl.Series, twin: list[str]) -> bool:
    """Agree on the names that the twin did."""
    return result.to_list()[:: NAMES // 1000] == twin


CASE = Case(
    "names of states",
    prepare,
    fast,
    slow,
    equal,
    ceiling=1.0,
    slow_share=0.01,
    size="100,000 names in three languages; twin on one in 100, scaled",
)
