"""Strategy in the report: intervals, last years, targets, and no word that the data cannot bear."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from multivector.quantity import Quantity
from multivector.render.figure import Figure
from multivector.render.sections import moved, standing, strategy
from multivector.render.sections._strategy import pairs, peers, present, secure
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.study import Study, load


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(Settings(cache=tmp_path_factory.mktemp("cache"), offline=True))


def study(name: str) -> Study:
    return replace(load(name), draws=20)


def plain(blocks: list[Any]) -> str:
    return re.sub(r"<[^>]+>", "", " ".join(str(b) for b in blocks if isinstance(b, Markup)))


def part(value: float, spread: float = 0.01) -> Quantity:
    return Quantity(value, value - spread, value + spread, "share 0–1", "part")


@pytest.mark.parametrize("name", ["kazakhstan", "UZB", "SRB"])
def test_every_sentence_has_its_interval_and_the_year_of_its_data(name: str, run: Runner) -> None:
    blocks = [str(b) for b in strategy.build(study(name), run)]
    told = [b for b in blocks if b.startswith("<p><strong>")]
    assert len(told) == 5
    for sentence in told:
        assert "No data here" not in sentence
        assert "<time" in sentence
        assert 'class="interval"' in sentence
    assert "president" not in "".join(blocks)


def test_hedging_is_spoken_of_only_with_a_security_domain(run: Runner) -> None:
    serbia, kazakhstan = study("SRB"), study("kazakhstan")
    assert not secure(serbia, run)
    assert secure(kazakhstan, run)
    assert "nothing is said of hedging" in plain(strategy.build(serbia, run))
    held = {"net lean": part(0.05), "offset": part(0.4), "evenness": part(0.1)}
    order = sorted(held.values(), key=lambda q: -(q.value or 0))
    assert strategy.verdict(held, order, safe=True) == "consistent with hedging."
    assert "hedging" not in strategy.verdict(held, order, safe=False)
    doubtful = {k: replace(q, low=0.0, high=0.9) for k, q in held.items()}
    assert "beyond doubt" in strategy.verdict(doubtful, [*doubtful.values()], safe=True)


def test_both_targets_are_told_and_the_uneven_one_is_printed(run: Runner) -> None:
    text = plain(strategy.build(study("kazakhstan"), run))
    assert "departure from equal shares was" in text
    assert re.search(r"Target by gravity \(2020: Russia \d+%, China \d+%", text)
    serbia = plain(strategy.build(study("SRB"), run))  # by the distances of its predecessor
    assert re.search(r"Target by gravity \(2020: Russia \d+%, China \d+%", serbia)


def test_what_is_not_measured_is_named_with_its_reason(run: Runner) -> None:
    there, lost = present(study("kazakhstan"), run)
    assert [d.name for d in there] == ["trade", "security", "institutions"]
    text = plain(strategy.build(study("kazakhstan"), run))
    for domain in lost:
        assert domain.absent.replace("'", "’") in text.replace("&#39;", "’").replace("'", "’")


def test_each_pair_of_powers_is_drawn_with_the_events_its_data_reach(run: Runner) -> None:
    found = [b for b in moved.build(study("kazakhstan"), run) if isinstance(b, Figure)]
    assert [f.name for f in found] == [
        "moved-rus-usa-eu272020", "moved-rus-chn", "moved-chn-usa", "moved-balance",
    ]  # fmt: skip
    for figure in found:
        dates = [date for _n, date, *_rest in figure.events]
        assert dates == ["2014-03-18"]  # the data end in 2020: too early for those of 2019 on


def test_pairs_and_peers_leave_out_who_is_not_there() -> None:
    few = replace(study("kazakhstan"), partners=("RUS", "EU27_2020"))
    assert pairs(few) == [("RUS", "EU27_2020")]
    assert "DEU" not in peers(replace(few, comparators=("DEU", "UZB")))
    assert peers(replace(few, comparators=("DEU", "UZB"))) == ("KAZ", "UZB")


def test_ranks_have_intervals_where_figures_do(run: Runner) -> None:
    found = {b.name: b for b in standing.build(study("kazakhstan"), run) if isinstance(b, Figure)}
    assert set(found) == {"standing-trade", "standing-security", "standing-institutions"}
    own = found["standing-security"].estimates[0].at(state="KAZ", year=2024)
    assert own.low is not None
    assert own.unit == "rank"
    assert "Serbia" in " ".join(found["standing-security"].notes)


def test_with_fed_files_trade_has_an_interval(real_data: Path, tmp_path: Path) -> None:
    fed = Runner(Settings(cache=tmp_path, offline=True, data=real_data))
    names = {d.name for d in present(study("kazakhstan"), fed)[0]}
    assert {"trade", "arms", "investment", "security", "institutions"} <= names
    own = standing.ranks(study("kazakhstan"), fed, present(study("kazakhstan"), fed)[0][0])
    assert own.draw_kind == "posterior"
