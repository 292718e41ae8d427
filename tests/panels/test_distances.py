"""Serbia where Serbia and Montenegro stood: distances against coordinates of the capitals."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import pytest

from multivector.measures.gravity import ExpectedShare
from multivector.panel import Panel
from multivector.panels.distance import great_circle_km
from multivector.panels.distances import Distances
from multivector.runner import Runner
from multivector.settings import Settings
from multivector.sources.geodist import GeoDist
from multivector.step import Inputs, Step


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(Settings(cache=tmp_path_factory.mktemp("cache"), offline=True))


@dataclass(frozen=True)
class Later(Step[Panel]):
    """A table that has Serbia by itself."""

    def compute(self, get: Inputs) -> Panel:
        known = GeoDist.variables[-3]
        rows = [("RUS", "SCG", 1.0), ("RUS", "SRB", 2.0), ("SCG", "SRB", 3.0)]
        frame = pl.DataFrame(rows, ["state", "partner", known.name], orient="row")
        return Panel(frame, GeoDist.key, (known,))


def test_serbia_has_the_distances_of_belgrade(run: Runner) -> None:
    """Coordinates of Belgrade, Moscow, Beijing and Ankara as the CIA World Factbook prints them."""
    panel = run(Distances())
    rows = panel.frame.filter(pl.col("state") == "SRB")
    apart = dict(rows.select("partner", "distcap_km").iter_rows())
    for partner, lat, lon in (("RUS", 55.75, 37.6), ("CHN", 39.92, 116.38), ("TUR", 39.93, 32.87)):
        expected = float(great_circle_km(44.83, 20.5, lat, lon))
        assert apart[partner] == pytest.approx(expected, rel=0.01)
    assert rows["distw_km"].null_count() == len(rows)
    back = panel.frame.filter(pl.col("partner") == "SRB", pl.col("state") == "RUS")
    assert back["distcap_km"].item() == apart["RUS"]
    assert panel.frame.filter(pl.col("state") == "MNE", pl.col("partner") == "SRB").is_empty()
    assert "assumption" in {o.kind for o in panel.provenance}


def test_nothing_of_geodist_is_changed_and_later_tables_speak_for_themselves(run: Runner) -> None:
    old = run(GeoDist()).frame
    assert run(Distances()).frame.join(old, on=["state", "partner"], how="semi").equals(old)
    assert run(Distances(Later())).frame.equals(run(Later()).frame)


def test_what_size_and_distance_lead_to_expect_is_known_for_serbia(run: Runner) -> None:
    found = run(ExpectedShare(focal="SRB", partners=("RUS", "EU27_2020"), years=(2020, 2020)))
    shares = {dict(q.cell)["partner"]: q.value for q in found.quantities()}
    assert sum(v for v in shares.values() if v is not None) == pytest.approx(1)
    assert (shares["EU27_2020"] or 0) > (shares["RUS"] or 0) > 0
