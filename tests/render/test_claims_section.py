"""The section on claims: the table says what the checker computed, and other states have none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from multivector.claims import publish
from multivector.claims.check import Audit, check
from multivector.claims.model import Claim, Reading, Told, Verdict
from multivector.claims.read import load as load_claims
from multivector.origin import Licence, Origin
from multivector.render import verdicts
from multivector.render.figure import Figure
from multivector.render.sections import claims
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.study import load
from tests.render.pages import Page


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(Settings(cache=tmp_path_factory.mktemp("cache"), offline=True))


@pytest.fixture(scope="module")
def audit(run: Runner) -> Audit:
    return check(load_claims("kazakhstan"), run)


@pytest.fixture(scope="module")
def page(run: Runner) -> Page:
    return Page("".join(str(b) for b in claims.build(load("kazakhstan"), run)))


def test_one_row_a_claim_in_order_of_severity(page: Page, audit: Audit) -> None:
    heads = [e.text for e in page.all("th") if e.attributes.get("scope") == "row"]
    assert [h.split()[0] for h in heads] == [v.claim.id for v in audit.verdicts]
    order = ("high", "medium", "low", "none")
    places = [order.index(v.severity) for v in audit.verdicts]
    assert places == sorted(places)


def test_every_row_opens_to_quote_numbers_and_command(page: Page, audit: Audit) -> None:
    assert len(page.all("details")) == len(audit.verdicts)
    text = "".join(t.text for t in page.texts)
    for v in audit.verdicts:
        assert v.claim.quote in text
        assert v.query in text
        assert v.word in text


def test_the_summary_lists_every_claim_once(audit: Audit) -> None:
    paragraph = verdicts.summary(audit)
    words = re.findall(r"\b[QDMTC]\d+\b", re.sub("<[^>]*>", " ", paragraph))
    assert sorted(words) == sorted(v.claim.id for v in audit.verdicts)
    plain = re.sub("<[^>]*>", "", paragraph)
    assert plain.index("contradicted:") < plain.index("supported:")


def test_states_without_a_claims_file_have_no_section(run: Runner, tmp_path: Path) -> None:
    assert claims.build(load("UZB"), run) == []


def test_figures_under_closed_terms_are_not_shown() -> None:
    closed = Licence("Closed", "https://example.org", False, False, quote="All rights reserved.")
    origin = Origin("shut", "Shut", "nobody", "1", closed)
    one = Told("shut", (Reading(12.5, year=2020),), unit="km", origins=(origin,))
    made = Verdict(Claim("x", "quantity", "It is 12 km."), "contradicted", "It has 12.5 km.",
                   told=(one,), interval=(12.5, 12.5), origins=(origin,))  # fmt: skip
    assert not publish.showable(one)
    row = verdicts.row(made)
    assert row["word"] == "contradicted"
    assert "12.5" not in str(row)
    assert "12.5" in str(publish.plain(made))


def test_series_by_year_are_drawn_for_grave_claims(run: Runner, audit: Audit) -> None:
    found = claims.figures(audit, run)
    assert 1 <= len(found) <= claims.MOST_FIGURES
    figure = found[0]
    assert isinstance(figure, Figure)
    assert figure.name == "claim-q1"
    shares = figure.estimates[0].at(partner="EU27_2020", year=2014)
    told = next(v for v in audit.verdicts if v.claim.id == "Q1").told[0]
    assert shares.value == next(r.value for r in told.readings if r.year == 2014)
    assert len(figure.drawings) == len(figure.estimates) == 2
