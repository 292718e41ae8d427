"""Concentration by view: by hand on reports, and equal to the measures on the reconciled table."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from multivector.measures.trade import HHI, EffectivePartners, Entropy
from multivector.measures.trade_concentration import (
    NormalisedHHI,
    TradeEffectivePartners,
    TradeEntropy,
    TradeHHI,
)
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.sources.imf_dots import ImfDots

from .trade_toys import Reports

REPORTS = Reports(
    (
        ("KAZ", "RUS", 2000, 40.0, 1.0),
        ("KAZ", "DEU", 2000, 20.0, 1.0),
        ("KAZ", "FRA", 2000, 20.0, -1.0),
        ("KAZ", "CHN", 2000, 20.0, 0.0),
        ("RUS", "KAZ", 2000, 3.0, 60.0),
        ("CHN", "KAZ", 2000, -1.0, 20.0),
    )
)
ASKED: dict[str, Any] = {"focal": "KAZ", "flow": "exports", "reports": REPORTS}


@pytest.mark.parametrize(
    ("view", "eu", "shares"),
    [
        ("reporter", "members", (0.4, 0.2, 0.2, 0.2)),
        ("reporter", "one", (0.4, 0.4, 0.2)),
        ("mirror", "members", (0.75, 0.25)),
        ("mirror", "one", (0.75, 0.25)),
    ],
)
def test_by_hand(run: Runner, view: Any, eu: str, shares: tuple[float, ...]) -> None:
    hhi, n = sum(p * p for p in shares), len(shares)
    for kind, wanted in (
        (TradeHHI, hhi),
        (NormalisedHHI, (hhi - 1 / n) / (1 - 1 / n)),
        (TradeEntropy, -sum(p * math.log(p) for p in shares)),
        (TradeEffectivePartners, 1 / hhi),
    ):
        found = run(kind(**ASKED, view=view)).at(eu=eu, view=view, year=2000)
        assert found.value == pytest.approx(wanted), kind.name


def test_the_reconciled_view_is_that_of_the_casebook_measures(run: Runner) -> None:
    for ours, theirs in (
        (TradeHHI, HHI),
        (TradeEntropy, Entropy),
        (TradeEffectivePartners, EffectivePartners),
    ):
        for eu in ("one", "members"):
            a, b = (run(k(focal="KAZ")).select(eu=eu).draws for k in (ours, theirs))
            np.testing.assert_allclose(a, b, rtol=1e-9)


def test_concentration_of_kazakhstan_s_own_reports(real_data: Path, tmp_path: Path) -> None:
    """About .087 from 2010 to 2018 with members apart and .218 with the EU as one.

    The figures come with the file, from a reading of it that is not ours.
    """
    run = Runner(Settings(data=real_data, cache=tmp_path, offline=True))
    found = run(TradeHHI(focal="KAZ", reports=ImfDots(), view="reporter", years=(2011, 2018)))
    for eu, wanted in (("members", 0.087), ("one", 0.218)):
        known = found.select(eu=eu).draws
        assert float(np.nanmean(known)) == pytest.approx(wanted, rel=0.1)
