"""Figures: a finding, its drawing, the table behind it, and the sources of that table."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from markupsafe import Markup

from multivector.cache import Cache
from multivector.errors import InputError, LicenceError, raise_all
from multivector.estimate import Estimate
from multivector.origin import Origin, unite
from multivector.panel import Panel
from multivector.render import picture
from multivector.render.theme import SIZES, Size, Spec


@dataclass(frozen=True)
class Drawing:
    """One picture in each design width, by the width's name; ``caption`` tells panels apart."""

    specs: Mapping[str, Spec]
    caption: Markup | str = ""


@dataclass(frozen=True)
class Chart:
    """A registered chart: one function from estimates to a Vega-Lite specification.

    Parameters
    ----------
    draw
        Called with the estimates, a ``size`` and options; returns the specification of one
        design width. It places what it is given and computes no measure.
    takes
        The shape of the estimates, in words.

    Examples
    --------
    >>> from multivector.registry import find
    >>> "partner" in find("render.charts", "lines").takes
    True
    """

    name: str
    draw: Callable[..., Spec]
    takes: str

    @property
    def doc(self) -> str:
        """What the chart shows, from the docstring of its function."""
        return (self.draw.__doc__ or "").strip()

    def __call__(self, *estimates: Estimate, caption: Markup | str = "", **options: Any) -> Drawing:
        """Draw *estimates* in every design width."""
        made: dict[str, Spec] = {}
        for size in SIZES:
            made[size.name] = self.draw(*estimates, size=size, **options)
        return Drawing(made, caption)


@dataclass(frozen=True)
class Grid:
    """How a table is laid out for reading: one row per ``down``, one column per ``across``.

    ``labels`` names the values of both in the reader's language; ``head`` names the corner.
    """

    down: str
    across: str = ""
    labels: Mapping[Any, str] = field(default_factory=dict[Any, str])
    head: str = ""


@dataclass(frozen=True)
class Figure:
    """A finding as a title, what is measured as a subtitle, one or several drawings, their data.

    Parameters
    ----------
    name
        Short identifier, unique in a page.
    title, subtitle
        The finding; what is measured, its unit and its years.
    drawings
        One drawing, or the panels of small multiples.
    estimates
        What is drawn: the table, the CSV and the sources follow from it.
    alt
        The picture in words, for those who cannot see it.
    grid
        Layout of the table behind the figure.
    events
        (number, date, what, source) of the markers drawn.
    notes
        Remarks that belong under the drawing.
    stacked
        Whether several drawings stand one below the other at full width, not side by side.

    Raises
    ------
    InputError
        Without a drawing, an estimate or a text alternative.
    LicenceError
        When the terms of a source forbid passing on figures computed from it.
    """

    name: str
    title: Markup
    subtitle: Markup
    drawings: tuple[Drawing, ...]
    estimates: tuple[Estimate, ...]
    alt: str
    grid: Grid
    events: tuple[tuple[str, str, str, str], ...] = ()
    notes: tuple[Markup, ...] = ()
    stacked: bool = False

    def __post_init__(self) -> None:
        """Refuse figures that lack a part, or that a licence forbids."""
        parts = {"drawing": self.drawings, "estimate": self.estimates, "text": self.alt}
        raise_all(
            f"Figure {self.name!r} cannot be made",
            [InputError(f"Figure {self.name!r} has no {k}.") for k, v in parts.items() if not v],
        )
        for origin in self.sources:
            if not origin.licence.redistribute_derived:
                raise LicenceError(
                    f"{origin.title} may not be passed on, nor figures computed from it.",
                    f"Its terms ({origin.licence.name}): {origin.licence.quote}",
                    "Leave the figure out, or use a source with open terms.",
                )

    @property
    def sources(self) -> tuple[Origin, ...]:
        """Every origin of the numbers in this figure."""
        return unite(*(e.origins for e in self.estimates))

    @property
    def table(self) -> pl.DataFrame:
        """The tidy table behind the drawing: the estimates' own tables, one below the other."""
        return pl.concat([e.to_polars() for e in self.estimates], how="diagonal_relaxed")

    def csv(self) -> str:
        """Return the table as CSV text; missing values are empty."""
        return self.table.write_csv()

    def svg(self, size: Size = SIZES[0], cache: Cache | None = None) -> str:
        """Return the drawing as one SVG; panels stand beside each other."""
        if len(self.drawings) == 1:
            return picture.svg(self.drawings[0].specs[size.name], cache)
        narrow = SIZES[-1]
        parts = [picture.svg(d.specs[narrow.name], cache) for d in self.drawings]
        return _side_by_side(parts, narrow.width + 20)

    def png(self, scale: float = 2.0, cache: Cache | None = None) -> bytes:
        """Return the drawing as PNG on white paper."""
        return picture.png(self.svg(cache=cache), scale)

    def html(self, cache: Cache | None = None) -> Markup:
        """Return the figure as HTML, with its table, sources and CSV."""
        from multivector.render.page import figure_html

        return figure_html(self, cache)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Show the picture and the table in a notebook."""
        del include, exclude
        from multivector.render.page import grid_html

        tables = Markup("").join(grid_html(e, self.grid) for e in self.estimates)
        picture_ = Markup(self.svg())
        page = Markup("<h3>{}</h3><p>{}</p>{}{}").format(
            self.title, self.subtitle, picture_, tables
        )
        return {"image/svg+xml": self.svg(), "text/html": str(page), "text/plain": self.alt}


@dataclass(frozen=True)
class Table:
    """A table without a drawing: an Estimate laid out as a grid, or rows of a Panel.

    Raises
    ------
    LicenceError
        When rows as published would be shown and a source's terms forbid passing them on.
    """

    name: str
    title: Markup
    subtitle: Markup
    data: Estimate | Panel
    grid: Grid | None = None
    notes: tuple[Markup, ...] = ()

    def __post_init__(self) -> None:
        """Check the terms of every source against what is shown."""
        raw = isinstance(self.data, Panel)
        for origin in self.sources:
            terms = origin.licence
            if raw and not terms.redistribute_raw:
                allowed = (
                    f"Figures computed from {origin.title} may be shown: shares, similarity "
                    "scores, counts."
                    if terms.redistribute_derived
                    else ""
                )
                raise LicenceError(
                    f"Rows of {origin.title} may not be passed on ({terms.name}).",
                    allowed,
                    "Show a measure of it in place of its rows.",
                )
        if isinstance(self.data, Estimate) and self.grid is None:
            raise InputError(f"Table {self.name!r} of an Estimate needs a grid.")

    @property
    def sources(self) -> tuple[Origin, ...]:
        """Every origin of what is shown."""
        return self.data.provenance

    @property
    def table(self) -> pl.DataFrame:
        """The tidy table."""
        return self.data.to_polars()

    def csv(self) -> str:
        """Return the table as CSV text."""
        buffer = io.StringIO()
        self.table.write_csv(buffer)
        return buffer.getvalue()


def _side_by_side(drawn: Sequence[str], step: int) -> str:
    """Place SVGs of equal width in a row, each with ids of its own."""
    boxes = [_box(d) for d in drawn]
    height, width = max(h for _, h in boxes), step * (len(drawn) - 1) + boxes[-1][0]
    inner = "".join(
        picture.own_ids(d, f"p{i}").replace("<svg", f'<svg x="{i * step}"', 1)
        for i, d in enumerate(drawn)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{inner}</svg>'
    )


def _box(drawn: str) -> tuple[int, int]:
    head = drawn[: drawn.index(">")]
    width, height = (head.split(f' {side}="')[1].split('"')[0] for side in ("width", "height"))
    return int(float(width)), int(float(height))
