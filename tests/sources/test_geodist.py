"""GeoDist: replaced codes, missing distances, symmetry, the extra that reads old workbooks."""

from __future__ import annotations

import importlib
import math
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from multivector.casebook.geodist import STATES
from multivector.errors import SchemaError, Unavailable
from multivector.settings import Settings
from multivector.sources import geodist
from multivector.sources.geodist import XLS, ZIP, GeoCountries, GeoDist

REAL = "economy/cepii_geodist/dist_cepii.zip"
REAL_COUNTRIES = "economy/cepii_geodist/geo_cepii.xls"
HEAD = ["iso_o", "iso_d", *geodist.FLAGS, "dist", "distcap", "distw", "distwces"]


class Sheet:
    """Cells as xlrd gives them: numbers as floats, '.' as text."""

    def __init__(self, rows: list[list[Any]]) -> None:
        self.rows, self.ncols = rows, len(rows[0])

    def cell_value(self, i: int, j: int) -> Any:
        return self.rows[i][j]

    def col_values(self, j: int, start: int) -> list[Any]:
        return [row[j] for row in self.rows[start:]]


def zipped(folder: Path, member: str = "dist_cepii.xls") -> Path:
    path = folder / "dist_cepii.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(member, b"a workbook")
    return path


def test_replaced_codes_and_missing_distances(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flags = [1.0, *[0.0] * 7]
    rows = [
        HEAD,
        ["ROM", "ZAR", *flags, 5325.5, 5325.5, ".", "."],
        ["PAL", "TMP", *flags, 9913.25, 9913.25, 9900.0, 9899.5],
        ["YUG", "KAZ", *flags, 4000.0, 4000.0, 4100.5, 4050.0],
    ]
    monkeypatch.setattr(geodist, "old_sheet", lambda _: Sheet(rows))
    table = GeoDist().read(ZIP, [zipped(tmp_path)])
    columns = ["state", "partner", "contig", "colony", "dist_km", "distw_km"]
    assert table.select(columns).rows() == [
        ("ROU", "COD", 1, 0, 5325.5, None),
        ("PSE", "TLS", 1, 0, 9913.25, 9900.0),
        ("SCG", "KAZ", 1, 0, 4000.0, 4100.5),
    ]
    monkeypatch.setattr(geodist, "old_sheet", lambda _: Sheet([row[:-1] for row in rows]))
    with pytest.raises(SchemaError, match="no column distwces"):
        GeoDist().read(ZIP, [zipped(tmp_path)])


def test_other_zip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match=r"holds dist\.csv"):
        GeoDist().read(ZIP, [zipped(tmp_path, "dist.csv")])


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> None:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(Unavailable, match=r"multivector\[excel\]"):
        GeoDist().read(ZIP, [zipped(tmp_path)])


# the real files --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(real_data: Path) -> pl.DataFrame:
    pytest.importorskip("xlrd", reason="the extra excel is not installed")
    return GeoDist().read(ZIP, [real_data / REAL])


def test_every_ordered_pair_once(real: pl.DataFrame) -> None:
    assert len(real) == 224 * 224
    assert real.select("state", "partner").n_unique() == len(real)
    assert set(real["state"]) == set(real["partner"])
    assert {"ROU", "COD", "PSE", "TLS", "SCG", "TWN"} <= set(real["state"])
    assert not {"ROM", "ZAR", "PAL", "TMP", "YUG", "SRB", "MNE", "SSD"} & set(real["state"])


def test_distance_and_border_are_symmetric(real: pl.DataFrame) -> None:
    back = real.rename({"state": "partner", "partner": "state"})
    both = real.join(back, on=["state", "partner"], suffix="_back")
    for column in ("dist_km", "distcap_km", "contig", "colony"):
        assert both.filter(pl.col(column) != pl.col(f"{column}_back")).is_empty()


def test_neighbours_of_kazakhstan(real: pl.DataFrame) -> None:
    near = real.filter(pl.col("state") == "KAZ", pl.col("contig") == 1)["partner"]
    assert set(near) == {"RUS", "CHN", "KGZ", "UZB", "TKM"}


def test_distance_of_capitals_is_the_great_circle(real: pl.DataFrame) -> None:
    """Astana 51.17 N 71.47 E, Tashkent 41.32 N 69.25 E: the haversine on a sphere of 6,371 km."""
    lat1, lon1, lat2, lon2 = map(math.radians, (51.17, 71.47, 41.32, 69.25))
    a = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    row = real.filter(pl.col("state") == "KAZ", pl.col("partner") == "UZB")
    assert row["distcap_km"].item() == pytest.approx(2 * 6371 * math.asin(math.sqrt(a)), rel=0.01)


def test_countries(real_data: Path) -> None:
    pytest.importorskip("xlrd", reason="the extra excel is not installed")
    table = GeoCountries().read(XLS, [real_data / REAL_COUNTRIES])
    assert table["state"].n_unique() == len(table)
    row = table.filter(pl.col("state") == "KAZ").row(0, named=True)
    assert (row["area_km2"], row["landlocked"]) == (2_717_300, 1)
    assert row["internal_km"] == pytest.approx(2 / 3 * math.sqrt(2_717_300 / math.pi), rel=1e-4)


def test_casebook_has_all_partners_of_the_24_states(tmp_path: Path) -> None:
    source = GeoDist(layout="casebook")
    frame = source.load(source.found(Settings(cache=tmp_path, offline=True))).frame
    inside = pl.col("state").is_in(STATES) | pl.col("partner").is_in(STATES)
    assert frame.filter(~inside).is_empty()
    # Serbia is not in GeoDist, which has Serbia and Montenegro: 23 of the 24 states, and that one.
    assert len(frame) == 2 * 24 * 224 - 24 * 24
