"""Figures and tables: complete, downloadable, licensed, and the same wherever they are shown."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from markupsafe import Markup
from polars.testing import assert_frame_equal

from multivector.cache import Cache
from multivector.errors import InputError, LicenceError
from multivector.estimate import Estimate
from multivector.origin import Origin
from multivector.panel import Panel
from multivector.registry import find
from multivector.render import picture
from multivector.render.figure import Figure, Grid, Table
from multivector.render.page import figure_html, table_html
from multivector.render.text import say
from multivector.variable import STATE_YEAR, Coverage, Variable, span
from tests.render.pages import Page

Make = Callable[..., Estimate]
NAMES = {"RUS": "Russia", "CHN": "China"}


def figure(*estimates: Estimate, panels: int = 1, **more: Any) -> Figure:
    lines = find("render.charts", "lines")
    drawing = lines(estimates[0], across="partner", labels=NAMES)
    given: dict[str, Any] = {
        "title": say("Russia led"),
        "subtitle": say("Share of toys"),
        "alt": "Line chart: shares.",
        "grid": Grid("year", "partner", NAMES, "Year"),
        **more,
    }
    return Figure("toys", drawings=(drawing,) * panels, estimates=estimates, **given)


def test_csv_is_the_estimates_table(make: Make) -> None:
    estimate = make({"RUS": [0.3, None], "CHN": [0.1, 0.2]})
    read = pl.read_csv(io.StringIO(figure(estimate).csv()))
    assert_frame_equal(read, estimate.to_polars(), check_dtypes=False)
    assert read["value"].null_count() == 1


def test_a_figure_lacks_nothing(make: Make) -> None:
    with pytest.raises(InputError, match="no text"):
        figure(make({"RUS": [0.3]}), alt="")


def test_licences_are_enforced(make: Make, closed: Origin) -> None:
    with pytest.raises(LicenceError, match="All ours"):
        figure(make({"RUS": [0.3]}, origin=closed))
    derived = replace(closed, licence=replace(closed.licence, redistribute_derived=True))
    assert figure(make({"RUS": [0.3]}, origin=derived)).sources == (derived,)
    variable = Variable("v", "Toys", "count", Coverage(span(2000, 2000)), origins=(derived,))
    rows = Panel(
        pl.DataFrame({"state": ["KAZ"], "year": [2000], "v": [1.0]}), STATE_YEAR, (variable,)
    )
    with pytest.raises(LicenceError, match="shares, similarity"):
        Table("rows", Markup("t"), Markup("s"), rows)


def test_the_page_shows_table_notes_and_gaps(make: Make) -> None:
    page = Page(figure_html(figure(make({"RUS": [0.3, None], "CHN": [0.1, 0.2]}))))
    words = "".join(t.text for t in page.texts)
    assert "No data: Russia 2001." in words
    assert "Years of the data: 2000–2001." in words
    assert "CC BY 4.0" in words
    assert [e.attributes["value"] for e in page.all("data")] == ["0.3", "0.1", "0.2"]
    assert len(page.all("svg")) == 2  # wide and narrow
    labels = [e.attributes["aria-label"] for e in page.all("svg")]
    assert all("Russia led" in text and "Line chart" in text for text in labels)


def test_a_gap_of_all_series_is_said_once(make: Make) -> None:
    page = Page(figure_html(figure(make({"RUS": [0.3, None], "CHN": [0.1, None]}))))
    words = "".join(t.text for t in page.texts)
    assert "No data: 2001 for every one shown." in words


def test_ids_are_unique_when_a_drawing_occurs_twice(make: Make) -> None:
    estimate = make({"RUS": [0.3, None, 0.2]})
    ids = [
        e.attributes["id"]
        for e in Page(figure_html(figure(estimate, panels=2))).elements
        if "id" in e.attributes
    ]
    assert len(ids) > 2
    assert len(set(ids)) == len(ids)


def test_inks_become_variables_in_a_page_only(make: Make) -> None:
    spec = figure(make({"RUS": [0.3, 0.2]})).drawings[0].specs["wide"]
    drawn = picture.svg(spec)
    assert "var(--" not in drawn
    inline = picture.inline(drawn, "a", "words")
    assert "var(--rus)" in inline
    assert not re.findall(r"#[0-9A-Fa-f]{6}\b", inline)


def test_static_forms(make: Make) -> None:
    one = figure(make({"RUS": [0.3, 0.2]}))
    assert one.png().startswith(b"\x89PNG\r\n")
    two = figure(make({"RUS": [0.3, 0.2]}), panels=2)
    assert two.svg().count("<svg") == 3
    assert two.png().startswith(b"\x89PNG\r\n")


def test_notebooks_show_picture_and_table(make: Make) -> None:
    bundle = figure(make({"RUS": [0.3, 0.2]}))._repr_mimebundle_()
    assert bundle["image/svg+xml"].startswith("<svg")
    assert "<table" in bundle["text/html"]
    assert "20.0%" in bundle["text/html"]


def test_pictures_come_from_the_cache_and_survive_damage(make: Make, cache_folder: Path) -> None:
    spec = figure(make({"RUS": [0.3, 0.2]})).drawings[0].specs["wide"]
    cache = Cache(cache_folder)
    drawn = picture.svg(spec, cache)
    entries = [p for p in cache_folder.rglob("*") if p.is_file()]
    assert len(entries) == 1
    entries[0].write_bytes(entries[0].read_bytes()[:-9])
    assert picture.svg(spec, cache) == drawn
    assert picture.svg(spec, cache) == drawn


def test_rendering_modules_load_no_chart_library() -> None:
    code = (
        "import sys, multivector.render.report, multivector.render.page;"
        "from multivector.registry import everything;"
        "everything('render.charts'), everything('render.sections');"
        "print(sorted({'altair', 'vl_convert', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_tables_of_rows_write_codes_in_words() -> None:
    vote = Variable(
        "vote", "Vote", "category", Coverage(span(2000, 2000)), codes=((1, "yes"), (3, "no"))
    )
    frame = pl.DataFrame({"state": ["KAZ", "UZB"], "year": [2000, 2001], "vote": [1, None]})
    panel = Panel(frame, STATE_YEAR, (vote,))
    plain = Page(table_html(Table("t", Markup("Votes"), Markup("All"), panel)))
    assert {"yes", "no data"} <= {t.text for t in plain.texts}
    grid = Grid("year", "state", {"KAZ": "Kazakhstan", "UZB": "Uzbekistan"}, "Year")
    laid = Page(table_html(Table("t", Markup("Votes"), Markup("All"), panel, grid)))
    assert [e.text for e in laid.all("th")][:3] == ["Year", "Kazakhstan", "Uzbekistan"]
