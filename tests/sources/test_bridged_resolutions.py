"""Pairs of identical resolutions: the authors' file as it is."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from multivector.settings import Settings
from multivector.sources.bridged_resolutions import BridgedResolutions


@pytest.mark.parametrize("layout", ["pairs", "casebook"])
def test_every_pair_of_the_authors_list(real_data: Path, tmp_path: Path, layout: str) -> None:
    with (real_data / "unga" / "bsv_matches_bridging.csv").open(encoding="utf-8") as stream:
        listed = {(row["rcid2"], row["rcid1"]) for row in csv.DictReader(stream)}
    source = BridgedResolutions(layout=layout)
    frame = source.load(source.found(Settings(cache=tmp_path, data=real_data))).frame
    assert set(frame.select("rcid", "earlier").iter_rows()) == listed
    assert all(int(later) > int(earlier) for later, earlier in listed)
