from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from multivector.errors import OutOfCoverage, Unavailable
from multivector.measures.exposure import GeopoliticalExposure, InfluenceCapacity
from multivector.measures.transit import TransitDependence
from multivector.runner import Runner
from multivector.settings import Settings


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


def test_without_positions_nothing_is_computed(run: Runner) -> None:
    with pytest.raises(Unavailable, match="positions="):
        run(GeopoliticalExposure(focal="KAZ"))


def test_a_state_without_recorded_routes_is_refused(run: Runner) -> None:
    with pytest.raises(OutOfCoverage, match="Recorded: KAZ"):
        run(TransitDependence(focal="UZB"))
