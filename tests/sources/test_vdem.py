"""V-Dem: bounds enclose values, gaps stay gaps, codes that are not ISO."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from multivector.errors import MultivectorError
from multivector.settings import Settings
from multivector.source import Source
from multivector.sources.vdem import COMPONENTS, INDICES, Vdem, VdemComponents

HERE = Path(__file__).parent / "data" / "vdem"


def load(source: Source, folder: Path | None, tmp_path: Path) -> pl.DataFrame:
    settings = Settings(data=folder, cache=tmp_path, offline=True)
    return source.load(source.found(settings)).frame


def test_publishers_file(tmp_path: Path) -> None:
    frame = load(Vdem(layout="country-years"), HERE, tmp_path)
    assert frame.select("state", "year").rows() == [("KAZ", 2024), ("UZB", 2024)]
    kaz = frame.row(0, named=True)
    assert (kaz["polyarchy"], kaz["polyarchy_low"], kaz["polyarchy_high"]) == (0.2, 0.16, 0.26)
    assert frame.row(1, named=True)["polyarchy"] is None  # an empty cell is not zero


def test_components_of_the_publishers_file(tmp_path: Path) -> None:
    """Written by hand after the codebook: values rise by 0.02 from column to column."""
    parts = load(VdemComponents(), HERE, tmp_path).row(0, named=True)
    order = ("media", "elections", "association", "parties", "civil_society")
    for k, name in enumerate(order):
        value = 0.30 + 0.02 * k
        bounds = (value - 0.04, value, value + 0.06)
        assert [parts[f"{name}{s}"] for s in ("_low", "", "_high")] == pytest.approx(bounds)


def test_file_without_bounds_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "V-Dem-CY-Core-v15.csv"
    path.write_text("country_text_id,year,v2x_polyarchy\nKAZ,2024,0.2\n")
    with pytest.raises(MultivectorError, match="v2x_polyarchy_codelow"):
        Vdem().read("country-years", [path])


def test_bounds_enclose_every_value(real_data: Path, tmp_path: Path) -> None:
    frame = load(Vdem(), real_data, tmp_path)
    assert frame["year"].max() == 2024
    for name in INDICES:
        known = frame.drop_nulls(name)
        assert (known[f"{name}_low"] <= known[name]).all()
        assert (known[name] <= known[f"{name}_high"]).all()
    # the Republic of Vietnam ended on 30 April 1975; V-Dem carries it back to colonial times
    vietnam = frame.filter(pl.col("state") == "RVN")["year"]
    assert (vietnam.min(), vietnam.max()) == (1900, 1975)


def test_components_are_columns_of_the_codebook() -> None:
    assert COMPONENTS["media"][0] == "v2x_freexp_altinf"
    assert not {c for c, _ in COMPONENTS.values()} & {c for c, _ in INDICES.values()}
