"""The report: complete in itself, every number explained, every absence said in words."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from itertools import pairwise

import polars as pl
import pytest
from markupsafe import Markup
from polars.testing import assert_frame_equal
from syrupy.assertion import SnapshotAssertion

from multivector.errors import Unavailable
from multivector.registry import find
from multivector.render.figure import Figure, Grid
from multivector.render.report import report, report_steps, write_report
from multivector.render.section import Block, Run, Section, attempt, sections
from multivector.render.text import Name, say
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.study import Study, load
from tests.render.conftest import Made, toy
from tests.render.pages import Page, Text

# Where digits may stand without being a measured number: dates, names, code, styles, addresses,
# and the drawings, whose numbers stand in the table beside them.
EXPLAINED = {"data", "time", "svg", "style", "code", "pre", "cite", "title"}
NAMED = {"name", "event-number", "references"}


@cache
def read(html: str) -> Page:
    return Page(html)


def explained(text: Text) -> bool:
    """Whether a text stands in an element that says what its digits are."""
    in_table = "td" in text.inside and "small" in text.inside  # the interval of a <data> cell
    return bool(EXPLAINED & set(text.inside) or NAMED & set(text.classes) or in_table)


def test_no_bare_number_anywhere(real: Made) -> None:
    bare = [t.text for t in read(real.html).texts if re.search(r"\d", t.text) and not explained(t)]
    assert not bare


def test_the_scan_would_find_one(real: Made) -> None:
    planted = read(real.html.replace("<h2", "<p>In all 42 votes</p><h2", 1))
    assert [t.text for t in planted.texts if "42 votes" in t.text and not explained(t)]


def test_every_number_names_its_step(real: Made) -> None:
    page = read(real.html)
    listed = {
        e.attributes["id"] for e in page.elements if e.attributes.get("id", "").startswith("step-")
    }
    used = {f"step-{e.attributes['data-step']}" for e in page.all("data")}
    assert len(page.all("data")) > 500
    assert "step-" not in used
    assert used <= listed


def test_the_page_asks_nothing_of_anyone(real: Made) -> None:
    page = read(real.html)
    assert not {"script", "link", "iframe", "img", "object", "embed", "base", "form"} & {
        e.tag for e in page.elements
    }
    for element in page.elements:
        for name, value in element.attributes.items():
            if name in ("src", "srcset", "xlink:href", "action", "data", "poster", "style"):
                pytest.fail(f"{element.tag} has {name}={value[:80]}")
            if name == "href" and element.tag != "a":
                assert value.startswith("#"), (element.tag, value[:80])
            if name == "href" and element.tag == "a":
                assert re.match(r"#|https?://|data:(text/csv|application/)", value)
            for target in re.findall(r"url\(([^)]*)\)", value):
                assert target.startswith("#"), (element.tag, value[:80])
    style = "".join(e.text for e in page.all("style"))
    assert "@import" not in style
    assert "url(" not in style


def test_the_policy_forbids_everything_but_its_own_style(real: Made) -> None:
    policy = next(
        e.attributes["content"]
        for e in read(real.html).all("meta")
        if e.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert "http" not in policy


def test_ids_are_unique_and_links_arrive(real: Made) -> None:
    page = read(real.html)
    ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    assert len(set(ids)) == len(ids)
    aims = {e.attributes.get("href", "") for e in page.all("a")}
    assert {a[1:] for a in aims if a.startswith("#")} <= set(ids)
    for element in page.elements:
        if "aria-labelledby" in element.attributes:
            assert element.attributes["aria-labelledby"] in ids
        for value in element.attributes.values():
            assert set(re.findall(r"url\(#([^)]*)\)", value)) <= set(ids)


def test_headings_descend_one_level_at_a_time(real: Made) -> None:
    levels = [int(e.tag[1]) for e in read(real.html).elements if re.fullmatch(r"h[1-6]", e.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    headings = [e.text.strip() for e in read(real.html).elements if re.fullmatch(r"h[1-3]", e.tag)]
    assert all(headings)


def test_every_picture_is_described(real: Made) -> None:
    pictures = read(real.html).all("svg")
    assert len(pictures) >= 20
    assert {e.attributes.get("role") for e in pictures} == {"img"}
    assert all(len(e.attributes.get("aria-label", "")) > 20 for e in pictures)


def test_tables_name_their_columns_and_rows(real: Made) -> None:
    assert all(e.attributes.get("scope") in ("col", "row") for e in read(real.html).all("th"))


def test_nothing_is_absent_that_the_casebook_holds(real: Made) -> None:
    assert not [e for e in read(real.html).elements if e.attributes.get("class") == "absent"]


def test_absence_is_hatched_and_said(real: Made) -> None:
    assert "nodata" in real.html
    words = [t.text for t in read(real.html).texts]
    assert "no data" in words
    text = "".join(words)
    assert re.search(r"No data: Türkiye 2023\.", text)


def test_headlines_state_their_last_year_and_name_no_president(real: Made) -> None:
    html = real.html
    glance = html[html.index('class="glance"') : html.index("<nav")]
    lines = re.findall(r"<li>(.*?)</li>", glance, flags=re.S)
    assert 3 <= len(lines) <= 5
    assert all("<time" in line for line in lines)
    titles = " ".join(e.text for e in read(html).elements if re.fullmatch(r"h[1-3]", e.tag))
    for name in ("Tokayev", "Nazarbayev", "president"):
        assert name not in glance + titles


def test_neutral_is_said_of_no_figure_outside_a_conflict_set(real: Made) -> None:
    page = real.html
    start = page.index('<section id="neutrality"')
    outside = page[:start] + page[page.index("</section>", start) + len("</section>") :]
    text = "".join(t.text for t in Page(outside).texts if "pre" not in t.inside)
    for found in re.finditer("neutral", text):
        around = text[max(0, found.start() - 120) : found.end() + 80]
        assert "no measure of neutrality" in around


def test_each_csv_is_the_table_of_its_figure(real: Made) -> None:
    run = Runner(real.settings)
    figures = [b for s in sections() for b in s.build(real.study, run) if isinstance(b, Figure)]
    assert len(figures) >= 8
    links = {
        e.attributes["download"]: e.attributes["href"]
        for e in read(real.html).all("a")
        if "download" in e.attributes
    }
    for figure in figures:
        head, _, body = links[f"{figure.name}.csv"].partition(",")
        assert head == "data:text/csv;charset=utf-8;base64"
        text = base64.b64decode(body).decode()
        read_back = pl.read_csv(io.StringIO(text), infer_schema_length=None)
        expected = pl.concat([e.to_polars() for e in figure.estimates], how="diagonal_relaxed")
        assert read_back.columns == expected.columns
        assert_frame_equal(
            read_back.select("value", "low", "high"),
            expected.select("value", "low", "high"),
            check_dtypes=False,
        )


def test_the_study_in_the_page_runs_again(real: Made) -> None:
    page = read(real.html)
    toml = next(e.text for e in page.elements if e.attributes.get("id") == "study")
    again = Study.from_toml(toml)
    assert replace(again, steps={}) == replace(real.study, steps={})
    run = Runner(real.settings)
    wanted = report_steps(real.study, run)
    for name, step in wanted.items():
        assert again.steps[name] == step
    prints = {e.attributes["data-step"] for e in page.all("data")}
    assert prints <= {run(s).fingerprint for s in wanted.values()}
    link = next(e for e in page.all("a") if e.attributes.get("download", "").endswith(".toml"))
    assert base64.b64decode(link.attributes["href"].partition(",")[2]).decode() == toml


def test_every_source_and_method_is_listed(real: Made) -> None:
    run = Runner(real.settings)
    values = [run(s) for s in report_steps(real.study, run).values()]
    text = "".join(t.text for t in read(real.html).texts)
    bibtex = next(e.text for e in read(real.html).elements if e.attributes.get("class") == "bibtex")
    for origin in {o for v in values for o in v.origins}:
        assert origin.title in text
        assert origin.licence.name in text
        assert f"{{{origin.citation.key}," in bibtex if origin.citation else True
    for method in {m for v in values for m in v.methods}:
        assert method.short in text
        assert f"{{{method.key}," in bibtex


def test_light_dark_phone_and_print_are_styled(real: Made) -> None:
    style = "".join(e.text for e in read(real.html).all("style"))
    assert "prefers-color-scheme:dark" in style
    assert "@media print" in style
    assert "max-width:600px" in style
    used = set(re.findall(r"var\((--[a-z0-9-]+)\)", real.html))
    assert {u for u in used if f"{u}:" not in style} == set()


def test_from_cache_nothing_is_drawn_again(real: Made) -> None:
    code = f"""
import sys
from dataclasses import replace
from pathlib import Path
from multivector.render.report import report
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.study import load
study = replace(load("kazakhstan"), draws=20, posterior_draws=0)
text = report(study, Runner(Settings(cache=Path({str(real.settings.cache)!r}), offline=True)))
heavy = sorted({{"altair", "vl_convert", "pandas", "numba", "scipy.stats"}} & set(sys.modules))
print(len(text), heavy)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split(maxsplit=1) == [str(len(real.html)), "[]\n"]


def test_the_file_is_written_whole(real: Made) -> None:
    path = real.settings.cache / "page.html"
    assert write_report(real.study, Runner(real.settings), path) == path
    assert path.read_text("utf-8") == real.html
    assert not list(path.parent.glob(".page*"))


# sections of one's own -------------------------------------------------------------------------


def lost(study: Study, run: Run) -> list[Block]:
    raise Unavailable("No file of toys is here.", "toys.csv: https://example.org.", "Fetch it.")


def small(study: Study, run: Run) -> list[Block]:
    estimate = toy({"RUS": [0.3, None, 0.25], "CHN": [0.1, 0.15, 0.2]}, spread=0.04)
    names = {"RUS": "Russia", "CHN": "China"}
    drawing = find("render.charts", "lines")(
        estimate, across="partner", labels=names, events=[("1", 2001.2)]
    )
    return [
        Markup("<p>{}</p>").format(say("Toys were traded.")),
        Figure(
            "toys",
            say("Russia led with {q}", q=estimate.at(partner="RUS", year=2002)),
            say("Share of toys, {unit}", unit=Name("%")),
            (drawing,),
            (estimate,),
            "Line chart: share of toys.",
            Grid("year", "partner", names, "Year"),
            events=(("1", "2001-09-01", "A fair", "The fair"),),
        ),
    ]


def skeleton(html: str) -> str:
    """Return a page without numbers, drawings, styles and encoded files: words and layout."""
    html = re.sub(r"<style>.*?</style>", "<style/>", html, flags=re.S)
    html = re.sub(r"<svg.*?</svg>", "<svg/>", html, flags=re.S)
    html = re.sub(r'href="data:[^"]*"', 'href="data:"', html)
    html = re.sub(r"<pre.*?</pre>", "<pre/>", html, flags=re.S)
    return re.sub(r"(?<![a-z#-])[-+−]?\d[\d.,]*", "0", html)


def test_layout_and_wording(snapshot: SnapshotAssertion, tmp_path: object) -> None:
    parts = [Section("toys", 1, "Toys", small), Section("lost", 2, "Lost", lost)]
    made = report(load("kazakhstan"), Runner(), parts)
    assert skeleton(made) == snapshot


def test_a_section_without_data_says_so(tmp_path: object) -> None:
    made = report(load("kazakhstan"), Runner(), [Section("lost", 1, "Lost", lost)])
    page = Page(made)
    said = next(e for e in page.all("p") if e.attributes.get("class") == "absent")
    assert said.text.startswith("No data: No file of toys is here.")
    assert "Fetch it." in said.text
    assert "At a glance" not in made


def test_faults_of_the_program_are_not_put_into_words() -> None:
    with pytest.raises(ZeroDivisionError):
        attempt(lambda: [Markup(1 / 0)])


def test_sections_come_in_order_and_say_what_they_are() -> None:
    found = sections()
    assert [s.order for s in found] == sorted({s.order for s in found})
    assert all(s.title and s.build.__doc__ for s in found)


@pytest.mark.parametrize("state", ["FRA", "UZB", "TWN"])
def test_reports_on_other_states(state: str, real: Made) -> None:
    study = replace(load(state), draws=0, posterior_draws=0)
    text = report(study, Runner(replace(real.settings)))
    bare = [t.text for t in Page(text).texts if re.search(r"\d", t.text) and not explained(t)]
    assert not bare
    partial = state != "UZB"  # the casebook holds all partner rows of 24 states
    assert ("holds only some partners" in text) == partial


def test_settings_do_not_change_the_page(real: Made, tmp_path: object) -> None:
    other = Settings(cache=real.settings.cache, offline=True, threads=1)
    assert report(real.study, Runner(other)) == real.html
