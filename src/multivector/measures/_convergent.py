"""Convergent checks: our figures against series and orders that others have published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from multivector.errors import Unavailable
from multivector.origin import Citation
from multivector.panel import Panel
from multivector.step import Inputs, Step

YUNEMAN = Citation(
    "yuneman2023",
    "article",
    "Yuneman, Roman A.",
    "How Kazakhstani Multi-Vector Foreign Policy Works: Voting in UNGA Analysis",
    2023,
    "International Organisations Research Journal 18(1):151-169",
    doi="10.17323/1996-7845-2023-01-06",
)
LEAST = 0.5
"""The rank correlation that a convergent check must reach."""
YUNEMAN_FOCAL, YUNEMAN_YEARS = "KAZ", (2007, 2022)
YUNEMAN_ORDER = (("CHN",), ("RUS", "TUR", "DEU"), ("USA",))
"""Partners by how often Kazakhstan voted as they did, most first, from the abstract: cohesion is
highest with China, "to a lesser extent with Russia, Turkey, and Germany, and only minimally with
the United States". The abstract does not rank the three in the middle, so they share a rank."""
SHARE = "China's part of trade with China and Russia, against FBIC"
ON_TRADE = {
    "CHN": "trade with China over GDP, against FBIC",
    "RUS": "trade with Russia over GDP, against FBIC",
}
ORDER = "order of Kazakhstan's partners by same votes, against Yuneman (2023)"
CSIS = "similarity with the US less with China, against CSIS"


class Check(NamedTuple):
    """A check, its statistic, whether it passed (None where it could not be run), and why."""

    kind: str
    what: str
    passed: bool | None
    note: str


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    """Return Spearman's rank correlation, ties by mean ranks.

    >>> spearman(np.array([1.0, 2.0, 3.0]), np.array([1.0, 5.0, 9.0]))
    1.0
    """
    from scipy.stats import rankdata

    return round(float(np.corrcoef(rankdata(a), rankdata(b))[0, 1]), 12)


def fed(get: Inputs, source: Step[Panel]) -> Panel | str:
    """Return a source's panel, or how to feed it where its files are not here."""
    try:
        return get(source)
    except Unavailable:
        how = f"`multivector sources {source.name}` says where to get it"
        return (
            f"Not run, no data offline: feed {source.name} ({how}), then "
            "`multivector report STUDY --data FOLDER`."
        )


def agree(what: str, ours: np.ndarray, theirs: np.ndarray, rows: str) -> Check:
    """Return the check that two series have a rank correlation of at least ``LEAST``."""
    if len(ours) < 3:
        return Check("convergent", what, None, f"Not run: {len(ours)} {rows} have both figures.")
    rho = spearman(ours, theirs)
    note = f"Spearman's ρ = {rho:.2f} over {len(ours)} {rows}; at least .5 declared."
    return Check("convergent", what, rho >= LEAST, note)


def csis(pairs: pl.DataFrame, theirs: Panel | str, years: tuple[int, int]) -> Check:
    """Compare S with the United States less S with China with the alignment series of CSIS."""
    if isinstance(theirs, str):
        return Check("convergent", CSIS, None, theirs)
    inside = pairs.filter(pl.col("year").is_between(*years))

    def toward(power: str) -> pl.DataFrame:
        sides = [
            inside.filter(pl.col(us) == power).select(
                pl.col(them).alias("state"), "year", pl.col("s_absolute").alias(power)
            )
            for us, them in (("state", "partner"), ("partner", "state"))
        ]
        return pl.concat(sides)

    name = theirs.variables[-1].name
    frame = (
        toward("USA")
        .join(toward("CHN"), on=["state", "year"])
        .join(theirs.frame, on=["state", "year"])
        .drop_nulls([name, "USA", "CHN"])
    )
    ours = (frame["USA"] - frame["CHN"]).to_numpy()
    return agree(CSIS, ours, frame[name].to_numpy(), "state-years")


def yuneman(pairs: pl.DataFrame) -> Check:
    """Compare the order of Kazakhstan's partners by share of same votes with the published one."""
    rank = {partner: -k for k, tied in enumerate(YUNEMAN_ORDER) for partner in tied}
    held = pairs.filter(pl.col("year").is_between(*YUNEMAN_YEARS))
    same = {
        partner: held.filter(
            pl.col("state") == min(YUNEMAN_FOCAL, partner),
            pl.col("partner") == max(YUNEMAN_FOCAL, partner),
        )
        for partner in rank
    }
    ours = {
        p: float((f["exact"] * f["n"]).sum()) / max(int(f["n"].sum()), 1) for p, f in same.items()
    }
    found = agree(
        ORDER, np.array(list(ours.values())), np.array(list(rank.values()), float), "partners"
    )
    listed = ", ".join(f"{p} {v:.1%}" for p, v in sorted(ours.items(), key=lambda i: -i[1]))
    published = "published: China, then Russia, Türkiye and Germany, then the United States"
    return found._replace(note=f"{found.note} Ours: {listed}; {published}.")


def influence(
    trade: Panel, gdp: Panel, theirs: Panel | str, years: tuple[int, int]
) -> Iterator[Check]:
    """Compare trade with China and Russia with formal bilateral influence capacity (FBIC).

    Over states, all figures as means over the years. China's part of a state's trade with China and
    Russia is set against China's part of the two powers' capacity toward the state; trade with
    each over GDP against economic dependence on it. FBIC counts trade too, so this is
    agreement of methods and not of evidence.
    """
    if isinstance(theirs, str):
        yield from (Check("convergent", what, None, theirs) for what in (SHARE, *ON_TRADE.values()))
        return
    flow = trade.variables[0].name
    inside = pl.col("year").is_between(*years)
    held = trade.sound(flow).frame.filter(inside)
    ends = [
        held.filter(pl.col(them).is_in([*ON_TRADE])).select(
            "year", state=us, power=them, value=pl.col(flow)
        )
        for us, them in (("state", "partner"), ("partner", "state"))
    ]
    sums = (
        pl.concat(ends)
        .group_by("state", "power", "year")
        .agg(pl.col("value").sum(), known=pl.col("value").is_not_null().all())
        .filter("known")
    )
    capacity = theirs.frame.filter(inside, pl.col("state").is_in([*ON_TRADE])).select(
        "year", "fbic", "economic_dependence", state="partner", power="state"
    )
    yield _means(SHARE, _part(sums, "value"), _part(capacity, "fbic"))
    output = gdp.frame.filter(inside, pl.col("gdp_usd") > 0)
    for power, what in ON_TRADE.items():
        ours = (
            sums.filter(pl.col("power") == power)
            .join(output, on=["state", "year"])
            .select("state", "year", x=pl.col("value") / pl.col("gdp_usd"))
        )
        other = capacity.filter(pl.col("power") == power).select(
            "state", "year", x="economic_dependence"
        )
        yield _means(what, ours, other)


def _part(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return China's part of China's and Russia's values, by state and year."""
    wide = frame.pivot("power", index=["state", "year"], values=column)
    share = pl.col("CHN") / (pl.col("CHN") + pl.col("RUS"))
    return wide.select("state", "year", x=share).filter(pl.col("x").is_finite())


def _means(what: str, ours: pl.DataFrame, theirs: pl.DataFrame) -> Check:
    """Compare the means over the years that both have, state by state."""
    both = ours.join(theirs, on=["state", "year"], suffix="_theirs").drop_nulls()
    means = both.group_by("state").agg(pl.col("x", "x_theirs").mean())
    return agree(what, means["x"].to_numpy(), means["x_theirs"].to_numpy(), "states")
