"""What several sections need: labels, events in reach, and picks from estimates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from multivector.conclusions import vote_years, votes_in_common
from multivector.errors import OutOfCoverage
from multivector.estimate import Estimate
from multivector.quantity import Quantity
from multivector.registry import find
from multivector.render.section import Run
from multivector.render.text import Name, Year, _, actor, decimal_year, label, say
from multivector.step import Step

if TYPE_CHECKING:
    from multivector.study import Study


def measure(name: str, **choices: Any) -> Step[Estimate]:
    """Return the registered measure of that name with these choices."""
    made: Step[Estimate] = find("measures", name)(**choices)
    return made


def partner_labels(study: Study, *more: str) -> dict[str, str]:
    """Return the names of the study's partners for charts, in the study's order."""
    return {p: label(p, study.language) for p in (*study.partners, *more)}


def left_out(study: Study, run: Run) -> list[Markup]:
    """Say which years at the end are left out, and how many votes they hold."""
    last = vote_years(study, run)[1]
    late = [q for q in votes_in_common(study, run).quantities() if _year(q) > last and q.known]
    most = {y: max((q for q in late if _year(q) == y), key=_value) for y in map(_year, late)}
    return [
        say(
            _("{year} is left out: the data hold at most {n} votes shared with a partner."),
            year=year(y), n=q,
        )
        for y, q in most.items()
    ]  # fmt: skip


def votes(study: Study, run: Run, name: str, **choices: Any) -> Estimate:
    """Evaluate a measure on roll-call votes with the study's focal state, years and draws."""
    chosen = {"years": vote_years(study, run), "draws": study.draws, "seed": study.seed, **choices}
    return run(measure(name, focal=study.focal, **chosen))


# time ------------------------------------------------------------------------------------------


def known_years(estimate: Estimate, **where: object) -> list[int]:
    """Return the years in which a value is known, ascending.

    Raises
    ------
    OutOfCoverage
        When no value is known in any year, so that there is nothing to show.
    """
    cells = (estimate.select(**where) if where else estimate).quantities()
    found = sorted({int(dict(q.cell)["year"]) for q in cells if q.known})
    if not found:
        text = _("{what}: no value is known in any year.")
        raise OutOfCoverage(text.format(what=estimate.label))
    return found


def events_in(study: Study, years: Sequence[int]) -> tuple[list[tuple[str, float]], Any]:
    """Return the study's events within *years*: as markers for a chart and as rows of its list."""
    inside = [
        e
        for e in study.events
        if years and years[0] - 0.5 <= decimal_year(e.date) <= years[-1] + 0.5
    ]
    numbered = [(str(i), e) for i, e in enumerate(inside, 1)]
    markers = [(n, decimal_year(e.date)) for n, e in numbered]
    rows = tuple((n, e.date, e.label, e.source) for n, e in numbered)
    return markers, rows


def year(value: int) -> Year:
    """Return a year as text."""
    return Year(str(value))


# picks -----------------------------------------------------------------------------------------


def ranked(estimate: Estimate, by: str, among: Iterable[str], **where: object) -> list[Quantity]:
    """Return the known cells of *among*, largest value first."""
    cells = estimate.select(**{by: list(among)}, **where).quantities()
    return sorted((q for q in cells if q.known), key=by_size)


def by_size(q: Quantity) -> float:
    """Sort key that puts the largest value first."""
    return -_value(q)


def who(q: Quantity, by: str, study: Study) -> Name:
    """Return the name of the actor of a cell."""
    return actor(str(dict(q.cell)[by]), study.language)


def change(first: Quantity, last: Quantity) -> float:
    """Return the change between two cells, to pick the largest; it is never printed."""
    return _value(last) - _value(first)


def overlap(a: Quantity, b: Quantity) -> bool:
    """Whether the 90 % intervals of two quantities overlap; False for point values."""
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return False
    return a.low <= b.high and b.low <= a.high


def _year(q: Quantity) -> int:
    return int(dict(q.cell)["year"])


def _value(q: Quantity) -> float:
    return float("nan") if q.value is None else q.value


def paragraph(text: Markup) -> Markup:
    """Wrap a sentence or several as a paragraph."""
    return Markup("<p>{}</p>").format(text)


def prose(template: str, **parts: Any) -> Markup:
    """Fill a template and wrap it as a paragraph."""
    return paragraph(say(template, **parts))


def bands() -> Name:
    """Return what the bands of a chart are."""
    return Name(_("bands show 50 % and 90 % intervals"))
