from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from multivector.errors import KeyMismatch, OutOfCoverage
from multivector.estimate import Estimate
from multivector.measures.exposure import GeopoliticalExposure, InfluenceCapacity
from multivector.measures.transit import TransitDependence
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.step import Inputs

from .trade_toys import Positions


@dataclass(frozen=True)
class Sessions(Positions):
    """Positions with a session as a further key column."""

    sessions: tuple[int, ...] = ()

    def compute(self, get: Inputs) -> Estimate:
        cells = pl.DataFrame(
            [(s, k, y) for (s, y, _), k in zip(self.rows, self.sessions, strict=True)],
            {"state": pl.String, "session": pl.Int64, "year": pl.Int64},
            orient="row",
        )
        values = np.array([[v * k for k in range(1, self.draws + 1)] for _, _, v in self.rows])
        return Estimate(cells, values, "Toy position", "position", "posterior", "toy")


def test_bandwidth_times_dependence_is_the_published_index_up_to_scale(
    tmp_path: Path, real_data: Path
) -> None:
    """The producer's index is the product of its parts (Moyer et al. 2021), on the real file."""
    run = Runner(Settings(cache=tmp_path, data=real_data))
    found = run(InfluenceCapacity(focal="KAZ", partners=("CHN", "RUS")))
    value = {f: found.select(figure=f).draws[:, 0] for f in ("product", "published")}
    known = np.isfinite(value["product"]) & (value["published"] > 0.05)
    assert known.sum() > 30
    scale = value["published"][known] / value["product"][known]
    np.testing.assert_allclose(scale, np.median(scale), rtol=0.06)
    row = pl.read_csv(real_data / "economy" / "fbic_china_russia.csv", infer_schema=False).filter(
        pl.col("iso3") == "KAZ", pl.col("year") == "2020"
    )
    b, d = (
        sum(float(row[f"{c}_rus"].item()) for c in parts)
        for parts in (("econb", "polb", "secb"), ("econd", "secd"))
    )
    assert found.at(partner="RUS", year=2020, figure="product").value == pytest.approx(b * d)
    assert found.at(partner="RUS", year=2020, figure="published").value == pytest.approx(
        float(row["fbic_rus"].item())
    )


def test_positions_have_one_cell_a_state_and_year(run: Runner) -> None:
    """Ideal points have a session too, one a year; two in one year are refused."""
    rows = (("KAZ", 2019, 1.0), ("RUS", 2019, 3.0))
    asked: dict[str, Any] = {"focal": "KAZ", "years": (2019, 2019)}
    plain = run(GeopoliticalExposure(**asked, positions=Positions(rows)))
    once = run(GeopoliticalExposure(**asked, positions=Sessions(rows, sessions=(74, 74))))
    np.testing.assert_allclose(once.draws, plain.draws)
    with pytest.raises(KeyMismatch, match="one cell for each state and year"):
        run(
            GeopoliticalExposure(
                **asked, positions=Sessions((*rows, rows[0]), sessions=(74, 74, 75))
            )
        )


def test_a_state_without_recorded_routes_is_refused(run: Runner) -> None:
    with pytest.raises(OutOfCoverage, match="Recorded: KAZ"):
        run(TransitDependence(focal="UZB"))
