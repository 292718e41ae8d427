"""Constructs of a profile that rest on single measures: dependence, votes, positions, powers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from multivector import states
from multivector.estimate import Estimate
from multivector.measures.bounds import BalanceBounds, DepartureBounds, PartitionBounds
from multivector.measures.continuity import SeriesBreak
from multivector.measures.ideal_points import AxisPosition, IdealPoints, PositionGap
from multivector.registry import everything, find
from multivector.step import Step

Pairs = tuple[tuple[str, str], ...]
AXES: Pairs = (("RUS", "USA"), ("RUS", "CHN"))
"""The lines on which a position is looked for in any study, from the first power to the second."""
REGIONS = ("CA5",)
"""Groups of which the ties inside are given for their members."""
COMMON = "votes_in_common"
LEVELS = {
    "trade_dependence": "sensitivity",
    "asymmetry": "sensitivity",
    "trade_vulnerability": "substitutability",
    "loss_if_closed": "structural",
}
"""The level of dependence that each measure is of; levels are never merged."""
ON_CONFLICTS = {
    "conflict_votes": "positions taken",
    "conflict_distance": "distance",
    "conflict_support": "votes for",
    "conflict_absence": "absent",
}


@dataclass(frozen=True)
class Entry:
    """One step of a profile: the construct it belongs to, its domain, and a word to tell it by."""

    construct: str
    step: Step[Estimate]
    domain: str = "all"
    part: str = ""


def points_of(focal: str, powers: Pairs, draws: int, seed: int) -> IdealPoints:
    """Return the ideal points of a state and of the powers; report and profile share this step."""
    shown = (focal, *(p for pair in (*powers, *AXES) for p in pair))
    return IdealPoints(keep=tuple(dict.fromkeys(shown)), draws=draws, seed=seed)


def others(focal: str, points: IdealPoints) -> tuple[str, ...]:
    """Return the powers among whose positions that of *focal* is looked for."""
    return tuple(p for p in points.keep if p != focal)


def bounds(
    among: Mapping[str, Any], targets: Mapping[str, Mapping[str, Any]], sides: Pairs
) -> Iterator[Entry]:
    """Yield the sharp bounds of balance, departure from each target, and partition."""
    yield Entry("sharp bounds", BalanceBounds(**among), "pooled", "balance")
    for word, target in targets.items():
        yield Entry(
            "sharp bounds", DepartureBounds(**among, **target), "pooled", f"departure, {word}"
        )
    for a, b in sides:
        step = PartitionBounds(**among, power_a=a, power_b=b)
        yield Entry("sharp bounds", step, "pooled", "partition")


def dependence(focal: str, partners: tuple[str, ...]) -> Iterator[Entry]:
    """Yield dependence on each partner at its three levels, and transit beside it."""
    for name, level in LEVELS.items():
        step = find("measures", name)(focal=focal, partners=partners)
        yield Entry("dependence", step, level, plain(name))
    transit = find("measures", "transit_dependence")(focal=focal)
    yield Entry("dependence", transit, "transit", "oil exports that cross")


def votes(given: Mapping[str, Any], partners: tuple[str, ...], powers: Pairs) -> Iterator[Entry]:
    """Yield agreement, raw and corrected for chance, and the stand where powers are opposed."""
    for name in (COMMON, "vote_agreement", "kappa"):
        yield Entry("votes", find("measures", name)(**given, partners=partners), "votes",
                    plain(name))  # fmt: skip
    for a, b in powers:
        for name in ("split_votes", "split_distance", "split_adjusted_lean"):
            own = {k: v for k, v in given.items() if name != "split_votes" or k != "draws"}
            step = find("measures", name)(**own, power_a=a, power_b=b)
            yield Entry("votes", step, "votes", plain(name))


def conflicts(given: Mapping[str, Any], powers: Pairs, years: tuple[int, int]) -> Iterator[Entry]:
    """Yield the stand on each declared conflict, absence apart, and the lean between powers."""
    for name, vote_set in everything("vote_sets").items():
        if not vote_set.conflict:
            continue
        on: dict[str, Any] = {"vote_set": name, "by": "period", "years": years}
        for measure, word in ON_CONFLICTS.items():
            own = {**given, "draws": 0} if measure == "conflict_votes" else given
            yield Entry("conflict votes", find("measures", measure)(**own, **on), name, word)
        for a, b in powers:
            step = find("measures", "split_adjusted_lean")(**given, **on, power_a=a, power_b=b)
            yield Entry("conflict votes", step, name, "adjusted lean")


def positions(focal: str, points: IdealPoints) -> Iterator[Entry]:
    """Yield ideal points, distances to the powers, and positions between every two of them."""
    powers = others(focal, points)
    yield Entry("position", points, "votes", "ideal point")
    gap = PositionGap(points, focal=focal, partners=powers)
    yield Entry("position", gap, "votes", "distance to a power")
    for a, b in combinations(powers, 2):
        step = AxisPosition(points, focal=focal, power_a=a, power_b=b)
        yield Entry("position", step, "votes", "position between two powers")


def tension(focal: str, points: IdealPoints, draws: int, seed: int) -> Iterator[Entry]:
    """Yield what sets powers against each other, each by itself, and their share of the world."""
    powers = others(focal, points)
    for k, a in enumerate(powers[:-1]):
        pair: dict[str, Any] = {"focal": a, "partners": powers[k + 1 :]}
        opposed = find("measures", "opposed_votes")(**pair, draws=draws, seed=seed)
        yield Entry("tension", opposed, "votes", "opposed votes")
        yield Entry("tension", PositionGap(points, **pair), "votes", "distance of ideal points")
        hostile = find("measures", "dispute_hostility")(**pair)
        yield Entry("tension", hostile, "disputes", "hostility")
        yield Entry("tension", find("measures", "event_balance")(**pair), "events", "balance")
    share = find("measures", "world_share")
    actors = (focal, *powers)
    yield Entry("power shift", share(actors=actors), "output", "share of the world")
    cinc = share(find("sources", "material_capabilities")(), actors=actors, variable="cinc_share")
    yield Entry("power shift", cinc, "capabilities", "share of the world")


def course(focal: str, among: Mapping[str, Any], points: IdealPoints) -> Iterator[Entry]:
    """Yield what the ties do through time: breaks, one partner for another, patrons, the region."""
    series = {name: find("measures", name)(**among) for name in ("balance", "footprint")}
    series["distance to a power"] = PositionGap(points, focal=focal, partners=others(focal, points))
    for name, step in series.items():
        domain = "votes" if isinstance(step, PositionGap) else "pooled"
        for what in ("level", "trend"):
            broken = SeriesBreak(step, what=what)
            yield Entry("continuity", broken, domain, f"{name}, break in {what}")
    for pair in AXES:
        if focal not in pair:
            moved = find("measures", "substitution")(focal=focal, loser=pair[0], gainer=pair[1])
            yield Entry("vacuum", moved, "trade", f"{pair[1]} for {pair[0]}")
    for patron in dict.fromkeys(p for pair in AXES for p in pair):
        if patron != focal:
            left = find("measures", "unexplained_alignment")(focal=focal, patron=patron)
            yield Entry("unexplained alignment", left, "votes", f"beyond ties to {patron}")
    for group in REGIONS:
        if focal in {m.member for m in states.memberships(group)}:
            inside = find("measures", "internal_share")(group=group)
            yield Entry("region", inside, "trade")


def reading(parts: Iterable[Mapping[str, Any]], secure: bool) -> str:
    """Say in words which part of a partition is the largest beyond its interval.

    *parts* have the keys part, value, low and high. Hedging is spoken of only with a security
    domain among those measured.

    >>> row = lambda part, v: {"part": part, "value": v, "low": v - 0.01, "high": v + 0.01}
    >>> rows = [row("net lean", 0.1), row("offset", 0.4), row("evenness", 0.2)]
    >>> reading(rows, secure=True), reading(rows, secure=False)
    ('consistent with hedging', 'offsetting leans outweigh the rest; says nothing of hedging')
    """
    known = [p for p in parts if p["part"] in _WORDS and p["value"] is not None]
    order = sorted(known, key=lambda p: -float(p["value"]))
    if len(order) < len(_WORDS):
        return "not all parts are known"

    def end(row: Mapping[str, Any], name: str) -> float:
        return float(row["value"] if row[name] is None else row[name])

    if any(end(order[0], "low") <= end(p, "high") for p in order[1:]):
        return "no part is largest beyond doubt"
    if order[0]["part"] == "offset" and secure:
        return "consistent with hedging"
    words = _WORDS[order[0]["part"]]
    return words if secure else f"{words}; says nothing of hedging"


_WORDS = {
    "net lean": "a lean to one side outweighs the rest",
    "offset": "offsetting leans outweigh the rest",
    "evenness": "nearer to equidistance inside domains than to leans that offset each other",
}


def plain(name: str) -> str:
    """Write a name in words."""
    return name.replace("_", " ")
