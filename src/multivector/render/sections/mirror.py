"""Mirror: what both sides report of the same trade, where the user has fed the reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from multivector import states
from multivector.errors import LicenceError, Unavailable
from multivector.estimate import Estimate
from multivector.quantity import Quantity
from multivector.registry import find
from multivector.render.figure import Figure, Grid, Table
from multivector.render.section import Block, Run, Section, attempt
from multivector.render.sections._shared import known_years, measure, prose, who, year
from multivector.render.text import Name, _, actor, label, say, years

if TYPE_CHECKING:
    from multivector.study import Study

REPORTS = "imf_dots"
FLOWS = {"exports": _("Exports"), "imports": _("Imports")}
MOST_DRAWS = 200


def views(study: Study) -> dict[str, str]:
    """Return the names of the views in charts."""
    return {
        "reporter": _("{state} says").format(state=label(study.focal, study.language)),
        "mirror": _("Partner says"),
        "reconciled": _("Reconciled"),
    }


def build(study: Study, run: Run) -> list[Block]:
    """Build the section."""
    blocks: list[Block] = [
        prose(
            _(
                "Every flow is recorded twice: by the state that sells and by the one that buys. "
                "The two seldom agree. Freight and insurance count in imports and not in exports; "
                "goods in transit are booked to different countries; some trade is never declared."
            )
        )
    ]
    partners = tuple(p for p in study.partners if not states.is_group(p))
    title = Name(find("sources", REPORTS)().title)
    if not partners:
        return [prose(_("No data: reports are made by states, and no partner is one."))]
    try:
        table = reports(study, run, partners)
        known_years(table)
    except (Unavailable, LicenceError):
        words = _(
            "Both views need a table that says who reports, which does not ship: put the IMF’s "
            "{title} into your data folder, or fetch it, and this section shows what {focal} and "
            "its partners each report, with the reconciled value and its interval. The trade "
            "figures above are reconciled by their publisher."
        )
        return [*blocks, prose(words, title=title, focal=actor(study.focal, study.language))]
    blocks += attempt(lambda: gaps(study, table))
    blocks += attempt(lambda: both_shares(study, run))
    return blocks


def reports(study: Study, run: Run, partners: tuple[str, ...]) -> Estimate:
    """Return both reports and the reconciled value of trade with each partner."""
    draws = min(max(study.draws, 2), MOST_DRAWS)
    return run(
        measure("mirror_trade", focal=study.focal, partners=partners, draws=draws, seed=study.seed)
    )


def widest(table: Estimate) -> tuple[Quantity, Quantity]:
    """Return the two reports that differ most in dollars, in the last year that both sides tell."""
    cells = {q.cell: q for q in table.quantities() if q.known}
    pairs: list[tuple[Quantity, Quantity]] = []
    for cell, own in cells.items():
        key = dict(cell)
        if key["view"] == "reporter":
            other = cells.get(tuple({**key, "view": "mirror"}.items()))
            if other is not None:
                pairs.append((own, other))
    if not pairs:
        raise Unavailable(_("No flow is reported by both sides."))
    last = max(int(dict(a.cell)["year"]) for a, _b in pairs)
    late = [pair for pair in pairs if dict(pair[0].cell)["year"] == last]
    return max(late, key=lambda pair: abs((pair[0].value or 0.0) - (pair[1].value or 0.0)))


def gaps(study: Study, table: Estimate) -> Figure:
    """Draw both reports and the reconciled value for the partner with the widest gap."""
    own, other = widest(table)
    cell = dict(own.cell)
    partner = str(cell["partner"])
    first, last = study.years
    inside = [y for y in known_years(table, partner=partner) if first <= y <= last]
    shown = {f: table.select(partner=partner, flow=f, year=inside) for f in FLOWS}
    lines = find("render.charts", "lines")
    labels = views(study)
    template = {
        "exports": _("{focal} reports {own} of exports to {partner} in {last}; {partner} reports "
                     "{other}"),
        "imports": _("{focal} reports {own} of imports from {partner} in {last}; {partner} "
                     "reports {other}"),
    }[str(cell["flow"])]  # fmt: skip
    return Figure(
        "mirror",
        say(
            template, focal=actor(study.focal, study.language), own=own, other=other,
            partner=who(own, "partner", study), last=year(int(cell["year"])),
        ),
        say(
            _("Trade with {partner} as each side reports it, {when}, current dollars; {bands}"),
            partner=who(own, "partner", study), when=years(inside),
            bands=Name(_("bands show 50 % and 90 % of the reconciled value’s draws")),
        ),
        tuple(
            lines(e, across="view", labels=labels, caption=say(FLOWS[f]))
            for f, e in shown.items()
        ),
        tuple(shown.values()),
        _("Two line charts: exports and imports as each side reports them, and reconciled."),
        Grid("year", "view", labels, _("Year")),
        notes=(
            say(
                _(
                    "Shown is the partner with the widest gap in dollars. Importers report with "
                    "freight, exporters without; the reconciled value is without. Its interval "
                    "comes from how far reporters usually disagree with their partners."
                )
            ),
        ),
        stacked=True,
    )  # fmt: skip


def both_shares(study: Study, run: Run) -> Table:
    """Print each partner's share of trade in every view, in the last year that all have."""
    shares = run(
        measure(
            "trade_share", focal=study.focal, partners=study.partners, view="each",
            reports=find("sources", REPORTS)(),
        )
    )  # fmt: skip
    names = {**views(study), "mirror": _("Partners say"), "reconciled": _("BACI")}
    last = _shared_year(shares, tuple(names))
    labels = {p: label(p, study.language) for p in study.partners}
    return Table(
        "mirror-shares",
        say(_("Partners’ shares by who reports, {last}"), last=year(last)),
        say(
            _("Share in {focal}’s goods trade, exports and imports together; each view over its "
              "own total"),
            focal=actor(study.focal, study.language),
        ),
        shares.select(year=last),
        Grid("partner", "view", {**labels, **names}, _("Partner")),
    )  # fmt: skip


def _shared_year(shares: Estimate, wanted: Sequence[str]) -> int:
    """Return the last year in which every view is known."""
    common = set.intersection(*(set(known_years(shares, view=v)) for v in wanted))
    if not common:
        raise Unavailable(_("No year is known in every view."))
    return max(common)


SECTION = Section("mirror", 66, _("Who says so: both sides’ reports"), build)
