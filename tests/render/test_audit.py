"""Audits as files: each form has every claim with its numbers, and nothing that may not travel."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from multivector.claims.check import Audit, check
from multivector.claims.model import Reading, Spell, Told, Verdict, Word
from multivector.claims.read import load
from multivector.claims.spans import days
from multivector.errors import UnknownName
from multivector.render import audit as forms
from multivector.render.strip import Scale, strip
from multivector.runner import Runner
from multivector.settings import Settings
from tests.claims.toys import Sizes, claim
from tests.render.pages import Page

SOME = ("Q1", "Q3", "Q11", "D1", "D13", "D24", "M5", "T8", "C12")


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    run = Runner(Settings(cache=tmp_path_factory.mktemp("cache"), offline=True))
    return check(load("kazakhstan"), run, only=SOME)


def test_the_page_stands_alone_and_has_every_claim(audit: Audit) -> None:
    page = Page(forms.page(audit))
    links = [e.attributes for e in page.all("link")] + page.all("script") + page.all("img")
    assert not links
    text = "".join(t.text for t in page.texts)
    for verdict in audit.verdicts:
        for part in (verdict.claim.quote, verdict.reason, verdict.query, verdict.nearest):
            assert part in text
        for one in verdict.told:
            assert one.source in text
        for origin in verdict.origins:
            assert origin.title in text
            assert origin.licence.name in text
    assert len(list(page.all("svg"))) == len(audit.verdicts)


@pytest.mark.parametrize("suffix", [".html", ".md", ".csv", ".json"])
def test_each_form_is_written_by_its_ending(audit: Audit, tmp_path: Path, suffix: str) -> None:
    path = forms.write_audit(audit, tmp_path / f"audit{suffix}")
    text = path.read_text("utf-8")
    for part in ("mislabelled", "Russia", "7,644", "multivector show land_borders"):
        assert part in text
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_an_unknown_ending_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="html"):
        forms.writer(tmp_path / "audit.pdf")


def test_json_and_csv_agree_with_the_verdicts(audit: Audit) -> None:
    found = json.loads(forms.data(audit))
    rows = list(csv.DictReader(io.StringIO(forms.table(audit))))
    assert [r["id"] for r in rows] == [c["id"] for c in found["claims"]]
    for verdict, plain, row in zip(audit.verdicts, found["claims"], rows, strict=True):
        assert plain["verdict"] == row["verdict"] == verdict.word
        assert plain["years"] == list(verdict.years)
        values = [r.get("value") for a in plain["answers"] for r in a["readings"]]
        wanted = [None if t.dated else r.value for t in verdict.told for r in t.readings]
        assert values == wanted
    assert {s["licence"] for s in found["sources"]} >= {"Etalab 2.0"}


def made(word: Word, *told: Told, **fields: object) -> Verdict:
    return Verdict(claim(Sizes(), **fields), word, "It is so.", told=told)


def test_a_strip_places_numbers_where_they_are() -> None:
    scale = Scale(0.0, 10.0, 100.0, 200.0)
    assert [scale(v) for v in (0.0, 5.0, 20.0)] == [100.0, 150.0, 200.0]
    rows = tuple(Reading(float(v), year=2000 + v) for v in range(5))
    line = strip(made("supported", Told("t", rows, unit="km"), value=2.0, kind="quantity"))
    assert line.count("<polyline") == 1
    assert "2000" in line
    assert "2004" in line
    dots = strip(made("supported", Told("t", rows[:1], unit="km"), value=2.0, kind="quantity"))
    assert dots.count("<circle") == 1
    spell = Told("t", spells=(Spell(days("2001"), days("2003")),))
    bars = strip(made("supported", spell, since="2001", kind="spell"))
    assert bars.count("<rect") == 2  # what is claimed, and the spell
    assert strip(made("no data", Told("t", absent="gone"))) == ""
