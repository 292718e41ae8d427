"""Sections on ties: spells agree with the measures, absence is hatched or said, zero is not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from markupsafe import Markup

from multivector.estimate import Estimate
from multivector.registry import everything, find
from multivector.render.charts.spells import Spell, spells
from multivector.render.figure import Figure, Table
from multivector.render.section import Block
from multivector.render.sections import diplomacy, domains, institutions, security
from multivector.render.sections._spells import bar, pairs
from multivector.render.text import decimal_year
from multivector.render.theme import NARROW, WIDE, Size
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.study import load

SECTIONS = (security, institutions, diplomacy)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(Settings(cache=tmp_path_factory.mktemp("cache"), offline=True))


def figures(blocks: list[Block]) -> dict[str, Figure]:
    return {b.name: b for b in blocks if isinstance(b, Figure)}


def text(blocks: list[Block]) -> str:
    return " ".join(re.sub("<[^>]*>", "", b) for b in blocks if isinstance(b, Markup))


# the chart -------------------------------------------------------------------------------------


def drawn(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return spec["data"]["values"]


def hatched(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return next(
        layer["data"]["values"]
        for layer in spec["layer"]
        if layer["mark"].get("fill") == "url(#nodata)"
    )


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_bars_stand_at_their_days(make: Callable[..., Estimate], size: Size) -> None:
    known = make({"RUS": [0.1, 0.2]})
    bars = [
        Spell("RUS", "a", 1995.0, 2000.0),
        Spell("RUS", "b", 1980.0, None, strong=False),
        Spell("RUS", "long ago", 1970.0, 1980.0),
    ]
    spec = spells(
        known, size=size, across="partner", bars=bars, groups={"RUS": "Russia"}, span=(1990, 2010)
    )
    first, second = drawn(spec)
    assert (first["from"], first["to"], first["open"], first["opacity"]) == (1995, 2000, False, 1)
    assert (second["from"], second["to"], second["open"]) == (1990, 2010, True)
    assert second["opacity"] < 1
    assert second["top"] >= first["low"]
    assert hatched(spec) == []


def test_no_data_is_hatched_and_none_is_not(make: Callable[..., Estimate]) -> None:
    estimate = make({"RUS": [0.0], "CHN": [None]})
    spec = spells(
        estimate, size=WIDE, across="partner", bars=[], groups={"RUS": "Russia", "CHN": "China"},
        span=(1990, 2010), nothing="no data", none="none listed",
    )  # fmt: skip
    assert [g["key"] for g in hatched(spec)] == ["CHN"]
    said = [
        (row["key"], row["name"])
        for layer in spec["layer"]
        for row in layer.get("data", {}).get("values", [])
        if "key" in row and "name" in row
    ]
    assert said == [("RUS", "none listed"), ("CHN", "no data")]


def test_time_after_the_record_is_hatched_and_no_bar_enters_it(
    make: Callable[..., Estimate],
) -> None:
    spec = spells(
        make({"RUS": [0.1]}), size=WIDE, across="partner", bars=[Spell("RUS", "a", 2000.0, None)],
        groups={"RUS": "Russia"}, span=(1990, 2024), known_to=2020.0,
    )  # fmt: skip
    assert drawn(spec)[0]["to"] == 2020.0
    assert [(g["from"], g["to"]) for g in hatched(spec)] == [(2020.0, 2024)]


def test_a_day_can_be_seen(make: Callable[..., Estimate]) -> None:
    spec = spells(
        make({"RUS": [0.1]}), size=WIDE, across="partner", bars=[Spell("RUS", "a", 2000.0, 2000.0)],
        groups={"RUS": "Russia"}, span=(1990, 2024),
    )  # fmt: skip
    pixels = (drawn(spec)[0]["to"] - drawn(spec)[0]["from"]) * spec["width"] / 34
    assert pixels == pytest.approx(5, rel=0.01)


# spells and measures ---------------------------------------------------------------------------


def test_of_two_parties_the_later_entry_and_the_earlier_end_count() -> None:
    frame = pl.DataFrame(
        {
            "treaty": ["t", "t", "t", "u", "u"],
            "state": ["KAZ", "UZB", "UZB", "KAZ", "UZB"],
            "a": ["1992", "1993", "2006", "1992", "1999"],
            "b": [None, "1999", "2012", "1995", None],
        }
    )
    found = pairs(frame, ("KAZ", "UZB"), by="treaty", begin="a", end="b")
    assert found.select("start", "stop").rows() == [("1993", "1999"), ("2006", "2012")]


@pytest.mark.parametrize("name", ["kazakhstan", "UZB", "RUS"])
def test_treaties_drawn_are_the_treaties_counted(run: Runner, name: str) -> None:
    study = load(name)
    count = security.counts(study, run)
    assert count is not None
    frame = run(find("sources", "alliance_obligations")()).frame
    for q in count.quantities():
        cell = dict(q.cell)
        year = int(cell["year"])
        both = pairs(
            frame, (study.focal, str(cell["partner"])), by="treaty", begin="signed", end="ended"
        )
        now = {
            row["treaty"]
            for row in both.iter_rows(named=True)
            if row["start"].year <= year and (row["stop"] is None or row["stop"].year >= year)
        }
        assert (q.value or 0) == len(now)
        assert q.known or both.is_empty()


@pytest.mark.parametrize("name", ["kazakhstan", "DEU"])
def test_visits_drawn_are_the_visits_counted(run: Runner, name: str) -> None:
    study = load(name)
    count = diplomacy.counts(study, run)
    assert count is not None
    travels, hosted = (run(find("sources", n)()).frame for n in ("us_travels", "us_hosted_visits"))
    bars = diplomacy.visit_bars(study, travels, hosted, (1992, 2023))
    inward = [b for b in bars if b.row == "Leader in the US"]
    for state, drawn_bars in (("USA", [b for b in bars if b not in inward]), (study.focal, inward)):
        years = Counter(int(b.start + 0.5) for b in drawn_bars)
        counted = {
            int(dict(q.cell)["year"]): q.value for q in count.select(state=state).quantities()
        }
        assert {y: n for y, n in counted.items() if n} == dict(years)


def test_the_collective_security_treaty_of_uzbekistan_has_two_spells(run: Runner) -> None:
    """Signed 1992, not renewed 1999; again 2006 to 2012 (csto-odkb.org, history; ATOP 4220)."""
    frame = run(find("sources", "alliance_obligations")()).frame
    both = pairs(frame, ("KAZ", "UZB"), by="treaty", begin="signed", end="ended")
    spell = both.filter(pl.col("treaty") == "cst").select(
        pl.col("start").dt.year(), pl.col("stop").dt.year()
    )
    assert spell.rows() == [(1992, 1999), (2006, 2012)]


def test_leaders_of_one_number_stay_with_their_state(run: Runner) -> None:
    """COW 345 is Yugoslavia, then Serbia: Milosevic (to 2000) never led the Serbia of 2006."""
    frame = run(find("sources", "leaders")()).frame
    names = {b.row for b in diplomacy.leader_bars("SRB", frame, (1992, 2020))}
    assert "Vucic" in names
    assert "Milosevic" not in names


def test_the_spell_of_a_leader_in_power_is_open(run: Runner) -> None:
    frame = run(find("sources", "leaders")()).frame
    bars = diplomacy.leader_bars("KAZ", frame, (1992, 2020))
    assert [(b.row, b.end is None) for b in bars] == [("Nazarbaev", False), ("Tokayev", True)]
    assert bars[1].start == decimal_year("2019-03-20")


# sections --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["kazakhstan", "UZB", "SRB", "RUS", "DEU", "USA", "KIR"])
def test_every_section_answers_for_every_state(run: Runner, name: str) -> None:
    study = replace(load(name), draws=20)
    for section in SECTIONS:
        blocks = list(section.build(study, run))
        assert len(blocks) >= 2
        assert "absent" not in "".join(b for b in blocks if isinstance(b, Markup))
        for block in blocks:
            if isinstance(block, Figure | Table):
                assert block.table.height
                assert block.sources


def test_what_is_missing_is_said(run: Runner) -> None:
    assert "Suppliers of arms are not shown" in text(security.build(load("kazakhstan"), run))
    assert "list holds none that Germany shares" in text(security.build(load("DEU"), run))
    alone = replace(load("kazakhstan"), partners=("EU27_2020",))
    assert "No data" in text(institutions.build(alone, run))
    early = replace(load("kazakhstan"), years=(1950, 1960), events=())
    assert text(diplomacy.build(early, run)).count("No data") == 2


def test_the_list_of_treaties_says_what_it_does_not_know(run: Runner) -> None:
    blocks = security.build(load("kazakhstan"), run)
    table = next(b for b in blocks if isinstance(b, Table))
    yekaterinburg = table.table.filter(pl.col("Treaty, in our words").str.contains("Yekaterinburg"))
    assert yekaterinburg.select("Partner", "in_force", "until", "obligations").rows() == [
        ("Russia", "not established", "not ended", "no support for an enemy, non-aggression")
    ]
    assert "no data" not in "".join(map(str, table.table.rows()))


# the heat map ----------------------------------------------------------------------------------


def test_a_block_of_the_heat_map_has_one_unit_and_one_meaning(run: Runner) -> None:
    made = domains.latest(replace(load("kazakhstan"), draws=20), run)
    blocks = domains.layout(made)
    assert {made[d].unit for d in blocks[0][1]} == {"share 0–1"}
    assert "votes" not in blocks[0][1]  # agreement adds up to nothing
    assert list(blocks[0][1]) == ["trade", "security", "institutions"]


def test_every_declared_domain_has_one_row_measured_or_not(run: Runner) -> None:
    for name in ("kazakhstan", "DEU"):
        made = domains.latest(replace(load(name), draws=20), run)
        rows = [d for _title, block in domains.layout(made) for d in block]
        assert sorted(rows) == sorted([*everything("domains"), "votes"])
        last = domains.layout(made)[-1]
        assert not set(last[1]) & set(made)


def test_what_is_counted_and_what_is_not_is_said(run: Runner) -> None:
    section = domains.build(replace(load("kazakhstan"), draws=20), run)
    notes = "".join(text for f in section if isinstance(f, Figure) for text in f.notes)
    counted = "treaties with a security obligation, listed by hand or else of ATOP, each divided "
    assert counted + "over its other parties" in notes
    assert "visits of the United States only" in notes


def test_arms_are_drawn_only_from_a_fed_register(real_data: Path, tmp_path: Path) -> None:
    fed = Runner(Settings(cache=tmp_path, offline=True, data=real_data))
    study = replace(load("kazakhstan"), draws=20)
    assert "arms" in figures(security.build(study, fed))
    made = domains.latest(study, fed)
    assert made["arms"].unit == made["trade"].unit
    assert "arms" not in domains.layout(made)[-1][1]


def test_a_bar_takes_days_and_months() -> None:
    made = bar("KAZ", "x", "2019-03-20", "2021-03-28")
    assert made[2:4] == (decimal_year("2019-03-20"), decimal_year("2021-03-28"))
