"""Pages: blocks as HTML, through templates in which a bare number is an error."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, cast

import jinja2
import polars as pl
from markupsafe import Markup

from multivector.cache import Cache
from multivector.estimate import Estimate
from multivector.origin import Origin, unite
from multivector.panel import Panel
from multivector.quantity import Quantity
from multivector.render import picture
from multivector.render.figure import Figure, Grid, Table
from multivector.render.text import Date, Name, Year, _, capital, html, number, say, years
from multivector.render.theme import INKS, NARROW, WIDE


@cache
def environment() -> jinja2.Environment:
    """Return the one template environment: autoescape, no undefined names, no bare numbers."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("multivector.render"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    cast("dict[str, Any]", made.globals)["_"] = _
    return made


def finalize(value: Any) -> Any:
    """Return what a template may print: text and HTML as they are, quantities as ``<data>``.

    Raises
    ------
    BareNumber
        For a number that is not a Quantity.
    """
    if isinstance(value, str | jinja2.Undefined) and not isinstance(value, Year | Date | Name):
        return value
    return html(value)


def render(template: str, **context: Any) -> Markup:
    """Fill the template of that name."""
    return Markup(environment().get_template(f"{template}.html.j2").render(**context))


# figures and tables ----------------------------------------------------------------------------


def block_html(block: Markup | Figure | Table, cache_: Cache | None = None) -> Markup:
    """Return one block of a section as HTML."""
    if isinstance(block, Figure):
        return figure_html(block, cache_)
    if isinstance(block, Table):
        return table_html(block)
    return block


def figure_html(figure: Figure, cache_: Cache | None = None) -> Markup:
    """Return a figure: finding, measure, drawing, events, notes, sources, table and CSV."""
    panels: list[dict[str, Any]] = []
    alone = figure.stacked or len(figure.drawings) == 1
    for i, drawing in enumerate(figure.drawings):
        sizes = (WIDE, NARROW) if alone else (NARROW,)
        pictures = [
            {
                "size": size.name if alone else "panel",
                "svg": Markup(
                    picture.inline(
                        picture.svg(drawing.specs[size.name], cache_),
                        f"{figure.name}-{'abcdefgh'[i]}-{size.name}",
                        f"{capital(figure.title).striptags()}. {figure.alt}",
                    )
                ),
            }
            for size in sizes
        ]
        panels.append({"caption": drawing.caption, "pictures": pictures})
    return render(
        "figure",
        figure=figure,
        title=capital(figure.title),
        panels=panels,
        alone=alone,
        events=[
            {"number": Name(n), "date": Date(d), "what": Name(what), "source": Name(source)}
            for n, d, what, source in figure.events
        ],
        notes=[*figure.notes, *gap_notes(figure)],
        table=Markup("").join(grid_html(e, figure.grid) for e in figure.estimates),
        sources=source_line(figure.sources, figure.table),
        csv=csv_link(figure.csv()),
    )


def table_html(table: Table) -> Markup:
    """Return a table with its finding, sources and CSV."""
    if isinstance(table.data, Estimate):
        body = grid_html(table.data, table.grid or Grid(table.data.key[0]))
    else:
        body = rows_html(table.data, table.grid)
    return render(
        "table",
        table=table,
        title=capital(table.title),
        body=body,
        sources=source_line(table.sources, table.table),
        csv=csv_link(table.csv()),
    )


def grid_html(estimate: Estimate, grid: Grid) -> Markup:
    """Lay an estimate out: one row per ``grid.down``, one column per ``grid.across``."""

    def head(value: Any) -> Any:
        named = grid.labels.get(value)
        return Name(value if named is None else named)

    cells: dict[tuple[Any, Any], Quantity] = {}
    downs: dict[Any, None] = {}
    acrosses: dict[Any, None] = {}
    for q in estimate.quantities():
        key = dict(q.cell)
        if grid.down not in key:
            continue
        down, across = key[grid.down], key.get(grid.across, "")
        downs.setdefault(down)
        acrosses.setdefault(across)
        cells[down, across] = q
    order = [k for k in grid.labels if k in acrosses] or list(acrosses)
    order += [a for a in acrosses if a not in order]
    rows = [{"head": head(d), "cells": [_cell(cells.get((d, a))) for a in order]} for d in downs]
    heads = [head(a) if a != "" else Name(estimate.label) for a in order]
    interval = _("with 90 % intervals") if estimate.draw_kind != "point" else ""
    caption = ", ".join(p for p in (estimate.label, estimate.unit, interval) if p)
    return render(
        "grid",
        caption=Name(caption),
        variant=Name(estimate.variant),
        corner=grid.head or grid.down,
        heads=heads,
        rows=rows,
    )


def _cell(q: Quantity | None) -> Markup:
    if q is None:
        return Markup('<span class="none">{}</span>').format(_("no data"))
    if not q.interval:
        return number(q, bare=True)
    return Markup("{} <small>{}</small>").format(number(q, bare=True), q.interval)


def rows_html(panel: Panel, grid: Grid | None = None) -> Markup:
    """Show the rows of a panel as published, with codes in words.

    With a grid, the panel's one variable is laid out: a row per ``down``, a column per ``across``.
    """
    words = {v.name: dict(v.codes) for v in panel.variables if v.codes}
    labels = {v.name: v.label for v in panel.variables}

    def show(column: str, value: Any) -> Markup:
        if value is None:
            return Markup('<span class="none">{}</span>').format(_("no data"))
        if column == "date":
            return html(Date(str(value)))
        return html(Name(words.get(column, {}).get(value, value)))

    if grid is None:
        names = [*panel.key.columns, *labels]
        table = [[show(c, row[c]) for c in names] for row in panel.frame.iter_rows(named=True)]
        heads = [Name(labels.get(c, c)) for c in names]
    else:
        variable = panel.variables[0].name
        order = [a for a in grid.labels if a in set(panel.frame[grid.across])]
        fixed = [c for c in panel.key.columns if c != grid.across]
        wide = panel.frame.pivot(grid.across, index=fixed, values=variable).sort(
            *(c for c in ("date", "year") if c in fixed), grid.down
        )
        names = [grid.down, *(c for c in fixed if c != grid.down)]
        table = [
            [*(show(c, row[c]) for c in names), *(show(variable, row[a]) for a in order)]
            for row in wide.iter_rows(named=True)
        ]
        others = [Name(labels.get(c, c.capitalize())) for c in names[1:]]
        heads = [Name(grid.head), *others, *(Name(grid.labels[a]) for a in order)]
    return render(
        "grid",
        caption="",
        variant="",
        corner=heads[0],
        heads=heads[1:],
        rows=[{"head": row[0], "cells": row[1:]} for row in table],
    )


# what stands under them ------------------------------------------------------------------------


def gap_notes(figure: Figure) -> list[Markup]:
    """Say in words which cells have no data, and repeat the remarks that came with them."""
    gaps: dict[Markup, list[str]] = {}
    remarks: dict[str, None] = {}
    for estimate in figure.estimates:
        groups: dict[str, list[int]] = {}
        of = figure.grid.across if figure.grid.across != "year" else figure.grid.down
        for q in estimate.quantities():
            cell = dict(q.cell)
            if not q.known and "year" in cell and of in cell:
                groups.setdefault(cell[of], []).append(int(cell["year"]))
            if not q.known and q.note:
                remarks.setdefault(q.note)
        if groups:
            cells = _gap(groups, of, figure.grid, estimate)
            gaps.setdefault(cells, []).append(estimate.label)
    everywhere = len(figure.estimates)
    notes = [
        say(_("No data: {cells}."), cells=cells)
        if len(where) == everywhere
        else say(_("No data in {what}: {cells}."), what=Name(", ".join(where)), cells=cells)
        for cells, where in gaps.items()
    ]
    return [*notes, *(html(Name(r)) for r in remarks), *_membership(figure)]


def _gap(groups: dict[str, list[int]], of: str, grid: Grid, estimate: Estimate) -> Markup:
    """Name the cells without data: once where every series lacks the same years."""
    spans = list(groups.values())
    everyone = len(groups) > 1 and len(groups) == estimate.cells[of].n_unique()
    if everyone and all(s == spans[0] for s in spans):
        return say(_("{when} for every one shown"), when=years(spans[0]))
    parts = [
        say("{who} {when}", who=Name(grid.labels.get(k, k)), when=years(v))
        for k, v in groups.items()
    ]
    return Markup("; ").join(parts)


def _membership(figure: Figure) -> list[Markup]:
    """Say which membership a bloc's name stands for."""
    shown = {str(v) for e in figure.estimates for q in e.quantities() for _k, v in q.cell}
    if "EU27_2020" not in shown:
        return []
    members = Name(_("EU27: the members since February 2020, in every year."))
    return [html(members)]


def source_line(origins: Sequence[Origin], table: pl.DataFrame) -> Markup:
    """Return data set, version, licence, retrieval and years of the data, in one line."""
    parts: list[Markup] = []
    for o in origins:
        if o.kind != "data":
            kind = Name(_(o.kind))
            parts.append(say("{kind}: {title}", kind=kind, title=Name(o.title)))
            continue
        state = _("casebook extract") if o.extract else _("full file")
        retrieved = (
            say(_(", retrieved {when}"), when=Date(o.retrieved)) if o.retrieved else Markup("")
        )
        parts.append(
            say(
                _("{title}, {version} ({licence}; {state}{retrieved})"),
                title=Markup('<a href="#data-{}">{}</a>').format(o.dataset, html(Name(o.title))),
                version=Name(o.version),
                licence=Name(o.licence.name),
                state=state,
                retrieved=retrieved,
            )
        )
    line = Markup("; ").join(parts)
    found = _years_of(table)
    if not found:
        return say("{line}.", line=line)
    return say(_("{line}. Years of the data: {years}."), line=line, years=years(found))


def origin_rows(origins: Sequence[Origin]) -> list[dict[str, Any]]:
    """Return the rows of the table of data sets; links go to the first row of a data set."""
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for o in origins:
        if o.kind == "data":
            rows.append({**_origin_row(o), "id": "" if o.dataset in seen else f"data-{o.dataset}"})
            seen.add(o.dataset)
    return rows


def _origin_row(o: Origin) -> dict[str, Any]:
    return {
        "title": Name(o.title),
        "producer": Name(o.producer),
        "version": Name(o.version),
        "licence": Name(o.licence.name),
        "url": o.licence.url,
        "retrieved": Date(o.retrieved) if o.retrieved else _("not recorded"),
        "what": _("casebook extract") if o.extract else _("full file"),
        "hashes": [Name(h[:12]) for h in o.sha256.split()],
        "note": Name(o.note),
    }


def _years_of(table: pl.DataFrame) -> list[int]:
    column = "value" if "value" in table.columns else ""
    known = table.filter(pl.col(column).is_not_null()) if column else table
    if "year" in table.columns:
        return sorted({int(y) for y in known["year"].drop_nulls()})
    if "period" in table.columns:
        spans = [str(p).split("–") for p in known["period"].unique()]
        return sorted({y for s in spans for y in range(int(s[0]), int(s[-1]) + 1)})
    if "date" in table.columns:
        return sorted({d.year for d in known["date"]})
    return []


def csv_link(text: str) -> str:
    """Return CSV text as a data address, so that the page needs no other file."""
    return "data:text/csv;charset=utf-8;base64," + base64.b64encode(text.encode()).decode()


def stylesheet() -> Markup:
    """Return the page's style sheet with every ink in its light and dark value."""
    from importlib.resources import files

    light = "".join(f"--{name}:{value[0]};" for name, value in INKS.items())
    dark = "".join(f"--{name}:{value[1]};" for name, value in INKS.items())
    inks = (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    )
    sheet = files("multivector.render").joinpath("static", "page.css").read_text("utf-8")
    return Markup(f"{inks}\n{sheet}")


def all_origins(groups: Iterable[Sequence[Origin]]) -> tuple[Origin, ...]:
    """Return the union of origins, data first."""
    found = unite(*groups)
    return tuple(sorted(found, key=lambda o: (o.kind != "data", o.dataset)))
