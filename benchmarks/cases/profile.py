"""The profile of one state over thirty years, twelve partners and six domains, with draws.

The domains are made up, since the cost depends on the size only: gamma amounts, closed to shares,
1,000 draws each. The whole step is run, table and provenance included, in a runner that has seen
nothing. The twin computes the footprint, the balance, the split and the partition of one draw in
50 in plain Python, from the same shares. It does a small part of what the profile does, so there
is no least ratio, only a ceiling on the time of the whole.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.run import Case
from multivector.estimate import Estimate
from multivector.measures.profile import Profile
from multivector.origin import CC0, Origin
from multivector.panel import Panel
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.step import Inputs, Step

STATE, YEARS, DRAWS, EVERY = "KAZ", range(1991, 2021), 1_000, 50
PARTNERS = (
    "RUS",
    "CHN",
    "USA",
    "EU27_2020",
    "TUR",
    "IND",
    "IRN",
    "JPN",
    "KOR",
    "GBR",
    "PAK",
    "CAN",
)
ONE, OTHER = ("RUS",), ("USA", "EU27_2020")
ORIGIN = Origin("toy", "Made-up shares", "benchmark", "1", CC0)


@dataclass(frozen=True)
class Amounts(Step[Estimate]):
    """Shares with draws, from a seed."""

    seed: int

    def compute(self, get: Inputs) -> Estimate:
        """Close gamma amounts to shares."""
        x = np.random.default_rng(self.seed).gamma(1.5, size=(len(YEARS), len(PARTNERS) + 1, DRAWS))
        rows = [(STATE, p, y) for y in YEARS for p in (*PARTNERS, "ROW")]
        keys = {"state": pl.String, "partner": pl.String, "year": pl.Int64}
        return Estimate(
            pl.DataFrame(rows, keys, orient="row"),
            (x / x.sum(axis=1, keepdims=True)).reshape(len(rows), DRAWS),
            label=f"Made-up shares {self.seed}",
            unit="share 0–1",
            draw_kind="posterior",
            variant="made up",
            origins=(ORIGIN,),
        )


DOMAINS = tuple(Amounts(seed) for seed in range(6))
Twin = dict[tuple[int, int], dict[str, float]]


def prepare() -> Profile:
    """Return the step, with uniform targets."""
    return Profile(
        focal=STATE,
        partners=PARTNERS,
        domains=DOMAINS,
        years=(YEARS[0], YEARS[-1]),
        against="uniform",
        pairs=(("RUS", "USA+EU27_2020"), ("RUS", "CHN"), ("CHN", "USA")),
        draws=DRAWS,
        posterior_draws=0,
    )


def fast(asked: Profile) -> tuple[Panel, dict[str, Estimate]]:
    """Run the profile with nothing in memory or on disk; keep what the twin looks at."""
    with tempfile.TemporaryDirectory() as folder:
        run = Runner(Settings(cache=Path(folder), offline=True))
        panel = run(asked)
        wanted = ("footprint", "balance", "departure_split", "partition")
        kept = {s.name: run(s) for s in reversed(asked.parts) if s.name in wanted and _pooled(s)}
    return panel, kept


def _pooled(step: Step[Estimate]) -> bool:
    plain = getattr(step, "of", "pooled") == "pooled" and getattr(step, "show", "parts") == "parts"
    return plain and getattr(step, "power_a", "RUS") == "RUS"


def slow(asked: Profile) -> Twin:
    """One draw in 50, number by number."""
    del asked
    arrays = [d.compute(None).draws.reshape(len(YEARS), len(PARTNERS) + 1, DRAWS) for d in DOMAINS]  # type: ignore[arg-type]
    found: Twin = {}
    for t in range(len(YEARS)):
        for s in range(0, DRAWS, EVERY):
            found[t, s] = _figures([a[t, :, s].tolist() for a in arrays])
    return found


def _figures(shares: list[list[float]]) -> dict[str, float]:
    n, w = len(PARTNERS), 1 / len(shares)
    pooled = [sum(w * p[j] for p in shares) for j in range(n + 1)]
    inside = sum(pooled[:n])
    q = [x / inside for x in pooled[:n]]
    entropy = -sum(x * log(x) for x in q)
    domains = 0.0
    for p in shares:
        part = sum(p[:n])
        domains += w * part / inside * sum(x / part * log(x / part * n) for x in p[:n])
    a = [PARTNERS.index(p) for p in ONE]
    b = [PARTNERS.index(p) for p in OTHER]
    leans = [sum(p[j] for j in a) - sum(p[j] for j in b) for p in shares]
    both = [sum(p[j] for j in (*a, *b)) for p in shares]
    lean = abs(sum(w * x for x in leans))
    return {
        "rest": pooled[n],
        "balance": entropy / log(n),
        "domain imbalance": domains,
        "net lean": lean,
        "offset": sum(w * abs(x) for x in leans) - lean,
        "evenness": sum(w * x for x in both) - sum(w * abs(x) for x in leans),
    }


def equal(result: tuple[Panel, dict[str, Estimate]], twin: Twin) -> None:
    """Agree to ten digits on the draws that the twin did; the table has every construct."""
    panel, found = result
    assert len(panel.frame) > 3_000
    parts = found["partition"].select(power_b="USA+EU27_2020")
    for (t, s), figures in twin.items():
        year = YEARS[t]
        values = {
            "rest": found["footprint"].select(partner="ROW", year=year).draws[0, s],
            "balance": found["balance"].select(year=year).draws[0, s],
            "domain imbalance": found["departure_split"]
            .select(part="domain imbalance", year=year)
            .draws[0, s],
        }
        for part in ("net lean", "offset", "evenness"):
            values[part] = parts.select(part=part, year=year).draws[0, s]
        for name, value in values.items():
            np.testing.assert_allclose(value, figures[name], rtol=0, atol=1e-10, err_msg=name)


CASE = Case(
    "profile of a state",
    prepare,
    fast,
    slow,
    equal,
    ceiling=20.0,
    slow_share=1 / EVERY,
    size="30 years x 12 partners x 6 domains x 1,000 draws; twin on one draw in 50, scaled",
    repeat=1,
)
