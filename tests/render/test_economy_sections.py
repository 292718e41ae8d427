"""The economy in the report: exposure, the cost of a rupture, both sides' reports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from markupsafe import Markup

from multivector import states
from multivector.casebook.baci import STATES
from multivector.errors import Unavailable
from multivector.estimate import Estimate
from multivector.measures.rupture import LossIfClosed
from multivector.quantity import Quantity
from multivector.registry import find
from multivector.render.figure import Figure, Table
from multivector.render.page import block_html
from multivector.render.section import Block
from multivector.render.sections import comparators, dependence, mirror, recent, rupture
from multivector.render.sections._shared import measure
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.study import Event, Study, load
from tests.render.conftest import OPEN

SECTIONS = (dependence, rupture, mirror)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A runner on the casebook alone."""
    return Runner(Settings(cache=tmp_path_factory.mktemp("economy"), offline=True))


@pytest.fixture(scope="module")
def kazakhstan() -> Study:
    return replace(load("kazakhstan"), draws=40)


def figures(blocks: list[Block]) -> dict[str, Figure | Table]:
    return {b.name: b for b in blocks if isinstance(b, Figure | Table)}


def text(blocks: list[Block]) -> str:
    """Return the words of blocks, without tags."""
    return Markup(" ").join(block_html(b) for b in blocks).striptags()


def drawn(figure: Figure) -> dict[str, Any]:
    spec: dict[str, Any] = dict(figure.drawings[0].specs["wide"])
    return spec


# after the table ends --------------------------------------------------------------------------


def test_what_a_state_reports_after_the_table_is_a_figure_of_its_own(
    run: Runner, kazakhstan: Study, real_data: Path, tmp_path: Path
) -> None:
    """Uzbekistan's own figures, once fed; none from the casebook, and of no other state."""
    assert recent.reported(kazakhstan, run) == []
    study = replace(kazakhstan, focal="UZB", comparators=())
    fed = Runner(Settings(data=real_data, cache=tmp_path, offline=True))
    (figure,) = recent.reported(study, fed)
    assert isinstance(figure, Figure)
    assert "What Uzbekistan reports itself" in text([figure])
    exports, imports = figure.estimates
    assert imports.at(partner="CHN", year=2023).known
    assert {*exports.cells["flow"], *imports.cells["flow"]} == {"exports", "imports"}
    assert min(exports.cells["year"]) >= recent.FIRST


def test_the_change_of_2022_is_told_from_the_series_that_reaches_it(
    run: Runner, kazakhstan: Study
) -> None:
    (told,) = recent.late_turns(kazakhstan, run)
    flow = run(
        measure(
            "published", source=find("sources", "eurostat_exports")(), variable="exports_eur",
            state="EU27_2020", partners=("KAZ",),
        )
    )  # fmt: skip
    words = " ".join(Markup(told).striptags().split())
    for when in (2021, 2023):
        assert f"{flow.at(year=when).figure} in {when}" in words
    early = replace(kazakhstan, events=kazakhstan.events[:1])
    assert recent.late_turns(early, run) == []


def test_partners_of_peers_stand_beside_the_median(run: Runner, kazakhstan: Study) -> None:
    figure = comparators.trade(kazakhstan, run)
    rows = {str(e.cells["state"][0]): e.quantities()[0].value for e in figure.estimates}
    every = [
        run(measure("effective_partners", focal=s)).at(eu="one", year=2020).value for s in STATES
    ]
    around = sorted(v for v in every if v is not None)
    half = len(around) // 2
    assert {around[half - 1], around[half]} <= set(rows.values())
    assert "(middle)" in text([figure])


# how exposed -----------------------------------------------------------------------------------


def test_dependence_in_the_title_is_trade_over_gdp(run: Runner, kazakhstan: Study) -> None:
    """The twin adds the rows of the two tables by hand."""
    figure = dependence.over_time(kazakhstan, run)
    flows = run(find("sources", "baci")()).frame.filter(pl.col("year") == 2020)
    gdp = run(find("sources", "world_bank_gdp")())
    amount = next(v for v in gdp.variables if "USD" in v.unit)
    output = gdp.frame.filter(state="KAZ", year=2020)[amount.name].item()
    money = next(v for v in run(find("sources", "baci")()).variables if "USD" in v.unit)
    scale = 1000 if money.unit.startswith("thousand") else 1
    expected: dict[str, float] = {}
    for partner in kazakhstan.partners:
        theirs = states.members(partner, 2020) if states.is_group(partner) else (partner,)
        pair = flows.filter(
            (pl.col("state") == "KAZ") & pl.col("partner").is_in(theirs)
            | (pl.col("partner") == "KAZ") & pl.col("state").is_in(theirs)
        )
        expected[partner] = pair[money.name].sum() * scale / output
    top = max(expected, key=lambda p: expected[p])
    assert top == "EU27_2020"
    assert f"{100 * expected[top]:.1f}%" in figure.title.striptags()
    for q in figure.estimates[0].select(year=2020).quantities():
        assert q.value == pytest.approx(expected[str(dict(q.cell)["partner"])], rel=1e-9)


def test_no_event_is_marked_that_the_data_cannot_show(run: Runner, kazakhstan: Study) -> None:
    figure = dependence.over_time(kazakhstan, run)
    assert [e[1] for e in figure.events] == ["2014-03-18"]


def test_no_president_is_named(run: Runner, kazakhstan: Study) -> None:
    words = " ".join(text(s.build(kazakhstan, run)) for s in SECTIONS).lower()
    assert "2014" in words
    for name in ("tokayev", "nazarbayev", "president"):
        assert name not in words


def test_years_before_and_after_stop_short_of_the_pandemic() -> None:
    study = replace(load("kazakhstan"), events=tuple(
        Event(day, "something", "somewhere") for day in ("2014-03-18", "2019-03-20", "2022-01-05")
    ))  # fmt: skip
    spans, late = dependence.turns(study, range(2000, 2021))
    assert spans == [(2013, 2015), (2018, 2019)]
    assert late == [2022]


def test_what_moved_most_is_said(run: Runner, kazakhstan: Study) -> None:
    blocks = dependence.turning(kazakhstan, run)
    own = dependence.dependence(kazakhstan, run)
    moves = {
        p: (own.at(partner=p, year=2015).value or 0) - (own.at(partner=p, year=2013).value or 0)
        for p in kazakhstan.partners
    }
    top = max(moves, key=lambda p: abs(moves[p]))
    first, last = (own.at(partner=top, year=y).figure for y in (2013, 2015))
    way = "down" if moves[top] < 0 else "up"
    assert f"{way} from {first} to {last} of GDP" in text(blocks)
    assert "What changed in 2022 cannot be read" in text(blocks)


@pytest.mark.parametrize("n", range(1, 8))
def test_the_middle_encloses_the_median(n: int) -> None:
    values = np.random.default_rng(n).normal(size=n)
    cells = [Quantity(float(v), None, None, "count", "toys") for v in values]
    found = [q.value for q in dependence.middle([*cells, replace(cells[0], value=None)])]
    assert len(found) == (1 if n % 2 else 2)
    assert np.mean([v for v in found if v is not None]) == pytest.approx(np.median(values))


def test_peers_stand_beside_the_median_of_the_casebook(run: Runner, kazakhstan: Study) -> None:
    figure = dependence.peers(kazakhstan, run)
    rows = {r["key"]: r for r in drawn(figure)["data"]["values"]}
    assert {"KAZ", "UZB", "AZE", "MNG"} <= set(rows)
    every = [
        run(measure("trade_openness", focal=s)).at(year=2020).value for s in STATES
    ]  # fmt: skip
    known = [v for v in every if v is not None]
    assert len(known) > 12
    middle = [r["value"] for r in rows.values() if r["name"].endswith("(middle)")]
    assert np.mean(middle) == pytest.approx(np.median(known))


def test_the_extract_is_named(run: Runner, kazakhstan: Study) -> None:
    blocks = dependence.build(kazakhstan, run)
    assert "casebook extract, which holds the years to 2020" in text(blocks)


# what a rupture costs --------------------------------------------------------------------------


def test_intervals_are_said_to_be_assumptions(run: Runner, kazakhstan: Study) -> None:
    blocks = rupture.build(kazakhstan, run)
    losses = [e for b in blocks if isinstance(b, Figure) for e in b.estimates]
    assert losses
    assert {e.draw_kind for e in losses} == {"assumption"}
    words = " ".join(text(blocks).split())
    assert "drawn between 3 and 8 (most likely 5)" in words
    assert "drawn between 1.6 and 2.4 (most likely 2)" in words
    assert words.count("bars are 90 % of the draws of assumptions") == 2


def test_stopping_costs_more_than_dearer_trade(run: Runner, kazakhstan: Study) -> None:
    made = rupture.costs(kazakhstan, run)
    dearer, closed = made.estimates
    for partner in ("RUS", "CHN", "USA", "TUR"):
        low, high = (e.at(partner=partner) for e in (dearer, closed))
        assert None not in (low.value, high.value, high.low, high.high)
        assert 0 < (low.value or 0) < (high.value or 0)
        assert (high.low or 0) < (high.value or 0) < (high.high or 0)


def test_a_bloc_s_figure_says_how_trade_among_its_members_counts(
    run: Runner, kazakhstan: Study
) -> None:
    figure = rupture.costs(kazakhstan, run)
    rows = {r["key"]: r for r in drawn(figure)["data"]["values"]}
    assert rows["EU27_2020"]["value"] > 0
    assert "is taken as trade with the rest of the world" in text([figure])


def test_a_study_states_oil_s_share_and_its_source(run: Runner, kazakhstan: Study) -> None:
    stated = LossIfClosed(
        focal="KAZ", partners=("RUS",), oil_share=(0.4, 0.5, 0.6), oil_source="a yearbook"
    )
    study = replace(kazakhstan, steps={"loss": stated})
    assert list(rupture.cases(study)) == [*rupture.cases(kazakhstan), "closed with transit"]
    assert rupture.step(study, "UZB", ("RUS",)).oil_share is None
    words = " ".join(text(rupture.build(study, run)).split())
    assert "between 0.4 and 0.6 (most likely 0.5); source: a yearbook" in words
    closed, routed = rupture.costs(study, run).estimates[1:]
    assert (routed.at(partner="RUS").value or 0) > (closed.at(partner="RUS").value or 1)


def test_transit_is_told_for_the_last_year_recorded_in_full(run: Runner, kazakhstan: Study) -> None:
    shares = run(measure("transit_dependence", focal="KAZ"))
    partial = {dict(q.cell)["year"] for q in shares.quantities() if q.note}
    words = text(rupture.transit(kazakhstan, run))
    assert partial == {2023}
    assert f"in 2022, {shares.at(partner='RUS', year=2022).figure} of Kazakhstan" in words


# both sides ------------------------------------------------------------------------------------


def test_without_reports_the_section_says_so_in_words(run: Runner, kazakhstan: Study) -> None:
    blocks = mirror.build(kazakhstan, run)
    assert not figures(blocks)
    words = text(blocks)
    assert find("sources", "imf_dots")().title in words
    assert "does not ship" in words


def reported() -> Estimate:
    """Trade of Kazakhstan with two partners, as invented reports and reconciled draws."""
    said = {
        ("CHN", "exports"): (8.0, 9.0), ("CHN", "imports"): (6.0, 12.0),
        ("RUS", "exports"): (5.0, 5.5), ("RUS", "imports"): (14.0, 13.0),
    }  # fmt: skip
    rows: list[tuple[str, str, str, str, int]] = []
    values: list[float] = []
    for (partner, flow), (own, other) in said.items():
        for year in (2018, 2019, 2020):
            views = {"mirror": other, "reconciled": (own + other) / 2, "reporter": own}
            for view, value in views.items():
                late = view == "mirror" and year == 2020  # partners have not reported yet
                rows.append(("KAZ", partner, flow, view, year))
                values.append(np.nan if late else value * 1e9)
    names = ("state", "partner", "flow", "view")
    schema = {**dict.fromkeys(names, pl.String), "year": pl.Int64}
    middle = np.array(values)
    spread = np.where([r[3] == "reconciled" for r in rows], 1.0, np.nan)
    draws = middle[:, None] * spread[:, None] * np.linspace(0.8, 1.2, 9)
    return Estimate(
        pl.DataFrame(rows, schema, orient="row"), draws, "Goods trade by who reports it",
        "current USD", "posterior", observed=middle, range=(0, None), origins=(OPEN,),
        fingerprint="e" * 20,
    )  # fmt: skip


def shares_by_view(last: dict[str, int]) -> Estimate:
    """Shares of two partners in each view up to its own last year."""
    rows = [
        ("KAZ", p, "total", v, y)
        for v, end in last.items() for p in ("CHN", "RUS") for y in range(2018, end + 1)
    ]  # fmt: skip
    names = ("state", "partner", "flow", "view")
    schema = {**dict.fromkeys(names, pl.String), "year": pl.Int64}
    return Estimate(
        pl.DataFrame(rows, schema, orient="row"), np.linspace(0.1, 0.3, len(rows))[:, None],
        "Share of goods trade, by who reports", "share 0–1", origins=(OPEN,), fingerprint="d" * 20,
    )  # fmt: skip


def test_with_reports_both_sides_are_drawn(kazakhstan: Study) -> None:
    study = replace(kazakhstan, partners=("RUS", "CHN"))
    ends = {"reconciled": 2020, "reporter": 2021, "mirror": 2019}
    answers = {"mirror_trade": reported(), "trade_share": shares_by_view(ends)}

    def fed(step: Any) -> Any:
        return answers[step.name]

    blocks = mirror.build(study, fed)
    made = figures(blocks)
    assert list(made) == ["mirror", "mirror-shares"]
    title = made["mirror"].title.striptags()
    assert title == (
        "Kazakhstan reports 6.0 bn USD of imports from China in 2019; China reports 12.0 bn USD"
    )
    figure = made["mirror"]
    assert isinstance(figure, Figure)
    exports, imports = figure.estimates
    assert set(exports.cells["partner"]) == set(imports.cells["partner"]) == {"CHN"}
    assert set(imports.cells["view"]) == {"reporter", "mirror", "reconciled"}
    assert set(made["mirror-shares"].table["year"]) == {2019}


def test_reports_of_one_side_only_make_no_gap() -> None:
    with pytest.raises(Unavailable, match="both sides"):
        mirror.widest(reported().select(view="reporter"))


# other states ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["UZB", "SRB", "RUS", "DEU"])
def test_other_states_have_figures_or_words(run: Runner, name: str) -> None:
    study = replace(load(name), draws=20)
    made = {s.SECTION.name: s.build(study, run) for s in SECTIONS}
    words = {k: text(blocks) for k, blocks in made.items()}
    assert {"dependence", "asymmetry", "compare-dependence"} <= set(figures(made["dependence"]))
    if name == "DEU":
        assert not figures(made["rupture"])
        assert "The trade table holds only some partners of DEU." in words["rupture"]
        assert "No data: China" in words["dependence"]
        assert "the most of those named" not in words["dependence"]
    else:
        assert {"loss", "compare-loss"} == set(figures(made["rupture"]))
        assert f"no table of {states.name(name)}’s export routes" in words["rupture"]
