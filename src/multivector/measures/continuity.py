"""Continuity: trends of yearly series, and whether they break at dated events."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass
from datetime import date
from typing import Annotated, Any, ClassVar

import numpy as np
import polars as pl

from multivector.choices import Actor, Parsed
from multivector.errors import InputError, MultivectorError, OutOfCoverage
from multivector.estimate import Estimate
from multivector.measures._series import DRAWS, SIDES, Series, cells_of, drawn, series_of
from multivector.origin import Citation
from multivector.stats import breaks
from multivector.stats.breaks import What
from multivector.step import Inputs, Measure, Step

NEWEY = Citation(
    "newey1987",
    "article",
    "Newey, Whitney K. and West, Kenneth D.",
    "A Simple, Positive Semi-definite, Heteroskedasticity and Autocorrelation Consistent "
    "Covariance Matrix",
    1987,
    "Econometrica 55(3):703-708",
    doi="10.2307/1913610",
)
WAGNER = Citation(
    "wagner2002",
    "article",
    "Wagner, A. K. and Soumerai, S. B. and Zhang, F. and Ross-Degnan, D.",
    "Segmented Regression Analysis of Interrupted Time Series Studies in Medication Use Research",
    2002,
    "Journal of Clinical Pharmacy and Therapeutics 27(4):299-309",
    doi="10.1046/j.1365-2710.2002.00430.x",
)
BENJAMINI = Citation(
    "benjamini1995",
    "article",
    "Benjamini, Yoav and Hochberg, Yosef",
    "Controlling the False Discovery Rate: A Practical and Powerful Approach to Multiple Testing",
    1995,
    "Journal of the Royal Statistical Society B 57(1):289-300",
    doi="10.1111/j.2517-6161.1995.tb02031.x",
)
HOLM = Citation(
    "holm1979",
    "article",
    "Holm, Sture",
    "A Simple Sequentially Rejective Multiple Test Procedure",
    1979,
    "Scandinavian Journal of Statistics 6(2):65-70",
    url="https://www.jstor.org/stable/4615733",
)
EVENTS = ("2014-03-18", "2019-03-20", "2022-01-05", "2022-02-24")
"""Annexation of Crimea; change of president; January unrest; the invasion of Ukraine."""
NO_PERSON = "a break is a change of the series, attributed to no person"


def _day(text: Any) -> str:
    try:
        return date.fromisoformat(str(text)).isoformat()
    except ValueError:
        raise InputError(f"{text!r} is no date.", "Dates are written 2019-03-20.") from None


Day = Annotated[str, Parsed(_day)]


def break_years(events: Iterable[str]) -> dict[int, str]:
    """Return the first year that lies mostly after each event, and the events that share it.

    >>> break_years(("2019-03-20", "2021-08-15", "2022-01-05"))
    {2019: '2019-03-20', 2022: '2021-08-15 and 2022-01-05'}
    """
    found: dict[int, list[str]] = {}
    for event in sorted(events):
        day = date.fromisoformat(event)
        found.setdefault(day.year + (day.month > 6), []).append(event)
    return {year: " and ".join(days) for year, days in found.items()}


@dataclass(frozen=True)
class SeriesTrend(Step[Estimate]):
    """Linear trend of a yearly series per decade, with an interval robust to autocorrelation.

    10·b in y_t = a + b·t + e by least squares; the interval is b ± t(n − 2)·s with Newey and West's
    standard error s. In the unit of the series per decade. A series of fewer than three known years
    has no trend.

    Parameters
    ----------
    series
        Any estimate with cells by year.
    years
        First and last year; ``None`` takes all.

    Examples
    --------
    >>> from multivector.measures.trade import HHI
    >>> SeriesTrend(HHI(focal="KAZ")).years is None
    True
    """

    name: ClassVar[str] = "series_trend"
    example: ClassVar = {"series": {"step": "hhi"}, "years": None}
    citations: ClassVar[tuple[Citation, ...]] = (NEWEY,)
    series: Step[Estimate]
    _: KW_ONLY
    years: tuple[int, int] | None = None

    def compute(self, get: Inputs) -> Estimate:
        """Fit each series."""
        given = get(self.series)
        rows = list(series_of(given, self.years))
        fits = [breaks.trend(s.values) for s in rows]
        cells = cells_of([(s, {"years": _span(s)}) for s in rows])
        return Estimate(
            cells,
            drawn(10 * f.draws(DRAWS) for f in fits),
            label=f"Trend of: {given.label}",
            unit=f"{given.unit}, change per decade",
            draw_kind="sampling",
            variant=f"linear trend, Newey–West errors; {given.variant}",
            range=SIDES,
            observed=np.array([10 * f.value for f in fits]),
        )


@dataclass(frozen=True)
class SeriesBreak(Step[Estimate]):
    """Break of a yearly series at dated events: an interrupted time series.

    Level: δ in y_t = a + b·t + δ·[t ≥ T] + e. Trend: 10·γ, the change of the slope per decade, with
    γ·(t − T)·[t ≥ T] added. T is the first year that lies mostly after the event (July and later
    count to the next). Interval by Newey and West's standard error. Fewer than five years before,
    or two (level) or four (trend) from T on, give no figure. Yearly data cannot tell apart what
    happens within a year: events of one year share a cell. Nothing here says what caused a break.

    Parameters
    ----------
    series
        Any estimate with cells by year.
    events
        Dates; each is tested apart, on the whole series.
    what
        ``level`` or ``trend``.

    Examples
    --------
    >>> from multivector.measures.trade import HHI
    >>> SeriesBreak(HHI(focal="KAZ"), events=("2014-03-18",)).what
    'level'
    """

    name: ClassVar[str] = "series_break"
    example: ClassVar = {"series": {"step": "hhi"}}
    citations: ClassVar[tuple[Citation, ...]] = (WAGNER, NEWEY)
    series: Step[Estimate]
    _: KW_ONLY
    events: tuple[Day, ...] = EVENTS
    what: What = "level"

    def compute(self, get: Inputs) -> Estimate:
        """Fit each series at each event."""
        given = get(self.series)
        scale, per = (10.0, " per decade") if self.what == "trend" else (1.0, "")
        rows: list[tuple[Series, dict[str, Any]]] = []
        fits: list[breaks.Fit] = []
        for series in series_of(given):
            for year, event in break_years(self.events).items():
                fits.append(breaks.break_at(series.values, year - series.first, self.what))
                note = _caution(event) if fits[-1].df else _too_few(series, year)
                rows.append((series, {"event": event, "year": year, "note": note}))
        return Estimate(
            cells_of(rows),
            drawn(scale * f.draws(DRAWS) for f in fits),
            label=f"Break in {self.what} of: {given.label}",
            unit=f"{given.unit}, change{per}",
            draw_kind="sampling",
            variant=f"interrupted time series, Newey–West errors; {NO_PERSON}; {given.variant}",
            range=SIDES,
            observed=np.array([scale * f.value for f in fits]),
        )


@dataclass(frozen=True, kw_only=True)
class Continuity(Measure):
    """Probability that a break as large would show at a date or in a state without the event.

    p = (1 + #{|t_placebo| ≥ |t|})/(1 + m), t being the break over its Newey–West error. Figures:
    ``dates``, among other dates of the same series; ``states``, among other states at the same
    date; ``both``, among other states at other dates too; ``Holm`` and ``BH``, the last adjusted
    for all the breaks asked for together. The note says how many placebos there are and the
    smallest p that they allow: with few, no break can be shown, which is not the same as
    continuity.

    Dates of one series are not independent, and a shock that hits every state shows in ``dates``
    and not in ``states``. Yearly data cannot separate events of one year, and no break is
    attributed to a person.

    Parameters
    ----------
    series
        Estimates by year of the focal state, and the same of other states; series of one label
        and equal further keys are compared.
    events
        Dates to test.

    Examples
    --------
    >>> from multivector.measures.trade import HHI
    >>> Continuity(focal="KAZ", series=(HHI(focal="KAZ"), HHI(focal="UZB"))).unit
    'probability'
    """

    name: ClassVar[str] = "continuity"
    example: ClassVar = {"series": [{"step": "hhi", "focal": s} for s in ("KAZ", "UZB")]}
    unit: ClassVar[str] = "probability"
    citations: ClassVar[tuple[Citation, ...]] = (WAGNER, NEWEY, HOLM, BENJAMINI)
    series: tuple[Step[Estimate], ...]
    focal: Actor
    events: tuple[Day, ...] = EVENTS

    def problems(self) -> Iterable[MultivectorError]:
        """Refuse an empty family."""
        if not self.series or not self.events:
            yield InputError("A test of continuity needs a series and an event.")

    def compute(self, get: Inputs) -> Estimate:
        """Rank each break of the focal state among its placebos."""
        groups: dict[tuple[Any, ...], list[Series]] = {}
        for given in map(get, self.series):
            with suppress(OutOfCoverage):  # a state without a value is no placebo
                for s in series_of(given):
                    groups.setdefault((given.label, given.unit, s.words), []).append(s)
        dates = break_years(self.events)
        rows: list[dict[str, Any]] = []
        found: list[list[float]] = []
        for (label, _unit, words), members in groups.items():
            mine = [s for s in members if s.state in (self.focal, "")]
            others = [s for s in members if s.state not in (self.focal, "")]
            for series in mine[:1]:
                for year, event in dates.items():
                    for what in ("level", "trend"):
                        p, note = _ranks(series, others, year, dates, what)
                        found.append(p)
                        rows.append(
                            {"series": label, "of": words, "break": what, "event": event,
                             "year": year, "note": f"{note} {_caution(event)}".strip()}
                        )  # fmt: skip
        if not rows:
            raise InputError(f"None of these series speaks of {self.focal}.")
        table = np.array(found)
        adjusted = {"Holm": breaks.holm(table[:, 2]), "BH": breaks.benjamini_hochberg(table[:, 2])}
        figures = {"dates": table[:, 0], "states": table[:, 1], "both": table[:, 2], **adjusted}
        cells = pl.DataFrame(rows)
        family = int(np.isfinite(table[:, 2]).sum())
        return Estimate(
            pl.concat(cells.select(pl.lit(f).alias("figure"), pl.all()) for f in figures),
            np.concatenate(list(figures.values())).reshape(-1, 1),
            label="Rank of a break among placebos",
            unit=self.unit,
            variant=f"{family} breaks tested together; {NO_PERSON}",
            range=(0, 1),
        )


def _ranks(
    series: Series, others: list[Series], year: int, tested: Iterable[int], what: What
) -> tuple[list[float], str]:
    """Return p among dates, among states and among both, and what must be known of them."""
    fit = breaks.break_at(series.values, year - series.first, what)
    if not fit.df:
        return [np.nan] * 3, _too_few(series, year)

    def at_other_dates(s: Series) -> np.ndarray:
        return breaks.placebo_dates(s.values, [y - s.first for y in tested], what)

    dates = at_other_dates(series)
    peers = np.array([breaks.break_at(s.values, year - s.first, what).t for s in others])
    peers = peers[np.isfinite(peers)]
    both = np.concatenate([dates, peers, *map(at_other_dates, others)])
    sizes = " and ".join(
        f"{len(found)} {word} (p at least {1 / (1 + len(found)):.3f})"
        for found, word in ((dates, "other dates"), (peers, "other states"))
    )
    note = f"t = {fit.t:.2f}; {sizes}; {len(both)} placebos in all."
    return [breaks.placebo_p(fit.t, found) for found in (dates, peers, both)], note


def _caution(event: str) -> str:
    return f"Yearly data cannot tell {event} apart." if " and " in event else ""


def _too_few(series: Series, year: int) -> str:
    last = series.first + len(series.values) - 1
    return f"The series runs {series.first}–{last}: too few years around {year}."


def _span(series: Series) -> str:
    return f"{series.first}–{series.first + len(series.values) - 1}"
