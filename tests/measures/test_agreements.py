"""Agreements by stage: order of the stages, the furthest by year's end, pages for the days."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest

from multivector.errors import OutOfCoverage
from multivector.measures.agreements import STAGES, AgreementStage
from multivector.runner import Runner
from multivector.sources import agreement_stages
from multivector.sources.agreement_stages import AgreementStages


def test_stages_follow_each_other_and_name_a_page(run: Runner) -> None:
    assert tuple(agreement_stages.STAGES) == STAGES
    frame = run(AgreementStages()).frame
    for row in frame.iter_rows(named=True):
        days = [row[s] for s in STAGES if row[s]]
        assert days
        assert all(a[:7] <= b[:7] for a, b in pairwise(days)), row["agreement"]
    assert frame.filter(~pl.col("basis").str.contains(r"https?://")).is_empty()


def test_partnership_with_the_european_union_stage_by_stage(run: Runner) -> None:
    """Signed on 21 December 2015, applied from May 2016, in force on 1 March 2020."""
    found = run(AgreementStage(focal="KAZ", partners=("EU",)))
    levels = {y: found.at(year=y).value for y in (2014, 2015, 2016, 2019, 2020, 2025)}
    assert levels == {2014: 0, 2015: 2, 2016: 3, 2019: 3, 2020: 4, 2025: 4}
    assert found.at(year=2016).note.endswith("provisional, 2016-05-01")


def test_the_furthest_of_several_counts(run: Runner) -> None:
    """The interim agreement with Iran was in force when the full one was signed."""
    found = run(AgreementStage(focal="KAZ", partners=("IRN", "TUR"), years=(2018, 2024)))
    assert [found.at(partner="IRN", year=y).value for y in (2018, 2019, 2023)] == [2, 4, 4]
    assert "signed, 2023-12-25" in found.at(partner="IRN", year=2024).note
    assert found.at(partner="TUR", year=2024).value is None  # none listed is not none
    with pytest.raises(OutOfCoverage, match="1980"):
        run(AgreementStage(focal="KAZ", partners=("IRN",), years=(1980, 1990)))
