"""What the sections on strategy share: the measures of a study's profile, and words for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from multivector.conclusions import pairs as pairs  # noqa: PLC0414 (sections take it from here)
from multivector.domain import Domain
from multivector.estimate import Estimate
from multivector.measures.engagement import all_domains
from multivector.quantity import Quantity
from multivector.registry import everything, find
from multivector.render.section import ABSENT, Run
from multivector.render.sections._shared import measure
from multivector.render.text import Name, _, actor, capital, label, listing, say
from multivector.states import is_group, memberships

if TYPE_CHECKING:
    from multivector.study import Study


def over_domains(study: Study, run: Run, name: str, **choices: Any) -> Estimate:
    """Evaluate a measure over every declared domain that has data for the focal state."""
    given: dict[str, Any] = {
        "focal": study.focal, "partners": study.partners, "domains": all_domains(),
        "absent": "leave out", "years": study.years, "draws": max(study.draws, 2),
        "seed": study.seed,
    }  # fmt: skip
    return run(measure(name, **{**given, **choices}))


def in_domain(study: Study, run: Run, domain: str, focal: str = "") -> Estimate | None:
    """Return the shares of the partners in a declared domain; None where there are no data."""
    try:
        return run(engagement(study, domain, focal))
    except ABSENT:
        return None


def engagement(study: Study, domain: str, focal: str = "") -> Any:
    """Return the step that gives the shares of the partners in a declared domain."""
    return measure(
        "engagement", domain=domain, focal=focal or study.focal, partners=study.partners,
        draws=max(study.draws, 2), seed=study.seed,
    )  # fmt: skip


def present(study: Study, run: Run) -> tuple[list[Domain], list[Domain]]:
    """Return the declared domains that have data for the focal state, and those that have none."""
    known: dict[str, Domain] = everything("domains")
    there = [known[d] for d in all_domains() if in_domain(study, run, d) is not None]
    return there, [known[d] for d in all_domains() if known[d] not in there]


def secure(study: Study, run: Run) -> bool:
    """Whether a security domain has data, without which nothing is said of hedging."""
    return any(d.kind == "security" for d in present(study, run)[0])


def domain_list(domains: list[Domain]) -> Markup:
    """Name domains in a sentence."""
    return listing([Name(_(d.label).lower()) for d in domains])


def side(power: str, study: Study) -> Markup:
    """Name one side of a partition, a power or several together."""
    return listing([actor(p, study.language) for p in power.split("+")])


def apart(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities differ beyond their intervals; point values differ if unequal."""
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return a.value != b.value
    return a.low > b.high or b.low > a.high


def peers(study: Study) -> tuple[str, ...]:
    """Return the focal state and the comparators that are none of the partners, once each."""
    groups = [p for p in study.partners if is_group(p)]
    inside = {m.member for g in groups for m in memberships(g)} | set(study.partners)
    chosen = dict.fromkeys((study.focal, *study.comparators))
    return tuple(s for s in chosen if s not in inside)


def target_note(estimate: Estimate, study: Study) -> Markup:
    """Say which target a departure was measured from, as the estimate states it, with names."""
    words = estimate.variant.partition(";")[0]
    for partner in study.partners:
        words = re.sub(rf"\b{partner}\b", label(partner, study.language), words)
    return capital(say("{words}.", words=Name(words)))


def chart(name: str) -> Any:
    """Return a registered chart."""
    return find("render.charts", name)
