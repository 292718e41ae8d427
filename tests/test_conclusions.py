"""Headline conclusions: what they are, what is varied before results, and what turns them round."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from markupsafe import Markup
from numpy.testing import assert_allclose

from multivector.conclusions import Assessed, assessed, conclusions
from multivector.ensemble import Varied
from multivector.ensemble.replays import Replays
from multivector.ensemble.sources import sources_in
from multivector.estimate import Estimate
from multivector.measures.balance import Balance
from multivector.measures.over_period import OverPeriod
from multivector.measures.partition import Partition
from multivector.measures.tie_shares import OrganisationShare, TreatyShare
from multivector.measures.trade import PartnerShare
from multivector.render.figure import Figure
from multivector.render.sections import hangs
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.states import members
from multivector.study import Study, load

OURS: dict[str, Any] = {"focal": "KAZ", "partners": ("RUS", "CHN", "USA", "EU27_2020")}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(Settings(cache=tmp_path_factory.mktemp("cache"), offline=True))


@pytest.fixture(scope="module")
def study() -> Study:
    return replace(load("kazakhstan"), draws=20)


@pytest.fixture(scope="module")
def found(study: Study, run: Runner) -> dict[str, Assessed]:
    made = conclusions(study, run)
    return {c.name: assessed(study, run, c, rows=8) for c in made}


def printed(estimate: Estimate) -> np.ndarray:
    return estimate.summary()["value"].fill_null(np.nan).to_numpy()


def test_replays_in_groups_are_what_running_every_edited_tree_gives(run: Runner) -> None:
    """The slow twin edits and runs the tree of each replay; period and weights both vary."""
    drawn: dict[str, Any] = {"draws": 7, "years": (2015, 2020)}
    domains = (TreatyShare(**OURS, **drawn), OrganisationShare(**OURS, **drawn))
    balance = Balance(**OURS, domains=domains)
    step = OverPeriod(of=balance, years=(2020, 2020))
    choices, weights = sources_in(
        step,
        [
            Varied(field="obligation", values=("any", "defense")),
            Varied(step="over_period", field="years", last=(3,)),
            Varied(field="weights", dirichlet=5),
        ],
    )
    fast = Replays(tree=step, choices=choices, weights=weights, rows=4)
    assert fast.grouped
    slow = run(replace(fast, generic=True))
    assert slow.draws.std() > 0
    assert_allclose(run(fast).draws, slow.draws, rtol=1e-12)


def test_a_period_is_the_mean_or_the_change_of_its_years(run: Runner) -> None:
    share = PartnerShare(**OURS, years=(2016, 2020))
    yearly = run(share).select(partner="CHN", year=[2018, 2019, 2020])
    x = printed(yearly)
    for show, expected in (("mean", x.mean()), ("change", x[-1] - x[0])):
        made = run(OverPeriod(of=share, years=(2018, 2020), show=show))  # type: ignore[arg-type]
        assert made.at(partner="CHN").value == pytest.approx(expected)


def test_a_lean_is_the_same_whether_a_bloc_is_one_or_its_members(run: Runner) -> None:
    """The share of a bloc is the sum over its members, and so is the lean."""
    powers: dict[str, Any] = {"power_a": "RUS", "power_b": "USA+EU27_2020", "show": "signed lean"}
    apart = {**OURS, "partners": ("RUS", "CHN", "USA", *members("EU27_2020", 2020))}
    point: dict[str, Any] = {"draws": 0, "years": (2020, 2020)}
    leans = [
        run(Partition(**ours, **powers, domains=(TreatyShare(**ours, **point),
                                                 OrganisationShare(**ours, **point))))
        for ours in (OURS, apart)
    ]  # fmt: skip
    assert_allclose(*map(printed, leans), rtol=1e-12)


def test_a_bloc_or_its_members_and_the_last_years_are_alternatives() -> None:
    step = OverPeriod(of=Balance(**OURS), years=(2003, 2020))
    choices = dict(
        sources_in(
            step,
            [
                Varied(name="bloc", field="partners", members_of="EU27_2020"),
                Varied(name="period", step="over_period", field="years", last=(5, 40)),
                Varied(name="absence rule", field="absence", values=("apart", "abstains")),
            ],
        )[0]
    )
    assert [words for words, _ in choices["bloc"]] == ["EU27_2020 as one", "its 27 members apart"]
    changed = {s.name: value for s, _, value in choices["bloc"][1][1]}
    assert changed["balance"] == ("RUS", "CHN", "USA", *members("EU27_2020", 2020))
    assert {"engagement", "partner_share"} <= set(changed)
    assert [words for words, _ in choices["period"]] == ["2003–2020", "2016–2020"]
    assert "absence rule" not in choices  # no step of the tree has it


def test_every_headline_is_assessed_over_the_choices_it_has(found: dict[str, Assessed]) -> None:
    kinds = {one.conclusion.kind for one in found.values()}
    assert {"balance", "change", "lean", "distance", "adjusted lean"} <= kinds
    assert "absence rule: apart | abstains | sides" in found["distance-usa-rus"].assessment.varied
    assert "absence rule: apart | abstains\n" in found["adjusted-lean-usa-rus"].assessment.varied
    for one in found.values():
        assert one.assessment.draws.draw_kind == "ensemble"
        assert one.shares.draw_kind == "bootstrap"
        assert one.conclusion.signed or one.turned == ()


def test_what_turns_a_sign_is_what_lies_on_its_other_side(
    found: dict[str, Assessed], run: Runner
) -> None:
    for one in found.values():
        if not one.conclusion.signed or one.assessment.alone is None:
            continue
        nominal = run(one.conclusion.step).quantities()[0].value
        assert nominal is not None
        rows = one.assessment.alone.to_polars().iter_rows(named=True)
        other = [(r["choice"], r["alternative"]) for r in rows
                 if r["value"] is not None and r["value"] * nominal <= 0]  # fmt: skip
        assert list(one.turned) == other


def test_the_section_lists_the_choices_before_the_results(study: Study, run: Runner) -> None:
    few = replace(study, choices=tuple(c for c in study.choices if c.field != "partners"))
    blocks = hangs.build(few, run)
    said = [re.sub("<[^>]*>", "", b) for b in blocks if isinstance(b, Markup)]
    listed = next(n for n, text in enumerate(said) if "weights of domains: " in text)
    first = next(n for n, text in enumerate(said) if "the median is" in text)
    assert listed < first
    assert "direction of trade: total, exports, imports" in said[listed]
    last = blocks[-1]
    assert isinstance(last, Figure)
    assert len(last.drawings) == len(last.estimates) == sum("the median is" in t for t in said)


def test_what_leaves_no_value_is_named_and_not_varied(run: Runner) -> None:
    study = replace(
        load("kazakhstan"), draws=20,
        choices=(Varied(name="votes", field="vote_set", values=("all", "xinjiang")),
                 Varied(field="absence", values=("apart", "abstains"))),
    )  # fmt: skip
    one = next(c for c in conclusions(study, run, (1994, 2000)) if c.kind == "distance")
    said = assessed(study, run, one, rows=8).assessment.varied
    assert "votes: votes" not in said
    assert re.search("^votes: .* leaves no value, so it is not varied$", said, re.MULTILINE)
