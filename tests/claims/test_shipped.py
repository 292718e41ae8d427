"""The claims file of the case: whole, without typed verdicts, and as the data are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl
import pytest

from multivector.claims.check import Audit, check
from multivector.claims.model import DOUBTS, FAULTS, WORDS, Verdict
from multivector.claims.read import LONGEST_QUOTE, load
from multivector.estimate import Estimate
from multivector.panel import Panel
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.step import Step

IDS = {
    *(f"Q{n}" for n in range(1, 15)),
    *(f"D{n}" for n in range(1, 28)),
    *(f"M{n}" for n in range(1, 6)),
    *(f"T{n}" for n in range(1, 18)),
    *(f"C{n}" for n in range(1, 21)),
}
FILE = load("kazakhstan")
Change = Callable[[Any], Any]


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(Settings(cache=tmp_path_factory.mktemp("cache"), offline=True))


@pytest.fixture(scope="module")
def audit(runner: Runner) -> Audit:
    return check(FILE, runner)


def of(audit: Audit, name: str) -> Verdict:
    return next(v for v in audit.verdicts if v.claim.id == name)


def test_all_83_claims_are_there() -> None:
    assert {c.id for c in FILE.claims} == IDS
    assert len(FILE.claims) == 83
    for one in FILE.claims:
        assert one.answers or one.cannot or one.id == "D27"
        assert len(one.quote.split()) <= LONGEST_QUOTE
        assert bool(one.quote) == (one.id != "D27")


def test_no_verdict_is_typed_into_the_file() -> None:
    text = files("multivector.claims").joinpath("files", "kazakhstan.toml").read_text("utf-8")
    lines = [line.partition("=")[0].strip() for line in text.splitlines() if "=" in line]
    assert not {"verdict", "word", "severity", "reason"} & set(lines)
    for word in ("contradicted", "mislabelled", "supported", "inconsistent"):
        assert word not in text


def test_every_claim_has_a_verdict_with_reason_and_query(audit: Audit) -> None:
    assert len(audit.verdicts) == 83
    assert sum(audit.counts.values()) == 83
    for v in audit.verdicts:
        assert v.word in WORDS
        assert len(v.reason) > 10
        assert v.reason.endswith((".", "?"))
        assert v.query.startswith("multivector ")
        assert (v.severity == "none") == (v.word not in (*FAULTS, *DOUBTS))
        if v.claim.kind == "causal":
            assert v.word not in ("supported", "contradicted", "mislabelled")
        if v.word == "no data" and v.claim.id != "D27":
            said = ("multivector fetch", "MULTIVECTOR_DATA", "data at hand end")
            assert any(s in v.reason for s in said)


def test_the_errors_of_the_article_are_found(audit: Audit) -> None:
    """Each was found by hand in the article and its sources before the checker was written."""
    found = {v.claim.id: (v.word, v.nearest) for v in audit.verdicts}
    assert found["Q1"] == ("mislabelled", "BACI, EU of 27: exports")
    assert found["Q5"] == ("mislabelled", "census of 2021: ethnic Russians")
    assert found["Q6"] == ("mislabelled", "census of 2009: ethnic Russians")
    assert found["D13"] == (
        "mislabelled",
        "chronology, stage of the agreement: initialled",
    )
    assert found["D24"] == ("mislabelled", "Ivan Safranchuk")
    assert found["Q11"][0] == "contradicted"
    assert "2021 already" in of(audit, "Q11").reason
    assert found["D12"][0] == "contradicted"
    assert found["Q9"][0] == "depends on source"
    assert found["Q12"][0] == "depends on source"
    assert "population has rank 2" in of(audit, "Q12").reason
    assert audit.faulty


def test_each_rule_has_a_case(audit: Audit) -> None:
    assert of(audit, "Q1").nearest  # 1
    assert of(audit, "Q9").word == "depends on source"  # 2
    assert 2014 in of(audit, "Q1").years  # 3
    assert of(audit, "D13").nearest.endswith("initialled")  # 4
    assert "1994-05-27" in of(audit, "T16").reason  # 5
    assert "died on 2004-10-16" in of(audit, "D24").reason  # 6
    assert "2007-01-11 to 2011-04-15" in of(audit, "D6").notes[0]  # 7
    assert "2023-04-03 to 2025-09-26" in of(audit, "D19").reason  # 8
    borders = files("multivector.casebook").joinpath("land_borders.parquet").read_bytes()
    sides = pl.read_parquet(borders).select("state", "partner").rows()
    pairs = {frozenset(pair) for pair in sides}
    ranked = of(audit, "Q4").reason  # 9
    assert ranked.startswith("Rank 2 by World Factbook, Alaska included")
    assert f"among {len(pairs)})" in ranked
    assert "The only source cited is a speech." in of(audit, "Q9").notes  # 10


# verdicts follow the data -----------------------------------------------------------------------


def rows(condition: pl.Expr, **values: Any) -> Change:
    """Return a change of a panel: new values where *condition* holds."""

    def change(panel: Panel) -> Panel:
        new = [
            pl.when(condition).then(pl.lit(v)).otherwise(pl.col(k)).alias(k)
            for k, v in values.items()
        ]
        return replace(panel, frame=panel.frame.with_columns(*new), trusted=True)

    return change


def times(factor: float) -> Change:
    def change(value: Estimate) -> Estimate:
        return replace(value, draws=np.clip(value.draws * factor, 0, 1))

    return change


col = pl.col
CHANGES: list[tuple[str, str, Change, str]] = [
    ("Q1", "partner_share", times(0.40 / 0.2877), "depends on source"),
    ("Q3", "land_borders", rows(col("border_km") == 7644, border_km=7000.0),
     "contradicted"),
    ("Q4", "undirected", rows(col("border_km") == 7644, border_km=1.0), "contradicted"),
    ("Q5", "census", rows(col("group") == "able to speak Russian", share=0.155), "supported"),
    ("Q9", "stated_trade", rows(col("teller") == "CHN", billion_usd=18.2), "supported"),
    ("Q11", "stated_trade",
     rows((col("year") < 2022) & (col("partner") == "CHN"), billion_usd=99.0), "supported"),
    ("Q12", "world_bank_population", rows(col("state") == "UZB", population_persons=1.0),
     "supported"),
    ("D1", "offices", rows(col("person") == "tokayev", began="2018-03-20"), "contradicted"),
    ("D7", "chronology", rows(col("stage") == "held", day="2019-05-09"), "contradicted"),
    ("D11", "chronology", rows(col("event") == "belt_and_road", actor="Li Keqiang"),
     "contradicted"),
    ("D13", "chronology", rows(col("stage") == "signed", day="2015-02-21"), "supported"),
    ("D15", "head_trips", rows(col("destination") == "KAZ", start=date(2022, 9, 15)),
     "contradicted"),
    ("D24", "biographies", rows(col("person") == "safronchuk_v", died=None, ended=None),
     "supported"),
    ("M1", "memberships", rows(col("group") == "EAEU", left=date(2020, 1, 1)),
     "holds in another period"),
    ("C15", "partner_share", times(3.0), "inconsistent"),
]  # fmt: skip


@pytest.mark.parametrize("case", CHANGES, ids=[c[0] for c in CHANGES])
def test_other_data_give_other_verdicts(
    runner: Runner, audit: Audit, case: tuple[str, str, Change, str]
) -> None:
    name, source, change, word = case

    def changed(step: Step[Any]) -> Any:
        value = runner(step)
        return change(value) if step.name == source else value

    (found,) = check(FILE, changed, only=[name]).verdicts
    assert found.word == word
    assert of(audit, name).word != word


# the text ---------------------------------------------------------------------------------------


@cache
def article() -> str:
    """Return a text with every quote at its offsets and blanks between."""
    ends = [c.at[1] for c in FILE.claims if c.at]
    letters = [" "] * max(ends)
    for one in FILE.claims:
        if one.at:
            letters[slice(*one.at)] = one.quote
    return "".join(letters)


def test_quotes_are_compared_with_the_text() -> None:
    own = replace(FILE, document=replace(FILE.document, sha256=""))
    assert not check(own, lambda _: None, article(), only=["T2"]).text.problems  # type: ignore[union-attr]
    wrong = article().replace("40 процентов", "50 процентов")
    (problem,) = check(own, lambda _: None, wrong, only=["T2"]).text.problems  # type: ignore[union-attr]
    assert problem.startswith("Q1: the text has")


def test_another_text_is_noticed_and_searched() -> None:
    found = check(FILE, lambda _: None, "Вот: " + article(), only=["T2"]).text
    assert found is not None
    assert [p[:30] for p in found.problems] == ["The text is not the one that t"]


def test_citations_are_counted_in_the_text() -> None:
    text = "Да [1. С. 7], и [2], и [1].\n\nБИБЛИОГРАФИЧЕСКИЙ СПИСОК:\n\n1. А.\n2. Б.\n3. В.\n"
    audit = check(FILE, lambda _: None, text, only=["D27"])
    (found,) = audit.verdicts
    assert found.word == "contradicted"
    assert found.notes == ("Never cited: 3.",)
    assert "3 citations of a list of 3 references" in found.reason
