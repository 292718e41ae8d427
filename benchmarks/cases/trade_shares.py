"""Every share, concentration and dependence of every state and year of all dyads 1960–2020.

From a table of 1.48 million reports, drawn at random in the size of the IMF's record, to a ledger
and every measure on it. The twin goes state by state through plain dictionaries for one year in
61, and its time is scaled to all of them.
"""

from __future__ import annotations

from collections import defaultdict
from math import log
from typing import Any

import numpy as np
import polars as pl

from benchmarks.run import Case
from multivector.measures._ledger import read_ledger
from multivector.origin import CC0, Origin
from multivector.panel import Panel
from multivector.stats import concentration, dependence
from multivector.variable import REPORTED_DYAD_YEAR, Coverage, Variable, span

ROWS, STATES, FIRST, LAST = 1_480_000, 235, 1960, 2020
YEARS = LAST - FIRST + 1


def prepare() -> Panel:
    """Random reports of the size of the IMF's record."""
    rng = np.random.default_rng(1960)
    all_ = YEARS * STATES * STATES
    cell = np.sort(rng.choice(all_, ROWS + ROWS // STATES, replace=False))
    year, pair = np.divmod(cell, STATES * STATES)
    state, partner = np.divmod(pair, STATES)
    kept = state != partner
    names = np.array([f"S{k:03d}" for k in range(STATES)])
    frame = pl.DataFrame(
        {
            "state": names[state[kept]],
            "partner": names[partner[kept]],
            "year": year[kept] + FIRST,
            "exports_musd": rng.lognormal(1, 3, int(kept.sum())),
            "imports_musd": rng.lognormal(1, 3, int(kept.sum())),
        }
    )
    cover = Coverage(span(FIRST, LAST))
    origin = Origin("made up", "Made up", "benchmark", "1", CC0)
    variables = tuple(
        Variable(n, n, "million current USD", cover, origins=(origin,))
        for n in ("exports_musd", "imports_musd")
    )
    return Panel(frame, REPORTED_DYAD_YEAR, variables)


def fast(panel: Panel) -> dict[str, Any]:
    """Arrange the table once, then every measure for all states and years at once."""
    ledger = read_ledger(panel, "reporter")
    trade = ledger.flow("total")
    total = dependence.recorded_total(trade)
    amounts = np.nan_to_num(trade)
    share = trade / total[:, :, None]
    bond = dependence.interdependence(share)
    squares = concentration.hhi(amounts)
    return {
        "states": ledger.states,
        "share": share,
        "hhi": squares,
        "partners": 1 / squares,
        "entropy": concentration.entropy(amounts),
        "salience": bond.salience,
        "symmetry": bond.symmetry,
        "interdependence": bond.interdependence,
    }


def slow(panel: Panel) -> dict[str, Any]:
    """The last year, state by state and pair by pair."""
    rows = panel.frame.filter(pl.col("year") == LAST).rows()
    flows: dict[str, dict[str, float]] = defaultdict(dict)
    for state, partner, _, sold, bought in rows:
        flows[state][partner] = (sold + bought) * 1e6
    share: dict[tuple[str, str], float] = {}
    hhi: dict[str, float] = {}
    entropy: dict[str, float] = {}
    for state, row in flows.items():
        total = sum(row.values())
        for partner, value in row.items():
            share[state, partner] = value / total
        hhi[state] = sum((v / total) ** 2 for v in row.values())
        entropy[state] = -sum(v / total * log(v / total) for v in row.values())
    salience: dict[tuple[str, str], float] = {}
    together: dict[tuple[str, str], float] = {}
    for (a, b), ours in share.items():
        theirs = share.get((b, a))
        if theirs is not None:
            salience[a, b] = (ours * theirs) ** 0.5
            together[a, b] = (ours * theirs) ** 0.5 * (1 - abs(ours - theirs))
    return {
        "share": share,
        "hhi": hhi,
        "entropy": entropy,
        "salience": salience,
        "interdependence": together,
    }


def equal(result: dict[str, Any], twin: dict[str, Any]) -> None:
    """Agree to twelve digits wherever the twin has a value, and have no other."""
    at = {s: k for k, s in enumerate(result["states"])}
    for name, values in twin.items():
        last = result[name][-1]
        pairs = name not in ("hhi", "entropy")
        for key, value in values.items():
            place = tuple(at[s] for s in key) if pairs else at[key]
            assert abs(last[place] - value) <= 1e-12 * max(1.0, abs(value)), (name, key)
        assert int(np.isfinite(last).sum()) == len(values), name


CASE = Case(
    "trade shares",
    prepare,
    fast,
    slow,
    equal,
    ceiling=1.0,
    slow_share=1 / YEARS,
    size=f"{ROWS} reports, {STATES} states, {YEARS} years; twin on one year, scaled",
    repeat=3,
)
