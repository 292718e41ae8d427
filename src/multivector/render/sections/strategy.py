"""Strategy at a glance: one sentence a construct, each with its interval and its last year."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from markupsafe import Markup

from multivector.estimate import Estimate
from multivector.measures.gravity import ExpectedShare
from multivector.quantity import Quantity
from multivector.registry import everything
from multivector.render.section import ABSENT, Block, Run, Section
from multivector.render.sections._shared import (
    known_years,
    measure,
    overlap,
    prose,
    ranked,
    vote_years,
    votes,
    who,
    year,
)
from multivector.render.sections._strategy import (
    apart,
    domain_list,
    over_domains,
    pairs,
    present,
    secure,
    side,
    target_note,
)
from multivector.render.sections.rupture import loss
from multivector.render.text import Name, _, actor, listing, say

if TYPE_CHECKING:
    from multivector.study import Study

FEWEST = 3
"""A conflict set on which the state took fewer positions than this is left out."""


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    there, lost = present(study, run)
    blocks: list[Block] = [
        prose(
            _(
                "One sentence for each side of the strategy; the sections below show what stands "
                "behind it. Measured here: {there}. Domains count alike; ties that are counted, "
                "not priced, have wide intervals because they are few. Even ties may be a policy, "
                "geography or chance: these figures describe them and prove no intention."
            ),
            there=domain_list(there),
        )
    ]
    parts: tuple[tuple[str, Callable[[Study, Run], Markup | None]], ...] = (
        (_("How balanced"), balanced),
        (_("Between whom"), between),
        (_("Hedged or equidistant"), hedged),
        (_("How dependent"), dependent),
        (_("Where sides are known"), distant),
    )
    for heading, make in parts:
        try:
            text = make(study, run)
        except ABSENT:
            text = None
        text = text or say(_("No data here answer this for {focal}."), focal=_focal(study))
        blocks.append(Markup("<p><strong>{}.</strong> {}</p>").format(heading, text))
    if lost:
        reasons = [Name(f"{_(d.label).lower()} ({_(d.absent)})") for d in lost]
        blocks.append(
            Markup("<p>{}</p>").format(
                say(_("No data on {domains}."), domains=Markup("; ").join(map(_escaped, reasons)))
            )
        )
    return blocks


# the sentences ---------------------------------------------------------------------------------


def balanced(study: Study, run: Run) -> Markup | None:
    """Say how even the pooled ties are, and how far from two targets."""
    even = over_domains(study, run, "balance")
    last = known_years(even)[-1]
    parts = {"focal": _focal(study), "last": year(last), "b": even.at(year=last)}
    text = say(
        _(
            "Over the domains measured, {focal}’s ties with the named partners had in {last} a "
            "balance of {b}, where one is equal shares and zero a single partner."
        ),
        **parts,
    )
    text += whatever(study, run, last)
    uniform = over_domains(study, run, "departure").at(year=last)
    text += say(_(" Their departure from equal shares was {d} nats"), d=uniform)
    expected = gravity(study, run, last)
    if expected is None:
        return text + say(
            _("; that from shares expected by size and distance is not known on these data.")
        )
    text += say(
        _("; from the shares that size and distance lead one to expect in trade, {d} nats."),
        d=expected.at(year=last),
    )
    return text + Markup(" ") + target_note(expected, study)


def whatever(study: Study, run: Run, last: int) -> Markup:
    """Say how far the domains that are not measured could move the balance."""
    if not present(study, run)[1]:
        return Markup("")
    ends = over_domains(study, run, "balance_bounds").select(year=last)
    return say(
        _(" Whatever the domains not measured hold, at their declared weights it lies from {low} "
          "to {high}."),
        low=ends.at(end="lowest"), high=ends.at(end="highest"),
    )  # fmt: skip


def between(study: Study, run: Run) -> Markup | None:
    """Say who has most of the pooled footprint, and how much is elsewhere."""
    table = over_domains(study, run, "footprint")
    last = known_years(table)[-1]
    order = ranked(table, "partner", study.partners, year=last)
    top, second = order[0], order[1]
    alike = [q for q in order[1:] if not apart(q, top)]
    parts = {
        "top": who(top, "partner", study), "share": top, "second": who(second, "partner", study),
        "other": second, "last": year(last), "rest": table.at(partner="ROW", year=last),
        "others": listing([who(q, "partner", study) for q in (top, *alike)]),
    }  # fmt: skip
    text = _(
        "Of the named partners {top} had the largest share of the ties in {last}, {share}, then "
        "{second}, {other}; {rest} was with the rest of the world."
    )
    if alike:
        text += _(" The intervals of {others} overlap.")
    return say(text, **parts)


def hedged(study: Study, run: Run) -> Markup | None:
    """Say for each pair of powers what the ties between them are made of."""
    safe = secure(study, run)
    found = [one(study, run, pair, safe) for pair in pairs(study)]
    sentences = [s for s in found if s is not None]
    if not sentences:
        return None
    if not safe:
        sentences.append(say(_("Without data on security, nothing is said of hedging.")))
    return Markup(" ").join(sentences)


def one(study: Study, run: Run, pair: tuple[str, str], safe: bool) -> Markup | None:
    """Say which part of the ties between two powers is the largest, if the intervals tell."""
    table = partition(study, run, pair)
    try:
        last = known_years(table)[-1]
    except ABSENT:
        return None
    lean = partition(study, run, pair, show="signed lean").at(year=last)
    held = {p: table.at(part=p, year=last) for p in ("net lean", "offset", "evenness")}
    order = sorted((q for q in held.values() if q.known), key=_size)
    parts = {
        "a": side(pair[0], study), "b": side(pair[1], study), "last": year(last),
        "lean": held["net lean"], "offset": held["offset"], "evenness": held["evenness"],
        "side": side(pair[0] if (lean.value or 0.0) > 0 else pair[1], study),
    }  # fmt: skip
    text = _("Between {a} and {b} in {last}: net lean {lean}")
    text += _(" (its direction cannot be told)") if crosses(lean) else _(" (toward {side})")
    text += _(", leans of domains that offset each other {offset}, evenness inside domains "
              "{evenness}; ")  # fmt: skip
    return say(text + verdict(held, order, safe), **parts)


def verdict(held: dict[str, Quantity], order: list[Quantity], safe: bool) -> str:
    """Return the words for the largest part; none stands out where intervals overlap."""
    if len(order) > 1 and not apart(order[0], order[1]):
        return _("none of the three is largest beyond doubt.")
    if order and order[0] is held["net lean"]:
        return _("a lean to one side outweighs the rest.")
    if order and order[0] is held["evenness"]:
        return _("nearer to equidistance inside domains than to leans that offset each other.")
    return _("consistent with hedging.") if safe else _("offsetting leans outweigh the rest.")


def dependent(study: Study, run: Run) -> Markup | None:
    """Say what three levels of dependence are, each by itself, and transit beside them."""
    own = run(measure("trade_dependence", focal=study.focal, partners=study.partners))
    own = own.select(side="own")
    last = known_years(own)[-1]
    top = ranked(own, "partner", study.partners, year=last)[0]
    partner = str(dict(top.cell)["partner"])
    index = run(measure("asymmetry", focal=study.focal, partners=study.partners))
    tilt = index.at(partner=partner, year=last, view="reconciled")
    text = say(
        _(
            "Trade with {top}, the most of the partners recorded, came to {value} of GDP in "
            "{last}, and {focal} depends on it more than the other side does (asymmetry {tilt})."
        )
        if (tilt.value or 0.0) > 0
        else _("Trade with {top}, the most of the partners recorded, came to {value} of GDP in "
               "{last} (asymmetry {tilt})."),
        top=who(top, "partner", study), value=top, last=year(last), focal=_focal(study), tilt=tilt,
    )  # fmt: skip
    return text + _structural(study, run) + _transit(study, run)


def distant(study: Study, run: Run) -> Markup | None:
    """Say on which conflicts the state abstained, and how often."""
    last = vote_years(study, run)[1]
    said: list[Markup] = []
    for name, vote_set in everything("vote_sets").items():
        if not vote_set.conflict or name.endswith("-emergency"):
            continue
        try:
            given = {"vote_set": name, "by": "period"}
            count = votes(study, run, "conflict_votes", **given, draws=0).quantities()[0]
            share = votes(study, run, "conflict_distance", **given).quantities()[0]
        except ABSENT:
            continue
        if share.known and (count.value or 0) >= FEWEST:
            said.append(
                say(_("{share} of {n} {what}"), share=share, n=count, what=Name(_(vote_set.label)))
            )
    if not said:
        return None
    return say(
        _(
            "To {last}, {focal} abstained, where it took a position at all, on {said}. On these "
            "votes the sides are known; on all others abstaining follows the agenda."
        ),
        last=year(last), focal=_focal(study), said=Markup("; ").join(said),
    )  # fmt: skip


# what they rest on -----------------------------------------------------------------------------


def partition(study: Study, run: Run, pair: tuple[str, str], **choices: str) -> Estimate:
    """Return the partition of the ties between two powers or blocs."""
    return over_domains(study, run, "partition", power_a=pair[0], power_b=pair[1], **choices)


def gravity(study: Study, run: Run, last: int) -> Estimate | None:
    """Return the departure from the shares expected by gravity in a year; None without them."""
    one = (last, last)
    step = ExpectedShare(focal=study.focal, partners=study.partners, years=one)
    try:
        found = over_domains(
            study, run, "departure", against="gravity", benchmark=(step,), years=one
        )
    except ABSENT:
        return None
    return found if any(q.known for q in found.quantities()) else None


def _structural(study: Study, run: Run) -> Markup:
    try:
        table = loss(study, run, study.focal, study.partners).select(case="closed")
        last = known_years(table)[-1]
    except ABSENT:
        return Markup("")
    order = ranked(table, "partner", study.partners)
    alike = [q for q in order[1:] if overlap(q, order[0])]
    text = _(
        " If trade with {top} stopped, a model puts the long-run loss of real income at {value} "
        "({last})"
    )
    text += _("; that of {others} cannot be told from it") if alike else ""
    lost = [q for q in table.quantities() if not q.known and dict(q.cell)["year"] == last]
    text += _("; of {lost} the data give no figure.") if lost else _(".")
    return say(
        text, top=who(order[0], "partner", study), value=order[0], last=year(last),
        others=listing([who(q, "partner", study) for q in alike]),
        lost=listing([who(q, "partner", study) for q in lost]),
    )  # fmt: skip


def _transit(study: Study, run: Run) -> Markup:
    try:
        table = run(measure("transit_dependence", focal=study.focal))
        last = _fullest(table)
    except ABSENT:
        return Markup("")
    order = sorted((q for q in table.select(year=last).quantities() if q.known), key=_size)
    return say(
        _(" Of its oil exports {share} crossed, or ended in, {top} in {last}: dependence by route, "
          "whoever buys."),
        share=order[0], top=who(order[0], "partner", study), last=year(last),
    )  # fmt: skip


def _fullest(table: Estimate) -> int:
    """Return the last year whose routes are recorded in full, or the last year."""
    full = [int(dict(q.cell)["year"]) for q in table.quantities() if q.known and not q.note]
    return max(full, default=known_years(table)[-1])


def crosses(q: Quantity) -> bool:
    """Whether the interval holds zero, so that the sign cannot be told."""
    return q.low is not None and q.high is not None and q.low <= 0 <= q.high


def _size(q: Quantity) -> float:
    return -(q.value or 0.0)


def _focal(study: Study) -> Name:
    return actor(study.focal, study.language)


def _escaped(name: Name) -> Markup:
    return say("{name}", name=name)


SECTION = Section("strategy", 4, _("Strategy at a glance"), build)
