"""A plug-in adds one of each kind of thing, and each shows up everywhere by itself."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from multivector.study import load
from scripts.changelog import fragments

ROOT = Path(__file__).parents[1]

FILES = {
    "sources/weather.py": '''
        """Rain in two capitals, made up."""

        from __future__ import annotations

        from collections.abc import Sequence
        from dataclasses import dataclass
        from pathlib import Path
        from typing import ClassVar

        import polars as pl

        from multivector.origin import Citation, Licence
        from multivector.source import Fact, Source
        from multivector.store import File
        from multivector.variable import STATE_YEAR, Coverage, Key, Variable, span


        @dataclass(frozen=True)
        class Weather(Source):
            """Days with rain in the capital of each state and year.

            Made up, so that a plug-in has something to bring.

            Examples
            --------
            >>> Weather().layout
            \'\'
            """

            name: ClassVar[str] = "plugged_weather"
            title: ClassVar[str] = "Plugged weather"
            producer: ClassVar[str] = "A test"
            version: ClassVar[str] = "1"
            homepage: ClassVar[str] = "https://example.org/weather"
            licence: ClassVar[Licence] = Licence(
                "Plugged terms", "https://example.org/terms", True, quote="Everyone may use this."
            )
            citation: ClassVar[Citation] = Citation(
                "plugged2020", "misc", "Toy, Ann", "Rain", 2020, url="https://example.org/rain"
            )
            key: ClassVar[Key] = STATE_YEAR
            variables: ClassVar[tuple[Variable, ...]] = (
                Variable("rain", "Days with rain", "count", Coverage(span(2018, 2019))),
            )
            files: ClassVar[tuple[File, ...]] = (
                File("plugged_weather.csv", "csv", how="Write it by hand, as this test does."),
            )
            facts: ClassVar[tuple[Fact, ...]] = (
                Fact("rows", 4, "A test, page one", lambda frame: float(len(frame))),
            )

            def read(self, layout: str, paths: Sequence[Path]) -> pl.DataFrame:
                """Return the file as it is."""
                return pl.read_csv(paths[0])
    ''',
    "measures/wetness.py": '''
        """How wet a state is."""

        from __future__ import annotations

        from dataclasses import KW_ONLY, dataclass
        from typing import ClassVar

        import polars as pl

        from multivector.choices import Actor
        from multivector.estimate import Estimate
        from multivector.origin import Citation
        from multivector.panel import Panel
        from multivector.registry import default_input
        from multivector.step import Inputs, Measure, Step


        @dataclass(frozen=True)
        class Wetness(Measure):
            """Share of days with rain in the capital of a state.

            w = rain / 365; 0 to 1.

            Examples
            --------
            >>> Wetness(focal="KAZ").unit
            'share 0–1'
            """

            name: ClassVar[str] = "plugged_wetness"
            unit: ClassVar[str] = "share 0–1"
            citations: ClassVar[tuple[Citation, ...]] = (
                Citation("plugged2021", "misc", "Toy, Ben", "On Rain", 2021,
                         url="https://example.org/on-rain"),
            )
            weather: Step[Panel] = default_input("plugged_weather")
            _: KW_ONLY
            focal: Actor

            def compute(self, get: Inputs) -> Estimate:
                """Divide by the days of a year."""
                rows = get(self.weather, "rain").frame.filter(pl.col("state") == self.focal)
                return Estimate(
                    rows.select("state", "year"),
                    rows.select(pl.col("rain") / 365).to_numpy(),
                    label="Wetness", unit=self.unit, variant="capital only", range=(0, 1),
                )
    ''',
    "vote_sets/first.py": '''
        """Votes of one day."""

        from multivector.vote_set import Resolution, VoteSet

        FIRST = VoteSet(
            "plugged-crimea", "votes on Crimea in 2014", "One resolution, for a test.",
            resolutions=(Resolution("R/68/262", "2014-03-27", "Territorial integrity."),),
            conflict=True,
        )
    ''',
    "casebook/weather.py": '''
        """Rain, shipped with the plug-in."""

        from multivector.extract import Extract
        from multivector.variable import Coverage, span

        WEATHER = Extract(
            name="plugged_weather", layout="csv", vintage="made up in 2026",
            coverage=Coverage(span(2018, 2019)), keep=lambda frame: frame,
            attribution="Source: a test, in the public domain.",
        )
    ''',
    "render/charts/drops.py": '''
        """Drops, one for each value."""

        from __future__ import annotations

        from multivector.estimate import Estimate
        from multivector.render.figure import Chart
        from multivector.render.theme import Size, Spec


        def draw(estimate: Estimate, *, size: Size) -> Spec:
            """Draw one drop for each value."""
            rows = [{"year": str(dict(q.cell)["year"]), "value": q.value}
                    for q in estimate.quantities()]
            x = {"field": "year", "type": "nominal"}
            y = {"field": "value", "type": "quantitative"}
            return {"data": {"values": rows}, "mark": "point", "width": size.width,
                    "encoding": {"x": x, "y": y}}


        DROPS = Chart("plugged_drops", draw, "cells (state, year), point values")
    ''',
    "render/sections/rain.py": '''
        """How much it rains."""

        from __future__ import annotations

        from markupsafe import Markup

        from multivector.registry import find
        from multivector.render.figure import Figure, Grid
        from multivector.render.section import Block, Run, Section
        from multivector.render.text import say
        from multivector.study import Study


        def build(study: Study, run: Run) -> list[Block]:
            """Print one sentence and draw one figure."""
            estimate = run(find("measures", "plugged_wetness")(focal=study.focal))
            picture = find("render.charts", "plugged_drops")(estimate)
            figure = Figure(
                "plugged-rain", Markup("It rained on plugged days"), Markup("share of days"),
                (picture,), (estimate,), "Points by year.", Grid("year"),
            )
            wet = estimate.at(year=2019)
            return [say("It rained on {wet} of the plugged days.", wet=wet), figure]


        RAIN = Section("plugged-rain", 990, "Plugged rain", build)
    ''',
}
ROWS = """
import polars as pl
import plugged.casebook.weather as home
from pathlib import Path

frame = pl.DataFrame({"state": ["KAZ", "KAZ", "UZB", "UZB"], "year": [2018, 2019] * 2,
                      "rain": [73, 146, 10, 20]})
home.WEATHER.write(frame, Path(home.__file__).parent)
"""


@pytest.fixture(scope="module")
def plugged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an installed plug-in: its package, and what an installer writes."""
    folder = tmp_path_factory.mktemp("site")
    for name, text in FILES.items():
        path = folder / "plugged" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for home in (path.parent, *path.parent.parents):
            if home == folder:
                break
            (home / "__init__.py").touch()
        path.write_text(dedent(text).lstrip(), encoding="utf-8")
    info = folder / "plugged-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plugged\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[multivector]\nanything = plugged\n")
    done = python(folder, "-c", ROWS)
    assert not done.stderr
    return folder


def python(
    folder: Path, *words: str, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run Python with the plug-in on its path."""
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd or folder,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT / "src")]),
            "PYTHONIOENCODING": "utf-8",
            "COLUMNS": "100",
            "MULTIVECTOR_CACHE": str(folder / "cache"),
            **environment,
        },
    )


def command(folder: Path, *words: str) -> str:
    done = python(folder, "-m", "multivector.cli", *words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_listings_name_it(plugged: Path) -> None:
    listed = command(plugged, "sources")
    assert re.search(
        r"^plugged_weather +Plugged weather +2018–2019 +casebook +Plugged terms", listed, re.M
    )
    detail = command(plugged, "sources", "plugged_weather")
    assert "Days with rain" in detail
    assert "Everyone may use this." in detail
    assert re.search(r"^plugged_wetness +Share of days", command(plugged, "show"), re.M)


def test_its_measure_runs_on_its_casebook_table(plugged: Path) -> None:
    found = json.loads(command(plugged, "show", "plugged_wetness", "--focal", "UZB", "--json"))
    assert [c["value"] for c in found["cells"]] == pytest.approx([10 / 365, 20 / 365])
    (origin,) = found["origins"]
    assert (origin["dataset"], origin["extract"]) == ("plugged_weather", True)


def test_a_file_takes_precedence_over_its_casebook_table(plugged: Path, tmp_path: Path) -> None:
    (tmp_path / "plugged_weather.csv").write_text("state,year,rain\nUZB,2018,365\n")
    words = ("show", "plugged_wetness", "--focal", "UZB", "--json", "--data", str(tmp_path))
    found = json.loads(command(plugged, *words))
    assert [c["value"] for c in found["cells"]] == [1]


def test_its_vote_set_is_a_choice_of_every_measure(plugged: Path) -> None:
    """Kazakhstan abstained on resolution 68/262 of 27 March 2014 (A/68/PV.80)."""
    words = (
        "show", "split_distance", "--focal", "KAZ", "--power-a", "USA", "--power-b", "RUS",
        "--year", "2014", "--vote-set", "plugged-crimea", "--draws", "0", "--json",
    )  # fmt: skip
    found = json.loads(command(plugged, *words))
    assert [c["value"] for c in found["cells"]] == [1]
    assert "votes on Crimea in 2014" in found["cells"][0]["variant"]


@pytest.mark.slow
def test_its_section_chart_and_citations_are_in_the_report(plugged: Path) -> None:
    path, study = plugged / "kz.html", plugged / "kz.toml"
    study.write_text(replace(load("KAZ"), posterior_draws=0).to_toml(), "utf-8")
    assert command(plugged, "report", str(study), "-o", str(path)).strip() == str(path.resolve())
    page = path.read_text("utf-8")
    for part in ("Plugged rain", "It rained on", "40.0%", "Plugged terms", "plugged2020"):
        assert part in page, part
    assert page.index("Plugged rain") > page.index("<h2")
    bibtex = command(plugged, "cite", str(study))
    assert {"plugged2020", "plugged2021", "voeten2013"} <= set(
        re.findall(r"^@\w+\{(\w+),$", bibtex, re.M)
    )


def test_the_reference_pages_describe_it(plugged: Path, tmp_path: Path) -> None:
    done = python(plugged, str(ROOT / "scripts" / "reference.py"), str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    pages = "".join(p.read_text("utf-8") for p in tmp_path.rglob("*.md"))
    for name in ("plugged_weather", "plugged_wetness", "plugged-crimea", "plugged_drops"):
        assert name in pages, name


@pytest.mark.slow
def test_the_checks_of_completeness_hold_for_it(plugged: Path) -> None:
    words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_registry_complete.py")
    done = python(plugged, *words, "-k", "plugged", "-rA", cwd=ROOT)
    assert done.returncode == 0, done.stdout
    for name in ("weather", "wetness", "drops", "rain", "crimea"):
        assert re.search(rf"^PASSED .*\[plugged[_-]{name}\]", done.stdout, re.M), name


def test_a_benchmark_case_is_one_file(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "benchmarks", tmp_path / "benchmarks")
    case = """
        from benchmarks.run import Case

        CASE = Case("a sum", lambda: range(9), sum, lambda x: sum(list(x)), lambda a, b: a == b)
    """
    (tmp_path / "benchmarks" / "cases" / "plugged.py").write_text(dedent(case))
    done = python(tmp_path, "-m", "benchmarks", "plugged")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("plugged ")


def test_a_changelog_fragment_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "changelog.d").mkdir()
    (tmp_path / "changelog.d" / "plugged.added.md").write_text("Rain.\n")
    assert [f.name for f in fragments(tmp_path)] == ["plugged.added.md"]
